//! What a person relies on in an answer: it keeps to what was asked, and nothing unlawful or unsaid
//! slips in.

use serde_json::Value;

use crate::run::{Place, maquette};

fn report(args: &[&str]) -> Value {
    let mut all = args.to_vec();
    all.extend(["--format", "json"]);
    let ran = Place::new().run(&all);
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{}: {e}\n{}", ran.args, ran.err))
}

fn choices(report: &Value) -> Vec<Value> {
    let stacks = report["stacks"].as_array().unwrap();
    stacks
        .iter()
        .flat_map(|s| s["choices"].as_array().unwrap().clone())
        .collect()
}

#[test]
fn a_clip_that_must_sound_is_said_to_sound() {
    let report = report(&[
        "choose", "--videos", "10", "--audio", "true", "--gpu", "none",
    ]);
    let all = choices(&report);
    assert!(!all.is_empty());
    for c in all {
        assert!(c["variant"].as_str().unwrap().contains("audio on"), "{c}");
    }
}

#[test]
fn a_revenue_line_is_met_with_the_revenue_stated() {
    let ask = |more: &[&str]| {
        let mut args = vec!["choose", "--songs", "20", "--gpu", "none"];
        args.extend(more);
        let report = report(&args);
        let chosen = choices(&report)
            .iter()
            .any(|c| c["model"] == "stable-audio-3-medium");
        let out = report["ruled_out"].as_array().unwrap();
        let out = out.iter().find(|o| o["model"] == "stable-audio-3-medium");
        (
            chosen,
            out.map_or(String::new(), |o| o["detail"].to_string()),
        )
    };
    // Not said: out, and how to say it.
    let (chosen, detail) = ask(&[]);
    assert!(!chosen && detail.contains("say --revenue"), "{detail}");
    // Said: it is in, and at most dearer than another.
    let (chosen, detail) = ask(&["--revenue", "1M"]);
    assert!(chosen || detail.contains("alone for"), "{detail}");
    // A dollar more, and the clause is named.
    let (chosen, detail) = ask(&["--revenue", "1000001"]);
    assert!(
        !chosen && detail.contains("stability-ai-community, III"),
        "{detail}"
    );
}

#[test]
fn the_license_of_a_part_counts() {
    let report = report(&[
        "choose",
        "--assets-3d",
        "5",
        "--gpu",
        "none",
        "--only",
        "3d=trellis.2-4b",
    ]);
    assert!(choices(&report).is_empty());
    let out = report["ruled_out"].as_array().unwrap();
    assert!(
        out.iter().all(|o| o["reason"] == "license-needed"),
        "{out:?}"
    );
}

#[test]
fn no_linked_text_is_no_license_for_any_use() {
    for purpose in ["commercial", "noncommercial", "research"] {
        let report = report(&[
            "choose", "--images", "10", "--gpu", "none", "--use", purpose,
        ]);
        assert!(
            choices(&report).iter().all(|c| c["model"] != "dreamshaper"),
            "{purpose}"
        );
    }
}

#[test]
fn only_keeps_to_what_it_names() {
    let report = report(&[
        "choose",
        "--videos",
        "10",
        "--gpu",
        "none",
        "--only",
        "video=runway-gen4.5",
    ]);
    let chosen = choices(&report);
    assert!(!chosen.is_empty());
    assert!(
        chosen.iter().all(|c| c["model"] == "runway-gen4.5"),
        "{chosen:?}"
    );
    for o in report["ruled_out"].as_array().unwrap() {
        assert!(
            ["runway-gen4.5", ""].contains(&o["model"].as_str().unwrap()),
            "{o}"
        );
    }
}

#[test]
fn a_family_means_all_of_it() {
    let report = report(&[
        "choose",
        "--words",
        "50k",
        "--gpu",
        "rtx-4090",
        "--only",
        "text=qwen3.5",
    ]);
    let mut models: Vec<&str> = report["ruled_out"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["model"].as_str().unwrap())
        .collect();
    models.sort_unstable();
    models.dedup();
    assert!(models.len() > 1, "{models:?}");
}

#[test]
fn yearly_billing_holds_however_the_plan_is_named() {
    for what in ["runway-standard@annual", "plan@annual"] {
        let only = format!("video={what}");
        let report = report(&["choose", "--videos", "10", "--gpu", "none", "--only", &only]);
        assert_eq!(report["stacks"][0]["total"]["amount"], "12.00", "{what}");
    }
}

#[test]
fn break_even_heeds_the_work_of_its_modality() {
    let with = |more: &[&str]| {
        let mut args = vec![
            "break-even",
            "--modality",
            "speech",
            "--gpu",
            "none",
            "--up-to",
            "100",
        ];
        args.extend(more);
        report(&args)
    };
    assert_ne!(with(&[])["reigns"], with(&["--keep-rate", "0.5"])["reigns"]);
}

#[test]
fn a_closed_offer_is_not_in_force() {
    let ran = maquette(&["prices", "minimax", "--modality", "music"]).done();
    assert!(
        !ran.out.contains("minimax/minimax-music-2.6"),
        "{}",
        ran.out
    );
    let all = maquette(&[
        "prices",
        "minimax",
        "--modality",
        "music",
        "--all",
        "--format",
        "csv",
    ])
    .done();
    assert!(
        all.out.contains("closed to new customers 2026-08-20"),
        "{}",
        all.out
    );
}

#[test]
fn an_upright_clip_has_the_lines_of_its_shorter_side() {
    let flat = report(&[
        "choose",
        "--videos",
        "10",
        "--gpu",
        "none",
        "--resolution",
        "1280x720",
    ]);
    let upright = report(&[
        "choose",
        "--videos",
        "10",
        "--gpu",
        "none",
        "--resolution",
        "720x1280",
    ]);
    assert_eq!(flat["stacks"][1]["total"], upright["stacks"][1]["total"]);
}

#[test]
fn what_nobody_publishes_ends_with_three() {
    let ran = maquette(&["months", "adobe-firefly", "--units", "10"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
}

/// Each machine of the fixtures is the entry of the catalog that a person would name.
#[test]
fn a_paste_of_a_machine_finds_its_entry() {
    let fixtures =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../maquette-machine/tests/fixtures");
    for (name, used) in [
        ("rtx-4090", "GeForce RTX 4090"),
        ("two-rtx-3090", "2 × GeForce RTX 3090"),
        ("laptop-rtx-4070", "GeForce RTX 4070 Laptop"),
        ("four-h100", "4 × H100 SXM5 80 GB"),
        ("gb10", "DGX Spark (GB10)"),
        ("rx-7900-xtx", "Radeon RX 7900 XTX"),
        ("strix-halo", "Ryzen AI Max+ 395 (Radeon 8060S, 128 GB)"),
        ("arc-a770", "Arc A770"),
        ("m4-max-128gb", "Apple M4 Max (128 GB)"),
        ("m1", "Apple M1 (16 GB)"),
        ("driver-without-tool", "GeForce RTX 2080 Ti"),
        ("quoted-mail", "GeForce RTX 5090"),
        ("no-gpu", ""),
        ("damaged", ""),
    ] {
        let file = fixtures.join(format!("{name}.txt"));
        let report = report(&["doctor", "--from", file.to_str().unwrap()]);
        assert_eq!(report["used"].as_str().unwrap_or_default(), used, "{name}");
        assert_eq!(report["simulated"], true);
    }
}

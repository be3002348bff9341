//! What is answered: exit codes, machines, ranges in order, prices in order, widths.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{CARD, at, fit, mid, ranges, report};
use crate::run::{Place, Ran, maquette};

#[test]
fn the_exit_code_is_the_verdict() {
    for (args, verdict, code) in [
        (
            &["qwen3-8b", "--gpu", CARD, "--quant", "q4_k_m"][..],
            "fits",
            0,
        ),
        (
            &["flux.1-dev", "--gpu", CARD, "--quant", "bf16"],
            "fits-with-offloading",
            0,
        ),
        (
            &[
                "qwen3-8b",
                "--gpu",
                CARD,
                "--quant",
                "bf16",
                "--vram",
                "1",
                "--offload",
                "layers=30",
            ],
            "does-not-fit",
            1,
        ),
        (
            &["flux.1-dev", "--gpu", CARD, "--vram", "1"],
            "does-not-fit",
            1,
        ),
    ] {
        let ran = maquette(&[&["fit"], args, &["--format", "json"]].concat());
        assert_eq!((ran.code, ran.err.as_str()), (code, ""), "{}", ran.args);
        let report: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(report["verdict"], verdict, "{}", ran.args);
        let switches = report["switches"].as_array().unwrap();
        assert_eq!(
            switches.is_empty(),
            verdict != "fits-with-offloading",
            "{}",
            ran.args
        );
        let (peak, usable) = (
            mid(&report, "/memory/peak"),
            report["machine"]["usable_gib"].as_f64(),
        );
        assert_eq!(peak <= usable.unwrap(), code == 0, "{}", ran.args);
    }
    // Whole or not at all.
    let whole = [
        "flux.1-dev",
        "--gpu",
        CARD,
        "--quant",
        "bf16",
        "--offload",
        "none",
    ];
    assert_eq!(report(&whole)["verdict"], "does-not-fit");
    let whole = at(
        &Place::new(),
        &[
            "flux.1-dev",
            "--quant",
            "bf16",
            "--offload",
            "none",
            "--need",
        ],
    );
    let lines = whole["lines"].as_array().unwrap();
    assert!(lines.len() > 5 && lines.iter().all(|l| l["verdict"] == "fits"));
    let need = maquette(&["fit", "something-900000b", "--need", "--quant", "fp32"]);
    assert_eq!((need.code, need.err.as_str()), (1, ""), "{}", need.out);
    assert!(
        need.out.starts_with("No hardware of the catalog"),
        "{}",
        need.out
    );
    let need = maquette(&["fit", "qwen3-8b", "--need"]).done();
    assert!(
        need.out.starts_with("Qwen3-8B in Q4_K_M runs on "),
        "{}",
        need.out
    );
    // Only the largest accelerators hold it, eight of them together.
    let need = maquette(&["fit", "something-300b", "--need", "--quant", "fp32"]).done();
    assert!(
        need.out.starts_with("something-300b in fp32 runs on "),
        "{}",
        need.out
    );
    assert!(need.out.contains("buy is 8 × "), "{}", need.out);
}

#[test]
fn a_named_machine_is_said_to_be_simulated() {
    for gpu in [CARD, "none", "2x RTX 3090", "m4-max-128gb"] {
        let report = report(&["qwen3-8b", "--gpu", gpu, "--ram", "32"]);
        assert_eq!(report["machine"]["simulated"], true, "{gpu}");
        assert_eq!(report["machine"]["origin"], "given", "{gpu}");
    }
    let told = fit(&["qwen3-8b"]).out;
    assert!(told.contains("not necessarily this machine"), "{told}");
}

#[test]
fn two_devices_have_twice_the_room_for_a_language_model() {
    let room = |gpu: &str, model: &str| {
        let report = report(&[model, "--gpu", gpu]);
        report["machine"]["usable_gib"].as_f64().unwrap()
    };
    let one = room(CARD, "qwen3-8b");
    assert!((one - 24.0 * 0.95).abs() < 0.01, "{one}");
    assert!((room("2x RTX 4090", "qwen3-8b") - 2.0 * one).abs() < 0.01);
    assert!((room("RTX 4090 x4", "qwen3-8b") - 4.0 * one).abs() < 0.01);
    // An image is made on one of them.
    assert!((room("2x RTX 4090", "flux.1-schnell") - one).abs() < 0.01);
    let verdict = |gpu: &str| report(&["llama-3.3-70b", "--gpu", gpu])["verdict"].clone();
    assert_ne!(verdict(CARD), "fits");
    assert_eq!(verdict("4x RTX 4090"), "fits");
}

#[test]
fn memory_that_is_said_overrides_the_catalog() {
    let machine = |args: &[&str]| report(&[&["qwen3-8b"], args].concat())["machine"].clone();
    let m = machine(&["--gpu", CARD, "--vram", "48", "--ram", "100"]);
    assert_eq!(
        (&m["memory_gib"], &m["ram_gib"]),
        (&48.0.into(), &100.0.into())
    );
    assert_eq!(m["usable_gib"], 45.6);
    let m = machine(&["--vram", "12"]);
    assert_eq!(m["memory_gib"], 12.0);
    assert_eq!((&m["gpu"], &m["simulated"]), (&Value::Null, &true.into()));
    // One memory for both.
    let m = machine(&["--gpu", "m4-max-128gb", "--ram", "64"]);
    assert_eq!(m["memory_gib"], 64.0);
    let m = machine(&["--gpu", "none", "--ram", "32"]);
    assert_eq!(m["memory_gib"], 32.0);
    assert_eq!(
        maquette(&["fit", "qwen3-8b", "--gpu", "none", "--ram", "2"]).code,
        1
    );
}

/// Models of every kind of work, and machines of every maker.
const MODELS: [&str; 20] = [
    "flux.1-schnell",
    "flux.2-klein-4b",
    "sdxl-1.0",
    "sd-1.5",
    "qwen-image",
    "z-image-turbo",
    "wan2.2-ti2v-5b",
    "wan2.1-t2v-14b",
    "ltx-video-2b",
    "hunyuanvideo",
    "qwen3-8b",
    "llama-3.1-8b",
    "gpt-oss-20b",
    "gemma-3-12b",
    "deepseek-v3.2",
    "ace-step-v1",
    "musicgen-large",
    "kokoro-82m",
    "qwen3-tts-1.7b",
    "trellis.2-4b",
];
const MACHINES: [&str; 4] = ["RTX 4090", "2x RX 7900 XTX", "m4-max-128gb", "H100"];

#[test]
fn every_estimate_is_a_range_in_order() {
    let mut bases = BTreeSet::new();
    for model in MODELS {
        for machine in MACHINES {
            let report = report(&[model, "--gpu", machine]);
            // Peak, time, units an hour, and nine formats.
            let found = ranges(&report, &format!("{model} on {machine}"));
            assert!(found >= 10, "{model} on {machine}: {found} ranges");
            let time = &report["time"];
            let runs = report["verdict"] != "does-not-fit";
            assert_eq!(
                time.is_object(),
                runs,
                "{model} on {machine}: {}",
                report["notes"]
            );
            if !runs {
                assert!(report["notes"].to_string().contains("no time"));
                continue;
            }
            let share: f64 = time["phases"]
                .as_array()
                .unwrap()
                .iter()
                .map(|p| p["share"].as_f64().unwrap())
                .sum();
            assert!((share - 1.0).abs() < 0.01, "{model} on {machine}: {share}");
            for pointer in ["/memory/peak", "/time/seconds"] {
                bases.insert(
                    report.pointer(pointer).unwrap()["basis"]
                        .as_str()
                        .unwrap()
                        .to_owned(),
                );
            }
        }
    }
    let known = ["formula", "measured on this hardware", "same class"];
    assert!(
        bases.iter().all(|b| known.contains(&b.as_str())),
        "{bases:?}"
    );
    assert!(bases.len() >= 2, "{bases:?}");
}

#[test]
fn hardware_that_is_needed_is_sorted_by_price() {
    for model in ["flux.1-dev", "qwen3-8b", "ace-step-v1"] {
        let report = report(&[model, "--need"]);
        assert!(ranges(&report, model) > 20);
        let lines = report["lines"].as_array().unwrap();
        let price = |l: &Value| {
            l["buy"]["amount"]
                .as_str()
                .map(|a| a.parse::<f64>().unwrap())
        };
        let prices: Vec<f64> = lines.iter().filter_map(price).collect();
        assert!(
            prices.len() >= 5 && prices.is_sorted(),
            "{model}: {prices:?}"
        );
        let all = at(&Place::new(), &[model, "--need", "--all"]);
        assert!(
            all["lines"].as_array().unwrap().len() > lines.len(),
            "{model}"
        );
        for l in lines {
            assert!(l["buy"].is_object() || l["rent_hour"].is_object(), "{l}");
            let (peak, usable) = (mid(l, "/peak"), l["usable_gib"].as_f64().unwrap());
            assert!(peak <= usable * 1.001, "{l}");
        }
    }
}

#[test]
fn every_width_is_kept() {
    let place = Place::new();
    for args in [
        &["fit", "flux.1-dev", "--gpu", "rtx-4090"][..],
        &["fit", "deepseek-v3.2", "--gpu", "8x h100"],
        &["fit", "qwen3-8b", "--need", "--all"],
        &["accuracy", "--by-model"],
    ] {
        let step = if args[0] == "accuracy" { 53 } else { 8 };
        for columns in (40..=200).step_by(step) {
            let mut command = place.command(args);
            let output = command.env("COLUMNS", columns.to_string()).output();
            let ran = Ran::of(args, &output.unwrap()).calm();
            assert!(ran.code <= 1, "{}: {}", ran.args, ran.err);
            for line in ran.out.lines() {
                let width = unicode_width::UnicodeWidthStr::width(line);
                assert!(
                    width <= columns,
                    "{}: {width} of {columns}: {line}",
                    ran.args
                );
            }
        }
    }
}

#[test]
fn what_is_printed_can_be_asked_why() {
    let report = report(&["qwen3-8b", "--gpu", CARD]);
    let evidence = report["evidence"].as_array().unwrap();
    assert!(!evidence.is_empty());
    for e in evidence {
        let why = maquette(&["why", e["id"].as_str().unwrap(), "--format", "json"]).done();
        let why: Value = serde_json::from_str(&why.out).unwrap();
        assert_eq!(&why["evidence"][0], e);
    }
    let why = maquette(&["why", "fit/qwen3-8b/rtx-4090"]).done();
    assert!(why.out.contains("time of one"), "{}", why.out);
    maquette(&["why", "evidence/nothing"]).refused("no measured run");
}

#[test]
fn what_a_format_costs_is_somebody_s_measurement() {
    let quality = |report: &Value, format: &str| {
        let formats = report["formats"].as_array().unwrap();
        let of = formats.iter().find(|f| f["format"] == format).unwrap();
        of["quality"].as_str().unwrap().to_owned()
    };
    // Of the model itself.
    let own = report(&["llama-3.1-8b", "--gpu", CARD]);
    assert_eq!(quality(&own, "bf16"), "the weights as published");
    assert!(quality(&own, "Q4_K_M").starts_with("perplexity +2.9% ("));
    // Of others, and of how many.
    let others = report(&["qwen3-30b-a3b", "--gpu", CARD]);
    let words = quality(&others, "Q4_K_M");
    assert!(
        words.starts_with("perplexity +") && words.ends_with(" other models"),
        "{words}"
    );
    for report in [&own, &others] {
        let evidence = report["evidence"].as_array().unwrap();
        let id = evidence
            .iter()
            .find_map(|e| e["id"].as_str().filter(|i| i.starts_with("quality/")));
        maquette(&["why", id.unwrap()]).done();
    }
    maquette(&["why", "quality/nothing"]).refused("no measured loss");
}

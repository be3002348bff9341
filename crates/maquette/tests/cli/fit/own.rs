//! What the asker measured: it replaces the formula for a run set alike, and nothing else.

use serde_json::Value;

use super::{CARD, at, mid, ranges};
use crate::run::Place;

const HEADER: &str = "id,model,format,workload,engine,gpu,quantity,value,source,as_of,tier,note\n";

#[test]
fn a_measurement_of_the_askers_own_replaces_the_formula() {
    let place = Place::new();
    let rows = "mine-1,FLUX.1-schnell,bf16,1024x1024 steps 4,diffusers,RTX 6000 Ada,seconds,3.217,my notes,2026-11-01,own,\n\
        mine-2,FLUX.1-schnell,bf16,1024x1024 steps 4,diffusers,RTX 6000 Ada,peak-gib,35.25,my notes,2026-11-01,own,\n\
        mine-3,Qwen3-8B,Q4_K_M,ctx 8192 prompt 512 write 1000,llama.cpp,RTX 6000 Ada,tokens-per-second,61.5,my notes,2026-11-01,own,\n\
        mine-4,Qwen3-8B,Q4_K_M,ctx 8192 prompt 512 write 1000,llama.cpp,RTX 6000 Ada,peak-gib,7.125,my notes,2026-11-01,own,\n\
        mine-5,Qwen3-8B,Q4_K_M,ctx 8192 prompt 512 write 1000,llama.cpp,RTX 6000 Ada,watts,123.4,my notes,2026-11-01,own,\n\
        mine-6,Qwen3-8B,Q4_K_M,ctx 8192 prompt 512 write 1000,llama.cpp,RTX 6000 Ada,prefill-tokens-per-second,4321,my notes,2026-11-01,own,\n\
        mine-7,Mine-11B,Q4_K_M,ctx 8192 prompt 512 write 1000,llama.cpp,RTX 6000 Ada,tokens-per-second,33.25,my notes,2026-11-01,own,\n";
    place.file("mine/evidence/mine.csv", format!("{HEADER}{rows}"));
    let ask = |args: &[&str], own: bool| {
        let mut all = args.to_vec();
        if own {
            all.extend(["--catalog", "mine"]);
        }
        at(&place, &all)
    };
    let measured = |report: &Value, pointer: &str, value: f64| {
        let e = report
            .pointer(pointer)
            .unwrap_or_else(|| panic!("{pointer}: {report}"));
        assert_eq!(e["basis"], "measured here", "{pointer}: {e}");
        assert!(
            (e["mid"].as_f64().unwrap() - value).abs() < 1e-9,
            "{pointer}: {e}"
        );
        assert!(e["low"].as_f64() < e["mid"].as_f64(), "{pointer}: {e}");
    };
    let image = [
        "flux.1-schnell",
        "--gpu",
        "RTX 6000 Ada",
        "--quant",
        "bf16",
        "--steps",
        "4",
    ];
    let report = ask(&image, true);
    assert_eq!(report["verdict"], "fits");
    measured(&report, "/time/seconds", 3.217);
    measured(&report, "/memory/peak", 35.25);
    assert!(ranges(&report, "own") > 5);
    let words = ["qwen3-8b", "--gpu", "RTX 6000 Ada", "--quant", "Q4_K_M"];
    let report = ask(&words, true);
    measured(&report, "/time/decode", 61.5);
    measured(&report, "/memory/peak", 7.125);
    measured(&report, "/time/prefill", 4321.0);
    measured(&report, "/energy/watts", 123.4);
    let report = ask(
        &["Mine-11B", "--gpu", "RTX 6000 Ada", "--quant", "Q4_K_M"],
        true,
    );
    measured(&report, "/time/decode", 33.25);
    // Twice the steps are about twice the measured time.
    let report = ask(&[&image[..6], &["8"]].concat(), true);
    let seconds = mid(&report, "/time/seconds");
    assert!(seconds > 5.0 && seconds < 6.6, "{seconds}");
    assert_eq!(report["time"]["seconds"]["basis"], "measured here");
    // Another engine, another card, another format, another count: as if nothing had been measured.
    for args in [
        &[
            "flux.1-schnell",
            "--gpu",
            "RTX 6000 Ada",
            "--quant",
            "bf16",
            "--steps",
            "4",
            "--engine",
            "comfyui",
        ][..],
        &[
            "flux.1-schnell",
            "--gpu",
            "A100 80GB",
            "--quant",
            "bf16",
            "--steps",
            "4",
        ],
        &[
            "flux.1-schnell",
            "--gpu",
            "RTX 6000 Ada",
            "--quant",
            "fp8",
            "--steps",
            "4",
        ],
        &[
            "qwen3-8b",
            "--gpu",
            "RTX 6000 Ada",
            "--quant",
            "Q4_K_M",
            "--engine",
            "ollama",
        ],
        &["qwen3-8b", "--gpu", CARD, "--quant", "Q4_K_M"],
        &["qwen3-8b", "--gpu", "2x RTX 6000 Ada", "--quant", "Q4_K_M"],
        &["qwen3-8b", "--gpu", "RTX 6000 Ada", "--quant", "Q8_0"],
    ] {
        let (with, without) = (ask(args, true), ask(args, false));
        for part in ["memory", "time", "energy", "verdict"] {
            // The ladder names the measured format too.
            assert_eq!(with[part], without[part], "{args:?}");
        }
    }
}

#[test]
fn a_batch_says_what_was_measured_here() {
    let place = Place::new();
    place.file("mine/evidence/mine.csv", format!("{HEADER}mine-1,Qwen3-8B,Q4_K_M,ctx 8192 prompt 512 write 1000,llama.cpp,RTX 4090,tokens-per-second,61.5,my notes,2026-11-01,own,\n"));
    place.file("runs.csv", "model,quant,workload,engine,gpu\nqwen3-8b,Q4_K_M,ctx 8192 prompt 512 write 1000,llama.cpp,RTX 4090\n");
    let ran = place
        .run(&["fit", "--batch", "runs.csv", "--catalog", "mine"])
        .done();
    let line: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(line["decode"]["basis"], "measured here");
    assert_eq!(line["decode"]["mid"], 61.5);
}

#[test]
fn a_table_of_measurements_with_a_mistake_is_refused_with_its_line() {
    for (row, says) in [
        (
            "mine-1,FLUX.1-schnell,bf16,w,diffusers,RTX 4090,seconds,-3,my notes,2026-11-01,own,\n",
            "is no measurement",
        ),
        (
            "mine-1,FLUX.1-schnell,bf16,w,diffusers,RTX 4090,seconds,nan,my notes,2026-11-01,own,\n",
            "is no measurement",
        ),
        (
            "mine-1,FLUX.1-schnell,bf16,w,diffusers,RTX 4090,minutes,3,my notes,2026-11-01,own,\n",
            "minutes",
        ),
        (
            "mine-1,FLUX.1-schnell,bf16,w,diffusers,RTX 4090,seconds,3,,2026-11-01,own,\n",
            "no source",
        ),
        ("mine-1,FLUX.1-schnell,bf16\n", "mine.csv"),
        (
            "mine-1,FLUX.1-schnell,bf16,w,diffusers,RTX 4090,seconds,abc,my notes,2026-11-01,own,\n",
            "mine.csv",
        ),
    ] {
        let place = Place::new();
        place.file("mine/evidence/mine.csv", format!("{HEADER}{row}"));
        let ran = place.run(&["fit", "flux.1-schnell", "--gpu", CARD, "--catalog", "mine"]);
        ran.refused(says);
    }
}

//! What is typed: numbers, sizes, words and names that are none.

use serde_json::Value;

use super::{CARD, fit, ranges, report};
use crate::run::maquette;

const NUMBERS: [&str; 11] = [
    "--frames",
    "--seconds",
    "--steps",
    "--context",
    "--prompt",
    "--write",
    "--at-once",
    "--micro-batch",
    "--outputs",
    "--vram",
    "--ram",
];

#[test]
fn numbers_that_are_none_are_refused_with_their_flag() {
    for flag in NUMBERS {
        for typed in ["0", "-1", "-0.0001", "nan", "inf", "-inf", "1e10", "1e999"] {
            let ran = fit(&["flux.1-schnell", &format!("{flag}={typed}")]).refused("above zero");
            assert!(ran.err.contains(flag), "{}: {}", ran.args, ran.err);
        }
        for typed in ["", "abc", "1,5", "0x10", "12 GB", "\u{1b}[31m5", "🎨"] {
            let ran = fit(&["flux.1-schnell", flag, typed]).refused("invalid");
            assert!(ran.err.contains(flag), "{}: {}", ran.args, ran.err);
        }
    }
}

#[test]
fn what_is_counted_is_counted_in_whole_things() {
    for flag in [
        "--frames",
        "--steps",
        "--context",
        "--prompt",
        "--write",
        "--at-once",
        "--micro-batch",
        "--outputs",
    ] {
        for typed in ["0.5", "1.5"] {
            let ran = fit(&["qwen3-8b", flag, typed]).refused("whole number");
            assert!(ran.err.contains(flag), "{}: {}", ran.args, ran.err);
        }
    }
    fit(&["flux.1-schnell", "--vram", "15.9"]).calm();
    fit(&["ace-step-v1", "--seconds", "0.5"]).calm();
}

#[test]
fn the_largest_and_the_smallest_of_everything_is_answered() {
    let models = [
        "flux.1-schnell",
        "wan2.2-ti2v-5b",
        "qwen3-8b",
        "ace-step-v1",
        "trellis.2-4b",
    ];
    for model in models {
        for flag in NUMBERS {
            for typed in ["1", "1000000000"] {
                let ran = fit(&[model, flag, typed, "--format", "json"]).calm();
                if ran.err.contains(&format!("error: {flag} is for ")) {
                    assert_eq!(ran.code, 2, "{}", ran.args);
                    continue;
                }
                assert!(ran.code <= 1, "{}: {}", ran.args, ran.err);
                let report: Value = serde_json::from_str(&ran.out).unwrap();
                assert!(ranges(&report, &ran.args) > 0);
            }
        }
    }
}

#[test]
fn numbers_that_are_asked_for_are_those_that_are_answered() {
    let work = |args: &[&str]| report(args)["setting"]["work"].as_str().unwrap().to_owned();
    for n in ["1", "5000000", "1000000000"] {
        let args = ["wan2.2-ti2v-5b", "--gpu", CARD, "--frames", n, "--steps", n];
        let work = work(&args);
        assert!(work.contains(&format!(" {n} frames")), "{work}");
        assert!(work.contains(&format!(" {n} steps")), "{work}");
    }
    let work = work(&["flux.1-schnell", "--gpu", CARD, "--at-once", "7"]);
    assert!(work.ends_with(", 7 at once"), "{work}");
}

#[test]
fn sizes_are_sizes() {
    for typed in [
        "0x0",
        "abc",
        "",
        "x",
        "1024",
        "1024x",
        "-5x5",
        "0x1024",
        "1e9x1",
        "nanxnan",
        "99999999999x1",
    ] {
        let ran =
            fit(&["flux.1-schnell", &format!("--resolution={typed}")]).refused("--resolution");
        assert!(ran.err.contains("1024x1024"), "{}", ran.err);
    }
    for typed in ["99999x99999", "1x1", "15x1024", "1024x32769"] {
        fit(&["flux.1-schnell", "--resolution", typed]).refused("sides from 16 to 32,768");
    }
    fit(&["trellis.2-4b", "--resolution", "8^3"]).refused("sides from 16 to 32,768");
    for (typed, work) in [
        ("1024x512", "1024×512"),
        ("768×768", "768×768"),
        ("480p", "848×480"),
    ] {
        let report = report(&["flux.1-schnell", "--gpu", CARD, "--resolution", typed]);
        let told = report["setting"]["work"].as_str().unwrap();
        assert!(told.starts_with(work), "{typed}: {told}");
    }
}

#[test]
fn a_size_of_another_kind_of_work_is_refused() {
    fit(&["flux.1-schnell", "--resolution", "512^3"]).refused("1024x1024");
    fit(&["trellis.2-4b", "--resolution", "1024x1024"]).refused("512^3");
}

#[test]
fn words_that_name_nothing_are_refused() {
    for (flag, typed, says, hint) in [
        (
            "--quant",
            "nonsense",
            "no number format",
            "hint: for example bf16",
        ),
        ("--quant", "", "no number format", "hint: for example bf16"),
        ("--quant", "Q", "no number format", "hint: for example bf16"),
        (
            "--offload",
            "sideways",
            "no such way",
            "hint: one of: none, model",
        ),
        ("--offload", "", "no such way", "hint: one of: none, model"),
        ("--offload", "layers=", "no such way", "layers=N"),
        ("--offload", "layers=-1", "no such way", "layers=N"),
        ("--offload", "layers=99999999999", "no such way", "layers=N"),
        ("--kv", "nonsense", "--kv nonsense", "hint: one of: f16"),
        ("--kv", "", "--kv", "hint: one of: f16"),
        ("--gpu", "nonsense", "`nonsense`", "hint: "),
        ("--gpu", "", "is", "hint: "),
        ("--gpu", "0x RTX 4090", "from 1 to 64", ""),
        ("--gpu", "65x RTX 4090", "from 1 to 64", ""),
        ("--flash-attention", "maybe", "true, false", ""),
        ("--country", "XX", "XX", ""),
        ("--power-price", "abc", "--power-price", ""),
        ("--power-price", "-1", "--power-price", ""),
    ] {
        let ran = maquette(&["fit", "qwen3-8b", &format!("{flag}={typed}")]).refused(says);
        assert!(ran.err.contains(hint), "{}: {}", ran.args, ran.err);
    }
}

#[test]
fn a_wrong_price_of_power_is_refused_where_no_time_is_known_too() {
    let ran = maquette(&["fit", "qwen3-8b", "--vram", "24", "--power-price", "abc"]);
    ran.refused("--power-price");
}

#[test]
fn models_that_are_none_are_refused() {
    fit(&["flx.1-schnell"]).refused("flux.1-schnell");
    fit(&["nothing-of-that-name"]).refused("nothing-of-that-name");
    fit(&[""]).refused("error: ");
    fit(&["   "]).refused("error: ");
    fit(&["🎨"]).refused("🎨");
    fit(&["gpt-image-2"]).refused("sold as a service only");
    maquette(&["fit", "--gpu", CARD]).refused("<MODEL>");
    fit(&["qwen3-8b", "--batch", "runs.csv"]).refused("cannot be used with");
    fit(&["qwen3-8b", "--all"]).refused("--need");
    let long = "9".repeat(20_000);
    for args in [
        &[long.as_str()][..],
        &["qwen3-8b", "--quant", &long],
        &["qwen3-8b", "--offload", &long],
        &["flux.1-schnell", "--resolution", &long],
        &["qwen3-8b", "--kv", &long],
    ] {
        let ran = fit(args).refused("9999");
        assert!(ran.err.chars().count() < 1_500, "{}", ran.err.len());
    }
    let ran = maquette(&["fit", "qwen3-8b", "--gpu", &long]).refused("9999");
    assert!(ran.err.chars().count() < 1_500, "{}", ran.err.len());
}

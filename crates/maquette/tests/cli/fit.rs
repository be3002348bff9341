//! `fit`: what is typed wrong is refused, what is in a file is counted to the byte, and what is
//! answered is a range that keeps to the machine asked about.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use crate::run::{Place, Ran, maquette};
use crate::schemas::{assert_described, schema};

const CARD: &str = "RTX 4090";

/// `fit` on a named card.
fn fit(args: &[&str]) -> Ran {
    maquette(&[&["fit", "--gpu", CARD], args].concat())
}

/// The report of `fit`, whichever way the answer goes.
fn report(args: &[&str]) -> Value {
    at(&Place::new(), args)
}

fn at(place: &Place, args: &[&str]) -> Value {
    let ran = place
        .run(&[&["fit"], args, &["--format", "json"]].concat())
        .calm();
    assert!(ran.code <= 1, "{}: {}", ran.args, ran.err);
    assert_eq!(ran.err, "", "{}", ran.args);
    serde_json::from_str(&ran.out).unwrap()
}

fn mid(report: &Value, pointer: &str) -> f64 {
    let at = report.pointer(pointer);
    at.and_then(|e| e["mid"].as_f64())
        .unwrap_or_else(|| panic!("no figure at {pointer}: {report}"))
}

/// Every range of the document: finite, above zero, in order. How many there are.
fn ranges(value: &Value, at: &str) -> usize {
    let number = |v: &Value| v.as_f64().or_else(|| v.as_str()?.parse().ok());
    let mut found = 0;
    match value {
        Value::Object(object) => {
            if let (Some(low), Some(high)) = (object.get("low"), object.get("high")) {
                let middle = object.get("mid").or(object.get("amount"));
                let (low, mid, high) = (number(low), middle.and_then(number), number(high));
                let (low, mid, high) = (low.unwrap(), mid.unwrap(), high.unwrap());
                assert!(low.is_finite() && high.is_finite(), "{at}: {value}");
                assert!(
                    0.0 <= low && low <= mid && mid <= high && mid > 0.0,
                    "{at}: {value}"
                );
                found += 1;
            }
            for (key, inner) in object {
                found += ranges(inner, &format!("{at}/{key}"));
            }
        }
        Value::Array(list) => {
            for (i, inner) in list.iter().enumerate() {
                found += ranges(inner, &format!("{at}/{i}"));
            }
        }
        _ => {}
    }
    found
}

// What is typed.

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

// Files.

/// A GGUF as it is on disk, version 3.
struct Gguf {
    pairs: Vec<u8>,
    pair_count: u64,
    tensors: Vec<(&'static str, [u64; 2], u32)>,
}

/// Type numbers of ggml.
const F32: u32 = 0;
const F16: u32 = 1;
const Q4_0: u32 = 2;
const Q8_0: u32 = 8;

fn text(text: &str) -> Vec<u8> {
    let mut all = (text.len() as u64).to_le_bytes().to_vec();
    all.extend(text.as_bytes());
    all
}

impl Gguf {
    fn new(architecture: &str) -> Gguf {
        let mut file = Gguf {
            pairs: Vec::new(),
            pair_count: 1,
            tensors: Vec::new(),
        };
        file.pairs.extend(text("general.architecture"));
        file.pairs.extend(8_u32.to_le_bytes());
        file.pairs.extend(text(architecture));
        file
    }

    fn number(mut self, key: &str, value: u32) -> Gguf {
        self.pairs.extend(text(key));
        self.pairs.extend(4_u32.to_le_bytes());
        self.pairs.extend(value.to_le_bytes());
        self.pair_count += 1;
        self
    }

    fn tensor(mut self, name: &'static str, shape: [u64; 2], kind: u32) -> Gguf {
        self.tensors.push((name, shape, kind));
        self
    }

    fn bytes_of(shape: [u64; 2], kind: u32) -> u64 {
        let (block, bytes) = match kind {
            F32 => (1, 4),
            F16 => (1, 2),
            Q4_0 => (32, 18),
            _ => (32, 34),
        };
        shape[0] * shape[1] / block * bytes
    }

    /// Bytes of all tensors, without what lies between them.
    fn weights(&self) -> u64 {
        let of = |t: &(&str, [u64; 2], u32)| Gguf::bytes_of(t.1, t.2);
        self.tensors.iter().map(of).sum()
    }

    fn write(&self, said: Option<u64>) -> Vec<u8> {
        let mut all = b"GGUF".to_vec();
        all.extend(3_u32.to_le_bytes());
        all.extend(said.unwrap_or(self.tensors.len() as u64).to_le_bytes());
        all.extend(self.pair_count.to_le_bytes());
        all.extend(&self.pairs);
        let mut next = 0_u64;
        for (name, shape, kind) in &self.tensors {
            all.extend(text(name));
            all.extend(2_u32.to_le_bytes());
            all.extend(shape[0].to_le_bytes());
            all.extend(shape[1].to_le_bytes());
            all.extend(kind.to_le_bytes());
            all.extend(next.to_le_bytes());
            next = (next + Gguf::bytes_of(*shape, *kind)).next_multiple_of(32);
        }
        let data = all.len().next_multiple_of(32) + usize::try_from(next).unwrap();
        all.resize(data, 0);
        all
    }
}

/// Two layers of a llama.
fn llama() -> Gguf {
    Gguf::new("llama")
        .number("llama.block_count", 2)
        .number("llama.context_length", 2048)
        .number("llama.embedding_length", 256)
        .number("llama.feed_forward_length", 512)
        .number("llama.attention.head_count", 4)
        .number("llama.attention.head_count_kv", 2)
        .number("llama.vocab_size", 1000)
        .tensor("token_embd.weight", [256, 1000], F16)
        .tensor("blk.0.attn_q.weight", [256, 256], Q8_0)
        .tensor("blk.0.ffn_up.weight", [256, 512], Q4_0)
        .tensor("blk.1.attn_q.weight", [256, 256], Q8_0)
        .tensor("blk.1.ffn_up.weight", [256, 512], Q4_0)
        .tensor("output_norm.weight", [256, 1], F32)
}

/// A safetensors file of this header.
fn safetensors(header: &str, data: usize) -> Vec<u8> {
    let mut all = (header.len() as u64).to_le_bytes().to_vec();
    all.extend(header.as_bytes());
    all.resize(all.len() + data, 0);
    all
}

const ONE_TENSOR: &str = r#"{"a.weight":{"dtype":"BF16","shape":[8,8],"data_offsets":[0,128]}}"#;

#[test]
fn the_bytes_of_a_gguf_are_counted_exactly() {
    let place = Place::new();
    let file = llama();
    place.file("tiny.gguf", file.write(None));
    let args = ["tiny.gguf", "--gpu", CARD, "--context", "512"];
    let report = at(&place, &args);
    let buffers = &report["memory"]["buffers"];
    // 512,000 of the embeddings, twice 69,632 and twice 73,728 of the layers, 1,024 of the norm.
    assert_eq!(file.weights(), 799_744);
    assert_eq!(buffers["weights_bytes"], file.weights());
    // 512 cells of two layers, two heads of 64, keys and values, two bytes each.
    assert_eq!(buffers["kv_bytes"], 512 * 2 * 2 * 64 * 2 * 2);
    assert_eq!(report["model"]["known_by"], "file");
    assert_eq!(
        report["model"]["parameters"],
        256_000 + 2 * (65_536 + 131_072) + 256
    );
    assert_eq!(report["verdict"], "fits");
    // Half the bits for the cache, a little more with the scales of its blocks.
    let report = at(&place, &[&args[..], &["--kv", "q8_0"]].concat());
    let kv = report["memory"]["buffers"]["kv_bytes"].as_f64().unwrap();
    assert!((kv - 524_288.0 * 8.5 / 16.0).abs() < 1.0, "{kv}");
}

#[test]
fn a_file_and_the_folder_that_holds_it_answer_alike() {
    let place = Place::new();
    place.file("one/tiny.gguf", llama().write(None));
    let ask = |path: &str| {
        let mut report = at(&place, &[path, "--gpu", CARD, "--context", "512"]);
        assert!(mid(&report, "/memory/peak") > 0.0);
        // They are called by their own names.
        let model = report["model"].as_object_mut().unwrap();
        assert!(model.remove("id").is_some() && model.remove("name").is_some());
        report
    };
    let file = ask("one/tiny.gguf");
    assert_eq!(ask("one"), file);
    assert_eq!(ask("./one/"), file);
}

#[test]
fn damaged_files_are_refused_with_what_is_wrong() {
    let place = Place::new();
    let whole = llama().write(None);
    place.file("empty.gguf", "");
    place.file("empty.safetensors", "");
    place.file(
        "text.gguf",
        "These are no weights, but a long enough line of text.\n",
    );
    place.file(
        "text.safetensors",
        "These are no weights, but a long enough line of text.\n",
    );
    place.file("half.gguf", &whole[..whole.len() / 2]);
    place.file("start.gguf", &whole[..100]);
    place.file("magic.gguf", "GGUF");
    place.file("many.gguf", llama().write(Some(1 << 60)));
    place.file("all.gguf", llama().write(Some(u64::MAX)));
    place.file("half.safetensors", safetensors(ONE_TENSOR, 64));
    place.file("start.safetensors", &safetensors(ONE_TENSOR, 128)[..40]);
    place.file(
        "long.safetensors",
        [&u64::MAX.to_le_bytes()[..], b"{}"].concat(),
    );
    let nested = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    place.file("nested.safetensors", safetensors(&nested, 0));
    place.file("none.safetensors", safetensors("{}", 0));
    place.file("plain.bin", "These are no weights.");
    for name in [
        "empty.gguf",
        "empty.safetensors",
        "text.gguf",
        "text.safetensors",
        "half.gguf",
        "start.gguf",
        "magic.gguf",
        "many.gguf",
        "all.gguf",
        "half.safetensors",
        "start.safetensors",
        "long.safetensors",
        "nested.safetensors",
        "none.safetensors",
        "plain.bin",
    ] {
        let started = Instant::now();
        let ran = place.run(&["fit", name, "--gpu", CARD]).refused(name);
        assert!(started.elapsed() < Duration::from_secs(20), "{name}");
        assert!(
            ran.err.contains("hint: ") || ran.err.contains("because: "),
            "{name}: {}",
            ran.err
        );
        assert!(ran.err.len() < 2_000, "{name}: {}", ran.err);
    }
}

#[test]
fn folders_without_a_whole_model_are_refused() {
    let place = Place::new();
    place.file("notes/readme.md", "nothing here");
    place.file("config/config.json", "{\"model_type\":\"llama\"}");
    place.file("broken/config.json", "{");
    place.file("broken/model.safetensors", safetensors(ONE_TENSOR, 128));
    std::fs::create_dir(place.path("empty")).unwrap();
    place.file(
        "shards/model-00001-of-00002.safetensors",
        safetensors(ONE_TENSOR, 128),
    );
    place.file("ggufs/tiny-00001-of-00003.gguf", llama().write(None));
    for (name, says) in [
        ("notes", "notes"),
        ("config", "config"),
        ("broken", "broken"),
        ("empty", "empty"),
        ("shards", "missing"),
        ("ggufs", ""),
        ("ggufs/tiny-00001-of-00003.gguf", ""),
    ] {
        let ran = place.run(&["fit", name, "--gpu", CARD]).refused(says);
        assert!(ran.err.contains("hint: "), "{name}: {}", ran.err);
    }
    for name in [
        "gone.gguf",
        "./gone",
        "/no/such/folder",
        "~/gone.safetensors",
    ] {
        let ran = place.run(&["fit", name, "--gpu", CARD]);
        let ran = ran.refused(&format!("{name} is not there"));
        assert!(ran.err.contains("hint: "), "{}", ran.err);
    }
    // A name that says what it is needs no file, and the answer says so.
    let ran = place
        .run(&["fit", "Qwen3-8B-Q4_K_M.gguf", "--gpu", CARD])
        .done();
    let note = "Qwen3-8B-Q4_K_M.gguf is not there: what its name says is taken";
    assert!(ran.out.contains(note), "{}", ran.out);
    let format = |args: &[&str]| report(args)["setting"]["format"].clone();
    assert_eq!(format(&["Qwen3-8B-Q8_0.gguf", "--gpu", CARD]), "Q8_0");
    assert_eq!(
        format(&["Qwen3-8B-Q8_0.gguf", "--gpu", CARD, "--quant", "q6_k"]),
        "Q6_K"
    );
}

// The answer.

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
    // Nothing on sale holds it, and something to rent does.
    let need = maquette(&["fit", "something-9000b", "--need", "--quant", "fp32"]).done();
    assert!(
        need.out.starts_with("something-9000b in fp32 runs on "),
        "{}",
        need.out
    );
    assert!(need.out.contains("buy is not known."), "{}", need.out);
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
    assert!((one - 24.0 * 0.92).abs() < 0.01, "{one}");
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
    assert_eq!(m["usable_gib"], 44.16);
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
            assert!(
                time.is_object(),
                "{model} on {machine}: {}",
                report["notes"]
            );
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
            prices.len() > 5 && prices.is_sorted(),
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

// What the asker measured.

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

// Many at once.

fn batch(text: impl AsRef<[u8]>) -> Ran {
    let place = Place::new();
    place.file("runs.csv", text);
    place.run(&["fit", "--batch", "runs.csv"])
}

fn lines(ran: &Ran) -> Vec<Map<String, Value>> {
    let schema = schema("fit-batch");
    let read = |l: &str| {
        let line: Value = serde_json::from_str(l).unwrap();
        assert_described(&schema, &line);
        ranges(&line, l);
        line.as_object().unwrap().clone()
    };
    ran.out.lines().map(read).collect()
}

#[test]
fn batches_that_are_none_are_refused() {
    maquette(&["fit", "--batch", "gone.csv"]).refused("gone.csv");
    maquette(&["fit", "--batch", "."]).refused("cannot be read");
    for text in ["", "\n\n", "a,b\n1,2\n", "Modell;GPU\nqwen3-8b;RTX 4090\n"] {
        let ran = batch(text).refused("no column `model`");
        assert!(ran.err.contains("hint: columns: model"), "{}", ran.err);
    }
    batch([0x00, 0xff, 0xfe, 0x80, b'\n', 0x01, 0x02]).refused("no column `model`");
    let noise: Vec<u8> = (0..100_000_u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    batch(noise).refused("no column `model`");
}

#[test]
fn a_batch_answers_line_by_line() {
    let ran = batch(
        "model,quantization,workload,engine,gpu,id\n\
         flux.1-schnell,bf16,1024x1024 steps 4,diffusers,H100,a\n\
         Qwen3-8B,Q4_K_M,ctx 8192 prompt 512 write 128,llama.cpp,RTX 4090,b\n\
         nothing of that name,bf16,1024x1024,diffusers,H100,c\n\
         flux.1-schnell,bf16,1024x1024 steps 4,diffusers,\"RTX, 4090\",d\n\
         flux.1-schnell,bf16,1024x1024 steps 4,\"diffusers, model cpu offload\",RTX 4090,e\n\
         flux.1-schnell\n\
         flux.1-schnell,bf16,1024x1024 steps 4,diffusers,H100,f,too,many,cells\n\
         \n\
         ,bf16,1024x1024 steps 4,diffusers,H100,g\n\
         ACE-Step v1,bf16,30 s audio steps 8,,RTX 4090,h\n",
    )
    .done();
    let lines = lines(&ran);
    let ids: Vec<&str> = lines
        .iter()
        .map(|l| l.get("id").map_or("-", |i| i.as_str().unwrap()))
        .collect();
    assert_eq!(ids, ["a", "b", "c", "d", "e", "-", "f", "g", "h"]);
    let numbers: Vec<u64> = lines.iter().map(|l| l["line"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [2, 3, 4, 5, 6, 7, 8, 10, 11]);
    let has = |i: usize, key: &str| lines[i].contains_key(key);
    assert!(has(0, "peak_memory") && has(0, "seconds") && has(0, "seconds_per_step"));
    assert!(has(1, "decode") && has(1, "prefill") && !has(1, "seconds"));
    for (i, says) in [(2, "not known"), (7, "not known")] {
        assert!(!has(i, "peak_memory"));
        let notes = lines[i]["notes"].as_array().unwrap();
        assert!(notes[0].as_str().unwrap().contains(says), "{notes:?}");
    }
    // Quoted commas part no cells.
    assert_eq!(lines[4]["gpu"], "rtx-4090");
    let peak = |i: usize| lines[i]["peak_memory"]["mid"].as_f64().unwrap();
    assert!(peak(4) < peak(0), "{} {}", peak(4), peak(0));
    assert_eq!(lines[5]["gpu"], "not told");
    assert_eq!(peak(6).to_bits(), peak(0).to_bits());
    assert!(has(8, "seconds") && has(8, "times_real_time"));
}

#[test]
fn a_batch_of_noise_under_a_header_is_answered() {
    let mut text = b"model,workload,gpu\n".to_vec();
    text.extend((0..20_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8));
    let ran = batch(text);
    assert!(ran.code == 0, "{}", ran.err);
    lines(&ran.calm());
}

#[test]
fn numbers_of_a_batch_may_be_anything() {
    let mut text =
        "model,workload,gpu,context,prompt,write,steps,gpu_count,params_b,active_b,gpu_layers\n"
            .to_owned();
    for n in [
        "-1",
        "0",
        "nan",
        "inf",
        "1e308",
        "-1e308",
        "1e-308",
        "99999999999999999999",
        "x",
        "",
    ] {
        for model in ["qwen3-8b", "flux.1-schnell", "something-new", "ace-step-v1"] {
            text += &format!(
                "{model},batch {n} steps {n} {n}x{n}x{n} {n} s audio,RTX 4090,{n},{n},{n},{n},{n},{n},{n},{n}\n"
            );
        }
    }
    let ran = batch(text).done();
    assert_eq!(lines(&ran).len(), 40);
}

#[test]
fn ten_thousand_lines_take_seconds() {
    let models = [
        "flux.1-schnell",
        "Qwen3-8B-Q4_K_M.gguf",
        "wan2.2-ti2v-5b",
        "unsloth/Llama-3.1-8B-Instruct-GGUF",
        "no such model",
    ];
    let gpus = [
        "RTX 4090",
        "2x RTX 3090",
        "H100",
        "M4 Max",
        "Intel UHD Graphics",
    ];
    let mut text = "model,workload,engine,gpu\n".to_owned();
    for i in 0..10_000 {
        text += &format!(
            "{},ctx {} prompt 512 write 128,llama.cpp,{}\n",
            models[i % 5],
            1024 + i,
            gpus[i / 5 % 5]
        );
    }
    let started = Instant::now();
    let ran = batch(text).done();
    let took = started.elapsed();
    assert_eq!(ran.out.lines().count(), 10_000);
    // A second or two when built for release; this build checks itself and shares its processor.
    assert!(took < Duration::from_secs(60), "{took:?}");
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

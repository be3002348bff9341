//! Many runs at once: a table in, a line of JSON for each out.

use std::fmt::Write;
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use super::ranges;
use crate::run::{Place, Ran, maquette};
use crate::schemas::{assert_described, schema};

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
            let _ = writeln!(
                text,
                "{model},batch {n} steps {n} {n}x{n}x{n} {n} s audio,RTX 4090,{n},{n},{n},{n},{n},{n},{n},{n}"
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
        let _ = writeln!(
            text,
            "{},ctx {} prompt 512 write 128,llama.cpp,{}",
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
    assert!(took < Duration::from_secs(20), "{took:?}");
}

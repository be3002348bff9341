//! How long a header takes: of a GGUF and of a safetensors of 20 GB each, sparse, so that nothing but
//! the header is there. Run with `cargo bench -p maquette-scan`.

#![allow(clippy::unwrap_used)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use common::Gguf;
use divan::Bencher;

const WORDS: u32 = 150_000;
const SIZE: u64 = 20_000_000_000;

fn main() {
    divan::main();
}

fn sparse(name: &str, header: &[u8], size: u64) -> PathBuf {
    let path = std::env::temp_dir().join(format!("maquette-{}-{name}", std::process::id()));
    let mut file = File::create(&path).unwrap();
    file.write_all(header).unwrap();
    file.set_len(size).unwrap();
    path
}

/// 1,000 tensors of 20 MB, 150,000 words with their scores, types and merges.
fn large_gguf() -> PathBuf {
    let file = Gguf::default();
    let numbers = |kind: u32, one: [u8; 4]| {
        let items = one.repeat(WORDS as usize);
        [file.n32(kind), file.n64(u64::from(WORDS)), items].concat()
    };
    let (scores, types) = (numbers(6, [0, 0, 128, 63]), numbers(5, [1, 0, 0, 0]));
    let mut file = file
        .word("general.architecture", "llama")
        .number("llama.block_count", 80)
        .words(
            "tokenizer.ggml.tokens",
            (0..WORDS).map(|n| format!("word{n:07}")),
        )
        .words(
            "tokenizer.ggml.merges",
            (0..WORDS).map(|n| format!("wo rd{n:07}")),
        )
        .pair("tokenizer.ggml.scores", 9, scores)
        .pair("tokenizer.ggml.token_type", 9, types)
        .word("tokenizer.chat_template", &"x".repeat(5_000));
    for n in 0..1_000 {
        // 35,520,000 weights in blocks of 256 and 144 bytes: 19,980,000 bytes.
        file = file.tensor(&format!("blk.{n}.attn_output.weight"), &[2_560, 13_875], 12);
    }
    let (header, data) = file.header();
    let size = header.len() as u64 + data;
    assert!(size.abs_diff(SIZE) < SIZE / 100, "{size}");
    sparse("20gb.gguf", &header, size)
}

/// 5,000 tensors of 4 MB.
fn large_safetensors() -> PathBuf {
    let each = SIZE / 5_000;
    let entries: Vec<_> = (0..5_000)
        .map(|n| {
            format!(
                "\"transformer.h.{n}.attn.weight\":{{\"dtype\":\"BF16\",\"shape\":[1000,{}],\
                 \"data_offsets\":[{},{}]}}",
                each / 2_000,
                n * each,
                (n + 1) * each
            )
        })
        .collect();
    let header = common::safetensors_of(&format!("{{{}}}", entries.join(",")), 0);
    let size = header.len() as u64 + SIZE;
    sparse("20gb.safetensors", &header, size)
}

fn read(bencher: Bencher, path: &std::path::Path) {
    bencher.bench(|| maquette_scan::read(path).unwrap());
    std::fs::remove_file(path).unwrap();
}

#[divan::bench]
fn gguf_20_gb(bencher: Bencher) {
    read(bencher, &large_gguf());
}

#[divan::bench]
fn safetensors_20_gb(bencher: Bencher) {
    read(bencher, &large_safetensors());
}

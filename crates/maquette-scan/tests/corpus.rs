//! What the fuzzers start from, read on the stable toolchain: every seed, and 2,000 changes of each,
//! the same in every run. `UPDATE_SEEDS=1` writes the seeds anew.

#![allow(clippy::unwrap_used)]

mod common;

use std::path::{Path, PathBuf};

use common::{
    Gguf, kept, most_kept, read_gguf, read_safetensors, safetensors_of, safetensors_with,
};
use maquette_scan::ggml::KINDS;
use maquette_scan::safetensors::DTYPES;

const CHANGES: u32 = 2_000;

fn seeds(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/seeds")
        .join(target)
}

fn ggufs() -> Vec<(&'static str, Vec<u8>)> {
    let small = |big_endian, version| {
        let file = Gguf {
            big_endian,
            version,
            ..Gguf::default()
        };
        file.word("general.architecture", "llama")
            .number("llama.block_count", 2)
            .words(
                "tokenizer.ggml.tokens",
                ["a", "bc", "def"].map(str::to_owned),
            )
            .tensor("a", &[32], 2)
            .tensor("b", &[3, 2], 0)
            .bytes()
    };
    let mut types = Gguf {
        alignment: Some(1),
        ..Gguf::default()
    };
    for kind in KINDS {
        types = types.tensor(kind.name, &[kind.block], kind.number);
    }
    let g = Gguf::default();
    let array =
        |kind: u32, count: u64, items: &[u8]| [&g.n32(kind)[..], &g.n64(count), items].concat();
    let values = g
        .clone()
        .pair("u8", 0, vec![1])
        .pair("i16", 3, vec![1, 2])
        .pair("f32", 6, vec![0, 0, 128, 63])
        .pair("bool", 7, vec![1])
        .pair("f64", 12, vec![0; 8])
        .pair("bytes", 9, array(0, 3, b"abc"))
        .pair("bools", 9, array(7, 2, &[0, 1]))
        .pair(
            "nested",
            9,
            array(9, 2, &[array(0, 1, b"x"), array(8, 0, b"")].concat()),
        )
        .word("long", &"x".repeat(300));
    vec![
        ("v3", small(false, 3)),
        ("v2", small(false, 2)),
        ("big-endian", small(true, 3)),
        ("types", types.bytes()),
        ("values", values.bytes()),
        ("nothing", Gguf::default().bytes()),
    ]
}

fn all_safetensors() -> Vec<(&'static str, Vec<u8>)> {
    let types: Vec<_> = DTYPES
        .iter()
        .map(|(name, _)| ((*name).to_owned(), *name, vec![4]))
        .collect();
    let described = r#"{"__metadata__":{"format":"pt","n":"1"},"a":{"dtype":"BF16","shape":[2,2],"data_offsets":[0,8]}}"#;
    let unknown =
        r#"{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1],"x":{"y":[1,"é\n",null,true,1.5]}}}"#;
    vec![
        ("types", safetensors_with("", &types)),
        ("described", safetensors_of(described, 8)),
        ("unknown", safetensors_of(unknown, 1)),
        ("nothing", safetensors_of("{}", 0)),
    ]
}

/// The files of a folder, in order; they are written first where that was asked for.
fn corpus(target: &str, make: fn() -> Vec<(&'static str, Vec<u8>)>) -> Vec<(PathBuf, Vec<u8>)> {
    let dir = seeds(target);
    if std::env::var_os("UPDATE_SEEDS").is_some() {
        std::fs::create_dir_all(&dir).unwrap();
        for (name, bytes) in make() {
            std::fs::write(dir.join(name), bytes).unwrap();
        }
    }
    let mut files: Vec<_> = std::fs::read_dir(&dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect();
    files.sort();
    assert!(
        files.len() >= make().len(),
        "{} holds {} seeds",
        dir.display(),
        files.len()
    );
    files
}

/// A small generator, so that a failure is the same again: xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most.max(1) as u64) as usize
    }
}

/// One to four changes: a byte, a run, a number at an extreme, a piece cut out or doubled.
fn changed(original: &[u8], random: &mut Random) -> Vec<u8> {
    const EXTREMES: [u64; 8] = [0, 1, 0xff, 0xffff, 1 << 31, 1 << 60, u64::MAX / 8, u64::MAX];
    let mut bytes = original.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        let run = 1 + random.below(16);
        let end = (at + run).min(bytes.len());
        match random.below(6) {
            0 if at < bytes.len() => bytes[at] = random.below(256) as u8,
            1 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            2 => {
                let number = EXTREMES[random.below(EXTREMES.len())].to_le_bytes();
                for (byte, new) in bytes.iter_mut().skip(at).zip(number) {
                    *byte = new;
                }
            }
            3 => {
                bytes.drain(at..end);
            }
            4 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => bytes.truncate(at),
        }
    }
    bytes
}

fn both(bytes: &[u8]) {
    for header in [read_gguf(bytes), read_safetensors(bytes)]
        .into_iter()
        .flatten()
    {
        assert!(kept(&header) <= most_kept(bytes.len()));
    }
}

fn every_seed(files: &[(PathBuf, Vec<u8>)]) {
    for (path, bytes) in files {
        both(bytes);
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        for change in 0..CHANGES {
            let changed = changed(bytes, &mut random);
            let held = std::panic::catch_unwind(|| both(&changed));
            assert!(
                held.is_ok(),
                "change {change} of {}: {changed:?}",
                path.display()
            );
        }
    }
}

#[test]
fn seeds_of_gguf() {
    let files = corpus("gguf", ggufs);
    for (path, bytes) in files.iter().filter(|(path, _)| made(path, ggufs)) {
        assert!(read_gguf(bytes).is_ok(), "{}", path.display());
    }
    every_seed(&files);
}

#[test]
fn seeds_of_safetensors() {
    let files = corpus("safetensors", all_safetensors);
    for (path, bytes) in files.iter().filter(|(path, _)| made(path, all_safetensors)) {
        assert!(read_safetensors(bytes).is_ok(), "{}", path.display());
    }
    every_seed(&files);
}

/// Whether a seed is one of those written here, which are valid; what a fuzzer found need not be.
fn made(path: &Path, make: fn() -> Vec<(&'static str, Vec<u8>)>) -> bool {
    make()
        .iter()
        .any(|(name, _)| path.file_name().is_some_and(|file| file == *name))
}

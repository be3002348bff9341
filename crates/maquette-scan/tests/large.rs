//! Of a large file, little more is read than its header, whatever lies behind it.

#![allow(clippy::unwrap_used)]

mod common;

use std::cell::Cell;
use std::io::{Read, Result, Seek, SeekFrom};

use common::{Gguf, kept, safetensors_of};
use maquette_scan::limits::BUFFER;
use maquette_scan::{Value, gguf, safetensors};

/// A file of a header and zeros after it, that counts what is read of it.
struct Sparse<'a> {
    header: &'a [u8],
    length: u64,
    at: u64,
    read: &'a Cell<u64>,
}

impl Read for Sparse<'_> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let count = self.length.saturating_sub(self.at).min(into.len() as u64) as usize;
        into[..count].fill(0);
        let from = (self.at as usize).min(self.header.len());
        let header = &self.header[from..];
        let known = header.len().min(count);
        into[..known].copy_from_slice(&header[..known]);
        self.at += count as u64;
        self.read.set(self.read.get() + count as u64);
        Ok(count)
    }
}

impl Seek for Sparse<'_> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        match to {
            SeekFrom::Start(at) => self.at = at,
            SeekFrom::Current(by) => self.at = self.at.checked_add_signed(by).unwrap(),
            SeekFrom::End(by) => self.at = self.length.checked_add_signed(by).unwrap(),
        }
        Ok(self.at)
    }
}

#[test]
fn a_gguf_of_20_gb_with_a_large_vocabulary() {
    let mut file = Gguf::default().word("general.architecture", "llama").words(
        "tokenizer.ggml.tokens",
        (0..250_000).map(|n| format!("w{n}")),
    );
    let scores = [file.n32(6), file.n64(250_000), vec![0; 1_000_000]].concat();
    file = file.pair("tokenizer.ggml.scores", 9, scores);
    for n in 0..1_000 {
        file = file.tensor(&format!("blk.{n}.weight"), &[2_560, 13_875], 12);
    }
    let (header, data) = file.header();
    let length = header.len() as u64 + data;
    assert!(length > 19_000_000_000);
    let read = Cell::new(0);
    let sparse = Sparse {
        header: &header,
        length,
        at: 0,
        read: &read,
    };
    let found = gguf::read_from(sparse, length).unwrap();
    assert_eq!(found.tensors.len(), 1_000);
    assert_eq!(
        found.config.get("tokenizer.ggml.tokens"),
        Some(&Value::Long { length: 250_000 })
    );
    // The scores are walked past without being read.
    let most = header.len() - 1_000_000 + 2 * BUFFER;
    assert!(
        read.get() <= most as u64,
        "{} of {}",
        read.get(),
        header.len()
    );
    assert!(kept(&found) < 200_000, "{}", kept(&found));
}

#[test]
fn a_safetensors_of_20_gb() {
    let entries: Vec<_> = (0..5_000_u64)
        .map(|n| {
            let (begin, end) = (n * 4_000_000, (n + 1) * 4_000_000);
            format!("\"t{n}\":{{\"dtype\":\"BF16\",\"shape\":[1000,2000],\"data_offsets\":[{begin},{end}]}}")
        })
        .collect();
    let header = safetensors_of(&format!("{{{}}}", entries.join(",")), 0);
    let length = header.len() as u64 + 20_000_000_000;
    let read = Cell::new(0);
    let sparse = Sparse {
        header: &header,
        length,
        at: 0,
        read: &read,
    };
    let found = safetensors::read_from(sparse, length).unwrap();
    assert_eq!(found.tensors.len(), 5_000);
    assert!(read.get() <= (header.len() + BUFFER) as u64);
    assert!(kept(&found) < 1_000_000);
}

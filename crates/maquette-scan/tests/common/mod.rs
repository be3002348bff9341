//! Small files written in code, and what a header takes in memory.

#![allow(dead_code, clippy::unwrap_used)]

use std::io::Cursor;
use std::path::PathBuf;

use maquette_scan::{Fault, Header, Value, gguf, safetensors};

/// An empty folder of its own.
pub fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

pub fn read_gguf(bytes: &[u8]) -> Result<Header, Fault> {
    gguf::read_from(Cursor::new(bytes), bytes.len() as u64)
}

pub fn read_safetensors(bytes: &[u8]) -> Result<Header, Fault> {
    safetensors::read_from(Cursor::new(bytes), bytes.len() as u64)
}

/// A GGUF as its bytes.
#[derive(Clone, Debug)]
pub struct Gguf {
    pub big_endian: bool,
    pub version: u32,
    pub alignment: Option<u32>,
    /// Key, type, and the bytes of the value in the file's order.
    pub pairs: Vec<(String, u32, Vec<u8>)>,
    /// Name, shape, type, and offset if it is not the next one.
    pub tensors: Vec<(String, Vec<u64>, u32, Option<u64>)>,
    /// What the header says instead of the number of tensors.
    pub said_tensors: Option<u64>,
    pub said_pairs: Option<u64>,
}

impl Default for Gguf {
    fn default() -> Self {
        Self {
            big_endian: false,
            version: 3,
            alignment: None,
            pairs: Vec::new(),
            tensors: Vec::new(),
            said_tensors: None,
            said_pairs: None,
        }
    }
}

impl Gguf {
    pub fn n32(&self, n: u32) -> Vec<u8> {
        if self.big_endian {
            n.to_be_bytes()
        } else {
            n.to_le_bytes()
        }
        .to_vec()
    }

    pub fn n64(&self, n: u64) -> Vec<u8> {
        if self.big_endian {
            n.to_be_bytes()
        } else {
            n.to_le_bytes()
        }
        .to_vec()
    }

    pub fn text(&self, text: &str) -> Vec<u8> {
        [self.n64(text.len() as u64), text.as_bytes().to_vec()].concat()
    }

    pub fn pair(mut self, key: &str, kind: u32, value: Vec<u8>) -> Self {
        self.pairs.push((key.to_owned(), kind, value));
        self
    }

    pub fn word(self, key: &str, value: &str) -> Self {
        let value = self.text(value);
        self.pair(key, 8, value)
    }

    pub fn number(self, key: &str, value: u32) -> Self {
        let value = self.n32(value);
        self.pair(key, 4, value)
    }

    /// An array of texts.
    pub fn words(self, key: &str, words: impl IntoIterator<Item = String>) -> Self {
        let mut count = 0;
        let mut all = Vec::new();
        for word in words {
            count += 1;
            all.extend(self.text(&word));
        }
        let value = [self.n32(8), self.n64(count), all].concat();
        self.pair(key, 9, value)
    }

    pub fn tensor(mut self, name: &str, shape: &[u64], kind: u32) -> Self {
        self.tensors
            .push((name.to_owned(), shape.to_vec(), kind, None));
        self
    }

    /// The header up to the data, and the bytes of the data.
    pub fn header(&self) -> (Vec<u8>, u64) {
        let mut all = b"GGUF".to_vec();
        let alignment = u64::from(self.alignment.unwrap_or(32));
        let mut pairs = self.pairs.clone();
        if let Some(alignment) = self.alignment {
            pairs.push(("general.alignment".to_owned(), 4, self.n32(alignment)));
        }
        all.extend(self.n32(self.version));
        all.extend(self.n64(self.said_tensors.unwrap_or(self.tensors.len() as u64)));
        all.extend(self.n64(self.said_pairs.unwrap_or(pairs.len() as u64)));
        for (key, kind, value) in &pairs {
            all.extend(self.text(key));
            all.extend(self.n32(*kind));
            all.extend(value);
        }
        let mut next = 0;
        for (name, shape, kind, offset) in &self.tensors {
            all.extend(self.text(name));
            all.extend(self.n32(shape.len() as u32));
            for dim in shape {
                all.extend(self.n64(*dim));
            }
            all.extend(self.n32(*kind));
            all.extend(self.n64(offset.unwrap_or(next)));
            let (block, bytes) = gguf_kind(*kind);
            let elements = shape.iter().fold(1_u64, |p, d| p.wrapping_mul(*d));
            let size = (elements / block).wrapping_mul(bytes);
            next = next
                .wrapping_add(size)
                .checked_next_multiple_of(alignment)
                .unwrap_or(0);
        }
        all.resize(all.len().next_multiple_of(alignment as usize), 0);
        (all, next)
    }

    pub fn bytes(&self) -> Vec<u8> {
        let (mut all, data) = self.header();
        all.resize(all.len() + usize::try_from(data).unwrap(), 0);
        all
    }
}

fn gguf_kind(number: u32) -> (u64, u64) {
    maquette_scan::ggml::kind_of(number).map_or((1, 1), |kind| (kind.block, kind.bytes))
}

/// A safetensors file with this header, and `data` bytes after it.
pub fn safetensors_of(header: &str, data: usize) -> Vec<u8> {
    let mut all = (header.len() as u64).to_le_bytes().to_vec();
    all.extend(header.as_bytes());
    all.resize(all.len() + data, 0);
    all
}

/// A safetensors file of tensors that lie one after another: name, type, shape.
pub fn safetensors_with(metadata: &str, tensors: &[(String, &str, Vec<u64>)]) -> Vec<u8> {
    let mut entries = Vec::new();
    if !metadata.is_empty() {
        entries.push(format!("\"__metadata__\":{metadata}"));
    }
    let mut next = 0;
    for (name, dtype, shape) in tensors {
        let bits = safetensors::DTYPES
            .iter()
            .find(|d| d.0 == *dtype)
            .unwrap()
            .1;
        let end = next + shape.iter().product::<u64>() * bits / 8;
        entries.push(format!(
            "\"{name}\":{{\"dtype\":\"{dtype}\",\"shape\":{shape:?},\"data_offsets\":[{next},{end}]}}"
        ));
        next = end;
    }
    let mut header = format!("{{{}}}", entries.join(","));
    while header.len() % 8 != 0 {
        header.push(' ');
    }
    safetensors_of(&header, usize::try_from(next).unwrap())
}

/// One small model of two tensors.
pub fn small_safetensors(names: [&str; 2]) -> Vec<u8> {
    safetensors_with(
        "",
        &[
            (names[0].to_owned(), "BF16", vec![2, 3]),
            (names[1].to_owned(), "F32", vec![4]),
        ],
    )
}

/// Bytes that a header keeps in memory, structures included.
pub fn kept(header: &Header) -> usize {
    let tensors: usize = header
        .tensors
        .iter()
        .map(|t| size_of_val(t) + t.name.capacity() + t.shape.capacity() * 8)
        .sum();
    let config: usize = header
        .config
        .iter()
        .map(|(key, value)| {
            let held = match value {
                Value::Text(text) => text.capacity(),
                Value::Numbers(values) => values.capacity() * 8,
                Value::Bools(values) => values.capacity(),
                _ => 0,
            };
            size_of::<(String, Value)>() + key.capacity() + held
        })
        .sum();
    tensors + config
}

/// The most that a file of `length` bytes may make a header keep: a number of one byte becomes a
/// float of eight, the least tensor of 24 bytes a structure of about 100.
pub fn most_kept(length: usize) -> usize {
    1_024 + 16 * length
}

//! Whatever the bytes are: no panic, no more kept than the file's length allows, and nothing damaged
//! taken for whole.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Gguf, kept, most_kept, read_gguf, read_safetensors, safetensors_with};
use maquette_scan::ggml::KINDS;
use maquette_scan::safetensors::DTYPES;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

/// A valid GGUF, and how many bytes of padding it ends with.
fn gguf() -> impl Strategy<Value = (Gguf, Vec<u8>)> {
    let tensors = btree_map(
        "[a-z.]{1,12}",
        (select(&KINDS[..]), vec(1_u64..4, 0..4)),
        0..8,
    );
    let words = btree_map("[a-z]{1,20}", ".{0,40}", 0..6);
    let lists = btree_map("[A-Z]{1,20}", vec(".{0,12}", 0..40), 0..3);
    let numbers = btree_map("[0-9]{1,20}", vec(any::<u32>(), 0..20), 0..3);
    let alignment = prop_oneof![Just(None), (0_u32..9).prop_map(|n| Some(1 << n))];
    (
        tensors,
        words,
        lists,
        numbers,
        alignment,
        any::<bool>(),
        2_u32..4,
    )
        .prop_map(
            |(tensors, words, lists, numbers, alignment, big_endian, version)| {
                let mut file = Gguf {
                    big_endian,
                    version,
                    alignment,
                    ..Gguf::default()
                };
                for (key, word) in words {
                    file = file.word(&key, &word);
                }
                for (key, list) in lists {
                    file = file.words(&key, list);
                }
                for (key, list) in numbers {
                    let items: Vec<u8> = list.iter().flat_map(|n| file.n32(*n)).collect();
                    let value = [file.n32(4), file.n64(list.len() as u64), items].concat();
                    file = file.pair(&key, 9, value);
                }
                for (name, (kind, mut shape)) in tensors {
                    match shape.first_mut() {
                        Some(row) => *row *= kind.block,
                        None => shape.push(kind.block),
                    }
                    file = file.tensor(&name, &shape, kind.number);
                }
                let bytes = file.bytes();
                (file, bytes)
            },
        )
}

fn safetensors() -> impl Strategy<Value = (usize, Vec<u8>)> {
    let tensors = btree_map(
        "[a-z.]{1,12}",
        (select(&DTYPES[..]), vec(0_u64..5, 0..4)),
        0..8,
    );
    let metadata = btree_map("[a-z]{1,9}", "[ -!#-\\[\\]-~]{0,40}", 0..4);
    (tensors, metadata).prop_map(|(tensors, metadata)| {
        let tensors: Vec<_> = tensors
            .into_iter()
            .map(|(name, ((dtype, bits), mut shape))| {
                if bits < 8 {
                    shape.push(8);
                }
                (name, dtype, shape)
            })
            .collect();
        let metadata: Vec<_> = metadata
            .iter()
            .map(|(key, value)| format!("\"{key}\":\"{value}\""))
            .collect();
        let bytes = safetensors_with(&format!("{{{}}}", metadata.join(",")), &tensors);
        (tensors.len(), bytes)
    })
}

/// What any reading must hold to.
fn bounded(bytes: &[u8]) {
    for header in [read_gguf(bytes), read_safetensors(bytes)]
        .into_iter()
        .flatten()
    {
        assert!(
            kept(&header) <= most_kept(bytes.len()),
            "{} bytes",
            bytes.len()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_gguf_is_read_as_written((file, bytes) in gguf()) {
        let header = read_gguf(&bytes).unwrap();
        prop_assert_eq!(header.tensors.len(), file.tensors.len());
        for (tensor, (name, shape, kind, _)) in header.tensors.iter().zip(&file.tensors) {
            prop_assert_eq!(&tensor.name, name);
            prop_assert_eq!(&tensor.shape, shape);
            let kind = maquette_scan::ggml::kind_of(*kind).unwrap();
            prop_assert_eq!(tensor.dtype, kind.name);
            prop_assert_eq!(tensor.bytes, tensor.elements / kind.block * kind.bytes);
        }
        prop_assert!(kept(&header) <= most_kept(bytes.len()));
    }

    #[test]
    fn a_cut_gguf_is_refused((file, bytes) in gguf()) {
        // Up to the last byte of the last tensor; what follows is padding.
        let whole = read_gguf(&bytes).unwrap();
        let (header, _) = file.header();
        let alignment = u64::from(file.alignment.unwrap_or(32));
        let mut end = 0;
        for tensor in &whole.tensors {
            end = u64::next_multiple_of(end, alignment) + tensor.bytes;
        }
        let needed = if whole.tensors.is_empty() { 24 } else { header.len() + end as usize };
        let step = 1 + bytes.len() / 400;
        for length in (0..bytes.len()).step_by(step) {
            let read = read_gguf(&bytes[..length]);
            prop_assert!(read.is_err() || length >= needed, "{length} of {}", bytes.len());
        }
    }

    #[test]
    fn safetensors_are_read_as_written((count, bytes) in safetensors()) {
        let header = read_safetensors(&bytes).unwrap();
        prop_assert_eq!(header.tensors.len(), count);
        let total: u64 = header.tensors.iter().map(|t| t.bytes).sum();
        prop_assert!(total < bytes.len() as u64);
        prop_assert!(kept(&header) <= most_kept(bytes.len()));
    }

    #[test]
    fn cut_or_longer_safetensors_are_refused((_, bytes) in safetensors()) {
        let step = 1 + bytes.len() / 400;
        for length in (0..bytes.len()).step_by(step) {
            prop_assert!(read_safetensors(&bytes[..length]).is_err());
        }
        prop_assert!(read_safetensors(&[&bytes[..], b"x"].concat()).is_err());
    }

    #[test]
    fn one_flipped_byte((_, bytes) in gguf(), mask in 1_u8..=255) {
        flip_each(bytes, mask);
    }

    #[test]
    fn one_flipped_byte_of_safetensors((_, bytes) in safetensors(), mask in 1_u8..=255) {
        flip_each(bytes, mask);
    }

    #[test]
    fn random_bytes(bytes in vec(any::<u8>(), 0..400)) {
        bounded(&bytes);
        bounded(&[b"GGUF\x03\0\0\0", &bytes[..]].concat());
        bounded(&[b"GGUF\0\0\0\x03", &bytes[..]].concat());
        let length = (bytes.len() as u64).to_le_bytes();
        bounded(&[&length, &bytes[..]].concat());
    }

    #[test]
    fn random_text_as_a_header(text in "[\\[\\]{}\":,0-9a-z_ .eE-]{0,200}") {
        bounded(&common::safetensors_of(&text, 8));
        bounded(&common::safetensors_of(&format!("{{\"a\":{{{text}}}}}"), 8));
        bounded(&common::safetensors_of(
            &format!("{{\"a\":{{\"dtype\":\"U8\",\"shape\":[{text}],\"data_offsets\":[0,8]}}}}"), 8));
    }
}

/// Every byte of the header in turn, and some of the data.
fn flip_each(mut bytes: Vec<u8>, mask: u8) {
    let most = bytes.len().min(1_500);
    for at in 0..most {
        bytes[at] ^= mask;
        bounded(&bytes);
        bytes[at] ^= mask;
    }
}

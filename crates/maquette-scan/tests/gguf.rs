//! GGUF: what is read, and what is refused.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Gguf, read_gguf};
use maquette_scan::ggml::KINDS;
use maquette_scan::{Fault, Value};

fn small() -> Gguf {
    Gguf::default()
        .word("general.architecture", "llama")
        .number("llama.block_count", 2)
        .words(
            "tokenizer.ggml.tokens",
            (0..300).map(|n| format!("token{n}")),
        )
        .tensor("token_embd.weight", &[256, 4], 12)
        .tensor("norm.weight", &[7], 0)
}

#[test]
fn a_small_file() {
    for (version, big_endian) in [(2, false), (3, false), (3, true)] {
        let file = Gguf {
            big_endian,
            version,
            ..Gguf::default()
        }
        .word("general.architecture", "llama")
        .number("llama.block_count", 2)
        .words(
            "tokenizer.ggml.tokens",
            (0..300).map(|n| format!("token{n}")),
        )
        .tensor("token_embd.weight", &[256, 4], 12)
        .tensor("norm.weight", &[7], 0);
        let header = read_gguf(&file.bytes()).unwrap();
        assert_eq!(header.class.as_deref(), Some("llama"));
        assert_eq!(header.config.integer("llama.block_count"), Some(2));
        assert_eq!(
            header.config.get("tokenizer.ggml.tokens"),
            Some(&Value::Long { length: 300 })
        );
        let [embed, norm] = &header.tensors[..] else {
            panic!("{header:?}")
        };
        assert_eq!(
            (embed.dtype, embed.elements, embed.bytes),
            ("Q4_K", 1_024, 576)
        );
        assert_eq!(embed.shape, [256, 4]);
        assert_eq!((norm.dtype, norm.elements, norm.bytes), ("F32", 7, 28));
    }
}

#[test]
fn every_type() {
    let mut file = Gguf::default();
    for kind in KINDS {
        file = file.tensor(kind.name, &[kind.block * 2, 3], kind.number);
    }
    let header = read_gguf(&file.bytes()).unwrap();
    for (tensor, kind) in header.tensors.iter().zip(KINDS) {
        assert_eq!(tensor.dtype, kind.name);
        assert_eq!(tensor.bytes, kind.bytes * 6);
    }
}

#[test]
fn every_value() {
    for big_endian in [false, true] {
        let g = Gguf {
            big_endian,
            ..Gguf::default()
        };
        let order = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            if big_endian {
                bytes.reverse();
            }
            bytes
        };
        let array =
            |kind: u32, count: u64, items: Vec<u8>| [g.n32(kind), g.n64(count), items].concat();
        let file = g
            .clone()
            .pair("u8", 0, vec![200])
            .pair("i8", 1, vec![0xff])
            .pair("u16", 2, order(&60_000_u16.to_le_bytes()))
            .pair("i16", 3, order(&(-2_i16).to_le_bytes()))
            .pair("u32", 4, order(&4_000_000_000_u32.to_le_bytes()))
            .pair("i32", 5, order(&(-3_i32).to_le_bytes()))
            .pair("f32", 6, order(&0.5_f32.to_le_bytes()))
            .pair("bool", 7, vec![1])
            .pair("u64", 10, order(&u64::MAX.to_le_bytes()))
            .pair("i64", 11, order(&(-4_i64).to_le_bytes()))
            .pair("f64", 12, order(&0.1_f64.to_le_bytes()))
            .pair(
                "numbers",
                9,
                array(3, 2, [order(&[1, 0]), order(&[0xff, 0xff])].concat()),
            )
            .pair("flags", 9, array(7, 3, vec![0, 1, 1]))
            .pair("many", 9, array(0, 1_025, vec![7; 1_025]))
            .pair("none", 9, array(8, 0, vec![]))
            .pair(
                "arrays",
                9,
                array(
                    9,
                    2,
                    [array(0, 1, vec![1]), array(8, 1, g.text("x"))].concat(),
                ),
            )
            .word("long", &"x".repeat(256))
            .word("last", "end");
        let config = read_gguf(&file.bytes()).unwrap().config;
        for (key, value) in [
            ("u8", 200),
            ("i8", -1),
            ("u16", 60_000),
            ("i16", -2),
            ("u32", 4_000_000_000),
            ("i32", -3),
            ("i64", -4),
        ] {
            assert_eq!(config.integer(key), Some(value), "{key}");
        }
        assert_eq!(config.number("f32"), Some(0.5));
        assert_eq!(config.number("f64"), Some(0.1));
        assert_eq!(config.get("u64"), Some(&Value::Number(u64::MAX as f64)));
        assert_eq!(config.boolean("bool"), Some(true));
        assert_eq!(config.numbers("numbers"), Some(&[1.0, -1.0][..]));
        assert_eq!(
            config.get("flags"),
            Some(&Value::Bools(vec![false, true, true]))
        );
        assert_eq!(config.get("many"), Some(&Value::Long { length: 1_025 }));
        assert_eq!(config.get("none"), Some(&Value::Long { length: 0 }));
        assert_eq!(config.get("arrays"), Some(&Value::Long { length: 2 }));
        assert_eq!(config.get("long"), Some(&Value::Long { length: 256 }));
        assert_eq!(config.text("last"), Some("end"));
    }
}

#[test]
fn versions_and_magic() {
    let of = |version, big_endian| {
        read_gguf(
            &Gguf {
                big_endian,
                version,
                ..small()
            }
            .header()
            .0,
        )
    };
    for (version, big_endian) in [(1, false), (1, true), (4, false), (0, false)] {
        let fault = of(version, big_endian).unwrap_err();
        assert!(
            matches!(fault, Fault::Version { version: v } if v == version),
            "{fault}"
        );
    }
    assert!(of(1, false).unwrap_err().hint().contains("convert"));
    assert!(matches!(read_gguf(b"GGML0000"), Err(Fault::Unknown { .. })));
    assert!(matches!(read_gguf(b""), Err(Fault::Empty)));
    assert!(matches!(read_gguf(b"GG"), Err(Fault::Ends { .. })));
}

#[test]
fn counts_that_cannot_be() {
    let many = |tensors, pairs| {
        read_gguf(
            &Gguf {
                said_tensors: tensors,
                said_pairs: pairs,
                ..small()
            }
            .bytes(),
        )
        .unwrap_err()
    };
    assert!(matches!(many(Some(1 << 60), None), Fault::TooMany { .. }));
    assert!(matches!(many(Some(u64::MAX), None), Fault::TooMany { .. }));
    assert!(matches!(many(None, Some(u64::MAX)), Fault::TooMany { .. }));
    // Within the limit, and more than the file can hold.
    assert!(matches!(many(Some(1_000_000), None), Fault::Ends { .. }));
    assert!(matches!(many(None, Some(10_000)), Fault::Ends { .. }));
}

#[test]
fn lengths_beyond_the_file() {
    let g = Gguf::default();
    let array = |kind: u32, count: u64| [g.n32(kind), g.n64(count)].concat();
    for (kind, value) in [
        (8, g.n64(1 << 50)),
        (8, g.n64(u64::MAX)),
        (9, array(0, 1 << 50)),
        (9, array(12, u64::MAX)),
        (9, array(8, u64::MAX / 8)),
        (9, array(9, 1 << 40)),
        (9, array(4, 1_000)),
    ] {
        let fault = read_gguf(&g.clone().pair("a.key", kind, value).bytes()).unwrap_err();
        let Fault::Ends { what, .. } = &fault else {
            panic!("{fault:?}")
        };
        assert!(what.contains("a.key"), "{what}");
    }
    for kind in [13, 99, u32::MAX] {
        let file = g.clone().pair("k", kind, vec![0; 8]);
        assert!(matches!(
            read_gguf(&file.bytes()),
            Err(Fault::ValueType { .. })
        ));
        let file = g.clone().pair("k", 9, [g.n32(kind), g.n64(0)].concat());
        assert!(matches!(
            read_gguf(&file.bytes()),
            Err(Fault::ValueType { .. })
        ));
    }
}

#[test]
fn arrays_within_arrays_end_somewhere() {
    let g = Gguf::default();
    let mut value = [g.n32(0), g.n64(1), vec![1]].concat();
    for _ in 0..100 {
        value = [g.n32(9), g.n64(1), value].concat();
    }
    let file = g.pair("deep", 9, value);
    assert!(matches!(
        read_gguf(&file.bytes()),
        Err(Fault::TooDeep { .. })
    ));
}

#[test]
fn a_walk_past_the_limit_is_refused() {
    // The file says that it is large enough; the walk is not made.
    let g = Gguf::default();
    let file = g
        .clone()
        .pair("big", 9, [g.n32(0), g.n64(1 << 40)].concat());
    let bytes = file.bytes();
    let read = maquette_scan::gguf::read_from(std::io::Cursor::new(&bytes), 1 << 41);
    assert!(matches!(read, Err(Fault::TooLong { .. })), "{read:?}");
    // And a file that is shorter than it was said to be ends with an error.
    let file = g.clone().pair("big", 9, [g.n32(8), g.n64(1_000)].concat());
    let read = maquette_scan::gguf::read_from(std::io::Cursor::new(&file.bytes()), 1 << 20);
    assert!(matches!(read, Err(Fault::Ends { .. })), "{read:?}");
}

#[test]
fn said_twice() {
    let file = small().number("llama.block_count", 3);
    assert!(matches!(read_gguf(&file.bytes()), Err(Fault::Twice { .. })));
    let file = small().tensor("norm.weight", &[7], 0);
    assert!(matches!(read_gguf(&file.bytes()), Err(Fault::Twice { .. })));
}

#[test]
fn alignment() {
    for alignment in [1, 8, 64, 4_096] {
        let file = Gguf {
            alignment: Some(alignment),
            ..small()
        };
        assert_eq!(read_gguf(&file.bytes()).unwrap().tensors.len(), 2);
    }
    for alignment in [0, 3, 48] {
        let file = small().number("general.alignment", alignment);
        assert!(matches!(
            read_gguf(&file.bytes()),
            Err(Fault::Alignment { .. })
        ));
    }
    let file = small().word("general.alignment", "32");
    assert!(matches!(
        read_gguf(&file.bytes()),
        Err(Fault::Alignment { .. })
    ));
    let mut file = small();
    file.tensors[1].3 = Some(580);
    assert!(matches!(
        read_gguf(&file.bytes()),
        Err(Fault::Unaligned { .. })
    ));
}

#[test]
fn shapes_that_cannot_be() {
    let of = |shape: &[u64], kind| read_gguf(&Gguf::default().tensor("t", shape, kind).header().0);
    assert!(matches!(
        of(&[1 << 40, 1 << 40], 0),
        Err(Fault::Shape { .. })
    ));
    assert!(matches!(of(&[u64::MAX], 28), Err(Fault::Shape { .. })));
    assert!(matches!(of(&[100], 12), Err(Fault::Shape { .. })));
    assert!(matches!(of(&[], 12), Err(Fault::Shape { .. })));
    assert!(matches!(of(&[1; 9], 0), Err(Fault::TooMany { .. })));
    assert!(matches!(of(&[1 << 40], 0), Err(Fault::Beyond { .. })));
    for kind in [4, 5, 31, 36, 43, u32::MAX] {
        assert!(matches!(of(&[1], kind), Err(Fault::TensorType { .. })));
    }
    // A tensor of nothing takes nothing, however large the rest.
    assert_eq!(of(&[0, u64::MAX, u64::MAX], 0).unwrap().tensors[0].bytes, 0);
}

#[test]
fn data_lies_in_the_file_and_apart() {
    let mut file = small();
    file.tensors[1].3 = Some(1 << 20);
    let fault = read_gguf(&file.bytes()).unwrap_err();
    let Fault::Beyond {
        tensor,
        begin,
        end,
        length,
    } = &fault
    else {
        panic!("{fault:?}")
    };
    assert_eq!(tensor, "`norm.weight`");
    assert_eq!(end - begin, 28);
    assert!(*length < 1 << 20);
    assert!(fault.to_string().contains(&end.to_string()));

    file.tensors[1].3 = Some(u64::MAX - 31);
    assert!(matches!(
        read_gguf(&file.bytes()),
        Err(Fault::Beyond { .. })
    ));
    file.tensors[1].3 = Some(544);
    assert!(matches!(
        read_gguf(&file.bytes()),
        Err(Fault::Overlap { .. })
    ));

    // The padding after the last tensor may be missing, its data may not.
    let bytes = small().bytes();
    assert!(read_gguf(&bytes[..bytes.len() - 4]).is_ok());
    assert!(matches!(
        read_gguf(&bytes[..bytes.len() - 5]),
        Err(Fault::Beyond { .. })
    ));
}

#[test]
fn names_are_printed_harmlessly() {
    let file = Gguf::default().tensor("a\u{1b}[2J\n", &[1 << 30], 0);
    let text = read_gguf(&file.header().0).unwrap_err().to_string();
    assert!(!text.contains('\u{1b}') && !text.contains('\n'), "{text}");
    let file = Gguf::default().tensor(&"x".repeat(1_025), &[1], 0);
    assert!(matches!(
        read_gguf(&file.bytes()),
        Err(Fault::TooLong { .. })
    ));
}

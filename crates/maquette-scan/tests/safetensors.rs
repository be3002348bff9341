//! Safetensors: what is read, and what is refused.

#![allow(clippy::unwrap_used)]

mod common;

use common::{read_safetensors, safetensors_of, safetensors_with};
use maquette_scan::safetensors::DTYPES;
use maquette_scan::{Fault, Header, Value};

fn of(header: &str, data: usize) -> Result<Header, Fault> {
    read_safetensors(&safetensors_of(header, data))
}

#[test]
fn every_type() {
    let tensors: Vec<_> = DTYPES
        .iter()
        .map(|(name, _)| (format!("t.{name}"), *name, vec![4, 2]))
        .collect();
    let header = read_safetensors(&safetensors_with(r#"{"format":"pt"}"#, &tensors)).unwrap();
    assert_eq!(header.config.text("format"), Some("pt"));
    for (tensor, (name, bits)) in header.tensors.iter().zip(DTYPES) {
        assert_eq!(tensor.dtype, name);
        assert_eq!((tensor.elements, tensor.bytes), (8, bits));
        assert_eq!(tensor.shape, [4, 2]);
    }
}

#[test]
fn order_is_that_of_the_data() {
    let header = of(
        r#"{"b":{"dtype":"U8","shape":[2],"data_offsets":[3,5]},
            "a":{"shape":[3],"data_offsets":[0,3],"dtype":"U8","more":{"x":[1]}},
            "none":{"dtype":"F32","shape":[0,9],"data_offsets":[3,3]},
            "one":{"dtype":"U8","shape":[],"data_offsets":[5,6]}}"#,
        6,
    )
    .unwrap();
    let names: Vec<_> = header.tensors.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(names, ["a", "none", "b", "one"]);
    assert!(of("{}", 0).unwrap().tensors.is_empty());
}

#[test]
fn descriptions_are_short_or_measured() {
    let long = "x".repeat(10_000);
    let header = of(
        &format!(r#"{{"__metadata__":{{"a":"b","tags":"{long}"}}}}"#),
        0,
    )
    .unwrap();
    assert_eq!(header.config.text("a"), Some("b"));
    assert_eq!(
        header.config.get("tags"),
        Some(&Value::Long { length: 10_000 })
    );
}

#[test]
fn the_header_s_length() {
    assert!(matches!(read_safetensors(b""), Err(Fault::Empty)));
    assert!(matches!(
        read_safetensors(b"1234567"),
        Err(Fault::Ends { .. })
    ));
    let said = |n: u64| read_safetensors(&[&n.to_le_bytes()[..], b"{}"].concat());
    assert!(said(2).is_ok());
    assert!(matches!(said(3), Err(Fault::Ends { needed: 3, .. })));
    assert!(matches!(said(100_000_000), Err(Fault::Ends { .. })));
    for length in [100_000_001, 1 << 60, u64::MAX] {
        assert!(matches!(said(length), Err(Fault::TooLong { .. })));
    }
    // What the header leaves over belongs to no tensor.
    assert!(matches!(said(1), Err(Fault::Json { .. })));
}

#[test]
fn the_data_is_covered_exactly() {
    let two = |a: &str, b: &str| {
        format!(
            r#"{{"a":{{"dtype":"U8","shape":[4],"data_offsets":{a}}},
                "b":{{"dtype":"U8","shape":[4],"data_offsets":{b}}}}}"#
        )
    };
    assert!(of(&two("[0,4]", "[4,8]"), 8).is_ok());
    assert!(of(&two("[4,8]", "[0,4]"), 8).is_ok());
    let hole = of(&two("[0,4]", "[5,9]"), 9).unwrap_err();
    assert!(matches!(hole, Fault::Hole { bytes: 1, .. }), "{hole}");
    assert!(matches!(
        of(&two("[1,5]", "[5,9]"), 9),
        Err(Fault::Hole { .. })
    ));
    assert!(matches!(
        of(&two("[0,4]", "[4,8]"), 9),
        Err(Fault::Hole { bytes: 1, .. })
    ));
    assert!(matches!(
        of(&two("[0,4]", "[3,7]"), 7),
        Err(Fault::Overlap { .. })
    ));
    assert!(matches!(
        of(&two("[0,4]", "[0,4]"), 4),
        Err(Fault::Overlap { .. })
    ));
    let cut = of(&two("[0,4]", "[4,8]"), 7).unwrap_err();
    assert!(
        matches!(&cut, Fault::Beyond { tensor, .. } if tensor == "`b`"),
        "{cut}"
    );
    assert!(matches!(
        of(&two("[0,4]", "[4,9]"), 9),
        Err(Fault::Size { .. })
    ));
    assert!(matches!(
        of(&two("[0,4]", "[8,4]"), 8),
        Err(Fault::Size { .. })
    ));
    assert!(matches!(
        of(
            &two("[0,4]", "[18446744073709551611,18446744073709551615]"),
            8
        ),
        Err(Fault::Hole { .. })
    ));
}

#[test]
fn entries_that_cannot_be() {
    let one = |entry: &str| of(&format!("{{\"t\":{entry}}}"), 4).unwrap_err();
    let json = [
        r#"{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}"#,
        r#"{"dtype":"U8","shape":[4.0],"data_offsets":[0,4]}"#,
        r#"{"dtype":"U8","shape":[4],"data_offsets":[0,-4]}"#,
        r#"{"dtype":"U8","shape":[4],"data_offsets":[0]}"#,
        r#"{"dtype":"U8","shape":[4],"data_offsets":[0,4,8]}"#,
        r#"{"dtype":"U8","shape":[18446744073709551616],"data_offsets":[0,4]}"#,
        r#"{"dtype":"U8","shape":4,"data_offsets":[0,4]}"#,
        r#"{"dtype":7,"shape":[4],"data_offsets":[0,4]}"#,
        r#"{"shape":[4],"data_offsets":[0,4]}"#,
        r#"{"dtype":"U8","data_offsets":[0,4]}"#,
        r#"{"dtype":"U8","shape":[4]}"#,
        "null",
        "[]",
        "{",
    ];
    for entry in json {
        assert!(matches!(one(entry), Fault::Json { .. }), "{entry}");
    }
    let text = one(json[0]).to_string();
    assert!(text.contains("`t`") && text.contains("-4"), "{text}");
    assert!(matches!(
        one(r#"{"dtype":"U7","shape":[4],"data_offsets":[0,4]}"#),
        Fault::TensorType { .. }
    ));
    for shape in [
        "[4294967296,4294967296,2]",
        "[1,1,1,1,1,1,1,1,4]",
        "[4611686018427387904]",
    ] {
        let entry = format!(r#"{{"dtype":"F64","shape":{shape},"data_offsets":[0,4]}}"#);
        assert!(matches!(one(&entry), Fault::Shape { .. }), "{shape}");
    }
    // Three weights of four bits are no whole number of bytes.
    assert!(matches!(
        one(r#"{"dtype":"F4","shape":[3],"data_offsets":[0,1]}"#),
        Fault::Shape { .. }
    ));
    assert!(matches!(
        one(r#"{"dtype":"U8","dtype":"U8","shape":[4],"data_offsets":[0,4]}"#),
        Fault::Twice { .. }
    ));
}

#[test]
fn said_twice() {
    let t = r#""t":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"#;
    assert!(matches!(
        of(&format!("{{{t},{t}}}"), 0),
        Err(Fault::Twice { .. })
    ));
    let m = r#""__metadata__":{"a":"b"}"#;
    assert!(matches!(
        of(&format!("{{{m},{m}}}"), 0),
        Err(Fault::Twice { .. })
    ));
    assert!(matches!(
        of(r#"{"__metadata__":{"a":"b","a":"c"}}"#, 0),
        Err(Fault::Twice { .. })
    ));
}

#[test]
fn nesting_is_bounded_wherever_it_is() {
    let brackets = "[".repeat(100_000);
    let braces = "{\"a\":".repeat(100_000);
    for deep in [&brackets, &braces] {
        for header in [
            deep.clone(),
            format!("{{\"t\":{deep}"),
            format!("{{\"t\":{{\"x\":{deep}"),
            format!("{{\"t\":{{\"shape\":{deep}"),
            format!("{{\"__metadata__\":{{\"x\":{deep}"),
        ] {
            let fault = of(&header, 0).unwrap_err();
            assert!(
                matches!(fault, Fault::TooDeep { .. } | Fault::Json { .. }),
                "{fault}"
            );
        }
    }
}

#[test]
fn text_that_is_none() {
    let mut bytes = safetensors_of(
        r#"{"t_":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#,
        0,
    );
    bytes[11] = 0xff;
    assert!(matches!(read_safetensors(&bytes), Err(Fault::Json { .. })));
    for header in ["", "null", "[]", "3", "{} {}", "{\"a\"}", "\u{feff}{}"] {
        assert!(
            matches!(of(header, 0), Err(Fault::Json { .. })),
            "{header:?}"
        );
    }
}

#[test]
fn a_long_header_is_read_as_a_short_one() {
    // More than is read at once.
    let tensors: Vec<_> = (0..60_000)
        .map(|n| (format!("model.layers.{n}.mlp.experts.gate"), "U8", vec![1]))
        .collect();
    let bytes = safetensors_with("", &tensors);
    assert!(bytes.len() > 5 * 1024 * 1024);
    assert_eq!(read_safetensors(&bytes).unwrap().tensors.len(), 60_000);
    assert!(matches!(
        read_safetensors(&bytes[..bytes.len() - 1]),
        Err(Fault::Beyond { .. })
    ));
    let brackets = "[".repeat(5 * 1024 * 1024);
    for header in [brackets.clone(), format!("{{\"t\":{{\"x\":{brackets}")] {
        let fault = of(&header, 0).unwrap_err();
        assert!(
            matches!(fault, Fault::TooDeep { .. } | Fault::Json { .. }),
            "{fault}"
        );
    }
    // Said to be longer than it is.
    let read = maquette_scan::safetensors::read_from(std::io::Cursor::new(&bytes), 1 << 40);
    assert!(matches!(read, Err(Fault::Hole { .. })));
    let read = maquette_scan::safetensors::read_from(
        std::io::Cursor::new(&bytes[..4 * 1024 * 1024 + 1_000]),
        1 << 40,
    );
    assert!(matches!(read, Err(Fault::Json { .. })), "{read:?}");
}

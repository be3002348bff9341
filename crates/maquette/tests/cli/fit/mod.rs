//! `fit`: what is typed wrong is refused, what is in a file is counted to the byte, and what is
//! answered is a range that keeps to the machine asked about.

mod answers;
mod batch;
mod files;
mod own;
mod typed;

use serde_json::Value;

use crate::run::{Place, Ran, maquette};

pub const CARD: &str = "RTX 4090";

/// `fit` on a named card.
pub fn fit(args: &[&str]) -> Ran {
    maquette(&[&["fit", "--gpu", CARD], args].concat())
}

/// The report of `fit`, whichever way the answer goes.
pub fn report(args: &[&str]) -> Value {
    at(&Place::new(), args)
}

pub fn at(place: &Place, args: &[&str]) -> Value {
    let ran = place
        .run(&[&["fit"], args, &["--format", "json"]].concat())
        .calm();
    assert!(ran.code <= 1, "{}: {}", ran.args, ran.err);
    assert_eq!(ran.err, "", "{}", ran.args);
    serde_json::from_str(&ran.out).unwrap()
}

pub fn mid(report: &Value, pointer: &str) -> f64 {
    let at = report.pointer(pointer);
    at.and_then(|e| e["mid"].as_f64())
        .unwrap_or_else(|| panic!("no figure at {pointer}: {report}"))
}

/// Every range of the document: finite, above zero, in order. How many there are.
pub fn ranges(value: &Value, at: &str) -> usize {
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

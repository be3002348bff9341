//! Random files: bytes, tables with the catalog's own keys, and spoiled copies of real files.

use maquette_catalog::SourceFile;
use proptest::prelude::*;
use toml::{Table, Value};

use crate::tiny;

/// Where random texts claim to lie.
fn path() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => prop::sample::select(tiny::FILES.map(|(path, _)| path.to_owned()).to_vec()),
        1 => Just("providers/new.toml".to_owned()),
        1 => Just("models/new.toml".to_owned()),
        1 => "[a-z/.]{1,20}",
    ]
}

/// Every word that stands before an equals sign, or in brackets, in the tiny catalog.
fn keys() -> Vec<String> {
    let mut keys: Vec<String> = tiny::FILES
        .iter()
        .flat_map(|(_, text)| text.split(|c: char| !(c.is_alphanumeric() || c == '_')))
        .filter(|w| w.len() > 1 && w.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
        .map(str::to_owned)
        .collect();
    keys.extend(
        [
            "when",
            "topup",
            "overage",
            "rollover",
            "slow_lane",
            "deposit",
        ]
        .map(str::to_owned),
    );
    keys.sort();
    keys.dedup();
    keys
}

/// Words that some field of the catalog takes, and some that none does.
fn word() -> impl Strategy<Value = String> {
    let known = [
        "pix",
        "shop",
        "shop/pix",
        "card",
        "image",
        "open",
        "high",
        "2026",
        "2026-02-30",
        "2026-03-01",
        "0.04 USD",
        "-1 USD",
        "1 EUR",
        "79228162514264337593543950335 USD",
        "0.0000000000000000000000000001 USD",
        "1",
        "0",
        "-5",
        "1e40",
        "gpu-hour",
        "job",
        "monthly",
        "yes",
        "US",
        "USD",
        "",
        "99999999999x99999999999",
    ];
    prop_oneof![
        5 => prop::sample::select(known.map(str::to_owned).to_vec()),
        1 => "\\PC{0,12}",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        6 => word().prop_map(Value::String),
        1 => any::<i64>().prop_map(Value::Integer),
        1 => any::<f64>().prop_map(Value::Float),
        1 => any::<bool>().prop_map(Value::Boolean),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            table_of(inner).prop_map(Value::Table),
        ]
    })
}

fn table_of(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Table> {
    let entry = (prop::sample::select(keys()), value);
    prop::collection::vec(entry, 0..8).prop_map(|list| list.into_iter().collect())
}

/// A real file with some lines dropped, doubled, swapped in from other files, or given other words.
fn spoiled() -> impl Strategy<Value = SourceFile> {
    let edit = (
        any::<prop::sample::Index>(),
        0_u8..5,
        word(),
        any::<prop::sample::Index>(),
    );
    let which = prop::sample::select(tiny::FILES.to_vec());
    (which, prop::collection::vec(edit, 1..5)).prop_map(|((path, text), edits)| {
        let all: Vec<&str> = tiny::FILES.iter().flat_map(|(_, t)| t.lines()).collect();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for (at, how, word, other) in edits {
            let i = at.index(lines.len());
            match how {
                0 => drop(lines.remove(i)),
                1 => lines.insert(i, lines[i].clone()),
                2 => lines.insert(i, (*other.get(&all)).to_owned()),
                3 => lines[i] = lines[i].chars().take(lines[i].len() / 2).collect(),
                _ => {
                    let key = lines[i].split('=').next().unwrap_or_default().to_owned();
                    lines[i] = format!("{key}= {}", Value::String(word));
                }
            }
            if lines.is_empty() {
                lines.push(String::new());
            }
        }
        tiny::file(path, lines.join("\n"))
    })
}

pub fn any_file() -> impl Strategy<Value = SourceFile> {
    prop_oneof![
        1 => (path(), prop::collection::vec(any::<u8>(), 0..200))
            .prop_map(|(path, b)| tiny::file(&path, String::from_utf8_lossy(&b))),
        1 => (path(), "\\PC{0,80}").prop_map(|(path, text)| tiny::file(&path, text)),
        3 => (path(), table_of(value()))
            .prop_map(|(path, table)| tiny::file(&path, table.to_string())),
        6 => spoiled(),
    ]
}

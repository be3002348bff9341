//! The license engine against readers of the texts: 81 questions with their verdicts, asked through
//! the built program; and bad input, which is answered and never permitted.
#![allow(clippy::unwrap_used)]

mod records;

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    models: Vec<String>,
    licenses: Vec<String>,
    verdict: String,
    certainty: String,
    facts: toml::Table,
}

/// What the program answers to these lines, by id.
fn batch(lines: &str) -> BTreeMap<String, Value> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_maquette"))
        .args(["license", "--batch", "-", "--as-of", "2026-11-24"])
        .env("MAQUETTE_CONFIG_DIR", env!("CARGO_TARGET_TMPDIR"))
        .env("MAQUETTE_DATA_DIR", env!("CARGO_TARGET_TMPDIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(lines.as_bytes())
        .unwrap();
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success());
    let text = String::from_utf8(out.stdout).unwrap();
    text.lines()
        .map(|l| {
            let v: Value = serde_json::from_str(l).unwrap();
            (v["id"].as_str().unwrap().to_owned(), v)
        })
        .collect()
}

fn one(models: &[&str], facts: &Value) -> Value {
    let line = json!({"id": "x", "models": models, "facts": facts});
    batch(&line.to_string()).remove("x").unwrap()
}

#[test]
fn the_verdicts_of_readers_of_the_texts() {
    hold(include_str!("cases.toml"), 81);
}

#[test]
fn the_verdicts_of_another_reader() {
    hold(include_str!("more_cases.toml"), 217);
}

fn hold(text: &str, count: usize) {
    let cases: Cases = toml::from_str(text).unwrap();
    assert_eq!(cases.case.len(), count);
    let lines: Vec<String> = cases
        .case
        .iter()
        .map(|c| json!({"id": c.id, "models": c.models, "facts": c.facts}).to_string())
        .collect();
    let answers = batch(&lines.join("\n"));
    let mut wrong = Vec::new();
    for case in &cases.case {
        let answer = &answers[&case.id];
        if answer["verdict"] != case.verdict.as_str() {
            wrong.push(format!(
                "{} ({}): {} not {}",
                case.id, case.certainty, answer["verdict"], case.verdict
            ));
        }
        // The text that a reader named is among those that decided.
        let decided = answer["deciding"].as_array().unwrap();
        let named = case
            .licenses
            .iter()
            .any(|l| decided.iter().any(|d| d == l.as_str()));
        if !named && !case.licenses.is_empty() {
            wrong.push(format!(
                "{}: decided by {decided:?}, not {:?}",
                case.id, case.licenses
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_missing_fact_is_asked_for_only_where_it_matters() {
    let sells = json!({"use": "commercial", "acts": ["run", "sell-output"]});
    let asked = one(&["stable-audio-open-1.0"], &sells);
    assert_eq!(asked["verdict"], "unknown");
    assert_eq!(
        asked["missing_facts"],
        json!(["group_annual_revenue_usd", "registered"])
    );
    // Barred whatever the revenue: nothing to ask.
    let barred = one(&["musicgen-medium", "stable-audio-open-1.0"], &sells);
    assert_eq!(
        (&barred["verdict"], &barred["missing_facts"]),
        (&json!("deny"), &json!([]))
    );
}

#[test]
fn facts_that_contradict_each_other_give_no_verdict() {
    for (models, facts) in [
        (
            ["flux.1-schnell"],
            json!({"place": "worldwide", "domicile": "DE"}),
        ),
        (
            ["musicgen-medium"],
            json!({"place": "worldwide", "domicile": "FR"}),
        ),
        (
            ["sdxl-1.0"],
            json!({"annual_revenue_usd": 1000, "monthly_revenue_usd": 2000}),
        ),
    ] {
        let answer = one(&models, &facts);
        assert_eq!(answer["verdict"], "unknown", "{facts}");
        assert!(!answer["reasons"].as_array().unwrap().is_empty());
    }
}

#[test]
fn a_currency_without_a_rate_is_said() {
    let answer = one(
        &["sd-3.5-large"],
        &json!({"annual_revenue": "5 JPY", "registered": true}),
    );
    assert_eq!(answer["verdict"], "unknown");
    assert!(
        answer["reasons"][0]
            .as_str()
            .unwrap()
            .contains("no rate from JPY to USD")
    );
    // With one, the line is met in dollars.
    let answer = one(
        &["sd-3.5-large"],
        &json!({"annual_revenue": "1.5M EUR", "registered": true}),
    );
    assert_eq!(answer["verdict"], "needs-license");
}

#[test]
fn what_cannot_be_read_is_answered_too() {
    let lines = "{\"id\": \"a\", \"models\": [\"flux.1-dve\"]}\nnot json\n{\"id\": \"b\", \"models\": [\"sdxl-1.0\"], \"facts\": {\"use\": \"comercial\"}}\n{\"id\": \"c\", \"models\": [\"sdxl-1.0\"], \"facts\": {\"registred\": true}}\n{\"id\": \"d\", \"models\": [\"sdxl-1.0\"], \"facts\": {\"product_mau\": -1}}";
    let answers = batch(lines);
    for (id, says) in [
        ("a", "flux.1-dev"),
        ("line 2", "expected"),
        ("b", "commercial"),
        ("c", "registered"),
        ("d", "below zero"),
    ] {
        let answer = &answers[id];
        assert_eq!(answer["verdict"], "unknown", "{id}");
        assert!(
            answer["reasons"].to_string().contains(says),
            "{id}: {}",
            answer["reasons"]
        );
    }
}

#[test]
fn places_are_understood_or_refused() {
    for place in [
        "DE",
        "Germany",
        "germany",
        "DEU",
        "EU",
        "Europe",
        "UK",
        "South Korea",
    ] {
        let facts = json!({"place": place, "output_to": "US", "group_mau_at_release": 0});
        assert_eq!(
            one(&["hy-motion-1.0"], &facts)["verdict"],
            "deny",
            "{place}"
        );
    }
    let facts = json!({"place": "Narnia", "output_to": "US", "group_mau_at_release": 0});
    let answer = one(&["hy-motion-1.0"], &facts);
    assert_eq!(answer["verdict"], "unknown");
    assert!(answer["reasons"].to_string().contains("Narnia"));
}

#[test]
fn the_day_asked_for_decides_the_edition() {
    let text = |day: &str, model: &str| {
        let out = Command::new(env!("CARGO_BIN_EXE_maquette"))
            .args(["license", model, "--as-of", day, "--format", "json"])
            .env("MAQUETTE_CONFIG_DIR", env!("CARGO_TARGET_TMPDIR"))
            .env("MAQUETTE_DATA_DIR", env!("CARGO_TARGET_TMPDIR"))
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&out.stdout).unwrap();
        report["readings"][0]["license"]
            .as_str()
            .unwrap_or("none")
            .to_owned()
    };
    assert_eq!(
        text("2026-06-15", "fish-s2-pro"),
        "fish-audio-research-2026-03"
    );
    assert_eq!(
        text("2026-11-24", "fish-s2-pro"),
        "fish-audio-community-1.0"
    );
    assert_eq!(
        text("2024-06-20", "stable-audio-open-1.0"),
        "stability-ai-nc-research"
    );
    // A text of its own for three weeks, which nobody has kept.
    assert_eq!(text("2026-01-05", "ace-step-1.5"), "none");
    let early = one(&["ace-step-1.5"], &json!({"downloaded": "2025-10-01"}));
    assert_eq!(early["verdict"], "unknown");
    let late = one(&["ace-step-1.5"], &json!({"downloaded": "2030-01-01"}));
    assert!(late["reasons"].to_string().contains("lies after"));
}

#[test]
fn a_license_that_nobody_sells_is_said() {
    let answer = one(&["flux.1-dev"], &json!({"held_license": "bfl-bilder"}));
    assert!(answer["reasons"].to_string().contains("bfl-builder"));
}

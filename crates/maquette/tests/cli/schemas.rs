//! `maquette schema X` describes what `X --format json` writes.

use serde_json::Value;

use crate::formats::{answer, commands, report_of};
use crate::run::{catalog_of_the_project, maquette};

/// The part of JSON Schema that the reports use. An unknown keyword is an error, so that nothing
/// goes unchecked.
fn check(root: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let Some(keys) = schema.as_object() else {
        return Ok(());
    };
    for (keyword, rule) in keys {
        match keyword.as_str() {
            "$ref" => {
                let pointer = rule.as_str().unwrap_or_default().trim_start_matches('#');
                let target = root
                    .pointer(pointer)
                    .ok_or(format!("{at}: {rule} leads nowhere"))?;
                check(root, target, value, at)?;
            }
            "type" => {
                let allowed: Vec<&str> = rule
                    .as_array()
                    .map_or_else(|| vec![rule], |a| a.iter().collect())
                    .into_iter()
                    .filter_map(Value::as_str)
                    .collect();
                if !allowed.iter().any(|t| is(value, t)) {
                    return Err(format!("{at}: {value} is not {allowed:?}"));
                }
            }
            "required" => {
                for key in rule.as_array().into_iter().flatten() {
                    if value.get(key.as_str().unwrap_or_default()).is_none() {
                        return Err(format!("{at}: {key} is missing"));
                    }
                }
            }
            "properties" => {
                let known = rule.as_object().ok_or("properties")?;
                for (key, inner) in value.as_object().into_iter().flatten() {
                    let part = known
                        .get(key)
                        .ok_or(format!("{at}: {key} is not described"))?;
                    check(root, part, inner, &format!("{at}/{key}"))?;
                }
            }
            "additionalProperties" if !keys.contains_key("properties") => {
                for (key, inner) in value.as_object().into_iter().flatten() {
                    check(root, rule, inner, &format!("{at}/{key}"))?;
                }
            }
            "items" => {
                for (i, inner) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, rule, inner, &format!("{at}/{i}"))?;
                }
            }
            "const" if rule != value => return Err(format!("{at}: {value} is not {rule}")),
            "enum" if !rule.as_array().is_some_and(|a| a.contains(value)) => {
                return Err(format!("{at}: {value} is not one of {rule}"));
            }
            "minimum" if value.is_number() && value.as_f64() < rule.as_f64() => {
                return Err(format!("{at}: {value} is below {rule}"));
            }
            "const" | "enum" | "minimum" | "$schema" | "title" | "description" | "$defs"
            | "format" | "default" => {}
            "minItems" | "maxItems" => {
                let have = value.as_array().map(Vec::len);
                let bound = rule.as_u64().and_then(|n| usize::try_from(n).ok());
                let kept = if keyword == "minItems" {
                    have >= bound
                } else {
                    have <= bound
                };
                if have.is_some() && !kept {
                    return Err(format!("{at}: {have:?} items against {keyword} {rule}"));
                }
            }
            "prefixItems" => {
                for (i, inner) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, &rule[i], inner, &format!("{at}/{i}"))?;
                }
            }
            "anyOf" | "oneOf" => {
                let mut failed = Vec::new();
                for one in rule.as_array().into_iter().flatten() {
                    match check(root, one, value, at) {
                        Ok(()) => break,
                        Err(e) => failed.push(e),
                    }
                }
                if Some(failed.len()) == rule.as_array().map(Vec::len) {
                    return Err(failed.join("; "));
                }
            }
            other => return Err(format!("{at}: the test does not know the keyword {other}")),
        }
    }
    Ok(())
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        _ => false,
    }
}

pub fn schema(report: &str) -> Value {
    serde_json::from_str(&maquette(&["schema", report]).done().out).unwrap()
}

/// The value is what the schema says.
#[track_caller]
pub fn assert_described(schema: &Value, value: &Value) {
    assert_eq!(check(schema, schema, value, ""), Ok(()), "{value}");
}

#[test]
fn every_report_is_as_its_schema_says() {
    for (args, _) in commands() {
        let schema = schema(report_of(&args));
        let report = serde_json::from_str(&answer(&args, "json").out).unwrap();
        assert_eq!(check(&schema, &schema, &report, ""), Ok(()), "{args:?}");
    }
    let root = catalog_of_the_project();
    let args = [
        "catalog",
        "check",
        root.to_str().unwrap(),
        "--format",
        "json",
    ];
    let report = serde_json::from_str(&maquette(&args).done().out).unwrap();
    let schema = schema("catalog-check");
    assert_eq!(check(&schema, &schema, &report, ""), Ok(()));
}

#[test]
fn the_check_finds_what_is_wrong() {
    let schema = schema("choose");
    let good: Value =
        serde_json::from_str(&answer(&["choose", "--gpu", "none"], "json").out).unwrap();
    for (pointer, bad) in [
        ("/as_of", Value::from(5)),
        ("/stacks/0/total", Value::from("none")),
        ("/stacks/0/choices/0/cost/amount", Value::from(0.5)),
        (
            "/stacks/0/choices/0/evidence/0/confidence",
            Value::from("sure"),
        ),
    ] {
        let mut report = good.clone();
        *report.pointer_mut(pointer).expect(pointer) = bad;
        assert!(check(&schema, &schema, &report, "").is_err(), "{pointer}");
    }
    let mut report = good.clone();
    report.as_object_mut().unwrap().remove("stacks");
    assert!(check(&schema, &schema, &report, "").is_err());
    let mut report = good;
    report["new"] = Value::Null;
    assert!(check(&schema, &schema, &report, "").is_err());
}

//! Many cases at once: JSON lines in, one JSON line each out.

use maquette_core::report::license::BatchLine;
use maquette_license::{Verdict, evaluate};
use serde::Deserialize;
use serde_json::Value;

use super::{FactsForm, deciding, doubt, license_id, subject};
use crate::context::Context;

#[derive(Deserialize)]
struct Case {
    id: String,
    #[serde(default)]
    models: Vec<String>,
    #[serde(default)]
    facts: FactsForm,
}

/// The answer to each line of `text` that is not empty. A line that cannot be read is answered with
/// the reason, so that every case has its line.
pub fn batch(ctx: &Context, text: &str) -> Vec<BatchLine> {
    let lines = text.lines().enumerate();
    lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(i, line)| match serde_json::from_str::<Case>(line) {
            Ok(case) => one(ctx, case),
            Err(e) => no_verdict(id_of(line, i + 1), vec![e.to_string()]),
        })
        .collect()
}

/// The id of a line that is wrong elsewhere; else which line it is.
fn id_of(line: &str, number: usize) -> String {
    let value: Option<Value> = serde_json::from_str(line).ok();
    match value.as_ref().map(|v| &v["id"]) {
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => format!("line {number}"),
    }
}

fn no_verdict(id: String, reasons: Vec<String>) -> BatchLine {
    BatchLine {
        id,
        verdict: Verdict::Unknown.short().to_owned(),
        deciding: Vec::new(),
        duties: Vec::new(),
        clauses: Vec::new(),
        missing_facts: Vec::new(),
        reasons,
    }
}

fn one(ctx: &Context, case: Case) -> BatchLine {
    let mut subjects = Vec::new();
    let mut reasons = Vec::new();
    for name in &case.models {
        match subject(ctx, name) {
            Ok(s) => subjects.push(s),
            Err(e) => reasons.push(e.message),
        }
    }
    // A case stands on its own facts: what is recorded here bears on no line of a batch.
    let told = match case.facts.facts(ctx) {
        Ok(mut told) => {
            told.facts.grants.clear();
            told
        }
        Err(e) => {
            reasons.push(e);
            return no_verdict(case.id, reasons);
        }
    };
    let mut union = evaluate(&ctx.knowledge.catalog, &subjects, &told.facts);
    if !reasons.is_empty() {
        union.doubts.clear();
    }
    doubt(&mut union, reasons);
    doubt(&mut union, told.doubts);
    let mut duties = Vec::new();
    let mut clauses = Vec::new();
    for r in &union.readings {
        let license = license_id(r);
        let mut cite = |rule| {
            if let Some(clause) = r.clause(rule) {
                let line = format!("{license} {clause}");
                if !clauses.contains(&line) {
                    clauses.push(line);
                }
            }
        };
        r.steps
            .iter()
            .filter(|s| s.verdict == union.verdict)
            .for_each(|s| cite(s.rule));
        for d in &r.duties {
            cite(d.rule);
            duties.push(format!("{license}: {}", d.words));
        }
    }
    BatchLine {
        id: case.id,
        verdict: union.verdict.short().to_owned(),
        deciding: deciding(&union),
        duties,
        clauses,
        missing_facts: super::facts_missing(&union)
            .iter()
            .map(|f| (*f).to_owned())
            .collect(),
        reasons: {
            // Unknown, and nothing to ask: what the texts leave open.
            let open = union.verdict == Verdict::Unknown && union.missing.is_empty();
            let steps = union.readings.iter().flat_map(|r| &r.steps);
            let unknown = steps.filter(|s| open && s.verdict == Verdict::Unknown);
            let words = unknown.map(|s| s.words.clone());
            union.doubts.iter().cloned().chain(words).collect()
        },
    }
}

//! A license verdict with its grounds, and the matrix of texts and acts, as pages.

use maquette_core::report::license::{LicenseReport, LicensesReport, ReadingLine, RecordReport};

use crate::document::{Block, Document, records};
use crate::table::{Cell, Column, Row, Table};

pub fn license(report: &LicenseReport) -> Document {
    let mut doc = Document::default();
    doc.push(Block::Finding(report.finding.clone()));
    let facts: Vec<String> = report
        .facts
        .iter()
        .map(|(k, v)| format!("{} {v}", k.replace('_', " ")))
        .collect();
    doc.push(Block::Paragraph(format!(
        "Asked for: {}.",
        facts.join("; ")
    )));
    for r in &report.readings {
        reading(&mut doc, r);
    }
    if !report.missing.is_empty() {
        doc.push(Block::Heading("What would settle it".to_owned()));
        let lines = report
            .missing
            .iter()
            .map(|m| format!("{}: {}", m.how, m.why));
        doc.push(Block::List(lines.collect()));
    }
    if !report.doubts.is_empty() {
        doc.push(Block::Heading("What cannot be relied on".to_owned()));
        doc.push(Block::List(report.doubts.clone()));
    }
    doc.push(Block::List(report.notes.clone()));
    doc.records = Some(license_records(report));
    doc
}

fn reading(doc: &mut Document, r: &ReadingLine) {
    let id = r.license.as_deref().unwrap_or("no text");
    doc.push(Block::Heading(format!(
        "{} {id}: {}",
        mark(&r.verdict),
        r.verdict
    )));
    let mut known = vec![format!("{}, governs {}", r.name, r.links.join("; "))];
    if r.license.is_none() {
        known = vec![format!("{}: {}", r.name, r.links.join("; "))];
    }
    if let Some(grade) = &r.grade {
        known.push(format!("the text is known by {}", grade_words(grade)));
    }
    if let Some(grade) = &r.link_grade {
        known.push(format!("the link to it by {}", grade_words(grade)));
    }
    if let Some(read) = &r.read {
        known.push(format!("read {read}"));
    }
    let url = r.url.as_ref().map_or_else(String::new, |u| format!(" {u}"));
    doc.push(Block::Paragraph(format!("{}.{url}", known.join("; "))));
    let mut t = Table::new(vec![
        Column::left("verdict", ""),
        Column::left("words", "Ground").wrap(),
        Column::left("clause", "Clause").wrap(),
    ]);
    for s in &r.steps {
        let mut words = s.words.clone();
        if let Some(lenient) = &s.lenient {
            words = format!("{words}; the other reading: {lenient}");
        }
        // What is merely not barred is no permission of its own.
        let sign = match s.verdict.as_str() {
            "permitted" => "·",
            other => mark(other),
        };
        t.push(row(sign, &words, s.clause.as_ref()));
    }
    for d in &r.duties {
        t.push(row("◆", &d.words, d.clause.as_ref()));
    }
    if !r.steps.is_empty() || !r.duties.is_empty() {
        doc.push(Block::Table(t));
    }
}

fn row(mark: &str, words: &str, clause: Option<&String>) -> Row {
    Row::body(vec![
        mark.into(),
        words.into(),
        clause.cloned().unwrap_or_default().into(),
    ])
}

fn grade_words(grade: &str) -> &'static str {
    match grade {
        "text" => "reading it",
        "secondary" => "what others say of it",
        _ => "a tag only",
    }
}

/// A sign that means the same without colour.
fn mark(verdict: &str) -> &'static str {
    match verdict {
        "permitted" | "permits" => "●",
        "permitted-with-conditions" | "requires" => "◆",
        "needs-license" => "▲",
        "prohibited" | "prohibits" => "✕",
        "ambiguous" => "≈",
        _ => "?",
    }
}

fn license_records(report: &LicenseReport) -> Table {
    let rows = report.readings.iter().flat_map(|r| {
        let id = r.license.clone().unwrap_or_default();
        let line = |kind: &str, rule: &str, verdict: &str, words: &str, clause: Option<&String>| {
            vec![
                id.clone(),
                kind.to_owned(),
                rule.to_owned(),
                verdict.to_owned(),
                words.to_owned(),
                clause.cloned().unwrap_or_default(),
                r.url.clone().unwrap_or_default(),
                r.read.clone().unwrap_or_default(),
                r.grade.clone().unwrap_or_default(),
            ]
        };
        let mut out = vec![line("text", "", &r.verdict, &r.links.join("; "), None)];
        for s in &r.steps {
            out.push(line(
                "step",
                &s.rule,
                &s.verdict,
                &s.words,
                s.clause.as_ref(),
            ));
        }
        for d in &r.duties {
            out.push(line("duty", &d.rule, "", &d.words, d.clause.as_ref()));
        }
        out
    });
    records(
        &[
            "license", "kind", "rule", "verdict", "words", "clause", "url", "read", "grade",
        ],
        rows,
    )
}

pub fn licenses(report: &LicensesReport) -> Document {
    let mut doc = Document::default();
    let facts: Vec<String> = report
        .facts
        .iter()
        .map(|(k, v)| format!("{} {v}", k.replace('_', " ")))
        .collect();
    doc.push(Block::Finding(format!(
        "{} license texts, for {}.",
        report.licenses.len(),
        facts.join("; ")
    )));
    doc.push(Block::Paragraph(
        "● permits   ◆ requires something   ▲ needs a license   ✕ prohibits   ≈ ambiguous   ? depends on a fact not said"
            .to_owned(),
    ));
    let mut columns = vec![Column::left("license", "License").wrap()];
    let shown: Vec<&String> = report.acts.iter().filter(|a| head(a).is_some()).collect();
    columns.extend(
        shown
            .iter()
            .map(|act| Column::left(act.as_str(), head(act).unwrap_or_default())),
    );
    columns.push(Column::right("governs", "Models").priority(2));
    columns.push(Column::left("grade", "Known by").priority(3));
    let mut t = Table::new(columns);
    for l in &report.licenses {
        let mut cells: Vec<Cell> = vec![l.id.as_str().into()];
        cells.extend(shown.iter().map(|a| {
            let word = l.acts.get(*a).map_or("", String::as_str);
            Cell::from(mark(word))
        }));
        cells.push(Cell::from(l.governs.to_string()).evidence(l.id.clone()));
        cells.push(l.grade.as_str().into());
        t.push(Row::body(cells));
    }
    doc.push(Block::Table(t));
    doc.push(Block::List(report.notes.clone()));
    let mut keys = vec![
        "license", "name", "class", "grade", "governs", "url", "read",
    ];
    keys.extend(report.acts.iter().map(String::as_str));
    let rows = report.licenses.iter().map(|l| {
        let mut row = vec![
            l.id.clone(),
            l.name.clone(),
            l.class.clone(),
            l.grade.clone(),
            l.governs.to_string(),
            l.url.clone().unwrap_or_default(),
            l.read.clone(),
        ];
        row.extend(
            report
                .acts
                .iter()
                .map(|a| l.acts.get(a).cloned().unwrap_or_default()),
        );
        row
    });
    doc.records = Some(records(&keys, rows));
    doc
}

/// A short word over a narrow column.
fn head(act: &str) -> Option<&'static str> {
    Some(match act {
        "run" => "Run",
        "sell-output" => "Sell",
        "publish-output" => "Publish",
        "ship-in-product" => "Ship",
        "distribute-weights" => "Weights",
        "distribute-derivative" => "Derive",
        "host-for-others" => "Host",
        _ => return None,
    })
}

pub fn record(report: &RecordReport) -> Document {
    let mut doc = Document::default();
    doc.push(Block::Finding(format!("Recorded in {}.", report.file)));
    let models = if report.models.is_empty() {
        "all models under the text".to_owned()
    } else {
        report.models.join(", ")
    };
    let rows = [
        ("license", report.license.clone()),
        ("kind", report.kind.clone()),
        ("name", report.name.clone()),
        ("proof", report.proof.clone()),
        ("covers", models),
        ("bound to text", report.text_sha256.clone()),
    ];
    let mut t = Table::new(vec![
        Column::left("what", "What"),
        Column::left("value", "Value").wrap(),
    ]);
    for (what, value) in rows {
        t.push(Row::body(vec![what.into(), value.into()]));
    }
    doc.push(Block::Table(t));
    if !report.notes.is_empty() {
        doc.push(Block::List(report.notes.clone()));
    }
    doc
}

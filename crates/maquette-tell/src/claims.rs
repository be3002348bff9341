//! Claims: how many hold, then part by part each with its verdict and why.

use maquette_core::report::claims::{ClaimLine, ClaimsReport};

use crate::document::{Block, Document, records};
use crate::table::{Cell, Column, Label, Row, Table};

const ORDER: [(&str, &str); 4] = [
    ("holds", "hold"),
    ("holds-under-a-reading", "hold under a reading"),
    ("fails", "fail"),
    ("not-checkable", "nobody can check"),
];

pub fn claims(report: &ClaimsReport) -> Document {
    let mut doc = Document::default();
    let said: Vec<String> = ORDER
        .iter()
        .filter_map(|(v, words)| Some(format!("{} {words}", report.counts.get(*v)?)))
        .collect();
    // One claim: all of it.
    if let [only] = report.claims.as_slice() {
        doc.push(Block::Finding(format!(
            "{}, on what is known by {}",
            only.verdict.replace('-', " "),
            report.as_of
        )));
        one(&mut doc, only);
    } else {
        doc.push(Block::Finding(format!(
            "Of {} sentences of {}, on what is known by {}: {}",
            report.claims.len(),
            report.title,
            report.as_of,
            said.join(", ")
        )));
        doc.push(Block::Table(table(report)));
    }
    doc.push(Block::List(
        report
            .notes
            .iter()
            .chain(&report.attributions)
            .cloned()
            .collect(),
    ));
    doc.records = Some(rows(report));
    doc
}

fn label(verdict: &str) -> Cell {
    let (word, label) = match verdict {
        "holds" => ("holds", Label::Good),
        "holds-under-a-reading" => ("a reading", Label::Warn),
        "fails" => ("fails", Label::Bad),
        _ => ("unknown", Label::Dim),
    };
    Cell::from(word).label(label)
}

fn table(report: &ClaimsReport) -> Table {
    let mut t = Table::new(vec![
        Column::left("verdict", "Verdict"),
        Column::left("says", "The article says").wrap(),
        Column::left("why", "Reckoned").wrap().priority(2),
        Column::left("claim", "Claim").priority(4),
    ])
    .title(format!("Claims of {}", report.title));
    let mut part = "";
    for c in &report.claims {
        let section = c.part.split(',').next().unwrap_or(&c.part);
        if section != part {
            part = section;
            t.push(Row::group(part));
        }
        t.push(Row::body(vec![
            label(&c.verdict),
            c.says.as_str().into(),
            c.why.as_str().into(),
            Cell::from(c.name.as_str()).evidence(c.id.clone()),
        ]));
    }
    t
}

/// Cells of printed tables, table by table: what stands there, what is derived, and why they differ.
pub fn printed(report: &ClaimsReport) -> Document {
    let mut doc = Document::default();
    let mut parts: Vec<&str> = report.claims.iter().map(|c| c.part.as_str()).collect();
    parts.dedup();
    for part in parts {
        let mut t = Table::new(vec![
            Column::left("says", "Cell").wrap(),
            Column::left("printed", "Printed"),
            Column::left("verdict", "Derived"),
            Column::left("why", "On what ground").wrap().priority(2),
        ])
        .title(part.to_owned());
        for c in report.claims.iter().filter(|c| c.part == part) {
            t.push(Row::body(vec![
                c.says.as_str().into(),
                c.printed.as_str().into(),
                label(&c.verdict),
                c.why.as_str().into(),
            ]));
        }
        doc.push(Block::Table(t));
    }
    doc
}

fn one(doc: &mut Document, c: &ClaimLine) {
    doc.push(Block::Heading(format!("{}: {}", c.name, c.says)));
    let mut lines = vec![
        format!(
            "printed: {} ({}, line {})",
            c.printed,
            c.part,
            join(&c.lines)
        ),
        format!("verdict: {}: {}", c.verdict, c.why),
    ];
    if !c.depends_on.is_empty() {
        lines.push(format!("stands on: {}", c.depends_on.join(", ")));
    }
    lines.extend(c.needed.as_ref().map(|n| format!("to know more: {n}")));
    lines.extend(c.note.clone());
    doc.push(Block::List(lines));
    for r in &c.readings {
        let name = if r.name.is_empty() {
            "as it stands"
        } else {
            &r.name
        };
        let beside = if r.contradicts {
            " (contradicts the sentence: does not count)"
        } else {
            ""
        };
        doc.push(Block::Heading(format!("{name}: {}{beside}", r.outcome)));
        let mut lines = Vec::new();
        if !r.formula.is_empty() {
            lines.push(r.formula.clone());
        }
        lines.extend(r.result.clone());
        lines.extend(r.missing.clone());
        lines.extend(r.inputs.iter().map(|i| {
            let own = if i.own_words {
                ", the edition's own words"
            } else {
                ""
            };
            let note = i.note.as_ref().map_or(String::new(), |n| format!(": {n}"));
            format!(
                "{} = {}, {} ({}{own}){note}",
                i.call, i.value, i.source, i.as_of
            )
        }));
        doc.push(Block::List(lines));
    }
}

fn join(lines: &[u32]) -> String {
    let all: Vec<String> = lines.iter().map(ToString::to_string).collect();
    all.join(", ")
}

fn rows(report: &ClaimsReport) -> Table {
    let keys = [
        "id", "part", "lines", "says", "printed", "verdict", "why", "readings", "needed",
    ];
    let all = report.claims.iter().map(|c| {
        let readings: Vec<String> = c
            .readings
            .iter()
            .map(|r| format!("{}: {}", r.name, r.outcome))
            .collect();
        vec![
            c.id.clone(),
            c.part.clone(),
            join(&c.lines),
            c.says.clone(),
            c.printed.clone(),
            c.verdict.clone(),
            c.why.clone(),
            readings.join("; "),
            c.needed.clone().unwrap_or_default(),
        ]
    });
    records(&keys, all)
}

//! Claims: how many hold, then part by part each with its verdict and why.

use maquette_core::report::claims::{ClaimLine, ClaimsReport, PrintedCell, PrintedReport};

use crate::document::{Block, Document, records};
use crate::number;
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
    let (word, label) = verdict_label(verdict);
    Cell::from(word).label(label)
}

fn verdict_label(verdict: &str) -> (&'static str, Label) {
    match verdict {
        "holds" => ("holds", Label::Good),
        "holds-under-a-reading" => ("a reading", Label::Warn),
        "fails" => ("fails", Label::Bad),
        _ => ("unknown", Label::Dim),
    }
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

/// Printed tables in their own form: in each cell what was printed and, where that is another word, what is derived;
/// under each table why they differ.
pub fn printed(report: &PrintedReport) -> Document {
    let mut doc = Document::default();
    for table in &report.tables {
        let columns = table.columns.iter().enumerate();
        let columns = columns.map(|(i, head)| {
            let column = Column::left(head.to_lowercase().replace(' ', "_"), head).wrap();
            if i > 2 { column.priority(2) } else { column }
        });
        let mut t = Table::new(columns.collect()).title(format!(
            "{} (lines {} of the edition)",
            table.title,
            join(&table.lines).replace(", ", " to ")
        ));
        let mut reasons = Vec::new();
        for row in &table.rows {
            t.push(Row::body(row.iter().map(printed_cell).collect()));
            for (cell, column) in row.iter().zip(&table.columns) {
                let name = row.first().map_or("", |c| c.printed.as_str());
                for why in &cell.reasons {
                    // One claim may stand behind two cells of a row.
                    if !reasons
                        .iter()
                        .any(|r: &String| r.starts_with(name) && r.ends_with(why))
                    {
                        reasons.push(format!("{name}, {}: {why}", column.to_lowercase()));
                    }
                }
            }
        }
        if let Some(order) = &table.order {
            reasons.extend(
                order
                    .reasons
                    .iter()
                    .map(|why| format!("the order of the rows: {why}")),
            );
        }
        doc.push(Block::Table(t));
        if !reasons.is_empty() {
            doc.push(Block::List(reasons));
        }
    }
    doc
}

/// The same but for how it is written: case, spaces, signs, the word license.
fn same(a: &str, b: &str) -> bool {
    let bare = |s: &str| -> String {
        let s = s.to_lowercase().replace("license", "");
        s.chars().filter(|c| c.is_alphanumeric()).collect()
    };
    bare(a) == bare(b)
}

/// `printed (ours: derived)`, marked by the verdict.
fn printed_cell(c: &PrintedCell) -> Cell {
    let Some(verdict) = &c.verdict else {
        return Cell::from(c.printed.as_str());
    };
    let (word, mark) = verdict_label(verdict);
    let text = match &c.ours {
        Some(ours) if same(ours, &c.printed) => c.printed.clone(),
        Some(ours) => {
            let parted: Vec<String> = ours.split(' ').map(number::parted).collect();
            format!("{} (ours: {})", c.printed, parted.join(" "))
        }
        None => format!("{} (ours: {word})", c.printed),
    };
    let cell = Cell::from(text).label(mark);
    match c.claims.first() {
        Some(id) => cell.evidence(id),
        None => cell,
    }
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

//! What two guides say otherwise: section by section what changed in a table, and what came and went by name.

use maquette_core::report::guide::{GuideDiffLine, GuideDiffReport};

use crate::document::{Block, Document, records};
use crate::number;
use crate::strings::Strings;
use crate::table::{Cell, Column, Row, Table};

/// So many are named; all stand in the records.
const NAMES: usize = 16;

pub fn document(report: &GuideDiffReport) -> Document {
    let strings = Strings::embedded();
    let n = |change: &str| report.rows.iter().filter(|r| r.change == change).count();
    let mut doc = Document::default();
    doc.push(Block::Finding(format!(
        "Between {} and {}: {} figures changed, {} are of what is new in it, {} of what is gone; {} are the same",
        report.from,
        report.to,
        n("changed"),
        n("new"),
        n("gone"),
        report.same
    )));
    let mut sections: Vec<&str> = report.rows.iter().map(|r| r.section.as_str()).collect();
    sections.dedup();
    for section in sections {
        let of = |change: &str| {
            let rows = report.rows.iter();
            rows.filter(|r| r.section == section && r.change == change)
                .collect::<Vec<_>>()
        };
        doc.push(Block::Heading(strings.get(&format!("title-{section}"))));
        let changed = of("changed");
        if !changed.is_empty() {
            doc.push(Block::Table(table(report, &changed)));
        }
        let sides: Vec<String> = [("new", "New in it"), ("gone", "No longer in it")]
            .into_iter()
            .filter_map(|(change, words)| {
                let mut names: Vec<&str> = of(change).iter().map(|r| r.subject.as_str()).collect();
                names.dedup();
                let more = names.len().saturating_sub(NAMES);
                names.truncate(NAMES);
                let rest = match more {
                    0 => String::new(),
                    n => format!(" and {n} more"),
                };
                (!names.is_empty()).then(|| format!("{words}: {}{rest}", names.join(", ")))
            })
            .collect();
        if !sides.is_empty() {
            doc.push(Block::List(sides));
        }
    }
    let mut notes = report.notes.clone();
    notes.push(format!(
        "before is as known by {}, after by {}; every figure with its id: --format csv or json, \
         and maquette why ID --as-of DAY shows what it rests on",
        report.from_day, report.to_day
    ));
    doc.push(Block::Heading("How this was compared".to_owned()));
    doc.push(Block::List(notes));
    doc.records = Some(rows(report));
    doc
}

fn table(report: &GuideDiffReport, changed: &[&GuideDiffLine]) -> Table {
    let mut t = Table::new(vec![
        Column::left("subject", "Of").wrap(),
        Column::left("figure", "Figure").wrap(),
        Column::left("before", report.from.clone()).wrap(),
        Column::left("after", report.to.clone()).wrap(),
        Column::right("percent", "%").priority(2),
    ]);
    for r in changed {
        let after = Cell::from(said(r, r.after.as_ref()));
        t.push(Row::body(vec![
            r.subject.as_str().into(),
            r.figure.as_str().into(),
            // Evidence of the earlier day has no page beside this one.
            said(r, r.before.as_ref()).into(),
            match &r.after_id {
                Some(id) => after.evidence(id.clone()),
                None => after,
            },
            r.percent.map_or(String::new(), |p| format!("{p:+}")).into(),
        ]));
    }
    t
}

/// A value as people read it; none is a dash, never a zero.
fn said(r: &GuideDiffLine, value: Option<&String>) -> String {
    let Some(value) = value else {
        return "—".to_owned();
    };
    match r.unit.as_deref() {
        Some("place") => format!("#{value}"),
        Some(code) if code.len() == 3 && code.chars().all(|c| c.is_ascii_uppercase()) => {
            number::amount(value, code)
        }
        Some(unit) => match unit.strip_prefix("USD per ") {
            Some(per) => format!("${value} per {per}"),
            None => number::count(value),
        },
        None => value.clone(),
    }
}

fn rows(report: &GuideDiffReport) -> Table {
    let keys = [
        "section",
        "subject",
        "figure",
        "change",
        "before",
        "after",
        "unit",
        "percent",
        "before_id",
        "after_id",
    ];
    let text = |v: &Option<String>| v.clone().unwrap_or_default();
    records(
        &keys,
        report.rows.iter().map(|r| {
            vec![
                r.section.clone(),
                r.subject.clone(),
                r.figure.clone(),
                r.change.clone(),
                text(&r.before),
                text(&r.after),
                text(&r.unit),
                r.percent.map_or(String::new(), |p| p.to_string()),
                text(&r.before_id),
                text(&r.after_id),
            ]
        }),
    )
}

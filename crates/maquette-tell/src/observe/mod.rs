//! What sources said over time, as pages: refreshes, sources, the store; series and lists beside it.

mod conflicts;
mod offers;
mod series;
mod top;
mod watch;

use maquette_core::report::observe::{ObserveReport, SourcesReport, StoreReport};

pub use conflicts::conflicts;
pub use offers::new_offers;
pub use series::{series, series_chart};
pub use top::top;
pub use watch::watch;

use crate::document::{Block, Document, records};
use crate::number;
use crate::table::{Cell, Column, Label, Row, Table};

pub fn observe(report: &ObserveReport) -> Document {
    let mut doc = Document::default();
    if report.dry_run {
        let n: usize = report.sources.iter().map(|s| s.would_ask.len()).sum();
        doc.push(Block::Finding(format!(
            "{n} request{} would be made at first; answers may lead to further pages",
            if n == 1 { "" } else { "s" }
        )));
        for s in &report.sources {
            doc.push(Block::Heading(s.source.clone()));
            if let Some(note) = &s.note {
                doc.push(Block::Paragraph(with_hint(note, s.hint.as_ref())));
            }
            if !s.would_ask.is_empty() {
                doc.push(Block::Verbatim(s.would_ask.join("\n")));
            }
        }
        let rows = report.sources.iter().flat_map(|s| {
            s.would_ask
                .iter()
                .map(|u| vec![s.source.clone(), u.clone()])
        });
        doc.records = Some(records(&["source", "would_ask"], rows));
        return doc;
    }
    let mut t = Table::new(vec![
        Column::left("source", "Source"),
        Column::left("outcome", "Outcome"),
        Column::right("requests", "Asked"),
        Column::right("unchanged", "Unchanged").priority(4),
        Column::right("facts", "Facts").priority(2),
        Column::right("written", "Written"),
        Column::right("gone", "Gone").priority(4),
        Column::right("rejected", "Left out").priority(2),
    ])
    .title(format!("Observed at {}", report.at));
    for s in &report.sources {
        let label = match s.outcome.as_str() {
            "whole" => Label::Good,
            "failed" => Label::Bad,
            _ => Label::Warn,
        };
        t.push(Row::body(vec![
            s.source.as_str().into(),
            Cell::from(s.outcome.as_str()).label(label),
            s.requests.to_string().into(),
            s.unchanged.to_string().into(),
            s.facts.to_string().into(),
            s.written.to_string().into(),
            s.gone.to_string().into(),
            s.rejected.to_string().into(),
        ]));
        if let Some(note) = &s.note {
            t.note(format!(
                "{}: {}",
                s.source,
                with_hint(note, s.hint.as_ref())
            ));
        }
    }
    if report.sources.iter().any(|s| s.rejected > 0) {
        t.note("left out: rows and fields that became no fact; `maquette sources SOURCE` has each with its reason");
    }
    doc.push(Block::Table(t));
    doc
}

fn with_hint(note: &str, hint: Option<&String>) -> String {
    match hint {
        Some(hint) => format!("{note}; {hint}"),
        None => note.to_owned(),
    }
}

pub fn sources(report: &SourcesReport) -> Document {
    let mut doc = Document::default();
    let mut t = Table::new(vec![
        Column::left("id", "Source"),
        Column::left("title", "What it is").priority(4),
        Column::left("standing", "Standing"),
        Column::left("last", "Last read whole"),
        Column::right("cadence_hours", "News every (h)").priority(3),
        Column::left("key", "Key").priority(3),
        Column::right("rejected", "Left out").priority(5),
        Column::left("terms", "Terms").priority(4).wrap(),
    ])
    .title(format!("Sources on {}", report.as_of));
    for s in &report.sources {
        let label = match s.standing.as_str() {
            "fresh" => Label::Good,
            _ => Label::Warn,
        };
        let key = match (s.key.first(), s.key_needed) {
            (Some(k), true) => format!("{k} (needed)"),
            (Some(k), false) => format!("{k} (raises limits)"),
            (None, _) => "none".to_owned(),
        };
        t.push(Row::body(vec![
            s.id.as_str().into(),
            s.title.as_str().into(),
            Cell::from(s.standing.as_str()).label(label),
            s.last.clone().unwrap_or_else(|| "never".to_owned()).into(),
            s.cadence_hours.to_string().into(),
            key.into(),
            s.rejected.to_string().into(),
            s.terms.as_str().into(),
        ]));
        if let (Some(error), Some(at)) = (&s.last_error, &s.last_error_at) {
            t.note(format!("{}: at {at}: {error}", s.id));
        }
        if report.sources.len() == 1 {
            t.note(format!("asked at {}", s.endpoint));
            t.note(format!("terms: {}", s.terms));
            t.note(format!("units: {}", s.units));
            if let Some(p) = &s.past {
                t.note(format!(
                    "past: `maquette observe backfill {}` reads {} at {}; a point: {}; terms: {}",
                    s.id, p.title, p.endpoint, p.size, p.terms
                ));
            }
        }
    }
    doc.push(Block::Table(t));
    if !report.rejected.is_empty() {
        let mut t = Table::new(vec![
            Column::left("key", "What"),
            Column::left("reason", "Why it became no fact").wrap(),
        ])
        .title("Left out of the newest snapshot");
        for r in &report.rejected {
            t.push(Row::body(vec![
                r.key.as_str().into(),
                r.reason.as_str().into(),
            ]));
        }
        doc.push(Block::Table(t));
    }
    if !report.archives.is_empty() {
        let mut t = Table::new(vec![
            Column::left("id", "Archive"),
            Column::left("link", "Link").priority(4),
            Column::right("observations", "Observations"),
            Column::left("first", "from"),
            Column::left("last", "to"),
            Column::left("carried_as", "Carried as").priority(2),
            Column::left("license", "License").priority(2),
            Column::left("origin", "Copies").priority(3),
        ])
        .title("Archives that the program carries");
        for a in &report.archives {
            t.push(Row::body(vec![
                a.id.as_str().into(),
                a.link.as_str().into(),
                a.observations.to_string().into(),
                a.first.clone().unwrap_or_default().into(),
                a.last.clone().unwrap_or_default().into(),
                a.carried_as.as_str().into(),
                a.license.as_str().into(),
                a.origin.as_str().into(),
            ]));
        }
        t.note("facts: the archive does not say that a series may be passed on, so at most three dated facts of each are cited");
        doc.push(Block::Table(t));
        doc.push(Block::List(
            report
                .archives
                .iter()
                .filter_map(|a| Some(format!("{}: {}", a.title, a.attribution.as_ref()?)))
                .collect(),
        ));
    }
    doc
}

pub fn store(report: &StoreReport) -> Document {
    let mut doc = Document::default();
    for line in &report.done {
        doc.push(Block::Finding(line.clone()));
    }
    if report.did == "check" {
        doc.push(match report.problems.len() {
            0 => Block::Paragraph("The store is sound.".to_owned()),
            n => Block::Paragraph(format!("{n} things are wrong:")),
        });
        if !report.problems.is_empty() {
            doc.push(Block::List(report.problems.clone()));
        }
    }
    let mut t = Table::new(vec![
        Column::left("what", "What"),
        Column::right("count", "Count"),
    ])
    .title(report.path.clone());
    for (what, n) in [
        ("whole snapshots", report.snapshots),
        ("raw answers", report.answers),
        ("bytes of them as they came", report.raw_bytes),
        ("bytes of them as they are kept", report.kept_bytes),
        ("subjects", report.subjects),
        ("observations", report.observations),
        ("bytes of the file", report.file_bytes),
    ] {
        t.push(Row::body(vec![
            what.into(),
            number::count(&n.to_string()).into(),
        ]));
    }
    doc.push(Block::Table(t));
    doc
}

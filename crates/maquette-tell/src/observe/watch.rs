//! What changed since the last look.

use maquette_core::report::observe::WatchReport;

use crate::document::{Block, Document, records};
use crate::number;
use crate::table::{Cell, Column, Row, Table};

pub fn watch(report: &WatchReport) -> Document {
    let mut doc = Document::default();
    for m in &report.models {
        doc.push(Block::Finding(match (&m.since, m.changes.len()) {
            (None, _) => format!("{}: looked at for the first time; what stands:", m.id),
            (Some(since), 0) => format!("{}: nothing changed since {since}", m.id),
            (Some(since), n) => format!("{}: {n} changes since {since}", m.id),
        }));
        let mut t = Table::new(vec![
            Column::left("metric", "What"),
            Column::left("subject", "Where"),
            Column::decimal("before", "before"),
            Column::decimal("after", "now"),
            Column::left("read", "Read").priority(3),
            Column::left("source", "Source").priority(4),
        ]);
        for c in &m.changes {
            let said = |v: &Option<String>, none: &str| {
                v.as_ref().map_or(none.to_owned(), |v| number::count(v))
            };
            t.push(Row::body(vec![
                Cell::from(c.metric.as_str()).evidence(format!("{}#{}", c.subject, c.metric)),
                c.subject.as_str().into(),
                said(&c.before, "not read").into(),
                said(&c.after, "no longer listed").into(),
                c.read.as_str().into(),
                c.source.as_str().into(),
            ]));
        }
        match (m.rank_before, m.rank) {
            (Some(a), Some(b)) if a != b => t.note(format!("place by downloads: {b}, {a} before")),
            (_, Some(b)) => t.note(format!("place by downloads: {b}")),
            _ => {}
        }
        if let Some(conflict) = &m.license_conflict {
            t.note(conflict.clone());
        }
        doc.push(Block::Table(t));
    }
    let rows = report.models.iter().flat_map(|m| {
        m.changes.iter().map(|c| {
            let or = |o: &Option<String>| o.clone().unwrap_or_default();
            vec![
                m.id.clone(),
                c.subject.clone(),
                c.metric.clone(),
                or(&c.before),
                or(&c.after),
                c.unit.clone(),
                c.read.clone(),
                c.source.clone(),
            ]
        })
    });
    doc.records = Some(records(
        &[
            "model", "subject", "metric", "before", "after", "unit", "read", "source",
        ],
        rows,
    ));
    doc
}

//! The catalog's prices beside what price maps say.

use maquette_core::report::observe::ConflictsReport;

use crate::document::{Block, Document, records};
use crate::number;
use crate::table::{Cell, Column, Label, Row, Table};

pub fn conflicts(report: &ConflictsReport) -> Document {
    let mut doc = Document::default();
    let count = |word: &str| {
        report
            .conflicts
            .iter()
            .filter(|c| c.verdict == word)
            .count()
    };
    doc.push(Block::Finding(format!(
        "Of {} prices that others speak of, {} changed, {} pending, {} differ, {} are contradicted by old words alone; {} stand alone",
        report.compared,
        count("changed"),
        count("pending"),
        count("differs"),
        count("outdated"),
        report.alone
    )));
    let mut t = Table::new(vec![
        Column::left("id", "Price"),
        Column::left("per", "per").priority(2),
        Column::left("when", "For").priority(5),
        Column::left("modifier", "").priority(5),
        Column::decimal("price", "Catalog"),
        Column::left("source_as_of", "read").priority(6),
        Column::left("source", "Other"),
        Column::decimal("usd", "says"),
        Column::left("since", "since").priority(3),
        Column::left("verdict", "Verdict"),
    ])
    .title(format!(
        "Prices of the catalog against price maps on {}",
        report.as_of
    ));
    for c in &report.conflicts {
        let label = match c.verdict.as_str() {
            "agrees" => Label::Good,
            "differs" => Label::Bad,
            _ => Label::Warn,
        };
        for (i, w) in c.witnesses.iter().enumerate() {
            // What is the catalog's stands on the first of its lines.
            let once = |text: &str| {
                if i == 0 {
                    text.to_owned()
                } else {
                    String::new()
                }
            };
            let verdict = if i == 0 {
                Cell::from(c.verdict.as_str()).label(label)
            } else {
                "".into()
            };
            t.push(Row::body(vec![
                Cell::from(once(&c.id)).evidence(c.id.clone()),
                once(&c.per).into(),
                once(&c.when).into(),
                once(c.modifier.as_deref().unwrap_or_default()).into(),
                once(&number::price(&c.price)).into(),
                once(&c.source_as_of).into(),
                w.source.as_str().into(),
                number::amount(&w.amount, "USD").into(),
                w.since.as_str().into(),
                verdict,
            ]));
        }
    }
    t.note("changed prices are used from the day they were first seen, else the catalog's; `maquette why ID` has its source");
    t.note("changed: two origins, or one for a day, say otherwise since the catalog was read, having said the same before; pending: one, for less than a day");
    for a in &report.attributions {
        t.note(a.clone());
    }
    if !report.conflicts.is_empty() {
        doc.push(Block::Table(t));
    }
    let rows = report.conflicts.iter().flat_map(|c| {
        c.witnesses.iter().map(|w| {
            vec![
                c.id.clone(),
                c.per.clone(),
                c.when.clone(),
                c.modifier.clone().unwrap_or_default(),
                c.price.amount.clone(),
                c.source.clone(),
                c.source_as_of.clone(),
                w.source.clone(),
                w.origin.clone(),
                w.amount.clone(),
                w.since.clone(),
                w.read_on.clone(),
                c.verdict.clone(),
            ]
        })
    });
    doc.records = Some(records(
        &[
            "id",
            "per",
            "when",
            "modifier",
            "catalog_usd",
            "catalog_source",
            "catalog_as_of",
            "source",
            "origin",
            "usd",
            "since",
            "read_on",
            "verdict",
        ],
        rows,
    ));
    doc
}

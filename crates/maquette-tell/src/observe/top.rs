//! The largest of a modality.

use maquette_core::report::observe::TopReport;

use crate::document::{Block, Document, records};
use crate::number;
use crate::table::{Cell, Column, Row, Table};

pub fn top(report: &TopReport) -> Document {
    let mut doc = Document::default();
    let mut t = Table::new(vec![
        Column::right("rank", "#"),
        Column::left("name", "Repository"),
        Column::right("value", &report.unit),
        Column::left("read_on", "read").priority(4),
        Column::right("change_percent", "Change/days").priority(3),
        Column::left("license", "License").priority(4),
        Column::left("verdict", "Sell?").priority(2),
        Column::left("source", "Source").priority(5),
    ])
    .title(format!(
        "{} models by {} on {}",
        match report.modality.as_str() {
            "3d" => "3D".to_owned(),
            word => number::capital(word),
        },
        report.by,
        report.as_of
    ));
    for r in &report.rows {
        let license = match (&r.license, r.license_is_claim) {
            (Some(l), true) => format!("{l} (tag)"),
            (Some(l), false) => l.clone(),
            (None, _) => "unknown".to_owned(),
        };
        t.push(Row::body(vec![
            r.rank.to_string().into(),
            r.name.as_str().into(),
            Cell::from(number::count(&r.value)).evidence(r.id.clone()),
            r.read_on.as_str().into(),
            match (&r.change_percent, r.days) {
                (Some(c), Some(days)) => format!("{c}%/{days}d"),
                _ => "—".to_owned(),
            }
            .into(),
            license.into(),
            r.verdict
                .as_ref()
                .map_or("not read".into(), |v| crate::listing::sell(v)),
            r.source.as_str().into(),
        ]));
    }
    if report.rows.is_empty() {
        t.note("nothing was read by that day; `maquette observe` asks the sources");
    }
    for n in &report.notes {
        t.note(n.clone());
    }
    if !report.unread.is_empty() {
        t.note(format!(
            "not read, so not ranked: {}",
            report.unread.join(", ")
        ));
    }
    for a in &report.attributions {
        t.note(a.clone());
    }
    doc.push(Block::Table(t));
    let keys = [
        "rank",
        "name",
        "models",
        "value",
        "unit",
        "read_on",
        "source",
        "before",
        "before_on",
        "change_percent",
        "license",
        "license_is_claim",
        "verdict",
    ];
    let rows = report.rows.iter().map(|r| {
        let or = |o: &Option<String>| o.clone().unwrap_or_default();
        vec![
            r.rank.to_string(),
            r.name.clone(),
            r.models.join(" "),
            r.value.clone(),
            report.unit.clone(),
            r.read_on.clone(),
            r.source.clone(),
            or(&r.before),
            or(&r.before_on),
            or(&r.change_percent),
            or(&r.license),
            r.license_is_claim.to_string(),
            or(&r.verdict),
        ]
    });
    doc.records = Some(records(&keys, rows));
    doc
}

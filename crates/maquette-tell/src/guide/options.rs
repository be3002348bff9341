//! Open and closed ways of one modality side by side.

use maquette_core::report::guide::{OptionsReport, SharesReport, SummaryReport};

use crate::document::{Block, Document};
use crate::number;
use crate::table::{Cell, Column, Row, Table};

pub fn options(report: &OptionsReport) -> Document {
    let mut doc = Document::default();
    let mut t = Table::new(vec![
        Column::left("name", "Option"),
        Column::left("way", "Way").priority(2),
        Column::right("cost", "From"),
        Column::left("per", "per").priority(2),
        Column::left("provider", "at").priority(4),
        Column::left("limit", "Largest, longest").priority(3),
        Column::left("license", "License").priority(4),
        Column::left("rights", "Sell what it makes?"),
    ])
    .title("Open and closed, side by side".to_owned());
    for side in ["open", "closed"] {
        let rows: Vec<_> = report.rows.iter().filter(|r| r.openness == side).collect();
        if rows.is_empty() {
            continue;
        }
        t.push(Row::group(side));
        for r in rows {
            let cost = match &r.cost {
                Some(c) => Cell::from(format!("${c}")),
                None => Cell::from("power"),
            };
            t.push(Row::body(vec![
                r.name.as_str().into(),
                r.way.as_str().into(),
                match &r.cost_id {
                    Some(id) => cost.evidence(id.clone()),
                    None => cost,
                },
                r.per.clone().unwrap_or_default().into(),
                r.provider.clone().unwrap_or_default().into(),
                match &r.limit {
                    Some(limit) => Cell::from(limit.as_str()).evidence(r.id.clone()),
                    None => "not known".into(),
                },
                r.license.clone().unwrap_or_default().into(),
                if r.openness == "open" {
                    crate::listing::sell(&r.rights)
                } else {
                    r.rights.as_str().into()
                },
            ]));
        }
    }
    for n in &report.notes {
        t.note(n.clone());
    }
    doc.push(Block::Table(t));
    doc
}

/// Every modality in a row.
pub fn summary(report: &SummaryReport) -> Document {
    let mut t = Table::new(vec![
        Column::left("modality", "Modality"),
        Column::left("leader", "Most downloaded, open").wrap(),
        Column::right("downloads", "in 30 days"),
        Column::left("verdict", "Sell?").priority(2),
        Column::left("best_open", "Best open").wrap().priority(2),
        Column::left("best_closed", "Best closed")
            .wrap()
            .priority(2),
        Column::right("closed_price", "Its price").priority(3),
        Column::right("gap", "Gap").priority(2),
        Column::left("word", "In a word"),
    ])
    .title(format!("Open and closed by modality, {}", report.as_of));
    let or = |s: &Option<String>| Cell::from(s.clone().unwrap_or_else(|| "not known".to_owned()));
    for r in &report.rows {
        let linked = |cell: Cell, id: &Option<String>| match id {
            Some(id) => cell.evidence(id.clone()),
            None => cell,
        };
        t.push(Row::body(vec![
            r.modality.as_str().into(),
            or(&r.leader),
            linked(or(&r.downloads.as_deref().map(number::count)), &r.leader_id),
            r.verdict
                .as_ref()
                .map_or("not read".into(), |v| crate::listing::sell(v)),
            or(&r.best_open),
            or(&r.best_closed),
            match (&r.closed_price, &r.closed_per) {
                (Some(p), Some(per)) => {
                    Cell::from(format!("${} per {per}", p.cost)).evidence(p.id.clone())
                }
                _ => "not known".into(),
            },
            linked(or(&r.gap.map(|g| g.to_string())), &r.gap_id),
            or(&r.word),
        ]));
    }
    for n in &report.notes {
        t.note(n.clone());
    }
    let mut doc = Document::default();
    doc.push(Block::Table(t));
    doc
}

/// Kinds of license in rows, days in columns; downloads last.
pub fn shares(report: &SharesReport) -> Document {
    let mut heads: Vec<(&str, &str)> = Vec::new();
    for r in &report.rows {
        if !heads.contains(&(&r.of, &r.day)) {
            heads.push((&r.of, &r.day));
        }
    }
    let mut classes: Vec<&str> = report.rows.iter().map(|r| r.class.as_str()).collect();
    classes.sort_unstable();
    classes.dedup();
    let mut columns = vec![Column::left("class", "Kind of license")];
    columns.extend(heads.iter().enumerate().map(|(i, (of, day))| {
        let head = if *of == "models" {
            format!("models by {day}")
        } else {
            format!("{of}, {day}")
        };
        // The newest columns stay longest.
        let late = heads.len() - i;
        Column::right(format!("{of}-{day}"), head).priority(if late <= 2 { 1 } else { 4 })
    }));
    let mut t = Table::new(columns).title("Open models by the kind of their license".to_owned());
    for class in classes {
        let mut cells: Vec<Cell> = vec![class.into()];
        for (of, day) in &heads {
            let found = report
                .rows
                .iter()
                .find(|r| r.class == class && r.of == *of && r.day == *day);
            cells.push(match found {
                Some(r) if *of == "models" => format!("{} ({}%)", r.count, r.percent).into(),
                Some(r) => format!("{}%", r.percent).into(),
                None => "—".into(),
            });
            if let Some(cell) = cells.last_mut() {
                cell.evidence = Some(format!("license-shares/{class}"));
            }
        }
        t.push(Row::body(cells));
    }
    for n in &report.notes {
        t.note(n.clone());
    }
    let mut doc = Document::default();
    doc.push(Block::Table(t));
    doc
}

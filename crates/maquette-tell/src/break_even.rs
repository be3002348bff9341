//! `break-even` as a page and as a chart.

use maquette_core::report::break_even::BreakEvenReport;

use crate::document::{Block, Document, records};
use crate::number;
use crate::svg::{Axis, Chart, Mark, Series};
use crate::table::{Cell, Column, Row, Table};

pub fn document(report: &BreakEvenReport) -> Document {
    let mut doc = Document::default();
    let id = |tariff: &str| format!("break-even/{}/{tariff}", report.modality);
    doc.push(Block::Finding(report.finding.clone()));
    doc.push(Block::Paragraph(format!(
        "Each of {}; volumes a month up to {}; prices of {}.",
        report.description,
        number::count(&report.up_to),
        report.as_of
    )));
    let mut reigns = Table::new(vec![
        Column::right("from", "From"),
        Column::right("to", "To"),
        Column::left("tariff", "Cheapest").wrap(),
        Column::left("channel", "Channel").priority(2),
        Column::decimal("cost_at_from", "Costs from"),
        Column::decimal("cost_at_to", "to"),
    ])
    .title("Who is cheapest");
    for r in &report.reigns {
        reigns.push(Row::body(vec![
            number::count(&r.from).into(),
            number::count(&r.to).into(),
            r.name.as_str().into(),
            r.channel.as_str().into(),
            Cell::from(number::money(&r.cost_at_from)).evidence(id(&r.tariff)),
            number::money(&r.cost_at_to).into(),
        ]));
    }
    doc.push(Block::Table(reigns));
    let mut tariffs = Table::new(vec![
        Column::left("tariff", "Tariff").wrap(),
        Column::left("channel", "Channel").priority(2),
        Column::right("start", "From"),
        Column::decimal("at_start", "Cost"),
        Column::decimal("slope", "Each more"),
        Column::right("limit", "Limit").priority(3),
    ])
    .title("Tariffs compared");
    for t in &report.tariffs {
        for (i, p) in t.pieces.iter().take(3).enumerate() {
            let first = |s: &str| if i == 0 { s.to_owned() } else { String::new() };
            tariffs.push(Row::body(vec![
                first(&t.name).into(),
                first(&t.channel).into(),
                number::count(&p.start).into(),
                Cell::from(number::money(&p.at_start)).evidence(id(&t.id)),
                number::price(&p.slope).into(),
                first(t.limit.as_deref().unwrap_or("none known")).into(),
            ]));
        }
        if t.pieces.len() > 3 {
            tariffs.push(Row::body(vec!["… further steps alike".into()]));
        }
    }
    doc.push(Block::Table(tariffs));
    doc.push(Block::List(report.notes.clone()));
    let keys = [
        "from",
        "to",
        "tariff",
        "name",
        "channel",
        "cost_at_from",
        "cost_at_to",
        "currency",
    ];
    let rows = report.reigns.iter().map(|r| {
        vec![
            r.from.clone(),
            r.to.clone(),
            r.tariff.clone(),
            r.name.clone(),
            r.channel.clone(),
            r.cost_at_from.amount.clone(),
            r.cost_at_to.amount.clone(),
            r.cost_at_to.currency.clone(),
        ]
    });
    doc.records = Some(records(&keys, rows));
    doc
}

/// The curves as a stand-alone SVG file.
pub fn svg(report: &BreakEvenReport) -> String {
    chart(report).svg(820, 420)
}

pub(crate) fn chart(report: &BreakEvenReport) -> Chart {
    let place = |s: &str| s.parse::<f64>().unwrap_or(f64::NAN);
    let to = report.reigns.last().map_or(1.0, |r| place(&r.to));
    // The picture ends a little past the last change, where there is one.
    let change = report
        .reigns
        .iter()
        .rev()
        .nth(1)
        .map_or(to, |r| place(&r.to) * 2.0);
    let x_max = change.min(to).max(1.0);
    let winners: Vec<&str> = report.reigns.iter().map(|r| r.tariff.as_str()).collect();
    let top = report
        .curves
        .iter()
        .filter(|c| winners.contains(&c.tariff.as_str()))
        .flat_map(|c| &c.points)
        .filter(|p| place(&p[0]) <= x_max)
        .map(|p| place(&p[1]))
        .fold(0.0, f64::max);
    let mut chart = Chart::new(
        format!("break-even-{}", report.modality),
        report.finding.clone(),
        format!(
            "Cost a month of each way to make one {} ({}), against the volume.",
            report.unit, report.description
        ),
        Axis::linear(0.0, x_max),
        Axis::linear(0.0, if top > 0.0 { top * 1.25 } else { 1.0 }).prefix("$"),
    )
    .labels(
        format!("{} a month", report.unit),
        format!("{} a month", report.currency),
    )
    .source(format!("maquette catalog, prices of {}", report.as_of));
    for c in &report.curves {
        let points: Vec<(f64, f64)> = c
            .points
            .iter()
            .map(|p| (place(&p[0]), place(&p[1])))
            .collect();
        let series = if c.kind == "step" {
            Series::step(c.name.clone(), points)
        } else {
            Series::line(c.name.clone(), points)
        };
        let short = c.tariff.split(':').next().unwrap_or(&c.tariff).to_owned();
        let series = series.label(short);
        chart
            .series
            .push(if c.solid { series } else { series.estimated() });
    }
    for r in report.reigns.iter().skip(1) {
        let (x, y) = (place(&r.from), place(&r.cost_at_from.amount));
        chart
            .marks
            .push(Mark::new(x, y, format!("from {}", number::count(&r.from))));
    }
    chart
}

//! The page of `accuracy`.

use maquette_core::report::fit::AccuracyReport;

use super::plain;
use crate::document::{Block, Document, records};
use crate::table::{Column, Row, Table};

pub fn accuracy(report: &AccuracyReport) -> Document {
    let mut doc = Document::default();
    doc.push(Block::Finding(format!(
        "Estimates against {} published measurements that they did not see ({}).",
        report.estimated, report.held_back
    )));
    let mut t = Table::new(vec![
        Column::left("figure", "Figure").wrap(),
        Column::left("kind", "Work"),
        Column::left("hardware", "Hardware"),
        Column::right("rows", "Rows"),
        Column::right("median", "Median error"),
        Column::right("p90_error", "p90 error").priority(2),
        Column::left("ratio", "Estimate ÷ measured p10, p50, p90").priority(3),
        Column::right("within", "Within ±30%"),
        Column::right("coverage", "In range"),
    ]);
    let percent = |x: f64| format!("{:.0}%", x * 100.0);
    for l in &report.lines {
        t.push(Row::body(vec![
            l.figure.as_str().into(),
            l.kind.as_str().into(),
            l.hardware.as_str().into(),
            l.rows.to_string().into(),
            percent(l.median_error).into(),
            percent(l.p90_error).into(),
            format!("{}, {}, {}", plain(l.p10), plain(l.p50), plain(l.p90)).into(),
            percent(l.within_30_percent).into(),
            percent(l.coverage).into(),
        ]));
    }
    doc.push(Block::Table(t));
    doc.records = Some(accuracy_records(report));
    let left: Vec<String> = report
        .left_out
        .iter()
        .map(|l| format!("{} runs were not estimated: {}", l.runs, l.reason))
        .collect();
    doc.push(Block::List(
        report.notes.iter().cloned().chain(left).collect(),
    ));
    doc
}

fn accuracy_records(report: &AccuracyReport) -> Table {
    let rows = report.lines.iter().map(|l| {
        let mut row = vec![
            l.figure.clone(),
            l.kind.clone(),
            l.hardware.clone(),
            l.rows.to_string(),
        ];
        let figures = [
            l.median_error,
            l.p90_error,
            l.p10,
            l.p50,
            l.p90,
            l.within_30_percent,
            l.coverage,
        ];
        row.extend(figures.iter().map(f64::to_string));
        row
    });
    records(
        &[
            "figure",
            "kind",
            "hardware",
            "rows",
            "median_error",
            "p90_error",
            "p10",
            "p50",
            "p90",
            "within_30_percent",
            "coverage",
        ],
        rows,
    )
}

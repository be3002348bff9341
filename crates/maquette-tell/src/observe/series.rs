//! One subject and metric over time: a table, a line of marks, a curve.

use maquette_core::Date;
use maquette_core::report::observe::SeriesReport;

use crate::document::{Block, Document, records};
use crate::number;
use crate::svg::{Axis, Chart, Series};
use crate::table::{Cell, Column, Row, Table};

pub fn series(report: &SeriesReport) -> Document {
    let mut doc = Document::default();
    let numbers: Vec<f64> = report
        .points
        .iter()
        .filter_map(|p| p.value.as_ref()?.parse().ok())
        .collect();
    if let (Some(first), Some(last)) = (report.points.first(), report.points.last()) {
        let shown = |p: &maquette_core::report::observe::SeriesPoint| match &p.value {
            Some(v) => said(v, &report.unit),
            None => "no longer listed".to_owned(),
        };
        let mut finding = format!(
            "{} of {}: {} on {}",
            report.metric,
            report.subject,
            shown(first),
            first.day
        );
        if report.points.len() > 1 {
            finding = format!("{finding}, {} on {}", shown(last), last.day);
        }
        doc.push(Block::Finding(finding));
    }
    if numbers.len() > 2 && !report.unit.is_empty() {
        doc.push(Block::Verbatim(sparkline(&numbers)));
    }
    let mut t = Table::new(vec![
        Column::left("at", "Read"),
        Column::decimal(
            "value",
            if report.unit.is_empty() {
                "Value"
            } else {
                &report.unit
            },
        ),
        Column::left("source", "Source"),
        Column::left("kept", "Kept").priority(3),
        Column::left("origin", "Origin").priority(4),
        Column::left("valid_from", "holds from").priority(5),
    ]);
    for p in &report.points {
        let value = p
            .value
            .as_ref()
            .map_or("no longer listed".to_owned(), |v| number::count(v));
        t.push(Row::body(vec![
            p.at.as_str().into(),
            Cell::from(value).evidence(format!("{}#{}", report.subject, report.metric)),
            p.source.as_str().into(),
            p.kept.as_str().into(),
            p.origin.as_str().into(),
            p.valid_from.clone().unwrap_or_default().into(),
        ]));
    }
    for c in &report.conflicts {
        t.note(format!(
            "{}: sources differ: {}; the first is used, since {}",
            c.day,
            c.values.join(", "),
            c.why
        ));
    }
    for n in &report.notes {
        t.note(n.clone());
    }
    for a in &report.attributions {
        t.note(a.clone());
    }
    doc.push(Block::Table(t));
    let rows = report.points.iter().map(|p| {
        vec![
            report.subject.clone(),
            report.metric.clone(),
            p.at.clone(),
            p.value.clone().unwrap_or_default(),
            report.unit.clone(),
            p.source.clone(),
            p.origin.clone(),
            p.kept.clone(),
            p.valid_from.clone().unwrap_or_default(),
        ]
    });
    doc.records = Some(records(
        &[
            "subject",
            "metric",
            "at",
            "value",
            "unit",
            "source",
            "origin",
            "kept",
            "valid_from",
        ],
        rows,
    ));
    doc
}

fn said(value: &str, unit: &str) -> String {
    if unit.is_empty() {
        value.to_owned()
    } else {
        format!("{} {unit}", number::count(value))
    }
}

/// Eight heights from the smallest to the largest, at most 60 marks.
fn sparkline(values: &[f64]) -> String {
    const MARKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let every = values.len().div_ceil(60).max(1);
    values
        .chunks(every)
        .filter_map(|c| c.last())
        .map(|v| {
            let part = if high > low {
                (v - low) / (high - low)
            } else {
                0.0
            };
            MARKS[((part * 7.0).round() as usize).min(7)]
        })
        .collect()
}

/// The curve, for a series of numbers: steps for what holds until it changes.
pub fn series_chart(report: &SeriesReport) -> Option<String> {
    let epoch = Date::constant(1970, 1, 1);
    let day = |text: &str| {
        let date: Date = text.parse().ok()?;
        Some(f64::from((date - epoch).get_days()))
    };
    let points: Vec<(f64, f64)> = report
        .points
        .iter()
        .filter_map(|p| {
            let value = match &p.value {
                Some(v) => v.parse().ok()?,
                None => f64::NAN,
            };
            Some((day(&p.day)?, value))
        })
        .collect();
    if report.unit.is_empty() || points.is_empty() {
        return None;
    }
    let reach = |pick: fn(f64, f64) -> f64, start: f64, of: fn(&(f64, f64)) -> f64| {
        points
            .iter()
            .map(of)
            .filter(|v| v.is_finite())
            .fold(start, pick)
    };
    let (from, to) = (
        reach(f64::min, f64::INFINITY, |p| p.0),
        reach(f64::max, f64::NEG_INFINITY, |p| p.0),
    );
    let high = reach(f64::max, 0.0, |p| p.1);
    let mut sources: Vec<&str> = report.points.iter().map(|p| p.source.as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    let mut chart = Chart::new(
        format!("series-{}-{}", report.subject, report.metric),
        format!("{} of {}", report.metric, report.subject),
        format!(
            "{} observations, {} to {}.",
            report.points.len(),
            report.points.first()?.day,
            report.points.last()?.day
        ),
        Axis::dates(from, if to > from { to } else { from + 1.0 }),
        Axis::linear(0.0, if high > 0.0 { high * 1.1 } else { 1.0 }),
    )
    .labels("", report.unit.clone())
    .source(format!("{}; as of {}", sources.join(", "), report.as_of));
    let name = report
        .subject
        .split_once(':')
        .map_or(report.subject.as_str(), |(_, n)| n);
    let short = name.rsplit('/').next().unwrap_or(name).to_owned();
    chart.series.push(
        if report.steps {
            Series::step(name, points)
        } else {
            Series::line(name, points)
        }
        .label(short),
    );
    Some(chart.svg(720, 360))
}

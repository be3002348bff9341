//! Sources, series and lists over time, as pages.

use maquette_core::Date;
use maquette_core::report::observe::{
    ConflictsReport, ObserveReport, SeriesReport, SourcesReport, StoreReport, TopReport,
    WatchReport,
};

use crate::document::{Block, Document, records};
use crate::number;
use crate::svg::{Axis, Chart, Series};
use crate::table::{Cell, Column, Label, Row, Table};

pub fn observe(report: &ObserveReport) -> Document {
    let mut doc = Document::default();
    if report.dry_run {
        let n: usize = report.sources.iter().map(|s| s.would_ask.len()).sum();
        doc.push(Block::Finding(format!(
            "{n} requests would be made at first; answers may lead to further pages"
        )));
        for s in &report.sources {
            doc.push(Block::Heading(s.source.clone()));
            match &s.note {
                Some(note) => doc.push(Block::Paragraph(with_hint(note, s.hint.as_ref()))),
                None => doc.push(Block::Verbatim(s.would_ask.join("\n"))),
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
        Column::left("title", "").priority(4),
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
            Column::right("readings", "Readings"),
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
                a.readings.to_string().into(),
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
        doc.push(Block::Finding(format!(
            "{} of {}: {} on {}, {} on {}",
            report.metric,
            report.subject,
            shown(first),
            first.day,
            shown(last),
            last.day
        )));
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
            "{} readings, {} to {}.",
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

pub fn top(report: &TopReport) -> Document {
    let mut doc = Document::default();
    let mut t = Table::new(vec![
        Column::right("rank", "#"),
        Column::left("name", "Repository"),
        Column::right("value", &report.unit),
        Column::left("read_on", "read").priority(3),
        Column::right("change_percent", "Change").priority(2),
        Column::left("before_on", "since").priority(4),
        Column::left("license", "License").priority(3),
        Column::left("verdict", "Sell?").priority(2),
        Column::left("source", "Source").priority(5),
    ])
    .title(format!(
        "{} models by {} on {}",
        capital(&report.modality),
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
            r.change_percent
                .as_ref()
                .map_or("—".to_owned(), |c| format!("{c}%"))
                .into(),
            r.before_on.clone().unwrap_or_default().into(),
            license.into(),
            r.verdict
                .as_ref()
                .map_or("not read".into(), |v| crate::listing::sell(v)),
            r.source.as_str().into(),
        ]));
    }
    if report.rows.is_empty() {
        t.note("nothing was read by that day; `maquette observe hub` asks the Hub");
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
        "model",
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
            or(&r.model),
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

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .map(|c| c.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
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
        Column::left("what", ""),
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
        "Of {} prices that others speak of, {} changed, {} pending, {} differ, {} are contradicted by old readings alone; {} stand alone",
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
    t.note("changed: two origins, or one for a day, say otherwise since the catalog's reading, having said the same before; pending: one, for less than a day");
    for a in &report.attributions {
        t.note(a.clone());
    }
    doc.push(Block::Table(t));
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

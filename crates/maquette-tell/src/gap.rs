//! The gap between open and closed, board by board: a table, pairs, history, a curve.

use maquette_core::Date;
use maquette_core::report::gap::{GapBoard, GapReading, GapReport, GapSide};

use crate::document::{Block, Document, records};
use crate::svg::{Axis, Chart, Series};
use crate::table::{Cell, Column, Row, Table};

pub fn gap(report: &GapReport) -> Document {
    let mut doc = Document::default();
    if let Some(b) = report
        .boards
        .iter()
        .find(|b| b.main)
        .or(report.boards.first())
    {
        doc.push(Block::Finding(finding(b, report.tier.as_str())));
    }
    if !report.boards.is_empty() {
        doc.push(Block::Table(boards(report)));
    }
    for b in &report.boards {
        let mut lines: Vec<String> = Vec::new();
        lines.extend(b.pairs.iter().map(|p| {
            let said = match (&p.missing, p.gap) {
                (Some(missing), _) => missing.clone(),
                (None, Some(g)) => format!(
                    "{}{}",
                    figure(g, p.low, p.high, p.preferred),
                    p.word.as_ref().map_or(String::new(), |w| format!(": {w}"))
                ),
                (None, None) => "no rating".to_owned(),
            };
            format!("{} against {}: {said} ({})", p.open, p.closed, p.why)
        }));
        lines.extend(b.one_sided.clone());
        lines.extend(b.reading.doubt.as_ref().map(|d| format!("no word: {d}")));
        lines.extend(b.outside.iter().map(|o| format!("outside: {o}")));
        lines.extend(b.unknown.iter().map(|u| format!("not known: {u}")));
        if !lines.is_empty() {
            doc.push(Block::Heading(b.title.clone()));
            doc.push(Block::List(lines));
        }
    }
    for b in report.boards.iter().filter(|b| !b.history.is_empty()) {
        doc.push(Block::Table(history(b)));
    }
    if !report.behind.is_empty() {
        doc.push(Block::Heading("Months behind, text".to_owned()));
        doc.push(Block::List(
            report
                .behind
                .iter()
                .map(|b| {
                    let range = match (b.low, b.high) {
                        (Some(l), Some(h)) => format!(" ({l} to {h})"),
                        _ => String::new(),
                    };
                    let note = b.note.as_ref().map_or(String::new(), |n| format!("; {n}"));
                    format!(
                        "{}{range} on {}, {}, published: {}{note}",
                        b.months, b.day, b.scale, b.source
                    )
                })
                .collect(),
        ));
    }
    doc.records = Some(rows(report));
    doc
}

fn finding(b: &GapBoard, tier: &str) -> String {
    let r = &b.reading;
    let (Some(closed), Some(open), Some(g)) = (&r.closed, &r.open, r.gap) else {
        return format!("{}: nothing to compare on {}", b.title, r.day);
    };
    let open_words = match tier {
        "any" => "open",
        "permissive" => "permissively licensed",
        _ => "open model usable here",
    };
    let start = match b.words() {
        Some(word) if word == "open leads" => format!("On {} ({}) open leads", b.title, r.day),
        Some(word) => format!("On {} ({}) the gap is {word}", b.title, r.day),
        None => format!("On {} ({})", b.title, r.day),
    };
    let chance = r.preferred.map_or(String::new(), |p| {
        format!(
            "; {} is preferred in about {:.0} of 100 pairs",
            open.name,
            p * 100.0
        )
    });
    let by = figure(g, r.low, r.high, None);
    let place = if g < 0.0 { "lies behind" } else { "leads" };
    format!(
        "{start}: {} {place} the best {open_words} ({}) by {by}{chance}",
        closed.name, open.name
    )
}

fn figure(gap: f64, low: Option<f64>, high: Option<f64>, preferred: Option<f64>) -> String {
    let interval = match (low, high) {
        (Some(low), Some(high)) => format!(" [{low} to {high}]"),
        _ => String::new(),
    };
    let chance = preferred.map_or(String::new(), |p| {
        format!(", open preferred in {:.0} of 100", p * 100.0)
    });
    format!("{gap}{interval} points{chance}")
}

fn boards(report: &GapReport) -> Table {
    let mut t = Table::new(vec![
        Column::left("board", "Board"),
        Column::left("day", "Day"),
        Column::left("closed", "Best closed").priority(3),
        Column::left("open", "Best open").priority(2),
        Column::right("gap", "Gap"),
        Column::right("interval", "90%").priority(3),
        Column::right("preferred", "Open preferred").priority(4),
        Column::left("word", "In a word"),
        Column::left("grade", "Grade").priority(4),
        Column::left("source", "Source").priority(5),
    ])
    .title(format!(
        "Best closed less best open ({}) as of {}",
        report.tier, report.as_of
    ));
    let mut modality = "";
    for b in &report.boards {
        if b.modality != modality {
            modality = &b.modality;
            t.push(Row::group(modality));
        }
        let r = &b.reading;
        t.push(Row::body(vec![
            b.title.as_str().into(),
            match b.staleness.as_str() {
                "fresh" => r.day.clone(),
                other => format!("{} ({other})", r.day),
            }
            .into(),
            name(r.closed.as_ref()).into(),
            name(r.open.as_ref()).into(),
            r.gap.map_or(Cell::from("—"), |g| {
                Cell::from(format!("{g}")).evidence(b.id.clone())
            }),
            interval(r).into(),
            r.preferred
                .map_or("—".to_owned(), |p| format!("{:.0} of 100", p * 100.0))
                .into(),
            b.words().unwrap_or_else(|| "—".to_owned()).into(),
            b.grade.as_str().into(),
            r.source.as_str().into(),
        ]));
    }
    for m in &report.without {
        t.note(format!("{m}: no board, so nothing is said (grade D)"));
    }
    if report.boards.iter().any(|b| b.grade == "C") {
        t.note("no word of grade C: a test, a vendor's study, or votes that mix formats");
    }
    for n in report.notes.iter().chain(&report.attributions) {
        t.note(n.clone());
    }
    t
}

fn name(side: Option<&GapSide>) -> String {
    side.map_or("—".to_owned(), |s| {
        let doubt = match s.basis.as_str() {
            "line" | "board" => "?",
            _ => "",
        };
        format!("{} {}{doubt}", s.name, s.rating)
    })
}

fn interval(r: &GapReading) -> String {
    match (r.low, r.high) {
        (Some(l), Some(h)) => format!("{l} to {h}"),
        _ => "—".to_owned(),
    }
}

fn history(b: &GapBoard) -> Table {
    let mut t = Table::new(vec![
        Column::left("day", "Day"),
        Column::left("closed", "Best closed").priority(3),
        Column::left("open", "Best open").priority(2),
        Column::right("gap", "Gap"),
        Column::right("interval", "90%"),
        Column::left("word", "In a word").priority(2),
        Column::left("source", "Source").priority(4),
    ])
    .title(format!("{} over time", b.title));
    for r in &b.history {
        if let Some(what) = &r.broke {
            t.push(Row::group(format!("break: {what}").as_str()));
        }
        t.push(Row::body(vec![
            r.day.as_str().into(),
            name(r.closed.as_ref()).into(),
            name(r.open.as_ref()).into(),
            r.gap.map_or("—".to_owned(), |g| g.to_string()).into(),
            interval(r).into(),
            r.word.clone().unwrap_or_else(|| "—".to_owned()).into(),
            r.source.as_str().into(),
        ]));
    }
    t
}

fn rows(report: &GapReport) -> Table {
    let keys = [
        "board",
        "modality",
        "tier",
        "day",
        "closed",
        "closed_rating",
        "open",
        "open_rating",
        "open_license",
        "gap",
        "low",
        "mid",
        "high",
        "preferred",
        "word",
        "standing",
        "grade",
        "staleness",
        "source",
    ];
    let or = |x: Option<f64>| x.map(|v| v.to_string()).unwrap_or_default();
    let line = |b: &GapBoard, r: &GapReading, last: bool| {
        let part =
            |s: &Option<GapSide>, f: fn(&GapSide) -> String| s.as_ref().map(f).unwrap_or_default();
        vec![
            b.board.clone(),
            b.modality.clone(),
            report.tier.clone(),
            r.day.clone(),
            part(&r.closed, |s| s.name.clone()),
            part(&r.closed, |s| s.rating.to_string()),
            part(&r.open, |s| s.name.clone()),
            part(&r.open, |s| s.rating.to_string()),
            part(&r.open, |s| s.license.clone().unwrap_or_default()),
            or(r.gap),
            or(r.low),
            or(r.mid),
            or(r.high),
            or(r.preferred),
            r.word.clone().unwrap_or_default(),
            if last {
                b.standing.clone().unwrap_or_default()
            } else {
                String::new()
            },
            b.grade.clone(),
            if last {
                b.staleness.clone()
            } else {
                String::new()
            },
            r.source.clone(),
        ]
    };
    let all = report.boards.iter().flat_map(|b| {
        let list: Vec<Vec<String>> = if b.history.is_empty() {
            vec![line(b, &b.reading, true)]
        } else {
            let end = b.history.len() - 1;
            b.history
                .iter()
                .enumerate()
                .map(|(i, r)| line(b, r, i == end))
                .collect()
        };
        list
    });
    records(&keys, all)
}

/// The curves of boards over time; a break of a board breaks its line. `None` where nothing has a history.
pub fn gap_chart(report: &GapReport) -> Option<String> {
    Some(chart(report)?.svg(860, 420))
}

pub(crate) fn chart(report: &GapReport) -> Option<Chart> {
    let epoch = Date::constant(1970, 1, 1);
    let mut chart_series = Vec::new();
    let (mut from, mut to, mut low, mut high) =
        (f64::INFINITY, f64::NEG_INFINITY, 0.0_f64, 1.0_f64);
    for b in report.boards.iter().filter(|b| b.scale == "elo") {
        let mut points: Vec<(f64, f64)> = Vec::new();
        for r in &b.history {
            let (Ok(day), Some(g)) = (r.day.parse::<Date>(), r.gap) else {
                continue;
            };
            let x = f64::from((day - epoch).get_days());
            if r.broke.is_some() {
                points.push((x, f64::NAN));
            }
            points.push((x, g));
            (from, to) = (from.min(x), to.max(x));
            (low, high) = (low.min(g), high.max(g));
        }
        if points.iter().filter(|p| p.1.is_finite()).count() > 1 {
            chart_series.push(Series::line(b.title.clone(), points).label(b.board.clone()));
        }
    }
    if chart_series.is_empty() {
        return None;
    }
    let mut chart = Chart::new(
        format!("gap-{}", report.tier),
        "Best closed less best open over time".to_owned(),
        format!("{} boards to {}.", chart_series.len(), report.as_of),
        Axis::dates(from, if to > from { to } else { from + 1.0 }),
        Axis::linear(low * 1.1, high * 1.1),
    )
    .labels("", "points")
    .source(format!(
        "{}; as of {}",
        report.attributions.join("; "),
        report.as_of
    ));
    chart.series = chart_series;
    Some(chart)
}

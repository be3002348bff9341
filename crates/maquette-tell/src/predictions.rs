//! Predictions: scores first, then what is due, what is open and what came out.

use maquette_core::report::predictions::{PredictionsReport, QuestionLine, WrittenReport};

use crate::document::{Block, Document, records};
use crate::table::{Cell, Column, Label, Row, Table};

const ORDER: [(&str, &str); 5] = [
    (
        "due",
        "Due: the deadline is over, and nobody has resolved it",
    ),
    ("open", "Open"),
    ("yes", "Came true"),
    ("no", "Did not"),
    ("annulled", "Annulled"),
];

pub fn predictions(report: &PredictionsReport) -> Document {
    let mut doc = Document::default();
    let said: Vec<String> = ORDER
        .iter()
        .filter_map(|(status, _)| {
            let n = report
                .questions
                .iter()
                .filter(|q| q.status == *status)
                .count();
            (n > 0).then(|| format!("{n} {status}"))
        })
        .collect();
    doc.push(Block::Finding(if said.is_empty() {
        format!("no prediction was written down by {}", report.as_of)
    } else {
        format!("By {}: {}", report.as_of, said.join(", "))
    }));
    if !report.scores.is_empty() {
        doc.push(Block::Table(scores(report)));
    }
    for (status, heading) in ORDER {
        let rows: Vec<&QuestionLine> = report
            .questions
            .iter()
            .filter(|q| q.status == status)
            .collect();
        if !rows.is_empty() {
            doc.push(Block::Heading(heading.to_owned()));
            doc.push(Block::List(rows.into_iter().map(question).collect()));
        }
    }
    let mut lines: Vec<String> = Vec::new();
    for l in &report.ledgers {
        let head = l.head.as_ref().map_or(String::new(), |h| {
            format!(", ends with {}…", &h[..12.min(h.len())])
        });
        lines.push(format!("ledger {}: {} lines{head}", l.ledger, l.lines));
        lines.extend(l.problems.iter().map(|p| format!("{}: {p}", l.ledger)));
    }
    lines.extend(report.notes.clone());
    doc.push(Block::List(lines));
    doc.records = Some(rows(report));
    doc
}

fn scores(report: &PredictionsReport) -> Table {
    let mut t = Table::new(vec![
        Column::left("by", "Forecaster"),
        Column::right("n", "n"),
        Column::right("brier", "Brier"),
        Column::right("base_brier", "base rate"),
        Column::right("log", "Log"),
        Column::right("base_log", "base rate"),
        Column::left("said", "Against it").priority(3),
    ])
    .title("Scores of resolved questions (0 is perfect)".to_owned());
    for s in &report.scores {
        t.push(Row::body(vec![
            s.by.as_str().into(),
            s.n.to_string().into(),
            Cell::from(format!("{:.3}", s.brier)).evidence(format!("score/{}", s.by)),
            format!("{:.3}", s.base_brier).into(),
            format!("{:.3}", s.log).into(),
            format!("{:.3}", s.base_log).into(),
            Cell::from(s.said.as_str()).label(if s.said.starts_with("worse") {
                Label::Bad
            } else {
                Label::Plain
            }),
        ]));
    }
    t
}

fn question(q: &QuestionLine) -> String {
    let claim = match (&q.claim, &q.reading) {
        (Some(c), Some(r)) => format!(" ({c}; read as: {r})"),
        (Some(c), None) => format!(" ({c})"),
        (None, Some(r)) => format!(" (read as: {r})"),
        (None, None) => String::new(),
    };
    let forecasts: Vec<String> = q
        .forecasts
        .iter()
        .map(|f| {
            let assumed = if f.basis == "assumed" {
                ", assumed"
            } else {
                ""
            };
            let score = f.brier.map_or(String::new(), |b| format!(", Brier {b}"));
            format!(
                "{:.0}% by {} on {}{assumed}{score}",
                f.probability * 100.0,
                f.by,
                f.made
            )
        })
        .collect();
    let forecasts = if forecasts.is_empty() {
        "no forecast".to_owned()
    } else {
        forecasts.join("; ")
    };
    let time = match (q.status.as_str(), &q.settled) {
        (_, Some(day)) => format!("settled {day}"),
        ("due", None) => format!("due since {}", q.deadline),
        _ => format!("until {}, {} days", q.deadline, q.days_left),
    };
    let because = q
        .because
        .as_ref()
        .map_or(String::new(), |b| format!(" {b}."));
    format!("{}: {}{claim} {forecasts}; {time}.{because}", q.id, q.text)
}

fn rows(report: &PredictionsReport) -> Table {
    let keys = [
        "id",
        "of",
        "main",
        "status",
        "deadline",
        "text",
        "reading",
        "source",
        "by",
        "made",
        "probability",
        "basis",
        "brier",
        "log",
        "settled",
        "because",
    ];
    let or = |o: &Option<String>| o.clone().unwrap_or_default();
    let number = |o: Option<f64>| o.map(|v| v.to_string()).unwrap_or_default();
    let all = report.questions.iter().flat_map(|q| {
        let start = vec![
            q.id.clone(),
            or(&q.of),
            q.main.to_string(),
            q.status.clone(),
            q.deadline.clone(),
            q.text.clone(),
            or(&q.reading),
            q.source.clone(),
        ];
        let end = vec![or(&q.settled), or(&q.because)];
        let mut lines: Vec<Vec<String>> = q
            .forecasts
            .iter()
            .map(|f| {
                let own = vec![
                    f.by.clone(),
                    f.made.clone(),
                    f.probability.to_string(),
                    f.basis.clone(),
                    number(f.brier),
                    number(f.log),
                ];
                [start.clone(), own, end.clone()].concat()
            })
            .collect();
        if lines.is_empty() {
            lines.push([start, vec![String::new(); 6], end].concat());
        }
        lines
    });
    records(&keys, all)
}

pub fn written(report: &WrittenReport) -> Document {
    let mut doc = Document::default();
    doc.push(Block::Finding(format!(
        "{}: line {} of {}",
        report.did, report.line, report.ledger
    )));
    doc.push(Block::Paragraph(format!(
        "Its hash is {}. Who keeps it can tell whether anything up to this line was changed.",
        report.hash
    )));
    doc.records = Some(records(
        &["ledger", "line", "hash", "did"],
        std::iter::once(vec![
            report.ledger.clone(),
            report.line.to_string(),
            report.hash.clone(),
            report.did.clone(),
        ]),
    ));
    doc
}

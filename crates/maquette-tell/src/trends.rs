//! Trends: what has a label first, each with its numbers; then what has none, and why.

use std::collections::BTreeMap;

use maquette_core::report::trends::{GainsReport, PanelLine, TrendLine, TrendsReport};

use crate::document::{Block, Document, records};
use crate::number;
use crate::table::{Cell, Column, Row, Table};

const LABELS: [&str; 5] = ["rising", "emerging", "declining", "stable", "unclear"];
/// Rows of one label that are shown.
const MOST: usize = 12;

pub fn trends(report: &TrendsReport) -> Document {
    let mut doc = Document::default();
    let said: Vec<String> = LABELS
        .iter()
        .filter_map(|l| Some(format!("{} {l}", report.counts.get(*l)?)))
        .collect();
    doc.push(Block::Finding(if said.is_empty() {
        format!("nothing was counted by {}", report.as_of)
    } else {
        format!("By {}: {}", report.as_of, said.join(", "))
    }));
    for label in LABELS {
        let rows: Vec<&TrendLine> = report.rows.iter().filter(|r| r.label == label).collect();
        if rows.is_empty() {
            continue;
        }
        doc.push(Block::Heading(number::capital(label)));
        doc.push(Block::List(if label == "unclear" {
            unclear(&rows)
        } else {
            listed(&rows)
        }));
    }
    doc.push(Block::Heading("What the words stand on".to_owned()));
    let mut lines: Vec<String> = report.panels.iter().map(panel).collect();
    lines.extend(report.notes.clone());
    lines.extend(report.attributions.clone());
    doc.push(Block::List(lines));
    doc.records = Some(rows(report));
    doc
}

/// What was added of late, by kind.
pub fn gains(report: &GainsReport) -> Document {
    let mut doc = Document::default();
    let mut t = Table::new(vec![
        Column::left("name", "Name"),
        Column::left("metric", "Of").priority(2),
        Column::right("gained", "Added"),
        Column::right("days", "in days").priority(2),
        Column::right("percent", "Change").priority(3),
        Column::right("value", "Now"),
        Column::left("read_on", "Read").priority(4),
    ])
    .title(format!("Most added of late, as of {}", report.as_of));
    for of in report.rows.chunk_by(|a, b| a.kind == b.kind) {
        t.push(Row::group(match of[0].kind.as_str() {
            "hub" => "models",
            "space" => "Spaces",
            _ => "repositories",
        }));
        for g in of {
            t.push(Row::body(vec![
                g.name.as_str().into(),
                g.metric.as_str().into(),
                Cell::from(format!("{:+}", g.gained)).evidence(g.id.clone()),
                g.days.to_string().into(),
                g.percent
                    .map_or("—".to_owned(), |p| format!("{p:+}%"))
                    .into(),
                number::count(&g.value.to_string()).into(),
                g.read_on.as_str().into(),
            ]));
        }
    }
    if report.rows.is_empty() {
        t.note("nothing was read twice by that day; `maquette observe` asks the sources");
    }
    for n in report.notes.iter().chain(&report.attributions) {
        t.note(n.clone());
    }
    doc.push(Block::Table(t));
    let keys = [
        "id",
        "kind",
        "name",
        "models",
        "metric",
        "value",
        "read_on",
        "before",
        "before_on",
        "days",
        "gained",
        "per_day",
        "percent",
    ];
    let all = report.rows.iter().map(|g| {
        vec![
            g.id.clone(),
            g.kind.clone(),
            g.name.clone(),
            g.models.join(" "),
            g.metric.clone(),
            g.value.to_string(),
            g.read_on.clone(),
            g.before.to_string(),
            g.before_on.clone(),
            g.days.to_string(),
            g.gained.to_string(),
            g.per_day.to_string(),
            g.percent.map(|p| p.to_string()).unwrap_or_default(),
        ]
    });
    doc.records = Some(records(&keys, all));
    doc
}

fn listed(rows: &[&TrendLine]) -> Vec<String> {
    let mut lines: Vec<String> = rows
        .iter()
        .take(MOST)
        .map(|r| format!("{}: {}{}", r.name, r.reason, extra(r)))
        .collect();
    lines.extend(more(rows.len()));
    lines
}

fn more(n: usize) -> Option<String> {
    (n > MOST).then(|| format!("{} more (--format csv or json has them all)", n - MOST))
}

/// Those without a label: what has numbers first, then the others by what is lacking.
fn unclear(rows: &[&TrendLine]) -> Vec<String> {
    let (with, without): (Vec<&TrendLine>, Vec<&TrendLine>) = rows.iter().partition(|r| {
        let windows = r.windows.as_ref().and_then(|w| w.slope_percent);
        !matches!(
            r.why.as_str(),
            "few-weeks" | "not-read-lately" | "no-counter"
        ) || windows.is_some()
    });
    let mut lines = if with.is_empty() {
        Vec::new()
    } else {
        listed(&with)
    };
    let mut lacking: BTreeMap<&str, Vec<&TrendLine>> = BTreeMap::new();
    for r in without {
        lacking.entry(&r.why).or_default().push(r);
    }
    for (why, rows) in lacking {
        let names: Vec<&str> = rows
            .iter()
            .take(MOST / 2)
            .map(|r| r.name.as_str())
            .collect();
        let rest = rows.len() - names.len();
        let what = match why {
            "few-weeks" => "read in fewer than eight weeks",
            "not-read-lately" => "not read in the last two weeks",
            _ => "only downloads of 30 days were read",
        };
        lines.push(format!(
            "{} {what}: {}{}",
            rows.len(),
            names.join(", "),
            if rest > 0 {
                format!(" and {rest} more")
            } else {
                String::new()
            }
        ));
    }
    lines
}

fn panel(p: &PanelLine) -> String {
    let rate = p
        .rate_percent
        .map_or(String::new(), |r| format!(", median growth {r}% a week"));
    let lag = match p.lag {
        Some(l) => format!(
            ", lag-1 correlation of their weeks {l} (every interval is as wide as that asks)"
        ),
        None if p.rate_percent.is_some() => {
            ", intervals of independent weeks (too few to tell how weeks hang together)".to_owned()
        }
        None => String::new(),
    };
    format!(
        "{} of {}: {} read, {} of them in eight weeks or more{}{rate}{lag}. {}: {}",
        p.metric,
        p.kind,
        number::count(&p.subjects.to_string()),
        p.members,
        if p.members < p.needed {
            format!(" ({} make a panel)", p.needed)
        } else {
            String::new()
        },
        if p.admitted {
            "Rising and declining are given"
        } else {
            "Neither rising nor declining is given"
        },
        p.admission
    )
}

/// What the reason does not say: windows of downloads, automation.
fn extra(r: &TrendLine) -> String {
    let windows = r.windows.as_ref().and_then(|w| {
        let (slope, low, high) = (w.slope_percent?, w.low_percent?, w.high_percent?);
        Some(format!(
            "; downloads of 30 days {slope:+}% a week [{low:+}, {high:+}] over {} windows",
            w.windows
        ))
    });
    let automation = r
        .automation
        .then(|| "; more than 200,000 downloads a like: automation is likely".to_owned());
    windows.into_iter().chain(automation).collect()
}

fn rows(report: &TrendsReport) -> Table {
    let keys = [
        "subject",
        "models",
        "modality",
        "label",
        "why",
        "metric",
        "weeks",
        "slope_percent",
        "low_percent",
        "high_percent",
        "p",
        "q",
        "rate_percent",
        "pace",
        "value",
        "last_read",
        "downloads",
        "downloads_slope_percent",
        "automation",
    ];
    let or = |x: Option<f64>| x.map(|v| v.to_string()).unwrap_or_default();
    let all = report.rows.iter().map(|r| {
        let s = r
            .signals
            .iter()
            .find(|s| Some(&s.metric) == r.metric.as_ref());
        vec![
            r.subject.clone(),
            r.models.join(" "),
            r.modality.clone().unwrap_or_default(),
            r.label.clone(),
            r.why.clone(),
            r.metric.clone().unwrap_or_default(),
            s.map(|s| s.weeks.to_string()).unwrap_or_default(),
            or(s.and_then(|s| s.slope_percent)),
            or(s.and_then(|s| s.low_percent)),
            or(s.and_then(|s| s.high_percent)),
            or(s.and_then(|s| s.p)),
            or(s.and_then(|s| s.q)),
            or(s.and_then(|s| s.rate_percent)),
            or(s.and_then(|s| s.pace)),
            or(s.map(|s| s.value)),
            s.map(|s| s.last_read.clone()).unwrap_or_default(),
            or(r.windows.as_ref().map(|w| w.downloads)),
            or(r.windows.as_ref().and_then(|w| w.slope_percent)),
            r.automation.to_string(),
        ]
    });
    records(&keys, all)
}

//! `trends`: a label for every model, Space and repository that is counted, out of the store, the archives
//! or a table.

mod batch;
pub mod gains;
mod gather;

use std::collections::BTreeMap;

use jiff::civil::Date;
use maquette_core::report::trends::{PanelLine, SignalLine, TrendLine, TrendsReport, WindowsLine};
use maquette_core::{Modality, days_between};
use maquette_stats::trend::clean::Counter;
use maquette_stats::trend::{
    AUTOMATION, Direction, Finding, LEAST_WEEKS, Label, PANEL, Panel, Why, label, windows,
};

pub use batch::batch;

use crate::context::Context;
use crate::error::AppError;
use crate::observe::series::attributions;

/// What a label may rest on, with what its directions were worth on the series that were tried; the numbers are those
/// of docs/concepts/trends.md.
const SIGNALS: [(&str, bool, &str); 3] = [
    (
        "stars",
        true,
        "of 32 past labels \"rising\" 84% grew more than the median over the next four weeks (50% of all do), of 92 \"declining\" 74% grew less",
    ),
    ("downloads-all-time", false, "too few past readings to test"),
    (
        "likes",
        false,
        "of 4,820 past readings three would have been called rising and two declining: too few to test",
    ),
];

/// Days since 1970-01-01.
fn number(day: Date) -> i64 {
    days_between(Date::constant(1970, 1, 1), day)
}

fn date(number: i64) -> String {
    Date::constant(1970, 1, 1)
        .checked_add(jiff::Span::new().days(number))
        .map_or_else(|_| String::new(), |d| d.to_string())
}

/// All that is counted of one thing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counted {
    pub kind: String,
    pub subject: String,
    pub name: String,
    pub models: Vec<String>,
    pub modality: Option<Modality>,
    /// By metric.
    pub counters: BTreeMap<String, Counter>,
}

/// What is narrowed down to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub modality: Option<Modality>,
    /// `models`, `spaces` or `repositories`.
    pub kind: Option<Kind>,
    /// Those with any reading, not only what the catalog names.
    pub all: bool,
}

maquette_core::words! {
    Kind {
        Models = "models",
        Spaces = "spaces",
        Repositories = "repositories",
    }
}

impl Kind {
    fn subjects(self) -> &'static str {
        match self {
            Kind::Models => "hub",
            Kind::Spaces => "space",
            Kind::Repositories => "github",
        }
    }
}

pub fn trends(ctx: &Context, filter: &Filter) -> Result<TrendsReport, AppError> {
    let (all, sources) = gather::counted(ctx)?;
    let mut report = judge(&all, ctx.as_of);
    let shown = |r: &TrendLine| {
        let kind = r.subject.split(':').next().unwrap_or_default();
        let of_kind = filter.kind.is_none_or(|k| k.subjects() == kind);
        // A Space or a repository has no modality of its own.
        let of_modality = filter
            .modality
            .is_none_or(|m| r.modality.as_deref() == Some(m.as_str()));
        let known = filter.all || kind != "hub" || !r.models.is_empty();
        of_kind && of_modality && known
    };
    let before = report.rows.len();
    report.rows.retain(shown);
    if report.rows.len() < before {
        report.notes.push(format!(
            "{} of {before} counted subjects are shown; all of them make the panel",
            report.rows.len()
        ));
    }
    count(&mut report);
    report.attributions = attributions(ctx, sources.iter().map(String::as_str))?;
    Ok(report)
}

fn count(report: &mut TrendsReport) {
    report.counts = BTreeMap::new();
    for row in &report.rows {
        *report.counts.entry(row.label.clone()).or_default() += 1;
    }
}

/// A label for each subject: every kind and metric is a panel of its own.
pub(crate) fn judge(all: &[Counted], as_of: Date) -> TrendsReport {
    let day = number(as_of);
    let mut kinds: Vec<&str> = all.iter().map(|c| c.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut panels = Vec::new();
    let mut signals: Vec<Vec<SignalLine>> = vec![Vec::new(); all.len()];
    for kind in kinds {
        for (metric, admitted, admission) in SIGNALS {
            let of: Vec<usize> = (0..all.len())
                .filter(|i| all[*i].kind == kind)
                .filter(|i| {
                    let counter = all[*i].counters.get(metric);
                    counter.is_some_and(|c| !c.until(day).0.is_empty())
                })
                .collect();
            if of.is_empty() {
                continue;
            }
            let counters: Vec<Counter> = of
                .iter()
                .filter_map(|i| all[*i].counters.get(metric))
                .map(|c| of_one_rule(metric, c, day))
                .collect();
            let (found, panel) = label(&counters, day, admitted);
            for ((i, f), counter) in of.iter().zip(&found).zip(&counters) {
                signals[*i].extend(signal(metric, f, &panel, counter, day));
            }
            panels.push(PanelLine {
                kind: kind.to_owned(),
                metric: metric.to_owned(),
                subjects: of.len(),
                members: panel.members,
                needed: PANEL,
                rate_percent: panel.rate.map(|r| rounded(r * 100.0)),
                lag: panel.lag.map(rounded),
                admitted,
                admission: admission.to_owned(),
            });
        }
    }
    let mut rows: Vec<TrendLine> = all
        .iter()
        .zip(signals)
        .map(|(c, signals)| line(c, signals, day))
        .collect();
    rows.sort_by(|a, b| {
        let at = |r: &TrendLine| {
            let label = Label::ALL.iter().position(|l| l.as_str() == r.label);
            let pace = r.signals.first().and_then(|s| s.pace).unwrap_or(-1.0);
            (label, pace)
        };
        let ((la, pa), (lb, pb)) = (at(a), at(b));
        (la.cmp(&lb))
            .then(pb.total_cmp(&pa))
            .then_with(|| a.subject.cmp(&b.subject))
    });
    let mut report = TrendsReport {
        schema: "maquette.trends/1".to_owned(),
        as_of: as_of.to_string(),
        counts: BTreeMap::new(),
        notes: notes(&rows),
        panels,
        rows,
        attributions: Vec::new(),
    };
    count(&mut report);
    report
}

/// The readings that count under one rule: what the Hub counts as a download changed, and no line is drawn across that.
fn of_one_rule(metric: &str, counter: &Counter, day: i64) -> Counter {
    let mut out = counter.clone();
    if metric == "downloads-all-time" && day >= windows::RULE_CHANGE {
        let start = out.days.partition_point(|d| *d < windows::RULE_CHANGE);
        out.days.drain(..start);
        out.values.drain(..start);
    }
    out
}

fn notes(rows: &[TrendLine]) -> Vec<String> {
    let mut out = vec![
        "rising: what is added each week grows, against the panel, and growth of the last four weeks lies above the panel's; it tells the pace, and foretells little beyond it (docs/concepts/trends.md)".to_owned(),
    ];
    if rows.iter().any(|r| r.windows.is_some()) {
        out.push("downloads are counts of 30 days: windows that do not overlap are shown, and give no label, since what had risen grew no more than others afterwards".to_owned());
    }
    out
}

fn rounded(x: f64) -> f64 {
    (x * 100.0).round() / 100.0
}

/// A slope of logarithms as percent a week.
fn percent(slope: f64) -> f64 {
    rounded(slope.exp_m1() * 100.0)
}

fn signal(
    metric: &str,
    f: &Finding,
    panel: &Panel,
    counter: &Counter,
    day: i64,
) -> Option<SignalLine> {
    let (days, values) = counter.until(day);
    let four = |x: f64| (x * 10_000.0).round() / 10_000.0;
    Some(SignalLine {
        metric: metric.to_owned(),
        label: f.label.as_str().to_owned(),
        why: why(f.why).to_owned(),
        direction: match f.direction {
            Direction::Up => "up",
            Direction::Down => "down",
            Direction::None => "none",
        }
        .to_owned(),
        readings: days.len(),
        first_read: date(*days.first()?),
        last_read: date(*days.last()?),
        value: *values.last()?,
        weeks: f.weeks,
        slope_percent: f.slope.map(percent),
        low_percent: f.low.map(percent),
        high_percent: f.high.map(percent),
        p: f.p.map(four),
        q: f.q.map(four),
        rate_percent: f.rate.map(|r| rounded(r * 100.0)),
        pace: f
            .rate
            .zip(panel.rate)
            .filter(|(_, p)| *p > 0.0)
            .map(|(r, p)| rounded(r / p)),
    })
}

fn why(w: Why) -> &'static str {
    match w {
        Why::Agree => "agree",
        Why::New => "new",
        Why::Flat => "flat",
        Why::NotReadLately => "not-read-lately",
        Why::FewWeeks => "few-weeks",
        Why::FewCounts => "few-counts",
        Why::Wide => "wide",
        Why::NoPanel => "no-panel",
        Why::Disagree => "disagree",
        Why::ByChance => "by-chance",
        Why::NotAdmitted => "not-admitted",
    }
}

fn line(c: &Counted, signals: Vec<SignalLine>, day: i64) -> TrendLine {
    // The first signal with a label; without any the one that was read for the most weeks.
    let chosen = signals
        .iter()
        .find(|s| s.label != Label::Unclear.as_str())
        .or_else(|| signals.iter().rev().max_by_key(|s| (s.weeks, s.readings)));
    let windows = c.counters.get("downloads").and_then(|counter| {
        let (days, values) = counter.until(day);
        let e = windows::evidence(counter, day);
        Some(WindowsLine {
            windows: e.points,
            last_read: date(*days.last()?),
            downloads: *values.last()?,
            slope_percent: e.slope.map(percent),
            low_percent: e.low.map(percent),
            high_percent: e.high.map(percent),
        })
    });
    let likes = signals
        .iter()
        .find(|s| s.metric == "likes")
        .map(|s| s.value.max(1.0));
    let per_like = windows
        .as_ref()
        .zip(likes)
        .map(|(w, likes)| rounded(w.downloads / likes));
    TrendLine {
        subject: c.subject.clone(),
        name: c.name.clone(),
        models: c.models.clone(),
        modality: c.modality.map(|m| m.to_string()),
        label: chosen
            .map_or(Label::Unclear.as_str(), |s| &s.label)
            .to_owned(),
        why: chosen.map_or("no-counter", |s| &s.why).to_owned(),
        reason: chosen.map_or_else(
            || "only downloads of 30 days were read: they give no label".to_owned(),
            reason,
        ),
        metric: chosen.map(|s| s.metric.clone()),
        signals,
        automation: per_like.is_some_and(|n| n > AUTOMATION),
        downloads_per_like: per_like,
        windows,
    }
}

/// The numbers of a label in a sentence.
fn reason(s: &SignalLine) -> String {
    let interval = match (s.slope_percent, s.low_percent, s.high_percent) {
        (Some(slope), Some(low), Some(high)) => {
            format!("new {} {slope:+}% a week [{low:+}, {high:+}]", s.metric)
        }
        (Some(slope), _, _) => format!("new {} {slope:+}% a week, no interval", s.metric),
        _ => format!("{} of {} weeks", s.metric, s.weeks),
    };
    let pace = match (s.rate_percent, s.pace) {
        (Some(rate), Some(pace)) => format!(", growth {rate}% a week ({pace} times the panel's)"),
        (Some(rate), None) => format!(", growth {rate}% a week"),
        _ => String::new(),
    };
    let over = format!("{interval} over {} weeks{pace}", s.weeks);
    match s.why.as_str() {
        "agree" => over,
        "new" => format!(
            "{} {} since it was first read on {}: faster than four of five of its age{pace}",
            s.value, s.metric, s.first_read
        ),
        "flat" => format!("{over}: within 5% a week"),
        "not-read-lately" => format!("last read on {}", s.last_read),
        "few-weeks" => format!("{} weeks of {LEAST_WEEKS} that a label needs", s.weeks),
        "few-counts" => format!("{over}: fewer than 20 counts"),
        "no-panel" => format!("{over}; too few others to compare with"),
        "disagree" => format!("{over}; the last four weeks say otherwise"),
        "by-chance" => format!(
            "{over}; of so many looked at, more than one in ten like it would be chance{}",
            s.q.map_or(String::new(), |q| format!(" (q {q})"))
        ),
        "not-admitted" => format!(
            "{over}; {} have not been shown to tell what follows",
            s.metric
        ),
        _ => format!("{over}: growth and none are both possible"),
    }
}

//! `digest`: of what two guides say otherwise, what is worth telling; with releases, retirements and predictions due.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maquette_core::report::digest::{DigestItem, DigestReport};
use maquette_core::report::guide::{GuideDiffLine, GuidePart, GuideReport};
use maquette_core::report::observe::TopReport;
use maquette_core::report::predictions::QuestionLine;

use crate::context::Context;
use crate::error::AppError;
use crate::guide::{diff, on};
use crate::request::Request;

/// Days of a digest that does not say since when.
pub const DAYS: i64 = 7;
/// Percent by which a price or the month's total must have moved.
const MOVED: f64 = 5.0;
/// Places of a ranking that are told.
const PLACES: usize = 3;
/// Days ahead within which a prediction falls due.
const AHEAD: i64 = 14;
const KINDS: [&str; 9] = [
    "month",
    "price",
    "license",
    "release",
    "retirement",
    "ranking",
    "gap",
    "trend",
    "prediction",
];
/// Kinds of which one figure's sources tell the day.
const DATED: [&str; 3] = ["price", "ranking", "gap"];
/// Labels that are news; the others are said when nothing is known.
const MOVING: [&str; 3] = ["rising", "declining", "emerging"];

/// What happened after `since` until the context's day, for the studio of the request.
pub fn digest(ctx: &Context, request: &Request, since: Date) -> Result<DigestReport, AppError> {
    if since >= ctx.as_of {
        return Err(AppError::request(format!(
            "a digest since {since} has no days before {}",
            ctx.as_of
        ))
        .hint("--since takes an earlier day; --as-of the last one"));
    }
    let before = on(ctx, since, request, None)?;
    let after = on(ctx, ctx.as_of, request, None)?;
    Ok(of_guides(ctx, request, since, &before, &after))
}

/// The same of guides that are there.
pub fn of_guides(
    ctx: &Context,
    request: &Request,
    since: Date,
    before: &GuideReport,
    after: &GuideReport,
) -> DigestReport {
    let mut out = Items {
        as_of: ctx.as_of.to_string(),
        all: Vec::new(),
    };
    let (_, lines) = diff::between(before, after);
    for l in &lines {
        out.figure(l);
    }
    out.gaps(&lines);
    for (old, new) in tops(before).iter().zip(tops(after)) {
        out.ranking(old, new);
    }
    out.models(ctx, since);
    for part in after.sections.iter().flat_map(|s| &s.parts) {
        if let GuidePart::Predictions(p) = part {
            for q in &p.questions {
                out.prediction(q, since);
            }
        }
    }
    let mut items = out.all;
    for item in &mut items {
        if DATED.contains(&item.kind.as_str())
            && let Some(id) = &item.after_id
            && let Some(day) = read_on(ctx, request, id, since)
        {
            item.day = day;
        }
    }
    items.sort_by_key(|i| KINDS.iter().position(|k| *k == i.kind));
    DigestReport {
        schema: "maquette.digest/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        since: since.to_string(),
        items,
        notes: vec![
            format!(
                "told are: prices and months that moved by {MOVED}% or more, other verdicts and rights, releases and \
                 retirements, other first {PLACES} places of a ranking, another best or another word of a gap, \
                 new trend labels, predictions settled or due within {AHEAD} days"
            ),
            "what nobody read in these days is not told: no news of a figure is not the news that it stayed".to_owned(),
            format!("every other change: maquette guide diff {since} {}", ctx.as_of),
        ],
    }
}

/// The last day on which a source of the figure was read, where that is one of these days.
fn read_on(ctx: &Context, request: &Request, id: &str, since: Date) -> Option<String> {
    let why = crate::why::why(ctx, request, id).ok()?;
    let days = why
        .evidence
        .iter()
        .filter_map(|e| e.as_of.get(..10)?.parse::<Date>().ok());
    let last = days.filter(|d| since < *d && *d <= ctx.as_of).max()?;
    Some(last.to_string())
}

/// Rankings in the order of the guide, which is the same of every day.
fn tops(guide: &GuideReport) -> Vec<&TopReport> {
    let parts = guide.sections.iter().flat_map(|s| &s.parts);
    parts
        .filter_map(|p| match p {
            GuidePart::Top(r) => Some(r),
            _ => None,
        })
        .collect()
}

struct Items {
    as_of: String,
    all: Vec<DigestItem>,
}

impl Items {
    fn put<const N: usize>(
        &mut self,
        (kind, key, of): (&str, &str, &str),
        values: [(&str, String); N],
        day: Option<String>,
        (before, after): (Option<&String>, Option<&String>),
    ) {
        let day = day.unwrap_or_else(|| self.as_of.clone());
        let value = |name: &str| {
            values
                .iter()
                .find(|(k, _)| *k == name)
                .map(|(_, v)| v.as_str())
        };
        let id = match (value("before"), value("after")) {
            (Some(before), Some(after)) => format!("{kind}/{of}/{before}/{after}"),
            _ => format!("{key}/{of}"),
        };
        // One plan makes several kinds of things.
        let told = |i: &DigestItem| {
            i.key == key && values.iter().all(|(k, v)| i.values.get(*k) == Some(v))
        };
        if self.all.iter().any(told) {
            return;
        }
        self.all.push(DigestItem {
            id,
            kind: kind.to_owned(),
            key: key.to_owned(),
            values: values.map(|(k, v)| (k.to_owned(), v)).into(),
            day,
            after_id: after.cloned(),
            before_id: before.cloned(),
        });
    }

    /// Of one figure that both guides have.
    fn figure(&mut self, l: &GuideDiffLine) {
        let (Some(before), Some(after)) = (&l.before, &l.after) else {
            return;
        };
        let ids = (l.before_id.as_ref(), l.after_id.as_ref());
        let of = format!("{}/{}/{}", l.section, l.subject, l.figure);
        let moved = l.percent.is_some_and(|p| p.abs() >= MOVED);
        let values = || {
            [
                ("name", l.subject.clone()),
                ("figure", l.figure.clone()),
                ("before", before.clone()),
                ("after", after.clone()),
                ("unit", l.unit.clone().unwrap_or_default()),
                (
                    "percent",
                    l.percent.map_or(String::new(), |p| format!("{p:+}")),
                ),
            ]
        };
        match (l.section.as_str(), l.figure.as_str()) {
            ("cost", "a month") if moved => {
                self.put(("month", "news-month", &of), values(), None, ids);
            }
            ("cost", "a month") if l.unit.is_none() => {
                self.put(("month", "news-month-otherwise", &of), values(), None, ids);
            }
            ("cost", figure) if figure.starts_with("makes ") => {
                self.put(("month", "news-choice", &of), values(), None, ids);
            }
            ("licenses", _) => {
                self.put(("license", "news-act", &of), values(), None, ids);
            }
            ("trends", _) if MOVING.contains(&after.as_str()) => {
                self.put(("trend", "news-trend", &of), values(), None, ids);
            }
            (_, figure) if figure.starts_with("cost, ") && moved => {
                self.put(("price", "news-price", &of), values(), None, ids);
            }
            (_, "rights" | "sell what it makes") => {
                self.put(("license", "news-rights", &of), values(), None, ids);
            }
            _ => {}
        }
    }

    /// A board of which another is best, or which another word describes.
    fn gaps(&mut self, lines: &[GuideDiffLine]) {
        let mut boards: BTreeMap<&str, Vec<&GuideDiffLine>> = BTreeMap::new();
        for l in lines.iter().filter(|l| l.section == "gap") {
            boards.entry(&l.subject).or_default().push(l);
        }
        for (board, lines) in boards {
            for l in &lines {
                let (Some(before), Some(after)) = (&l.before, &l.after) else {
                    continue;
                };
                let key = match l.figure.as_str() {
                    "in a word" => "news-gap",
                    "best closed" => "news-best-closed",
                    "best open" => "news-best-open",
                    _ => continue,
                };
                self.put(
                    ("gap", key, &format!("{board}/{}", l.figure)),
                    [
                        ("board", board.to_owned()),
                        ("before", before.clone()),
                        ("after", after.clone()),
                    ],
                    None,
                    (l.before_id.as_ref(), l.after_id.as_ref()),
                );
            }
        }
    }

    /// The first places, where they are others than before.
    fn ranking(&mut self, old: &TopReport, new: &TopReport) {
        let first = |r: &TopReport| -> Vec<String> {
            let rows = r.rows.iter().take(PLACES);
            rows.map(|row| row.name.clone()).collect()
        };
        let (had, has) = (first(old), first(new));
        if had.len() < PLACES || has.len() < PLACES || had == has {
            return;
        }
        self.put(
            (
                "ranking",
                "news-ranking",
                &format!("{}/{}", new.modality, new.by),
            ),
            [
                ("modality", new.modality.clone()),
                ("by", new.by.clone()),
                ("before", had.join(", ")),
                ("after", has.join(", ")),
            ],
            None,
            (
                old.rows.first().map(|r| &r.id),
                new.rows.first().map(|r| &r.id),
            ),
        );
    }

    /// Released and withdrawn in these days; of a release whose month alone is known, in these months.
    fn models(&mut self, ctx: &Context, since: Date) {
        for m in &ctx.knowledge.catalog.models {
            let within = |d: &Date| since < *d && *d <= ctx.as_of;
            let released = m
                .released
                .filter(|r| since < r.first() && r.last() <= ctx.as_of);
            if let Some(released) = released {
                let by = m.publisher.clone();
                let key = if by.is_some() {
                    "news-release"
                } else {
                    "news-release-unsigned"
                };
                self.put(
                    ("release", key, &m.id),
                    [
                        ("name", m.name.clone()),
                        ("by", by.unwrap_or_default()),
                        ("id", m.id.clone()),
                        ("modality", m.modality.to_string()),
                        ("openness", m.openness.as_str().to_owned()),
                        ("day", released.to_string()),
                    ],
                    Some(released.last().to_string()),
                    (None, Some(&m.id)),
                );
            }
            if let Some(day) = m.retired.filter(within) {
                self.put(
                    ("retirement", "news-retirement", &m.id),
                    [
                        ("name", m.name.clone()),
                        ("id", m.id.clone()),
                        ("day", day.to_string()),
                    ],
                    Some(day.to_string()),
                    (None, Some(&m.id)),
                );
            }
        }
    }

    fn prediction(&mut self, q: &QuestionLine, since: Date) {
        let id = format!("prediction/{}", q.id);
        let settled = q.settled.as_ref().and_then(|d| d.parse::<Date>().ok());
        let values = [
            ("text", q.text.clone()),
            ("id", q.id.clone()),
            ("status", q.status.clone()),
            ("deadline", q.deadline.clone()),
        ];
        if let Some(day) = settled {
            if since < day {
                let of = ("prediction", "news-settled", q.id.as_str());
                self.put(of, values, Some(day.to_string()), (None, Some(&id)));
            }
        } else if q.days_left <= AHEAD {
            self.put(
                ("prediction", "news-due", &q.id),
                values,
                None,
                (None, Some(&id)),
            );
        }
    }
}

//! `guide diff`: the figures of two guides, set beside each other by what they are figures of.

use std::collections::{BTreeMap, BTreeSet};

use maquette_core::report::guide::{
    GuideDiffLine, GuideDiffReport, GuidePart, GuideReport, OptionsReport,
};
use maquette_core::report::observe::TopReport;

use super::edition_day;
use crate::context::Context;
use crate::error::AppError;
use crate::request::Request;

/// One thing that a guide says: a number with its unit, or a word.
struct Figure {
    value: String,
    unit: Option<String>,
    id: Option<String>,
}

/// Section, subject and figure: what it is a figure of.
type Key = (usize, String, String);

struct Figures<'a> {
    section: usize,
    all: &'a mut BTreeMap<Key, Figure>,
}

impl Figures<'_> {
    /// The first of a key stands: rows come best first.
    fn put(&mut self, subject: &str, figure: &str, f: Figure) {
        let key = (self.section, subject.to_owned(), figure.to_owned());
        self.all.entry(key).or_insert(f);
    }

    fn word(&mut self, subject: &str, figure: &str, value: impl Into<String>, id: Option<&String>) {
        let f = Figure {
            value: value.into(),
            unit: None,
            id: id.cloned(),
        };
        self.put(subject, figure, f);
    }

    fn number(
        &mut self,
        subject: &str,
        figure: &str,
        (value, unit): (impl Into<String>, &str),
        id: Option<&String>,
    ) {
        let f = Figure {
            value: value.into(),
            unit: Some(unit.to_owned()),
            id: id.cloned(),
        };
        self.put(subject, figure, f);
    }

    fn part(&mut self, part: &GuidePart) {
        match part {
            GuidePart::Top(r) => self.top(r),
            GuidePart::Options(r) => self.options(r),
            GuidePart::Licenses(r) => {
                for l in &r.licenses {
                    for (act, verdict) in &l.acts {
                        self.word(&l.id, act, verdict, None);
                    }
                }
            }
            GuidePart::Gap(r) => {
                for b in r.boards.iter().filter(|b| b.main) {
                    let id = Some(&b.id);
                    if let Some(points) = b.reading.gap {
                        self.number(&b.title, "gap", (points.to_string(), "points"), id);
                    }
                    if let Some(word) = b.words() {
                        self.word(&b.title, "in a word", word, id);
                    }
                    for (figure, side) in [
                        ("best closed", &b.reading.closed),
                        ("best open", &b.reading.open),
                    ] {
                        if let Some(side) = side {
                            self.word(&b.title, figure, &side.name, id);
                        }
                    }
                }
            }
            GuidePart::Month(r) => {
                for s in &r.stacks {
                    let id = Some(&s.id);
                    match &s.total {
                        Some(t) if s.unpriced.is_empty() => {
                            self.number(&s.id, "a month", (&t.amount, &t.currency), id);
                        }
                        Some(t) => {
                            let unit = format!("{} and what is not priced", t.currency);
                            self.number(&s.id, "a month", (&t.amount, &unit), id);
                        }
                        None => self.word(&s.id, "a month", "cannot be made", None),
                    }
                    for c in &s.choices {
                        let said = format!("{} ({})", c.model_name, c.channel);
                        let figure = format!("makes {}", c.demand);
                        self.word(&s.id, &figure, said, Some(&c.id));
                    }
                }
            }
            GuidePart::Trends(r) => {
                for t in &r.rows {
                    self.word(&t.name, "trend", &t.label, None);
                }
            }
            GuidePart::Predictions(r) => {
                for q in &r.questions {
                    self.word(&q.id, "prediction", &q.status, None);
                }
            }
            // Said by the parts above, the same whenever asked, or of the reading and not of the world.
            GuidePart::News(_)
            | GuidePart::Summary(_)
            | GuidePart::Gains(_)
            | GuidePart::BreakEven(_)
            | GuidePart::Shares(_)
            | GuidePart::GapHistory(_)
            | GuidePart::Printed(_)
            | GuidePart::Claims(_)
            | GuidePart::Sources(_) => {}
        }
    }

    fn top(&mut self, r: &TopReport) {
        let place = format!("place by {}", r.by);
        for row in &r.rows {
            let id = Some(&row.id);
            self.number(&row.name, &place, (row.rank.to_string(), "place"), id);
            self.number(&row.name, &r.by, (&row.value, &r.unit), id);
            if let Some(verdict) = &row.verdict {
                self.word(&row.name, "sell what it makes", verdict, None);
            }
        }
    }

    fn options(&mut self, r: &OptionsReport) {
        for o in &r.rows {
            // Plans of several houses have one name.
            let name = match &o.provider {
                Some(provider) if o.way == "plan" => format!("{} ({provider})", o.name),
                _ => o.name.clone(),
            };
            let per = o.per.as_deref().unwrap_or("month");
            // An open model's way says whether a host is known: that is the cost's own row.
            let way = if o.openness == "open" { "host" } else { &o.way };
            if let Some(cost) = &o.cost {
                let unit = format!("USD per {per}");
                self.number(
                    &name,
                    &format!("cost, {way}"),
                    (cost, &unit),
                    o.cost_id.as_ref(),
                );
            }
            self.word(&name, "rights", &o.rights, None);
        }
    }
}

fn figures(report: &GuideReport) -> BTreeMap<Key, Figure> {
    let mut all = BTreeMap::new();
    for (section, s) in report.sections.iter().enumerate() {
        for part in &s.parts {
            Figures {
                section,
                all: &mut all,
            }
            .part(part);
        }
    }
    all
}

/// Whom a guide names, by section.
fn subjects(of: &BTreeMap<Key, Figure>) -> BTreeSet<(usize, String)> {
    of.keys().map(|(s, who, _)| (*s, who.clone())).collect()
}

/// How many figures two guides say alike, and those that they do not.
pub(crate) fn between(before: &GuideReport, after: &GuideReport) -> (usize, Vec<GuideDiffLine>) {
    let (mut old, new) = (figures(before), figures(after));
    let (had, has) = (subjects(&old), subjects(&new));
    let mut same = 0;
    let mut rows: Vec<(Key, GuideDiffLine)> = Vec::new();
    let mut push = |key: Key, old: Option<Figure>, new: Option<Figure>| {
        let whom = (key.0, key.1.clone());
        let change = match (had.contains(&whom), has.contains(&whom)) {
            (false, _) => "new",
            (_, false) => "gone",
            _ => "changed",
        };
        let section = after.sections[key.0].id.clone();
        let l = line(section, change, &key, old, new);
        rows.push((key, l));
    };
    for (key, f) in new {
        match old.remove(&key) {
            Some(o) if o.value == f.value && o.unit == f.unit => same += 1,
            o => push(key, o, Some(f)),
        }
    }
    for (key, o) in old {
        push(key, Some(o), None);
    }
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    (same, rows.into_iter().map(|(_, l)| l).collect())
}

/// What the guide of `to` says otherwise than that of `from`, each an edition or a day.
pub fn diff(
    ctx: &Context,
    request: &Request,
    from: &str,
    to: &str,
) -> Result<GuideDiffReport, AppError> {
    let of = |id: &str| -> Result<GuideReport, AppError> {
        let day = edition_day(ctx, id)?;
        super::on(ctx, day, request, Some(id))
    };
    let (before, after) = (of(from)?, of(to)?);
    let (same, rows) = between(&before, &after);
    Ok(GuideDiffReport {
        schema: "maquette.guide-diff/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        from: before.edition,
        to: after.edition,
        from_day: before.as_of,
        to_day: after.as_of,
        same,
        rows,
        notes: vec![
            format!(
                "new and gone are of the guide, whose rankings have {} rows: the model itself may be older, or there still",
                super::ROWS
            ),
            "a dash: that guide does not say it, as it lies below its rows or nobody had read it; never zero".to_owned(),
            "license terms are as read, whatever the day: their rows change by rules that look at dates".to_owned(),
            "not compared: break-even, shares by license, claims, sources".to_owned(),
        ],
    })
}

fn line(
    section: String,
    change: &str,
    key: &Key,
    old: Option<Figure>,
    new: Option<Figure>,
) -> GuideDiffLine {
    let unit_of = |f: &Option<Figure>| f.as_ref().and_then(|f| f.unit.clone());
    let (was, is) = (unit_of(&old), unit_of(&new));
    let alike = was == is || old.is_none() || new.is_none();
    let number = |f: &Option<Figure>| -> Option<f64> { f.as_ref()?.value.parse().ok() };
    let percent = match (number(&old), number(&new)) {
        // A place is no amount.
        (Some(a), Some(b)) if alike && is.as_deref() != Some("place") && a > 0.0 && b > 0.0 => {
            Some(((b / a - 1.0) * 1000.0).round() / 10.0)
        }
        _ => None,
    };
    // Units that differ stand with each value.
    let said = |f: Option<Figure>| -> (Option<String>, Option<String>) {
        let Some(f) = f else { return (None, None) };
        let value = match f.unit {
            Some(unit) if !alike => format!("{} {unit}", f.value),
            _ => f.value,
        };
        (Some(value), f.id)
    };
    let (before, before_id) = said(old);
    let (after, after_id) = said(new);
    GuideDiffLine {
        section,
        subject: key.1.clone(),
        figure: key.2.clone(),
        change: change.to_owned(),
        before,
        after,
        unit: if alike { is.or(was) } else { None },
        percent,
        before_id,
        after_id,
    }
}

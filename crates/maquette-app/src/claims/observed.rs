//! Figures that others read: the edition's own words, witnesses of them, and lists.

use jiff::civil::Date;
use maquette_catalog::schema::model::Model;
use maquette_core::{Modality, days_between};
use rust_decimal::Decimal;

use super::expr::{Found, Lack, Value, unknown, wrong};
use super::world::{Call, Ground};
use crate::observe::observations::{Observation, observations};
use crate::observe::series::subjects_of;

/// Days for which an older reading stands for a day.
const STANDS: i64 = 45;
/// A 30-day counter moves by a third in a usual month (median of monthly moves: research of 2026-11-23).
const MONTHLY_MOVE: Decimal = Decimal::from_parts(33, 0, 0, false, 2);
/// And a day's reading by a few hundredths.
const DAILY_MOVE: Decimal = Decimal::from_parts(3, 0, 0, false, 2);
/// Days between two readings that a line is drawn between.
const APART: i64 = 60;
/// A count this near the line between two readings.
const NEAR_LINE: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// What the edition prints: `article("video/Wan2.2 14B", "price")`.
pub fn article(g: &Ground<'_>, call: &Call<'_>) -> Found {
    let (subject, metric) = (call.text(0)?, call.text(1)?);
    let named = ["hub:", "space:", "github:", "article:"];
    let subject = if named.iter().any(|k| subject.starts_with(k)) {
        subject.to_owned()
    } else {
        format!("article:{subject}")
    };
    let claims = g.shared.claims;
    let pasts = g.shared.now.pasts().map_err(lack)?;
    for past in pasts {
        let Some(series) = past.find(&subject, metric) else {
            continue;
        };
        let own = |p: &&maquette_catalog::schema::history::Point| {
            past.archive(p).is_some_and(|a| a.id == claims.source)
        };
        if let Some(point) = series.points.iter().find(own) {
            let value = match point.value.parse() {
                Ok(n) => Value::Number(n),
                Err(_) => Value::Text(point.value.clone()),
            };
            g.own_words(call, &value);
            return Ok(value);
        }
    }
    wrong(format!("the edition prints no {metric} of {subject}"))
}

pub fn lack(e: crate::error::AppError) -> Lack {
    Lack::Unknown(e.message)
}

/// All readings of others, in the order of time.
fn others(g: &Ground<'_>, subject: &str, metric: &str) -> Result<Vec<Observation>, Lack> {
    let now = g.shared.now;
    let (_, mut list) = observations(now, subject, metric, None, now.as_of).map_err(lack)?;
    let own = &g.shared.claims.source;
    list.retain(|o| o.source != *own && o.origin != *own && o.number().is_some());
    Ok(list)
}

/// The last reading by a day, at most 45 days old: `observed("hub:OWNER/NAME", "likes", "2026-02-19")`.
pub fn observed(g: &Ground<'_>, call: &Call<'_>) -> Found {
    let (subject, metric) = (call.text(0)?, call.text(1)?);
    let day = call.day(2, g.day())?;
    let list = others(g, subject, metric)?;
    let last = list
        .iter()
        .rfind(|o| o.day <= day && days_between(o.day, day) <= STANDS);
    let Some(last) = last else {
        return unknown(format!(
            "nobody read {metric} of {subject} in the {STANDS} days to {day}"
        ));
    };
    let value = Value::Number(last.number().unwrap_or_default());
    g.input(call, &value, &last.title, &last.day.to_string(), None);
    Ok(value)
}

/// Whether others agree with what is printed: `agrees(SUBJECT, METRIC, HOW)`.
///
/// `day`: a count of the very day equals it; downloads, within three days and 3% a day. `between`: a count that only grows lies
/// within 1% of the line between two readings at most 60 days apart, and outside of them it fails. `bound`: it lies between what was read before
/// and after, where that is. `usual`: downloads moved no more than a third a month from the nearest reading within 31 days.
pub fn agrees(g: &Ground<'_>, call: &Call<'_>) -> Found {
    let (subject, metric, how) = (call.text(0)?, call.text(1)?, call.text(2)?);
    let Some(print) = g.printed.value else {
        return wrong("the claim prints no number");
    };
    let (day, half) = (g.day(), g.printed.half);
    let list = others(g, subject, metric)?;
    let counter = metric == "downloads";
    let away = |o: &Observation| days_between(day, o.day).abs();
    let nearest = list.iter().min_by_key(|o| away(o));
    let say = |o: &Observation, note: String| {
        let value = Value::Number(o.number().unwrap_or_default());
        g.input(call, &value, &o.title, &o.day.to_string(), Some(note));
    };
    let Some(nearest) = nearest else {
        return unknown(format!("nobody else read {metric} of {subject}"));
    };
    let value = nearest.number().unwrap_or_default();
    let days = away(nearest);
    match how {
        "day" => {
            let within = if counter { 3 } else { 0 };
            if days > within {
                say(nearest, format!("{days} days away"));
                return unknown(format!(
                    "nobody read {metric} of {subject} on {day}; the nearest reading is of {}",
                    nearest.day
                ));
            }
            let most = half + value * DAILY_MOVE * Decimal::from(days);
            say(nearest, format!("{days} days away"));
            Ok(Value::Truth((value - print).abs() <= most))
        }
        "usual" => {
            if days > 31 {
                say(nearest, format!("{days} days away"));
                return unknown(format!(
                    "the nearest reading is of {}, {days} days away: such a counter can be anything by then",
                    nearest.day
                ));
            }
            let move_ = MONTHLY_MOVE * Decimal::from(days.max(3)) / Decimal::from(30);
            say(
                nearest,
                format!(
                    "{days} days away, in which such counters usually move by {}%",
                    (move_ * Decimal::ONE_HUNDRED).round_dp(1)
                ),
            );
            Ok(Value::Truth((value - print).abs() <= half + value * move_))
        }
        "bound" => {
            // A count that only grows lies between what was read before and after, however far away.
            let before = list.iter().rfind(|o| o.day <= day);
            let after = list.iter().find(|o| o.day >= day);
            let at = |o: Option<&Observation>| o.and_then(Observation::number);
            let words = |o: Option<&Observation>| {
                o.map_or("nothing".to_owned(), |o| {
                    format!("{} on {}", o.number().unwrap_or_default(), o.day)
                })
            };
            let note = format!("{} before, {} after", words(before), words(after));
            say(before.or(after).unwrap_or(nearest), note);
            let low = at(before).is_none_or(|low| low - half <= print);
            let high = at(after).is_none_or(|high| print <= high + half);
            Ok(Value::Truth(low && high))
        }
        "between" => {
            let before = list.iter().rfind(|o| o.day <= day);
            let after = list.iter().find(|o| o.day >= day);
            let line = before
                .zip(after)
                .filter(|(b, a)| days_between(b.day, a.day) <= APART);
            let Some((b, a)) = line else {
                say(nearest, format!("{days} days away"));
                return unknown(format!(
                    "no two readings at most {APART} days apart lie around {day}"
                ));
            };
            let number = |o: &Observation| o.number().unwrap_or_default();
            let (low, high) = (number(b), number(a));
            let whole = days_between(b.day, a.day).max(1);
            let part = Decimal::from(days_between(b.day, day)) / Decimal::from(whole);
            let line = low + (high - low) * part;
            say(
                b,
                format!("and {high} on {}; on the line {}", a.day, line.round_dp(0)),
            );
            if print < low - half || high + half < print {
                return Ok(Value::Truth(false));
            }
            if (line - print).abs() <= half + line * NEAR_LINE {
                Ok(Value::Truth(true))
            } else {
                unknown("the two readings around the day are a bound only")
            }
        }
        other => wrong(format!("`{other}` is no way to agree")),
    }
}

/// One of the catalog's models with its largest reading near the edition's day.
struct Ranked<'a> {
    model: &'a Model,
    value: Decimal,
    day: Date,
    title: String,
}

/// The catalog's models of a modality by their nearest reading within so many days of the edition's, largest first.
fn list<'a>(g: &'a Ground<'_>, call: &Call<'_>) -> Result<(Vec<Ranked<'a>>, usize), Lack> {
    let modality: Modality = call
        .text(0)?
        .parse()
        .or_else(|e: String| wrong(format!("{}: {e}", call.written)))?;
    let (metric, window) = (call.text(1)?, call.number(2)?);
    let mut out: Vec<Ranked<'a>> = Vec::new();
    let mut repositories: Vec<String> = Vec::new();
    let mut unread = 0;
    let models = &g.shared.now.knowledge.catalog.models;
    let of_day =
        |m: &&Model| m.modality == modality && m.released.is_none_or(|r| r.first() <= g.day());
    for model in models.iter().filter(of_day) {
        let subjects = subjects_of(model, metric);
        let mut best: Option<Ranked<'a>> = None;
        let mut of = String::new();
        for subject in &subjects {
            let list = others(g, subject, metric)?;
            let near = list
                .iter()
                .filter(|o| Decimal::from(days_between(g.day(), o.day).abs()) <= window)
                .min_by_key(|o| days_between(g.day(), o.day).abs());
            if let Some(o) = near {
                let value = o.number().unwrap_or_default();
                if best.as_ref().is_none_or(|b| value > b.value) {
                    of.clone_from(subject);
                    best = Some(Ranked {
                        model,
                        value,
                        day: o.day,
                        title: o.title.clone(),
                    });
                }
            }
        }
        match best {
            // Two models of one repository are one row of a list.
            Some(_) if repositories.contains(&of) => {}
            Some(b) => {
                repositories.push(of);
                out.push(b);
            }
            None => unread += usize::from(!subjects.is_empty()),
        }
    }
    out.sort_by(|a, b| {
        b.value
            .cmp(&a.value)
            .then_with(|| a.model.id.cmp(&b.model.id))
    });
    Ok((out, unread))
}

fn listed(g: &Ground<'_>, call: &Call<'_>, list: &[Ranked<'_>], unread: usize, value: &Value) {
    let first: Vec<String> = list
        .iter()
        .take(6)
        .map(|r| format!("{} {} ({})", r.model.id, r.value.normalize(), r.day))
        .collect();
    let mut titles: Vec<&str> = list.iter().take(6).map(|r| r.title.as_str()).collect();
    titles.sort_unstable();
    titles.dedup();
    g.input(
        call,
        value,
        &titles.join("; "),
        &g.day().to_string(),
        Some(format!(
            "of {} models of the catalog that were read, {unread} were not: {}",
            list.len(),
            first.join(", ")
        )),
    );
}

/// The place of a model among those of its modality that were read: `rank("image", "likes", 31, "flux.1-dev")`.
pub fn rank(g: &Ground<'_>, call: &Call<'_>) -> Found {
    let id = call.text(3)?;
    let (list, unread) = list(g, call)?;
    let Some(at) = list.iter().position(|r| r.model.id == id) else {
        return unknown(format!("{id} was not read within those days"));
    };
    let value = Value::Number(Decimal::from(at + 1));
    listed(g, call, &list, unread, &value);
    Ok(value)
}

/// How many of the first N a filter holds of: `top("text", "downloads", 31, 10, "family=qwen3|qwen2.5")`.
pub fn top(g: &Ground<'_>, call: &Call<'_>) -> Found {
    let n = call.number(3)?;
    let filter = super::catalog::Filter::of(call.text(4)?)?;
    let (list, unread) = list(g, call)?;
    let n = usize::try_from(n).or_else(|_| wrong("a list has a whole number of places"))?;
    if list.len() < n {
        return unknown(format!(
            "{} models of the list were read, {n} are needed",
            list.len()
        ));
    }
    let catalog = &g.shared.now.knowledge.catalog;
    let hits = list[..n]
        .iter()
        .filter(|r| filter.admits(r.model, catalog))
        .count();
    let value = Value::Number(Decimal::from(hits));
    listed(g, call, &list, unread, &value);
    Ok(value)
}

//! `top`: the largest of a modality by downloads, likes or trending, as on a day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use maquette_catalog::schema::history::unit;
use maquette_catalog::schema::model::Model;
use maquette_core::report::observe::{TopReport, TopRow};
use maquette_core::{Modality, days_between, names};
use maquette_license::Facts;
use rust_decimal::Decimal;

use super::observations::{Observation, latest};
use super::series::{attributions, subjects_of};
use super::watch::claim;
use super::{end_of, start_of};
use crate::context::Context;
use crate::error::AppError;
use crate::license::{self, FactsForm};

/// By what a list may be ordered.
pub const METRICS: &[&str] = &[
    "downloads",
    "downloads-all-time",
    "likes",
    "trending",
    "stars",
];

/// Days before that a change is reckoned against: a counter of 30 days repeats itself within them.
const APART: i32 = 30;

/// The Hub's tasks that a modality has.
pub fn tasks(modality: Modality) -> &'static [&'static str] {
    match modality {
        Modality::Text => &[
            "text-generation",
            "image-text-to-text",
            "text2text-generation",
            "any-to-any",
        ],
        Modality::Image => &[
            "text-to-image",
            "image-to-image",
            "image-text-to-image",
            "unconditional-image-generation",
        ],
        Modality::Video => &[
            "text-to-video",
            "image-to-video",
            "image-text-to-video",
            "video-to-video",
        ],
        Modality::Music | Modality::Sound => &["text-to-audio"],
        Modality::Speech => &["text-to-speech"],
        Modality::ThreeD => &["text-to-3d", "image-to-3d"],
        Modality::Motion => &[],
    }
}

pub fn top(
    ctx: &Context,
    modality: Modality,
    by: &str,
    limit: usize,
    form: &FactsForm,
) -> Result<TopReport, AppError> {
    if !METRICS.contains(&by) {
        let near = names::nearest(by, METRICS.iter().copied());
        return Err(AppError::request(format!(
            "there is no list by `{by}`{}",
            names::did_you_mean(&near)
        ))
        .hint(format!("lists: {}", METRICS.join(", "))));
    }
    let told = license::selling(form)
        .facts(ctx)
        .map_err(AppError::request)?;
    let catalog = &ctx.knowledge.catalog;
    let mut found: BTreeMap<String, Entry<'_>> = BTreeMap::new();
    let mut unread = Vec::new();
    for model in catalog.models.iter().filter(|m| m.modality == modality) {
        let subjects = subjects_of(model, by);
        let expected = !subjects.is_empty();
        let mut any = false;
        for subject in subjects {
            if let Some(entry) = found.get_mut(&subject) {
                entry.models.push(model);
                any = true;
            } else if let Some(entry) = entry(ctx, &subject, by)? {
                any = true;
                found.insert(
                    subject,
                    Entry {
                        models: vec![model],
                        ..entry
                    },
                );
            }
        }
        if expected && !any && model.released.is_none_or(|r| r.first() <= ctx.as_of) {
            unread.push(model.id.clone());
        }
    }
    let mut notes = Vec::new();
    if let Some(store) = ctx.store()? {
        let known: BTreeSet<String> = catalog
            .models
            .iter()
            .flat_map(|m| subjects_of(m, by))
            .collect();
        let mut of_either = false;
        for row in store.top(tasks(modality), by, end_of(ctx.as_of), limit)? {
            if known.contains(&row.subject) {
                continue;
            }
            if let Some(entry) = entry(ctx, &row.subject, by)? {
                of_either |= row.task == "text-to-audio";
                found.insert(row.subject, entry);
            }
        }
        if of_either {
            notes.push("the Hub has one task for music and sounds: what the catalog does not know stands in both lists".to_owned());
        }
    }
    let mut list: Vec<(String, Entry<'_>)> = found.into_iter().collect();
    list.sort_by(|a, b| b.1.value.cmp(&a.1.value).then_with(|| a.0.cmp(&b.0)));
    list.truncate(limit);
    let mut rows = Vec::new();
    for (i, (subject, entry)) in list.into_iter().enumerate() {
        for model in &entry.models {
            notes.extend(claim(ctx, model, end_of(ctx.as_of))?);
        }
        rows.push(row(ctx, &told.facts, i + 1, (&subject, by), entry)?);
    }
    if rows.iter().any(|r| r.models.len() > 1) {
        notes.push("of a repository of several models the strictest license is read".to_owned());
    }
    let days: Vec<&str> = rows.iter().map(|r| r.read_on.as_str()).collect();
    if let (Some(first), Some(last)) = (days.iter().min(), days.iter().max())
        && first != last
    {
        notes.push(format!(
            "they were read on different days, {first} to {last}: order among them is not sure"
        ));
    }
    if by == "downloads" {
        notes.push("downloads are requests of 30 days, and which requests count depends on the library: compare within one library".to_owned());
    }
    let stale = rows
        .iter()
        .filter(|r| {
            r.read_on
                .parse()
                .is_ok_and(|d| start_of(ctx.as_of) - start_of(d) > 45 * 86_400)
        })
        .count();
    if stale > 0 {
        notes.push(format!(
            "{stale} of {} were read more than 45 days ago; `maquette observe {}` reads them anew",
            rows.len(),
            if by == "stars" { "github" } else { "hub" }
        ));
    }
    Ok(TopReport {
        schema: "maquette.top/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        modality: modality.to_string(),
        by: by.to_owned(),
        unit: unit(by).to_owned(),
        facts: license::words(&told.facts),
        attributions: attributions(ctx, rows.iter().map(|r| r.source.as_str()))?,
        rows,
        unread,
        notes,
    })
}

/// A subject with what was last counted there.
struct Entry<'a> {
    last: Observation,
    value: Decimal,
    /// The models of the catalog whose repository it is.
    models: Vec<&'a Model>,
}

/// Nothing where nothing was read, or where the counter has not begun: a repository of today stands at 0
/// until the Hub counts for the first time.
fn entry<'a>(ctx: &Context, subject: &str, by: &str) -> Result<Option<Entry<'a>>, AppError> {
    let last = latest(ctx, subject, by, ctx.as_of)?;
    Ok(last.and_then(|last| {
        let value = last.number().filter(|n| !n.is_zero())?;
        Some(Entry {
            last,
            value,
            models: Vec::new(),
        })
    }))
}

fn row(
    ctx: &Context,
    facts: &Facts,
    rank: usize,
    (subject, by): (&str, &str),
    entry: Entry<'_>,
) -> Result<TopRow, AppError> {
    let Entry {
        last,
        value,
        models,
    } = entry;
    let then = last.day.saturating_sub(APART.days());
    let before = latest(ctx, subject, by, then)?;
    let old = before
        .as_ref()
        .and_then(Observation::number)
        .filter(|n| !n.is_zero());
    let change = old.map(|old| {
        ((value - old) * Decimal::ONE_HUNDRED / old)
            .round_dp(1)
            .normalize()
    });
    let before = before.filter(|_| change.is_some());
    let tag = match models.first() {
        Some(_) => None,
        None => latest(ctx, subject, "license-tag", ctx.as_of)?.and_then(|t| t.value),
    };
    let mut licenses: Vec<String> = models.iter().filter_map(|m| m.license.clone()).collect();
    licenses.sort();
    licenses.dedup();
    Ok(TopRow {
        rank,
        id: format!("{subject}#{by}"),
        name: subject
            .split_once(':')
            .map_or(subject, |(_, n)| n)
            .to_owned(),
        verdict: (!models.is_empty()).then(|| license::strictest(ctx, &models, facts).to_owned()),
        license_is_claim: tag.is_some(),
        license: tag.or_else(|| (!licenses.is_empty()).then(|| licenses.join(", "))),
        models: models.iter().map(|m| m.id.clone()).collect(),
        value: value.normalize().to_string(),
        read_on: last.day.to_string(),
        source: last.source,
        days: before.as_ref().map(|b| days_between(b.day, last.day)),
        before_on: before.as_ref().map(|b| b.day.to_string()),
        before: before.and_then(|b| b.value),
        change_percent: change
            .map(|c| format!("{}{c}", if c.is_sign_negative() { "" } else { "+" })),
    })
}

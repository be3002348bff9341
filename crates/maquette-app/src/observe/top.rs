//! `top`: the largest of a modality by downloads, likes or trending, as on a day.

use std::collections::BTreeMap;

use jiff::ToSpan;
use maquette_core::report::observe::{TopReport, TopRow};
use maquette_core::{Modality, names};
use rust_decimal::Decimal;

use super::readings::{Reading, latest};
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
    let mut found: BTreeMap<String, (Reading, Option<&str>)> = BTreeMap::new();
    let mut unread = Vec::new();
    for model in catalog.models.iter().filter(|m| m.modality == modality) {
        let mut any = false;
        for subject in subjects_of(model, by) {
            if let Some(r) = latest(ctx, &subject, by, ctx.as_of)?
                && r.value.is_some()
            {
                any = true;
                found.insert(subject, (r, Some(model.id.as_str())));
            }
        }
        let expected = !subjects_of(model, by).is_empty();
        if expected && !any && model.released.is_none_or(|r| r.first() <= ctx.as_of) {
            unread.push(model.id.clone());
        }
    }
    let mut unit = maquette_catalog::schema::history::unit(by).to_owned();
    if let Some(store) = ctx.store()? {
        let known: BTreeMap<String, &str> = catalog
            .models
            .iter()
            .flat_map(|m| {
                m.hub
                    .iter()
                    .map(move |h| (format!("hub:{h}"), m.id.as_str()))
            })
            .collect();
        for row in store.top(tasks(modality), by, end_of(ctx.as_of), limit)? {
            // The Hub has one task for music and sounds; the catalog knows which of the two it is.
            let model = known.get(&row.subject).copied();
            if found.contains_key(&row.subject) || model.is_some() {
                continue;
            }
            if let Some(r) = latest(ctx, &row.subject, by, ctx.as_of)? {
                found.insert(row.subject, (r, None));
            }
        }
        if unit.is_empty() {
            unit.clone_from(&by.to_owned());
        }
    }
    let mut list: Vec<(Decimal, String, Reading, Option<&str>)> = found
        .into_iter()
        .filter_map(|(subject, (r, model))| Some((r.number()?, subject, r, model)))
        .collect();
    list.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    list.truncate(limit);
    let (mut rows, mut claims) = (Vec::new(), Vec::new());
    for (i, (value, subject, r, model)) in list.into_iter().enumerate() {
        let model = model.and_then(|id| catalog.models.iter().find(|m| m.id == id));
        let then = r.day.saturating_sub(APART.days());
        let before =
            latest(ctx, &subject, by, then)?.filter(|b| b.number().is_some_and(|n| !n.is_zero()));
        let change = before.as_ref().and_then(|b| {
            let old = b.number()?;
            Some(((value - old) * Decimal::ONE_HUNDRED / old).round_dp(1))
        });
        if let Some(model) = model {
            claims.extend(claim(ctx, model, end_of(ctx.as_of))?);
        }
        let tag = match model {
            Some(_) => None,
            None => latest(ctx, &subject, "license-tag", ctx.as_of)?.and_then(|t| t.value),
        };
        rows.push(TopRow {
            rank: i + 1,
            id: format!("{subject}#{by}"),
            name: subject
                .split_once(':')
                .map_or(subject.clone(), |(_, n)| n.to_owned()),
            verdict: model.map(|m| license::verdict(ctx, m, &told.facts).to_owned()),
            license_is_claim: model.is_none() && tag.is_some(),
            license: model.map_or(tag, |m| m.license.clone()),
            model: model.map(|m| m.id.clone()),
            value: value.normalize().to_string(),
            read_on: r.day.to_string(),
            source: r.source,
            before_on: before.as_ref().map(|b| b.day.to_string()),
            before: before.and_then(|b| b.value),
            change_percent: change.map(|c| {
                if c.is_sign_negative() {
                    c.normalize().to_string()
                } else {
                    format!("+{}", c.normalize())
                }
            }),
        });
    }
    let mut notes: Vec<String> = claims;
    let days: Vec<&str> = rows.iter().map(|r| r.read_on.as_str()).collect();
    if let (Some(first), Some(last)) = (days.iter().min(), days.iter().max())
        && first != last
    {
        notes.push(format!(
            "the readings are of different days, {first} to {last}: order among them is not sure"
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
        notes.push(format!("{stale} of {} readings are more than 45 days old; `maquette observe hub` reads them anew", rows.len()));
    }
    Ok(TopReport {
        schema: "maquette.top/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        modality: modality.to_string(),
        by: by.to_owned(),
        unit,
        facts: license::words(&told.facts),
        attributions: attributions(ctx, rows.iter().map(|r| r.source.as_str()))?,
        rows,
        unread,
        notes,
    })
}

//! `watch`: what changed of named models since they were last looked at.

use std::collections::BTreeMap;

use jiff::Timestamp;
use maquette_catalog::schema::history::unit;
use maquette_catalog::schema::model::Model;
use maquette_core::names;
use maquette_core::report::observe::{WatchLine, WatchReport, WatchedModel};
use maquette_observe::source::price;
use maquette_observe::store::Store;

use super::observations::{Observation, latest_at};
use super::series::subjects_of;
use super::witnesses::MAPS;
use super::{end_of, moment};
use crate::context::Context;
use crate::error::AppError;

/// Metrics of a repository whose change is news, counters last.
const OF_HUB: &[&str] = &[
    "renamed-to",
    "license-tag",
    "license-name",
    "license-link",
    "gated",
    "base-models",
    "downloads",
    "likes",
];
const OF_GITHUB: &[&str] = &["renamed-to", "archived", "license-tag", "release", "stars"];

/// `mark`: remember that these were looked at now.
pub fn watch(
    ctx: &Context,
    asked: &[String],
    now: Timestamp,
    mark: bool,
) -> Result<WatchReport, AppError> {
    let models: Vec<&Model> = asked
        .iter()
        .map(|name| {
            ctx.knowledge
                .model(name)
                .map_err(|e| AppError::unknown(&e, "maquette models"))
        })
        .collect::<Result<_, _>>()?;
    let by = now.as_second().min(end_of(ctx.as_of));
    let prices = match ctx.store()? {
        Some(store) => priced(store, by)?,
        None => BTreeMap::new(),
    };
    let mut out = Vec::new();
    for model in &models {
        let since = match ctx.store()? {
            Some(store) => store.looked(&model.id)?.filter(|at| *at <= by),
            None => None,
        };
        out.push(one(ctx, model, &prices, since, by)?);
    }
    if mark {
        let store = Store::open(ctx.data_dir()?)?;
        for model in &models {
            store.look_at(&model.id, by)?;
        }
    }
    Ok(WatchReport {
        schema: "maquette.watch/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        marked: mark,
        models: out,
    })
}

fn one(
    ctx: &Context,
    model: &Model,
    prices: &BTreeMap<String, Vec<(String, String)>>,
    since: Option<i64>,
    by: i64,
) -> Result<WatchedModel, AppError> {
    let mut lines = Vec::new();
    let mut look = |subject: &str, metric: &str| -> Result<(), AppError> {
        let Some(now) = latest_at(ctx, subject, metric, by)? else {
            return Ok(());
        };
        let before = match since {
            Some(at) => latest_at(ctx, subject, metric, at)?,
            None => None,
        };
        let same = before.as_ref().is_some_and(|b| b.value == now.value);
        // Looked at for the first time, everything that stands is told.
        if !same {
            lines.push(line(subject, metric, before, now));
        }
        Ok(())
    };
    for subject in subjects_of(model, "likes") {
        for metric in OF_HUB {
            look(&subject, metric)?;
        }
    }
    for subject in subjects_of(model, "stars") {
        for metric in OF_GITHUB {
            look(&subject, metric)?;
        }
    }
    for (subject, metric) in sold(ctx, model)
        .iter()
        .flat_map(|key| prices.get(key).into_iter().flatten())
    {
        look(subject, metric)?;
    }
    let rank = |at: i64| -> Result<Option<usize>, AppError> { rank(ctx, model, at) };
    let rank_before = match since {
        Some(at) => rank(at)?,
        None => None,
    };
    Ok(WatchedModel {
        id: model.id.clone(),
        since: since.map(moment),
        changes: lines,
        rank: rank(by)?,
        rank_before,
        license_conflict: claim(ctx, model, by)?,
    })
}

fn line(subject: &str, metric: &str, before: Option<Observation>, now: Observation) -> WatchLine {
    let known = unit(metric);
    WatchLine {
        subject: subject.to_owned(),
        metric: metric.to_owned(),
        unit: known.to_owned(),
        before: before.and_then(|b| b.value),
        after: now.value.clone(),
        read: now.at(),
        source: now.source,
    }
}

/// What the Hub's tag says, where the catalog reads the license otherwise. The tag is a claim.
pub(super) fn claim(ctx: &Context, model: &Model, by: i64) -> Result<Option<String>, AppError> {
    let Some(license) = &model.license else {
        return Ok(None);
    };
    let text = ctx
        .knowledge
        .catalog
        .licenses
        .iter()
        .find(|l| l.id == *license);
    for subject in subjects_of(model, "likes") {
        let Some(tag) = latest_at(ctx, &subject, "license-tag", by)?.and_then(|r| r.value) else {
            continue;
        };
        // `other` says that the text is elsewhere: no contradiction.
        let agrees =
            tag == "other" || tag == *license || text.is_some_and(|t| t.hub_tags.contains(&tag));
        if !agrees {
            let repo = subject.split_once(':').map_or(subject.as_str(), |(_, n)| n);
            return Ok(Some(format!(
                "{repo} is tagged `{tag}` on the Hub, a claim; the catalog reads {license}"
            )));
        }
    }
    Ok(None)
}

/// Place by downloads among the catalog's models of its modality.
fn rank(ctx: &Context, model: &Model, at: i64) -> Result<Option<usize>, AppError> {
    let mut own = None;
    let mut others = Vec::new();
    for m in ctx
        .knowledge
        .catalog
        .models
        .iter()
        .filter(|m| m.modality == model.modality)
    {
        let mut most = None;
        for subject in subjects_of(m, "downloads") {
            most = most.max(latest_at(ctx, &subject, "downloads", at)?.and_then(|r| r.number()));
        }
        match most {
            Some(n) if m.id == model.id => own = Some(n),
            Some(n) => others.push(n),
            None => {}
        }
    }
    Ok(own.map(|own| others.iter().filter(|n| **n > own).count() + 1))
}

/// Names under which providers sell the model.
fn sold(ctx: &Context, model: &Model) -> Vec<String> {
    let offers = ctx
        .knowledge
        .catalog
        .providers
        .iter()
        .flat_map(|p| &p.offer);
    let tails = offers
        .filter(|o| o.model == model.id)
        .map(|o| names::fold(o.id.split_once('/').map_or(o.id.as_str(), |(_, t)| t)));
    let mut out: Vec<String> = tails.chain([names::fold(&model.id)]).collect();
    out.sort();
    out.dedup();
    out
}

/// Subjects and price metrics by the folded name of the model.
fn priced(store: &Store, by: i64) -> Result<BTreeMap<String, Vec<(String, String)>>, AppError> {
    let mut out: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for source in MAPS {
        let kind = format!("{source}:");
        let standing = store.standing(&kind, by)?;
        for row in standing.chunk_by(|a, b| a.subject == b.subject) {
            let Some(name) = row.iter().find(|s| &*s.metric == "model") else {
                continue;
            };
            let name = name.value.to_string();
            let folded = names::fold(name.rsplit('/').next().unwrap_or(&name));
            let prices = row.iter().filter(|s| s.metric.starts_with(price::START));
            out.entry(folded)
                .or_default()
                .extend(prices.map(|s| (s.subject.to_string(), s.metric.to_string())));
        }
    }
    Ok(out)
}

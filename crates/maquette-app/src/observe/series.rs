//! `series`: one subject and metric over time, with what sources differ in.

use maquette_catalog::schema::model::Model;
use maquette_core::Date;
use maquette_core::names;
use maquette_core::report::observe::{SeriesConflict, SeriesPoint, SeriesReport};

use super::observations::{Observation, observations};
use crate::context::Context;
use crate::error::AppError;

/// What may be asked for by a model's name.
const OF_MODEL: &[&str] = &[
    "downloads",
    "downloads-all-time",
    "likes",
    "trending",
    "stars",
    "forks",
];

/// What stands before the colon of a subject.
const KINDS: &[&str] = &[
    "hub",
    "space",
    "github",
    "arena",
    "price",
    "article",
    "litellm",
    "models-dev",
    "openrouter",
];

pub fn series(
    ctx: &Context,
    asked: &str,
    metric: &str,
    from: Option<Date>,
    to: Option<Date>,
) -> Result<SeriesReport, AppError> {
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return Err(AppError::request(format!(
            "--from {from} lies after --to {to}"
        )));
    }
    let by = to.map_or(ctx.as_of, |t| t.min(ctx.as_of));
    let (subject, notes) = subject(ctx, asked, metric)?;
    let (unit, list) = observations(ctx, &subject, metric, from, by)?;
    if list.is_empty() {
        return Err(nothing(ctx, &subject, metric, by)?);
    }
    let steps = unit.is_empty() || metric.starts_with("price/");
    Ok(SeriesReport {
        schema: "maquette.series/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        asked: asked.to_owned(),
        metric: metric.to_owned(),
        unit,
        from: from.map(|d| d.to_string()),
        to: to.map(|d| d.to_string()),
        conflicts: conflicts(&list),
        steps,
        notes,
        attributions: attributions(ctx, list.iter().map(|r| r.source.as_str()))?,
        points: list.iter().map(point).collect(),
        subject,
    })
}

fn point(r: &Observation) -> SeriesPoint {
    SeriesPoint {
        at: r.at(),
        day: r.day.to_string(),
        value: r.value.clone(),
        source: r.source.clone(),
        source_title: r.title.clone(),
        origin: r.origin.clone(),
        valid_from: r.valid_from.clone(),
        kept: if r.own { "observed" } else { "archive" }.to_owned(),
        basis: "published".to_owned(),
    }
}

/// Days on which two sources gave different values. Observations are in the order of the day, the one
/// that is used last.
fn conflicts(list: &[Observation]) -> Vec<SeriesConflict> {
    list.chunk_by(|a, b| a.day == b.day)
        .filter_map(|day| {
            let used = day.last()?;
            let others: Vec<&Observation> = day
                .iter()
                .rev()
                .filter(|r| r.source != used.source)
                .collect();
            if !others.iter().any(|r| r.value != used.value) {
                return None;
            }
            let said = |r: &Observation| {
                format!(
                    "{}: {}",
                    r.source,
                    r.value.as_deref().unwrap_or("no longer listed")
                )
            };
            let same = others.iter().all(|r| r.origin == used.origin);
            let why = match used.place {
                0 => "it was observed here",
                1 => "its license lets it be passed on",
                2 => "it is an archive, not a guide",
                _ => "it is the only one",
            };
            let one = if same {
                "; all copy one origin, and are one witness read at different hours"
            } else {
                ""
            };
            Some(SeriesConflict {
                day: used.day.to_string(),
                values: std::iter::once(used).chain(others).map(said).collect(),
                why: format!("{why}{one}"),
            })
        })
        .collect()
}

/// Lines that must stand where figures of these sources are printed.
pub(crate) fn attributions<'a>(
    ctx: &Context,
    sources: impl Iterator<Item = &'a str>,
) -> Result<Vec<String>, AppError> {
    let mut used: Vec<&str> = sources.collect();
    used.sort_unstable();
    used.dedup();
    let mut out = Vec::new();
    for id in used {
        for past in ctx.pasts()? {
            let line = past.archives.iter().find(|a| a.id == id).and_then(|a| {
                let line = a.attribution.as_ref()?;
                Some(format!("{}: {line}", a.title))
            });
            out.extend(line);
        }
        let about = maquette_observe::source::find(id).map(maquette_observe::source::Source::about);
        out.extend(
            about
                .filter(|a| !a.attribution.is_empty())
                .map(|a| a.attribution.to_owned()),
        );
    }
    out.dedup();
    Ok(out)
}

/// A subject as it is kept: as written, or the repository of a model of the catalog.
fn subject(ctx: &Context, asked: &str, metric: &str) -> Result<(String, Vec<String>), AppError> {
    if asked
        .split_once(':')
        .is_some_and(|(kind, _)| KINDS.contains(&kind))
    {
        return Ok((asked.to_owned(), Vec::new()));
    }
    let model = ctx.knowledge.model(asked).map_err(|e| {
        AppError::unknown(&e, "maquette models")
            .hint("a subject may also be written as hub:OWNER/NAME, space:OWNER/NAME, github:OWNER/NAME or arena:BOARD/NAME")
    })?;
    if !OF_MODEL.contains(&metric) {
        let near = names::nearest(metric, OF_MODEL.iter().copied());
        let message = format!(
            "a model has no series `{metric}`{}",
            names::did_you_mean(&near)
        );
        return Err(
            AppError::request(message).hint(format!("metrics of a model: {}", OF_MODEL.join(", ")))
        );
    }
    let repos = subjects_of(model, metric);
    let Some(first) = repos.first() else {
        return Err(AppError::data(format!(
            "the catalog knows no {} of {}",
            if metric == "stars" || metric == "forks" {
                "GitHub repository"
            } else {
                "repository on the Hub"
            },
            model.id
        )));
    };
    let mut notes = Vec::new();
    if repos.len() > 1 {
        let others: Vec<&str> = repos[1..].iter().map(String::as_str).collect();
        notes.push(format!("of {}; it has also {}", first, others.join(", ")));
    }
    Ok((first.clone(), notes))
}

/// The repositories that a metric of a model is counted at.
pub(crate) fn subjects_of(model: &Model, metric: &str) -> Vec<String> {
    if metric == "stars" || metric == "forks" {
        return model.github.iter().map(|g| format!("github:{g}")).collect();
    }
    model.hub.iter().map(|h| format!("hub:{h}")).collect()
}

/// What there is instead of what was asked for.
fn nothing(ctx: &Context, subject: &str, metric: &str, by: Date) -> Result<AppError, AppError> {
    let mut metrics: Vec<String> = Vec::new();
    let mut near: Vec<String> = Vec::new();
    let kind = subject.split_once(':').map_or("", |(k, _)| k);
    for past in ctx.pasts()? {
        metrics.extend(
            past.starting(subject)
                .filter(|t| t.subject == subject)
                .map(|t| t.metric.clone()),
        );
        near.extend(
            past.starting(&format!("{kind}:"))
                .map(|t| t.subject.clone()),
        );
    }
    if let Some(store) = ctx.store()? {
        metrics.extend(store.metrics(subject)?);
        near.extend(store.subjects(&format!("{kind}:"), 20_000)?);
    }
    metrics.sort();
    metrics.dedup();
    near.dedup();
    let message = format!("nothing was read of {metric} of {subject} by {by}");
    let error = AppError::data(message);
    let source = match kind {
        "hub" | "space" => "hub",
        "github" => "github",
        other => other,
    };
    Ok(if metrics.is_empty() {
        let near = names::nearest(subject, near.iter().map(String::as_str));
        let error = match maquette_observe::source::find(source) {
            Some(_) => error.hint(format!("`maquette observe {source}` asks the source")),
            None => error,
        };
        match near.first() {
            Some(first) => error.hint(format!("did you mean {first}?")),
            None => error,
        }
    } else {
        error.hint(format!("metrics of it: {}", metrics.join(", ")))
    })
}

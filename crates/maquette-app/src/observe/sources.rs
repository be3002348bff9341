//! `sources`: what is asked of whom on which terms, how fresh it is, and what went wrong.

use maquette_core::names;
use maquette_core::report::observe::{
    ArchiveLine, PastLine, RejectedLine, SourceLine, SourcesReport,
};
use maquette_observe::source::{self, Source};
use maquette_observe::store::SourceState;

use super::{end_of, moment};
use crate::context::Context;
use crate::error::AppError;

pub fn sources(ctx: &Context, one: Option<&str>) -> Result<SourcesReport, AppError> {
    if let Some(id) = one {
        find(id)?;
    }
    let (states, rejected) = match ctx.store()? {
        Some(store) => (
            store.source_states()?,
            match one {
                Some(id) => store.rejected(id)?,
                None => Vec::new(),
            },
        ),
        None => (Vec::new(), Vec::new()),
    };
    let lines = source::all()
        .iter()
        .filter(|s| one.is_none_or(|id| id == s.about().id))
        .map(|s| {
            let state = states.iter().find(|t| t.source == s.about().id);
            line(ctx, *s, state)
        })
        .collect();
    let mut archives = Vec::new();
    for past in ctx.pasts()?.into_iter().take(usize::from(one.is_none())) {
        for (i, a) in past.archives.iter().enumerate() {
            let days = past
                .series
                .iter()
                .flat_map(|t| &t.points)
                .filter(|d| usize::from(d.archive) == i)
                .map(|d| d.date);
            archives.push(ArchiveLine {
                id: a.id.clone(),
                title: a.title.clone(),
                link: a.link.clone(),
                read: a.read.clone(),
                license: a.license.clone(),
                attribution: a.attribution.clone(),
                carried_as: match a.redistribution {
                    maquette_catalog::schema::history::Redistribution::Series => "series",
                    maquette_catalog::schema::history::Redistribution::Facts => "facts",
                }
                .to_owned(),
                origin: a.origin.clone(),
                observations: days.clone().count(),
                first: days.clone().min().map(|d| d.to_string()),
                last: days.max().map(|d| d.to_string()),
                note: a.note.clone(),
            });
        }
    }
    Ok(SourcesReport {
        schema: "maquette.sources/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        sources: lines,
        archives,
        rejected: rejected
            .into_iter()
            .map(|(key, reason)| RejectedLine { key, reason })
            .collect(),
    })
}

/// The source of that name; an unknown one offers the nearest.
pub fn find(id: &str) -> Result<&'static dyn source::Source, AppError> {
    source::find(id).ok_or_else(|| {
        let known: Vec<&str> = source::all().iter().map(|s| s.about().id).collect();
        let near = names::nearest(id, known.iter().copied());
        AppError::request(format!(
            "there is no source `{id}`{}",
            names::did_you_mean(&near)
        ))
        .hint(format!("sources: {}", known.join(", ")))
    })
}

fn line(ctx: &Context, source: &dyn Source, state: Option<&SourceState>) -> SourceLine {
    let (about, past) = (source.about(), source.past());
    let last = state.and_then(|s| s.last);
    let age = last.map(|l| end_of(ctx.as_of) - l);
    let limit = i64::from(about.cadence_hours) * 3600 * 2 + 86_400;
    let standing = match (age, state.is_some_and(|s| s.unfinished)) {
        (_, true) => "interrupted",
        (None, _) => "never",
        (Some(age), _) if age > limit => "stale",
        _ => "fresh",
    };
    let failure = state.and_then(|s| s.failure.clone());
    SourceLine {
        id: about.id.to_owned(),
        title: about.title.to_owned(),
        endpoint: about.endpoint.to_owned(),
        terms: about.terms.to_owned(),
        attribution: about.attribution.to_owned(),
        cadence_hours: about.cadence_hours,
        units: about.units.to_owned(),
        past: past.map(|p| PastLine {
            title: p.title.to_owned(),
            endpoint: p.endpoint.to_owned(),
            terms: if p.terms.is_empty() {
                about.terms
            } else {
                p.terms
            }
            .to_owned(),
            size: p.size.to_owned(),
        }),
        key: about.key_vars.iter().map(|k| (*k).to_owned()).collect(),
        key_needed: about.key_needed,
        snapshots: state.map_or(0, |s| s.snapshots),
        last: last.map(moment),
        standing: standing.to_owned(),
        rejected: state.map_or(0, |s| s.rejected),
        last_error_at: failure.as_ref().map(|(at, _)| moment(*at)),
        last_error: failure.map(|(_, message)| message),
    }
}

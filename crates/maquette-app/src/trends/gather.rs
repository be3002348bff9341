//! Counters out of the store and the archives: one a subject and metric.

use std::collections::{BTreeMap, BTreeSet};

use maquette_catalog::schema::history::Series;
use maquette_stats::trend::clean::Counter;

use super::{Counted, number};
use crate::context::Context;
use crate::error::AppError;
use crate::observe::{day_of, end_of};

/// What stands before the colon of a subject, and what is counted there.
const KINDS: [(&str, &[&str]); 3] = [
    ("hub", &["likes", "downloads-all-time", "downloads"]),
    ("space", &["likes"]),
    ("github", &["stars"]),
];

/// Readings by subject and metric.
type Readings = BTreeMap<(String, String), Vec<(i64, f64)>>;

/// Everything counted by the day asked for, and the sources of it.
pub(super) fn counted(ctx: &Context) -> Result<(Vec<Counted>, BTreeSet<String>), AppError> {
    let mut readings: Readings = BTreeMap::new();
    let mut sources = BTreeSet::new();
    for (kind, metrics) in KINDS {
        let start = format!("{kind}:");
        for past in ctx.pasts()? {
            for series in past.starting(&start) {
                if metrics.contains(&series.metric.as_str()) {
                    archived(past, series, ctx, &mut readings, &mut sources);
                }
            }
        }
        if let Some(store) = ctx.store()? {
            for metric in metrics {
                for point in store.counters(&start, metric, end_of(ctx.as_of))? {
                    if let Ok(value) = point.value.to_string().parse() {
                        readings
                            .entry((point.subject, point.metric))
                            .or_default()
                            .push((number(day_of(point.observed_at)), value));
                        sources.insert(point.source);
                    }
                }
            }
        }
    }
    let mut out: BTreeMap<String, Counted> = BTreeMap::new();
    for ((subject, metric), list) in readings {
        let entry = out.entry(subject.clone()).or_insert_with(|| {
            let (kind, name) = subject.split_once(':').unwrap_or(("", &subject));
            Counted {
                kind: kind.to_owned(),
                name: name.to_owned(),
                subject: subject.clone(),
                ..Counted::default()
            }
        });
        entry.counters.insert(metric, Counter::of(list).0);
    }
    for model in &ctx.knowledge.catalog.models {
        let hub = model.hub.iter().map(|h| format!("hub:{h}"));
        let github = model.github.iter().map(|g| format!("github:{g}"));
        for subject in hub.chain(github) {
            if let Some(entry) = out.get_mut(&subject) {
                entry.models.push(model.id.clone());
                entry.modality = entry.modality.or(Some(model.modality));
            }
        }
    }
    Ok((out.into_values().collect(), sources))
}

fn archived(
    past: &maquette_catalog::schema::history::Past,
    series: &Series,
    ctx: &Context,
    readings: &mut Readings,
    sources: &mut BTreeSet<String>,
) {
    for point in series.points.iter().filter(|p| p.date <= ctx.as_of) {
        // A guide prints what others counted.
        let Some(archive) = past
            .archive(point)
            .filter(|a| !a.id.starts_with("article-"))
        else {
            continue;
        };
        if let Ok(value) = point.value.parse() {
            readings
                .entry((series.subject.clone(), series.metric.clone()))
                .or_default()
                .push((number(point.date), value));
            sources.insert(archive.id.clone());
        }
    }
}

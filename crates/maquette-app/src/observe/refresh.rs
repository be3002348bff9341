//! `observe`: asks sources, one after the other, each into a snapshot of its own.

use maquette_core::Date;
use maquette_core::report::observe::{ObserveLine, ObserveReport};
use maquette_observe::fetch::{Clock, FetchError, Fetcher, Limits};
use maquette_observe::refresh::{Progress, RefreshError, refresh};
use maquette_observe::source::{self, About, Ask, Source};
use maquette_observe::store::{Store, StoreError};

use super::sources::find;
use crate::context::Context;
use crate::error::{AppError, causes};

/// What is to be observed.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Empty: every source that needs no key, or whose key is there.
    pub sources: Vec<String>,
    /// All pages of lists.
    pub all: bool,
    pub since: Option<Date>,
    pub dry_run: bool,
    pub offline: bool,
}

/// Looks variables of the environment up; the face does that, not this crate.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

pub fn observe(
    ctx: &Context,
    wish: &Wish,
    env: Lookup<'_>,
    clock: &dyn Clock,
    limits: Limits,
    progress: &mut dyn FnMut(&'static str, Progress),
) -> Result<ObserveReport, AppError> {
    let chosen: Vec<&'static dyn Source> = if wish.sources.is_empty() {
        source::all().to_vec()
    } else {
        wish.sources
            .iter()
            .map(|id| find(id))
            .collect::<Result<_, _>>()?
    };
    if wish.offline && !wish.dry_run {
        return Err(
            AppError::request("--offline: nothing can be observed without asking")
                .hint("--dry-run says what would be asked"),
        );
    }
    let mut report = ObserveReport {
        schema: "maquette.observe/1".to_owned(),
        at: clock.now().to_string(),
        dry_run: wish.dry_run,
        sources: Vec::new(),
    };
    let mut store = None;
    let mut fetcher = Fetcher::new(limits, clock);
    for source in chosen {
        let about = source.about();
        let ask = ask(ctx, about, wish, env);
        let mut line = empty(about);
        if about.key_needed && ask.key.is_none() {
            line.outcome = "skipped".into();
            line.note = Some("it answers nobody without a key".to_owned());
            line.hint = Some(format!("set {}", about.key_vars.join(" or ")));
        } else if wish.dry_run {
            line.outcome = "planned".into();
            line.would_ask = source
                .first(&ask)
                .into_iter()
                .map(|r| format!("GET {}", r.url))
                .collect();
            line.requests = line.would_ask.len();
        } else {
            let store = match &mut store {
                Some(open) => open,
                none => none.insert(Store::open(ctx.data_dir()?)?),
            };
            let mut tell = |p| progress(about.id, p);
            match refresh(store, source, &ask, &mut fetcher, &mut tell) {
                Ok(done) => {
                    line.outcome = "whole".into();
                    line.requests = done.requests;
                    line.resumed = done.resumed;
                    line.unchanged = done.unchanged;
                    line.facts = done.committed.facts;
                    line.written = done.committed.written;
                    line.gone = done.committed.gone;
                    line.rejected = done.committed.rejected;
                    line.note = (!done.note.is_empty()).then_some(done.note);
                }
                Err(RefreshError::Store(StoreError::Full)) => return Err(StoreError::Full.into()),
                Err(e) => failed(&mut line, about, &e),
            }
        }
        report.sources.push(line);
    }
    Ok(report)
}

/// What is asked of a source: the catalog's repositories, at the endpoint and with the key that the
/// environment names.
fn ask(ctx: &Context, about: &About, wish: &Wish, env: Lookup<'_>) -> Ask {
    let first = |names: &[&str]| {
        names.iter().find_map(|n| {
            env(n)
                .map(|v| v.trim().to_owned())
                .filter(|v| !v.is_empty())
        })
    };
    let catalog = &ctx.knowledge.catalog;
    let mut names: Vec<String> = match about.id {
        "hub" => catalog.models.iter().flat_map(|m| m.hub.clone()).collect(),
        "github" => catalog
            .models
            .iter()
            .filter_map(|m| m.github.clone())
            .collect(),
        "fal" => {
            let fal = catalog.providers.iter().filter(|p| p.id == "fal");
            let sold = fal.flat_map(|p| &p.offer).filter_map(|o| o.sold_as.clone());
            sold.filter(|s| !s.is_empty() && !s.contains(' ')).collect()
        }
        _ => Vec::new(),
    };
    names.sort();
    names.dedup();
    Ask {
        endpoint: first(about.endpoint_vars).unwrap_or_else(|| about.endpoint.to_owned()),
        key: first(about.key_vars),
        names,
        all: wish.all,
        since: wish.since,
    }
}

fn empty(about: &About) -> ObserveLine {
    ObserveLine {
        source: about.id.to_owned(),
        outcome: String::new(),
        requests: 0,
        resumed: 0,
        unchanged: 0,
        facts: 0,
        written: 0,
        gone: 0,
        rejected: 0,
        note: None,
        hint: None,
        would_ask: Vec::new(),
    }
}

fn failed(line: &mut ObserveLine, about: &About, e: &RefreshError) {
    let mut note = vec![e.to_string()];
    note.extend(causes(e));
    note.dedup();
    line.note = Some(note.join(": "));
    let (outcome, hint) = match e {
        RefreshError::Fetch(FetchError::Wait { until, .. }) => (
            "waiting",
            format!(
                "run `maquette observe {}` again after {until}: it goes on where it stopped",
                about.id
            ),
        ),
        RefreshError::TooMany { .. } => (
            "waiting",
            format!(
                "run `maquette observe {}` again: it goes on where it stopped",
                about.id
            ),
        ),
        RefreshError::Fetch(FetchError::Refused {
            status: 401 | 403, ..
        }) if !about.key_vars.is_empty() => (
            "failed",
            format!("is the key in {} a good one?", about.key_vars[0]),
        ),
        RefreshError::Fetch(_) => (
            "failed",
            format!(
                "run `maquette observe {}` again: it goes on where it stopped",
                about.id
            ),
        ),
        RefreshError::Store(StoreError::Locked { .. }) => {
            ("skipped", "wait until the other one is done".to_owned())
        }
        _ => (
            "failed",
            format!("`maquette sources {}` tells more", about.id),
        ),
    };
    line.outcome = outcome.into();
    line.hint = Some(hint);
}

//! `observe`: asks sources, each into a snapshot of its own, all at once and each one request at a time.

use std::path::Path;
use std::sync::mpsc;

use jiff::ToSpan;
use maquette_core::report::observe::{ObserveLine, ObserveReport};
use maquette_core::{Date, names};
use maquette_observe::fetch::{Clock, FetchError, Fetcher, Limits};
use maquette_observe::refresh::{Progress, RefreshError, refresh};
use maquette_observe::source::{self, About, Ask, Every, Source};
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
    /// The published past, so close together.
    pub past: Option<Every>,
    pub dry_run: bool,
    pub offline: bool,
}

/// Looks variables of the environment up; the face does that, not this crate.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// One source that is to be asked.
struct Job {
    source: &'static dyn Source,
    ask: Ask,
    line: ObserveLine,
}

pub fn observe(
    ctx: &Context,
    wish: &Wish,
    env: Lookup<'_>,
    clock: &dyn Clock,
    limits: Limits,
    progress: &mut dyn FnMut(&'static str, Progress),
) -> Result<ObserveReport, AppError> {
    let chosen = chosen(wish)?;
    if wish.offline && !wish.dry_run {
        return Err(
            AppError::request("--offline: nothing can be observed without asking")
                .hint("--dry-run says what would be asked"),
        );
    }
    let at = clock.now().to_string();
    let mut jobs: Vec<Job> = Vec::new();
    for source in chosen {
        let about = source.about();
        let ask = ask(ctx, source, wish, env);
        let mut line = empty(about);
        if about.key_needed && ask.key.is_none() {
            line.outcome = "skipped".into();
            line.note = Some("it answers nobody without a key".to_owned());
            line.hint = Some(format!("set {}", about.key_vars.join(" or ")));
        } else if wish.dry_run {
            let first = ask.begin(source);
            line.outcome = "planned".into();
            line.would_ask = first.iter().map(|r| format!("GET {}", r.url)).collect();
            line.requests = line.would_ask.len();
            let past = ask.past.and_then(|_| source.past());
            line.note = past.map(|p| format!("{}; a point: {}", p.title, p.size));
        }
        jobs.push(Job { source, ask, line });
    }
    if jobs.iter().any(Job::is_open) {
        let dir = ctx.data_dir()?;
        // Made once, before everybody wants it.
        drop(Store::open(dir)?);
        at_once(&mut jobs, dir, limits, clock, progress)?;
    }
    Ok(ObserveReport {
        schema: "maquette.observe/1".to_owned(),
        at,
        dry_run: wish.dry_run,
        sources: jobs.into_iter().map(|j| j.line).collect(),
    })
}

/// Every source in a thread of its own, one request at a time each: a slow one holds up no other.
fn at_once(
    jobs: &mut [Job],
    dir: &Path,
    limits: Limits,
    clock: &dyn Clock,
    progress: &mut dyn FnMut(&'static str, Progress),
) -> Result<(), StoreError> {
    std::thread::scope(|threads| {
        let (tell, told) = mpsc::channel();
        let mut running = Vec::new();
        for job in jobs.iter_mut().filter(|j| j.is_open()) {
            let tell = tell.clone();
            running.push(threads.spawn(move || {
                let mut store = Store::open(dir)?;
                job.run(&mut store, limits, clock, &mut |id, p| {
                    // Where nobody listens any more, the work goes on.
                    let _ = tell.send((id, p));
                })
            }));
        }
        drop(tell);
        for (id, p) in told {
            progress(id, p);
        }
        let mut outcome = Ok(());
        for thread in running {
            let ended = thread.join();
            outcome = outcome.and(ended.unwrap_or_else(|p| std::panic::resume_unwind(p)));
        }
        outcome
    })
}

/// The sources that were named; else all, or all that have a past.
fn chosen(wish: &Wish) -> Result<Vec<&'static dyn Source>, AppError> {
    let past = |s: &&'static dyn Source| wish.past.is_none() || s.past().is_some();
    if wish.sources.is_empty() {
        return Ok(source::all().iter().copied().filter(past).collect());
    }
    let named = wish.sources.iter().map(|id| {
        let past = !names::nearest(id, std::iter::once("backfill")).is_empty();
        find(id).map_err(|e| {
            if past {
                e.hint("`maquette observe backfill` reads the past that sources publish")
            } else {
                e
            }
        })
    });
    let named: Vec<&'static dyn Source> = named.collect::<Result<_, _>>()?;
    if let Some(none) = named.iter().find(|s| !past(s)) {
        let with = source::all().iter().filter(|s| s.past().is_some());
        let with: Vec<&str> = with.map(|s| s.about().id).collect();
        let message = format!("{} publishes no past that is read", none.about().id);
        return Err(
            AppError::request(message).hint(format!("sources with one: {}", with.join(", ")))
        );
    }
    Ok(named)
}

impl Job {
    /// Not skipped, and no dry run.
    fn is_open(&self) -> bool {
        self.line.outcome.is_empty()
    }

    /// Refreshes the source. Only a full disk is an error of the whole.
    fn run(
        &mut self,
        store: &mut Store,
        limits: Limits,
        clock: &dyn Clock,
        progress: &mut dyn FnMut(&'static str, Progress),
    ) -> Result<(), StoreError> {
        let about = self.source.about();
        let mut fetcher = Fetcher::new(limits, clock);
        let mut tell = |p| progress(about.id, p);
        let line = &mut self.line;
        match refresh(store, self.source, &self.ask, &mut fetcher, &mut tell) {
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
            Err(RefreshError::Store(StoreError::Full)) => return Err(StoreError::Full),
            Err(e) => failed(line, about, &e),
        }
        Ok(())
    }
}

/// What is asked of a source: the catalog's repositories, at the endpoint and with the key that the
/// environment names.
fn ask(ctx: &Context, source: &dyn Source, wish: &Wish, env: Lookup<'_>) -> Ask {
    let about = source.about();
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
    let past = wish.past.and_then(|_| source.past());
    let (vars, endpoint) = past.map_or((about.endpoint_vars, about.endpoint), |p| {
        (p.endpoint_vars, p.endpoint)
    });
    Ask {
        endpoint: first(vars).unwrap_or_else(|| endpoint.to_owned()),
        key: first(about.key_vars),
        names,
        all: wish.all,
        // Without an end, the past is that of a year.
        since: wish
            .since
            .or_else(|| wish.past.map(|_| ctx.as_of.saturating_sub(1.year()))),
        past: wish.past,
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

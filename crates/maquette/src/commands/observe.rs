//! `maquette observe`, `sources`, `series`, `top`, `store`.

use std::collections::BTreeMap;
use std::io::IsTerminal;

use maquette_app::AppError;
use maquette_app::observe::refresh::Wish;
use maquette_app::observe::{self as verbs, store};
use maquette_observe::fetch::{Clock, Limits, SystemClock};
use maquette_observe::refresh::Progress;
use maquette_observe::source::Every;
use maquette_tell::observe as page;

use super::{catalog_context as context, license, text, write};
use crate::args::{
    Global, ObserveArgs, ObserveCommand, SeriesArgs, SourcesArgs, Step, StoreArgs, StoreCommand,
    StoreForm, TopArgs, WatchArgs,
};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

/// Characters of the line of progress.
const PROGRESS: usize = 78;

pub fn observe(global: &Global, args: &ObserveArgs, printer: &Printer) -> Result<Exit, Failure> {
    let wish = match &args.command {
        Some(ObserveCommand::Backfill(past)) => Wish {
            sources: past.sources.clone(),
            all: false,
            since: past.since,
            past: Some(match past.every {
                Step::Week => Every::Week,
                Step::Month => Every::Month,
            }),
            dry_run: past.dry_run,
            offline: global.offline,
        },
        None => Wish {
            sources: args.sources.clone(),
            all: args.all,
            since: args.since,
            past: None,
            dry_run: args.dry_run,
            offline: global.offline,
        },
    };
    let env = |name: &str| std::env::var(name).ok();
    let shown = std::io::stderr().is_terminal();
    let mut at: BTreeMap<&'static str, String> = BTreeMap::new();
    let mut progress = |source: &'static str, p: Progress| {
        let now = match p {
            _ if !shown => return,
            Progress::Begun { resumed: 0 } => "asking".to_owned(),
            Progress::Begun { resumed } => format!("going on after {resumed}"),
            Progress::Asked { done, ahead, .. } => format!("{done} of {}", done + ahead + 1),
            Progress::Unchanged { .. } => return,
        };
        at.insert(source, now);
        let line: Vec<String> = at.iter().map(|(s, now)| format!("{s} {now}")).collect();
        // One line of the terminal, whatever its width: what is further on is not shown.
        let line: String = line.join(", ").chars().take(PROGRESS).collect();
        Printer::message(&format!("\r\u{1b}[K{line}"));
    };
    let ctx = context(global)?;
    let outcome = verbs::refresh::observe(
        &ctx,
        &wish,
        &env,
        &SystemClock,
        Limits::default(),
        &mut progress,
    );
    if shown {
        Printer::message("\r\u{1b}[K");
    }
    let report = outcome?;
    printer.report(&report, page::observe)?;
    // A source that failed is told; the others stand all the same.
    let failed = report
        .sources
        .iter()
        .any(|s| matches!(s.outcome.as_str(), "failed" | "waiting"));
    Ok(if failed { Exit::Source } else { Exit::Done })
}

pub fn sources(global: &Global, args: &SourcesArgs, printer: &Printer) -> Result<Exit, Failure> {
    let report = verbs::sources::sources(&context(global)?, args.source.as_deref())?;
    printer.report(&report, page::sources)?;
    Ok(Exit::Done)
}

pub fn series(global: &Global, args: &SeriesArgs, printer: &Printer) -> Result<Exit, Failure> {
    let report = verbs::series::series(
        &context(global)?,
        &args.subject,
        &args.metric,
        args.from,
        args.to,
    )?;
    if let Some(path) = &args.svg {
        let Some(chart) = page::series_chart(&report) else {
            return Err(AppError::request("a series of texts has no curve").into());
        };
        write(path, &chart, args.force)?;
    }
    printer.report(&report, page::series)?;
    Ok(Exit::Done)
}

pub fn top(global: &Global, args: &TopArgs, printer: &Printer) -> Result<Exit, Failure> {
    let form = license::form(global, &args.facts)?;
    let report = verbs::top::top(
        &context(global)?,
        args.modality,
        &args.by,
        args.limit.clamp(1, 1000),
        &form,
    )?;
    printer.report(&report, page::top)?;
    Ok(Exit::Done)
}

pub fn watch(global: &Global, args: &WatchArgs, printer: &Printer) -> Result<Exit, Failure> {
    let ctx = context(global)?;
    let report = verbs::watch::watch(&ctx, &args.models, SystemClock.now(), !args.no_mark)?;
    printer.report(&report, page::watch)?;
    Ok(Exit::Done)
}

pub fn store(global: &Global, args: &StoreArgs, printer: &Printer) -> Result<Exit, Failure> {
    let ctx = context(global)?;
    let report = match &args.command {
        StoreCommand::Check => store::check(&ctx)?,
        StoreCommand::Rebuild => store::rebuild(&ctx)?,
        StoreCommand::Compact => store::compact(&ctx)?,
        StoreCommand::Export { file, form, force } => {
            let end = file.extension().map(|e| e.to_string_lossy().to_lowercase());
            let form = match (form, end.as_deref()) {
                (Some(StoreForm::Csv), _) | (None, Some("csv")) => store::Form::Csv,
                (Some(StoreForm::Jsonl), _) | (None, Some("jsonl" | "ndjson")) => {
                    store::Form::JsonLines
                }
                (Some(StoreForm::Sqlite), _) | (None, Some("sqlite" | "db")) => store::Form::Sqlite,
                _ => {
                    let message = format!("in which form is {} to be written?", file.display());
                    return Err(AppError::request(message)
                        .hint("--as csv, jsonl or sqlite")
                        .into());
                }
            };
            store::export(&ctx, form, file, *force)?
        }
        StoreCommand::Import { file } => {
            let body = text(file, "file of observations")?;
            let name = file
                .file_name()
                .map_or("-".into(), |n| n.to_string_lossy().into_owned());
            store::import(&ctx, body.as_bytes(), &name, SystemClock.now())?
        }
    };
    printer.report(&report, page::store)?;
    Ok(if report.problems.is_empty() {
        Exit::Done
    } else {
        Exit::No
    })
}

//! `store`: is it sound, making it again, taking observations out and in, giving space back.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use jiff::Timestamp;
use maquette_core::report::observe::StoreReport;
use maquette_observe::fact::Facts;
use maquette_observe::refresh::read;
use maquette_observe::source;
use maquette_observe::store::{ExchangeError, FILE, Kept, Store, imported_source, read_imported};

use crate::context::Context;
use crate::error::{AppError, causes};

/// How observations are written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Csv,
    JsonLines,
    Sqlite,
}

impl From<ExchangeError> for AppError {
    fn from(e: ExchangeError) -> AppError {
        match e {
            ExchangeError::Store(e) => e.into(),
            other => {
                let mut out = AppError::request(other.to_string());
                out.because = causes(&other);
                out
            }
        }
    }
}

fn open(ctx: &Context) -> Result<Store, AppError> {
    Store::look(ctx.data_dir()?)?.ok_or_else(|| {
        AppError::data("there is no store yet")
            .hint("`maquette observe` makes one, or `maquette store import FILE`")
    })
}

pub fn check(ctx: &Context) -> Result<StoreReport, AppError> {
    let store = open(ctx)?;
    let found = store.check()?;
    let mut done = vec![format!(
        "every page and {} raw answers were looked at",
        found.raw
    )];
    if found.open_snapshots > 0 {
        done.push(format!(
            "{} refreshes are under way or were interrupted",
            found.open_snapshots
        ));
    }
    let mut report = report(ctx, &store, "check", done)?;
    report.problems = found.problems;
    Ok(report)
}

pub fn rebuild(ctx: &Context) -> Result<StoreReport, AppError> {
    let mut store = open(ctx)?;
    let done = store.rebuild(&mut reader)?;
    let line = format!(
        "{} observations were read anew out of {} answers of {} snapshots",
        done.observations, done.answers, done.snapshots
    );
    report(ctx, &store, "rebuild", vec![line])
}

/// A kept answer, read as its source reads it today.
fn reader(name: &str, kept: &Kept) -> Result<Facts, String> {
    if let Some(from) = imported_source(name) {
        return read_imported(&kept.body, from);
    }
    let source =
        source::find(name).ok_or_else(|| format!("there is no source `{name}` any more"))?;
    read(source, kept)
}

pub fn compact(ctx: &Context) -> Result<StoreReport, AppError> {
    let mut store = open(ctx)?;
    let done = store.compact()?;
    let line = format!(
        "{} abandoned snapshots and {} raw answers dropped; {} bytes before, {} after",
        done.snapshots, done.raw, done.before, done.after
    );
    report(ctx, &store, "compact", vec![line])
}

pub fn export(ctx: &Context, form: Form, to: &Path, force: bool) -> Result<StoreReport, AppError> {
    let store = open(ctx)?;
    if to.exists() && !force {
        return Err(
            AppError::request(format!("{} is there already", to.display()))
                .hint("--force replaces it"),
        );
    }
    // Written aside, then swapped: a full disk leaves the old file whole.
    let mut aside = to.as_os_str().to_owned();
    aside.push(".part");
    let aside = Path::new(&aside);
    let failed = |e: std::io::Error| {
        let _ = fs::remove_file(aside);
        AppError::request(format!("{} cannot be written", to.display())).because(e.to_string())
    };
    let line = if form == Form::Sqlite {
        let _ = fs::remove_file(aside);
        store.export_copy(aside)?;
        "a copy of the whole store".to_owned()
    } else {
        let mut out = BufWriter::new(File::create(aside).map_err(failed)?);
        let n = match form {
            Form::Csv => store.export_csv(&mut out),
            _ => store.export_json_lines(&mut out),
        }
        .inspect_err(|_| {
            let _ = fs::remove_file(aside);
        })?;
        out.flush().map_err(failed)?;
        format!("{n} observations")
    };
    fs::rename(aside, to).map_err(failed)?;
    report(
        ctx,
        &store,
        "export",
        vec![format!("{line} written to {}", to.display())],
    )
}

pub fn import(
    ctx: &Context,
    body: &[u8],
    name: &str,
    now: Timestamp,
) -> Result<StoreReport, AppError> {
    let mut store = Store::open(ctx.data_dir()?)?;
    let done = store.import(body, name, now.as_second())?;
    let lines = done
        .into_iter()
        .map(|(source, c)| match c.answers {
            0 => format!("{source}: taken in before, nothing to add"),
            _ => format!("{source}: {} observations taken in", c.written),
        })
        .collect();
    report(ctx, &store, "import", lines)
}

fn report(
    ctx: &Context,
    store: &Store,
    did: &str,
    done: Vec<String>,
) -> Result<StoreReport, AppError> {
    let c = store.counts()?;
    Ok(StoreReport {
        schema: "maquette.store/1".to_owned(),
        did: did.to_owned(),
        path: ctx.data_dir()?.join(FILE).display().to_string(),
        done,
        problems: Vec::new(),
        snapshots: c.snapshots,
        answers: c.answers,
        subjects: c.subjects,
        observations: c.observations,
        raw_bytes: c.raw_bytes,
        kept_bytes: c.kept_bytes,
        file_bytes: c.file_bytes,
    })
}

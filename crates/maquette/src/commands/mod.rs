//! One file per command: ask the verb, print its report, say the exit code.

mod break_even;
mod catalog;
mod choose;
mod claims;
mod digest;
mod doctor;
mod fit;
mod gap;
mod guide;
mod license;
mod list;
mod months;
mod observe;
mod predictions;
mod schema;
mod show;
mod trends;

use std::io::Read;
use std::path::{Path, PathBuf};

use maquette_app::{AppError, Context};
use maquette_core::Date;

use crate::args::{Cli, Command, Global};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

pub fn run(cli: &Cli, printer: &Printer) -> Result<Exit, Failure> {
    let global = &cli.global;
    match &cli.command {
        Command::Choose(args) => choose::run(global, args, printer),
        Command::BreakEven(args) => break_even::run(global, args, printer),
        Command::Models(args) => list::models(global, args, printer),
        Command::Prices(args) => list::prices(global, args, printer),
        Command::Plans(args) => list::plans(global, args, printer),
        Command::Months(args) => months::run(global, args, printer),
        Command::License(args) => license::run(global, args, printer),
        Command::Licenses(args) => license::matrix(global, args, printer),
        Command::Fit(args) => fit::run(global, args, printer),
        Command::Accuracy(args) => fit::accuracy(global, args, printer),
        Command::Show(args) => show::show(global, args, printer),
        Command::Why(args) => show::why(global, args, printer),
        Command::Observe(args) => observe::observe(global, args, printer),
        Command::Sources(args) => observe::sources(global, args, printer),
        Command::Series(args) => observe::series(global, args, printer),
        Command::Top(args) => observe::top(global, args, printer),
        Command::Watch(args) => observe::watch(global, args, printer),
        Command::Store(args) => observe::store(global, args, printer),
        Command::Trends(args) => trends::run(global, args, printer),
        Command::Predictions(args) => predictions::run(global, args, printer),
        Command::Claims(args) => claims::run(global, args, printer),
        Command::Digest(args) => digest::run(global, args, printer),
        Command::Guide(args) => guide::run(global, args, printer),
        Command::Gap(args) => gap::run(global, args, printer),
        Command::Doctor(args) => doctor::run(global, args, printer),
        Command::Catalog(args) => catalog::run(global, args, printer),
        Command::Schema(args) => schema::run(args),
    }
}

/// The day asked for; the clock is read here and nowhere else.
fn day(global: &Global) -> Date {
    global.as_of.unwrap_or_else(|| {
        jiff::tz::Offset::UTC
            .to_datetime(jiff::Timestamp::now())
            .date()
    })
}

/// The directory of the user's own files: named, or the usual one of the system.
fn config_dir(global: &Global) -> Option<PathBuf> {
    if let Some(dir) = &global.config_dir {
        return Some(dir.clone());
    }
    let base = std::env::var_os("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".config")))?;
    Some(base.join("maquette"))
}

/// The usual studio file, where it is there.
fn studio_file(global: &Global) -> Option<PathBuf> {
    config_dir(global)
        .map(|dir| dir.join("studio.toml"))
        .filter(|file| file.is_file())
}

/// The catalog as the user's files and what was observed have it.
fn context(global: &Global) -> Result<Context, Failure> {
    Ok(maquette_app::observe::conflicts::laid_over(
        catalog_context(global)?,
    )?)
}

/// The catalog without what was observed of its prices.
fn catalog_context(global: &Global) -> Result<Context, Failure> {
    if let Some(dir) = global.config_dir.as_ref().filter(|d| !d.is_dir()) {
        let message = format!("the configuration directory {} is not there", dir.display());
        return Err(AppError::request(message).into());
    }
    Ok(
        Context::open(day(global), config_dir(global).as_ref(), &global.catalog)?
            .with_data(data_dir(global)),
    )
}

/// Where observations are kept: named, or the usual place of the system.
fn data_dir(global: &Global) -> Option<PathBuf> {
    if let Some(dir) = &global.data_dir {
        return Some(dir.clone());
    }
    let base = std::env::var_os("XDG_DATA_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".local/share")))?;
    Some(base.join("maquette"))
}

/// Most bytes of a file that is read whole.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// The text of a file, or of standard input for `-`.
fn text(path: &Path, noun: &str) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().take(MOST_BYTES).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|f| f.take(MOST_BYTES).read_to_end(&mut bytes))
    };
    read.map_err(|e| {
        AppError::request(format!("the {noun} {} cannot be read", path.display()))
            .because(e.to_string())
    })?;
    // One bad byte spoils its line, not the others.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Writes a file that the user named; one that exists only where told to.
fn write(path: &Path, text: &str, force: bool) -> Result<(), Failure> {
    if path.exists() && !force {
        let message = format!("{} is there already", path.display());
        return Err(AppError::request(message)
            .hint("--force replaces it")
            .into());
    }
    std::fs::write(path, text).map_err(|e| {
        AppError::request(format!("{} cannot be written", path.display())).because(e.to_string())
    })?;
    Ok(())
}

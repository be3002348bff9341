//! What maquette knows: the embedded catalog, a user's overlays over it, and looking things up.

mod find;
pub mod read;

use std::path::{Path, PathBuf};

use maquette_catalog::{
    Catalog, Code, Problem, Severity, SourceFile, check, from_blob, overlay, parse,
};
use maquette_core::Date;

use maquette_catalog::schema::evidence::Run;
use maquette_catalog::schema::history::Past;
use maquette_fit::learn::Learned;

pub use find::{Found, Knowledge, Unknown};
pub use maquette_catalog as catalog;
pub use read::ReadError;

static BLOB: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/catalog.bin"));
static RUNS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/runs.bin"));
static PAST: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/past.bin"));
static LEARNED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/learned.bin"));

/// The ledger of predictions that the binary carries, as it was written.
static PREDICTIONS: &str = include_str!("../../../catalog/predictions/ledger.jsonl");

/// Claims by edition, as they are written.
static CLAIMS: [(&str, &str); 1] = [(
    "2026-03",
    include_str!("../../../catalog/claims/2026-03.toml"),
)];

#[derive(Debug, thiserror::Error)]
pub enum KnowError {
    #[error(transparent)]
    Blob(#[from] maquette_catalog::BlobError),
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The overlay in `root` has errors; the texts are there to show their lines.
    #[error("{} has {} error(s)", root.display(), problems.len())]
    Overlay {
        root: PathBuf,
        problems: Vec<Problem>,
        files: Vec<SourceFile>,
    },
}

/// The catalog the binary carries.
pub fn embedded() -> Result<Catalog, KnowError> {
    Ok(from_blob(BLOB)?)
}

/// The published measurements that the binary carries.
pub fn runs() -> Result<Vec<Run>, KnowError> {
    Ok(from_blob(RUNS)?)
}

/// Observations of past days that the binary carries.
pub fn past() -> Result<Past, KnowError> {
    Ok(from_blob(PAST)?)
}

/// Predictions that the binary carries: JSON Lines, each with its hash.
pub fn predictions() -> &'static str {
    PREDICTIONS
}

/// Editions, each with its claims as TOML.
pub fn claims() -> &'static [(&'static str, &'static str)] {
    &CLAIMS
}

/// What those measurements teach the formulas of `maquette-fit`.
pub fn learned() -> Result<Learned, KnowError> {
    Ok(from_blob(LEARNED)?)
}

/// The embedded catalog with each directory laid over it in turn.
pub fn open(overlays: &[PathBuf]) -> Result<Knowledge, KnowError> {
    let mut catalog = embedded()?;
    for root in overlays {
        catalog = lay_over(catalog, root)?;
    }
    Ok(Knowledge::new(catalog))
}

fn lay_over(base: Catalog, root: &Path) -> Result<Catalog, KnowError> {
    let files = read::read_dir(root)?;
    let laid = overlay(base, &files);
    let mut problems = laid.problems;
    problems.extend(check(&laid.catalog, &laid.origins, &files, None));
    problems.retain(|p| p.severity == Severity::Error);
    if problems.is_empty() {
        Ok(laid.catalog)
    } else {
        Err(KnowError::Overlay {
            root: root.to_owned(),
            problems,
            files,
        })
    }
}

/// Everything wrong with a catalog directory. A directory that corrects the embedded catalog is
/// checked as an overlay over it and `layers`, a whole one as it stands.
pub fn check_dir(
    root: &Path,
    layers: &[PathBuf],
    today: Date,
) -> Result<(Vec<Problem>, Vec<SourceFile>, usize), KnowError> {
    let files = read::read_dir(root)?;
    let alone = parse(&files);
    // A whole catalog holds conversions, models and licenses; anything less lies over the embedded one.
    let holds = |start: &str| files.iter().any(|f| f.path.starts_with(start));
    let whole = ["conversions.toml", "models/", "licenses/"]
        .into_iter()
        .all(holds);
    let laid = if whole {
        alone
    } else {
        overlay(open(layers)?.catalog, &files)
    };
    let mut problems = laid.problems;
    // Of an overlay only what lies in its own files is its fault.
    let found = check(&laid.catalog, &laid.origins, &files, Some(today));
    problems.extend(
        found
            .into_iter()
            .filter(|p| whole || files.iter().any(|f| f.path == p.path))
            .map(|mut p| {
                // A catalog is usable with an ancestor that nobody knows; it is in order without.
                if p.code == Code::UnknownId {
                    p.severity = Severity::Error;
                }
                p
            }),
    );
    problems.sort_by(|a, b| {
        let start = |p: &Problem| p.span.as_ref().map(|s| s.start);
        (a.severity, &a.path, start(a)).cmp(&(b.severity, &b.path, start(b)))
    });
    let count = files.len();
    Ok((problems, files, count))
}

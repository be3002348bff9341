//! The form of the catalog: small TOML files, one thing a file, each value with source and date.
//! Pure: it turns texts into a checked [`schema::Catalog`] and that into one compact blob; who reads
//! the files is `maquette-know`.

pub mod check;
pub mod locate;
pub mod overlay;
pub mod parse;
pub mod problem;
pub mod schema;

pub use check::check;
pub use overlay::overlay;
pub use parse::{Kind, Origins, Parsed, parse};
pub use problem::{Code, Problem, Severity, SourceFile, line_column};
pub use schema::Catalog;

/// Whether a file of this name in this folder (`evidence/`, or none) is one of the catalog's.
pub fn is_catalog_name(folder: &str, name: &str) -> bool {
    let ends = |end: &str| {
        std::path::Path::new(name)
            .extension()
            .is_some_and(|e| e == end)
    };
    // Claims and predictions are sentences about the catalog, and read by the verbs that answer them.
    if ["claims/", "predictions/"].contains(&folder) {
        return false;
    }
    ends("toml")
        || (["boards/", "evidence/", "history/", "quality/"].contains(&folder) && ends("csv"))
}

/// The blob's own form changed, or it is damaged.
#[derive(Debug, thiserror::Error)]
#[error("the embedded catalog cannot be read: {0}")]
pub struct BlobError(#[from] postcard::Error);

/// One compact blob of a checked catalog, or of a part of it.
pub fn to_blob<T: serde::Serialize>(thing: &T) -> Result<Vec<u8>, BlobError> {
    Ok(postcard::to_allocvec(thing)?)
}

pub fn from_blob<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, BlobError> {
    Ok(postcard::from_bytes(bytes)?)
}

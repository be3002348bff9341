//! A subject out of the headers of a file or a folder.

use std::path::Path;

use maquette_fit::format::Format;
use maquette_fit::subject::Subject;

use crate::error::AppError;

/// What the headers say.
pub struct Read {
    pub subject: Subject,
    pub format: Format,
    /// The types of the weights, by share of the bytes.
    pub label: String,
    pub notes: Vec<String>,
}

pub fn read(path: &Path) -> Result<Read, AppError> {
    Err(AppError::request(format!("{}: not read yet", path.display())))
}

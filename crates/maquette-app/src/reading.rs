//! Reads the user's TOML files, with a picture of the line that is wrong and the nearest names.

use std::ops::Range;
use std::path::Path;

use maquette_core::names;
use serde::de::DeserializeOwned;

use crate::error::{AppError, Picture, causes};

/// Any file of ours, with a picture of the line that is wrong.
pub(crate) fn toml<T: DeserializeOwned>(path: &Path, noun: &str) -> Result<T, AppError> {
    parse(path, &text(path, noun)?, noun)
}

pub(crate) fn text(path: &Path, noun: &str) -> Result<String, AppError> {
    maquette_know::read::read_text(path).map_err(|e| {
        let mut out =
            AppError::request(format!("the {noun} file cannot be used")).because(e.to_string());
        out.because.extend(causes(&e));
        out
    })
}

pub(crate) fn parse<T: DeserializeOwned>(
    path: &Path,
    text: &str,
    noun: &str,
) -> Result<T, AppError> {
    toml::from_str(text).map_err(|e| {
        let label = with_nearest(e.message());
        wrong(path, text, noun, e.span().unwrap_or(0..0), label)
    })
}

pub(crate) fn wrong(
    path: &Path,
    text: &str,
    noun: &str,
    span: Range<usize>,
    label: String,
) -> AppError {
    AppError::request(format!("the {noun} file {} is wrong", path.display())).picture(Picture {
        path: path.display().to_string(),
        text: text.to_owned(),
        span,
        label,
    })
}

/// The reader lists every key it knows; of these the nearest is named too.
fn with_nearest(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let near = match quoted.next() {
        Some(given) if message.starts_with("unknown ") => names::nearest(given, quoted),
        _ => Vec::new(),
    };
    format!("{message}{}", names::did_you_mean(&near))
}

//! What is in a model file, out of its header alone: tensors with their types, shapes and bytes, and
//! the small values of its configuration. Weights are never read, whatever their size.

#![forbid(unsafe_code)]

mod bounded;
mod config;
mod fault;
mod folder;
pub mod ggml;
pub mod gguf;
mod index;
mod json;
pub mod limits;
mod listing;
mod load;
mod part;
pub mod safetensors;
mod shards;

use std::path::Path;

pub use config::{Config, Value};
pub use fault::{Fault, ScanError};
pub use part::{Format, Header, Part, Tensor, Weights};

/// Reads the headers of a model:
///
/// - a `.gguf` or `.safetensors`, by its first bytes and not by its name; if it is a shard
///   (`…-00001-of-00003.gguf`), all its siblings with it;
/// - a `*.safetensors.index.json`, with all the shards that it names;
/// - a folder of diffusers (`model_index.json`) or transformers (`config.json`), or one that holds
///   one model only; either of these two files stands for its folder.
///
/// All sizes are in bytes. Links are followed; nothing below a component's folder is looked at.
///
/// # Errors
/// The file at fault, what is wrong with it and where, and in [`ScanError::hint`] what to do next.
/// A model of which anything is missing is an error, never a smaller model.
pub fn read(path: &Path) -> Result<Weights, ScanError> {
    let meta = std::fs::metadata(path).map_err(|e| ScanError::new(path, e.into()))?;
    if meta.is_dir() {
        return folder::read(path);
    }
    if meta.is_file() && folder::stands_for_folder(path) {
        return folder::read(&folder::folder_of(path));
    }
    let mut tally = load::Tally::default();
    let mut notes = Vec::new();
    let (format, part) = if meta.is_file() && index::is_index(path) {
        let part = index::load_index(path, &mut tally, &mut notes)?;
        (Format::Safetensors, part)
    } else {
        let (kind, part) = load::load(load::siblings(path)?, &mut tally)?;
        (folder::format_of(kind), part)
    };
    Ok(Weights {
        path: path.to_owned(),
        format,
        parts: vec![part],
        config: Config::default(),
        notes,
    })
}

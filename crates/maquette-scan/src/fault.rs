//! What can be wrong with a file: what, where in it, and what to do next.

use std::path::{Path, PathBuf};

/// A file or folder that cannot be read, and why.
#[derive(Debug, thiserror::Error)]
#[error("{}: {fault}", path.display())]
pub struct ScanError {
    /// The file or folder at fault, which is not always the one asked for.
    pub path: PathBuf,
    pub fault: Fault,
}

impl ScanError {
    pub(crate) fn new(path: &Path, fault: Fault) -> Self {
        Self {
            path: path.to_owned(),
            fault,
        }
    }

    /// What to do next, in one sentence.
    pub fn hint(&self) -> String {
        self.fault.hint()
    }
}

/// One fault. Positions and sizes are in bytes. Names that a file gives are escaped and cut, so that
/// they can be printed.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
    #[error("is neither a file nor a folder")]
    NotAFile,
    #[error("is empty")]
    Empty,
    #[error("is neither GGUF nor safetensors: {looks}")]
    Unknown { looks: &'static str },
    #[error("is GGUF of version {version}; versions 2 and 3 are read")]
    Version { version: u32 },
    #[error("ends too early: {what} needs {needed} bytes at byte {at}, and the file has {length}")]
    Ends {
        what: String,
        at: u64,
        needed: u64,
        length: u64,
    },
    #[error("{what}: {count} are declared, and at most {most} are read")]
    TooMany {
        what: &'static str,
        count: u64,
        most: u64,
    },
    #[error("{what} has {length} bytes, and at most {most} are read")]
    TooLong {
        what: String,
        length: u64,
        most: u64,
    },
    #[error("nests deeper than {most} levels, in {what}")]
    TooDeep { what: String, most: usize },
    #[error("{what} at byte {at} is not UTF-8 text")]
    NotText { what: &'static str, at: u64 },
    #[error("key {key} at byte {at} has a value of the unknown type {kind}")]
    ValueType { key: String, kind: u32, at: u64 },
    #[error("general.alignment is {found}; a power of two is meant")]
    Alignment { found: String },
    #[error("tensor {tensor} has the unknown type {kind}")]
    TensorType { tensor: String, kind: String },
    #[error("{what} {name} is there twice")]
    Twice { what: &'static str, name: String },
    #[error("tensor {tensor} has the shape {shape}, {why}")]
    Shape {
        tensor: String,
        shape: String,
        why: &'static str,
    },
    #[error("tensor {tensor} should lie at bytes {begin} to {end}, and the file has {length}")]
    Beyond {
        tensor: String,
        begin: u64,
        end: u64,
        length: u64,
    },
    #[error("tensor {tensor} has {declared} bytes, and its type and shape come to {expected}")]
    Size {
        tensor: String,
        declared: String,
        expected: u64,
    },
    #[error("tensor {tensor} begins at byte {begin} of the data, not a multiple of {alignment}")]
    Unaligned {
        tensor: String,
        begin: u64,
        alignment: u64,
    },
    #[error("tensors {tensor} and {other} lie over one another at byte {at}")]
    Overlap {
        tensor: String,
        other: String,
        at: u64,
    },
    #[error("{bytes} bytes at byte {at} belong to no tensor")]
    Hole { at: u64, bytes: u64 },
    #[error("{what} is not understood: {message}")]
    Json { what: &'static str, message: String },
    #[error("{name} of its {of} shards is missing")]
    ShardMissing { name: String, of: u32 },
    #[error("says that it is part {number} of {of}, and its name does not")]
    ShardName { number: u64, of: u64 },
    #[error("its shards hold {found} tensors, and {declared} are declared")]
    ShardTensors { found: u64, declared: u64 },
    #[error("tensor {tensor} should be in {file}, and is not")]
    TensorMissing { tensor: String, file: String },
    #[error("{name} is not the name of a file beside it")]
    Name { name: String },
    #[error("{name} is a link to nothing")]
    Dangling { name: String },
    #[error("holds several models: {}", files.join(", "))]
    Several { files: Vec<String> },
    #[error("holds no GGUF and no safetensors{}", found(others))]
    NoWeights { others: Vec<String> },
    #[error("has no folder for the component {name} ({class})")]
    NoComponent { name: String, class: String },
}

fn found(others: &[String]) -> String {
    if others.is_empty() {
        String::new()
    } else {
        format!("; {} cannot be read", others.join(", "))
    }
}

impl Fault {
    /// What to do next, in one sentence.
    pub fn hint(&self) -> String {
        let text = match self {
            Self::Io(error) if error.kind() == std::io::ErrorKind::NotFound => {
                "check the path; nothing is there"
            }
            Self::Io(_) => "check that the path exists and may be read",
            Self::NotAFile => "give a model file or the folder of a model",
            Self::Empty | Self::Ends { .. } | Self::Beyond { .. } => {
                "the download did not finish, or the file was cut; fetch it again"
            }
            Self::Unknown { .. } => "give a .gguf, a .safetensors or the folder of a model",
            Self::Version { version: 1 } => {
                "convert the model again with a current converter; version 1 is from 2023"
            }
            Self::Version { .. } => "a newer maquette may know this version",
            Self::TensorType { .. } | Self::ValueType { .. } => {
                "a newer maquette may know this type; otherwise the file is damaged"
            }
            Self::TooMany { .. } | Self::TooLong { .. } | Self::TooDeep { .. } => {
                "no published model is like this; the file is damaged or made to be refused"
            }
            Self::ShardMissing { .. } | Self::TensorMissing { .. } | Self::ShardTensors { .. } => {
                "fetch every shard into one folder"
            }
            Self::ShardName { .. } => {
                "give the shards their names again: …-00001-of-00003.gguf and so on"
            }
            Self::Dangling { .. } => "fetch the model again; its file is no longer in the cache",
            Self::Several { .. } => "give one of these files instead of the folder",
            Self::NoWeights { others } if !others.is_empty() => {
                "only GGUF and safetensors are read; a pickle would have to be run. Convert it"
            }
            Self::NoWeights { .. } => {
                "give the folder with the weights in it; in a Hub cache it lies below snapshots/"
            }
            Self::NoComponent { .. } => "fetch the whole model, with every folder of its index",
            Self::NotText { .. }
            | Self::Alignment { .. }
            | Self::Twice { .. }
            | Self::Shape { .. }
            | Self::Size { .. }
            | Self::Unaligned { .. }
            | Self::Overlap { .. }
            | Self::Hole { .. }
            | Self::Json { .. }
            | Self::Name { .. } => "the file is damaged or was written wrongly; fetch it again",
        };
        text.to_owned()
    }
}

/// A name of a stranger's file, fit to be printed: quoted, escaped, cut.
pub(crate) fn shown(name: &str) -> String {
    const MOST: usize = 120;
    let mut text: String = name
        .chars()
        .take(MOST)
        .flat_map(char::escape_debug)
        .collect();
    if name.chars().nth(MOST).is_some() {
        text.push('…');
    }
    format!("`{text}`")
}

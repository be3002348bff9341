//! What a folder holds, and which of its files are the weights.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::fault::{Fault, ScanError, shown};
use crate::index::{index_name, split_variant};
use crate::limits::MOST_ENTRIES;
use crate::shards::shard;

pub(crate) const MODEL_INDEX: &str = "model_index.json";
pub(crate) const CONFIG: &str = "config.json";

/// One folder's files and folders; links are followed. Nothing below it is looked at.
pub(crate) struct Listing {
    pub path: PathBuf,
    pub files: BTreeSet<String>,
    pub folders: BTreeSet<String>,
    /// Links to nothing, and links in a circle.
    pub dangling: BTreeSet<String>,
}

/// Names that the libraries give to weights; other weights beside them are other copies.
const USUAL: [&str; 2] = ["model", "diffusion_pytorch_model"];

/// Endings of files that hold weights, whether they can be read or not.
const WEIGHTS: [&str; 9] = [
    ".safetensors",
    ".gguf",
    ".bin",
    ".pt",
    ".pth",
    ".ckpt",
    ".onnx",
    ".msgpack",
    ".h5",
];

pub(crate) fn holds_weights(name: &str) -> bool {
    WEIGHTS.iter().any(|ending| ends(name, ending))
}

/// As the libraries look for them: in small letters.
fn ends(name: &str, ending: &str) -> bool {
    name.ends_with(ending)
}

pub(crate) fn list(path: &Path) -> Result<Listing, ScanError> {
    let at = |fault| ScanError::new(path, fault);
    let mut listing = Listing {
        path: path.to_owned(),
        files: BTreeSet::new(),
        folders: BTreeSet::new(),
        dangling: BTreeSet::new(),
    };
    for (count, entry) in std::fs::read_dir(path)
        .map_err(|e| at(e.into()))?
        .enumerate()
    {
        if count >= MOST_ENTRIES {
            return Err(at(Fault::TooMany {
                what: "files of one folder",
                count: count as u64 + 1,
                most: MOST_ENTRIES as u64,
            }));
        }
        let entry = entry.map_err(|e| at(e.into()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        match std::fs::metadata(entry.path()) {
            Ok(meta) if meta.is_dir() => listing.folders.insert(name),
            Ok(meta) if meta.is_file() => listing.files.insert(name),
            // A pipe or a device.
            Ok(_) => false,
            Err(_) => listing.dangling.insert(name),
        };
    }
    Ok(listing)
}

/// Weights that can be read as one model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Choice {
    /// One file, or a shard that stands for all.
    File(String),
    Index(String),
}

impl Choice {
    pub fn name(&self) -> &str {
        match self {
            Self::File(name) | Self::Index(name) => name,
        }
    }
}

impl Listing {
    pub fn has(&self, name: &str) -> bool {
        self.files.contains(name)
    }

    fn fail(&self, fault: Fault) -> ScanError {
        ScanError::new(&self.path, fault)
    }

    /// The safetensors to read; none if there are none.
    pub fn safetensors(&self) -> Result<Option<Choice>, ScanError> {
        self.no_dangling(".safetensors")?;
        // By name and variant. Of one name, a single file goes before an index, and an index before
        // shards without one, as in the libraries.
        let mut found: BTreeMap<(String, Option<String>), (u8, Choice)> = BTreeMap::new();
        let mut add = |(base, variant): (&str, Option<&str>), rank, choice| {
            let key = (base.to_owned(), variant.map(str::to_owned));
            let kept = found
                .entry(key)
                .or_insert((u8::MAX, Choice::File(String::new())));
            if rank < kept.0 {
                *kept = (rank, choice);
            }
        };
        for name in &self.files {
            if let Some(key) = index_name(name) {
                add(key, 1, Choice::Index(name.clone()));
            } else if let Some(shard) = shard(name)
                && let Some(tail) = shard.tail.strip_suffix(".safetensors")
            {
                let (base, variant) = split_variant(shard.stem);
                let variant = variant.or_else(|| tail.strip_prefix('.'));
                add((base, variant), 2, Choice::File(name.clone()));
            } else if let Some(stem) = name.strip_suffix(".safetensors") {
                add(split_variant(stem), 0, Choice::File(name.clone()));
            }
        }
        let usual = |plain: bool| {
            let of = |usual: &str| {
                found
                    .iter()
                    .find(|((base, variant), _)| base == usual && variant.is_none() == plain)
            };
            USUAL.iter().find_map(|usual| of(usual))
        };
        if let Some((_, (_, choice))) = usual(true).or_else(|| usual(false)) {
            return Ok(Some(choice.clone()));
        }
        let mut choices = found.into_values().map(|(_, choice)| choice);
        match (choices.next(), choices.next()) {
            (None, _) => Ok(None),
            (Some(only), None) => Ok(Some(only)),
            (Some(first), Some(second)) => Err(self.several(
                [first, second]
                    .into_iter()
                    .chain(choices)
                    .map(|choice| choice.name().to_owned()),
            )),
        }
    }

    /// The GGUF to read; none if there is none. A projector (`mmproj-…`) beside a model is not
    /// another model.
    pub fn gguf(&self) -> Result<Option<String>, ScanError> {
        self.no_dangling(".gguf")?;
        let mut models: BTreeMap<&str, &String> = BTreeMap::new();
        let mut projectors: BTreeMap<&str, &String> = BTreeMap::new();
        for name in self.files.iter().filter(|name| ends(name, ".gguf")) {
            let stem = shard(name).map_or(name.as_str(), |shard| shard.stem);
            let group = if name.starts_with("mmproj") {
                &mut projectors
            } else {
                &mut models
            };
            group.entry(stem).or_insert(name);
        }
        let group = if models.is_empty() {
            projectors
        } else {
            models
        };
        let mut names = group.into_values();
        match (names.next(), names.next()) {
            (None, _) => Ok(None),
            (Some(only), None) => Ok(Some(only.clone())),
            (Some(first), Some(second)) => {
                Err(self.several([first, second].into_iter().chain(names).cloned()))
            }
        }
    }

    /// A link to nothing with this ending, or to no configuration, would be missed.
    fn no_dangling(&self, ending: &str) -> Result<(), ScanError> {
        let missed = |name: &str| {
            ends(name, ending)
                || index_name(name).is_some()
                || [CONFIG, MODEL_INDEX].contains(&name)
        };
        match self.dangling.iter().find(|name| missed(name)) {
            Some(name) => Err(self.fail(Fault::Dangling { name: shown(name) })),
            None => Ok(()),
        }
    }

    pub fn several(&self, names: impl Iterator<Item = String>) -> ScanError {
        /// So that a folder of thousands fits on a screen.
        const SHOWN: usize = 12;
        let names: Vec<String> = names.collect();
        let mut files: Vec<String> = names.iter().take(SHOWN).map(|name| shown(name)).collect();
        if names.len() > SHOWN {
            files.push(format!("and {} more", names.len() - SHOWN));
        }
        self.fail(Fault::Several { files })
    }

    pub fn no_weights(&self) -> ScanError {
        let others = self.files.iter().filter(|name| holds_weights(name));
        self.fail(Fault::NoWeights {
            others: others.take(12).map(|name| shown(name)).collect(),
        })
    }

    /// Notes on the weights that `used` leaves.
    pub fn passed_over(&self, prefix: &str, used: &[PathBuf], notes: &mut Vec<String>) {
        let used: BTreeSet<&str> = used
            .iter()
            .filter_map(|path| path.file_name()?.to_str())
            .collect();
        let chosen = used.first().copied().unwrap_or_default();
        for name in &self.files {
            if holds_weights(name) && !used.contains(name.as_str()) {
                notes.push(format!(
                    "{} is passed over; {} is read",
                    shown(&format!("{prefix}{name}")),
                    shown(&format!("{prefix}{chosen}"))
                ));
            }
        }
    }
}

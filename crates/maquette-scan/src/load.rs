//! The headers of one file or of all its shards, read as one.

use std::collections::HashSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::fault::{Fault, ScanError, shown};
use crate::limits::{LARGEST_SAFETENSORS_HEADER, MOST_TENSORS};
use crate::part::{Header, Part, Tensor};
use crate::shards::shard;
use crate::{gguf, safetensors};

/// What a file is by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Gguf,
    Safetensors,
}

/// Tensors met so far, in everything that one call reads.
#[derive(Debug, Default)]
pub(crate) struct Tally(u64);

impl Tally {
    fn add(&mut self, tensors: usize) -> Result<(), Fault> {
        self.0 = self.0.saturating_add(tensors as u64);
        if self.0 > MOST_TENSORS {
            return Err(Fault::TooMany {
                what: "tensors of all files",
                count: self.0,
                most: MOST_TENSORS,
            });
        }
        Ok(())
    }
}

/// An ordinary file and its size in bytes. Pipes and devices are refused before they are opened.
pub(crate) fn open(path: &Path) -> Result<(File, u64), ScanError> {
    let at = |fault| ScanError::new(path, fault);
    let meta = std::fs::metadata(path).map_err(|e| at(e.into()))?;
    if !meta.is_file() {
        return Err(at(Fault::NotAFile));
    }
    let file = File::open(path).map_err(|e| at(e.into()))?;
    let length = file.metadata().map_err(|e| at(e.into()))?.len();
    Ok((file, length))
}

/// Reads all files as one part with the role `model`, and says what they are.
pub(crate) fn load(files: Vec<PathBuf>, tally: &mut Tally) -> Result<(Kind, Part), ScanError> {
    let mut kind = None;
    let mut class = None;
    let mut config = None;
    let mut file_bytes = 0_u64;
    let mut tensors: Vec<Tensor> = Vec::new();
    let shards = files.len();
    for path in &files {
        let at = |fault| ScanError::new(path, fault);
        let (file, length) = open(path)?;
        let (found, header) = header(path, file, length).map_err(at)?;
        if kind.is_some_and(|kind| kind != found) {
            return Err(at(Fault::Unknown {
                looks: "it is of another format than its first shard",
            }));
        }
        kind = Some(found);
        tally.add(header.tensors.len()).map_err(at)?;
        if found == Kind::Gguf {
            right_place(path, &header.config, shards).map_err(at)?;
        }
        file_bytes = file_bytes.saturating_add(length);
        if tensors.is_empty() {
            tensors = header.tensors;
        } else {
            tensors.extend(header.tensors);
        }
        // The first shard describes the model; the others say only which shards they are.
        if config.is_none() {
            config = Some(header.config);
            class = header.class;
        }
    }
    let config = config.unwrap_or_default();
    let first = || files.first().cloned().unwrap_or_default();
    if shards > 1 {
        let mut names = HashSet::with_capacity(tensors.len());
        if let Some(twice) = tensors.iter().find(|t| !names.insert(t.name.as_str())) {
            let fault = Fault::Twice {
                what: "in its shards, tensor",
                name: shown(&twice.name),
            };
            return Err(ScanError::new(&first(), fault));
        }
        let declared = config.integer("split.tensors.count");
        if let Some(declared) = declared.and_then(|n| u64::try_from(n).ok())
            && declared != tensors.len() as u64
        {
            let fault = Fault::ShardTensors {
                found: tensors.len() as u64,
                declared,
            };
            return Err(ScanError::new(&first(), fault));
        }
    }
    let part = Part {
        role: "model".to_owned(),
        class,
        files,
        file_bytes,
        tensors,
        config,
    };
    Ok((kind.unwrap_or(Kind::Safetensors), part))
}

/// All shards of the file, where its name is that of one; otherwise the file alone.
pub(crate) fn siblings(path: &Path) -> Result<Vec<PathBuf>, ScanError> {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let Some(shard) = shard(name) else {
        return Ok(vec![path.to_owned()]);
    };
    shard
        .all()
        .map(|name| {
            let path = path.with_file_name(&name);
            // A link to nothing is missing too.
            if path.exists() {
                Ok(path)
            } else {
                Err(Fault::ShardMissing {
                    name: shown(&name),
                    of: shard.of,
                })
            }
        })
        .collect::<Result<_, _>>()
        .map_err(|fault| ScanError::new(path, fault))
}

/// That a shard of a GGUF has the number and the siblings which it says it has.
fn right_place(path: &Path, config: &Config, shards: usize) -> Result<(), Fault> {
    let said = |key| config.integer(key).and_then(|n| u64::try_from(n).ok());
    let of = said("split.count").unwrap_or(0);
    if of <= 1 {
        return Ok(());
    }
    let number = said("split.no").unwrap_or(0).saturating_add(1);
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let named = shard(name).map_or(1, |shard| u64::from(shard.number));
    if of == shards as u64 && number == named {
        Ok(())
    } else {
        Err(Fault::ShardName { number, of })
    }
}

fn header(path: &Path, mut file: File, length: u64) -> Result<(Kind, Header), Fault> {
    if length == 0 {
        return Err(Fault::Empty);
    }
    let mut first = Vec::new();
    file.by_ref().take(32).read_to_end(&mut first)?;
    let kind = sniff(&first, path.extension().and_then(|e| e.to_str()))?;
    file.seek(SeekFrom::Start(0))?;
    let header = match kind {
        Kind::Gguf => gguf::read_from(file, length)?,
        Kind::Safetensors => safetensors::read_from(file, length)?,
    };
    Ok((kind, header))
}

/// First bytes of what people take for a model's weights, or get in their place.
const OTHERS: [(&[u8], &str); 7] = [
    (b"PK", "it is a zip archive, as PyTorch writes"),
    (b"\x80", "it is a pickle"),
    (b"lmgg", "it is of a format before GGUF"),
    (b"tjgg", "it is of a format before GGUF"),
    (b"fmgg", "it is of a format before GGUF"),
    (b"<", "it is a web page"),
    (b"\x89HDF", "it is HDF5"),
];

/// By the first bytes; by the name only where they say nothing, so that the reader can name the
/// damage.
fn sniff(first: &[u8], extension: Option<&str>) -> Result<Kind, Fault> {
    if first.starts_with(&gguf::MAGIC) {
        return Ok(Kind::Gguf);
    }
    if first.starts_with(b"version https://git-lfs") {
        return Err(Fault::Unknown {
            looks: "it is a pointer of Git LFS; `git lfs pull` fetches the file",
        });
    }
    if let Some((prefix, rest)) = first.split_first_chunk::<8>()
        && u64::from_le_bytes(*prefix) <= LARGEST_SAFETENSORS_HEADER
        && rest.first() == Some(&b'{')
    {
        return Ok(Kind::Safetensors);
    }
    if let Some((_, looks)) = OTHERS.iter().find(|(magic, _)| first.starts_with(magic)) {
        return Err(Fault::Unknown { looks });
    }
    match extension {
        Some("safetensors") => Ok(Kind::Safetensors),
        _ => Err(Fault::Unknown {
            looks: "its first bytes are of no known format",
        }),
    }
}

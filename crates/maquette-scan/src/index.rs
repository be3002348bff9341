//! `*.safetensors.index.json`: which shard holds which tensor.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::io::BufReader;
use std::path::{Component, Path};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};

use crate::fault::{Fault, ScanError, shown};
use crate::json::{Met, Skip, not_understood, stop};
use crate::limits::{BUFFER, LARGEST_INDEX, LONGEST_NAME, MOST_SHARDS, MOST_TENSORS};
use crate::load::{Kind, Tally, load, open};
use crate::part::Part;

/// Reads all shards that an index names. `notes` gets what the shards hold beyond it.
pub(crate) fn load_index(
    path: &Path,
    tally: &mut Tally,
    notes: &mut Vec<String>,
) -> Result<Part, ScanError> {
    let at = |fault| ScanError::new(path, fault);
    let index = index(path)?;
    let mut files = Vec::with_capacity(index.files.len());
    for name in &index.files {
        let file = path.with_file_name(name);
        // A link to nothing is missing too.
        if !file.exists() {
            return Err(at(Fault::ShardMissing {
                name: shown(name),
                of: index.files.len() as u32,
            }));
        }
        files.push(file);
    }
    let (kind, part) = load(files, tally)?;
    if kind != Kind::Safetensors {
        return Err(at(Fault::Unknown {
            looks: "its shards are not safetensors",
        }));
    }
    let mut missing = index.map;
    let mut beyond = 0;
    for tensor in &part.tensors {
        if missing.remove(&tensor.name).is_none() {
            beyond += 1;
        }
    }
    if let Some((tensor, file)) = missing.into_iter().min() {
        return Err(at(Fault::TensorMissing {
            tensor: shown(&tensor),
            file: shown(index.files.get(file as usize).map_or("", String::as_str)),
        }));
    }
    if beyond > 0 {
        notes.push(format!(
            "{}: {beyond} tensors of its shards are not in the index; they are counted",
            path.display()
        ));
    }
    Ok(part)
}

#[derive(Default)]
struct Index {
    files: Vec<String>,
    /// Which of `files` holds a tensor.
    map: HashMap<String, u32>,
}

fn index(path: &Path) -> Result<Index, ScanError> {
    let at = |fault| ScanError::new(path, fault);
    let (file, length) = open(path)?;
    if length > LARGEST_INDEX {
        return Err(at(Fault::TooLong {
            what: "the index".to_owned(),
            length,
            most: LARGEST_INDEX,
        }));
    }
    let mut found = Found::default();
    let reader = BufReader::with_capacity(BUFFER, std::io::Read::take(file, LARGEST_INDEX));
    let mut reader = serde_json::Deserializer::from_reader(reader);
    let done = Top(&mut found)
        .deserialize(&mut reader)
        .and_then(|()| reader.end());
    match (found.met, done) {
        (Some(fault), _) => return Err(at(fault)),
        (None, Err(error)) => return Err(at(not_understood("the index", &error))),
        (None, Ok(())) => {}
    }
    if found.map.is_empty() {
        return Err(at(Fault::Json {
            what: "the index",
            message: "it has no `weight_map`, or an empty one".to_owned(),
        }));
    }
    // In the order of their names, which is that of their numbers.
    let files: Vec<String> = found
        .names
        .keys()
        .cloned()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let place: HashMap<u32, u32> = files
        .iter()
        .enumerate()
        .filter_map(|(place, name)| Some((*found.names.get(name)?, place as u32)))
        .collect();
    let map = found
        .map
        .into_iter()
        .map(|(tensor, file)| (tensor, place.get(&file).copied().unwrap_or(0)))
        .collect();
    Ok(Index { files, map })
}

#[derive(Default)]
struct Found {
    /// In the order met.
    names: HashMap<String, u32>,
    map: HashMap<String, u32>,
    met: Met,
}

impl Found {
    fn add(&mut self, tensor: String, file: String) -> Result<(), Fault> {
        if tensor.len() as u64 > LONGEST_NAME {
            return Err(Fault::TooLong {
                what: format!("the name {}", shown(&tensor)),
                length: tensor.len() as u64,
                most: LONGEST_NAME,
            });
        }
        if self.map.len() as u64 >= MOST_TENSORS {
            return Err(Fault::TooMany {
                what: "tensors",
                count: MOST_TENSORS + 1,
                most: MOST_TENSORS,
            });
        }
        let next = self.names.len() as u32;
        let number = if let Some(number) = self.names.get(&file) {
            *number
        } else {
            if !is_plain(&file) {
                return Err(Fault::Name { name: shown(&file) });
            }
            if next >= MOST_SHARDS {
                return Err(Fault::TooMany {
                    what: "shards",
                    count: u64::from(next) + 1,
                    most: u64::from(MOST_SHARDS),
                });
            }
            self.names.insert(file, next);
            next
        };
        let name = shown(&tensor);
        if self.map.insert(tensor, number).is_some() {
            return Err(Fault::Twice {
                what: "tensor",
                name,
            });
        }
        Ok(())
    }
}

/// A name that cannot leave its folder.
fn is_plain(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(part)), None) if part == name)
        && !name.contains(['\\', ':', '\0'])
}

struct Top<'a>(&'a mut Found);

impl<'de> DeserializeSeed<'de> for Top<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Top<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object with `weight_map`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "weight_map" {
                map.next_value_seed(WeightMap(self.0))?;
            } else {
                map.next_value_seed(Skip {
                    met: &mut self.0.met,
                    depth: 2,
                })?;
            }
        }
        Ok(())
    }
}

struct WeightMap<'a>(&'a mut Found);

impl<'de> DeserializeSeed<'de> for WeightMap<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for WeightMap<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("names of tensors, each with a file")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((tensor, file)) = map.next_entry::<String, String>()? {
            self.0
                .add(tensor, file)
                .map_err(|fault| stop(&mut self.0.met, fault))?;
        }
        Ok(())
    }
}

/// The index's name, taken apart: what its weights are called, and their variant.
pub(crate) fn index_name(name: &str) -> Option<(&str, Option<&str>)> {
    let (base, tail) = name.split_once(".safetensors.index.")?;
    let base = split_variant(base);
    match tail {
        "json" => Some(base),
        tail => Some((base.0, Some(tail.strip_suffix(".json")?))),
    }
}

/// `diffusion_pytorch_model.fp16` into its name and its variant.
pub(crate) fn split_variant(stem: &str) -> (&str, Option<&str>) {
    match stem.split_once('.') {
        Some((base, variant)) => (base, Some(variant)),
        None => (stem, None),
    }
}

/// Where an index of this name lies.
pub(crate) fn is_index(path: &Path) -> bool {
    path.file_name()
        .and_then(|name| name.to_str())
        .is_some_and(|name| index_name(name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_indexes() {
        assert_eq!(
            index_name("model.safetensors.index.json"),
            Some(("model", None))
        );
        assert_eq!(
            index_name("model.safetensors.index.fp16.json"),
            Some(("model", Some("fp16")))
        );
        assert_eq!(
            index_name("model.fp16.safetensors.index.json"),
            Some(("model", Some("fp16")))
        );
        assert_eq!(index_name("model.safetensors"), None);
        assert_eq!(index_name("model.safetensors.index.txt"), None);
    }

    #[test]
    fn a_name_stays_in_its_folder() {
        assert!(is_plain("model-00001-of-00002.safetensors"));
        for name in [
            "", ".", "..", "../a", "a/b", "/a", "a/", "./a", "a\\b", "C:a", "a\0",
        ] {
            assert!(!is_plain(name), "{name:?}");
        }
    }
}

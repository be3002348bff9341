//! The header of a safetensors file.
//!
//! Written anew and not taken from the `safetensors` crate: that crate checks a header only against
//! all bytes of the file at once, which would have to be mapped or loaded, and where a tensor is
//! named twice it keeps one of them. The types, the limit of the header and the rule that tensors
//! cover the data exactly are that crate's (0.8.0).

use std::collections::HashSet;
use std::fmt;
use std::io::{BufReader, Read, Seek, SeekFrom};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::config::Config;
use crate::fault::{Fault, shown};
use crate::gguf::product;
use crate::json::{Met, Object, Skip, not_understood, stop};
use crate::limits::{
    BUFFER, LARGEST_SAFETENSORS_HEADER, LONGEST_NAME, MOST_DIMS, MOST_PAIRS, MOST_TENSORS,
};
use crate::part::{Header, Tensor};

/// Every type, with the bits of one element.
pub const DTYPES: [(&str, u64); 22] = [
    ("BOOL", 8),
    ("F4", 4),
    ("F6_E2M3", 6),
    ("F6_E3M2", 6),
    ("U8", 8),
    ("I8", 8),
    ("F8_E5M2", 8),
    ("F8_E4M3", 8),
    ("F8_E8M0", 8),
    ("F8_E4M3FNUZ", 8),
    ("F8_E5M2FNUZ", 8),
    ("I16", 16),
    ("U16", 16),
    ("F16", 16),
    ("BF16", 16),
    ("I32", 32),
    ("U32", 32),
    ("F32", 32),
    ("C64", 64),
    ("F64", 64),
    ("I64", 64),
    ("U64", 64),
];

/// Bytes of the header's length, before the header.
const PREFIX: u64 = 8;

/// Bytes of a header that is read at once: three times as fast as byte by byte. Only a header of tens
/// of thousands of tensors is longer.
const AT_ONCE: u64 = 4 * 1024 * 1024;

/// Reads the header of a safetensors file of `length` bytes. Tensor data is not read; that the
/// tensors cover it exactly is checked.
///
/// # Errors
/// What is damaged, unknown or beyond a limit.
pub fn read_from<R: Read + Seek>(mut reader: R, length: u64) -> Result<Header, Fault> {
    if length == 0 {
        return Err(Fault::Empty);
    }
    let ends = |what: &str, at, needed| Fault::Ends {
        what: what.to_owned(),
        at,
        needed,
        length,
    };
    if length < PREFIX {
        return Err(ends("the length of the header", 0, PREFIX));
    }
    reader.seek(SeekFrom::Start(0))?;
    let mut reader = BufReader::with_capacity(BUFFER, reader);
    let mut prefix = [0; PREFIX as usize];
    reader.read_exact(&mut prefix)?;
    let header = u64::from_le_bytes(prefix);
    if header > LARGEST_SAFETENSORS_HEADER {
        return Err(Fault::TooLong {
            what: "the header".to_owned(),
            length: header,
            most: LARGEST_SAFETENSORS_HEADER,
        });
    }
    if header > length - PREFIX {
        return Err(ends("the header", PREFIX, header));
    }

    let mut found = Found::default();
    let mut reader = reader.take(header);
    let done = if header <= AT_ONCE {
        let mut text = Vec::with_capacity(header as usize);
        reader.read_to_end(&mut text)?;
        entries(serde_json::Deserializer::from_slice(&text), &mut found)
    } else {
        entries(serde_json::Deserializer::from_reader(reader), &mut found)
    };
    match (found.met, done) {
        (Some(fault), _) => return Err(fault),
        (None, Err(error)) if error.is_io() => return Err(Fault::Io(error.into())),
        (None, Err(error)) => {
            return Err(not_understood("the header", &error));
        }
        (None, Ok(())) => {}
    }
    Ok(Header {
        class: None,
        tensors: tiled(found.entries, PREFIX + header, length)?,
        config: found.config,
    })
}

fn entries<'de, R: serde_json::de::Read<'de>>(
    mut json: serde_json::Deserializer<R>,
    found: &mut Found,
) -> Result<(), serde_json::Error> {
    Entries(found).deserialize(&mut json)?;
    json.end()
}

/// The tensors in the order in which they lie, if they cover the data from `data` to `length`
/// without holes and without lying over one another.
fn tiled(mut entries: Vec<Entry>, data: u64, length: u64) -> Result<Vec<Tensor>, Fault> {
    {
        let mut names = HashSet::with_capacity(entries.len());
        if let Some(twice) = entries
            .iter()
            .find(|e| !names.insert(e.tensor.name.as_str()))
        {
            return Err(Fault::Twice {
                what: "tensor",
                name: shown(&twice.tensor.name),
            });
        }
    }
    entries.sort_by_key(|entry| (entry.begin, entry.end));
    let mut reached = 0;
    let mut last: Option<&Entry> = None;
    for entry in &entries {
        if entry.begin > reached {
            return Err(Fault::Hole {
                at: data.saturating_add(reached),
                bytes: entry.begin - reached,
            });
        }
        if entry.begin < reached {
            return Err(Fault::Overlap {
                tensor: shown(&entry.tensor.name),
                other: last.map_or_else(String::new, |last| shown(&last.tensor.name)),
                at: data.saturating_add(entry.begin),
            });
        }
        let end = data.saturating_add(entry.end);
        if end > length {
            return Err(Fault::Beyond {
                tensor: shown(&entry.tensor.name),
                begin: data.saturating_add(entry.begin),
                end,
                length,
            });
        }
        reached = entry.end;
        last = Some(entry);
    }
    let at = data.saturating_add(reached);
    if at < length {
        return Err(Fault::Hole {
            at,
            bytes: length - at,
        });
    }
    Ok(entries.into_iter().map(|entry| entry.tensor).collect())
}

#[derive(Default)]
struct Found {
    entries: Vec<Entry>,
    config: Config,
    described: bool,
    met: Met,
}

struct Entry {
    tensor: Tensor,
    /// From the beginning of the data.
    begin: u64,
    end: u64,
}

/// The header's object.
struct Entries<'a>(&'a mut Found);

impl<'de> DeserializeSeed<'de> for Entries<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object of tensors")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let found = self.0;
        while let Some(name) = map.next_key::<String>()? {
            if name == "__metadata__" {
                if found.described {
                    let fault = Fault::Twice {
                        what: "key",
                        name: shown(&name),
                    };
                    return Err(stop(&mut found.met, fault));
                }
                found.described = true;
                map.next_value_seed(Object {
                    into: &mut found.config,
                    met: &mut found.met,
                    prefix: String::new(),
                    depth: 2,
                    most: MOST_PAIRS as usize,
                })?;
                continue;
            }
            if name.len() as u64 > LONGEST_NAME {
                let fault = Fault::TooLong {
                    what: format!("the name {}", shown(&name)),
                    length: name.len() as u64,
                    most: LONGEST_NAME,
                };
                return Err(stop(&mut found.met, fault));
            }
            if found.entries.len() as u64 >= MOST_TENSORS {
                let fault = Fault::TooMany {
                    what: "tensors",
                    count: MOST_TENSORS + 1,
                    most: MOST_TENSORS,
                };
                return Err(stop(&mut found.met, fault));
            }
            let entry = map.next_value_seed(OneEntry {
                name,
                met: &mut found.met,
            })?;
            found.entries.push(entry);
        }
        Ok(())
    }
}

/// The object of one tensor.
struct OneEntry<'a> {
    name: String,
    met: &'a mut Met,
}

impl<'de> DeserializeSeed<'de> for OneEntry<'_> {
    type Value = Entry;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Entry, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OneEntry<'_> {
    type Value = Entry;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "an object for tensor {}", shown(&self.name))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry, A::Error> {
        let named = |error: A::Error| {
            A::Error::custom(format_args!("tensor {}: {error}", shown(&self.name)))
        };
        let mut dtype = None;
        let mut shape = None;
        let mut offsets = None;
        while let Some(key) = map.next_key::<String>()? {
            let first = match key.as_str() {
                "dtype" => dtype
                    .replace(map.next_value::<String>().map_err(named)?)
                    .is_none(),
                "shape" => {
                    let seed = Dims {
                        name: &self.name,
                        met: self.met,
                    };
                    shape
                        .replace(map.next_value_seed(seed).map_err(named)?)
                        .is_none()
                }
                "data_offsets" => offsets
                    .replace(map.next_value::<(u64, u64)>().map_err(named)?)
                    .is_none(),
                // As the reference implementation does.
                _ => {
                    map.next_value_seed(Skip {
                        met: self.met,
                        depth: 3,
                    })?;
                    true
                }
            };
            if !first {
                let name = format!("{} of tensor {}", shown(&key), shown(&self.name));
                return Err(stop(self.met, Fault::Twice { what: "key", name }));
            }
        }
        let (Some(dtype), Some(shape), Some((begin, end))) = (dtype, shape, offsets) else {
            return Err(A::Error::custom(format_args!(
                "tensor {} lacks one of dtype, shape and data_offsets",
                shown(&self.name)
            )));
        };
        entry(self.name, &dtype, shape, begin, end).map_err(|fault| stop(self.met, fault))
    }
}

/// A tensor whose type, shape and offsets agree.
fn entry(name: String, dtype: &str, shape: Vec<u64>, begin: u64, end: u64) -> Result<Entry, Fault> {
    let Some(&(dtype, bits)) = DTYPES.iter().find(|(known, _)| *known == dtype) else {
        return Err(Fault::TensorType {
            tensor: shown(&name),
            kind: shown(dtype),
        });
    };
    let wrong = |why| Fault::Shape {
        tensor: shown(&name),
        shape: format!("{shape:?}"),
        why,
    };
    let elements = product(&shape).ok_or_else(|| wrong("and more elements than can be counted"))?;
    let all_bits = elements
        .checked_mul(bits)
        .ok_or_else(|| wrong("and more bits than can be counted"))?;
    if all_bits % 8 != 0 {
        return Err(wrong("which is no whole number of bytes in its type"));
    }
    let bytes = all_bits / 8;
    if end.checked_sub(begin) != Some(bytes) {
        return Err(Fault::Size {
            tensor: shown(&name),
            declared: end
                .checked_sub(begin)
                .map_or_else(|| format!("{end} less {begin}"), |bytes| bytes.to_string()),
            expected: bytes,
        });
    }
    Ok(Entry {
        tensor: Tensor {
            name,
            dtype,
            shape,
            elements,
            bytes,
        },
        begin,
        end,
    })
}

/// A shape.
struct Dims<'a> {
    name: &'a str,
    met: &'a mut Met,
}

impl<'de> DeserializeSeed<'de> for Dims<'_> {
    type Value = Vec<u64>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<u64>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Dims<'_> {
    type Value = Vec<u64>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a shape")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<u64>, A::Error> {
        let mut dims = Vec::new();
        while let Some(dim) = seq.next_element::<u64>()? {
            if dims.len() as u64 == MOST_DIMS {
                let fault = Fault::Shape {
                    tensor: shown(self.name),
                    shape: format!("{dims:?} and more"),
                    why: "of more dimensions than are read",
                };
                return Err(stop(self.met, fault));
            }
            dims.push(dim);
        }
        Ok(dims)
    }
}

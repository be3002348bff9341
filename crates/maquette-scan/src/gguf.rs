//! The header of a GGUF file, of version 2 or 3 and of either byte order.
//!
//! The rules are those of ggml's own reader, with three differences. Names may be longer than 64
//! bytes and tensors may have more than 4 dimensions (programs other than ggml write such files),
//! arrays within arrays are passed over, and a gap between tensors is allowed; tensors that lie over
//! one another are not.

use std::collections::HashSet;
use std::io::{Read, Seek};

use crate::bounded::Bounded;
use crate::config::{Config, Value};
use crate::fault::{Fault, shown};
use crate::ggml::kind_of;
use crate::limits::{
    DEEPEST, LARGEST_GGUF_HEADER, LONGEST_ARRAY, LONGEST_KEY, LONGEST_NAME, LONGEST_TEXT,
    MOST_DIMS, MOST_PAIRS, MOST_TENSORS, room,
};
use crate::part::{Header, Tensor};

/// The first four bytes, in either byte order.
pub const MAGIC: [u8; 4] = *b"GGUF";

/// Where a file does not say `general.alignment`.
const USUAL_ALIGNMENT: u32 = 32;

/// The least bytes of one pair: the length of its key, its type, a value of one byte.
const LEAST_PAIR: u64 = 13;
/// The least bytes of one tensor: the length of its name, its dimensions, type and offset.
const LEAST_TENSOR: u64 = 24;
/// Bytes of the length before every text.
const LENGTH: u64 = 8;
/// The least bytes of an array within an array: its type and length.
const LEAST_ARRAY: u64 = 12;

/// The value types, by their numbers.
const BOOL: u32 = 7;
const TEXT: u32 = 8;
const ARRAY: u32 = 9;

/// Bytes of a value of one number or boolean.
fn scalar_size(kind: u32) -> Option<u64> {
    match kind {
        0 | 1 | BOOL => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}

/// The value of a number's bits; whole numbers beyond `i64` become the nearest float.
fn scalar(kind: u32, bits: u64) -> Value {
    match kind {
        1 => Value::Integer(i64::from(bits as u8 as i8)),
        3 => Value::Integer(i64::from(bits as u16 as i16)),
        5 => Value::Integer(i64::from(bits as u32 as i32)),
        6 => Value::Number(f64::from(f32::from_bits(bits as u32))),
        BOOL => Value::Bool(bits != 0),
        11 => Value::Integer(bits as i64),
        12 => Value::Number(f64::from_bits(bits)),
        _ => i64::try_from(bits).map_or(Value::Number(bits as f64), Value::Integer),
    }
}

/// Reads the header of a GGUF of `length` bytes. Tensor data is not read; that it lies within
/// `length` is checked.
///
/// # Errors
/// What is damaged, unknown or beyond a limit, with its position in bytes.
pub fn read_from<R: Read + Seek>(reader: R, length: u64) -> Result<Header, Fault> {
    if length == 0 {
        return Err(Fault::Empty);
    }
    let mut file = Gguf {
        file: Bounded::new(reader, length, LARGEST_GGUF_HEADER)?,
        length,
    };
    let (tensors, pairs) = file.counts()?;
    let (config, alignment) = file.pairs(pairs)?;
    let infos = file.tensors(tensors, alignment)?;
    let data = file.data_start(alignment)?;
    place(&infos, data, length)?;
    let tensors: Vec<Tensor> = infos.into_iter().map(|info| info.tensor).collect();
    let mut names = HashSet::with_capacity(tensors.len());
    if let Some(twice) = tensors.iter().find(|t| !names.insert(t.name.as_str())) {
        return Err(Fault::Twice {
            what: "tensor",
            name: shown(&twice.name),
        });
    }
    Ok(Header {
        class: config.text("general.architecture").map(str::to_owned),
        tensors,
        config,
    })
}

struct Info {
    tensor: Tensor,
    /// From the beginning of the data.
    offset: u64,
}

struct Gguf<R> {
    file: Bounded<R>,
    length: u64,
}

impl<R: Read + Seek> Gguf<R> {
    /// Magic, version, and the declared counts of tensors and pairs.
    fn counts(&mut self) -> Result<(u64, u64), Fault> {
        let magic = self.file.array::<4>(&|| "the magic".to_owned())?;
        if magic != MAGIC {
            return Err(Fault::Unknown {
                looks: "it does not begin with `GGUF`",
            });
        }
        let mut version = self.file.u32(&|| "the version".to_owned())?;
        // A small number read in the wrong order has its low bytes empty.
        if version.trailing_zeros() >= 16 && version != 0 {
            version = version.swap_bytes();
            self.file.set_big_endian();
        }
        if !matches!(version, 2 | 3) {
            return Err(Fault::Version { version });
        }
        let tensors = self.file.u64(&|| "the number of tensors".to_owned())?;
        let pairs = self
            .file
            .u64(&|| "the number of metadata pairs".to_owned())?;
        most("tensors", tensors, MOST_TENSORS)?;
        most("metadata pairs", pairs, MOST_PAIRS)?;
        // Neither product overflows: both counts were held to a limit.
        self.file
            .need(pairs * LEAST_PAIR + tensors * LEAST_TENSOR, &|| {
                format!("a header of {pairs} metadata pairs and {tensors} tensors")
            })?;
        Ok((tensors, pairs))
    }

    fn pairs(&mut self, count: u64) -> Result<(Config, u64), Fault> {
        let mut config = Config::default();
        let mut alignment = USUAL_ALIGNMENT;
        for index in 0..count {
            let at = self.file.at();
            let key = self.text("a metadata key", LONGEST_KEY, &|| {
                format!("metadata key {index}")
            })?;
            let what = || format!("the value of {}", shown(&key));
            let kind = self.file.u32(&what)?;
            let value = self.value(kind, &key, at)?;
            if key == "general.alignment" {
                alignment = whole_alignment(kind, &value)?;
            }
            let name = shown(&key);
            if !config.insert(key, value) {
                return Err(Fault::Twice {
                    what: "metadata key",
                    name,
                });
            }
        }
        Ok((config, u64::from(alignment)))
    }

    /// A text of at most `most` bytes, kept.
    fn text(
        &mut self,
        kind: &'static str,
        most: u64,
        what: &dyn Fn() -> String,
    ) -> Result<String, Fault> {
        let at = self.file.at();
        let length = self.file.u64(what)?;
        if length > most {
            return Err(Fault::TooLong {
                what: what(),
                length,
                most,
            });
        }
        let bytes = self.file.bytes(length, what)?;
        String::from_utf8(bytes).map_err(|_| Fault::NotText { what: kind, at })
    }

    fn value(&mut self, kind: u32, key: &str, at: u64) -> Result<Value, Fault> {
        let what = || format!("the value of {}", shown(key));
        if let Some(size) = scalar_size(kind) {
            return Ok(scalar(kind, self.file.bits(size, &what)?));
        }
        match kind {
            TEXT => {
                let length = self.file.u64(&what)?;
                if length > LONGEST_TEXT {
                    self.file.skip(length, &what)?;
                    return Ok(Value::Long { length });
                }
                let bytes = self.file.bytes(length, &what)?;
                Ok(Value::Text(String::from_utf8_lossy(&bytes).into_owned()))
            }
            ARRAY => {
                let kind = self.file.u32(&what)?;
                let length = self.file.u64(&what)?;
                if length <= LONGEST_ARRAY
                    && let Some(size) = scalar_size(kind)
                {
                    return self.short_array(kind, size, length, &what);
                }
                self.pass_over(kind, length, key, at, 1)?;
                Ok(Value::Long { length })
            }
            kind => Err(Fault::ValueType {
                key: shown(key),
                kind,
                at,
            }),
        }
    }

    fn short_array(
        &mut self,
        kind: u32,
        size: u64,
        length: u64,
        what: &dyn Fn() -> String,
    ) -> Result<Value, Fault> {
        self.file.need(length * size, what)?;
        let capacity = room(length, self.file.left(), size);
        if kind == BOOL {
            let mut values = Vec::with_capacity(capacity);
            for _ in 0..length {
                values.push(self.file.bits(size, what)? != 0);
            }
            return Ok(Value::Bools(values));
        }
        let mut values = Vec::with_capacity(capacity);
        for _ in 0..length {
            values.push(match scalar(kind, self.file.bits(size, what)?) {
                Value::Integer(value) => value as f64,
                Value::Number(value) => value,
                _ => f64::NAN,
            });
        }
        Ok(Value::Numbers(values))
    }

    /// Walks past an array without keeping any of it.
    fn pass_over(
        &mut self,
        kind: u32,
        length: u64,
        key: &str,
        at: u64,
        depth: usize,
    ) -> Result<(), Fault> {
        let what = || format!("the {length} entries of {}", shown(key));
        if depth > DEEPEST {
            return Err(Fault::TooDeep {
                what: shown(key),
                most: DEEPEST,
            });
        }
        let least = match kind {
            TEXT => LENGTH,
            ARRAY => LEAST_ARRAY,
            _ => scalar_size(kind).ok_or_else(|| Fault::ValueType {
                key: shown(key),
                kind,
                at,
            })?,
        };
        let bytes = length.checked_mul(least).ok_or_else(|| Fault::Ends {
            what: what(),
            at: self.file.at(),
            needed: u64::MAX,
            length: self.length,
        })?;
        self.file.need(bytes, &what)?;
        match kind {
            TEXT => {
                for _ in 0..length {
                    let text = self.file.u64(&what)?;
                    self.file.skip(text, &what)?;
                }
            }
            ARRAY => {
                for _ in 0..length {
                    let kind = self.file.u32(&what)?;
                    let length = self.file.u64(&what)?;
                    self.pass_over(kind, length, key, at, depth + 1)?;
                }
            }
            _ => self.file.skip(bytes, &what)?,
        }
        Ok(())
    }

    fn tensors(&mut self, count: u64, alignment: u64) -> Result<Vec<Info>, Fault> {
        let mut infos = Vec::with_capacity(room(count, self.file.left(), LEAST_TENSOR));
        for index in 0..count {
            infos.push(self.tensor(index, alignment)?);
        }
        Ok(infos)
    }

    fn tensor(&mut self, index: u64, alignment: u64) -> Result<Info, Fault> {
        let name = self.text("a tensor's name", LONGEST_NAME, &|| {
            format!("the name of tensor {index}")
        })?;
        let what = || format!("the entry of tensor {}", shown(&name));
        let dims = self.file.u32(&what)?;
        most("dimensions of a tensor", u64::from(dims), MOST_DIMS)?;
        let mut shape = Vec::with_capacity(room(u64::from(dims), self.file.left(), 8));
        for _ in 0..dims {
            shape.push(self.file.u64(&what)?);
        }
        let number = self.file.u32(&what)?;
        let offset = self.file.u64(&what)?;
        let kind = kind_of(number).ok_or_else(|| Fault::TensorType {
            tensor: shown(&name),
            kind: number.to_string(),
        })?;
        let wrong = |why| Fault::Shape {
            tensor: shown(&name),
            shape: format!("{shape:?}"),
            why,
        };
        let elements =
            product(&shape).ok_or_else(|| wrong("and more elements than can be counted"))?;
        if !shape.first().unwrap_or(&1).is_multiple_of(kind.block) {
            return Err(wrong("whose rows are not whole blocks of its type"));
        }
        let bytes = (elements / kind.block)
            .checked_mul(kind.bytes)
            .ok_or_else(|| wrong("and more bytes than can be counted"))?;
        if !offset.is_multiple_of(alignment) {
            return Err(Fault::Unaligned {
                tensor: shown(&name),
                begin: offset,
                alignment,
            });
        }
        let tensor = Tensor {
            name,
            dtype: kind.name,
            shape,
            elements,
            bytes,
        };
        Ok(Info { tensor, offset })
    }

    /// Where the data begins. A file without tensors may end before it.
    fn data_start(&self, alignment: u64) -> Result<u64, Fault> {
        let at = self.file.at();
        at.checked_next_multiple_of(alignment)
            .ok_or_else(|| Fault::Alignment {
                found: alignment.to_string(),
            })
    }
}

fn most(what: &'static str, count: u64, most: u64) -> Result<(), Fault> {
    if count > most {
        return Err(Fault::TooMany { what, count, most });
    }
    Ok(())
}

/// `general.alignment` is a 32-bit number and a power of two.
fn whole_alignment(kind: u32, value: &Value) -> Result<u32, Fault> {
    const U32: u32 = 4;
    match value {
        Value::Integer(number) if kind == U32 => u32::try_from(*number)
            .ok()
            .filter(|number| number.is_power_of_two())
            .ok_or_else(|| Fault::Alignment {
                found: number.to_string(),
            }),
        _ => Err(Fault::Alignment {
            found: format!("of type {kind}"),
        }),
    }
}

/// Elements of a shape; none if they cannot be counted.
pub(crate) fn product(shape: &[u64]) -> Option<u64> {
    // A zero anywhere makes it zero, however large the rest.
    if shape.contains(&0) {
        return Some(0);
    }
    shape
        .iter()
        .try_fold(1_u64, |product, dim| product.checked_mul(*dim))
}

/// That every tensor lies within the file, and none over another.
fn place(infos: &[Info], data: u64, length: u64) -> Result<(), Fault> {
    let mut order: Vec<&Info> = infos.iter().filter(|info| info.tensor.bytes > 0).collect();
    order.sort_by_key(|info| info.offset);
    let mut before: Option<(&Info, u64)> = None;
    for info in order {
        let begin = data.saturating_add(info.offset);
        let end = begin.saturating_add(info.tensor.bytes);
        if end > length {
            return Err(Fault::Beyond {
                tensor: shown(&info.tensor.name),
                begin,
                end,
                length,
            });
        }
        if let Some((other, reached)) = before
            && begin < reached
        {
            return Err(Fault::Overlap {
                tensor: shown(&info.tensor.name),
                other: shown(&other.tensor.name),
                at: begin,
            });
        }
        before = Some((info, end));
    }
    Ok(())
}

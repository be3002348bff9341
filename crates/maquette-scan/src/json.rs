//! JSON of strangers: small values flattened, everything else walked past, nesting bounded. Nothing is
//! ever built as a tree.

use std::fmt;
use std::fmt::Write as _;
use std::io::Read;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::config::{Config, Value};
use crate::fault::{Fault, shown};
use crate::limits::{
    DEEPEST, LARGEST_CONFIG, LONGEST_ARRAY, LONGEST_JSON_KEY, LONGEST_TEXT, MOST_CONFIG_KEYS,
};

/// What a visitor met that is no fault of JSON's; it ends the reading with any error and leaves the
/// fault here.
pub(crate) type Met = Option<Fault>;

/// Leaves `fault` and gives the error that ends the reading.
pub(crate) fn stop<E: Error>(met: &mut Met, fault: Fault) -> E {
    *met = Some(fault);
    E::custom("stopped")
}

/// The parser's own words, which may repeat a stranger's text: made fit to be printed, and cut.
pub(crate) fn not_understood(what: &'static str, error: &serde_json::Error) -> Fault {
    const MOST: usize = 400;
    let text = error.to_string();
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let message = if text.chars().count() <= MOST {
        text.chars().map(plain).collect()
    } else {
        // The place comes last.
        let start: String = text.chars().take(MOST).map(plain).collect();
        format!(
            "{start}… at line {} column {}",
            error.line(),
            error.column()
        )
    };
    Fault::Json { what, message }
}

/// A configuration file's text. `what` is the file's name.
pub(crate) fn config(what: &'static str, file: impl Read, length: u64) -> Result<Config, Fault> {
    if length > LARGEST_CONFIG {
        return Err(Fault::TooLong {
            what: what.to_owned(),
            length,
            most: LARGEST_CONFIG,
        });
    }
    let mut text = Vec::new();
    file.take(LARGEST_CONFIG).read_to_end(&mut text)?;
    let text = python_numbers(&text);
    let mut met = None;
    let mut config = Config::default();
    let mut reader = serde_json::Deserializer::from_slice(&text);
    let object = Object {
        into: &mut config,
        met: &mut met,
        prefix: String::new(),
        depth: 1,
        most: MOST_CONFIG_KEYS,
    };
    let done = object.deserialize(&mut reader).and_then(|()| reader.end());
    match (met, done) {
        (Some(fault), _) => Err(fault),
        (None, Err(error)) => Err(not_understood(what, &error)),
        (None, Ok(())) => Ok(config),
    }
}

/// Python writes numbers that JSON does not have (`"time_step_limit": [0.0, Infinity]`): they become
/// `null`.
fn python_numbers(text: &[u8]) -> Vec<u8> {
    const WORDS: [&[u8]; 3] = [b"-Infinity", b"Infinity", b"NaN"];
    let mut plain = Vec::with_capacity(text.len());
    let mut in_text = false;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        if !in_text && let Some(word) = WORDS.iter().find(|word| text[at..].starts_with(word)) {
            plain.extend_from_slice(b"null");
            at += word.len();
            continue;
        }
        match byte {
            b'"' => in_text = !in_text,
            // What follows is no end of the text.
            b'\\' if in_text => {
                plain.push(byte);
                at += 1;
            }
            _ => {}
        }
        plain.extend(text.get(at));
        at += 1;
    }
    plain
}

/// An object flattened into a configuration.
pub(crate) struct Object<'a> {
    pub into: &'a mut Config,
    pub met: &'a mut Met,
    /// Empty, or ends with a dot.
    pub prefix: String,
    pub depth: usize,
    /// Keys that `into` may come to.
    pub most: usize,
}

impl Object<'_> {
    fn keep<E: Error>(&mut self, key: String, value: Value) -> Result<(), E> {
        if self.into.len() >= self.most {
            let most = self.most as u64;
            let fault = Fault::TooMany {
                what: "keys",
                count: most + 1,
                most,
            };
            return Err(stop(self.met, fault));
        }
        let name = shown(&key);
        if !self.into.insert(key, value) {
            return Err(stop(self.met, Fault::Twice { what: "key", name }));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let length = self.prefix.len() + key.len();
            if length > LONGEST_JSON_KEY {
                let fault = Fault::TooLong {
                    what: format!("the key {}", shown(&key)),
                    length: length as u64,
                    most: LONGEST_JSON_KEY as u64,
                };
                return Err(stop(self.met, fault));
            }
            let mut name = self.prefix.clone();
            name.push_str(&key);
            let value = map.next_value_seed(Any {
                into: self.into,
                met: self.met,
                name: &name,
                depth: self.depth,
                most: self.most,
            })?;
            match value {
                Kept::One(value) => self.keep(name, value)?,
                Kept::Words(words) => {
                    let length = words.len() as u64;
                    for (index, word) in words.into_iter().enumerate() {
                        let mut entry = name.clone();
                        // Writing to a String cannot fail.
                        let _ = write!(entry, ".{index}");
                        self.keep(entry, Value::Text(word))?;
                    }
                    self.keep(name, Value::Long { length })?;
                }
                Kept::Nothing => {}
            }
        }
        Ok(())
    }
}

/// What one value comes to.
enum Kept {
    One(Value),
    Words(Vec<String>),
    /// `null`, or an object, which has been flattened already.
    Nothing,
}

/// The value of a key.
struct Any<'a> {
    into: &'a mut Config,
    met: &'a mut Met,
    name: &'a str,
    depth: usize,
    most: usize,
}

impl<'de> DeserializeSeed<'de> for Any<'_> {
    type Value = Kept;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Kept, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Any<'_> {
    type Value = Kept;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Kept, E> {
        Ok(Kept::One(Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Kept, E> {
        Ok(Kept::One(Value::Integer(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Kept, E> {
        let value = i64::try_from(value).map_or(Value::Number(value as f64), Value::Integer);
        Ok(Kept::One(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Kept, E> {
        Ok(Kept::One(Value::Number(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Kept, E> {
        let length = value.len() as u64;
        Ok(Kept::One(if length > LONGEST_TEXT {
            Value::Long { length }
        } else {
            Value::Text(value.to_owned())
        }))
    }

    fn visit_unit<E>(self) -> Result<Kept, E> {
        Ok(Kept::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Kept, A::Error> {
        let mut array = Array::default();
        while let Some(item) = seq.next_element_seed(Skip {
            met: self.met,
            depth: self.depth + 1,
        })? {
            array.push(item);
        }
        Ok(array.kept())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Kept, A::Error> {
        let depth = self.depth + 1;
        if depth > DEEPEST {
            return Err(stop(self.met, too_deep(self.name)));
        }
        Object {
            into: self.into,
            met: self.met,
            prefix: format!("{}.", self.name),
            depth,
            most: self.most,
        }
        .visit_map(map)?;
        Ok(Kept::Nothing)
    }
}

fn too_deep(name: &str) -> Fault {
    Fault::TooDeep {
        what: shown(name),
        most: DEEPEST,
    }
}

/// Entries of an array, as long as they are few and of one kind.
#[derive(Default)]
struct Array {
    length: u64,
    numbers: Vec<f64>,
    bools: Vec<bool>,
    words: Vec<String>,
}

impl Array {
    fn push(&mut self, item: Item) {
        self.length += 1;
        if self.length > LONGEST_ARRAY {
            *self = Self {
                length: self.length,
                ..Self::default()
            };
            return;
        }
        match item {
            Item::Number(value) => self.numbers.push(value),
            Item::Bool(value) => self.bools.push(value),
            Item::Word(value) => self.words.push(value),
            Item::Other => {}
        }
    }

    fn kept(self) -> Kept {
        let all = self.length as usize;
        let long = Value::Long {
            length: self.length,
        };
        if self.numbers.len() == all {
            Kept::One(Value::Numbers(self.numbers))
        } else if self.bools.len() == all {
            Kept::One(Value::Bools(self.bools))
        } else if self.words.len() == all {
            Kept::Words(self.words)
        } else {
            Kept::One(long)
        }
    }
}

/// One entry of an array.
pub(crate) enum Item {
    Number(f64),
    Bool(bool),
    /// At most [`LONGEST_TEXT`] bytes.
    Word(String),
    Other,
}

/// Any value, walked past; deeper than [`DEEPEST`] it is refused.
pub(crate) struct Skip<'a> {
    pub met: &'a mut Met,
    pub depth: usize,
}

impl<'de> DeserializeSeed<'de> for Skip<'_> {
    type Value = Item;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Item, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Skip<'_> {
    type Value = Item;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Item, E> {
        Ok(Item::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Item, E> {
        Ok(Item::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Item, E> {
        Ok(Item::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Item, E> {
        Ok(Item::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Item, E> {
        Ok(if value.len() as u64 > LONGEST_TEXT {
            Item::Other
        } else {
            Item::Word(value.to_owned())
        })
    }

    fn visit_unit<E>(self) -> Result<Item, E> {
        Ok(Item::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Item, A::Error> {
        let depth = self.depth + 1;
        if depth > DEEPEST {
            return Err(stop(self.met, too_deep("an array")));
        }
        while seq
            .next_element_seed(Skip {
                met: self.met,
                depth,
            })?
            .is_some()
        {}
        Ok(Item::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Item, A::Error> {
        let depth = self.depth + 1;
        if depth > DEEPEST {
            return Err(stop(self.met, too_deep("an object")));
        }
        while map
            .next_key_seed(Skip {
                met: self.met,
                depth,
            })?
            .is_some()
        {
            map.next_value_seed(Skip {
                met: self.met,
                depth,
            })?;
        }
        Ok(Item::Other)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, Fault> {
        config("config.json", text.as_bytes(), text.len() as u64)
    }

    #[test]
    fn objects_are_flattened_and_words_numbered() {
        let config = read(
            r#"{"architectures": ["A", "B"], "n": 3, "x": 0.5, "on": true, "no": null,
                "text_config": {"layers": 7, "deep": {"er": "w"}}, "sizes": [1, 2.5],
                "flags": [true, false], "mixed": [1, "a"], "pairs": [[1], [2]], "none": []}"#,
        )
        .unwrap();
        assert_eq!(config.text("architectures.0"), Some("A"));
        assert_eq!(
            config.get("architectures"),
            Some(&Value::Long { length: 2 })
        );
        assert_eq!(config.integer("n"), Some(3));
        assert_eq!(config.number("x"), Some(0.5));
        assert_eq!(config.boolean("on"), Some(true));
        assert_eq!(config.get("no"), None);
        assert_eq!(config.integer("text_config.layers"), Some(7));
        assert_eq!(config.text("text_config.deep.er"), Some("w"));
        assert_eq!(config.numbers("sizes"), Some(&[1.0, 2.5][..]));
        assert_eq!(config.get("flags"), Some(&Value::Bools(vec![true, false])));
        assert_eq!(config.get("mixed"), Some(&Value::Long { length: 2 }));
        assert_eq!(config.get("pairs"), Some(&Value::Long { length: 2 }));
        assert_eq!(config.numbers("none"), Some(&[][..]));
    }

    #[test]
    fn what_is_long_leaves_its_length() {
        let text = format!(
            r#"{{"a": "{}", "b": "{}", "n": [{}1]}}"#,
            "x".repeat(255),
            "x".repeat(256),
            "1,".repeat(1_024)
        );
        let config = read(&text).unwrap();
        assert_eq!(config.text("a").map(str::len), Some(255));
        assert_eq!(config.get("b"), Some(&Value::Long { length: 256 }));
        assert_eq!(config.get("n"), Some(&Value::Long { length: 1_025 }));
    }

    #[test]
    fn numbers_that_only_python_writes_are_passed_over() {
        let config = read(
            r#"{"limit": [0.0, Infinity], "a": NaN, "b": -Infinity, "c": "Infinity \" NaN", "n": -1}"#,
        )
        .unwrap();
        assert_eq!(config.get("limit"), Some(&Value::Long { length: 2 }));
        assert_eq!(config.get("a"), None);
        assert_eq!(config.get("b"), None);
        assert_eq!(config.text("c"), Some("Infinity \" NaN"));
        assert_eq!(config.integer("n"), Some(-1));
    }

    #[test]
    fn what_is_nested_too_deep_or_said_twice_is_refused() {
        let deep = format!("{{\"a\": {}", "[".repeat(100_000));
        assert!(matches!(read(&deep), Err(Fault::TooDeep { .. })));
        let deep = "{\"a\":".repeat(100_000);
        assert!(matches!(read(&deep), Err(Fault::TooDeep { .. })));
        assert!(matches!(
            read(r#"{"a": 1, "a": 2}"#),
            Err(Fault::Twice { .. })
        ));
        assert!(matches!(read("[1]"), Err(Fault::Json { .. })));
        assert!(matches!(read("{} x"), Err(Fault::Json { .. })));
        assert!(matches!(read(""), Err(Fault::Json { .. })));
    }

    #[test]
    fn a_long_name_is_not_kept_under_every_key_below_it() {
        let keys: Vec<_> = (0..50_000).map(|n| format!("\"k{n}\":1")).collect();
        let below = keys.join(",");
        let text = format!("{{\"{}\":{{{below}}}}}", "x".repeat(1_000_000));
        assert!(matches!(read(&text), Err(Fault::TooLong { .. })));
        let text = format!("{{\"{}\":{{{below}}}}}", "x".repeat(500));
        assert_eq!(read(&text).unwrap().len(), 50_000);
        let text = format!("{{\"a\":{{{below}}},\"b\":{{{below}}},\"c\":1}}");
        assert!(matches!(read(&text), Err(Fault::TooMany { .. })));
    }

    #[test]
    fn the_parser_s_words_are_cut() {
        let fault = read(&format!("[\"{}\"", "x".repeat(100_000))).unwrap_err();
        assert!(fault.to_string().len() < 600);
        let fault = read(&format!("\"{}\"", "\u{7f}y".repeat(100_000))).unwrap_err();
        assert!(
            fault.to_string().len() < 2_000 && !fault.to_string().contains('\u{7f}'),
            "{fault}"
        );
    }
}

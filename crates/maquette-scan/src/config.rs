//! The small values of a configuration. Vocabularies, templates and licenses are passed over; how
//! long they are is kept.

use std::collections::BTreeMap;
use std::collections::btree_map::{Entry, Iter};

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Number(f64),
    Integer(i64),
    Bool(bool),
    /// At most [`LONGEST_TEXT`](crate::limits::LONGEST_TEXT) bytes.
    Text(String),
    /// At most [`LONGEST_ARRAY`](crate::limits::LONGEST_ARRAY), integers among them as the nearest
    /// float.
    Numbers(Vec<f64>),
    /// At most [`LONGEST_ARRAY`](crate::limits::LONGEST_ARRAY).
    Bools(Vec<bool>),
    /// Passed over: a text of `length` bytes, or an array of `length` entries.
    Long {
        length: u64,
    },
}

/// Keys and values. Objects within objects have dotted keys: `text_config.num_hidden_layers`.
///
/// An array of words in a JSON file is [`Value::Long`] under its key, and its entries, where all are
/// short and not more than an array of numbers may have, stand under `key.0`, `key.1`, …
/// (`architectures.0`, `layer_types.5`).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config(BTreeMap<String, Value>);

impl Config {
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// A whole number; absent where the key is, or where its value is something else.
    pub fn integer(&self, key: &str) -> Option<i64> {
        match self.get(key)? {
            Value::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// A number, whole or not.
    pub fn number(&self, key: &str) -> Option<f64> {
        match self.get(key)? {
            Value::Number(value) => Some(*value),
            Value::Integer(value) => Some(*value as f64),
            _ => None,
        }
    }

    pub fn boolean(&self, key: &str) -> Option<bool> {
        match self.get(key)? {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub fn text(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            Value::Text(value) => Some(value),
            _ => None,
        }
    }

    pub fn numbers(&self, key: &str) -> Option<&[f64]> {
        match self.get(key)? {
            Value::Numbers(values) => Some(values),
            _ => None,
        }
    }

    /// Entries of an array, or bytes of a text, whether it was kept or passed over.
    pub fn length(&self, key: &str) -> Option<u64> {
        match self.get(key)? {
            Value::Long { length } => Some(*length),
            Value::Text(text) => Some(text.len() as u64),
            Value::Numbers(values) => Some(values.len() as u64),
            Value::Bools(values) => Some(values.len() as u64),
            Value::Number(_) | Value::Integer(_) | Value::Bool(_) => None,
        }
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In the order of their keys.
    pub fn iter(&self) -> Iter<'_, String, Value> {
        self.0.iter()
    }

    /// False if the key is there already; its value is then left as it was.
    pub(crate) fn insert(&mut self, key: String, value: Value) -> bool {
        match self.0.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(value);
                true
            }
            Entry::Occupied(_) => false,
        }
    }
}

impl<'a> IntoIterator for &'a Config {
    type Item = (&'a String, &'a Value);
    type IntoIter = Iter<'a, String, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

//! From a place in the data (`offer[2].price[0].per`) back to the bytes of the file.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

/// One step of a path into a TOML document.
#[derive(Debug, Clone)]
pub enum Step {
    Key(&'static str),
    Index(usize),
}

/// The span of the value at `steps`; when a step is absent, of the last value that is there.
/// `None` only when the text does not parse.
pub fn span_of(text: &str, steps: &[Step]) -> Option<Range<usize>> {
    let root = DeTable::parse(text).ok()?;
    let mut span = None;
    let mut value: Option<&DeValue<'_>> = None;
    for (depth, step) in steps.iter().enumerate() {
        match step {
            Step::Key(key) => {
                let table = if depth == 0 {
                    Some(root.get_ref())
                } else {
                    match value {
                        Some(DeValue::Table(t)) => Some(t),
                        _ => None,
                    }
                };
                let Some((_, v)) = table?.iter().find(|(k, _)| k.get_ref() == key) else {
                    return span;
                };
                span = Some(v.span());
                value = Some(v.get_ref());
            }
            Step::Index(i) => {
                let Some(DeValue::Array(a)) = value else {
                    return span;
                };
                let Some(v) = a.get(*i) else {
                    return span;
                };
                span = Some(v.span());
                value = Some(v.get_ref());
            }
        }
    }
    span
}

/// The index in the text's array `list` of the table whose keys have these values.
pub fn index_of(text: &str, list: &str, named: &[(&str, String)]) -> Option<usize> {
    let table: toml::Table = toml::from_str(text).ok()?;
    table.get(list)?.as_array()?.iter().position(|item| {
        let has = |(key, value): &(&str, String)| {
            item.get(key).and_then(toml::Value::as_str) == Some(value)
        };
        named.iter().all(has)
    })
}

/// Builds a path: `path!["offer", 2, "price", 0, "per"]`.
#[macro_export]
macro_rules! place {
    ($($step:expr),* $(,)?) => { [$($crate::locate::Step::from($step)),*] };
}

impl From<&'static str> for Step {
    fn from(key: &'static str) -> Step {
        Step::Key(key)
    }
}

impl From<usize> for Step {
    fn from(i: usize) -> Step {
        Step::Index(i)
    }
}

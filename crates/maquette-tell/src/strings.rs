//! The words of guide and digest: a file of strings, embedded in English, which an analyst's own may go before; and
//! what is told of one, or of a template, that cannot be used.

use std::collections::BTreeMap;

use crate::locale::Locale;
use crate::number;

pub(crate) const STRINGS: &str = include_str!("guide/en.toml");

/// A template that cannot be used: its name, the line where known, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub template: String,
    pub line: Option<usize>,
    pub why: String,
}

pub(crate) fn fault(e: &minijinja::Error) -> Fault {
    Fault {
        template: e.name().unwrap_or("page.html").to_owned(),
        line: e.line(),
        why: e
            .detail()
            .map_or_else(|| e.kind().to_string(), str::to_owned),
    }
}

/// Strings by key; `{name}` is put in.
pub(crate) struct Strings(BTreeMap<String, String>);

impl Strings {
    pub(crate) fn embedded() -> Strings {
        Strings(toml::from_str(STRINGS).unwrap_or_default())
    }

    /// An analyst's own, where there are such.
    pub(crate) fn of(own: &BTreeMap<String, String>) -> Result<Strings, Fault> {
        own.get("strings.toml")
            .map_or_else(|| Ok(Strings::embedded()), |text| Strings::read(text))
    }

    fn read(text: &str) -> Result<Strings, Fault> {
        let own: BTreeMap<String, String> = toml::from_str(text).map_err(|e| Fault {
            template: "strings.toml".to_owned(),
            line: e.span().map(|s| text[..s.start].lines().count().max(1)),
            why: e.message().to_owned(),
        })?;
        // A key that another language has not yet is said in English.
        let mut all: BTreeMap<String, String> = toml::from_str(STRINGS).unwrap_or_default();
        all.extend(own);
        Ok(Strings(all))
    }

    pub(crate) fn get(&self, key: &str) -> String {
        self.0.get(key).cloned().unwrap_or_else(|| key.to_owned())
    }

    /// How the language writes figures.
    pub(crate) fn locale(&self) -> Locale {
        Locale {
            thousands: self.get("thousands"),
            decimal: self.get("decimal"),
            date: self.get("date"),
            dollars: self.get("dollars"),
        }
    }

    /// A sentence with its values as people read them.
    pub(crate) fn with(&self, key: &str, values: &BTreeMap<String, String>) -> String {
        let mut out = self.get(key);
        let locale = self.locale();
        for (name, value) in values {
            let currency = values.get("currency");
            let shown = match (name.as_str(), currency) {
                ("value", _) => number::count(value),
                ("amount", Some(code)) => number::amount(value, code),
                ("currency", _) => String::new(),
                _ => value.clone(),
            };
            out = out.replace(&format!("{{{name}}}"), &locale.value(&shown));
        }
        out
    }

    pub(crate) fn one(&self, key: &str, name: &str, value: &str) -> String {
        let said = self.locale().value(value);
        self.get(key).replace(&format!("{{{name}}}"), &said)
    }
}

//! What an answer comes down to: facts, each with its subject, metric, value and unit.

use std::fmt;

use jiff::civil::Date;
use rust_decimal::Decimal;

/// A value exactly as the source gave it, in the metric's unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Number(Decimal),
    Text(String),
    /// Listed before and no longer: the source was read whole and does not have it.
    Gone,
}

impl Value {
    pub fn count(n: u64) -> Value {
        Value::Number(Decimal::from(n))
    }

    pub fn number(&self) -> Option<Decimal> {
        match self {
            Value::Number(n) => Some(*n),
            _ => None,
        }
    }
}

/// A number without trailing zeros, a text as it is, nothing for what is gone.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(n) => write!(f, "{}", n.normalize()),
            Value::Text(t) => f.write_str(t),
            Value::Gone => Ok(()),
        }
    }
}

/// How a metric's values are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Every time: counters, whose standstill is news too.
    Every,
    /// Where it differs from the last time: prices, names, licenses.
    Changes,
}

/// One thing that a source said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// `hub:OWNER/NAME`, `github:OWNER/NAME`, `litellm:KEY`, …: a kind, a colon, the source's key.
    pub subject: String,
    /// `downloads`, `likes`, `price/image;size=1024x1024`, …
    pub metric: String,
    /// What a number counts: `downloads in 30 days`, `USD`; empty for a text.
    pub unit: &'static str,
    pub value: Value,
    /// The first day that the source says it holds for.
    pub valid_from: Option<Date>,
    /// When it was read, in seconds since 1970, where that is not when the answer came: archives.
    pub seen: Option<i64>,
    pub keep: Keep,
}

impl Fact {
    pub fn every(subject: &str, metric: &str, unit: &'static str, value: Value) -> Fact {
        Fact {
            subject: subject.to_owned(),
            metric: metric.to_owned(),
            unit,
            value,
            valid_from: None,
            seen: None,
            keep: Keep::Every,
        }
    }

    pub fn change(subject: &str, metric: &str, unit: &'static str, value: Value) -> Fact {
        Fact {
            keep: Keep::Changes,
            ..Fact::every(subject, metric, unit, value)
        }
    }

    pub fn text(subject: &str, metric: &str, value: &str) -> Fact {
        Fact::change(subject, metric, "", Value::Text(value.to_owned()))
    }
}

/// A row or a value of an answer that became no fact, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    pub key: String,
    pub reason: String,
}

/// What one answer was read as.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    pub facts: Vec<Fact>,
    pub rejected: Vec<Rejected>,
    /// A subject and the source's own name for it that outlives renames.
    pub identities: Vec<(String, String)>,
}

impl Facts {
    pub fn reject(&mut self, key: impl Into<String>, reason: impl Into<String>) {
        self.rejected.push(Rejected {
            key: key.into(),
            reason: reason.into(),
        });
    }
}

/// A JSON number as it stands, without a detour over floats: `2e-07` is 0.0000002.
pub fn decimal(text: &str) -> Option<Decimal> {
    let text = text.trim();
    if text.is_empty() || text.len() > 64 {
        return None;
    }
    let parsed = if text.contains(['e', 'E']) {
        Decimal::from_scientific(text).ok()
    } else {
        text.parse().ok()
    };
    parsed.map(|d: Decimal| d.normalize())
}

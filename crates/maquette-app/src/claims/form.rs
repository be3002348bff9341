//! The file of claims of an edition.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Deserialize;

/// `catalog/claims/EDITION.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    pub edition: String,
    pub title: String,
    /// The day that its sentences speak of.
    pub day: Date,
    /// Observations of this source are the edition's own words, and no witness of them.
    pub source: String,
    /// Who asks, by name, for verdicts of licenses.
    pub studio: BTreeMap<String, toml::Table>,
    pub claim: Vec<Claim>,
    /// Its tables as printed.
    #[serde(default)]
    pub table: Vec<Table>,
}

/// Cells hold what is printed and, after ` @ `, the claims that re-derive it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub id: String,
    pub title: String,
    pub lines: Vec<u32>,
    /// The claim that ranks the rows.
    pub order: Option<String>,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    pub id: String,
    /// Of the guide.
    pub part: String,
    /// Of the article's text.
    pub lines: Vec<u32>,
    /// The sentence in our words.
    pub says: String,
    #[serde(default)]
    pub printed: Printed,
    #[serde(default)]
    pub decide: Decide,
    /// Claims that this one stands on.
    #[serde(default)]
    pub depends_on: Vec<String>,
    pub reading: Vec<Reading>,
    /// What would have to be known.
    #[serde(default)]
    pub needed: Option<String>,
    /// What the reader should know beside.
    #[serde(default)]
    pub note: Option<String>,
}

/// As the article prints it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Printed {
    #[serde(default)]
    pub text: String,
    /// For the reader of the file; units are not reckoned with.
    #[serde(default, rename = "unit")]
    pub _unit: String,
    #[serde(default)]
    pub value: Option<Decimal>,
    #[serde(default)]
    pub low: Option<Decimal>,
    #[serde(default)]
    pub high: Option<Decimal>,
    /// How far off still is what was printed: half of its last digit, or what a "roughly" leaves open.
    #[serde(default)]
    pub half: Decimal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decide {
    /// Every reading counts.
    #[default]
    All,
    /// The first that can be reckoned.
    First,
}

/// One way to take the sentence. Exactly one of `value`, `range`, `holds` and `never`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// What it takes the sentence to mean; empty where there is one way only.
    #[serde(default)]
    pub name: String,
    /// A number, to be compared with what is printed.
    #[serde(default)]
    pub value: Option<String>,
    /// Two numbers, to be compared with both ends of what is printed.
    #[serde(default)]
    pub range: Option<[String; 2]>,
    /// Yes or no.
    #[serde(default)]
    pub holds: Option<String>,
    /// What the yes or no is about, to be shown.
    #[serde(default)]
    pub shows: Vec<String>,
    /// Why nobody can reckon it.
    #[serde(default)]
    pub never: Option<String>,
    /// Contradicts what the sentence itself says: shown, and does not count.
    #[serde(default)]
    pub contradicts: bool,
    /// Holds at most under this reading, and where it does not hold it says nothing.
    #[serde(default)]
    pub weak: bool,
}

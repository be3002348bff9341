//! `maquette.digest/1`: what changed between two days that is worth telling, each a sentence with its values.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DigestReport {
    pub schema: String,
    /// The day that the digest sees.
    pub as_of: String,
    /// The day that it is set against.
    pub since: String,
    /// Kind by kind, in the order of `kind`.
    pub items: Vec<DigestItem>,
    /// What counts as worth telling, and what was left out.
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DigestItem {
    /// Of this news, whichever day tells it: a feed that tells it again says nothing new.
    pub id: String,
    /// A closed set, in this order: `month`, `price`, `license`, `release`, `retirement`, `ranking`, `gap`, `trend`,
    /// `prediction`.
    pub kind: String,
    /// A key of the catalog of strings.
    pub key: String,
    /// What the sentence is made of.
    pub values: BTreeMap<String, String>,
    /// The day on which it happened or was read, where one is known; otherwise the day that the digest sees.
    pub day: String,
    /// `maquette why ID --as-of DAY` takes them: after on `as_of`, before on `since`.
    pub after_id: Option<String>,
    pub before_id: Option<String>,
}

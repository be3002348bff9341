//! `maquette.claims/1`: the sentences of an edition, re-derived.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ClaimsReport {
    pub schema: String,
    pub as_of: String,
    pub edition: String,
    pub title: String,
    /// The day that its sentences speak of.
    pub day: String,
    /// Claims by verdict, of those shown.
    pub counts: BTreeMap<String, usize>,
    pub claims: Vec<ClaimLine>,
    pub notes: Vec<String>,
    pub attributions: Vec<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ClaimLine {
    /// `claim/EDITION/NAME`; `maquette why` takes it.
    pub id: String,
    pub name: String,
    pub part: String,
    pub lines: Vec<u32>,
    /// The sentence in our words.
    pub says: String,
    /// As it was printed.
    pub printed: String,
    /// `holds`, `holds-under-a-reading`, `fails` or `not-checkable`.
    pub verdict: String,
    pub why: String,
    pub readings: Vec<ReadingOutcome>,
    pub depends_on: Vec<String>,
    pub needed: Option<String>,
    pub note: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReadingOutcome {
    pub name: String,
    /// How it is reckoned.
    pub formula: String,
    pub result: Option<String>,
    /// `holds`, `fails` or `not-checkable`.
    pub outcome: String,
    /// What is missing.
    pub missing: Option<String>,
    /// It contradicts the sentence, so that it does not count.
    pub contradicts: bool,
    pub inputs: Vec<ClaimInput>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ClaimInput {
    /// As the formula calls it.
    pub call: String,
    pub value: String,
    pub source: String,
    pub as_of: String,
    /// The edition's own words, which prove nothing but its sums.
    pub own_words: bool,
    pub note: Option<String>,
}

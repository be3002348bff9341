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

/// `maquette.printed/1`: an edition's tables as they were printed, each cell beside what is derived for its day.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PrintedReport {
    pub schema: String,
    pub as_of: String,
    pub edition: String,
    /// The day that the tables speak of.
    pub day: String,
    pub tables: Vec<PrintedTable>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PrintedTable {
    pub id: String,
    pub title: String,
    /// First and last line of the table in the edition's text.
    pub lines: Vec<u32>,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<PrintedCell>>,
    /// The order of its rows, where they are ranked.
    pub order: Option<PrintedCell>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PrintedCell {
    pub printed: String,
    /// Ids of claims that re-derive it, which `maquette why` takes; none: it names its row, or nobody can put it to a
    /// test.
    pub claims: Vec<String>,
    /// What is derived, with the day where that is not the edition's; absent: not known, or no claim.
    pub ours: Option<String>,
    /// The worst of its claims'; absent without any.
    pub verdict: Option<String>,
    /// Why it does not simply hold, one line a claim.
    pub reasons: Vec<String>,
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

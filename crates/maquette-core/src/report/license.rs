//! `maquette.license/1` and `maquette.licenses/1`: a verdict with its grounds, and the matrix of texts
//! and acts.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LicenseReport {
    /// `maquette.license/1`.
    pub schema: String,
    pub as_of: String,
    /// What was asked about, by catalog id.
    pub subjects: Vec<String>,
    /// One sentence: the answer.
    pub finding: String,
    /// `permitted`, `permitted-with-conditions`, `unknown`, `ambiguous`, `needs-license` or `prohibited`.
    pub verdict: String,
    /// How much it weighs for somebody about to act: `none`, `notice`, `warning` or `stop`.
    pub severity: String,
    /// How far it can be trusted: `high`, `medium` or `low`.
    pub confidence: String,
    /// Ids of the texts that decided.
    pub deciding: Vec<String>,
    /// What was taken as known of the asker.
    pub facts: BTreeMap<String, String>,
    pub readings: Vec<ReadingLine>,
    /// Facts that could change the verdict, and how to say them.
    pub missing: Vec<MissingLine>,
    /// What speaks against any verdict: contradictory facts, a broken lineage.
    pub doubts: Vec<String>,
    pub notes: Vec<String>,
}

/// One text, read for the asker.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReadingLine {
    /// Absent where no text is known.
    pub license: Option<String>,
    pub name: String,
    /// By which links it governs: weights, a part, an ancestor, code.
    pub links: Vec<String>,
    pub verdict: String,
    pub confidence: String,
    /// How the text is known: `text`, `secondary` or `tag`.
    pub grade: Option<String>,
    /// How the link between model and text is known.
    pub link_grade: Option<String>,
    pub url: Option<String>,
    /// The day, or less, on which the text was read.
    pub read: Option<String>,
    pub text_sha256: Option<String>,
    pub steps: Vec<StepLine>,
    pub duties: Vec<DutyLine>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StepLine {
    /// What the rule is about, in the catalog's vocabulary.
    pub rule: String,
    /// The clause as the text numbers it; absent: not known.
    pub clause: Option<String>,
    pub verdict: String,
    pub words: String,
    /// Where the text pulls both ways: the lenient reading.
    pub lenient: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DutyLine {
    pub rule: String,
    pub clause: Option<String>,
    pub words: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MissingLine {
    pub fact: String,
    pub why: String,
    /// What to type.
    pub how: String,
}

/// One line of a batch's answer.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BatchLine {
    pub id: String,
    /// `allow`, `allow-with`, `needs-license`, `deny`, `ambiguous` or `unknown`.
    pub verdict: String,
    pub deciding: Vec<String>,
    pub duties: Vec<String>,
    pub clauses: Vec<String>,
    pub missing_facts: Vec<String>,
    /// Why there is no verdict, where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LicensesReport {
    /// `maquette.licenses/1`.
    pub schema: String,
    pub as_of: String,
    /// The acts of the columns, in their order.
    pub acts: Vec<String>,
    pub facts: BTreeMap<String, String>,
    pub licenses: Vec<LicenseRow>,
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LicenseRow {
    pub id: String,
    pub name: String,
    pub class: String,
    pub grade: String,
    pub url: Option<String>,
    pub read: String,
    /// Models and tools of the catalog that it governs.
    pub governs: usize,
    /// By act: `permits`, `requires` (with duties), `prohibits`, `needs-license`, `ambiguous` or
    /// `depends` (a fact is missing).
    pub acts: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RecordReport {
    /// `maquette.license-record/1`.
    pub schema: String,
    /// Where it was written.
    pub file: String,
    pub license: String,
    pub models: Vec<String>,
    /// `purchase` or `clarification`.
    pub kind: String,
    pub name: String,
    pub proof: String,
    /// The text that it is bound to: it lapses when that changes.
    pub text_sha256: String,
    pub notes: Vec<String>,
}

//! `maquette.predictions/1`: questions with readings fixed beforehand, forecasts, outcomes, scores.

use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PredictionsReport {
    pub schema: String,
    pub as_of: String,
    pub ledgers: Vec<LedgerLine>,
    pub questions: Vec<QuestionLine>,
    pub scores: Vec<ScoreLine>,
    pub notes: Vec<String>,
}

/// One file of lines, each of which holds the hash of the line before.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LedgerLine {
    /// `embedded`, or the path of the user's own.
    pub ledger: String,
    /// Lines by the day asked for.
    pub lines: usize,
    /// SHA-256 of the last line: who has it can tell whether anything before was changed.
    pub head: Option<String>,
    /// Lines that do not follow from those before, or do not read; none: whole.
    pub problems: Vec<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct QuestionLine {
    pub id: String,
    /// What it puts to the proof, such as `article-2026-03/1`.
    pub of: Option<String>,
    /// The claim in our words, and the reading of it that this question takes.
    pub claim: Option<String>,
    pub reading: Option<String>,
    /// The reading that is scored for the claim.
    pub main: bool,
    pub text: String,
    /// Last day.
    pub deadline: String,
    pub source: String,
    pub fallback: Option<String>,
    pub annul: Option<String>,
    pub by: String,
    /// Day on which it was written down, and on which the claim was made.
    pub recorded: String,
    pub stated: Option<String>,
    pub forecasts: Vec<ForecastLine>,
    /// `open`, `due`, `yes`, `no` or `annulled`.
    pub status: String,
    pub days_left: i64,
    /// Day on which it was resolved or annulled.
    pub settled: Option<String>,
    /// Why, and what is known today of an open one.
    pub because: Option<String>,
    pub evidence: Vec<String>,
    pub ledger: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ForecastLine {
    pub by: String,
    pub made: String,
    /// Given to "yes".
    pub probability: f64,
    /// `published` or `assumed`.
    pub basis: String,
    pub why: Option<String>,
    /// Of a resolved question.
    pub brier: Option<f64>,
    pub log: Option<f64>,
}

/// Of one forecaster over resolved questions that were not annulled; the last forecast before the outcome counts.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ScoreLine {
    pub by: String,
    pub n: usize,
    pub brier: f64,
    /// In nats.
    pub log: f64,
    /// Of the base rate: what the question states, one half where it states none.
    pub base_brier: f64,
    pub base_log: f64,
    /// 1 − score / base: above 0 is better than the base rate.
    pub brier_skill: Option<f64>,
    pub said: String,
}

/// `maquette.prediction-written/1`: what was appended.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WrittenReport {
    pub schema: String,
    pub ledger: String,
    pub line: usize,
    pub hash: String,
    pub did: String,
}

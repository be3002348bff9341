//! Reports of the catalog: `models`, `prices`, `plans`, `show`, `why`, `catalog check`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::MoneyFigure;
use crate::evidence::Evidence;

/// `maquette.models/1`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ModelsReport {
    pub schema: String,
    pub as_of: String,
    /// What the verdicts hold for.
    pub facts: BTreeMap<String, String>,
    pub models: Vec<ModelLine>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ModelLine {
    pub id: String,
    pub name: String,
    pub modality: String,
    /// `open` or `closed`.
    pub openness: String,
    pub publisher: Option<String>,
    pub released: Option<String>,
    pub params: Option<u64>,
    pub license: Option<String>,
    /// May a business run the weights: `yes`, `no`, `conditional`, `silent`, `unknown`; absent for
    /// closed models.
    pub commercial_weights: Option<String>,
    pub commercial_outputs: Option<String>,
    /// The license engine's verdict for a business that runs it itself and sells what it makes,
    /// nothing else being said; absent for closed models.
    pub verdict: Option<String>,
    /// Offers and plans through which it can be had on the day.
    pub ways: usize,
    /// Downloads of the last 30 days, where observed by the day.
    pub downloads_30d: Option<u64>,
    pub downloads_as_of: Option<String>,
    pub source: String,
    pub source_as_of: String,
}

/// `maquette.prices/1`: every price row, in force or not.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PricesReport {
    pub schema: String,
    pub as_of: String,
    pub prices: Vec<PriceLine>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PriceLine {
    pub id: String,
    pub model: String,
    pub modality: String,
    pub openness: String,
    pub provider: String,
    pub when: String,
    pub modifier: Option<String>,
    /// Absent: not published.
    pub price: Option<MoneyFigure>,
    pub per: String,
    pub from: Option<String>,
    pub until: Option<String>,
    /// `in force`, `stale`, `carried back`, `ended`, `not yet`, `vague date`.
    pub standing: String,
    pub source: String,
    pub source_as_of: String,
    pub confidence: String,
    pub note: Option<String>,
}

/// `maquette.plans/1`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PlansReport {
    pub schema: String,
    pub as_of: String,
    pub plans: Vec<PlanLine>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PlanLine {
    pub id: String,
    pub provider: String,
    pub name: String,
    pub modalities: Vec<String>,
    /// Billed by the month; absent: not published.
    pub monthly: Option<MoneyFigure>,
    /// The whole year, where it can be paid at once.
    pub annual: Option<MoneyFigure>,
    /// e.g. `2,500 credit a month`; absent: not published.
    pub allowance: Option<String>,
    /// What one output takes, by model.
    pub burn: Vec<String>,
    pub topup: Option<String>,
    pub rollover: Option<String>,
    /// `yes`, `no`, `conditional` or `unknown`.
    pub commercial: String,
    pub rights: Vec<String>,
    pub source: String,
    pub source_as_of: String,
    pub confidence: String,
}

/// `maquette.show/1`: one thing of the catalog, section by section.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ShowReport {
    pub schema: String,
    pub as_of: String,
    pub id: String,
    pub kind: String,
    pub title: String,
    pub sections: Vec<Section>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Section {
    pub title: String,
    pub facts: Vec<Fact>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Fact {
    /// What `maquette why` takes, for a fact that has a source of its own.
    pub id: Option<String>,
    pub label: String,
    pub value: String,
    pub source: Option<String>,
    pub as_of: Option<String>,
    pub confidence: Option<String>,
}

/// `maquette.why/1`: from a printed figure to its inputs and their sources.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WhyReport {
    pub schema: String,
    pub as_of: String,
    pub id: String,
    /// What the figure is.
    pub figure: String,
    pub value: String,
    /// How it was reckoned; absent for a figure read from a source.
    pub formula: Option<String>,
    pub evidence: Vec<Evidence>,
    pub notes: Vec<String>,
}

/// `maquette.catalog-check/1`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CheckReport {
    pub schema: String,
    pub files: usize,
    pub errors: usize,
    pub warnings: usize,
    pub problems: Vec<ProblemLine>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ProblemLine {
    /// `error` or `warning`.
    pub severity: String,
    pub code: String,
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub message: String,
    pub hint: Option<String>,
}

/// `maquette.months/1`: a plan month by month under a use that varies.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MonthsReport {
    pub schema: String,
    pub as_of: String,
    pub plan: String,
    pub name: String,
    /// The allowance's own unit.
    pub unit: String,
    pub months: Vec<MonthLine>,
    pub total_paid: MoneyFigure,
    /// Units paid for and lost over the whole run, as a decimal string.
    pub total_wasted: String,
    pub notes: Vec<String>,
    pub evidence: Vec<Evidence>,
}

/// All amounts of units are decimal strings.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MonthLine {
    pub month: u32,
    pub used: String,
    /// Everything paid in the month.
    pub paid: MoneyFigure,
    pub from_allowance: String,
    pub from_carried: String,
    pub from_purchased: String,
    pub from_free_daily: String,
    pub metered: String,
    /// Units that a hard stop refused.
    pub unserved: String,
    /// Units lost at the end of the month.
    pub lapsed: String,
    /// Units at hand at the end.
    pub balance: String,
}

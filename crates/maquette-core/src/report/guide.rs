//! `maquette.guide/1`: the whole guide of a day, part by part, each part the report of a verb.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::break_even::BreakEvenReport;
use super::choose::StackReport;
use super::claims::{ClaimsReport, PrintedReport};
use super::digest::DigestReport;
use super::gap::GapReport;
use super::license::LicensesReport;
use super::observe::{SourcesReport, TopReport};
use super::predictions::PredictionsReport;
use super::trends::{GainsReport, TrendsReport};

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GuideReport {
    pub schema: String,
    /// `2026-11`, or the day where it is no edition.
    pub edition: String,
    pub as_of: String,
    /// Who asks: facts that licenses look at.
    pub facts: BTreeMap<String, String>,
    pub sections: Vec<GuideSection>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GuideSection {
    /// Stable: the name of its page.
    pub id: String,
    /// A key of the catalog of strings.
    pub title: String,
    pub findings: Vec<GuideFinding>,
    pub parts: Vec<GuidePart>,
}

/// A sentence that states a finding: a key of the catalog of strings and the values that it is made of.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GuideFinding {
    pub key: String,
    pub values: BTreeMap<String, String>,
    /// `maquette why` takes it.
    pub evidence: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "kind", content = "report", rename_all = "kebab-case")]
pub enum GuidePart {
    /// What changed since a month before.
    News(DigestReport),
    Top(TopReport),
    Options(OptionsReport),
    /// Every modality in a row.
    Summary(SummaryReport),
    Gap(GapReport),
    Licenses(LicensesReport),
    Shares(SharesReport),
    Month(Box<StackReport>),
    BreakEven(Box<BreakEvenReport>),
    /// Models, Spaces and repositories by what was added of late.
    Gains(GainsReport),
    Trends(TrendsReport),
    Predictions(PredictionsReport),
    /// Over time; drawn.
    GapHistory(GapReport),
    /// Cells of printed tables beside what is derived.
    Printed(PrintedReport),
    Claims(ClaimsReport),
    Sources(SourcesReport),
}

/// `maquette.license-shares/1`: open models by the kind of their license.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SharesReport {
    pub schema: String,
    pub as_of: String,
    pub rows: Vec<ShareLine>,
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ShareLine {
    /// By the end of this day.
    pub day: String,
    /// `models` or `downloads in 30 days`.
    pub of: String,
    /// Kind of license.
    pub class: String,
    pub count: String,
    pub percent: String,
}

/// `maquette.summary/1`: of each modality who leads, at what price, how far apart.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SummaryReport {
    pub schema: String,
    pub as_of: String,
    pub rows: Vec<SummaryLine>,
    pub notes: Vec<String>,
}

/// What is absent is not known.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SummaryLine {
    /// Page of the modality.
    pub section: String,
    pub modality: String,
    /// The most downloaded repository of an open model.
    pub leader: Option<String>,
    pub downloads: Option<String>,
    pub read_on: Option<String>,
    /// `maquette why` takes it.
    pub leader_id: Option<String>,
    /// Of selling what the leader makes.
    pub verdict: Option<String>,
    pub board: Option<String>,
    pub board_day: Option<String>,
    pub best_open: Option<String>,
    pub best_closed: Option<String>,
    /// Best closed less best open, points of the board's scale.
    pub gap: Option<f64>,
    pub scale: Option<String>,
    pub word: Option<String>,
    /// `maquette why` takes it.
    pub gap_id: Option<String>,
    pub closed_per: Option<String>,
    /// Of the best closed model, the lowest in force.
    pub closed_price: Option<SellerPrice>,
}

/// `maquette.options/1`: open and closed ways of one modality side by side.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OptionsReport {
    pub schema: String,
    pub as_of: String,
    pub modality: String,
    pub rows: Vec<OptionLine>,
    /// Models that several sell, most sellers first.
    pub spreads: Vec<SpreadLine>,
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SpreadLine {
    pub name: String,
    pub id: String,
    pub per: String,
    /// The lowest price of each, cheapest first.
    pub sellers: Vec<SellerPrice>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OptionLine {
    pub name: String,
    /// Model or plan.
    pub id: String,
    /// `open` or `closed`.
    pub openness: String,
    /// `host`, `api`, `plan` or `own machine`.
    pub way: String,
    pub provider: Option<String>,
    /// The lowest price in force of the way; absent: not known, or power alone.
    pub cost: Option<String>,
    pub per: Option<String>,
    /// `maquette why` takes it.
    pub cost_id: Option<String>,
    /// Largest resolution or length, as the catalog has it.
    pub limit: Option<String>,
    /// The license engine's verdict, or what the plan says of commercial use.
    pub rights: String,
    pub license: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SellerPrice {
    pub provider: String,
    /// US dollars, per the unit of the line.
    pub cost: String,
    /// `maquette why` takes it.
    pub id: String,
}

/// `maquette.guide-diff/1`: what two guides say otherwise, figure by figure.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GuideDiffReport {
    pub schema: String,
    /// The day that asks: it sees both.
    pub as_of: String,
    pub from: String,
    pub to: String,
    /// The days that the two see.
    pub from_day: String,
    pub to_day: String,
    /// Figures that both have and say alike.
    pub same: usize,
    pub rows: Vec<GuideDiffLine>,
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GuideDiffLine {
    /// Id of the section, as its page.
    pub section: String,
    /// Of what: a model, a board, a kind of stack.
    pub subject: String,
    /// Which figure of it.
    pub figure: String,
    /// `changed` (or said by one guide alone), `new` where the earlier names the subject nowhere in the
    /// section, `gone` where the later does not.
    pub change: String,
    pub before: Option<String>,
    pub after: Option<String>,
    /// Of both; absent for words.
    pub unit: Option<String>,
    /// After less before over before, of numbers above zero.
    pub percent: Option<f64>,
    /// `maquette why ID --as-of DAY` takes them, each on its own day.
    pub before_id: Option<String>,
    pub after_id: Option<String>,
}

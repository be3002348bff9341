//! `maquette.choose/1`: the cheapest lawful stack, its alternatives, and what was ruled out.

use schemars::JsonSchema;
use serde::Serialize;

use super::{MoneyFigure, MoneyRange};
use crate::evidence::Evidence;

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StackReport {
    /// `maquette.choose/1`.
    pub schema: String,
    pub as_of: String,
    pub currency: String,
    /// One sentence: the answer.
    pub finding: String,
    pub workload: Vec<WorkloadLine>,
    pub studio: StudioLine,
    pub stacks: Vec<Stack>,
    pub ruled_out: Vec<RuledOut>,
    /// What the reader must know before acting: assumptions, what was not evaluated.
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WorkloadLine {
    pub id: String,
    pub modality: String,
    /// Outputs wanted, as a decimal string.
    pub quantity: String,
    pub unit: String,
    /// Outputs made so that `quantity` are kept.
    pub made: String,
    pub keep_rate: String,
    pub description: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StudioLine {
    pub country: String,
    pub purpose: String,
    pub revenue: Option<MoneyFigure>,
    pub seats: u32,
    pub vat_registered: bool,
    /// Value added tax counted on what is bought, as a fraction; absent: none is counted.
    pub vat_rate: Option<String>,
    /// Name of the machine, or absent when there is none to run models on.
    pub machine: Option<String>,
    /// `detected` or `given`: a given machine may not be this one.
    pub machine_origin: Option<String>,
    /// Per kWh.
    pub power_price: Option<MoneyFigure>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Stack {
    /// `cheapest`, `closed`, `open`, `local` or `hosted`.
    pub id: String,
    pub title: String,
    /// Absent when no stack of this kind covers the work.
    pub total: Option<MoneyRange>,
    pub choices: Vec<Choice>,
    /// Charges that are not one choice's alone: a shared plan, a rented hour.
    pub charges: Vec<Charge>,
    /// Money that must be paid in before the first request, credit left over included.
    pub cash_up_front: MoneyFigure,
    /// What the total leaves out, by demand.
    pub unpriced: Vec<Unpriced>,
    /// The search ended before anything was proven: what is missing here is our failure, not an answer.
    pub given_up: bool,
    /// Why no stack meets every limit, and the smallest change that helps.
    pub explanation: Vec<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Choice {
    /// `cheapest/images`: what `maquette why` takes.
    pub id: String,
    pub demand: String,
    pub model: String,
    pub model_name: String,
    /// `open` or `closed`.
    pub openness: String,
    pub provider: String,
    /// `plan`, `api`, `hosted`, `local` or `rented`.
    pub channel: String,
    /// Offer, plan or GPU id.
    pub via: String,
    /// The setting priced: `quality low`, `720p`, …
    pub variant: String,
    /// Outputs made this way, as a decimal string.
    pub quantity: String,
    pub cost: MoneyRange,
    /// Cost of one kept output.
    pub unit_cost: MoneyRange,
    pub license: LicenseLine,
    pub fit: Option<FitLine>,
    /// Caveats of this choice: stale price, carried back, retiring soon.
    pub warnings: Vec<String>,
    /// How the cost was reckoned, in words and figures.
    pub formula: String,
    pub evidence: Vec<Evidence>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LicenseLine {
    /// License id, or the provider's terms.
    pub license: Option<String>,
    /// `permitted`, `permitted-with-conditions`, `prohibited`, `unknown`.
    pub verdict: String,
    pub duties: Vec<String>,
    /// What was not evaluated.
    pub not_evaluated: String,
    pub source: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FitLine {
    pub gpu: String,
    pub seconds_per_output: String,
    pub hours: String,
    pub basis: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Charge {
    pub what: String,
    pub amount: MoneyFigure,
    pub demands: Vec<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Unpriced {
    pub demand: String,
    pub reason: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RuledOut {
    pub demand: String,
    /// Offer, plan, or model on a GPU.
    pub candidate: String,
    pub model: String,
    pub channel: String,
    /// A word of a closed set, e.g. `too-expensive`, `license-prohibits`, `not-measured`.
    pub reason: String,
    pub detail: String,
    /// What it would have cost, where that is known.
    pub cost: Option<MoneyFigure>,
}

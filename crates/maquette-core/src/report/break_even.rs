//! `maquette.break-even/1`: the volumes at which the cheapest way changes, for one modality.

use schemars::JsonSchema;
use serde::Serialize;

use super::MoneyFigure;
use crate::evidence::Evidence;

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BreakEvenReport {
    /// `maquette.break-even/1`.
    pub schema: String,
    pub as_of: String,
    pub currency: String,
    pub modality: String,
    pub unit: String,
    pub description: String,
    pub finding: String,
    /// Largest volume looked at.
    pub up_to: String,
    /// From volume to volume, who is cheapest.
    pub reigns: Vec<Reign>,
    /// Every tariff compared, cheapest at `up_to` first.
    pub tariffs: Vec<TariffLine>,
    /// The curves worth drawing: every winner, then the nearest losers.
    pub curves: Vec<Curve>,
    pub notes: Vec<String>,
}

/// One way is cheapest for every volume from `from` to `to`, both included.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Reign {
    pub from: String,
    pub to: String,
    pub tariff: String,
    pub name: String,
    pub channel: String,
    pub cost_at_from: MoneyFigure,
    pub cost_at_to: MoneyFigure,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TariffLine {
    pub id: String,
    pub name: String,
    pub channel: String,
    /// Exact pieces over outputs made (kept ones divided by the keep rate): from `start` on,
    /// `at_start + (m − start) × slope`. The first 24.
    pub pieces: Vec<PieceLine>,
    /// Last volume this way can make; absent: no limit known.
    pub limit: Option<String>,
    pub evidence: Vec<Evidence>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PieceLine {
    pub start: String,
    pub at_start: MoneyFigure,
    pub slope: MoneyFigure,
}

/// Points of one tariff, ready to draw. Between two points of a `step` the cost does not change.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Curve {
    pub tariff: String,
    pub name: String,
    /// `step` or `line`.
    pub kind: String,
    /// The figures are measured or published; a curve that rests on an assumption is not solid.
    pub solid: bool,
    /// Volume and cost, as decimal strings.
    pub points: Vec<[String; 2]>,
}

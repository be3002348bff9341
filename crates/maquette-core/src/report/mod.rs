//! Reports: what a verb answers. Faces render them and compute nothing.

pub mod break_even;
pub mod choose;
pub mod claims;
pub mod digest;
pub mod doctor;
pub mod fit;
pub mod gap;
pub mod guide;
pub mod license;
pub mod listing;
pub mod observe;
pub mod predictions;
pub mod trends;

use schemars::JsonSchema;
use serde::Serialize;

pub use crate::money::MoneyFigure;

/// A range with its middle, in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MoneyRange {
    /// The middle figure: what the total adds up.
    pub amount: String,
    pub low: String,
    pub high: String,
    pub currency: String,
}

impl MoneyRange {
    pub fn is_point(&self) -> bool {
        self.low == self.high
    }
}

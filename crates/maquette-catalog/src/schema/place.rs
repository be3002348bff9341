//! `places/<CODE>.toml`: one country or region with its currency, its tax on sales and its electricity prices.

use maquette_core::{Confidence, Currency, Date, Money, PartialDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// ISO 3166 code (`US`, `DE`, `US-HI`), or `EU27`.
    pub id: String,
    pub name: String,
    pub currency: Currency,
    #[serde(default)]
    pub electricity: Vec<Electricity>,
    #[serde(default)]
    pub vat: Vec<Vat>,
}

/// The standard rate of value added tax (or of a goods and services tax) there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vat {
    /// A fraction: 0.19 is 19 %.
    pub rate: Decimal,
    #[serde(default)]
    pub from: Option<Date>,
    #[serde(default)]
    pub until: Option<Date>,
    pub as_of: PartialDate,
    pub source: String,
    pub confidence: Confidence,
    #[serde(default)]
    pub note: Option<String>,
}

/// What one more kilowatt-hour costs a household there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Electricity {
    /// Per kWh.
    pub amount: Money,
    /// What the figure is: a marginal unit rate, or an average of bills.
    #[serde(default)]
    pub basis: Option<String>,
    /// Fixed charge per day, which is never counted per output.
    #[serde(default)]
    pub standing_per_day: Option<Money>,
    #[serde(default)]
    pub from: Option<Date>,
    #[serde(default)]
    pub until: Option<Date>,
    pub as_of: PartialDate,
    pub source: String,
    pub confidence: Confidence,
    #[serde(default)]
    pub note: Option<String>,
}

/// `exchange.toml`: dated rates of exchange.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    pub from: Currency,
    pub to: Currency,
    /// Units of `to` for one unit of `from`.
    pub rate: Decimal,
    pub as_of: PartialDate,
    pub source: String,
    pub confidence: Confidence,
    #[serde(default)]
    pub note: Option<String>,
}

/// `conversions.toml`: how one unit becomes another, with its range.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversion {
    /// e.g. `word-token`.
    pub id: String,
    pub from: String,
    pub to: String,
    pub low: Decimal,
    pub mid: Decimal,
    pub high: Decimal,
    pub basis: String,
    pub as_of: PartialDate,
    pub source: String,
    pub confidence: Confidence,
    #[serde(default)]
    pub note: Option<String>,
}

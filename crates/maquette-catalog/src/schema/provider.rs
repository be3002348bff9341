//! `providers/<id>.toml`: one provider with its plans, its pay-per-use offers and its rentals.

use std::collections::BTreeMap;

use maquette_core::{Confidence, Date, Modality, Money, PartialDate, Unit};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::plan::{Plan, Tax};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    pub id: String,
    pub name: String,
    pub kind: Vec<ProviderKind>,
    #[serde(default)]
    pub homepage: Option<String>,
    #[serde(default)]
    pub price_page: Option<String>,
    #[serde(default)]
    pub api_price_page: Option<String>,
    #[serde(default)]
    pub deprecations_page: Option<String>,
    /// What is known of its API, in words.
    #[serde(default)]
    pub api: Option<String>,
    #[serde(default)]
    pub notes: Vec<String>,
    /// Money that must be paid in before the first request; what is not used stays as credit.
    #[serde(default)]
    pub deposit: Option<Deposit>,
    /// What the provider says of tax on its prices; a plan may say otherwise.
    #[serde(default)]
    pub tax: Option<TaxStatement>,
    #[serde(default)]
    pub plan: Vec<Plan>,
    #[serde(default)]
    pub offer: Vec<Offer>,
    #[serde(default)]
    pub rental: Vec<Rental>,
    /// What rented GPUs cost beside their hours.
    #[serde(default)]
    pub rental_extra: Vec<RentalExtra>,
    pub source: String,
    pub as_of: PartialDate,
    pub confidence: Confidence,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProviderKind {
    /// Sells subscriptions.
    Plans,
    /// Sells its own (or closed) models by use.
    Api,
    /// Hosts open models.
    Host,
    /// Sells other providers' models on.
    Reseller,
    /// Rents GPUs.
    GpuCloud,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deposit {
    pub minimum: Money,
    /// Days until unused credit is lost; absent: not known to expire.
    #[serde(default)]
    pub expires_days: Option<u32>,
    pub source: String,
    pub as_of: PartialDate,
    pub confidence: Confidence,
}

/// What a provider's own pages say of tax.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxStatement {
    pub says: Tax,
    /// A business that gives its tax number is not charged; absent: not stated.
    #[serde(default)]
    pub business_exempt: Option<bool>,
    pub source: String,
    pub as_of: PartialDate,
    pub confidence: Confidence,
    #[serde(default)]
    pub note: Option<String>,
}

/// A pay-per-use way to get output: this provider, one model, dated prices.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// `<provider>/<model as sold>`; unique in the catalog.
    pub id: String,
    /// Catalog id of the model that does the work.
    pub model: String,
    pub modality: Modality,
    /// The name the provider uses.
    #[serde(default)]
    pub sold_as: Option<String>,
    /// Through whom, when it is not the provider itself (`comfy`, `venice`, …).
    #[serde(default)]
    pub via: Option<String>,
    /// The reseller's markup over the list price, in words, where known.
    #[serde(default)]
    pub markup: Option<String>,
    /// Lengths in seconds that one request may have; empty: any.
    #[serde(default)]
    pub seconds_allowed: Vec<Decimal>,
    /// Shortest length billed, in seconds.
    #[serde(default)]
    pub seconds_min: Option<Decimal>,
    #[serde(default)]
    pub seconds_max: Option<Decimal>,
    /// Pixels of one billed megapixel where the provider rounds each image up to whole
    /// megapixels (1048576 at fal, so that 1024×1024 is one).
    #[serde(default)]
    pub megapixel_pixels: Option<u32>,
    /// Frames billed for a second of a clip, where it is sold by video tokens; absent: the model's
    /// usual frame rate.
    #[serde(default)]
    pub frames_per_second: Option<Decimal>,
    /// Frames billed beyond length × frame rate (1 at Seedance 2.5).
    #[serde(default)]
    pub extra_frames: u32,
    /// What a request must carry beside words, where the offer differs from its model.
    #[serde(default)]
    pub needs_input: Vec<String>,
    /// Closed to new customers from this day.
    #[serde(default)]
    pub closed_to_new: Option<Date>,
    /// The day the provider has announced it will stop, or stopped.
    #[serde(default)]
    pub retires: Option<Date>,
    /// An API can deliver files; a closed platform may not (`false`: no export).
    #[serde(default)]
    pub export: Option<bool>,
    #[serde(default)]
    pub notes: Vec<String>,
    pub price: Vec<PriceRow>,
}

/// How a price may differ from the standard one: the service, the length of the prompt, or both.
pub const MODIFIERS: [&str; 6] = [
    "batch",
    "priority",
    "flex",
    "long-context",
    "batch-long-context",
    "priority-long-context",
];

/// One dated price. Rows with the same `per`, `when` and `modifier` follow one another in time.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceRow {
    /// Absent: the row exists and the provider does not publish the amount.
    #[serde(default)]
    pub amount: Option<Money>,
    pub per: Unit,
    /// What the price depends on: `resolution`, `size`, `quality`, `audio`, `seconds`, …
    #[serde(default)]
    pub when: BTreeMap<String, String>,
    /// One of [`MODIFIERS`]; absent: the standard price.
    #[serde(default)]
    pub modifier: Option<String>,
    /// With a `long-context` modifier: holds for requests whose prompt has more tokens than this.
    #[serde(default)]
    pub above_tokens: Option<u64>,
    /// The day the price began, where known.
    #[serde(default)]
    pub from: Option<Date>,
    /// The first day it no longer holds, where known.
    #[serde(default)]
    pub until: Option<Date>,
    /// Earliest reading of this very amount, where there were several readings.
    #[serde(default)]
    pub first_seen: Option<PartialDate>,
    /// Latest reading.
    pub as_of: PartialDate,
    /// A source read on this day did not list it yet, so the price is never carried back to
    /// that day or before.
    #[serde(default)]
    pub absent_on: Option<Date>,
    pub source: String,
    pub confidence: Confidence,
    #[serde(default)]
    pub note: Option<String>,
}

/// A GPU by the hour or second.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rental {
    /// `<provider>/<gpu as sold>`, unique in the catalog.
    pub id: String,
    /// GPU id of `hardware/gpus`; absent when the label names several.
    #[serde(default)]
    pub gpu: Option<String>,
    pub sold_as: String,
    pub vram_gb: Decimal,
    /// `on-demand`, `secure`, `community`, `spot`, `serverless`, `marketplace`.
    pub tier: String,
    pub per: Unit,
    pub amount: Money,
    /// Seconds a started billing step lasts: 1, 60 or 3600. Absent: not known, taken as 3600.
    #[serde(default)]
    pub step_seconds: Option<u32>,
    /// Billed seconds per session that make nothing: start, model load, idle time-out.
    #[serde(default)]
    pub idle_seconds: Option<Decimal>,
    /// Hours that an account must hold credit for before this starts; what is not used stays there.
    #[serde(default)]
    pub credit_hours: Option<Decimal>,
    #[serde(default)]
    pub from: Option<Date>,
    #[serde(default)]
    pub until: Option<Date>,
    #[serde(default)]
    pub first_seen: Option<PartialDate>,
    pub as_of: PartialDate,
    pub source: String,
    pub confidence: Confidence,
    #[serde(default)]
    pub note: Option<String>,
}

/// What a rented GPU costs beside its hours.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RentalExtra {
    pub what: Extra,
    /// `0 USD` only where the provider says that it is free.
    pub amount: Money,
    /// `gb-month` for what is kept, `gb` for what is moved.
    pub per: Unit,
    pub as_of: PartialDate,
    pub source: String,
    pub confidence: Confidence,
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extra {
    /// Disk while the machine runs.
    Disk,
    /// A volume kept between runs.
    Volume,
    /// Traffic out to the customer.
    Egress,
}

impl Extra {
    /// The unit it is sold in.
    pub fn unit(self) -> Unit {
        match self {
            Extra::Disk | Extra::Volume => Unit::GigabyteMonth,
            Extra::Egress => Unit::Gigabyte,
        }
    }
}

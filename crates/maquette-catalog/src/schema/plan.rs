//! A subscription as it is sold: fee, allowance in its own unit, burn rules, top-ups, rights.

use std::collections::BTreeMap;

use maquette_core::{Confidence, Date, Modality, Money, PartialDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Unique in the catalog, e.g. `midjourney-basic`.
    pub id: String,
    pub name: String,
    /// What the plan makes. Empty: it sells computing credit, not outputs.
    #[serde(default)]
    pub modality: Vec<Modality>,
    /// Dated fees. Empty: the price is not published.
    #[serde(default)]
    pub fee: Vec<Fee>,
    #[serde(default)]
    pub allowance: Option<Allowance>,
    /// What one output takes from the allowance. Empty: not published, so the plan cannot be
    /// priced for work.
    #[serde(default)]
    pub burn: Vec<Burn>,
    /// The free slow lane after (or beside) the allowance.
    #[serde(default)]
    pub slow_lane: Option<SlowLane>,
    #[serde(default)]
    pub rollover: Option<Rollover>,
    #[serde(default)]
    pub topup: Option<TopUp>,
    #[serde(default)]
    pub overage: Option<Overage>,
    /// Which credits go first: `expiring-first`, `plan-first` or `purchased-first`.
    #[serde(default)]
    pub spend_order: Option<SpendOrder>,
    #[serde(default)]
    pub seats: Option<Seats>,
    pub rights: Rights,
    #[serde(default)]
    pub tax: Option<Tax>,
    #[serde(default)]
    pub upgrade: Option<String>,
    #[serde(default)]
    pub downgrade: Option<String>,
    /// How a change of plan inside a period is billed.
    #[serde(default)]
    pub change: Option<MidPeriod>,
    #[serde(default)]
    pub concurrent_jobs: Option<u32>,
    #[serde(default)]
    pub retires: Option<Date>,
    /// What the article of March 2026 printed for it, as printed.
    #[serde(default)]
    pub article_value: Option<String>,
    #[serde(default)]
    pub notes: Vec<String>,
    pub source: String,
    pub as_of: PartialDate,
    pub confidence: Confidence,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// Per month for `monthly`; the whole year for `annual`.
    pub amount: Money,
    pub billing: Billing,
    /// A price for new customers only, for the first `intro_months`.
    #[serde(default)]
    pub intro_months: Option<u32>,
    #[serde(default)]
    pub per_seat: bool,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Billing {
    Monthly,
    Annual,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowance {
    pub amount: Decimal,
    /// The plan's own unit: `credit`, `gpu-minute`, `token`, `usd`.
    pub unit: String,
    pub every: Every,
    /// The amount comes for each seat, and the seats share it.
    #[serde(default)]
    pub per_seat: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Every {
    Day,
    Month,
    /// Given once, at sign-up.
    Once,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Burn {
    /// Catalog id of the model.
    pub model: String,
    pub modality: Modality,
    /// Units of the allowance…
    pub amount: Decimal,
    /// …for one of these.
    pub per: BurnPer,
    /// Outputs that one job returns (Midjourney 4, Suno 2).
    #[serde(default = "one")]
    pub outputs_per_job: u32,
    #[serde(default)]
    pub when: BTreeMap<String, String>,
    #[serde(default)]
    pub seconds_allowed: Vec<Decimal>,
    #[serde(default)]
    pub seconds_max: Option<Decimal>,
    pub source: String,
    pub as_of: PartialDate,
    pub confidence: Confidence,
    #[serde(default)]
    pub note: Option<String>,
}

fn one() -> u32 {
    1
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BurnPer {
    Job,
    Second,
    Character,
    MillionTokens,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlowLane {
    pub modality: Vec<Modality>,
    /// Units of the plan per day; absent: unlimited (queued).
    #[serde(default)]
    pub per_day: Option<Decimal>,
    #[serde(default)]
    pub concurrent_jobs: Option<u32>,
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rollover {
    pub kind: RolloverKind,
    /// Most that may be carried, as a multiple of the allowance.
    #[serde(default)]
    pub carry_multiple: Option<Decimal>,
    /// Most that may be held after the new allowance arrives, as a multiple of it.
    #[serde(default)]
    pub held_multiple: Option<Decimal>,
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RolloverKind {
    None,
    Capped,
    /// Kept without limit while the plan lasts.
    Kept,
}

/// Extra units bought beside the plan, at a fixed price.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopUp {
    pub amount: Money,
    /// Units of the allowance that `amount` buys.
    pub units: Decimal,
    /// Fewest packs of one purchase.
    #[serde(default)]
    pub minimum_packs: Option<u32>,
    pub expires: Expiry,
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expiry {
    Never,
    Days60,
    Months12,
    Months24,
    WithSubscription,
    PeriodEnd,
    Unknown,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overage {
    pub kind: OverageKind,
    /// Price of one unit beyond the allowance, where `kind = "metered"` and it is published.
    #[serde(default)]
    pub per_unit: Option<Money>,
    /// Billed early once the balance exceeds this multiple of the fee.
    #[serde(default)]
    pub early_bill_multiple: Option<Decimal>,
    /// Units a day after the allowance is gone, where `kind = "free-daily"`.
    #[serde(default)]
    pub free_daily: Option<Decimal>,
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OverageKind {
    HardStop,
    Metered,
    FreeDaily,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpendOrder {
    ExpiringFirst,
    PlanFirst,
    PurchasedFirst,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seats {
    pub minimum: u32,
    /// Seats the fee already covers.
    #[serde(default = "one")]
    pub included: u32,
}

/// What a subscriber may do with what was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rights {
    pub commercial: CommercialRight,
    /// Only outputs made while subscribed; a later subscription does not reach back.
    #[serde(default)]
    pub while_subscribed: bool,
    /// Companies above this yearly revenue must hold a higher tier.
    #[serde(default)]
    pub revenue_cap: Option<Money>,
    /// License the outputs carry, where the tier imposes one (e.g. `CC-BY-4.0`).
    #[serde(default)]
    pub output_license: Option<String>,
    /// Can the outputs leave the platform? Absent: not stated.
    #[serde(default)]
    pub export: Option<bool>,
    #[serde(default)]
    pub watermark: bool,
    /// The terms in our words.
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CommercialRight {
    Yes,
    No,
    /// Under a condition stated in the other fields.
    Conditional,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tax {
    /// Prices are stated without tax.
    Excluded,
    /// Value added tax comes on top in the EU.
    EuVatAdded,
    Included,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MidPeriod {
    /// The fee difference for the days left; the credit difference at once.
    Prorated,
    /// A new period begins at once with the full fee.
    NewCycle,
    /// Up at once, down at the end of the period.
    UpNowDownLater,
}

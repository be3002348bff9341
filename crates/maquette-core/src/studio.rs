//! Who asks: a creator or studio, its machine, and what it will and will not accept.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

use crate::demand::{Demand, Modality};
use crate::facts::{Facts, Use};
use crate::money::Money;

/// The studio that asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Studio {
    /// Place id of the catalog (`US`, `DE`, …).
    pub country: String,
    pub purpose: Use,
    /// Gross revenue of the last year, where the asker says.
    pub revenue: Option<Money>,
    pub seats: u32,
    /// What licenses ask for beside the above.
    pub facts: Facts,
    /// A registered business: tax on what it buys is no cost to it.
    pub vat_registered: bool,
    /// Price of one more kWh; absent: the place's.
    pub power_price: Option<Money>,
    /// Hours a day the own machine may work.
    pub hours_per_day: Decimal,
}

/// The machine that would run open models here.
#[derive(Debug, Clone, PartialEq)]
pub struct Machine {
    /// GPU id of the catalog.
    pub gpu: String,
    /// Alike GPUs, each doing work of its own.
    pub count: u32,
    /// As an answer shows it: `2 × GeForce RTX 4090`.
    pub name: String,
    /// How it is known: `detected`, `given`.
    pub origin: MachineOrigin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MachineOrigin {
    Detected,
    /// Named by the asker: an answer for a machine that may not be this one.
    Given,
}

impl Ask {
    /// Seconds a month that the own machine's GPUs may work, all together.
    pub fn machine_seconds(&self, days: i64) -> Decimal {
        let count = self.machine.as_ref().map_or(1, |m| m.count.max(1));
        self.studio.hours_per_day * Decimal::from(3600 * days) * Decimal::from(count)
    }
}

/// Where output comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// A subscription.
    Plan,
    /// A closed model, paid by use.
    Api,
    /// An open model, paid by use at somebody else's machine.
    Hosted,
    /// An open model on the own machine.
    Local,
    /// An open model on a rented GPU.
    Rented,
}

impl Channel {
    pub const ALL: [Channel; 5] = [
        Channel::Plan,
        Channel::Api,
        Channel::Hosted,
        Channel::Local,
        Channel::Rented,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Plan => "plan",
            Channel::Api => "api",
            Channel::Hosted => "hosted",
            Channel::Local => "local",
            Channel::Rented => "rented",
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Monthly fees, or a year paid at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BillingWish {
    Monthly,
    /// A twelfth of the annual total, where one is published.
    Annual,
}

/// What counts as this month's cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accounting {
    /// What the work uses up; credit left on an account is not a cost.
    Use,
    /// What leaves the purse in a first month: unspent deposits and introductory fees included.
    Cash,
}

/// `--only image=plan`, `--only video=runway-standard@annual`: what a modality may use.
#[derive(Debug, Clone, PartialEq)]
pub struct Only {
    pub modality: Modality,
    /// A channel, model, provider, plan or offer, as typed.
    pub what: String,
    pub billing: Option<BillingWish>,
}

impl FromStr for Only {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        let (modality, what) = s
            .split_once('=')
            .ok_or_else(|| format!("`{s}` is not MODALITY=WHAT (for example image=plan)"))?;
        let modality = modality.parse()?;
        let (what, billing) = match what.rsplit_once('@') {
            Some((w, "annual")) => (w, Some(BillingWish::Annual)),
            Some((w, "monthly")) => (w, Some(BillingWish::Monthly)),
            Some((_, other)) => {
                return Err(format!("`@{other}` is not a billing (annual, monthly)"));
            }
            None => (what, None),
        };
        if what.is_empty() {
            return Err(format!("`{s}` names nothing after the equals sign"));
        }
        Ok(Only {
            modality,
            what: what.to_owned(),
            billing,
        })
    }
}

/// One whole question to the chooser.
#[derive(Debug, Clone)]
pub struct Ask {
    pub as_of: jiff::civil::Date,
    /// A price first read up to so many days after `as_of` is taken to hold on `as_of`, and
    /// marked as assumed.
    pub carry_back_days: u32,
    pub demands: Vec<Demand>,
    pub studio: Studio,
    pub machine: Option<Machine>,
    /// Months over which the own machine's price is spread; absent: already owned.
    pub purchase_months: Option<u32>,
    pub rent: bool,
    pub billing: BillingWish,
    pub accounting: Accounting,
    /// Batch prices (answers within a day) may be used.
    pub batch: bool,
    /// Answers must come ahead of others': text is priced at priority rates only.
    pub priority: bool,
    pub only: Vec<Only>,
    pub floors: Vec<Floor>,
}

/// How far behind the best of a board a model may be rated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Floor {
    pub modality: Modality,
    /// Points behind the best.
    pub points: Decimal,
    pub board: String,
    pub day: jiff::civil::Date,
    /// The best, as the board names it.
    pub best: String,
    /// Points behind the best, by model id; a model that is not here has no rating.
    pub behind: BTreeMap<String, Decimal>,
}

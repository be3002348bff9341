//! What a reckoning stands on: the catalog, the question, and conversions between units and
//! currencies as the catalog states them.

use maquette_catalog::Catalog;
use maquette_catalog::schema::model::Model;
use maquette_catalog::schema::place::Conversion;
use maquette_core::{Ask, Currency, Evidence, Money, PartialDate, days_between};
use maquette_fit::estimate::Fits;
use rust_decimal::Decimal;

use crate::facts;
use crate::range::Range;
use crate::reason::{Reason, Why};

/// Days between a rate of exchange and the day asked for beyond which the answer says so.
const RATE_DAYS: i64 = 45;

#[derive(Clone, Copy)]
pub struct Ctx<'a> {
    pub catalog: &'a Catalog,
    /// What times on machines are estimated from.
    pub fits: &'a Fits,
    pub ask: &'a Ask,
    pub currency: Currency,
}

/// An amount in the report's currency, with the rate it took.
pub struct Converted {
    pub amount: Decimal,
    pub evidence: Option<Evidence>,
    pub warning: Option<String>,
}

impl<'a> Ctx<'a> {
    pub fn model(&self, id: &str) -> Option<&'a Model> {
        let models = &self.catalog.models;
        models
            .binary_search_by(|m| m.id.as_str().cmp(id))
            .ok()
            .map(|i| &models[i])
    }

    pub fn conversion(&self, id: &str) -> Result<&'a Conversion, Why> {
        self.catalog
            .conversions
            .iter()
            .find(|c| c.id == id)
            .ok_or_else(|| {
                Why::new(
                    Reason::NotPublished,
                    format!("the catalog has no conversion `{id}`"),
                )
            })
    }

    /// Into the report's currency, at the rate nearest to the day asked for.
    pub fn convert(&self, money: Money) -> Result<Converted, Why> {
        self.convert_to(money, self.currency)
    }

    pub fn convert_to(&self, money: Money, currency: Currency) -> Result<Converted, Why> {
        if money.currency == currency {
            return Ok(Converted {
                amount: money.amount,
                evidence: None,
                warning: None,
            });
        }
        let day = self.ask.as_of;
        let distance = |d: PartialDate| {
            if d.first() <= day && day <= d.last() {
                0
            } else {
                days_between(d.last(), day)
                    .abs()
                    .min(days_between(d.first(), day).abs())
            }
        };
        let rate = self
            .catalog
            .exchange
            .iter()
            .filter(|x| x.from == money.currency && x.to == currency)
            .min_by_key(|x| distance(x.as_of))
            .ok_or_else(|| {
                let detail = format!("no rate from {} to {}", money.currency, currency);
                Why::new(Reason::NoExchangeRate, detail)
            })?;
        let days = distance(rate.as_of);
        Ok(Converted {
            amount: money.amount * rate.rate,
            warning: (days > RATE_DAYS)
                .then(|| format!("rate of exchange of {}, {days} days off", rate.as_of)),
            evidence: Some(facts::exchange(rate)),
        })
    }
}

pub fn conversion_range(c: &Conversion) -> Range {
    Range {
        low: c.low,
        mid: c.mid,
        high: c.high,
    }
}

//! Observed rates of exchange and prices of electricity, laid over the catalog's own: each with the day
//! or period that it holds for, so that a question of an earlier day is answered as before.

use maquette_catalog::Catalog;
use maquette_catalog::schema::place::{Electricity, Exchange};
use maquette_core::{Confidence, Currency, Date, Money, PartialDate};
use maquette_observe::fact::Value;
use maquette_observe::source;
use maquette_observe::store::{Point, Store, StoreError};
use rust_decimal::Decimal;

use super::{day_of, end_of};

/// Households, as each source writes them, and what the figure is.
const HOUSEHOLDS: &[(&str, &str, &str)] = &[
    (
        "eurostat",
        "price/kwh;currency=EUR;sector=residential;tax=included",
        "households of 2,500 to 4,999 kWh a year, all taxes included",
    ),
    (
        "eia",
        "price/kwh;sector=residential",
        "average revenue of residential sales, taxes included",
    ),
];

/// Adds what was observed by the day.
pub(super) fn lay_over(
    catalog: &mut Catalog,
    store: &Store,
    as_of: Date,
) -> Result<(), StoreError> {
    let by = end_of(as_of);
    exchange(catalog, store, by)?;
    electricity(catalog, store, by)
}

/// The bank quotes for one euro; a rate to the dollar is a cross rate of one and the same day.
fn exchange(catalog: &mut Catalog, store: &Store, by: i64) -> Result<(), StoreError> {
    let read = |subject: &str| -> Result<Option<(Date, Decimal)>, StoreError> {
        let last = store.last(subject, "rate", by)?;
        Ok(last.and_then(|p| {
            let rate = p.value.number().filter(|r| !r.is_zero())?;
            Some((since(&p).unwrap_or_else(|| day_of(p.observed_at)), rate))
        }))
    };
    let Some((day, dollars)) = read("fx:EUR/USD")? else {
        return Ok(());
    };
    for subject in store.subjects("fx:EUR/", 1_000)? {
        let Ok(from) = subject["fx:EUR/".len()..].parse::<Currency>() else {
            continue;
        };
        let (from, rate, note) = if from == Currency::USD {
            let euro: Option<Currency> = "EUR".parse().ok();
            let Some(euro) = euro else { continue };
            (euro, Some(dollars), None)
        } else {
            let same = read(&subject)?.filter(|(d, _)| *d == day);
            let note = same.map(|(_, units)| {
                format!("cross rate: {dollars} USD / {units} {from} for one euro")
            });
            let rate = same.and_then(|(_, units)| dollars.checked_div(units));
            (from, rate.map(|r| r.round_dp(8)), note)
        };
        if let Some(rate) = rate {
            catalog.exchange.push(Exchange {
                from,
                to: Currency::USD,
                rate,
                as_of: PartialDate::day(day),
                source: attributed("ecb"),
                confidence: Confidence::High,
                note,
            });
        }
    }
    Ok(())
}

fn electricity(catalog: &mut Catalog, store: &Store, by: i64) -> Result<(), StoreError> {
    for (source, metric, basis) in HOUSEHOLDS {
        for place in &mut catalog.places {
            let subject = format!("power:{}", place.id);
            let Some(last) = store.last(&subject, metric, by)? else {
                continue;
            };
            let (Value::Number(amount), Ok(currency)) =
                (&last.value, last.unit.parse::<Currency>())
            else {
                continue;
            };
            let from = since(&last);
            // What the catalog knows of the same or a later time is left in its place.
            let later = place
                .electricity
                .iter()
                .any(|e| e.from.unwrap_or(e.as_of.first()) >= from.unwrap_or(day_of(by)));
            if later {
                continue;
            }
            place.electricity.push(Electricity {
                amount: Money::new(*amount, currency),
                basis: Some((*basis).to_owned()),
                standing_per_day: None,
                from,
                until: None,
                as_of: PartialDate::day(day_of(last.observed_at)),
                source: attributed(source),
                confidence: Confidence::High,
                note: None,
            });
        }
    }
    Ok(())
}

/// The day that the source says it holds from.
fn since(p: &Point) -> Option<Date> {
    p.valid_from.as_deref()?.parse().ok()
}

fn attributed(id: &str) -> String {
    let line = source::find(id).map_or(id, |s| s.about().attribution);
    format!("observed: {line}")
}

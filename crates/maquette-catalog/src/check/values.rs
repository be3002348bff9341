//! Values that cannot be, dates that say too little, sources that are missing, facts gone stale.

use maquette_core::{Money, PartialDate, Precision, days_between};
use rust_decimal::Decimal;

use super::{Checker, STALE_DAYS, prices};
use crate::locate::Step;
use crate::parse::Kind;
use crate::place;
use crate::problem::Code;

pub fn check(c: &mut Checker<'_>) {
    models(c);
    providers(c);
    hardware(c);
    places(c);
}

fn models(c: &mut Checker<'_>) {
    let catalog = c.catalog;
    for m in &catalog.models {
        let of = (Kind::Model, m.id.as_str());
        sourced(c, of, &place!["source"], &m.source);
        dated(c, of, &place!["as_of"], m.as_of, false);
        if let Some(released) = m.released {
            if released.precision() == Precision::Year {
                let message = format!("`{}` is only known to be released in {released}", m.id);
                c.warn(of, &place!["released"], Code::VagueDate, message);
            }
            if m.retired.is_some_and(|r| r < released.first()) {
                c.error(
                    of,
                    &place!["retired"],
                    Code::ImpossibleValue,
                    "retired before it was released".to_owned(),
                );
            }
        }
        for (i, t) in m.timing.iter().enumerate() {
            sourced(c, of, &place!["timing", i, "source"], &t.source);
            dated(c, of, &place!["timing", i, "as_of"], t.as_of, false);
            if t.seconds <= Decimal::ZERO {
                c.error(
                    of,
                    &place!["timing", i, "seconds"],
                    Code::ImpossibleValue,
                    "a time that is not above zero".to_owned(),
                );
            }
        }
        for (i, f) in m.file.iter().enumerate() {
            sourced(c, of, &place!["file", i, "source"], &f.source);
        }
    }
    for l in &catalog.licenses {
        let of = (Kind::License, l.id.as_str());
        if l.sources.iter().all(|s| s.trim().is_empty()) {
            c.error(
                of,
                &place!["sources"],
                Code::MissingSource,
                "no source is named".to_owned(),
            );
        }
    }
}

fn providers(c: &mut Checker<'_>) {
    let catalog = c.catalog;
    for p in &catalog.providers {
        let of = (Kind::Provider, p.id.as_str());
        sourced(c, of, &place!["source"], &p.source);
        if let Some(d) = &p.deposit {
            sourced(c, of, &place!["deposit", "source"], &d.source);
            dated(c, of, &place!["deposit", "as_of"], d.as_of, false);
        }
        for (i, offer) in p.offer.iter().enumerate() {
            for (k, row) in offer.price.iter().enumerate() {
                sourced(
                    c,
                    of,
                    &place!["offer", i, "price", k, "source"],
                    &row.source,
                );
                let ended = row.until.is_some() || offer.retires.is_some();
                dated(
                    c,
                    of,
                    &place!["offer", i, "price", k, "as_of"],
                    row.as_of,
                    !ended,
                );
            }
        }
        for (i, plan) in p.plan.iter().enumerate() {
            sourced(c, of, &place!["plan", i, "source"], &plan.source);
            for (k, fee) in plan.fee.iter().enumerate() {
                sourced(c, of, &place!["plan", i, "fee", k, "source"], &fee.source);
                dated(
                    c,
                    of,
                    &place!["plan", i, "fee", k, "as_of"],
                    fee.as_of,
                    fee.until.is_none(),
                );
                if fee.amount.amount.is_sign_negative() {
                    c.error(
                        of,
                        &place!["plan", i, "fee", k, "amount"],
                        Code::ImpossibleValue,
                        "a fee below zero".to_owned(),
                    );
                }
            }
            for (k, burn) in plan.burn.iter().enumerate() {
                sourced(c, of, &place!["plan", i, "burn", k, "source"], &burn.source);
                if burn.amount <= Decimal::ZERO || burn.outputs_per_job == 0 {
                    c.error(
                        of,
                        &place!["plan", i, "burn", k, "amount"],
                        Code::ImpossibleValue,
                        "a job that burns or makes nothing".to_owned(),
                    );
                }
            }
            if plan
                .allowance
                .as_ref()
                .is_some_and(|a| a.amount <= Decimal::ZERO)
            {
                c.error(
                    of,
                    &place!["plan", i, "allowance", "amount"],
                    Code::ImpossibleValue,
                    "an allowance that is not above zero".to_owned(),
                );
            }
            if plan
                .topup
                .as_ref()
                .is_some_and(|t| t.units <= Decimal::ZERO)
            {
                c.error(
                    of,
                    &place!["plan", i, "topup", "units"],
                    Code::ImpossibleValue,
                    "a top-up of nothing".to_owned(),
                );
            }
        }
        if let Some(t) = &p.tax {
            sourced(c, of, &place!["tax", "source"], &t.source);
            dated(c, of, &place!["tax", "as_of"], t.as_of, false);
        }
        for (i, x) in p.rental_extra.iter().enumerate() {
            sourced(c, of, &place!["rental_extra", i, "source"], &x.source);
            dated(c, of, &place!["rental_extra", i, "as_of"], x.as_of, false);
        }
        for (i, r) in p.rental.iter().enumerate() {
            sourced(c, of, &place!["rental", i, "source"], &r.source);
            dated(
                c,
                of,
                &place!["rental", i, "as_of"],
                r.as_of,
                r.until.is_none(),
            );
            if r.amount.amount <= Decimal::ZERO {
                c.error(
                    of,
                    &place!["rental", i, "amount"],
                    Code::ImpossibleValue,
                    "a rent that is not above zero".to_owned(),
                );
            }
        }
    }
}

fn hardware(c: &mut Checker<'_>) {
    let catalog = c.catalog;
    for g in &catalog.gpus {
        let of = (Kind::Gpu, g.id.as_str());
        sourced(c, of, &place!["source"], &g.source);
        if g.memory_gb <= Decimal::ZERO || g.watts.is_some_and(|w| w <= Decimal::ZERO) {
            c.error(
                of,
                &place!["memory_gb"],
                Code::ImpossibleValue,
                "memory and watts must be above zero".to_owned(),
            );
        }
        for (i, price) in g.price.iter().enumerate() {
            sourced(c, of, &place!["price", i, "source"], &price.source);
            if price.low.currency != price.high.currency || price.low.amount > price.high.amount {
                c.error(
                    of,
                    &place!["price", i, "low"],
                    Code::ImpossibleValue,
                    "low must not exceed high, in one currency".to_owned(),
                );
            }
        }
    }
}

fn places(c: &mut Checker<'_>) {
    let catalog = c.catalog;
    for place in &catalog.places {
        let of = (Kind::Place, place.id.as_str());
        for (i, e) in place.electricity.iter().enumerate() {
            sourced(c, of, &place!["electricity", i, "source"], &e.source);
            if e.amount.amount <= Decimal::ZERO || e.amount.amount > most_per_kwh(e.amount) {
                c.error(
                    of,
                    &place!["electricity", i, "amount"],
                    Code::ImpossibleValue,
                    format!("{} per kWh cannot be right", e.amount),
                );
            }
        }
    }
    for place in &catalog.places {
        let of = (Kind::Place, place.id.as_str());
        for (i, e) in place.electricity.iter().enumerate() {
            let step = place!["electricity", i, "until"];
            prices::backwards(c, of, &step, e.from, e.until);
        }
        // A rate without a start is carried back: only stated periods can be seen to meet.
        let stated = place.vat.iter().enumerate();
        let stated: Vec<_> = stated
            .filter_map(|(i, v)| Some((i, (v.from?, v.until))))
            .collect();
        if let Some(i) = prices::overlap(&stated) {
            let message = format!("two rates of tax of {} hold at the same time", place.name);
            c.error(of, &place!["vat", i], Code::OverlappingPeriods, message);
        }
        for (i, v) in place.vat.iter().enumerate() {
            prices::backwards(c, of, &place!["vat", i, "until"], v.from, v.until);
            sourced(c, of, &place!["vat", i, "source"], &v.source);
            dated(c, of, &place!["vat", i, "as_of"], v.as_of, false);
            if v.rate < Decimal::ZERO || v.rate > Decimal::ONE {
                c.error(
                    of,
                    &place!["vat", i, "rate"],
                    Code::ImpossibleValue,
                    format!(
                        "a rate is a fraction from 0 to 1 (0.19 is 19 %), not {}",
                        v.rate
                    ),
                );
            }
        }
    }
    for (i, x) in catalog.exchange.iter().enumerate() {
        let of = (Kind::Exchange, "");
        sourced(c, of, &place!["exchange", i, "source"], &x.source);
        dated(c, of, &place!["exchange", i, "as_of"], x.as_of, false);
        if x.rate <= Decimal::ZERO {
            c.error(
                (Kind::Exchange, ""),
                &place!["exchange", i, "rate"],
                Code::ImpossibleValue,
                "a rate that is not above zero".to_owned(),
            );
        }
    }
    for (i, x) in catalog.conversions.iter().enumerate() {
        let of = (Kind::Conversions, "");
        sourced(c, of, &place!["conversion", i, "source"], &x.source);
        if !(x.low <= x.mid && x.mid <= x.high) || x.low <= Decimal::ZERO {
            c.error(
                of,
                &place!["conversion", i, "low"],
                Code::ImpossibleValue,
                format!("`{}` must have 0 < low ≤ mid ≤ high", x.id),
            );
        }
    }
}

/// A measurement is above zero, has a source and a day of at least a month's precision.
pub(super) fn evidence(c: &mut Checker<'_>) {
    let catalog = c.catalog;
    for run in &catalog.runs {
        let of = (Kind::Evidence, run.id.as_str());
        sourced(c, of, &[], &run.source);
        if !(run.value.is_finite() && run.value > 0.0) {
            let message = format!("`{}`: {} is no measurement", run.id, run.value);
            c.error(of, &[], Code::ImpossibleValue, message);
        }
        if let Some(as_of) = run.as_of {
            dated(c, of, &[], as_of, false);
        }
    }
    for loss in &catalog.losses {
        let of = (Kind::Quality, loss.id.as_str());
        sourced(c, of, &[], &loss.source);
        let finite = |v: f64| v.is_finite();
        if !finite(loss.value) || loss.reference.is_some_and(|r| !finite(r) || r == 0.0) {
            let message = format!("`{}`: {} is no measurement", loss.id, loss.value);
            c.error(of, &[], Code::ImpossibleValue, message);
        }
        if let Some(as_of) = loss.as_of {
            dated(c, of, &[], as_of, false);
        }
    }
    for shape in &catalog.shapes {
        let of = (Kind::Shapes, shape.id.as_str());
        sourced(c, of, &[], &shape.source);
        dated(c, of, &[], shape.as_of, false);
        let (all, active) = (shape.params_total, shape.params_active);
        if all == Some(0) || active > all {
            let message = format!("`{}`: more parameters active than there are", shape.id);
            c.error(of, &[], Code::ImpossibleValue, message);
        }
    }
}

/// Five dollars, euros, pounds or francs; other currencies have smaller units.
fn most_per_kwh(price: Money) -> Decimal {
    let large = ["USD", "EUR", "GBP", "CHF"].contains(&price.currency.as_str());
    Decimal::from(if large { 5 } else { 100_000 })
}

fn sourced(c: &mut Checker<'_>, of: (Kind, &str), steps: &[Step], source: &str) {
    if source.trim().is_empty() {
        c.error(
            of,
            steps,
            Code::MissingSource,
            "no source is named".to_owned(),
        );
    }
}

/// The future is an error, a bare year a warning; a live price that nobody read for too long is an error.
fn dated(
    c: &mut Checker<'_>,
    of: (Kind, &str),
    steps: &[Step],
    as_of: PartialDate,
    live_price: bool,
) {
    if as_of.precision() == Precision::Year {
        c.warn(
            of,
            steps,
            Code::VagueDate,
            format!("the date is known only as {as_of}"),
        );
    }
    let Some(today) = c.today else { return };
    if as_of.first() > today {
        c.error(
            of,
            steps,
            Code::ImpossibleValue,
            format!("{as_of} lies after {today}"),
        );
    }
    let age = days_between(as_of.last(), today);
    if live_price && age > STALE_DAYS {
        c.error(
            of,
            steps,
            Code::Stale,
            format!("nobody has read this for {age} days (limit {STALE_DAYS})"),
        );
    }
}

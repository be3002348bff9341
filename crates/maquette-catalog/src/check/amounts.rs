//! Every number of the catalog lies where products and quotients of them still fit a decimal.
//! Overlays may hold anything, and an overflow must be an error of the file, not of the answer.

use rust_decimal::Decimal;

use super::Checker;
use crate::locate::Step;
use crate::parse::Kind;
use crate::place;
use crate::problem::Code;
use crate::schema::plan::Plan;
use crate::schema::provider::{Offer, Rental};

/// Most of money paid at once: a fee, a deposit, a pack, a machine; in whatever currency.
const MOST_PAYMENT: i64 = 1_000_000_000;
/// Most of a price per unit or hour.
const MOST_PRICE: i64 = 10_000_000;
/// Most credits or tokens of an allowance or a pack.
const LEAST_UNITS: Decimal = Decimal::from_parts(1, 0, 0, false, 3);
const MOST_UNITS: i64 = 1_000_000_000_000;
/// Most of a length, a time, a multiple, a rate of exchange, a size of hardware.
const MOST_PLAIN: i64 = 1_000_000;
/// Most yearly revenue that a right may name.
const MOST_REVENUE: i64 = 1_000_000_000_000_000;
/// Least of anything that is not nothing.
const LEAST: Decimal = Decimal::from_parts(1, 0, 0, false, 9);

type Of<'a> = (Kind, &'a str);

pub fn check(c: &mut Checker<'_>) {
    let catalog = c.catalog;
    for m in &catalog.models {
        let of = (Kind::Model, m.id.as_str());
        for (i, t) in m.timing.iter().enumerate() {
            within(
                c,
                of,
                &place!["timing", i, "seconds"],
                Some(t.seconds),
                MOST_PLAIN,
            );
            let (step, most) = (place!["timing", i, "duration_s"], MOST_PLAIN);
            within(c, of, &step, t.duration_s, most);
            within(c, of, &place!["timing", i, "peak_gb"], t.peak_gb, most);
        }
        if let Some(d) = &m.defaults {
            let step = place!["defaults", "duration_s"];
            within(c, of, &step, d.duration_s, MOST_PLAIN);
        }
        if let Some(l) = &m.limits {
            let step = place!["limits", "duration_s"];
            within(c, of, &step, l.duration_s, MOST_PLAIN);
            let step = place!["limits", "min_duration_s"];
            within(c, of, &step, l.min_duration_s, MOST_PLAIN);
        }
    }
    for p in &catalog.providers {
        let of = (Kind::Provider, p.id.as_str());
        if let Some(d) = &p.deposit {
            let step = place!["deposit", "minimum"];
            within(c, of, &step, Some(d.minimum.amount), MOST_PAYMENT);
        }
        for (i, x) in p.offer.iter().enumerate() {
            offer(c, of, i, x);
        }
        for (i, x) in p.plan.iter().enumerate() {
            plan(c, of, i, x);
        }
        for (i, x) in p.rental.iter().enumerate() {
            rental(c, of, i, x);
        }
        for (i, x) in p.rental_extra.iter().enumerate() {
            let amount = x.amount.amount;
            let step = place!["rental_extra", i, "amount"];
            within(c, of, &step, Some(amount), MOST_PRICE);
        }
    }
    hardware(c);
    conversions(c);
}

fn offer(c: &mut Checker<'_>, of: Of<'_>, i: usize, x: &Offer) {
    for (k, s) in x.seconds_allowed.iter().enumerate() {
        above_zero(c, of, &place!["offer", i, "seconds_allowed", k], Some(*s));
    }
    above_zero(
        c,
        of,
        &place!["offer", i, "frames_per_second"],
        x.frames_per_second,
    );
    above_zero(c, of, &place!["offer", i, "seconds_min"], x.seconds_min);
    above_zero(c, of, &place!["offer", i, "seconds_max"], x.seconds_max);
    let pixels = x.megapixel_pixels.map(Decimal::from);
    if pixels.is_some_and(|n| n.is_zero()) {
        zero(c, of, &place!["offer", i, "megapixel_pixels"]);
    }
    for (k, row) in x.price.iter().enumerate() {
        let amount = row.amount.map(|m| m.amount.abs());
        within(
            c,
            of,
            &place!["offer", i, "price", k, "amount"],
            amount,
            MOST_PRICE,
        );
        let when = place!["offer", i, "price", k, "when"];
        sides(c, of, &when, row.when.get("size"));
    }
}

/// `1024x1024`: a size whose pixels can be counted.
fn sides(c: &mut Checker<'_>, of: Of<'_>, steps: &[Step], size: Option<&String>) {
    let Some((w, h)) = size.and_then(|s| s.split_once('x')) else {
        return;
    };
    let large = |side: &str| side.trim().parse::<u64>().is_ok_and(|n| n > 100_000);
    if large(w) || large(h) {
        let message = "a size of more than 100,000 pixels a side".to_owned();
        c.error(of, steps, Code::ImpossibleValue, message);
    }
}

fn plan(c: &mut Checker<'_>, of: Of<'_>, i: usize, x: &Plan) {
    for (k, fee) in x.fee.iter().enumerate() {
        let amount = Some(fee.amount.amount.abs());
        within(
            c,
            of,
            &place!["plan", i, "fee", k, "amount"],
            amount,
            MOST_PAYMENT,
        );
        if fee.intro_months == Some(0) {
            zero(c, of, &place!["plan", i, "fee", k, "intro_months"]);
        }
    }
    if let Some(a) = &x.allowance {
        let step = place!["plan", i, "allowance", "amount"];
        within(c, of, &step, Some(a.amount.abs()), MOST_UNITS);
    }
    for (k, b) in x.burn.iter().enumerate() {
        let step = place!["plan", i, "burn", k, "amount"];
        within(c, of, &step, Some(b.amount.abs()), MOST_PRICE);
        for (n, s) in b.seconds_allowed.iter().enumerate() {
            let step = place!["plan", i, "burn", k, "seconds_allowed", n];
            above_zero(c, of, &step, Some(*s));
        }
        let step = place!["plan", i, "burn", k, "seconds_max"];
        above_zero(c, of, &step, b.seconds_max);
        let when = place!["plan", i, "burn", k, "when"];
        sides(c, of, &when, b.when.get("size"));
    }
    if let Some(lane) = &x.slow_lane {
        let step = place!["plan", i, "slow_lane", "per_day"];
        within(c, of, &step, lane.per_day, MOST_PLAIN);
    }
    if let Some(r) = &x.rollover {
        let step = place!["plan", i, "rollover", "carry_multiple"];
        within(c, of, &step, r.carry_multiple, MOST_PLAIN);
        let step = place!["plan", i, "rollover", "held_multiple"];
        within(c, of, &step, r.held_multiple, MOST_PLAIN);
    }
    if let Some(t) = &x.topup {
        let step = place!["plan", i, "topup", "amount"];
        within(c, of, &step, Some(t.amount.amount), MOST_PAYMENT);
        let step = place!["plan", i, "topup", "units"];
        if t.units.abs() < LEAST_UNITS {
            c.error(
                of,
                &step,
                Code::ImpossibleValue,
                format!("a pack of fewer than {LEAST_UNITS} units"),
            );
        }
        within(c, of, &step, Some(t.units.abs()), MOST_UNITS);
    }
    if let Some(o) = &x.overage {
        let step = place!["plan", i, "overage", "per_unit"];
        within(c, of, &step, o.per_unit.map(|m| m.amount), MOST_PRICE);
        let step = place!["plan", i, "overage", "early_bill_multiple"];
        within(c, of, &step, o.early_bill_multiple, MOST_PLAIN);
        let step = place!["plan", i, "overage", "free_daily"];
        within(c, of, &step, o.free_daily, MOST_UNITS);
    }
    let step = place!["plan", i, "rights", "revenue_cap"];
    within(
        c,
        of,
        &step,
        x.rights.revenue_cap.map(|m| m.amount),
        MOST_REVENUE,
    );
}

fn rental(c: &mut Checker<'_>, of: Of<'_>, i: usize, x: &Rental) {
    let step = place!["rental", i, "amount"];
    within(c, of, &step, Some(x.amount.amount.abs()), MOST_PRICE);
    above_zero(c, of, &place!["rental", i, "vram_gb"], Some(x.vram_gb));
    within(
        c,
        of,
        &place!["rental", i, "idle_seconds"],
        x.idle_seconds,
        MOST_PLAIN,
    );
    let step = place!["rental", i, "credit_hours"];
    within(c, of, &step, x.credit_hours, MOST_PLAIN);
    if x.step_seconds == Some(0) {
        zero(c, of, &place!["rental", i, "step_seconds"]);
    }
}

fn hardware(c: &mut Checker<'_>) {
    let catalog = c.catalog;
    for g in &catalog.gpus {
        let of = (Kind::Gpu, g.id.as_str());
        within(
            c,
            of,
            &place!["memory_gb"],
            Some(g.memory_gb.abs()),
            MOST_PLAIN,
        );
        within(
            c,
            of,
            &place!["bandwidth_gb_s"],
            g.bandwidth_gb_s,
            MOST_PLAIN,
        );
        within(
            c,
            of,
            &place!["watts"],
            g.watts.map(|w| w.abs()),
            MOST_PLAIN,
        );
        for (i, p) in g.price.iter().enumerate() {
            within(
                c,
                of,
                &place!["price", i, "low"],
                Some(p.low.amount),
                MOST_PAYMENT,
            );
            within(
                c,
                of,
                &place!["price", i, "high"],
                Some(p.high.amount),
                MOST_PAYMENT,
            );
        }
    }
}

fn conversions(c: &mut Checker<'_>) {
    let catalog = c.catalog;
    for (i, x) in catalog.exchange.iter().enumerate() {
        let of = (Kind::Exchange, "");
        let step = place!["exchange", i, "rate"];
        within(c, of, &step, Some(x.rate.abs()), MOST_PLAIN);
    }
    for (i, x) in catalog.conversions.iter().enumerate() {
        let of = (Kind::Conversions, "");
        for (key, value) in [("low", x.low), ("mid", x.mid), ("high", x.high)] {
            let step = place!["conversion", i, key];
            within(c, of, &step, Some(value.abs()), MOST_PLAIN);
        }
    }
}

/// A length: above zero, and within what can be reckoned.
fn above_zero(c: &mut Checker<'_>, of: Of<'_>, steps: &[Step], value: Option<Decimal>) {
    if value.is_some_and(|x| x.is_zero()) {
        zero(c, of, steps);
    }
    within(c, of, steps, value, MOST_PLAIN);
}

fn zero(c: &mut Checker<'_>, of: Of<'_>, steps: &[Step]) {
    let message = "this must be above zero".to_owned();
    c.error(of, steps, Code::ImpossibleValue, message);
}

fn within(c: &mut Checker<'_>, of: Of<'_>, steps: &[Step], value: Option<Decimal>, most: i64) {
    let Some(value) = value.filter(|x| !x.is_zero()) else {
        return;
    };
    if value < LEAST || value > Decimal::from(most) {
        let most = maquette_core::group(most.into());
        let message = format!("{value} does not lie between {LEAST} and {most}");
        c.error(of, steps, Code::ImpossibleValue, message);
    }
}

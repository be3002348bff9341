//! `fit --need`: which hardware a model needs, cheapest first, to buy and to rent.

use maquette_core::report::MoneyRange;
use maquette_core::report::fit::{NeedLine, NeedReport};
use maquette_core::{Currency, Unit, days_between};
use maquette_decide::context::Ctx;
use maquette_decide::range::Range;
use maquette_fit::case::Table;
use maquette_fit::device::{Device, GIB};
use maquette_fit::verdict::{self, Verdict};
use maquette_know::catalog::schema::hardware::{Gpu, GpuPrice, GpuPriceKind};
use rust_decimal::Decimal;

use super::form::{FitForm, Question};
use super::page::{self, estimate, gib};
use super::unit_seconds;
use crate::context::Context;
use crate::error::AppError;

/// So many alike devices are tried.
const COUNTS: [u32; 4] = [1, 2, 4, 8];

/// Hardware on which the model fits, cheapest first.
pub fn need(ctx: &Context, form: &FitForm, all: bool) -> Result<NeedReport, AppError> {
    let fits = ctx.fits()?;
    if form.offload.as_deref() == Some("cpu") {
        return Err(AppError::request(
            "--need asks for a GPU, and --offload cpu leaves it out".to_owned(),
        ));
    }
    let q = Question::of(ctx, fits, form)?;
    let ask = q.request.ask(ctx)?;
    let reckoning = Ctx {
        catalog: &ctx.knowledge.catalog,
        fits,
        ask: &ask,
        currency: Currency::USD,
    };
    let mut lines = Vec::new();
    for gpu in &ctx.knowledge.catalog.gpus {
        let mut held = None;
        for count in COUNTS {
            let device = Device::of(gpu, count);
            if count > 1 && device.unified {
                break;
            }
            let q = q.of_device(device);
            let Some(found) = verdict::fit(fits, &q.subject, &q.setting, &q.device) else {
                continue;
            };
            if !matches!(found.verdict, Verdict::Fits | Verdict::WithOffloading) {
                continue;
            }
            // It runs on fewer, and more of them have no more room for one run.
            if held.is_some() && held == found.usable {
                break;
            }
            held = found.usable;
            let seconds = unit_seconds(fits, &q.subject, &found.setting, &q);
            let buy = buy(gpu, count, &reckoning);
            let rent = rent(gpu, count, &reckoning);
            lines.push(NeedLine {
                gpu: gpu.id.clone(),
                name: gpu.name.clone(),
                count,
                verdict: found.verdict.as_str().to_owned(),
                switches: found.switches.iter().map(|s| (*s).to_owned()).collect(),
                peak: estimate(
                    found.peak.times(1.0 / GIB),
                    "GiB",
                    fits.is_own(Table::Peak, &q.subject, &found.setting, &q.device),
                ),
                usable_gib: found.usable.map(gib).unwrap_or_default(),
                seconds: seconds.map(|(f, own)| estimate(f, "seconds", own)),
                buy: buy.as_ref().map(|(m, _)| m.clone()),
                buy_from: buy.map(|(_, s)| s),
                rent_hour: rent.as_ref().map(|(m, _)| m.clone()),
                rent_from: rent.map(|(_, s)| s),
            });
            // More of the same is needed only where fewer do not hold it whole.
            if found.verdict == Verdict::Fits {
                break;
            }
        }
    }
    let price = |m: &Option<MoneyRange>| m.as_ref().and_then(|m| m.amount.parse::<Decimal>().ok());
    let rank = |l: &NeedLine| {
        (
            price(&l.buy).is_none(),
            price(&l.buy),
            price(&l.rent_hour).is_none(),
            price(&l.rent_hour),
            l.gpu.clone(),
        )
    };
    lines.sort_by_key(rank);
    let mut notes = q.notes.clone();
    let whole = |l: &NeedLine| l.verdict == Verdict::Fits.as_str();
    let offloaded = lines.iter().filter(|l| !whole(l)).count();
    if !all && lines.iter().any(whole) && offloaded > 0 {
        notes.push(smaller(&lines, offloaded));
        lines.retain(whole);
    }
    if !all {
        let unpriced = lines
            .iter()
            .filter(|l| l.buy.is_none() && l.rent_hour.is_none())
            .count();
        lines.retain(|l| l.buy.is_some() || l.rent_hour.is_some());
        if unpriced > 0 {
            notes.push(format!(
                "{unpriced} more would do, whose price is not known (--all lists them)"
            ));
        }
    }
    notes.push(
        "prices are those of the cards alone, before tax; a machine around them costs more"
            .to_owned(),
    );
    Ok(NeedReport {
        schema: "maquette.fit-need/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        model: page::model(&q.subject),
        setting: page::setting(&q, &q.setting),
        lines,
        notes,
    })
}

/// What holds the model with offloading only, and the cheapest of it.
fn smaller(lines: &[NeedLine], count: usize) -> String {
    let offloads = |l: &&NeedLine| l.verdict != Verdict::Fits.as_str();
    let cheapest = lines.iter().filter(offloads).find_map(|l| {
        let (price, time) = (l.buy.as_ref()?, l.seconds.as_ref()?);
        let count = if l.count > 1 {
            format!("{} × ", l.count)
        } else {
            String::new()
        };
        Some(format!(
            "; the cheapest to buy is {count}{} for {} {}, {} s for one",
            l.name, price.amount, price.currency, time.mid
        ))
    });
    format!(
        "{count} smaller ones hold it with offloading, more slowly{} (--all lists them)",
        cheapest.unwrap_or_default()
    )
}

/// Days after which what a shop asked is history.
const FRESH_DAYS: i64 = 540;

/// The price of so many, and where it was read: what shops ask of late for new ones, then for used ones,
/// else the newest price that anybody stated.
fn buy(gpu: &Gpu, count: u32, ctx: &Ctx<'_>) -> Option<(MoneyRange, String)> {
    let known = || {
        let today = ctx.ask.as_of;
        gpu.price.iter().filter(move |p| p.as_of.first() <= today)
    };
    let fresh = |kind: GpuPriceKind| {
        let young = |p: &&GpuPrice| days_between(p.as_of.last(), ctx.ask.as_of) <= FRESH_DAYS;
        let of_kind = known().filter(|p| p.kind == kind).filter(young);
        of_kind.max_by_key(|p| p.as_of.last())
    };
    let row = fresh(GpuPriceKind::New)
        .or_else(|| fresh(GpuPriceKind::Used))
        .or_else(|| known().max_by_key(|p| (p.as_of.last(), p.kind == GpuPriceKind::New)))?;
    let low = ctx.convert(row.low).ok()?.amount * Decimal::from(count);
    let high = ctx.convert(row.high).ok()?.amount * Decimal::from(count);
    let kind = match row.kind {
        GpuPriceKind::New => "new",
        GpuPriceKind::Used => "used",
        GpuPriceKind::Launch => "at launch",
    };
    let range = Range {
        low,
        mid: (low + high) / Decimal::TWO,
        high,
    };
    Some((
        range.money(ctx.currency),
        format!("{kind}, {}: {}", row.as_of, row.source),
    ))
}

/// The cheapest hour of so many that is in force.
fn rent(gpu: &Gpu, count: u32, ctx: &Ctx<'_>) -> Option<(MoneyRange, String)> {
    let mut best: Option<(Decimal, String)> = None;
    for provider in &ctx.catalog.providers {
        for r in provider
            .rental
            .iter()
            .filter(|r| r.gpu.as_ref() == Some(&gpu.id))
        {
            let dates = maquette_decide::standing::Dates::from(r);
            if maquette_decide::standing::standing(&dates, ctx.ask.as_of, ctx.ask.carry_back_days)
                .is_err()
            {
                continue;
            }
            let Ok(each) = ctx.convert(r.amount) else {
                continue;
            };
            let hour = if r.per == Unit::GpuHour {
                each.amount
            } else {
                each.amount * Decimal::from(3600)
            };
            let hour = hour * Decimal::from(count);
            if best.as_ref().is_none_or(|(b, _)| hour < *b) {
                best = Some((hour, format!("{} ({})", r.id, r.as_of)));
            }
        }
    }
    best.map(|(hour, from)| (Range::point(hour).money(ctx.currency), from))
}

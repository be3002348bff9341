//! Candidates on the own machine and on rented GPUs: at a published time, or at an estimated one.

use std::collections::BTreeMap;

use maquette_catalog::schema::model::{Model, Openness};
use maquette_core::{Basis, Channel, Confidence, Demand, Evidence, Unit};
use rust_decimal::Decimal;

use super::{Candidate, Field, RentalOption, Store, input_warning, prompt_warning};
use crate::context::Ctx;
use crate::facts::{Fact, Formula};
use crate::machine_cost::Seconds;
use crate::range::Range;
use crate::reason::{Reason, Why};
use crate::rent_cost::{self, Extras};
use crate::standing::{Dates, Standing, standing};
use crate::{legal, machine_cost, offer_cost, only, tax, variant};

/// Rentals in force today whose GPU the catalog knows; of two alike the dearer is left out.
pub(super) fn rentals<'a>(f: &mut Field<'a>, ctx: &Ctx<'a>) {
    if !ctx.ask.rent {
        return;
    }
    for provider in &ctx.catalog.providers {
        for rental in &provider.rental {
            let Some(gpu) = rental
                .gpu
                .as_ref()
                .and_then(|id| ctx.catalog.gpus.iter().find(|g| g.id == *id))
            else {
                continue;
            };
            let dates = Dates::from(rental);
            if standing(&dates, ctx.ask.as_of, ctx.ask.carry_back_days).is_err() {
                continue;
            }
            let Ok(converted) = ctx.convert(rental.amount) else {
                continue;
            };
            let hour = Decimal::from(3600);
            let taxed = tax::on(provider, None, ctx);
            let per_hour = if rental.per == Unit::GpuHour {
                converted.amount
            } else {
                converted.amount * hour
            };
            if let Some(hours) = rental.credit_hours {
                let hour = taxed.factor.times(per_hour);
                f.deposits.insert(&rental.id, hour.times(hours));
            }
            f.rentals.push(RentalOption {
                rental,
                gpu,
                per_hour: taxed.price(per_hour),
                taxed,
                extras: Extras::of(provider, ctx),
                step_seconds: rental.step_seconds.map_or(hour, Decimal::from),
                idle_seconds: rental.idle_seconds.unwrap_or_default(),
            });
        }
    }
    let dominated = |a: &RentalOption<'_>, b: &RentalOption<'_>| {
        a.gpu.id == b.gpu.id
            && b.per_hour <= a.per_hour
            && b.step_seconds <= a.step_seconds
            && b.idle_seconds <= a.idle_seconds
            && b.rental.credit_hours.unwrap_or_default()
                <= a.rental.credit_hours.unwrap_or_default()
            && b.extras.no_dearer(&a.extras)
    };
    // A dearer rental may be the only one that `--only` allows.
    if !ctx.ask.only.is_empty() {
        return;
    }
    let all = f.rentals.clone();
    let mut i = 0;
    f.rentals.retain(|r| {
        let beaten = all
            .iter()
            .enumerate()
            .any(|(j, o)| j != i && dominated(r, o) && (!dominated(o, r) || j < i));
        i += 1;
        !beaten
    });
}

pub(super) fn own_and_rented<'a>(f: &mut Field<'a>, d: usize, demand: &Demand, ctx: &Ctx<'a>) {
    let power = machine_cost::power_price(ctx);
    for model in ctx
        .catalog
        .models
        .iter()
        .filter(|m| m.modality == demand.modality && m.openness == Openness::Open)
    {
        // Nobody grades what a model makes at home: a tier asked for is not to be had there.
        let graded = variant::suits(&BTreeMap::new(), demand).is_err();
        if graded || offer_cost::model_available(model, demand, ctx).is_err() {
            continue;
        }
        if only::allows(
            ctx.ask,
            demand.modality,
            Channel::Local,
            "own machine",
            model,
            "",
        ) {
            let name = f
                .machine
                .map_or_else(|| model.id.clone(), |g| format!("{} on {}", model.id, g.id));
            if let Err(why) = own(f, d, demand, model, &power, ctx) {
                f.rule_out(d, name, &model.id, Channel::Local, why);
            }
        }
        rented(f, d, demand, model, ctx);
    }
}

fn own<'a>(
    f: &mut Field<'a>,
    d: usize,
    demand: &Demand,
    model: &'a Model,
    power: &Result<(Decimal, Vec<Evidence>), Why>,
    ctx: &Ctx<'a>,
) -> Result<(), Why> {
    let legal = legal::of_model(model, Channel::Local, ctx)?;
    let gpu = f
        .machine
        .ok_or_else(|| Why::new(Reason::NoMachine, "no GPU was found or named (give --gpu)"))?;
    if let Some(why) = &f.no_price {
        return Err(why.clone());
    }
    let (time, drawn) = machine_cost::time(model, gpu, demand, ctx)?;
    let (per_kwh, power_evidence) = power.as_ref().map_err(Clone::clone)?;
    let (cost, watts) = machine_cost::energy(gpu, time.seconds, drawn, *per_kwh)?;
    let doubt = doubtful_time(&time.evidence);
    let other_time = power_evidence.iter().find(|e| e.basis == Basis::Assumed);
    let mut evidence = time.evidence;
    evidence.push(watts);
    evidence.extend(power_evidence.iter().cloned());
    let mut warnings: Vec<String> = input_warning(&model.needs_input).into_iter().collect();
    warnings.extend(prompt_warning(model, demand));
    warnings.extend(doubt);
    warnings.extend(other_time.map(|e| {
        format!(
            "the price of electricity is that of another time, read {}: {}",
            e.as_of, e.fact
        )
    }));
    if let Some(p) = &f.purchase {
        evidence.extend(p.evidence.iter().cloned());
        warnings.extend(p.warning.clone());
    } else {
        warnings.push(
            "the machine is taken as already owned; its price is not counted (--purchase-months)"
                .to_owned(),
        );
    }
    f.candidates.push(Candidate {
        demand: d,
        model,
        provider: "own machine".to_owned(),
        channel: Channel::Local,
        via: gpu.id.clone(),
        variant: String::new(),
        outputs_per_job: Decimal::ONE,
        cost,
        draws: Some((Store::Machine, time.seconds)),
        start_units: Range::ZERO,
        start_cost: Range::ZERO,
        legal,
        warnings,
        formula: Formula::Words(format!(
            "{} s × board power × price of a kWh",
            time.seconds.mid.round_dp(4).normalize()
        )),
        facts: evidence.into_iter().map(Fact::from).collect(),
        basis: Some(time.basis),
    });
    Ok(())
}

/// Rentals that are looked at for one model where no time is published: the one on which this work
/// alone costs least. Another could win only by an hour shared with other work; so many of them are
/// more than the search for the cheapest stack can prove.
const ESTIMATED_RENTALS: usize = 1;

fn rented<'a>(f: &mut Field<'a>, d: usize, demand: &Demand, model: &'a Model, ctx: &Ctx<'a>) {
    let mut times: BTreeMap<&str, Option<Seconds>> = BTreeMap::new();
    for r in &f.rentals {
        times.entry(r.gpu.id.as_str()).or_insert_with(|| {
            machine_cost::time(model, r.gpu, demand, ctx)
                .ok()
                .map(|(t, _)| t)
        });
    }
    // Without a published time only the cheapest by the hour are worth a sentence.
    let mut worth: Vec<(Decimal, usize)> = (0..f.rentals.len())
        .filter_map(|i| {
            let r = &f.rentals[i];
            let time = times.get(r.gpu.id.as_str())?.as_ref()?;
            let work = time.seconds.mid.checked_mul(demand.to_make())?;
            let steps = (work / r.step_seconds).ceil();
            Some((steps.checked_mul(r.step_price())?, i))
        })
        .collect();
    worth.sort();
    let published = |i: usize| model.timing.iter().any(|t| t.gpu == f.rentals[i].gpu.id);
    let mut kept: Vec<usize> = worth
        .iter()
        .map(|(_, i)| *i)
        .filter(|i| published(*i))
        .collect();
    let open = |i: &usize| {
        let r = f.rentals[*i].rental;
        let provider = r.id.split('/').next().unwrap_or_default();
        only::allows(
            ctx.ask,
            demand.modality,
            Channel::Rented,
            provider,
            model,
            &r.id,
        )
    };
    let estimated = worth
        .iter()
        .map(|(_, i)| *i)
        .filter(|i| !published(*i))
        .filter(open);
    kept.extend(estimated.take(ESTIMATED_RENTALS));
    kept.sort_unstable();
    for i in kept {
        let (gpu, rental) = (f.rentals[i].gpu, f.rentals[i].rental);
        let provider = rental.id.split('/').next().unwrap_or_default();
        if !only::allows(
            ctx.ask,
            demand.modality,
            Channel::Rented,
            provider,
            model,
            &rental.id,
        ) {
            continue;
        }
        let Some(time) = times.get(gpu.id.as_str()).cloned().flatten() else {
            continue;
        };
        let legal = match legal::of_model(model, Channel::Rented, ctx) {
            Ok(legal) => legal,
            Err(why) => {
                f.rule_out(
                    d,
                    format!("{} on {}", model.id, rental.id),
                    &model.id,
                    Channel::Rented,
                    why,
                );
                continue;
            }
        };
        let dates = Dates::from(rental);
        let state =
            standing(&dates, ctx.ask.as_of, ctx.ask.carry_back_days).unwrap_or(Standing::Current);
        let Ok((load, load_evidence)) = machine_cost::load_seconds(model, ctx) else {
            let why = Why::new(
                Reason::NotMeasured,
                "the size of its weights is not known, so neither is its load time",
            );
            f.rule_out(
                d,
                format!("{} on {}", model.id, rental.id),
                &model.id,
                Channel::Rented,
                why,
            );
            continue;
        };
        let doubt = doubtful_time(&time.evidence);
        let mut evidence = time.evidence;
        evidence.push(load_evidence);
        let taxed = &f.rentals[i].taxed;
        let factor = taxed.factor;
        evidence.extend(taxed.evidence.iter().cloned());
        evidence.push(Evidence {
            id: rental.id.clone(),
            fact: format!("{} per {} ({})", rental.amount, rental.per, rental.sold_as),
            source: rental.source.clone(),
            as_of: rental.as_of.to_string(),
            confidence: rental.confidence,
            basis: if state.is_assumed() {
                Basis::Assumed
            } else {
                Basis::Published
            },
            note: rental.note.clone(),
        });
        let mut warnings: Vec<String> = state.warning("rent", rental.as_of).into_iter().collect();
        warnings.extend(input_warning(&model.needs_input));
        warnings.extend(prompt_warning(model, demand));
        warnings.extend(taxed.warning.clone());
        warnings.extend(doubt);
        if matches!(rental.confidence, Confidence::Low | Confidence::Conflict) {
            warnings.push(format!("rent: {} confidence", rental.confidence.as_str()));
        }
        warnings.extend(rental.note.iter().map(|n| format!("rent: {n}")));
        warnings.push(format!(
            "one load of the weights a month is counted ({} to {} s)",
            load.low.round_dp(0),
            load.high.round_dp(0)
        ));
        let start_units = load.plus(Range::point(f.rentals[i].idle_seconds));
        let times = (time.seconds, start_units);
        let beside = rent_cost::beside(&f.rentals[i].extras, model, demand, times, ctx);
        evidence.extend(beside.evidence);
        if !beside.left_out.is_empty() {
            warnings.push(format!(
                "beside the rent, no price is published for {}: not counted",
                beside.left_out.join(", ")
            ));
        }
        if rental.step_seconds.is_none() {
            warnings
                .push("how time is rounded is not published: whole hours are assumed".to_owned());
        }
        f.candidates.push(Candidate {
            demand: d,
            model,
            provider: provider.to_owned(),
            channel: Channel::Rented,
            via: rental.id.clone(),
            variant: rental.tier.clone(),
            outputs_per_job: Decimal::ONE,
            cost: beside.each.scaled(factor),
            draws: Some((Store::Rental(i), time.seconds)),
            start_units,
            start_cost: beside.once.scaled(factor),
            legal,
            warnings,
            formula: Formula::Words(format!(
                "{} s × {} per {}{}",
                time.seconds.mid.round_dp(4).normalize(),
                rental.amount,
                rental.per,
                taxed.words()
            )),
            facts: evidence.into_iter().map(Fact::from).collect(),
            basis: Some(time.basis),
        });
    }
}

/// A published time that its source leaves in doubt must not look like any other.
fn doubtful_time(evidence: &[Evidence]) -> Option<String> {
    let low = |e: &&Evidence| matches!(e.confidence, Confidence::Low | Confidence::Conflict);
    let doubtful = evidence.iter().find(low)?;
    let note = doubtful.note.as_deref().unwrap_or(&doubtful.source);
    Some(format!(
        "time: {} confidence: {note}",
        doubtful.confidence.as_str()
    ))
}

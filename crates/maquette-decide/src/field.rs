//! The whole field of candidates: every way in the catalog to make each demand, priced, or ruled out
//! with the reason.

use std::collections::BTreeMap;

use maquette_catalog::schema::hardware::Gpu;
use maquette_catalog::schema::license::License;
use maquette_catalog::schema::model::{Model, Openness};
use maquette_catalog::schema::plan::Plan;
use maquette_catalog::schema::provider::{Provider, Rental};
use maquette_core::{BillingWish, Channel, Demand, Evidence, Unit};
use rust_decimal::Decimal;

use crate::context::Ctx;
use crate::facts::{Fact, Formula};
use crate::legal::{self, Legal};
use crate::machine_cost;
use crate::offer_cost;
use crate::only;
use crate::plan_cost::{self, Packs, PlanFee};
use crate::range::Range;
use crate::reason::{Reason, Why};
use crate::standing::{Dates, Standing, standing};

/// One way to make one demand, priced.
#[derive(Debug, Clone)]
pub struct Candidate<'a> {
    /// Index into the asked demands.
    pub demand: usize,
    pub model: &'a Model,
    /// Provider id, or `own machine`.
    pub provider: String,
    pub channel: Channel,
    /// Offer, plan or rental id, or the GPU.
    pub via: String,
    pub variant: String,
    pub outputs_per_job: Decimal,
    /// Money per job beside fees and packs.
    pub cost: Range,
    /// Units a job takes from its store.
    pub draws: Option<(Store, Range)>,
    /// Units taken once when it is used at all: loading the model on a rented GPU.
    pub start_units: Decimal,
    pub legal: Legal,
    pub warnings: Vec<String>,
    pub formula: Formula,
    pub facts: Vec<Fact<'a>>,
    pub basis: Option<String>,
}

/// What a candidate draws on, or must hold open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// The allowance of a plan.
    Plan(usize),
    /// A plan's slow lane: the plan must be held, the allowance is untouched.
    SlowLane(usize),
    /// Seconds of the own machine.
    Machine,
    /// Seconds of a rented GPU.
    Rental(usize),
}

/// A plan that at least one candidate uses.
#[derive(Debug, Clone)]
pub struct PlanOption<'a> {
    pub plan: &'a Plan,
    pub provider: &'a Provider,
    pub fee: PlanFee,
    pub allowance: Decimal,
    pub packs: Option<Packs>,
}

#[derive(Debug, Clone)]
pub struct RentalOption<'a> {
    pub rental: &'a Rental,
    pub gpu: &'a Gpu,
    /// Money per billed hour.
    pub per_hour: Decimal,
    pub step_seconds: Decimal,
    pub idle_seconds: Decimal,
}

impl RentalOption<'_> {
    /// Money for one billing step; multiplied before it is divided, so that an hour costs an hour.
    pub fn step_price(&self) -> Decimal {
        self.per_hour * self.step_seconds / Decimal::from(3600)
    }
}

/// A candidate that is out, with the reason.
#[derive(Debug, Clone)]
pub struct Out {
    pub demand: usize,
    pub candidate: String,
    pub model: String,
    pub channel: Channel,
    pub why: Why,
    pub cost: Option<Decimal>,
}

#[derive(Debug, Default)]
pub struct Field<'a> {
    pub candidates: Vec<Candidate<'a>>,
    pub out: Vec<Out>,
    pub plans: Vec<PlanOption<'a>>,
    pub rentals: Vec<RentalOption<'a>>,
    pub machine: Option<&'a Gpu>,
    /// Monthly share of the own machine's price, when asked for.
    pub purchase: Option<(Decimal, Evidence)>,
    /// Least payment of a provider, in the report's currency.
    pub deposits: BTreeMap<&'a str, Decimal>,
}

/// Looks at everything the catalog sells or offers for the asked demands.
pub fn field<'a>(ctx: &Ctx<'a>) -> Field<'a> {
    let mut f = Field::default();
    f.machine = ctx
        .ask
        .machine
        .as_ref()
        .and_then(|m| ctx.catalog.gpus.iter().find(|g| g.id == m.gpu));
    if let (Some(gpu), Some(months)) = (f.machine, ctx.ask.purchase_months) {
        f.purchase = machine_cost::purchase(gpu, months, ctx).ok();
    }
    for provider in &ctx.catalog.providers {
        if let Some(converted) = provider
            .deposit
            .as_ref()
            .and_then(|d| ctx.convert(d.minimum).ok())
        {
            f.deposits.insert(&provider.id, converted.amount);
        }
    }
    rentals(&mut f, ctx);
    for (d, demand) in ctx.ask.demands.iter().enumerate() {
        for provider in &ctx.catalog.providers {
            offers(&mut f, d, demand, provider, ctx);
            plans(&mut f, d, demand, provider, ctx);
        }
        own_and_rented(&mut f, d, demand, ctx);
    }
    f
}

impl Field<'_> {
    pub fn deposit_of(&self, provider: &str) -> Option<Decimal> {
        self.deposits.get(provider).copied()
    }

    fn rule_out(
        &mut self,
        demand: usize,
        candidate: String,
        model: &str,
        channel: Channel,
        why: Why,
    ) {
        self.out.push(Out {
            demand,
            candidate,
            model: model.to_owned(),
            channel,
            why,
            cost: None,
        });
    }
}

fn license<'a>(model: &Model, ctx: &Ctx<'a>) -> Option<&'a License> {
    let id = model.license.as_ref()?;
    ctx.catalog.licenses.iter().find(|l| l.id == *id)
}

fn offers<'a>(f: &mut Field<'a>, d: usize, demand: &Demand, provider: &'a Provider, ctx: &Ctx<'a>) {
    for offer in provider
        .offer
        .iter()
        .filter(|o| o.modality == demand.modality)
    {
        let Some(model) = ctx.model(&offer.model) else {
            continue;
        };
        let channel = if model.openness == Openness::Open {
            Channel::Hosted
        } else {
            Channel::Api
        };
        if !only::allows(
            ctx.ask,
            demand.modality,
            channel,
            &provider.id,
            model,
            &offer.id,
        ) {
            continue;
        }
        let legal = match legal::of_model(model, license(model, ctx), channel, &ctx.ask.studio) {
            Ok(legal) => legal,
            Err(why) => {
                f.rule_out(d, offer.id.clone(), &model.id, channel, why);
                continue;
            }
        };
        for (tier, priced) in offer_cost::of_offer(offer, model, demand, ctx) {
            match priced {
                Ok(p) => {
                    let mut warnings = p.warnings;
                    if let Some(markup) = &offer.markup {
                        warnings.push(format!("a reseller's price: {markup}"));
                    }
                    f.candidates.push(Candidate {
                        demand: d,
                        model,
                        provider: provider.id.clone(),
                        channel,
                        via: offer.id.clone(),
                        variant: p.variant,
                        outputs_per_job: Decimal::ONE,
                        cost: p.cost,
                        draws: None,
                        start_units: Decimal::ZERO,
                        legal: legal.clone(),
                        warnings,
                        formula: p.formula,
                        facts: p.facts,
                        basis: None,
                    });
                }
                Err(why) => {
                    let name = if tier.is_empty() {
                        offer.id.clone()
                    } else {
                        format!("{} ({tier})", offer.id)
                    };
                    f.rule_out(d, name, &model.id, channel, why);
                }
            }
        }
    }
}

fn plans<'a>(f: &mut Field<'a>, d: usize, demand: &Demand, provider: &'a Provider, ctx: &Ctx<'a>) {
    for plan in provider
        .plan
        .iter()
        .filter(|p| p.modality.contains(&demand.modality))
    {
        if !only::allows_plan(ctx.ask, demand.modality, &provider.id, plan) {
            continue;
        }
        if let Err(why) = plan_uses(f, d, demand, provider, plan, ctx) {
            f.rule_out(d, plan.id.clone(), "", Channel::Plan, why);
        }
    }
}

fn plan_uses<'a>(
    f: &mut Field<'a>,
    d: usize,
    demand: &Demand,
    provider: &'a Provider,
    plan: &'a Plan,
    ctx: &Ctx<'a>,
) -> Result<(), Why> {
    let legal = legal::of_plan(&plan.rights, &plan.id, &ctx.ask.studio)?;
    let index = match f.plans.iter().position(|p| p.plan.id == plan.id) {
        Some(i) => i,
        None => {
            let wish = only::billing(ctx.ask, &provider.id, plan).unwrap_or(ctx.ask.billing);
            let option = plan_option(plan, provider, wish, ctx)?;
            f.plans.push(option);
            f.plans.len() - 1
        }
    };
    let fee = f.plans[index].fee.clone();
    let uses = plan_cost::uses(plan, demand, ctx);
    let mut first_why = None;
    let mut any = false;
    for used in uses {
        let used = match used {
            Ok(u) => u,
            Err(why) => {
                first_why = first_why.or(Some(why));
                continue;
            }
        };
        let Some(model) = ctx.model(&used.burn.model) else {
            continue;
        };
        if let Err(why) = offer_cost::model_available(model, ctx) {
            first_why = first_why.or(Some(why));
            continue;
        }
        any = true;
        let mut evidence = fee.evidence.clone();
        evidence.push(Evidence {
            id: format!("{}#burn{}", plan.id, used.index + 1),
            fact: format!(
                "{}, {} output(s) a job",
                used.formula,
                used.outputs_per_job.normalize()
            ),
            source: used.burn.source.clone(),
            as_of: used.burn.as_of.to_string(),
            confidence: used.burn.confidence,
            basis: maquette_core::Basis::Published,
            note: used.burn.note.clone(),
        });
        let candidate = Candidate {
            demand: d,
            model,
            provider: provider.id.clone(),
            channel: Channel::Plan,
            via: plan.id.clone(),
            variant: used.variant.clone(),
            outputs_per_job: used.outputs_per_job,
            cost: Range::ZERO,
            draws: Some((Store::Plan(index), Range::point(used.units_per_job))),
            start_units: Decimal::ZERO,
            legal: legal.clone(),
            warnings: fee.warnings.clone(),
            formula: Formula::Words(format!("{}; {}", fee.formula, used.formula)),
            facts: evidence.into_iter().map(Fact::from).collect(),
            basis: None,
        };
        if plan
            .slow_lane
            .as_ref()
            .is_some_and(|s| s.per_day.is_none() && s.modality.contains(&demand.modality))
        {
            let mut slow = candidate.clone();
            slow.draws = Some((Store::SlowLane(index), Range::ZERO));
            slow.variant = if slow.variant.is_empty() {
                "slow lane".to_owned()
            } else {
                format!("{}, slow lane", slow.variant)
            };
            slow.warnings
                .push("the slow lane is queued: no time is promised".to_owned());
            f.candidates.push(slow);
        }
        f.candidates.push(candidate);
    }
    match (any, first_why) {
        (false, Some(why)) => Err(why),
        _ => Ok(()),
    }
}

fn plan_option<'a>(
    plan: &'a Plan,
    provider: &'a Provider,
    wish: BillingWish,
    ctx: &Ctx<'_>,
) -> Result<PlanOption<'a>, Why> {
    Ok(PlanOption {
        plan,
        provider,
        fee: plan_cost::fee(plan, wish, ctx)?,
        allowance: plan_cost::monthly_allowance(plan, ctx)?,
        packs: plan_cost::packs(plan, ctx)?,
    })
}

/// Rentals in force today whose GPU the catalog knows; of two alike the dearer is left out.
fn rentals<'a>(f: &mut Field<'a>, ctx: &Ctx<'a>) {
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
            let dates = Dates {
                from: rental.from,
                until: rental.until,
                first_seen: rental.first_seen,
                as_of: rental.as_of,
                absent_on: None,
            };
            if standing(&dates, ctx.ask.as_of, ctx.ask.carry_back_days).is_err() {
                continue;
            }
            let Ok(converted) = ctx.convert(rental.amount) else {
                continue;
            };
            let hour = Decimal::from(3600);
            let per_hour = if rental.per == Unit::GpuHour {
                converted.amount
            } else {
                converted.amount * hour
            };
            f.rentals.push(RentalOption {
                rental,
                gpu,
                per_hour,
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

fn own_and_rented<'a>(f: &mut Field<'a>, d: usize, demand: &Demand, ctx: &Ctx<'a>) {
    let power = machine_cost::power_price(ctx);
    for model in ctx
        .catalog
        .models
        .iter()
        .filter(|m| m.modality == demand.modality && m.openness == Openness::Open)
    {
        if offer_cost::model_available(model, ctx).is_err() {
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
    let legal = legal::of_model(model, license(model, ctx), Channel::Local, &ctx.ask.studio)?;
    let gpu = f
        .machine
        .ok_or_else(|| Why::new(Reason::NoMachine, "no GPU was found or named (give --gpu)"))?;
    let time = machine_cost::seconds(model, gpu, demand, ctx)?;
    let (per_kwh, power_evidence) = power.as_ref().map_err(Clone::clone)?;
    let (cost, watts) = machine_cost::energy(gpu, time.seconds, *per_kwh)?;
    let mut evidence = time.evidence;
    evidence.push(watts);
    evidence.extend(power_evidence.iter().cloned());
    let mut warnings = Vec::new();
    if let Some((_, e)) = &f.purchase {
        evidence.push(e.clone());
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
        start_units: Decimal::ZERO,
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

fn rented<'a>(f: &mut Field<'a>, d: usize, demand: &Demand, model: &'a Model, ctx: &Ctx<'a>) {
    for i in 0..f.rentals.len() {
        let (gpu, rental) = (f.rentals[i].gpu, f.rentals[i].rental);
        // Most models have no time on most GPUs: ask before a sentence is written about it.
        if !model.timing.iter().any(|t| t.gpu == gpu.id) {
            continue;
        }
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
        let Ok(time) = machine_cost::seconds(model, gpu, demand, ctx) else {
            continue;
        };
        let legal =
            match legal::of_model(model, license(model, ctx), Channel::Rented, &ctx.ask.studio) {
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
        let dates = Dates {
            from: rental.from,
            until: rental.until,
            first_seen: rental.first_seen,
            as_of: rental.as_of,
            absent_on: None,
        };
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
        let mut evidence = time.evidence;
        evidence.push(load_evidence);
        evidence.push(Evidence {
            id: rental.id.clone(),
            fact: format!("{} per {} ({})", rental.amount, rental.per, rental.sold_as),
            source: rental.source.clone(),
            as_of: rental.as_of.to_string(),
            confidence: rental.confidence,
            basis: maquette_core::Basis::Published,
            note: rental.note.clone(),
        });
        let mut warnings: Vec<String> = state.warning("rent", rental.as_of).into_iter().collect();
        warnings.push(format!(
            "one load of the weights a month is counted ({} to {} s); storage and traffic are not",
            load.low.round_dp(0),
            load.high.round_dp(0)
        ));
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
            cost: Range::ZERO,
            draws: Some((Store::Rental(i), time.seconds)),
            start_units: f.rentals[i].idle_seconds + load.mid,
            legal,
            warnings,
            formula: Formula::Words(format!(
                "{} s × {} per {}",
                time.seconds.mid.round_dp(4).normalize(),
                rental.amount,
                rental.per
            )),
            facts: evidence.into_iter().map(Fact::from).collect(),
            basis: Some(time.basis),
        });
    }
}

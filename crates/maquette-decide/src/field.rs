//! The whole field of candidates: every way in the catalog to make each demand, priced, or ruled out
//! with the reason.

mod machines;
mod offers;
mod plans;

use std::collections::BTreeMap;

use maquette_catalog::schema::hardware::Gpu;
use maquette_catalog::schema::model::Model;
use maquette_catalog::schema::plan::Plan;
use maquette_catalog::schema::provider::{Provider, Rental};
use maquette_core::{Channel, Demand};
use rust_decimal::Decimal;

use crate::context::Ctx;
use crate::facts::{Fact, Formula};
use crate::legal::Legal;
use crate::machine_cost::{self, Purchase};
use crate::offer_cost;
use crate::plan_cost::DAYS_PER_MONTH;
use crate::plan_cost::{Packs, PlanFee};
use crate::range::Range;
use crate::reason::{Reason, Why};
use crate::rent_cost::Extras;
use crate::tax::{self, Taxed};

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
    pub start_units: Range,
    /// Money paid once a month when it is used at all: keeping the weights.
    pub start_cost: Range,
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
    /// A plan's slow lane without a limit: the plan must be held, the allowance is untouched.
    SlowLane(usize),
    /// A plan's slow lane that gives so many units a day, spread over the month.
    DailyLane(usize),
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

impl PlanOption<'_> {
    /// Units that a slow lane counted by the day gives in a month; zero without one.
    pub fn a_month_of_slow_lane(&self) -> Decimal {
        let lane = self.plan.slow_lane.as_ref();
        lane.and_then(|l| l.per_day).unwrap_or_default() * Decimal::from(DAYS_PER_MONTH)
    }
}

#[derive(Debug, Clone)]
pub struct RentalOption<'a> {
    pub rental: &'a Rental,
    pub gpu: &'a Gpu,
    /// Money per billed hour.
    pub per_hour: Decimal,
    pub step_seconds: Decimal,
    pub idle_seconds: Decimal,
    /// Tax on the rent, which is in the price of an hour.
    pub taxed: Taxed,
    /// What is paid beside the hours, without tax.
    pub extras: Extras,
}

impl RentalOption<'_> {
    /// Id of the provider.
    pub fn provider(&self) -> &str {
        self.rental.id.split('/').next().unwrap_or_default()
    }

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
    pub purchase: Option<Purchase>,
    /// Why the own machine's price cannot be counted, though it was asked for.
    pub no_price: Option<Why>,
    /// Least payment by provider, or by rental where it is so many hours of it; in the report's
    /// currency, with the tax on it.
    pub deposits: BTreeMap<&'a str, Range>,
}

/// Looks at everything the catalog sells or offers for the asked demands.
pub fn field<'a>(ctx: &Ctx<'a>) -> Field<'a> {
    let machine = ctx.ask.machine.as_ref();
    let mut f = Field {
        machine: machine.and_then(|m| ctx.catalog.gpus.iter().find(|g| g.id == m.gpu)),
        ..Field::default()
    };
    if let (Some(gpu), Some(months)) = (f.machine, ctx.ask.purchase_months) {
        match machine_cost::purchase(gpu, months, ctx) {
            Ok(purchase) => f.purchase = Some(purchase),
            Err(why) => f.no_price = Some(why),
        }
    }
    for provider in &ctx.catalog.providers {
        if let Some(converted) = provider
            .deposit
            .as_ref()
            .and_then(|d| ctx.convert(d.minimum).ok())
        {
            let taxed = tax::on(provider, None, ctx);
            f.deposits
                .insert(&provider.id, taxed.factor.times(converted.amount));
        }
    }
    machines::rentals(&mut f, ctx);
    for (d, demand) in ctx.ask.demands.iter().enumerate() {
        for provider in &ctx.catalog.providers {
            offers::offers(&mut f, d, demand, provider, ctx);
            plans::plans(&mut f, d, demand, provider, ctx);
        }
        machines::own_and_rented(&mut f, d, demand, ctx);
    }
    f.hold_floors(ctx);
    f
}

impl Field<'_> {
    pub fn deposit_of(&self, payee: &str) -> Option<Decimal> {
        self.deposits.get(payee).map(|d| d.mid)
    }

    /// Whom credit for this rental is paid in to: its provider, or the rental itself where only that
    /// asks for a least credit.
    pub fn payee<'f>(&'f self, rental: &'f RentalOption<'_>) -> &'f str {
        if self.deposits.contains_key(rental.provider()) {
            rental.provider()
        } else {
            &rental.rental.id
        }
    }

    /// Rules out what people rate too low, or not at all, where a floor was asked for.
    fn hold_floors(&mut self, ctx: &Ctx<'_>) {
        for floor in &ctx.ask.floors {
            let of = |c: &Candidate<'_>| ctx.ask.demands[c.demand].modality == floor.modality;
            let why = |c: &Candidate<'_>| match floor.behind.get(&c.model.id) {
                Some(behind) if *behind <= floor.points => None,
                Some(behind) => Some(Why::new(
                    Reason::BelowFloor,
                    format!(
                        "{behind} points behind {} on {} of {}; the floor is {}",
                        floor.best, floor.board, floor.day, floor.points
                    ),
                )),
                None => Some(Why::new(
                    Reason::NotRated,
                    format!("no rating on {} of {}", floor.board, floor.day),
                )),
            };
            let (kept, out): (Vec<_>, Vec<_>) = std::mem::take(&mut self.candidates)
                .into_iter()
                .map(|c| (why(&c).filter(|_| of(&c)), c))
                .partition(|(why, _)| why.is_none());
            self.candidates = kept.into_iter().map(|(_, c)| c).collect();
            self.out.extend(out.into_iter().filter_map(|(why, c)| {
                Some(Out {
                    demand: c.demand,
                    candidate: c.via,
                    model: c.model.id.clone(),
                    channel: c.channel,
                    why: why?,
                    cost: None,
                })
            }));
        }
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

/// Caveats of what the model must be given beside words.
fn prompt_warning(model: &Model, demand: &Demand) -> Option<String> {
    offer_cost::prompt_fits(model, demand).ok().flatten()
}

fn input_warning(needs: &[String]) -> Option<String> {
    (!needs.is_empty())
        .then(|| format!("needs a start {}, which is not priced", needs.join(" and ")))
}

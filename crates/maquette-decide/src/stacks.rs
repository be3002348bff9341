//! `choose`: the cheapest lawful stack, and the same month all closed, all open, all here, all hosted.

use maquette_catalog::Catalog;
use maquette_catalog::schema::model::Openness;
use maquette_core::report::choose::{
    Charge, Choice, FitLine, RuledOut, Stack, StackReport, StudioLine, Unpriced, WorkloadLine,
};
use maquette_core::{
    Ask, Basis, Channel, Currency, Demand, MachineOrigin, Modality, Money, MoneyFigure, group,
};
use rust_decimal::Decimal;

use crate::assemble::{Assembled, FixedOf, alone, assemble};
use crate::context::Ctx;
use crate::explain;
use crate::facts::Fact;
use crate::field::{Candidate, Field, Store, field};
use crate::program::Answer;
use crate::range::Range;
use crate::reason::Reason;
use crate::solve::{SolveError, solve};

pub const SCHEMA: &str = "maquette.choose/1";

/// The stacks, in the order they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Cheapest,
    Closed,
    Open,
    Local,
    Hosted,
}

impl Kind {
    pub const ALL: [Kind; 5] = [
        Kind::Cheapest,
        Kind::Closed,
        Kind::Open,
        Kind::Local,
        Kind::Hosted,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Kind::Cheapest => "cheapest",
            Kind::Closed => "closed",
            Kind::Open => "open",
            Kind::Local => "local",
            Kind::Hosted => "hosted",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Kind::Cheapest => "Cheapest lawful stack",
            Kind::Closed => "Closed models only",
            Kind::Open => "Open models only",
            Kind::Local => "This machine only",
            Kind::Hosted => "Open models, hosted",
        }
    }

    fn admits(self, c: &Candidate<'_>) -> bool {
        match self {
            Kind::Cheapest => true,
            Kind::Closed => c.model.openness == Openness::Closed,
            Kind::Open => c.model.openness == Openness::Open,
            Kind::Local => c.channel == Channel::Local,
            Kind::Hosted => c.channel == Channel::Hosted,
        }
    }
}

/// Ids of the demands: `images`, `videos`, …; a second one of a modality is `images-2`.
pub fn demand_ids(demands: &[Demand]) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for d in demands {
        let base = match d.modality {
            Modality::Text => "words",
            Modality::Image => "images",
            Modality::Video => "videos",
            Modality::Music => "songs",
            Modality::Sound => "sounds",
            Modality::Speech => "speech",
            Modality::ThreeD => "assets-3d",
            Modality::Motion => "motions",
        };
        let same = ids
            .iter()
            .filter(|i| i.split('-').next() == base.split('-').next())
            .count();
        ids.push(if same == 0 {
            base.to_owned()
        } else {
            format!("{base}-{}", same + 1)
        });
    }
    ids
}

/// Answers one question from the catalog. Pure: the same arguments give the same report.
pub fn choose(catalog: &Catalog, ask: &Ask) -> StackReport {
    let ctx = Ctx {
        catalog,
        ask,
        currency: Currency::USD,
    };
    let field = field(&ctx);
    let ids = demand_ids(&ask.demands);
    let mut stacks = Vec::new();
    let mut used: Vec<usize> = Vec::new();
    for kind in Kind::ALL {
        let chosen: Vec<usize> = (0..field.candidates.len())
            .filter(|&c| kind.admits(&field.candidates[c]))
            .collect();
        let (stack, ways) = stack(kind, &field, &chosen, &ctx, &ids);
        if kind == Kind::Cheapest {
            used = ways;
        }
        stacks.push(stack);
    }
    let ruled_out = ruled_out(&field, &used, &ctx, &ids);
    StackReport {
        schema: SCHEMA.to_owned(),
        as_of: ask.as_of.to_string(),
        currency: ctx.currency.to_string(),
        finding: explain::finding(&stacks),
        workload: workload(ask, &ids),
        studio: studio(&field, &ctx),
        notes: explain::notes(&ctx),
        stacks,
        ruled_out,
    }
}

fn stack(
    kind: Kind,
    field: &Field<'_>,
    chosen: &[usize],
    ctx: &Ctx<'_>,
    ids: &[String],
) -> (Stack, Vec<usize>) {
    let mut stack = Stack {
        id: kind.id().to_owned(),
        title: kind.title().to_owned(),
        total: None,
        choices: Vec::new(),
        charges: Vec::new(),
        cash_up_front: MoneyFigure::from(Money::zero(ctx.currency)),
        unpriced: Vec::new(),
        explanation: Vec::new(),
    };
    for (d, id) in ids.iter().enumerate() {
        if !chosen.iter().any(|&c| field.candidates[c].demand == d) {
            let reason = explain::why_nothing(kind, field, d);
            stack.unpriced.push(Unpriced {
                demand: id.clone(),
                reason,
            });
        }
    }
    if kind == Kind::Cheapest && !stack.unpriced.is_empty() {
        stack.explanation = explain::smallest_change(ctx, &stack.unpriced, ids);
    }
    let assembled = assemble(field, chosen, ctx.ask);
    if assembled.needs.is_empty() {
        return (stack, Vec::new());
    }
    match solve(&assembled.program) {
        Ok(answer) => {
            let used = fill(&mut stack, field, &assembled, &answer, ctx, ids);
            (stack, used)
        }
        Err(e) => {
            stack.explanation.push(match e {
                SolveError::Infeasible => {
                    "the allowances and machine hours that are there do not suffice for this volume"
                        .to_owned()
                }
                SolveError::NotProven => {
                    "no cheapest stack was proven within the limit of the search: \
                    narrow it with --only or --no-rent"
                        .to_owned()
                }
                SolveError::Solver(e) => format!("the solver failed: {e}"),
            });
            for &d in &assembled.needs {
                let reason = "not enough of it to be had together with the rest".to_owned();
                stack.unpriced.push(Unpriced {
                    demand: ids[d].clone(),
                    reason,
                });
            }
            (stack, Vec::new())
        }
    }
}

/// Writes the answer into the stack: each fee and pack is shared among the choices that use it.
fn fill(
    stack: &mut Stack,
    field: &Field<'_>,
    a: &Assembled,
    answer: &Answer,
    ctx: &Ctx<'_>,
    ids: &[String],
) -> Vec<usize> {
    let live: Vec<usize> = (0..a.ways.len())
        .filter(|&w| !answer.jobs[w].is_zero())
        .collect();
    let mut cost: Vec<Range> = (0..a.ways.len())
        .map(|w| field.candidates[a.ways[w]].cost.times(answer.jobs[w]))
        .collect();
    let money = |d: Decimal| MoneyFigure::from(Money::new(d, ctx.currency));
    let mut up_front = Decimal::ZERO;
    for (f, of) in a.fixed.iter().enumerate().filter(|(f, _)| answer.open[*f]) {
        let fee = a.program.fixed[f].cost;
        let users: Vec<usize> = live
            .iter()
            .copied()
            .filter(|&w| {
                let way = &a.program.ways[w];
                way.needs == Some(f)
                    || way
                        .uses
                        .iter()
                        .any(|(p, _)| a.program.pools[*p].given_by == Some(f))
            })
            .collect();
        share(&mut cost, &users, Range::point(fee), |w| {
            weight(a, answer, w)
        });
        let (what, start) = match of {
            FixedOf::Plan(p) => (
                format!(
                    "{} ({})",
                    field.plans[*p].plan.id, field.plans[*p].fee.formula
                ),
                field.plans[*p].fee.at_start,
            ),
            FixedOf::Purchase => (
                "own machine, a month's share of its price".to_owned(),
                Decimal::ZERO,
            ),
            FixedOf::Start(_) => continue,
        };
        up_front += start;
        stack.charges.push(Charge {
            what,
            amount: money(fee),
            demands: names(&users, field, a, ids),
        });
    }
    for (p, store) in a
        .pools
        .iter()
        .enumerate()
        .filter(|(p, _)| !answer.packs[*p].is_zero())
    {
        let Some(pack) = &a.program.pools[p].packs else {
            continue;
        };
        let users: Vec<usize> = live
            .iter()
            .copied()
            .filter(|&w| a.program.ways[w].uses.iter().any(|(q, _)| *q == p))
            .collect();
        let price = answer.packs[p] * pack.price;
        share(&mut cost, &users, Range::point(price), |w| {
            weight(a, answer, w)
        });
        let what = match store {
            Store::Rental(r) => {
                let hours = answer.packs[p] * pack.units / Decimal::from(3600);
                format!(
                    "{}: {} hours",
                    field.rentals[*r].rental.id,
                    hours.round_dp(3).normalize()
                )
            }
            Store::Plan(i) | Store::SlowLane(i) => {
                let units = answer.packs[p] * pack.units;
                format!(
                    "{}: {} units beyond the allowance",
                    field.plans[*i].plan.id,
                    group(units.round_dp(2))
                )
            }
            Store::Machine => continue,
        };
        stack.charges.push(Charge {
            what,
            amount: money(price),
            demands: names(&users, field, a, ids),
        });
    }
    for (d, provider) in a
        .deposits
        .iter()
        .enumerate()
        .filter(|(d, _)| !answer.unspent[*d].is_zero())
    {
        let users: Vec<usize> = live
            .iter()
            .copied()
            .filter(|&w| a.program.ways[w].deposit == Some(d))
            .collect();
        share(&mut cost, &users, Range::point(answer.unspent[d]), |w| {
            weight(a, answer, w)
        });
        stack.charges.push(Charge {
            what: format!("{provider}: credit paid in and left over"),
            amount: money(answer.unspent[d]),
            demands: names(&users, field, a, ids),
        });
    }
    up_front += deposits_due(field, a, &live, answer);
    stack.cash_up_front = money(up_front);
    let total = live.iter().fold(Range::ZERO, |sum, &w| sum.plus(cost[w]));
    stack.total = Some(total.money(ctx.currency));
    for &w in &live {
        stack
            .choices
            .push(choice(stack, field, a, answer, w, cost[w], ctx, ids));
    }
    live.iter().map(|&w| a.ways[w]).collect()
}

fn names(users: &[usize], field: &Field<'_>, a: &Assembled, ids: &[String]) -> Vec<String> {
    users
        .iter()
        .map(|&w| ids[field.candidates[a.ways[w]].demand].clone())
        .collect()
}

/// How much of a shared charge a way carries: the units it draws, or one where it draws none.
fn weight(a: &Assembled, answer: &Answer, w: usize) -> Decimal {
    let way = &a.program.ways[w];
    let units: Decimal = way.uses.iter().map(|(_, u)| u * answer.jobs[w]).sum();
    if units.is_zero() { Decimal::ONE } else { units }
}

/// Splits a charge by weight; the last user takes the remainder, so that the parts add up exactly.
fn share(cost: &mut [Range], users: &[usize], charge: Range, weight: impl Fn(usize) -> Decimal) {
    let total: Decimal = users.iter().map(|&w| weight(w)).sum();
    let mut left = charge.mid;
    for (i, &w) in users.iter().enumerate() {
        let part = if i + 1 == users.len() {
            left
        } else {
            (charge.mid * weight(w) / total).round_dp(6)
        };
        left -= part;
        cost[w] = cost[w].plus(Range::point(part));
    }
}

/// The least payments of the providers used, where they exceed what the work uses there.
fn deposits_due(field: &Field<'_>, a: &Assembled, live: &[usize], answer: &Answer) -> Decimal {
    let mut spend: std::collections::BTreeMap<&str, Decimal> = std::collections::BTreeMap::new();
    for &w in live {
        let c = &field.candidates[a.ways[w]];
        if c.draws.is_none() {
            *spend.entry(c.provider.as_str()).or_default() += c.cost.mid * answer.jobs[w];
        }
    }
    spend
        .into_iter()
        .filter_map(|(provider, used)| field.deposit_of(provider).map(|minimum| minimum.max(used)))
        .sum()
}

#[allow(
    clippy::too_many_arguments,
    reason = "one call, all of it is the choice"
)]
fn choice(
    stack: &Stack,
    field: &Field<'_>,
    a: &Assembled,
    answer: &Answer,
    w: usize,
    cost: Range,
    ctx: &Ctx<'_>,
    ids: &[String],
) -> Choice {
    let c = &field.candidates[a.ways[w]];
    let demand = &ctx.ask.demands[c.demand];
    let made = (answer.jobs[w] * c.outputs_per_job).min(demand.to_make());
    let kept = made * demand.keep_rate;
    let id = format!("{}/{}", stack.id, ids[c.demand]);
    let twin = stack
        .choices
        .iter()
        .filter(|x| x.demand == ids[c.demand])
        .count();
    let unit = if kept.is_zero() {
        Range::ZERO
    } else {
        cost.times(Decimal::ONE / kept)
    };
    let round = |r: Range| Range {
        low: r.low.round_dp(8),
        mid: r.mid.round_dp(8),
        high: r.high.round_dp(8),
    };
    Choice {
        id: if twin == 0 {
            id
        } else {
            format!("{id}-{}", twin + 1)
        },
        demand: ids[c.demand].clone(),
        model: c.model.id.clone(),
        model_name: c.model.name.clone(),
        openness: if c.model.openness == Openness::Open {
            "open"
        } else {
            "closed"
        }
        .to_owned(),
        provider: c.provider.clone(),
        channel: c.channel.to_string(),
        via: c.via.clone(),
        variant: c.variant.clone(),
        quantity: made.normalize().to_string(),
        cost: cost.money(ctx.currency),
        unit_cost: round(unit).money(ctx.currency),
        license: c.legal.line(),
        fit: fit(field, c, answer.jobs[w]),
        warnings: c.warnings.clone(),
        formula: formula(c, answer.jobs[w], demand),
        evidence: c.facts.iter().map(Fact::evidence).collect(),
    }
}

fn formula(c: &Candidate<'_>, jobs: Decimal, demand: &Demand) -> String {
    let jobs_word = if c.outputs_per_job == Decimal::ONE {
        "outputs"
    } else {
        "jobs"
    };
    let jobs = group(jobs.round_dp(4));
    let keep = if demand.keep_rate == Decimal::ONE {
        String::new()
    } else {
        format!(" (kept: {} of each made)", demand.keep_rate.normalize())
    };
    format!("{jobs} {jobs_word}{keep} × [{}]", c.formula)
}

fn fit(field: &Field<'_>, c: &Candidate<'_>, jobs: Decimal) -> Option<FitLine> {
    let (store, seconds) = c.draws?;
    let gpu = match store {
        Store::Machine => field.machine?,
        Store::Rental(r) => field.rentals[r].gpu,
        _ => return None,
    };
    Some(FitLine {
        gpu: gpu.name.clone(),
        seconds_per_output: seconds.mid.round_dp(4).normalize().to_string(),
        hours: (seconds.mid * jobs / Decimal::from(3600))
            .round_dp(3)
            .normalize()
            .to_string(),
        basis: c
            .basis
            .clone()
            .unwrap_or_else(|| Basis::Measured.as_str().to_owned()),
    })
}

fn workload(ask: &Ask, ids: &[String]) -> Vec<WorkloadLine> {
    ask.demands
        .iter()
        .zip(ids)
        .map(|(d, id)| WorkloadLine {
            id: id.clone(),
            modality: d.modality.to_string(),
            quantity: d.quantity.normalize().to_string(),
            unit: d.modality.output_unit().to_string(),
            made: d.to_make().normalize().to_string(),
            keep_rate: d.keep_rate.normalize().to_string(),
            description: d.describe(),
        })
        .collect()
}

fn studio(field: &Field<'_>, ctx: &Ctx<'_>) -> StudioLine {
    let s = &ctx.ask.studio;
    StudioLine {
        country: s.country.clone(),
        purpose: s.purpose.as_str().to_owned(),
        revenue: s.revenue.map(MoneyFigure::from),
        seats: s.seats,
        machine: field.machine.map(|g| g.name.clone()),
        machine_origin: ctx.ask.machine.as_ref().map(|m| {
            match m.origin {
                MachineOrigin::Detected => "detected",
                MachineOrigin::Given => "given",
            }
            .to_owned()
        }),
        power_price: crate::machine_cost::power_price(ctx)
            .ok()
            .map(|(p, _)| MoneyFigure::from(Money::new(p, ctx.currency))),
    }
}

/// Everything not in the cheapest stack: dearer candidates with their price, and those ruled out.
fn ruled_out(field: &Field<'_>, used: &[usize], ctx: &Ctx<'_>, ids: &[String]) -> Vec<RuledOut> {
    let mut out: Vec<(usize, u8, Option<Decimal>, RuledOut)> = Vec::new();
    for (i, c) in field
        .candidates
        .iter()
        .enumerate()
        .filter(|(i, _)| !used.contains(i))
    {
        let cost = alone(field, i, ctx.ask);
        let detail = match cost {
            Some(x) => format!(
                "{} alone for {}",
                dollars(x, ctx),
                ctx.ask.demands[c.demand].describe()
            ),
            None => "its allowance or hours do not suffice alone".to_owned(),
        };
        let name = if c.variant.is_empty() {
            c.via.clone()
        } else {
            format!("{} ({})", c.via, c.variant)
        };
        let name = if c.channel == Channel::Local {
            format!("{} on {}", c.model.id, c.via)
        } else {
            name
        };
        out.push((
            c.demand,
            0,
            cost,
            RuledOut {
                demand: ids[c.demand].clone(),
                candidate: name,
                model: c.model.id.clone(),
                channel: c.channel.to_string(),
                reason: Reason::TooExpensive.as_str().to_owned(),
                detail,
                cost: cost.map(|x| MoneyFigure::from(Money::new(x, ctx.currency))),
            },
        ));
    }
    for o in &field.out {
        out.push((
            o.demand,
            1,
            o.cost,
            RuledOut {
                demand: ids[o.demand].clone(),
                candidate: o.candidate.clone(),
                model: o.model.clone(),
                channel: o.channel.to_string(),
                reason: o.why.reason.as_str().to_owned(),
                detail: o.why.detail.clone(),
                cost: None,
            },
        ));
    }
    out.sort_by(|a, b| {
        (a.0, a.1, a.2.is_none(), a.2, &a.3.candidate).cmp(&(
            b.0,
            b.1,
            b.2.is_none(),
            b.2,
            &b.3.candidate,
        ))
    });
    out.into_iter().map(|(.., r)| r).collect()
}

fn dollars(x: Decimal, ctx: &Ctx<'_>) -> String {
    let m = Money::new(x, ctx.currency);
    format!("{} {}", m.rounded(), ctx.currency)
}

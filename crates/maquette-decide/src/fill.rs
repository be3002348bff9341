//! Writes an answer of the program into a stack of the report: every fee and pack shared among the
//! choices that use it, so that the parts add up to the total exactly.

use maquette_catalog::schema::model::Openness;
use maquette_core::report::choose::{Charge, Choice, FitLine, Stack};
use maquette_core::{Basis, Demand, Money, MoneyFigure, group};
use rust_decimal::Decimal;

use crate::assemble::{Assembled, FixedOf};
use crate::context::Ctx;
use crate::facts::Fact;
use crate::field::{Candidate, Field, Store};
use crate::program::{Answer, Pack};
use crate::range::Range;

/// Writes the answer into the stack: each fee and pack is shared among the choices that use it.
pub(crate) fn fill(
    stack: &mut Stack,
    field: &Field<'_>,
    a: &Assembled,
    answer: &Answer,
    ctx: &Ctx<'_>,
    ids: &[String],
) {
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
        let (what, start, charge) = match of {
            FixedOf::Plan(p) => {
                let option = &field.plans[*p];
                (
                    format!("{} ({})", option.plan.id, option.fee.formula),
                    option.fee.at_start,
                    option.fee.taxed.spread(fee),
                )
            }
            FixedOf::Purchase => (
                "own machine, a month's share of its price".to_owned(),
                Decimal::ZERO,
                field
                    .purchase
                    .as_ref()
                    .map_or(Range::point(fee), |p| p.monthly),
            ),
            FixedOf::Start(c) => {
                let once = field.candidates[*c].start_cost;
                share(&mut cost, &users, once, |w| weight(a, answer, w));
                continue;
            }
        };
        share(&mut cost, &users, charge, |w| weight(a, answer, w));
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
        let charge = match store {
            Store::Rental(r) => {
                let taxed = &field.rentals[*r].taxed;
                let rent = rent_range(field, a, answer, &users, pack, price);
                Range {
                    low: taxed.spread(rent.low).low,
                    ..rent
                }
            }
            Store::Plan(i) | Store::SlowLane(i) => field.plans[*i].fee.taxed.spread(price),
            Store::Machine | Store::DailyLane(_) => continue,
        };
        share(&mut cost, &users, charge, |w| weight(a, answer, w));
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
            Store::Machine | Store::DailyLane(_) => continue,
        };
        // Top-ups are bought before they are used; metered overage is billed after.
        let bought = |i: usize| field.plans[i].plan.topup.is_some();
        if matches!(store, Store::Plan(i) | Store::SlowLane(i) if bought(*i)) {
            let least = Decimal::from(pack.minimum);
            up_front += answer.packs[p].ceil().max(least) * pack.price;
        }
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
            .filter(|&w| counts_towards(a, w, d))
            .collect();
        let minimum = field.deposits.get(provider.as_str()).copied();
        let charge = minimum
            .filter(|m| !m.mid.is_zero())
            .map_or(Range::point(answer.unspent[d]), |m| {
                m.times(answer.unspent[d] / m.mid)
            });
        share(&mut cost, &users, charge, |w| weight(a, answer, w));
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
        stack.choices.push(choice(
            stack,
            field,
            &field.candidates[a.ways[w]],
            (answer.jobs[w], cost[w]),
            ctx,
            ids,
        ));
    }
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
    let mut left = charge;
    for (i, &w) in users.iter().enumerate() {
        let part = if i + 1 == users.len() {
            left
        } else {
            let of = |x: Decimal| (x * weight(w) / total).round_dp(6);
            Range {
                low: of(charge.low),
                mid: of(charge.mid),
                high: of(charge.high),
            }
        };
        left = Range {
            low: left.low - part.low,
            mid: left.mid - part.mid,
            high: left.high - part.high,
        };
        cost[w] = cost[w].plus(part);
    }
}

/// The rent if everything went as fast, and as slowly, as the times and load times allow.
fn rent_range(
    field: &Field<'_>,
    a: &Assembled,
    answer: &Answer,
    users: &[usize],
    pack: &Pack,
    mid: Decimal,
) -> Range {
    let taken = |of: fn(Range) -> Decimal| -> Decimal {
        let units = users.iter().map(|&w| {
            let c = &field.candidates[a.ways[w]];
            let each = c.draws.map_or(Decimal::ZERO, |(_, units)| of(units));
            each * answer.jobs[w] + of(c.start_units)
        });
        (units.sum::<Decimal>() / pack.units).ceil() * pack.price
    };
    Range {
        low: taken(|r| r.low).min(mid),
        mid,
        high: taken(|r| r.high).max(mid),
    }
}

/// Does what the way pays, for itself or for packs, count towards the minimum spend?
fn counts_towards(a: &Assembled, w: usize, deposit: usize) -> bool {
    let way = &a.program.ways[w];
    let packs = |p: usize| a.program.pools[p].packs.as_ref();
    let by_packs = |p: usize| packs(p).is_some_and(|k| k.deposit == Some(deposit));
    way.deposit == Some(deposit) || way.uses.iter().any(|(p, _)| by_packs(*p))
}

/// The least payments of the providers used: what is due before the first request.
fn deposits_due(field: &Field<'_>, a: &Assembled, live: &[usize], answer: &Answer) -> Decimal {
    let mut payees = std::collections::BTreeSet::new();
    for (p, store) in a.pools.iter().enumerate() {
        if let Store::Rental(r) = store
            && !answer.packs[p].is_zero()
        {
            payees.insert(field.payee(&field.rentals[*r]));
        }
    }
    for &w in live {
        let c = &field.candidates[a.ways[w]];
        if c.draws.is_none() {
            payees.insert(c.provider.as_str());
        }
    }
    payees.iter().filter_map(|p| field.deposit_of(p)).sum()
}

/// One way with what it makes and costs, for the report.
fn choice(
    stack: &Stack,
    field: &Field<'_>,
    c: &Candidate<'_>,
    (jobs, cost): (Decimal, Range),
    ctx: &Ctx<'_>,
    ids: &[String],
) -> Choice {
    let demand = &ctx.ask.demands[c.demand];
    let made = (jobs * c.outputs_per_job).min(demand.to_make());
    let kept = (made * demand.keep_rate).min(demand.quantity);
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
        quantity: made.round_dp(2).normalize().to_string(),
        cost: cost.money(ctx.currency),
        unit_cost: round(unit).money(ctx.currency),
        license: c.legal.line(),
        fit: fit(field, c, jobs),
        warnings: c.warnings.clone(),
        formula: formula(c, jobs, demand) + &shared(c, jobs, cost, ctx),
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

/// What the cost holds beside the jobs: fees, packs, rented steps, credit left over.
fn shared(c: &Candidate<'_>, jobs: Decimal, cost: Range, ctx: &Ctx<'_>) -> String {
    if let Some((Store::Rental(_), _)) = c.draws {
        let extras = c.cost.mid * jobs + c.start_cost.mid;
        let amount = |d: Decimal| d.round_dp(6).normalize();
        return format!(
            " with the start, in whole steps, and credit left over = {} {}; + {} {} of disk and traffic",
            amount(cost.mid - extras),
            ctx.currency,
            amount(extras),
            ctx.currency
        );
    }
    let beside = (cost.mid - c.cost.mid * jobs).round_dp(6).normalize();
    if beside.is_zero() {
        String::new()
    } else {
        format!(
            " + {beside} {} of fees, packs, whole steps or credit left over",
            ctx.currency
        )
    }
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

//! From the solver's floats to an exact answer. Whole jobs only need rounding. Where work can be cut
//! finely a float a billionth off its place buys a sliver of a pack, so the shares are put exactly
//! where a store is just used up, by moving work between the ways that the solver chose.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::program::{Answer, HAIR, Pool, Program, Way};

/// Digits kept of a quotient without end.
const DIGITS: u32 = 18;
/// Moves at most; each makes the answer cheaper.
const MOST_MOVES: usize = 200;

fn up(x: Decimal) -> Decimal {
    x.round_dp_with_strategy(DIGITS, RoundingStrategy::ToPositiveInfinity)
}

fn down(x: Decimal) -> Decimal {
    x.round_dp_with_strategy(DIGITS, RoundingStrategy::ToNegativeInfinity)
}

/// One in the last digit less than cut: room even where the solver overstepped by its tolerance.
fn below(x: &Decimal, digits: u32) -> Decimal {
    x.trunc_with_scale(digits) - Decimal::new(1, digits)
}

/// The cheapest exact answer near `jobs`; `None` where they break a rule that rounding cannot mend.
pub(crate) fn repair(program: &Program, jobs: &[Decimal], packs: &[Decimal]) -> Option<Answer> {
    if program.needs.iter().all(|n| n.whole) {
        return program.settle(jobs.iter().map(Decimal::round).collect());
    }
    let limits = limits(program, packs);
    let mut best = [9, 6, 4, 2]
        .into_iter()
        .flat_map(|digits| {
            [Decimal::round_dp, Decimal::trunc_with_scale, below].map(|cut| (digits, cut))
        })
        .filter_map(|(digits, cut)| {
            program.settle(cut_off(program, jobs, &limits, |x| cut(&x, digits)))
        })
        .min_by_key(|a| a.cost)?;
    let live: Vec<bool> = jobs.iter().map(|j| !j.is_zero()).collect();
    for _ in 0..MOST_MOVES {
        let cheaper = moves(program, &live, &best)
            .into_iter()
            .filter_map(|jobs| program.settle(jobs))
            .min_by_key(|a| a.cost)
            .filter(|a| a.cost < best.cost);
        match cheaper {
            Some(a) => best = a,
            None => break,
        }
    }
    Some(best)
}

/// Units taken from each pool.
fn used(program: &Program, jobs: &[Decimal], open: &[bool]) -> Vec<Decimal> {
    let mut used = vec![Decimal::ZERO; program.pools.len()];
    for (way, j) in program.ways.iter().zip(jobs) {
        for (p, units) in &way.uses {
            used[*p] += units * j;
        }
    }
    for (fixed, _) in program.fixed.iter().zip(open).filter(|(_, open)| **open) {
        for (p, units) in &fixed.uses {
            used[*p] += units;
        }
    }
    used
}

/// Whole jobs rounded, fine ones cut; what that leaves unmade or makes too much goes to ways that
/// have room for it.
fn cut_off(
    program: &Program,
    jobs: &[Decimal],
    limits: &[Option<Decimal>],
    cut: impl Fn(Decimal) -> Decimal,
) -> Vec<Decimal> {
    let mut out: Vec<Decimal> = jobs
        .iter()
        .zip(&program.ways)
        .map(|(j, w)| {
            if program.needs[w.need].whole {
                j.round()
            } else {
                cut(*j).max(Decimal::ZERO)
            }
        })
        .collect();
    let full = used(program, jobs, &program.opened(jobs));
    for (n, need) in program.needs.iter().enumerate().filter(|(_, n)| !n.whole) {
        let mut mine: Vec<usize> = (0..out.len())
            .filter(|&w| program.ways[w].need == n && !jobs[w].is_zero())
            .collect();
        // First those that take the least of what cannot be bought, then the largest.
        mine.sort_by_key(|&w| (scarce(program, limits, &full, w), std::cmp::Reverse(out[w])));
        for w in mine {
            let made: Decimal = (0..out.len())
                .filter(|&v| program.ways[v].need == n)
                .map(|v| program.ways[v].outputs * out[v])
                .sum();
            let lacking = down((need.made - made) / program.ways[w].outputs);
            let add = lacking.min(room(program, &out, limits, w)).max(-out[w]);
            out[w] += add;
        }
    }
    out
}

/// Units of each pool that may be taken without one more purchase; `None` where units are metered.
/// The solver has decided how many packs to buy: a sliver of a unit must not buy another.
fn limits(program: &Program, packs: &[Decimal]) -> Vec<Option<Decimal>> {
    let limit = |(pool, n): (&Pool, &Decimal)| match &pool.packs {
        None => Some(pool.base),
        Some(pack) if pack.whole => Some(pool.base + n.round() * pack.units),
        // Beyond the smallest purchase these are metered.
        Some(pack) if pack.minimum > 1 && n.round_dp(6) <= Decimal::from(pack.minimum) => {
            Some(pool.base + n.round() * pack.units)
        }
        Some(_) => None,
    };
    program.pools.iter().zip(packs).map(limit).collect()
}

/// Share of the pools that `jobs` use up which one output takes; a pool with room left is not scarce.
fn scarce(program: &Program, limits: &[Option<Decimal>], used: &[Decimal], w: usize) -> Decimal {
    let way = &program.ways[w];
    let share = |(p, units): &(usize, Decimal)| {
        let limit = limits[*p]?;
        let tight = limit - used[*p] <= limit.max(Decimal::ONE) * Decimal::new(1, 6);
        let share = (units / way.outputs).checked_div(limit);
        share.filter(|_| tight)
    };
    way.uses.iter().filter_map(share).sum()
}

/// Jobs of the way that limited pools still allow.
fn room(program: &Program, jobs: &[Decimal], limits: &[Option<Decimal>], w: usize) -> Decimal {
    let used = used(program, jobs, &program.opened(jobs));
    let jobs = |(p, units): &(usize, Decimal)| {
        let left = (limits[*p]? - used[*p]).max(Decimal::ZERO);
        left.checked_div(*units).map(down)
    };
    let uses = &program.ways[w].uses;
    uses.iter().filter_map(jobs).min().unwrap_or(Decimal::MAX)
}

/// Every way to move work of a fine need from one live way to another that ends at a corner: all of
/// it, or as much as brings a pool to its base or to a full pack, or a spend to its minimum.
fn moves(program: &Program, live: &[bool], at: &Answer) -> Vec<Vec<Decimal>> {
    let used = used(program, &at.jobs, &at.open);
    let mut out = Vec::new();
    for (a, from) in program.ways.iter().enumerate() {
        if at.jobs[a].is_zero() || program.needs[from.need].whole {
            continue;
        }
        for (b, to) in program.ways.iter().enumerate() {
            if a == b || !live[b] || to.need != from.need {
                continue;
            }
            let all = at.jobs[a] * from.outputs;
            for outputs in corners(program, at, &used, a, b) {
                if outputs > Decimal::ZERO && outputs < all {
                    out.extend(moved(program, at, a, b, outputs));
                }
            }
            out.extend(moved(program, at, a, b, all));
        }
    }
    out
}

/// Outputs whose move from `a` to `b` ends at a corner.
fn corners(program: &Program, at: &Answer, used: &[Decimal], a: usize, b: usize) -> Vec<Decimal> {
    let (from, to) = (&program.ways[a], &program.ways[b]);
    let mut out = Vec::new();
    for (p, pool) in program.pools.iter().enumerate() {
        let takes = |uses: &[(usize, Decimal)]| -> Decimal {
            uses.iter().filter(|u| u.0 == p).map(|u| u.1).sum()
        };
        let rate = takes(&to.uses) / to.outputs - takes(&from.uses) / from.outputs;
        if rate.is_zero() {
            continue;
        }
        let mut limits = vec![pool.base];
        if let Some(pack) = &pool.packs {
            let least = Decimal::from(pack.minimum);
            let n = [at.packs[p] - Decimal::ONE, at.packs[p], least];
            limits.extend(n.map(|n| pool.base + n * pack.units));
        }
        out.extend(
            limits
                .into_iter()
                .filter_map(|l| (l - used[p]).checked_div(rate)),
        );
    }
    for (d, deposit) in program.deposits.iter().enumerate() {
        // Whole packs are paid in steps, at the corners of their pools.
        let each = |(p, units): &(usize, Decimal)| {
            let pack = program.pools[*p].packs.as_ref()?;
            let metered = pack.deposit == Some(d) && !pack.whole && !at.packs[*p].is_zero();
            metered.then(|| units * pack.price / pack.units)
        };
        let pays = |w: &Way| {
            let own = if w.deposit == Some(d) {
                w.cost
            } else {
                Decimal::ZERO
            };
            (own + w.uses.iter().filter_map(each).sum::<Decimal>()) / w.outputs
        };
        let by_use = program.ways.iter().zip(&at.jobs);
        let by_use = by_use.filter(|(w, _)| w.deposit == Some(d));
        let in_packs = program.pools.iter().zip(&at.packs).filter_map(|(p, n)| {
            let pack = p.packs.as_ref().filter(|k| k.deposit == Some(d))?;
            Some(pack.price * n)
        });
        let spent = by_use
            .map(|(w, j)| w.cost * j)
            .chain(in_packs)
            .sum::<Decimal>();
        let rate = pays(to) - pays(from);
        if !rate.is_zero() {
            out.extend((deposit.minimum - spent).checked_div(rate));
        }
    }
    out
}

/// The jobs after `outputs` of `a` are made by `b` instead: cut so that `b` stays below its corner,
/// and so that `a` does, the other making up for it. Where the last digits of both would overstep a
/// pool they share, a hair less does not.
fn moved(
    program: &Program,
    at: &Answer,
    a: usize,
    b: usize,
    outputs: Decimal,
) -> [Vec<Decimal>; 4] {
    let (from, to) = (&program.ways[a], &program.ways[b]);
    let toward = |hair: Decimal| {
        let mut jobs = at.jobs.clone();
        jobs[b] = (jobs[b] + down(outputs / to.outputs) - hair).max(Decimal::ZERO);
        make_up(program, &mut jobs, a);
        jobs
    };
    let away = |hair: Decimal| {
        let mut jobs = at.jobs.clone();
        jobs[a] = (jobs[a] - up(outputs / from.outputs) - hair).max(Decimal::ZERO);
        make_up(program, &mut jobs, b);
        jobs
    };
    [
        toward(Decimal::ZERO),
        toward(HAIR),
        away(Decimal::ZERO),
        away(HAIR),
    ]
}

/// Way `w` makes all of its need that the others do not.
fn make_up(program: &Program, jobs: &mut [Decimal], w: usize) {
    let way = &program.ways[w];
    jobs[w] = Decimal::ZERO;
    let made: Decimal = program
        .ways
        .iter()
        .zip(&*jobs)
        .filter(|(v, _)| v.need == way.need)
        .map(|(v, j)| v.outputs * j)
        .sum();
    let lacking = program.needs[way.need].made - made;
    jobs[w] = down(lacking.max(Decimal::ZERO) / way.outputs);
}

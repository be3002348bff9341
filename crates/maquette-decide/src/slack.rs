//! Two simplifications that cannot change the cheapest cost: stores so large that nothing can use
//! them up bind nobody, and a way that another beats in every number is never needed.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use crate::program::{Fixed, Program};

/// The program without the stores that cannot run out.
///
/// A store that is there without a fee, and holds what all ways and starts could take from it
/// together, never limits an answer.
pub(crate) fn without_ample_pools(program: &Program) -> Program {
    let mut out = program.clone();
    for (p, pool) in program.pools.iter().enumerate() {
        if pool.given_by.is_none() && !pool.base.is_zero() && most_taken(program, p) <= pool.base {
            for way in &mut out.ways {
                way.uses.retain(|(q, _)| *q != p);
            }
            for fixed in &mut out.fixed {
                fixed.uses.retain(|(q, _)| *q != p);
            }
        }
    }
    out
}

/// The most that can be taken from a pool: every way at its fullest at once. (The fullest way of each
/// need alone is no bound: whole jobs of several outputs mix and waste.)
fn most_taken(program: &Program, p: usize) -> Decimal {
    let ways = program.ways.iter().enumerate();
    let jobs: Decimal = ways
        .map(|(i, way)| takes(&way.uses, p) * program.jobs_for(i))
        .sum();
    let starts: Decimal = program.fixed.iter().map(|f| takes(&f.uses, p)).sum();
    jobs + starts
}

fn takes(uses: &[(usize, Decimal)], p: usize) -> Decimal {
    uses.iter().filter(|(q, _)| *q == p).map(|(_, u)| *u).sum()
}

/// Of the ways in `keep`, those that no other way of the same need beats or equals in every number.
pub(crate) fn undominated(program: &Program, keep: &[usize]) -> Vec<usize> {
    let users = users(program);
    keep.iter()
        .copied()
        .filter(|&b| {
            !keep.iter().any(|&a| {
                a != b
                    && match beats(program, &users, a, b) {
                        Some(Ordering::Less) => true,
                        // Of two alike the first stays.
                        Some(Ordering::Equal) => a < b,
                        _ => false,
                    }
            })
        })
        .collect()
}

/// How many ways and pools stand on each fixed thing.
fn users(program: &Program) -> Vec<usize> {
    let mut users = vec![0; program.fixed.len()];
    let needed = program.ways.iter().filter_map(|w| w.needs);
    let given = program.pools.iter().filter_map(|p| p.given_by);
    for f in needed.chain(given) {
        users[f] += 1;
    }
    users
}

/// `Less` where `a` does all that `b` does for less of something and more of nothing, `Equal` where
/// they are alike, `None` where neither can be said.
fn beats(program: &Program, users: &[usize], a: usize, b: usize) -> Option<Ordering> {
    let (x, y) = (&program.ways[a], &program.ways[b]);
    let alike =
        x.need == y.need && x.outputs == y.outputs && x.deposit.is_none() && y.deposit.is_none();
    if !alike {
        return None;
    }
    let mut order = no_worse(Ordering::Equal, x.cost, y.cost)?;
    order = uses_no_worse(order, &x.uses, &y.uses)?;
    match (x.needs, y.needs) {
        (f, g) if f == g => Some(order),
        (None, Some(_)) => Some(order),
        // A start of its own each: the start must be no dearer either.
        (Some(f), Some(g)) if users[f] == 1 && users[g] == 1 => {
            start_no_worse(order, &program.fixed[f], &program.fixed[g])
        }
        _ => None,
    }
}

fn start_no_worse(order: Ordering, f: &Fixed, g: &Fixed) -> Option<Ordering> {
    if f.group.is_some() || g.group.is_some() {
        return None;
    }
    let order = no_worse(order, f.cost, g.cost)?;
    uses_no_worse(order, &f.uses, &g.uses)
}

/// Draws on the same stores, in no larger amounts.
fn uses_no_worse(
    mut order: Ordering,
    a: &[(usize, Decimal)],
    b: &[(usize, Decimal)],
) -> Option<Ordering> {
    if a.len() != b.len() {
        return None;
    }
    for ((p, x), (q, y)) in a.iter().zip(b) {
        if p != q {
            return None;
        }
        order = no_worse(order, *x, *y)?;
    }
    Some(order)
}

fn no_worse(order: Ordering, a: Decimal, b: Decimal) -> Option<Ordering> {
    match a.cmp(&b) {
        Ordering::Greater => None,
        Ordering::Less => Some(Ordering::Less),
        Ordering::Equal => Some(order),
    }
}

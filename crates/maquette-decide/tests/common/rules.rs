//! Checks an answer against the rules as the fields of [`Program`] state them, and its cost from
//! what it says it buys.

use maquette_decide::program::{Answer, Pool, Program};
use rust_decimal::Decimal;

/// Every rule the answer breaks, in words.
pub fn broken(program: &Program, answer: &Answer) -> Vec<String> {
    let mut out = Vec::new();
    jobs(program, answer, &mut out);
    opened(program, answer, &mut out);
    for (p, pool) in program.pools.iter().enumerate() {
        let worked = program.ways.iter().zip(&answer.jobs).flat_map(|(w, j)| {
            let mine = w.uses.iter().filter(move |u| u.0 == p);
            mine.map(move |u| u.1 * j)
        });
        let idle = (0..program.fixed.len())
            .filter(|f| answer.open[*f])
            .flat_map(|f| program.fixed[f].uses.iter().filter(|u| u.0 == p))
            .map(|u| u.1);
        let taken: Decimal = worked.chain(idle).sum();
        stored(p, pool, taken, answer, &mut out);
    }
    paid(program, answer, &mut out);
    out
}

fn jobs(program: &Program, answer: &Answer, out: &mut Vec<String>) {
    for (n, need) in program.needs.iter().enumerate() {
        let mut made = Decimal::ZERO;
        for (way, &j) in program.ways.iter().zip(&answer.jobs) {
            if way.need == n {
                made += way.outputs * j;
                if j.is_sign_negative() && !j.is_zero() {
                    out.push(format!("{j} jobs"));
                }
                if need.whole && !j.fract().is_zero() {
                    out.push(format!("{j} jobs are not whole"));
                }
            }
        }
        let may_lack = if need.whole {
            Decimal::ZERO
        } else {
            Decimal::new(1, 15)
        };
        if made + may_lack < need.made {
            out.push(format!("need {n} gets {made} of {}", need.made));
        }
    }
}

fn opened(program: &Program, answer: &Answer, out: &mut Vec<String>) {
    for (w, way) in program.ways.iter().enumerate() {
        if answer.jobs[w].is_zero() {
            continue;
        }
        let through = way.uses.iter().filter_map(|u| program.pools[u.0].given_by);
        for f in way.needs.into_iter().chain(through) {
            if !answer.open[f] {
                out.push(format!("way {w} works while {f} is shut"));
            }
        }
    }
    for g in 0..program.groups {
        let held = (0..program.fixed.len())
            .filter(|f| answer.open[*f] && program.fixed[*f].group == Some(g));
        if held.count() > 1 {
            out.push(format!("group {g} is held twice"));
        }
    }
}

fn stored(p: usize, pool: &Pool, taken: Decimal, answer: &Answer, out: &mut Vec<String>) {
    let bought = answer.packs[p];
    let shut = pool.given_by.is_some_and(|f| !answer.open[f]);
    let base = if shut { Decimal::ZERO } else { pool.base };
    let mut room = base;
    if let Some(pack) = &pool.packs {
        room += bought * pack.units;
        if pack.whole && !bought.fract().is_zero() {
            out.push(format!("{bought} packs of pool {p} are not whole"));
        }
        if pack.minimum > 1 && !bought.is_zero() && bought < Decimal::from(pack.minimum) {
            out.push(format!("{bought} packs of pool {p} are too few"));
        }
    }
    if !bought.is_zero() && (pool.packs.is_none() || shut || bought.is_sign_negative()) {
        out.push(format!("{bought} packs of pool {p} cannot be bought"));
    }
    if taken > room {
        out.push(format!("{taken} is taken from pool {p}, {room} is there"));
    }
}

fn paid(program: &Program, answer: &Answer, out: &mut Vec<String>) {
    let mut cost = Decimal::ZERO;
    for (way, j) in program.ways.iter().zip(&answer.jobs) {
        cost += way.cost * j;
    }
    for (fixed, open) in program.fixed.iter().zip(&answer.open) {
        cost += if *open { fixed.cost } else { Decimal::ZERO };
    }
    for (pool, n) in program.pools.iter().zip(&answer.packs) {
        cost += pool.packs.as_ref().map_or(Decimal::ZERO, |k| k.price * n);
    }
    for (d, deposit) in program.deposits.iter().enumerate() {
        let here = program
            .ways
            .iter()
            .zip(&answer.jobs)
            .filter(|(w, j)| w.deposit == Some(d) && !j.is_zero());
        let packs = program
            .pools
            .iter()
            .zip(&answer.packs)
            .filter_map(|(p, n)| {
                let pack = p.packs.as_ref().filter(|k| k.deposit == Some(d))?;
                (!n.is_zero()).then(|| pack.price * n)
            });
        let used = here.clone().count() + packs.clone().count() > 0;
        let spent: Decimal = here.map(|(w, j)| w.cost * j).chain(packs).sum();
        if used && spent + answer.unspent[d] < deposit.minimum {
            out.push(format!("the minimum of {d} is not met"));
        }
        cost += answer.unspent[d];
    }
    if cost != answer.cost {
        out.push(format!("it costs {cost}, not {}", answer.cost));
    }
}

//! The oracle: every set of open things times every allocation of whole jobs, costed in whole
//! numbers. It shares no code and no way of reckoning with the program under test: what is open is
//! guessed, not inferred, and packs are counted up one by one.

use crate::spec::{PoolSpec, Spec};

/// The least cost in thousandths, `None` where nothing makes what is needed.
pub fn cheapest(spec: &Spec) -> Option<i128> {
    (0..1_u32 << spec.fixed.len())
        .filter_map(|mask| under(spec, &|f| mask >> f & 1 == 1))
        .min()
}

/// The least cost with just these things open.
fn under(spec: &Spec, open: &dyn Fn(usize) -> bool) -> Option<i128> {
    let held: Vec<usize> = (0..spec.fixed.len()).filter(|&f| open(f)).collect();
    for (i, &f) in held.iter().enumerate() {
        let group = spec.fixed[f].group;
        if group.is_some() && held[..i].iter().any(|&g| spec.fixed[g].group == group) {
            return None;
        }
    }
    let mut run = Run {
        spec,
        open,
        fees: held.iter().map(|&f| spec.fixed[f].cost).sum(),
        taken: vec![0; spec.pools.len()],
        paid: vec![None; spec.deposits.len()],
        left: spec.made.clone(),
        money: 0,
        best: None,
    };
    for &f in &held {
        if let Some((pool, units)) = spec.fixed[f].idle {
            run.taken[pool] += units;
        }
    }
    run.from(0);
    run.best
}

struct Run<'a> {
    spec: &'a Spec,
    open: &'a dyn Fn(usize) -> bool,
    fees: i128,
    taken: Vec<i128>,
    /// Spend towards each minimum; `None` while nothing was bought there.
    paid: Vec<Option<i128>>,
    left: Vec<i128>,
    money: i128,
    best: Option<i128>,
}

impl Run<'_> {
    /// Tries every number of jobs of way `w` and of all after it.
    fn from(&mut self, w: usize) {
        let Some(way) = self.spec.ways.get(w) else {
            if self.left.iter().all(|&l| l <= 0) {
                self.price();
            }
            return;
        };
        self.from(w + 1);
        let shut = way.held.is_some_and(|f| !(self.open)(f))
            || way.draws.iter().any(|d| {
                self.spec.pools[d.0]
                    .given_by
                    .is_some_and(|f| !(self.open)(f))
            });
        if shut {
            return;
        }
        let before = (
            self.taken.clone(),
            self.paid.clone(),
            self.left[way.need],
            self.money,
        );
        // Once the need is met a further job only costs.
        while self.left[way.need] > 0 {
            self.left[way.need] -= way.outputs;
            self.money += way.cost;
            for &(pool, units) in &way.draws {
                self.taken[pool] += units;
            }
            if let Some(d) = way.deposit {
                self.paid[d] = Some(self.paid[d].unwrap_or(0) + way.cost);
            }
            self.from(w + 1);
        }
        (self.taken, self.paid, self.left[way.need], self.money) = before;
    }

    fn price(&mut self) {
        let mut total = self.fees + self.money;
        let mut paid = self.paid.clone();
        for (pool, &taken) in self.spec.pools.iter().zip(&self.taken) {
            let Some(price) = packs(pool, taken, self.open) else {
                return;
            };
            total += price;
            let base_holds = pool.given_by.is_none_or(|f| (self.open)(f)) && taken <= pool.base;
            let bought = taken > 0 && !base_holds;
            if let Some(d) = pool.pack.as_ref().and_then(|k| k.deposit)
                && bought
            {
                paid[d] = Some(paid[d].unwrap_or(0) + price);
            }
        }
        for (&minimum, paid) in self.spec.deposits.iter().zip(&paid) {
            if let Some(paid) = paid.filter(|&p| p < minimum) {
                total += minimum - paid;
            }
        }
        self.best = Some(self.best.map_or(total, |b| b.min(total)));
    }
}

/// Price of the packs that make the pool hold what is taken.
fn packs(pool: &PoolSpec, taken: i128, open: &dyn Fn(usize) -> bool) -> Option<i128> {
    if taken == 0 {
        return Some(0);
    }
    let shut = pool.given_by.is_some_and(|f| !open(f));
    let base = if shut { 0 } else { pool.base };
    if taken <= base {
        return Some(0);
    }
    let pack = pool.pack.as_ref().filter(|_| !shut)?;
    if !pack.whole && pack.minimum <= 1 {
        return Some((taken - base) * pack.price / pack.units);
    }
    let least = i128::from(pack.minimum);
    if pack.whole {
        let mut n = least.max(1);
        while base + n * pack.units < taken {
            n += 1;
        }
        return Some(n * pack.price);
    }
    Some((least * pack.price).max((taken - base) * pack.price / pack.units))
}

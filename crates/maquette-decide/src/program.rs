//! The cheapest way to make everything, as a small mixed-integer program over plain numbers.
//! It knows nothing of models or plans: needs, ways, things that are open or not, pools and packs.

use rust_decimal::Decimal;

/// Work that is cut finely is done when less than this of an output is lacking: where two stores end
/// at a share without end in decimals, nothing else is exact.
pub const HAIR: Decimal = Decimal::from_parts(1, 0, 0, false, 15);

/// So many outputs must be made.
#[derive(Debug, Clone)]
pub struct Need {
    pub made: Decimal,
    /// Countable outputs: a job is made or not made.
    pub whole: bool,
}

/// One means of making a need.
#[derive(Debug, Clone)]
pub struct Way {
    pub need: usize,
    /// Outputs one job returns.
    pub outputs: Decimal,
    /// Money per job.
    pub cost: Decimal,
    /// Units a job takes from pools.
    pub uses: Vec<(usize, Decimal)>,
    /// Only while this is open (a plan held, a machine bought, a model loaded).
    pub needs: Option<usize>,
    /// Counts towards this minimum spend.
    pub deposit: Option<usize>,
}

/// Something that costs money once when it is open.
#[derive(Debug, Clone)]
pub struct Fixed {
    pub cost: Decimal,
    /// At most one of a group is open (two tiers of one provider).
    pub group: Option<usize>,
    /// Units it takes from pools by being open (loading a model on a rented GPU).
    pub uses: Vec<(usize, Decimal)>,
}

/// A store of units: an allowance, the hours of a machine.
#[derive(Debug, Clone)]
pub struct Pool {
    pub base: Decimal,
    /// The base is there, and packs may be bought, only while this is open.
    pub given_by: Option<usize>,
    pub packs: Option<Pack>,
}

#[derive(Debug, Clone)]
pub struct Pack {
    pub units: Decimal,
    pub price: Decimal,
    pub whole: bool,
    /// Fewest packs of one purchase.
    pub minimum: u32,
    /// Counts towards this minimum spend.
    pub deposit: Option<usize>,
}

#[derive(Debug, Clone)]
pub struct Deposit {
    pub minimum: Decimal,
}

#[derive(Debug, Clone, Default)]
pub struct Program {
    pub needs: Vec<Need>,
    pub ways: Vec<Way>,
    pub fixed: Vec<Fixed>,
    pub pools: Vec<Pool>,
    pub deposits: Vec<Deposit>,
    pub groups: usize,
}

/// An exact answer: jobs by way, what is open, packs by pool, and the cost in decimals.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub jobs: Vec<Decimal>,
    pub open: Vec<bool>,
    pub packs: Vec<Decimal>,
    /// Spend on each deposit beyond what the work uses.
    pub unspent: Vec<Decimal>,
    pub cost: Decimal,
}

/// Why a program has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SolveError {
    /// These needs have no way at all, or not enough of it.
    #[error("no way makes what is needed")]
    Infeasible,
    /// The search was given up before anything was proven; nothing is answered rather than a guess.
    #[error("no cheapest answer was proven within the limit of the search")]
    NotProven,
    #[error("the solver gave up: {0}")]
    Solver(String),
}

impl Program {
    /// Jobs with which this way alone makes its whole need.
    pub fn jobs_for(&self, way: usize) -> Decimal {
        let way = &self.ways[way];
        let need = &self.needs[way.need];
        let jobs = need.made / way.outputs;
        if need.whole {
            return jobs.ceil();
        }
        // A quotient without end may have been cut off below.
        if jobs * way.outputs < need.made {
            return jobs + Decimal::new(1, jobs.scale());
        }
        jobs
    }

    /// The exact cost of making these jobs, opening just what they need and buying just the
    /// packs they lack. `None` when the jobs break a rule.
    pub fn settle(&self, jobs: Vec<Decimal>) -> Option<Answer> {
        for (n, need) in self.needs.iter().enumerate() {
            let made: Decimal = self
                .ways
                .iter()
                .zip(&jobs)
                .filter(|(w, _)| w.need == n)
                .map(|(w, j)| w.outputs * j)
                .sum();
            let may_lack = if need.whole { Decimal::ZERO } else { HAIR };
            if made + may_lack < need.made {
                return None;
            }
        }
        let open = self.opened(&jobs);
        let mut used = vec![Decimal::ZERO; self.pools.len()];
        let mut spent = vec![None; self.deposits.len()];
        let mut cost = Decimal::ZERO;
        for (way, &j) in self.ways.iter().zip(&jobs) {
            if j.is_zero() {
                continue;
            }
            for (pool, units) in &way.uses {
                used[*pool] += units * j;
            }
            cost += way.cost * j;
            if let Some(d) = way.deposit {
                *spent[d].get_or_insert(Decimal::ZERO) += way.cost * j;
            }
        }
        let mut held = vec![0; self.groups];
        for (f, fixed) in self.fixed.iter().enumerate().filter(|(f, _)| open[*f]) {
            cost += fixed.cost;
            for (pool, units) in &fixed.uses {
                used[*pool] += units;
            }
            if let Some(g) = self.fixed[f].group {
                held[g] += 1;
            }
        }
        if held.iter().any(|h| *h > 1) {
            return None;
        }
        let mut packs = vec![Decimal::ZERO; self.pools.len()];
        for (i, pool) in self.pools.iter().enumerate() {
            let lacking = used[i] - pool.base;
            if lacking <= Decimal::ZERO {
                continue;
            }
            let pack = pool.packs.as_ref()?;
            // A number beyond decimals is an answer that cannot be.
            let mut n = lacking.checked_div(pack.units)?;
            if pack.whole {
                n = n.ceil();
            }
            packs[i] = n.max(Decimal::from(pack.minimum));
            if !pack.whole && pack.minimum <= 1 {
                packs[i] = n;
            }
            let price = packs[i].checked_mul(pack.price)?;
            cost = cost.checked_add(price)?;
            if let Some(d) = pack.deposit {
                *spent[d].get_or_insert(Decimal::ZERO) += price;
            }
        }
        let unspent: Vec<Decimal> = self
            .deposits
            .iter()
            .zip(&spent)
            .map(|(d, s)| {
                s.map_or(Decimal::ZERO, |s: Decimal| {
                    (d.minimum - s).max(Decimal::ZERO)
                })
            })
            .collect();
        cost += unspent.iter().sum::<Decimal>();
        Some(Answer {
            jobs,
            open,
            packs,
            unspent,
            cost,
        })
    }

    pub(crate) fn opened(&self, jobs: &[Decimal]) -> Vec<bool> {
        let mut open = vec![false; self.fixed.len()];
        for (way, _) in self.ways.iter().zip(jobs).filter(|(_, j)| !j.is_zero()) {
            self.open_for(way, &mut open);
        }
        open
    }

    /// Opens what a way stands on: what it needs, what gives a pool it draws on, and what gives a
    /// pool that a thing so opened draws on.
    pub(crate) fn open_for(&self, way: &Way, open: &mut [bool]) {
        let giver = |(p, _): &(usize, Decimal)| self.pools[*p].given_by;
        let mut next: Vec<usize> = way.needs.into_iter().collect();
        next.extend(way.uses.iter().filter_map(giver));
        while let Some(f) = next.pop() {
            if !open[f] {
                open[f] = true;
                next.extend(self.fixed[f].uses.iter().filter_map(giver));
            }
        }
    }
}

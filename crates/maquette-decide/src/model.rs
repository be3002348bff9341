//! A [`Program`] as a mixed-integer model in floats, and its solution back in decimals.

use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, SolveOptions, Variable};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use crate::program::{Pack, Program, SolveError};

/// How far from a whole number counts as whole. A thing that is open by less would let the jobs it
/// allows be made unpaid: under `jobs ≤ most × open` that is `most` times as many jobs.
const WHOLE: f64 = 1e-9;

/// Branches looked at before the search is given up. The catalog's questions take some dozens.
const NODES: u64 = 60_000;
/// So many packs are as good as a quantity: rounding up the last of them is less than a hundred thousandth
/// of their price, and the exact repair does it.
const MANY: u32 = 100_000;

/// A share of a need below this is none.
const NOISE: f64 = 1e-8;

/// What the solver found.
pub(crate) struct Found {
    pub jobs: Vec<Decimal>,
    /// Packs bought for each pool.
    pub packs: Vec<Decimal>,
    /// Proven: nothing costs less, within the solver's round-off.
    pub least: f64,
}

pub(crate) struct Model<'a> {
    program: &'a Program,
    keep: &'a [usize],
    /// A need that can be cut finely is a share of itself, so that all numbers are of one size.
    scale: Vec<Decimal>,
    job: Vec<Option<Variable>>,
    open: Vec<Variable>,
    /// Packs bought of each pool, and the most that may be.
    pack: Vec<Option<(Variable, f64)>>,
    p: Problem,
}

fn float(d: Decimal) -> f64 {
    d.to_f64().unwrap_or(f64::INFINITY)
}

impl<'a> Model<'a> {
    pub(crate) fn new(program: &'a Program, keep: &'a [usize]) -> Model<'a> {
        let mut m = Model {
            program,
            keep,
            scale: program
                .needs
                .iter()
                .map(|n| {
                    if n.whole {
                        Decimal::ONE
                    } else {
                        n.made.max(Decimal::ONE)
                    }
                })
                .collect(),
            job: vec![None; program.ways.len()],
            open: Vec::new(),
            pack: vec![None; program.pools.len()],
            p: Problem::new(OptimizationDirection::Minimize),
        };
        m.jobs();
        for f in &program.fixed {
            let v = m.p.add_binary_var(float(f.cost));
            m.open.push(v);
        }
        m.needs();
        m.held();
        for pool in 0..program.pools.len() {
            m.pool(pool);
        }
        m.groups();
        for d in 0..program.deposits.len() {
            m.deposit(d);
        }
        m
    }

    pub(crate) fn solve(self) -> Result<Found, SolveError> {
        let mut usual = SolveOptions::default();
        usual.node_limit = Some(NODES);
        let mut strict = SolveOptions::default();
        strict.node_limit = Some(NODES);
        strict.int_tol = WHOLE;
        strict.tolerances.feasibility = WHOLE;
        // Numbers of very different sizes can be beyond the solver at that strictness.
        let outcome = match self.p.solve_with(strict) {
            Err(microlp::Error::InternalError(_)) => self.p.solve_with(usual),
            other => other,
        };
        let solution = match outcome {
            // Stopped at the limit, the solver hands out the best it has met: no answer here.
            Ok(outcome) if !outcome.is_optimal() => return Err(SolveError::NotProven),
            Ok(outcome) => outcome.into_solution().map_err(|_| SolveError::NotProven)?,
            Err(microlp::Error::Infeasible) => return Err(SolveError::Infeasible),
            Err(e) => return Err(SolveError::Solver(e.to_string())),
        };
        Ok(Found {
            jobs: self.read(|v| solution.var_value(v)),
            packs: self
                .pack
                .iter()
                .map(|n| {
                    let n = n.map_or(0.0, |(n, _)| solution.var_value(n));
                    Decimal::from_f64(n).unwrap_or_default()
                })
                .collect(),
            least: solution.objective(),
        })
    }

    /// Most jobs of the way, in the model's scale.
    fn most(&self, w: usize) -> Decimal {
        self.program.jobs_for(w) / self.scale[self.program.ways[w].need]
    }

    fn jobs(&mut self) {
        for &w in self.keep {
            let way = &self.program.ways[w];
            let most = float(self.most(w));
            let cost = float(way.cost * self.scale[way.need]);
            self.job[w] = Some(if self.program.needs[way.need].whole {
                let most = most.min(f64::from(i32::MAX)) as i32;
                self.p.add_integer_var(cost, (0, most))
            } else {
                self.p.add_var(cost, (0.0, most))
            });
        }
    }

    fn needs(&mut self) {
        for (n, need) in self.program.needs.iter().enumerate() {
            let mut made = LinearExpr::empty();
            for &w in self.keep {
                let way = &self.program.ways[w];
                if let Some(v) = self.job[w].filter(|_| way.need == n) {
                    made.add(v, float(way.outputs * self.scale[n]));
                }
            }
            self.p
                .add_constraint(made, ComparisonOp::Ge, float(need.made));
        }
    }

    /// A way works only while all that it stands on is open.
    fn held(&mut self) {
        for &w in self.keep {
            let way = &self.program.ways[w];
            let most = float(self.most(w));
            let through = way
                .uses
                .iter()
                .filter_map(|(p, _)| self.program.pools[*p].given_by);
            let mut on: Vec<usize> = way.needs.into_iter().chain(through).collect();
            on.sort_unstable();
            on.dedup();
            if let Some(v) = self.job[w] {
                for f in on {
                    self.below(v, most, self.open[f]);
                }
            }
        }
        for (f, fixed) in self.program.fixed.iter().enumerate() {
            for (p, _) in &fixed.uses {
                if let Some(g) = self.program.pools[*p].given_by.filter(|g| *g != f) {
                    self.below(self.open[f], 1.0, self.open[g]);
                }
            }
        }
    }

    /// `v` is zero unless `switch` is on.
    fn below(&mut self, v: Variable, most: f64, switch: Variable) {
        self.p
            .add_constraint([(v, 1.0), (switch, -most)], ComparisonOp::Le, 0.0);
    }

    fn groups(&mut self) {
        for g in 0..self.program.groups {
            let mut held = LinearExpr::empty();
            for (f, fixed) in self.program.fixed.iter().enumerate() {
                if fixed.group == Some(g) {
                    held.add(self.open[f], 1.0);
                }
            }
            self.p.add_constraint(held, ComparisonOp::Le, 1.0);
        }
    }

    /// What is taken from a pool is at most its base and the packs bought.
    fn pool(&mut self, i: usize) {
        let pool = &self.program.pools[i];
        let mut taken = LinearExpr::empty();
        let mut most_taken = Decimal::ZERO;
        for &w in self.keep {
            let way = &self.program.ways[w];
            let units: Decimal = way.uses.iter().filter(|u| u.0 == i).map(|u| u.1).sum();
            if let Some(v) = self.job[w].filter(|_| !units.is_zero()) {
                taken.add(v, float(units * self.scale[way.need]));
                most_taken += units * self.program.jobs_for(w);
            }
        }
        // The solver takes each variable once a row: giving and idling add up.
        for (f, fixed) in self.program.fixed.iter().enumerate() {
            let idle: Decimal = fixed.uses.iter().filter(|u| u.0 == i).map(|u| u.1).sum();
            let gives = pool.given_by == Some(f);
            let net = idle - if gives { pool.base } else { Decimal::ZERO };
            most_taken += idle;
            if !net.is_zero() {
                taken.add(self.open[f], float(net));
            }
        }
        if let Some(pack) = &pool.packs {
            let n = self.packs(pack, most_taken, pool.given_by);
            taken.add(n.0, -float(pack.units));
            self.pack[i] = Some(n);
        }
        let right = if pool.given_by.is_some() {
            0.0
        } else {
            float(pool.base)
        };
        self.p.add_constraint(taken, ComparisonOp::Le, right);
    }

    fn packs(
        &mut self,
        pack: &Pack,
        most_taken: Decimal,
        given_by: Option<usize>,
    ) -> (Variable, f64) {
        let most = (most_taken / pack.units)
            .ceil()
            .max(Decimal::from(pack.minimum));
        let price = float(pack.price);
        let n = if pack.whole && most <= Decimal::from(MANY) {
            self.p
                .add_integer_var(price, (0, most.to_i32().unwrap_or(i32::MAX)))
        } else {
            self.p.add_var(price, (0.0, float(most)))
        };
        if let Some(f) = given_by {
            self.below(n, float(most), self.open[f]);
        }
        if pack.minimum > 1 {
            let bought = self.p.add_binary_var(0.0);
            self.below(n, float(most), bought);
            let least = [(n, 1.0), (bought, -f64::from(pack.minimum))];
            self.p.add_constraint(least, ComparisonOp::Ge, 0.0);
        }
        (n, float(most))
    }

    /// Unspent money is at least the minimum, where anything is bought there, less the spend.
    fn deposit(&mut self, d: usize) {
        let minimum = float(self.program.deposits[d].minimum);
        let used = self.p.add_binary_var(0.0);
        let unspent = self.p.add_var(1.0, (0.0, minimum));
        let mut e = LinearExpr::empty();
        e.add(unspent, 1.0);
        e.add(used, -minimum);
        for &w in self.keep {
            let way = &self.program.ways[w];
            if let Some(v) = self.job[w].filter(|_| way.deposit == Some(d)) {
                e.add(v, float(way.cost * self.scale[way.need]));
                self.below(v, float(self.most(w)), used);
            }
        }
        for (pool, bought) in self.program.pools.iter().zip(&self.pack) {
            let pack = pool.packs.as_ref().filter(|k| k.deposit == Some(d));
            if let (Some(pack), Some((n, most))) = (pack, *bought) {
                e.add(n, float(pack.price));
                let row = [(n, 1.0), (used, -most)];
                self.p.add_constraint(row, ComparisonOp::Le, 0.0);
            }
        }
        self.p.add_constraint(e, ComparisonOp::Ge, 0.0);
    }

    /// The solver's floats as decimals, unscaled.
    fn read(&self, value: impl Fn(Variable) -> f64) -> Vec<Decimal> {
        self.job
            .iter()
            .zip(&self.program.ways)
            .map(|(v, way)| {
                let x = v.map_or(0.0, &value).max(0.0);
                // Beside its need a share this small is the solver's noise, not a choice.
                let noise = if self.program.needs[way.need].whole {
                    0.5
                } else {
                    NOISE
                };
                if x < noise {
                    return Decimal::ZERO;
                }
                Decimal::from_f64(x).unwrap_or_default() * self.scale[way.need]
            })
            .collect()
    }
}

//! Solves a [`Program`]: first throws out what can never be in a cheapest answer, then hands the rest
//! to a branch-and-bound solver, and settles the result in decimals.

use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, Variable};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use crate::program::{Answer, Program, Way};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SolveError {
    /// These needs have no way at all, or not enough of it.
    #[error("no way makes what is needed")]
    Infeasible,
    #[error("the solver gave up: {0}")]
    Solver(String),
}

/// The cheapest answer. Proven by branch and bound; ties are broken by the order of ways.
pub fn solve(program: &Program) -> Result<Answer, SolveError> {
    let keep = presolve(program);
    let plain = keep.iter().all(|&w| is_plain(&program.ways[w]));
    if plain {
        return direct(program, &keep);
    }
    branch(program, &keep)
}

/// No pool, nothing to open, no minimum spend: cost is a straight line.
fn is_plain(way: &Way) -> bool {
    way.uses.is_empty() && way.needs.is_none() && way.deposit.is_none()
}

fn cost_for(program: &Program, way: &Way) -> Decimal {
    way.cost * jobs_for(program, way)
}

/// Jobs that make the whole need this way.
fn jobs_for(program: &Program, way: &Way) -> Decimal {
    let need = &program.needs[way.need];
    let jobs = need.made / way.outputs;
    if need.whole { jobs.ceil() } else { jobs }
}

/// Indices of the ways that can be in a cheapest answer.
fn presolve(program: &Program) -> Vec<usize> {
    // Of straight lines with one output a job only the cheapest can win.
    let mut line: Vec<Option<usize>> = vec![None; program.needs.len()];
    for (i, w) in program.ways.iter().enumerate() {
        if is_plain(w)
            && w.outputs == Decimal::ONE
            && line[w.need].is_none_or(|b| program.ways[b].cost > w.cost)
        {
            line[w.need] = Some(i);
        }
    }
    // A thing that costs more than every straight line it could replace never pays.
    let dear: Vec<bool> = (0..program.fixed.len())
        .map(|f| {
            let mut saves = Decimal::ZERO;
            for (n, best) in line.iter().enumerate() {
                let serves = program
                    .ways
                    .iter()
                    .any(|w| w.need == n && opens(program, w, f));
                match (serves, best) {
                    (false, _) => {}
                    (true, Some(b)) => saves += cost_for(program, &program.ways[*b]),
                    (true, None) => return false,
                }
            }
            program.fixed[f].cost > saves
        })
        .collect();
    (0..program.ways.len())
        .filter(|&i| {
            let w = &program.ways[i];
            let beaten = is_plain(w) && w.outputs == Decimal::ONE && line[w.need] != Some(i);
            let too_dear = (0..program.fixed.len()).any(|f| dear[f] && opens(program, w, f));
            let hopeless =
                line[w.need].is_some_and(|b| least_per_output(program, w) > program.ways[b].cost);
            !beaten && !too_dear && !hopeless
        })
        .collect()
}

/// A lower bound of what one output costs this way: its own cost and the packs it must draw on,
/// with every allowance taken as free.
fn least_per_output(program: &Program, way: &Way) -> Decimal {
    let packs: Decimal = way
        .uses
        .iter()
        .filter(|(p, _)| program.pools[*p].base.is_zero())
        .filter_map(|(p, units)| {
            program.pools[*p]
                .packs
                .as_ref()
                .map(|k| units * k.price / k.units)
        })
        .sum();
    (way.cost + packs) / way.outputs
}

/// Does using the way open `f`, directly or through a pool?
fn opens(program: &Program, way: &Way, f: usize) -> bool {
    way.needs == Some(f)
        || way
            .uses
            .iter()
            .any(|(p, _)| program.pools[*p].given_by == Some(f))
}

/// Straight lines only: each need takes its cheapest way.
fn direct(program: &Program, keep: &[usize]) -> Result<Answer, SolveError> {
    let mut jobs = vec![Decimal::ZERO; program.ways.len()];
    for n in 0..program.needs.len() {
        let best = keep
            .iter()
            .copied()
            .filter(|&w| program.ways[w].need == n)
            .min_by_key(|&w| cost_for(program, &program.ways[w]))
            .ok_or(SolveError::Infeasible)?;
        jobs[best] = jobs_for(program, &program.ways[best]);
    }
    program.settle(jobs).ok_or(SolveError::Infeasible)
}

fn float(d: Decimal) -> f64 {
    d.to_f64().unwrap_or(f64::INFINITY)
}

fn branch(program: &Program, keep: &[usize]) -> Result<Answer, SolveError> {
    let mut p = Problem::new(OptimizationDirection::Minimize);
    // Jobs. A need that can be cut finely is a share of itself, so that all numbers are of one size.
    let scale: Vec<Decimal> = program
        .needs
        .iter()
        .map(|n| {
            if n.whole {
                Decimal::ONE
            } else {
                n.made.max(Decimal::ONE)
            }
        })
        .collect();
    let mut job: Vec<Option<Variable>> = vec![None; program.ways.len()];
    for &w in keep {
        let way = &program.ways[w];
        let most = float(jobs_for(program, way) / scale[way.need]);
        let cost = float(way.cost * scale[way.need]);
        job[w] = Some(if program.needs[way.need].whole {
            p.add_integer_var(cost, (0, most.min(f64::from(i32::MAX)) as i32))
        } else {
            p.add_var(cost, (0.0, most))
        });
    }
    let open: Vec<Variable> = program
        .fixed
        .iter()
        .map(|f| p.add_binary_var(float(f.cost)))
        .collect();
    let used: Vec<Variable> = program
        .deposits
        .iter()
        .map(|_| p.add_binary_var(0.0))
        .collect();
    let unspent: Vec<Variable> = program
        .deposits
        .iter()
        .map(|d| p.add_var(1.0, (0.0, float(d.minimum))))
        .collect();

    for (n, need) in program.needs.iter().enumerate() {
        let mut made = LinearExpr::empty();
        for &w in keep.iter().filter(|&&w| program.ways[w].need == n) {
            if let Some(v) = job[w] {
                made.add(v, float(program.ways[w].outputs * scale[n]));
            }
        }
        p.add_constraint(made, ComparisonOp::Ge, float(need.made));
    }
    for &w in keep {
        let way = &program.ways[w];
        let most = float(jobs_for(program, way) / scale[way.need]);
        let Some(v) = job[w] else { continue };
        if let Some(f) = way.needs {
            p.add_constraint([(v, 1.0), (open[f], -most)], ComparisonOp::Le, 0.0);
        }
        if let Some(d) = way.deposit {
            p.add_constraint([(v, 1.0), (used[d], -most)], ComparisonOp::Le, 0.0);
        }
    }
    pools(program, keep, &scale, &job, &open, &mut p);
    for g in 0..program.groups {
        let mut held = LinearExpr::empty();
        for (f, _) in program
            .fixed
            .iter()
            .enumerate()
            .filter(|(_, x)| x.group == Some(g))
        {
            held.add(open[f], 1.0);
        }
        p.add_constraint(held, ComparisonOp::Le, 1.0);
    }
    for (d, deposit) in program.deposits.iter().enumerate() {
        // unspent ≥ minimum × used − spend
        let mut e = LinearExpr::empty();
        e.add(unspent[d], 1.0);
        e.add(used[d], -float(deposit.minimum));
        for &w in keep.iter().filter(|&&w| program.ways[w].deposit == Some(d)) {
            if let Some(v) = job[w] {
                e.add(v, float(program.ways[w].cost * scale[program.ways[w].need]));
            }
        }
        p.add_constraint(e, ComparisonOp::Ge, 0.0);
    }

    let solution = match p.solve() {
        Ok(outcome) => outcome
            .into_solution()
            .map_err(|_| SolveError::Solver("interrupted".to_owned()))?,
        Err(microlp::Error::Infeasible) => return Err(SolveError::Infeasible),
        Err(e) => return Err(SolveError::Solver(e.to_string())),
    };
    let jobs = read(program, &scale, &job, |v| solution.var_value(v));
    program
        .settle(jobs)
        .ok_or_else(|| SolveError::Solver("its answer breaks a rule".to_owned()))
}

/// What is taken from a pool is at most its base and the packs bought.
fn pools(
    program: &Program,
    keep: &[usize],
    scale: &[Decimal],
    job: &[Option<Variable>],
    open: &[Variable],
    p: &mut Problem,
) {
    for (i, pool) in program.pools.iter().enumerate() {
        let mut taken = LinearExpr::empty();
        let mut most_taken = Decimal::ZERO;
        for &w in keep {
            let way = &program.ways[w];
            for (_, units) in way.uses.iter().filter(|(q, _)| *q == i) {
                if let Some(v) = job[w] {
                    taken.add(v, float(units * scale[way.need]));
                    most_taken += units * jobs_for(program, way);
                }
            }
        }
        for (f, fixed) in program.fixed.iter().enumerate() {
            for (_, units) in fixed.uses.iter().filter(|(q, _)| *q == i) {
                taken.add(open[f], float(*units));
                most_taken += *units;
            }
        }
        let mut right = float(pool.base);
        if let Some(f) = pool.given_by {
            taken.add(open[f], -right);
            right = 0.0;
        }
        if let Some(pack) = &pool.packs {
            let most = (most_taken / pack.units)
                .ceil()
                .max(Decimal::from(pack.minimum));
            let n = if pack.whole {
                p.add_integer_var(float(pack.price), (0, most.to_i32().unwrap_or(i32::MAX)))
            } else {
                p.add_var(float(pack.price), (0.0, float(most)))
            };
            taken.add(n, -float(pack.units));
            if let Some(f) = pool.given_by {
                p.add_constraint([(n, 1.0), (open[f], -float(most))], ComparisonOp::Le, 0.0);
            }
            if pack.minimum > 1 {
                let bought = p.add_binary_var(0.0);
                p.add_constraint([(n, 1.0), (bought, -float(most))], ComparisonOp::Le, 0.0);
                p.add_constraint(
                    [(n, 1.0), (bought, -f64::from(pack.minimum))],
                    ComparisonOp::Ge,
                    0.0,
                );
            }
        }
        p.add_constraint(taken, ComparisonOp::Le, right);
    }
}

/// The solver's floats as decimals: whole jobs rounded, fine ones floored where they draw on a
/// pool, the remainder given to the way that can take it.
fn read(
    program: &Program,
    scale: &[Decimal],
    job: &[Option<Variable>],
    value: impl Fn(Variable) -> f64,
) -> Vec<Decimal> {
    let mut jobs: Vec<Decimal> = job
        .iter()
        .enumerate()
        .map(|(w, v)| {
            let Some(v) = v else { return Decimal::ZERO };
            let x = Decimal::from_f64(value(*v)).unwrap_or_default();
            let n = program.ways[w].need;
            if program.needs[n].whole {
                x.round().max(Decimal::ZERO)
            } else {
                (x * scale[n]).trunc_with_scale(6).max(Decimal::ZERO)
            }
        })
        .collect();
    for (n, need) in program
        .needs
        .iter()
        .enumerate()
        .filter(|(_, need)| !need.whole)
    {
        let mine: Vec<usize> = (0..jobs.len())
            .filter(|&w| program.ways[w].need == n && job[w].is_some())
            .collect();
        // Below a millionth of the need is the solver's noise, not a choice.
        for &w in &mine {
            if jobs[w] * program.ways[w].outputs < need.made * Decimal::new(1, 6) {
                jobs[w] = Decimal::ZERO;
            }
        }
        let made: Decimal = mine
            .iter()
            .map(|&w| jobs[w] * program.ways[w].outputs)
            .sum();
        let taker = mine
            .iter()
            .copied()
            .filter(|&w| !jobs[w].is_zero())
            .max_by_key(|&w| (program.ways[w].uses.is_empty(), jobs[w]));
        if let Some(w) = taker.filter(|_| made != need.made) {
            jobs[w] += (need.made - made) / program.ways[w].outputs;
        }
    }
    jobs
}

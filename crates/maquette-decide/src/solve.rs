//! Solves a [`Program`]: first throws out what can never be in a cheapest answer, then hands the rest
//! to a branch-and-bound solver, and settles the result in decimals.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use crate::model::Model;
use crate::presolve::{self, is_plain};
use crate::program::{Answer, Program};

pub use crate::program::SolveError;
use crate::repair::repair;
use crate::slack;
use crate::split;

/// By how much the exact cost may exceed the solver's: its own round-off.
const RELATIVE: Decimal = Decimal::from_parts(1, 0, 0, false, 6);
const ABSOLUTE: Decimal = Decimal::from_parts(1, 0, 0, false, 3);

/// The cheapest answer. Proven by branch and bound; ties are broken by the order of ways.
pub fn solve(program: &Program) -> Result<Answer, SolveError> {
    let ample = slack::without_ample_pools(program);
    let keep = slack::undominated(&ample, &presolve::keep(&ample));
    let mut jobs = vec![Decimal::ZERO; program.ways.len()];
    for part in split::parts(&ample, &keep) {
        let answer = solve_part(&part.program)?;
        for (way, made) in part.ways.iter().zip(answer.jobs) {
            jobs[*way] = made;
        }
    }
    program.settle(jobs).ok_or(SolveError::Infeasible)
}

/// The cheapest answer of a part: read off where cost is a straight line, searched for elsewhere.
fn solve_part(part: &Program) -> Result<Answer, SolveError> {
    let all: Vec<usize> = (0..part.ways.len()).collect();
    if all.iter().all(|&w| is_straight(part, w)) {
        return direct(part, &all);
    }
    match branch(part, &all) {
        // Finely cut shares of stores sold in packs can be beyond the repair of floats. Whole words
        // and minutes are not, and the cheapest of them is dearer by less than one of them costs.
        Err(SolveError::Solver(_)) if part.needs.iter().any(|n| !n.whole) => {
            branch(&in_whole(part), &all)
        }
        other => other,
    }
}

/// The same needs, counted in whole outputs.
fn in_whole(part: &Program) -> Program {
    let mut out = part.clone();
    for need in &mut out.needs {
        need.made = need.made.ceil();
        need.whole = true;
    }
    out
}

/// Cost is a straight line and no mix of ways can waste less than one alone. (Whole jobs of several
/// outputs can: five outputs are a job of four and a job of one.)
fn is_straight(program: &Program, w: usize) -> bool {
    let way = &program.ways[w];
    is_plain(way) && (way.outputs == Decimal::ONE || !program.needs[way.need].whole)
}

/// Straight lines only: each need takes its cheapest way.
fn direct(program: &Program, keep: &[usize]) -> Result<Answer, SolveError> {
    let mut jobs = vec![Decimal::ZERO; program.ways.len()];
    for (n, need) in program.needs.iter().enumerate() {
        let best = keep
            .iter()
            .copied()
            .filter(|&w| program.ways[w].need == n)
            .min_by_key(|&w| program.ways[w].cost * program.jobs_for(w));
        match best {
            Some(w) => jobs[w] = program.jobs_for(w),
            None if need.made > Decimal::ZERO => return Err(SolveError::Infeasible),
            None => {}
        }
    }
    program.settle(jobs).ok_or(SolveError::Infeasible)
}

fn branch(program: &Program, keep: &[usize]) -> Result<Answer, SolveError> {
    let found = Model::new(program, keep).solve()?;
    let answer = repair(program, &found.jobs, &found.packs)
        .ok_or_else(|| SolveError::Solver("its answer breaks a rule".to_owned()))?;
    // The exact cost must be what the solver proved to be the least; dearer means that it used its
    // tolerance to have something unpaid.
    let slack = (answer.cost * RELATIVE).max(ABSOLUTE);
    match Decimal::from_f64(found.least) {
        Some(least) if answer.cost > least + slack => Err(SolveError::Solver(format!(
            "its cheapest costs {}, it claimed {}",
            answer.cost.round_dp(6),
            least.round_dp(6)
        ))),
        _ => Ok(answer),
    }
}

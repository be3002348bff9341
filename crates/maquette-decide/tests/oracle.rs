//! The chooser's answer is the cheapest there is: on thousands of small random programs it costs
//! exactly what an oracle finds that tries everything, it keeps every rule, and it moves the right
//! way when ways are added, needs grow or the order changes.

#![allow(clippy::unwrap_used)]

#[path = "common/brute.rs"]
mod brute;
#[path = "common/rules.rs"]
mod rules;
#[path = "common/spec.rs"]
mod spec;

use maquette_decide::solve::{SolveError, solve};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::spec::{Spec, money, network, spec, way};

/// So many cases, unless `PROPTEST_CASES` says otherwise; no file of failures is kept.
fn cases(n: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|s| s.parse().ok())
        .unwrap_or(n);
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Cost of the answer, its rules checked; `None` where nothing makes what is needed.
fn cost(spec: &Spec) -> Result<Option<Decimal>, TestCaseError> {
    let program = spec.program();
    match solve(&program) {
        Ok(answer) => {
            let broken = rules::broken(&program, &answer);
            prop_assert!(broken.is_empty(), "{broken:?}\n{answer:?}");
            Ok(Some(answer.cost))
        }
        Err(SolveError::Infeasible) => Ok(None),
        // Given up, not wrong: rare, and only in the larger markets.
        Err(SolveError::NotProven) => Err(TestCaseError::reject("not proven")),
        Err(e) => Err(TestCaseError::fail(format!("{e}"))),
    }
}

proptest! {
    #![proptest_config(cases(3000))]

    #[test]
    fn whole_jobs_cost_exactly_what_the_oracle_finds(spec in spec()) {
        prop_assert_eq!(cost(&spec)?, brute::cheapest(&spec).map(money));
    }
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn one_more_way_never_raises_the_cost(
        (spec, more) in spec().prop_flat_map(|s| {
            let more = way(s.made.len(), s.pools.len(), s.fixed.len(), s.deposits.len());
            (Just(s), more)
        })
    ) {
        let before = cost(&spec)?;
        let mut wider = spec;
        wider.ways.push(more);
        let after = cost(&wider)?;
        if let Some(before) = before {
            prop_assert!(after.is_some_and(|a| a <= before), "{before} became {after:?}");
        }
    }

    #[test]
    fn more_outputs_never_lower_the_cost(spec in spec(), need in 0..3_usize, by in 1..=5_i128) {
        let before = cost(&spec)?;
        let mut larger = spec;
        let n = need % larger.made.len();
        larger.made[n] += by;
        let after = cost(&larger)?;
        match (before, after) {
            (None, after) => prop_assert_eq!(after, None),
            (Some(before), Some(after)) => prop_assert!(after >= before, "{} became {}", before, after),
            (Some(_), None) => {}
        }
    }

    #[test]
    fn the_order_of_ways_does_not_change_the_cost(
        (spec, shuffled) in spec().prop_flat_map(|s| {
            let ways = Just(s.ways.clone()).prop_shuffle();
            (Just(s), ways)
        })
    ) {
        let before = cost(&spec)?;
        let after = cost(&Spec { ways: shuffled, ..spec })?;
        prop_assert_eq!(before, after);
    }
}

proptest! {
    #![proptest_config(cases(2000))]

    /// With one unit a job and whole stores the matrix is a network's: some cheapest answer is
    /// whole, so the oracle's is the cheapest of all.
    #[test]
    fn fine_jobs_on_a_network_cost_what_the_oracle_finds(spec in network()) {
        prop_assert_eq!(cost(&spec)?, brute::cheapest(&spec).map(money));
    }

    /// Whoever may cut finely may also make whole jobs.
    #[test]
    fn fine_jobs_never_cost_more_than_whole_ones(spec in spec()) {
        let whole = brute::cheapest(&spec).map(money);
        let fine = cost(&Spec { whole: false, ..spec })?;
        if let Some(whole) = whole {
            prop_assert!(fine.is_some_and(|f| f <= whole), "{whole} whole, {fine:?} fine");
        }
    }
}

proptest! {
    #![proptest_config(cases(1000))]

    /// Cut finely, a market so many times as large costs so many times as much: floats that lose
    /// sight of a small share, or leave a thing a millionth open, show here.
    #[test]
    fn a_larger_fine_market_costs_as_many_times_as_much(spec in network(), zeros in 1..=6_u32) {
        let times = 10_i128.pow(zeros);
        let small = brute::cheapest(&spec).map(|c| money(c * times));
        prop_assert_eq!(cost(&spec.times(times))?, small);
    }

    /// Whole jobs on a larger market waste no more; the solver's own proof bounds them below. Not
    /// larger still: with volumes up to a millionfold a run now and then took over a minute.
    #[test]
    fn a_larger_whole_market_costs_at_most_as_many_times_as_much(
        spec in spec(),
        zeros in 1..=2_u32,
    ) {
        let times = 10_i128.pow(zeros);
        let large = cost(&spec.times(times))?;
        if let Some(small) = brute::cheapest(&spec).map(|c| money(c * times)) {
            prop_assert!(large.is_some_and(|l| l <= small), "{large:?}, not at most {small}");
        }
    }
}

//! Small programs that once had a dearer answer or none, each with the cheapest one worked out by
//! hand: what may not be thrown out before solving, and what floats may not decide.

#![allow(clippy::unwrap_used)]

use maquette_decide::program::{Deposit, Fixed, Need, Pack, Pool, Program, Way};
use maquette_decide::solve::solve;
use rust_decimal::Decimal;

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn need(made: &str, whole: bool) -> Need {
    Need {
        made: dec(made),
        whole,
    }
}

fn way(need: usize, cost: &str) -> Way {
    Way {
        need,
        outputs: Decimal::ONE,
        cost: dec(cost),
        uses: Vec::new(),
        needs: None,
        deposit: None,
    }
}

fn cost(program: &Program) -> Decimal {
    solve(program).unwrap().cost.normalize()
}

/// One hour at 3 is needed for the first work; the rest of it makes the second for nothing.
#[test]
fn what_a_whole_pack_leaves_over_is_free() {
    let on = |need, seconds| Way {
        uses: vec![(0, dec(seconds))],
        ..way(need, "0")
    };
    let program = Program {
        needs: vec![need("1", true), need("10", true)],
        ways: vec![on(0, "100"), on(1, "100"), way(1, "0.05")],
        pools: vec![Pool {
            base: Decimal::ZERO,
            given_by: None,
            packs: Some(Pack {
                units: dec("3600"),
                price: dec("3"),
                whole: true,
                minimum: 1,
                deposit: None,
            }),
        }],
        ..Program::default()
    };
    assert_eq!(cost(&program), dec("3"));
}

/// Ten must be paid in for the first work; the second costs more there, and nothing more.
#[test]
fn spend_that_a_minimum_asks_for_anyway_is_free() {
    let there = |need, cost| Way {
        deposit: Some(0),
        ..way(need, cost)
    };
    let program = Program {
        needs: vec![need("2", true), need("2", true)],
        ways: vec![there(0, "1"), there(1, "1.5"), way(1, "1")],
        deposits: vec![Deposit { minimum: dec("10") }],
        ..Program::default()
    };
    assert_eq!(cost(&program), dec("10"));
}

/// Five outputs are a job of four and a job of one.
#[test]
fn whole_jobs_of_several_outputs_are_mixed() {
    let fours = Way {
        outputs: dec("4"),
        ..way(0, "3")
    };
    let program = Program {
        needs: vec![need("5", true)],
        ways: vec![fours, way(0, "1.5")],
        ..Program::default()
    };
    assert_eq!(cost(&program), dec("4.5"));
}

/// A plan whose jobs take nothing from its allowance must be paid all the same.
#[test]
fn a_plan_whose_jobs_take_nothing_is_still_paid() {
    let program = Program {
        needs: vec![need("3", true)],
        ways: vec![Way {
            uses: vec![(0, Decimal::ZERO)],
            ..way(0, "0")
        }],
        fixed: vec![Fixed {
            cost: dec("9"),
            group: None,
            uses: Vec::new(),
        }],
        pools: vec![Pool {
            base: dec("5"),
            given_by: Some(0),
            packs: None,
        }],
        ..Program::default()
    };
    assert_eq!(cost(&program), dec("9"));
}

/// A third has no end in decimals; the work is done all the same.
#[test]
fn a_share_without_end_makes_enough() {
    let threes = Way {
        outputs: dec("3"),
        ..way(0, "6")
    };
    let program = Program {
        needs: vec![need("4", false)],
        ways: vec![threes],
        ..Program::default()
    };
    assert_eq!(solve(&program).unwrap().cost.round_dp(20), dec("8"));
}

/// Five units are free, the sixth is paid by another way: no sliver of a pack is bought.
#[test]
fn a_fine_share_ends_just_where_the_allowance_does() {
    let pool = |base: &str| Pool {
        base: dec(base),
        given_by: None,
        packs: Some(Pack {
            units: dec("100"),
            price: dec("50"),
            whole: true,
            minimum: 1,
            deposit: None,
        }),
    };
    let program = Program {
        needs: vec![need("1000000", false)],
        ways: vec![
            Way {
                uses: vec![(0, dec("0.000003"))],
                ..way(0, "0")
            },
            way(0, "0.00001"),
        ],
        pools: vec![pool("1.9")],
        ..Program::default()
    };
    // 1.9 ÷ 0.000003 words are free; the rest is paid by the word.
    let free = dec("1.9") / dec("0.000003");
    let paid = (dec("1000000") - free) * dec("0.00001");
    assert_eq!(cost(&program).round_dp(12), paid.round_dp(12));
}

/// Ten units are free. What is left over must not tip one more pack of three: the solver stops just
/// at the allowance, and a billionth of a job beyond it would cost a whole purchase.
#[test]
fn a_sliver_of_work_buys_no_pack() {
    let on = |need, outputs, cost, units| Way {
        outputs: dec(outputs),
        uses: vec![(0, dec(units))],
        ..way(need, cost)
    };
    let program = Program {
        needs: vec![need("1", false), need("5", false)],
        ways: vec![
            on(0, "4", "0", "2.0"),
            on(1, "1", "0", "3.4"),
            on(1, "4", "1.5", "2.0"),
        ],
        pools: vec![Pool {
            base: dec("6.6"),
            given_by: None,
            packs: Some(Pack {
                units: dec("1"),
                price: dec("0.25"),
                whole: false,
                minimum: 2,
                deposit: None,
            }),
        }],
        ..Program::default()
    };
    // x by the free way, 5 − x by the other: 0.5 + 3.4 x + 0.5 (5 − x) = 6.6, so x = 3.6 ÷ 2.9.
    let paid = (dec("5") - dec("3.6") / dec("2.9")) * dec("1.5") / dec("4");
    assert_eq!(cost(&program).round_dp(12), paid.round_dp(12));
}

/// Two works share a plan whose pool is listed by both, and the plan brings another of its group:
/// it cannot be held at all, so the straight line makes the second work.
#[test]
fn a_part_keeps_all_that_its_plans_bring() {
    let fixed = |uses| Fixed {
        cost: Decimal::ZERO,
        group: Some(0),
        uses,
    };
    let pool = |given_by| Pool {
        base: dec("1"),
        given_by: Some(given_by),
        packs: None,
    };
    let on = |need, needs| Way {
        uses: vec![(1, dec("0.1"))],
        needs,
        ..way(need, "0")
    };
    let program = Program {
        needs: vec![need("0", true), need("2", true)],
        ways: vec![on(0, Some(0)), way(1, "1.75"), on(1, None)],
        fixed: vec![fixed(vec![(0, dec("0.1"))]), fixed(Vec::new())],
        pools: vec![pool(1), pool(0)],
        groups: 1,
        ..Program::default()
    };
    assert_eq!(cost(&program), dec("3.5"));
}

/// More branches than were once looked at: the solver then hands out the best it has met, which was
/// 363.48 here and looked like an answer.
#[test]
fn the_best_met_so_far_is_not_the_cheapest() {
    let pack = |units: &str, price: &str, whole, minimum, deposit| {
        Some(Pack {
            units: dec(units),
            price: dec(price),
            whole,
            minimum,
            deposit,
        })
    };
    let pool = |base: &str, packs| Pool {
        base: dec(base),
        given_by: Some(0),
        packs,
    };
    let draws = |need, cost: &str, uses: &[(usize, &str)]| Way {
        uses: uses.iter().map(|(p, u)| (*p, dec(u))).collect(),
        ..way(need, cost)
    };
    let pays = |deposit, cost: &str| Way {
        deposit: Some(deposit),
        ..way(0, cost)
    };
    let program = Program {
        needs: vec![need("200", true), need("400", true), need("400", true)],
        ways: vec![
            pays(0, "0"),
            draws(1, "0", &[(1, "0.5")]),
            draws(2, "0.45", &[(0, "2.6")]),
            pays(1, "0.001"),
            draws(2, "0.28", &[(0, "1"), (1, "1.1")]),
        ],
        fixed: vec![Fixed {
            cost: Decimal::ZERO,
            group: None,
            uses: Vec::new(),
        }],
        pools: vec![
            pool("300", pack("50", "1.5", false, 3, Some(1))),
            pool("0", pack("10", "1.6", true, 1, None)),
        ],
        deposits: vec![
            Deposit { minimum: dec("50") },
            Deposit {
                minimum: dec("150"),
            },
        ],
        ..Program::default()
    };
    // 400 × 0.45 and 20 packs at 1.6 for the others; 150 is paid in whatever is bought there.
    assert_eq!(cost(&program), dec("362"));
}

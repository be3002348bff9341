//! The reigns of the break-even envelope are those that trying every volume finds: over thousands of
//! random tariffs the reigning one is the cheapest at each volume, no makeable volume is left out,
//! and no change happens without a reason.

#![allow(clippy::unwrap_used)]

use maquette_decide::break_even::{Span, envelope};
use maquette_decide::tariff::{Piece, Tariff};
use proptest::prelude::*;
use rust_decimal::Decimal;

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

/// Money in cents, thirds of a cent now and then; small, so that ties are common.
fn money(most: u32, thirds: bool) -> impl Strategy<Value = Decimal> {
    let part = Decimal::from(if thirds { 3 } else { 4 });
    prop_oneof![
        4 => (0..=most).prop_map(|c| Decimal::new(i64::from(c) * 50, 2)),
        2 => (0..=most * 50).prop_map(|c| Decimal::new(i64::from(c), 2)),
        1 => (0..=most * 150).prop_map(move |c| Decimal::new(i64::from(c), 2) / part),
    ]
}

/// `thirds`: with fractions that have no end, so that a tie may differ in its last digits.
fn tariff(thirds: bool) -> impl Strategy<Value = Tariff> {
    let slope = prop_oneof![1 => Just(Decimal::ZERO), 2 => money(2, thirds)];
    let piece = (1..=60_u64, money(40, thirds), slope);
    let pieces = proptest::collection::vec(piece, 1..=6);
    let limit = prop_oneof![2 => Just(None), 1 => (0..=320_u64).prop_map(Some)];
    (pieces, limit).prop_map(|(parts, limit)| {
        let mut start = 1;
        let mut pieces = Vec::new();
        for (length, at_start, slope) in parts {
            pieces.push(Piece {
                start,
                at_start,
                slope,
            });
            start += length;
        }
        Tariff {
            candidate: 0,
            pieces,
            limit,
            steps: true,
        }
    })
}

/// The cost written down afresh: the last piece that has begun.
fn cost(t: &Tariff, m: u64) -> Option<Decimal> {
    if t.limit.is_some_and(|l| l < m) {
        return None;
    }
    let piece = t.pieces.iter().rev().find(|p| p.start <= m)?;
    let mut cost = piece.at_start;
    for _ in piece.start..m {
        cost += piece.slope;
    }
    Some(cost)
}

/// Who reigns at `m`, and that it is only one.
fn reigning(spans: &[Span], m: u64) -> Result<Option<usize>, TestCaseError> {
    let mut who = spans.iter().filter(|s| s.from <= m && m <= s.to);
    let first = who.next().map(|s| s.tariff);
    prop_assert!(who.next().is_none(), "two reign at {m}");
    Ok(first)
}

/// Thirds have no end in decimals: a difference this small is none.
fn near(a: Decimal, b: Decimal) -> bool {
    (a - b).abs() < Decimal::new(1, 20)
}

proptest! {
    #![proptest_config(cases(3000))]

    #[test]
    fn the_reigning_tariff_is_the_cheapest_at_every_volume(
        tariffs in proptest::collection::vec(tariff(true), 0..=5),
        most in 1..=300_u64,
    ) {
        let spans = envelope(&tariffs, most);
        for m in 1..=most {
            let least = tariffs.iter().filter_map(|t| cost(t, m)).min();
            let reign = reigning(&spans, m)?;
            prop_assert_eq!(reign.is_some(), least.is_some(), "at {}", m);
            if let (Some(t), Some(least)) = (reign, least) {
                let here = cost(&tariffs[t], m);
                prop_assert!(here.is_some_and(|c| near(c, least)), "at {m}: {here:?}, not {least}");
            }
        }
        for s in &spans {
            prop_assert!(1 <= s.from && s.from <= s.to && s.to <= most, "{s:?}");
        }
    }

    #[test]
    fn every_change_has_a_reason(
        tariffs in proptest::collection::vec(tariff(false), 1..=5),
        most in 1..=300_u64,
    ) {
        let spans = envelope(&tariffs, most);
        for pair in spans.windows(2) {
            let (old, new) = (pair[0], pair[1]);
            prop_assert!(old.to < new.from, "{old:?} {new:?}");
            let at = new.from;
            let ends = cost(&tariffs[old.tariff], at);
            let begins = cost(&tariffs[new.tariff], at);
            prop_assert!(begins.is_some());
            if old.to + 1 == at {
                prop_assert_ne!(old.tariff, new.tariff);
                let real = ends.is_none_or(|e| begins.is_some_and(|b| b < e));
                prop_assert!(real, "at {at}: {ends:?} gave way to {begins:?}");
            }
        }
    }

    /// The first reign: among the cheapest of one output, none is flatter.
    #[test]
    fn the_first_reign_is_the_flattest_of_the_cheapest(
        tariffs in proptest::collection::vec(tariff(false), 1..=5),
    ) {
        let Some(first) = envelope(&tariffs, 300).first().copied() else { return Ok(()) };
        if first.from == 1 {
            let least = tariffs.iter().filter_map(|t| cost(t, 1)).min();
            let flattest = tariffs
                .iter()
                .filter(|t| cost(t, 1) == least)
                .map(|t| t.pieces[0].slope)
                .min();
            prop_assert_eq!(Some(tariffs[first.tariff].pieces[0].slope), flattest);
        }
    }
}

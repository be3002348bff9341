//! A tariff says at every volume what the way costs that makes it all: whole packs, metered overage,
//! hard stops, slow lanes, pay-per-use, minimum payments, rent by the hour and an own machine, each
//! against the program's own settlement.

#![allow(clippy::unwrap_used)]

#[path = "common/market.rs"]
mod market;

use maquette_core::{Accounting, Currency};
use maquette_decide::assemble::alone;
use maquette_decide::context::Ctx;
use maquette_decide::field::{Field, field};
use maquette_decide::tariff::tariff;
use maquette_fit::estimate::Fits;
use rust_decimal::Decimal;

use crate::market::{ask, catalog};

const MOST: u64 = 700;

fn name(field: &Field<'_>, c: usize) -> String {
    let c = &field.candidates[c];
    format!("{} {}", c.via, c.variant)
}

/// A fraction without end may differ in its last digits.
fn same(a: Option<Decimal>, b: Option<Decimal>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() < Decimal::new(1, 18),
        (a, b) => a == b,
    }
}

/// Every volume at which some tariff and the settlement differ, and the names of all candidates.
fn differences(accounting: Accounting) -> (Vec<String>, Vec<String>) {
    let catalog = catalog();
    let mut asked = ask(1, accounting);
    let mut wrong = Vec::new();
    let mut names = Vec::new();
    for m in 1..=MOST {
        asked.demands[0].quantity = Decimal::from(m);
        let ctx = Ctx {
            fits: &Fits::default(),
            catalog: &catalog,
            ask: &asked,
            currency: Currency::USD,
        };
        let field = field(&ctx);
        names = (0..field.candidates.len())
            .map(|c| name(&field, c))
            .collect();
        for c in 0..field.candidates.len() {
            let drawn = tariff(&field, c, &asked, MOST);
            let drawn = if drawn.pieces.is_empty() {
                None
            } else {
                drawn.cost(m)
            };
            let settled = alone(&field, c, &asked);
            if !same(drawn, settled) {
                wrong.push(format!(
                    "{} at {m}: {drawn:?}, not {settled:?}",
                    name(&field, c)
                ));
            }
        }
    }
    (wrong, names)
}

fn report(wrong: &[String]) -> String {
    let shown: Vec<&str> = wrong
        .iter()
        .map(String::as_str)
        .step_by(1 + wrong.len() / 30)
        .collect();
    format!("{} differ:\n{}", wrong.len(), shown.join("\n"))
}

#[test]
fn every_tariff_costs_what_the_way_alone_costs() {
    let (wrong, names) = differences(Accounting::Use);
    assert!(wrong.is_empty(), "{}", report(&wrong));
    // Ten plan ways, the offer, the machine and a rental or two: none was ruled out unseen.
    assert!(names.len() >= 13, "{names:?}");
}

#[test]
fn every_tariff_costs_what_leaves_the_purse() {
    let (wrong, names) = differences(Accounting::Cash);
    assert!(wrong.is_empty(), "{}", report(&wrong));
    assert!(names.len() >= 13, "{names:?}");
}

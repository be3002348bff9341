//! Rules 6 and 7: what is carried, lost and spent first, month by month.

use maquette_catalog::schema::plan::{Every, Expiry, SpendOrder};
use maquette_decide::ledger::{Allowance, Ledger, Month, PERIOD_DAYS, Packs, Rollover, Terms};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::kit::dec;

pub fn terms(fee: &str, units: &str) -> Terms {
    Terms::flat(dec(fee), Allowance::monthly(dec(units)))
}

pub fn packs(price: &str, units: &str, minimum: u32, expires: Expiry) -> Packs {
    Packs {
        units: dec(units),
        price: dec(price),
        minimum,
        expires,
    }
}

pub fn run(terms: Terms, used: &[u32]) -> Vec<Month> {
    let used: Vec<Decimal> = used.iter().map(|&u| u.into()).collect();
    Ledger::run(terms, &used).expect("an account")
}

#[test]
fn rule_06_nothing_rolls_over() {
    // Runway: 625 credits, 25 lost in a month of 600; the next month starts with 625 again.
    let months = run(terms("15", "625"), &[600, 625]);
    assert_eq!((months[0].lapsed, months[0].balance), (dec("25"), dec("0")));
    assert_eq!(
        (months[1].opening, months[1].granted),
        (dec("0"), dec("625"))
    );
    assert_eq!(months[1].wasted(), dec("0"));
}

#[test]
fn rule_06_capped_rollover() {
    // ElevenLabs: at most twice the quota is carried, three times held.
    let capped = Terms {
        rollover: Rollover::Capped {
            carry: Some(dec("2")),
            held: Some(dec("3")),
        },
        ..terms("22", "100000")
    };
    let months = run(capped.clone(), &[0, 0, 0, 300_000]);
    let balance: Vec<Decimal> = months.iter().map(|m| m.balance).collect();
    assert_eq!(balance, ["100000", "200000", "200000", "0"].map(dec));
    assert_eq!(months[2].lapsed, dec("100000"));
    assert_eq!(
        (months[3].from_carried, months[3].unserved),
        (dec("200000"), dec("0"))
    );
    // What is held binds alone too: with twice held, only one quota is carried.
    let tight = Terms {
        rollover: Rollover::Capped {
            carry: Some(dec("2")),
            held: Some(dec("2")),
        },
        ..capped.clone()
    };
    assert_eq!(run(tight, &[0, 0])[1].lapsed, dec("100000"));
    // Kept without limit.
    let kept = Terms {
        rollover: Rollover::Kept,
        ..capped
    };
    assert_eq!(run(kept, &[0, 0, 0, 0])[3].balance, dec("400000"));
}

/// Buys one pack of 60 units in the first month and never uses a unit; the number of the month
/// that loses them.
fn lost_in(expires: Expiry) -> Option<u32> {
    let mut ledger = Ledger::new(Terms {
        packs: Some(packs("4", "60", 1, expires)),
        ..terms("10", "198")
    })
    .expect("a ledger");
    ledger.buy(1).expect("a pack");
    (0..30)
        .map(|_| ledger.month(Decimal::ZERO).expect("a month"))
        .find(|m| !m.expired.is_zero())
        .map(|m| {
            assert_eq!(m.expired, dec("60"));
            m.number
        })
}

#[test]
fn rule_06_purchased_units_expire() {
    // Midjourney hours last 60 days, so two months; Comfy's credits 12 months; Kling's 24.
    assert_eq!(lost_in(Expiry::Days60), Some(2));
    assert_eq!(lost_in(Expiry::Months12), Some(12));
    assert_eq!(lost_in(Expiry::Months24), Some(24));
    assert_eq!(lost_in(Expiry::PeriodEnd), Some(1));
    assert_eq!(lost_in(Expiry::Unknown), Some(1));
    assert_eq!(lost_in(Expiry::Never), None);
    assert_eq!(lost_in(Expiry::WithSubscription), None);
}

#[test]
fn rule_06_purchased_units_when_the_plan_ends() {
    let left = |expires| {
        let mut ledger = Ledger::new(Terms {
            packs: Some(packs("10", "1000", 1, expires)),
            ..terms("15", "625")
        })
        .expect("a ledger");
        ledger.buy(1).expect("a pack");
        ledger.spend(dec("600")).expect("units");
        let left = ledger.cancel();
        assert_eq!(left.last.expect("an open period").lapsed, dec("25"));
        (left.lost, left.kept)
    };
    // The 25 of the plan are lost either way; Runway's credits stay, Suno's go.
    assert_eq!(left(Expiry::Never), (dec("25"), dec("1000")));
    assert_eq!(left(Expiry::WithSubscription), (dec("1025"), dec("0")));
}

#[test]
fn rule_06_allowance_of_a_day_and_once() {
    // Suno free: 50 a day, none of it kept.
    let daily = Terms::flat(
        dec("0"),
        Allowance {
            units: dec("50"),
            every: Every::Day,
        },
    );
    let months = run(daily, &[1600, 100]);
    assert_eq!(
        (months[0].from_allowance, months[0].unserved),
        (dec("1500"), dec("100"))
    );
    assert_eq!(months[1].lapsed, dec("1400"));
    // Runway free: 125 credits once, kept until they are used.
    let once = Terms::flat(
        dec("0"),
        Allowance {
            units: dec("125"),
            every: Every::Once,
        },
    );
    let months = run(once, &[50, 100]);
    assert_eq!((months[0].lapsed, months[0].balance), (dec("0"), dec("75")));
    assert_eq!(
        (months[1].granted, months[1].unserved),
        (dec("0"), dec("25"))
    );
}

fn ordered(order: SpendOrder, rollover: Rollover, expires: Expiry) -> Vec<Month> {
    let mut ledger = Ledger::new(Terms {
        order,
        rollover,
        packs: Some(packs("1", "100", 1, expires)),
        ..terms("10", "100")
    })
    .expect("a ledger");
    ledger.buy(1).expect("a pack");
    (0..2)
        .map(|_| ledger.month(dec("100")).expect("a month"))
        .collect()
}

#[test]
fn rule_07_the_order_of_spending_changes_the_waste() {
    let waste = |order, rollover, expires| -> Decimal {
        let months = ordered(order, rollover, expires);
        months.iter().map(Month::wasted).sum()
    };
    // The plan's 100 lapse each month, the 100 bought never end, and 100 are used in each of two
    // months. Purchased first: the first month's allowance is lost. Plan first: nothing is.
    let lapsing = |order| waste(order, Rollover::None, Expiry::Never);
    assert_eq!(lapsing(SpendOrder::PurchasedFirst), dec("100"));
    assert_eq!(lapsing(SpendOrder::PlanFirst), dec("0"));
    assert_eq!(lapsing(SpendOrder::ExpiringFirst), dec("0"));
    // The plan's units are kept and those bought end after 60 days: now plan first loses 100.
    let keeping = |order| waste(order, Rollover::Kept, Expiry::Days60);
    assert_eq!(keeping(SpendOrder::PlanFirst), dec("100"));
    assert_eq!(keeping(SpendOrder::PurchasedFirst), dec("0"));
    assert_eq!(keeping(SpendOrder::ExpiringFirst), dec("0"));
}

fn any_terms() -> impl Strategy<Value = Terms> {
    let rollover = prop_oneof![
        Just(Rollover::None),
        Just(Rollover::Kept),
        Just(Rollover::Capped {
            carry: Some(Decimal::TWO),
            held: Some(3.into())
        }),
    ];
    let expires = prop_oneof![
        Just(Expiry::Never),
        Just(Expiry::Days60),
        Just(Expiry::PeriodEnd)
    ];
    let order = prop_oneof![
        Just(SpendOrder::ExpiringFirst),
        Just(SpendOrder::PlanFirst),
        Just(SpendOrder::PurchasedFirst)
    ];
    (rollover, expires, order, 0..500u32, 0..3u32).prop_map(
        |(rollover, expires, order, units, minimum)| Terms {
            rollover,
            order,
            packs: (minimum > 0).then(|| Packs {
                units: 70.into(),
                price: 3.into(),
                minimum,
                expires,
            }),
            ..Terms::flat(10.into(), Allowance::monthly(units.into()))
        },
    )
}

proptest! {
    #[test]
    fn rule_06_units_balance(terms in any_terms(), used in prop::collection::vec(0..900u32, 1..20)) {
        let mut before = Decimal::ZERO;
        for (month, wanted) in run(terms, &used).into_iter().zip(used) {
            prop_assert_eq!(month.opening, before);
            let served = month.from_allowance + month.from_carried + month.from_purchased;
            prop_assert_eq!(served + month.unserved, Decimal::from(wanted));
            let came = month.opening + month.granted + month.purchased;
            prop_assert_eq!(came, served + month.wasted() + month.balance);
            prop_assert_eq!(month.days, PERIOD_DAYS);
            before = month.balance;
        }
    }
}

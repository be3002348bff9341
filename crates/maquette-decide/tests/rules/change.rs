//! Rule 10: a change of plan inside a period.

use maquette_catalog::schema::plan::MidPeriod;
use maquette_decide::ledger::{Intro, Ledger, LedgerError, Rollover, Starts, Terms};

use super::books::terms;
use super::kit::dec;

fn changing(rule: MidPeriod, fee: &str, units: &str) -> Terms {
    Terms {
        change: Some(rule),
        ..terms(fee, units)
    }
}

#[test]
fn rule_10_prorated_upgrade_adds_the_difference() {
    let pro = changing(MidPeriod::Prorated, "35", "2250");
    let mut ledger = Ledger::new(changing(MidPeriod::Prorated, "15", "625")).expect("a ledger");
    ledger.spend(dec("625")).expect("units");
    // Runway Standard to Pro with 15 of 30 days left: half of 20 USD, and 2,250 − 625 credits.
    let change = ledger.upgrade(pro, 15).expect("an upgrade");
    assert_eq!((change.starts, change.pay_now), (Starts::Now, dec("10")));
    assert_eq!(change.units_now, dec("1625"));
    let month = ledger.month(dec("1625")).expect("a month");
    assert_eq!((month.paid(), month.unserved), (dec("25"), dec("0")));
    let next = ledger.month(dec("2250")).expect("a month");
    assert_eq!((next.paid(), next.granted), (dec("35"), dec("2250")));
}

#[test]
fn rule_10_new_cycle() {
    let creator = changing(MidPeriod::NewCycle, "22", "100000");
    let pro = changing(MidPeriod::NewCycle, "99", "500000");
    let mut ledger = Ledger::new(creator.clone()).expect("a ledger");
    ledger.spend(dec("40000")).expect("units");
    // ElevenLabs: the full 99 at once, and the 60,000 unused join the new quota.
    let change = ledger.upgrade(pro, 20).expect("an upgrade");
    assert_eq!(
        (change.starts, change.pay_now),
        (Starts::NewPeriod, dec("99"))
    );
    let closed = change.closed.expect("the old period");
    assert_eq!(
        (closed.days, closed.lapsed, closed.paid()),
        (10, dec("0"), dec("22"))
    );
    ledger.spend(dec("560000")).expect("units");
    // Down again after 5 days with 0 left of 560,000 … and nothing unserved.
    let change = ledger.downgrade(creator.clone(), 25).expect("a downgrade");
    let closed = change.closed.expect("the Pro period");
    assert_eq!(
        (closed.unserved, closed.lapsed, closed.paid()),
        (dec("0"), dec("0"), dec("99"))
    );
    // Going down forfeits what is unused: here all 100,000 of Creator.
    let starter = changing(MidPeriod::NewCycle, "6", "30000");
    let change = ledger.downgrade(starter, 30).expect("a downgrade");
    assert_eq!(change.closed.expect("a period").lapsed, dec("100000"));
    assert_eq!(ledger.month(dec("30000")).expect("a month").fee, dec("6"));
}

#[test]
fn rule_10_up_now_down_later() {
    // Units are kept on both, but only while the same plan lasts.
    let kept = |fee, units| Terms {
        rollover: Rollover::Kept,
        ..changing(MidPeriod::UpNowDownLater, fee, units)
    };
    let (small, large) = (kept("20", "4200"), kept("35", "7400"));
    let mut ledger = Ledger::new(small.clone()).expect("a ledger");
    let change = ledger.upgrade(large, 10).expect("an upgrade");
    assert_eq!((change.pay_now, change.units_now), (dec("15"), dec("3200")));
    let change = ledger.downgrade(small, 5).expect("a downgrade");
    assert_eq!(
        (change.starts, change.pay_now),
        (Starts::NextPeriod, dec("0"))
    );
    // The larger plan serves to the end of the period, then the smaller one is paid.
    let month = ledger.month(dec("7000")).expect("a month");
    assert_eq!((month.paid(), month.unserved), (dec("35"), dec("0")));
    assert_eq!((month.lapsed, month.balance), (dec("400"), dec("0")));
    let next = ledger.month(dec("4200")).expect("a month");
    assert_eq!((next.paid(), next.granted), (dec("20"), dec("4200")));
}

#[test]
fn rule_10_refused_changes() {
    let standard = changing(MidPeriod::Prorated, "15", "625");
    let pro = changing(MidPeriod::Prorated, "35", "2250");
    let ledger = || Ledger::new(standard.clone()).expect("a ledger");
    assert_eq!(
        ledger().upgrade(pro.clone(), 31),
        Err(LedgerError::DaysLeft(31))
    );
    assert!(matches!(
        ledger().downgrade(pro.clone(), 1),
        Err(LedgerError::Direction { .. })
    ));
    let mut silent = Ledger::new(terms("15", "625")).expect("a ledger");
    assert_eq!(silent.upgrade(pro.clone(), 1), Err(LedgerError::ChangeRule));
    let year = Terms {
        year: Some(dec("336")),
        ..pro
    };
    assert_eq!(ledger().upgrade(year, 1), Err(LedgerError::ChangeOfYear));
}

#[test]
fn rule_10_what_a_change_does_not_bring() {
    // An introductory price is for new customers: after an upgrade the next month costs all of it.
    let standard = changing(MidPeriod::Prorated, "15", "625");
    let intro = Terms {
        intro: Some(Intro {
            fee: dec("1"),
            months: 6,
        }),
        ..changing(MidPeriod::Prorated, "35", "2250")
    };
    let mut ledger = Ledger::new(standard.clone()).expect("a ledger");
    ledger.upgrade(intro, 15).expect("an upgrade");
    ledger.month(dec("0")).expect("a month");
    assert_eq!(ledger.month(dec("0")).expect("a month").fee, dec("35"));
    // A dearer plan with fewer units takes none away inside the period.
    let mut ledger = Ledger::new(standard).expect("a ledger");
    let fewer = changing(MidPeriod::Prorated, "20", "100");
    assert_eq!(
        ledger.upgrade(fewer, 15).expect("an upgrade").units_now,
        dec("0")
    );
    assert_eq!(
        ledger.month(dec("625")).expect("a month").unserved,
        dec("0")
    );
}

#[test]
fn rule_10_units_follow_the_new_plan() {
    // From a plan whose units lapse to one whose units are kept: 500,000 and the 100,000 brought.
    for rule in [MidPeriod::NewCycle, MidPeriod::Prorated] {
        let mut ledger = Ledger::new(changing(rule, "22", "100000")).expect("a ledger");
        ledger.spend(dec("0")).expect("units");
        let kept = Terms {
            rollover: Rollover::Kept,
            ..changing(rule, "99", "500000")
        };
        ledger.upgrade(kept, 20).expect("an upgrade");
        let balance = ledger.month(dec("0")).expect("a month").balance;
        // Prorated: 100,000 and the difference of 400,000.
        let wanted = if rule == MidPeriod::NewCycle {
            "600000"
        } else {
            "500000"
        };
        assert_eq!(balance, dec(wanted));
    }
}

//! Rules 6, 7, 8, 9 and 10: the account of a plan, month by month.

use maquette_catalog::schema::plan::{Every, Expiry, MidPeriod, SpendOrder};
use maquette_core::{BillingWish, Currency};
use maquette_decide::context::Ctx;
use maquette_decide::ledger::{
    Allowance, Beyond, Intro, Ledger, LedgerError, Month, PERIOD_DAYS, Packs, Rollover, Starts,
    Terms,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::kit::{MAY_SELL, Shop, ask, burn, dec, images, plan};

fn terms(fee: &str, units: &str) -> Terms {
    Terms::flat(dec(fee), Allowance::monthly(dec(units)))
}

fn packs(price: &str, units: &str, minimum: u32, expires: Expiry) -> Option<Packs> {
    Some(Packs {
        units: dec(units),
        price: dec(price),
        minimum,
        expires,
    })
}

fn run(terms: Terms, used: &[u32]) -> Vec<Month> {
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
        packs: packs("4", "60", 1, expires),
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
            packs: packs("10", "1000", 1, expires),
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
        packs: packs("1", "100", 1, expires),
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

#[test]
fn rule_08_packs_in_the_books() {
    // Runway: 35 credits lack, and 1,000 is the least purchase; 965 stay for the next month.
    let runway = Terms {
        packs: packs("1", "100", 10, Expiry::Never),
        ..terms("15", "625")
    };
    let months = run(runway, &[660, 700]);
    assert_eq!(
        (months[0].purchased, months[0].purchase_cost),
        (dec("1000"), dec("10"))
    );
    assert_eq!(
        (months[0].paid(), months[0].balance),
        (dec("25"), dec("965"))
    );
    assert_eq!(
        (months[1].paid(), months[1].from_purchased),
        (dec("15"), dec("75"))
    );
    // Ideogram: 4 USD for 100, whole packs: 101 units lack, so two.
    let ideogram = Terms {
        packs: packs("4", "100", 1, Expiry::Never),
        ..terms("20", "1000")
    };
    assert_eq!(run(ideogram, &[1101])[0].purchase_cost, dec("8"));
    let mut none = Ledger::new(terms("15", "625")).expect("a ledger");
    assert_eq!(none.buy(1), Err(LedgerError::NoPacks));
}

#[test]
fn rule_08_metered_with_an_early_bill() {
    let metered = |per_unit| Terms {
        beyond: Beyond::Metered {
            per_unit,
            early_bill_multiple: Some(dec("2")),
        },
        ..terms("22", "100000")
    };
    let price = Some(dec("0.0004"));
    // 100,000 beyond the quota = 40 USD, not above twice 22. 110,000 = 44: not above either.
    let months = run(metered(price), &[200_000, 210_000, 350_000]);
    assert_eq!(
        (months[0].overage_cost, months[0].billed_early),
        (dec("40"), dec("0"))
    );
    assert_eq!(
        (months[1].overage_cost, months[1].billed_early),
        (dec("44"), dec("0"))
    );
    // 250,000 = 100 USD: billed at 44 and at 88, the last 12 at the period's end.
    assert_eq!(
        (months[2].overage_cost, months[2].billed_early),
        (dec("100"), dec("88"))
    );
    assert_eq!(
        (months[2].paid(), months[2].metered),
        (dec("122"), dec("250000"))
    );
    // A price that is not published is no price of nothing.
    assert_eq!(
        Ledger::run(metered(None), &[dec("100001")]),
        Err(LedgerError::OveragePrice(dec("1")))
    );
}

#[test]
fn rule_08_hard_stop_and_free_daily() {
    assert_eq!(run(terms("15", "625"), &[660])[0].unserved, dec("35"));
    // Suno: 50 a day after the 2,500, at most 1,500 a month, for nothing.
    let suno = Terms {
        beyond: Beyond::FreeDaily { units: dec("50") },
        ..terms("10", "2500")
    };
    let months = run(suno, &[2600, 4100]);
    assert_eq!(
        (months[0].from_free_daily, months[0].paid()),
        (dec("100"), dec("10"))
    );
    assert_eq!(
        (months[1].from_free_daily, months[1].unserved),
        (dec("1500"), dec("100"))
    );
    let mut ledger = Ledger::new(terms("15", "625")).expect("a ledger");
    assert_eq!(
        ledger.month(dec("-1")),
        Err(LedgerError::NegativeUse(dec("-1")))
    );
}

#[test]
fn rule_09_a_year_paid_at_once_and_a_first_month() {
    // Runway Standard: 144 USD for a year, 625 credits each month and no year of them at once.
    let year = Terms {
        year: Some(dec("144")),
        ..terms("12", "625")
    };
    let months = run(year, &[700; 13]);
    let fees: Vec<Decimal> = months.iter().map(|m| m.fee).collect();
    assert_eq!((fees[0], fees[12]), (dec("144"), dec("144")));
    assert!(fees[1..12].iter().all(Decimal::is_zero));
    assert!(months.iter().all(|m| m.unserved == dec("75")));
    // ElevenLabs Creator: 11 USD in the first month, then 22.
    let intro = Terms {
        intro: Some(Intro {
            fee: dec("11"),
            months: 1,
        }),
        ..terms("22", "100000")
    };
    let fees: Vec<Decimal> = run(intro, &[0, 0]).iter().map(|m| m.fee).collect();
    assert_eq!(fees, [dec("11"), dec("22")]);
}

#[test]
fn rule_09_terms_from_the_catalog() {
    let more = format!(
        "[[plan.fee]]\namount = \"144 USD\"\nbilling = \"annual\" @\n\
         [[plan.fee]]\namount = \"11 USD\"\nbilling = \"monthly\"\nintro_months = 2 @\n\
         {}[plan.rollover]\nkind = \"capped\"\ncarry_multiple = \"2\"\n\
         [plan.topup]\namount = \"10 USD\"\nunits = \"1000\"\nexpires = \"never\"\n{MAY_SELL}",
        burn("m", "image", "1", "job", "")
    );
    let shop = Shop::new()
        .closed("m", "image")
        .provider("p", &plan("standard", "image", "15", "625", &more));
    let catalog = shop.catalog();
    let mut ask = ask(images(1));
    ask.studio.seats = 2;
    let ctx = Ctx {
        catalog: &catalog,
        ask: &ask,
        currency: Currency::USD,
    };
    let read = |wish| Terms::of_plan(&catalog.providers[0].plan[0], wish, &ctx).expect("terms");
    // Two seats are two subscriptions: 30 USD, 22 at first, 1,250 credits.
    let monthly = read(BillingWish::Monthly);
    assert_eq!((monthly.fee, monthly.year), (dec("30"), None));
    let intro = monthly.intro.expect("an introductory fee");
    assert_eq!((intro.fee, intro.months), (dec("22"), 2));
    assert_eq!(monthly.allowance, Some(Allowance::monthly(dec("1250"))));
    assert_eq!(monthly.packs.expect("packs").price, dec("10"));
    let annual = read(BillingWish::Annual);
    assert_eq!(
        (annual.fee, annual.year, annual.intro),
        (dec("24"), Some(dec("288")), None)
    );
    assert_eq!(
        annual.rollover,
        Rollover::Capped {
            carry: Some(dec("2")),
            held: None
        }
    );
}

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
    let small = changing(MidPeriod::UpNowDownLater, "20", "4200");
    let large = changing(MidPeriod::UpNowDownLater, "35", "7400");
    let mut ledger = Ledger::new(small.clone()).expect("a ledger");
    let change = ledger.upgrade(large, 10).expect("an upgrade");
    assert_eq!((change.pay_now, change.units_now), (dec("15"), dec("3200")));
    let change = ledger.downgrade(small, 5).expect("a downgrade");
    assert_eq!(
        (change.starts, change.pay_now),
        (Starts::NextPeriod, dec("0"))
    );
    // The larger plan serves to the end of the period, then the smaller one is paid.
    let month = ledger.month(dec("7400")).expect("a month");
    assert_eq!((month.paid(), month.unserved), (dec("35"), dec("0")));
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

//! Rules 8 and 9: what is paid, month by month.

use maquette_catalog::schema::plan::Expiry;
use maquette_core::{BillingWish, Currency};
use maquette_decide::context::Ctx;
use maquette_decide::ledger::{Allowance, Beyond, Intro, Ledger, LedgerError, Rollover, Terms};
use maquette_fit::estimate::Fits;
use rust_decimal::Decimal;

use super::books::{packs, run, terms};
use super::kit::{MAY_SELL, Shop, ask, burn, dec, images, plan};

#[test]
fn rule_08_packs_in_the_books() {
    // Runway: 35 credits lack, and 1,000 is the least purchase; 965 stay for the next month.
    let runway = Terms {
        packs: Some(packs("1", "100", 10, Expiry::Never)),
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
        packs: Some(packs("4", "100", 1, Expiry::Never)),
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
    let months = run(metered(price), &[200_000, 210_000, 350_000, 320_000]);
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
    // 88 USD is not above a second 44.
    assert_eq!(months[3].billed_early, dec("44"));
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
        fits: &Fits::default(),
        catalog: &catalog,
        ask: &ask,
        currency: Currency::USD,
    };
    let read = |wish| {
        Terms::of_plan(
            &catalog.providers[0].plan[0],
            &catalog.providers[0],
            wish,
            &ctx,
        )
        .expect("terms")
    };
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

//! `choose` on thousands of random small catalogs against a brute force written apart: it knows prices,
//! fees, allowances and packs in thousandths of a dollar, tries every way to deal the outputs out, and
//! shares no code with the chooser.

#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use maquette_catalog::{Catalog, SourceFile, parse};
use maquette_core::{Accounting, Ask, BillingWish, Demand, Modality, Studio, Use};
use maquette_decide::stacks::choose;
use maquette_fit::estimate::Fits;
use proptest::prelude::*;
use rust_decimal::Decimal;

/// A plan of one provider: what it costs, holds, and takes for a job of each of two models.
#[derive(Debug, Clone)]
struct RandomPlan {
    fee: u32,
    allowance: u32,
    /// Units a job takes and outputs it returns, for pictures and for songs.
    burns: [Option<(u32, u32)>; 2],
    /// Units and price of a pack that lapses with the month.
    pack: Option<(u32, u32)>,
}

#[derive(Debug, Clone)]
struct Market {
    wanted: [u32; 2],
    /// Prices of one picture and of one song.
    offers: [Vec<u32>; 2],
    /// Two tiers of each of up to two providers.
    providers: Vec<Vec<RandomPlan>>,
}

const DATED: &str = "as_of = \"2026-11-01\"\nsource = \"s\"\nconfidence = \"high\"\n";

fn usd(thousandths: u32) -> String {
    format!("\"{}.{:03} USD\"", thousandths / 1000, thousandths % 1000)
}

const KINDS: [(&str, &str, &str); 2] = [("image", "image", "pic"), ("music", "song", "tune")];

fn catalog(market: &Market) -> Catalog {
    let file = |path: String, text: String| SourceFile { path, text };
    let mut files: Vec<SourceFile> = KINDS
        .iter()
        .map(|(modality, _, id)| {
            let text = format!(
                "id = \"{id}\"\nname = \"{id}\"\nmodality = \"{modality}\"\nfamily = \"{id}\"\nopenness = \"closed\"\n{DATED}\n[limits]\nduration_s = \"600\"\n"
            );
            file(format!("models/{id}/{id}.toml"), text)
        })
        .collect();
    let mut shop = format!("id = \"shop\"\nname = \"Shop\"\nkind = [\"api\"]\n{DATED}");
    for (k, (modality, unit, id)) in KINDS.iter().enumerate() {
        for (n, price) in market.offers[k].iter().enumerate() {
            let _ = write!(
                shop,
                "[[offer]]\nid = \"shop/{id}{n}\"\nmodel = \"{id}\"\nmodality = \"{modality}\"\n[[offer.price]]\namount = {}\nper = \"{unit}\"\n{DATED}",
                usd(*price)
            );
        }
    }
    files.push(file("providers/shop.toml".to_owned(), shop));
    for (p, plans) in market.providers.iter().enumerate() {
        let mut text = format!("id = \"p{p}\"\nname = \"P{p}\"\nkind = [\"plans\"]\n{DATED}");
        for (n, plan) in plans.iter().enumerate() {
            text.push_str(&plan_text(p, n, plan));
        }
        files.push(file(format!("providers/p{p}.toml"), text));
    }
    let parsed = parse(&files);
    assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
    parsed.catalog
}

fn plan_text(p: usize, n: usize, plan: &RandomPlan) -> String {
    let mut text = format!(
        "[[plan]]\nid = \"p{p}-{n}\"\nname = \"{n}\"\nmodality = [\"image\", \"music\"]\n{DATED}[plan.rights]\ncommercial = \"yes\"\n[plan.allowance]\namount = \"{}\"\nunit = \"credit\"\nevery = \"month\"\n",
        plan.allowance
    );
    if let Some((units, price)) = plan.pack {
        let _ = write!(
            text,
            "[plan.topup]\namount = {}\nunits = \"{units}\"\nexpires = \"period-end\"\n",
            usd(price)
        );
    }
    let _ = write!(
        text,
        "[[plan.fee]]\namount = {}\nbilling = \"monthly\"\n{DATED}",
        usd(plan.fee)
    );
    for (k, burn) in plan.burns.iter().enumerate() {
        if let Some((units, outputs)) = burn {
            let (modality, _, id) = KINDS[k];
            let _ = write!(
                text,
                "[[plan.burn]]\nmodel = \"{id}\"\nmodality = \"{modality}\"\namount = \"{units}\"\nper = \"job\"\noutputs_per_job = {outputs}\n{DATED}"
            );
        }
    }
    text
}

fn ask(market: &Market) -> Ask {
    let demands = [Modality::Image, Modality::Music]
        .into_iter()
        .zip(market.wanted)
        .map(|(m, n)| Demand::usual(m, n.into()))
        .collect();
    Ask {
        as_of: "2026-11-15".parse().unwrap(),
        carry_back_days: 0,
        floors: Vec::new(),
        demands,
        studio: Studio {
            country: "US".to_owned(),
            purpose: Use::Commercial,
            revenue: None,
            seats: 1,
            power_price: None,
            facts: maquette_core::facts::Facts::unsaid(),
            vat_registered: false,
            hours_per_day: 8.into(),
        },
        machine: None,
        purchase_months: None,
        rent: false,
        billing: BillingWish::Monthly,
        accounting: Accounting::Use,
        batch: false,
        priority: false,
        only: Vec::new(),
    }
}

/// What the rest costs by use: the cheapest offer of each kind, or nothing can make it.
fn by_use(market: &Market, rest: [u32; 2]) -> Option<u32> {
    let one = |k: usize| match rest[k] {
        0 => Some(0),
        n => market.offers[k].iter().min().map(|price| price * n),
    };
    Some(one(0)? + one(1)?)
}

/// What a plan costs for so many jobs of each kind; `None` where it cannot do them.
fn plan_cost(plan: &RandomPlan, jobs: [u32; 2]) -> Option<u32> {
    let mut units = 0;
    for (k, n) in jobs.into_iter().enumerate().filter(|(_, n)| *n > 0) {
        units += plan.burns[k]?.0 * n;
    }
    let beyond = units.saturating_sub(plan.allowance);
    if beyond == 0 {
        return Some(plan.fee);
    }
    let (size, price) = plan.pack?;
    Some(plan.fee + beyond.div_ceil(size) * price)
}

/// Tries every tier (or none) of every provider in turn, with every number of jobs of each kind.
fn cheapest(market: &Market, providers: &[Vec<RandomPlan>], rest: [u32; 2]) -> Option<u32> {
    let Some((tiers, others)) = providers.split_first() else {
        return by_use(market, rest);
    };
    let mut best = cheapest(market, others, rest);
    for plan in tiers {
        let most = |k: usize| plan.burns[k].map_or(0, |(_, outputs)| rest[k].div_ceil(outputs));
        for a in 0..=most(0) {
            for b in 0..=most(1) {
                let made =
                    |k: usize, jobs: u32| plan.burns[k].map_or(0, |(_, outputs)| outputs * jobs);
                let left = [
                    rest[0].saturating_sub(made(0, a)),
                    rest[1].saturating_sub(made(1, b)),
                ];
                let total = plan_cost(plan, [a, b])
                    .and_then(|cost| Some(cost + cheapest(market, others, left)?));
                best = best.into_iter().chain(total).min();
            }
        }
    }
    best
}

fn burn() -> impl Strategy<Value = Option<(u32, u32)>> {
    prop::option::weighted(0.7, (1..=12_u32, prop::sample::select(vec![1_u32, 2, 4])))
}

fn plan() -> impl Strategy<Value = RandomPlan> {
    let pack = prop::option::of((1..=20_u32, 0..=3000_u32));
    (0..=6000_u32, 1..=60_u32, [burn(), burn()], pack).prop_map(|(fee, allowance, burns, pack)| {
        RandomPlan {
            fee,
            allowance,
            burns,
            pack,
        }
    })
}

fn market() -> impl Strategy<Value = Market> {
    let prices = || prop::collection::vec(1..=1500_u32, 0..=2);
    let providers = prop::collection::vec(prop::collection::vec(plan(), 1..=2), 0..=2);
    ([1..=9_u32, 1..=7_u32], [prices(), prices()], providers).prop_map(
        |(wanted, offers, providers)| Market {
            wanted,
            offers,
            providers,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3000) })]

    #[test]
    fn the_cheapest_stack_is_the_cheapest(market in market()) {
        let report = choose(&catalog(&market), &Fits::default(), &ask(&market));
        let stack = &report.stacks[0];
        let found = match &stack.total {
            Some(total) if stack.unpriced.is_empty() => Some(total.amount.parse::<Decimal>().unwrap()),
            _ => None,
        };
        let expected = cheapest(&market, &market.providers, market.wanted);
        prop_assert_eq!(found, expected.map(|c| Decimal::new(c.into(), 3)));
    }
}

//! What must hold for any asker and any text of the catalog: more restriction, more revenue, more
//! users or a stricter use never makes a verdict more permissive; the union is never weaker than a
//! part; order does not matter; and what was not said never permits.

#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use maquette_catalog::schema::license::{License, Territory, Threshold};
use maquette_catalog::schema::terms::{
    Aup, Basis, Disclosure, Effect, FilterFor, Hardware, Hosting, Metric, Op, Permission,
    Registration as Step, Remedy, Snapshot, Subject as Whose, Training,
};
use maquette_core::Use;
use maquette_know::Knowledge;
use maquette_license::{Act, Facts, Registered, Subject, Verdict, Via, evaluate, read};
use proptest::prelude::*;
use rust_decimal::Decimal;

static KNOWN: LazyLock<Knowledge> = LazyLock::new(|| maquette_know::open(&[]).unwrap());

fn license() -> impl Strategy<Value = &'static License> {
    (0..KNOWN.catalog.licenses.len()).prop_map(|i| &KNOWN.catalog.licenses[i])
}

fn subject() -> impl Strategy<Value = Subject<'static>> {
    let open: Vec<usize> = (0..KNOWN.catalog.models.len())
        .filter(|&i| KNOWN.catalog.models[i].license.is_some())
        .collect();
    prop_oneof![
        6 => proptest::sample::select(open).prop_map(|i| Subject::Model(&KNOWN.catalog.models[i])),
        1 => (0..KNOWN.catalog.tools.len()).prop_map(|i| Subject::Tool(&KNOWN.catalog.tools[i])),
    ]
}

fn amount() -> impl Strategy<Value = Option<Decimal>> {
    let some = prop_oneof![
        Just(0_i64),
        Just(100_000),
        Just(999_999),
        Just(1_000_000),
        Just(1_000_001),
        Just(10_000_000),
        Just(20_000_001),
        Just(100_000_001),
        Just(700_000_001),
        Just(11_000_000_000),
    ];
    prop_oneof![1 => Just(None), 3 => some.prop_map(|n| Some(Decimal::from(n)))]
}

fn told<T: Clone + std::fmt::Debug + 'static>(all: Vec<T>) -> impl Strategy<Value = Option<T>> {
    prop_oneof![1 => Just(None), 3 => proptest::sample::select(all).prop_map(Some)]
}

fn code() -> impl Strategy<Value = Option<String>> {
    let all = ["US", "DE", "FR", "GB", "KR", "JP", "NO", "CH"].map(str::to_owned);
    told(all.to_vec())
}

prop_compose! {
    fn facts()(
        purpose in proptest::sample::select(Use::ALL.to_vec()),
        via in proptest::sample::select(Via::ALL.to_vec()),
        acts in proptest::sample::subsequence(Act::ALL.to_vec(), 1..=4),
        places in (code(), code(), code()),
        sizes in proptest::collection::vec(amount(), 13),
        flags in proptest::collection::vec(told(vec![true, false]), 6),
        hardware in told(Hardware::ALL.to_vec()),
        registered in proptest::sample::select(vec![Registered::Unsaid, Registered::Yes, Registered::No]),
    ) -> Facts {
        let mut f = Facts::new(purpose, via, acts);
        f.place = places.0;
        f.domicile = places.1;
        f.output_to = places.2.map(|p| vec![p]);
        let s = &mut f.sizes;
        s.annual_revenue_usd = sizes[0];
        // A group earns at least what its member does, and a year at least what a month does.
        s.group_annual_revenue_usd = sizes[1].map(|g| g.max(sizes[0].unwrap_or_default()));
        s.group_aggregate_revenue_usd = sizes[2];
        s.monthly_revenue_usd = sizes[3].filter(|m| sizes[0].is_none_or(|y| *m <= y));
        s.annual_recurring_revenue_usd = sizes[4];
        s.annual_revenue_rmb = sizes[5];
        s.recipient_revenue_usd = sizes[6];
        s.product_mau = sizes[7];
        s.group_mau = sizes[8].map(|g| g.max(sizes[7].unwrap_or_default()));
        s.group_mau_at_release = sizes[9];
        s.annual_active_users = sizes[10];
        s.monthly_visits = sizes[11];
        s.monthly_unique_users = sizes[12];
        f.person = flags[0];
        f.modified = flags[1];
        f.multimodal = flags[2];
        f.client_work = flags[3];
        f.content_filter = flags[4];
        f.hardware = hardware;
        f.registered = registered;
        f
    }
}

/// One more restriction of the text, by number.
fn restrict(license: &License, which: usize) -> License {
    let mut l = license.clone();
    match which {
        0 => l.commercial_weights = Permission::No,
        1 => l.commercial_outputs = Permission::No,
        2 => l.research_only = Some(true),
        3 => {
            l.threshold.push(Threshold {
                metric: Metric::AnnualRevenueUsd,
                op: Op::AtLeast,
                amount: Some(500_000),
                subject: Whose::LicenseeAndAffiliates,
                measured: Snapshot::Anytime,
                effect: Effect::LicenseRequired,
                commercial_only: false,
                note: None,
            });
        }
        4 => {
            l.threshold.push(Threshold {
                metric: Metric::Mau,
                op: Op::More,
                amount: None,
                subject: Whose::LicenseeAllProducts,
                measured: Snapshot::Anytime,
                effect: Effect::LicenseRequired,
                commercial_only: false,
                note: None,
            });
        }
        5 if l.territory.is_none() => {
            l.territory = Some(Territory {
                excluded: vec!["EU".to_owned(), "US".to_owned()],
                basis: Basis::PlaceOfUse,
                remedy: Remedy::NoneOffered,
                outputs: true,
                multimodal_only: false,
                hosted: true,
                scope: "test".to_owned(),
            });
        }
        6 => l.aup = Some(Aup::Inline),
        7 => l.no_compete = Some(true),
        8 => {
            l.content_filter = Some(true);
            l.content_filter_for = Some(FilterFor::Everyone);
        }
        9 => l.ai_disclosure = Some(Disclosure::AlwaysInPublic),
        10 => l.hosted_service = Some(Hosting::Forbidden),
        11 => l.train_other_models = Some(Training::Forbidden),
        12 => l.registration = Some(Step::RequiredForCommercial),
        13 if l.hardware.is_empty() => l.hardware = vec![Hardware::Apple],
        14 => l.share_alike = Some(true),
        15 => l.provenance_lock = Some(true),
        16 => l.end_user_exempt_from.clear(),
        17 => l.commercial_license = None,
        _ => l.outputs_are_derivatives = Some(true),
    }
    l
}

fn cases() -> ProptestConfig {
    ProptestConfig {
        cases: 4000,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_restriction_never_permits_more(l in license(), f in facts(), which in 0..19_usize) {
        let before = read(l, &f, None).verdict;
        let restricted = restrict(l, which);
        let after = read(&restricted, &f, None).verdict;
        prop_assert!(after >= before, "{} by {which}: {before:?} became {after:?}", l.id);
    }

    #[test]
    fn growing_never_permits_more(s in subject(), f in facts(), which in 0..13_usize) {
        let before = evaluate(&KNOWN.catalog, &[s], &f).verdict;
        let mut grown = f.clone();
        let z = &mut grown.sizes;
        let slots = [
            &mut z.annual_revenue_usd, &mut z.group_annual_revenue_usd, &mut z.group_aggregate_revenue_usd,
            &mut z.monthly_revenue_usd, &mut z.annual_recurring_revenue_usd, &mut z.annual_revenue_rmb,
            &mut z.recipient_revenue_usd, &mut z.product_mau, &mut z.group_mau, &mut z.group_mau_at_release,
            &mut z.annual_active_users, &mut z.monthly_visits, &mut z.monthly_unique_users,
        ];
        for (i, slot) in slots.into_iter().enumerate() {
            if i == which {
                *slot = slot.map(|x| x * Decimal::from(10) + Decimal::ONE);
            }
        }
        // Facts that contradict each other give no verdict to compare.
        if !grown.contradictions().is_empty() || !f.contradictions().is_empty() {
            return Ok(());
        }
        let after = evaluate(&KNOWN.catalog, &[s], &grown).verdict;
        prop_assert!(after >= before, "{before:?} became {after:?}");
    }

    #[test]
    fn a_stricter_use_never_permits_more(s in subject(), f in facts()) {
        let under = |purpose| {
            let f = Facts { purpose, ..f.clone() };
            evaluate(&KNOWN.catalog, &[s], &f).verdict
        };
        let commercial = under(Use::Commercial);
        for milder in [Use::Charity, Use::Evaluation, Use::Noncommercial, Use::Research] {
            prop_assert!(under(milder) <= commercial, "{milder:?}: {:?}, commercial {commercial:?}", under(milder));
        }
    }

    #[test]
    fn one_more_act_never_permits_more(s in subject(), f in facts(), act in proptest::sample::select(Act::ALL.to_vec())) {
        // Without the weights at hand the question of outputs is open; with them it is answered.
        let mut f = f;
        f.acts.insert(Act::Run);
        let before = evaluate(&KNOWN.catalog, &[s], &f).verdict;
        let mut more = f.clone();
        more.acts.insert(act);
        // Facts that contradict each other give no verdict to compare.
        if !more.contradictions().is_empty() || !f.contradictions().is_empty() {
            return Ok(());
        }
        let after = evaluate(&KNOWN.catalog, &[s], &more).verdict;
        prop_assert!(after >= before, "{act}: {before:?} became {after:?}");
    }

    #[test]
    fn the_union_is_never_weaker_than_a_part_and_order_does_not_matter(
        all in proptest::collection::vec(subject(), 1..=4),
        f in facts(),
    ) {
        let whole = evaluate(&KNOWN.catalog, &all, &f).verdict;
        for one in &all {
            let part = evaluate(&KNOWN.catalog, &[*one], &f).verdict;
            prop_assert!(whole >= part);
        }
        let mut back = all.clone();
        back.reverse();
        prop_assert_eq!(evaluate(&KNOWN.catalog, &back, &f).verdict, whole);
    }

    /// Whatever is left unsaid, what was not permitted is not permitted without a condition.
    #[test]
    fn silence_never_permits(s in subject(), f in facts(), which in 0..22_usize) {
        if !f.contradictions().is_empty() {
            return Ok(());
        }
        let said = evaluate(&KNOWN.catalog, &[s], &f).verdict;
        let mut silent = f.clone();
        let z = &mut silent.sizes;
        match which {
            0 => silent.place = None,
            1 => silent.domicile = None,
            2 => silent.output_to = None,
            3 => silent.person = None,
            4 => silent.modified = None,
            5 => silent.multimodal = None,
            6 => silent.client_work = None,
            7 => silent.content_filter = None,
            8 => silent.hardware = None,
            9 => silent.registered = Registered::Unsaid,
            10 => z.annual_revenue_usd = None,
            11 => z.group_annual_revenue_usd = None,
            12 => z.group_aggregate_revenue_usd = None,
            13 => z.monthly_revenue_usd = None,
            14 => z.annual_recurring_revenue_usd = None,
            15 => z.annual_revenue_rmb = None,
            16 => z.product_mau = None,
            17 => z.group_mau = None,
            18 => z.group_mau_at_release = None,
            19 => z.annual_active_users = None,
            20 => z.monthly_visits = None,
            _ => z.monthly_unique_users = None,
        }
        let unsaid = evaluate(&KNOWN.catalog, &[s], &silent).verdict;
        prop_assert!(said == Verdict::Permitted || unsaid != Verdict::Permitted, "{said:?} became {unsaid:?}");
    }
}

#[test]
fn nothing_is_no_permission() {
    let f = Facts::new(Use::Noncommercial, Via::SelfHosted, [Act::Run]);
    assert_eq!(evaluate(&KNOWN.catalog, &[], &f).verdict, Verdict::Unknown);
}

#[test]
fn a_broken_lineage_is_unknown_and_ends() {
    let mut catalog = KNOWN.catalog.clone();
    let at = |id: &str| catalog.models.iter().position(|m| m.id == id).unwrap();
    let (a, b) = (at("flux.1-schnell"), at("z-image-turbo"));
    let (first, second) = (catalog.models[a].id.clone(), catalog.models[b].id.clone());
    catalog.models[a].base_models = vec![second];
    catalog.models[b].base_models = vec![first];
    let f = Facts::new(Use::Commercial, Via::SelfHosted, [Act::Run]);
    let circle = evaluate(&catalog, &[Subject::Model(&catalog.models[a])], &f);
    assert_eq!(circle.verdict, Verdict::Unknown);
    assert!(circle.doubts[0].contains("circle"));
    let mut catalog = KNOWN.catalog.clone();
    catalog.models[a].base_models = vec!["nobody".to_owned()];
    let gap = evaluate(&catalog, &[Subject::Model(&catalog.models[a])], &f);
    assert_eq!(gap.verdict, Verdict::Unknown);
    assert!(gap.doubts[0].contains("nobody"));
}

#[test]
fn the_edition_of_the_day_of_download_binds() {
    let model = |id: &str| KNOWN.catalog.models.iter().find(|m| m.id == id).unwrap();
    let text = |id: &str, day: &str| {
        let mut f = Facts::new(Use::Commercial, Via::SelfHosted, [Act::Run]);
        f.downloaded = Some(day.parse().unwrap());
        let union = evaluate(&KNOWN.catalog, &[Subject::Model(model(id))], &f);
        let ids: Vec<String> = union
            .readings
            .iter()
            .filter_map(|r| Some(r.license?.id.clone()))
            .collect();
        ids.join(" ")
    };
    for (day, edition) in [
        ("2025-06-25", "flux-1-dev-nc-1.0 apache-2.0"),
        ("2025-06-26", "flux-1-dev-nc-1.1 apache-2.0"),
        ("2025-06-27", "flux-1-dev-nc-1.1.1 apache-2.0"),
    ] {
        assert_eq!(text("flux.1-dev", day), edition);
    }
    // The change is known by its month alone: both texts are read, the stricter holds.
    assert_eq!(
        text("flux.2-dev", "2026-01-10"),
        "flux-nc-2.1 flux-dev-nc-2.0 apache-2.0"
    );
    assert_eq!(text("flux.2-dev", "2026-02-01"), "flux-nc-2.1 apache-2.0");
    // A new text for new models leaves the old ones where they were.
    assert_eq!(text("llama-3.1-8b", "2024-05-01"), "llama3.1");
}

//! How long the answers take, in one run: opening the catalog, one `choose`, a thousand with random
//! volumes, a break-even. Run with `cargo bench -p maquette-app`.

#![allow(clippy::unwrap_used)]

use divan::{Bencher, black_box};
use maquette_app::{Context, Request};
use maquette_core::{Ask, Currency, Modality};
use maquette_decide::assemble::assemble;
use maquette_decide::context::Ctx;
use maquette_decide::field::field;
use maquette_decide::solve::solve;

fn main() {
    divan::main();
}

fn context() -> Context {
    Context::open("2026-11-24".parse().unwrap(), None, &[]).unwrap()
}

fn studio(images: u32, videos: u32, words: u32, songs: u32) -> Request {
    Request {
        quantities: vec![
            (Modality::Image, images.to_string()),
            (Modality::Video, videos.to_string()),
            (Modality::Text, words.to_string()),
            (Modality::Music, songs.to_string()),
        ],
        gpu: Some("rtx-4090".to_owned()),
        ..Request::default()
    }
}

/// The same thousand studios in every run.
fn random_studios() -> Vec<Request> {
    // A small linear congruential generator.
    let mut state = 20_261_124_u64;
    let mut next = |most: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((state >> 33) % most + 1).unwrap()
    };
    (0..1000)
        .map(|_| studio(next(2000), next(200), next(1_000_000), next(600)))
        .collect()
}

#[divan::bench]
fn open_the_catalog() -> Context {
    context()
}

#[divan::bench]
fn choose_for_the_articles_studio(bencher: Bencher<'_, '_>) {
    let ctx = context();
    let request = studio(100, 10, 50_000, 20);
    bencher.bench_local(|| maquette_app::choose(&ctx, black_box(&request)).unwrap());
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn choose_a_thousand_random_studios(bencher: Bencher<'_, '_>) {
    let ctx = context();
    let studios = random_studios();
    bencher.bench_local(|| {
        for request in &studios {
            black_box(maquette_app::choose(&ctx, request).unwrap());
        }
    });
}

/// The search alone: the cheapest stack of each of the same thousand studios, from priced candidates.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn solve_a_thousand_random_studios(bencher: Bencher<'_, '_>) {
    let ctx = context();
    let asks: Vec<Ask> = random_studios()
        .iter()
        .map(|r| r.ask(&ctx).unwrap())
        .collect();
    let fields: Vec<_> = asks
        .iter()
        .map(|ask| {
            let catalog = &ctx.knowledge.catalog;
            field(&Ctx {
                fits: ctx.fits().unwrap(),
                catalog,
                ask,
                currency: Currency::USD,
            })
        })
        .collect();
    bencher.bench_local(|| {
        for (field, ask) in fields.iter().zip(&asks) {
            let all: Vec<usize> = (0..field.candidates.len()).collect();
            black_box(solve(&assemble(field, &all, ask).program).unwrap());
        }
    });
}

#[divan::bench]
fn break_even_of_images(bencher: Bencher<'_, '_>) {
    let ctx = context();
    let request = Request::default();
    bencher.bench_local(|| {
        maquette_app::break_even(&ctx, black_box(&request), Modality::Image, None).unwrap()
    });
}

/// Ten thousand verdicts over all models and all texts of the catalog.
#[divan::bench]
fn ten_thousand_verdicts(bencher: Bencher<'_, '_>) {
    let ctx = context();
    let catalog = &ctx.knowledge.catalog;
    let models = catalog.models.iter().map(maquette_license::Subject::Model);
    let texts = catalog
        .licenses
        .iter()
        .map(maquette_license::Subject::License);
    let all: Vec<_> = models.chain(texts).collect();
    let mut facts = maquette_license::Facts::new(
        maquette_core::Use::Commercial,
        maquette_license::Via::SelfHosted,
        [
            maquette_license::Act::Run,
            maquette_license::Act::SellOutput,
        ],
    );
    facts.place = Some("US".to_owned());
    bencher.bench_local(|| {
        let each = (0..10_000).map(|i| {
            let subject = &all[i % all.len()..][..1];
            maquette_license::evaluate(catalog, black_box(subject), &facts).verdict
        });
        each.filter(|v| v.is_lawful()).count()
    });
}

#[divan::bench]
fn the_matrix_of_licenses(bencher: Bencher<'_, '_>) {
    let ctx = context();
    let form = maquette_app::license::FactsForm::default();
    bencher.bench_local(|| maquette_app::license::licenses(&ctx, black_box(&form)).unwrap());
}

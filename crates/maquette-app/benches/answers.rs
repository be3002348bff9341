//! How long the answers take, in one run: opening the catalog, one `choose`, a thousand with random
//! volumes, a break-even. Run with `cargo bench -p maquette-app`.

#![allow(clippy::unwrap_used)]

use divan::{Bencher, black_box};
use maquette_app::{Context, Request};
use maquette_core::Modality;

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
    // A small linear congruential generator: the same thousand studios in every run.
    let mut state = 20_261_124_u64;
    let mut next = |most: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((state >> 33) % most + 1).unwrap()
    };
    let studios: Vec<Request> = (0..1000)
        .map(|_| studio(next(2000), next(200), next(1_000_000), next(600)))
        .collect();
    bencher.bench_local(|| {
        for request in &studios {
            black_box(maquette_app::choose(&ctx, request).unwrap());
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

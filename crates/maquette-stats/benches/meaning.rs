//! All trends of 10,000 series of 120 points, and the gap of a board with 10,000 draws. Run with
//! `cargo bench -p maquette-stats`.

use divan::{Bencher, black_box};
use maquette_stats::gap::{DRAWS, Rated, gap};
use maquette_stats::trend::clean::Counter;
use maquette_stats::trend::label;

fn main() {
    divan::main();
}

/// A small linear congruential generator: between 0 and 1.
fn chance(state: &mut u64) -> f64 {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*state >> 11) as f64 / (1_u64 << 53) as f64
}

#[divan::bench]
fn trends_of_10_000_series_of_120_points(bencher: Bencher<'_, '_>) {
    let mut state = 7;
    let counters: Vec<Counter> = (0..10_000)
        .map(|_| {
            let level = 1.0 + 300.0 * chance(&mut state);
            let mut total = 1_000.0;
            let readings: Vec<(i64, f64)> = (0..120)
                .map(|day| {
                    total += level * chance(&mut state);
                    (20_000 - 119 + day, total.round())
                })
                .collect();
            Counter::of(readings).0
        })
        .collect();
    bencher.bench_local(|| label(black_box(&counters), 20_000, true));
}

#[divan::bench]
fn gap_of_one_board(bencher: Bencher<'_, '_>) {
    let mut state = 3;
    let mut side = |from: f64| -> Vec<Rated> {
        (0..60)
            .map(|n| Rated {
                name: n.to_string(),
                rating: from + 200.0 * chance(&mut state),
                half: Some(4.0 + 10.0 * chance(&mut state)),
            })
            .collect()
    };
    let (closed, open) = (side(1_200.0), side(1_100.0));
    bencher.bench_local(|| gap(black_box(&closed), black_box(&open), DRAWS));
}

//! Ten million observations: what a day's list, a series and an append cost, and how large the file is.
//!
//! `cargo bench -p maquette-observe [-- DAYS]`; 4,000 subjects in 10 tasks, 4 counters, 625 days.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::time::{Duration, Instant};

use maquette_observe::fact::{Fact, Facts, Value};
use maquette_observe::store::{Kept, Store};

const SUBJECTS: u64 = 4_000;
const METRICS: [&str; 4] = ["downloads", "downloads-all-time", "likes", "trending"];
const DAY: i64 = 86_400;
const START: i64 = 1_735_689_600;

fn facts(day: u64) -> Facts {
    let mut out = Facts::default();
    for s in 0..SUBJECTS {
        let subject = format!("hub:owner-{}/model-{s}", s % 313);
        for (m, metric) in (0..).zip(METRICS) {
            let value = (s * 7_919 + day * 131 + m * 17) % 40_000_000;
            out.facts
                .push(Fact::every(&subject, metric, "count", Value::count(value)));
        }
        if day == 0 {
            out.facts
                .push(Fact::text(&subject, "task", &format!("task-{}", s % 10)));
        }
    }
    out
}

fn append(store: &mut Store, day: u64, reading: Facts) -> Duration {
    let at = START + i64::try_from(day).unwrap() * DAY;
    let kept = Kept {
        seq: 0,
        kind: "models".to_owned(),
        url: "http://127.0.0.1/".to_owned(),
        final_url: "http://127.0.0.1/".to_owned(),
        status: 200,
        headers: String::new(),
        fetched_at: at,
        body: day.to_string().into_bytes(),
    };
    let mut reading = Some(reading);
    let begun = Instant::now();
    let id = store.begin("hub", "bench", at).unwrap();
    store.keep(id, &kept).unwrap();
    store
        .commit(id, at, false, "", &mut |_| {
            Ok(reading.take().unwrap_or_default())
        })
        .unwrap();
    begun.elapsed()
}

/// Smallest, median and largest of `n` times.
fn times(n: u64, mut run: impl FnMut(u64)) -> String {
    let mut all: Vec<Duration> = (0..n)
        .map(|i| {
            let begun = Instant::now();
            run(i);
            begun.elapsed()
        })
        .collect();
    all.sort_unstable();
    format!(
        "{:.1?} / {:.1?} / {:.1?}",
        all[0],
        all[all.len() / 2],
        all[all.len() - 1]
    )
}

fn main() {
    // `cargo test` runs benches once; nothing is timed there.
    let days: u64 = match std::env::args().skip(1).find_map(|a| a.parse().ok()) {
        Some(days) => days,
        None if std::env::args().any(|a| a == "--bench") => 625,
        None => return,
    };
    let dir = std::env::temp_dir().join(format!("maquette-bench-{}", std::process::id()));
    let mut store = Store::open(&dir).unwrap();
    let begun = Instant::now();
    for day in 0..days {
        append(&mut store, day, facts(day));
    }
    let counts = store.counts().unwrap();
    println!(
        "{} observations in {:.1?}",
        counts.observations,
        begun.elapsed()
    );
    let million = counts.file_bytes as f64 / (counts.observations as f64 / 1e6) / 1e6;
    println!(
        "file: {:.1} MB, {million:.1} MB a million",
        counts.file_bytes as f64 / 1e6
    );
    let moment = |i: u64| START + i64::try_from(i * 31 % days).unwrap() * DAY + 40_000;
    println!(
        "top 20 of one task as of a day:   {}",
        times(50, |i| {
            let task = format!("task-{}", i % 10);
            assert_eq!(
                store.top(&[&task], "likes", moment(i), 20).unwrap().len(),
                20
            );
        })
    );
    println!(
        "a series of {days} points:          {}",
        times(50, |i| {
            let s = i * 79 % SUBJECTS;
            let subject = format!("hub:owner-{}/model-{s}", s % 313);
            assert_eq!(
                store.series(&subject, "likes", 0, i64::MAX).unwrap().len() as u64,
                days
            );
        })
    );
    let mut more = Facts::default();
    for i in 0..100_000_u64 {
        let s = i % SUBJECTS;
        let subject = format!("hub:owner-{}/model-{s}", s % 313);
        let metric = format!("m{}", i / SUBJECTS);
        more.facts
            .push(Fact::every(&subject, &metric, "count", Value::count(i)));
    }
    println!(
        "append of 100,000:                {:.2?}",
        append(&mut store, days + 1, more)
    );
    drop(store);
    let _ = std::fs::remove_dir_all(dir);
}

//! What holds for every chart, checked on the SVG text, and one sample to look at:
//! `MAQUETTE_SVG_SAMPLES=dir cargo test -p maquette-tell samples` writes it out.

#![allow(clippy::unwrap_used)]

use super::{Axis, Chart, Mark, Series};
use crate::width::columns;
use proptest::prelude::*;

fn sample() -> Chart {
    let mut chart = Chart::new(
        "volume",
        "Cost a month against images a month",
        "The card you have stays near one dollar; a subscription is flat until its limit.",
        Axis::linear(0.0, 1200.0),
        Axis::linear(0.0, 95.0).prefix("$"),
    )
    .labels("images a month", "US$ a month, everything counted")
    .source("Prices observed 22 Nov 2026: fal.ai, RunPod, Midjourney; electricity 0.30 $/kWh");
    chart.series = vec![
        Series::step(
            "Subscription, standard plan",
            vec![(0.0, 10.0), (200.0, 30.0), (900.0, 60.0), (1200.0, 60.0)],
        )
        .label("Subscription"),
        Series::line(
            "Price per image at fal.ai",
            vec![(0.0, 0.0), (1200.0, 72.0)],
        )
        .label("Per image"),
        Series::line("The card you have", vec![(0.0, 0.2), (1200.0, 2.6)])
            .label("Your card")
            .estimated(),
        Series::step(
            "Rented by the hour",
            vec![
                (0.0, 2.0),
                (300.0, 4.0),
                (600.0, 6.0),
                (900.0, 8.0),
                (1200.0, 8.0),
            ],
        )
        .label("Rented card"),
        Series::line("Per image, large model", vec![(0.0, 0.0), (1200.0, 240.0)])
            .label("Large model"),
    ];
    chart.marks = vec![
        Mark::new(
            500.0,
            30.0,
            "500 images: the subscription is cheaper from here",
        ),
        Mark::new(1000.0, 60.0, "1,000 images"),
    ];
    chart
}

fn log_sample() -> Chart {
    let mut chart = sample();
    chart.x = Axis::log(10.0, 12_000.0);
    chart.y = Axis::log(0.1, 1000.0).prefix("$");
    for series in &mut chart.series {
        let y = |x: f64, points: &[(f64, f64)]| {
            points.iter().rev().find(|p| p.0 <= x).map_or(1.0, |p| p.1)
        };
        let points = series.points.clone();
        series.points = [10.0, 100.0, 400.0, 1000.0, 3000.0, 12_000.0]
            .map(|x| (x, y(x / 10.0, &points) + 0.2 + x / 100.0))
            .into();
    }
    chart
}

#[test]
fn samples() {
    let Some(folder) = std::env::var_os("MAQUETTE_SVG_SAMPLES") else {
        return;
    };
    for (name, chart) in [("linear", sample()), ("log", log_sample())] {
        for (w, h) in [(1000, 340), (400, 300)] {
            let path = std::path::Path::new(&folder).join(format!("{name}-{w}.svg"));
            std::fs::write(path, chart.svg(w, h)).unwrap();
        }
    }
}

/// The value of an attribute in a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> &'a str {
    let start = tag.find(&format!(" {name}=\"")).unwrap() + name.len() + 3;
    &tag[start..start + tag[start..].find('"').unwrap()]
}

/// Every text element as its left end, right end and baseline.
fn texts(svg: &str) -> Vec<(f64, f64, f64)> {
    svg.split("<text")
        .skip(1)
        .map(|rest| {
            let (tag, rest) = rest.split_once('>').unwrap();
            let content = rest
                .split_once('<')
                .unwrap()
                .0
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
            let width = columns(&content) as f64 * 7.2;
            let x: f64 = attribute(tag, "x").parse().unwrap();
            let y: f64 = attribute(tag, "y").parse().unwrap();
            let class = tag
                .split_once("class=\"")
                .map_or("", |(_, rest)| rest.split_once('"').unwrap().0);
            let part = if class.contains("end") {
                1.0
            } else if class.contains("mid") {
                0.5
            } else {
                0.0
            };
            (x - width * part, x + width * (1.0 - part), y)
        })
        .collect()
}

#[test]
fn the_same_chart_gives_the_same_text_and_reads_aloud() {
    let svg = sample().svg(1000, 340);
    assert_eq!(svg, sample().svg(1000, 340));
    assert!(svg.contains("role=\"img\" aria-labelledby=\"volume-t volume-d\""));
    assert!(svg.contains("<title id=\"volume-t\">Cost a month against images a month</title>"));
    assert!(svg.contains("<desc id=\"volume-d\">The card you have"));
    assert!(!svg.contains("<script") && !svg.contains("NaN") && !svg.contains("inf"));
}

#[test]
fn steps_have_no_diagonals_and_gaps_stay_gaps() {
    let mut chart = sample();
    chart.marks.clear();
    chart.series = vec![Series::step(
        "s",
        vec![
            (0.0, 10.0),
            (300.0, 20.0),
            (400.0, f64::NAN),
            (600.0, 40.0),
            (1200.0, 95.0),
        ],
    )];
    let svg = chart.svg(600, 300);
    let d = attribute(svg.split("mq-line\"").nth(1).unwrap(), "d");
    assert_eq!(d.matches('M').count(), 2, "{d}");
    assert!(!d.contains('L'), "{d}");
}

#[test]
fn what_comes_from_outside_is_escaped() {
    let mut chart = sample();
    chart.id = "a\" onload=\"x".to_owned();
    chart.title = "<script>&\u{1b}\u{202e}\u{ffff}".to_owned();
    chart.marks[0].evidence = Some("\"><b>".to_owned());
    let svg = chart.svg(600, 300);
    assert!(svg.contains("aria-labelledby=\"a--onload--x-t a--onload--x-d\""));
    assert!(svg.contains(">&lt;script&gt;&amp;</title>"));
    assert!(svg.contains("data-evidence=\"&quot;&gt;&lt;b&gt;\""));
}

#[test]
fn the_ninth_series_is_named_and_not_drawn() {
    let mut chart = sample();
    chart.series = (1..=9)
        .map(|nth| {
            Series::line(
                format!("s{nth}"),
                vec![(0.0, 0.0), (1200.0, f64::from(nth))],
            )
        })
        .collect();
    let svg = chart.svg(600, 300);
    assert_eq!(svg.matches("class=\"mq-halo\"").count(), 8);
    assert!(svg.contains("not drawn: s9"));
}

fn any_chart() -> impl Strategy<Value = Chart> {
    let word = "[a-zA-Z0-9 <&模型]{0,60}";
    let point = (any::<f64>(), -10.0..1e4f64, -10.0..200f64)
        .prop_map(|(wild, x, y)| if wild.is_nan() { (x, wild) } else { (x, y) });
    let series = (
        word,
        word,
        prop::collection::vec(point, 0..6),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(name, label, points, step, measured)| {
            let mut series = if step {
                Series::step(name, points)
            } else {
                Series::line(name, points)
            };
            series.label = label;
            series.measured = measured;
            series
        });
    let mark = (0.0..1e4f64, 0.0..200f64, word).prop_map(|(x, y, text)| Mark::new(x, y, text));
    let axis = (any::<bool>(), -5.0..50f64, 0.0..1e7f64).prop_map(|(log, min, max)| {
        if log {
            Axis::log(min, max)
        } else {
            Axis::linear(min, max).prefix("$").suffix(" GB")
        }
    });
    (
        word,
        word,
        (axis.clone(), axis),
        prop::collection::vec(series, 0..10),
        prop::collection::vec(mark, 0..4),
    )
        .prop_map(|(title, label, (x, y), series, marks)| {
            let mut chart = Chart::new("c", title.clone(), "d", x, y)
                .labels(label.clone(), label)
                .source(title.repeat(3));
            chart.series = series;
            chart.marks = marks;
            chart
        })
}

proptest! {
    #[test]
    fn no_text_leaves_the_paper(chart in any_chart(), width in 0u32..1200, height in 0u32..500) {
        let svg = chart.svg(width, height);
        let (w, h) = (f64::from(width.max(280)), f64::from(height.max(200)));
        for (left, right, y) in texts(&svg) {
            prop_assert!(left >= -0.1 && right <= w + 0.1, "{left} to {right} of {w}\n{svg}");
            prop_assert!(y >= 10.0 && y <= h - 3.0, "{y} of {h}\n{svg}");
        }
        prop_assert!(svg.matches("class=\"mq-grid\"").count() + svg.matches("class=\"mq-axis\"").count() <= 10);
    }

    #[test]
    fn end_labels_are_a_line_apart(ends in prop::collection::vec(0.0..95f64, 1..8)) {
        let mut chart = sample();
        chart.marks.clear();
        chart.series = ends.iter()
            .map(|end| Series::line("label", vec![(0.0, 0.0), (1200.0, *end)]))
            .collect();
        let svg = chart.svg(600, 300);
        let mut heights: Vec<f64> = svg.split("<text class=\"mq-label\"").skip(1)
            .map(|tag| attribute(tag, "y").parse().unwrap())
            .collect();
        heights.sort_by(f64::total_cmp);
        prop_assert_eq!(heights.len(), ends.len());
        prop_assert!(heights.windows(2).all(|pair| pair[1] - pair[0] >= 15.8), "{heights:?}");
    }
}

//! Counters of the trailing 30 days: windows that do not overlap, as evidence. No label: on the series that
//! were tried, what had risen grew no more than others afterwards (docs/concepts/trends.md).

use super::clean::Counter;
use super::sen::slope;
use super::{Evidence, Z90};

/// Days of a window.
const WINDOW: i64 = 30;
/// A reading stands for a day this near.
const NEAR: i64 = 3;
const MOST: i64 = 13;
const LEAST: usize = 5;
/// 2026-08-06, in days since 1970-01-01: from then on the Hub counts other files (its pull request 2687), and a window is
/// wholly of the new rule 30 days later.
pub const RULE_CHANGE: i64 = 20_671;

/// The slope of the logarithm over windows 30 days apart, by weeks. Days are those since 1970-01-01.
pub fn evidence(counter: &Counter, end: i64) -> Evidence {
    let (days, values) = counter.until(end);
    let start = if end >= RULE_CHANGE {
        days.partition_point(|d| *d < RULE_CHANGE + WINDOW)
    } else {
        0
    };
    let (days, values) = (&days[start..], &values[start..]);
    let mut points: Vec<(f64, f64)> = Vec::new();
    if let Some(&newest) = days.last() {
        for back in 0..MOST {
            let wanted = newest - WINDOW * back;
            let near = (0..days.len())
                .filter(|i| (days[*i] - wanted).abs() <= NEAR)
                .min_by_key(|i| (days[*i] - wanted).abs());
            let Some(i) = near else { break };
            points.push((-(WINDOW * back) as f64 / 7.0, (values[i] + 1.0).ln()));
        }
    }
    points.reverse();
    let (x, y): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
    let found = (x.len() >= LEAST).then(|| slope(&x, &y)).flatten();
    let interval = found.as_ref().map(|s| s.interval(Z90));
    Evidence {
        points: x.len(),
        slope: found.as_ref().map(|s| s.slope),
        low: interval.map(|i| i.0).filter(|v| v.is_finite()),
        high: interval.map(|i| i.1).filter(|v| v.is_finite()),
        p: found.map(|s| s.p),
    }
}

//! A cumulative count on a grid of weeks that ends on the day asked for, so that every week has each
//! weekday once.

use super::clean::Counter;

/// Days between two readings over which a count is interpolated.
const GAP: i64 = 14;

/// Counts at the ends of weeks, the oldest first: `weeks + 1` of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Weekly {
    pub counts: Vec<Option<f64>>,
    /// Added in each week; `None` where nobody read in it or an end is missing.
    pub added: Vec<Option<f64>>,
    /// Logarithm of what was added, plus a half.
    pub logs: Vec<Option<f64>>,
}

pub fn weekly(c: &Counter, end: i64, weeks: usize) -> Weekly {
    let at = |k: usize| end - 7 * (weeks - k) as i64;
    let counts: Vec<Option<f64>> = (0..=weeks).map(|k| count(c, at(k))).collect();
    let read = |from: i64, to: i64| {
        let upto = |day: i64| c.days.partition_point(|d| *d <= day);
        upto(to) > upto(from)
    };
    let added: Vec<Option<f64>> = (1..=weeks)
        .map(|k| {
            let (a, b) = (counts[k - 1]?, counts[k]?);
            read(at(k - 1), at(k)).then(|| (b - a).max(0.0))
        })
        .collect();
    let logs = added.iter().map(|a| a.map(|n| (n + 0.5).ln())).collect();
    Weekly {
        counts,
        added,
        logs,
    }
}

/// The count on a day: read then, or on the line between its neighbours.
fn count(c: &Counter, day: i64) -> Option<f64> {
    let after = c.days.partition_point(|d| *d <= day);
    let before = after.checked_sub(1)?;
    let (left, value) = (c.days[before], c.values[before]);
    if left == day {
        return Some(value);
    }
    let right = *c.days.get(after)?;
    (right - left <= GAP)
        .then(|| value + (c.values[after] - value) * (day - left) as f64 / (right - left) as f64)
}

impl Weekly {
    pub fn valid(&self) -> usize {
        self.logs.iter().flatten().count()
    }

    /// The last week whose end is known.
    pub fn last(&self) -> Option<usize> {
        self.counts.iter().rposition(Option::is_some)
    }

    /// Growth a week over the four weeks to the last known end, of the count then; only where that end is
    /// at most `late` weeks back.
    pub fn rate(&self, weeks: usize, late: usize) -> Option<f64> {
        let last = self.last().filter(|l| l + late >= self.counts.len() - 1)?;
        let (now, then) = (self.counts[last]?, self.counts[last.checked_sub(weeks)?]?);
        Some((now - then) / then.max(1.0) / weeks as f64)
    }
}

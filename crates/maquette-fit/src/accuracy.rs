//! How far estimates lie from measurements that they did not see.

use std::collections::BTreeMap;

use crate::case::{Case, Table};
use crate::learn::{Held, Learned, Scheme, Spread, hold_out, keyed, quantile};

/// Errors of one class.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub table: Table,
    pub kind: String,
    /// Hardware; `all` for the whole kind.
    pub class: String,
    pub rows: usize,
    /// Median of |estimate / measured − 1|.
    pub median: f64,
    pub p90: f64,
    /// Estimate over measured at 10, 50 and 90% of the rows.
    pub ratio: [f64; 3],
    /// Share of rows whose estimate is within 30% of what was measured.
    pub within: f64,
    /// Share of rows that lie in the stated range.
    pub coverage: f64,
}

/// Figure, kind of work, hardware.
type Class = (Table, String, String);

/// Errors by kind of work and hardware, on runs whose model and machine were held back together.
pub fn accuracy(cases: &[Case], scheme: Scheme) -> Vec<Line> {
    let keyed = keyed(cases);
    let held = hold_out(&keyed, scheme);
    let mut by_class: BTreeMap<Class, Vec<(&Held, bool)>> = BTreeMap::new();
    // The widths are those that are shipped: one number a class, set on these same errors.
    let learned = Learned::of(cases);
    for h in &held {
        let s = learned.spread_for(h.table, h.kind, h.class, h.depth);
        let ok = h.off >= s.low && h.off <= s.high;
        for class in [h.class, "all"] {
            let key = (h.table, h.kind.to_owned(), class.to_owned());
            by_class.entry(key).or_default().push((h, ok));
        }
    }
    by_class
        .into_iter()
        .map(|((table, kind, class), rows)| line(table, kind, class, &rows))
        .collect()
}

/// Every run with its estimate by the other runs and the range around it, the worst first.
pub fn runs(cases: &[Case], scheme: Scheme) -> Vec<(Held, Spread)> {
    let learned = Learned::of(cases);
    let mut held = hold_out(&keyed(cases), scheme);
    held.sort_by(|a, b| b.off.abs().total_cmp(&a.off.abs()));
    let spread = |h: &Held| learned.spread_for(h.table, h.kind, h.class, h.depth);
    held.into_iter().map(|h| (h.clone(), spread(&h))).collect()
}

#[allow(clippy::cast_precision_loss)]
fn line(table: Table, kind: String, class: String, rows: &[(&Held, bool)]) -> Line {
    // Times are learned in milliseconds a token; people think in tokens a second.
    let sign = if table == Table::Decode { 1.0 } else { -1.0 };
    let mut ratios: Vec<f64> = rows.iter().map(|(h, _)| (sign * h.off).exp()).collect();
    ratios.sort_by(f64::total_cmp);
    let mut errors: Vec<f64> = ratios.iter().map(|r| (r - 1.0).abs()).collect();
    errors.sort_by(f64::total_cmp);
    let n = rows.len() as f64;
    Line {
        table,
        kind,
        class,
        rows: rows.len(),
        median: quantile(&errors, 0.5),
        p90: quantile(&errors, 0.9),
        ratio: [
            quantile(&ratios, 0.1),
            quantile(&ratios, 0.5),
            quantile(&ratios, 0.9),
        ],
        within: errors.iter().filter(|e| **e <= 0.3).count() as f64 / n,
        coverage: rows.iter().filter(|(_, ok)| *ok).count() as f64 / n,
    }
}

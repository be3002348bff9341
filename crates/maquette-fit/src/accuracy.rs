//! How far estimates lie from measurements that they did not see.

use std::collections::BTreeMap;

use crate::case::{Case, Table};
use crate::learn::{Held, Keyed, Scheme, hold_out, keyed, quantile};

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
    let inside = inside(&keyed, &held);
    for (h, ok) in held.iter().zip(inside) {
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

/// Every run with its estimate, the worst first: for looking at.
pub fn runs(cases: &[Case], scheme: Scheme) -> Vec<Held> {
    let mut held = hold_out(&keyed(cases), scheme);
    held.sort_by(|a, b| b.off.abs().total_cmp(&a.off.abs()));
    held
}

/// Does each run lie in the range stated for it, the range taken from runs of other folds?
fn inside(cases: &[Keyed<'_>], held: &[Held]) -> Vec<bool> {
    let mut all = Vec::new();
    for scheme in Scheme::ALL {
        all.extend(hold_out(cases, scheme));
    }
    let folds: Vec<u64> = {
        let mut f: Vec<u64> = held.iter().map(|h| h.fold).collect();
        f.sort_unstable();
        f.dedup();
        f
    };
    let mut member: BTreeMap<&str, u64> = BTreeMap::new();
    for h in held {
        member.insert(&h.id, h.fold);
    }
    let mut spreads = BTreeMap::new();
    for fold in folds {
        let others: Vec<&Held> = all
            .iter()
            .filter(|h| member.get(h.id.as_str()) != Some(&fold))
            .collect();
        spreads.insert(fold, crate::learn::spreads(&others));
    }
    held.iter()
        .map(|h| {
            let s = crate::learn::spread_for(&spreads[&h.fold], h.table, h.kind, h.class, h.depth);
            h.off >= s.low && h.off <= s.high
        })
        .collect()
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

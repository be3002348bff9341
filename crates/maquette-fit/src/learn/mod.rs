//! What measurements teach the formulas: a correction for every group of runs that has something in
//! common, from the widest group to the narrowest, and how far estimates then still lie off.
//!
//! A correction is the median of ln(measured / formula) of the group's runs after the wider groups'
//! corrections, shrunk by n / (n + k): one run of one machine moves an estimate less than ten. The
//! spread of an estimate is that of runs which took no part in its corrections.

mod folds;
mod groups;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(crate) use folds::hold_out;
pub use folds::{Held, Scheme};
pub use groups::{Depth, Group, groups};

use crate::case::{Case, Table};

/// A case and the groups it belongs to, found once.
pub(crate) struct Keyed<'a> {
    case: &'a Case,
    groups: Vec<Group>,
    floor: f64,
}

pub(crate) fn keyed(cases: &[Case]) -> Vec<Keyed<'_>> {
    let of = |case| Keyed {
        case,
        groups: groups(case),
        floor: case.floor().unwrap_or(0.0),
    };
    let mut all: Vec<Keyed<'_>> = cases.iter().map(of).collect();
    // Slopes are taken from some pairs of neighbours: from the same ones, however the runs come.
    all.sort_by(|a, b| a.case.id.cmp(&b.case.id));
    all
}

/// Quantiles of the stated range: four of five runs shall lie inside.
const LOW: f64 = 0.085;
const HIGH: f64 = 0.915;
/// Share of held-out runs that a range means to hold.
const SHARE: f64 = 0.82;
/// Fewest runs that a spread of its own is taken from.
const FEWEST: usize = 20;

/// The correction of one group.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// Added to ln(formula).
    pub shift: f64,
    /// Slope of the correction in ln(formula), and the centre it turns about.
    pub slope: f64,
    pub centre: f64,
    pub runs: u32,
}

/// How far measured lies from estimated, as ln(measured / estimate).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    pub low: f64,
    pub high: f64,
    pub runs: u32,
}

/// Everything learned.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    pub effects: BTreeMap<String, Effect>,
    pub spreads: BTreeMap<String, Spread>,
    /// Factors on the spreads, by class.
    pub widths: BTreeMap<String, f64>,
}

/// A formula corrected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Corrected {
    pub value: f64,
    pub depth: Depth,
    /// Measurements behind the narrowest correction.
    pub runs: u32,
}

impl Learned {
    /// Corrections and spreads out of all cases.
    pub fn of(cases: &[Case]) -> Learned {
        let keyed = keyed(cases);
        let mut learned = Learned {
            effects: effects(&keyed.iter().collect::<Vec<_>>()),
            ..Learned::default()
        };
        let held = all_held_out(&keyed);
        learned.spreads = spreads(&held);
        learned.widths = widths(&learned.spreads, &held);
        learned
    }

    /// The formula's value with every correction that applies.
    pub fn correct(&self, case: &Case) -> Corrected {
        corrected(&self.effects, case, &groups(case))
    }

    /// The range that the corrected value of a case stands for, around it.
    pub fn spread(&self, case: &Case, depth: Depth) -> Spread {
        self.spread_for(case.table, case.kind(), case.class(), depth)
    }

    pub(crate) fn spread_for(&self, table: Table, kind: &str, class: &str, depth: Depth) -> Spread {
        let s = spread_of(&self.spreads, table, kind, class, depth);
        let keys = width_keys(table.as_str(), kind, class, depth >= Depth::Both);
        let width = keys.iter().find_map(|k| self.widths.get(k)).copied();
        let width = width.unwrap_or(1.0);
        Spread {
            low: s.low * width,
            high: s.high * width,
            ..s
        }
    }
}

/// Every case held out in every way that says something of how far estimates lie off at its depth:
/// single runs say nothing of models or machines that were never seen.
pub(crate) fn all_held_out(cases: &[Keyed<'_>]) -> Vec<Held> {
    let mut out = Vec::new();
    for scheme in Scheme::ALL {
        let near = matches!(scheme, Scheme::Runs | Scheme::Settings);
        let held = hold_out(cases, scheme).into_iter();
        out.extend(held.filter(|h| !near || h.depth >= Depth::Both));
    }
    out
}

/// Median of numbers that are not all equal in worth: the middle one.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    if n == 0 {
        return 0.0;
    }
    f64::midpoint(values[(n - 1) / 2], values[n / 2])
}

/// The value at a share of the sorted values, between neighbours by a line.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    if sorted.is_empty() {
        return 0.0;
    }
    let at = share * (sorted.len() - 1) as f64;
    let below = at.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * (at - at.floor())
}

#[allow(clippy::cast_precision_loss)]
fn effects(cases: &[&Keyed<'_>]) -> BTreeMap<String, Effect> {
    let levels = cases.iter().map(|k| k.groups.len()).max().unwrap_or(0);
    let mut out: BTreeMap<String, Effect> = BTreeMap::new();
    let mut left: Vec<f64> = cases
        .iter()
        .map(|k| (k.case.measured / k.case.formula).ln())
        .collect();
    for level in 0..levels {
        let mut by_key: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (i, k) in cases.iter().enumerate() {
            if let Some(g) = k.groups.get(level) {
                by_key.entry(&g.key).or_default().push(i);
            }
        }
        for (key, rows) in by_key {
            let group = &cases[rows[0]].groups[level];
            // Every member has one voice, however many runs it has.
            let mut voices: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
            for &i in &rows {
                voices
                    .entry(&cases[i].groups[level].member)
                    .or_default()
                    .push(left[i]);
            }
            let n = voices.len() as f64;
            if voices.len() < group.depth.fewest() {
                continue;
            }
            let shift = median(voices.into_values().map(median).collect()) * n / (n + group.shrink);
            let sizes: Vec<f64> = rows.iter().map(|&i| cases[i].case.formula.ln()).collect();
            let centre = median(sizes.clone());
            let slope = if group.depth == Depth::Exact || group.sloped {
                slope(&sizes, &rows.iter().map(|&i| left[i]).collect::<Vec<_>>())
            } else {
                0.0
            };
            for (&i, size) in rows.iter().zip(&sizes) {
                left[i] -= shift + slope * (size - centre);
            }
            let runs = u32::try_from(rows.len()).unwrap_or(u32::MAX);
            let effect = Effect {
                shift,
                slope,
                centre,
                runs,
            };
            out.insert(key.to_owned(), effect);
        }
    }
    out
}

/// Theil and Sen's slope, where sizes differ enough to tell one; shrunk, and never steep.
#[allow(clippy::cast_precision_loss)]
fn slope(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len();
    let mut sorted = x.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.dedup_by(|a, b| (*a - *b).abs() < 0.02);
    if sorted.len() < 4 || sorted[sorted.len() - 1] - sorted[0] < 0.3 {
        return 0.0;
    }
    let mut slopes = Vec::new();
    // Enough pairs, not all of them.
    let stride = (n / 40).max(1);
    for i in (0..n).step_by(stride) {
        for j in (i + 1..n).step_by(stride) {
            let dx = x[j] - x[i];
            if dx.abs() > 0.05 {
                slopes.push((y[j] - y[i]) / dx);
            }
        }
    }
    let n = sorted.len() as f64;
    median(slopes).clamp(-0.7, 0.7) * n / (n + 2.0)
}

fn corrected(effects: &BTreeMap<String, Effect>, case: &Case, groups: &[Group]) -> Corrected {
    let mut shift = 0.0;
    let mut depth = Depth::Formula;
    let mut runs = 0;
    let size = case.formula.ln();
    for g in groups {
        if let Some(e) = effects.get(&g.key) {
            // Beyond the sizes measured a slope is not drawn far.
            shift += e.shift + e.slope * (size - e.centre).clamp(-1.5, 1.5);
            if g.depth >= depth {
                depth = g.depth;
                runs = e.runs;
            }
        }
    }
    Corrected {
        value: case.formula * shift.exp(),
        depth,
        runs,
    }
}

fn spread_keys(table: &str, kind: &str, class: &str, depth: Depth) -> [String; 3] {
    [
        format!("{table}|{kind}|{class}|{depth:?}"),
        format!("{table}|{kind}|{depth:?}"),
        format!("{table}|{depth:?}"),
    ]
}

fn width_keys(table: &str, kind: &str, class: &str, near: bool) -> [String; 2] {
    let how = if near { "near" } else { "far" };
    [
        format!("{table}|{kind}|{class}|{how}"),
        format!("{table}|{kind}|{how}"),
    ]
}

pub(crate) fn spreads(held: &[Held]) -> BTreeMap<String, Spread> {
    let mut by_key: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for h in held {
        for key in spread_keys(h.table.as_str(), h.kind, h.class, h.depth) {
            by_key.entry(key).or_default().push(h.off);
        }
    }
    by_key
        .into_iter()
        .filter(|(_, offs)| offs.len() >= FEWEST)
        .map(|(key, mut offs)| {
            offs.sort_by(f64::total_cmp);
            let spread = Spread {
                low: quantile(&offs, LOW).min(-0.02),
                high: quantile(&offs, HIGH).max(0.02),
                runs: u32::try_from(offs.len()).unwrap_or(u32::MAX),
            };
            (key, spread)
        })
        .collect()
}

/// By how much the spreads of a class must be wider, or may be narrower, so that they hold the share
/// of its held-out runs that they mean to: apart for runs of a model and machine that were seen, and
/// for those of which one or both were not.
pub(crate) fn widths(spreads: &BTreeMap<String, Spread>, held: &[Held]) -> BTreeMap<String, f64> {
    let mut needed: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for h in held {
        let near = h.depth >= Depth::Both;
        // What is far is judged where model and machine are held back together, as it is published.
        let judged = if near {
            h.scheme == Scheme::Runs
        } else {
            h.scheme == Scheme::ModelAndMachine
        };
        if !judged {
            continue;
        }
        let s = spread_of(spreads, h.table, h.kind, h.class, h.depth);
        let need = if h.off >= 0.0 {
            h.off / s.high
        } else {
            h.off / s.low
        };
        for key in width_keys(h.table.as_str(), h.kind, h.class, near) {
            needed.entry(key).or_default().push(need);
        }
    }
    needed
        .into_iter()
        .filter(|(_, n)| n.len() >= FEWEST)
        .map(|(key, mut n)| {
            n.sort_by(f64::total_cmp);
            (key, quantile(&n, SHARE).clamp(0.5, 4.0))
        })
        .collect()
}

fn spread_of(
    spreads: &BTreeMap<String, Spread>,
    table: Table,
    kind: &str,
    class: &str,
    depth: Depth,
) -> Spread {
    // A depth that was never held out is no better known than the next wider one.
    for depth in depth.and_wider() {
        let keys = spread_keys(table.as_str(), kind, class, depth);
        if let Some(s) = keys.iter().find_map(|k| spreads.get(k)) {
            return *s;
        }
    }
    // Nothing was ever measured of this: a factor of three either way, and the basis says formula.
    Spread {
        low: -1.1,
        high: 1.1,
        runs: 0,
    }
}

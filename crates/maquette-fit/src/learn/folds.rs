//! Runs held out: every run is estimated from the others, with some of the others held back as well.

use std::collections::BTreeMap;

use super::{Depth, Keyed, corrected, effects};
use crate::case::{Case, Table};

/// Folds of a held-out run.
const FOLDS: u64 = 10;

/// Which runs are held back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Single runs.
    Runs,
    /// All runs of one setting of one model on one machine.
    Settings,
    /// All runs of one model on one machine.
    ModelAndMachine,
    /// All runs of one model.
    Model,
    /// All runs of one machine.
    Machine,
}

impl Scheme {
    pub const ALL: [Scheme; 5] = [
        Scheme::Runs,
        Scheme::Settings,
        Scheme::ModelAndMachine,
        Scheme::Model,
        Scheme::Machine,
    ];

    fn group(self, case: &Case) -> String {
        let (model, machine) = (&case.subject.id, &case.device.key);
        match self {
            Scheme::Runs => case.id.clone(),
            Scheme::Settings => format!("{model}|{machine}|{}", case.setting.exact),
            Scheme::ModelAndMachine => format!("{model}|{machine}"),
            Scheme::Model => model.clone(),
            Scheme::Machine => machine.clone(),
        }
    }
}

/// One run, estimated without itself and what was held back with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    pub id: String,
    pub table: Table,
    pub kind: &'static str,
    pub class: &'static str,
    pub depth: Depth,
    /// ln(measured / estimate).
    pub off: f64,
    pub scheme: Scheme,
}

/// A number that spreads texts evenly (FNV-1a), the same on every machine.
fn spread(text: &str) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325_u64;
    for b in text.bytes() {
        h = (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
    }
    h ^ (h >> 29)
}

/// Every case estimated from the folds it is not in.
pub(crate) fn hold_out(cases: &[Keyed<'_>], scheme: Scheme) -> Vec<Held> {
    let mut by_table: BTreeMap<Table, Vec<&Keyed<'_>>> = BTreeMap::new();
    for k in cases {
        by_table.entry(k.case.table).or_default().push(k);
    }
    let mut out = Vec::new();
    for (table, cases) in by_table {
        let folds: Vec<u64> = cases
            .iter()
            .map(|c| spread(&scheme.group(c.case)) % FOLDS)
            .collect();
        for fold in 0..FOLDS {
            let train: Vec<&Keyed<'_>> = cases
                .iter()
                .zip(&folds)
                .filter(|(_, f)| **f != fold)
                .map(|(c, _)| *c)
                .collect();
            let learned = effects(&train);
            for (k, _) in cases.iter().zip(&folds).filter(|(_, f)| **f == fold) {
                let case = k.case;
                let mut c = corrected(&learned, case, &k.groups);
                c.value = c.value.max(k.floor);
                out.push(Held {
                    id: case.id.clone(),
                    table,
                    kind: case.kind(),
                    class: case.class(),
                    depth: c.depth,
                    off: (case.measured / c.value).ln(),
                    scheme,
                });
            }
        }
    }
    out
}

//! Estimates as ranges: the formula corrected, with the share of held-out runs that the range holds.

use std::collections::BTreeMap;

use maquette_catalog::Catalog;
use maquette_catalog::schema::evidence::Run;
use serde::{Deserialize, Serialize};

use crate::case::{Case, Table};
use crate::device::Device;
use crate::learn::{Depth, Learned};
use crate::names::{self, Names};
use crate::setting::Setting;
use crate::subject::{Known, Subject};
use crate::{machine, memory};

/// One figure, in the unit of its table.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    pub low: f64,
    pub mid: f64,
    pub high: f64,
    pub depth: Depth,
    /// Measurements behind the narrowest correction.
    pub runs: u32,
}

impl Figure {
    /// The same figure of something so many times as large.
    #[must_use]
    pub fn times(self, factor: f64) -> Figure {
        Figure {
            low: self.low * factor,
            mid: self.mid * factor,
            high: self.high * factor,
            ..self
        }
    }

    /// The figure's reciprocal: seconds a token to tokens a second.
    #[must_use]
    pub fn inverse(self) -> Figure {
        Figure {
            low: 1.0 / self.high,
            mid: 1.0 / self.mid,
            high: 1.0 / self.low,
            ..self
        }
    }

    /// The sum, as well known as the worse known part.
    #[must_use]
    pub fn plus(self, other: Figure) -> Figure {
        Figure {
            low: self.low + other.low,
            mid: self.mid + other.mid,
            high: self.high + other.high,
            depth: self.depth.min(other.depth),
            runs: if other.depth < self.depth {
                other.runs
            } else {
                self.runs
            },
        }
    }
}

/// Names, and what measurements taught.
#[derive(Debug, Clone, Default)]
pub struct Fits {
    pub names: Names,
    pub learned: Learned,
    /// Runs of the asker's own: one that is alike replaces the formula.
    pub own: Vec<Case>,
}

/// The runs that can be estimated, and how many could not be and why.
pub fn cases(
    catalog: &Catalog,
    names: &Names,
    runs: &[Run],
) -> (Vec<Case>, Vec<(String, &'static str)>) {
    let mut out = Vec::new();
    let mut lost = Vec::new();
    let mut devices: BTreeMap<&str, Device> = BTreeMap::new();
    for run in runs {
        let device = devices.entry(&run.gpu).or_insert_with(|| {
            let (count, name) = machine::split(&run.gpu);
            machine::device(&catalog.gpus, name, count)
        });
        match case(names, run, device) {
            Ok(case) => out.push(case),
            Err(why) => lost.push((run.id.clone(), why)),
        }
    }
    (out, lost)
}

fn case(names: &Names, run: &Run, device: &Device) -> Result<Case, &'static str> {
    let stated = names::stated(&run.note);
    let subject = names
        .find(&run.model, stated)
        .ok_or("the model is not known")?;
    // A size in a name is enough for a language model, and for nothing else. The asker knows what it is.
    let text = run.id.starts_with("text") || run.tier == "own";
    if subject.known == Known::Name && !text {
        return Err("the model's architecture is not known");
    }
    Case::of(run, &subject, device).ok_or("the machine is not known, or not enough of it")
}

impl Fits {
    pub fn of(catalog: &Catalog, learned: Learned) -> Fits {
        let names = Names::of(catalog);
        let own: Vec<Run> = catalog
            .runs
            .iter()
            .filter(|r| r.tier == "own")
            .cloned()
            .collect();
        let own = cases(catalog, &names, &own).0;
        Fits {
            names,
            learned,
            own,
        }
    }

    /// A figure of one run; absent where the formula lacks a fact.
    pub fn figure(
        &self,
        table: Table,
        subject: &Subject,
        setting: &Setting,
        device: &Device,
    ) -> Option<Figure> {
        let case = Case::asked(table, subject, setting, device)?;
        if let Some(figure) = self.measured(&case) {
            return Some(figure);
        }
        let c = self.learned.correct(&case);
        let s = self.learned.spread(&case, c.depth);
        let least = case.floor().unwrap_or(0.0);
        let mid = c.value.max(least);
        let mut figure = Figure {
            low: (mid * s.low.exp()).max(least),
            mid,
            high: mid * s.high.exp(),
            depth: c.depth,
            runs: c.runs,
        };
        if table == Table::Watts {
            // A board draws what it may and no more.
            let most = device.watts.unwrap_or(f64::INFINITY);
            figure = Figure {
                low: figure.low.min(most),
                mid: figure.mid.min(most),
                high: figure.high.min(most),
                ..figure
            };
        }
        if table == Table::Loaded {
            // What lies there before the first output lies there at the peak.
            let peak = self.figure(Table::Peak, subject, setting, device)?;
            figure = Figure {
                low: figure.low.min(peak.low),
                mid: figure.mid.min(peak.mid),
                high: figure.high.min(peak.high),
                ..figure
            };
        }
        Some(figure)
    }

    /// What the asker measured of a run that is set alike, scaled by the formula to the size asked for.
    fn measured(&self, asked: &Case) -> Option<Figure> {
        let alike = |c: &&Case| {
            c.table == asked.table
                && c.subject.id == asked.subject.id
                && c.device.key == asked.device.key
                && c.device.count == asked.device.count
                && c.setting.engine == asked.setting.engine
                && c.setting.format == asked.setting.format
                && c.setting.offload == asked.setting.offload
        };
        let runs: Vec<&Case> = self.own.iter().filter(alike).collect();
        let nearest = runs.iter().min_by(|a, b| {
            let off = |c: &Case| (c.formula / asked.formula).ln().abs();
            off(a).total_cmp(&off(b))
        })?;
        let mid = nearest.measured * asked.formula / nearest.formula;
        // Runs of one setting differ by some percent; another size by more.
        let far = 0.05 + 0.25 * (nearest.formula / asked.formula).ln().abs();
        Some(Figure {
            low: mid * (-far).exp(),
            mid,
            high: mid * far.exp(),
            depth: Depth::Exact,
            runs: u32::try_from(runs.len()).unwrap_or(u32::MAX),
        })
    }

    /// Is a figure of this table the asker's own measurement?
    pub fn is_own(
        &self,
        table: Table,
        subject: &Subject,
        setting: &Setting,
        device: &Device,
    ) -> bool {
        Case::asked(table, subject, setting, device).is_some_and(|c| self.measured(&c).is_some())
    }

    /// Memory by phase, scaled so that its largest phase is the corrected peak.
    pub fn phases(
        &self,
        subject: &Subject,
        setting: &Setting,
        device: &Device,
    ) -> Option<(memory::Memory, Figure)> {
        let formula = memory::memory(subject, setting, device)?;
        let peak = self.figure(Table::Peak, subject, setting, device)?;
        Some((formula, peak))
    }
}

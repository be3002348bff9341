//! One run as a case for learning: what the formula says, and what was measured.

use maquette_catalog::schema::evidence::{Quantity, Run};
use maquette_core::Modality;
use serde::{Deserialize, Serialize};

use crate::device::{Device, GB, GIB};
use crate::setting::{Offload, Setting};
use crate::subject::Subject;
use crate::{memory, time};

/// Figures that are learned apart. Units: bytes, seconds, milliseconds a token, tokens a second, watts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Table {
    Peak,
    Loaded,
    Compute,
    Time,
    Decode,
    Prefill,
    Watts,
}

impl Table {
    pub fn as_str(self) -> &'static str {
        match self {
            Table::Peak => "peak",
            Table::Loaded => "loaded",
            Table::Compute => "compute",
            Table::Time => "time",
            Table::Decode => "decode",
            Table::Prefill => "prefill",
            Table::Watts => "watts",
        }
    }
}

/// What is estimated of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The run's id, or `asked`.
    pub id: String,
    pub subject: Subject,
    pub setting: Setting,
    pub device: Device,
    pub table: Table,
    pub formula: f64,
    pub measured: f64,
}

/// Seconds of sound that a rate over real time is taken to have been measured on, where none is told.
pub const REAL_TIME_OVER: f64 = 30.0;

impl Case {
    /// A case without a measurement: the formula's figure.
    pub fn asked(
        table: Table,
        subject: &Subject,
        setting: &Setting,
        device: &Device,
    ) -> Option<Case> {
        let formula = match table {
            Table::Peak => memory::memory(subject, setting, device)?.peak(),
            Table::Loaded => loaded(subject, setting, device)?,
            Table::Compute => memory::compute_buffer(subject, setting)?,
            Table::Time => time::seconds(subject, setting, device)?.seconds(),
            Table::Decode => time::decode_ms(subject, setting, device)?,
            Table::Prefill => time::prefill_rate(subject, setting, device)?,
            Table::Watts => device.watts?,
        };
        (formula.is_finite() && formula > 0.0).then(|| Case {
            id: "asked".to_owned(),
            subject: subject.clone(),
            setting: setting.clone(),
            device: device.clone(),
            table,
            formula,
            measured: f64::NAN,
        })
    }

    /// A measured run.
    pub fn of(run: &Run, subject: &Subject, device: &Device) -> Option<Case> {
        let mut setting = Setting::read(&run.format, &run.workload, &run.engine, &run.model);
        let v = run.value;
        let (table, measured) = match run.quantity {
            Quantity::PeakGib => (Table::Peak, v * GIB),
            Quantity::PeakGb => (Table::Peak, v * GB),
            Quantity::LoadedGib => (Table::Loaded, v * GIB),
            Quantity::LoadedGb => (Table::Loaded, v * GB),
            Quantity::ComputeMib => (Table::Compute, v * 1_048_576.0),
            Quantity::Seconds | Quantity::SecondsPerStep => (Table::Time, v),
            Quantity::StepsPerSecond => (Table::Time, 1.0 / v),
            Quantity::TimesRealTime => {
                // Over the length told, or as much as loading and the first sound no longer weigh in.
                let length = *setting.seconds.get_or_insert(REAL_TIME_OVER);
                (Table::Time, length / v)
            }
            Quantity::TokensPerSecond => (Table::Decode, 1000.0 / v),
            Quantity::PrefillTokensPerSecond => (Table::Prefill, v),
            Quantity::Watts => (Table::Watts, v),
        };
        let per_step = matches!(
            run.quantity,
            Quantity::SecondsPerStep | Quantity::StepsPerSecond
        );
        let mut case = if per_step {
            setting.steps = Some(1.0);
            let formula = time::step_seconds(subject, &setting, device)?;
            Case {
                id: String::new(),
                subject: subject.clone(),
                setting,
                device: device.clone(),
                table,
                formula,
                measured,
            }
        } else {
            Case::asked(table, subject, &setting, device)?
        };
        // Less memory than the weights have: something was offloaded and not told.
        let s = &case.setting;
        if table == Table::Peak && s.offload == Offload::Resident && !s.fills {
            let weights = loaded(subject, s, device).unwrap_or(0.0);
            if measured < 0.9 * weights {
                return None;
            }
        }
        run.id.clone_into(&mut case.id);
        case.measured = measured;
        (case.formula.is_finite() && case.formula > 0.0).then_some(case)
    }

    /// What no run can undercut: the weights that must lie on the device, the operations at the full
    /// rate of the matrix units, the bytes at the full bandwidth. Absent where nothing bounds it.
    pub fn floor(&self) -> Option<f64> {
        let (subject, s, device) = (&self.subject, &self.setting, &self.device);
        match self.table {
            Table::Peak if !s.fills => Some(loaded(subject, s, device)? * 0.98),
            Table::Time if !s.cached => time::least_seconds(subject, s, device),
            Table::Decode if !s.speculative => time::least_decode_ms(subject, s, device),
            _ => None,
        }
    }

    /// The kind of work: what errors are published by.
    pub fn kind(&self) -> &'static str {
        match self.subject.modality {
            Modality::Text => "text",
            Modality::Image => "image",
            Modality::Video => "video",
            Modality::Music | Modality::Sound => "music",
            Modality::Speech => "speech",
            Modality::ThreeD | Modality::Motion => "3d",
        }
    }

    pub fn class(&self) -> &'static str {
        if self.setting.on_cpu {
            return "CPU";
        }
        self.device.class.as_str()
    }
}

/// Bytes of weights on the device before the first output.
fn loaded(subject: &Subject, s: &Setting, device: &Device) -> Option<f64> {
    let m = memory::memory(subject, s, device)?;
    let least = |p: &memory::Phase| {
        let of = |i: &&memory::Item| {
            !matches!(
                i.name.as_str(),
                "activations" | "compute buffer" | "key-value cache" | "cache"
            )
        };
        p.items.iter().filter(of).map(|i| i.bytes).sum::<f64>()
    };
    let lasting = m.phases.iter().filter(|p| p.name != "quantize");
    lasting.map(least).reduce(f64::max)
}

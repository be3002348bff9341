//! Parts of the reports of `fit`: figures rounded, words for settings and machines.

use maquette_core::report::fit::{
    Estimate, FitMachine, FitModel, FitPart, FitPhase, FitSetting, FitWeights,
};
use maquette_fit::device::GIB;
use maquette_fit::estimate::Figure;
use maquette_fit::learn::Depth;
use maquette_fit::memory::{self, Phase};
use maquette_fit::setting::Setting;
use maquette_fit::subject::{Known, Subject};

use super::form::Question;

/// Four significant digits: what an estimate can bear.
pub fn four(x: f64) -> f64 {
    if x == 0.0 || !x.is_finite() {
        return x;
    }
    #[allow(clippy::cast_possible_truncation)]
    let digits = 3 - x.abs().log10().floor() as i32;
    let scale = 10f64.powi(digits);
    (x * scale).round() / scale
}

pub fn gib(bytes: f64) -> f64 {
    four(bytes / GIB)
}

/// A figure in the report's form. `own` figures were measured by the asker.
pub fn estimate(f: Figure, unit: &str, own: bool) -> Estimate {
    Estimate {
        low: four(f.low),
        mid: four(f.mid),
        high: four(f.high),
        unit: unit.to_owned(),
        basis: if own { "measured here" } else { basis(f.depth) }.to_owned(),
        shares: shares(f.depth).filter(|_| !own).map(str::to_owned),
        measurements: f.runs,
    }
}

fn basis(depth: Depth) -> &'static str {
    match depth {
        Depth::Exact | Depth::Both => "measured on this hardware",
        Depth::Model | Depth::Machine | Depth::Class => "same class",
        Depth::Formula => "formula",
    }
}

/// What the measurements of a class have in common with the question.
fn shares(depth: Depth) -> Option<&'static str> {
    match depth {
        Depth::Model => Some("this model elsewhere"),
        Depth::Machine => Some("other models on this machine"),
        _ => None,
    }
}

pub fn phase(p: &Phase) -> FitPhase {
    FitPhase {
        name: p.name.to_owned(),
        gib: gib(p.bytes()),
        parts: p
            .items
            .iter()
            .map(|i| FitPart {
                name: i.name.clone(),
                gib: gib(i.bytes),
            })
            .collect(),
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn model(s: &Subject) -> FitModel {
    FitModel {
        id: s.id.clone(),
        name: s.name.clone(),
        modality: s.modality.as_str().to_owned(),
        known_by: match s.known {
            Known::Catalog => "catalog",
            Known::Shape => "shape",
            Known::Name => "name",
            Known::File => "file",
        }
        .to_owned(),
        parameters: s.params as u64,
        active_parameters: s.active as u64,
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn weights(subject: &Subject, s: &Setting) -> Vec<FitWeights> {
    memory::parts(subject, s)
        .into_iter()
        .map(|(name, parameters, bytes)| FitWeights {
            name,
            parameters: parameters as u64,
            bytes: bytes as u64,
        })
        .collect()
}

pub fn machine(q: &Question, usable: Option<f64>) -> FitMachine {
    FitMachine {
        name: q.machine_name.clone(),
        gpu: q.gpu.clone(),
        count: q.device.count,
        origin: q.origin.to_owned(),
        simulated: q.origin != "detected",
        memory_gib: q.device.memory.map(gib),
        usable_gib: usable.map(gib),
        ram_gib: q.device.ram.map(gib),
    }
}

pub fn setting(q: &Question, s: &Setting) -> FitSetting {
    FitSetting {
        // `other` is what is read where no engine was said.
        engine: match s.engine.as_str() {
            "" | "other" => "any".to_owned(),
            said => said.to_owned(),
        },
        format: q.format_label.clone().unwrap_or_else(|| s.format.written()),
        bits_per_weight: four(s.format.bits),
        offload: s.offload.as_str().to_owned(),
        tiled: s.tiled,
        work: q.work.clone(),
    }
}

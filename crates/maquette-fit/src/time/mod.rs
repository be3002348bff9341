//! Time: a roofline for each phase. Bytes over bandwidth where weights are read for every token,
//! operations over the rate of the matrix units elsewhere.

mod diffusion;
mod sound;
mod text;

use maquette_core::Modality;

use crate::device::Device;
use crate::setting::Setting;
use crate::subject::Subject;

pub use text::{decode_ms, least_decode_ms, prefill_rate};

/// Seconds by phase.
#[derive(Debug, Clone, PartialEq)]
pub struct Phases {
    pub phases: Vec<(&'static str, f64)>,
}

impl Phases {
    pub fn seconds(&self) -> f64 {
        self.phases.iter().map(|(_, s)| s).sum()
    }
}

/// Seconds of one output by the formula, before anything is learned from measurements. For text one
/// output is what is asked to be read and written.
pub fn seconds(subject: &Subject, s: &Setting, device: &Device) -> Option<Phases> {
    match subject.modality {
        Modality::Text => {
            let read = s.prompt.unwrap_or(0.0) / prefill_rate(subject, s, device)?;
            let write = s.write.unwrap_or(0.0) * decode_ms(subject, s, device)? / 1000.0;
            Some(Phases {
                phases: vec![("prefill", read), ("decode", write)],
            })
        }
        Modality::Image | Modality::Video => diffusion::seconds(subject, s, device),
        Modality::Music | Modality::Sound | Modality::Speech => sound::seconds(subject, s, device),
        Modality::ThreeD | Modality::Motion => sound::mesh(subject, s, device),
    }
}

/// Seconds that the operations of one picture or clip take at the full rate of the matrix units.
pub fn least_seconds(subject: &Subject, s: &Setting, device: &Device) -> Option<f64> {
    match subject.modality {
        Modality::Image | Modality::Video => diffusion::least(subject, s, device),
        _ => None,
    }
}

/// Seconds of one step of the denoiser.
pub fn step_seconds(subject: &Subject, s: &Setting, device: &Device) -> Option<f64> {
    diffusion::step(subject, s, device)
}

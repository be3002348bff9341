//! Music, sound and speech: tokens written one after another, or steps of a transformer; and 3D.
//!
//! Research note on hardware, sections 4 to 6.1: small writers are bound by the launches of their
//! kernels, not by bandwidth.

use super::Phases;
use crate::device::Device;
use crate::setting::Setting;
use crate::subject::{Role, Subject};

/// Seconds of one step of a writer that its launches take, eager.
const LAUNCH: f64 = 0.012;

/// Share of it that is left where launches are recorded once (CUDA graphs) or made by ggml.
const RECORDED: f64 = 0.25;

pub(super) fn seconds(subject: &Subject, s: &Setting, device: &Device) -> Option<Phases> {
    let length = s.seconds.unwrap_or(1.0);
    let mut phases = Vec::new();
    let rate = device.half.map(|h| h * 0.3);
    let (bandwidth, launch) = if s.on_cpu {
        (device.ram_bandwidth, LAUNCH * 0.5)
    } else if s.compiled || matches!(s.engine.as_str(), "llama.cpp" | "audio.cpp") {
        (device.bandwidth?, LAUNCH * RECORDED)
    } else {
        (device.bandwidth?, LAUNCH)
    };
    if subject.writer().is_some() || subject.denoiser().is_none() {
        let params = subject.writer().map_or(subject.params, |w| w.active);
        let hertz = subject.hertz;
        let each = (s.format.bytes(params) * 1.4 / bandwidth).max(launch * 0.5) + launch * 0.5;
        phases.push(("write", length * hertz * each));
    }
    if let Some(d) = subject.denoiser() {
        let steps = s
            .steps
            .or(subject.defaults.steps.map(f64::from))
            .unwrap_or(30.0);
        let counted = subject
            .counted
            .iter()
            .find(|c| c.seconds > 0.0 && !c.decode);
        let operations = counted.map_or(2.0 * d.params * subject.hertz * length, |c| {
            c.operations * length / c.seconds
        });
        let passes = subject.defaults.passes_per_step.map_or(1.0, f64::from);
        let compute = operations * passes / rate?;
        let step = compute
            .max(s.format.bytes(d.params) / bandwidth)
            .max(launch);
        phases.push(("denoise", step * steps));
    }
    phases.push(("decode", 0.2 + 0.002 * length));
    Some(Phases { phases })
}

/// 3D: stages of steps over voxels, some with the cube of the resolution.
pub(super) fn mesh(subject: &Subject, s: &Setting, device: &Device) -> Option<Phases> {
    let rate = device.half? * 0.3;
    let grid = s.grid.unwrap_or(512.0);
    let steps = s
        .steps
        .or(subject.defaults.steps.map(f64::from))
        .unwrap_or(25.0);
    let params: f64 = subject
        .pieces
        .iter()
        .filter(|p| p.role != Role::Encoder)
        .map(|p| p.params)
        .sum();
    let params = if params > 0.0 { params } else { subject.params };
    let tokens = 15_000.0 * (grid / 512.0).powf(2.2);
    let shape = 2.0 * params * tokens * steps * 2.0 / rate;
    Some(Phases {
        phases: vec![("shape", shape), ("mesh", 1.0 * (grid / 512.0).powi(2))],
    })
}

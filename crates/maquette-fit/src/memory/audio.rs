//! Music, sound and speech; and 3D, whose stages are small and many.
//!
//! Formulas: research note on hardware, sections 4 and 5.

use super::{Memory, Phase, framework, stored};
use crate::device::GIB;
use crate::setting::{Offload, Setting};
use crate::subject::{Role, Subject};

pub(super) fn memory(subject: &Subject, s: &Setting) -> Memory {
    let seconds = s.seconds.or_else(|| {
        subject
            .defaults
            .duration_s
            .as_ref()
            .and_then(|d| d.to_string().parse().ok())
    });
    let seconds = seconds.unwrap_or(10.0);
    let weights: f64 = if subject.pieces.is_empty() {
        subject.bytes(s.format, subject.params)
    } else {
        subject.pieces.iter().map(|p| stored(p, s, true)).sum()
    };
    let largest = subject
        .pieces
        .iter()
        .map(|p| stored(p, s, true))
        .fold(0.0, f64::max);
    // A writer's cache: 25 to 50 tokens a second of sound, some 300 KB each, twice with guidance.
    let cache = subject.writer().map_or(0.0, |w| {
        let per_token =
            2.0 * 2.0 * w.layers.unwrap_or(24.0) * w.kv_width.or(w.hidden).unwrap_or(1024.0);
        per_token * seconds * 50.0 * 2.0
    });
    let decode = (0.02 * GIB * seconds).clamp(0.2 * GIB, 3.0 * GIB);
    let on_device = if matches!(
        s.offload,
        Offload::Model | Offload::Blocks | Offload::Sequential
    ) {
        largest
    } else {
        weights
    };
    let base = framework(s);
    Memory {
        phases: vec![
            Phase::new("write")
                .with("weights", on_device)
                .with("cache", cache)
                .with("framework", base),
            Phase::new("decode")
                .with("weights", on_device)
                .with("activations", decode)
                .with("framework", base),
        ],
        in_ram: weights - on_device,
    }
}

/// 3D: the stages' weights, and grids that grow with the cube of the resolution.
pub(super) fn mesh(subject: &Subject, s: &Setting) -> Memory {
    let weights: f64 = if subject.pieces.is_empty() {
        subject.bytes(s.format, subject.params)
    } else {
        subject.pieces.iter().map(|p| stored(p, s, true)).sum()
    };
    let largest = subject
        .pieces
        .iter()
        .map(|p| stored(p, s, true))
        .fold(0.0, f64::max);
    let grid = s.grid.unwrap_or(512.0);
    let volume = (grid / 384.0).powi(3) * 0.226e9;
    let on_device = if matches!(
        s.offload,
        Offload::Model | Offload::Blocks | Offload::Sequential
    ) {
        largest
    } else {
        weights
    };
    let textured = subject.pieces.iter().any(|p| p.role == Role::Unet);
    let base = framework(s);
    Memory {
        phases: vec![
            Phase::new("shape")
                .with("weights", on_device)
                .with("activations", 1.5 * GIB + volume)
                .with("framework", base),
            Phase::new("mesh")
                .with("weights", on_device)
                .with("field", 4.0 * volume)
                .with("framework", base),
            Phase::new("texture")
                .with("weights", on_device)
                .with("views", if textured { 4.0 * GIB } else { 0.0 })
                .with("framework", base),
        ],
        in_ram: weights - on_device,
    }
}

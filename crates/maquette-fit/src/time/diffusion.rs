//! Images and clips: operations of every pass over the rate of the matrix units, the transfer of
//! weights that are not resident, and the decoder.
//!
//! Operations of a transformer: 2 × parameters × tokens + 4 × layers × tokens² × width (research note
//! on hardware, section 6.1), scaled to a size whose operations were counted where there is one.

use super::Phases;
use crate::device::{Class, Device};
use crate::format::Path;
use crate::memory::{size, tokens};
use crate::setting::{Offload, Setting};
use crate::subject::{Piece, Role, Subject};
use maquette_core::Modality;

/// Share of the dense 16-bit rate that published runs reach, by class (section 6.2).
fn utilisation(class: Class) -> f64 {
    match class {
        Class::Nvidia => 0.62,
        Class::NvidiaHbm => 0.38,
        Class::Apple | Class::NvidiaUnified => 0.5,
        _ => 0.35,
    }
}

/// Rate against that of 16 bits, uncompiled: published pairs on an H100 and an RTX 4090 (section 6.2 and
/// the rows of `evidence/image.csv`). Weights that are unpacked before use cost time.
fn path(s: &Setting) -> f64 {
    let arithmetic = match s.format.path {
        Path::Full => 0.5,
        Path::Half => 1.0,
        Path::Fp8 => 1.35,
        Path::Int8 => 0.8,
        Path::Four => 1.3,
        Path::Stored8 | Path::Ggml8 => 0.78,
        Path::Stored4 => 0.7,
        Path::Ggml6 | Path::Ggml4 | Path::Ggml3 => 0.55,
    };
    if s.compiled {
        arithmetic * 1.4
    } else {
        arithmetic
    }
}

/// Bytes a second over the bus from the machine's memory (section 3.5: 22 to 25 GB/s pinned, half
/// that unpinned), and where every module waits for its own weights (Ruyi-Mini-7B on an RTX 4090 in
/// `low_gpu_mode`: 14.5 GB for each of two passes in 7.7 s).
const BUS: f64 = 14e9;
const MODULE_BUS: f64 = 4e9;

/// Seconds that launching the kernels of one step takes, whatever its size (SD 1.5 at 512×512 on an
/// H100: 18 ms a step).
const LAUNCHES: f64 = 0.014;
/// Share of the steps that is computed where steps are reused (L20 and 4090: 0.4 to 0.65).
const REUSED: f64 = 0.5;

fn by_formula(subject: &Subject, piece: &Piece, width: f64, height: f64, frames: f64) -> f64 {
    if piece.role == Role::Unet {
        // SD 1.5: 0.80 of 7.0, SDXL 6.8 of 84 × 10^12 operations: a tenth of a transformer's.
        return 0.1 * 2.0 * piece.params * width * height / 64.0;
    }
    let n = tokens(subject, width, height, frames);
    let layers = piece.layers.unwrap_or(40.0);
    let hidden = piece
        .hidden
        .unwrap_or_else(|| (piece.params / (12.0 * layers)).sqrt());
    2.0 * piece.active * n + 4.0 * layers * n * n * hidden
}

/// Operations of one pass of the denoiser at a size.
pub(crate) fn operations(
    subject: &Subject,
    piece: &Piece,
    (width, height, frames): (f64, f64, f64),
) -> f64 {
    let wanted = by_formula(subject, piece, width, height, frames);
    // Sizes whose operations were counted correct the formula: between two of them by a line in the
    // logarithms, so that more work never takes fewer operations; beyond them as the last one does.
    let counted = subject
        .counted
        .iter()
        .filter(|c| !c.decode && c.width > 0.0);
    let mut known: Vec<(f64, f64)> = counted
        .map(|c| {
            let formula = by_formula(subject, piece, c.width, c.height, c.frames);
            (formula.ln(), (c.operations / formula).ln())
        })
        .collect();
    known.sort_by(|a, b| a.0.total_cmp(&b.0));
    let at = wanted.ln();
    let above = known.iter().find(|(size, _)| *size >= at);
    let below = known.iter().rfind(|(size, _)| *size < at);
    let correction = match (below, above) {
        (Some((x0, y0)), Some((x1, y1))) => y0 + (y1 - y0) * (at - x0) / (x1 - x0),
        (Some((_, y)), None) | (None, Some((_, y))) => *y,
        (None, None) => return wanted,
    };
    wanted * correction.exp()
}

fn passes(subject: &Subject, s: &Setting) -> f64 {
    s.passes
        .or(subject.defaults.passes_per_step.map(f64::from))
        .unwrap_or(2.0)
}

/// Operations at 95% of what the matrix units do in the format's arithmetic: 8 bits twice the rate of 16,
/// 4 bits four times.
pub(super) fn least(subject: &Subject, s: &Setting, device: &Device) -> Option<f64> {
    let piece = subject.denoiser()?;
    let steps = s
        .steps
        .or(subject.defaults.steps.map(f64::from))
        .unwrap_or(30.0);
    let faster = match s.format.path {
        Path::Fp8 | Path::Int8 => 2.0,
        Path::Four => 4.0,
        _ => 1.0,
    };
    let rate = device.half? * f64::from(device.count) * faster;
    let all = operations(subject, piece, size(subject, s)) * passes(subject, s) * s.batch * steps;
    Some(all / rate * 0.95)
}

pub(super) fn step(subject: &Subject, s: &Setting, device: &Device) -> Option<f64> {
    let piece = subject.denoiser()?;
    let at = size(subject, s);
    let rate =
        device.half? * utilisation(device.class) * path(s) * f64::from(device.count).powf(0.85);
    let compute = operations(subject, piece, at) * passes(subject, s) * s.batch / rate;
    let weights = s.format.bytes(piece.params);
    let transfer = match s.offload {
        Offload::Blocks => weights / BUS,
        Offload::Sequential => weights * passes(subject, s) / MODULE_BUS,
        _ => {
            // What does not fit is paged in again for every step.
            let over = crate::memory::memory(subject, s, device).map_or(0.0, |m| m.in_ram);
            if s.fills {
                over.min(weights) / BUS
            } else {
                0.0
            }
        }
    };
    // Reading the weights is the least that a step takes, and launching its kernels.
    let read = device
        .bandwidth
        .map_or(0.0, |b| weights * passes(subject, s) / b);
    let reused = if s.cached { REUSED } else { 1.0 };
    let compute = compute * reused;
    if s.offload == Offload::Sequential {
        return Some(compute + transfer);
    }
    Some(compute.max(transfer).max(read).max(LAUNCHES))
}

pub(super) fn seconds(subject: &Subject, s: &Setting, device: &Device) -> Option<Phases> {
    let steps = s
        .steps
        .or(subject.defaults.steps.map(f64::from))
        .unwrap_or(30.0);
    let denoise = step(subject, s, device)? * steps;
    let (width, height, frames) = size(subject, s);
    let pixels = width * height * frames;
    let counted = subject.counted.iter().find(|c| c.decode);
    let each = counted.map_or(
        if subject.modality == Modality::Video {
            12e6
        } else {
            10.5e6
        },
        |c| c.operations / (c.width * c.height * c.frames),
    );
    let rate = device.half? * utilisation(device.class) * 0.6;
    let decode = each * pixels * s.batch / rate;
    let encoders: f64 = subject
        .pieces
        .iter()
        .filter(|p| p.role == Role::Encoder)
        .map(|p| p.params)
        .sum();
    let moved = match s.offload {
        Offload::Model | Offload::Blocks | Offload::Sequential => {
            (encoders * 2.0 + s.format.bytes(subject.denoiser()?.params)) / BUS
        }
        _ => 0.0,
    };
    let encode = 2.0 * encoders * 512.0 / rate + 0.1 + moved;
    Some(Phases {
        phases: vec![
            ("encode", encode),
            ("denoise", denoise),
            ("decode", decode + 0.2),
        ],
    })
}

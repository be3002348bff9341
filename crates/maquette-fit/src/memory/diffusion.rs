//! Images and clips: encoders, denoiser with its activations by latent tokens, decoder.
//!
//! Formulas and constants: research note on hardware, sections 3.1 to 3.5.

use super::{Memory, Phase, framework, stored};
use crate::device::GIB;
use crate::setting::{Offload, Setting};
use crate::subject::{Piece, Role, Subject};
use maquette_core::Modality;

/// Bytes of activation for one token and one unit of width, over the bytes of an element: 11 to 22
/// by family (table 3.3), the middle of it.
const ACTIVATION: f64 = 16.0;

/// Tokens of one latent: pixels over the compression of the autoencoder and the patch of two.
pub(crate) fn tokens(subject: &Subject, width: f64, height: f64, frames: f64) -> f64 {
    let side = subject.spatial * subject.patch;
    let times = if subject.modality == Modality::Video {
        1.0 + (frames.max(1.0) - 1.0) / subject.temporal
    } else {
        1.0
    };
    (width / side).ceil() * (height / side).ceil() * times
}

/// Width and height in pixels, and frames, of a run, the model's own where none is said.
pub fn size(subject: &Subject, s: &Setting) -> (f64, f64, f64) {
    let d = &subject.defaults;
    let side = if subject.modality == Modality::Video {
        (1280.0, 720.0)
    } else {
        (1024.0, 1024.0)
    };
    let width = s.width.or(d.width.map(f64::from)).unwrap_or(side.0);
    let height = s.height.or(d.height.map(f64::from)).unwrap_or(side.1);
    let frames = match subject.modality {
        Modality::Video => s.frames.or(d.frames.map(f64::from)).unwrap_or(81.0),
        _ => 1.0,
    };
    (width, height, frames)
}

fn denoise_activation(subject: &Subject, piece: &Piece, s: &Setting) -> f64 {
    let (width, height, frames) = size(subject, s);
    let bytes = 2.0;
    if piece.role == Role::Unet {
        // SDXL 0.31 GiB, SD 1.5 0.51 GiB at 1024×1024 with guidance in one batch: linear in pixels.
        let each = 0.4 * GIB * width * height / 1_048_576.0;
        let heads = if s.flash == Some(false) { 8.0 } else { 0.0 };
        let n = width * height / 64.0;
        return each * s.batch + heads * n * n * 2.0 * 2.0;
    }
    let hidden = piece.hidden.unwrap_or_else(|| {
        // Twelve squares of the width a layer, some forty layers.
        (piece.params / (12.0 * piece.layers.unwrap_or(40.0))).sqrt()
    });
    let runtime = match s.engine.as_str() {
        // The publishers' own video code keeps 32-bit residuals (section 1, point 3).
        "official" => 3.0,
        _ => 1.0,
    };
    ACTIVATION * s.batch * tokens(subject, width, height, frames) * hidden * bytes * runtime
}

/// Bytes that the decoder holds for one pixel, over the bytes of an element (table 3.4).
fn decode_activation(subject: &Subject, s: &Setting) -> f64 {
    let (width, height, frames) = size(subject, s);
    // The publishers' own video code decodes in 32 bits.
    let element = match subject.modality {
        Modality::Video if s.engine == "official" => 4.0,
        _ => 2.0,
    };
    let pixels = width * height * element;
    let id = subject.id.as_str();
    if s.tiled {
        return if subject.modality == Modality::Video {
            2.5 * GIB
        } else {
            0.45 * GIB
        };
    }
    let whole = match subject.modality {
        Modality::Video if id.starts_with("wan2.2-ti2v") => 5750.0 * pixels,
        Modality::Video if id.starts_with("wan") || id.contains("qwen") => 5310.0 * pixels,
        Modality::Video if id.starts_with("cogvideox") => 467.0 * pixels * frames,
        Modality::Video if id.starts_with("ltx") => 43.0 * pixels * frames,
        // Published pipelines of the others decode in tiles: one of 256 × 256 and 17 frames.
        Modality::Video => (787.0 * pixels * frames).min(4.0 * GIB),
        _ if id.starts_with("qwen-image") => 5310.0 * pixels,
        // 768, and a tenth to a third more for the workspace of the convolutions.
        _ => 950.0 * pixels,
    };
    whole * s.batch.max(1.0)
}

pub(super) fn memory(subject: &Subject, s: &Setting, devices: u32) -> Option<Memory> {
    let denoiser = subject.denoiser()?;
    let encoders: f64 = subject
        .pieces
        .iter()
        .filter(|p| matches!(p.role, Role::Encoder | Role::Writer))
        .map(|p| stored(p, s, s.encoders_alike))
        .sum();
    let largest_encoder = subject
        .pieces
        .iter()
        .filter(|p| p.role == Role::Encoder)
        .map(|p| stored(p, s, s.encoders_alike))
        .fold(0.0, f64::max);
    let denoisers: f64 = subject
        .pieces
        .iter()
        .filter(|p| matches!(p.role, Role::Denoiser | Role::Unet))
        .map(|p| stored(p, s, true))
        .sum();
    let one = stored(denoiser, s, true);
    let vae: f64 = subject
        .pieces
        .iter()
        .filter(|p| p.role == Role::Decoder)
        .map(|p| stored(p, s, false))
        .sum();
    let activation = denoise_activation(subject, denoiser, s);
    let decode = decode_activation(subject, s);
    let base = framework(s);
    let split = if s.sharded {
        f64::from(devices.max(1))
    } else {
        1.0
    };
    let (encoders, largest_encoder) = (encoders / split, largest_encoder / split);
    let (denoisers, one) = (denoisers / split, one / split);
    let activation = activation / f64::from(devices.max(1));
    let mut phases = match s.offload {
        Offload::Model => vec![
            Phase::new("encode")
                .with("encoder", largest_encoder)
                .with("framework", base),
            Phase::new("denoise")
                .with("denoiser", one)
                .with("activations", activation)
                .with("framework", base),
            Phase::new("decode")
                .with("decoder", vae)
                .with("activations", decode)
                .with("framework", base),
        ],
        Offload::Blocks | Offload::Sequential => {
            let blocks = denoiser.layers.unwrap_or(40.0).max(1.0);
            vec![
                Phase::new("encode")
                    .with("two blocks of the encoder", 2.0 * largest_encoder / 24.0)
                    .with("framework", base),
                Phase::new("denoise")
                    .with("two blocks of the denoiser", 2.0 * one / blocks)
                    .with("activations", activation)
                    .with("framework", base),
                Phase::new("decode")
                    .with("decoder", vae)
                    .with("activations", decode)
                    .with("framework", base),
            ]
        }
        _ => {
            let all = |p: Phase| {
                p.with("encoders", encoders)
                    .with("denoiser", denoisers)
                    .with("decoder", vae)
                    .with("framework", base)
            };
            vec![
                all(Phase::new("encode")),
                all(Phase::new("denoise")).with("activations", activation),
                all(Phase::new("decode")).with("activations", decode),
            ]
        }
    };
    let total = encoders + denoisers + vae;
    if s.quantized_late {
        let all: f64 = subject.pieces.iter().map(|p| p.params * 2.0).sum();
        // Three of the twelve squares of a block's weights, in 16 bits still.
        let copy = if s.fused {
            denoiser.params * 2.0 * 0.17
        } else {
            0.0
        };
        phases.insert(
            0,
            Phase::new("quantize")
                .with("weights in 16 bits", all + copy)
                .with("framework", base),
        );
    }
    let on_device = match s.offload {
        Offload::Model => one.max(largest_encoder),
        Offload::Blocks | Offload::Sequential => 0.0,
        _ => total,
    };
    Some(Memory {
        phases,
        in_ram: (total - on_device).max(0.0),
    })
}

/// Bytes of the denoiser's compute buffer alone, as ggml allots it.
pub(crate) fn compute_buffer(subject: &Subject, s: &Setting) -> Option<f64> {
    let denoiser = subject.denoiser()?;
    let (width, height, frames) = size(subject, s);
    let n = tokens(subject, width, height, frames);
    let act = denoise_activation(
        subject,
        denoiser,
        &Setting {
            flash: Some(true),
            ..s.clone()
        },
    );
    let scores = if s.flash == Some(true) {
        0.0
    } else {
        let heads = denoiser.hidden.unwrap_or(1536.0) / 64.0;
        heads * n * n * 4.0
    };
    Some(act + scores)
}

//! Images and clips: encoders, denoiser with its activations by latent tokens, decoder.
//!
//! Formulas and constants: research note on hardware, sections 3.1 to 3.5.

use super::{Memory, Phase, framework, stored};
use crate::counted::Live;
use crate::device::GIB;
use crate::setting::{Offload, Setting};
use crate::subject::{Piece, Role, Subject};
use maquette_core::Modality;

/// Bytes of activation for one token and one unit of width, over the bytes of an element, by the family
/// that a class or a model's id begins with: live tensors of one pass at 1024 × 1024 or of one clip
/// (table 3.3), prompt tokens among them; and whether its pipelines run the prompt and no prompt in one
/// batch.
const FAMILIES: [(&str, f64, bool); 11] = [
    ("flux2", 24.0, false),
    ("flux", 19.5, false),
    ("chroma", 18.6, false),
    ("sd3", 13.4, true),
    ("stablediffusion3", 13.4, true),
    ("qwenimage", 15.5, false),
    ("zimage", 16.3, false),
    ("wan", 11.5, false),
    ("cogvideo", 13.1, true),
    ("hunyuanvideo", 18.2, false),
    ("ltx", 21.8, false),
];
/// Of the other families: the middle of these.
const ACTIVATION: f64 = 16.0;
/// Of a U-Net, for one pixel and one unit of its first width: SDXL, which attends below the first
/// level only, 0.25; SD 1.5, which attends there too, 0.41.
const UNET: f64 = 0.32;
/// First width of the U-Nets and autoencoders of Stable Diffusion.
const UNET_WIDTH: f64 = 320.0;
const VAE_WIDTH: f64 = 128.0;

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
    let family = FAMILIES
        .iter()
        .find(|(f, _, _)| piece.family.starts_with(f));
    let growth = family.map_or(ACTIVATION, |(_, growth, guided)| {
        let passes = if *guided && s.passes != Some(1.0) {
            2.0
        } else {
            1.0
        };
        growth * passes
    });
    grown(subject, piece, s, growth, counted(subject, s))
}

/// Bytes of one number of the activations: 16 bits, but where the weights are in 32.
fn element(s: &Setting) -> f64 {
    if s.format.bits >= 32.0 { 4.0 } else { 2.0 }
}

/// Activations by tokens or pixels; `counted` is what one picture or clip was counted to need.
fn grown(subject: &Subject, piece: &Piece, s: &Setting, growth: f64, counted: Option<f64>) -> f64 {
    let (width, height, frames) = size(subject, s);
    let bytes = element(s);
    if piece.role == Role::Unet {
        // With guidance in one batch: linear in pixels.
        let wide = piece.hidden.unwrap_or(UNET_WIDTH);
        let each = counted.unwrap_or(2.0 * UNET * width * height * wide * bytes);
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
        "official" => 3.5,
        _ => 1.0,
    };
    let each =
        counted.unwrap_or_else(|| growth * tokens(subject, width, height, frames) * hidden * bytes);
    each * s.batch * runtime
}

/// Live tensors of one pass, drawn out to the size asked for from the nearest that was counted: they
/// grow with the tokens.
fn counted(subject: &Subject, s: &Setting) -> Option<f64> {
    let (width, height, frames) = size(subject, s);
    let asked = tokens(subject, width, height, frames);
    let near = |l: &&Live| {
        (tokens(subject, l.width, l.height, l.frames) / asked)
            .ln()
            .abs()
    };
    let live = subject
        .live
        .iter()
        .min_by(|a, b| near(a).total_cmp(&near(b)))?;
    let passes = if live.guided && s.passes == Some(1.0) {
        0.5
    } else {
        1.0
    };
    Some(
        live.bytes * element(s) / 2.0 * passes * asked
            / tokens(subject, live.width, live.height, live.frames),
    )
}

/// Bytes that the decoder holds for one pixel, over the bytes of an element (table 3.4).
fn decode_activation(subject: &Subject, s: &Setting) -> f64 {
    let (width, height, frames) = size(subject, s);
    // The publishers' own video code decodes in 32 bits.
    let element = match subject.modality {
        Modality::Video if s.engine == "official" => 4.0,
        _ => element(s),
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
    let decoder = subject.pieces.iter().find(|p| p.role == Role::Decoder);
    let (family, wide) = decoder.map_or(("", None), |d| (d.family.as_str(), d.hidden));
    let whole = match subject.modality {
        // Wan 2.1's decoder of 96 and Wan 2.2's of 256, which works on quarters of the pixels.
        _ if family.starts_with("autoencoderklwan") => match wide.unwrap_or(96.0) {
            wide if wide > 200.0 => 5750.0 / 256.0 * wide * pixels,
            wide => 5310.0 / 96.0 * wide * pixels,
        },
        Modality::Video if id.starts_with("wan2.2-ti2v") => 5750.0 * pixels,
        Modality::Video if id.starts_with("wan") || id.contains("qwen") => 5310.0 * pixels,
        Modality::Video if id.starts_with("cogvideox") => 467.0 * pixels * frames,
        Modality::Video if id.starts_with("ltx") => 43.0 * pixels * frames,
        // Published pipelines of the others decode in tiles: one of 256 × 256 and 17 frames.
        Modality::Video => (787.0 * pixels * frames).min(4.0 * GIB),
        _ if id.starts_with("qwen-image") => 5310.0 * pixels,
        // Six of the first width (128: 768), and a tenth to a third more for the workspace of the
        // convolutions.
        _ => 7.4 * wide.filter(|w| *w <= 512.0).unwrap_or(VAE_WIDTH) * pixels,
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

/// Bytes of the denoiser's compute buffer alone, as ggml allots it: its graph is not torch's, and
/// tensors counted there say nothing of it.
pub(crate) fn compute_buffer(subject: &Subject, s: &Setting) -> Option<f64> {
    let denoiser = subject.denoiser()?;
    let (width, height, frames) = size(subject, s);
    let n = tokens(subject, width, height, frames);
    let fused = Setting {
        flash: Some(true),
        ..s.clone()
    };
    let act = grown(subject, denoiser, &fused, ACTIVATION, None);
    let scores = if s.flash == Some(true) {
        0.0
    } else {
        let heads = denoiser.hidden.unwrap_or(1536.0) / 64.0;
        heads * n * n * 4.0
    };
    Some(act + scores)
}

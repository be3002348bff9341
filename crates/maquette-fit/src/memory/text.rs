//! Language models: weights, key-value cache by architecture, compute buffers.
//!
//! Formulas: research note on hardware, sections 2.1 to 2.5.

use maquette_catalog::schema::model::LlmShape;

use super::{Memory, Phase, framework, ggml};
use crate::setting::{Offload, Setting};
use crate::subject::Subject;

/// Context that is allotted where nobody says one.
const CONTEXT: f64 = 4096.0;

/// Bytes of cache for one more token with 16-bit keys and values: layers that grow, heads, widths.
#[allow(clippy::cast_precision_loss)]
pub fn kv_bytes_per_token(t: &LlmShape) -> Option<f64> {
    let stated = t
        .kv_growing_bytes_per_token_bf16
        .or(t.kv_bytes_per_token_fp16_full_layers);
    if let Some(bytes) = stated {
        return Some(bytes as f64);
    }
    let layers = f64::from(t.layers?);
    if let Some(width) = t.mla_kv_width {
        return Some(layers * f64::from(width) * 2.0);
    }
    if t.swa_layers.is_none()
        && t.full_attention_layers.is_none()
        && t.linear_layers.is_none()
        && t.global_layers.is_none()
        && let Some(bytes) = t.kv_bytes_per_token_fp16
    {
        return Some(bytes as f64);
    }
    let growing = growing_layers(t, layers);
    let heads = f64::from(t.global_kv_heads.or(t.kv_heads)?);
    let width = f64::from(t.global_head_dim.or(t.head_dim)?);
    let both = if t.k_equals_v == Some(true) { 1.0 } else { 2.0 };
    Some(growing * heads * width * both * 2.0)
}

/// Layers whose cache grows with the context.
pub(super) fn growing_layers(t: &LlmShape, layers: f64) -> f64 {
    if let Some(full) = t.full_attention_layers.or(t.global_layers) {
        return f64::from(full);
    }
    if let Some(linear) = t.linear_layers {
        return layers - f64::from(linear);
    }
    if let Some(windowed) = t.swa_layers {
        return layers - f64::from(windowed);
    }
    // `5:1` local to global.
    if let Some((local, global)) = t.swa_ratio.as_ref().and_then(|r| r.split_once(':'))
        && let (Ok(local), Ok(global)) = (local.trim().parse::<f64>(), global.trim().parse::<f64>())
    {
        return (layers * global / (local + global)).floor();
    }
    layers
}

/// Bytes of the cache at a context, windowed layers capped at their window.
pub fn kv_bytes(t: &LlmShape, context: f64, kv_bits: f64, batch_tokens: f64) -> Option<f64> {
    // llama.cpp pads the context to 256 tokens.
    let padded = (context / 256.0).ceil() * 256.0;
    let mut bytes = kv_bytes_per_token(t)? * padded;
    let layers = f64::from(t.layers?);
    if let (Some(window), Some(heads), Some(width)) = (t.swa_window, t.kv_heads, t.head_dim) {
        let windowed = layers - growing_layers(t, layers);
        let tokens = ((f64::from(window) + batch_tokens) / 256.0).ceil() * 256.0;
        bytes += windowed * f64::from(heads) * f64::from(width) * 4.0 * tokens.min(padded);
    }
    Some(bytes * kv_bits / 16.0)
}

/// Where only the size is known: cache of a model with grouped queries, from the table of the note
/// (57 to 147 KB a token for 7 to 8 billion parameters), growing with the square root of the size.
fn usual_kv_per_token(params: f64) -> f64 {
    100_000.0 * (params / 8e9).sqrt()
}

/// The largest node of llama.cpp's graph: logits of one micro-batch, or its feed-forward, and
/// without flash attention the scores.
pub(super) fn compute_buffer(t: Option<&LlmShape>, s: &Setting, context: f64) -> f64 {
    let tokens = 512.0;
    let vocab = t.and_then(|t| t.vocab).map_or(128_000.0, f64::from);
    let hidden = t.and_then(|t| t.hidden).map_or(4096.0, f64::from);
    let logits = tokens * vocab * 4.0;
    let inputs = tokens * hidden * 4.0 * 2.0;
    let scores = match (s.flash, t.and_then(|t| t.heads)) {
        (Some(false), Some(heads)) => f64::from(heads) * tokens * context * 4.0,
        _ => tokens * context * 2.0,
    };
    logits.max(scores) + inputs
}

/// The context as llama.cpp makes it, with flash attention unless it is said to be off. The context
/// asked for is that of one request.
pub fn allotted(s: &Setting, context: f64) -> ggml::Context {
    ggml::Context {
        tokens: context * s.batch,
        sequences: s.batch,
        unified: false,
        micro: s.micro,
        outputs: s.outputs,
        flash: s.flash != Some(false),
        kv_bits: s.kv_bits,
    }
}

pub(super) fn memory(subject: &Subject, s: &Setting) -> Memory {
    let t = subject.text.as_ref();
    let context = s
        .context
        .or(s.depth)
        .unwrap_or_else(|| CONTEXT.max(s.prompt.unwrap_or(0.0) + s.write.unwrap_or(0.0)));
    let exact = subject.pieces.iter().filter_map(|p| p.bytes).sum::<f64>();
    let all = if exact > 0.0 {
        exact
    } else {
        subject.bytes(s.format, subject.params)
    };
    let buffers = t.and_then(|t| ggml::buffers(t, &allotted(s, context)));
    let kv = buffers
        .map(|b| b.cache)
        .or_else(|| t.and_then(|t| kv_bytes(t, context, s.kv_bits, 2048.0)))
        .unwrap_or_else(|| usual_kv_per_token(subject.params) * context * s.kv_bits / 16.0);
    let layers = t.and_then(|t| t.layers).map_or(32.0, f64::from);
    let (share, in_ram) = match s.offload {
        Offload::Layers(n) => {
            let share = (f64::from(n) / layers).min(1.0);
            (share, all * (1.0 - share))
        }
        Offload::SomeExperts(n) => {
            let least = (subject.active / subject.params * 0.6).min(1.0);
            let share = 1.0 - (1.0 - least) * (f64::from(n) / layers).min(1.0);
            (share, all * (1.0 - share))
        }
        Offload::Experts => {
            // Attention, router and shared parts: what is active, less the experts that are.
            let share = (subject.active / subject.params * 0.6).min(1.0);
            (share, all * (1.0 - share))
        }
        _ => (1.0, 0.0),
    };
    let kv_share = if matches!(s.offload, Offload::Experts | Offload::SomeExperts(_)) {
        1.0
    } else {
        share
    };
    // llama.cpp divides the context among its sequences; others hold it for each.
    let times = if buffers.is_some() { 1.0 } else { s.batch };
    let base = |phase: Phase| {
        phase
            .with("weights", all * share)
            .with("key-value cache", kv * times * kv_share)
    };
    let buffer = buffers.map_or_else(|| compute_buffer(t, s, context), |b| b.compute + b.output);
    Memory {
        phases: vec![
            base(Phase::new("prefill"))
                .with("compute buffer", buffer)
                .with("framework", framework(s)),
            base(Phase::new("decode"))
                .with("compute buffer", buffer)
                .with("framework", framework(s)),
        ],
        in_ram,
    }
}

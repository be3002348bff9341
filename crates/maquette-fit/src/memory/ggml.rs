//! What llama.cpp allots beside the weights: cache, output and compute buffer.
//!
//! The sums below were found against llama.cpp's own figures for 139 settings
//! (`tests/peers/recorded/llamacpp.md`); the test beside them holds them to that record.

use maquette_catalog::schema::model::LlmShape;

/// How the context is made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Context {
    pub tokens: f64,
    pub sequences: f64,
    /// One cache for all sequences, instead of one each.
    pub unified: bool,
    /// Tokens of one micro-batch.
    pub micro: f64,
    /// Rows of logits kept; llama-server asks for one a slot.
    pub outputs: f64,
    pub flash: bool,
    /// Bits of one element of the cache, block scales included.
    pub kv_bits: f64,
}

/// Bytes of one buffer each.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Buffers {
    pub cache: f64,
    pub output: f64,
    pub compute: f64,
}

fn padded(n: f64) -> f64 {
    (n / 256.0).ceil() * 256.0
}

/// Layers of each kind: growing, windowed.
pub fn layers(t: &LlmShape) -> Option<(f64, f64)> {
    let all = f64::from(t.layers?);
    let growing = super::text::growing_layers(t, all);
    let windowed = if t.swa_window.is_some() {
        all - growing
    } else {
        0.0
    };
    Some((growing, windowed))
}

/// The three buffers; absent where the shape is not whole.
pub fn buffers(t: &LlmShape, c: &Context) -> Option<Buffers> {
    let (growing, windowed) = layers(t)?;
    let sequences = c.sequences.max(1.0);
    let (streams, shared) = if c.unified {
        (1.0, sequences)
    } else {
        (sequences, 1.0)
    };
    let cells = padded(padded(c.tokens) / streams);
    let micro = c.micro.min(c.tokens).min(2048.0);
    let window = t.swa_window.map(f64::from);
    let window_cells = window.map_or(0.0, |w| padded(cells.min(w * shared + micro)));
    let window_cells = if windowed > 0.0 { window_cells } else { 0.0 };
    let per_cell = super::text::kv_bytes_per_token(t)? / growing.max(1.0);
    let kv_heads = f64::from(t.kv_heads?);
    let width = f64::from(t.head_dim?);
    // Windowed layers have the plain heads, growing ones may have their own.
    let windowed_cell = kv_heads * width * 4.0;
    let of_stream = growing * per_cell * cells + windowed * windowed_cell * window_cells;
    let cache = streams * of_stream * c.kv_bits / 16.0;

    let vocab = f64::from(t.vocab?);
    let embedding = 4.0 * micro * f64::from(t.hidden?);
    let heads = f64::from(t.heads?);
    let query = 4.0 * micro * heads * width;
    let feed = 4.0 * micro * t.ffn.map_or(4.0 * f64::from(t.hidden?), f64::from);
    let mask_bytes = if c.flash { 2.0 } else { 4.0 };
    let global = if growing > 0.0 { cells } else { 0.0 };
    let masks = mask_bytes * micro * (global + window_cells);
    let caches = f64::from(u8::from(growing > 0.0)) + f64::from(u8::from(windowed > 0.0));
    let latent = t.mla_kv_width.map(f64::from);
    let indices = if c.flash || latent.is_some() {
        0.0
    } else {
        8.0 * micro * kv_heads * width * caches
    };
    let fixed = 2.0 * embedding + masks + indices + 32.0 * micro;
    let scores = if c.flash {
        0.0
    } else {
        4.0 * micro * heads * global.max(window_cells)
    };
    let attention = if let Some(latent) = latent {
        let w = 4.0 * micro * heads * latent;
        (2.0 * w + query + embedding).max(w + query + scores)
    } else {
        2.0 * query + query + scores
    };
    let feed = match t.experts_used.map(f64::from) {
        Some(used) => {
            let each = used * feed;
            if used * embedding <= 2.0 * each {
                3.0 * each
            } else {
                3.0 * each + used * embedding
            }
        }
        None => 3.0 * feed,
    };
    let layer = fixed + (embedding + attention).max(3.0 * embedding + feed);
    let logits = 4.0 * c.outputs.min(micro) * vocab;
    let end = 5.0 * embedding + logits + if masks < logits { masks + indices } else { 0.0 };
    Some(Buffers {
        cache,
        output: 4.0 * vocab * sequences,
        compute: layer.max(end),
    })
}

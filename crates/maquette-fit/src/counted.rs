//! Sizes of a model's work whose operations or live tensors somebody counted.

use maquette_catalog::schema::model::{Activation, Compute};

/// A size whose operations were counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counted {
    pub width: f64,
    pub height: f64,
    pub frames: f64,
    /// Seconds of sound, where that is the size.
    pub seconds: f64,
    /// Operations of one pass.
    pub operations: f64,
    /// Of the decoder, not of a denoising pass.
    pub decode: bool,
}

/// A size of one denoising pass whose live tensors were counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Live {
    pub width: f64,
    pub height: f64,
    pub frames: f64,
    /// Most bytes of tensors alive at once, beside weights and inputs, in 16 bits.
    pub bytes: f64,
    /// With and without the prompt in one batch.
    pub guided: bool,
}

pub(crate) fn operations(rows: &[Compute]) -> Vec<Counted> {
    let rows = rows.iter();
    rows.filter_map(|c| counted(&c.workload, &c.tflop_per_pass))
        .collect()
}

/// The denoising passes of one picture or clip; decoders have formulas of their own.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn lives(rows: &[Activation]) -> Vec<Live> {
    let one = |a: &&Activation| {
        let guided = a.phase.starts_with("denoise b=2");
        (a.phase == "denoise" || guided) && matches!(a.dtype.as_str(), "bf16" | "bfloat16" | "fp16")
    };
    let of = |a: &Activation| {
        // The size is read as that of a count of operations is.
        let size = counted(&a.workload, "1")?;
        (size.width > 0.0).then_some(Live {
            width: size.width,
            height: size.height,
            frames: size.frames,
            bytes: a.peak_bytes as f64,
            guided: a.phase != "denoise",
        })
    };
    rows.iter().filter(one).filter_map(of).collect()
}

/// `FLUX.1-dev 1024`, `Wan-14B 832x480x81`, `Wan2.1 VAE decode 832x480x81`, `ACE-Step 1.5 60s`.
fn counted(workload: &str, tera: &str) -> Option<Counted> {
    let operations = tera.parse::<f64>().ok()? * 1e12;
    let decode = workload.contains("decode");
    // An edit with a reference has tokens of its own: it is another size.
    if workload.contains("ref") {
        return None;
    }
    let zero = Counted {
        width: 0.0,
        height: 0.0,
        frames: 1.0,
        seconds: 0.0,
        operations,
        decode,
    };
    for word in workload.split_whitespace().rev() {
        let sides: Option<Vec<f64>> = word.split('x').map(|n| n.parse().ok()).collect();
        match sides.as_deref() {
            Some([w, h, n]) => {
                return Some(Counted {
                    width: *w,
                    height: *h,
                    frames: *n,
                    ..zero
                });
            }
            Some([w, h]) => {
                return Some(Counted {
                    width: *w,
                    height: *h,
                    ..zero
                });
            }
            Some([side]) if *side >= 256.0 => {
                return Some(Counted {
                    width: *side,
                    height: *side,
                    ..zero
                });
            }
            _ => {}
        }
        if let Some(s) = word.strip_suffix('s').and_then(|n| n.parse::<f64>().ok()) {
            return Some(Counted { seconds: s, ..zero });
        }
    }
    None
}

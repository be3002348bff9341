//! Number formats of weights: bits per weight with the scales of their blocks, and the arithmetic
//! that runs on them.
//!
//! Block formats follow from their layout (ggml: `Q8_0` is 34 bytes for 32 weights, `Q4_K` 144 bytes
//! for 256); mixes such as `Q4_K_M` are what real files of 7 to 70 billion weights come to (research
//! note on hardware, section 2.1, and its table of files).

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// How weights are stored.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Format {
    /// As it is written most often: `Q4_K_M`, `bf16`.
    pub name: &'static str,
    /// Bits per weight, scales included.
    pub bits: f64,
    pub path: Path,
}

/// What the arithmetic is done in: formats of one path are about as fast as one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Path {
    /// 32 bits.
    Full,
    /// 16 bits, natively.
    Half,
    /// 8-bit floats in the matrix units.
    Fp8,
    /// 8-bit integers, with their activations.
    Int8,
    /// Stored in 8 bits, computed in 16.
    Stored8,
    /// 4 bits in the matrix units (NVFP4, FP4, W4A16 kernels).
    Four,
    /// 4 bits unpacked before use (nf4, int4 weight-only).
    Stored4,
    /// ggml's blocks of 8 bits.
    Ggml8,
    /// ggml's blocks of 5 or 6 bits.
    Ggml6,
    /// ggml's blocks of 4 bits.
    Ggml4,
    /// ggml's blocks of 3 bits and fewer.
    Ggml3,
}

/// Written token, bits per weight, path; longer tokens are looked for first.
const KNOWN: &[(&str, f64, Path)] = &[
    ("fp32", 32.0, Path::Full),
    ("f32", 32.0, Path::Full),
    ("float32", 32.0, Path::Full),
    ("bf16", 16.0, Path::Half),
    ("fp16", 16.0, Path::Half),
    ("f16", 16.0, Path::Half),
    ("16bit", 16.0, Path::Half),
    ("autoquant", 16.0, Path::Half),
    ("fp8-stored", 8.0, Path::Stored8),
    ("fp8 wo", 8.0, Path::Stored8),
    ("fp8wo", 8.0, Path::Stored8),
    ("float8wo", 8.0, Path::Stored8),
    ("layerwise cast", 8.0, Path::Stored8),
    ("int8wo", 8.0, Path::Stored8),
    ("qint8", 8.0, Path::Stored8),
    ("quanto int8", 8.0, Path::Stored8),
    ("int8dq", 8.0, Path::Int8),
    ("int8", 8.0, Path::Int8),
    ("bnb int8", 8.0, Path::Int8),
    ("w8a8", 8.0, Path::Int8),
    ("w8a16", 8.0, Path::Stored8),
    ("fp8", 8.0, Path::Fp8),
    ("mxfp8", 8.25, Path::Fp8),
    ("8bit", 8.5, Path::Ggml8),
    ("fp6", 6.0, Path::Stored8),
    ("fp5", 5.0, Path::Stored4),
    ("6bit", 6.5, Path::Ggml6),
    ("5bit", 5.5, Path::Ggml6),
    ("sparsify", 9.0, Path::Int8),
    ("q8_k_xl", 9.0, Path::Ggml8),
    ("q8_0", 8.5, Path::Ggml8),
    ("q8", 8.5, Path::Ggml8),
    ("q6_k_xl", 7.1, Path::Ggml6),
    ("q6_k", 6.57, Path::Ggml6),
    ("q6", 6.57, Path::Ggml6),
    ("q5_k_m", 5.69, Path::Ggml6),
    ("q5_k_s", 5.54, Path::Ggml6),
    ("q5_1", 6.0, Path::Ggml6),
    ("q5_0", 5.5, Path::Ggml6),
    ("q5", 5.6, Path::Ggml6),
    ("q4_k_m", 4.88, Path::Ggml4),
    ("q4_k_l", 4.98, Path::Ggml4),
    ("q4_k_xl", 4.95, Path::Ggml4),
    ("q4_k_s", 4.59, Path::Ggml4),
    ("q4_1", 5.05, Path::Ggml4),
    ("q4_0", 4.57, Path::Ggml4),
    ("q4", 4.8, Path::Ggml4),
    ("mq4", 4.6, Path::Ggml4),
    ("iq4_nl", 4.56, Path::Ggml4),
    ("iq4_xs", 4.32, Path::Ggml4),
    ("q3_k_xl", 4.1, Path::Ggml3),
    ("q3_k_l", 4.22, Path::Ggml3),
    ("q3_k_m", 3.89, Path::Ggml3),
    ("q3_k_s", 3.51, Path::Ggml3),
    ("q3", 3.8, Path::Ggml3),
    ("iq3_m", 3.66, Path::Ggml3),
    ("iq3_s", 3.52, Path::Ggml3),
    ("iq3_xs", 3.3, Path::Ggml3),
    ("iq3_xxs", 3.12, Path::Ggml3),
    ("q2_k_xl", 3.1, Path::Ggml3),
    ("q2_k", 2.99, Path::Ggml3),
    ("q2_0", 2.25, Path::Ggml3),
    ("pq2_0", 2.25, Path::Ggml3),
    ("tq3_4s", 3.5, Path::Ggml3),
    ("iq2_m", 2.74, Path::Ggml3),
    ("iq2_s", 2.55, Path::Ggml3),
    ("iq2_xs", 2.36, Path::Ggml3),
    ("iq2_xxs", 2.17, Path::Ggml3),
    ("iq1_m", 1.9, Path::Ggml3),
    ("iq1_s", 1.74, Path::Ggml3),
    ("tq2_0", 2.06, Path::Ggml3),
    ("tq1_0", 1.69, Path::Ggml3),
    ("w2a8", 2.0, Path::Ggml3),
    ("nvfp4", 4.5, Path::Four),
    ("mxfp4", 4.25, Path::Four),
    ("fp4", 4.5, Path::Four),
    ("w4a16", 4.35, Path::Four),
    ("gptq", 4.35, Path::Four),
    ("awq", 4.35, Path::Four),
    ("autoround", 4.35, Path::Four),
    ("exl3", 4.0, Path::Four),
    ("nf4", 4.5, Path::Stored4),
    ("int4", 4.25, Path::Stored4),
    ("qint4", 4.5, Path::Stored4),
    ("uint4", 4.5, Path::Stored4),
    ("bnb-4bit", 4.5, Path::Stored4),
    ("bnb 4-bit", 4.5, Path::Stored4),
    ("4-bit", 4.5, Path::Ggml4),
    ("4bit", 4.5, Path::Ggml4),
    ("3bit", 3.5, Path::Ggml3),
];

/// 16 bits: what a model is published in where nothing else is said.
pub const HALF: Format = Format {
    name: "bf16",
    bits: 16.0,
    path: Path::Half,
};

/// What engines of ggml files run where nothing else is said.
pub const USUAL: Format = Format {
    name: "q4_k_m",
    bits: 4.88,
    path: Path::Ggml4,
};

/// Formats that are looked through for the best that fits, most bits first.
pub const LADDER: &[&str] = &[
    "bf16", "q8_0", "q6_k", "q5_k_m", "q4_k_m", "iq4_xs", "q3_k_m", "iq3_xxs", "q2_k",
];

/// The known tokens, longer ones first.
fn longest_first() -> &'static [(&'static str, f64, Path)] {
    static SORTED: OnceLock<Vec<(&str, f64, Path)>> = OnceLock::new();
    SORTED.get_or_init(|| {
        let mut known = KNOWN.to_vec();
        known.sort_by_key(|(token, ..)| std::cmp::Reverse(token.len()));
        known
    })
}

impl Format {
    /// `q4_k_m` as it is written: `Q4_K_M`; `bf16` stays.
    pub fn written(self) -> String {
        if self.name.contains('q') && self.name.contains('_') {
            self.name.to_uppercase()
        } else {
            self.name.to_owned()
        }
    }

    /// The format that a text names: of several the one with the fewest bits, which is what the
    /// large part of a pipeline is stored in (`bf16 + int8wo`, `GGUF Q4_1 transformer, T5 bf16`).
    pub fn parse(text: &str) -> Option<Format> {
        let text = text.to_lowercase().replace("ud-", "");
        let mut found: Option<Format> = None;
        let mut taken = vec![false; text.len()];
        for (token, bits, path) in longest_first() {
            for (at, _) in text.match_indices(token) {
                let end = at + token.len();
                let before = text[..at].chars().next_back();
                let after = text[end..].chars().next();
                let apart = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
                let free = !taken[at..end].iter().any(|t| *t);
                // `Q4_K_M` must not be read in `IQ4_K_M`, nor `fp8` in `mxfp8`.
                let whole = apart(before)
                    && (apart(after) || token.starts_with("fp") || token.starts_with("int"));
                if free && whole {
                    taken[at..end].fill(true);
                    if found.is_none_or(|f| *bits < f.bits) {
                        found = Some(Format {
                            name: token,
                            bits: *bits,
                            path: *path,
                        });
                    }
                }
            }
        }
        found
    }

    /// Bytes of so many weights.
    pub fn bytes(self, parameters: f64) -> f64 {
        parameters * self.bits / 8.0
    }
}

/// Formats in which denoisers, and models of sound and 3D, are published.
pub const PICTURES: &[&str] = &[
    "bf16", "fp8", "q8_0", "q6_k", "q5_k_m", "nvfp4", "nf4", "q4_k_m", "q3_k_m", "q2_k",
];
pub const SOUNDS: &[&str] = &["bf16", "fp8", "int8", "nf4"];

impl Path {
    pub fn key(self) -> &'static str {
        match self {
            Path::Full => "32",
            Path::Half => "16",
            Path::Fp8 => "fp8",
            Path::Int8 => "int8",
            Path::Stored8 => "stored8",
            Path::Four => "four",
            Path::Stored4 => "stored4",
            Path::Ggml8 => "ggml8",
            Path::Ggml6 => "ggml6",
            Path::Ggml4 => "ggml4",
            Path::Ggml3 => "ggml3",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_name_the_format_of_the_large_part() {
        let is = |text: &str| Format::parse(text).map(|f| f.name);
        assert_eq!(is("bf16 + int8wo"), Some("int8wo"));
        assert_eq!(is("GGUF Q4_1 transformer, T5 bf16"), Some("q4_1"));
        assert_eq!(is("UD-Q4_K_XL"), Some("q4_k_xl"));
        assert_eq!(is("IQ4_XS"), Some("iq4_xs"));
        assert_eq!(is("Qwen3-8B-Q4_K_M.gguf"), Some("q4_k_m"));
        assert_eq!(is("bf16 fp8-stored"), Some("fp8-stored"));
        assert_eq!(is("fp6_e3m2"), Some("fp6"));
        assert_eq!(is("MLX-4bit"), Some("4bit"));
        assert_eq!(is("see doc"), None);
    }
}

//! `evidence/<group>.csv`: published measurements of runs, one a line. What a run was is written in
//! words (model, format, workload, engine, GPU), the same words that `maquette fit --batch` reads.

use maquette_core::PartialDate;
use serde::{Deserialize, Serialize};

/// One measured figure of one run.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// `video-0012`; never given twice.
    pub id: String,
    pub model: String,
    /// Number format or quantization of the weights.
    pub format: String,
    /// `720x480x49f steps 50`, `ctx 4096 prompt 512 write 128`, `30 s audio`.
    pub workload: String,
    /// The engine and how it was set.
    pub engine: String,
    /// `2x RTX 4090`; empty: not told.
    pub gpu: String,
    pub quantity: Quantity,
    /// In the quantity's unit.
    pub value: f64,
    pub source: String,
    pub as_of: Option<PartialDate>,
    /// `A` maintainer or vendor, `B` named user or issue, `own` measured on the asker's machine.
    pub tier: String,
    pub note: String,
}

/// What was measured, and in which unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    /// Most GPU memory used, in GiB (2^30 bytes).
    PeakGib,
    /// Most GPU memory used, in what its source calls GB.
    PeakGb,
    /// GPU memory of the weights before the first output, GiB.
    LoadedGib,
    LoadedGb,
    /// Compute buffer alone, MiB.
    ComputeMib,
    /// Seconds of one run, warm.
    Seconds,
    SecondsPerStep,
    StepsPerSecond,
    /// Seconds of audio made in a second.
    TimesRealTime,
    /// Tokens written in a second by one request.
    TokensPerSecond,
    PrefillTokensPerSecond,
    Watts,
}

impl Quantity {
    pub fn as_str(self) -> &'static str {
        match self {
            Quantity::PeakGib => "peak-gib",
            Quantity::PeakGb => "peak-gb",
            Quantity::LoadedGib => "loaded-gib",
            Quantity::LoadedGb => "loaded-gb",
            Quantity::ComputeMib => "compute-mib",
            Quantity::Seconds => "seconds",
            Quantity::SecondsPerStep => "seconds-per-step",
            Quantity::StepsPerSecond => "steps-per-second",
            Quantity::TimesRealTime => "times-real-time",
            Quantity::TokensPerSecond => "tokens-per-second",
            Quantity::PrefillTokensPerSecond => "prefill-tokens-per-second",
            Quantity::Watts => "watts",
        }
    }
}

//! `quality/*.csv`: what fewer bits cost in quality, as somebody measured it.

use maquette_core::PartialDate;
use serde::{Deserialize, Serialize};

/// One model in one format, against the same model in the format it was published in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loss {
    /// `quant-0012`; never given twice.
    pub id: String,
    pub model: String,
    /// Number format or quantization of the weights.
    pub format: String,
    pub metric: Metric,
    /// Of the model in that format.
    pub value: f64,
    /// Of the model it is compared with; absent where the metric is itself a comparison.
    pub reference: Option<f64>,
    pub reference_format: String,
    pub dataset: String,
    pub source: String,
    pub as_of: Option<PartialDate>,
    /// `A` maintainer, vendor or paper, `B` named user.
    pub tier: String,
    pub note: String,
}

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Metric {
    /// Of text: how surprised the model is by it; fewer is better.
    Perplexity,
    /// Mean divergence of the next token's odds from the reference's, in nats; 0 is the same.
    KlDivergence,
    /// Share of tokens whose likeliest next token is the reference's, in percent.
    TopTokenAgreement,
    /// Percent of questions answered.
    Mmlu,
    /// Points of another benchmark, more is better.
    BenchmarkScore,
    /// Distance of a set of pictures from the reference's set.
    Fid,
    /// Distance of a picture from the reference's, as seen.
    Lpips,
    /// Decibel of likeness to the reference's picture.
    Psnr,
    Ssim,
    ClipScore,
    ImageReward,
    /// Words heard wrong, in percent.
    Wer,
}

impl Metric {
    /// As it is said in an answer.
    pub fn words(self) -> &'static str {
        match self {
            Metric::Perplexity => "perplexity",
            Metric::KlDivergence => "KL divergence",
            Metric::TopTokenAgreement => "same likeliest token",
            Metric::Mmlu => "MMLU",
            Metric::BenchmarkScore => "benchmark score",
            Metric::Fid => "FID",
            Metric::Lpips => "LPIPS",
            Metric::Psnr => "PSNR",
            Metric::Ssim => "SSIM",
            Metric::ClipScore => "CLIP score",
            Metric::ImageReward => "ImageReward",
            Metric::Wer => "word error rate",
        }
    }
}

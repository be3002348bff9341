//! `models/<family>/<id>.toml`: one model, open or closed, as its publisher released it.

use maquette_core::{Confidence, Date, PartialDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use maquette_core::Modality;

/// One model. `id` is the only name other files may use; everything else people call it is an alias.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    pub id: String,
    pub name: String,
    pub modality: Modality,
    pub family: String,
    /// Who released it, in the publisher's own spelling; absent when not known.
    #[serde(default)]
    pub publisher: Option<String>,
    pub openness: Openness,
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Hub repositories that hold this model's weights (`owner/name`).
    #[serde(default)]
    pub hub: Vec<String>,
    #[serde(default)]
    pub github: Option<String>,
    /// As precise as known. A bare year is a lint warning.
    #[serde(default)]
    pub released: Option<PartialDate>,
    /// Day from which the publisher no longer offers it.
    #[serde(default)]
    pub retired: Option<Date>,
    /// License id of the weights. Absent: not known (never "free").
    #[serde(default)]
    pub license: Option<String>,
    /// License id of the repository's code, where it differs from the weights'.
    #[serde(default)]
    pub code_license: Option<String>,
    /// Reads or makes more than one kind of thing, as some licenses ask; absent: not known.
    #[serde(default)]
    pub multimodal: Option<bool>,
    /// What it must be given beside words, e.g. `image`; nobody prices that here.
    #[serde(default)]
    pub needs_input: Vec<String>,
    /// How the link between model and license text is known.
    #[serde(default)]
    pub license_grade: Option<Grade>,
    #[serde(default)]
    pub license_source: Option<String>,
    #[serde(default)]
    pub base_models: Vec<String>,
    #[serde(default)]
    pub gated: Option<String>,
    #[serde(default)]
    pub in_article: bool,
    #[serde(default)]
    pub architecture: Option<String>,
    #[serde(default)]
    pub params_total: Option<u64>,
    #[serde(default)]
    pub params_active: Option<u64>,
    /// Bytes of all components at 16 bits.
    #[serde(default)]
    pub weights_bytes_16bit: Option<u64>,
    #[serde(default)]
    pub params_unknown_components: Vec<String>,
    #[serde(default)]
    pub pipeline_gib: Option<String>,
    #[serde(default)]
    pub notes: Vec<String>,
    #[serde(default)]
    pub defaults: Option<Defaults>,
    #[serde(default)]
    pub limits: Option<Limits>,
    #[serde(default)]
    pub llm: Option<LlmShape>,
    /// Parts with texts of their own (encoders, code paths, helpers): the strictest of all holds.
    #[serde(default)]
    pub license_part: Vec<LicensePart>,
    #[serde(default)]
    pub component: Vec<Component>,
    #[serde(default)]
    pub compute: Vec<Compute>,
    #[serde(default)]
    pub activation: Vec<Activation>,
    #[serde(default)]
    pub file: Vec<ModelFile>,
    #[serde(default)]
    pub timing: Vec<Timing>,
    /// Where the facts of this file that carry no source of their own were read.
    pub source: String,
    pub as_of: PartialDate,
    pub confidence: Confidence,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Openness {
    /// Weights can be downloaded (under whatever license).
    Open,
    /// Only a service is sold.
    Closed,
}

impl Openness {
    pub fn as_str(self) -> &'static str {
        match self {
            Openness::Open => "open",
            Openness::Closed => "closed",
        }
    }
}

/// How a license fact is known: the text was read, others describe it, or only a tag says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    Text,
    Secondary,
    Tag,
}

impl Grade {
    pub fn as_str(self) -> &'static str {
        match self {
            Grade::Text => "text",
            Grade::Secondary => "secondary",
            Grade::Tag => "tag",
        }
    }
}

/// A part of a model that comes under a text of its own.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LicensePart {
    /// What it is, in words.
    pub part: String,
    /// License id. Absent: it has a text of its own that is not known.
    #[serde(default)]
    pub license: Option<String>,
    /// As of a model; absent: not known.
    #[serde(default)]
    pub multimodal: Option<bool>,
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Defaults {
    pub steps: Option<u32>,
    pub guidance: Option<String>,
    pub passes_per_step: Option<u32>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub fps: Option<u32>,
    pub frames: Option<u32>,
    pub duration_s: Option<Decimal>,
    pub batch_multiplier: Option<u32>,
    pub note: Option<String>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    pub duration_s: Option<Decimal>,
    pub min_duration_s: Option<Decimal>,
    pub frames: Option<u32>,
    pub max_resolution: Option<String>,
    pub native_px: Option<u32>,
    pub practical_px: Option<u32>,
    pub max_px_total: Option<String>,
    pub sample_rate: Option<u32>,
    pub channels: Option<u32>,
    pub speakers: Option<u32>,
    pub context: Option<u64>,
    pub max_voxel: Option<u32>,
    pub min_vram_gb: Option<u32>,
    pub note: Option<String>,
}

impl Model {
    /// The longest prompt it reads, in tokens.
    pub fn longest_context(&self) -> Option<u64> {
        let of_limits = self.limits.as_ref().and_then(|l| l.context);
        self.llm.as_ref().and_then(|l| l.context).or(of_limits)
    }
}

/// Shape of a language model, as its configuration states it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LlmShape {
    pub layers: Option<u32>,
    pub heads: Option<u32>,
    pub kv_heads: Option<u32>,
    pub head_dim: Option<u32>,
    pub hidden: Option<u32>,
    pub ffn: Option<u32>,
    pub vocab: Option<u32>,
    /// Longest context in tokens.
    pub context: Option<u64>,
    pub context_note: Option<String>,
    pub experts: Option<u32>,
    pub experts_used: Option<u32>,
    pub kv_bytes_per_token_fp16: Option<u64>,
    pub kv_growing_bytes_per_token_bf16: Option<u64>,
    pub kv_bytes_per_token_fp16_full_layers: Option<u64>,
    pub kv_note: Option<String>,
    pub k_equals_v: Option<bool>,
    pub mla_kv_width: Option<u32>,
    pub swa_window: Option<u32>,
    pub swa_layers: Option<u32>,
    pub swa_ratio: Option<String>,
    pub full_attention_layers: Option<u32>,
    pub linear_layers: Option<u32>,
    pub global_layers: Option<u32>,
    pub global_head_dim: Option<u32>,
    pub global_kv_heads: Option<u32>,
    pub head_dim_note: Option<String>,
    pub tied_embeddings: Option<bool>,
    pub per_layer_embeddings: Option<bool>,
    pub hub_counts: Option<String>,
    pub active_note: Option<String>,
    pub file_gb_native: Option<String>,
    pub gguf_gb: Option<String>,
}

/// One separately loaded part: encoder, transformer, decoder, vocoder.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Component {
    pub role: String,
    pub name: String,
    pub dtype: String,
    /// `computed`, or who states it.
    pub params_source: String,
    pub params: Option<u64>,
    pub active_params: Option<u64>,
    pub bytes_16bit: Option<u64>,
    pub layers: Option<u32>,
    pub heads: Option<u32>,
    pub kv_heads: Option<u32>,
    pub head_dim: Option<u32>,
    pub hidden: Option<u32>,
    pub ffn: Option<u32>,
    pub max_tokens: Option<u32>,
    pub latent_channels: Option<u32>,
    pub spatial: Option<u32>,
    pub temporal: Option<u32>,
    /// Latents a side of one token of a transformer.
    pub patch: Option<u32>,
    pub frame_rate_hz: Option<String>,
    pub latent_hz: Option<String>,
    pub codebooks: Option<u32>,
    pub blocks: Option<String>,
    pub cross_attention_dim: Option<u32>,
    pub transformer_layers: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compute {
    pub workload: String,
    /// 10^12 floating-point operations per denoising pass, as a decimal string.
    pub tflop_per_pass: String,
    pub source: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activation {
    pub phase: String,
    pub workload: String,
    pub dtype: String,
    pub peak_bytes: u64,
    pub source: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    pub file: String,
    pub bytes: u64,
    pub source: String,
    #[serde(default)]
    pub repo: Option<String>,
    #[serde(default)]
    pub component: Option<String>,
    #[serde(default)]
    pub format: Option<String>,
    #[serde(default)]
    pub date: Option<PartialDate>,
    #[serde(default)]
    pub note: Option<String>,
}

/// A published measurement of how long one output takes on one GPU. Never an estimate.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timing {
    /// GPU id of `hardware/gpus`.
    pub gpu: String,
    /// Seconds for one output (`per = "output"`) of exactly the size below, or for one
    /// `second` of audio or video, or for one `token` written.
    pub seconds: Decimal,
    pub per: TimingPer,
    #[serde(default)]
    pub width: Option<u32>,
    #[serde(default)]
    pub height: Option<u32>,
    /// Length of the measured output in seconds (video, audio).
    #[serde(default)]
    pub duration_s: Option<Decimal>,
    #[serde(default)]
    pub steps: Option<u32>,
    /// Number format of the weights, e.g. `bf16`, `fp8`, `Q4_K_M`.
    #[serde(default)]
    pub format: Option<String>,
    #[serde(default)]
    pub engine: Option<String>,
    /// Peak GPU memory of the same run, in GB (10^9 bytes), where published.
    #[serde(default)]
    pub peak_gb: Option<Decimal>,
    /// `A` maintainer or vendor, `B` named user or issue, `C` blog.
    pub tier: String,
    pub source: String,
    pub as_of: PartialDate,
    pub confidence: Confidence,
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimingPer {
    Output,
    Second,
    Token,
}

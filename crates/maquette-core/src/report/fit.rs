//! `fit`: does a model fit on a machine, how long does it take, what does the power cost.

use schemars::JsonSchema;
use serde::Serialize;

use super::MoneyRange;
use crate::evidence::Evidence;

/// A range with what it stands on. Figures are rounded to four digits.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Estimate {
    pub low: f64,
    pub mid: f64,
    pub high: f64,
    /// `GiB`, `seconds`, `tokens per second`, `watts`, `Wh`, `per hour`.
    pub unit: String,
    /// `measured here`, `measured on this hardware`, `same class` or `formula`.
    pub basis: String,
    /// Of `same class`, what those measurements share with the question: `this model elsewhere` or
    /// `other models on this machine`; absent where it is the kind of work and of hardware alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shares: Option<String>,
    /// Published measurements behind the narrowest correction.
    pub measurements: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FitReport {
    pub schema: String,
    pub as_of: String,
    pub model: FitModel,
    pub machine: FitMachine,
    pub setting: FitSetting,
    /// `fits`, `fits-with-offloading`, `does-not-fit` or `unknown`.
    pub verdict: String,
    /// What was switched so that it fits.
    pub switches: Vec<String>,
    pub memory: FitMemory,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<FitTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub energy: Option<FitEnergy>,
    /// Number formats, most bits first, and whether each fits without offloading.
    pub formats: Vec<FitFormat>,
    /// The format with the most bits that fits without offloading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best_format: Option<String>,
    /// Published measurements nearest to what was asked.
    pub nearest: Vec<FitRun>,
    pub notes: Vec<String>,
    pub evidence: Vec<Evidence>,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FitModel {
    /// Catalog id, id of a shape, or the written name folded.
    pub id: String,
    pub name: String,
    pub modality: String,
    /// `catalog`, `shape`, `name` (only a number of parameters is known) or `file`.
    pub known_by: String,
    /// Parameters of all parts.
    pub parameters: u64,
    /// Parameters read for one token.
    pub active_parameters: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FitMachine {
    pub name: String,
    /// Id of the catalog, where it holds the device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gpu: Option<String>,
    pub count: u32,
    /// `detected`, `given` or `none`.
    pub origin: String,
    /// Not this machine: named, or given by its memory.
    pub simulated: bool,
    /// GiB of one device as sold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_gib: Option<f64>,
    /// GiB that work may fill, on all devices that the engine uses together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usable_gib: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ram_gib: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FitSetting {
    pub engine: String,
    pub format: String,
    pub bits_per_weight: f64,
    pub offload: String,
    pub tiled: bool,
    /// The work in words: `1024×1024, 4 steps`.
    pub work: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FitMemory {
    pub peak: Estimate,
    /// The weights, part by part, in the format asked for or as the files hold them.
    pub weights: Vec<FitWeights>,
    /// By the formula, before measurements correct the peak.
    pub phases: Vec<FitPhase>,
    /// The largest phase.
    pub binding: String,
    /// What llama.cpp itself reports of its buffers, for its engines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buffers: Option<FitBuffers>,
    /// GiB kept in the machine's own memory.
    pub in_ram_gib: f64,
}

/// Bytes of llama.cpp's buffers, all of the model on one device.
/// The weights of one part.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FitWeights {
    pub name: String,
    pub parameters: u64,
    pub bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FitBuffers {
    pub weights_bytes: u64,
    pub kv_bytes: u64,
    pub output_bytes: u64,
    pub compute_bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FitPhase {
    pub name: String,
    pub gib: f64,
    pub parts: Vec<FitPart>,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FitPart {
    pub name: String,
    pub gib: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FitTime {
    /// What one unit is: `image`, `clip`, `1,000 tokens written`, `minute of speech`.
    pub unit: String,
    pub seconds: Estimate,
    pub per_hour: Estimate,
    /// Share of each phase in the formula's time.
    pub phases: Vec<FitShare>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decode: Option<Estimate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefill: Option<Estimate>,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FitShare {
    pub name: String,
    pub share: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FitEnergy {
    pub watts: Estimate,
    /// Watt hours of one unit.
    pub wh: Estimate,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<MoneyRange>,
    /// Where the price of a kilowatt hour was found, or why there is none.
    pub power: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FitFormat {
    pub format: String,
    pub bits_per_weight: f64,
    pub peak: Estimate,
    pub fits: Option<bool>,
    /// What this format costs in quality, where anything is known.
    pub quality: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FitRun {
    pub id: String,
    pub run: String,
    pub figure: String,
    pub source: String,
    pub as_of: String,
}

/// `fit --need`: hardware that the model needs, cheapest first.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct NeedReport {
    pub schema: String,
    pub as_of: String,
    pub model: FitModel,
    pub setting: FitSetting,
    pub lines: Vec<NeedLine>,
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct NeedLine {
    pub gpu: String,
    pub name: String,
    pub count: u32,
    pub verdict: String,
    pub switches: Vec<String>,
    pub peak: Estimate,
    pub usable_gib: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<Estimate>,
    /// Price to buy, all devices together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buy: Option<MoneyRange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buy_from: Option<String>,
    /// Price of an hour, all devices together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rent_hour: Option<MoneyRange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rent_from: Option<String>,
}

/// One line of `fit --batch`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FitBatchLine {
    /// Line of the file, the header being line 1.
    pub line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub model: String,
    /// What the model was taken for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<FitModel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gpu: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// Most GPU memory of the run, GiB of 2^30 bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peak_memory: Option<Estimate>,
    /// The same in GB of 10^9 bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peak_memory_gb: Option<Estimate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loaded_memory: Option<Estimate>,
    /// Compute buffer of ggml alone, MiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compute_buffer: Option<Estimate>,
    /// Seconds of the whole run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<Estimate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds_per_step: Option<Estimate>,
    /// Seconds of sound made in a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times_real_time: Option<Estimate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decode: Option<Estimate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefill: Option<Estimate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watts: Option<Estimate>,
    /// Why nothing, or not everything, could be said.
    pub notes: Vec<String>,
}

/// `accuracy`: how far estimates lie from measurements that they did not see.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct AccuracyReport {
    pub schema: String,
    /// What was held back together.
    pub held_back: String,
    pub runs: usize,
    pub estimated: usize,
    pub lines: Vec<AccuracyLine>,
    /// Every run beside its estimate, where they are asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub estimates: Vec<AccuracyRow>,
    /// Runs that could not be estimated, by reason.
    pub left_out: Vec<LeftOut>,
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct AccuracyLine {
    /// `peak memory`, `time`, `decode speed`, …
    pub figure: String,
    /// Modality; music holds sounds.
    pub kind: String,
    /// Hardware class, or `all`.
    pub hardware: String,
    pub rows: usize,
    /// Median of |estimate / measured − 1|.
    pub median_error: f64,
    pub p90_error: f64,
    /// Estimate over measured at 10, 50 and 90% of the rows.
    pub p10: f64,
    pub p50: f64,
    pub p90: f64,
    pub within_30_percent: f64,
    /// Share of rows inside the stated range, which means to hold 0.8.
    pub coverage: f64,
}

/// One run beside the estimate of the other runs. Bytes, seconds, tokens per second or watts.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct AccuracyRow {
    pub id: String,
    pub figure: String,
    pub model: String,
    /// What the model was taken for.
    pub subject: String,
    pub format: String,
    pub workload: String,
    pub engine: String,
    pub gpu: String,
    pub measured: f64,
    pub estimate: f64,
    pub low: f64,
    pub high: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LeftOut {
    pub reason: String,
    pub runs: usize,
}

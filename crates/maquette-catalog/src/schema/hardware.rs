//! `hardware/gpus/<id>.toml`: one GPU or unified-memory machine.

use maquette_core::facts::Hardware;
use maquette_core::{Confidence, Money, PartialDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gpu {
    /// e.g. `rtx-4090`.
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Maker of the chip; absent: not known.
    #[serde(default)]
    pub vendor: Option<Hardware>,
    #[serde(default)]
    pub laptop: bool,
    /// Memory in GB as sold (base configuration for unified memory).
    pub memory_gb: Decimal,
    #[serde(default)]
    pub unified_memory: bool,
    #[serde(default)]
    pub bandwidth_gb_s: Option<Decimal>,
    #[serde(default)]
    pub memory_bus_bits: Option<u32>,
    /// Board power limit in watts.
    #[serde(default)]
    pub watts: Option<Decimal>,
    #[serde(default)]
    pub fp32_tflops: Option<Decimal>,
    #[serde(default)]
    pub fp16_shader_tflops: Option<Decimal>,
    #[serde(default)]
    pub fp16_tensor_dense_fp32acc_tflops: Option<Decimal>,
    #[serde(default)]
    pub fp8_tensor_dense_fp32acc_tflops: Option<Decimal>,
    #[serde(default)]
    pub tensor_basis: Option<String>,
    #[serde(default)]
    pub released: Option<PartialDate>,
    /// Launch and street prices, dated.
    #[serde(default)]
    pub price: Vec<GpuPrice>,
    #[serde(default)]
    pub notes: Vec<String>,
    pub source: String,
    pub as_of: PartialDate,
    pub confidence: Confidence,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GpuPrice {
    pub kind: GpuPriceKind,
    pub low: Money,
    pub high: Money,
    pub source: String,
    pub as_of: PartialDate,
    pub confidence: Confidence,
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GpuPriceKind {
    Launch,
    New,
    Used,
}

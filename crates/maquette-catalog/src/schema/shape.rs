//! `shapes/<family>.toml`: the architecture of models that are measured somewhere and not sold or
//! licensed through this catalog. Nothing here says whether a model may be used.

use maquette_core::{Confidence, Modality, PartialDate};
use serde::{Deserialize, Serialize};

use super::model::{Activation, Component, Compute, Defaults, LlmShape};

/// One architecture, and the names people write for it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    pub id: String,
    pub name: String,
    pub modality: Modality,
    /// The catalog's model whose weights these are, under other names: runs of both count together.
    #[serde(default)]
    pub of: Option<String>,
    /// Beginnings of written names, lower case: `llama-3.2-3b`, `llama3.2:3b`.
    pub names: Vec<String>,
    #[serde(default)]
    pub params_total: Option<u64>,
    /// Parameters read for one token, of a mixture of experts.
    #[serde(default)]
    pub params_active: Option<u64>,
    #[serde(default)]
    pub llm: Option<LlmShape>,
    #[serde(default)]
    pub defaults: Option<Defaults>,
    #[serde(default)]
    pub component: Vec<Component>,
    #[serde(default)]
    pub compute: Vec<Compute>,
    #[serde(default)]
    pub activation: Vec<Activation>,
    #[serde(default)]
    pub notes: Vec<String>,
    pub source: String,
    pub as_of: PartialDate,
    pub confidence: Confidence,
}

//! What every figure carries: where it was read, when, how sure, and what kind of knowledge it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How well a fact is known, by the researcher who wrote it down.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// The provider's own page, or two independent sources that agree.
    High,
    /// One maintained price map, or one dated page.
    Medium,
    /// A blog, a conversion by a reseller, or undated.
    Low,
    /// Sources disagree; the note says how.
    Conflict,
}

impl Confidence {
    pub fn as_str(self) -> &'static str {
        match self {
            Confidence::High => "high",
            Confidence::Medium => "medium",
            Confidence::Low => "low",
            Confidence::Conflict => "conflict",
        }
    }
}

/// What kind of knowledge a figure is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Read off an instrument or a run.
    Measured,
    /// Stated by a source.
    Published,
    /// Computed from other figures.
    Derived,
    /// Taken to hold without a source that says so; the note says why.
    Assumed,
}

impl Basis {
    pub fn as_str(self) -> &'static str {
        match self {
            Basis::Measured => "measured",
            Basis::Published => "published",
            Basis::Derived => "derived",
            Basis::Assumed => "assumed",
        }
    }
}

/// One fact that a figure rests on. `id` is what `maquette why` takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Evidence {
    pub id: String,
    /// What the fact says, e.g. `0.003 USD per megapixel`.
    pub fact: String,
    pub source: String,
    pub as_of: String,
    pub confidence: Confidence,
    pub basis: Basis,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

//! `tools/<id>.toml`: a program that runs models, or a helper model that workflows call, with the
//! license it comes under.

use maquette_core::{Confidence, PartialDate};
use serde::{Deserialize, Serialize};

use super::model::{Grade, LicensePart};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub publisher: Option<String>,
    #[serde(default)]
    pub github: Option<String>,
    #[serde(default)]
    pub hub: Vec<String>,
    #[serde(default)]
    pub released: Option<PartialDate>,
    /// License id. Absent: not known.
    #[serde(default)]
    pub license: Option<String>,
    #[serde(default)]
    pub code_license: Option<String>,
    #[serde(default)]
    pub license_grade: Option<Grade>,
    #[serde(default)]
    pub license_part: Vec<LicensePart>,
    #[serde(default)]
    pub notes: Vec<String>,
    pub source: String,
    pub as_of: PartialDate,
    pub confidence: Confidence,
}

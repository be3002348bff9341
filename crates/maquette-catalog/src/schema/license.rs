//! `licenses/<id>.toml`: one license text. Until the license engine reads every clause, a row
//! carries what the first question needs: may the weights run, and the outputs be used, for money.

use maquette_core::PartialDate;
use serde::{Deserialize, Serialize};

use super::model::Grade;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct License {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub version: Option<String>,
    /// SPDX identifier, or a `LicenseRef-` where SPDX has none.
    #[serde(default)]
    pub spdx: Option<String>,
    #[serde(default)]
    pub hub_tags: Vec<String>,
    #[serde(default)]
    pub url: Option<String>,
    #[serde(default)]
    pub text_date: Option<PartialDate>,
    #[serde(default)]
    pub text_seen_at: Option<String>,
    #[serde(default)]
    pub text_sha256: Option<String>,
    #[serde(default)]
    pub licensor: Option<String>,
    pub class: String,
    /// How the text is known: read, described by others, or only a tag.
    pub verified: Grade,
    /// May the weights be run for money?
    pub commercial_weights: Permission,
    /// May what comes out be used for money?
    pub commercial_outputs: Permission,
    #[serde(default)]
    pub commercial_note: Option<String>,
    #[serde(default)]
    pub notes: Vec<String>,
    pub sources: Vec<String>,
    pub as_of: PartialDate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    Yes,
    No,
    /// Yes, under conditions the text states (a cap, a registration, use limits).
    Conditional,
    /// The text was read and says nothing.
    Silent,
    /// Not known.
    Unknown,
}

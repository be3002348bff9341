//! Licenses bought and clarifications received, kept in `licenses.toml` of the configuration
//! directory. Each is bound to the hash of the public text that it was given for, and lapses when
//! that text changes.

use std::path::Path;

use maquette_catalog::Catalog;
use maquette_core::{Grant, GrantKind};
use serde::{Deserialize, Serialize};

use crate::error::AppError;

pub const FILE: &str = "licenses.toml";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// License id of the public text.
    pub license: String,
    /// Model ids it covers; empty: all under that text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<String>,
    pub kind: Kind,
    /// For a clarification: the rule it settles, in the catalog's vocabulary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What the purchase is called.
    pub name: String,
    /// Where the proof lies: a contract number, a ticket, a mail.
    pub proof: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_work: Option<bool>,
    /// Hash of the public text that was read.
    pub text_sha256: String,
    /// The day of the record.
    pub recorded: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Purchase,
    Clarification,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    #[serde(default)]
    pub(crate) grant: Vec<Record>,
}

impl Record {
    fn lapsed(&self, catalog: &Catalog) -> bool {
        let text = catalog.licenses.iter().find(|l| l.id == self.license);
        let hash = text.and_then(|l| l.text_sha256.as_deref());
        text.is_none() || hash.is_some_and(|h| !h.eq_ignore_ascii_case(&self.text_sha256))
    }

    /// The grant, unless the text has changed since.
    pub fn live(&self, catalog: &Catalog) -> Option<Grant> {
        if self.lapsed(catalog) {
            return None;
        }
        let kind = match self.kind {
            Kind::Purchase => GrantKind::Purchase {
                client_work: self.client_work,
            },
            Kind::Clarification => GrantKind::Clarification {
                rule: self.rule.clone().unwrap_or_default(),
            },
        };
        Some(Grant {
            license: self.license.clone(),
            models: self.models.clone(),
            kind,
            name: format!("{}, {}", self.name, self.proof),
        })
    }

    /// What the reader must know of it.
    pub fn note(&self, catalog: &Catalog) -> Option<String> {
        let name = &self.name;
        let text = catalog.licenses.iter().find(|l| l.id == self.license);
        if self.lapsed(catalog) {
            return Some(format!(
                "{name} has lapsed: the text of {} is not the one it was given for ({})",
                self.license, self.recorded
            ));
        }
        text.is_some_and(|l| l.text_sha256.is_none()).then(|| {
            format!("whether the text of {} has changed since {name} was recorded cannot be checked: the catalog knows no hash of it", self.license)
        })
    }
}

/// The records of a configuration directory; none where there is no file.
pub fn load(dir: &Path) -> Result<Vec<Record>, AppError> {
    let path = dir.join(FILE);
    if !path.is_file() {
        return Ok(Vec::new());
    }
    Ok(crate::reading::toml::<File>(&path, "license record")?.grant)
}

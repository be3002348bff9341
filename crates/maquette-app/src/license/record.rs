//! Licenses bought and clarifications received, kept in `licenses.toml` of the configuration
//! directory. Each is bound to the hash of the public text that it was given for, and lapses when
//! that text changes.

use std::fs;
use std::io::Write;
use std::path::Path;

use maquette_catalog::Catalog;
use maquette_catalog::schema::terms::Rule;
use maquette_core::report::license::RecordReport;
use maquette_core::{Grant, GrantKind, names};
use serde::{Deserialize, Serialize};

use crate::context::Context;
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
struct File {
    #[serde(default)]
    grant: Vec<Record>,
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
    Ok(crate::files::toml::<File>(&path, "license record")?.grant)
}

/// What `license add` is told.
#[derive(Debug, Clone)]
pub struct Add {
    pub license: String,
    pub models: Vec<String>,
    /// A clarification of this rule; absent: a purchase.
    pub clarifies: Option<String>,
    pub name: Option<String>,
    pub proof: String,
    pub client_work: Option<bool>,
    pub text_sha256: Option<String>,
}

/// Records it after what is there already; the file is written aside and put in its place whole.
pub fn add(ctx: &Context, dir: &Path, add: &Add) -> Result<RecordReport, AppError> {
    let catalog = &ctx.knowledge.catalog;
    let license = catalog
        .licenses
        .iter()
        .find(|l| l.id == add.license)
        .ok_or_else(|| {
            let near = names::nearest(&add.license, catalog.licenses.iter().map(|l| l.id.as_str()));
            AppError::request(format!(
                "there is no license `{}`{}",
                add.license,
                names::did_you_mean(&near)
            ))
            .hint("maquette licenses")
        })?;
    let mut models = Vec::new();
    for name in &add.models {
        let model = ctx
            .knowledge
            .model(name)
            .map_err(|e| AppError::unknown(&e, "maquette models"))?;
        models.push(model.id.clone());
    }
    if let Some(rule) = &add.clarifies
        && !Rule::ALL.iter().any(|r| r.as_str() == rule)
    {
        let near = names::nearest(rule, Rule::ALL.iter().map(|r| r.as_str()));
        return Err(AppError::request(format!(
            "`{rule}` is not a rule{}",
            names::did_you_mean(&near)
        ))
        .hint("`maquette license MODEL --format json` names the rule of each ground"));
    }
    if add.proof.trim().is_empty() {
        return Err(AppError::request(
            "--proof: say where the proof lies (a contract number, a mail)",
        ));
    }
    let hash = match (&add.text_sha256, &license.text_sha256) {
        (Some(given), _) if given.len() == 64 && given.chars().all(|c| c.is_ascii_hexdigit()) => {
            given.to_lowercase()
        }
        (Some(given), _) => {
            return Err(AppError::request(format!(
                "--text-sha256 {given}: 64 hexadecimal digits are needed"
            )));
        }
        (None, Some(known)) => known.clone(),
        (None, None) => {
            return Err(AppError::request(format!(
                "the catalog knows no hash of the text of {}",
                license.id
            ))
            .hint("give the hash of the text you read: --text-sha256 (sha256sum FILE prints it)"));
        }
    };
    let record = Record {
        license: license.id.clone(),
        models,
        kind: if add.clarifies.is_some() {
            Kind::Clarification
        } else {
            Kind::Purchase
        },
        rule: add.clarifies.clone(),
        name: add
            .name
            .clone()
            .unwrap_or_else(|| format!("license of {}", license.id)),
        proof: add.proof.clone(),
        client_work: add.client_work,
        text_sha256: hash,
        recorded: ctx.as_of.to_string(),
    };
    let path = dir.join(FILE);
    let mut file = File { grant: load(dir)? };
    if file.grant.contains(&record) {
        return Err(AppError::request(format!(
            "this is already recorded in {}",
            path.display()
        )));
    }
    let note = record.note(catalog);
    file.grant.push(record.clone());
    let text = toml::to_string(&file).map_err(|e| AppError::request(e.to_string()))?;
    write(dir, &path, &text).map_err(|e| {
        AppError::request(format!("{} cannot be written", path.display())).because(e.to_string())
    })?;
    Ok(RecordReport {
        schema: "maquette.license-record/1".to_owned(),
        file: path.display().to_string(),
        license: record.license,
        models: record.models,
        kind: match record.kind {
            Kind::Purchase => "purchase",
            Kind::Clarification => "clarification",
        }
        .to_owned(),
        name: record.name,
        proof: record.proof,
        text_sha256: record.text_sha256,
        notes: note.into_iter().collect(),
    })
}

fn write(dir: &Path, path: &Path, text: &str) -> std::io::Result<()> {
    fs::create_dir_all(dir)?;
    let aside = dir.join(format!(".{FILE}.{}", std::process::id()));
    let mut file = fs::File::create(&aside)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all());
    drop(file);
    let placed = written.and_then(|()| fs::rename(&aside, path));
    if placed.is_err() {
        let _ = fs::remove_file(&aside);
    }
    placed
}

//! `license add`: writes down a license bought or a licensor's word.

use std::fs;
use std::io::Write;
use std::path::Path;

use maquette_catalog::schema::terms::Rule;
use maquette_core::names;
use maquette_core::report::license::RecordReport;

use crate::context::Context;
use crate::error::AppError;
use crate::grants::{FILE, File, Kind, Record, load};

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

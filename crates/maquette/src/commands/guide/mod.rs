//! `maquette guide`.

use std::collections::BTreeMap;
use std::path::Path;

use maquette_app::guide::whole::{evidence, guide};
use maquette_app::guide::{diff, publish};
use maquette_app::{AppError, Picture};
use maquette_tell::guide::{Fault, evidence_ids, markdown, site, templates};

mod pdf;

use super::{config_dir, context, write};
use crate::args::{Global, GuideArgs, GuideCommand};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

pub fn run(global: &Global, args: &GuideArgs, printer: &Printer) -> Result<Exit, Failure> {
    match &args.command {
        Some(GuideCommand::Init { dir }) => return init(dir),
        Some(GuideCommand::Diff(asked)) => {
            let request = asked.work.request(config_dir(global).as_ref());
            let report = diff::diff(&context(global)?, &request, &asked.from, &asked.to)?;
            printer.report(&report, maquette_tell::guide::diff::document)?;
            return Ok(Exit::Done);
        }
        None => {}
    }
    if let Some(out) = &args.out {
        publish::may_write(out, args.force)?;
    }
    // Asked before the work is done.
    let printing = match &args.pdf {
        Some(file) => Some((pdf::browser(args.browser.as_deref())?, file)),
        None => None,
    };
    let ctx = context(global)?;
    let request = args.work.request(config_dir(global).as_ref());
    let (ctx, report) = guide(&ctx, &request, args.edition.as_deref())?;
    let Some(out) = &args.out else {
        printer.report(&report, markdown)?;
        return Ok(Exit::Done);
    };
    let own = own_templates(args.templates.as_deref())?;
    let why = evidence(&ctx, &request, &report, &evidence_ids(&report));
    let files = site(&report, &why, &own, args.base_url.as_deref())
        .map_err(|f| wrong(args.templates.as_deref(), &own, &f))?;
    publish::publish(out, &files, args.force)?;
    Printer::message(&format!(
        "{} files in {}; begin with index.html\n",
        files.len(),
        out.display()
    ));
    if let Some((browser, file)) = printing {
        pdf::print(&browser, out, file)?;
        Printer::message(&format!(
            "{} printed by {}\n",
            file.display(),
            browser.display()
        ));
    }
    Ok(Exit::Done)
}

fn init(dir: &Path) -> Result<Exit, Failure> {
    std::fs::create_dir_all(dir).map_err(|e| {
        AppError::request(format!("{} cannot be made", dir.display())).because(e.to_string())
    })?;
    for (name, text) in templates() {
        let path = dir.join(name);
        if !path.exists() {
            write(&path, text, false)?;
        }
    }
    Printer::message(&format!("templates in {}\n", dir.display()));
    Ok(Exit::Done)
}

/// What the analyst put in the place of the embedded templates.
pub(super) fn own_templates(dir: Option<&Path>) -> Result<BTreeMap<String, String>, Failure> {
    let Some(dir) = dir else {
        return Ok(BTreeMap::new());
    };
    if !dir.is_dir() {
        return Err(
            AppError::request(format!("{} is no directory", dir.display()))
                .hint(format!(
                    "maquette guide init {} writes the templates",
                    dir.display()
                ))
                .into(),
        );
    }
    let mut own = BTreeMap::new();
    for (name, _) in templates() {
        if let Ok(text) = std::fs::read_to_string(dir.join(name)) {
            own.insert(name.to_owned(), text);
        }
    }
    Ok(own)
}

/// A template that cannot be used, with its line.
pub(super) fn wrong(dir: Option<&Path>, own: &BTreeMap<String, String>, fault: &Fault) -> AppError {
    let path = dir.map_or_else(
        || fault.template.clone(),
        |d| d.join(&fault.template).display().to_string(),
    );
    let mut e =
        AppError::request(format!("the template {path} cannot be used")).because(fault.why.clone());
    if let (Some(text), Some(line)) = (own.get(&fault.template), fault.line) {
        let start: usize = text
            .split_inclusive('\n')
            .take(line.saturating_sub(1))
            .map(str::len)
            .sum();
        let end = text[start..].find('\n').map_or(text.len(), |n| start + n);
        e.pictures.push(Picture {
            path,
            text: text.clone(),
            span: start..end,
            label: fault.why.clone(),
        });
    }
    e
}

//! `maquette license` and `maquette licenses`.

use maquette_app::license::FactsForm;
use maquette_app::license::record::Add;
use maquette_app::{AppError, Context};
use maquette_tell::license as page;

use super::{config_dir, context, studio_file, text};
use crate::args::{AddArgs, FactArgs, Global, LicenseArgs, LicenseCommand, LicensesArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

pub fn run(global: &Global, args: &LicenseArgs, printer: &Printer) -> Result<Exit, Failure> {
    let ctx = context(global)?;
    if let Some(LicenseCommand::Add(add)) = &args.command {
        return record(global, &ctx, add, printer);
    }
    if let Some(path) = &args.batch {
        let mut out = String::new();
        for line in maquette_app::license::batch(&ctx, &text(path, "batch")?) {
            out += &serde_json::to_string(&line).map_err(Failure::internal)?;
            out.push('\n');
        }
        Printer::data(&out)?;
        return Ok(Exit::Done);
    }
    let form = form(global, &args.facts)?;
    let report = maquette_app::license::license(&ctx, &args.models, &form)?;
    printer.report(&report, page::license)?;
    Ok(match report.verdict.as_str() {
        "permitted" | "permitted-with-conditions" => Exit::Done,
        _ => Exit::No,
    })
}

fn record(
    global: &Global,
    ctx: &Context,
    args: &AddArgs,
    printer: &Printer,
) -> Result<Exit, Failure> {
    let dir = config_dir(global).ok_or_else(|| {
        AppError::request("there is no configuration directory to record it in")
            .hint("name one with --config-dir")
    })?;
    let add = Add {
        license: args.license.clone(),
        models: args.models.clone(),
        clarifies: args.clarifies.clone(),
        name: args.name.clone(),
        proof: args.proof.clone(),
        client_work: args.client_work,
        text_sha256: args.text_sha256.clone(),
    };
    let report = maquette_app::license::record::add(ctx, &dir, &add)?;
    printer.report(&report, page::record)?;
    Ok(Exit::Done)
}

pub fn matrix(global: &Global, args: &LicensesArgs, printer: &Printer) -> Result<Exit, Failure> {
    let form = form(global, &args.facts)?;
    let report = maquette_app::license::licenses(&context(global)?, &form)?;
    printer.report(&report, page::licenses)?;
    Ok(Exit::Done)
}

/// What the usual studio file says, where it is there.
pub fn studio(global: &Global) -> Result<FactsForm, Failure> {
    Ok(match studio_file(global) {
        Some(file) => maquette_app::files::studio_facts(&file)?,
        None => FactsForm::default(),
    })
}

/// The flags over the studio file: the one named, or the usual one where it is there.
pub fn form(global: &Global, args: &FactArgs) -> Result<FactsForm, Failure> {
    let form = match &args.studio {
        Some(path) => maquette_app::files::studio_facts(path)?,
        None => studio(global)?,
    };
    Ok(args.over(form))
}

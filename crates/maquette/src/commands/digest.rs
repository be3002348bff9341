//! `maquette digest`.

use jiff::ToSpan;
use maquette_app::AppError;
use maquette_app::digest::{DAYS, digest};
use maquette_app::guide::publish;
use maquette_tell::digest::{Addresses, document, files};

use super::guide::{own_templates, wrong};
use super::{config_dir, context};
use crate::args::{DigestArgs, Global};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

pub fn run(global: &Global, args: &DigestArgs, printer: &Printer) -> Result<Exit, Failure> {
    if let Some(out) = &args.out {
        publish::may_write(out, args.force)?;
    }
    let ctx = context(global)?;
    let request = args.work.request(config_dir(global).as_ref());
    let since = match args.since {
        Some(day) => day,
        None => ctx.as_of.checked_sub(DAYS.days()).map_err(|e| {
            AppError::request(format!("no day before {}", ctx.as_of)).because(e.to_string())
        })?,
    };
    let report = digest(&ctx, &request, since)?;
    let Some(out) = &args.out else {
        printer.report(&report, document)?;
        return Ok(Exit::Done);
    };
    let own = own_templates(args.templates.as_deref())?;
    let addresses = Addresses {
        from: args.from.clone(),
        to: args.to.clone(),
    };
    let base = args.base_url.as_deref();
    let made = files(&report, &own, base, &addresses)
        .map_err(|f| wrong(args.templates.as_deref(), &own, &f))?;
    publish::publish(out, &made, args.force)?;
    Printer::message(&format!(
        "{} items in {}: digest.md, index.html, digest.eml, atom.xml, feed.json, digest.json\n",
        report.items.len(),
        out.display()
    ));
    Ok(Exit::Done)
}

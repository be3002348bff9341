//! `maquette claims`.

use maquette_app::claims::{Filter, claims};
use maquette_tell::claims as page;

use super::{context, text};
use crate::args::{ClaimsArgs, Global};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

pub fn run(global: &Global, args: &ClaimsArgs, printer: &Printer) -> Result<Exit, Failure> {
    let filter = Filter {
        edition: args.edition.clone(),
        file: match &args.file {
            Some(path) => Some((path.clone(), text(path, "file of claims")?)),
            None => None,
        },
        verdict: args.verdict,
        find: args.find.clone(),
    };
    let report = claims(&context(global)?, &filter)?;
    printer.report(&report, page::claims)?;
    Ok(Exit::Done)
}

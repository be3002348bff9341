//! `maquette trends`.

use maquette_app::trends::{Filter, batch, gains, trends};
use maquette_tell::trends as page;

use super::{catalog_context as context, text};
use crate::args::{Global, TrendsArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

pub fn run(global: &Global, args: &TrendsArgs, printer: &Printer) -> Result<Exit, Failure> {
    let ctx = context(global)?;
    if let Some(path) = &args.batch {
        let report = batch(&ctx, &text(path, "batch")?)?;
        printer.report(&report, page::trends)?;
        return Ok(Exit::Done);
    }
    let filter = Filter {
        modality: args.modality,
        kind: args.of,
        all: args.all,
    };
    if args.gains {
        printer.report(&gains::gains(&ctx, &filter)?, page::gains)?;
    } else {
        printer.report(&trends(&ctx, &filter)?, page::trends)?;
    }
    Ok(Exit::Done)
}

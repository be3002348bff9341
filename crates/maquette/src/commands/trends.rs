//! `maquette trends`.

use maquette_app::trends::{Filter, batch, trends};
use maquette_tell::trends as page;

use super::{catalog_context as context, text};
use crate::args::{Global, TrendsArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

pub fn run(global: &Global, args: &TrendsArgs, printer: &Printer) -> Result<Exit, Failure> {
    let ctx = context(global)?;
    let report = match &args.batch {
        Some(path) => batch(&ctx, &text(path, "batch")?)?,
        None => trends(
            &ctx,
            &Filter {
                modality: args.modality,
                kind: args.of,
                all: args.all,
            },
        )?,
    };
    printer.report(&report, page::trends)?;
    Ok(Exit::Done)
}

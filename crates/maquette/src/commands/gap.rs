//! `maquette gap`.

use maquette_app::AppError;
use maquette_app::gap::{Ask, gap};
use maquette_tell::gap as page;

use super::{catalog_context as context, license, write};
use crate::args::{GapArgs, Global};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

pub fn run(global: &Global, args: &GapArgs, printer: &Printer) -> Result<Exit, Failure> {
    let form = license::form(global, &args.facts)?;
    let mut pairs = Vec::new();
    for text in &args.pairs {
        let Some((open, closed)) = text.split_once(':') else {
            return Err(AppError::request(format!("--pair {text}: not OPEN:CLOSED")).into());
        };
        pairs.push((open.trim().to_owned(), closed.trim().to_owned()));
    }
    let ask = Ask {
        modality: args.modality,
        boards: args.boards.clone(),
        tier: args.tier,
        history: args.history || args.svg.is_some(),
        pairs,
    };
    let report = gap(&context(global)?, &ask, &form)?;
    if let Some(path) = &args.svg {
        let Some(chart) = page::gap_chart(&report) else {
            return Err(AppError::data("no board was read twice, so there is no curve").into());
        };
        write(path, &chart, args.force)?;
    }
    printer.report(&report, page::gap)?;
    Ok(Exit::Done)
}

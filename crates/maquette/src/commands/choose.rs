//! `maquette choose`.

use maquette_tell::choose as page;

use super::{config_dir, context};
use crate::args::{ChooseArgs, Global};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

pub fn run(global: &Global, args: &ChooseArgs, printer: &Printer) -> Result<Exit, Failure> {
    let ctx = context(global)?;
    let request = args.work.request(config_dir(global).as_ref());
    let report = maquette_app::choose(&ctx, &request)?;
    printer.report(&report, |r| page::document(r, args.all))?;
    if report.stacks.first().is_some_and(|s| s.given_up) {
        return Ok(Exit::Internal);
    }
    let met = report
        .stacks
        .first()
        .is_some_and(|s| s.total.is_some() && s.unpriced.is_empty());
    Ok(if met { Exit::Done } else { Exit::No })
}

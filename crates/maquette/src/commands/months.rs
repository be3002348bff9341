//! `maquette months`.

use maquette_tell::listing as page;

use super::{config_dir, context};
use crate::args::{Global, MonthsArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

pub fn run(global: &Global, args: &MonthsArgs, printer: &Printer) -> Result<Exit, Failure> {
    let request = args.work.request(config_dir(global).as_ref());
    let report =
        maquette_app::months::months(&context(global)?, &request, &args.plan, &args.units)?;
    printer.report(&report, page::months)?;
    Ok(Exit::Done)
}

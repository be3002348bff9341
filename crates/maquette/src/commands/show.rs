//! `maquette show` and `maquette why`.

use maquette_tell::detail as page;

use super::{config_dir, context, license};
use crate::args::{Global, ShowArgs, WhyArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

pub fn show(global: &Global, args: &ShowArgs, printer: &Printer) -> Result<Exit, Failure> {
    let report = maquette_app::show::show(&context(global)?, &args.id, &license::studio(global)?)?;
    printer.report(&report, page::show)?;
    Ok(Exit::Done)
}

pub fn why(global: &Global, args: &WhyArgs, printer: &Printer) -> Result<Exit, Failure> {
    let request = args.work.request(config_dir(global).as_ref());
    let report = maquette_app::why::why(&context(global)?, &request, &args.id)?;
    printer.report(&report, page::why)?;
    Ok(Exit::Done)
}

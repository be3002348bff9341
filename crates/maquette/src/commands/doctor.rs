//! `maquette doctor`.

use maquette_tell::doctor as page;

use super::{context, text};
use crate::args::{DoctorArgs, Global};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

pub fn run(global: &Global, args: &DoctorArgs, printer: &Printer) -> Result<Exit, Failure> {
    let paste = args
        .from
        .as_ref()
        .map(|path| text(path, "paste"))
        .transpose()?;
    let report = maquette_app::machine::doctor(&context(global)?, paste.as_deref())?;
    printer.report(&report, page::doctor)?;
    Ok(Exit::Done)
}

//! `maquette break-even`.

use std::fs::OpenOptions;
use std::io::Write;

use maquette_app::AppError;
use maquette_tell::break_even as page;

use super::{config_dir, context};
use crate::args::{BreakEvenArgs, Global};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

pub fn run(global: &Global, args: &BreakEvenArgs, printer: &Printer) -> Result<Exit, Failure> {
    let ctx = context(global)?;
    let request = args.work.request(config_dir(global).as_ref());
    let report = maquette_app::break_even(&ctx, &request, args.modality, args.up_to.as_deref())?;
    if let Some(path) = &args.svg {
        let mut options = OpenOptions::new();
        options
            .write(true)
            .truncate(args.force)
            .create(args.force)
            .create_new(!args.force);
        let written = options
            .open(path)
            .and_then(|mut f| f.write_all(page::svg(&report).as_bytes()));
        if let Err(e) = written {
            let mut error = AppError::request(format!("{} cannot be written", path.display()))
                .because(e.to_string());
            if e.kind() == std::io::ErrorKind::AlreadyExists {
                error = error.hint("--force replaces it");
            }
            return Err(error.into());
        }
    }
    printer.report(&report, page::document)?;
    Ok(if report.reigns.is_empty() {
        Exit::No
    } else {
        Exit::Done
    })
}

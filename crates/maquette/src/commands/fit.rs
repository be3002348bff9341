//! `maquette fit` and `maquette accuracy`.

use maquette_app::fit as verb;
use maquette_tell::fit as page;

use super::{context, studio_file, text};
use crate::args::{AccuracyArgs, FitArgs, Global};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

pub fn run(global: &Global, args: &FitArgs, printer: &Printer) -> Result<Exit, Failure> {
    let ctx = context(global)?;
    if let Some(path) = &args.batch {
        let mut out = String::new();
        for line in verb::batch(&ctx, &text(path, "batch")?)? {
            out += &serde_json::to_string(&line).map_err(Failure::internal)?;
            out.push('\n');
        }
        Printer::data(&out)?;
        return Ok(Exit::Done);
    }
    let form = args.form(studio_file(global));
    if args.need {
        let report = verb::need(&ctx, &form, args.all)?;
        printer.report(&report, page::need)?;
        return Ok(if report.lines.is_empty() {
            Exit::No
        } else {
            Exit::Done
        });
    }
    let report = verb::fit(&ctx, &form)?;
    printer.report(&report, page::fit)?;
    Ok(if verb::says_yes(&report) {
        Exit::Done
    } else {
        Exit::No
    })
}

pub fn accuracy(global: &Global, args: &AccuracyArgs, printer: &Printer) -> Result<Exit, Failure> {
    let report = verb::accuracy(&context(global)?, args.by_model, args.rows)?;
    printer.report(&report, page::accuracy)?;
    Ok(Exit::Done)
}

//! `maquette catalog check`.

use maquette_app::AppError;
use maquette_tell::detail as page;

use super::{config_dir, day};
use crate::args::{CatalogArgs, CatalogCommand, Format, Global};
use crate::error_page;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

pub fn run(global: &Global, args: &CatalogArgs, printer: &Printer) -> Result<Exit, Failure> {
    let CatalogCommand::Check {
        dir,
        warnings,
        strict,
    } = &args.command;
    let own = || {
        config_dir(global)
            .map(|d| d.join("catalog"))
            .filter(|d| d.is_dir())
    };
    let root = dir.clone().or_else(own).ok_or_else(|| {
        AppError::request("no catalog directory is named, and there is none of your own")
            .hint("maquette catalog check DIR")
    })?;
    let (report, pictures) =
        maquette_app::catalog_check::check(&root, &global.catalog, day(global))?;
    if global.format == Format::Text {
        for picture in &pictures {
            Printer::message(&error_page::draw(picture, printer.color_err));
        }
    }
    printer.report(&report, |r| page::check(r, *warnings || *strict))?;
    let clean = report.errors == 0 && !(*strict && report.warnings > 0);
    Ok(if clean { Exit::Done } else { Exit::Request })
}

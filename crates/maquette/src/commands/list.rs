//! `maquette models`, `prices`, `plans`.

use maquette_app::listing::{self, Filter, Openness};
use maquette_tell::listing as page;

use super::{catalog_context, context, license};
use crate::args::{Global, ListArgs, PricesArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

fn filter(args: &ListArgs) -> Filter {
    Filter {
        modality: args.modality,
        openness: match (args.open, args.closed) {
            (true, _) => Some(Openness::Open),
            (_, true) => Some(Openness::Closed),
            _ => None,
        },
        name: args.name.clone(),
        all: args.all,
    }
}

pub fn models(global: &Global, args: &ListArgs, printer: &Printer) -> Result<Exit, Failure> {
    printer.report(
        &listing::models(&context(global)?, &filter(args), &license::studio(global)?)?,
        page::models,
    )?;
    Ok(Exit::Done)
}

pub fn prices(global: &Global, args: &PricesArgs, printer: &Printer) -> Result<Exit, Failure> {
    let filter = filter(&args.list);
    if args.conflicts {
        let ctx = catalog_context(global)?;
        // An unknown name is told here too.
        listing::prices(&ctx, &filter)?;
        let report = maquette_app::observe::conflicts::conflicts(&ctx, &filter)?;
        printer.report(&report, maquette_tell::observe::conflicts)?;
        return Ok(Exit::Done);
    }
    if args.new {
        let report =
            maquette_app::observe::offers::new_offers(&catalog_context(global)?, filter.all)?;
        printer.report(&report, maquette_tell::observe::new_offers)?;
        return Ok(Exit::Done);
    }
    printer.report(&listing::prices(&context(global)?, &filter)?, page::prices)?;
    Ok(Exit::Done)
}

pub fn plans(global: &Global, args: &ListArgs, printer: &Printer) -> Result<Exit, Failure> {
    printer.report(
        &listing::plans(&context(global)?, &filter(args))?,
        page::plans,
    )?;
    Ok(Exit::Done)
}

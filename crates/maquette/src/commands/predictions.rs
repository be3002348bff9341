//! `maquette predictions`.

use maquette_app::predictions::ledger::Outcome;
use maquette_app::predictions::{Filter, predictions, write};
use maquette_tell::predictions as page;

use super::catalog_context as context;
use crate::args::{AskArgs, Came, Global, PredictionsArgs, PredictionsCommand as Do};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

pub fn run(global: &Global, args: &PredictionsArgs, printer: &Printer) -> Result<Exit, Failure> {
    let ctx = context(global)?;
    let Some(command) = &args.command else {
        let filter = Filter {
            due: args.due,
            id: args.id.clone(),
        };
        let report = predictions(&ctx, &filter)?;
        printer.report(&report, page::predictions)?;
        // A ledger that was tampered with is shown, and told by the exit code.
        let whole = report.ledgers.iter().all(|l| l.problems.is_empty());
        return Ok(if whole { Exit::Done } else { Exit::No });
    };
    let report = match command {
        Do::Ask(a) => write::ask(&ctx, &new(a)),
        Do::Forecast {
            id,
            probability,
            by,
            why,
        } => write::forecast(&ctx, id, *probability, by.as_deref(), why.as_deref()),
        Do::Resolve {
            id,
            outcome,
            because,
            evidence,
        } => {
            let outcome = match outcome {
                Came::Yes => Outcome::Yes,
                Came::No => Outcome::No,
            };
            write::resolve(&ctx, id, outcome, because, evidence)
        }
        Do::Annul {
            id,
            because,
            evidence,
        } => write::annul(&ctx, id, because, evidence),
        Do::Note { id, text, evidence } => write::note(&ctx, id, text, evidence),
    }?;
    printer.report(&report, page::written)?;
    Ok(Exit::Done)
}

fn new(a: &AskArgs) -> write::New {
    write::New {
        id: a.id.clone(),
        text: a.text.clone(),
        deadline: a.deadline,
        source: a.source.clone(),
        fallback: a.fallback.clone(),
        annul: a.annul.clone(),
        reading: a.reading.clone(),
        claim: a.claim.clone(),
        of: a.of.clone(),
        stated: a.stated,
        base_rate: a.base_rate,
        by: a.by.clone(),
    }
}

//! `accuracy`: the published error of `fit`, reckoned anew from the measurements that the binary carries.

use maquette_core::report::fit::{AccuracyLine, AccuracyReport, LeftOut};
use maquette_fit::accuracy as measure;
use maquette_fit::case::Table;
use maquette_fit::estimate::cases;
use maquette_fit::learn::Scheme;

use super::page::four;
use crate::context::Context;
use crate::error::AppError;

/// Fewest rows of a class that is shown by itself.
const FEWEST: usize = 5;

/// Errors by modality and hardware on runs held back by model and machine, or by whole models.
pub fn accuracy(ctx: &Context, by_model: bool) -> Result<AccuracyReport, AppError> {
    let fits = ctx.fits()?;
    let runs = maquette_know::runs()?;
    let (all, lost) = cases(&ctx.knowledge.catalog, &fits.names, &runs);
    let (scheme, held_back) = if by_model {
        (Scheme::Model, "all runs of a model together")
    } else {
        (
            Scheme::ModelAndMachine,
            "all runs of a model on a machine together",
        )
    };
    let lines = measure::accuracy(&all, scheme);
    let mut reasons: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for (_, why) in &lost {
        *reasons.entry(why).or_default() += 1;
    }
    Ok(AccuracyReport {
        schema: "maquette.accuracy/1".to_owned(),
        held_back: held_back.to_owned(),
        runs: runs.len(),
        estimated: all.len(),
        lines: lines
            .into_iter()
            .filter(|l| l.rows >= FEWEST || l.class == "all")
            .map(|l| AccuracyLine {
                figure: figure(l.table).to_owned(),
                kind: l.kind,
                hardware: l.class,
                rows: l.rows,
                median_error: four(l.median),
                p90_error: four(l.p90),
                p10: four(l.ratio[0]),
                p50: four(l.ratio[1]),
                p90: four(l.ratio[2]),
                within_30_percent: four(l.within),
                coverage: four(l.coverage),
            })
            .collect(),
        left_out: reasons
            .into_iter()
            .map(|(reason, runs)| LeftOut {
                reason: reason.to_owned(),
                runs,
            })
            .collect(),
        notes: vec![
            "error is |estimate / measured − 1|; ratios are estimate over measured, of speeds where the figure is a speed".to_owned(),
            "the stated range means to hold four of five runs".to_owned(),
        ],
    })
}

fn figure(table: Table) -> &'static str {
    match table {
        Table::Peak => "peak memory",
        Table::Loaded => "memory loaded",
        Table::Compute => "compute buffer",
        Table::Time => "time",
        Table::Decode => "decode speed",
        Table::Prefill => "prefill speed",
        Table::Watts => "power",
    }
}

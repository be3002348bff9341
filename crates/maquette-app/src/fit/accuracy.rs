//! `accuracy`: the published error of `fit`, reckoned anew from the measurements that the binary carries.

use std::collections::BTreeMap;

use maquette_core::report::fit::{AccuracyLine, AccuracyReport, AccuracyRow, LeftOut};
use maquette_fit::accuracy as measure;
use maquette_fit::case::{Case, Table};
use maquette_fit::estimate::cases;
use maquette_fit::learn::Scheme;
use maquette_know::catalog::schema::evidence::Run;

use super::page::four;
use crate::context::Context;
use crate::error::AppError;

/// Fewest rows of a class that is shown by itself.
const FEWEST: usize = 5;

/// Errors by modality and hardware on runs held back by model and machine, or by whole models.
pub fn accuracy(ctx: &Context, by_model: bool, rows: bool) -> Result<AccuracyReport, AppError> {
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
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
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
        estimates: if rows {
            estimates(&all, &runs, scheme)
        } else {
            Vec::new()
        },
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

/// Every run beside the estimate of the runs that were not held back with it, the worst first.
fn estimates(cases: &[Case], runs: &[Run], scheme: Scheme) -> Vec<AccuracyRow> {
    let by_id: BTreeMap<&str, &Run> = runs.iter().map(|r| (r.id.as_str(), r)).collect();
    let cases: BTreeMap<&str, &Case> = cases.iter().map(|c| (c.id.as_str(), c)).collect();
    let of = measure::runs(
        &cases.values().map(|c| (*c).clone()).collect::<Vec<_>>(),
        scheme,
    );
    of.into_iter()
        .filter_map(|(held, spread)| {
            let (run, case) = (by_id.get(held.id.as_str())?, cases.get(held.id.as_str())?);
            let mid = case.measured / held.off.exp();
            let (low, high) = (mid * spread.low.exp(), mid * spread.high.exp());
            // Speeds are learned as milliseconds a token.
            let speed = |ms: f64| {
                if held.table == Table::Decode {
                    1000.0 / ms
                } else {
                    ms
                }
            };
            let (low, high) = if held.table == Table::Decode {
                (high, low)
            } else {
                (low, high)
            };
            Some(AccuracyRow {
                id: held.id.clone(),
                figure: figure(held.table).to_owned(),
                model: run.model.clone(),
                subject: case.subject.id.clone(),
                format: run.format.clone(),
                workload: run.workload.clone(),
                engine: run.engine.clone(),
                gpu: run.gpu.clone(),
                measured: four(speed(case.measured)),
                estimate: four(speed(mid)),
                low: four(speed(low)),
                high: four(speed(high)),
            })
        })
        .collect()
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

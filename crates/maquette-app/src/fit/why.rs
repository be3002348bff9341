//! What stands behind a measured run (`evidence/text-speed-0001`) and behind an estimate of `choose`
//! (`fit/flux.1-schnell/rtx-4090`).

use maquette_core::report::fit::FitRun;
use maquette_core::report::listing::WhyReport;
use maquette_core::{Basis, Confidence, Evidence};
use maquette_know::catalog::schema::evidence::Run;

use super::{FitForm, fit};
use crate::context::Context;
use crate::error::AppError;
use crate::request::Request;

/// A run in the form of evidence.
pub(super) fn evidence(run: &Run) -> Evidence {
    Evidence {
        id: id(run),
        fact: format!("{} {} of {}", run.value, run.quantity.as_str(), run.model),
        source: run.source.clone(),
        as_of: run.as_of.map(|d| d.to_string()).unwrap_or_default(),
        confidence: if run.tier == "A" {
            Confidence::High
        } else {
            Confidence::Medium
        },
        basis: Basis::Measured,
        note: (!run.note.is_empty()).then(|| run.note.clone()),
    }
}

/// A run beside an answer.
pub(super) fn line(run: &Run) -> FitRun {
    FitRun {
        id: id(run),
        run: words(run),
        figure: format!("{} {}", run.value, run.quantity.as_str()),
        source: run.source.clone(),
        as_of: run.as_of.map(|d| d.to_string()).unwrap_or_default(),
    }
}

fn id(run: &Run) -> String {
    format!("evidence/{}", run.id)
}

/// Format, work, engine and machine as they were written.
fn words(run: &Run) -> String {
    [&run.format, &run.workload, &run.engine, &run.gpu]
        .into_iter()
        .filter(|t| !t.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join(", ")
}

/// `why evidence/ID`.
pub fn of_run(ctx: &Context, name: &str) -> Result<WhyReport, AppError> {
    let runs = maquette_know::runs()?;
    let own = ctx.knowledge.catalog.runs.iter();
    let run = own.chain(&runs).find(|r| r.id == name).ok_or_else(|| {
        AppError::request(format!("there is no measured run `{name}`"))
            .hint("maquette fit MODEL lists the nearest ones; catalog/evidence holds them all")
    })?;
    Ok(WhyReport {
        schema: crate::why::schema(),
        as_of: ctx.as_of.to_string(),
        id: id(run),
        figure: format!("a run of {}: {}", run.model, words(run)),
        value: format!("{} {}", run.value, run.quantity.as_str()),
        formula: None,
        evidence: vec![evidence(run)],
        notes: vec![format!(
            "measured by {}",
            match run.tier.as_str() {
                "A" => "who makes the model or the engine, or a test with its method told",
                "own" => "the asker, on this machine",
                _ => "a user, who reports it of himself",
            }
        )],
    })
}

/// `why quality/ID`.
pub fn of_loss(ctx: &Context, name: &str) -> Result<WhyReport, AppError> {
    let mut all = ctx.knowledge.catalog.losses.iter();
    let loss = all.find(|l| l.id == name).ok_or_else(|| {
        AppError::request(format!("there is no measured loss `{name}`"))
            .hint("catalog/quality holds them all")
    })?;
    let evidence = super::quality::evidence(loss);
    Ok(WhyReport {
        schema: crate::why::schema(),
        as_of: ctx.as_of.to_string(),
        id: evidence.id.clone(),
        figure: format!("what {} costs {}", loss.format, loss.model),
        value: evidence.fact.clone(),
        formula: None,
        evidence: vec![evidence],
        notes: Vec::new(),
    })
}

/// `why fit/MODEL/GPU`: the estimate for the usual work of the model, and the runs nearest to it.
pub fn of_estimate(
    ctx: &Context,
    request: &Request,
    model: &str,
    gpu: &str,
) -> Result<WhyReport, AppError> {
    let form = FitForm {
        model: model.to_owned(),
        studio: Request {
            gpu: Some(gpu.to_owned()),
            ..request.clone()
        },
        ..FitForm::default()
    };
    let report = fit(ctx, &form)?;
    let of = |what: &str, e: &maquette_core::report::fit::Estimate| {
        let shares = e.shares.as_ref().map(|s| format!(" ({s})"));
        format!(
            "{what} {} ({} to {}) {}: {}{}, {} measurement(s)",
            e.mid,
            e.low,
            e.high,
            e.unit,
            e.basis,
            shares.unwrap_or_default(),
            e.measurements
        )
    };
    let mut notes = vec![of("peak memory", &report.memory.peak)];
    notes.extend(report.time.iter().map(|t| of("time of one", &t.seconds)));
    notes.extend(report.energy.iter().map(|e| of("power", &e.watts)));
    notes.extend(report.notes);
    notes.push(format!(
        "maquette fit {model} --gpu {gpu} shows memory by phase; maquette accuracy how far such estimates lie off"
    ));
    Ok(WhyReport {
        schema: crate::why::schema(),
        as_of: report.as_of,
        id: format!("fit/{model}/{gpu}"),
        figure: format!("an estimate: {} on {}", report.model.name, report.machine.name),
        value: report.verdict,
        formula: Some(
            "the work's bytes over the memory's bandwidth and its operations over the matrix units' rate, times what measured runs alike teach".to_owned(),
        ),
        evidence: report.evidence,
        notes,
    })
}

//! `why`: from a printed figure to its inputs and their sources.
//!
//! `fal/flux.1-schnell#1` is a row of the catalog; `cheapest/images` is a cost of `choose`, reckoned
//! again from the same request; `evidence/…` is a measured run, `fit/MODEL/GPU` an estimate; derived.rs has the others.

pub mod derived;

use maquette_core::report::choose::StackReport;
use maquette_core::report::listing::WhyReport;
use maquette_core::{Basis, Evidence};

use crate::context::Context;
use crate::error::AppError;
use crate::license::FactsForm;
use crate::request::Request;
use crate::show::show;

pub fn why(ctx: &Context, request: &Request, id: &str) -> Result<WhyReport, AppError> {
    let stack = id.split('/').next().unwrap_or_default();
    if maquette_decide::stacks::Kind::ALL
        .iter()
        .any(|k| k.id() == stack)
    {
        return of_choice(&crate::choose(ctx, request)?, id);
    }
    if let Some(run) = id.strip_prefix("evidence/") {
        return crate::fit::why::of_run(ctx, run);
    }
    if let Some(loss) = id.strip_prefix("quality/") {
        return crate::fit::why::of_loss(ctx, loss);
    }
    if let Some(claim) = id.strip_prefix("claim/") {
        return crate::claims::why(ctx, id, claim);
    }
    if let Some(board) = id.strip_prefix("gap/") {
        return crate::gap::why::of_gap(ctx, id, board);
    }
    if let Some((subject, metric)) = id.split_once('#').filter(|(s, _)| s.contains(':')) {
        return of_reading(ctx, id, subject, metric);
    }
    if let Some((model, gpu)) = id
        .strip_prefix("fit/")
        .and_then(|rest| rest.split_once('/'))
    {
        return crate::fit::why::of_estimate(ctx, request, model, gpu);
    }
    if let Some(found) = derived::why(ctx, request, id) {
        return found;
    }
    of_row(ctx, id, &request.license_form()?)
}

/// A figure that a source stated on a day, and what others say of it.
fn of_reading(ctx: &Context, id: &str, subject: &str, metric: &str) -> Result<WhyReport, AppError> {
    let series = crate::observe::series::series(ctx, subject, metric, None, None)?;
    let Some(last) = series.points.last() else {
        return Err(AppError::data(format!("nothing was read of {id}")));
    };
    let value = last
        .value
        .clone()
        .unwrap_or_else(|| "no longer listed".to_owned());
    let of_day = |p: &&maquette_core::report::observe::SeriesPoint| p.day == last.day;
    let evidence = series.points.iter().filter(of_day).rev().map(|p| Evidence {
        id: id.to_owned(),
        fact: format!(
            "{} {}",
            p.value.as_deref().unwrap_or("no longer listed"),
            series.unit
        ),
        source: p.source_title.clone(),
        as_of: p.at.clone(),
        confidence: maquette_core::Confidence::Medium,
        basis: Basis::Published,
        note: Some(format!("origin: {}", p.origin)),
    });
    let conflicts = series.conflicts.iter().filter(|c| c.day == last.day);
    Ok(WhyReport {
        schema: schema(),
        as_of: series.as_of.clone(),
        id: id.to_owned(),
        figure: format!("{metric} of {subject}, as last read"),
        value: format!("{value} {}", series.unit).trim_end().to_owned(),
        formula: None,
        evidence: evidence.collect(),
        notes: conflicts
            .map(|c| format!("sources differ: {}; {}", c.values.join(", "), c.why))
            .chain([format!(
                "`maquette series {subject} {metric}` has every observation"
            )])
            .chain(series.attributions.clone())
            .collect(),
    })
}

/// A stack of that answer, or one of its choices.
pub(crate) fn of_choice(report: &StackReport, id: &str) -> Result<WhyReport, AppError> {
    let stack = id.split('/').next().unwrap_or_default();
    let Some(stack) = report.stacks.iter().find(|s| s.id == stack) else {
        return Err(AppError::request(format!("there is no stack `{stack}`")));
    };
    if id == stack.id {
        let total = stack.total.as_ref().ok_or_else(|| {
            AppError::request(format!("the stack `{id}` has no total"))
                .hint("maquette choose says why")
        })?;
        return Ok(WhyReport {
            schema: schema(),
            as_of: report.as_of.clone(),
            id: id.to_owned(),
            figure: format!("{}, a month", stack.title),
            value: if stack.unpriced.is_empty() {
                format!("{} {}", total.amount, total.currency)
            } else {
                format!("{} {} for a part of the work", total.amount, total.currency)
            },
            formula: Some(
                stack
                    .choices
                    .iter()
                    .map(|c| format!("{} {}", c.id, c.cost.amount))
                    .collect::<Vec<_>>()
                    .join(" + "),
            ),
            evidence: Vec::new(),
            notes: left_out(stack)
                .chain(
                    stack
                        .choices
                        .iter()
                        .map(|c| format!("maquette why {}", c.id)),
                )
                .collect(),
        });
    }
    let choice = stack.choices.iter().find(|c| c.id == id).ok_or_else(|| {
        let known: Vec<&str> = stack.choices.iter().map(|c| c.id.as_str()).collect();
        AppError::request(format!("there is no figure `{id}` in this answer")).hint(format!(
            "this stack has {}",
            if known.is_empty() {
                "none".to_owned()
            } else {
                known.join(", ")
            }
        ))
    })?;
    let mut notes = choice.warnings.clone();
    let verdict = &choice.license.verdict;
    notes.push(match choice.license.not_evaluated.as_str() {
        "" => format!("license: {verdict}"),
        left => format!("license: {verdict} (not evaluated: {left})"),
    });
    Ok(WhyReport {
        schema: schema(),
        as_of: report.as_of.clone(),
        id: id.to_owned(),
        figure: format!(
            "{} by {} via {}",
            choice.demand, choice.model_name, choice.via
        ),
        value: format!("{} {}", choice.cost.amount, choice.cost.currency),
        formula: Some(choice.formula.clone()),
        evidence: choice.evidence.clone(),
        notes,
    })
}

fn left_out(stack: &maquette_core::report::choose::Stack) -> impl Iterator<Item = String> {
    stack
        .unpriced
        .iter()
        .map(|u| format!("left out: {}: {}", u.demand, u.reason))
}

/// A row of the catalog, or all rows of a thing.
fn of_row(ctx: &Context, id: &str, form: &FactsForm) -> Result<WhyReport, AppError> {
    if let Some(rest) = id.strip_prefix("conversion/") {
        return of_conversion(ctx, id, rest);
    }
    if let Some(rest) = id.strip_prefix("exchange/") {
        return of_exchange(ctx, id, rest);
    }
    let thing = id.split('#').next().unwrap_or(id);
    let shown = show(ctx, thing, form)?;
    let facts: Vec<_> = shown
        .sections
        .iter()
        .flat_map(|s| &s.facts)
        .filter(|f| f.source.is_some())
        .collect();
    let wanted: Vec<_> = if thing == id {
        facts
    } else {
        let one = facts
            .iter()
            .find(|f| f.id.as_deref() == Some(id))
            .ok_or_else(|| {
                let near =
                    maquette_core::names::nearest(id, facts.iter().filter_map(|f| f.id.as_deref()));
                let message = format!(
                    "there is no figure `{id}`{}",
                    maquette_core::names::did_you_mean(&near)
                );
                AppError::request(message).hint(format!("maquette show {thing}"))
            })?;
        vec![*one]
    };
    let value = match wanted.as_slice() {
        [one] => one.value.clone(),
        many => format!("{} facts", many.len()),
    };
    Ok(WhyReport {
        schema: schema(),
        as_of: ctx.as_of.to_string(),
        id: id.to_owned(),
        figure: format!("{} {}", shown.kind, shown.title),
        value,
        formula: None,
        evidence: wanted
            .iter()
            .map(|f| Evidence {
                id: f.id.clone().unwrap_or_else(|| id.to_owned()),
                fact: format!("{}: {}", f.label, f.value),
                source: f.source.clone().unwrap_or_default(),
                as_of: f.as_of.clone().unwrap_or_default(),
                confidence: confidence(f.confidence.as_deref()),
                basis: if f.id.as_deref().is_some_and(|i| i.contains("#timing")) {
                    Basis::Measured
                } else {
                    Basis::Published
                },
                note: None,
            })
            .collect(),
        notes: vec![format!("maquette show {thing}")],
    })
}

fn confidence(word: Option<&str>) -> maquette_core::Confidence {
    use maquette_core::Confidence::{Conflict, High, Low, Medium};
    match word {
        Some("high") => High,
        Some("low") => Low,
        Some("conflict") => Conflict,
        _ => Medium,
    }
}

fn of_conversion(ctx: &Context, id: &str, name: &str) -> Result<WhyReport, AppError> {
    let all = &ctx.knowledge.catalog.conversions;
    let c = all.iter().find(|c| c.id == name).ok_or_else(|| {
        let near = maquette_core::names::nearest(name, all.iter().map(|c| c.id.as_str()));
        AppError::request(format!(
            "there is no conversion `{name}`{}",
            maquette_core::names::did_you_mean(&near)
        ))
    })?;
    Ok(WhyReport {
        schema: schema(),
        as_of: ctx.as_of.to_string(),
        id: id.to_owned(),
        figure: format!("{} in {}", c.from, c.to),
        value: format!(
            "{} ({} to {})",
            c.mid.normalize(),
            c.low.normalize(),
            c.high.normalize()
        ),
        formula: None,
        evidence: vec![maquette_decide::facts::conversion(c)],
        notes: vec![c.basis.clone()],
    })
}

fn of_exchange(ctx: &Context, id: &str, pair: &str) -> Result<WhyReport, AppError> {
    let rows: Vec<Evidence> = ctx
        .knowledge
        .catalog
        .exchange
        .iter()
        .filter(|x| format!("{}-{}", x.from, x.to).eq_ignore_ascii_case(pair))
        .map(maquette_decide::facts::exchange)
        .collect();
    if rows.is_empty() {
        return Err(
            AppError::request(format!("there is no rate of exchange `{pair}`"))
                .hint("write it as EUR-USD"),
        );
    }
    Ok(WhyReport {
        schema: schema(),
        as_of: ctx.as_of.to_string(),
        id: id.to_owned(),
        figure: format!("rate of exchange {pair}"),
        value: format!("{} rate(s)", rows.len()),
        formula: None,
        evidence: rows,
        notes: vec!["the rate nearest to the day asked for is used".to_owned()],
    })
}

pub(crate) fn schema() -> String {
    "maquette.why/1".to_owned()
}

//! `why gap/BOARD`: both ratings, how the openness of each is known, and the formula.

use maquette_core::report::gap::GapSide;
use maquette_core::report::listing::WhyReport;
use maquette_core::{Basis, Confidence, Evidence};

use super::{Ask, gap};
use crate::context::Context;
use crate::error::AppError;
use crate::license::FactsForm;

pub fn of_gap(ctx: &Context, id: &str, board: &str) -> Result<WhyReport, AppError> {
    let ask = Ask {
        boards: vec![board.to_owned()],
        ..Ask::default()
    };
    let report = gap(ctx, &ask, &FactsForm::default())?;
    let Some(line) = report.boards.first() else {
        return Err(AppError::data(format!("nothing was read of {board}")));
    };
    let reading = &line.reading;
    let Some(points) = reading.gap else {
        return Err(
            AppError::data(format!("{board} has one side alone: there is no gap"))
                .hint(line.one_sided.clone().unwrap_or_default()),
        );
    };
    let mut evidence = Vec::new();
    for side in [&reading.closed, &reading.open].into_iter().flatten() {
        let half = side.half.map_or(String::new(), |h| format!(" ± {h} (95%)"));
        evidence.push(Evidence {
            id: format!("arena:{board}/{}#score", side.name),
            fact: format!("{} is rated {}{half}", side.name, side.rating),
            source: reading.source_title.clone(),
            as_of: reading.day.clone(),
            confidence: Confidence::Medium,
            basis: Basis::Published,
            note: None,
        });
        evidence.push(openness(ctx, side));
    }
    let interval = match (reading.low, reading.mid, reading.high) {
        (Some(l), Some(m), Some(h)) => format!("; bootstrap 5% {l}, 50% {m}, 95% {h}"),
        _ => String::new(),
    };
    Ok(WhyReport {
        schema: crate::why::schema(),
        as_of: report.as_of.clone(),
        id: id.to_owned(),
        figure: format!("best closed less best open on {}", line.title),
        value: format!("{points} points{interval}"),
        formula: Some(
            "max rating(closed) − max rating(open); interval: 10,000 draws of every rating from \
             N(rating, (half/1.96)²), difference of the maxima; chance = 1/(1+10^(gap/400))"
                .to_owned(),
        ),
        evidence,
        notes: [line.grade_why.clone()]
            .into_iter()
            .chain(line.unknown.iter().map(|u| format!("not known: {u}")))
            .chain(report.attributions.clone())
            .collect(),
    })
}

/// How it is known on which side a name stands.
fn openness(ctx: &Context, side: &GapSide) -> Evidence {
    let catalog = &ctx.knowledge.catalog;
    // The catalog's own models are dated one by one, the other names of a board together.
    let by_catalog = side
        .model
        .as_ref()
        .filter(|_| side.basis == "catalog")
        .and_then(|id| catalog.models.iter().find(|m| m.id == *id))
        .map(|m| m.as_of.to_string());
    let read = by_catalog.or_else(|| catalog.boards.names_read.map(|d| d.to_string()));
    let license = side
        .license
        .as_ref()
        .map_or(String::new(), |l| format!(", {l}"));
    Evidence {
        id: side.model.clone().unwrap_or_else(|| side.name.clone()),
        fact: format!("whether {} has open weights{license}", side.name),
        source: side.source.clone().unwrap_or_default(),
        as_of: read.unwrap_or_else(|| "not dated".to_owned()),
        confidence: match side.basis.as_str() {
            "catalog" | "read" => Confidence::High,
            _ => Confidence::Low,
        },
        basis: match side.basis.as_str() {
            "line" => Basis::Assumed,
            _ => Basis::Published,
        },
        note: side.note.clone(),
    }
}

//! What the derived figures of a report rest on: a tariff of `break-even`, a share of licenses, a forecaster's
//! score, a question of the ledger. Reckoned again when asked alone, taken from the report where it is at hand.

use maquette_catalog::schema::model::Openness;
use maquette_core::report::break_even::BreakEvenReport;
use maquette_core::report::listing::WhyReport;
use maquette_core::report::predictions::{PredictionsReport, QuestionLine};
use maquette_core::{Basis, Confidence, Evidence, Modality, names};

use super::schema;
use crate::context::Context;
use crate::error::AppError;
use crate::request::Request;

/// `break-even/MODALITY/TARIFF`, `license-shares/CLASS`, `score/BY`, `prediction/ID`; `None` for any other id.
pub fn why(ctx: &Context, request: &Request, id: &str) -> Option<Result<WhyReport, AppError>> {
    if let Some((modality, _)) = id
        .strip_prefix("break-even/")
        .and_then(|r| r.split_once('/'))
    {
        let report = modality
            .parse::<Modality>()
            .map_err(AppError::request)
            .and_then(|m| crate::break_even(ctx, request, m, None));
        return Some(report.and_then(|r| tariff(&r, id)));
    }
    if let Some(class) = id.strip_prefix("license-shares/") {
        return Some(share(ctx, id, class));
    }
    if id.starts_with("score/") || id.starts_with("prediction/") {
        let report = crate::predictions::predictions(ctx, &crate::predictions::Filter::default());
        return Some(report.and_then(|r| foretold(&r, id)));
    }
    None
}

/// A tariff of a break-even: what it costs from which volume on.
pub fn tariff(report: &BreakEvenReport, id: &str) -> Result<WhyReport, AppError> {
    let of = |t: &str| format!("break-even/{}/{t}", report.modality);
    let found = report.tariffs.iter().find(|t| of(&t.id) == id);
    let t = found.ok_or_else(|| {
        let all: Vec<String> = report.tariffs.iter().map(|t| of(&t.id)).collect();
        unknown(id, &all)
    })?;
    let pieces: Vec<String> = t
        .pieces
        .iter()
        .map(|p| {
            format!(
                "from {} on: {} {} + {} {} each",
                p.start, p.at_start.amount, p.at_start.currency, p.slope.amount, p.slope.currency
            )
        })
        .collect();
    Ok(WhyReport {
        schema: schema(),
        as_of: report.as_of.clone(),
        id: id.to_owned(),
        figure: format!("{} a month by {} ({})", report.unit, t.name, t.channel),
        value: pieces.join("; "),
        formula: Some("at the start of a piece + (volume − start) × slope".to_owned()),
        evidence: t.evidence.clone(),
        notes: vec![format!(
            "maquette break-even --modality {}",
            report.modality
        )],
    })
}

/// The open models of a class of license, each with where its license stands.
fn share(ctx: &Context, id: &str, class: &str) -> Result<WhyReport, AppError> {
    let catalog = &ctx.knowledge.catalog;
    let of = |license: Option<&str>| {
        let found = catalog
            .licenses
            .iter()
            .find(|l| Some(l.id.as_str()) == license);
        found.map_or_else(|| "not known".to_owned(), |l| l.class.to_string())
    };
    let models: Vec<_> = catalog
        .models
        .iter()
        .filter(|m| {
            m.openness == Openness::Open && m.released.is_some_and(|r| r.last() <= ctx.as_of)
        })
        .filter(|m| of(m.license.as_deref()) == class)
        .collect();
    if models.is_empty() {
        let mut all: Vec<String> = catalog
            .models
            .iter()
            .map(|m| format!("license-shares/{}", of(m.license.as_deref())))
            .collect();
        all.sort();
        all.dedup();
        return Err(unknown(id, &all));
    }
    Ok(WhyReport {
        schema: schema(),
        as_of: ctx.as_of.to_string(),
        id: id.to_owned(),
        figure: format!("open models under a license of the kind {class}"),
        value: format!("{} models by {}", models.len(), ctx.as_of),
        formula: Some("models of the catalog released by the day, by the class of their license; downloads are those of their repositories, each once".to_owned()),
        evidence: models
            .iter()
            .map(|m| Evidence {
                id: m.id.clone(),
                fact: format!(
                    "{}: {}, released {}",
                    m.name,
                    m.license.as_deref().unwrap_or("not known"),
                    m.released.map_or(String::new(), |r| r.to_string())
                ),
                source: m.license_source.clone().unwrap_or_else(|| m.source.clone()),
                as_of: m.as_of.to_string(),
                confidence: m.confidence,
                basis: Basis::Published,
                note: None,
            })
            .collect(),
        notes: vec!["maquette licenses".to_owned()],
    })
}

/// A score: the questions that it is of; a question: what settled it.
pub fn foretold(report: &PredictionsReport, id: &str) -> Result<WhyReport, AppError> {
    let all: Vec<String> = report
        .scores
        .iter()
        .map(|s| format!("score/{}", s.by))
        .chain(
            report
                .questions
                .iter()
                .map(|q| format!("prediction/{}", q.id)),
        )
        .collect();
    let why = |figure: String, value: String, formula: Option<&str>, evidence| WhyReport {
        schema: schema(),
        as_of: report.as_of.clone(),
        id: id.to_owned(),
        figure,
        value,
        formula: formula.map(str::to_owned),
        evidence,
        notes: vec!["maquette predictions".to_owned()],
    };
    if let Some(s) = report
        .scores
        .iter()
        .find(|s| format!("score/{}", s.by) == id)
    {
        let of = report.questions.iter().flat_map(|q| {
            let mine = q
                .forecasts
                .iter()
                .filter(|f| f.by == s.by && f.brier.is_some());
            mine.map(move |f| {
                let fact = format!(
                    "{}: {} was given {}, it came out {}",
                    q.id, s.by, f.probability, q.status
                );
                said(q, fact, Some(f.basis.clone()))
            })
        });
        return Ok(why(
            format!("score of {} over {} resolved questions", s.by, s.n),
            format!(
                "Brier {}, log {} (base rate {} and {})",
                s.brier, s.log, s.base_brier, s.base_log
            ),
            Some(
                "Brier: mean of (probability − outcome)²; log: mean of −ln of what was given to what came out",
            ),
            of.collect(),
        ));
    }
    let question = report
        .questions
        .iter()
        .find(|q| format!("prediction/{}", q.id) == id);
    let q = question.ok_or_else(|| unknown(id, &all))?;
    let mut evidence = vec![said(q, format!("asked: {}", q.text), q.reading.clone())];
    if let Some(because) = &q.because {
        evidence.push(Evidence {
            source: if q.evidence.is_empty() {
                q.source.clone()
            } else {
                q.evidence.join("; ")
            },
            as_of: q.settled.clone().unwrap_or_default(),
            ..said(q, because.clone(), None)
        });
    }
    Ok(why(q.text.clone(), q.status.clone(), None, evidence))
}

fn said(q: &QuestionLine, fact: String, note: Option<String>) -> Evidence {
    Evidence {
        id: format!("prediction/{}", q.id),
        fact,
        source: q.source.clone(),
        as_of: q.recorded.clone(),
        confidence: Confidence::Medium,
        basis: Basis::Published,
        note,
    }
}

fn unknown(id: &str, all: &[String]) -> AppError {
    let near = names::nearest(id, all.iter().map(String::as_str));
    AppError::request(format!(
        "there is no figure `{id}`{}",
        names::did_you_mean(&near)
    ))
}

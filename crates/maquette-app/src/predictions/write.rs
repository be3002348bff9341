//! Lines that a user adds to the own ledger: a question, a forecast, an outcome.

use jiff::civil::Date;
use maquette_core::names;
use maquette_core::report::predictions::{QuestionLine, WrittenReport};

use super::ledger::{self, Ledger, Outcome, Question, Said, append};
use super::{own, questions};
use crate::context::Context;
use crate::error::AppError;

/// Who forecasts where nobody is named.
pub const SELF: &str = "me";

/// A new question, with a first forecast where one is given.
#[derive(Debug, Clone)]
pub struct New {
    pub id: String,
    pub text: String,
    pub deadline: Date,
    pub source: String,
    pub fallback: Option<String>,
    pub annul: Option<String>,
    pub reading: Option<String>,
    pub claim: Option<String>,
    pub of: Option<String>,
    pub stated: Option<Date>,
    pub base_rate: Option<f64>,
    pub by: Option<String>,
}

pub fn ask(ctx: &Context, new: &New) -> Result<WrittenReport, AppError> {
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if new.id.is_empty() || !new.id.chars().all(word) {
        return Err(
            AppError::request(format!("`{}` cannot name a prediction", new.id))
                .hint("small letters, digits and hyphens, such as open-video-leads"),
        );
    }
    if new.deadline < ctx.as_of {
        return Err(AppError::request(format!(
            "the deadline {} lies before {}: what is past is not foretold",
            new.deadline, ctx.as_of
        )));
    }
    for (what, text) in [("question", &new.text), ("source", &new.source)] {
        if text.trim().is_empty() {
            return Err(AppError::request(format!("a prediction needs a {what}")));
        }
    }
    new.base_rate
        .map_or(Ok(()), |p| probability(p).map(|_| ()))?;
    let said = Said::Question(Box::new(Question {
        id: new.id.clone(),
        of: new.of.clone(),
        stated: new.stated,
        claim: new.claim.clone(),
        reading: new.reading.clone(),
        main: true,
        text: new.text.clone(),
        deadline: new.deadline,
        source: new.source.clone(),
        fallback: new.fallback.clone(),
        annul: new.annul.clone(),
        base_rate: new.base_rate,
        by: new.by.clone().unwrap_or_else(|| SELF.to_owned()),
    }));
    let id = new.id.as_str();
    written(ctx, said, format!("asked `{id}`"), |all| {
        if all.iter().any(|q| q.id == id) {
            return Err(AppError::request(format!("`{id}` is asked already"))
                .hint("a question is never edited: ask another, or annul that one"));
        }
        Ok(())
    })
}

pub fn forecast(
    ctx: &Context,
    id: &str,
    p: f64,
    by: Option<&str>,
    why: Option<&str>,
) -> Result<WrittenReport, AppError> {
    let said = Said::Forecast {
        id: id.to_owned(),
        by: by.unwrap_or(SELF).to_owned(),
        made: ctx.as_of,
        probability: probability(p)?,
        basis: Some("published".to_owned()),
        why: why.map(str::to_owned),
    };
    written(ctx, said, format!("gave `{id}` {p}"), |all| {
        open(all, id).map(|_| ())
    })
}

pub fn resolve(
    ctx: &Context,
    id: &str,
    outcome: Outcome,
    because: &str,
    evidence: &[String],
) -> Result<WrittenReport, AppError> {
    if evidence.is_empty() {
        return Err(AppError::request("an outcome needs evidence")
            .hint("--evidence LINK-OR-FILE, as often as there is"));
    }
    let said = Said::Resolution {
        id: id.to_owned(),
        outcome,
        because: because.to_owned(),
        evidence: evidence.to_vec(),
    };
    let day = ctx.as_of;
    written(ctx, said, format!("resolved `{id}`"), |all| {
        let q = open(all, id)?;
        // "No" is known when the time is up; "yes" may be known before.
        let over = q.deadline.parse::<Date>().is_ok_and(|d| d < day);
        if outcome == Outcome::No && !over {
            return Err(AppError::request(format!(
                "`{id}` is open until {}: it cannot have failed yet",
                q.deadline
            )));
        }
        Ok(())
    })
}

pub fn annul(
    ctx: &Context,
    id: &str,
    because: &str,
    evidence: &[String],
) -> Result<WrittenReport, AppError> {
    let said = Said::Annulment {
        id: id.to_owned(),
        because: because.to_owned(),
        evidence: evidence.to_vec(),
    };
    written(ctx, said, format!("annulled `{id}`"), |all| {
        open(all, id).map(|_| ())
    })
}

pub fn note(
    ctx: &Context,
    id: &str,
    because: &str,
    evidence: &[String],
) -> Result<WrittenReport, AppError> {
    let said = Said::Standing {
        id: id.to_owned(),
        because: because.to_owned(),
        evidence: evidence.to_vec(),
    };
    written(ctx, said, format!("noted how `{id}` stands"), |all| {
        open(all, id).map(|_| ())
    })
}

fn probability(p: f64) -> Result<f64, AppError> {
    if (0.0..=1.0).contains(&p) {
        Ok(p)
    } else {
        Err(AppError::request(format!("{p} is no probability")).hint("from 0 to 1, such as 0.35"))
    }
}

/// A question that is not settled.
fn open<'a>(all: &'a [QuestionLine], id: &str) -> Result<&'a QuestionLine, AppError> {
    let Some(q) = all.iter().find(|q| q.id == id) else {
        let near = names::nearest(id, all.iter().map(|q| q.id.as_str()));
        let message = format!(
            "there is no prediction `{id}`{}",
            names::did_you_mean(&near)
        );
        return Err(AppError::request(message).hint("`maquette predictions` lists them"));
    };
    match &q.settled {
        None => Ok(q),
        Some(day) => Err(
            AppError::request(format!("`{id}` was settled on {day}: {}", q.status))
                .hint("an outcome is never edited; nothing was written"),
        ),
    }
}

fn written(
    ctx: &Context,
    said: Said,
    did: String,
    allowed: impl FnOnce(&[QuestionLine]) -> Result<(), AppError>,
) -> Result<WrittenReport, AppError> {
    let path = own(ctx)?;
    let day = ctx.as_of;
    let (line, hash) = append(&path, day, said, |own: &Ledger| {
        if let Some(last) = own.entries.last().filter(|e| e.day > day) {
            return Err(AppError::request(format!(
                "the ledger has a line of {}, which lies after {day}",
                last.day
            ))
            .hint("lines are written in the order of days; leave --as-of out"));
        }
        let embedded = ledger::read("embedded", maquette_know::predictions());
        let all = questions(&[embedded, own.clone()], day, &mut Vec::new());
        allowed(&all)
    })?;
    Ok(WrittenReport {
        schema: "maquette.prediction-written/1".to_owned(),
        ledger: path.display().to_string(),
        line,
        hash,
        did,
    })
}

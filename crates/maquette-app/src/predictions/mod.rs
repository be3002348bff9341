//! `predictions`: what was foretold, by whom, with which probability, and how it came out. The program
//! carries a ledger; the user's own stands beside it.

pub mod ledger;
pub mod write;

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;
use maquette_core::report::predictions::{
    ForecastLine, LedgerLine, PredictionsReport, QuestionLine, ScoreLine,
};
use maquette_core::{days_between, names};
use maquette_stats::score::{Resolved, score};

use self::ledger::{Entry, Ledger, Outcome, Question, Said};
use crate::context::Context;
use crate::error::AppError;

/// Days before a deadline from which a question is shown as coming due.
const SOON: i64 = 60;
/// Resolved questions below which a score says nothing of skill.
const FEW: usize = 30;
/// Where a question states no base rate.
const COIN: f64 = 0.5;

/// What is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only what is due, or will be within 60 days.
    pub due: bool,
    /// One question, or all of a claim (`article-2026-03/1`).
    pub id: Option<String>,
}

/// The embedded ledger, then the user's.
pub(crate) fn ledgers(ctx: &Context) -> Result<Vec<Ledger>, AppError> {
    let mut out = vec![ledger::read("embedded", maquette_know::predictions())];
    // None yet: nothing to tell of.
    if let Ok(path) = own(ctx)
        && path.exists()
    {
        out.push(ledger::load(&path)?);
    }
    Ok(out)
}

/// Where the user's ledger lies.
pub(crate) fn own(ctx: &Context) -> Result<PathBuf, AppError> {
    Ok(ctx.data_dir()?.join("predictions.jsonl"))
}

pub fn predictions(ctx: &Context, filter: &Filter) -> Result<PredictionsReport, AppError> {
    let ledgers = ledgers(ctx)?;
    let mut notes = Vec::new();
    let mut questions = questions(&ledgers, ctx.as_of, &mut notes);
    let scores = scores(&ledgers, &questions);
    if let Some(id) = &filter.id {
        let is = |q: &QuestionLine| q.id == *id || q.of.as_deref() == Some(id);
        if !questions.iter().any(is) {
            let near = names::nearest(id, questions.iter().map(|q| q.id.as_str()));
            let message = format!(
                "there is no prediction `{id}`{}",
                names::did_you_mean(&near)
            );
            return Err(AppError::request(message).hint("`maquette predictions` lists them"));
        }
        questions.retain(is);
    }
    if filter.due {
        questions.retain(|q| q.status == "due" || (q.status == "open" && q.days_left <= SOON));
    }
    if scores.iter().any(|s| s.n < FEW) {
        notes.push(format!(
            "fewer than {FEW} resolved questions say nothing of a forecaster's skill"
        ));
    }
    Ok(PredictionsReport {
        schema: "maquette.predictions/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        ledgers: ledgers
            .iter()
            .map(|l| LedgerLine {
                ledger: l.name.clone(),
                lines: until(l, ctx.as_of).count(),
                head: until(l, ctx.as_of).last().map(|e| e.hash.clone()),
                problems: l.problems.clone(),
            })
            .collect(),
        questions,
        scores,
        notes,
    })
}

fn until(ledger: &Ledger, day: Date) -> impl Iterator<Item = &Entry> {
    ledger.entries.iter().filter(move |e| e.day <= day)
}

/// Every question with what was said of it by a day. A second outcome is told and changes nothing.
pub(crate) fn questions(
    ledgers: &[Ledger],
    as_of: Date,
    notes: &mut Vec<String>,
) -> Vec<QuestionLine> {
    let mut out: Vec<QuestionLine> = Vec::new();
    for ledger in ledgers {
        for entry in until(ledger, as_of) {
            if let Said::Question(q) = &entry.said {
                if out.iter().any(|o| o.id == q.id) {
                    notes.push(format!(
                        "line {} of {}: `{}` is asked already; the first stands",
                        entry.n, ledger.name, q.id
                    ));
                } else {
                    out.push(asked(q, entry.day, &ledger.name, as_of));
                }
            }
        }
    }
    for ledger in ledgers {
        for entry in until(ledger, as_of) {
            let Some(q) = out.iter_mut().find(|q| q.id == entry.said.id()) else {
                notes.push(format!(
                    "line {} of {}: nobody asks `{}`",
                    entry.n,
                    ledger.name,
                    entry.said.id()
                ));
                continue;
            };
            if let Err(why) = said(q, entry) {
                notes.push(format!("line {} of {}: {why}", entry.n, ledger.name));
            }
        }
    }
    for q in &mut out {
        if q.status == "open" && q.days_left < 0 {
            "due".clone_into(&mut q.status);
        }
        let yes = match q.status.as_str() {
            "yes" => true,
            "no" => false,
            _ => continue,
        };
        for f in &mut q.forecasts {
            let one = score(&[Resolved {
                probability: f.probability,
                yes,
            }]);
            f.brier = one.map(|s| thousandth(s.brier));
            f.log = one.map(|s| thousandth(s.log));
        }
    }
    out.sort_by(|a, b| (&a.deadline, &a.id).cmp(&(&b.deadline, &b.id)));
    out
}

fn asked(q: &Question, day: Date, ledger: &str, as_of: Date) -> QuestionLine {
    QuestionLine {
        id: q.id.clone(),
        of: q.of.clone(),
        claim: q.claim.clone(),
        reading: q.reading.clone(),
        main: q.main,
        text: q.text.clone(),
        deadline: q.deadline.to_string(),
        source: q.source.clone(),
        fallback: q.fallback.clone(),
        annul: q.annul.clone(),
        by: q.by.clone(),
        recorded: day.to_string(),
        stated: q.stated.map(|d| d.to_string()),
        forecasts: Vec::new(),
        status: "open".to_owned(),
        days_left: days_between(as_of, q.deadline),
        settled: None,
        because: None,
        evidence: Vec::new(),
        ledger: ledger.to_owned(),
    }
}

fn said(q: &mut QuestionLine, entry: &Entry) -> Result<(), String> {
    let mut settle = |status: &str, because: &str, evidence: &[String]| {
        if let Some(day) = &q.settled {
            return Err(format!(
                "`{}` was settled on {day} ({}); that stands",
                q.id, q.status
            ));
        }
        status.clone_into(&mut q.status);
        q.settled = Some(entry.day.to_string());
        q.because = Some(because.to_owned());
        q.evidence = evidence.to_vec();
        Ok(())
    };
    match &entry.said {
        Said::Question(_) => Ok(()),
        Said::Forecast {
            by,
            made,
            probability,
            basis,
            why,
            ..
        } => {
            if !(0.0..=1.0).contains(probability) {
                return Err(format!("{probability} is no probability"));
            }
            q.forecasts.push(ForecastLine {
                by: by.clone(),
                made: made.to_string(),
                probability: *probability,
                basis: basis.clone().unwrap_or_else(|| "published".to_owned()),
                why: why.clone(),
                brier: None,
                log: None,
            });
            Ok(())
        }
        Said::Resolution {
            outcome,
            because,
            evidence,
            ..
        } => {
            let word = match outcome {
                Outcome::Yes => "yes",
                Outcome::No => "no",
            };
            settle(word, because, evidence)
        }
        Said::Annulment {
            because, evidence, ..
        } => settle("annulled", because, evidence),
        Said::Standing {
            because, evidence, ..
        } => {
            if q.settled.is_none() {
                q.because = Some(because.clone());
                evidence.clone_into(&mut q.evidence);
            }
            Ok(())
        }
    }
}

fn thousandth(x: f64) -> f64 {
    (x * 1000.0).round() / 1000.0
}

/// The score of each forecaster, beside that of the base rate on the same questions.
fn scores(ledgers: &[Ledger], questions: &[QuestionLine]) -> Vec<ScoreLine> {
    let base: BTreeMap<&str, f64> = ledgers
        .iter()
        .flat_map(|l| &l.entries)
        .filter_map(|e| match &e.said {
            Said::Question(q) => Some((q.id.as_str(), q.base_rate?)),
            _ => None,
        })
        .collect();
    let mut by: BTreeMap<&str, (Vec<Resolved>, Vec<Resolved>)> = BTreeMap::new();
    for q in questions {
        let yes = match q.status.as_str() {
            "yes" => true,
            "no" => false,
            _ => continue,
        };
        let mut last: BTreeMap<&str, &ForecastLine> = BTreeMap::new();
        for f in &q.forecasts {
            last.insert(&f.by, f);
        }
        for (who, f) in last {
            let (own, of_base) = by.entry(who).or_default();
            own.push(Resolved {
                probability: f.probability,
                yes,
            });
            of_base.push(Resolved {
                probability: base.get(q.id.as_str()).copied().unwrap_or(COIN),
                yes,
            });
        }
    }
    by.into_iter()
        .filter_map(|(who, (own, of_base))| {
            let (own, of_base) = (score(&own)?, score(&of_base)?);
            Some(ScoreLine {
                by: who.to_owned(),
                n: own.n,
                brier: thousandth(own.brier),
                log: thousandth(own.log),
                base_brier: thousandth(of_base.brier),
                base_log: thousandth(of_base.log),
                brier_skill: (of_base.brier > 0.0)
                    .then(|| thousandth(1.0 - own.brier / of_base.brier)),
                said: match own.brier.total_cmp(&of_base.brier) {
                    std::cmp::Ordering::Less => "better than the base rate",
                    std::cmp::Ordering::Equal => "as good as the base rate",
                    std::cmp::Ordering::Greater => "worse than the base rate",
                }
                .to_owned(),
            })
        })
        .collect()
}

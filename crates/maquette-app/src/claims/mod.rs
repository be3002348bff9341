//! `claims`: the checkable sentences of an edition, re-derived from the store and the catalog.
//!
//! A claim has readings, each a formula. Over those that do not contradict the sentence: all hold, it holds; one holds
//! and another fails or cannot be known, it holds under that reading; none holds and one fails, it fails; otherwise nobody
//! can check it. A premise that does not hold makes "holds under a reading" of "holds". No verdict is written down.

mod catalog;
mod engine;
mod expr;
mod form;
mod observed;
pub mod printed;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use maquette_core::names;
use maquette_core::report::claims::{ClaimLine, ClaimsReport, ReadingOutcome};
use maquette_core::report::listing::WhyReport;
use maquette_core::{Basis, Confidence, Evidence};
use rust_decimal::Decimal;

use self::expr::{Found, Lack, Value, evaluate};
use self::form::{Claim, Claims, Decide, Printed, Reading};
use self::world::{Ground, Shared};
use crate::context::Context;
use crate::error::{AppError, Kind, Picture};

/// What is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// `2026-03` where it is left out.
    pub edition: Option<String>,
    /// A file of the user's own, with its text.
    pub file: Option<(PathBuf, String)>,
    pub verdict: Option<Verdict>,
    /// Names of claims, or words of parts and sentences.
    pub find: Vec<String>,
}

maquette_core::words! {
    Verdict {
        Holds = "holds",
        UnderAReading = "holds-under-a-reading",
        Fails = "fails",
        NotCheckable = "not-checkable",
    }
}

/// The file of an edition, read.
fn edition(asked: Option<&str>) -> Result<Claims, AppError> {
    let editions = maquette_know::claims();
    let asked = asked.unwrap_or_else(|| editions.last().map_or("", |(id, _)| *id));
    let Some((_, text)) = editions.iter().find(|(id, _)| *id == asked) else {
        let ids: Vec<&str> = editions.iter().map(|(id, _)| *id).collect();
        let near = names::nearest(asked, ids.iter().copied());
        let message = format!(
            "there are no claims of `{asked}`{}",
            names::did_you_mean(&near)
        );
        return Err(AppError::request(message).hint(format!("editions: {}", ids.join(", "))));
    };
    toml::from_str(text).map_err(|e| mistake(format!("claims/{asked}.toml: {}", e.message())))
}

/// Editions whose claims the program carries.
pub fn editions() -> Vec<&'static str> {
    maquette_know::claims().iter().map(|(id, _)| *id).collect()
}

/// The day that such an edition speaks of.
pub fn edition_day(id: &str) -> Result<Option<Date>, AppError> {
    if !editions().contains(&id) {
        return Ok(None);
    }
    Ok(Some(edition(Some(id))?.day))
}

/// A file of the user's own, with the line that does not read.
fn own(path: &Path, text: &str) -> Result<Claims, AppError> {
    toml::from_str(text).map_err(|e| {
        let mut error = AppError::request(format!("the claims in {} do not read", path.display()))
            .because(e.message().to_owned());
        error.pictures.extend(e.span().map(|span| Picture {
            path: path.display().to_string(),
            text: text.to_owned(),
            span,
            label: e.message().to_owned(),
        }));
        error
    })
}

/// A mistake in the file that the program carries.
fn mistake(message: String) -> AppError {
    AppError {
        kind: Kind::Internal,
        ..AppError::request(message)
    }
}

pub fn claims(ctx: &Context, filter: &Filter) -> Result<ClaimsReport, AppError> {
    let claims = match &filter.file {
        Some((path, text)) => own(path, text)?,
        None => edition(filter.edition.as_deref())?,
    };
    let wrong = |why: String| match &filter.file {
        Some((path, _)) => AppError::request(format!("{}: {why}", path.display())),
        None => mistake(why),
    };
    let then = crate::observe::conflicts::laid_over(ctx.on(claims.day)?)?;
    let shared = Shared::new(ctx, &then, &claims);
    let wanted: Vec<&Claim> = claims
        .claim
        .iter()
        .filter(|c| filter.find.is_empty() || filter.find.iter().any(|w| asked_for(c, &claims, w)))
        .collect();
    if wanted.is_empty() {
        let near = names::nearest(&filter.find[0], claims.claim.iter().map(|c| c.id.as_str()));
        let message = format!(
            "no claim has `{}`{}",
            filter.find.join(" "),
            names::did_you_mean(&near)
        );
        return Err(AppError::request(message).hint("`maquette claims` lists them"));
    }
    // Premises are judged with what stands on them.
    let mut judge: Vec<&Claim> = wanted.clone();
    let mut at = 0;
    while let Some(claim) = judge.get(at).copied() {
        for c in claims
            .claim
            .iter()
            .filter(|c| claim.depends_on.contains(&c.id))
        {
            if !judge.iter().any(|j| j.id == c.id) {
                judge.push(c);
            }
        }
        at += 1;
    }
    let mut lines = Vec::new();
    for claim in judge {
        lines.push(judged(&shared, claim).map_err(wrong)?);
    }
    stand_on(&mut lines);
    lines.truncate(wanted.len());
    lines.retain(|l| filter.verdict.is_none_or(|v| v.as_str() == l.verdict));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for line in &lines {
        *counts.entry(line.verdict.clone()).or_default() += 1;
    }
    let attributions = attributions(ctx, &lines)?;
    Ok(ClaimsReport {
        schema: "maquette.claims/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        edition: claims.edition.clone(),
        title: claims.title.clone(),
        day: claims.day.to_string(),
        counts,
        claims: lines,
        notes: vec![
            "sentences are in our words; what a reading contradicts in the sentence is shown and does not count".to_owned(),
            crate::license::NOT_ADVICE.to_owned(),
        ],
        attributions,
    })
}

/// A claim by its name or id, or by a word of its part or sentence.
fn asked_for(c: &Claim, claims: &Claims, word: &str) -> bool {
    let word = word.to_lowercase();
    if claims.claim.iter().any(|other| other.id == word) {
        return c.id == word;
    }
    format!("claim/{}/{}", claims.edition, c.id) == word
        || c.part.to_lowercase().contains(&word)
        || c.says.to_lowercase().contains(&word)
}

/// Lines that must stand where figures of these archives are printed.
fn attributions(ctx: &Context, lines: &[ClaimLine]) -> Result<Vec<String>, AppError> {
    let inputs = lines
        .iter()
        .flat_map(|l| &l.readings)
        .flat_map(|r| &r.inputs);
    let titles: BTreeSet<&str> = inputs.flat_map(|i| i.source.split("; ")).collect();
    let mut ids: Vec<&str> = Vec::new();
    for past in ctx.pasts()? {
        let used = past
            .archives
            .iter()
            .filter(|a| titles.contains(a.title.as_str()));
        ids.extend(used.map(|a| a.id.as_str()));
    }
    crate::observe::series::attributions(ctx, ids.into_iter())
}

/// `why claim/EDITION/NAME`: what each reading of a claim took, with its sources.
pub fn why(ctx: &Context, id: &str, asked: &str) -> Result<WhyReport, AppError> {
    let (edition, name) = asked
        .split_once('/')
        .ok_or_else(|| AppError::request(format!("`{id}` names no claim")))?;
    let filter = Filter {
        edition: Some(edition.to_owned()),
        find: vec![name.to_owned()],
        ..Filter::default()
    };
    let report = claims(ctx, &filter)?;
    let Some(claim) = report.claims.iter().find(|c| c.name == name) else {
        return Err(AppError::request(format!("there is no claim `{name}`"))
            .hint("`maquette claims` lists them"));
    };
    Ok(why_of(claim, &report.as_of))
}

/// The same of a claim that was judged.
pub fn why_of(claim: &ClaimLine, as_of: &str) -> WhyReport {
    let formulas: Vec<&str> = claim
        .readings
        .iter()
        .map(|r| r.formula.as_str())
        .filter(|f| !f.is_empty())
        .collect();
    let inputs = claim.readings.iter().flat_map(|r| &r.inputs);
    let mut evidence: Vec<Evidence> = Vec::new();
    for i in inputs {
        if !evidence.iter().any(|e| e.id == i.call) {
            evidence.push(Evidence {
                id: i.call.clone(),
                fact: i.value.clone(),
                source: i.source.clone(),
                as_of: i.as_of.clone(),
                confidence: Confidence::Medium,
                basis: if i.call.starts_with("fit(") || i.call.starts_with("month(") {
                    Basis::Derived
                } else {
                    Basis::Published
                },
                note: i.note.clone(),
            });
        }
    }
    let missing = claim.readings.iter().filter_map(|r| {
        let why = r.missing.as_ref()?;
        Some(format!(
            "{}: {why}",
            if r.name.is_empty() {
                "as it stands"
            } else {
                &r.name
            }
        ))
    });
    WhyReport {
        schema: crate::why::schema(),
        as_of: as_of.to_owned(),
        id: claim.id.clone(),
        figure: claim.says.clone(),
        value: format!("{}: {}", claim.verdict, claim.why),
        formula: Some(formulas.join("  |  ")),
        notes: missing
            .chain(claim.needed.clone())
            .chain(claim.note.clone())
            .collect(),
        evidence,
    }
}

fn judged(shared: &Shared<'_>, claim: &Claim) -> Result<ClaimLine, String> {
    let mut readings = Vec::new();
    for reading in &claim.reading {
        let outcome = read(shared, &claim.printed, reading)
            .map_err(|why| format!("claim {}: {why}", claim.id))?;
        readings.push(outcome);
    }
    let (verdict, why) = verdict(claim, &readings);
    Ok(ClaimLine {
        id: format!("claim/{}/{}", shared.claims.edition, claim.id),
        name: claim.id.clone(),
        part: claim.part.clone(),
        lines: claim.lines.clone(),
        says: claim.says.clone(),
        printed: claim.printed.text.clone(),
        verdict: verdict.to_string(),
        why,
        readings,
        depends_on: claim.depends_on.clone(),
        needed: claim.needed.clone(),
        note: claim.note.clone(),
    })
}

/// One reading; a mistake of its formula is an error of the file.
fn read(shared: &Shared<'_>, printed: &Printed, r: &Reading) -> Result<ReadingOutcome, String> {
    let ground = Ground::new(shared, printed);
    let mut out = ReadingOutcome {
        name: r.name.clone(),
        formula: String::new(),
        result: None,
        outcome: Verdict::NotCheckable.to_string(),
        missing: None,
        contradicts: r.contradicts,
        inputs: Vec::new(),
    };
    let found = match (&r.value, &r.range, &r.holds, &r.never) {
        (Some(formula), None, None, None) => {
            out.formula.clone_from(formula);
            number(&evaluate(formula, &ground)).and_then(|n| {
                out.result = Some(said(n));
                within(printed, n)
            })
        }
        (None, Some([low, high]), None, None) => {
            out.formula = format!("{low} to {high}");
            let (low, high) = (evaluate(low, &ground), evaluate(high, &ground));
            number(&low).and_then(|low| {
                let high = number(&high)?;
                out.result = Some(format!("{} to {}", said(low), said(high)));
                ends(printed, low, high)
            })
        }
        (None, None, Some(formula), None) => {
            out.formula.clone_from(formula);
            evaluate(formula, &ground).and_then(|v| match v {
                Value::Truth(t) => Ok(t),
                other => Err(Lack::Wrong(format!(
                    "`{formula}` is {}, not yes or no",
                    other.words()
                ))),
            })
        }
        (None, None, None, Some(why)) => Err(Lack::Unknown(why.clone())),
        _ => Err(Lack::Wrong(
            "a reading has exactly one of value, range, holds and never".to_owned(),
        )),
    };
    let mut shown = Vec::new();
    for formula in &r.shows {
        match evaluate(formula, &ground) {
            Ok(v) => shown.push(format!("{formula} = {}", v.words())),
            Err(Lack::Unknown(why)) => shown.push(format!("{formula}: {why}")),
            Err(Lack::Wrong(why)) => return Err(why),
        }
    }
    if !shown.is_empty() {
        shown.splice(0..0, out.result.take());
        out.result = Some(shown.join("; "));
    }
    match found {
        Ok(true) => out.outcome = Verdict::Holds.to_string(),
        Ok(false) if r.weak => out.missing = Some("it does not bear the sentence out".to_owned()),
        Ok(false) => out.outcome = Verdict::Fails.to_string(),
        Err(Lack::Unknown(why)) => out.missing = Some(why),
        Err(Lack::Wrong(why)) => return Err(why),
    }
    out.inputs = ground.inputs.into_inner();
    Ok(out)
}

fn said(n: Decimal) -> String {
    let places = if n.abs() >= Decimal::ONE_HUNDRED {
        2
    } else {
        4
    };
    n.round_dp(places).normalize().to_string()
}

fn number(found: &Found) -> Result<Decimal, Lack> {
    match found {
        Ok(Value::Number(n)) => Ok(*n),
        Ok(other) => Err(Lack::Wrong(format!("`{}` is no number", other.words()))),
        Err(lack) => Err(lack.clone()),
    }
}

/// Within what the print leaves open, of a number or of a range.
fn within(p: &Printed, n: Decimal) -> Result<bool, Lack> {
    match (p.value, p.low, p.high) {
        (Some(v), ..) => Ok((n - v).abs() <= p.half),
        (None, Some(low), Some(high)) => Ok(low - p.half <= n && n <= high + p.half),
        _ => Err(Lack::Wrong(
            "the claim prints no number to compare with".to_owned(),
        )),
    }
}

fn ends(p: &Printed, low: Decimal, high: Decimal) -> Result<bool, Lack> {
    match (p.low, p.high) {
        (Some(l), Some(h)) => Ok((low - l).abs() <= p.half && (high - h).abs() <= p.half),
        _ => Err(Lack::Wrong(
            "the claim prints no range to compare with".to_owned(),
        )),
    }
}

/// The verdict over the readings.
fn verdict(claim: &Claim, outcomes: &[ReadingOutcome]) -> (Verdict, String) {
    let counted: Vec<(&Reading, &ReadingOutcome)> = claim
        .reading
        .iter()
        .zip(outcomes)
        .filter(|(r, _)| !r.contradicts)
        .collect();
    let of = |word: Verdict| {
        counted
            .iter()
            .filter(move |(_, o)| o.outcome == word.as_str())
    };
    let missing = || {
        counted
            .iter()
            .rev()
            .find_map(|(_, o)| o.missing.clone())
            .unwrap_or_else(|| "nothing in it can be reckoned".to_owned())
    };
    let named = |o: &ReadingOutcome| match (&o.name, &o.result) {
        (name, Some(result)) if name.is_empty() => result.clone(),
        (name, None) if name.is_empty() => o.formula.clone(),
        (name, Some(result)) => format!("{name}: {result}"),
        (name, None) => name.clone(),
    };
    if claim.decide == Decide::First {
        let first = counted
            .iter()
            .find(|(_, o)| o.outcome != Verdict::NotCheckable.as_str());
        return match first {
            Some((r, o)) if o.outcome == Verdict::Holds.as_str() && r.weak => {
                (Verdict::UnderAReading, named(o))
            }
            Some((_, o)) if o.outcome == Verdict::Holds.as_str() => (Verdict::Holds, named(o)),
            Some((_, o)) => (Verdict::Fails, named(o)),
            None => (Verdict::NotCheckable, missing()),
        };
    }
    let holds: Vec<_> = of(Verdict::Holds).collect();
    let fails: Vec<_> = of(Verdict::Fails).collect();
    let words = |list: &[&(&Reading, &ReadingOutcome)]| -> String {
        let all: Vec<String> = list
            .iter()
            .map(|(_, o)| named(o))
            .filter(|w| !w.is_empty())
            .collect();
        all.join("; ")
    };
    if holds.is_empty() && fails.is_empty() {
        return (Verdict::NotCheckable, missing());
    }
    if holds.is_empty() {
        return (Verdict::Fails, words(&fails));
    }
    let weak = holds.iter().all(|(r, _)| r.weak);
    if holds.len() == counted.len() && !weak {
        return (Verdict::Holds, words(&holds));
    }
    let against = if fails.is_empty() {
        String::new()
    } else {
        format!("; not: {}", words(&fails))
    };
    (
        Verdict::UnderAReading,
        format!("{}{against}", words(&holds)),
    )
}

/// A claim on a premise that does not hold stands under the reading that grants it.
fn stand_on(lines: &mut [ClaimLine]) {
    let verdicts: BTreeMap<String, String> = lines
        .iter()
        .map(|l| (l.name.clone(), l.verdict.clone()))
        .collect();
    for line in lines {
        let weak: Vec<String> = line
            .depends_on
            .iter()
            .filter(|d| {
                verdicts
                    .get(*d)
                    .is_none_or(|v| v != Verdict::Holds.as_str())
            })
            .cloned()
            .collect();
        if !weak.is_empty() && line.verdict == Verdict::Holds.as_str() {
            line.verdict = Verdict::UnderAReading.to_string();
            line.why = format!("{}; granted: {}", line.why, weak.join(", "));
        }
    }
}

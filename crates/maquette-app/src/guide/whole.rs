//! The whole guide of an edition: its parts with first page, news and claims around them, and what each figure rests on.

use jiff::ToSpan;
use maquette_core::report::guide::{GuideFinding, GuidePart, GuideReport, GuideSection};
use maquette_core::report::listing::WhyReport;

use super::{count_finding, edition_day, of_day, on, section};
use crate::claims::{self, claims};
use crate::context::Context;
use crate::digest;
use crate::error::AppError;
use crate::request::Request;
use crate::why::derived;

/// How far back the news of a guide go.
const NEWS_MONTHS: i64 = 1;
const VERDICTS: [&str; 4] = ["holds", "holds-under-a-reading", "fails", "not-checkable"];

/// The guide of the context's day, or of an edition, for the studio of the request.
pub fn guide(
    ctx: &Context,
    request: &Request,
    edition: Option<&str>,
) -> Result<(Context, GuideReport), AppError> {
    let day = match edition {
        Some(id) => edition_day(ctx, id)?,
        None => ctx.as_of,
    };
    let then = crate::observe::conflicts::laid_over(ctx.on(day)?)?;
    // Neither rests on the others: the claims, and the month before, are reckoned beside.
    let since = day.saturating_sub(NEWS_MONTHS.months());
    let now = ctx.on(ctx.as_of)?;
    let (report, before, claimed) = std::thread::scope(|s| {
        let claimed = s.spawn(move || claims_sections(&now, edition));
        let report = of_day(&then, request, edition);
        let before = on(ctx, since, request, None);
        (report, before, claimed.join())
    });
    let (mut report, before) = (report?, before?);
    let claimed = claimed.map_err(|_| AppError::request("the claims cannot be reckoned"))??;
    let news = digest::of_guides(&then, request, since, &before, &report);
    let last = report.sections.len() - 1;
    report.sections.splice(last..last, claimed);
    let first = first_page(&report.sections);
    let news = section("news", Vec::new(), vec![GuidePart::News(news)]);
    report.sections.splice(0..0, [first, news]);
    Ok((then, report))
}

/// What the other pages found.
fn first_page(sections: &[GuideSection]) -> GuideSection {
    let mut first: Vec<GuideFinding> = sections
        .iter()
        .filter(|s| !["gap", "creators", "steps", "trending"].contains(&s.id.as_str()))
        .flat_map(|s| s.findings.clone())
        .filter(|f| !f.key.starts_with("first-by-"))
        .collect();
    first.sort_by_key(|f| !f.key.starts_with("month-"));
    section("findings", first, Vec::new())
}

/// The claims, and of an edition whose print is known its tables beside ours.
fn claims_sections(now: &Context, edition: Option<&str>) -> Result<Vec<GuideSection>, AppError> {
    let judged = claims(now, &claims::Filter::default())?;
    let mut out = Vec::new();
    if edition.is_some_and(|e| claims::editions().contains(&e)) {
        let printed = vec![GuidePart::Printed(claims::printed::printed(&judged)?)];
        out.push(section("printed", Vec::new(), printed));
    }
    let checked = count_finding("claims", &VERDICTS, &judged.counts);
    out.push(section("claims", checked, vec![GuidePart::Claims(judged)]));
    Ok(out)
}

/// What each figure rests on; an id that has no answer of its own is left out.
pub fn evidence(
    ctx: &Context,
    request: &Request,
    report: &GuideReport,
    ids: &[String],
) -> Vec<WhyReport> {
    ids.iter()
        .filter_map(|id| {
            // What a part of the guide has reckoned is not reckoned again.
            let mut parts = report.sections.iter().flat_map(|s| &s.parts);
            let known = parts.find_map(|p| of_part(p, id));
            known.or_else(|| crate::why::why(ctx, request, id).ok())
        })
        .collect()
}

fn of_part(part: &GuidePart, id: &str) -> Option<WhyReport> {
    match part {
        GuidePart::Claims(r) if id.starts_with("claim/") => {
            let claim = r.claims.iter().find(|c| c.id == id)?;
            Some(claims::why_of(claim, &r.as_of))
        }
        GuidePart::Month(r) if r.stacks.iter().any(|s| id.split('/').next() == Some(&s.id)) => {
            crate::why::of_choice(r, id).ok()
        }
        GuidePart::BreakEven(r) if id.starts_with("break-even/") => derived::tariff(r, id).ok(),
        GuidePart::Predictions(r) if id.starts_with("score/") || id.starts_with("prediction/") => {
            derived::foretold(r, id).ok()
        }
        _ => None,
    }
}

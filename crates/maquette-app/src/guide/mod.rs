//! `guide`: every part of the guide on a day, each the report of the verb that answers it alone.

mod creators;
pub mod diff;
mod options;
pub mod publish;
mod shares;
mod summary;
pub mod whole;

use std::collections::BTreeMap;

use jiff::civil::Date;
use maquette_core::report::gap::GapReport;
use maquette_core::report::guide::{GuideFinding, GuidePart, GuideReport, GuideSection};
use maquette_core::report::trends::GainsReport;
use maquette_core::{Modality, names};

use crate::claims;
use crate::context::Context;
use crate::error::AppError;
use crate::gap::{Ask, gap};
use crate::license::{self, FactsForm, licenses};
use crate::observe::sources::sources;
use crate::observe::top::top;
use crate::predictions::{self, predictions};
use crate::request::Request;
use crate::trends::{self, trends};

/// Rows of a ranking.
const ROWS: usize = 10;

/// Modalities with a section of their own, by the name of its page.
const MODALITIES: [(&str, Modality); 7] = [
    ("image", Modality::Image),
    ("video", Modality::Video),
    ("text", Modality::Text),
    ("music", Modality::Music),
    ("sound", Modality::Sound),
    ("3d", Modality::ThreeD),
    ("speech", Modality::Speech),
];

const TREND_WORDS: [&str; 5] = ["rising", "emerging", "stable", "declining", "unclear"];

/// The day of an edition: that of a guide whose claims the program carries, the last of a month, or a day itself.
fn edition_day(ctx: &Context, id: &str) -> Result<Date, AppError> {
    if let Some(day) = claims::edition_day(id)? {
        return Ok(day);
    }
    let day: Option<Date> = id.parse().ok();
    let first = day.or_else(|| format!("{id}-01").parse().ok());
    match day.or_else(|| first.map(Date::last_of_month)) {
        Some(_) if first > Some(ctx.as_of) => Err(AppError::request(format!(
            "the edition {id} lies after {}",
            ctx.as_of
        ))),
        Some(last) => Ok(last.min(ctx.as_of)),
        None => {
            let known = claims::editions();
            let near = names::nearest(id, known.iter().copied());
            let message = format!("there is no edition `{id}`{}", names::did_you_mean(&near));
            Err(AppError::request(message).hint("an edition is a month, such as 2026-11, or a day"))
        }
    }
}

/// The guide of a day without first page, news and claims, which have witnesses of later days.
pub(crate) fn on(
    ctx: &Context,
    day: Date,
    request: &Request,
    edition: Option<&str>,
) -> Result<GuideReport, AppError> {
    let then = crate::observe::conflicts::laid_over(ctx.on(day)?)?;
    of_day(&then, request, edition)
}

/// `ctx` is of the guide's day.
fn of_day(
    ctx: &Context,
    request: &Request,
    edition: Option<&str>,
) -> Result<GuideReport, AppError> {
    let form = request.license_form()?;
    let told = license::selling(&form)
        .facts(ctx)
        .map_err(AppError::request)?;
    let gaps = gap(ctx, &Ask::default(), &form)?;
    let main: Vec<String> = gaps
        .boards
        .iter()
        .filter(|b| b.main && b.scale == "elo" && b.standing.is_some())
        .map(|b| b.board.clone())
        .collect();
    let over_time = gap(
        ctx,
        &Ask {
            boards: main,
            history: true,
            ..Ask::default()
        },
        &form,
    )?;
    let month = crate::choose(ctx, request)?;
    let trend = trends(ctx, &trends::Filter::default())?;
    let foretold = predictions(ctx, &predictions::Filter::default())?;
    let mut sections = Vec::new();
    for (id, modality) in MODALITIES {
        sections.push(modality_section(
            ctx,
            (id, modality),
            &form,
            &told.facts,
            &gaps,
        )?);
    }
    sections.push(section(
        "licenses",
        Vec::new(),
        vec![
            GuidePart::Shares(shares::shares(ctx)?),
            GuidePart::Licenses(licenses(ctx, &form)?),
        ],
    ));
    let image = crate::break_even(ctx, request, Modality::Image, None)?;
    let situations = creators::situations(ctx, &month, &image, &told.facts);
    let steps = creators::steps(ctx, &month);
    let mut cost = vec![GuidePart::Month(Box::new(month))];
    cost.push(GuidePart::BreakEven(Box::new(image)));
    let total = cost_finding(&cost);
    sections.push(section("cost", total, cost));
    let gained = trends::gains::gains(ctx, &trends::Filter::default())?;
    let first = gained_findings(&gained);
    sections.push(section("trending", first, vec![GuidePart::Gains(gained)]));
    let moving = count_finding("trends", &TREND_WORDS, &trend.counts);
    sections.push(section("trends", moving, vec![GuidePart::Trends(trend)]));
    let scored = foretold.scores.iter().map(|s| {
        finding(
            "score",
            [
                ("by", s.by.clone()),
                ("n", s.n.to_string()),
                ("brier", s.brier.to_string()),
                ("base", s.base_brier.to_string()),
            ],
            Some(format!("score/{}", s.by)),
        )
    });
    sections.push(section(
        "predictions",
        scored.collect(),
        vec![GuidePart::Predictions(foretold)],
    ));
    sections.push(section("creators", situations, Vec::new()));
    sections.push(section("steps", steps, Vec::new()));
    let whole = summary::summary(ctx, &sections, &gaps)?;
    sections.push(section("full", Vec::new(), vec![GuidePart::Summary(whole)]));
    sections.push(section(
        "gap",
        gap_findings(&gaps, None),
        vec![GuidePart::GapHistory(over_time), GuidePart::Gap(gaps)],
    ));
    sections.push(section(
        "sources",
        Vec::new(),
        vec![GuidePart::Sources(sources(ctx, None)?)],
    ));
    let month_of = edition.map_or_else(|| ctx.as_of.to_string()[..7].to_owned(), str::to_owned);
    Ok(GuideReport {
        schema: "maquette.guide/1".to_owned(),
        edition: month_of,
        as_of: ctx.as_of.to_string(),
        facts: license::words(&told.facts),
        sections,
    })
}

/// Who gained the most, of each kind.
fn gained_findings(gained: &GainsReport) -> Vec<GuideFinding> {
    gained
        .rows
        .chunk_by(|a, b| a.kind == b.kind)
        .filter_map(|of| of.first())
        .map(|g| {
            finding(
                &format!("gained-{}", g.kind),
                [
                    ("name", g.name.clone()),
                    ("value", g.gained.to_string()),
                    ("metric", g.metric.clone()),
                    ("days", g.days.to_string()),
                    ("day", g.read_on.clone()),
                ],
                Some(g.id.clone()),
            )
        })
        .collect()
}

fn section(id: &str, findings: Vec<GuideFinding>, parts: Vec<GuidePart>) -> GuideSection {
    GuideSection {
        id: id.to_owned(),
        title: format!("title-{id}"),
        findings,
        parts,
    }
}

fn modality_section(
    ctx: &Context,
    (id, modality): (&str, Modality),
    form: &FactsForm,
    facts: &maquette_license::Facts,
    gaps: &GapReport,
) -> Result<GuideSection, AppError> {
    let mut parts = Vec::new();
    let mut findings = Vec::new();
    for by in ["downloads", "likes"] {
        let report = top(ctx, modality, by, ROWS, form)?;
        if let Some(first) = report.rows.first() {
            findings.push(finding(
                &format!("first-by-{by}"),
                [
                    ("modality", id.to_owned()),
                    ("name", first.name.clone()),
                    ("value", first.value.clone()),
                    ("day", first.read_on.clone()),
                ],
                Some(first.id.clone()),
            ));
        }
        parts.push(GuidePart::Top(report));
    }
    findings.extend(gap_findings(gaps, Some(modality)));
    parts.push(GuidePart::Options(options::options(ctx, modality, facts)?));
    Ok(section(id, findings, parts))
}

fn finding<const N: usize>(
    key: &str,
    values: [(&str, String); N],
    evidence: Option<String>,
) -> GuideFinding {
    GuideFinding {
        key: key.to_owned(),
        values: values.into_iter().map(|(k, v)| (k.to_owned(), v)).collect(),
        evidence,
    }
}

/// A sentence for each main board, of one modality or of all.
fn gap_findings(gaps: &GapReport, of: Option<Modality>) -> Vec<GuideFinding> {
    let boards = gaps
        .boards
        .iter()
        .filter(|b| b.main && of.is_none_or(|m| m.as_str() == b.modality));
    boards
        .filter_map(|b| {
            let (closed, open) = (b.reading.closed.as_ref()?, b.reading.open.as_ref()?);
            let (points, word) = (b.reading.gap?, b.words()?);
            Some(finding(
                "gap",
                [
                    ("board", b.title.clone()),
                    ("day", b.reading.day.clone()),
                    ("closed", closed.name.clone()),
                    ("open", open.name.clone()),
                    ("points", points.to_string()),
                    (
                        "range",
                        match (b.reading.low, b.reading.high) {
                            (Some(low), Some(high)) => format!(" [{low} to {high}]"),
                            _ => String::new(),
                        },
                    ),
                    ("word", word),
                    (
                        "preferred",
                        b.reading
                            .preferred
                            .map_or(String::new(), |p| format!("{:.0}", p * 100.0)),
                    ),
                ],
                Some(b.id.clone()),
            ))
        })
        .collect()
}

fn cost_finding(parts: &[GuidePart]) -> Vec<GuideFinding> {
    let mut out = Vec::new();
    for part in parts {
        let GuidePart::Month(report) = part else {
            continue;
        };
        for kind in ["cheapest", "closed"] {
            let stack = report.stacks.iter().find(|s| s.id == kind);
            if let Some((s, total)) = stack.and_then(|s| Some((s, s.total.as_ref()?)))
                && s.unpriced.is_empty()
            {
                out.push(finding(
                    &format!("month-{kind}"),
                    [
                        ("amount", total.amount.clone()),
                        ("currency", total.currency.clone()),
                    ],
                    Some(s.id.clone()),
                ));
            }
        }
    }
    out
}

/// How many of each word, zero where there is none.
fn count_finding(key: &str, words: &[&str], counts: &BTreeMap<String, usize>) -> Vec<GuideFinding> {
    if counts.is_empty() {
        return Vec::new();
    }
    let of = |word: &&str| {
        let n = counts.get(*word).copied().unwrap_or_default();
        ((*word).to_owned(), n.to_string())
    };
    vec![GuideFinding {
        key: key.to_owned(),
        values: words.iter().map(of).collect(),
        evidence: None,
    }]
}

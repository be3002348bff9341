//! `license` and `licenses`: the verdict for named models under stated facts, many at once, and the
//! matrix of texts and acts.

mod batch;
mod form;
mod matrix;
pub mod record;

use std::collections::BTreeMap;

use maquette_catalog::schema::model::Model;
use maquette_catalog::schema::terms::Rule;
use maquette_core::Use;
use maquette_core::report::license::{DutyLine, LicenseReport, MissingLine, ReadingLine, StepLine};
use maquette_know::Found;
use maquette_license::{
    Act, Facts, Reading, Registered, Subject, Union, Verdict, evaluate, read_plan,
};

pub use batch::batch;
pub use form::{Amount, FactsForm, OneOrMore};
pub use matrix::licenses;

use crate::context::Context;
use crate::error::AppError;

/// One line under every verdict.
pub const NOT_ADVICE: &str =
    "Not legal advice: facts about texts, read on the days shown. The text itself is at its link.";

/// May this studio do this with these models, and on what ground?
pub fn license(
    ctx: &Context,
    names: &[String],
    form: &FactsForm,
) -> Result<LicenseReport, AppError> {
    let is_plan = |n: &String| matches!(ctx.knowledge.find(n), Ok(Found::Plan(..)));
    let (plans, names): (Vec<&String>, Vec<&String>) = names.iter().partition(|n| is_plan(n));
    let subjects = names
        .into_iter()
        .map(|n| subject(ctx, n))
        .collect::<Result<Vec<_>, _>>()?;
    let told = form.facts(ctx).map_err(AppError::request)?;
    let mut union = if subjects.is_empty() {
        Union::nothing()
    } else {
        evaluate(&ctx.knowledge.catalog, &subjects, &told.facts)
    };
    let mut ids: Vec<String> = subjects.iter().map(id).collect();
    for plan in plans {
        if let Ok(Found::Plan(_, plan)) = ctx.knowledge.find(plan) {
            union.add(read_plan(&plan.rights, &plan.id, &told.facts));
            ids.push(plan.id.clone());
        }
    }
    doubt(&mut union, told.doubts);
    Ok(LicenseReport {
        schema: "maquette.license/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        finding: finding(&union, &ids),
        subjects: ids,
        verdict: union.verdict.as_str().to_owned(),
        severity: union.verdict.severity().to_owned(),
        confidence: confidence(&union).to_owned(),
        deciding: deciding(&union),
        facts: words(&told.facts),
        readings: union.readings.iter().map(reading).collect(),
        missing: union.missing.iter().map(missing).collect(),
        doubts: union.doubts.clone(),
        notes: notes(ctx),
    })
}

/// What the studio says of itself, for the question that listings answer: may it run a model and
/// sell what it makes?
pub fn selling(form: &FactsForm) -> FactsForm {
    FactsForm {
        purpose: Some(Use::Commercial.as_str().to_owned()),
        via: None,
        later: None,
        acts: Some(OneOrMore(vec![
            Act::Run.to_string(),
            Act::SellOutput.to_string(),
        ])),
        ..form.clone()
    }
}

/// The verdict for a model under facts that were read before.
pub fn verdict(ctx: &Context, model: &Model, facts: &Facts) -> &'static str {
    strictest(ctx, &[model], facts)
}

/// The verdict for several models at once.
pub fn strictest(ctx: &Context, models: &[&Model], facts: &Facts) -> &'static str {
    let subjects: Vec<Subject<'_>> = models.iter().map(|m| Subject::Model(m)).collect();
    evaluate(&ctx.knowledge.catalog, &subjects, facts)
        .verdict
        .as_str()
}

/// What a recorded license does not cover any more, then the line under every verdict.
fn notes(ctx: &Context) -> Vec<String> {
    let catalog = &ctx.knowledge.catalog;
    let lapsed = ctx.grants.iter().filter_map(|r| r.note(catalog));
    lapsed.chain([NOT_ADVICE.to_owned()]).collect()
}

/// A model, a tool, or a text by its id.
fn subject<'a>(ctx: &'a Context, name: &str) -> Result<Subject<'a>, AppError> {
    let c = &ctx.knowledge.catalog;
    let unknown = match ctx.knowledge.model(name) {
        Ok(m) => return Ok(Subject::Model(m)),
        Err(e) => e,
    };
    let wanted = maquette_core::names::fold(name);
    let same = |id: &str, title: &str| {
        maquette_core::names::fold(id) == wanted || maquette_core::names::fold(title) == wanted
    };
    if let Some(t) = c.tools.iter().find(|t| same(&t.id, &t.name)) {
        return Ok(Subject::Tool(t));
    }
    let text = name.strip_prefix("license/").unwrap_or(name);
    if let Some(l) = c.licenses.iter().find(|l| l.id == text) {
        return Ok(Subject::License(l));
    }
    let tools = c.tools.iter().map(|t| t.id.as_str());
    let others = tools.chain(c.licenses.iter().map(|l| l.id.as_str()));
    let near = maquette_core::names::nearest(text, others);
    let mut e = AppError::unknown(&unknown, "maquette models` and `maquette licenses");
    if !near.is_empty() {
        let like = maquette_core::names::did_you_mean(&near);
        e = e.hint(format!("a tool or a license has a name like it{like}"));
    }
    Err(e)
}

fn id(subject: &Subject<'_>) -> String {
    match subject {
        Subject::Model(m) => m.id.clone(),
        Subject::Tool(t) => t.id.clone(),
        Subject::License(l) => format!("license/{}", l.id),
    }
}

/// What keeps the facts from being relied on keeps the verdict from being better than unknown.
fn doubt(union: &mut Union<'_>, doubts: Vec<String>) {
    if !doubts.is_empty() {
        union.verdict = union.verdict.max(Verdict::Unknown);
        union.doubts.extend(doubts);
    }
}

fn license_id(r: &Reading<'_>) -> String {
    let words = || match r.links.first() {
        Some(link) if link.starts_with("terms of ") => link.clone(),
        _ => "(no text)".to_owned(),
    };
    r.license.map_or_else(words, |l| l.id.clone())
}

fn deciding(union: &Union<'_>) -> Vec<String> {
    union.deciding().map(license_id).collect()
}

/// The weakest link among those that decided.
fn confidence(union: &Union<'_>) -> &'static str {
    let rank = |word: &str| ["low", "medium", "high"].iter().position(|w| *w == word);
    union
        .deciding()
        .map(Reading::confidence)
        .min_by_key(|word| rank(word))
        .unwrap_or("low")
}

fn finding(union: &Union<'_>, ids: &[String]) -> String {
    let what = ids.join(" + ");
    let by = deciding(union).join(", ");
    match union.verdict {
        Verdict::Permitted => format!("{what}: permitted."),
        Verdict::WithConditions => format!("{what}: permitted, with conditions ({by})."),
        Verdict::NeedsLicense if only_registration(union) => {
            format!("{what}: register with the licensor first ({by}).")
        }
        Verdict::NeedsLicense => format!("{what}: needs a license first ({by})."),
        Verdict::Prohibited => format!("{what}: prohibited ({by})."),
        Verdict::Ambiguous => {
            format!("{what}: ambiguous ({by}); under the strict reading, the default, no.")
        }
        Verdict::Unknown if union.missing.is_empty() => format!("{what}: unknown."),
        Verdict::Unknown => {
            let facts: Vec<String> = facts_missing(union).into_iter().map(flag).collect();
            format!(
                "{what}: unknown until these are said: {}.",
                facts.join(", ")
            )
        }
    }
}

/// Is a registration all that stands in the way?
fn only_registration(union: &Union<'_>) -> bool {
    let mut steps = union
        .deciding()
        .flat_map(|r| &r.steps)
        .filter(|s| s.verdict == union.verdict);
    steps.all(|s| s.rule == Rule::Registration)
}

/// The facts that could change the verdict, each once.
fn facts_missing(union: &Union<'_>) -> Vec<&'static str> {
    let mut out: Vec<&str> = Vec::new();
    for m in &union.missing {
        if !out.contains(&m.fact) {
            out.push(m.fact);
        }
    }
    out
}

fn flag(fact: &str) -> String {
    format!("--{}", fact.trim_end_matches("_usd").replace('_', "-"))
}

fn reading(r: &Reading<'_>) -> ReadingLine {
    ReadingLine {
        license: r.license.map(|l| l.id.clone()),
        name: r
            .license
            .map_or_else(|| "no text is known".to_owned(), |l| l.name.clone()),
        links: r.links.clone(),
        verdict: r.verdict.as_str().to_owned(),
        confidence: r.confidence().to_owned(),
        grade: r.license.map(|l| l.verified.as_str().to_owned()),
        link_grade: r.grade.map(|g| g.as_str().to_owned()),
        url: r.license.and_then(|l| l.url.clone()),
        read: r.license.map(|l| l.as_of.to_string()),
        text_sha256: r.license.and_then(|l| l.text_sha256.clone()),
        steps: r
            .steps
            .iter()
            .map(|s| StepLine {
                rule: s.rule.to_string(),
                clause: r.clause(s.rule).map(str::to_owned),
                verdict: s.verdict.as_str().to_owned(),
                words: s.words.clone(),
                lenient: s.lenient.clone(),
            })
            .collect(),
        duties: r
            .duties
            .iter()
            .map(|d| DutyLine {
                rule: d.rule.to_string(),
                clause: r.clause(d.rule).map(str::to_owned),
                words: d.words.clone(),
            })
            .collect(),
    }
}

fn missing(m: &maquette_license::Missing) -> MissingLine {
    let value = match m.fact {
        "place" | "domicile" => "US",
        "output_to" => "US,JP",
        "hardware" => "nvidia",
        "registered" | "person" | "multimodal" | "client_work" => "true|false",
        _ => "N",
    };
    MissingLine {
        fact: m.fact.to_owned(),
        why: m.why.clone(),
        how: format!("{} {value}", flag(m.fact)),
    }
}

/// The facts as they were understood.
pub fn words(facts: &Facts) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut put = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            out.insert(key.to_owned(), value);
        }
    };
    let acts: Vec<&str> = facts.acts.iter().map(|a| a.as_str()).collect();
    put("use", Some(facts.purpose.as_str().to_owned()));
    put("via", Some(facts.via.to_string()));
    put("acts", Some(acts.join(", ")));
    put("place", facts.place.clone());
    put("domicile", facts.domicile.clone());
    put("output_to", facts.output_to.as_ref().map(|o| o.join(", ")));
    let s = &facts.sizes;
    for (key, value) in [
        ("annual_revenue_usd", s.annual_revenue_usd),
        ("group_annual_revenue_usd", s.group_annual_revenue_usd),
        ("group_aggregate_revenue_usd", s.group_aggregate_revenue_usd),
        ("monthly_revenue_usd", s.monthly_revenue_usd),
        (
            "annual_recurring_revenue_usd",
            s.annual_recurring_revenue_usd,
        ),
        // Reckoned from the dollars where those are said.
        (
            "annual_revenue_rmb",
            s.annual_revenue_rmb.filter(|_| {
                s.annual_revenue_usd
                    .or(s.group_annual_revenue_usd)
                    .is_none()
            }),
        ),
        ("recipient_revenue_usd", s.recipient_revenue_usd),
        ("product_mau", s.product_mau),
        ("group_mau", s.group_mau),
        ("group_mau_at_release", s.group_mau_at_release),
        ("annual_active_users", s.annual_active_users),
        ("monthly_visits", s.monthly_visits),
        ("monthly_unique_users", s.monthly_unique_users),
    ] {
        put(key, value.map(|v| v.round_dp(2).normalize().to_string()));
    }
    put(
        "registered",
        match facts.registered {
            Registered::Yes => Some("true".to_owned()),
            Registered::No => Some("false".to_owned()),
            Registered::Unsaid | Registered::Will => None,
        },
    );
    for (key, value) in [
        ("person", facts.person),
        ("modified", facts.modified),
        ("multimodal", facts.multimodal),
        ("client_work", facts.client_work),
        ("content_filter", facts.content_filter),
    ] {
        put(key, value.map(|v| v.to_string()));
    }
    put("hardware", facts.hardware.map(|h| h.to_string()));
    put("day of the copy", facts.downloaded.map(|d| d.to_string()));
    put(
        "held_license",
        (!facts.held.is_empty()).then(|| facts.held.join(", ")),
    );
    put("derivative_name", facts.derivative_name.clone());
    put("conflict", facts.conflict.clone());
    out
}

//! The license verdict of a candidate: the engine's for models, the plan's rights for subscriptions.

use maquette_catalog::schema::model::{Model, Openness};
use maquette_catalog::schema::plan::Rights;
use maquette_catalog::schema::terms::Rule;
use maquette_core::report::choose::LicenseLine;
use maquette_core::{Channel, Currency, Use};
pub use maquette_license::Verdict;
use maquette_license::{
    Act, Facts, HOST_UNREAD, Reading, Registered, Subject, Union, Via, evaluate, read_plan,
};

use crate::context::Ctx;
use crate::reason::{Reason, Why};

#[derive(Debug, Clone)]
pub struct Legal {
    pub verdict: Verdict,
    pub license: Option<String>,
    pub duties: Vec<String>,
    pub not_evaluated: String,
    pub source: Option<String>,
}

impl Legal {
    pub fn line(&self) -> LicenseLine {
        LicenseLine {
            license: self.license.clone(),
            verdict: self.verdict.as_str().to_owned(),
            duties: self.duties.clone(),
            not_evaluated: self.not_evaluated.clone(),
            source: self.source.clone(),
        }
    }
}

/// The verdict for a model run here, on a rented machine, or by somebody who hosts it.
///
/// Where the model is run for money the acts are running it and selling what comes out; the studio
/// runs it where it sits. What the studio did not say and the text asks for keeps the model out.
pub fn of_model(model: &Model, channel: Channel, ctx: &Ctx<'_>) -> Result<Legal, Why> {
    if model.openness == Openness::Closed {
        return Ok(Legal {
            verdict: Verdict::Unknown,
            license: None,
            duties: Vec::new(),
            not_evaluated: "the provider's terms have not been read".to_owned(),
            source: None,
        });
    }
    let facts = facts(channel, ctx);
    let union = evaluate(ctx.catalog, &[Subject::Model(model)], &facts);
    let names = |readings: &mut dyn Iterator<Item = &Reading<'_>>| -> Vec<String> {
        readings
            .map(|r| {
                r.license
                    .map_or_else(|| "no text".to_owned(), |l| l.id.clone())
            })
            .collect()
    };
    if !union.verdict.is_lawful() {
        return Err(Why::new(reason(union.verdict), ground(&union)));
    }
    let governed = names(&mut union.readings.iter().filter(|r| r.verdict == union.verdict));
    let first = union.readings.iter().find_map(|r| r.license);
    let duties = duties(&union);
    // What is said beside every hosted model is no condition of this one.
    let verdict = if duties.is_empty() {
        Verdict::Permitted
    } else {
        union.verdict
    };
    Ok(Legal {
        verdict,
        license: (!governed.is_empty()).then(|| governed.join(" + ")),
        duties,
        not_evaluated: if channel == Channel::Hosted {
            "the host's own right to serve the model".to_owned()
        } else {
            String::new()
        },
        source: first.and_then(|l| l.url.clone().or_else(|| l.sources.first().cloned())),
    })
}

/// The studio's facts for what `choose` has in mind: running the model, or having it run, and selling
/// what it makes where that is the purpose.
fn facts(channel: Channel, ctx: &Ctx<'_>) -> Facts {
    let studio = &ctx.ask.studio;
    let mut facts = studio.facts.clone();
    facts.purpose = studio.purpose;
    facts.via = if channel == Channel::Hosted {
        Via::Hosted
    } else {
        Via::SelfHosted
    };
    facts.acts.insert(Act::Run);
    if studio.purpose == Use::Commercial {
        facts.acts.insert(Act::SellOutput);
    } else {
        facts.acts.remove(&Act::SellOutput);
    }
    let seat = || Some(studio.country.clone());
    if channel == Channel::Local {
        let gpu = ctx.ask.machine.as_ref().map(|m| m.gpu.as_str());
        let gpu = ctx.catalog.gpus.iter().find(|g| Some(g.id.as_str()) == gpu);
        facts.hardware = facts.hardware.or(gpu.and_then(|g| g.vendor));
    }
    facts.place = facts.place.or_else(seat);
    facts.domicile = facts.domicile.or_else(seat);
    facts.downloaded = facts.downloaded.or(Some(ctx.ask.as_of));
    // Registering costs nothing but the act: a duty, not a question.
    if facts.registered == Registered::Unsaid {
        facts.registered = Registered::Will;
    }
    let stated = studio
        .revenue
        .and_then(|r| ctx.convert_to(r, Currency::USD).ok());
    let sizes = &mut facts.sizes;
    sizes.annual_revenue_usd = stated.map(|c| c.amount).or(sizes.annual_revenue_usd);
    facts
}

fn reason(verdict: Verdict) -> Reason {
    match verdict {
        Verdict::Unknown | Verdict::Ambiguous => Reason::LicenseUnknown,
        Verdict::NeedsLicense => Reason::LicenseNeeded,
        _ => Reason::LicenseProhibits,
    }
}

/// The step that decided, with its text and clause; for a missing fact, how to say it.
fn ground(union: &Union<'_>) -> String {
    if let Some(missing) = union.missing.first() {
        let flag = flag_of(missing.fact);
        return format!("{} (say {flag})", missing.why);
    }
    let mut deciding = union.deciding();
    let step = deciding.find_map(|r| {
        let step = r.steps.iter().find(|s| s.verdict == union.verdict)?;
        let license = r.license.map_or("no text", |l| l.id.as_str());
        let clause = r
            .clause(step.rule)
            .map_or_else(String::new, |c| format!(", {c}"));
        Some(format!("{}: {license}{clause}", step.words))
    });
    step.or_else(|| union.doubts.first().cloned())
        .unwrap_or_default()
}

fn duties(union: &Union<'_>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for r in &union.readings {
        let license = r.license.map_or("no text", |l| l.id.as_str());
        for d in r.duties.iter().filter(|d| d.words != HOST_UNREAD) {
            let clause = r
                .clause(d.rule)
                .map_or_else(String::new, |c| format!(", {c}"));
            let line = format!("{} ({license}{clause})", d.words);
            if !out.contains(&line) {
                out.push(line);
            }
        }
    }
    out
}

/// The flag that states a fact, where `choose` has one.
fn flag_of(fact: &str) -> &'static str {
    match fact {
        "annual_revenue_usd" | "group_annual_revenue_usd" => "--revenue",
        "output_to" => "--output-to",
        _ => "more with `maquette license`",
    }
}

/// The verdict for outputs made under a plan's terms.
pub fn of_plan(rights: &Rights, plan: &str, ctx: &Ctx<'_>) -> Result<Legal, Why> {
    let reading = read_plan(rights, plan, &facts(Channel::Plan, ctx));
    let stops = |v: Verdict| v >= Verdict::NeedsLicense;
    if let Some(step) = reading.steps.iter().find(|s| stops(s.verdict)) {
        let reason = match step.rule {
            Rule::Outputs => Reason::NoExport,
            Rule::Threshold => Reason::RevenueCap,
            _ => Reason::RightsMissing,
        };
        return Err(Why::new(reason, step.words.clone()));
    }
    Ok(Legal {
        verdict: reading.verdict,
        license: Some(format!("terms of {plan}")),
        duties: reading.duties.into_iter().map(|d| d.words).collect(),
        not_evaluated: "the provider's terms beyond rights, revenue line and export".to_owned(),
        source: None,
    })
}

//! What it means for creators, by situation, and what to do this week: findings out of the month's stacks, the
//! break-even and the verdicts, none of them typed.

use maquette_catalog::schema::model::{Model, Openness};
use maquette_core::report::break_even::BreakEvenReport;
use maquette_core::report::choose::{Choice, Stack, StackReport};
use maquette_core::report::guide::GuideFinding;
use maquette_license::Facts;

use super::finding;
use crate::context::Context;
use crate::license;

fn stack<'a>(month: &'a StackReport, kind: &str) -> Option<&'a Stack> {
    month
        .stacks
        .iter()
        .find(|s| s.id == kind && s.unpriced.is_empty() && s.total.is_some())
}

/// A stack in a sentence: what it costs and what it is made of; or why there is none.
fn by_stack(month: &StackReport, situation: &str, kind: &str) -> GuideFinding {
    let found = stack(month, kind).and_then(|s| Some((s, s.total.as_ref()?)));
    let Some((s, total)) = found else {
        let found = month.stacks.iter().find(|s| s.id == kind);
        let why = found
            .and_then(|s| s.unpriced.first())
            .map_or_else(String::new, |u| format!("{}: {}", u.demand, u.reason));
        return finding(&format!("{situation}-none"), [("why", why)], None);
    };
    let names: Vec<String> = s
        .choices
        .iter()
        .map(|c| format!("{} by {}", c.demand, c.model_name))
        .collect();
    finding(
        situation,
        [
            ("amount", total.amount.clone()),
            ("currency", total.currency.clone()),
            ("choices", names.join(", ")),
        ],
        Some(s.id.clone()),
    )
}

/// Starting out, at scale, in full control, where licenses matter.
pub fn situations(
    ctx: &Context,
    month: &StackReport,
    break_even: &BreakEvenReport,
    facts: &Facts,
) -> Vec<GuideFinding> {
    let mut out = vec![by_stack(month, "starting", "closed")];
    for reign in &break_even.reigns {
        out.push(finding(
            "scale",
            [
                ("from", reign.from.clone()),
                ("to", reign.to.clone()),
                ("unit", break_even.unit.clone()),
                ("name", reign.name.clone()),
            ],
            Some(format!(
                "break-even/{}/{}",
                break_even.modality, reign.tariff
            )),
        ));
    }
    out.push(by_stack(month, "control", "local"));
    out.push(by_stack(month, "control-rented", "open"));
    let open = |m: &&Model| {
        m.openness == Openness::Open && m.released.is_none_or(|r| r.first() <= ctx.as_of)
    };
    let models: Vec<&Model> = ctx.knowledge.catalog.models.iter().filter(open).collect();
    let of = |word: &str| {
        models
            .iter()
            .filter(|m| license::verdict(ctx, m, facts) == word)
            .count()
    };
    out.push(finding(
        "licensing",
        [
            ("all", models.len().to_string()),
            ("free", of("permitted").to_string()),
            ("conditions", of("permitted-with-conditions").to_string()),
        ],
        None,
    ));
    out
}

/// A step for each choice of the cheapest stack: where it is, under which license, and the command that checks it.
pub fn steps(ctx: &Context, month: &StackReport) -> Vec<GuideFinding> {
    let Some(best) = stack(month, "cheapest").or_else(|| stack(month, "open")) else {
        return Vec::new();
    };
    best.choices.iter().map(|c| step(ctx, c)).collect()
}

fn step(ctx: &Context, c: &Choice) -> GuideFinding {
    let model = ctx.knowledge.model(&c.model).ok();
    let weights = model
        .and_then(|m| m.hub.first())
        .map_or_else(String::new, |h| format!("huggingface.co/{h}"));
    let setting = if c.variant.is_empty() {
        c.model_name.clone()
    } else {
        format!("{} ({})", c.model_name, c.variant)
    };
    let key = match (c.openness.as_str(), c.channel.as_str(), weights.is_empty()) {
        ("open", "local" | "rented", false) => "step-run",
        ("open", _, false) => "step-host",
        _ => "step-buy",
    };
    finding(
        key,
        [
            ("demand", c.demand.clone()),
            ("setting", setting),
            ("via", c.via.clone()),
            ("weights", weights),
            ("verdict", c.license.verdict.replace('-', " ")),
            ("command", format!("`maquette license {}`", c.model)),
        ],
        Some(c.id.clone()),
    )
}

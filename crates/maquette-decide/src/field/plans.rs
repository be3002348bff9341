//! Candidates among plans: the allowance, and the slow lane beside it.

use maquette_catalog::schema::model::Model;
use maquette_catalog::schema::plan::Plan;
use maquette_catalog::schema::provider::Provider;
use maquette_core::{Basis, BillingWish, Channel, Demand, Evidence, Modality};

use super::{Candidate, Field, PlanOption, Store, prompt_warning};
use crate::context::Ctx;
use crate::facts::{Fact, Formula};
use crate::range::Range;
use crate::reason::Why;
use crate::{legal, offer_cost, only, plan_cost};

pub(super) fn plans<'a>(
    f: &mut Field<'a>,
    d: usize,
    demand: &Demand,
    provider: &'a Provider,
    ctx: &Ctx<'a>,
) {
    for plan in provider
        .plan
        .iter()
        .filter(|p| p.modality.contains(&demand.modality))
    {
        if !only::allows_plan(ctx.catalog, ctx.ask, demand.modality, &provider.id, plan) {
            continue;
        }
        if let Err(why) = plan_uses(f, d, demand, provider, plan, ctx) {
            f.rule_out(d, plan.id.clone(), "", Channel::Plan, why);
        }
    }
}

fn plan_uses<'a>(
    f: &mut Field<'a>,
    d: usize,
    demand: &Demand,
    provider: &'a Provider,
    plan: &'a Plan,
    ctx: &Ctx<'a>,
) -> Result<(), Why> {
    let legal = legal::of_plan(&plan.rights, &plan.id, ctx)?;
    let index = if let Some(i) = f.plans.iter().position(|p| p.plan.id == plan.id) {
        i
    } else {
        let wish = only::billing(ctx.ask, &provider.id, plan).unwrap_or(ctx.ask.billing);
        f.plans.push(plan_option(plan, provider, wish, ctx)?);
        f.plans.len() - 1
    };
    let fee = f.plans[index].fee.clone();
    let uses = plan_cost::uses(plan, demand, ctx);
    let mut first_why = None;
    let mut any = false;
    for used in uses {
        let used = match used {
            Ok(u) => u,
            Err(why) => {
                first_why = first_why.or(Some(why));
                continue;
            }
        };
        let Some(model) = ctx.model(&used.burn.model) else {
            continue;
        };
        if let Err(why) = offer_cost::model_available(model, demand, ctx) {
            first_why = first_why.or(Some(why));
            continue;
        }
        if !only::allows(
            ctx.ask,
            demand.modality,
            Channel::Plan,
            &provider.id,
            model,
            &plan.id,
        ) {
            continue;
        }
        any = true;
        let mut evidence = fee.evidence.clone();
        evidence.push(Evidence {
            id: format!("{}#burn{}", plan.id, used.index + 1),
            fact: format!(
                "{}, {} output(s) a job",
                used.formula,
                used.outputs_per_job.normalize()
            ),
            source: used.burn.source.clone(),
            as_of: used.burn.as_of.to_string(),
            confidence: used.burn.confidence,
            basis: if used.burn.as_of.first() > ctx.ask.as_of {
                Basis::Assumed
            } else {
                Basis::Published
            },
            note: used.burn.note.clone(),
        });
        let candidate = Candidate {
            demand: d,
            model,
            provider: provider.id.clone(),
            channel: Channel::Plan,
            via: plan.id.clone(),
            variant: used.variant.clone(),
            outputs_per_job: used.outputs_per_job,
            cost: Range::ZERO,
            draws: Some((Store::Plan(index), Range::point(used.units_per_job))),
            start_units: Range::ZERO,
            start_cost: Range::ZERO,
            legal: legal.clone(),
            warnings: {
                let mut warnings = fee.warnings.clone();
                warnings.extend(length_warning(model, demand));
                warnings.extend(prompt_warning(model, demand));
                if used.burn.as_of.first() > ctx.ask.as_of {
                    let read = used.burn.as_of;
                    warnings.push(format!(
                        "what a job takes was first read {read}; assumed to hold already"
                    ));
                }
                warnings
            },
            formula: Formula::Words(format!("{}; {}", fee.formula, used.formula)),
            facts: evidence.into_iter().map(Fact::from).collect(),
            basis: None,
        };
        if let Some(lane) = plan
            .slow_lane
            .as_ref()
            .filter(|s| s.modality.contains(&demand.modality))
        {
            let mut slow = candidate.clone();
            slow.draws = Some(if lane.per_day.is_some() {
                (Store::DailyLane(index), Range::point(used.units_per_job))
            } else {
                (Store::SlowLane(index), Range::ZERO)
            });
            slow.variant = if slow.variant.is_empty() {
                "slow lane".to_owned()
            } else {
                format!("{}, slow lane", slow.variant)
            };
            slow.warnings
                .push("the slow lane is queued: no time is promised".to_owned());
            if let Some(units) = lane.per_day {
                slow.warnings.push(format!(
                    "the slow lane gives {} units a day: the work must be spread over the month",
                    units.normalize()
                ));
            }
            f.candidates.push(slow);
        }
        f.candidates.push(candidate);
    }
    match (any, first_why) {
        (false, Some(why)) => Err(why),
        _ => Ok(()),
    }
}

fn plan_option<'a>(
    plan: &'a Plan,
    provider: &'a Provider,
    wish: BillingWish,
    ctx: &Ctx<'_>,
) -> Result<PlanOption<'a>, Why> {
    let fee = plan_cost::fee(plan, provider, wish, ctx)?;
    Ok(PlanOption {
        plan,
        provider,
        allowance: plan_cost::monthly_allowance(plan, ctx)?,
        packs: plan_cost::packs(plan, &fee.taxed, ctx)?,
        fee,
    })
}

/// A plan's songs have a longest length that nobody states; the reader must know.
fn length_warning(model: &Model, demand: &Demand) -> Option<String> {
    let known = model.limits.as_ref().and_then(|l| l.duration_s).is_some();
    let asked = demand.modality == Modality::Music && demand.seconds.is_some();
    (asked && !known).then(|| "how long a song may be is not published".to_owned())
}

//! Candidates among pay-per-use offers.

use maquette_catalog::schema::model::Openness;
use maquette_catalog::schema::provider::Provider;
use maquette_core::{Channel, Demand};
use rust_decimal::Decimal;

use super::{Candidate, Field, input_warning, prompt_warning};
use crate::context::Ctx;
use crate::facts::Fact;
use crate::range::Range;
use crate::{legal, offer_cost, only, tax};

pub(super) fn offers<'a>(
    f: &mut Field<'a>,
    d: usize,
    demand: &Demand,
    provider: &'a Provider,
    ctx: &Ctx<'a>,
) {
    let taxed = tax::on(provider, None, ctx);
    for offer in provider
        .offer
        .iter()
        .filter(|o| o.modality == demand.modality)
    {
        let Some(model) = ctx.model(&offer.model) else {
            continue;
        };
        let channel = if model.openness == Openness::Open {
            Channel::Hosted
        } else {
            Channel::Api
        };
        if !only::allows(
            ctx.ask,
            demand.modality,
            channel,
            &provider.id,
            model,
            &offer.id,
        ) {
            continue;
        }
        let legal = match legal::of_model(model, channel, ctx) {
            Ok(legal) => legal,
            Err(why) => {
                f.rule_out(d, offer.id.clone(), &model.id, channel, why);
                continue;
            }
        };
        for (tier, priced) in offer_cost::of_offer(offer, model, demand, ctx) {
            match priced {
                Ok(p) => {
                    let mut warnings = p.warnings;
                    warnings.extend(taxed.warning.clone());
                    warnings.extend(prompt_warning(model, demand));
                    let mut facts = p.facts;
                    facts.extend(taxed.evidence.iter().cloned().map(Fact::from));
                    warnings.extend(
                        input_warning(&model.needs_input)
                            .or_else(|| input_warning(&offer.needs_input)),
                    );
                    if let Some(markup) = &offer.markup {
                        warnings.push(format!("a reseller's price: {markup}"));
                    }
                    f.candidates.push(Candidate {
                        demand: d,
                        model,
                        provider: provider.id.clone(),
                        channel,
                        via: offer.id.clone(),
                        variant: p.variant,
                        outputs_per_job: Decimal::ONE,
                        cost: p.cost.scaled(taxed.factor),
                        draws: None,
                        start_units: Range::ZERO,
                        start_cost: Range::ZERO,
                        legal: legal.clone(),
                        warnings,
                        formula: p.formula.with(&taxed.words()),
                        facts,
                        basis: None,
                    });
                }
                Err(why) => {
                    let name = if tier.is_empty() {
                        offer.id.clone()
                    } else {
                        format!("{} ({tier})", offer.id)
                    };
                    f.rule_out(d, name, &model.id, channel, why);
                }
            }
        }
    }
}

//! `--only MODALITY=WHAT`: what a modality may use. Several for one modality are alternatives.

use maquette_catalog::Catalog;
use maquette_catalog::schema::model::Model;
use maquette_catalog::schema::plan::Plan;
use maquette_core::{Ask, BillingWish, Channel, Modality, Only, names};

fn of(ask: &Ask, modality: Modality) -> impl Iterator<Item = &Only> {
    ask.only.iter().filter(move |o| o.modality == modality)
}

/// May this model, at this provider, by this channel, serve the modality?
pub fn allows(
    ask: &Ask,
    modality: Modality,
    channel: Channel,
    provider: &str,
    model: &Model,
    via: &str,
) -> bool {
    let mut any = false;
    for only in of(ask, modality) {
        any = true;
        let what = only.what.as_str();
        if what == channel.as_str() || what == provider || what == via || is_model(model, what) {
            return true;
        }
    }
    !any
}

/// Is `name` this model's id, an alias, or its family?
pub fn is_model(model: &Model, name: &str) -> bool {
    if model.id == name || model.family == name {
        return true;
    }
    let wanted = names::fold(name);
    names::fold(&model.id) == wanted || model.aliases.iter().any(|a| names::fold(a) == wanted)
}

/// May this plan serve the modality?
pub fn allows_plan(
    catalog: &Catalog,
    ask: &Ask,
    modality: Modality,
    provider: &str,
    plan: &Plan,
) -> bool {
    let mut any = false;
    for only in of(ask, modality) {
        any = true;
        let what = only.what.as_str();
        let burns = plan.burn.iter().any(|b| {
            let model = catalog.models.iter().find(|m| m.id == b.model);
            b.modality == modality && model.is_some_and(|m| is_model(m, what))
        });
        if what == Channel::Plan.as_str() || what == provider || what == plan.id || burns {
            return true;
        }
    }
    !any
}

/// The billing asked for by name for this plan, if any.
pub fn billing(ask: &Ask, provider: &str, plan: &Plan) -> Option<BillingWish> {
    ask.only
        .iter()
        .filter(|o| {
            let what = o.what.as_str();
            let named = what == plan.id || what == provider || what == Channel::Plan.as_str();
            let burns = plan
                .burn
                .iter()
                .any(|b| b.modality == o.modality && b.model == what);
            plan.modality.contains(&o.modality) && (named || burns)
        })
        .find_map(|o| o.billing)
}

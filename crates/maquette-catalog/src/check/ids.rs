//! Every id that a file names must exist, once.

use std::collections::BTreeMap;

use maquette_core::names;

use super::Checker;
use crate::parse::Kind;
use crate::place;
use crate::problem::Code;

pub fn check(c: &mut Checker<'_>) {
    names_of_models(c);
    references(c);
    file_names(c);
    offers_and_plans_once(c);
}

/// An alias that two models claim would answer for the wrong one.
fn names_of_models(c: &mut Checker<'_>) {
    let catalog = c.catalog;
    let mut owner: BTreeMap<String, &str> = BTreeMap::new();
    for m in &catalog.models {
        owner.insert(names::fold(&m.id), &m.id);
    }
    for m in &catalog.models {
        for (i, alias) in m.aliases.iter().enumerate() {
            let other = owner.insert(names::fold(alias), &m.id);
            if let Some(other) = other.filter(|o| *o != m.id) {
                c.error(
                    (Kind::Model, &m.id),
                    &place!["aliases", i],
                    Code::DuplicateId,
                    format!("the alias `{alias}` already means `{other}`"),
                );
            }
        }
    }
}

fn references(c: &mut Checker<'_>) {
    let catalog = c.catalog;
    let models: Vec<&str> = catalog.models.iter().map(|m| m.id.as_str()).collect();
    let licenses: Vec<&str> = catalog.licenses.iter().map(|l| l.id.as_str()).collect();
    let gpus: Vec<&str> = catalog.gpus.iter().map(|g| g.id.as_str()).collect();
    let missing = |known: &[&str], id: &str, noun: &str| {
        known.binary_search(&id).is_err().then(|| {
            let near = names::nearest(id, known.iter().copied());
            format!("there is no {noun} `{id}`{}", names::did_you_mean(&near))
        })
    };
    for m in &catalog.models {
        let of = (Kind::Model, m.id.as_str());
        for (key, id) in [("license", &m.license), ("code_license", &m.code_license)] {
            if let Some(message) = id.as_ref().and_then(|id| missing(&licenses, id, "license")) {
                c.error(of, &place![key], Code::UnknownId, message);
            }
        }
        for (i, part) in m.license_part.iter().enumerate() {
            let id = part.license.as_ref();
            if let Some(message) = id.and_then(|id| missing(&licenses, id, "license")) {
                let step = place!["license_part", i, "license"];
                c.error(of, &step, Code::UnknownId, message);
            }
        }
        for (i, base) in m.base_models.iter().enumerate() {
            if let Some(message) = missing(&models, base, "model") {
                // The license engine calls such a lineage unknown: the file is usable.
                c.warn(of, &place!["base_models", i], Code::UnknownId, message);
            }
        }
        for (i, t) in m.timing.iter().enumerate() {
            if let Some(message) = missing(&gpus, &t.gpu, "GPU") {
                c.error(of, &place!["timing", i, "gpu"], Code::UnknownId, message);
            }
        }
    }
    for t in &catalog.tools {
        let of = (Kind::Tool, t.id.as_str());
        for (key, id) in [("license", &t.license), ("code_license", &t.code_license)] {
            if let Some(message) = id.as_ref().and_then(|id| missing(&licenses, id, "license")) {
                c.error(of, &place![key], Code::UnknownId, message);
            }
        }
        for (i, part) in t.license_part.iter().enumerate() {
            let id = part.license.as_ref();
            if let Some(message) = id.and_then(|id| missing(&licenses, id, "license")) {
                let step = place!["license_part", i, "license"];
                c.error(of, &step, Code::UnknownId, message);
            }
        }
    }
    for l in &catalog.licenses {
        let of = (Kind::License, l.id.as_str());
        for (i, r) in l.replaces.iter().enumerate() {
            let earlier = r.license.as_ref();
            if let Some(message) = earlier.and_then(|id| missing(&licenses, id, "license")) {
                let step = place!["replaces", i, "license"];
                c.error(of, &step, Code::UnknownId, message);
            }
            for (k, id) in r.models.iter().enumerate() {
                if let Some(message) = missing(&models, id, "model") {
                    let step = place!["replaces", i, "models", k];
                    c.error(of, &step, Code::UnknownId, message);
                }
            }
        }
        for (i, x) in l.purchase.iter().enumerate() {
            for (k, id) in x.models.iter().enumerate() {
                if let Some(message) = missing(&models, id, "model") {
                    let step = place!["purchase", i, "models", k];
                    c.error(of, &step, Code::UnknownId, message);
                }
            }
        }
    }
    for p in &catalog.providers {
        let of = (Kind::Provider, p.id.as_str());
        for (i, o) in p.offer.iter().enumerate() {
            if let Some(message) = missing(&models, &o.model, "model") {
                c.error(of, &place!["offer", i, "model"], Code::UnknownId, message);
            }
        }
        for (i, plan) in p.plan.iter().enumerate() {
            for (k, burn) in plan.burn.iter().enumerate() {
                if let Some(message) = missing(&models, &burn.model, "model") {
                    c.error(
                        of,
                        &place!["plan", i, "burn", k, "model"],
                        Code::UnknownId,
                        message,
                    );
                }
            }
        }
        for (i, r) in p.rental.iter().enumerate() {
            if let Some(message) = r.gpu.as_ref().and_then(|g| missing(&gpus, g, "GPU")) {
                c.error(of, &place!["rental", i, "gpu"], Code::UnknownId, message);
            }
        }
    }
}

/// A file of one thing is named after it, so that a person finds it.
fn file_names(c: &mut Checker<'_>) {
    let origins = c.origins;
    for ((kind, id), path) in origins {
        let of_many = matches!(
            kind,
            Kind::Shapes
                | Kind::Evidence
                | Kind::Quality
                | Kind::Boards
                | Kind::Entries
                | Kind::Archives
                | Kind::History
        );
        if id.is_empty() || of_many {
            continue;
        }
        let name = path
            .rsplit('/')
            .next()
            .unwrap_or(path)
            .trim_end_matches(".toml");
        if name != id {
            c.warn(
                (*kind, id),
                &place!["id"],
                Code::FileName,
                format!("the file is named `{name}` and holds `{id}`"),
            );
        }
    }
}

fn offers_and_plans_once(c: &mut Checker<'_>) {
    let catalog = c.catalog;
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for p in &catalog.providers {
        let of = (Kind::Provider, p.id.as_str());
        let offers = p
            .offer
            .iter()
            .enumerate()
            .map(|(i, o)| ("offer", i, o.id.as_str()));
        let plans = p
            .plan
            .iter()
            .enumerate()
            .map(|(i, x)| ("plan", i, x.id.as_str()));
        let rentals = p
            .rental
            .iter()
            .enumerate()
            .map(|(i, r)| ("rental", i, r.id.as_str()));
        let all: Vec<_> = offers.chain(plans).chain(rentals).collect();
        for (key, i, id) in all {
            if let Some(other) = seen.insert(id, &p.id) {
                c.error(
                    of,
                    &place![key, i, "id"],
                    Code::DuplicateId,
                    format!("the id `{id}` is already used by provider `{other}`"),
                );
            }
        }
    }
}

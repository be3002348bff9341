//! Looking things up by id, alias or name; an unknown name offers the nearest.

use maquette_catalog::Catalog;
use maquette_catalog::schema::hardware::Gpu;
use maquette_catalog::schema::license::License;
use maquette_catalog::schema::model::Model;
use maquette_catalog::schema::place::Place;
use maquette_catalog::schema::plan::Plan;
use maquette_catalog::schema::provider::{Offer, Provider, Rental};
use maquette_catalog::schema::tool::Tool;
use maquette_core::names;

/// No such thing; `near` are names that may have been meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the catalog has no {noun} `{name}`{}", names::did_you_mean(near))]
pub struct Unknown {
    pub noun: &'static str,
    pub name: String,
    pub near: Vec<String>,
}

/// The catalog, with look-ups.
#[derive(Debug)]
pub struct Knowledge {
    pub catalog: Catalog,
}

/// Anything an id can name.
#[derive(Debug, Clone, Copy)]
pub enum Found<'a> {
    Model(&'a Model),
    License(&'a License),
    Tool(&'a Tool),
    Provider(&'a Provider),
    Plan(&'a Provider, &'a Plan),
    Offer(&'a Provider, &'a Offer),
    Rental(&'a Provider, &'a Rental),
    Gpu(&'a Gpu),
    Place(&'a Place),
}

impl Knowledge {
    pub fn new(catalog: Catalog) -> Knowledge {
        Knowledge { catalog }
    }

    /// By id, alias, display name or Hub repository, whatever the case and punctuation.
    pub fn model(&self, name: &str) -> Result<&Model, Unknown> {
        let models = &self.catalog.models;
        if let Some(m) = models.iter().find(|m| m.id == name) {
            return Ok(m);
        }
        let wanted = names::fold(name);
        let is = |m: &&Model| {
            names::fold(&m.id) == wanted
                || names::fold(&m.name) == wanted
                || m.aliases.iter().any(|a| names::fold(a) == wanted)
                || m.hub.iter().any(|h| h.eq_ignore_ascii_case(name))
        };
        models
            .iter()
            .find(is)
            .ok_or_else(|| unknown("model", name, models.iter().map(|m| m.id.as_str())))
    }

    pub fn gpu(&self, name: &str) -> Result<&Gpu, Unknown> {
        let gpus = &self.catalog.gpus;
        let wanted = names::fold(name);
        let bare = wanted
            .trim_start_matches("nvidia")
            .trim_start_matches("geforce")
            .trim_start_matches("amd");
        let is = |g: &&Gpu| {
            let folds = |s: &str| {
                let s = names::fold(s);
                s == wanted || s.trim_start_matches("nvidia").trim_start_matches("geforce") == bare
            };
            folds(&g.id) || folds(&g.name) || g.aliases.iter().any(|a| folds(a))
        };
        if let Some(gpu) = gpus.iter().find(is) {
            return Ok(gpu);
        }
        // `4090`, `RTX 5060 Ti`: a beginning or an end that only one has.
        let mut alike = gpus.iter().filter(|g| {
            let id = names::fold(&g.id);
            bare.len() >= 4 && (id.starts_with(bare) || id.ends_with(bare))
        });
        if let (Some(one), None) = (alike.next(), alike.next()) {
            return Ok(one);
        }
        let all = gpus.iter().flat_map(|g| [g.id.as_str(), g.name.as_str()]);
        Err(unknown("GPU", name, all))
    }

    pub fn place(&self, code: &str) -> Result<&Place, Unknown> {
        let places = &self.catalog.places;
        let is = |p: &&Place| p.id.eq_ignore_ascii_case(code) || p.name.eq_ignore_ascii_case(code);
        // `UK`, `EL`, `DEU`: other codes of a country.
        let other = maquette_core::territory::resolve(code).ok();
        let other = other.filter(|c| !c.contains('-'));
        let other = other.map(|c| maquette_core::territory::country(&c));
        let means = |p: &&Place| other.as_ref().is_some_and(|c| p.id == *c);
        let found = places.iter().find(is).or_else(|| places.iter().find(means));
        found.ok_or_else(|| {
            let all = places.iter().flat_map(|p| [p.id.as_str(), p.name.as_str()]);
            unknown("place", code, all)
        })
    }

    pub fn provider(&self, id: &str) -> Result<&Provider, Unknown> {
        let all = &self.catalog.providers;
        let wanted = names::fold(id);
        all.iter()
            .find(|p| p.id == id || names::fold(&p.name) == wanted)
            .ok_or_else(|| unknown("provider", id, all.iter().map(|p| p.id.as_str())))
    }

    /// Whatever the id names: `fal/flux.1-schnell`, `suno-pro`, `gpu/rtx-4090`, `place/DE`, …
    pub fn find(&self, id: &str) -> Result<Found<'_>, Unknown> {
        let c = &self.catalog;
        if let Some(gpu) = id.strip_prefix("gpu/") {
            return self.gpu(gpu).map(Found::Gpu);
        }
        if let Some(place) = id.strip_prefix("place/") {
            return self.place(place).map(Found::Place);
        }
        if let Some(provider) = id.strip_prefix("provider/") {
            return self.provider(provider).map(Found::Provider);
        }
        if let Some(license) = id.strip_prefix("license/") {
            let found = c
                .licenses
                .iter()
                .find(|l| l.id == license)
                .map(Found::License);
            return found.ok_or_else(|| {
                unknown("license", license, c.licenses.iter().map(|l| l.id.as_str()))
            });
        }
        for p in &c.providers {
            if let Some(plan) = p.plan.iter().find(|x| x.id == id) {
                return Ok(Found::Plan(p, plan));
            }
            if let Some(offer) = p.offer.iter().find(|x| x.id == id) {
                return Ok(Found::Offer(p, offer));
            }
            if let Some(rental) = p.rental.iter().find(|x| x.id == id) {
                return Ok(Found::Rental(p, rental));
            }
        }
        if let Ok(m) = self.model(id) {
            return Ok(Found::Model(m));
        }
        if let Some(l) = c.licenses.iter().find(|l| l.id == id) {
            return Ok(Found::License(l));
        }
        let same = |t: &&Tool| t.id == id || names::fold(&t.name) == names::fold(id);
        if let Some(t) = c.tools.iter().find(same) {
            return Ok(Found::Tool(t));
        }
        if let Ok(p) = self.provider(id) {
            return Ok(Found::Provider(p));
        }
        if let Ok(g) = self.gpu(id) {
            return Ok(Found::Gpu(g));
        }
        if let Ok(p) = self.place(id) {
            return Ok(Found::Place(p));
        }
        let plans = c
            .providers
            .iter()
            .flat_map(|p| p.plan.iter().map(|x| x.id.as_str()));
        let offers = c
            .providers
            .iter()
            .flat_map(|p| p.offer.iter().map(|x| x.id.as_str()));
        let models = c.models.iter().map(|m| m.id.as_str());
        let rest = c
            .providers
            .iter()
            .map(|p| p.id.as_str())
            .chain(c.licenses.iter().map(|l| l.id.as_str()))
            .chain(c.tools.iter().map(|t| t.id.as_str()))
            .chain(c.gpus.iter().map(|g| g.id.as_str()));
        Err(unknown(
            "entry",
            id,
            models.chain(plans).chain(offers).chain(rest),
        ))
    }

    /// Is this what `--only` may name: a channel, model, family, provider, plan, offer or rental?
    pub fn is_choosable(&self, what: &str) -> Result<(), Unknown> {
        let channel = maquette_core::Channel::ALL
            .iter()
            .any(|c| c.as_str() == what);
        let family = self.catalog.models.iter().any(|m| m.family == what);
        let provider = self.catalog.providers.iter().any(|p| p.id == what);
        if channel || family || provider {
            return Ok(());
        }
        match self.find(what)? {
            Found::Model(_) | Found::Plan(..) | Found::Offer(..) | Found::Rental(..) => Ok(()),
            _ => Err(Unknown {
                noun: "channel, model, provider, plan or offer",
                name: what.to_owned(),
                near: Vec::new(),
            }),
        }
    }
}

fn unknown<'a>(noun: &'static str, name: &str, known: impl Iterator<Item = &'a str>) -> Unknown {
    Unknown {
        noun,
        name: name.to_owned(),
        near: names::nearest(name, known),
    }
}

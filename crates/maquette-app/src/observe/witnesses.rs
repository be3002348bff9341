//! What price maps say on a day, gathered by provider, model and metric: from the archives that the
//! program carries, and from what was observed here, which stands in for an archive of the same source.

use std::collections::BTreeMap;

use maquette_catalog::schema::provider::{Offer, PriceRow};
use maquette_core::{Date, names};
use maquette_decide::witness::{Witness, voices};
use maquette_observe::fact::Value;
use maquette_observe::source::{self, price};
use rust_decimal::Decimal;

use super::observations::{Observation, of_series};
use super::{day_of, end_of};
use crate::context::Context;
use crate::error::AppError;

/// What a provider is called in the sources, beside its own name in the catalog.
const PROVIDERS: &[(&str, &[&str])] = &[
    ("alibaba", &["dashscope"]),
    ("bfl", &["black_forest_labs"]),
    ("bytedance", &["volcengine"]),
    ("cloudflare", &["cloudflare-workers-ai"]),
    ("fal", &["fal_ai"]),
    ("fireworks", &["fireworks_ai", "fireworks-ai"]),
    ("google", &["gemini"]),
    ("novita", &["novita-ai"]),
    ("runway", &["runwayml"]),
    ("together", &["together_ai", "togetherai"]),
];

/// Words before a model's name that make its price that of a region alone.
const REGIONS: &[&str] = &[
    "af",
    "ap",
    "apac",
    "au",
    "ca",
    "eu",
    "global-standard",
    "jp",
    "me",
    "sa",
    "uk",
    "us",
    "us-gov",
];

/// `eu`, `us-gov`, or a data center of one: `us-east-1`.
fn regional(part: &str) -> bool {
    let center = part.rsplit_once('-').is_some_and(|(place, n)| {
        n.parse::<u8>().is_ok() && REGIONS.iter().any(|r| place.split('-').next() == Some(r))
    });
    center || REGIONS.contains(&part)
}

/// Sources of prices.
pub(super) const MAPS: &[&str] = &["litellm", "models-dev", "genai-prices", "openrouter", "fal"];

/// Witnesses by provider, folded name of the model, and metric.
#[derive(Debug, Default)]
pub(super) struct Witnesses {
    said: BTreeMap<(String, String, String), Vec<Witness>>,
    /// The first day on which a model is sold no longer, by provider and folded name.
    retires: BTreeMap<(String, String), Date>,
}

impl Witnesses {
    pub fn gather(ctx: &Context) -> Result<Witnesses, AppError> {
        let mut out = Witnesses::default();
        out.carried(ctx)?;
        out.observed(ctx)?;
        Ok(out)
    }

    /// The sources' words on this row of this offer, one voice of each origin.
    pub fn on(&self, provider: &str, offer: &Offer, row: &PriceRow) -> Vec<Witness> {
        let tail = offer
            .id
            .split_once('/')
            .map_or(offer.id.as_str(), |(_, t)| t);
        let metric = metric(row);
        let written = [
            Some(tail),
            offer.sold_as.as_deref(),
            Some(offer.model.as_str()),
        ];
        let found = written.into_iter().flatten().find_map(|name| {
            let key = (provider.to_owned(), names::fold(name), metric.clone());
            self.said.get(&key)
        });
        voices(found.cloned().unwrap_or_default())
    }

    /// All that is said of a model at a provider of the catalog: metric, and one voice of each origin.
    pub fn of(&self, provider: &str, model: &str) -> impl Iterator<Item = (&str, Vec<Witness>)> {
        let from = (provider.to_owned(), model.to_owned(), String::new());
        let to = (provider.to_owned(), model.to_owned());
        self.said
            .range(from..)
            .take_while(move |((p, m, _), _)| *p == to.0 && *m == to.1)
            .map(|((_, _, metric), list)| (metric.as_str(), voices(list.clone())))
    }

    /// The day from which it is sold no longer, where a map says so.
    pub fn retires(&self, provider: &str, model: &str) -> Option<Date> {
        let key = (provider.to_owned(), model.to_owned());
        self.retires.get(&key).copied()
    }

    /// Every model that anybody speaks of: provider and folded name, in order.
    pub fn models(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut last = None;
        self.said.keys().filter_map(move |(p, m, _)| {
            let pair = (p.as_str(), m.as_str());
            let new = last != Some(pair);
            last = Some(pair);
            new.then_some(pair)
        })
    }

    fn carried(&mut self, ctx: &Context) -> Result<(), AppError> {
        for past in ctx.pasts()? {
            let prices = || {
                past.starting("price:")
                    .filter(|s| s.metric.starts_with(price::START))
            };
            let said = |series| of_series(past, series).filter(|o| o.day <= ctx.as_of);
            // An archive of changes confirms every price up to its own last day.
            let mut ends: BTreeMap<String, Date> = BTreeMap::new();
            for o in prices().flat_map(said) {
                let end = ends.entry(o.source).or_insert(o.day);
                *end = o.day.max(*end);
            }
            for series in prices() {
                let Some((provider, model)) = series.subject["price:".len()..].split_once('/')
                else {
                    continue;
                };
                let mut by_source: BTreeMap<String, Vec<Observation>> = BTreeMap::new();
                for o in said(series) {
                    by_source.entry(o.source.clone()).or_default().push(o);
                }
                for (source, list) in by_source {
                    let read = ends.get(&source).copied();
                    let witness = last_word(&list, read);
                    if let Some(witness) = witness {
                        self.push((provider, model, &series.metric), witness);
                    }
                }
            }
        }
        Ok(())
    }

    fn observed(&mut self, ctx: &Context) -> Result<(), AppError> {
        let Some(store) = ctx.store()? else {
            return Ok(());
        };
        let by = end_of(ctx.as_of);
        for id in MAPS {
            let Some(read) = store.last_read(id, by)? else {
                continue;
            };
            let origin = source::find(id).and_then(|s| s.about().origins.first().copied());
            let standing = store.standing(&format!("{id}:"), by)?;
            for facts in standing.chunk_by(|a, b| a.subject == b.subject) {
                let text = |metric: &str| {
                    let found = facts.iter().find(|s| &*s.metric == metric)?;
                    Some(found.value.to_string())
                };
                let (Some(provider), Some(model)) = (text("provider"), text("model")) else {
                    continue;
                };
                let retires = text("retires").and_then(|d| d.parse().ok());
                if let Some((key, day)) = key(&provider, &model).zip(retires) {
                    let first = self.retires.entry(key).or_insert(day);
                    *first = day.min(*first);
                }
                for s in facts.iter().filter(|s| s.metric.starts_with(price::START)) {
                    let Value::Number(amount) = s.value else {
                        continue;
                    };
                    let witness = Witness {
                        source: (*id).to_owned(),
                        origin: origin.unwrap_or(id).to_owned(),
                        amount,
                        since: day_of(s.observed_at),
                        read: day_of(read),
                        changed: s.changed,
                    };
                    self.push((&provider, &model, &s.metric), witness);
                }
            }
        }
        Ok(())
    }

    /// Adds a word, in place of an older one of the same source.
    fn push(&mut self, (provider, model, metric): (&str, &str, &str), mut new: Witness) {
        // Zero is free, included or not known: no word on a price.
        if new.amount.is_zero() {
            return;
        }
        let Some((provider, model)) = key(provider, model) else {
            return;
        };
        let list = self
            .said
            .entry((provider, model, metric.to_owned()))
            .or_default();
        // An older copy of the same origin tells what was said before, too.
        new.changed |= list
            .iter()
            .any(|w| w.origin == new.origin && w.read < new.read && w.amount != new.amount);
        list.retain(|w| {
            let same = w.source == new.source && (w.amount == new.amount || w.read < new.read);
            if same {
                new.changed |= w.changed;
                if w.amount == new.amount {
                    new.since = new.since.min(w.since);
                }
            }
            !same
        });
        list.push(new);
    }
}

/// The catalog's provider and the folded name; none: a region's own price is none of the model's.
fn key(provider: &str, model: &str) -> Option<(String, String)> {
    if model.split('/').rev().skip(1).any(regional) {
        return None;
    }
    let own = PROVIDERS
        .iter()
        .find(|(_, others)| others.contains(&provider));
    let provider = own.map_or(provider, |(own, _)| own);
    let name = model.rsplit('/').next().unwrap_or(model);
    Some((provider.to_owned(), names::fold(name)))
}

/// The last of one source's observations, with the first day of the run of those that say the same.
fn last_word(list: &[Observation], read: Option<Date>) -> Option<Witness> {
    let last = list.last()?;
    let amount: Decimal = last.number()?;
    let same = |o: &&Observation| o.number() == Some(amount);
    let first = list.iter().rev().take_while(same).last()?;
    Some(Witness {
        source: last.source.clone(),
        origin: last.origin.clone(),
        amount,
        since: first.day,
        read: read?,
        changed: list.iter().any(|o| o.value.is_some() && !same(&o)),
    })
}

/// A row of the catalog as the sources' metrics are written.
fn metric(row: &PriceRow) -> String {
    let mut when = row.when.clone();
    let modifier = row.modifier.as_deref().unwrap_or_default();
    let (service, long) = match modifier.strip_suffix("long-context") {
        Some(service) => (service.trim_end_matches('-'), true),
        None => (modifier, false),
    };
    if !service.is_empty() {
        when.insert("modifier".to_owned(), service.to_owned());
    }
    if long {
        let above = row.above_tokens.map(|n| n.to_string());
        when.insert("above".to_owned(), above.unwrap_or_default());
    }
    let parts: Vec<String> = when.iter().map(|(k, v)| format!(";{k}={v}")).collect();
    format!("{}{}{}", price::START, row.per, parts.concat())
}

//! models.dev: providers and their models with prices for a million tokens.
//!
//! Only tokens have fields, so a model that makes pictures or video has no usable price here; a
//! missing price is not known, and zero is no price. `context_over_200k` repeats a tier.

use std::collections::BTreeMap;

use maquette_core::Unit;
use serde_json::value::RawValue;

use super::price::{self, When};
use super::{About, Ask, Fields, Source, string};
use crate::fact::{Fact, Facts, Value, decimal};
use crate::fetch::Request;
use crate::store::Kept;

pub struct ModelsDev;

const ABOUT: About = About {
    id: "models-dev",
    title: "models.dev",
    endpoint: "https://models.dev",
    endpoint_vars: &["MAQUETTE_MODELS_DEV_ENDPOINT"],
    key_vars: &[],
    key_needed: false,
    form: "the JSON of models.dev",
    terms: "MIT (github.com/sst/models.dev, LICENSE)",
    attribution: "",
    cadence_hours: 24,
    units: "USD for 1,000,000 tokens, as it stands",
    origins: &["models-dev"],
    complete: true,
};

impl Source for ModelsDev {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn first(&self, ask: &Ask) -> Vec<Request> {
        let base = ask.endpoint.trim_end_matches('/');
        vec![Request::get("api", format!("{base}/api.json"))]
    }

    fn read(&self, answer: &Kept) -> Result<Facts, String> {
        let providers: BTreeMap<String, &RawValue> =
            serde_json::from_slice(&answer.body).map_err(|e| e.to_string())?;
        let mut out = Facts::default();
        for (provider, raw) in providers {
            let models = serde_json::from_str::<Fields<'_>>(raw.get())
                .ok()
                .and_then(|p| {
                    serde_json::from_str::<BTreeMap<String, &RawValue>>(p.get("models")?.get()).ok()
                });
            let Some(models) = models else {
                out.reject(
                    format!("models-dev:{provider}"),
                    "a provider without models",
                );
                continue;
            };
            for (id, raw) in models {
                let subject = format!("models-dev:{provider}/{id}");
                match serde_json::from_str::<Fields<'_>>(raw.get()) {
                    Ok(fields) => model(&provider, &id, &subject, &fields, &mut out),
                    Err(_) => out.reject(subject, "not an object"),
                }
            }
        }
        Ok(out)
    }
}

const PRICES: &[(&str, Unit, Option<&str>)] = &[
    ("input", Unit::MillionInput, None),
    ("output", Unit::MillionOutput, None),
    ("reasoning", Unit::MillionOutput, Some("reasoning")),
    ("cache_read", Unit::MillionCached, None),
    ("cache_write", Unit::MillionCacheWrite, None),
    ("input_audio", Unit::MillionInput, Some("audio")),
    ("output_audio", Unit::MillionAudioOutput, None),
];

fn model(provider: &str, id: &str, subject: &str, fields: &Fields<'_>, out: &mut Facts) {
    out.facts.push(Fact::text(subject, "provider", provider));
    out.facts.push(Fact::text(subject, "model", id));
    if let Some(day) = string(fields.get("release_date")).filter(|d| !d.is_empty()) {
        out.facts.push(Fact::text(subject, "released", &day));
    }
    if let Some(open) = fields.get("open_weights") {
        out.facts
            .push(Fact::text(subject, "open-weights", open.get()));
    }
    let limit = fields
        .get("limit")
        .and_then(|l| serde_json::from_str::<Fields<'_>>(l.get()).ok());
    if let Some(n) = limit
        .and_then(|l| decimal(l.get("context")?.get()))
        .filter(|n| !n.is_zero())
    {
        out.facts
            .push(Fact::change(subject, "context", "tokens", Value::Number(n)));
    }
    let Some(raw) = fields.get("cost") else {
        return out.reject(subject, "no price");
    };
    let Ok(cost) = serde_json::from_str::<Fields<'_>>(raw.get()) else {
        return out.reject(subject, "a price that is no object");
    };
    let makes = fields
        .get("modalities")
        .and_then(|m| serde_json::from_str::<Modalities>(m.get()).ok())
        .map(|m| m.output);
    if makes.is_some_and(|m| !m.is_empty() && !m.iter().any(|w| w == "text")) {
        return out.reject(subject, "prices of tokens of a model that writes none");
    }
    prices(subject, &cost, &When::new(), out);
    for (field, raw) in &cost {
        let known = PRICES.iter().any(|(f, _, _)| f == field);
        match field.as_str() {
            "tiers" => tiers(subject, raw, out),
            "context_over_200k" if cost.contains_key("tiers") => {}
            "context_over_200k" => {
                let when = When::from([("above", "200000".to_owned())]);
                if let Ok(cost) = serde_json::from_str::<Fields<'_>>(raw.get()) {
                    prices(subject, &cost, &when, out);
                }
            }
            "cache_input" | "cached_input" | "cached_write" => {}
            _ if known => {}
            other => out.reject(format!("{subject} {other}"), "a field of no known meaning"),
        }
    }
}

#[derive(serde::Deserialize)]
struct Modalities {
    output: Vec<String>,
}

fn prices(subject: &str, cost: &Fields<'_>, when: &When, out: &mut Facts) {
    for (field, per, kind) in PRICES {
        // Some files spell a field otherwise.
        let other = match *field {
            "cache_read" => ["cache_input", "cached_input"].as_slice(),
            "cache_write" => &["cached_write"],
            _ => &[],
        };
        let spelled = std::iter::once(field)
            .chain(other)
            .find_map(|f| cost.get(*f));
        let Some(raw) = spelled else {
            continue;
        };
        let mut when = when.clone();
        if let Some(kind) = kind {
            when.insert("kind", (*kind).to_owned());
        }
        match decimal(raw.get()) {
            Some(usd) => price::push(out, subject, field, *per, &when, usd),
            None => out.reject(format!("{subject} {field}"), "not a number"),
        }
    }
}

/// `[{"input": …, "tier": {"type": "context", "size": 200000}}]`: above so many tokens of the prompt.
fn tiers(subject: &str, raw: &RawValue, out: &mut Facts) {
    #[derive(serde::Deserialize)]
    struct Tier {
        r#type: Option<String>,
        size: u64,
    }
    let tiers: Vec<Fields<'_>> = serde_json::from_str(raw.get()).unwrap_or_default();
    for cost in &tiers {
        let tier = cost
            .get("tier")
            .and_then(|t| serde_json::from_str::<Tier>(t.get()).ok())
            // Some files leave the type out, which knows no other word.
            .filter(|t| t.r#type.as_deref().is_none_or(|w| w == "context"));
        match tier {
            Some(tier) => {
                let when = When::from([("above", tier.size.to_string())]);
                prices(subject, cost, &when, out);
            }
            None => out.reject(format!("{subject} tiers"), "a tier that is not of context"),
        }
    }
}

//! genai-prices by Pydantic: prices for a million tokens with the day from which they hold, changes
//! announced ahead among them, and prices by the hour of the day.

use maquette_core::Unit;
use serde_json::value::RawValue;

use super::price::{When, metric};
use super::{About, Ask, Fields, Source, string};
use crate::fact::{Fact, Facts, Value, decimal};
use crate::fetch::Request;
use crate::store::Kept;

pub struct GenaiPrices;

const ABOUT: About = About {
    id: "genai-prices",
    title: "genai-prices",
    endpoint: "https://raw.githubusercontent.com",
    endpoint_vars: &["MAQUETTE_GENAI_PRICES_ENDPOINT"],
    key_vars: &[],
    key_needed: false,
    form: "the JSON of genai-prices",
    terms: "MIT (github.com/pydantic/genai-prices, LICENSE)",
    attribution: "",
    cadence_hours: 24,
    units: "USD for 1,000,000 tokens, from the day that stands beside it",
    origins: &["genai-prices"],
    complete: true,
};

const PATH: &str = "pydantic/genai-prices/main/prices/new_data/v2/data_slim.json";

impl Source for GenaiPrices {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn first(&self, ask: &Ask) -> Vec<Request> {
        let base = ask.endpoint.trim_end_matches('/');
        vec![Request::get("data", format!("{base}/{PATH}"))]
    }

    fn read(&self, answer: &Kept) -> Result<Facts, String> {
        let providers: Vec<Fields<'_>> =
            serde_json::from_slice(&answer.body).map_err(|e| e.to_string())?;
        let mut out = Facts::default();
        for provider in &providers {
            let id = string(provider.get("id")).unwrap_or_default();
            let models: Option<Vec<Fields<'_>>> = provider
                .get("models")
                .and_then(|m| serde_json::from_str(m.get()).ok());
            let Some(models) = models.filter(|_| !id.is_empty()) else {
                out.reject(format!("genai-prices:{id}"), "a provider without models");
                continue;
            };
            for row in &models {
                match string(row.get("id")) {
                    Some(name) => model(&id, &name, row, &mut out),
                    None => out.reject(format!("genai-prices:{id}"), "a model without an id"),
                }
            }
        }
        Ok(out)
    }
}

fn model(provider: &str, name: &str, row: &Fields<'_>, out: &mut Facts) {
    let subject = format!("genai-prices:{provider}/{name}");
    out.facts.push(Fact::text(&subject, "provider", provider));
    out.facts.push(Fact::text(&subject, "model", name));
    let Some(raw) = row.get("prices") else {
        return out.reject(subject, "no price");
    };
    if let Ok(list) = serde_json::from_str::<Vec<Fields<'_>>>(raw.get()) {
        for dated in &list {
            let fields = dated
                .get("prices")
                .and_then(|p| serde_json::from_str(p.get()).ok());
            let Some(fields) = fields else {
                out.reject(subject.clone(), "a dated price without prices");
                continue;
            };
            let constraint: Option<Fields<'_>> = dated
                .get("constraint")
                .and_then(|c| serde_json::from_str(c.get()).ok());
            let text = |key: &str| constraint.as_ref().and_then(|c| string(c.get(key)));
            let from = text("start_date").and_then(|d| d.parse().ok());
            let mut when = When::new();
            if let (Some(a), Some(b)) = (text("start_time"), text("end_time")) {
                when.insert("time", format!("{a}-{b}"));
            }
            if constraint.is_some() && from.is_none() && when.is_empty() {
                out.reject(subject.clone(), "a condition of no known kind");
                continue;
            }
            prices(&subject, &fields, &when, from, out);
        }
    } else if let Ok(fields) = serde_json::from_str::<Fields<'_>>(raw.get()) {
        prices(&subject, &fields, &When::new(), None, out);
    } else {
        out.reject(subject, "a price that is neither an object nor a list");
    }
}

fn prices(
    subject: &str,
    fields: &Fields<'_>,
    when: &When,
    from: Option<jiff::civil::Date>,
    out: &mut Facts,
) {
    for (field, raw) in fields {
        let key = format!("{subject} {field}");
        let (per, extra) = match field.as_str() {
            "input_mtok" => (Unit::MillionInput, None),
            "output_mtok" => (Unit::MillionOutput, None),
            "output_reasoning_mtok" => (Unit::MillionOutput, Some(("kind", "reasoning"))),
            "cache_read_mtok" => (Unit::MillionCached, None),
            "cache_audio_read_mtok" => (Unit::MillionCached, Some(("kind", "audio"))),
            "cache_image_read_mtok" => (Unit::MillionCached, Some(("kind", "image"))),
            "cache_write_mtok" | "cache_write_5m_mtok" => (Unit::MillionCacheWrite, None),
            "cache_write_1h_mtok" => (Unit::MillionCacheWrite, Some(("ttl", "1h"))),
            "input_audio_mtok" => (Unit::MillionInput, Some(("kind", "audio"))),
            "input_image_mtok" => (Unit::MillionInput, Some(("kind", "image"))),
            "output_audio_mtok" => (Unit::MillionAudioOutput, None),
            "output_image_mtok" => (Unit::MillionImageOutput, None),
            f if f.ends_with("_kcount") => {
                out.reject(
                    key,
                    "prices of requests and searches are not a model's output",
                );
                continue;
            }
            _ => {
                out.reject(key, "a field of no known meaning");
                continue;
            }
        };
        let mut when = when.clone();
        if let Some((k, v)) = extra {
            when.insert(k, v.to_owned());
        }
        for (above, usd) in steps(raw) {
            let mut when = when.clone();
            if let Some(above) = above {
                when.insert("above", above.to_string());
            }
            match usd {
                Some(usd) if usd.is_zero() => {
                    out.reject(key.clone(), "zero: free, included or not known");
                }
                Some(usd) => out.facts.push(Fact {
                    valid_from: from,
                    ..Fact::change(subject, &metric(per, &when), "USD", Value::Number(usd))
                }),
                None => out.reject(key.clone(), "not a number"),
            }
        }
    }
}

/// A number, or a base with tiers above so many tokens of the prompt.
fn steps(raw: &RawValue) -> Vec<(Option<u64>, Option<rust_decimal::Decimal>)> {
    #[derive(serde::Deserialize)]
    struct Tiered<'a> {
        #[serde(borrow)]
        base: &'a RawValue,
        #[serde(borrow)]
        tiers: Vec<Tier<'a>>,
    }
    #[derive(serde::Deserialize)]
    struct Tier<'a> {
        start: u64,
        #[serde(borrow)]
        price: &'a RawValue,
    }
    let number = |r: &RawValue| decimal(r.get().trim_matches('"'));
    match serde_json::from_str::<Tiered<'_>>(raw.get()) {
        Ok(t) => std::iter::once((None, number(t.base)))
            .chain(t.tiers.iter().map(|x| (Some(x.start), number(x.price))))
            .collect(),
        Err(_) => vec![(None, number(raw))],
    }
}

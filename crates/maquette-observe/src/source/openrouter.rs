//! OpenRouter: a reseller's prices, as decimal texts in USD for one token, picture or request.
//!
//! The list leaves everything but text out unless all output modalities are asked for; `-1` marks a
//! router whose price depends on where it sends; ids that end in `:free` are given away.

use maquette_core::Unit;
use serde_json::value::RawValue;

use super::price::{self, When, million};
use super::{About, Ask, Fields, Source, bearer, string};
use crate::fact::{Fact, Facts, Value, decimal};
use crate::fetch::Request;
use crate::store::Kept;

pub struct OpenRouter;

const ABOUT: About = About {
    id: "openrouter",
    title: "OpenRouter",
    endpoint: "https://openrouter.ai",
    endpoint_vars: &["OPENROUTER_BASE_URL"],
    key_vars: &["OPENROUTER_API_KEY"],
    key_needed: false,
    form: "OpenRouter's JSON",
    terms: "public API under OpenRouter's terms (openrouter.ai/terms); prices are facts",
    attribution: "",
    cadence_hours: 24,
    units: "USD for one token, times 1,000,000; a picture and a second as they stand",
    origins: &["openrouter"],
    complete: true,
};

impl Source for OpenRouter {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn first(&self, ask: &Ask) -> Vec<Request> {
        let base = ask.endpoint.trim_end_matches('/');
        let url = format!("{base}/api/v1/models?output_modalities=all");
        vec![ask.request("models", &url, bearer)]
    }

    fn next(&self, ask: &Ask, answer: &Kept) -> Vec<Request> {
        #[derive(serde::Deserialize)]
        struct Page {
            links: Option<Links>,
        }
        #[derive(serde::Deserialize)]
        struct Links {
            next: Option<String>,
        }
        let page: Option<Page> = serde_json::from_slice(&answer.body).ok();
        let next = page.and_then(|p| p.links).and_then(|l| l.next);
        let url = next.and_then(|n| {
            Some(
                url::Url::parse(&answer.final_url)
                    .ok()?
                    .join(&n)
                    .ok()?
                    .to_string(),
            )
        });
        url.map(|u| ask.request("models", &u, bearer))
            .into_iter()
            .collect()
    }

    fn read(&self, answer: &Kept) -> Result<Facts, String> {
        #[derive(serde::Deserialize)]
        struct List<'a> {
            #[serde(borrow)]
            data: Vec<&'a RawValue>,
        }
        let list: List<'_> = serde_json::from_slice(&answer.body).map_err(|e| e.to_string())?;
        let mut out = Facts::default();
        for (n, raw) in list.data.iter().enumerate() {
            let fields = serde_json::from_str::<Fields<'_>>(raw.get()).ok();
            match fields.and_then(|f| Some((string(f.get("id"))?, f))) {
                Some((id, fields)) => model(&id, &fields, &mut out),
                None => out.reject(format!("row {n}"), "no id"),
            }
        }
        Ok(out)
    }
}

fn model(id: &str, fields: &Fields<'_>, out: &mut Facts) {
    let subject = format!("openrouter:{id}");
    let (author, name) = id.split_once('/').unwrap_or(("", id));
    for (metric, value) in [
        ("provider", Some(author.to_owned())),
        ("model", Some(name.to_owned())),
        ("hub", string(fields.get("hugging_face_id"))),
        ("retires", string(fields.get("expiration_date"))),
    ] {
        if let Some(value) = value.filter(|v| !v.is_empty()) {
            out.facts.push(Fact::text(&subject, metric, &value));
        }
    }
    let Some(raw) = fields.get("pricing") else {
        return out.reject(subject, "no price");
    };
    let Ok(prices) = serde_json::from_str::<Fields<'_>>(raw.get()) else {
        return out.reject(subject, "a price that is no object");
    };
    let free = id.ends_with(":free");
    rows(&subject, &prices, &When::new(), free, out);
    let overrides: Vec<Fields<'_>> = prices
        .get("overrides")
        .and_then(|o| serde_json::from_str(o.get()).ok())
        .unwrap_or_default();
    for over in &overrides {
        let timed = ["utc_start", "utc_end", "utc_days"]
            .iter()
            .find_map(|k| over.get(*k));
        let above = over.get("min_prompt_tokens").and_then(|r| decimal(r.get()));
        let mut when = When::new();
        if let Some(above) = above {
            when.insert("above", above.normalize().to_string());
        }
        if timed.is_some() {
            let part = |k: &str| string(over.get(k)).unwrap_or_default();
            when.insert("time", format!("{}-{}", part("utc_start"), part("utc_end")));
        }
        if when.is_empty() {
            out.reject(
                format!("{subject} overrides"),
                "an exception of no known kind",
            );
        } else {
            rows(&subject, over, &when, free, out);
        }
    }
}

fn rows(subject: &str, prices: &Fields<'_>, when: &When, free: bool, out: &mut Facts) {
    for (field, raw) in prices {
        let key = || format!("{subject} {field}");
        let (per, kind) = match field.as_str() {
            "prompt" => (Unit::MillionInput, None),
            "completion" => (Unit::MillionOutput, None),
            "internal_reasoning" => (Unit::MillionOutput, Some("reasoning")),
            "input_cache_read" => (Unit::MillionCached, None),
            "input_cache_write" => (Unit::MillionCacheWrite, None),
            "input_cache_write_1h" => (Unit::MillionCacheWrite, Some("1h")),
            "audio" => (Unit::MillionInput, Some("audio")),
            "audio_output" => (Unit::MillionAudioOutput, None),
            "image_output" => (Unit::MillionImageOutput, None),
            "image_token" => (Unit::MillionInput, Some("image")),
            "image" => (Unit::Image, Some("input")),
            "overrides" | "min_prompt_tokens" | "utc_start" | "utc_end" | "utc_days" => continue,
            "request" | "web_search" | "discount" => {
                if decimal(raw.get().trim_matches('"')).is_some_and(|d| !d.is_zero()) {
                    out.reject(
                        key(),
                        "prices of requests and searches are not a model's output",
                    );
                }
                continue;
            }
            _ => {
                out.reject(key(), "a field of no known meaning");
                continue;
            }
        };
        let Some(usd) = decimal(raw.get().trim_matches('"')) else {
            out.reject(key(), "not a number");
            continue;
        };
        if usd.is_sign_negative() {
            out.reject(key(), "the price depends on where the router sends");
            continue;
        }
        let mut when = when.clone();
        match kind {
            Some("1h") => when.insert("ttl", "1h".to_owned()),
            Some(kind) => when.insert("kind", kind.to_owned()),
            None => None,
        };
        let scaled = if per == Unit::Image {
            Some(usd)
        } else {
            million(usd)
        };
        match scaled {
            Some(usd) if free && usd.is_zero() => {
                // Given away under a name that says so: a known price of nothing.
                when.insert("tier", "free".to_owned());
                let metric = price::metric(per, &when);
                out.facts
                    .push(Fact::change(subject, &metric, "USD", Value::Number(usd)));
            }
            Some(usd) => price::push(out, subject, field, per, &when, usd),
            None => out.reject(key(), "too large for a price"),
        }
    }
}

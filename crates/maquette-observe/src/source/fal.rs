//! fal's own unit prices of the endpoints that the catalog sells, with the user's key. An account may
//! have a discount, so what is read is what this account pays.

use maquette_core::Unit;

use super::price::{When, push};
use super::{About, Ask, Fields, Source, string};
use crate::fact::{Fact, Facts, decimal};
use crate::fetch::{Request, Secret};
use crate::store::Kept;

pub struct Fal;

const ABOUT: About = About {
    id: "fal",
    title: "fal",
    endpoint: "https://api.fal.ai",
    endpoint_vars: &["MAQUETTE_FAL_ENDPOINT"],
    key_vars: &["FAL_KEY"],
    key_needed: true,
    form: "fal's JSON",
    terms: "API under fal's terms (fal.ai/terms); prices are facts, and may hold a discount of the account",
    attribution: "",
    cadence_hours: 24,
    units: "USD for the unit that fal bills: image, megapixel, second, video, characters",
    origins: &["fal"],
    complete: false,
};

/// Endpoints of one request.
const AT_ONCE: usize = 50;

impl Source for Fal {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn first(&self, ask: &Ask) -> Vec<Request> {
        let base = ask.endpoint.trim_end_matches('/');
        let key = |k: &str| Secret::Header("authorization".to_owned(), format!("Key {k}"));
        ask.names
            .chunks(AT_ONCE)
            .map(|names| {
                let ids: Vec<String> = names.iter().map(|n| format!("endpoint_id={n}")).collect();
                let url = format!("{base}/v1/models/pricing?{}", ids.join("&"));
                ask.request("pricing", &url, key)
            })
            .collect()
    }

    fn read(&self, answer: &Kept) -> Result<Facts, String> {
        #[derive(serde::Deserialize)]
        struct List<'a> {
            #[serde(borrow)]
            prices: Vec<Fields<'a>>,
        }
        let list: List<'_> = serde_json::from_slice(&answer.body).map_err(|e| e.to_string())?;
        let mut out = Facts::default();
        for (n, row) in list.prices.iter().enumerate() {
            let Some(id) = string(row.get("endpoint_id")) else {
                out.reject(format!("row {n}"), "no endpoint");
                continue;
            };
            let subject = format!("fal:{id}");
            out.facts.push(Fact::text(&subject, "provider", "fal"));
            out.facts.push(Fact::text(&subject, "model", &id));
            let unit = string(row.get("unit")).unwrap_or_default();
            if string(row.get("currency")).is_some_and(|c| c != "USD") {
                out.reject(subject, "not in USD");
                continue;
            }
            let Some(usd) = row.get("unit_price").and_then(|p| decimal(p.get())) else {
                out.reject(subject, "no price");
                continue;
            };
            let video = id.contains("video") || id.contains("wan") || id.contains("veo");
            let per = match unit.to_lowercase().as_str() {
                "image" | "images" => Unit::Image,
                "megapixel" | "megapixels" => Unit::Megapixel,
                "second" | "seconds" if video => Unit::VideoSecond,
                "video" | "videos" => Unit::Video,
                "1000 characters" | "1k characters" => Unit::ThousandCharacters,
                _ => {
                    out.reject(subject, format!("what one `{unit}` is cannot be told"));
                    continue;
                }
            };
            push(&mut out, &subject, "unit_price", per, &When::new(), usd);
        }
        Ok(out)
    }
}

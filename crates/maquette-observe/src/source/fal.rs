//! fal's prices of the endpoints that the catalog sells. With the user's key, the unit prices of the
//! interface: an account may have a discount, so what is read is what this account pays. Without one, the
//! price line of each endpoint's card, which is prose: a line with one price and one unit is read, any
//! other is kept as it stands and left to a person.

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
    key_needed: false,
    form: "fal's JSON, or a card in Markdown",
    terms: "API under fal's terms (fal.ai/terms); prices are facts, and may hold a discount of the account",
    attribution: "",
    cadence_hours: 24,
    units: "USD for the unit that fal bills: image, megapixel, second, video, characters; without a key, from the sentence on the endpoint's card, where it names one price",
    origins: &["fal"],
    complete: false,
};

const SITE: &str = "https://fal.ai";

/// Kind of the request for an endpoint's card.
const CARD: &str = "card:";

/// Endpoints of one request.
const AT_ONCE: usize = 50;

impl Source for Fal {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn first(&self, ask: &Ask) -> Vec<Request> {
        let base = ask.endpoint.trim_end_matches('/');
        if ask.key.is_none() {
            // The cards stand on the site, not at the interface.
            let site = if base == ABOUT.endpoint { SITE } else { base };
            let card = |name: &String| {
                let url = format!("{site}/models/{name}/llms.txt");
                Request::get(&format!("{CARD}{name}"), url)
            };
            return ask.names.iter().map(card).collect();
        }
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

    /// An endpoint that is sold under another name has no card.
    fn accepts(&self, kind: &str, status: u16) -> bool {
        kind.starts_with(CARD) && matches!(status, 404 | 410)
    }

    fn read(&self, answer: &Kept) -> Result<Facts, String> {
        #[derive(serde::Deserialize)]
        struct List<'a> {
            #[serde(borrow)]
            prices: Vec<Fields<'a>>,
        }
        if let Some(id) = answer.kind.strip_prefix(CARD) {
            let text = std::str::from_utf8(&answer.body).map_err(|e| e.to_string())?;
            return Ok(card(id, text));
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
            match billed(&unit, &id) {
                Some(per) => push(&mut out, &subject, "unit_price", per, &When::new(), usd),
                None => out.reject(subject, format!("what one `{unit}` is cannot be told")),
            }
        }
        Ok(out)
    }
}

/// The unit of sale of what fal calls a unit.
fn billed(unit: &str, id: &str) -> Option<Unit> {
    let video = ["video", "wan", "veo"].iter().any(|w| id.contains(w));
    Some(match unit.to_lowercase().trim_end_matches('.') {
        "image" | "images" => Unit::Image,
        "megapixel" | "megapixels" => Unit::Megapixel,
        "second of video" => Unit::VideoSecond,
        "second" | "seconds" if video => Unit::VideoSecond,
        "second of audio" | "second of generated audio" => Unit::AudioSecond,
        "video" | "videos" => Unit::Video,
        "1000 characters" | "1,000 characters" | "1k characters" => Unit::ThousandCharacters,
        _ => return None,
    })
}

/// The price in a card: `## Pricing`, and a paragraph of prose.
fn card(id: &str, text: &str) -> Facts {
    let subject = format!("fal:{id}");
    let mut out = Facts::default();
    let mut lines = text.lines().map(str::trim);
    if !lines.any(|l| {
        l.trim_start_matches('#')
            .trim()
            .eq_ignore_ascii_case("pricing")
    }) {
        let page = text.trim_start().starts_with('<');
        let why = if page {
            "a page in place of a card"
        } else {
            "no price on its card"
        };
        out.reject(subject, why);
        return out;
    }
    let said: Vec<&str> = lines
        .take_while(|l| !l.starts_with('#'))
        .filter(|l| !l.is_empty() && !l.contains("fal.ai/pricing"))
        .collect();
    let said = said.join(" ").replace("**", "");
    out.facts.push(Fact::text(&subject, "provider", "fal"));
    out.facts.push(Fact::text(&subject, "model", id));
    out.facts.push(Fact::text(&subject, "price-line", &said));
    match priced(&said) {
        Some((usd, unit)) => match billed(&unit, id) {
            Some(per) => push(&mut out, &subject, "price-line", per, &When::new(), usd),
            None => out.reject(subject, format!("what one `{unit}` is cannot be told")),
        },
        None => out.reject(subject, format!("not one price of one unit: {said}")),
    }
    out
}

/// `… $0.003 per megapixel.`, `… $0.04/second`, `For every second of video …, $0.04.`: one amount and
/// its unit. Conditions (`or`, `at 720p`, `with audio`) are for a person.
fn priced(said: &str) -> Option<(rust_decimal::Decimal, String)> {
    let (before, rest) = said.split_once('$')?;
    if rest.contains('$') {
        return None;
    }
    let end = rest
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(rest.len());
    let (amount, after) = rest.split_at(end);
    let usd = decimal(amount.trim_end_matches('.'))?;
    let sentence = |s: &str| s.split(". ").next().unwrap_or_default().trim().to_owned();
    let after = after.trim_start();
    let unit = if let Some(unit) = after
        .strip_prefix("per ")
        .or_else(|| after.strip_prefix('/'))
    {
        sentence(unit)
    } else {
        let every = before.to_lowercase();
        let (_, unit) = every.rsplit_once("for every ")?;
        let end = [" you ", " generated", ","]
            .iter()
            .filter_map(|w| unit.find(w))
            .min()?;
        if !after.trim_end_matches('.').is_empty() {
            return None;
        }
        unit[..end].to_owned()
    };
    Some((usd, unit.trim_end_matches('.').to_owned()))
}

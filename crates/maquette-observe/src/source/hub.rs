//! The Hugging Face Hub: downloads, likes and trending of models, likes of Spaces.
//!
//! Lists are paged by the Link header. `downloads` counts 30 days back and changes once a day; which
//! request counts as a download depends on the library, and reading `/api/` never does. The id that
//! outlives renames is `_id`. The license is a tag that anyone may set: a claim.

use serde_json::value::RawValue;

use super::{
    About, Ask, Fields, Past, Source, bearer, hub_stats, is_null, next_page, string, whole,
};
use crate::fact::{Fact, Facts, Value};
use crate::fetch::Request;
use crate::part::{PartError, Ranges};
use crate::store::Kept;

pub struct Hub;

const ABOUT: About = About {
    id: "hub",
    title: "Hugging Face Hub",
    endpoint: "https://huggingface.co",
    endpoint_vars: &["HF_ENDPOINT"],
    key_vars: &["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"],
    key_needed: false,
    form: "the Hub's JSON",
    terms: "public API under the Hub's terms of service (huggingface.co/terms-of-service); counts are facts",
    attribution: "",
    cadence_hours: 24,
    units: "downloads: requests of 30 days, counted by the library's rule; likes: people; trending: recent likes, weighted by the Hub",
    origins: &["hub"],
    complete: false,
};

/// The tasks whose lists are read, by modality.
const TASKS: &[&str] = &[
    "text-generation",
    "image-text-to-text",
    "text-to-image",
    "image-to-image",
    "text-to-video",
    "image-to-video",
    "text-to-speech",
    "text-to-audio",
    "automatic-speech-recognition",
    "text-to-3d",
    "image-to-3d",
];

/// Orders of the lists. The website's `trending` is answered 400 here.
const ORDERS: &[&str] = &["downloads", "likes", "trendingScore"];

/// Rows of a page; the Hub has answered 1,000, and its own JavaScript client asks for 500 at most.
const PAGE: usize = 500;

/// Fields asked for: with `expand`, nothing else comes back.
const MODEL: &[&str] = &[
    "baseModels",
    "createdAt",
    "downloads",
    "downloadsAllTime",
    "gated",
    "library_name",
    "likes",
    "pipeline_tag",
    "safetensors",
    "tags",
    "trendingScore",
];
const SPACE: &[&str] = &["createdAt", "likes", "sdk", "trendingScore"];

fn expand(fields: &[&str]) -> String {
    let list: Vec<String> = fields.iter().map(|f| format!("expand={f}")).collect();
    list.join("&")
}

impl Source for Hub {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn first(&self, ask: &Ask) -> Vec<Request> {
        let base = ask.endpoint.trim_end_matches('/');
        let mut out = Vec::new();
        let mut push = |kind: &str, url: String| out.push(ask.request(kind, &url, bearer));
        if ask.all {
            push(
                "models",
                format!("{base}/api/models?limit={PAGE}&{}", expand(MODEL)),
            );
        } else {
            for task in TASKS {
                for order in ORDERS {
                    push(
                        "models",
                        format!(
                            "{base}/api/models?pipeline_tag={task}&sort={order}&direction=-1&limit=100&{}",
                            expand(MODEL)
                        ),
                    );
                }
            }
        }
        for order in ["likes", "trendingScore"] {
            push(
                "spaces",
                format!(
                    "{base}/api/spaces?sort={order}&direction=-1&limit=100&{}",
                    expand(SPACE)
                ),
            );
        }
        for model in &ask.names {
            push(
                &format!("model:{model}"),
                format!(
                    "{base}/api/models/{model}?{}&expand=cardData",
                    expand(MODEL)
                ),
            );
        }
        out
    }

    fn past(&self) -> Option<&'static Past> {
        Some(&hub_stats::PAST)
    }

    fn first_of_past(&self, ask: &Ask) -> Vec<Request> {
        hub_stats::first(ask)
    }

    fn part(&self, ask: &Ask, file: &mut dyn Ranges) -> Result<Vec<u8>, PartError> {
        hub_stats::part(ask, file)
    }

    fn next(&self, ask: &Ask, answer: &Kept) -> Vec<Request> {
        if ask.past.is_some() {
            return hub_stats::next(ask, answer);
        }
        if !ask.all || answer.kind != "models" {
            return Vec::new();
        }
        let next = next_page(answer);
        next.map(|url| ask.request("models", &url, bearer))
            .into_iter()
            .collect()
    }

    /// 401 is said of what is not there, too.
    fn accepts(&self, kind: &str, status: u16) -> bool {
        kind.starts_with("model:") && matches!(status, 401 | 403 | 404 | 410 | 451)
    }

    fn read(&self, answer: &Kept) -> Result<Facts, String> {
        if let Some(past) = hub_stats::read(answer) {
            return past;
        }
        let mut out = Facts::default();
        if let Some(asked) = answer.kind.strip_prefix("model:") {
            let row: Row<'_> = parse(&answer.body)?;
            let id = model(&row, &mut out).ok_or("an object without an id")?;
            if id != asked {
                let old = format!("hub:{asked}");
                out.facts.push(Fact::text(&old, "renamed-to", &id));
                if let Some(stable) = string(row.stable.as_ref()) {
                    out.identities.push((old, format!("hub {stable}")));
                }
            }
            return Ok(out);
        }
        let rows: Vec<&RawValue> = parse(&answer.body)?;
        for (n, raw) in rows.iter().enumerate() {
            let Ok(row) = serde_json::from_str::<Row<'_>>(raw.get()) else {
                out.reject(format!("row {n}"), "not an object");
                continue;
            };
            let found = match answer.kind.as_str() {
                "spaces" => space(&row, &mut out),
                _ => model(&row, &mut out),
            };
            if found.is_none() {
                out.reject(format!("row {n}"), "no id");
            }
        }
        Ok(out)
    }
}

/// The fields that are read of a model or Space, each as it stands: one odd value spoils itself alone.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Row<'a> {
    #[serde(borrow, rename = "_id")]
    stable: Option<&'a RawValue>,
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    downloads: Option<&'a RawValue>,
    #[serde(borrow, rename = "downloadsAllTime")]
    downloads_all_time: Option<&'a RawValue>,
    #[serde(borrow)]
    likes: Option<&'a RawValue>,
    #[serde(borrow, rename = "trendingScore")]
    trending: Option<&'a RawValue>,
    #[serde(borrow, rename = "pipeline_tag")]
    task: Option<&'a RawValue>,
    #[serde(borrow, rename = "library_name")]
    library: Option<&'a RawValue>,
    #[serde(borrow)]
    gated: Option<&'a RawValue>,
    #[serde(borrow)]
    tags: Option<&'a RawValue>,
    #[serde(borrow, rename = "baseModels")]
    bases: Option<&'a RawValue>,
    #[serde(borrow)]
    safetensors: Option<&'a RawValue>,
    #[serde(borrow, rename = "cardData")]
    card: Option<&'a RawValue>,
}

fn parse<'a, T: serde::Deserialize<'a>>(body: &'a [u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|e| e.to_string())
}

/// A name that can stand in a subject: `owner/name`, or the old bare form.
fn id(row: &Row<'_>) -> Option<String> {
    let id = string(row.id.as_ref())?;
    let sane = !id.is_empty() && id.len() <= 200 && !id.chars().any(|c| c.is_control() || c == ' ');
    sane.then_some(id)
}

/// A count of one row; one of another type is left out by name.
fn count(
    raw: Option<&RawValue>,
    (subject, field, metric, unit): (&str, &str, &str, &'static str),
    out: &mut Facts,
) {
    let Some(raw) = raw.filter(|r| !is_null(r)) else {
        return;
    };
    match whole(Some(&raw)) {
        Some(n) => out
            .facts
            .push(Fact::every(subject, metric, unit, Value::count(n))),
        None => out.reject(
            format!("{subject} {field}"),
            format!("not a count: {}", short(raw)),
        ),
    }
}

fn short(raw: &RawValue) -> String {
    raw.get().chars().take(40).collect()
}

fn model(row: &Row<'_>, out: &mut Facts) -> Option<String> {
    let id = id(row)?;
    let subject = format!("hub:{id}");
    if let Some(stable) = string(row.stable.as_ref()) {
        out.identities
            .push((subject.clone(), format!("hub {stable}")));
    }
    let id_of = |field, metric, unit| (subject.as_str(), field, metric, unit);
    count(
        row.downloads,
        id_of("downloads", "downloads", "downloads in 30 days"),
        out,
    );
    count(
        row.downloads_all_time,
        id_of("downloadsAllTime", "downloads-all-time", "downloads"),
        out,
    );
    count(row.likes, id_of("likes", "likes", "likes"), out);
    count(
        row.trending,
        id_of("trendingScore", "trending", "points"),
        out,
    );
    let mut text = |metric: &str, value: Option<String>| {
        if let Some(value) = value.filter(|v| !v.is_empty()) {
            out.facts.push(Fact::text(&subject, metric, &value));
        }
    };
    text("task", string(row.task.as_ref()));
    text("library", string(row.library.as_ref()));
    // `false`, `"auto"` or `"manual"`.
    let gated = row.gated.filter(|r| !is_null(r));
    text("gated", gated.map(|r| r.get().trim_matches('"').to_owned()));
    let tags: Option<Vec<std::borrow::Cow<'_, str>>> =
        row.tags.and_then(|t| serde_json::from_str(t.get()).ok());
    let mut licenses: Vec<&str> = tags
        .iter()
        .flatten()
        .filter_map(|t| t.strip_prefix("license:"))
        .collect();
    licenses.sort_unstable();
    text(
        "license-tag",
        (!licenses.is_empty()).then(|| licenses.join(" ")),
    );
    // A license of one's own has a name and a link in the card: `license: other`.
    let card: Option<Fields<'_>> = row.card.and_then(|c| serde_json::from_str(c.get()).ok());
    if let Some(card) = card {
        text("license-name", string(card.get("license_name")));
        text("license-link", string(card.get("license_link")));
    }
    let base = row.bases.and_then(bases);
    text("base-models", base);
    let weights: Option<Fields<'_>> = row
        .safetensors
        .and_then(|s| serde_json::from_str(s.get()).ok());
    if let Some(n) = weights.and_then(|w| whole(w.get("total"))) {
        out.facts.push(Fact::change(
            &subject,
            "parameters",
            "parameters",
            Value::count(n),
        ));
    }
    Some(id)
}

/// `finetune: owner/name owner/other`.
fn bases(raw: &RawValue) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Bases {
        models: Vec<Base>,
        relation: Option<String>,
    }
    #[derive(serde::Deserialize)]
    struct Base {
        id: String,
    }
    let bases: Bases = serde_json::from_str(raw.get()).ok()?;
    let ids: Vec<&str> = bases.models.iter().map(|b| b.id.as_str()).collect();
    let relation = bases.relation.as_deref().unwrap_or("base");
    (!ids.is_empty()).then(|| format!("{relation}: {}", ids.join(" ")))
}

fn space(row: &Row<'_>, out: &mut Facts) -> Option<String> {
    let id = id(row)?;
    let subject = format!("space:{id}");
    if let Some(stable) = string(row.stable.as_ref()) {
        out.identities
            .push((subject.clone(), format!("space {stable}")));
    }
    count(row.likes, (&subject, "likes", "likes", "likes"), out);
    count(
        row.trending,
        (&subject, "trendingScore", "trending", "points"),
        out,
    );
    out.facts.push(Fact::text(&subject, "task", "space"));
    Some(id)
}

//! LiteLLM's map of prices: one JSON object, a key for each model as a provider sells it.
//!
//! What a field is per hangs on the row's mode: `output_cost_per_image` is the price of a song where
//! the row is music and of a mesh where it is 3D; `input_cost_per_image` is the price of a picture at
//! xAI. Qualities and sizes stand in the key. Zero is written for what is not known.

use std::collections::BTreeMap;

use jiff::Timestamp;
use maquette_core::Unit;
use rust_decimal::Decimal;
use serde_json::value::RawValue;

use super::price::{self, When, million};
use super::{About, Ask, Every, Fields, Past, Source, moment, only_leads, string};
use crate::fact::{Fact, Facts, decimal};
use crate::fetch::Request;
use crate::part::{PartError, Ranges, zip};
use crate::store::Kept;

pub struct LiteLlm;

const ABOUT: About = About {
    id: "litellm",
    title: "LiteLLM's model prices",
    endpoint: "https://raw.githubusercontent.com",
    endpoint_vars: &["MAQUETTE_LITELLM_ENDPOINT"],
    key_vars: &[],
    key_needed: false,
    form: "LiteLLM's JSON",
    terms: "MIT (github.com/BerriAI/litellm, LICENSE)",
    attribution: "",
    cadence_hours: 24,
    units: "USD for one token, character, second, picture: tokens and characters are multiplied by 1,000,000; pictures of music rows are songs, of 3D rows meshes",
    origins: &["litellm"],
    complete: true,
};

const PAST: Past = Past {
    title: "LiteLLM's releases at the Python Package Index",
    endpoint: "https://pypi.org",
    endpoint_vars: &["MAQUETTE_PYPI_ENDPOINT"],
    terms: "",
    size: "about 0.5 MB of a wheel: its table of contents and the map",
};

/// The map in a wheel.
const MEMBER: &str = "litellm/model_prices_and_context_window_backup.json";

const PATH: &str = "BerriAI/litellm/main/model_prices_and_context_window.json";

impl Source for LiteLlm {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn first(&self, ask: &Ask) -> Vec<Request> {
        let base = ask.endpoint.trim_end_matches('/');
        vec![Request::get("map", format!("{base}/{PATH}"))]
    }

    fn past(&self) -> Option<&'static Past> {
        Some(&PAST)
    }

    fn first_of_past(&self, ask: &Ask) -> Vec<Request> {
        let base = ask.endpoint.trim_end_matches('/');
        vec![Request::get(RELEASES, format!("{base}/pypi/litellm/json"))]
    }

    fn next(&self, ask: &Ask, answer: &Kept) -> Vec<Request> {
        let Some(every) = ask.past.filter(|_| answer.kind == RELEASES) else {
            return Vec::new();
        };
        let index = serde_json::from_slice::<Index>(&answer.body);
        index.map_or_else(|_| Vec::new(), |index| wheels(every, ask, index))
    }

    fn part(&self, _: &Ask, file: &mut dyn Ranges) -> Result<Vec<u8>, PartError> {
        let map = zip::member(file, MEMBER)?;
        // Releases before the map was packed: an empty map says so.
        Ok(map.unwrap_or_else(|| b"{}".to_vec()))
    }

    fn read(&self, answer: &Kept) -> Result<Facts, String> {
        if answer.kind == RELEASES {
            return only_leads::<Index>(&answer.body);
        }
        let seen = moment(&answer.kind);
        let rows: BTreeMap<String, &RawValue> =
            serde_json::from_slice(&answer.body).map_err(|e| e.to_string())?;
        let mut out = Facts::default();
        for (key, raw) in &rows {
            if key == "sample_spec" {
                continue;
            }
            match serde_json::from_str::<Fields<'_>>(raw.get()) {
                Ok(fields) => row(key, &fields, &mut out),
                Err(_) => out.reject(format!("litellm:{key}"), "not an object"),
            }
        }
        for fact in &mut out.facts {
            fact.seen = seen;
        }
        Ok(out)
    }
}

/// Kind of the request for the index.
const RELEASES: &str = "releases";

/// A file of a release, as the index of Python packages lists it.
#[derive(serde::Deserialize)]
struct File {
    url: String,
    packagetype: String,
    #[serde(rename = "upload_time_iso_8601")]
    uploaded: Timestamp,
    #[serde(default)]
    yanked: bool,
}

#[derive(serde::Deserialize)]
struct Index {
    releases: BTreeMap<String, Vec<File>>,
}

/// The wheels of finished releases (no release candidates), the last of each week or month.
fn wheels(every: Every, ask: &Ask, index: Index) -> Vec<Request> {
    let finished = |v: &str| v.chars().all(|c| c.is_ascii_digit() || c == '.');
    let list = index
        .releases
        .into_iter()
        .filter(|(version, _)| finished(version))
        .filter_map(|(version, files)| {
            let wheel = |f: &File| f.packagetype == "bdist_wheel" && !f.yanked;
            let file = files.into_iter().find(wheel)?;
            Some((file.uploaded, (version, file.url)))
        });
    let chosen = every.last(ask.since, list.collect());
    let requests = chosen.into_iter().map(|(at, (version, url))| {
        let kind = format!("wheel:{version}@{}", at.as_second());
        Request::get(&kind, url).part()
    });
    requests.collect()
}

/// What a row sells, which decides what its fields are per.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sells {
    Text,
    Image,
    Video,
    Speech,
    Music,
    Mesh,
    /// Sound in, text out.
    Transcript,
    Other,
}

struct Row<'a> {
    subject: String,
    sells: Sells,
    fields: &'a Fields<'a>,
    when: When,
}

fn row(key: &str, fields: &Fields<'_>, out: &mut Facts) {
    let subject = format!("litellm:{key}");
    let provider = string(fields.get("litellm_provider")).unwrap_or_default();
    let mode = string(fields.get("mode")).unwrap_or_default();
    let (model, when) = named(key, &provider);
    let costs: Vec<&String> = fields
        .keys()
        .filter(|f| f.contains("cost") || f.contains("pricing"))
        .collect();
    if costs.is_empty() {
        out.reject(subject.clone(), "no price");
    }
    for (metric, value) in [("provider", &provider), ("model", &model), ("mode", &mode)] {
        if !value.is_empty() {
            out.facts.push(Fact::text(&subject, metric, value));
        }
    }
    if let Some(day) = string(fields.get("deprecation_date")).filter(|d| !d.is_empty()) {
        out.facts.push(Fact::text(&subject, "retires", &day));
    }
    if let Some(page) = string(fields.get("source")) {
        out.facts.push(Fact::text(&subject, "page", &page));
    }
    let comment = fields
        .get("metadata")
        .map_or("", |m| m.get())
        .to_lowercase();
    if comment.contains("estimated cost") {
        out.reject(subject, "the row calls its prices estimated");
        return;
    }
    if when.get("quality").is_some_and(|q| q == "standard") && model.starts_with("gpt-image") {
        out.reject(subject, "`standard` is no quality of this model");
        return;
    }
    let row = Row {
        sells: sells(key, &mode, fields, &comment),
        subject,
        fields,
        when,
    };
    for field in costs {
        let raw = fields[field.as_str()];
        match field.as_str() {
            "tiered_pricing" => tiers(&row, raw, out),
            "off_peak_pricing" => off_peak(&row, raw, out),
            _ => cost(&row, field, raw, &row.when, out),
        }
    }
    if provider == "fireworks_ai" && row.sells == Sells::Image {
        // Its token fields hold the price of a step.
        out.facts
            .retain(|f| f.subject != row.subject || !f.metric.contains("tokens"));
        out.reject(row.subject, "prices of steps in the fields for tokens");
    }
}

/// The model's own name, and what the key says beside it: `high/1024-x-1024/gpt-image-2`.
fn named(key: &str, provider: &str) -> (String, When) {
    let mut when = When::new();
    let mut rest: Vec<&str> = Vec::new();
    for part in key.split('/') {
        let size = part
            .split_once("-x-")
            .filter(|(w, h)| w.parse::<u32>().is_ok() && h.parse::<u32>().is_ok());
        if let Some((w, h)) = size {
            when.insert("size", format!("{w}x{h}"));
        } else if let Some(steps) = part
            .strip_suffix("-steps")
            .filter(|s| s.starts_with(|c: char| c.is_ascii_digit()))
        {
            when.insert("steps", steps.to_owned());
        } else if part == "max-x-max" || part.starts_with("max-steps") {
            when.insert("steps", "max".to_owned());
        } else if matches!(part, "low" | "medium" | "high" | "hd" | "standard" | "auto") {
            when.insert("quality", part.to_owned());
        } else {
            rest.push(part);
        }
    }
    let prefix = |p: &str| p == provider || p.replace('-', "_") == provider || p == "openai";
    if rest.len() > 1 && prefix(rest[0]) {
        rest.remove(0);
    }
    (rest.join("/"), when)
}

fn sells(key: &str, mode: &str, fields: &Fields<'_>, comment: &str) -> Sells {
    let name = key.to_lowercase();
    let any = |words: &[&str]| words.iter().any(|w| name.contains(w));
    if any(&[
        "lyria",
        "music",
        "suno",
        "ace-step",
        "stable-audio",
        "cassette",
    ]) && !any(&["musicgen-caption"])
    {
        return Sells::Music;
    }
    if any(&[
        "trellis",
        "hunyuan3d",
        "hunyuan-3d",
        "tripo",
        "rodin",
        "meshy",
        "3d",
    ]) || comment.contains("mesh")
    {
        return Sells::Mesh;
    }
    match mode {
        "image_generation" | "image_edit" => Sells::Image,
        "video_generation" => Sells::Video,
        "audio_speech" => Sells::Speech,
        "audio_transcription" => Sells::Transcript,
        "chat" | "completion" | "responses" | "embedding" | "realtime" | "moderation"
        | "rerank" => Sells::Text,
        "" if fields.contains_key("output_cost_per_token") => Sells::Text,
        _ => Sells::Other,
    }
}

/// Ends of field names that say when a price holds.
const MODIFIERS: &[(&str, &str)] = &[
    ("_batches", "batch"),
    ("_flex", "flex"),
    ("_priority", "priority"),
    ("_balanced", "balanced"),
    ("_ultrafast", "ultrafast"),
    ("_decisions", "decisions"),
];

/// Takes what a field's name says of when off its end.
fn base(field: &str, row: &When) -> (String, When) {
    let mut when = row.clone();
    let mut name = field.to_owned();
    for (end, modifier) in MODIFIERS {
        if let Some(rest) = name.strip_suffix(end) {
            name.truncate(rest.len());
            when.insert("modifier", (*modifier).to_owned());
        }
    }
    let long = name
        .strip_suffix("k_tokens")
        .and_then(|rest| rest.rsplit_once("_above_"))
        .and_then(|(head, n)| Some((head.to_owned(), n.parse::<u64>().ok()?)));
    if let Some((head, thousands)) = long {
        name = head;
        when.insert("above", (thousands * 1000).to_string());
    }
    for (end, ttl) in [("_above_1hr", "1h"), ("_above_12hr", "12h")] {
        if let Some(rest) = name.strip_suffix(end) {
            name.truncate(rest.len());
            when.insert("ttl", ttl.to_owned());
        }
    }
    let size = name
        .rsplit_once('_')
        .filter(|(head, _)| ["output_cost_per_second", "output_cost_per_image"].contains(head));
    if let Some((head, size)) = size.map(|(h, s)| (h.to_owned(), s.to_owned())) {
        let known = match size.as_str() {
            "2k" | "2K" => Some("1440p"),
            "4k" | "4K" => Some("2160p"),
            _ => None,
        };
        let video = head.ends_with("second");
        let word = known.filter(|_| video).map_or(size.clone(), str::to_owned);
        if video || size != "token" {
            name = head;
            when.insert("resolution", word);
        }
    }
    (name, when)
}

fn cost(row: &Row<'_>, field: &str, raw: &RawValue, when: &When, out: &mut Facts) {
    let key = || format!("{} {field}", row.subject);
    let Some(usd) = decimal(raw.get()) else {
        out.reject(
            key(),
            match raw.get().chars().next() {
                Some('{' | '[') => "prices of searches and tools are not a model's output",
                Some('"') => "a text where a number belongs",
                _ => "not a number",
            },
        );
        return;
    };
    let (name, mut when) = base(field, when);
    let mut kind = |word: &str| {
        when.insert("kind", word.to_owned());
    };
    let per = match name.as_str() {
        "input_cost_per_token" => Unit::MillionInput,
        "output_cost_per_token" if row_makes_nothing(row) => {
            return out.reject(key(), "nothing is written");
        }
        "output_cost_per_token" => Unit::MillionOutput,
        "output_cost_per_reasoning_token" => {
            kind("reasoning");
            Unit::MillionOutput
        }
        "cache_read_input_token_cost" | "input_cost_per_token_cache_hit" => Unit::MillionCached,
        "explicit_cache_read_input_token_cost" => {
            kind("explicit");
            Unit::MillionCached
        }
        "cache_read_input_audio_token_cost" => {
            kind("audio");
            Unit::MillionCached
        }
        "cache_read_input_image_token_cost" => {
            kind("image");
            Unit::MillionCached
        }
        "cache_creation_input_token_cost" => Unit::MillionCacheWrite,
        "cache_creation_input_audio_token_cost" => {
            kind("audio");
            Unit::MillionCacheWrite
        }
        "input_cost_per_audio_token" => {
            kind("audio");
            Unit::MillionInput
        }
        "input_cost_per_image_token" => {
            kind("image");
            Unit::MillionInput
        }
        "input_cost_per_video_token" => {
            kind("video");
            Unit::MillionInput
        }
        "output_cost_per_audio_token" => Unit::MillionAudioOutput,
        "output_cost_per_image_token" => Unit::MillionImageOutput,
        "output_cost_per_video_token" => Unit::MillionVideoTokens,
        "input_cost_per_character" => Unit::MillionCharacters,
        "output_cost_per_character" => {
            kind("output");
            Unit::MillionCharacters
        }
        "output_cost_per_image" => match row.sells {
            Sells::Music => Unit::Song,
            Sells::Mesh => Unit::Asset,
            Sells::Video => return out.reject(key(), "a price of a picture in a row of video"),
            _ => Unit::Image,
        },
        "input_cost_per_image" => match row.sells {
            // xAI and others write the price of the picture that is made here.
            Sells::Image if !row.fields.contains_key("output_cost_per_image") => Unit::Image,
            _ => {
                kind("input");
                Unit::Image
            }
        },
        "output_cost_per_pixel" if row.sells == Sells::Image => Unit::Megapixel,
        "input_cost_per_pixel" if row.sells == Sells::Image => {
            if row
                .fields
                .get("output_cost_per_pixel")
                .and_then(|r| decimal(r.get()))
                .is_some_and(|d| !d.is_zero())
            {
                kind("input");
            }
            Unit::Megapixel
        }
        "output_cost_per_second" | "output_cost_per_video_per_second" => match row.sells {
            Sells::Video => Unit::VideoSecond,
            Sells::Speech | Sells::Music => Unit::AudioSecond,
            Sells::Transcript => return out.reject(key(), "nothing is sounded"),
            _ => return out.reject(key(), "seconds of computing, not of output"),
        },
        "input_cost_per_second" => match row.sells {
            Sells::Transcript | Sells::Speech => {
                kind("input");
                Unit::AudioSecond
            }
            _ => return out.reject(key(), "seconds of computing, not of output"),
        },
        "input_cost_per_audio_per_second" => {
            kind("input");
            Unit::AudioSecond
        }
        "input_cost_per_video_per_second" => {
            kind("input");
            Unit::VideoSecond
        }
        "cost_per_second" => return out.reject(key(), "seconds of computing, not of output"),
        other if other.contains("dbu") => return out.reject(key(), "in Databricks' own unit"),
        other
            if [
                "query",
                "page",
                "session",
                "calls",
                "day",
                "request",
                "message",
                "credit",
                "guardrail",
                "citation",
            ]
            .iter()
            .any(|w| other.contains(w)) =>
        {
            return out.reject(
                key(),
                "prices of searches and tools are not a model's output",
            );
        }
        _ => return out.reject(key(), "a field of no known meaning"),
    };
    let scaled = match per {
        Unit::MillionInput
        | Unit::MillionOutput
        | Unit::MillionCached
        | Unit::MillionCacheWrite
        | Unit::MillionAudioOutput
        | Unit::MillionImageOutput
        | Unit::MillionVideoTokens
        | Unit::MillionCharacters
        | Unit::Megapixel => million(usd),
        _ => Some(usd),
    };
    match scaled {
        Some(usd) => price::push(out, &row.subject, field, per, &when, usd),
        None => out.reject(key(), "too large for a price"),
    }
}

fn row_makes_nothing(row: &Row<'_>) -> bool {
    string(row.fields.get("mode"))
        .is_some_and(|m| matches!(m.as_str(), "embedding" | "rerank" | "moderation"))
}

/// `[{"range": [0, 32000], "input_cost_per_token": …}, …]`: the first tier is the price, the others
/// hold above so many tokens of the prompt.
fn tiers(row: &Row<'_>, raw: &RawValue, out: &mut Facts) {
    let Ok(tiers) = serde_json::from_str::<Vec<Fields<'_>>>(raw.get()) else {
        return out.reject(
            format!("{} tiered_pricing", row.subject),
            "not a list of tiers",
        );
    };
    for tier in &tiers {
        let from = tier
            .get("range")
            .and_then(|r| serde_json::from_str::<Vec<serde_json::Number>>(r.get()).ok())
            .and_then(|r| decimal(&r.first()?.to_string()));
        let Some(from) = from else {
            out.reject(
                format!("{} tiered_pricing", row.subject),
                "a tier without a range",
            );
            continue;
        };
        let mut when = row.when.clone();
        if from > Decimal::ZERO {
            when.insert("above", from.normalize().to_string());
        }
        for (field, value) in tier.iter().filter(|(f, _)| f.contains("cost")) {
            cost(row, field, value, &when, out);
        }
    }
}

fn off_peak(row: &Row<'_>, raw: &RawValue, out: &mut Facts) {
    let Ok(fields) = serde_json::from_str::<Fields<'_>>(raw.get()) else {
        return out.reject(format!("{} off_peak_pricing", row.subject), "not an object");
    };
    let mut when = row.when.clone();
    when.insert("time", "off-peak".to_owned());
    for (field, value) in fields.iter().filter(|(f, _)| f.contains("cost")) {
        cost(row, field, value, &when, out);
    }
}

//! Choosing among the rows of a price matrix: the smallest size and length that cover the demand;
//! every quality, sound and speed tier is a candidate of its own.

use std::collections::BTreeMap;

use maquette_core::{Demand, Modality};
use rust_decimal::Decimal;

use crate::reason::{Reason, Why};

type When = BTreeMap<String, String>;

/// What a row's conditions say of size and length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Extent {
    pixels: Option<u64>,
    lines: Option<u32>,
    seconds: Option<Decimal>,
}

/// Keys that are a size or a length, not a tier.
const EXTENT_KEYS: [&str; 3] = ["resolution", "size", "seconds"];

fn extent(when: &When) -> Extent {
    let pixels = when.get("size").and_then(|s| {
        let (w, h) = s.split_once('x')?;
        w.trim()
            .parse::<u64>()
            .ok()?
            .checked_mul(h.trim().parse().ok()?)
    });
    Extent {
        pixels,
        lines: when.get("resolution").and_then(|s| lines(s)),
        seconds: when.get("seconds").and_then(|s| s.parse().ok()),
    }
}

/// Lines of a resolution word: `720p` is 720, `2k` 1440 (2560×1440), `4k` 2160.
pub fn lines(word: &str) -> Option<u32> {
    match word {
        "2k" => Some(1440),
        "4k" => Some(2160),
        _ => word.strip_suffix('p').unwrap_or(word).parse().ok(),
    }
}

/// The tier part of the conditions: what makes two rows different products.
pub fn tier(when: &When) -> When {
    when.iter()
        .filter(|(k, _)| !EXTENT_KEYS.contains(&k.as_str()))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect()
}

/// The tier in words, e.g. `quality low, audio on`.
pub fn describe(when: &When) -> String {
    let words: Vec<String> = when
        .iter()
        .map(|(k, v)| match k.as_str() {
            "resolution" | "size" => v.clone(),
            "seconds" => format!("{v} s"),
            _ => format!("{k} {v}"),
        })
        .collect();
    words.join(", ")
}

/// Does the tier suit what the demand insists on?
pub fn suits(when: &When, demand: &Demand) -> Result<(), Why> {
    if let Some(want) = &demand.quality
        && when.get("quality") != Some(want)
    {
        let have = when
            .get("quality")
            .map_or("no tiers of quality", String::as_str);
        let detail = format!("{want} is asked for; this has {have}");
        return Err(Why::new(Reason::QualityNotOffered, detail));
    }
    // What does not say that it carries sound is taken to be silent.
    if let Some(want) = demand.audio
        && want != (when.get("audio").map(String::as_str) == Some("on"))
    {
        let detail = if want {
            "not said to carry sound"
        } else {
            "carries sound"
        };
        return Err(Why::new(Reason::QualityNotOffered, detail));
    }
    Ok(())
}

/// Of rows of one tier, the index of the smallest that covers the demand.
pub fn cover(rows: &[&When], demand: &Demand) -> Result<usize, Why> {
    let mut best: Option<(Extent, usize)> = None;
    let mut why = Why::new(Reason::NotPublished, "no price row");
    for (i, when) in rows.iter().enumerate() {
        let e = extent(when);
        match covers(&e, when, demand) {
            Ok(()) => {
                if best.as_ref().is_none_or(|(b, _)| e < *b) {
                    best = Some((e, i));
                }
            }
            Err(w) => why = w,
        }
    }
    best.map(|(_, i)| i).ok_or(why)
}

fn covers(e: &Extent, when: &When, demand: &Demand) -> Result<(), Why> {
    if demand.modality == Modality::Video
        && let Some(height) = demand.lines()
    {
        match e.lines {
            None => {
                return Err(Why::new(
                    Reason::SizeNotPublished,
                    "the price does not say for which resolution",
                ));
            }
            Some(have) if have < height => {
                return Err(Why::new(
                    Reason::TooSmall,
                    format!("{have}p is below {height}p"),
                ));
            }
            Some(_) => {}
        }
    }
    if demand.modality == Modality::Image
        && let (Some(w), Some(h), Some(have)) = (demand.width, demand.height, e.pixels)
        && have < u64::from(w) * u64::from(h)
    {
        let size = when.get("size").cloned().unwrap_or_default();
        return Err(Why::new(
            Reason::TooSmall,
            format!("{size} is below {w}×{h}"),
        ));
    }
    if let (Some(want), Some(have)) = (demand.seconds, e.seconds)
        && have < want
    {
        let detail = format!(
            "{} s is shorter than {} s",
            have.normalize(),
            want.normalize()
        );
        return Err(Why::new(Reason::LengthNotOffered, detail));
    }
    Ok(())
}

/// Seconds billed for one output of `want` seconds: the smallest length the provider allows.
pub fn billed_seconds(
    want: Decimal,
    allowed: &[Decimal],
    min: Option<Decimal>,
    max: Option<Decimal>,
) -> Result<Decimal, Why> {
    let too_long = |longest: Decimal| {
        let detail = format!(
            "at most {} s, {} s are wanted",
            longest.normalize(),
            want.normalize()
        );
        Why::new(Reason::LengthNotOffered, detail)
    };
    if let Some(max) = max.filter(|m| want > *m) {
        return Err(too_long(max));
    }
    if !allowed.is_empty() {
        let fit = allowed.iter().copied().filter(|a| *a >= want).min();
        return fit.ok_or_else(|| too_long(allowed.iter().copied().max().unwrap_or_default()));
    }
    Ok(want.max(min.unwrap_or_default()))
}

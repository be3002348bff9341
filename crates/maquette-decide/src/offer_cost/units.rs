//! How each modality's units become the cost of one output: tiles and steps, megapixels rounded up,
//! billed lengths, tokens and characters.

use std::borrow::Cow;
use std::collections::BTreeMap;

use maquette_catalog::schema::model::Model;
use maquette_catalog::schema::place::Conversion;
use maquette_catalog::schema::provider::Offer;
use maquette_core::{Demand, Modality, Unit};
use rust_decimal::Decimal;

use super::{Live, Priced, Sum};
use crate::context::{Ctx, conversion_range};
use crate::range::Range;
use crate::reason::{Reason, Why};
use crate::variant;

/// Seconds of a clip up to which an unstated longest length is not worth a word.
const CLIP_SECONDS: Decimal = Decimal::from_parts(5, 0, 0, false, 0);

pub(super) fn tier_cost<'a>(
    offer: &'a Offer,
    model: &Model,
    rows: &[Live<'_>],
    demand: &Demand,
    ctx: &Ctx<'a>,
) -> Result<Priced<'a>, Why> {
    let mut sum = Sum {
        ctx,
        offer,
        cost: Range::ZERO,
        terms: Vec::new(),
        facts: Vec::new(),
        warnings: Vec::new(),
    };
    let variant = match demand.modality {
        Modality::Text => text(&mut sum, rows, demand)?,
        Modality::Image => image(&mut sum, model, rows, demand)?,
        Modality::Video if has(rows, Unit::MillionVideoTokens) => {
            video_tokens(&mut sum, model, rows, demand)?
        }
        Modality::Video => timed(&mut sum, rows, demand, Unit::Video, Unit::VideoSecond, "s")?,
        Modality::Music => music(&mut sum, model, rows, demand)?,
        Modality::Sound => timed(&mut sum, rows, demand, Unit::Sound, Unit::AudioSecond, "s")?,
        Modality::Speech => speech(&mut sum, rows, demand)?,
        Modality::ThreeD | Modality::Motion => {
            let live = covering(rows, Unit::Asset, demand)?;
            sum.add(live, Range::point(Decimal::ONE), "asset")?;
            variant::describe(&extent_of(&live))
        }
    };
    Ok(sum.done(variant))
}

/// The rows sold per `unit` that cover the demand's size and length; the smallest of them.
fn covering<'a>(rows: &[Live<'a>], unit: Unit, demand: &Demand) -> Result<Live<'a>, Why> {
    let of_unit: Vec<Live<'a>> = rows.iter().copied().filter(|l| l.row.per == unit).collect();
    if of_unit.is_empty() {
        return Err(Why::new(
            Reason::NotPublished,
            format!("no price per {unit}"),
        ));
    }
    let whens: Vec<_> = of_unit.iter().map(|l| &l.row.when).collect();
    Ok(of_unit[variant::cover(&whens, demand)?])
}

fn has(rows: &[Live<'_>], unit: Unit) -> bool {
    rows.iter().any(|l| l.row.per == unit)
}

fn extent_of(live: &Live<'_>) -> BTreeMap<String, String> {
    let tier = variant::tier(&live.row.when);
    live.row
        .when
        .iter()
        .filter(|(k, _)| !tier.contains_key(*k))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect()
}

/// Words to tokens; reading and writing are priced apart, hidden reasoning as writing.
fn text(sum: &mut Sum<'_, '_>, rows: &[Live<'_>], demand: &Demand) -> Result<String, Why> {
    let per_word = sum.ctx.conversion("word-token")?;
    let tokens = conversion_range(per_word).times(Decimal::new(1, 6));
    let written = tokens.times(Decimal::ONE + demand.reasoning_ratio);
    sum.add(
        covering(rows, Unit::MillionOutput, demand)?,
        written,
        "M tokens written",
    )?;
    if !demand.input_ratio.is_zero() {
        // Where no price of cached tokens is published, they cost what others cost.
        let cached = if has(rows, Unit::MillionCached) {
            demand.input_ratio * demand.cached_share
        } else {
            Decimal::ZERO
        };
        sum.add(
            covering(rows, Unit::MillionInput, demand)?,
            tokens.times(demand.input_ratio - cached),
            "M tokens read",
        )?;
        if !cached.is_zero() {
            sum.add(
                covering(rows, Unit::MillionCached, demand)?,
                tokens.times(cached),
                "M tokens read from the cache",
            )?;
        }
    }
    sum.rests_on(per_word);
    Ok(String::new())
}

/// A clip sold by video tokens: width × height × frames ÷ 1024 (research note on prices, section 2,
/// rule 2: Seedance).
fn video_tokens(
    sum: &mut Sum<'_, '_>,
    model: &Model,
    rows: &[Live<'_>],
    demand: &Demand,
) -> Result<String, Why> {
    let offer = sum.offer;
    let usual = model.defaults.as_ref().and_then(|d| d.fps);
    let rate = offer
        .frames_per_second
        .or(usual.map(Decimal::from))
        .ok_or_else(|| {
            Why::new(
                Reason::NotPublished,
                "sold by frames, at no known frame rate",
            )
        })?;
    let (Some(w), Some(h)) = (demand.width, demand.height) else {
        return Err(Why::new(
            Reason::SizeNotPublished,
            "sold by pixels, and the clip's size is not given",
        ));
    };
    let seconds = variant::billed_seconds(
        demand.seconds.unwrap_or(Decimal::ONE),
        &offer.seconds_allowed,
        offer.seconds_min,
        offer.seconds_max,
    )?;
    let frames = (rate * seconds).ceil() + Decimal::from(offer.extra_frames);
    let tokens = Decimal::from(w) * Decimal::from(h) * frames / Decimal::from(1024);
    let live = covering(rows, Unit::MillionVideoTokens, demand)?;
    sum.add(
        live,
        Range::point(tokens / Decimal::from(1_000_000)),
        "M video tokens",
    )?;
    Ok(variant::describe(&extent_of(&live)))
}

fn image(
    sum: &mut Sum<'_, '_>,
    model: &Model,
    rows: &[Live<'_>],
    demand: &Demand,
) -> Result<String, Why> {
    let (w, h) = (demand.width.unwrap_or(1024), demand.height.unwrap_or(1024));
    let pixels = Decimal::from(w) * Decimal::from(h);
    if has(rows, Unit::Image) {
        let live = covering(rows, Unit::Image, demand)?;
        sum.add(live, Range::point(Decimal::ONE), "image")?;
        return Ok(variant::describe(&extent_of(&live)));
    }
    if has(rows, Unit::Tile512) {
        let tiles = Decimal::from(w.div_ceil(512)) * Decimal::from(h.div_ceil(512));
        sum.add(
            covering(rows, Unit::Tile512, demand)?,
            Range::point(tiles),
            "tiles",
        )?;
        if has(rows, Unit::Step) {
            let steps = model
                .defaults
                .as_ref()
                .and_then(|d| d.steps)
                .ok_or_else(|| {
                    Why::new(
                        Reason::NotPublished,
                        "priced per step, and the model's usual steps are not known",
                    )
                })?;
            sum.add(
                covering(rows, Unit::Step, demand)?,
                Range::point(steps.into()),
                "steps",
            )?;
        }
        return Ok(String::new());
    }
    let megapixels = match sum.offer.megapixel_pixels {
        Some(n) => (pixels / Decimal::from(n)).ceil(),
        None => pixels / Decimal::from(1_000_000),
    };
    if has(rows, Unit::FirstMegapixel) {
        let whole = megapixels.ceil();
        sum.add(
            covering(rows, Unit::FirstMegapixel, demand)?,
            Range::point(Decimal::ONE),
            "first megapixel",
        )?;
        if whole > Decimal::ONE {
            let more = covering(rows, Unit::Megapixel, demand)?;
            sum.add(
                more,
                Range::point(whole - Decimal::ONE),
                "further megapixels",
            )?;
        }
        return Ok(String::new());
    }
    if has(rows, Unit::Megapixel) {
        let live = covering(rows, Unit::Megapixel, demand)?;
        sum.add(live, Range::point(megapixels), "megapixels")?;
        return Ok(variant::describe(&extent_of(&live)));
    }
    Err(Why::new(
        Reason::NotPublished,
        "billed by tokens, and tokens per image are not published",
    ))
}

/// Sold by the piece of a stated length, or by the second.
fn timed(
    sum: &mut Sum<'_, '_>,
    rows: &[Live<'_>],
    demand: &Demand,
    piece: Unit,
    second: Unit,
    what: &'static str,
) -> Result<String, Why> {
    let offer = sum.offer;
    let want = demand.seconds.unwrap_or(Decimal::ONE);
    let seconds = variant::billed_seconds(
        want,
        &offer.seconds_allowed,
        offer.seconds_min,
        offer.seconds_max,
    )?;
    let open_ended = offer.seconds_max.is_none() && offer.seconds_allowed.is_empty();
    if has(rows, second) {
        let live = covering(rows, second, demand)?;
        if open_ended && demand.modality == Modality::Video && want > CLIP_SECONDS {
            sum.warnings
                .push("how long a clip may be is not published".to_owned());
        }
        let words = if seconds == want {
            Cow::Borrowed(what)
        } else {
            Cow::Owned(format!(
                "{what} billed for {} {what} wanted",
                want.normalize()
            ))
        };
        sum.add(live, Range::point(seconds), words)?;
        return Ok(variant::describe(&extent_of(&live)));
    }
    let live = covering(rows, piece, demand)?;
    sum.add(live, Range::point(Decimal::ONE), piece.as_str())?;
    Ok(variant::describe(&extent_of(&live)))
}

fn music(
    sum: &mut Sum<'_, '_>,
    model: &Model,
    rows: &[Live<'_>],
    demand: &Demand,
) -> Result<String, Why> {
    let limit = model.limits.as_ref().and_then(|l| l.duration_s);
    if let (Some(want), Some(limit)) = (demand.seconds, limit)
        && want > limit
    {
        let detail = format!("the model makes at most {} s", limit.normalize());
        return Err(Why::new(Reason::LengthNotOffered, detail));
    }
    if has(rows, Unit::AudioMinute) {
        let minutes = demand.seconds.unwrap_or(Decimal::from(60)) / Decimal::from(60);
        sum.add(
            covering(rows, Unit::AudioMinute, demand)?,
            Range::point(minutes),
            "minutes",
        )?;
        return Ok(String::new());
    }
    let flat = has(rows, Unit::Song) && rows.iter().all(|l| !l.row.when.contains_key("seconds"));
    if flat && sum.offer.seconds_max.is_none() && limit.is_none() {
        return Err(Why::new(
            Reason::LengthNotPublished,
            "the price does not say how long a song may be",
        ));
    }
    timed(sum, rows, demand, Unit::Song, Unit::AudioSecond, "s")
}

/// One minute of speech: words spoken, characters of those words, or sound tokens.
fn speech(sum: &mut Sum<'_, '_>, rows: &[Live<'_>], demand: &Demand) -> Result<String, Why> {
    if has(rows, Unit::AudioMinute) {
        sum.add(
            covering(rows, Unit::AudioMinute, demand)?,
            Range::point(Decimal::ONE),
            "minute",
        )?;
        return Ok(String::new());
    }
    if has(rows, Unit::AudioSecond) {
        sum.add(
            covering(rows, Unit::AudioSecond, demand)?,
            Range::point(Decimal::from(60)),
            "s",
        )?;
        return Ok(String::new());
    }
    if has(rows, Unit::MillionAudioOutput) {
        let rate = sum.ctx.conversion("audio-second-token")?;
        let tokens = conversion_range(rate).times(Decimal::new(60, 6));
        sum.add(
            covering(rows, Unit::MillionAudioOutput, demand)?,
            tokens,
            "M audio tokens",
        )?;
        sum.rests_on(rate);
        return Ok(String::new());
    }
    let (characters, conversions) = characters_per_minute(sum.ctx)?;
    for (unit, divisor) in [
        (Unit::MillionCharacters, 1_000_000),
        (Unit::ThousandCharacters, 1_000),
        (Unit::MillionBytes, 1_000_000),
    ] {
        if has(rows, unit) {
            let bytes = match unit {
                Unit::MillionBytes => demand.bytes_per_character.unwrap_or(Decimal::ONE),
                _ => Decimal::ONE,
            };
            let amount = characters.times(bytes / Decimal::from(divisor));
            sum.add(covering(rows, unit, demand)?, amount, unit.as_str())?;
            if unit == Unit::MillionBytes && demand.bytes_per_character.is_none() {
                sum.warnings.push(
                    "billed by UTF-8 bytes: one per Latin letter, three per Chinese character"
                        .to_owned(),
                );
            }
            for c in conversions {
                sum.rests_on(c);
            }
            return Ok(String::new());
        }
    }
    Err(Why::new(
        Reason::NotPublished,
        "no price per character or minute",
    ))
}

/// Characters of one spoken minute: words a minute times characters a word.
pub fn characters_per_minute<'a>(ctx: &Ctx<'a>) -> Result<(Range, [&'a Conversion; 2]), Why> {
    let words = ctx.conversion("speech-minute-word")?;
    let letters = ctx.conversion("word-character")?;
    let range = Range {
        low: words.low * letters.low,
        mid: words.mid * letters.mid,
        high: words.high * letters.high,
    };
    Ok((range, [words, letters]))
}

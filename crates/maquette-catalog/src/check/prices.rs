//! Prices: the right units for the modality, amounts that can be, periods that do not overlap.

use std::collections::BTreeMap;

use maquette_core::{Date, Modality, Unit};

use super::Checker;
use crate::parse::Kind;
use crate::place;
use crate::problem::Code;
use crate::schema::provider::{MODIFIERS, PriceRow};

pub fn check(c: &mut Checker<'_>) {
    let catalog = c.catalog;
    for p in &catalog.providers {
        let of = (Kind::Provider, p.id.as_str());
        for (i, offer) in p.offer.iter().enumerate() {
            if offer.price.is_empty() {
                c.error(
                    of,
                    &place!["offer", i],
                    Code::WrongForm,
                    format!("offer `{}` has no price rows", offer.id),
                );
            }
            for (k, row) in offer.price.iter().enumerate() {
                if !units_of(offer.modality).contains(&row.per) {
                    let message = format!("{} is not sold per {}", offer.modality, row.per);
                    c.error(
                        of,
                        &place!["offer", i, "price", k, "per"],
                        Code::UnitMismatch,
                        message,
                    );
                }
                modifier(c, of, i, k, row);
                if row.amount.is_some_and(|m| m.amount.is_sign_negative()) {
                    c.error(
                        of,
                        &place!["offer", i, "price", k, "amount"],
                        Code::ImpossibleValue,
                        "a price below zero".to_owned(),
                    );
                }
                backwards(
                    c,
                    of,
                    &place!["offer", i, "price", k, "until"],
                    row.from,
                    row.until,
                );
            }
            let mut groups: BTreeMap<Key, Vec<(usize, Period)>> = BTreeMap::new();
            for (k, row) in offer.price.iter().enumerate() {
                groups.entry(key(row)).or_default().push((k, period(row)));
            }
            for rows in groups.values() {
                if let Some(k) = overlap(rows) {
                    let message = format!(
                        "two prices of `{}` per {} hold at the same time",
                        offer.id, offer.price[k].per
                    );
                    c.error(
                        of,
                        &place!["offer", i, "price", k],
                        Code::OverlappingPeriods,
                        message,
                    );
                }
            }
        }
        for (i, plan) in p.plan.iter().enumerate() {
            let mut groups: BTreeMap<_, Vec<(usize, Period)>> = BTreeMap::new();
            for (k, fee) in plan.fee.iter().enumerate() {
                backwards(
                    c,
                    of,
                    &place!["plan", i, "fee", k, "until"],
                    fee.from,
                    fee.until,
                );
                let start = fee
                    .from
                    .or(fee.first_seen.map(|d| d.first()))
                    .unwrap_or(fee.as_of.first());
                groups
                    .entry((fee.billing, fee.intro_months.is_some()))
                    .or_default()
                    .push((k, (start, fee.until)));
            }
            for rows in groups.values() {
                if let Some(k) = overlap(rows) {
                    let message = format!("two fees of plan `{}` hold at the same time", plan.id);
                    c.error(
                        of,
                        &place!["plan", i, "fee", k],
                        Code::OverlappingPeriods,
                        message,
                    );
                }
            }
        }
        for (i, x) in p.rental_extra.iter().enumerate() {
            if x.per != x.what.unit() {
                c.error(
                    of,
                    &place!["rental_extra", i, "per"],
                    Code::UnitMismatch,
                    format!("this is sold per {}, not per {}", x.what.unit(), x.per),
                );
            }
        }
        for (i, r) in p.rental.iter().enumerate() {
            if !matches!(r.per, Unit::GpuHour | Unit::GpuSecond) {
                c.error(
                    of,
                    &place!["rental", i, "per"],
                    Code::UnitMismatch,
                    format!("a GPU is not rented per {}", r.per),
                );
            }
        }
    }
}

/// A modifier is one of the list, and a price for long prompts says from where on it holds.
fn modifier(c: &mut Checker<'_>, of: (Kind, &str), i: usize, k: usize, row: &PriceRow) {
    let word = row.modifier.as_deref();
    if let Some(word) = word.filter(|w| !MODIFIERS.contains(w)) {
        let near = maquette_core::names::nearest(word, MODIFIERS.iter().copied());
        let near = maquette_core::names::did_you_mean(&near);
        c.error(
            of,
            &place!["offer", i, "price", k, "modifier"],
            Code::WrongForm,
            format!("`{word}` is not a modifier of a price{near}"),
        );
    } else if word.is_some_and(|w| w.ends_with("long-context")) != row.above_tokens.is_some() {
        c.error(
            of,
            &place!["offer", i, "price", k],
            Code::Contradiction,
            "above_tokens and a long-context modifier belong together".to_owned(),
        );
    }
}

pub(super) type Period = (Date, Option<Date>);
type Key = (Unit, Vec<(String, String)>, Option<String>);

fn key(row: &PriceRow) -> Key {
    let when = row
        .when
        .iter()
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    (row.per, when, row.modifier.clone())
}

fn period(row: &PriceRow) -> Period {
    let start = row
        .from
        .or(row.first_seen.map(|d| d.first()))
        .unwrap_or(row.as_of.first());
    (start, row.until)
}

/// The later row of a pair whose periods meet. A row without an end holds until the next one
/// begins, so only two equal beginnings, or an end past the next beginning, are an overlap.
pub(super) fn overlap(rows: &[(usize, Period)]) -> Option<usize> {
    let mut sorted: Vec<_> = rows.to_vec();
    sorted.sort_by_key(|(_, (start, _))| *start);
    sorted.windows(2).find_map(|pair| {
        let ((_, (a, end)), (k, (b, _))) = (pair[0], pair[1]);
        (a == b || end.is_some_and(|e| e > b)).then_some(k)
    })
}

/// An end before its beginning.
pub(super) fn backwards(
    c: &mut Checker<'_>,
    of: (Kind, &str),
    steps: &[crate::locate::Step],
    from: Option<Date>,
    until: Option<Date>,
) {
    if let (Some(from), Some(until)) = (from, until)
        && until <= from
    {
        c.error(
            of,
            steps,
            Code::ImpossibleValue,
            format!("a period that ends ({until}) before it begins ({from})"),
        );
    }
}

/// The units in which each modality is sold (research note on prices, section 2).
pub fn units_of(modality: Modality) -> &'static [Unit] {
    match modality {
        Modality::Text => &[
            Unit::MillionInput,
            Unit::MillionOutput,
            Unit::MillionCached,
            Unit::MillionCacheWrite,
        ],
        Modality::Image => &[
            Unit::Image,
            Unit::Megapixel,
            Unit::FirstMegapixel,
            Unit::Tile512,
            Unit::Step,
            Unit::MillionImageOutput,
            Unit::MillionInput,
        ],
        Modality::Video => &[Unit::Video, Unit::VideoSecond, Unit::MillionVideoTokens],
        Modality::Music => &[Unit::Song, Unit::AudioSecond, Unit::AudioMinute],
        Modality::Sound => &[Unit::Sound, Unit::AudioSecond, Unit::AudioMinute],
        Modality::Speech => &[
            Unit::MillionCharacters,
            Unit::ThousandCharacters,
            Unit::MillionBytes,
            Unit::MillionAudioOutput,
            Unit::MillionInput,
            Unit::AudioMinute,
            Unit::AudioSecond,
        ],
        Modality::ThreeD | Modality::Motion => &[Unit::Asset],
    }
}

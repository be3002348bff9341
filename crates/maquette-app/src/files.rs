//! The user's own files: a workload and a studio, with a picture of the line when one is wrong.

use std::ops::Range;
use std::path::Path;
use std::str::FromStr;

use maquette_core::{Demand, Modality};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::error::AppError;
use crate::license::{Amount, FactsForm};
use crate::quantity;
use crate::reading::{parse, text, wrong};

/// A number written as `100`, `0.5`, `"50k"`: always exact in decimals.
#[derive(Debug, Clone, Copy)]
pub struct Number(pub Decimal);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Number;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number, such as 100, 0.5 or \"50k\"")
            }

            fn visit_i64<E: serde::de::Error>(self, v: i64) -> Result<Number, E> {
                Ok(Number(v.into()))
            }

            fn visit_f64<E: serde::de::Error>(self, v: f64) -> Result<Number, E> {
                Decimal::from_str(&v.to_string())
                    .map(Number)
                    .map_err(|_| E::custom(format!("{v:e} is not a number to reckon with")))
            }

            fn visit_str<E: serde::de::Error>(self, v: &str) -> Result<Number, E> {
                quantity::number(v).map(Number).map_err(E::custom)
            }
        }
        d.deserialize_any(Visitor)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WorkloadFile {
    demand: Vec<Spanned<DemandRow>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DemandRow {
    #[serde(deserialize_with = "modality")]
    modality: Modality,
    quantity: Spanned<Number>,
    width: Option<u32>,
    height: Option<u32>,
    seconds: Option<Number>,
    quality: Option<String>,
    audio: Option<bool>,
    input_ratio: Option<Number>,
    reasoning_ratio: Option<Number>,
    cached_share: Option<Number>,
    prompt_tokens: Option<u64>,
    bytes_per_character: Option<Number>,
    keep_rate: Option<Number>,
}

/// As on the command line, with the nearest names.
fn modality<'de, D: Deserializer<'de>>(d: D) -> Result<Modality, D::Error> {
    String::deserialize(d)?
        .parse()
        .map_err(serde::de::Error::custom)
}

/// `studio.toml`: who asks. A flag on the command line goes before it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StudioFile {
    pub country: Option<String>,
    #[serde(rename = "use")]
    pub purpose: Option<String>,
    pub revenue: Option<String>,
    pub seats: Option<u32>,
    pub vat_registered: Option<bool>,
    /// Facts that licenses ask for, by their names.
    pub facts: FactsForm,
    pub gpu: Option<String>,
    pub power_price: Option<String>,
    pub hours_per_day: Option<Number>,
    pub purchase_months: Option<u32>,
}

/// The demands of a workload file.
pub fn workload(path: &Path) -> Result<Vec<Demand>, AppError> {
    let text = text(path, "workload")?;
    let file: WorkloadFile = parse(path, &text, "workload")?;
    let wrong = |span: Range<usize>, label: String| wrong(path, &text, "workload", span, label);
    if file.demand.is_empty() {
        return Err(wrong(0..0, "no [[demand]] is in it".to_owned()));
    }
    let mut demands = Vec::new();
    for row in file.demand {
        let whole = row.span();
        let row = row.into_inner();
        let quantity = quantity::of(row.modality, row.quantity.get_ref().0)
            .map_err(|e| wrong(row.quantity.span(), e))?;
        let mut d = Demand::usual(row.modality, quantity);
        d.width = row.width.or(d.width);
        d.height = row.height.or(d.height);
        d.seconds = row.seconds.map(|n| n.0).or(d.seconds);
        d.quality = row.quality;
        d.audio = row.audio;
        d.input_ratio = row.input_ratio.map_or(d.input_ratio, |n| n.0);
        d.reasoning_ratio = row.reasoning_ratio.map_or(d.reasoning_ratio, |n| n.0);
        d.cached_share = row.cached_share.map_or(d.cached_share, |n| n.0);
        d.prompt_tokens = row.prompt_tokens;
        d.bytes_per_character = row.bytes_per_character.map(|n| n.0);
        d.keep_rate = row.keep_rate.map_or(d.keep_rate, |n| n.0);
        quantity::check(&d).map_err(|e| wrong(whole, e))?;
        demands.push(d);
    }
    Ok(demands)
}

impl StudioFile {
    /// What licenses ask for: `[facts]`, and what the file's other keys say of the same thing.
    pub fn license_facts(&self) -> FactsForm {
        let mut form = self.facts.clone();
        form.purpose = form.purpose.or_else(|| self.purpose.clone());
        form.annual_revenue = form
            .annual_revenue
            .or_else(|| self.revenue.clone().map(Amount));
        form.place = form.place.or_else(|| self.country.clone());
        form.domicile = form.domicile.or_else(|| self.country.clone());
        form
    }
}

/// The facts of the studio file alone, for the license verbs.
pub fn studio_facts(path: &Path) -> Result<FactsForm, AppError> {
    Ok(studio(path)?.license_facts())
}

pub fn studio(path: &Path) -> Result<StudioFile, AppError> {
    parse(path, &text(path, "studio")?, "studio")
}

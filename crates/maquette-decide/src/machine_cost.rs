//! Time and electricity of one output on a GPU: published measurements, and where there are none, the
//! estimate of `maquette-fit`.

use maquette_catalog::schema::hardware::Gpu;
use maquette_catalog::schema::model::{Model, Timing, TimingPer};
use maquette_core::{Basis, Demand, Evidence, Modality, Money, PartialDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use crate::context::{Ctx, conversion_range};
use crate::estimate;
use crate::facts;
use crate::range::Range;
use crate::reason::{Reason, Why};
use crate::tax;

/// Seconds of one output, measured.
#[derive(Debug, Clone)]
pub struct Seconds {
    pub seconds: Range,
    pub evidence: Vec<Evidence>,
    pub basis: String,
}

/// Seconds of one output: measured and published, or estimated; and the watts of an estimate.
pub fn time(
    model: &Model,
    gpu: &Gpu,
    demand: &Demand,
    ctx: &Ctx<'_>,
) -> Result<(Seconds, Option<Range>), Why> {
    match seconds(model, gpu, demand, ctx) {
        Ok(measured) => Ok((measured, None)),
        Err(why) if why.reason == Reason::NotMeasured => estimate::seconds(model, gpu, demand, ctx),
        Err(why) => Err(why),
    }
}

/// The measured time that covers the demand's size; a smaller measured size is no answer.
fn seconds(model: &Model, gpu: &Gpu, demand: &Demand, ctx: &Ctx<'_>) -> Result<Seconds, Why> {
    let here = |t: &&Timing| t.gpu == gpu.id && t.as_of.first() <= ctx.ask.as_of;
    if demand.modality == Modality::Text && !demand.input_ratio.is_zero() {
        let detail = format!(
            "times to write are published, none to read the words given to it, on {}",
            gpu.name
        );
        return Err(Why::new(Reason::NotMeasured, detail));
    }
    let mut best: Option<(Decimal, Seconds)> = None;
    for (i, t) in model.timing.iter().enumerate().filter(|(_, t)| here(t)) {
        let Some(mut s) = one(t, demand, ctx)? else {
            continue;
        };
        s.evidence.insert(0, evidence(model, i, t));
        if best.as_ref().is_none_or(|(b, _)| s.seconds.mid < *b) {
            best = Some((s.seconds.mid, s));
        }
    }
    best.map(|(_, s)| s).ok_or_else(|| {
        let detail = format!("no published time for this work on {}", gpu.name);
        Why::new(Reason::NotMeasured, detail)
    })
}

fn one(t: &Timing, demand: &Demand, ctx: &Ctx<'_>) -> Result<Option<Seconds>, Why> {
    let basis = format!(
        "measured on this GPU model{}{} (tier {})",
        t.format
            .as_ref()
            .map(|f| format!(", {f}"))
            .unwrap_or_default(),
        t.engine
            .as_ref()
            .map(|e| format!(", {e}"))
            .unwrap_or_default(),
        t.tier
    );
    let point = |x: Decimal| {
        Some(Seconds {
            seconds: Range::point(x),
            evidence: Vec::new(),
            basis: basis.clone(),
        })
    };
    Ok(match (t.per, demand.modality) {
        (TimingPer::Token, Modality::Text) => {
            let tokens = ctx.conversion("word-token")?;
            let seconds =
                conversion_range(tokens).times(t.seconds * (Decimal::ONE + demand.reasoning_ratio));
            Some(Seconds {
                seconds,
                evidence: vec![facts::conversion(tokens)],
                basis,
            })
        }
        (TimingPer::Second, Modality::Speech) => point(t.seconds * Decimal::from(60)),
        (TimingPer::Second, _) if covers_size(t, demand) => {
            demand.seconds.and_then(|s| point(t.seconds * s))
        }
        (TimingPer::Output, Modality::Text | Modality::Speech) => None,
        (TimingPer::Output, _) if covers_size(t, demand) && covers_length(t, demand) => {
            point(t.seconds)
        }
        _ => None,
    })
}

/// A picture or clip of the measured size has at least the pixels wanted.
fn covers_size(t: &Timing, demand: &Demand) -> bool {
    match demand.modality {
        Modality::Image | Modality::Video => match (t.width, t.height, demand.width, demand.height)
        {
            (Some(tw), Some(th), Some(w), Some(h)) => {
                u64::from(tw) * u64::from(th) >= u64::from(w) * u64::from(h)
            }
            _ => false,
        },
        _ => true,
    }
}

fn covers_length(t: &Timing, demand: &Demand) -> bool {
    match demand.modality {
        Modality::Video | Modality::Music | Modality::Sound => match (t.duration_s, demand.seconds)
        {
            (Some(have), Some(want)) => have >= want,
            _ => false,
        },
        _ => true,
    }
}

fn evidence(model: &Model, index: usize, t: &Timing) -> Evidence {
    let per = match t.per {
        TimingPer::Output => "output",
        TimingPer::Second => "second made",
        TimingPer::Token => "token",
    };
    Evidence {
        id: format!("{}#timing{}", model.id, index + 1),
        fact: format!(
            "{} s per {per} on {}{}",
            t.seconds.normalize(),
            t.gpu,
            size(t)
        ),
        source: t.source.clone(),
        as_of: t.as_of.to_string(),
        confidence: t.confidence,
        basis: Basis::Measured,
        note: t.note.clone(),
    }
}

/// The size and length that were measured, which may exceed what is asked for.
fn size(t: &Timing) -> String {
    let size = match (t.width, t.height) {
        (Some(w), Some(h)) => format!(", {w}×{h}"),
        _ => String::new(),
    };
    let length = t.duration_s.map(|s| format!(", {} s long", s.normalize()));
    size + &length.unwrap_or_default()
}

/// The price of one kWh where the studio is, in the report's currency.
pub fn power_price(ctx: &Ctx<'_>) -> Result<(Decimal, Vec<Evidence>), Why> {
    let day = ctx.ask.as_of;
    if let Some(price) = ctx.ask.studio.power_price {
        let converted = ctx.convert(price)?;
        return Ok((converted.amount, converted.evidence.into_iter().collect()));
    }
    let country = &ctx.ask.studio.country;
    let none = || {
        Why::new(
            Reason::NoPowerPrice,
            format!("no electricity price for {country} is in the catalog (give --power-price)"),
        )
    };
    let place = ctx
        .catalog
        .places
        .iter()
        .find(|p| p.id == *country)
        .ok_or_else(none)?;
    // The latest that had begun by the day; where none had, the earliest known.
    let begun = |from: Option<maquette_core::Date>, as_of: PartialDate| {
        from.unwrap_or(as_of.first()) <= day
    };
    let row = place
        .electricity
        .iter()
        .enumerate()
        .filter(|(_, e)| begun(e.from, e.as_of))
        .max_by_key(|(_, e)| e.from.unwrap_or(e.as_of.first()))
        .or_else(|| {
            place
                .electricity
                .iter()
                .enumerate()
                .min_by_key(|(_, e)| e.as_of.first())
        })
        .ok_or_else(none)?;
    let (index, row) = row;
    let converted = ctx.convert(row.amount)?;
    let mut evidence = vec![Evidence {
        id: format!("place/{}#electricity{}", place.id, index + 1),
        fact: format!("{} per kWh in {}", row.amount, place.name),
        source: row.source.clone(),
        as_of: row.as_of.to_string(),
        confidence: row.confidence,
        // A price of another time is the nearest known, not the one of the day.
        basis: if begun(row.from, row.as_of) && row.until.is_none_or(|u| day < u) {
            Basis::Published
        } else {
            Basis::Assumed
        },
        note: row.basis.clone().or(row.note.clone()),
    }];
    evidence.extend(converted.evidence);
    Ok((converted.amount, evidence))
}

/// Electricity of so many seconds: at the watts of an estimate, else at the board's full power, which
/// is an upper figure.
pub fn energy(
    gpu: &Gpu,
    seconds: Range,
    drawn: Option<Range>,
    per_kwh: Decimal,
) -> Result<(Range, Evidence), Why> {
    let watts = gpu.watts.ok_or_else(|| {
        Why::new(
            Reason::NotMeasured,
            format!("the power draw of {} is not in the catalog", gpu.name),
        )
    })?;
    let evidence = Evidence {
        id: format!("gpu/{}", gpu.id),
        fact: format!("{} W board power ({})", watts.normalize(), gpu.name),
        source: gpu.source.clone(),
        as_of: gpu.as_of.to_string(),
        confidence: gpu.confidence,
        basis: Basis::Published,
        note: Some(
            "taken as drawn for the whole time: an upper figure, the rest of the machine left out"
                .to_owned(),
        ),
    };
    if let Some(drawn) = drawn {
        let evidence = Evidence {
            fact: format!(
                "{} W drawn ({} to {}) of {} W board power ({})",
                drawn.mid.round_dp(0),
                drawn.low.round_dp(0),
                drawn.high.round_dp(0),
                watts.normalize(),
                gpu.name
            ),
            basis: Basis::Derived,
            note: Some(
                "estimated from published draws; the rest of the machine is left out".to_owned(),
            ),
            ..evidence
        };
        let energy = seconds
            .scaled(drawn)
            .times(per_kwh / Decimal::from(3_600_000));
        return Ok((energy, evidence));
    }
    Ok((
        seconds.times(watts * per_kwh / Decimal::from(3_600_000)),
        evidence,
    ))
}

/// The own machine's price, spread over months.
#[derive(Debug, Clone)]
pub struct Purchase {
    pub monthly: Range,
    pub evidence: Vec<Evidence>,
    pub warning: Option<String>,
}

/// What the GPU costs a month when its price is spread over `months`.
pub fn purchase(gpu: &Gpu, months: u32, ctx: &Ctx<'_>) -> Result<Purchase, Why> {
    let row = gpu
        .price
        .iter()
        .enumerate()
        .filter(|(_, p)| p.as_of.first() <= ctx.ask.as_of)
        .max_by_key(|(_, p)| p.as_of.last())
        .ok_or_else(|| {
            Why::new(
                Reason::NotPublished,
                format!("no price of {} is in the catalog", gpu.name),
            )
        })?;
    let (index, p) = row;
    let count = ctx.ask.machine.as_ref().map_or(1, |m| m.count.max(1));
    let share = Decimal::from(count) / Decimal::from(months.max(1));
    let monthly = |price: Money| ctx.convert(price).map(|c| c.amount * share);
    let (low, high) = (monthly(p.low)?, monthly(p.high)?);
    let monthly = Range {
        low,
        mid: (low + high) / Decimal::TWO,
        high,
    };
    let taxed = tax::on_goods(ctx);
    let evidence = Evidence {
        id: format!("gpu/{}#price{}", gpu.id, index + 1),
        fact: format!(
            "{} to {} for {}{}, spread over {months} months",
            p.low,
            p.high,
            if count > 1 {
                format!("{count} times ")
            } else {
                String::new()
            },
            gpu.name
        ),
        source: p.source.clone(),
        as_of: p.as_of.to_string(),
        confidence: p.confidence,
        basis: Basis::Derived,
        note: p.note.clone(),
    };
    Ok(Purchase {
        monthly: monthly.scaled(taxed.factor),
        evidence: std::iter::once(evidence).chain(taxed.evidence).collect(),
        warning: taxed.warning,
    })
}

/// Bytes of the weights at 16 bits: as the catalog states them, or two for each parameter.
pub fn weights_bytes(model: &Model, ctx: &Ctx<'_>) -> Option<u64> {
    model.weights_bytes_16bit.filter(|b| *b > 0).or_else(|| {
        let subject = ctx.fits.names.of_model(model)?;
        Decimal::from_f64(subject.params * 2.0)?.to_u64()
    })
}

/// Seconds a rented GPU takes to read the weights before its first output.
pub fn load_seconds(model: &Model, ctx: &Ctx<'_>) -> Result<(Range, Evidence), Why> {
    let bytes = weights_bytes(model, ctx)
        .ok_or_else(|| Why::new(Reason::NotMeasured, "the size of the weights is not known"))?;
    let rate = ctx.conversion("weights-gb-load-second")?;
    let gigabytes = Decimal::from(bytes) / Decimal::from(1_000_000_000);
    Ok((
        conversion_range(rate).times(gigabytes),
        facts::conversion(rate),
    ))
}

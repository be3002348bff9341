//! Time, energy and money of one unit of work, by phase.

use maquette_core::report::fit::{FitEnergy, FitShare, FitTime};
use maquette_core::{Ask, Currency, Modality};
use maquette_decide::context::Ctx;
use maquette_decide::machine_cost;
use maquette_fit::case::Table;
use maquette_fit::estimate::{Figure, Fits};
use maquette_fit::setting::Setting;
use maquette_fit::subject::Subject;
use maquette_fit::time;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::form::Question;
use super::page::{estimate, four};
use crate::context::Context;

/// Words for one unit of work.
fn unit(subject: &Subject) -> &'static str {
    match subject.modality {
        Modality::Text => "answer",
        Modality::Image => "image",
        Modality::Video => "clip",
        Modality::Music => "song",
        Modality::Sound => "sound",
        Modality::Speech => "minute of speech",
        Modality::ThreeD => "asset",
        Modality::Motion => "motion",
    }
}

/// Seconds of one unit.
pub(crate) fn unit_seconds(
    fits: &Fits,
    subject: &Subject,
    s: &Setting,
    q: &Question,
) -> Option<(Figure, bool)> {
    let own = fits.is_own(
        if subject.modality == Modality::Text {
            Table::Decode
        } else {
            Table::Time
        },
        subject,
        s,
        &q.device,
    );
    if subject.modality != Modality::Text {
        return Some((fits.figure(Table::Time, subject, s, &q.device)?, own));
    }
    let ms = fits.figure(Table::Decode, subject, s, &q.device)?;
    let write = ms.times(s.write.unwrap_or(0.0) / 1000.0);
    let read = fits
        .figure(Table::Prefill, subject, s, &q.device)
        .map(|r| r.inverse().times(s.prompt.unwrap_or(0.0)));
    Some((read.map_or(write, |r| write.plus(r)), own))
}

pub(super) fn time_of(
    fits: &Fits,
    subject: &Subject,
    s: &Setting,
    q: &Question,
) -> Option<FitTime> {
    let (seconds, own) = unit_seconds(fits, subject, s, q)?;
    let phases = time::seconds(subject, s, &q.device)?;
    let all = phases.seconds().max(f64::MIN_POSITIVE);
    let text = subject.modality == Modality::Text;
    let figure = |table| fits.figure(table, subject, s, &q.device);
    // Alike devices each work for themselves, unless one run takes them all.
    let at_once = if s.engine == "official" || text {
        1.0
    } else {
        f64::from(q.device.count)
    };
    Some(FitTime {
        unit: unit(subject).to_owned(),
        seconds: estimate(seconds, "seconds", own),
        per_hour: estimate(seconds.inverse().times(3600.0 * at_once), "per hour", own),
        phases: phases
            .phases
            .iter()
            .map(|(name, s)| FitShare {
                name: (*name).to_owned(),
                share: four(s / all),
            })
            .collect(),
        decode: figure(Table::Decode)
            .filter(|_| text)
            .map(|f| estimate(f.inverse().times(1000.0), "tokens per second", own)),
        prefill: figure(Table::Prefill).filter(|_| text).map(|f| {
            let own = fits.is_own(Table::Prefill, subject, s, &q.device);
            estimate(f, "tokens per second", own)
        }),
    })
}

pub(super) fn why_no_time(q: &Question) -> String {
    let name = &q.device.name;
    if q.device.bandwidth.is_none() && q.device.half.is_none() {
        format!(
            "no time: neither the memory bandwidth nor the arithmetic of {name} is known (give --gpu NAME)"
        )
    } else if q.device.half.is_none() {
        format!("no time: the arithmetic of {name} is not in the catalog")
    } else {
        format!("no time: too little is known of {}'s parts", q.subject.name)
    }
}

pub(super) fn energy_of(
    ctx: &Context,
    ask: &Ask,
    fits: &Fits,
    q: &Question,
    s: &Setting,
    time: &FitTime,
    notes: &mut Vec<String>,
) -> Option<FitEnergy> {
    let Some(watts) = fits.figure(Table::Watts, &q.subject, s, &q.device) else {
        notes.push(format!(
            "no energy: the power draw of {} is not in the catalog",
            q.device.name
        ));
        return None;
    };
    let own = fits.is_own(Table::Watts, &q.subject, s, &q.device);
    let all = watts.times(f64::from(q.device.count));
    let each = |watts: f64, seconds: f64| watts * seconds / 3600.0;
    let wh = Figure {
        low: each(all.low, time.seconds.low),
        mid: each(all.mid, time.seconds.mid),
        high: each(all.high, time.seconds.high),
        ..all
    };
    notes.push("energy is the GPU's alone: the rest of the machine is left out".to_owned());
    let reckoning = Ctx {
        catalog: &ctx.knowledge.catalog,
        fits,
        ask,
        currency: Currency::USD,
    };
    let (cost, power) = match machine_cost::power_price(&reckoning) {
        Ok((per_kwh, evidence)) => {
            let decimal =
                |wh: f64| Decimal::from_f64(wh).unwrap_or_default() * per_kwh / Decimal::from(1000);
            let range = maquette_decide::range::Range {
                low: decimal(wh.low),
                mid: decimal(wh.mid),
                high: decimal(wh.high),
            };
            let told = evidence.first().map_or_else(
                || "the price given".to_owned(),
                |e| format!("{} (read {})", e.fact, e.as_of),
            );
            (Some(range.money(Currency::USD)), told)
        }
        Err(why) => (None, why.detail),
    };
    Some(FitEnergy {
        watts: estimate(all, "watts", own),
        wh: estimate(wh, "Wh", false),
        cost,
        power,
    })
}

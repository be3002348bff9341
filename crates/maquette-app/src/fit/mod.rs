//! `fit`: does a model fit on a machine, how long does one unit of work take, what does the power cost.

mod accuracy;
mod batch;
mod file;
mod form;
mod need;
mod page;
pub(crate) mod why;

use maquette_core::report::fit::{
    FitBuffers, FitEnergy, FitFormat, FitMemory, FitReport, FitRun, FitShare, FitTime,
};
use maquette_core::{Ask, Currency, Evidence, Modality};
use maquette_decide::context::Ctx;
use maquette_decide::machine_cost;
use maquette_fit::case::{Case, Table};
use maquette_fit::device::GIB;
use maquette_fit::estimate::{Figure, Fits};
use maquette_fit::format::Format;
use maquette_fit::machine as gpus;
use maquette_fit::setting::Setting;
use maquette_fit::subject::Subject;
use maquette_fit::verdict::{self, Verdict};
use maquette_fit::{memory, time};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use crate::context::Context;
use crate::error::AppError;

pub use accuracy::accuracy;
pub use batch::batch;
pub use form::FitForm;
pub use need::need;

use form::Question;
use page::{estimate, four, gib};

/// A range whose upper end is so many times its lower one is said to be wide.
const WIDE: f64 = 4.0;

/// Most published runs that an answer shows beside itself.
const NEAREST: usize = 5;

/// The answer to one question.
pub fn fit(ctx: &Context, form: &FitForm) -> Result<FitReport, AppError> {
    let fits = ctx.fits()?;
    let q = Question::of(ctx, fits, form)?;
    let ask = q.request.ask(ctx)?;
    let Some(found) = verdict::fit(fits, &q.subject, &q.setting, &q.device) else {
        return Err(AppError::data(format!(
            "the memory of {} cannot be reckoned: its parts are not known",
            q.subject.name
        ))
        .hint("a folder or file of its weights says what they are: maquette fit PATH"));
    };
    let setting = &found.setting;
    let mut notes = q.notes.clone();
    if found.narrow {
        notes.push(
            "the upper end of the range is beyond the memory that is free: it may run out"
                .to_owned(),
        );
    }
    let memory = memory_of(fits, &q, setting, found.peak)?;
    let runs = found.verdict != Verdict::DoesNotFit;
    if memory.in_ram_gib > 0.0 && q.device.ram.is_none() && runs {
        notes.push(format!(
            "how much memory the machine itself has is not told: {} GiB of it are needed (--ram; 64 are assumed)",
            memory.in_ram_gib
        ));
    }
    if found.usable.is_none() {
        notes.push(format!(
            "the memory of {} is not known: give --vram",
            q.device.name
        ));
    }
    if q.subject.modality == Modality::Text && !q.from_file {
        notes.push("published peaks of language models are what their users reported and scatter: the range holds four of five of them; the phases are what llama.cpp itself would allot".to_owned());
    }
    let ladder = formats(fits, &q, found.usable);
    let best = ladder
        .iter()
        .find(|f| f.fits == Some(true))
        .map(|f| f.format.clone());
    let time = runs
        .then(|| time_of(fits, &q.subject, setting, &q))
        .flatten();
    if time.is_none() {
        notes.push(if runs {
            why_no_time(&q)
        } else {
            "no time: it does not run so".to_owned()
        });
    }
    if let Some(t) = time
        .as_ref()
        .filter(|t| t.seconds.high > WIDE * t.seconds.low)
    {
        notes.push(format!(
            "the range of the time is wide: published runs that the estimates had not seen lay as far off ({} of them stand behind this one; maquette accuracy)",
            t.seconds.measurements
        ));
    }
    let energy = match &time {
        Some(time) => energy_of(ctx, &ask, fits, &q, setting, time, &mut notes),
        None => None,
    };
    let (nearest, evidence) = nearest(ctx, fits, &q, setting)?;
    Ok(FitReport {
        schema: "maquette.fit/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        model: page::model(&q.subject),
        machine: page::machine(&q, found.usable),
        setting: page::setting(&q, setting),
        verdict: found.verdict.as_str().to_owned(),
        switches: found.switches.iter().map(|s| (*s).to_owned()).collect(),
        memory,
        time,
        energy,
        formats: ladder,
        best_format: best,
        nearest,
        notes,
        evidence,
    })
}

fn memory_of(
    fits: &Fits,
    q: &Question,
    setting: &Setting,
    peak: Figure,
) -> Result<FitMemory, AppError> {
    let of = memory::memory(&q.subject, setting, &q.device);
    let of = of.ok_or_else(|| AppError::data("no memory by phase".to_owned()))?;
    let binding = of.binding().map_or("", |p| p.name).to_owned();
    let own = fits.is_own(Table::Peak, &q.subject, setting, &q.device);
    Ok(FitMemory {
        peak: estimate(peak.times(1.0 / GIB), "GiB", own),
        weights: page::weights(&q.subject, setting),
        phases: of.phases.iter().map(page::phase).collect(),
        binding,
        buffers: buffers(q, setting),
        in_ram_gib: gib(of.in_ram),
    })
}

/// What llama.cpp would report, where it is the engine and the shape is whole.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn buffers(q: &Question, s: &Setting) -> Option<FitBuffers> {
    let text = q
        .subject
        .text
        .as_ref()
        .filter(|_| matches!(s.engine.as_str(), "llama.cpp" | "ollama"))?;
    let b = memory::ggml::buffers(text, &memory::allotted(s, s.context?))?;
    let stored: f64 = q.subject.pieces.iter().filter_map(|p| p.bytes).sum();
    let weights = if stored > 0.0 {
        stored
    } else {
        q.subject.bytes(s.format, q.subject.params)
    };
    Some(FitBuffers {
        weights_bytes: weights as u64,
        kv_bytes: b.cache as u64,
        output_bytes: b.output as u64,
        compute_bytes: b.compute as u64,
    })
}

/// The ladder of formats, each without offloading. Weights of a file are what they are.
fn formats(fits: &Fits, q: &Question, usable: Option<f64>) -> Vec<FitFormat> {
    if q.from_file {
        return Vec::new();
    }
    verdict::formats(fits, &q.subject, &q.setting, &q.device)
        .into_iter()
        .map(|(format, peak)| FitFormat {
            format: page::format_name(format),
            bits_per_weight: four(format.bits),
            peak: estimate(
                peak.times(1.0 / GIB),
                "GiB",
                fits.is_own(
                    Table::Peak,
                    &q.subject,
                    &Setting {
                        format,
                        format_said: true,
                        ..q.setting.clone()
                    },
                    &q.device,
                ),
            ),
            fits: usable.map(|u| peak.mid <= u),
            quality: quality(format),
        })
        .collect()
}

/// What a format costs in quality. The catalog holds no measurement of it yet.
fn quality(format: Format) -> String {
    if format.bits >= 16.0 {
        "the weights as published".to_owned()
    } else {
        "loss not known: no measurement in the catalog".to_owned()
    }
}

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

fn time_of(fits: &Fits, subject: &Subject, s: &Setting, q: &Question) -> Option<FitTime> {
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

fn why_no_time(q: &Question) -> String {
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

fn energy_of(
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

/// Published runs of this model, the ones on this machine and of this size first.
fn nearest(
    ctx: &Context,
    fits: &Fits,
    q: &Question,
    s: &Setting,
) -> Result<(Vec<FitRun>, Vec<Evidence>), AppError> {
    let runs = maquette_know::runs()?;
    let mut known: std::collections::BTreeMap<&str, bool> = std::collections::BTreeMap::new();
    let mut found = Vec::new();
    for run in &runs {
        let is = *known.entry(&run.model).or_insert_with(|| {
            fits.names
                .find(&run.model, (None, None))
                .is_some_and(|s| s.id == q.subject.id)
        });
        if !is || run.as_of.is_some_and(|d| d.first() > ctx.as_of) {
            continue;
        }
        let (count, name) = gpus::split(&run.gpu);
        let device = gpus::device(&ctx.knowledge.catalog.gpus, name, count);
        let Some(case) = Case::of(run, &q.subject, &device) else {
            continue;
        };
        let Some(asked) = Case::asked(case.table, &q.subject, s, &q.device) else {
            continue;
        };
        let other = if device.key == q.device.key { 0.0 } else { 2.0 };
        let format = if case.setting.format.path == s.format.path {
            0.0
        } else {
            1.0
        };
        found.push((
            other + format + (case.formula / asked.formula).ln().abs(),
            run,
        ));
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id)));
    found.truncate(NEAREST);
    let lines = found.iter().map(|(_, r)| why::line(r)).collect();
    let evidence = found.iter().map(|(_, r)| why::evidence(r)).collect();
    Ok((lines, evidence))
}

/// May the answer be acted on? Exit codes say so.
pub fn says_yes(report: &FitReport) -> bool {
    report.verdict == Verdict::Fits.as_str() || report.verdict == Verdict::WithOffloading.as_str()
}

//! `fit`: does a model fit on a machine, how long does one unit of work take, what does the power cost.

mod accuracy;
mod batch;
mod file;
mod form;
mod nearest;
mod need;
mod page;
mod quality;
mod seconds;
pub(crate) mod why;

use std::collections::BTreeMap;

use maquette_core::report::fit::{FitBuffers, FitFormat, FitMemory, FitReport};
use maquette_core::{Evidence, Modality};
use maquette_fit::case::Table;
use maquette_fit::device::GIB;
use maquette_fit::estimate::{Figure, Fits};
use maquette_fit::memory;
use maquette_fit::setting::Setting;
use maquette_fit::verdict::{self, Verdict};

use crate::context::Context;
use crate::error::AppError;

pub use accuracy::accuracy;
pub use batch::batch;
pub use form::FitForm;
pub use need::need;

use form::Question;
use nearest::nearest;
use page::{estimate, four, gib};
use quality::Losses;
pub(crate) use seconds::unit_seconds;
use seconds::{energy_of, time_of, why_no_time};

/// A range whose upper end is so many times its lower one is said to be wide.
const WIDE: f64 = 4.0;

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
    let (nearest, mut evidence) = nearest(ctx, fits, &q, setting)?;
    let ladder = formats(ctx, fits, &q, found.usable, &mut evidence);
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
fn formats(
    ctx: &Context,
    fits: &Fits,
    q: &Question,
    usable: Option<f64>,
    evidence: &mut Vec<Evidence>,
) -> Vec<FitFormat> {
    if q.from_file {
        return Vec::new();
    }
    let losses = Losses::of(&ctx.knowledge.catalog.losses, fits);
    let mut costs = BTreeMap::new();
    let ladder: Vec<FitFormat> = verdict::formats(fits, &q.subject, &q.setting, &q.device)
        .into_iter()
        .map(|(format, peak)| FitFormat {
            format: format.written(),
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
            quality: {
                let cost = losses.cost(&q.subject, format);
                costs.extend(cost.evidence.into_iter().map(|e| (e.id.clone(), e)));
                cost.words
            },
        })
        .collect();
    evidence.extend(costs.into_values());
    ladder
}

/// May the answer be acted on? Exit codes say so.
pub fn says_yes(report: &FitReport) -> bool {
    report.verdict == Verdict::Fits.as_str() || report.verdict == Verdict::WithOffloading.as_str()
}

//! Time and power of one output on a GPU where nobody has published a time: the estimate of
//! `maquette-fit`, the same that `maquette fit` prints.

use maquette_catalog::schema::hardware::Gpu;
use maquette_catalog::schema::model::Model;
use maquette_core::{Basis, Confidence, Demand, Evidence, Modality};
use maquette_fit::case::Table;
use maquette_fit::device::Device;
use maquette_fit::estimate::Figure;
use maquette_fit::format::Format;
use maquette_fit::learn::Depth;
use maquette_fit::setting::Setting;
use maquette_fit::subject::Subject;
use maquette_fit::verdict::{self, Fit, Verdict};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use crate::context::{Ctx, conversion_range};
use crate::facts;
use crate::machine_cost::Seconds;
use crate::range::Range;
use crate::reason::{Reason, Why};

/// Formats that are tried, as people run them: the published one first where a picture's quality
/// hangs on it, the usual one of language models.
const PICTURES: [&str; 3] = ["bf16", "q8_0", "q4_k_m"];
const TEXT: [&str; 1] = ["q4_k_m"];

/// A figure as decimals; nothing here is exact, twelve digits are plenty.
fn range(f: Figure) -> Option<Range> {
    let decimal = |x: f64| Decimal::from_f64(x).map(|d| d.round_dp(12));
    Some(Range {
        low: decimal(f.low)?,
        mid: decimal(f.mid)?,
        high: decimal(f.high)?,
    })
}

/// The run that a demand means.
fn setting(subject: &Subject, demand: &Demand, format: &str) -> Setting {
    let number = |d: Option<Decimal>| d.and_then(|d| d.to_f64());
    let engine = match demand.modality {
        Modality::Text => "llama.cpp",
        Modality::Image | Modality::Video => "diffusers",
        _ => "",
    };
    let mut s = Setting::read(format, "", engine, "");
    s.width = demand.width.map(f64::from);
    s.height = demand.height.map(f64::from);
    match demand.modality {
        Modality::Text => {
            let prompt = demand.prompt_tokens.map_or(512.0, |p| p as f64);
            s.prompt = Some(prompt);
            s.write = Some(512.0);
            s.context = Some((prompt + 1024.0).max(4096.0));
        }
        Modality::Video => {
            let rate = subject.defaults.fps.map_or(16.0, f64::from);
            s.frames = number(demand.seconds).map(|t| (t * rate).round() + 1.0);
        }
        Modality::Speech => s.seconds = Some(60.0),
        _ => s.seconds = number(demand.seconds),
    }
    s
}

/// The first format in which it fits, offloaded or whole.
fn fitting(subject: &Subject, demand: &Demand, device: &Device, ctx: &Ctx<'_>) -> Result<Fit, Why> {
    let formats: &[&str] = if demand.modality == Modality::Text {
        &TEXT
    } else {
        &PICTURES
    };
    let mut last = None;
    for format in formats.iter().filter(|f| Format::parse(f).is_some()) {
        let setting = setting(subject, demand, format);
        match verdict::fit(ctx.fits, subject, &setting, device) {
            Some(fit) if matches!(fit.verdict, Verdict::Fits | Verdict::WithOffloading) => {
                return Ok(fit);
            }
            other => last = other,
        }
    }
    let detail = match last {
        Some(fit) if fit.verdict == Verdict::DoesNotFit => format!(
            "it needs about {:.1} GiB, more than {} has, offloaded or not",
            fit.peak.mid / maquette_fit::device::GIB,
            device.name
        ),
        Some(_) => format!("the memory of {} is not known", device.name),
        None => "its architecture is not known, so neither its memory nor its time can be reckoned"
            .to_owned(),
    };
    let reason = if detail.starts_with("it needs") {
        Reason::DoesNotFit
    } else {
        Reason::NotMeasured
    };
    Err(Why::new(reason, detail))
}

/// Seconds of one output, and the watts drawn meanwhile.
pub fn seconds(
    model: &Model,
    gpu: &Gpu,
    demand: &Demand,
    ctx: &Ctx<'_>,
) -> Result<(Seconds, Option<Range>), Why> {
    let Some(subject) = ctx.fits.names.of_model(model) else {
        let detail =
            "its architecture is not known, so neither its memory nor its time can be reckoned";
        return Err(Why::new(Reason::NotMeasured, detail));
    };
    within_limits(model, subject, demand)?;
    let device = Device::of(gpu, 1);
    let fit = fitting(subject, demand, &device, ctx)?;
    let none = || {
        let detail = format!(
            "too little of {} is in the catalog to reckon a time",
            gpu.name
        );
        Why::new(Reason::NotMeasured, detail)
    };
    let figure = |table| ctx.fits.figure(table, subject, &fit.setting, &device);
    let mut evidence = Vec::new();
    let (each, known) = if demand.modality == Modality::Text {
        let token = figure(Table::Decode).ok_or_else(none)?;
        let conversion = ctx.conversion("word-token")?;
        evidence.push(facts::conversion(conversion));
        let tokens = conversion_range(conversion);
        let written = range(token.times(0.001)).ok_or_else(none)?;
        let mut seconds = tokens
            .scaled(written)
            .times(Decimal::ONE + demand.reasoning_ratio);
        if !demand.input_ratio.is_zero() {
            let rate = figure(Table::Prefill).ok_or_else(none)?;
            let read = range(rate.inverse()).ok_or_else(none)?;
            seconds = seconds.plus(tokens.scaled(read).times(demand.input_ratio));
        }
        (seconds, token)
    } else {
        let whole = figure(Table::Time).ok_or_else(none)?;
        (range(whole).ok_or_else(none)?, whole)
    };
    evidence.insert(0, stands_on(model, gpu, &fit, known, each));
    let watts = figure(Table::Watts).and_then(range);
    let basis = format!("estimated ({}), {}", words(known), how(&fit));
    Ok((
        Seconds {
            seconds: each,
            evidence,
            basis,
        },
        watts,
    ))
}

/// A model makes nothing larger or longer than its publisher says it does.
fn within_limits(model: &Model, subject: &Subject, demand: &Demand) -> Result<(), Why> {
    let Some(limits) = &model.limits else {
        return Ok(());
    };
    let small = |what: String| Err(Why::new(Reason::TooSmall, what));
    // `1280x720 native, 1920x1080 after SR`: the first size is the model's own.
    let sides = limits.max_resolution.as_ref().and_then(|r| {
        let (w, h) = r.split_whitespace().next()?.split_once('x')?;
        Some((w.parse::<u64>().ok()?, h.parse::<u64>().ok()?))
    });
    if let (Some(w), Some(h)) = (demand.width.map(u64::from), demand.height.map(u64::from)) {
        if let Some((mw, mh)) = sides.filter(|(mw, mh)| w * h > mw * mh) {
            return small(format!("makes at most {mw}×{mh}"));
        }
        if let Some(side) = limits
            .practical_px
            .map(u64::from)
            .filter(|side| w.max(h) > *side)
        {
            return small(format!("{side} pixels a side are what it does well"));
        }
    }
    let longest = limits.duration_s.or_else(|| {
        let frames = Decimal::from(limits.frames?);
        Some(frames / Decimal::from(subject.defaults.fps?.max(1)))
    });
    // The frame that starts a clip is one more than its length holds.
    let slack = Decimal::new(7, 2);
    match (longest, demand.seconds) {
        (Some(most), Some(wanted)) if wanted > most + slack => {
            small(format!("makes at most {} s", most.round_dp(2).normalize()))
        }
        _ => Ok(()),
    }
}

fn how(fit: &Fit) -> String {
    let format = fit.setting.format.name;
    if fit.switches.is_empty() {
        format!("{format}, whole on the GPU")
    } else {
        format!("{format}, {}", fit.switches.join(", "))
    }
}

fn words(f: Figure) -> String {
    let basis = match f.depth {
        Depth::Exact | Depth::Both => "measured on this hardware",
        Depth::Model | Depth::Machine | Depth::Class => "same class",
        Depth::Formula => return "formula alone".to_owned(),
    };
    format!(
        "{basis}, {} measurement{}",
        f.runs,
        if f.runs == 1 { "" } else { "s" }
    )
}

fn stands_on(model: &Model, gpu: &Gpu, fit: &Fit, f: Figure, each: Range) -> Evidence {
    Evidence {
        id: format!("fit/{}/{}", model.id, gpu.id),
        fact: format!(
            "{} s of one output ({} to {}), {}",
            each.mid.round_dp(4).normalize(),
            each.low.round_dp(4).normalize(),
            each.high.round_dp(4).normalize(),
            how(fit)
        ),
        source: format!("maquette fit {} --gpu {}", model.id, gpu.id),
        as_of: gpu.as_of.to_string(),
        confidence: match f.depth {
            Depth::Exact | Depth::Both => Confidence::Medium,
            _ => Confidence::Low,
        },
        basis: Basis::Derived,
        note: Some(format!(
            "an estimate: {}; `maquette accuracy` says how far such estimates lie off",
            words(f)
        )),
    }
}

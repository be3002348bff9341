//! `fit --batch`: a table of runs in, one JSON line each out. A line that cannot be answered says why.
//!
//! Columns by name, any order, unknown ones passed over: `model`; `checkpoint`, `quantization`, `quant`,
//! `format` or `dtype`; `workload`; `engine` and `config`; `gpu` and `gpu_count`; and the columns in
//! which speeds of language models are published (`context`, `prompt_tokens`, `output_tokens`, …).

use std::collections::BTreeMap;

use maquette_core::Modality;
use maquette_core::report::fit::{Estimate, FitBatchLine};
use maquette_fit::case::{REAL_TIME_OVER, Table};
use maquette_fit::device::{Device, GB, GIB};
use maquette_fit::estimate::Fits;
use maquette_fit::setting::Setting;
use maquette_fit::subject::{Known, Subject};
use maquette_fit::{machine, names, time, verdict};

use super::page::{estimate, model};
use crate::context::Context;
use crate::error::AppError;

/// Most lines of one batch.
const MOST: usize = 1_000_000;

/// The cells of one line by column.
struct Cells<'a>(BTreeMap<String, &'a str>);

impl Cells<'_> {
    fn get(&self, names: &[&str]) -> String {
        let found = names
            .iter()
            .filter_map(|n| self.0.get(*n))
            .find(|v| !v.trim().is_empty());
        found.map_or_else(String::new, |v| v.trim().to_owned())
    }

    fn number(&self, names: &[&str]) -> Option<f64> {
        self.get(names).parse().ok().filter(|n: &f64| n.is_finite())
    }
}

/// Answers every line of a table.
pub fn batch(ctx: &Context, text: &str) -> Result<Vec<FitBatchLine>, AppError> {
    let fits = ctx.fits()?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let headers = reader
        .headers()
        .map_err(|e| AppError::request("the batch has no header line").because(e.to_string()))?;
    let headers: Vec<String> = headers.iter().map(|h| h.trim().to_lowercase()).collect();
    if !headers.iter().any(|h| h == "model") {
        return Err(AppError::request("the batch has no column `model`")
            .hint("columns: model, checkpoint or quantization, workload, engine, gpu"));
    }
    let mut devices: BTreeMap<String, Device> = BTreeMap::new();
    let mut out = Vec::new();
    for record in reader.records().take(MOST) {
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                let line = e.position().map_or(0, csv::Position::line);
                out.push(FitBatchLine {
                    line,
                    notes: vec![e.to_string()],
                    ..empty(line)
                });
                continue;
            }
        };
        let line = record.position().map_or(0, |p| line(text, p));
        let cells = Cells(headers.iter().cloned().zip(record.iter()).collect());
        out.push(one(ctx, fits, &mut devices, line, &cells));
    }
    Ok(out)
}

/// The line that a record begins on: the reader counts from the empty lines before it.
fn line(text: &str, at: &csv::Position) -> u64 {
    let start = usize::try_from(at.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let empty = rest.iter().take_while(|b| matches!(b, b'\r' | b'\n'));
    at.line() + empty.filter(|b| **b == b'\n').count() as u64
}

fn empty(line: u64) -> FitBatchLine {
    FitBatchLine {
        line,
        id: None,
        model: String::new(),
        subject: None,
        gpu: None,
        format: None,
        verdict: None,
        peak_memory: None,
        peak_memory_gb: None,
        loaded_memory: None,
        compute_buffer: None,
        seconds: None,
        seconds_per_step: None,
        times_real_time: None,
        decode: None,
        prefill: None,
        watts: None,
        notes: Vec::new(),
    }
}

/// The run's words out of whichever columns say them.
fn words(c: &Cells<'_>) -> (String, String, String) {
    let format = c.get(&[
        "checkpoint",
        "quantization",
        "quant",
        "format",
        "dtype",
        "precision",
    ]);
    let mut work = vec![c.get(&["workload", "work"])];
    let told = |word: &str| work_has(&c.get(&["workload", "work"]), word);
    let mut number = |word: &str, names: &[&str]| {
        if let Some(n) = c.number(names).filter(|n| *n > 0.0 && !told(word)) {
            work.push(format!("{word} {n}"));
        }
    };
    number("ctx", &["context", "ctx", "context_length"]);
    number("prompt", &["prompt_tokens", "prompt"]);
    number("write", &["output_tokens", "write"]);
    number("steps", &["steps"]);
    let flags = c.get(&["flags"]);
    if flags.contains("at_depth")
        && let Some(n) = c.number(&["context"])
    {
        work.push(format!("depth {n}"));
    }
    let mut engine = vec![c.get(&["engine"]), c.get(&["config", "settings"])];
    engine.retain(|e| !e.is_empty());
    let backend = c.get(&["backend"]);
    let hardware = c.get(&["hw_class"]);
    if backend == "cpu" || hardware.starts_with("CPU_ONLY") || hardware == "CPU" {
        engine.push("cpu".to_owned());
    } else if !backend.is_empty() && backend != "cuda" {
        engine.push(backend);
    }
    let kv = c.get(&["kv_dtype"]).to_lowercase();
    if !kv.is_empty() && !["f16", "fp16", "bf16", "auto"].contains(&kv.as_str()) {
        engine.push(format!(
            "kv={}",
            kv.split_whitespace().next().unwrap_or_default()
        ));
    }
    if let Some(n) = c
        .number(&["gpu_layers"])
        .filter(|n| (0.0..90.0).contains(n))
    {
        engine.push(format!("ngl={n}"));
    }
    if c.get(&["flash_attn"]).eq_ignore_ascii_case("true") {
        engine.push("fa".to_owned());
    }
    if flags.contains("cpu_moe_offload") {
        engine.push("cpu-moe".to_owned());
    }
    let speculative = c.get(&["spec_decoding"]);
    if !speculative.is_empty() && speculative != "none" || flags.contains("spec_decoding") {
        let kind = if speculative.is_empty() {
            "yes".to_owned()
        } else {
            speculative
        };
        engine.push(format!(
            "spec={}",
            kind.split_whitespace().next().unwrap_or("yes")
        ));
    }
    let work: Vec<String> = work.into_iter().filter(|w| !w.is_empty()).collect();
    (
        format,
        work.join(" "),
        engine.join(" ").replace("llamacpp", "llama.cpp"),
    )
}

fn work_has(text: &str, word: &str) -> bool {
    text.split([' ', ',']).any(|w| w == word)
}

fn one(
    ctx: &Context,
    fits: &Fits,
    devices: &mut BTreeMap<String, Device>,
    line: u64,
    c: &Cells<'_>,
) -> FitBatchLine {
    let written = c.get(&["model"]);
    let mut out = FitBatchLine {
        model: written.clone(),
        id: Some(c.get(&["id"])).filter(|id| !id.is_empty()),
        ..empty(line)
    };
    let params = c
        .number(&["params_b"])
        .map(|n| n * 1e9)
        .filter(|n| *n > 0.0);
    let active = c
        .number(&["active_b"])
        .map(|n| n * 1e9)
        .filter(|n| *n > 0.0);
    let (format, work, engine) = words(c);
    let stated = names::stated(&c.get(&["note"]));
    let stated = (params.or(stated.0), active.or(stated.1));
    let Some(subject) = fits.names.find(&written, stated) else {
        out.notes
            .push("the model is not known, and its name tells no size".to_owned());
        return out;
    };
    let setting = Setting::read(&format, &work, &engine, &written);
    let pictures = setting.width.is_some() || setting.grid.is_some() || setting.seconds.is_some();
    if subject.known == Known::Name && pictures {
        out.notes
            .push("the model's architecture is not known".to_owned());
        return out;
    }
    let mut gpu = c.get(&["gpu", "hardware", "device"]);
    if let Some(n) = c.number(&["gpu_count", "gpus"]).filter(|n| *n > 1.0) {
        gpu = format!("{n}x {gpu}");
    }
    let device = devices
        .entry(gpu.clone())
        .or_insert_with(|| {
            let (count, name) = machine::split(&gpu);
            machine::device(&ctx.knowledge.catalog.gpus, name, count)
        })
        .clone();
    out.gpu = Some(if gpu.is_empty() {
        "not told".to_owned()
    } else {
        device.key.clone()
    });
    out.format = Some(setting.format.name.to_owned());
    if !setting.format_said {
        out.notes.push(format!(
            "no number format was told: {} is taken",
            setting.format.name
        ));
    }
    out.subject = Some(model(&subject));
    figures(fits, &subject, &setting, &device, &mut out);
    out
}

fn figures(fits: &Fits, subject: &Subject, s: &Setting, device: &Device, out: &mut FitBatchLine) {
    let figure = |table| fits.figure(table, subject, s, device);
    let in_unit = |table, unit: &str, factor: f64| -> Option<Estimate> {
        Some(estimate(
            figure(table)?.times(factor),
            unit,
            fits.is_own(table, subject, s, device),
        ))
    };
    out.peak_memory = in_unit(Table::Peak, "GiB", 1.0 / GIB);
    out.peak_memory_gb = in_unit(Table::Peak, "GB", 1.0 / GB);
    out.loaded_memory = in_unit(Table::Loaded, "GiB", 1.0 / GIB);
    out.verdict = verdict::fit(fits, subject, s, device).map(|f| f.verdict.as_str().to_owned());
    out.watts = in_unit(Table::Watts, "watts", 1.0);
    match subject.modality {
        Modality::Text => {
            let own = fits.is_own(Table::Decode, subject, s, device);
            out.decode = figure(Table::Decode)
                .map(|f| estimate(f.inverse().times(1000.0), "tokens per second", own));
            out.prefill = in_unit(Table::Prefill, "tokens per second", 1.0);
            if out.decode.is_none() {
                out.notes
                    .push("no speed: the memory bandwidth of the device is not known".to_owned());
            }
        }
        Modality::Image | Modality::Video => {
            out.seconds = in_unit(Table::Time, "seconds", 1.0);
            out.compute_buffer = in_unit(Table::Compute, "MiB", 1.0 / 1_048_576.0);
            // A step is corrected as the whole run is.
            let steps =
                time::seconds(subject, s, device).zip(time::step_seconds(subject, s, device));
            out.seconds_per_step = out.seconds.as_ref().zip(steps).map(|(run, (whole, step))| {
                let share = step / whole.seconds();
                Estimate {
                    low: super::page::four(run.low * share),
                    mid: super::page::four(run.mid * share),
                    high: super::page::four(run.high * share),
                    unit: "seconds".to_owned(),
                    ..run.clone()
                }
            });
            if out.seconds.is_none() {
                out.notes
                    .push("no time: the arithmetic of the device is not known".to_owned());
            }
        }
        _ => {
            out.seconds = in_unit(Table::Time, "seconds", 1.0);
            let length = s.seconds.unwrap_or(REAL_TIME_OVER);
            let told = Setting {
                seconds: Some(length),
                ..s.clone()
            };
            let own = fits.is_own(Table::Time, subject, &told, device);
            out.times_real_time = fits.figure(Table::Time, subject, &told, device).map(|f| {
                estimate(
                    f.inverse().times(length),
                    "seconds of sound per second",
                    own,
                )
            });
        }
    }
}

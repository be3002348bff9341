//! A question with its names resolved: a model or a path, a machine, a setting.

mod machine;
mod typed;

use std::path::Path;

use maquette_core::Modality;
use maquette_fit::device::{Class, Device};
use maquette_fit::estimate::Fits;
use maquette_fit::memory;
use maquette_fit::setting::Setting;
use maquette_fit::subject::{Known, Subject};

use super::file;
use crate::context::Context;
use crate::error::AppError;
use crate::request::Request;

/// One question as typed.
#[derive(Debug, Clone, Default)]
pub struct FitForm {
    /// A model's name, or the path of a file or folder.
    pub model: String,
    /// `Q4_K_M`, `fp8`, `bf16`.
    pub quant: Option<String>,
    pub engine: Option<String>,
    /// `1024x1024`, `720p`, `512^3`.
    pub resolution: Option<String>,
    pub frames: Option<f64>,
    pub seconds: Option<f64>,
    pub steps: Option<f64>,
    pub context: Option<f64>,
    pub prompt: Option<f64>,
    pub write: Option<f64>,
    /// Requests or pictures at once.
    pub at_once: Option<f64>,
    /// Number format of the key-value cache.
    pub kv: Option<String>,
    /// Tokens of one micro-batch, rows of logits, and flash attention: llama.cpp's settings.
    pub micro_batch: Option<f64>,
    pub outputs: Option<f64>,
    pub flash_attention: Option<bool>,
    pub offload: Option<String>,
    pub tiled: bool,
    /// GiB of one device.
    pub vram: Option<f64>,
    /// GiB of the machine.
    pub ram: Option<f64>,
    /// The GPU, the country and the price of power are the studio's.
    pub studio: Request,
}

/// The question with names resolved.
#[derive(Debug, Clone)]
pub struct Question {
    pub subject: Subject,
    pub setting: Setting,
    pub device: Device,
    pub machine_name: String,
    pub gpu: Option<String>,
    pub origin: &'static str,
    pub work: String,
    pub notes: Vec<String>,
    pub from_file: bool,
    /// What the weights of a file are in.
    pub format_label: Option<String>,
    pub request: Request,
}

impl Question {
    /// The same question of another device.
    pub fn of_device(&self, device: Device) -> Question {
        let mut other = self.clone();
        other.setting.on_cpu = device.class == Class::Cpu;
        other.device = device;
        other
    }

    pub fn of(ctx: &Context, fits: &Fits, form: &FitForm) -> Result<Question, AppError> {
        form.checked()?;
        let mut form = form.clone();
        form.offload = typed::offload(form.offload.as_deref())?;
        let mut notes = Vec::new();
        let path = Path::new(&form.model);
        let is_file = path.exists() && (form.model.contains(['/', '\\', '.']) || path.is_dir());
        let read = if is_file {
            Some(file::read(path)?)
        } else {
            None
        };
        let subject = match &read {
            Some(read) => read.subject.clone(),
            None => subject(ctx, fits, &form.model)?,
        };
        if read.is_none() && is_path(&form.model) {
            notes.push(format!(
                "{} is not there: what its name says is taken",
                form.model
            ));
        }
        if let Some(read) = &read {
            notes.extend(read.notes.iter().cloned());
        }
        form.of_its_kind(&subject)?;
        if subject.known == Known::Name {
            notes.push(format!(
                "nothing is known of `{}` but the size in its name: the cache and the layers are assumed as is usual for it",
                form.model
            ));
        }
        let mut setting = typed::setting(&form, &subject)?;
        if let Some(read) = &read {
            setting.format = read.format;
            setting.format_said = true;
        } else if !setting.format_said {
            notes.push(format!(
                "no number format was said: {} is taken (--quant)",
                setting.format.written()
            ));
        }
        let (device, machine_name, gpu, origin) = machine::device(ctx, &form)?;
        setting.on_cpu |= device.class == Class::Cpu;
        let work = work(&subject, &setting);
        Ok(Question {
            subject,
            setting,
            device,
            machine_name,
            gpu,
            origin,
            work,
            notes,
            from_file: read.is_some(),
            format_label: read.map(|r| r.label),
            request: form.studio,
        })
    }
}

/// Written as a file is, not as a model.
fn is_path(name: &str) -> bool {
    let ending = Path::new(name).extension();
    let of_weights = ["gguf", "safetensors"];
    ending.is_some_and(|e| of_weights.iter().any(|w| e.eq_ignore_ascii_case(w)))
        || name.starts_with(['.', '/', '\\', '~'])
}

fn subject(ctx: &Context, fits: &Fits, name: &str) -> Result<Subject, AppError> {
    // The catalog's own names first: they are what the other commands take.
    if let Ok(m) = ctx.knowledge.model(name) {
        if m.openness == maquette_know::catalog::schema::model::Openness::Closed {
            return Err(AppError::request(format!(
                "{} is sold as a service only: there are no weights to run",
                m.name
            )));
        }
        if let Some(subject) = fits.names.of_model(m) {
            return Ok(subject.clone());
        }
        return Err(
            AppError::data(format!("the architecture of {} is not known", m.name))
                .hint("a folder or file of its weights says what it is: maquette fit PATH"),
        );
    }
    if let Some(subject) = fits.names.find(name, (None, None)) {
        return Ok(subject);
    }
    if is_path(name) {
        return Err(AppError::request(format!("{name} is not there"))
            .hint("give a .gguf, a .safetensors, the folder of a model, or a model's name"));
    }
    match ctx.knowledge.model(name) {
        Err(e) => Err(AppError::unknown(&e, "maquette models --open")),
        Ok(_) => Err(AppError::request(format!("`{name}` is not known"))),
    }
}

/// The work in words.
fn work(subject: &Subject, s: &Setting) -> String {
    let mut parts = Vec::new();
    match subject.modality {
        Modality::Text => {
            parts.push(format!("context of {} tokens", s.context.unwrap_or(0.0)));
            parts.push(format!("prompt of {}", s.prompt.unwrap_or(0.0)));
            parts.push(format!("{} written", s.write.unwrap_or(0.0)));
        }
        Modality::Image | Modality::Video => {
            let (w, h, frames) = memory::picture(subject, s);
            parts.push(format!("{w}×{h}"));
            if subject.modality == Modality::Video {
                parts.push(format!("{frames} frames"));
            }
            let steps = s
                .steps
                .or(subject.defaults.steps.map(f64::from))
                .unwrap_or(30.0);
            parts.push(format!("{steps} steps"));
        }
        Modality::ThreeD | Modality::Motion => {
            parts.push(format!("{}³ voxels", s.grid.unwrap_or(512.0)));
        }
        _ => parts.push(format!("{} s of sound", s.seconds.unwrap_or(0.0))),
    }
    if s.batch > 1.0 {
        parts.push(format!("{} at once", s.batch));
    }
    parts.join(", ")
}

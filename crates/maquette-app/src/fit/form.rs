//! What was typed, checked: a model or a path, a machine, a setting.

use std::path::Path;

use maquette_core::{MachineOrigin, Modality};
use maquette_fit::device::{Class, Device, GIB};
use maquette_fit::estimate::Fits;
use maquette_fit::format::Format;
use maquette_fit::memory;
use maquette_fit::setting::{Setting, engines};
use maquette_fit::subject::{Known, Subject};
use rust_decimal::prelude::ToPrimitive;

use super::file;
use crate::context::Context;
use crate::error::AppError;
use crate::machine;
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

/// Largest numbers that are looked at: beyond, nothing of the field exists.
const MOST: f64 = 1e9;

/// Number formats of a key-value cache.
const CACHES: [&str; 8] = ["f16", "bf16", "fp16", "q8_0", "q5_0", "q4_0", "fp8", "int8"];

impl FitForm {
    fn checked(&self) -> Result<(), AppError> {
        let counts = [
            ("--frames", self.frames),
            ("--steps", self.steps),
            ("--context", self.context),
            ("--prompt", self.prompt),
            ("--write", self.write),
            ("--at-once", self.at_once),
            ("--micro-batch", self.micro_batch),
            ("--outputs", self.outputs),
        ];
        let measures = [
            ("--seconds", self.seconds),
            ("--vram", self.vram),
            ("--ram", self.ram),
        ];
        let within = |v: f64| v.is_finite() && v > 0.0 && v <= MOST;
        for (flag, value) in counts {
            if let Some(v) = value.filter(|v| !(within(*v) && v.fract() == 0.0)) {
                return Err(AppError::request(format!(
                    "{flag} {v}: a whole number above zero, at most {MOST}"
                )));
            }
        }
        for (flag, value) in measures {
            if let Some(v) = value.filter(|v| !within(*v)) {
                return Err(AppError::request(format!(
                    "{flag} {v}: a number above zero, at most {MOST}"
                )));
            }
        }
        if let Some(kv) = &self.kv
            && !CACHES.contains(&kv.to_lowercase().as_str())
        {
            return Err(AppError::request(format!(
                "--kv {kv}: no number format of a cache has that name"
            ))
            .hint(format!("one of: {}", CACHES.join(", "))));
        }
        Ok(())
    }

    /// Every flag given is one of the model's kind of work.
    fn of_its_kind(&self, subject: &Subject) -> Result<(), AppError> {
        use Modality::{Image, Motion, Music, Sound, Speech, Text, ThreeD, Video};
        let given: [(&str, bool, &[Modality]); 13] = [
            (
                "--resolution",
                self.resolution.is_some(),
                &[Image, Video, ThreeD, Motion],
            ),
            ("--frames", self.frames.is_some(), &[Video]),
            (
                "--seconds",
                self.seconds.is_some(),
                &[Video, Music, Sound, Speech],
            ),
            (
                "--steps",
                self.steps.is_some(),
                &[Image, Video, Music, Sound, ThreeD, Motion],
            ),
            ("--tiled", self.tiled, &[Image, Video]),
            ("--context", self.context.is_some(), &[Text]),
            ("--prompt", self.prompt.is_some(), &[Text]),
            ("--write", self.write.is_some(), &[Text]),
            ("--kv", self.kv.is_some(), &[Text]),
            ("--micro-batch", self.micro_batch.is_some(), &[Text]),
            ("--outputs", self.outputs.is_some(), &[Text]),
            ("--flash-attention", self.flash_attention.is_some(), &[Text]),
            ("--offload layers=N", self.says("ngl="), &[Text]),
        ];
        for (flag, said, of) in given {
            if said && !of.contains(&subject.modality) {
                let kinds: Vec<&str> = of.iter().map(|m| m.as_str()).collect();
                return Err(AppError::request(format!(
                    "{flag} is for {}: {} makes {}",
                    kinds.join(", "),
                    subject.name,
                    subject.modality.as_str()
                )));
            }
        }
        if self.says("cpu-moe") && !subject.moe {
            return Err(AppError::request(format!(
                "--offload experts: {} has no experts",
                subject.name
            )));
        }
        Ok(())
    }

    /// Does the offloading asked for say this?
    fn says(&self, words: &str) -> bool {
        self.offload.as_ref().is_some_and(|o| o.starts_with(words))
    }

    /// The words in which runs are written, for this question.
    fn words(&self, subject: &Subject) -> (String, String) {
        let work = self.resolution.clone().unwrap_or_default();
        let engine = match (&self.engine, subject.modality) {
            (Some(e), _) => e.clone(),
            (None, Modality::Text) => "llama.cpp".to_owned(),
            (None, Modality::Image | Modality::Video) => "diffusers".to_owned(),
            (None, _) => String::new(),
        };
        let mut engine = vec![engine];
        engine.extend(self.offload.clone());
        engine.extend(self.kv.as_ref().map(|k| format!("kv={}", k.to_lowercase())));
        if self.tiled {
            engine.push("tiled".to_owned());
        }
        (work, engine.join(" "))
    }
}

/// Offloading as it can be asked for.
const OFFLOADS: [(&str, &str); 6] = [
    ("none", ""),
    ("model", "model offload"),
    ("blocks", "block by block"),
    ("sequential", "sequential"),
    ("experts", "cpu-moe"),
    ("cpu", "cpu ngl=0"),
];

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
        if let Some(text) = &form.offload {
            let layers = text
                .strip_prefix("layers=")
                .and_then(|n| n.parse::<u32>().ok());
            let known = OFFLOADS.iter().find(|(name, _)| name == text);
            form.offload = match (layers, known) {
                (Some(n), _) => Some(format!("ngl={n}")),
                (None, Some((_, words))) => Some((*words).to_owned()),
                (None, None) => {
                    return Err(AppError::request(format!(
                        "--offload {text}: there is no such way"
                    ))
                    .hint("one of: none, model, blocks, sequential, experts, layers=N, cpu"));
                }
            };
        }
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
        let mut setting = setting(&form, &subject)?;
        if let Some(read) = &read {
            setting.format = read.format;
            setting.format_said = true;
        } else if !setting.format_said {
            notes.push(format!(
                "no number format was said: {} is taken (--quant)",
                super::page::format_name(setting.format)
            ));
        }
        let (device, machine_name, gpu, origin) = device(ctx, &form)?;
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

fn setting(form: &FitForm, subject: &Subject) -> Result<Setting, AppError> {
    let (work, engine) = form.words(subject);
    let quant = form.quant.clone().unwrap_or_default();
    if form.quant.is_some() && Format::parse(&quant).is_none() {
        return Err(AppError::request(format!(
            "--quant {quant}: no number format of that name is known"
        ))
        .hint("for example bf16, fp8, int8, nf4, Q8_0, Q5_K_M, Q4_K_M, IQ4_XS, Q3_K_M"));
    }
    let mut s = Setting::read(&quant, &work, &engine, &form.model);
    if let Some(e) = form.engine.as_ref().filter(|_| s.engine == "other") {
        return Err(AppError::request(format!(
            "--engine {e}: nothing is known of an engine of that name"
        ))
        .hint(format!("one of: {}", engines().join(", "))));
    }
    if let Some(text) = &form.resolution {
        let said = match subject.modality {
            Modality::Image | Modality::Video => s.width.is_some(),
            Modality::ThreeD | Modality::Motion => s.grid.is_some(),
            _ => s.width.is_some() || s.grid.is_some(),
        };
        if !said || text.contains(char::is_whitespace) {
            return Err(AppError::request(format!(
                "--resolution {text}: write it as 1024x1024, 720p or, for 3D, 512^3"
            )));
        }
        let side = |v: Option<f64>| v.is_none_or(|v| (16.0..=32_768.0).contains(&v));
        if !side(s.width) || !side(s.height) || !side(s.grid) {
            return Err(AppError::request(format!(
                "--resolution {text}: sides from 16 to 32,768"
            )));
        }
    }
    // `none` comes as no words at all.
    s.as_set = form.offload.as_ref().is_some_and(String::is_empty);
    s.frames = form.frames.or(s.frames);
    s.steps = form.steps.or(s.steps);
    s.batch = form.at_once.unwrap_or(s.batch);
    s.context = form.context;
    s.prompt = form.prompt;
    s.write = form.write;
    s.seconds = form.seconds;
    s.micro = form.micro_batch.unwrap_or(s.micro);
    s.outputs = form.outputs.unwrap_or(s.outputs);
    s.flash = form.flash_attention.or(s.flash);
    match subject.modality {
        Modality::Text => {
            s.prompt = s.prompt.or(Some(512.0));
            s.write = s.write.or(Some(1000.0));
            let least = s.prompt.unwrap_or(0.0) + s.write.unwrap_or(0.0);
            s.context = s.context.or(Some(8192.0_f64.max(least)));
        }
        Modality::Music | Modality::Sound => {
            let own = subject.defaults.duration_s.and_then(|d| d.to_f64());
            let usual = if subject.modality == Modality::Music {
                180.0
            } else {
                5.0
            };
            s.seconds = s.seconds.or(own).or(Some(usual));
        }
        Modality::Speech => s.seconds = s.seconds.or(Some(60.0)),
        Modality::Video if s.frames.is_none() => {
            // A length in seconds at the model's own rate, and the frame that starts it.
            let rate = subject.defaults.fps.map_or(16.0, f64::from);
            s.frames = form.seconds.map(|t| (t * rate).round() + 1.0);
            s.seconds = None;
        }
        _ => {}
    }
    Ok(s)
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

/// The machine that is asked about, how it is called, its id, and how it is known.
fn device(
    ctx: &Context,
    form: &FitForm,
) -> Result<(Device, String, Option<String>, &'static str), AppError> {
    let wish = form.studio.gpu.as_deref().unwrap_or("detect");
    if wish == "none" && form.vram.is_some() {
        return Err(AppError::request(
            "--vram is the memory of a GPU, and --gpu none says that there is none".to_owned(),
        ));
    }
    let found = match wish {
        "none" => None,
        "detect" if form.vram.is_some() => None,
        "detect" => machine::here(ctx),
        name => Some(machine::named(ctx, name)?),
    };
    let ram = form.ram.map(|g| g * GIB);
    let (mut device, name, gpu, origin) = match found {
        Some(m) => {
            let gpu = ctx
                .knowledge
                .gpu(&m.gpu)
                .map_err(|e| AppError::unknown(&e, "maquette show gpus"))?;
            let mut device = Device::of(gpu, m.count);
            let origin = if m.origin == MachineOrigin::Detected {
                machine::fill_in(&mut device, &m.gpu, ctx);
                "detected"
            } else {
                "given"
            };
            (device, m.name, Some(m.gpu), origin)
        }
        None if form.vram.is_some() => (
            Device::named("a GPU", 1),
            "a GPU of which only the memory is told".to_owned(),
            None,
            "given",
        ),
        None => {
            let mut cpu = Device::named("the processor alone (CPU)", 1);
            cpu.memory = ram.or_else(|| machine::ram(ctx));
            let origin = if wish == "none" { "given" } else { "detected" };
            (cpu, "the processor alone".to_owned(), None, origin)
        }
    };
    if let Some(vram) = form.vram {
        device.memory = Some(vram * GIB);
        device.free = None;
    }
    if let Some(ram) = ram {
        device.ram = Some(ram);
        if device.unified {
            device.memory = Some(ram);
            device.free = None;
        }
    }
    let name = match (form.vram, form.ram.filter(|_| device.unified)) {
        (Some(g), _) | (None, Some(g)) => format!("{name} with {g} GiB"),
        _ => name,
    };
    Ok((device, name, gpu, origin))
}

//! What was typed, checked: numbers within reason, flags of the model's own kind of work, and the words
//! of a setting.

use maquette_core::Modality;
use maquette_fit::format::Format;
use maquette_fit::setting::{Setting, engines};
use maquette_fit::subject::Subject;
use rust_decimal::prelude::ToPrimitive;

use super::FitForm;
use crate::error::AppError;

/// Largest numbers that are looked at: beyond, nothing of the field exists.
const MOST: f64 = 1e9;

/// Number formats of a key-value cache.
const CACHES: [&str; 8] = ["f16", "bf16", "fp16", "q8_0", "q5_0", "q4_0", "fp8", "int8"];

impl FitForm {
    pub(super) fn checked(&self) -> Result<(), AppError> {
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
    pub(super) fn of_its_kind(&self, subject: &Subject) -> Result<(), AppError> {
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

/// The way to offload, in the words of runs.
pub(super) fn offload(text: Option<&str>) -> Result<Option<String>, AppError> {
    let Some(text) = text else { return Ok(None) };
    let layers = text
        .strip_prefix("layers=")
        .and_then(|n| n.parse::<u32>().ok());
    let known = OFFLOADS.iter().find(|(name, _)| *name == text);
    match (layers, known) {
        (Some(n), _) => Ok(Some(format!("ngl={n}"))),
        (None, Some((_, words))) => Ok(Some((*words).to_owned())),
        (None, None) => Err(
            AppError::request(format!("--offload {text}: there is no such way"))
                .hint("one of: none, model, blocks, sequential, experts, layers=N, cpu"),
        ),
    }
}

pub(super) fn setting(form: &FitForm, subject: &Subject) -> Result<Setting, AppError> {
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

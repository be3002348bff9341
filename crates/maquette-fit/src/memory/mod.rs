//! Memory, phase by phase: what lies on the device while the model encodes, denoises or writes, and
//! decodes.

mod audio;
mod diffusion;
pub mod ggml;
mod text;

use crate::device::Device;
use crate::setting::Setting;
use crate::subject::{Role, Subject};
use maquette_core::Modality;

pub use diffusion::size as picture;
pub(crate) use diffusion::{compute_buffer, size, tokens};
pub use text::{allotted, kv_bytes, kv_bytes_per_token};

/// One thing in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub name: String,
    pub bytes: f64,
}

/// One phase and what lies on the device in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Phase {
    pub name: &'static str,
    pub items: Vec<Item>,
}

impl Phase {
    fn new(name: &'static str) -> Phase {
        Phase {
            name,
            items: Vec::new(),
        }
    }

    fn with(mut self, name: impl Into<String>, bytes: f64) -> Phase {
        if bytes > 0.0 {
            self.items.push(Item {
                name: name.into(),
                bytes,
            });
        }
        self
    }

    pub fn bytes(&self) -> f64 {
        self.items.iter().map(|i| i.bytes).sum()
    }
}

/// The phases of one run, and what lies in the machine's own memory instead of the device's.
#[derive(Debug, Clone, PartialEq)]
pub struct Memory {
    pub phases: Vec<Phase>,
    /// Bytes of weights kept in the machine's memory.
    pub in_ram: f64,
}

impl Memory {
    /// Bytes of the largest phase.
    pub fn peak(&self) -> f64 {
        self.phases.iter().map(Phase::bytes).fold(0.0, f64::max)
    }

    /// The largest phase.
    pub fn binding(&self) -> Option<&Phase> {
        self.phases
            .iter()
            .max_by(|a, b| a.bytes().total_cmp(&b.bytes()))
    }
}

/// Bytes that a framework's context and libraries hold on the device: 0.25 to 0.5 GiB for ggml, 0.6 to
/// 0.8 for `PyTorch` (research note on hardware, sections 2.3 and 11).
fn framework(s: &Setting) -> f64 {
    let gib = match s.engine.as_str() {
        "llama.cpp" | "ollama" | "stable-diffusion.cpp" | "audio.cpp" | "mlx" | "core ml" => 0.35,
        _ => 0.6,
    };
    gib * crate::device::GIB
}

/// Everything in memory, by phase.
pub fn memory(subject: &Subject, s: &Setting, device: &Device) -> Option<Memory> {
    match subject.modality {
        Modality::Text => Some(text::memory(subject, s)),
        Modality::Image | Modality::Video => diffusion::memory(subject, s, device.count),
        Modality::Music | Modality::Sound | Modality::Speech => Some(audio::memory(subject, s)),
        Modality::ThreeD | Modality::Motion => Some(audio::mesh(subject, s)),
    }
    .map(|mut m| {
        if s.fills {
            fill(&mut m, s, device);
        }
        m
    })
}

/// An engine that takes what the device has: its peak is the device, not the need. What is needed
/// beyond it is paged.
fn fill(m: &mut Memory, s: &Setting, device: &Device) {
    let Some(memory) = device.memory else {
        return;
    };
    let gib = crate::device::GIB;
    // What is measured holds the desktop too; an engine told to leave much keeps its working set all
    // the same (recipes on a 16 GB laptop card: 6.4 to 8.2 GiB where 12 GB were reserved).
    let most = match (s.clamp, s.reserve) {
        (Some(clamp), _) => clamp * gib + 0.9 * gib,
        (None, Some(reserve)) => {
            memory - reserve * gib + if reserve >= 3.0 { 3.2 * gib } else { gib }
        }
        (None, None) => memory * 0.95,
    };
    let most = most.clamp(2.0 * gib, memory * 0.97);
    for phase in &mut m.phases {
        let over = phase.bytes() - most;
        if over > 0.0 {
            m.in_ram = m.in_ram.max(over);
            let share = most / phase.bytes();
            for item in &mut phase.items {
                item.bytes *= share;
            }
        }
    }
}

/// Parameters and bytes of every part in the setting's format: an encoder of pictures and clips keeps
/// 16 bits unless it is said to be stored alike, and so does their decoder.
pub fn parts(subject: &Subject, s: &Setting) -> Vec<(String, f64, f64)> {
    if subject.pieces.is_empty() {
        let bytes = subject.bytes(s.format, subject.params);
        return vec![("weights".to_owned(), subject.params, bytes)];
    }
    let drawn = matches!(subject.modality, Modality::Image | Modality::Video);
    let of = |p: &crate::subject::Piece| {
        let alike = match p.role {
            Role::Encoder | Role::Writer => !drawn || s.encoders_alike,
            Role::Decoder => !drawn,
            Role::Denoiser | Role::Unet => true,
        };
        (p.name.clone(), p.params, stored(p, s, alike))
    };
    subject.pieces.iter().map(of).collect()
}

/// Bytes of a file's part, or of so many parameters in the setting's format.
fn stored(piece: &crate::subject::Piece, s: &Setting, alike: bool) -> f64 {
    if let Some(bytes) = piece.bytes {
        return bytes;
    }
    if alike {
        s.format.bytes(piece.params)
    } else {
        piece.params * 2.0
    }
}

//! Does it fit, and what has to be switched so that it does.

use maquette_core::Modality;

use crate::case::Table;
use crate::device::Device;
use crate::estimate::{Figure, Fits};
use crate::format::{self, Format};
use crate::memory;
use crate::setting::{Offload, Setting};
use crate::subject::Subject;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Fits,
    WithOffloading,
    DoesNotFit,
    Unknown,
}

impl Verdict {
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Fits => "fits",
            Verdict::WithOffloading => "fits-with-offloading",
            Verdict::DoesNotFit => "does-not-fit",
            Verdict::Unknown => "unknown",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Verdict::Fits => "fits",
            Verdict::WithOffloading => "fits with offloading",
            Verdict::DoesNotFit => "does not fit",
            Verdict::Unknown => "unknown",
        }
    }
}

/// How a run lies on a machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    pub verdict: Verdict,
    /// The setting asked for, or the first that fits.
    pub setting: Setting,
    pub peak: Figure,
    /// Bytes that work may fill on one device.
    pub usable: Option<f64>,
    /// The upper end of the range is beyond what is usable.
    pub narrow: bool,
    /// What was switched, in words.
    pub switches: Vec<&'static str>,
}

/// Bytes of a machine's own memory that offloaded weights may take where nobody says how much there is:
/// a large workstation's.
pub const ASSUMED_RAM: f64 = 64.0 * crate::device::GIB;

/// Bytes that one device offers to a run over all its devices.
fn room(device: &Device, setting: &Setting) -> Option<f64> {
    let one = device.usable()?;
    // An engine that splits a language model over cards has them all.
    let shared = matches!(
        setting.engine.as_str(),
        "" | "llama.cpp" | "ollama" | "vllm" | "sglang"
    );
    Some(if shared {
        one * f64::from(device.count)
    } else {
        one
    })
}

/// The setting as asked, then with the switches that its engines have, the mildest first.
pub fn fit(fits: &Fits, subject: &Subject, asked: &Setting, device: &Device) -> Option<Fit> {
    let usable = room(device, asked);
    let as_asked = fits.figure(Table::Peak, subject, asked, device)?;
    let Some(most) = usable else {
        return Some(Fit {
            verdict: Verdict::Unknown,
            setting: asked.clone(),
            peak: as_asked,
            usable,
            narrow: false,
            switches: Vec::new(),
        });
    };
    let ladder = ladder(subject, asked, device, most);
    let ram = device.ram.map_or(ASSUMED_RAM, |ram| ram * 0.85);
    for (setting, switches) in ladder {
        let Some(peak) = fits.figure(Table::Peak, subject, &setting, device) else {
            continue;
        };
        let in_ram = memory::memory(subject, &setting, device).map_or(0.0, |m| m.in_ram);
        if peak.mid <= most && in_ram <= ram {
            return Some(Fit {
                verdict: if switches.is_empty() {
                    Verdict::Fits
                } else {
                    Verdict::WithOffloading
                },
                setting,
                narrow: peak.high > most,
                peak,
                usable,
                switches,
            });
        }
    }
    Some(Fit {
        verdict: Verdict::DoesNotFit,
        setting: asked.clone(),
        peak: as_asked,
        usable,
        narrow: false,
        switches: Vec::new(),
    })
}

/// Settings to try, the one asked for first.
fn ladder(
    subject: &Subject,
    asked: &Setting,
    device: &Device,
    most: f64,
) -> Vec<(Setting, Vec<&'static str>)> {
    let mut out = vec![(asked.clone(), Vec::new())];
    if asked.as_set || asked.offload != Offload::Resident {
        return out;
    }
    let with = |offload: Offload, tiled: bool| Setting {
        offload,
        tiled: asked.tiled || tiled,
        ..asked.clone()
    };
    if subject.modality == Modality::Text {
        if device.unified {
            return out;
        }
        if subject.moe {
            let layers = subject.text.as_ref().and_then(|t| t.layers).unwrap_or(32);
            for quarter in 1..4 {
                let some = with(Offload::SomeExperts(layers * quarter / 4), false);
                out.push((some, vec!["some experts on the processor"]));
            }
            out.push((
                with(Offload::Experts, false),
                vec!["experts on the processor"],
            ));
        }
        let layers = subject.text.as_ref().and_then(|t| t.layers).unwrap_or(32);
        // The most layers that the formula places; the range says how sure that is.
        let whole = memory::memory(subject, asked, device).map_or(f64::INFINITY, |m| m.peak());
        let fixed = 1.2 * crate::device::GIB;
        let share = ((most - fixed) / (whole - fixed).max(1.0)).clamp(0.0, 1.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let placed = (f64::from(layers + 1) * share * 0.92).floor() as u32;
        if placed > 0 {
            out.push((
                with(Offload::Layers(placed), false),
                vec!["some layers on the processor"],
            ));
        }
        return out;
    }
    if matches!(subject.modality, Modality::Image | Modality::Video) {
        out.push((with(Offload::Resident, true), vec!["decoding in tiles"]));
        out.push((with(Offload::Model, false), vec!["one part at a time"]));
        out.push((
            with(Offload::Model, true),
            vec!["one part at a time", "decoding in tiles"],
        ));
        out.push((
            with(Offload::Blocks, true),
            vec!["block by block", "decoding in tiles"],
        ));
        out.push((
            with(Offload::Sequential, true),
            vec!["module by module", "decoding in tiles"],
        ));
    } else {
        out.push((with(Offload::Model, false), vec!["one part at a time"]));
    }
    out
}

/// The formats of the ladder, most bits first, with the peak of each.
pub fn formats(
    fits: &Fits,
    subject: &Subject,
    asked: &Setting,
    device: &Device,
) -> Vec<(Format, Figure)> {
    let names = match subject.modality {
        Modality::Text => format::LADDER,
        Modality::Image | Modality::Video => format::PICTURES,
        _ => format::SOUNDS,
    };
    let mut known: Vec<Format> = names
        .iter()
        .filter_map(|name| Format::parse(name))
        .collect();
    known.sort_by(|a, b| b.bits.total_cmp(&a.bits));
    known
        .into_iter()
        .filter_map(|format| {
            let setting = Setting {
                format,
                format_said: true,
                ..asked.clone()
            };
            Some((format, fits.figure(Table::Peak, subject, &setting, device)?))
        })
        .collect()
}

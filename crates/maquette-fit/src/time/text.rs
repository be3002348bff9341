//! Language models: milliseconds a token written are a line in the bytes read; tokens read are a rate
//! of operations.
//!
//! Research note on hardware, section 6.3: ms = a × bytes / bandwidth + t0.

use crate::device::{Class, Device};
use crate::memory::kv_bytes_per_token;
use crate::setting::{Offload, Setting};
use crate::subject::Subject;

/// Slope over the time that the bytes take at full bandwidth, and the fixed milliseconds of a token:
/// the table of section 6.3, and for stacked memory the figure below it.
fn line(moe: bool, class: Class) -> (f64, f64) {
    match (moe, class) {
        (true, Class::NvidiaUnified) => (1.72, 2.4),
        (true, Class::Apple) => (1.94, 2.73),
        (true, _) => (1.76, 2.15),
        (false, Class::NvidiaHbm) => (2.3, 1.7),
        (false, Class::Amd) => (1.46, 1.26),
        (false, Class::Apple) => (1.28, 2.69),
        (false, _) => (1.32, 1.7),
    }
}

/// Share of the matrix units' rate that a prompt reaches (section 6.3, Prefill: 4090 0.60, A100 0.30,
/// H100 0.16, Apple 0.47 to 0.65, 7900 XTX 0.28).
fn prefill_share(class: Class) -> f64 {
    match class {
        Class::NvidiaHbm => 0.22,
        Class::Amd | Class::AmdHbm | Class::AmdUnified => 0.28,
        Class::Apple | Class::Nvidia => 0.5,
        _ => 0.35,
    }
}

/// Time a token with a draft that is checked, over the time without (published pairs: 0.4 to 0.8).
const SPECULATED: f64 = 0.6;
/// Operations a second of a processor where nothing is known of it.
const PROCESSOR: f64 = 0.5e12;

/// Milliseconds a token.
pub fn decode_ms(subject: &Subject, s: &Setting, device: &Device) -> Option<f64> {
    let (a, t0) = line(subject.moe, device.class);
    let bandwidth = if s.on_cpu {
        device.ram_bandwidth
    } else {
        device.bandwidth?
    };
    let weights = subject.bytes(s.format, subject.active);
    let depth = s.depth.or(s.prompt).unwrap_or(0.0) + s.write.unwrap_or(0.0) / 2.0;
    let kv = subject
        .text
        .as_ref()
        .and_then(kv_bytes_per_token)
        .unwrap_or(0.0)
        * s.kv_bits
        / 16.0
        * depth;
    // The share of the weights that the processor reads at the speed of its own memory.
    let off = match s.offload {
        Offload::Layers(n) => {
            let layers = subject
                .text
                .as_ref()
                .and_then(|t| t.layers)
                .map_or(32.0, f64::from);
            1.0 - (f64::from(n) / layers).min(1.0)
        }
        Offload::Experts => 0.6,
        Offload::SomeExperts(n) => {
            let layers = subject
                .text
                .as_ref()
                .and_then(|t| t.layers)
                .map_or(32.0, f64::from);
            0.6 * (f64::from(n) / layers).min(1.0)
        }
        _ if s.on_cpu => 0.0,
        _ => spill(subject, s, device),
    };
    let on = (weights * (1.0 - off) + kv) / bandwidth;
    let beside = weights * off / device.ram_bandwidth;
    let guessed = if s.speculative { SPECULATED } else { 1.0 };
    Some(((a * on + 1.2 * beside) * 1000.0 + t0) * guessed)
}

/// Milliseconds that the active weights take at the full bandwidth of where they lie.
pub fn least_decode_ms(subject: &Subject, s: &Setting, device: &Device) -> Option<f64> {
    let bandwidth = if s.on_cpu {
        return None;
    } else {
        device.bandwidth?
    };
    // Devices of one kind may each read their part at once.
    let all = bandwidth * f64::from(device.count);
    Some(subject.bytes(s.format, subject.active) / all * 950.0)
}

/// Share of the weights that does not fit on the devices.
fn spill(subject: &Subject, s: &Setting, device: &Device) -> f64 {
    let Some(memory) = device.memory.filter(|_| !device.unified) else {
        return 0.0;
    };
    // An engine that cannot allot the cache asked for does not start: one that runs holds it, and so
    // only the weights give way. What is asked beyond the tokens in hand counts up to this much.
    let held = s.depth.or(s.prompt).unwrap_or(0.0) + s.write.unwrap_or(0.0);
    let context = s.context.map(|c| c.min(held.max(16_384.0)));
    let Some(need) = crate::memory::memory(
        subject,
        &Setting {
            context,
            ..s.clone()
        },
        device,
    ) else {
        return 0.0;
    };
    let room = memory * f64::from(device.count) * 0.97;
    let all = subject.bytes(s.format, subject.params);
    ((need.peak() - room) / all).clamp(0.0, 1.0)
}

/// Tokens of a prompt read in a second.
pub fn prefill_rate(subject: &Subject, s: &Setting, device: &Device) -> Option<f64> {
    let rate = if s.on_cpu {
        PROCESSOR
    } else {
        device
            .half
            .or_else(|| device.unified.then_some(PROCESSOR * 2.0))?
            * prefill_share(device.class)
    };
    let tokens = s.prompt.unwrap_or(512.0).max(1.0);
    // Attention over the tokens before: 4 × layers × width for each of them.
    let attention = subject.text.as_ref().map_or(0.0, |t| {
        let width = f64::from(t.heads.unwrap_or(32)) * f64::from(t.head_dim.unwrap_or(128));
        4.0 * f64::from(t.layers.unwrap_or(32)) * width * (tokens / 2.0 + s.depth.unwrap_or(0.0))
    });
    // Every expert is read for a micro-batch: the units wait for them.
    let experts = if subject.moe { 0.5 } else { 1.0 };
    Some(rate * experts / (2.0 * subject.active + attention))
}

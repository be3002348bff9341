//! The machine as the formulas see it: bytes, bytes a second, operations a second, watts.

use maquette_catalog::schema::hardware::Gpu;
use maquette_core::facts::Hardware;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

pub const GIB: f64 = 1_073_741_824.0;
pub const GB: f64 = 1e9;

/// Bytes a second of a machine's own memory where nothing is known: two channels of DDR4-3200 to
/// DDR5-5600 (51 to 90 GB/s by the definition of the memory standards), here the lower.
const HOST_BANDWIDTH: f64 = 51.2 * GB;

/// Kinds of hardware that behave alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// `GeForce`, RTX workstation and inference cards with GDDR.
    Nvidia,
    /// A100, H100 and others with stacked memory.
    NvidiaHbm,
    NvidiaUnified,
    Amd,
    AmdHbm,
    /// Ryzen and Radeon of one memory.
    AmdUnified,
    Apple,
    Intel,
    Cpu,
    Other,
}

impl Class {
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Nvidia => "NVIDIA GDDR",
            Class::NvidiaHbm => "NVIDIA HBM",
            Class::NvidiaUnified => "NVIDIA unified",
            Class::Amd => "AMD",
            Class::AmdHbm => "AMD HBM",
            Class::AmdUnified => "AMD unified",
            Class::Apple => "Apple",
            Class::Intel => "Intel",
            Class::Cpu => "CPU",
            Class::Other => "other",
        }
    }
}

/// One device, `count` times.
#[derive(Debug, Clone, PartialEq)]
pub struct Device {
    /// Catalog id, or the written name folded: what measurements are gathered under.
    pub key: String,
    pub name: String,
    pub class: Class,
    pub count: u32,
    /// Bytes of one device as sold; absent: not known.
    pub memory: Option<f64>,
    /// Bytes free of one device now, where they were read.
    pub free: Option<f64>,
    pub unified: bool,
    /// Bytes a second of one device's memory.
    pub bandwidth: Option<f64>,
    /// Operations a second of the matrix units with 16-bit inputs, dense.
    pub half: Option<f64>,
    /// Watts of one board.
    pub watts: Option<f64>,
    /// Bytes of the machine's own memory, where known.
    pub ram: Option<f64>,
    pub ram_bandwidth: f64,
}

impl Device {
    pub fn of(gpu: &Gpu, count: u32) -> Device {
        let number = |d: Option<Decimal>| d.and_then(|d| d.to_f64()).filter(|n| *n > 0.0);
        let tera = |d: Option<Decimal>| number(d).map(|n| n * 1e12);
        let bandwidth = number(gpu.bandwidth_gb_s).map(|n| n * GB);
        let stacked = bandwidth.is_some_and(|b| b > 1.2e12) && !gpu.id.contains("rtx");
        let class = match (gpu.vendor, gpu.unified_memory) {
            (Some(Hardware::Nvidia), true) => Class::NvidiaUnified,
            (Some(Hardware::Nvidia), false) if stacked => Class::NvidiaHbm,
            (Some(Hardware::Nvidia), false) => Class::Nvidia,
            (Some(Hardware::Amd), true) => Class::AmdUnified,
            (Some(Hardware::Amd), false) if gpu.id.starts_with("mi") => Class::AmdHbm,
            (Some(Hardware::Amd), false) => Class::Amd,
            (Some(Hardware::Apple), _) => Class::Apple,
            (Some(Hardware::Intel), _) => Class::Intel,
            _ => Class::Other,
        };
        // Cards before 2018 do 16 bits far more slowly than 32.
        let shader = match (tera(gpu.fp16_shader_tflops), tera(gpu.fp32_tflops)) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        };
        Device {
            key: gpu.id.clone(),
            name: gpu.name.clone(),
            class,
            count: count.max(1),
            memory: number(Some(gpu.memory_gb)).map(|n| n * GIB),
            free: None,
            unified: gpu.unified_memory,
            bandwidth,
            half: tera(gpu.fp16_tensor_dense_fp32acc_tflops).or(shader),
            watts: number(gpu.watts),
            ram: None,
            ram_bandwidth: HOST_BANDWIDTH,
        }
    }

    /// A device that the catalog does not hold, known by its name alone.
    pub fn named(name: &str, count: u32) -> Device {
        let folded = maquette_core::names::fold(name);
        let has = |words: &[&str]| words.iter().any(|w| folded.contains(w));
        let class = if has(&["iris", "uhd", "intelarc", "graphics1", "arcb"])
            || (has(&["intel"]) && has(&["graphics"]))
        {
            Class::Intel
        } else if has(&["ryzen", "xeon", "core", "threadripper", "epyc", "cpu"])
            && !has(&["radeon", "rtx"])
            || folded.starts_with("i7")
        {
            Class::Cpu
        } else if has(&["radeon7", "radeon8", "780m", "860m", "840m", "760m"]) {
            Class::AmdUnified
        } else if has(&["radeon", "amd"]) {
            Class::Amd
        } else if has(&["gtx", "rtx", "nvidia", "tesla"]) {
            Class::Nvidia
        } else if has(&["apple"]) {
            Class::Apple
        } else {
            Class::Other
        };
        let shared = matches!(class, Class::Intel | Class::Cpu | Class::AmdUnified);
        Device {
            key: folded,
            name: name.to_owned(),
            class,
            count: count.max(1),
            memory: None,
            free: None,
            unified: shared,
            bandwidth: shared.then_some(HOST_BANDWIDTH),
            half: None,
            watts: None,
            ram: None,
            ram_bandwidth: HOST_BANDWIDTH,
        }
    }

    /// Bytes that work may fill on one device: what is free, where that was read. Else a card without
    /// a desktop (published runs on cards of 12 to 32 GB fill 93 to 98% of them; a desktop takes half a
    /// GiB to one more); a machine of one memory gives about three quarters (research note on hardware,
    /// section 11).
    pub fn usable(&self) -> Option<f64> {
        if let Some(free) = self.free {
            return Some(free);
        }
        let memory = self.memory?;
        Some(match (self.unified, memory > 33.0 * GIB) {
            (false, _) => memory * 0.95,
            (true, false) => memory * 0.70,
            (true, true) => memory * 0.78,
        })
    }
}

//! NVIDIA: the driver's library, else `nvidia-smi`, else what the driver shows in `/proc`.

use maquette_core::facts::Hardware;

use crate::{Device, Machine, Readings};

/// One line a device: index, name, total and free MiB, driver.
pub(crate) const NVML: &str = "nvml";
pub(crate) const SMI: &str = "nvidia-smi --query-gpu=index,name,memory.total,memory.free,driver_version --format=csv,noheader,nounits";
/// `Model: …`, one reading for each device.
pub(crate) const PROC: &str = "proc/driver/nvidia/gpus";

pub(crate) fn conclude(r: &Readings, m: &mut Machine) {
    for source in [NVML, SMI] {
        let Some(text) = r.get(source) else { continue };
        let before = m.devices.len();
        for line in text.lines().filter(|l| !l.trim().is_empty()) {
            match device(line, source) {
                Some(d) => m.devices.push(d),
                None => m
                    .doubts
                    .push(format!("{source}: `{line}` was not understood")),
            }
        }
        if m.devices.len() > before {
            return;
        }
    }
    let shown = r.0.iter().filter(|x| x.from.starts_with(PROC));
    for text in shown.filter_map(|x| x.text.as_ref().ok()) {
        let name = text.lines().find_map(|l| l.trim().strip_prefix("Model:"));
        if let Some(name) = name.map(str::trim).filter(|n| !n.is_empty()) {
            m.devices.push(Device {
                vendor: Hardware::Nvidia,
                name: name.to_owned(),
                memory_mib: None,
                free_mib: None,
                unified: false,
                driver: None,
                from: PROC.to_owned(),
            });
        }
    }
}

fn device(line: &str, source: &str) -> Option<Device> {
    let fields: Vec<&str> = line.split(',').map(str::trim).collect();
    let [index, name, total, free, driver] = fields.as_slice() else {
        return None;
    };
    index.parse::<u32>().ok()?;
    if name.is_empty() || name.starts_with('[') {
        return None;
    }
    // `[N/A]` where the chip shares the machine's memory (GB10).
    let total: Option<u64> = total.parse().ok();
    Some(Device {
        vendor: Hardware::Nvidia,
        name: (*name).to_owned(),
        unified: total.is_none(),
        memory_mib: total,
        free_mib: free.parse().ok().filter(|f| total.is_some_and(|t| *f <= t)),
        driver: (!driver.is_empty() && !driver.starts_with('[')).then(|| (*driver).to_owned()),
        from: source.split(' ').next().unwrap_or(source).to_owned(),
    })
}

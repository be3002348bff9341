//! Apple: what `system_profiler` tells of the chip; its memory is the machine's.

use maquette_core::facts::Hardware;
use serde_json::Value;

use crate::{Device, Machine, Readings};

pub(crate) const PROFILER: &str = "system_profiler -json SPHardwareDataType SPDisplaysDataType";

pub(crate) fn conclude(r: &Readings, m: &mut Machine) {
    let Some(text) = r.get(PROFILER) else { return };
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        m.doubts
            .push("system_profiler: its answer is not JSON".to_owned());
        return;
    };
    let hardware = &value["SPHardwareDataType"][0];
    let memory = hardware["physical_memory"].as_str().and_then(mib);
    if m.ram_mib.is_none() {
        m.ram_mib = memory;
    }
    if let Some(chip) = hardware["chip_type"]
        .as_str()
        .filter(|c| c.starts_with("Apple"))
    {
        m.cpu.get_or_insert_with(|| chip.to_owned());
        m.devices.push(Device {
            vendor: Hardware::Apple,
            name: chip.to_owned(),
            memory_mib: memory,
            free_mib: None,
            unified: true,
            driver: None,
            from: "system_profiler".to_owned(),
        });
    }
}

/// `64 GB` in MiB: the machine counts in powers of two.
fn mib(text: &str) -> Option<u64> {
    let (n, unit) = text.split_once(' ')?;
    let n: u64 = n.trim().parse().ok()?;
    match unit.trim() {
        "GB" => n.checked_mul(1024),
        "TB" => n.checked_mul(1024 * 1024),
        "MB" => Some(n),
        _ => None,
    }
}

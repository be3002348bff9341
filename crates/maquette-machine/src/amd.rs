//! AMD: what the kernel shows of each card, with the name from the card, libdrm's list or `lspci`.

use maquette_core::facts::Hardware;

use crate::{Device, Machine, Readings, cards, lspci_name, number};

const VENDOR: u64 = 0x1002;
/// A processor's own graphics are given less than this of the machine's memory.
const CARVE_OUT_MIB: u64 = 2048;

pub(crate) fn conclude(r: &Readings, m: &mut Machine) {
    for card in cards(r, VENDOR) {
        let read = |file: &str| r.get(&format!("{card}/device/{file}"));
        let mib = |file: &str| read(file).and_then(number).map(|b| b / (1024 * 1024));
        let total = mib("mem_info_vram_total");
        let shared = mib("mem_info_gtt_total");
        let product = read("product_name")
            .map(str::trim)
            .filter(|n| !n.is_empty());
        let named = product
            .map(str::to_owned)
            .or_else(|| listed(r, card))
            .or_else(|| {
                read("uevent")
                    .and_then(slot)
                    .and_then(|s| lspci_name(r, &s))
            });
        let Some(name) = named else {
            m.doubts
                .push(format!("{card}: an AMD card whose name no source tells"));
            continue;
        };
        // Graphics inside the processor carve little out and take the rest as they need it.
        let unified = match (total, shared) {
            (Some(own), Some(shared)) => own < CARVE_OUT_MIB && shared > own,
            _ => false,
        };
        let used = mib("mem_info_vram_used");
        m.devices.push(Device {
            vendor: Hardware::Amd,
            name,
            memory_mib: if unified { shared } else { total },
            free_mib: match (unified, total, used) {
                (false, Some(t), Some(u)) => t.checked_sub(u),
                _ => None,
            },
            unified,
            driver: r
                .get("sys/module/amdgpu/version")
                .map(|v| v.trim().to_owned()),
            from: card.to_owned(),
        });
    }
}

/// The name in libdrm's list, whose lines hold device, revision and name.
fn listed(r: &Readings, card: &str) -> Option<String> {
    let id = |file: &str| r.get(&format!("{card}/device/{file}")).and_then(number);
    let (device, revision) = (id("device")?, id("revision")?);
    let list = r.get("usr/share/libdrm/amdgpu.ids")?;
    list.lines().find_map(|line| {
        let mut fields = line.splitn(3, ',').map(str::trim);
        let hex = |f: Option<&str>| u64::from_str_radix(f?, 16).ok();
        let same = hex(fields.next()) == Some(device) && hex(fields.next()) == Some(revision);
        same.then(|| fields.next().map(str::to_owned)).flatten()
    })
}

fn slot(uevent: &str) -> Option<String> {
    let line = uevent
        .lines()
        .find_map(|l| l.strip_prefix("PCI_SLOT_NAME="));
    line.map(|s| s.trim().to_owned())
}

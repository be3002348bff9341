//! Intel: what the kernel shows of each card, with the name from `lspci`.

use maquette_core::facts::Hardware;

use crate::{Device, Machine, Readings, cards, lspci_name, number};

const VENDOR: u64 = 0x8086;

pub(crate) fn conclude(r: &Readings, m: &mut Machine) {
    for card in cards(r, VENDOR) {
        let uevent = r.get(&format!("{card}/device/uevent")).unwrap_or_default();
        let slot = uevent
            .lines()
            .find_map(|l| l.strip_prefix("PCI_SLOT_NAME="));
        let Some(name) = slot.and_then(|s| lspci_name(r, s)) else {
            m.doubts
                .push(format!("{card}: an Intel card whose name no source tells"));
            continue;
        };
        let local = r.get(&format!("{card}/lmem_total_bytes")).and_then(number);
        m.devices.push(Device {
            vendor: Hardware::Intel,
            name,
            memory_mib: local.map(|b| b / (1024 * 1024)),
            free_mib: None,
            // Without memory of its own it shares the machine's.
            unified: local.is_none(),
            driver: None,
            from: card.to_owned(),
        });
    }
}

//! What the machine is. Readings are taken as the operating system, drivers and tools print them;
//! conclusions are drawn from the readings alone, so that a paste of them gives the same conclusions
//! on any machine.

#![forbid(unsafe_code)]

mod amd;
mod apple;
mod host;
mod intel;
mod live;
mod nvidia;
mod paste;

use maquette_core::facts::Hardware;

pub use live::take;

/// One thing read: where, and what it printed; or why it could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// `nvidia-smi`, `sys/class/drm/card0/device/vendor`, `system_profiler`, …
    pub from: String,
    pub text: Result<String, String>,
}

/// All readings, in the order taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readings(pub Vec<Reading>);

/// One GPU, or the shared chip of a machine with unified memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub vendor: Hardware,
    /// As the driver names it.
    pub name: String,
    /// In MiB; absent: not told.
    pub memory_mib: Option<u64>,
    pub free_mib: Option<u64>,
    /// Shares the machine's memory.
    pub unified: bool,
    pub driver: Option<String>,
    /// Which readings it was concluded from.
    pub from: String,
}

/// What the readings come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Machine {
    pub devices: Vec<Device>,
    pub cpu: Option<String>,
    /// Memory of the machine in MiB.
    pub ram_mib: Option<u64>,
    pub free_ram_mib: Option<u64>,
    pub system: Option<String>,
    /// Engines found, with their versions.
    pub engines: Vec<(String, String)>,
    /// What was read and could not be understood.
    pub doubts: Vec<String>,
}

impl Readings {
    pub fn push(&mut self, from: impl Into<String>, text: Result<String, String>) {
        self.0.push(Reading {
            from: from.into(),
            text,
        });
    }

    /// What `from` printed, where it printed something.
    pub fn get(&self, from: &str) -> Option<&str> {
        let found = self.0.iter().find(|r| r.from == from)?;
        found.text.as_deref().ok()
    }

    /// The readings as text that [`Readings::from_paste`] understands.
    pub fn to_paste(&self) -> String {
        paste::write(self)
    }

    /// Readings out of a paste; what stands around them is passed over.
    pub fn from_paste(text: &str) -> Readings {
        paste::parse(text)
    }

    /// What the readings come to.
    pub fn conclude(&self) -> Machine {
        let mut m = Machine::default();
        host::conclude(self, &mut m);
        nvidia::conclude(self, &mut m);
        amd::conclude(self, &mut m);
        intel::conclude(self, &mut m);
        apple::conclude(self, &mut m);
        m
    }
}

/// A whole number out of what a tool printed, in whatever notation it uses: `24564`, `0x10de`.
fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    match text.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}

/// The cards of the kernel's list with this PCI vendor: the folder of each, `sys/class/drm/card0`.
fn cards(r: &Readings, vendor: u64) -> impl Iterator<Item = &str> {
    r.0.iter().filter_map(move |reading| {
        let card = reading.from.strip_suffix("/device/vendor")?;
        let is = reading.text.as_ref().ok().and_then(|t| number(t)) == Some(vendor);
        is.then_some(card)
    })
}

/// The name that `lspci -mm` gives to a slot: the device's, without the vendor's.
fn lspci_name(r: &Readings, slot: &str) -> Option<String> {
    let short = slot.trim().trim_start_matches("0000:");
    let line = r.get("lspci -mm")?.lines().find(|l| l.starts_with(short))?;
    // `03:00.0 "VGA compatible controller" "Vendor" "Device" …`
    let device = line.split('"').nth(5)?.trim();
    let name = match (device.find('['), device.rfind(']')) {
        (Some(a), Some(b)) if a < b => &device[a + 1..b],
        _ => device,
    };
    (!name.is_empty()).then(|| name.to_owned())
}

/// PCI ids of the cards read, for the one list that is too long to keep.
fn amd_ids(r: &Readings) -> Vec<u64> {
    let devices = r.0.iter().filter(|x| x.from.ends_with("/device/device"));
    devices
        .filter_map(|x| number(x.text.as_ref().ok()?))
        .collect()
}

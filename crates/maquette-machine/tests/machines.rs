//! Pastes of machines, and what each comes to. Add one: paste what `maquette doctor` prints into
//! `fixtures/`, and write down what a person says the machine is.

#![allow(clippy::unwrap_used)]

use maquette_core::facts::Hardware::{self, Amd, Apple, Intel, Nvidia};
use maquette_machine::{Machine, Readings};
use proptest::prelude::*;

fn machine(text: &str) -> Machine {
    Readings::from_paste(text).conclude()
}

/// Vendor, name, memory and free MiB, shared memory.
type Is<'a> = (Hardware, &'a str, Option<u64>, Option<u64>, bool);

fn has(text: &str, expected: &[Is<'_>]) -> Machine {
    let m = machine(text);
    let found: Vec<Is<'_>> = m
        .devices
        .iter()
        .map(|d| {
            (
                d.vendor,
                d.name.as_str(),
                d.memory_mib,
                d.free_mib,
                d.unified,
            )
        })
        .collect();
    assert_eq!(found, expected);
    m
}

macro_rules! paste {
    ($name:literal) => {
        include_str!(concat!("fixtures/", $name, ".txt"))
    };
}

#[test]
fn a_desktop_card_with_an_engine() {
    let m = has(
        paste!("rtx-4090"),
        &[(
            Nvidia,
            "NVIDIA GeForce RTX 4090",
            Some(24564),
            Some(23214),
            false,
        )],
    );
    assert_eq!(m.devices[0].driver.as_deref(), Some("550.90.07"));
    assert_eq!(
        m.cpu.as_deref(),
        Some("AMD Ryzen 9 7950X 16-Core Processor")
    );
    assert_eq!((m.ram_mib, m.free_ram_mib), (Some(64_118), Some(56_758)));
    assert_eq!(
        m.engines,
        [("Ollama".to_owned(), "ollama version is 0.12.3".to_owned())]
    );
    assert!(m.doubts.is_empty());
}

#[test]
fn several_devices_are_kept_apart() {
    let card = |free| {
        (
            Nvidia,
            "NVIDIA GeForce RTX 3090",
            Some(24576),
            Some(free),
            false,
        )
    };
    has(paste!("two-rtx-3090"), &[card(24131), card(23800)]);
    let h100 = (
        Nvidia,
        "NVIDIA H100 80GB HBM3",
        Some(81559),
        Some(81008),
        false,
    );
    has(paste!("four-h100"), &[h100; 4]);
}

#[test]
fn a_laptop_has_two_kinds() {
    has(
        paste!("laptop-rtx-4070"),
        &[
            (
                Nvidia,
                "NVIDIA GeForce RTX 4070 Laptop GPU",
                Some(8188),
                Some(7770),
                false,
            ),
            (Intel, "Iris Xe Graphics", None, None, true),
        ],
    );
}

#[test]
fn memory_that_is_shared() {
    has(paste!("gb10"), &[(Nvidia, "NVIDIA GB10", None, None, true)]);
    has(
        paste!("strix-halo"),
        &[(Amd, "AMD Radeon 8060S Graphics", Some(110_592), None, true)],
    );
    has(
        paste!("m4-max-128gb"),
        &[(Apple, "Apple M4 Max", Some(131_072), None, true)],
    );
    let m1 = has(
        paste!("m1"),
        &[(Apple, "Apple M1", Some(16_384), None, true)],
    );
    assert_eq!(m1.ram_mib, Some(16_384));
}

#[test]
fn cards_of_amd_and_intel() {
    has(
        paste!("rx-7900-xtx"),
        &[(
            Amd,
            "AMD Radeon RX 7900 XTX",
            Some(24_560),
            Some(23_536),
            false,
        )],
    );
    has(
        paste!("arc-a770"),
        &[(Intel, "Arc A770", Some(16_288), None, false)],
    );
}

#[test]
fn a_driver_without_its_tool() {
    has(
        paste!("driver-without-tool"),
        &[(Nvidia, "NVIDIA GeForce RTX 2080 Ti", None, None, false)],
    );
}

#[test]
fn no_gpu_is_an_answer() {
    let m = has(paste!("no-gpu"), &[]);
    assert_eq!(m.ram_mib, Some(24_105));
}

#[test]
fn a_paste_out_of_a_mail() {
    has(
        paste!("quoted-mail"),
        &[(
            Nvidia,
            "NVIDIA GeForce RTX 5090",
            Some(32607),
            Some(31500),
            false,
        )],
    );
}

#[test]
fn what_is_damaged_is_said() {
    let m = has(paste!("damaged"), &[]);
    assert_eq!(m.ram_mib, None);
    assert_eq!(m.doubts.len(), 5, "{:?}", m.doubts);
}

#[test]
fn this_machine_answers_and_its_paste_says_the_same() {
    let taken = maquette_machine::take();
    let again = Readings::from_paste(&taken.to_paste());
    assert_eq!(again.conclude(), taken.conclude());
    assert!(taken.conclude().system.is_some());
}

proptest! {
    #[test]
    fn anything_can_be_pasted(text in ".{0,400}") {
        machine(&text);
    }

    #[test]
    fn any_reading_comes_back_from_its_paste(
        all in proptest::collection::vec(("[a-z/ .-]{1,30}", "[ -~\n]{0,80}"), 0..6)
    ) {
        let mut r = Readings::default();
        for (from, text) in &all {
            r.push(from.trim(), Ok(text.clone()));
        }
        prop_assert_eq!(Readings::from_paste(&r.to_paste()).conclude(), r.conclude());
        prop_assert_eq!(Readings::from_paste(&r.to_paste()).0.len(), r.0.len());
    }

    #[test]
    fn no_tool_can_say_anything_that_stops_us(
        tool in proptest::sample::select(vec![
            "nvml", "proc/meminfo", "proc/cpuinfo", "lspci -mm", "usr/share/libdrm/amdgpu.ids",
            "sys/class/drm/card0/device/vendor", "sys/class/drm/card0/device/mem_info_vram_total",
            "system_profiler -json SPHardwareDataType SPDisplaysDataType",
        ]),
        text in "[ -~\n]{0,200}",
    ) {
        let mut r = Readings::default();
        r.push("sys/class/drm/card0/device/vendor", Ok("0x1002".to_owned()));
        r.push(tool, Ok(text));
        r.conclude();
    }
}

//! Takes the readings of this machine. Nothing here concludes anything. Each file and each tool has a
//! limit in size and time, and a failure is a reading too.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use wait_timeout::ChildExt;

use crate::{Readings, amd_ids, apple, host, nvidia};

/// Most bytes of one reading.
const MOST: u64 = 256 * 1024;
/// Longest that one tool may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Most cards looked at.
const MOST_CARDS: usize = 32;

/// Everything this machine tells, in a fixed order.
pub fn take() -> Readings {
    let mut r = Readings::default();
    let system = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    r.push("system", Ok(system));
    if cfg!(target_os = "macos") {
        command(&mut r, "sysctl -n hw.memsize");
        command(&mut r, "sysctl -n machdep.cpu.brand_string");
        command(&mut r, apple::PROFILER);
    } else {
        cpu(&mut r);
        file(&mut r, "proc/meminfo", |t| {
            keep(t, &["MemTotal:", "MemAvailable:"])
        });
    }
    nvml(&mut r);
    if r.get(nvidia::NVML).is_none() {
        command(&mut r, nvidia::SMI);
    }
    proc_nvidia(&mut r);
    drm(&mut r);
    for (_, line) in host::ENGINES {
        command(&mut r, line);
    }
    r
}

/// One processor's name is enough.
fn cpu(r: &mut Readings) {
    file(r, "proc/cpuinfo", |t| {
        t.lines()
            .find(|l| l.starts_with("model name"))
            .unwrap_or_default()
            .to_owned()
    });
}

fn keep(text: &str, starts: &[&str]) -> String {
    let lines = text
        .lines()
        .filter(|l| starts.iter().any(|s| l.starts_with(s)));
    lines.collect::<Vec<_>>().join("\n")
}

/// Reads `/from`; `cut` keeps what matters, so that a paste stays short and says nothing private.
fn file(r: &mut Readings, from: &str, cut: impl Fn(&str) -> String) {
    let path = Path::new("/").join(from);
    let mut bytes = Vec::new();
    let read = fs::File::open(&path).and_then(|f| f.take(MOST).read_to_end(&mut bytes));
    match read {
        Ok(_) => r.push(from, Ok(cut(&String::from_utf8_lossy(&bytes)))),
        // What is not there needs no line of its own.
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
        Err(e) => r.push(from, Err(e.to_string())),
    }
}

/// Runs a tool, if it is installed, and waits no longer than is sensible.
fn command(r: &mut Readings, line: &str) {
    let mut words = line.split(' ');
    let Some(program) = words.next() else { return };
    let child = Command::new(program)
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return,
        Err(e) => return r.push(line, Err(e.to_string())),
    };
    // The output is read beside the wait: a full pipe would stop the tool.
    let out = child.stdout.take();
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(out) = out {
            let _ = out.take(MOST).read_to_end(&mut bytes);
        }
        bytes
    });
    let status = child.wait_timeout(PATIENCE);
    let text = match status {
        Ok(Some(status)) if status.success() => {
            let bytes = reader.join().unwrap_or_default();
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        }
        Ok(Some(status)) => Err(format!("it ended with {status}")),
        Ok(None) => {
            let _ = child.kill();
            let _ = child.wait();
            Err(format!("it did not answer within {} s", PATIENCE.as_secs()))
        }
        Err(e) => Err(e.to_string()),
    };
    r.push(line, text);
}

fn nvml(r: &mut Readings) {
    let nvml = match nvml_wrapper::Nvml::init() {
        Ok(nvml) => nvml,
        Err(nvml_wrapper::error::NvmlError::LibloadingError(_)) => return,
        Err(e) => return r.push(nvidia::NVML, Err(e.to_string())),
    };
    let driver = nvml.sys_driver_version().unwrap_or_default();
    let count = match nvml.device_count() {
        Ok(n) => n,
        Err(e) => return r.push(nvidia::NVML, Err(e.to_string())),
    };
    let lines = (0..count).filter_map(|i| {
        let device = nvml.device_by_index(i).ok()?;
        let name = device.name().ok()?;
        let mib = |bytes: u64| (bytes / (1024 * 1024)).to_string();
        let (total, free) = match device.memory_info() {
            Ok(m) => (mib(m.total), mib(m.free)),
            Err(_) => ("[N/A]".to_owned(), "[N/A]".to_owned()),
        };
        Some(format!("{i}, {name}, {total}, {free}, {driver}"))
    });
    r.push(nvidia::NVML, Ok(lines.collect::<Vec<_>>().join("\n")));
}

fn proc_nvidia(r: &mut Readings) {
    let Ok(entries) = fs::read_dir(Path::new("/").join(nvidia::PROC)) else {
        return;
    };
    let mut slots: Vec<String> = entries
        .filter_map(|e| e.ok()?.file_name().into_string().ok())
        .collect();
    slots.sort();
    for slot in slots.into_iter().take(MOST_CARDS) {
        // The serial number and the like stay out.
        file(r, &format!("{}/{slot}/information", nvidia::PROC), |t| {
            keep(t, &["Model:"])
        });
    }
}

/// The kernel's list of graphics cards.
fn drm(r: &mut Readings) {
    let Ok(entries) = fs::read_dir("/sys/class/drm") else {
        return;
    };
    let mut cards: Vec<String> = entries
        .filter_map(|e| e.ok()?.file_name().into_string().ok())
        .filter(|n| {
            n.strip_prefix("card")
                .is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()))
        })
        .collect();
    cards.sort();
    let whole = |t: &str| t.trim().to_owned();
    for card in cards.into_iter().take(MOST_CARDS) {
        let at = format!("sys/class/drm/{card}");
        for name in [
            "vendor",
            "device",
            "revision",
            "product_name",
            "mem_info_vram_total",
            "mem_info_vram_used",
            "mem_info_gtt_total",
        ] {
            file(r, &format!("{at}/device/{name}"), whole);
        }
        file(r, &format!("{at}/device/uevent"), |t| {
            keep(t, &["PCI_SLOT_NAME=", "DRIVER="])
        });
        file(r, &format!("{at}/lmem_total_bytes"), whole);
    }
    let any = r.0.iter().any(|x| x.from.ends_with("/device/vendor"));
    if any {
        file(r, "sys/module/amdgpu/version", whole);
        let wanted = amd_ids(r);
        file(r, "usr/share/libdrm/amdgpu.ids", |t| {
            let lines = t.lines().filter(|l| {
                let id = l.split(',').next().unwrap_or_default().trim();
                u64::from_str_radix(id, 16).is_ok_and(|d| wanted.contains(&d))
            });
            lines.collect::<Vec<_>>().join("\n")
        });
        command(r, "lspci -mm");
        if let Some(reading) = r.0.iter_mut().find(|x| x.from == "lspci -mm")
            && let Ok(text) = &mut reading.text
        {
            let graphics = |l: &&str| {
                ["VGA", "3D controller", "Display"]
                    .iter()
                    .any(|w| l.contains(w))
            };
            *text = text.lines().filter(graphics).collect::<Vec<_>>().join("\n");
        }
    }
}

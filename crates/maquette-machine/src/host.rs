//! The machine itself: processor, memory, system, and the engines that are installed.

use crate::{Machine, Readings, number};

pub(crate) const ENGINES: [(&str, &str); 3] = [
    ("Ollama", "ollama --version"),
    ("llama.cpp", "llama-server --version"),
    ("ComfyUI", "comfy --version"),
];

pub(crate) fn conclude(r: &Readings, m: &mut Machine) {
    m.system = r
        .get("system")
        .map(|s| s.trim().to_owned())
        .filter(|s| !s.is_empty());
    if let Some(text) = r.get("proc/cpuinfo") {
        let name = text.lines().find_map(|l| {
            let (key, value) = l.split_once(':')?;
            (key.trim() == "model name").then(|| value.trim().to_owned())
        });
        m.cpu = name;
    }
    if let Some(text) = r.get("proc/meminfo") {
        let kib = |key: &str| {
            let line = text.lines().find(|l| l.starts_with(key))?;
            number(line.split_whitespace().nth(1)?)
        };
        m.ram_mib = kib("MemTotal:").map(|k| k / 1024);
        m.free_ram_mib = kib("MemAvailable:").map(|k| k / 1024);
    }
    if let Some(bytes) = r.get("sysctl -n hw.memsize").and_then(number) {
        m.ram_mib = Some(bytes / (1024 * 1024));
    }
    if let Some(name) = r.get("sysctl -n machdep.cpu.brand_string") {
        m.cpu = Some(name.trim().to_owned()).filter(|n| !n.is_empty());
    }
    for (name, command) in ENGINES {
        let version = r
            .get(command)
            .and_then(|t| t.lines().find(|l| !l.trim().is_empty()));
        if let Some(version) = version {
            m.engines.push((name.to_owned(), version.trim().to_owned()));
        }
    }
}

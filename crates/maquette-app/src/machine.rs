//! The machine this program runs on, from what the operating system shows without a driver library.

use std::fs;
use std::path::Path;

/// Names of the GPUs that NVIDIA's driver lists. Empty where there is no such driver.
pub fn nvidia_names(proc_driver: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(proc_driver.join("gpus")) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .filter_map(|e| fs::read_to_string(e.ok()?.path().join("information")).ok())
        .filter_map(|text| {
            let line = text.lines().find(|l| l.starts_with("Model:"))?;
            Some(line.trim_start_matches("Model:").trim().to_owned())
        })
        .collect();
    names.sort();
    names
}

/// The GPU names of this machine.
pub fn detect() -> Vec<String> {
    nvidia_names(Path::new("/proc/driver/nvidia"))
}

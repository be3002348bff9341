//! The machine that would run open models: this one, or one that is named.

use maquette_catalog::schema::hardware::Gpu;
use maquette_core::report::doctor::{DeviceLine, DoctorReport, EngineLine, ReadingLine};
use maquette_core::{Machine, MachineOrigin};
use maquette_fit::device::Device as FitDevice;
use maquette_machine::{Device, Machine as Found, Readings};
use rust_decimal::Decimal;

use crate::context::Context;
use crate::error::AppError;

/// Most alike GPUs that a name may ask for.
const MOST: u32 = 64;

/// The GPU of this machine that the catalog knows, with as many as there are of it. Of several kinds
/// a card of its own, and the one with the most memory.
pub fn here(ctx: &Context) -> Option<Machine> {
    let found = maquette_machine::take().conclude();
    best(ctx, &found).map(|(gpu, count)| Machine {
        name: title(&gpu.name, count),
        gpu: gpu.id.clone(),
        count,
        origin: MachineOrigin::Detected,
    })
}

fn best<'a>(ctx: &'a Context, found: &Found) -> Option<(&'a Gpu, u32)> {
    let mut kinds: Vec<(&Gpu, u32)> = Vec::new();
    for device in &found.devices {
        let Some(gpu) = gpu(ctx, device, found.ram_mib) else {
            continue;
        };
        match kinds.iter_mut().find(|(g, _)| g.id == gpu.id) {
            Some((_, n)) => *n += 1,
            None => kinds.push((gpu, 1)),
        }
    }
    // A card of its own before a chip that shares the machine's memory.
    let rank = |g: &Gpu| (!g.unified_memory, g.memory_gb);
    kinds
        .into_iter()
        .max_by(|(a, _), (b, _)| rank(a).cmp(&rank(b)))
}

/// The catalog's entry for a device: by its name, and of several with that name the one whose memory
/// is the device's.
fn gpu<'a>(ctx: &'a Context, device: &Device, ram_mib: Option<u64>) -> Option<&'a Gpu> {
    let by_name = ctx.knowledge.gpu(&device.name).ok();
    let memory = if device.unified {
        ram_mib.or(device.memory_mib)
    } else {
        device.memory_mib
    };
    let Some(mib) = memory else {
        return by_name;
    };
    // A card shows a little less than it is sold with; a machine counts in powers of two.
    let near = |g: &Gpu| {
        let sold = g.memory_gb * Decimal::from(1024);
        let seen = Decimal::from(mib);
        seen > sold * Decimal::new(88, 2) && seen < sold * Decimal::new(104, 2)
    };
    if by_name.is_some_and(near) {
        return by_name;
    }
    let base = by_name?;
    // `Apple M4 Max` of `Apple M4 Max (36 GB)`.
    let name = |g: &Gpu| g.name.split(" (").next().unwrap_or_default().to_owned();
    let alike = |g: &Gpu| name(g) == name(base) && g.vendor == base.vendor;
    let family = |g: &&Gpu| near(g) && alike(g);
    ctx.knowledge.catalog.gpus.iter().find(family).or(by_name)
}

/// What of a device's memory is free now, and the machine's own, as its readings say.
pub fn fill_in(device: &mut FitDevice, gpu_id: &str, ctx: &Context) {
    let found = maquette_machine::take().conclude();
    let ram = found.ram_mib;
    let is = |d: &&Device| gpu(ctx, d, ram).is_some_and(|g| g.id == gpu_id);
    let bytes = |mib: u64| mib as f64 * 1_048_576.0;
    let alike: Vec<&Device> = found.devices.iter().filter(is).collect();
    if !device.unified {
        // The fullest card decides.
        device.free = alike.iter().filter_map(|d| d.free_mib).min().map(bytes);
        device.memory = alike
            .iter()
            .filter_map(|d| d.memory_mib)
            .min()
            .map(bytes)
            .or(device.memory);
    } else if let Some(ram) = ram {
        device.memory = Some(bytes(ram));
    }
    device.ram = ram.map(bytes);
}

/// Bytes of this machine's own memory.
pub fn ram(_ctx: &Context) -> Option<f64> {
    maquette_machine::take()
        .conclude()
        .ram_mib
        .map(|mib| mib as f64 * 1_048_576.0)
}

/// `RTX 4090`, `2x RTX 4090`, or `RTX 4090 x2`.
pub fn named(ctx: &Context, text: &str) -> Result<Machine, AppError> {
    let times = ['x', 'X', '×'];
    let before = text.split_once(times);
    let after = text.rsplit_once(times).map(|(name, n)| (n, name));
    let is_count = |(n, _): &(&str, &str)| {
        !n.trim().is_empty() && n.trim().bytes().all(|b| b.is_ascii_digit())
    };
    // `RTX4090` has an x before digits too: a count that follows stands apart.
    let apart = |(_, name): &(&str, &str)| name.ends_with(char::is_whitespace);
    let said = before.filter(is_count);
    let said = said.or_else(|| after.filter(|pair| is_count(pair) && apart(pair)));
    let (count, name) = match said {
        Some((n, name)) => {
            let count = n.trim().parse().ok().filter(|c| (1..=MOST).contains(c));
            let count = count.ok_or_else(|| {
                AppError::request(format!("--gpu {text}: from 1 to {MOST} alike GPUs"))
            })?;
            (count, name.trim())
        }
        _ => (1, text),
    };
    let gpu = ctx
        .knowledge
        .gpu(name)
        .map_err(|e| AppError::unknown(&e, "maquette show gpus"))?;
    Ok(Machine {
        gpu: gpu.id.clone(),
        count,
        name: title(&gpu.name, count),
        origin: MachineOrigin::Given,
    })
}

fn title(name: &str, count: u32) -> String {
    if count > 1 {
        format!("{count} × {name}")
    } else {
        name.to_owned()
    }
}

/// What this machine is, from its readings or from a paste of another's.
pub fn doctor(ctx: &Context, paste: Option<&str>) -> Result<DoctorReport, AppError> {
    let readings = match paste {
        Some(text) => Readings::from_paste(text),
        None => maquette_machine::take(),
    };
    if readings.0.is_empty() {
        return Err(AppError::request("there is no reading in this paste")
            .hint("it is what `maquette doctor` prints, from the first `--- reading` on"));
    }
    let m = readings.conclude();
    let devices: Vec<DeviceLine> = m
        .devices
        .iter()
        .map(|d| DeviceLine {
            vendor: d.vendor.to_string(),
            name: d.name.clone(),
            catalog: gpu(ctx, d, m.ram_mib).map(|g| g.id.clone()),
            memory_mib: d.memory_mib,
            free_mib: d.free_mib,
            unified: d.unified,
            driver: d.driver.clone(),
            from: d.from.clone(),
        })
        .collect();
    let mut notes = m.doubts.clone();
    if devices.is_empty() {
        notes.push("no GPU was found: open models run here on the processor alone".to_owned());
    }
    let unknown = devices.iter().filter(|d| d.catalog.is_none());
    notes.extend(unknown.map(|d| {
        format!(
            "`{}` is not in the catalog (CONTRIBUTING.md: Add a GPU)",
            d.name
        )
    }));
    let used = best(ctx, &m);
    Ok(DoctorReport {
        schema: "maquette.doctor/1".to_owned(),
        simulated: paste.is_some(),
        used: used.map(|(g, n)| title(&g.name, n)),
        system: m.system,
        cpu: m.cpu,
        ram_mib: m.ram_mib,
        free_ram_mib: m.free_ram_mib,
        devices,
        engines: m
            .engines
            .into_iter()
            .map(|(name, version)| EngineLine { name, version })
            .collect(),
        notes,
        paste: readings.to_paste(),
        readings: readings
            .0
            .into_iter()
            .map(|r| ReadingLine {
                from: r.from,
                error: r.text.as_ref().err().cloned(),
                text: r.text.ok(),
            })
            .collect(),
    })
}

//! The machine that is asked about: named, given by its memory, or this one.

use maquette_core::MachineOrigin;
use maquette_fit::device::{Device, GIB};

use super::FitForm;
use crate::context::Context;
use crate::error::AppError;
use crate::machine;

/// The machine that is asked about, how it is called, its id, and how it is known.
pub(super) fn device(
    ctx: &Context,
    form: &FitForm,
) -> Result<(Device, String, Option<String>, &'static str), AppError> {
    let wish = form.studio.gpu.as_deref().unwrap_or("detect");
    if wish == "none" && form.vram.is_some() {
        return Err(AppError::request(
            "--vram is the memory of a GPU, and --gpu none says that there is none".to_owned(),
        ));
    }
    let found = match wish {
        "none" => None,
        "detect" if form.vram.is_some() => None,
        "detect" => machine::here(ctx),
        name => Some(machine::named(ctx, name)?),
    };
    let ram = form.ram.map(|g| g * GIB);
    let (mut device, name, gpu, origin) = match found {
        Some(m) => {
            let gpu = ctx
                .knowledge
                .gpu(&m.gpu)
                .map_err(|e| AppError::unknown(&e, "maquette show gpus"))?;
            let mut device = Device::of(gpu, m.count);
            let origin = if m.origin == MachineOrigin::Detected {
                machine::fill_in(&mut device, &m.gpu, ctx);
                "detected"
            } else {
                "given"
            };
            (device, m.name, Some(m.gpu), origin)
        }
        None if form.vram.is_some() => (
            Device::named("a GPU", 1),
            "a GPU of which only the memory is told".to_owned(),
            None,
            "given",
        ),
        None => {
            let mut cpu = Device::named("the processor alone (CPU)", 1);
            cpu.memory = ram.or_else(|| machine::ram(ctx));
            let origin = if wish == "none" { "given" } else { "detected" };
            (cpu, "the processor alone".to_owned(), None, origin)
        }
    };
    if let Some(vram) = form.vram {
        device.memory = Some(vram * GIB);
        device.free = None;
    }
    if let Some(ram) = ram {
        device.ram = Some(ram);
        if device.unified {
            device.memory = Some(ram);
            device.free = None;
        }
    }
    let name = match (form.vram, form.ram.filter(|_| device.unified)) {
        (Some(g), _) | (None, Some(g)) => format!("{name} with {g} GiB"),
        _ => name,
    };
    Ok((device, name, gpu, origin))
}

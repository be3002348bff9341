//! How long estimates take: a thousand fits in one run, 20 models on 50 GPUs, with the names made and
//! the catalog opened. Run with `cargo bench -p maquette-app --bench fits`.

#![allow(clippy::unwrap_used)]

use divan::{Bencher, black_box};
use maquette_app::Context;
use maquette_core::Modality;
use maquette_fit::case::Table;
use maquette_fit::device::Device;
use maquette_fit::estimate::Fits;
use maquette_fit::setting::Setting;
use maquette_fit::subject::Subject;
use maquette_fit::verdict;

fn main() {
    divan::main();
}

fn context() -> Context {
    Context::open("2026-11-24".parse().unwrap(), None, &[]).unwrap()
}

/// Twenty models with a shape, spread over the catalog.
fn subjects<'a>(ctx: &Context, fits: &'a Fits) -> Vec<&'a Subject> {
    let models = ctx.knowledge.catalog.models.iter();
    let all: Vec<&Subject> = models.filter_map(|m| fits.names.of_model(m)).collect();
    let some = all.iter().step_by(all.len() / 20).take(20);
    some.copied().collect()
}

/// Fifty GPUs, spread over the catalog.
fn devices(ctx: &Context) -> Vec<Device> {
    let gpus = &ctx.knowledge.catalog.gpus;
    let some = gpus.iter().step_by(gpus.len() / 50).take(50);
    some.map(|g| Device::of(g, 1)).collect()
}

fn setting(subject: &Subject) -> Setting {
    let (format, work, engine) = match subject.modality {
        Modality::Text => ("Q4_K_M", "ctx 8192 prompt 512 write 1000", "llama.cpp"),
        Modality::Image => ("bf16", "1024x1024", "diffusers"),
        Modality::Video => ("bf16", "1280x720x81f", "diffusers"),
        _ => ("bf16", "30 s audio", ""),
    };
    Setting::read(format, work, engine, "")
}

/// Peak, time and watts of 20 models on 50 GPUs.
fn figures(fits: &Fits, subjects: &[&Subject], devices: &[Device]) -> usize {
    let mut told = 0;
    for subject in subjects {
        let s = setting(subject);
        for device in devices {
            for table in [Table::Peak, Table::Time, Table::Watts] {
                let figure = fits.figure(table, subject, &s, black_box(device));
                told += usize::from(black_box(figure).is_some());
            }
        }
    }
    told
}

#[divan::bench]
fn a_thousand_fits(bencher: Bencher<'_, '_>) {
    let ctx = context();
    let fits = ctx.fits().unwrap();
    let (subjects, devices) = (subjects(&ctx, fits), devices(&ctx));
    assert_eq!(subjects.len() * devices.len(), 1000);
    assert!(figures(fits, &subjects, &devices) > 2000);
    bencher.bench_local(|| figures(fits, &subjects, &devices));
}

/// The same, from nothing: catalog, names and lessons are opened first.
#[divan::bench]
fn a_thousand_fits_from_nothing(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| {
        let ctx = context();
        let fits = ctx.fits().unwrap();
        figures(fits, &subjects(&ctx, fits), &devices(&ctx))
    });
}

/// With the search for switches that make it fit.
#[divan::bench]
fn a_thousand_verdicts(bencher: Bencher<'_, '_>) {
    let ctx = context();
    let fits = ctx.fits().unwrap();
    let (subjects, devices) = (subjects(&ctx, fits), devices(&ctx));
    bencher.bench_local(|| {
        let mut fitting = 0;
        for subject in &subjects {
            let s = setting(subject);
            for device in &devices {
                let fit = verdict::fit(fits, subject, &s, black_box(device));
                fitting += usize::from(fit.is_some_and(|f| !f.switches.is_empty()));
            }
        }
        fitting
    });
}

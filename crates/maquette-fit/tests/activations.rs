//! Activations against the live tensors that were counted of one pass of real models (the catalog's
//! `activation` rows): from another size of the same model, and from the family alone.

#![allow(clippy::unwrap_used)]

use maquette_catalog::schema::model::Activation;
use maquette_fit::device::Device;
use maquette_fit::memory::memory;
use maquette_fit::setting::Setting;
use maquette_fit::subject::Subject;
use maquette_know::Knowledge;

/// Every model and shape that has counted passes, with what was counted.
fn counted(known: &Knowledge) -> Vec<(Subject, Vec<Activation>)> {
    let models = known.catalog.models.iter();
    let models = models.filter_map(|m| Some((Subject::of_model(m)?, m.activation.clone())));
    let shapes = known.catalog.shapes.iter();
    let shapes = shapes.filter_map(|s| Some((Subject::of_shape(s)?, s.activation.clone())));
    models
        .chain(shapes)
        .filter(|(s, _)| !s.live.is_empty())
        .collect()
}

/// The size as a run is written: `832x480x81`.
fn setting(workload: &str) -> Setting {
    let words = match workload
        .rsplit_once('x')
        .filter(|_| workload.matches('x').count() == 2)
    {
        Some((size, frames)) => format!("{size}x{frames}f"),
        None => workload.to_owned(),
    };
    Setting::read("bf16", &words, "diffusers", "")
}

fn activations(subject: &Subject, workload: &str) -> f64 {
    let device = Device::named("RTX 4090", 1);
    let memory = memory(subject, &setting(workload), &device).unwrap();
    let denoise = memory.phases.iter().find(|p| p.name == "denoise").unwrap();
    denoise
        .items
        .iter()
        .find(|i| i.name == "activations")
        .unwrap()
        .bytes
}

/// The rows that were read into a subject, as they stand in the catalog.
#[allow(clippy::cast_precision_loss)]
fn rows(all: &[Activation]) -> impl Iterator<Item = (&str, f64)> {
    let drawn =
        |a: &&Activation| a.workload.matches('x').count() >= 1 && !a.workload.contains("ref");
    let one = |a: &&Activation| a.phase == "denoise" || a.phase.starts_with("denoise b=2");
    all.iter()
        .filter(drawn)
        .filter(one)
        .map(|a| (a.workload.as_str(), a.peak_bytes as f64))
}

#[test]
fn what_was_counted_is_what_is_said() {
    let known = maquette_know::open(&[]).unwrap();
    let mut n = 0;
    for (subject, all) in counted(&known) {
        for (workload, bytes) in rows(&all) {
            let ratio = activations(&subject, workload) / bytes;
            assert!(
                (ratio - 1.0).abs() < 1e-9,
                "{} {workload}: {ratio}",
                subject.id
            );
            n += 1;
        }
    }
    assert!(n >= 25, "{n}");
}

/// From the nearest other size of the model: activations grow with the tokens.
#[test]
fn another_size_is_drawn_out_from_the_nearest() {
    let known = maquette_know::open(&[]).unwrap();
    let mut n = 0;
    for (subject, all) in counted(&known) {
        for (workload, bytes) in rows(&all) {
            let mut others = subject.clone();
            others.live.retain(|l| (l.bytes - bytes).abs() > 1.0);
            if others.live.is_empty() {
                continue;
            }
            let ratio = activations(&others, workload) / bytes;
            // A prompt's tokens weigh more beside a small picture's.
            assert!(
                (0.7..1.1).contains(&ratio),
                "{} {workload}: {ratio}",
                subject.id
            );
            n += 1;
        }
    }
    assert!(n >= 10, "{n}");
}

/// From the family alone, as for a model that nobody counted.
#[test]
fn a_family_tells_the_activations() {
    let known = maquette_know::open(&[]).unwrap();
    let mut errors = Vec::new();
    for (mut subject, all) in counted(&known) {
        subject.live.clear();
        for (workload, bytes) in rows(&all) {
            let ratio = activations(&subject, workload) / bytes;
            assert!(
                (0.6..1.5).contains(&ratio),
                "{} {workload}: {ratio}",
                subject.id
            );
            errors.push((ratio - 1.0).abs());
        }
    }
    errors.sort_by(f64::total_cmp);
    let median = errors[errors.len() / 2];
    assert!(
        errors.len() >= 25 && median < 0.1,
        "{} rows: {median}",
        errors.len()
    );
}

//! What must hold for every model, machine and setting: more work never needs less memory or time,
//! more offloading never needs more of the device, ranges are ranges; no text whatever is a panic; and
//! what is learned depends on the measurements alone, never on their order or on the run held out.

#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use maquette_fit::accuracy;
use maquette_fit::case::{Case, Table};
use maquette_fit::device::Device;
use maquette_fit::estimate::{Figure, Fits, cases};
use maquette_fit::format::Format;
use maquette_fit::learn::{Learned, Scheme};
use maquette_fit::memory::memory;
use maquette_fit::names::{self, Names};
use maquette_fit::setting::{Offload, Setting};
use maquette_fit::subject::Subject;
use maquette_fit::{machine, time, verdict};
use maquette_know::Knowledge;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use maquette_core::Modality;

static KNOWN: LazyLock<Knowledge> = LazyLock::new(|| maquette_know::open(&[]).unwrap());
static FITS: LazyLock<Fits> =
    LazyLock::new(|| Fits::of(&KNOWN.catalog, maquette_know::learned().unwrap()));
static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let names = Names::of(&KNOWN.catalog);
    cases(&KNOWN.catalog, &names, &maquette_know::runs().unwrap()).0
});

/// Everything of the catalog that has a shape, and language models of which only the size is known.
static SUBJECTS: LazyLock<Vec<Subject>> = LazyLock::new(|| {
    let models = KNOWN.catalog.models.iter();
    let models = models.filter_map(|m| FITS.names.of_model(m));
    let shapes = KNOWN.catalog.shapes.iter();
    let shapes = shapes.filter_map(|s| FITS.names.by_id(&s.id));
    let mut all: Vec<Subject> = models.chain(shapes).cloned().collect();
    all.push(Subject::of_size("something-7b", 7e9, None));
    all.push(Subject::of_size("something-30b-a3b", 30e9, Some(3e9)));
    assert!(all.len() > 150, "{}", all.len());
    all
});

fn subject() -> impl Strategy<Value = &'static Subject> {
    (0..SUBJECTS.len()).prop_map(|i| &SUBJECTS[i])
}

/// Subjects of these kinds of work.
fn of(kinds: &'static [Modality]) -> impl Strategy<Value = &'static Subject> {
    let some: Vec<usize> = (0..SUBJECTS.len())
        .filter(|&i| kinds.contains(&SUBJECTS[i].modality))
        .collect();
    assert!(!some.is_empty());
    select(some).prop_map(|i| &SUBJECTS[i])
}

fn device() -> impl Strategy<Value = Device> {
    let count = select(vec![1, 1, 1, 2, 4, 8]);
    (0..KNOWN.catalog.gpus.len(), count).prop_map(|(i, n)| Device::of(&KNOWN.catalog.gpus[i], n))
}

const FORMATS: [&str; 12] = [
    "fp32", "bf16", "fp8", "int8", "nf4", "q8_0", "q6_k", "q5_k_m", "q4_k_m", "q3_k_m", "q2_k",
    "iq1_s",
];
const ENGINES: [&str; 9] = [
    "",
    "llama.cpp",
    "ollama",
    "vllm",
    "diffusers",
    "comfyui",
    "official",
    "mlx",
    "stable-diffusion.cpp",
];

fn offload() -> impl Strategy<Value = Offload> {
    prop_oneof![
        4 => Just(Offload::Resident),
        1 => Just(Offload::Model),
        1 => Just(Offload::Blocks),
        1 => Just(Offload::Sequential),
        1 => Just(Offload::Experts),
        1 => (0_u32..100).prop_map(Offload::Layers),
    ]
}

prop_compose! {
    /// How the engine is set; no sizes.
    fn engine()(
        format in select(&FORMATS[..]),
        engine in select(&ENGINES[..]),
        offload in offload(),
        (tiled, cached, fills, sharded, as_set) in any::<(bool, bool, bool, bool, bool)>(),
        flash in any::<Option<bool>>(),
        kv_bits in select(vec![16.0, 8.5, 4.5]),
        micro in select(vec![64.0, 512.0, 2048.0]),
    ) -> Setting {
        Setting {
            format: Format::parse(format).unwrap(),
            format_said: true,
            engine: engine.to_owned(),
            offload, as_set, tiled, cached, fills, sharded, flash, kv_bits, micro,
            ..Setting::default()
        }
    }
}

prop_compose! {
    /// A run of any size.
    fn setting()(
        engine in engine(),
        (w, h) in (64_u32..4096, 64_u32..4096),
        frames in 1_u32..400,
        steps in 1_u32..100,
        seconds in 1_u32..600,
        grid in 64_u32..2048,
        (context, prompt, write) in (1_u32..300_000, 1_u32..50_000, 1_u32..10_000),
        batch in 1_u32..9,
    ) -> Setting {
        Setting {
            width: Some(f64::from(w)),
            height: Some(f64::from(h)),
            frames: Some(f64::from(frames)),
            steps: Some(f64::from(steps)),
            seconds: Some(f64::from(seconds)),
            grid: Some(f64::from(grid)),
            context: Some(f64::from(context)),
            prompt: Some(f64::from(prompt)),
            write: Some(f64::from(write)),
            batch: f64::from(batch),
            ..engine
        }
    }
}

/// One thing made larger by this factor.
fn larger(s: &Setting, what: usize, by: f64) -> Setting {
    let mut s = s.clone();
    let grow = |v: &mut Option<f64>| *v = v.map(|v| (v * by).ceil());
    match what {
        0 => {
            grow(&mut s.width);
            grow(&mut s.height);
        }
        1 => grow(&mut s.width),
        2 => grow(&mut s.frames),
        3 => grow(&mut s.seconds),
        4 => grow(&mut s.grid),
        5 => grow(&mut s.context),
        6 => s.batch = (s.batch * by).ceil(),
        7 => grow(&mut s.steps),
        8 => grow(&mut s.write),
        _ => grow(&mut s.prompt),
    }
    s
}

/// Not less, but for what adding up in another order may cost.
#[track_caller]
fn not_less(more: f64, less: f64, what: &str) -> Result<(), TestCaseError> {
    prop_assert!(
        more.is_finite() && less.is_finite(),
        "{what}: {less} {more}"
    );
    prop_assert!(more >= less * (1.0 - 1e-9), "{what}: from {less} to {more}");
    Ok(())
}

fn ordered(f: Figure, what: &str) -> Result<(), TestCaseError> {
    let finite = f.low.is_finite() && f.mid.is_finite() && f.high.is_finite();
    prop_assert!(finite && f.low > 0.0, "{what}: {f:?}");
    prop_assert!(f.low <= f.mid && f.mid <= f.high, "{what}: {f:?}");
    Ok(())
}

const TABLES: [Table; 7] = [
    Table::Peak,
    Table::Loaded,
    Table::Compute,
    Table::Time,
    Table::Decode,
    Table::Prefill,
    Table::Watts,
];

const DRAWN: &[Modality] = &[Modality::Image, Modality::Video];
const TEXT: &[Modality] = &[Modality::Text];
const TIMED: &[Modality] = &[
    Modality::Image,
    Modality::Video,
    Modality::Music,
    Modality::Sound,
    Modality::Speech,
    Modality::ThreeD,
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn more_work_never_needs_less_memory(
        subject in subject(), device in device(), s in setting(), what in 0_usize..7, by in 1.0..8.0_f64
    ) {
        let more = larger(&s, what, by);
        if let Some(less) = memory(subject, &s, &device) {
            let more = memory(subject, &more, &device).unwrap();
            not_less(more.peak(), less.peak(), &subject.id)?;
        }
    }

    #[test]
    fn more_bits_never_need_less_memory(
        subject in subject(), device in device(), s in setting(), a in select(&FORMATS[..]), b in select(&FORMATS[..])
    ) {
        let with = |f: Format| Setting { format: f, ..s.clone() };
        let (a, b) = (Format::parse(a).unwrap(), Format::parse(b).unwrap());
        let (few, many) = if a.bits <= b.bits { (a, b) } else { (b, a) };
        if let Some(less) = memory(subject, &with(few), &device) {
            let more = memory(subject, &with(many), &device).unwrap();
            not_less(more.peak(), less.peak(), &subject.id)?;
            not_less(more.in_ram, less.in_ram, &subject.id)?;
        }
    }

    #[test]
    fn more_offloading_never_needs_more_of_the_device(
        subject in of(DRAWN), device in device(), s in setting()
    ) {
        let with = |offload| memory(subject, &Setting { offload, ..s.clone() }, &device);
        if let Some(all) = with(Offload::Resident) {
            let parts = with(Offload::Model).unwrap();
            let blocks = with(Offload::Blocks).unwrap();
            let modules = with(Offload::Sequential).unwrap();
            not_less(all.peak(), parts.peak(), "resident, one part")?;
            not_less(parts.peak(), blocks.peak(), "one part, blocks")?;
            not_less(blocks.peak(), modules.peak(), "blocks, modules")?;
            // An engine that fills the device pages what is beyond it, offloaded or not.
            if !s.fills {
                not_less(parts.in_ram, all.in_ram, "in memory of its own: one part")?;
                not_less(blocks.in_ram, parts.in_ram, "in memory of its own: blocks")?;
            }
        }
    }

    #[test]
    fn fewer_layers_never_need_more_of_the_device(
        subject in of(TEXT), device in device(), s in setting(), layers in 0_u32..120
    ) {
        let with = |offload| memory(subject, &Setting { offload, ..s.clone() }, &device).unwrap();
        let (whole, experts) = (with(Offload::Resident), with(Offload::Experts));
        let (more, fewer) = (with(Offload::Layers(layers + 1)), with(Offload::Layers(layers)));
        not_less(whole.peak(), more.peak(), "whole, layers")?;
        not_less(more.peak(), fewer.peak(), "layers")?;
        not_less(whole.peak(), experts.peak(), "whole, experts")?;
        // What is not on the device is in the machine's memory.
        if !s.fills {
            not_less(fewer.in_ram, more.in_ram, "in memory of its own")?;
        }
    }

    #[test]
    fn more_work_never_takes_less_time(
        subject in of(TIMED), device in device(), s in setting(),
        what in select(vec![0_usize, 1, 2, 3, 4, 6, 7]), by in 1.0..8.0_f64
    ) {
        let more = larger(&s, what, by);
        if let Some(less) = time::seconds(subject, &s, &device) {
            let more = time::seconds(subject, &more, &device).unwrap();
            not_less(more.seconds(), less.seconds(), &subject.id)?;
        }
    }

    #[test]
    fn more_tokens_never_take_less_time(
        subject in of(TEXT), device in device(), s in setting(), what in 8_usize..10, by in 1.0..8.0_f64
    ) {
        let more = larger(&s, what, by);
        if let Some(less) = time::seconds(subject, &s, &device) {
            let more = time::seconds(subject, &more, &device).unwrap();
            not_less(more.seconds(), less.seconds(), &subject.id)?;
        }
    }

    #[test]
    fn corrected_figures_grow_with_the_work_too(
        subject in subject(), device in device(), s in setting(), what in 0_usize..8, by in 1.0..8.0_f64
    ) {
        let more = larger(&s, what, by);
        for table in [Table::Peak, Table::Time] {
            if table == Table::Time && subject.modality == Modality::Text {
                continue;
            }
            if let Some(less) = FITS.figure(table, subject, &s, &device) {
                let more = FITS.figure(table, subject, &more, &device).unwrap();
                not_less(more.mid, less.mid, &format!("{} {}", subject.id, table.as_str()))?;
            }
        }
    }

    #[test]
    fn ranges_are_ordered_and_finite(subject in subject(), device in device(), s in setting()) {
        for table in TABLES {
            if let Some(f) = FITS.figure(table, subject, &s, &device) {
                ordered(f, table.as_str())?;
                ordered(f.inverse(), table.as_str())?;
                ordered(f.plus(f.times(2.0)), table.as_str())?;
                if table == Table::Watts {
                    prop_assert!(f.high <= device.watts.unwrap());
                }
            }
        }
    }

    #[test]
    fn a_verdict_keeps_to_what_is_free(subject in subject(), device in device(), s in setting()) {
        let Some(fit) = verdict::fit(&FITS, subject, &s, &device) else { return Ok(()) };
        ordered(fit.peak, "peak")?;
        let usable = fit.usable.unwrap();
        let whole = FITS.figure(Table::Peak, subject, &s, &device).unwrap();
        // Of the device, or of the machine's own memory beside it.
        let aside = memory(subject, &s, &device).map_or(0.0, |m| m.in_ram);
        let ram = device.ram.map_or(verdict::ASSUMED_RAM, |ram| ram * 0.85);
        let too_much = whole.mid > usable || aside > ram;
        match fit.verdict {
            verdict::Verdict::Fits => {
                prop_assert!(fit.switches.is_empty() && fit.setting == s);
                prop_assert!(fit.peak.mid <= usable);
            }
            verdict::Verdict::WithOffloading => {
                prop_assert!(!fit.switches.is_empty() && fit.setting != s && !s.as_set);
                prop_assert!(fit.peak.mid <= usable && too_much);
            }
            verdict::Verdict::DoesNotFit => {
                prop_assert!(fit.switches.is_empty() && too_much);
            }
            verdict::Verdict::Unknown => prop_assert!(false, "the memory is known"),
        }
    }

    #[test]
    fn no_text_is_a_panic(a in written(), b in written(), c in written(), d in written()) {
        let s = Setting::read(&a, &b, &c, &d);
        prop_assert!(s.batch >= 1.0);
        prop_assert!([s.width, s.height, s.frames, s.grid].iter().flatten().all(|n| *n >= 1.0 && *n < 1e6));
        if let Some(f) = Format::parse(&a) {
            prop_assert!(f.bits > 0.0 && f.bits <= 32.0);
        }
        let _ = names::stated(&b);
        let normal = names::normal(&a);
        let apart = !normal.contains("--") && !normal.starts_with('-') && !normal.ends_with('-');
        prop_assert!(apart, "{normal}");
        let (count, name) = machine::split(&a);
        prop_assert!(count >= 1 && a.contains(name));
        let device = machine::device(&KNOWN.catalog.gpus, name, count);
        prop_assert!(device.count == count);
        if let Some(subject) = FITS.names.find(&a, (None, None)) {
            prop_assert!(subject.params > 0.0 && subject.active <= subject.params, "{}", subject.id);
            let _ = verdict::fit(&FITS, &subject, &s, &device);
            let _ = time::seconds(&subject, &s, &device);
        }
    }
}

/// Any text, and texts of the words that are looked for.
fn written() -> impl Strategy<Value = String> {
    let word = select(vec![
        "x",
        "2x ",
        "8",
        "-",
        "--",
        "/",
        " ",
        "_",
        ".",
        "(",
        ")",
        "(ulysses)x ",
        "=",
        ":",
        "+",
        "rtx",
        "4090",
        "a100",
        "gb",
        "80GB",
        "apple",
        "m4",
        "İ",
        "ß",
        "ﬁ",
        "×",
        "é",
        "\u{301}",
        "🎨",
        "\0",
        "ngl",
        "ngl=",
        "kv=",
        "q8",
        "steps ",
        " steps",
        "batch ",
        "ctx ",
        "stated ",
        "7b",
        "0b",
        "a3b",
        "8x7b",
        "nanb",
        "infb",
        "1e9b",
        "9".repeat(400).leak(),
        "px",
        "p",
        "f",
        "^3",
        "1024",
        "1024x1024",
        "x24f",
        "q4_k_m",
        "ud-",
        "bf16",
        "fp8",
        "fp8-stored",
        ".gguf",
        "cpu",
        "spec",
        " files ",
        " s audio",
        " min",
        "audio",
        "qwen",
        "llama",
        "flux.1",
        "wan2.2",
        "T5",
    ]);
    prop_oneof![
        any::<String>(),
        ".{0,60}",
        vec(word, 0..14).prop_map(|w| w.concat()),
    ]
}

/// Some of the published runs.
fn some_cases() -> impl Strategy<Value = Vec<Case>> {
    let step = 7_usize..40;
    (step, any::<prop::sample::Index>()).prop_map(|(step, from)| {
        let from = from.index(step);
        CASES.iter().skip(from).step_by(step).cloned().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_learned_does_not_depend_on_the_order(
        (cases, shuffled) in some_cases().prop_flat_map(|c| (Just(c.clone()), Just(c).prop_shuffle()))
    ) {
        prop_assert!(Learned::of(&cases) == Learned::of(&shuffled));
    }

    #[test]
    fn a_run_held_out_is_not_seen(
        cases in some_cases(), which in any::<prop::sample::Index>(), scheme in select(&Scheme::ALL[..])
    ) {
        let at = which.index(cases.len());
        let mut changed = cases.clone();
        changed[at].measured *= 10.0;
        let off = |cases: &[Case]| {
            let all = accuracy::runs(cases, scheme);
            assert_eq!(all.len(), cases.len());
            let mine = all.into_iter().map(|(held, _)| held).find(|h| h.id == cases[at].id && h.table == cases[at].table);
            (cases[at].measured / mine.unwrap().off.exp()).ln()
        };
        // The estimate is the same: only what it is compared with has changed.
        let (before, after) = (off(&cases), off(&changed));
        prop_assert!((before - after).abs() < 1e-9, "{before} {after}");
    }
}

/// A group with many runs has its slope taken from some pairs of them: from the same ones in any order.
#[test]
fn all_measurements_in_reverse_teach_the_same() {
    let mut back = CASES.clone();
    back.reverse();
    let (one, other) = (Learned::of(&CASES), Learned::of(&back));
    for (key, effect) in &one.effects {
        assert_eq!(other.effects.get(key), Some(effect), "{key}");
    }
    assert!(one == other);
}

/// What the binary carries is what its measurements teach.
#[test]
fn the_embedded_lessons_are_those_of_the_embedded_runs() {
    assert!(Learned::of(&CASES) == maquette_know::learned().unwrap());
}

/// Along every size, step by step: counted sizes and windows have edges that chance may miss.
#[test]
fn every_size_is_walked_without_a_step_down() {
    let device = Device::of(KNOWN.gpu("rtx-4090").unwrap(), 1);
    let mut wrong = Vec::new();
    for subject in SUBJECTS.iter() {
        for what in 0..8 {
            let (mut memory_before, mut time_before) = (0.0, 0.0);
            for step in 0..90 {
                let by = 1.06_f64.powi(step);
                let start = Setting {
                    width: Some(128.0),
                    height: Some(128.0),
                    frames: Some(1.0),
                    seconds: Some(1.0),
                    grid: Some(64.0),
                    context: Some(64.0),
                    steps: Some(1.0),
                    ..Setting::default()
                };
                let s = larger(&start, what, by);
                if let Some(m) = memory(subject, &s, &device) {
                    if m.peak() < memory_before * (1.0 - 1e-9) {
                        wrong.push(format!(
                            "memory {} {what} {by}: {memory_before} {}",
                            subject.id,
                            m.peak()
                        ));
                    }
                    memory_before = m.peak();
                }
                if let Some(t) = time::seconds(subject, &s, &device)
                    .filter(|_| subject.modality != Modality::Text)
                {
                    if t.seconds() < time_before * (1.0 - 1e-9) {
                        wrong.push(format!(
                            "time {} {what} {by}: {time_before} {}",
                            subject.id,
                            t.seconds()
                        ));
                    }
                    time_before = t.seconds();
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

/// Around every published run, with the corrections of that very setting.
#[test]
fn around_every_run_more_work_is_more() {
    let mut wrong = Vec::new();
    for case in CASES
        .iter()
        .filter(|c| matches!(c.table, Table::Peak | Table::Time))
    {
        let text = case.subject.modality == Modality::Text;
        for what in 0..8 {
            let mut before = 0.0;
            for by in [1.0, 1.25, 1.5, 2.0, 3.0, 5.0, 8.0] {
                let s = larger(&case.setting, what, by);
                if text && case.table == Table::Time {
                    continue;
                }
                let figure = FITS
                    .figure(case.table, &case.subject, &s, &case.device)
                    .unwrap();
                if figure.mid < before * (1.0 - 1e-9) {
                    wrong.push(format!(
                        "{} {} {what} {by}: {before} {}",
                        case.id, case.subject.id, figure.mid
                    ));
                }
                before = figure.mid;
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

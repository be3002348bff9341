//! Memory, time and energy of a model on a machine, as pages.

mod accuracy;
mod need;

use maquette_core::report::fit::{Estimate, FitReport};

pub use accuracy::accuracy;
pub use need::need;

use crate::document::{Block, Document, records};
use crate::number::range;
use crate::table::{Cell, Column, Row, Table};

/// Units in which a figure is read easily: seconds as minutes and hours.
fn figure(e: &Estimate) -> String {
    let (scale, unit) = match e.unit.as_str() {
        "seconds" if e.mid >= 7200.0 => (3600.0, "h"),
        "seconds" if e.mid >= 300.0 => (60.0, "min"),
        "seconds" => (1.0, "s"),
        "per hour" => (1.0, "an hour"),
        other => (1.0, other),
    };
    format!("{} {unit}", span(e, scale))
}

/// `6.2 (5.6 to 6.9)`.
fn span(e: &Estimate, scale: f64) -> String {
    let n = |x: f64| plain(x / scale);
    format!("{} ({} to {})", n(e.mid), n(e.low), n(e.high))
}

/// Three digits, no exponent.
fn plain(x: f64) -> String {
    if x >= 1000.0 {
        return crate::number::count(&format!("{x:.0}"));
    }
    let digits = if x >= 100.0 {
        0
    } else if x >= 10.0 {
        1
    } else if x >= 1.0 {
        2
    } else {
        3
    };
    let text = format!("{x:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

fn stands_on(e: &Estimate) -> String {
    let basis = match &e.shares {
        Some(shares) => format!("{} ({shares})", e.basis),
        None => e.basis.clone(),
    };
    match e.measurements {
        0 => basis,
        1 => format!("{basis}, 1 measurement"),
        n => format!("{basis}, {n} measurements"),
    }
}

fn verdict(report: &FitReport) -> String {
    let machine = format!(
        "{}{}",
        report.machine.name,
        if report.machine.simulated {
            " (not necessarily this machine)"
        } else {
            ""
        }
    );
    let switches = if report.switches.is_empty() {
        String::new()
    } else {
        format!(" ({})", report.switches.join(", "))
    };
    let peak = figure(&report.memory.peak);
    let free = report.machine.usable_gib.map_or_else(
        || "free memory not known".to_owned(),
        |g| format!("{} GiB may be filled", plain(g)),
    );
    let says = match report.verdict.as_str() {
        "fits" => format!("fits on {machine}"),
        "fits-with-offloading" => format!("fits on {machine} with offloading{switches}"),
        "does-not-fit" => format!("does not fit on {machine}"),
        _ => format!("may or may not fit on {machine}"),
    };
    format!(
        "{} in {} {says}: it needs {peak}, {free}.",
        report.model.name, report.setting.format
    )
}

pub fn fit(report: &FitReport) -> Document {
    let mut doc = Document::default();
    doc.push(Block::Finding(verdict(report)));
    doc.push(Block::Paragraph(format!(
        "{}; engine {}, {}, {} bits per weight{}.",
        report.setting.work,
        if report.setting.engine == "other" {
            "not told"
        } else {
            &report.setting.engine
        },
        report.setting.offload,
        plain(report.setting.bits_per_weight),
        if report.setting.tiled {
            ", decoded in tiles"
        } else {
            ""
        }
    )));
    doc.push(Block::Table(summary(report)));
    doc.push(Block::Table(phases(report)));
    if !report.formats.is_empty() {
        doc.push(Block::Table(formats(report)));
    }
    if !report.nearest.is_empty() {
        let mut t = Table::new(vec![
            Column::left("figure", "Measured"),
            Column::left("run", "Run").wrap(),
            Column::left("source", "Source").priority(3),
            Column::left("as_of", "read").priority(4),
        ])
        .title("Nearest published measurements");
        for r in &report.nearest {
            t.push(Row::body(vec![
                Cell::from(r.figure.as_str()).evidence(r.id.clone()),
                r.run.as_str().into(),
                r.source.as_str().into(),
                r.as_of.as_str().into(),
            ]));
        }
        doc.push(Block::Table(t));
    }
    if !report.notes.is_empty() {
        doc.push(Block::List(report.notes.clone()));
    }
    doc.records = Some(figures(report));
    doc
}

fn summary(report: &FitReport) -> Table {
    let mut t = Table::new(vec![
        Column::left("what", "What"),
        Column::left("figure", "Figure (range)"),
        Column::left("basis", "Stands on").wrap().priority(2),
    ]);
    let mut push = |what: &str, figure: String, basis: String| {
        t.push(Row::body(vec![what.into(), figure.into(), basis.into()]));
    };
    let peak = &report.memory.peak;
    push("memory at its peak", figure(peak), stands_on(peak));
    if let Some(time) = &report.time {
        let each = format!("time of one {}", time.unit);
        push(&each, figure(&time.seconds), stands_on(&time.seconds));
        push("so many", figure(&time.per_hour), stands_on(&time.per_hour));
        if let Some(d) = &time.decode {
            push("writing", figure(d), stands_on(d));
        }
        if let Some(p) = &time.prefill {
            push("reading a prompt", figure(p), stands_on(p));
        }
    }
    if let Some(e) = &report.energy {
        push("power", figure(&e.watts), stands_on(&e.watts));
        push("energy of one", figure(&e.wh), stands_on(&e.wh));
        if let Some(cost) = &e.cost {
            push("power bill of one", range(cost), e.power.clone());
        } else {
            push("power bill of one", "not known".to_owned(), e.power.clone());
        }
    }
    t
}

fn phases(report: &FitReport) -> Table {
    let mut t = Table::new(vec![
        Column::left("phase", "Phase"),
        Column::right("gib", "GiB"),
        Column::left("parts", "What lies on the device").wrap(),
    ])
    .title("Memory by phase, by the formula");
    for p in &report.memory.phases {
        let parts: Vec<String> = p
            .parts
            .iter()
            .map(|x| format!("{} {}", x.name, plain(x.gib)))
            .collect();
        t.push(Row::body(vec![
            p.name.as_str().into(),
            plain(p.gib).into(),
            parts.join(", ").into(),
        ]));
    }
    let binding = report
        .memory
        .phases
        .iter()
        .find(|p| p.name == report.memory.binding);
    if let Some(phase) = binding.filter(|p| (report.memory.peak.mid / p.gib - 1.0).abs() > 0.02) {
        t.note(format!(
            "measurements correct the {} phase's {} to {}",
            phase.name,
            plain(phase.gib),
            plain(report.memory.peak.mid)
        ));
    }
    if report.memory.in_ram_gib > 0.0 {
        t.note(format!(
            "{} GiB lie in the machine's own memory",
            plain(report.memory.in_ram_gib)
        ));
    }
    t
}

fn formats(report: &FitReport) -> Table {
    let mut t = Table::new(vec![
        Column::left("format", "Format"),
        Column::right("bits", "Bits").priority(3),
        Column::left("peak", "Peak GiB (range)"),
        Column::left("fits", "Fits whole?"),
        Column::left("quality", "What it costs in quality")
            .wrap()
            .priority(2),
    ])
    .title("Formats, without offloading");
    for f in &report.formats {
        t.push(Row::body(vec![
            f.format.as_str().into(),
            plain(f.bits_per_weight).into(),
            span(&f.peak, 1.0).into(),
            match f.fits {
                Some(true) => "yes",
                Some(false) => "no",
                None => "not known",
            }
            .into(),
            f.quality.as_str().into(),
        ]));
    }
    match &report.best_format {
        Some(best) => t.note(format!("the most bits that fit whole: {best}")),
        None => t.note("none of these is known to fit whole"),
    }
    if report.formats.iter().any(|f| f.quality == "not known") {
        t.note("not known: the catalog holds nobody's measurement of it");
    }
    t
}

/// All figures as records.
fn figures(report: &FitReport) -> Table {
    let mut rows: Vec<(&str, &Estimate)> = vec![("peak_memory", &report.memory.peak)];
    if let Some(time) = &report.time {
        rows.push(("time", &time.seconds));
        rows.push(("units", &time.per_hour));
        rows.extend(time.decode.as_ref().map(|d| ("decode", d)));
        rows.extend(time.prefill.as_ref().map(|p| ("prefill", p)));
    }
    if let Some(e) = &report.energy {
        rows.push(("watts", &e.watts));
        rows.push(("energy", &e.wh));
    }
    let line = |(name, e): (&str, &Estimate)| {
        vec![
            name.to_owned(),
            e.low.to_string(),
            e.mid.to_string(),
            e.high.to_string(),
            e.unit.clone(),
            e.basis.clone(),
            e.measurements.to_string(),
            report.verdict.clone(),
        ]
    };
    records(
        &[
            "figure",
            "low",
            "mid",
            "high",
            "unit",
            "basis",
            "measurements",
            "verdict",
        ],
        rows.into_iter().map(line),
    )
}

//! What the machine is, as a page that can be pasted whole.

use maquette_core::report::doctor::DoctorReport;

use crate::document::{Block, Document, records};
use crate::table::{Column, Row, Table};

pub fn doctor(report: &DoctorReport) -> Document {
    let mut doc = Document::default();
    let whose = if report.simulated {
        "the machine of this paste (not necessarily this one)"
    } else {
        "this machine"
    };
    doc.push(Block::Finding(match &report.used {
        Some(gpu) => format!("Open models would run on {gpu}: {whose}."),
        None => format!("No GPU that the catalog knows was found on {whose}."),
    }));
    let mib = |m: Option<u64>| m.map_or_else(|| "not told".to_owned(), |m| format!("{m} MiB"));
    let mut t = Table::new(vec![
        Column::left("what", "What"),
        Column::left("value", "Value").wrap(),
    ]);
    let mut push = |what: &str, value: String| t.push(Row::body(vec![what.into(), value.into()]));
    push(
        "system",
        report
            .system
            .clone()
            .unwrap_or_else(|| "not told".to_owned()),
    );
    push(
        "processor",
        report.cpu.clone().unwrap_or_else(|| "not told".to_owned()),
    );
    push(
        "memory",
        format!("{}, free {}", mib(report.ram_mib), mib(report.free_ram_mib)),
    );
    for d in &report.devices {
        let memory = if d.unified {
            format!("shares the machine's memory, {}", mib(d.memory_mib))
        } else {
            format!("{}, free {}", mib(d.memory_mib), mib(d.free_mib))
        };
        let driver = d
            .driver
            .as_ref()
            .map_or_else(String::new, |v| format!(", driver {v}"));
        let id = d.catalog.as_deref().unwrap_or("not in the catalog");
        push(
            "GPU",
            format!("{} ({id}): {memory}{driver}; by {}", d.name, d.from),
        );
    }
    for e in &report.engines {
        push("engine", format!("{}: {}", e.name, e.version));
    }
    doc.push(Block::Table(t));
    if !report.notes.is_empty() {
        doc.push(Block::List(report.notes.clone()));
    }
    doc.push(Block::Paragraph("Readings, to be pasted whole:".to_owned()));
    doc.push(Block::Verbatim(report.paste.clone()));
    let rows = report.devices.iter().map(|d| {
        let number = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
        vec![
            d.vendor.clone(),
            d.name.clone(),
            d.catalog.clone().unwrap_or_default(),
            number(d.memory_mib),
            number(d.free_mib),
            d.unified.to_string(),
            d.driver.clone().unwrap_or_default(),
            d.from.clone(),
        ]
    });
    doc.records = Some(records(
        &[
            "vendor",
            "name",
            "catalog",
            "memory_mib",
            "free_mib",
            "unified",
            "driver",
            "from",
        ],
        rows,
    ));
    doc
}

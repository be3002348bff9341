//! The page of `fit --need`.

use maquette_core::report::MoneyRange;
use maquette_core::report::fit::{Estimate, NeedLine, NeedReport};

use super::{figure, plain};
use crate::document::{Block, Document, records};
use crate::number::{bounds, range};
use crate::table::{Cell, Column, Row, Table};

/// Hardware on one screen.
const SCREEN: usize = 25;

/// The middle alone: `6.2 s`.
fn short(e: &Estimate) -> String {
    let text = figure(e);
    let unit = text.rsplit_once(") ").map_or("", |(_, unit)| unit);
    let mid = text.split(" (").next().unwrap_or_default();
    format!("{mid} {unit}")
}

/// The price, what kind it is and of which year: `$280–320 new 2026`.
fn buying(l: &NeedLine) -> String {
    // `used, 2023-11: where it was read`: the year tells an old price from today's.
    let from = l.buy_from.as_deref().unwrap_or_default();
    let (kind, when) = from.split_once(", ").unwrap_or((from, ""));
    let kind = format!("{kind} {}", when.get(..4).unwrap_or_default());
    l.buy.as_ref().map_or_else(
        || "not known".to_owned(),
        |m| format!("{} {kind}", whole_dollars(m)),
    )
}

/// The bounds where they differ, in whole units of the currency: `$500–800`.
fn whole_dollars(m: &MoneyRange) -> String {
    let text = match bounds(m) {
        bounds if bounds.is_empty() => range(m),
        bounds => bounds,
    };
    text.replace(".00", "")
}

pub fn need(report: &NeedReport) -> Document {
    let mut doc = Document::default();
    let cheapest = report.lines.iter().find(|l| l.buy.is_some());
    let has_price = |l: &&NeedLine| l.buy.is_some() || l.rent_hour.is_some();
    let priced = report.lines.iter().filter(has_price).count();
    let devices = |n: usize| format!("{n} {}", if n == 1 { "device" } else { "devices" });
    doc.push(Block::Finding(match cheapest {
        Some(l) => format!(
            "{} in {} runs on {} whose price is known; the cheapest to buy is {}{}.",
            report.model.name,
            report.setting.format,
            devices(priced),
            if l.count > 1 {
                format!("{} × ", l.count)
            } else {
                String::new()
            },
            l.name
        ),
        None if report.lines.is_empty() => format!(
            "No hardware of the catalog with a known price runs {} in {}.",
            report.model.name, report.setting.format
        ),
        None => format!(
            "{} in {} runs on {}; what they cost to buy is not known.",
            report.model.name,
            report.setting.format,
            devices(report.lines.len())
        ),
    }));
    doc.push(Block::Paragraph(format!("{}.", report.setting.work)));
    let mut t = Table::new(vec![
        Column::left("gpu", "Hardware"),
        Column::left("verdict", "Fit"),
        Column::left("peak", "Peak GiB").priority(3),
        Column::left("seconds", "Time for one").priority(1),
        Column::left("buy", "To buy"),
        Column::left("rent", "An hour").priority(2),
        Column::left("buy_from", "Price read").priority(5),
        Column::left("rent_from", "Rent read").priority(5),
    ]);
    // The cheapest first: a screen of them, the rest in JSON and CSV.
    for l in report.lines.iter().take(SCREEN) {
        let name = if l.count > 1 {
            format!("{} × {}", l.count, l.name)
        } else {
            l.name.clone()
        };
        let fit = if l.switches.is_empty() {
            "whole"
        } else {
            "offloaded"
        };
        t.push(Row::body(vec![
            Cell::from(name.as_str()).evidence(format!("gpu/{}", l.gpu)),
            fit.into(),
            plain(l.peak.mid).into(),
            l.seconds
                .as_ref()
                .map_or_else(|| "not known".to_owned(), short)
                .into(),
            buying(l).into(),
            l.rent_hour
                .as_ref()
                .map_or_else(|| "not known".to_owned(), range)
                .into(),
            l.buy_from.clone().unwrap_or_default().into(),
            l.rent_from.clone().unwrap_or_default().into(),
        ]));
    }
    if report.lines.len() > SCREEN {
        t.note(format!(
            "{} more in JSON and CSV",
            report.lines.len() - SCREEN
        ));
    }
    doc.push(Block::Table(t));
    if !report.notes.is_empty() {
        doc.push(Block::List(report.notes.clone()));
    }
    doc.records = Some(need_records(report));
    doc
}

fn need_records(report: &NeedReport) -> Table {
    let money = |m: &Option<MoneyRange>| m.as_ref().map(|m| m.amount.clone()).unwrap_or_default();
    let rows = report.lines.iter().map(|l| {
        vec![
            l.gpu.clone(),
            l.count.to_string(),
            l.verdict.clone(),
            l.switches.join("; "),
            l.peak.mid.to_string(),
            l.usable_gib.to_string(),
            l.seconds
                .as_ref()
                .map(|s| s.mid.to_string())
                .unwrap_or_default(),
            money(&l.buy),
            l.buy_from.clone().unwrap_or_default(),
            money(&l.rent_hour),
            l.rent_from.clone().unwrap_or_default(),
        ]
    });
    records(
        &[
            "gpu",
            "count",
            "verdict",
            "switches",
            "peak_gib",
            "usable_gib",
            "seconds",
            "buy_usd",
            "buy_from",
            "rent_hour_usd",
            "rent_from",
        ],
        rows,
    )
}

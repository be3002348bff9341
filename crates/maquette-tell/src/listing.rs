//! The catalog's lists as pages: models, prices, plans, and a plan month by month.

use std::collections::BTreeMap;

use maquette_core::report::listing::{ModelsReport, MonthsReport, PlansReport, PricesReport};

use crate::document::{Block, Document, records};
use crate::number;
use crate::table::{Cell, Column, Label, Row, Table};

pub fn models(report: &ModelsReport) -> Document {
    let mut t = Table::new(vec![
        Column::left("modality", "Modality"),
        Column::left("id", "Model"),
        Column::left("openness", "Open?"),
        Column::left("license", "License").priority(3),
        Column::left("verdict", "Sell?").priority(2),
        Column::right("downloads_30d", "Downloads/30d").priority(2),
        Column::left("downloads_as_of", "read").priority(4),
        Column::right("ways", "Ways").priority(3),
        Column::left("released", "Released").priority(5),
        Column::left("source", "Source").priority(6),
        Column::left("source_as_of", "as of").priority(6),
    ])
    .title(format!("Models known on {}", report.as_of));
    for m in &report.models {
        t.push(Row::body(vec![
            m.modality.as_str().into(),
            Cell::from(m.id.as_str()).evidence(m.id.clone()),
            m.openness.as_str().into(),
            if m.openness == "closed" {
                "—".into()
            } else {
                m.license
                    .clone()
                    .unwrap_or_else(|| "unknown".to_owned())
                    .into()
            },
            m.verdict.as_ref().map_or("terms".into(), |v| sell(v)),
            m.downloads_30d
                .map_or("not read".to_owned(), |n| number::count(&n.to_string()))
                .into(),
            m.downloads_as_of.clone().unwrap_or_default().into(),
            m.ways.to_string().into(),
            m.released
                .clone()
                .unwrap_or_else(|| "unknown".to_owned())
                .into(),
            m.source.as_str().into(),
            m.source_as_of.as_str().into(),
        ]));
    }
    t.note(format!(
        "{} models; `maquette show MODEL` has everything of one",
        report.models.len()
    ));
    t.note("Sell?: may a business run it and sell what it makes; `maquette license MODEL` has the ground");
    if let Some(said) = said(&report.facts) {
        t.note(format!("Sell? is read for what studio.toml says: {said}"));
    }
    let keys = [
        "id",
        "name",
        "modality",
        "openness",
        "publisher",
        "released",
        "params",
        "license",
        "commercial_weights",
        "commercial_outputs",
        "verdict",
        "ways",
        "downloads_30d",
        "downloads_as_of",
        "source",
        "source_as_of",
    ];
    let number = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
    let rows = report.models.iter().map(|m| {
        vec![
            m.id.clone(),
            m.name.clone(),
            m.modality.clone(),
            m.openness.clone(),
            m.publisher.clone().unwrap_or_default(),
            m.released.clone().unwrap_or_default(),
            number(m.params),
            m.license.clone().unwrap_or_default(),
            m.commercial_weights.clone().unwrap_or_default(),
            m.commercial_outputs.clone().unwrap_or_default(),
            m.verdict.clone().unwrap_or_default(),
            m.ways.to_string(),
            number(m.downloads_30d),
            m.downloads_as_of.clone().unwrap_or_default(),
            m.source.clone(),
            m.source_as_of.clone(),
        ]
    });
    let mut doc = one(t);
    doc.records = Some(records(&keys, rows));
    doc
}

/// What is known of the asker beside the question itself.
fn said(facts: &BTreeMap<String, String>) -> Option<String> {
    let asked = ["use", "via", "acts", "day of the copy"];
    let said: Vec<String> = facts
        .iter()
        .filter(|(key, _)| !asked.contains(&key.as_str()))
        .map(|(key, value)| format!("{key} {value}"))
        .collect();
    (!said.is_empty()).then(|| said.join("; "))
}

pub(crate) fn sell(verdict: &str) -> Cell {
    let (word, label) = match verdict {
        "permitted" => ("yes", Label::Good),
        "permitted-with-conditions" => ("conditions", Label::Warn),
        "needs-license" => ("license", Label::Bad),
        "prohibited" => ("no", Label::Bad),
        "ambiguous" => ("ambiguous", Label::Warn),
        _ => ("depends", Label::Warn),
    };
    Cell::from(word).label(label)
}

/// What a plan's terms say of commercial use.
fn rights(word: &str) -> Cell {
    let label = match word {
        "yes" => Label::Good,
        "no" => Label::Bad,
        _ => Label::Warn,
    };
    Cell::from(word).label(label)
}

pub fn prices(report: &PricesReport) -> Document {
    let mut t = Table::new(vec![
        Column::left("id", "Price"),
        Column::left("model", "Model").priority(4),
        Column::left("openness", "Open?").priority(4),
        Column::left("when", "For").priority(2).wrap(),
        Column::left("modifier", "").priority(2),
        Column::decimal("price", "Amount"),
        Column::left("per", "per"),
        Column::left("standing", "Standing").priority(3),
        Column::left("from", "from").priority(5),
        Column::left("until", "until").priority(5),
        Column::left("source", "Source").priority(6),
        Column::left("source_as_of", "as of").priority(3),
        Column::left("confidence", "Confidence").priority(5),
    ])
    .title(format!("Pay-per-use prices on {}", report.as_of));
    for p in &report.prices {
        t.push(Row::body(vec![
            Cell::from(p.id.as_str()).evidence(p.id.clone()),
            p.model.as_str().into(),
            p.openness.as_str().into(),
            p.when.as_str().into(),
            p.modifier.clone().unwrap_or_default().into(),
            p.price
                .as_ref()
                .map_or_else(|| "not published".to_owned(), number::price)
                .into(),
            p.per.as_str().into(),
            p.standing.as_str().into(),
            p.from.clone().unwrap_or_default().into(),
            p.until.clone().unwrap_or_default().into(),
            p.source.as_str().into(),
            p.source_as_of.as_str().into(),
            p.confidence.as_str().into(),
        ]));
    }
    t.note(format!(
        "{} price rows; `maquette why ID` has the source of one",
        report.prices.len()
    ));
    let keys = [
        "id",
        "model",
        "modality",
        "openness",
        "provider",
        "when",
        "modifier",
        "amount",
        "currency",
        "per",
        "from",
        "until",
        "standing",
        "as_of",
        "confidence",
        "source",
        "note",
    ];
    let rows = report.prices.iter().map(|p| {
        let price = p.price.clone();
        let (amount, currency) = price.map(|m| (m.amount, m.currency)).unwrap_or_default();
        vec![
            p.id.clone(),
            p.model.clone(),
            p.modality.clone(),
            p.openness.clone(),
            p.provider.clone(),
            p.when.clone(),
            p.modifier.clone().unwrap_or_default(),
            amount,
            currency,
            p.per.clone(),
            p.from.clone().unwrap_or_default(),
            p.until.clone().unwrap_or_default(),
            p.standing.clone(),
            p.source_as_of.clone(),
            p.confidence.clone(),
            p.source.clone(),
            p.note.clone().unwrap_or_default(),
        ]
    });
    let mut doc = one(t);
    doc.records = Some(records(&keys, rows));
    doc
}

pub fn plans(report: &PlansReport) -> Document {
    let mut t = Table::new(vec![
        Column::left("id", "Plan"),
        Column::decimal("monthly", "Month"),
        Column::decimal("annual", "Year").priority(2),
        Column::left("allowance", "Allowance").priority(2).wrap(),
        Column::left("burn", "Takes").priority(3).wrap(),
        Column::left("topup", "Top-up").priority(4),
        Column::left("rollover", "Rollover").priority(5).wrap(),
        Column::left("commercial", "Sell?"),
        Column::left("rights", "Rights").priority(6).wrap(),
        Column::left("source", "Source").priority(6),
        Column::left("source_as_of", "as of").priority(3),
        Column::left("confidence", "Confidence").priority(6),
    ])
    .title(format!("Plans on {}", report.as_of));
    let unknown = || "not published".to_owned();
    for p in &report.plans {
        t.push(Row::body(vec![
            Cell::from(p.id.as_str()).evidence(p.id.clone()),
            p.monthly
                .as_ref()
                .map_or_else(unknown, number::money)
                .into(),
            p.annual.as_ref().map_or_else(unknown, number::money).into(),
            p.allowance.clone().unwrap_or_else(unknown).into(),
            if p.burn.is_empty() {
                unknown().into()
            } else {
                p.burn.join("; ").into()
            },
            p.topup.clone().unwrap_or_default().into(),
            p.rollover.clone().unwrap_or_default().into(),
            rights(&p.commercial),
            p.rights.join("; ").into(),
            p.source.as_str().into(),
            p.source_as_of.as_str().into(),
            p.confidence.as_str().into(),
        ]));
    }
    t.note(format!(
        "{} plans; `maquette show PLAN` has everything of one",
        report.plans.len()
    ));
    let keys = [
        "id",
        "provider",
        "name",
        "modalities",
        "monthly",
        "annual",
        "currency",
        "allowance",
        "burn",
        "topup",
        "rollover",
        "commercial",
        "rights",
        "as_of",
        "confidence",
        "source",
    ];
    let rows = report.plans.iter().map(|p| {
        let fee = |m: &Option<maquette_core::MoneyFigure>| {
            m.clone().map(|m| m.amount).unwrap_or_default()
        };
        let currency = p
            .monthly
            .as_ref()
            .or(p.annual.as_ref())
            .map(|m| m.currency.clone());
        vec![
            p.id.clone(),
            p.provider.clone(),
            p.name.clone(),
            p.modalities.join(" "),
            fee(&p.monthly),
            fee(&p.annual),
            currency.unwrap_or_default(),
            p.allowance.clone().unwrap_or_default(),
            p.burn.join("; "),
            p.topup.clone().unwrap_or_default(),
            p.rollover.clone().unwrap_or_default(),
            p.commercial.clone(),
            p.rights.join("; "),
            p.source_as_of.clone(),
            p.confidence.clone(),
            p.source.clone(),
        ]
    });
    let mut doc = one(t);
    doc.records = Some(records(&keys, rows));
    doc
}

pub fn months(report: &MonthsReport) -> Document {
    let mut doc = Document::default();
    doc.push(Block::Finding(format!(
        "{}: {} over {} month(s); {} {} paid for and lost.",
        report.name,
        number::money(&report.total_paid),
        report.months.len(),
        number::count(&report.total_wasted),
        report.unit
    )));
    let mut t = Table::new(vec![
        Column::right("month", "Month"),
        Column::right("used", "Used"),
        Column::right("from_allowance", "Allowance").priority(3),
        Column::right("from_carried", "Carried").priority(2),
        Column::right("from_purchased", "Bought").priority(2),
        Column::right("from_free_daily", "Free").priority(4),
        Column::right("metered", "Metered").priority(2),
        Column::right("unserved", "Refused"),
        Column::right("lapsed", "Lost"),
        Column::right("balance", "Left").priority(3),
        Column::decimal("paid", "Paid"),
    ])
    .title(format!(
        "{}, in units of its allowance ({})",
        report.plan, report.unit
    ));
    for m in &report.months {
        let units = [
            &m.used,
            &m.from_allowance,
            &m.from_carried,
            &m.from_purchased,
            &m.from_free_daily,
            &m.metered,
            &m.unserved,
            &m.lapsed,
            &m.balance,
        ];
        let mut cells = vec![Cell::from(m.month.to_string())];
        cells.extend(units.map(|u| Cell::from(number::count(u))));
        cells.push(number::money(&m.paid).into());
        t.push(Row::body(cells));
    }
    doc.push(Block::Table(t));
    doc.push(Block::List(report.notes.clone()));
    let keys = [
        "month",
        "used",
        "from_allowance",
        "from_carried",
        "from_purchased",
        "from_free_daily",
        "metered",
        "unserved",
        "lapsed",
        "balance",
        "paid",
        "currency",
    ];
    let rows = report.months.iter().map(|m| {
        vec![
            m.month.to_string(),
            m.used.clone(),
            m.from_allowance.clone(),
            m.from_carried.clone(),
            m.from_purchased.clone(),
            m.from_free_daily.clone(),
            m.metered.clone(),
            m.unserved.clone(),
            m.lapsed.clone(),
            m.balance.clone(),
            m.paid.amount.clone(),
            m.paid.currency.clone(),
        ]
    });
    doc.records = Some(records(&keys, rows));
    doc
}

fn one(t: Table) -> Document {
    Document {
        blocks: vec![Block::Table(t)],
        records: None,
    }
}

//! The catalog's pages: models, prices, plans, one thing, one figure's sources, the checks.

use maquette_core::report::listing::{
    CheckReport, ModelsReport, MonthsReport, PlansReport, PricesReport, ShowReport, WhyReport,
};

use crate::document::{Block, Document};
use crate::number;
use crate::table::{Cell, Column, Label, Row, Table};

pub fn models(report: &ModelsReport) -> Document {
    let mut t = Table::new(vec![
        Column::left("modality", "Modality"),
        Column::left("id", "Model"),
        Column::left("openness", "Open?"),
        Column::left("license", "License").priority(3),
        Column::left("commercial_weights", "Sell?").priority(2),
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
            m.commercial_outputs
                .as_ref()
                .map_or("terms".into(), |_| sell(m.commercial_weights.as_deref())),
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
    t.note("Sell?: may a business run the weights, by the license's commercial terms alone");
    one(t)
}

fn sell(word: Option<&str>) -> Cell {
    let word = word.unwrap_or("unknown");
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
        Column::left("modifier", "").priority(4),
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
    one(t)
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
            sell(Some(&p.commercial)),
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
    one(t)
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
    doc
}

pub fn show(report: &ShowReport) -> Document {
    let mut doc = Document::default();
    doc.push(Block::Finding(format!(
        "{} ({} {})",
        report.title, report.kind, report.id
    )));
    let columns = || {
        vec![
            Column::left("label", "Fact"),
            Column::left("value", "Value").wrap(),
            Column::left("as_of", "as of").priority(2),
            Column::left("confidence", "Sure").priority(4),
            Column::left("source", "Source").priority(3).wrap(),
            Column::left("id", "Id").priority(5),
        ]
    };
    let mut keys = vec![Column::left("section", "Section")];
    keys.extend(columns());
    let mut records = Table::new(keys);
    for s in &report.sections {
        let mut t = Table::new(columns()).title(s.title.clone());
        for f in &s.facts {
            let cells: Vec<Cell> = vec![
                f.label.as_str().into(),
                f.value.as_str().into(),
                f.as_of.clone().unwrap_or_default().into(),
                f.confidence.clone().unwrap_or_default().into(),
                f.source.clone().unwrap_or_default().into(),
                f.id.clone().unwrap_or_default().into(),
            ];
            let mut record = vec![Cell::from(s.title.as_str())];
            record.extend(cells.clone());
            records.push(Row::body(record));
            t.push(Row::body(cells));
        }
        doc.push(Block::Table(t));
    }
    doc.records = Some(records);
    doc
}

pub fn why(report: &WhyReport) -> Document {
    let mut doc = Document::default();
    doc.push(Block::Finding(format!(
        "{}: {}",
        report.figure, report.value
    )));
    if let Some(f) = &report.formula {
        doc.push(Block::Paragraph(format!("= {f}")));
    }
    if !report.evidence.is_empty() {
        let mut t = Table::new(vec![
            Column::left("id", "Id").priority(3),
            Column::left("fact", "Rests on").wrap(),
            Column::left("as_of", "as of"),
            Column::left("basis", "Basis").priority(2),
            Column::left("confidence", "Sure").priority(4),
            Column::left("source", "Source").wrap(),
        ]);
        for e in &report.evidence {
            t.push(Row::body(vec![
                e.id.as_str().into(),
                e.fact.as_str().into(),
                e.as_of.as_str().into(),
                e.basis.as_str().into(),
                e.confidence.as_str().into(),
                e.source.as_str().into(),
            ]));
        }
        doc.push(Block::Table(t));
    }
    doc.records = Some(why_records(report));
    let mut notes: Vec<String> = report
        .evidence
        .iter()
        .filter_map(|e| e.note.as_ref().map(|n| format!("{}: {n}", e.id)))
        .collect();
    notes.extend(report.notes.iter().cloned());
    doc.push(Block::List(notes));
    doc
}

/// The figure first, then a record for each fact it rests on.
fn why_records(report: &WhyReport) -> Table {
    let keys = [
        "id",
        "fact",
        "as_of",
        "basis",
        "confidence",
        "source",
        "note",
    ];
    let mut t = Table::new(keys.map(|k| Column::left(k, k)).to_vec());
    let formula = report.formula.clone().unwrap_or_default();
    let figure = format!("{}: {}", report.figure, report.value);
    let first = [
        report.id.clone(),
        figure,
        report.as_of.clone(),
        "derived".to_owned(),
        String::new(),
        String::new(),
        formula,
    ];
    if report.formula.is_some() {
        t.push(Row::body(first.map(Cell::from).to_vec()));
    }
    for e in &report.evidence {
        let cells: [&str; 7] = [
            &e.id,
            &e.fact,
            &e.as_of,
            e.basis.as_str(),
            e.confidence.as_str(),
            &e.source,
            e.note.as_deref().unwrap_or_default(),
        ];
        t.push(Row::body(cells.map(Cell::from).to_vec()));
    }
    t
}

pub fn check(report: &CheckReport, warnings: bool) -> Document {
    let mut doc = Document::default();
    let verdict = if report.errors == 0 {
        "in order"
    } else {
        "not in order"
    };
    doc.push(Block::Finding(format!(
        "{} files: {verdict}; {} error(s), {} warning(s)",
        report.files, report.errors, report.warnings
    )));
    let lines: Vec<String> = report
        .problems
        .iter()
        .filter(|p| warnings || p.severity == "error")
        .map(|p| {
            format!(
                "{}:{}:{}: {}: {}: {}",
                p.file, p.line, p.column, p.severity, p.code, p.message
            )
        })
        .collect();
    if !lines.is_empty() {
        doc.push(Block::List(lines));
    }
    let mut records = Table::new(
        ["severity", "code", "file", "line", "column", "message"]
            .map(|k| Column::left(k, k))
            .to_vec(),
    );
    for p in &report.problems {
        records.push(Row::body(vec![
            p.severity.as_str().into(),
            p.code.as_str().into(),
            p.file.as_str().into(),
            p.line.to_string().into(),
            p.column.to_string().into(),
            p.message.as_str().into(),
        ]));
    }
    doc.records = Some(records);
    if !warnings && report.warnings > 0 {
        doc.push(Block::Paragraph(
            "Warnings are shown with --warnings.".to_owned(),
        ));
    }
    doc
}

fn one(t: Table) -> Document {
    Document {
        blocks: vec![Block::Table(t)],
        records: None,
    }
}

//! One thing, one figure's sources, and the catalog's checks, as pages.

use maquette_core::report::listing::{CheckReport, Fact, ShowReport, WhyReport};

use crate::document::{Block, Document};
use crate::table::{Cell, Column, Row, Table};

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
    let mut all = Table::new(keys);
    for s in &report.sections {
        // Columns that no fact of the section fills are left out.
        let filled: Vec<bool> = {
            let any = |of: fn(&Fact) -> &Option<String>| s.facts.iter().any(|f| of(f).is_some());
            let label = s.facts.iter().any(|f| !f.label.is_empty());
            vec![
                label,
                true,
                any(|f| &f.as_of),
                any(|f| &f.confidence),
                any(|f| &f.source),
                any(|f| &f.id),
            ]
        };
        let keep = |list: Vec<Column>| -> Vec<Column> {
            let pairs = list.into_iter().zip(&filled);
            pairs.filter_map(|(c, keep)| keep.then_some(c)).collect()
        };
        let mut t = Table::new(keep(columns())).title(s.title.clone());
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
            all.push(Row::body(record));
            let shown = cells.into_iter().zip(&filled);
            t.push(Row::body(
                shown.filter_map(|(c, keep)| keep.then_some(c)).collect(),
            ));
        }
        doc.push(Block::Table(t));
    }
    doc.records = Some(all);
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
    let mut all = Table::new(
        ["severity", "code", "file", "line", "column", "message"]
            .map(|k| Column::left(k, k))
            .to_vec(),
    );
    for p in &report.problems {
        all.push(Row::body(vec![
            p.severity.as_str().into(),
            p.code.as_str().into(),
            p.file.as_str().into(),
            p.line.to_string().into(),
            p.column.to_string().into(),
            p.message.as_str().into(),
        ]));
    }
    doc.records = Some(all);
    if !warnings && report.warnings > 0 {
        doc.push(Block::Paragraph(
            "Warnings are shown with --warnings.".to_owned(),
        ));
    }
    doc
}

//! `choose` as a page: the answer, the stack, the stacks side by side, what was ruled out.

use maquette_core::report::choose::{Choice, RuledOut, Stack, StackReport};

use crate::document::{Block, Document};
use crate::number;
use crate::table::{Cell, Column, Label, Row, Table};

/// Ruled-out candidates shown of one demand, unless all are asked for.
const FEW: usize = 4;

pub fn document(report: &StackReport, all: bool) -> Document {
    let mut doc = Document::default();
    doc.push(Block::Finding(report.finding.clone()));
    doc.push(Block::Paragraph(asked(report)));
    if let Some(best) = report.stacks.first() {
        if !best.choices.is_empty() {
            doc.push(Block::Table(stack_table(best, report)));
        }
        let caveats = caveats(best);
        if !caveats.is_empty() {
            doc.push(Block::List(caveats));
        }
        if !best.explanation.is_empty() {
            doc.push(Block::Heading("Why no stack meets every limit".to_owned()));
            doc.push(Block::List(best.explanation.clone()));
        }
    }
    doc.push(Block::Table(side_by_side(report)));
    let out = ruled_out(report, all);
    if !out.rows.is_empty() {
        doc.push(Block::Table(out));
    }
    doc.push(Block::List(report.notes.clone()));
    doc
}

fn asked(report: &StackReport) -> String {
    let work: Vec<&str> = report
        .workload
        .iter()
        .map(|w| w.description.as_str())
        .collect();
    let s = &report.studio;
    let machine = match (&s.machine, s.machine_origin.as_deref()) {
        (Some(m), Some("given")) => format!("{m} (named, not necessarily this machine)"),
        (Some(m), _) => m.clone(),
        (None, _) => "no GPU found".to_owned(),
    };
    format!(
        "A month of {}; {} use in {}; {machine}; prices of {}.",
        work.join("; "),
        s.purpose,
        s.country,
        report.as_of
    )
}

fn stack_table(stack: &Stack, report: &StackReport) -> Table {
    let mut t = Table::new(vec![
        Column::right("quantity", "Work").priority(3),
        Column::left("demand", ""),
        Column::left("model", "Choice").wrap(),
        Column::left("via", "Where").wrap(),
        Column::left("license", "License").priority(2).wrap(),
        Column::decimal("cost", "Cost"),
        Column::left("range", "Range").priority(4),
    ])
    .title(format!("{}, a month", stack.title));
    for c in &stack.choices {
        let model = if c.variant.is_empty() {
            c.model_name.clone()
        } else {
            format!("{} ({})", c.model_name, c.variant)
        };
        t.push(Row::body(vec![
            number::count(&c.quantity).into(),
            c.demand.as_str().into(),
            model.into(),
            place(c).into(),
            verdict(c),
            Cell::from(number::amount(&c.cost.amount, &c.cost.currency)).evidence(c.id.clone()),
            number::bounds(&c.cost).into(),
        ]));
    }
    if let Some(total) = &stack.total {
        let name = if stack.unpriced.is_empty() {
            "Total"
        } else {
            "Total of these"
        };
        t.push(Row::total(vec![
            "".into(),
            name.into(),
            "".into(),
            "".into(),
            "".into(),
            Cell::from(number::amount(&total.amount, &total.currency)).evidence(stack.id.clone()),
            number::bounds(total).into(),
        ]));
    }
    for u in &stack.unpriced {
        t.note(format!("left out: {}: {}", u.demand, u.reason));
    }
    if stack.cash_up_front.amount != "0.00" {
        t.note(format!(
            "to pay in before the first request: {}",
            number::money(&stack.cash_up_front)
        ));
    }
    if let Some(first) = stack.choices.first() {
        t.note(format!(
            "sources of a figure: `maquette why {}` with the same flags",
            first.id
        ));
    }
    let _ = report;
    t
}

fn place(c: &Choice) -> String {
    match c.channel.as_str() {
        "local" => format!("here, {}", c.via),
        "rented" => format!("rented, {}", c.via),
        "plan" => format!("plan {}", c.via),
        channel => format!("{channel}, {}", c.provider),
    }
}

fn verdict(c: &Choice) -> Cell {
    let license = c
        .license
        .license
        .clone()
        .unwrap_or_else(|| "terms not read".to_owned());
    let label = match c.license.verdict.as_str() {
        "permitted" => Label::Good,
        "prohibited" => Label::Bad,
        _ => Label::Warn,
    };
    Cell::from(license).label(label)
}

/// What a reader must know of each choice before acting.
fn caveats(stack: &Stack) -> Vec<String> {
    let mut lines = Vec::new();
    for c in &stack.choices {
        if c.license.verdict != "permitted" {
            let duties = if c.license.duties.is_empty() {
                c.license.not_evaluated.clone()
            } else {
                c.license.duties.join("; ")
            };
            lines.push(format!(
                "{}: license {}: {duties}",
                c.demand,
                c.license.verdict.replace('-', " ")
            ));
        }
        lines.extend(c.warnings.iter().map(|w| format!("{}: {w}", c.demand)));
        if let Some(fit) = &c.fit {
            lines.push(format!(
                "{}: {} s each on {}, {} hours a month ({})",
                c.demand, fit.seconds_per_output, fit.gpu, fit.hours, fit.basis
            ));
        }
    }
    lines
}

fn side_by_side(report: &StackReport) -> Table {
    let mut t = Table::new(vec![
        Column::left("stack", "Stack"),
        Column::decimal("total", "Total"),
        Column::left("range", "Range").priority(4),
        Column::left("choices", "Made of").wrap(),
        Column::left("left_out", "Left out").priority(3).wrap(),
    ])
    .title("Side by side");
    for s in &report.stacks {
        let total = s.total.as_ref().map_or_else(
            || Cell::from("none"),
            |x| Cell::from(number::amount(&x.amount, &x.currency)).evidence(s.id.clone()),
        );
        let made: Vec<String> = s
            .choices
            .iter()
            .map(|c| {
                format!(
                    "{} {} {}",
                    c.demand,
                    c.via,
                    number::amount(&c.cost.amount, &c.cost.currency)
                )
            })
            .collect();
        let left: Vec<String> = s
            .unpriced
            .iter()
            .map(|u| format!("{} ({})", u.demand, u.reason))
            .collect();
        t.push(Row::body(vec![
            s.id.as_str().into(),
            total,
            s.total
                .as_ref()
                .map(number::bounds)
                .unwrap_or_default()
                .into(),
            if made.is_empty() {
                "—".into()
            } else {
                made.join("; ").into()
            },
            left.join("; ").into(),
        ]));
    }
    for s in report.stacks.iter().filter(|s| !s.unpriced.is_empty()) {
        let names: Vec<&str> = s.unpriced.iter().map(|u| u.demand.as_str()).collect();
        t.note(format!("{} leaves out {}", s.id, names.join(", ")));
    }
    t
}

fn ruled_out(report: &StackReport, all: bool) -> Table {
    let mut t = Table::new(vec![
        Column::left("demand", "Work"),
        Column::left("candidate", "Not chosen").wrap(),
        Column::left("reason", "Reason").priority(2),
        Column::left("detail", "Detail").priority(3).wrap(),
        Column::decimal("cost", "Alone"),
    ])
    .title("Not chosen");
    let mut hidden = 0;
    for w in &report.workload {
        let mine: Vec<&RuledOut> = report
            .ruled_out
            .iter()
            .filter(|r| r.demand == w.id)
            .collect();
        // The nearest dearer ones, then one of each other reason.
        let mut seen: Vec<&str> = Vec::new();
        for (i, r) in mine.iter().enumerate() {
            let dearer = r.reason == "too-expensive" && i < FEW;
            let first = r.reason != "too-expensive" && !seen.contains(&r.reason.as_str());
            if !all && !dearer && !first {
                hidden += 1;
                continue;
            }
            seen.push(&r.reason);
            t.push(Row::body(vec![
                r.demand.as_str().into(),
                r.candidate.as_str().into(),
                r.reason.as_str().into(),
                r.detail.as_str().into(),
                r.cost
                    .as_ref()
                    .map_or_else(|| Cell::from("—"), |c| Cell::from(number::money(c))),
            ]));
        }
    }
    if hidden > 0 {
        t.note(format!(
            "{hidden} more: `maquette choose --all`, or `--format json`"
        ));
    }
    t
}

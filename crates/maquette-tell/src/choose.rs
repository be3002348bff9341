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
            doc.push(Block::Table(stack_table(best)));
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
    let mut shown: Vec<&Stack> = report.stacks.first().into_iter().collect();
    for stack in report
        .stacks
        .iter()
        .skip(1)
        .filter(|s| !s.choices.is_empty())
    {
        if shown.iter().any(|s| same(s, stack)) {
            continue;
        }
        doc.push(Block::Table(stack_table(stack)));
        shown.push(stack);
    }
    let out = ruled_out(report, all);
    if !out.rows.is_empty() {
        doc.push(Block::Table(out));
    }
    doc.push(Block::List(report.notes.clone()));
    doc.records = Some(records(report));
    doc
}

/// One record a choice, and one for each demand that a stack leaves out.
fn records(report: &StackReport) -> Table {
    let keys = [
        "stack", "demand", "quantity", "model", "provider", "channel", "via", "variant", "cost",
        "low", "high", "currency", "license", "verdict", "left_out",
    ];
    let mut t = Table::new(keys.iter().map(|k| Column::left(*k, *k)).collect());
    for s in &report.stacks {
        for c in &s.choices {
            let license = c.license.license.clone().unwrap_or_default();
            let cells: [&str; 15] = [
                &s.id,
                &c.demand,
                &c.quantity,
                &c.model,
                &c.provider,
                &c.channel,
                &c.via,
                &c.variant,
                &c.cost.amount,
                &c.cost.low,
                &c.cost.high,
                &c.cost.currency,
                &license,
                &c.license.verdict,
                "",
            ];
            t.push(Row::body(cells.into_iter().map(Cell::from).collect()));
        }
        for u in &s.unpriced {
            let mut cells = vec![Cell::from(""); 15];
            cells[0] = s.id.as_str().into();
            cells[1] = u.demand.as_str().into();
            cells[14] = u.reason.as_str().into();
            t.push(Row::body(cells));
        }
    }
    t
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

/// Do both make everything the same way?
fn same(a: &Stack, b: &Stack) -> bool {
    let ways = |s: &Stack| -> Vec<[String; 4]> {
        s.choices
            .iter()
            .map(|c| {
                [
                    c.model.clone(),
                    c.via.clone(),
                    c.variant.clone(),
                    c.quantity.clone(),
                ]
            })
            .collect()
    };
    ways(a) == ways(b) && a.unpriced.len() == b.unpriced.len()
}

fn stack_table(stack: &Stack) -> Table {
    let mut t = Table::new(vec![
        Column::left("work", "Work"),
        Column::left("model", "Choice").wrap(),
        Column::left("via", "Where").wrap(),
        Column::left("license", "License").wrap(),
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
            format!("{} {}", number::count(&c.quantity), c.demand).into(),
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
            "These only"
        };
        t.push(Row::total(vec![
            name.into(),
            "".into(),
            "".into(),
            "".into(),
            Cell::from(number::amount(&total.amount, &total.currency)).evidence(stack.id.clone()),
            number::bounds(total).into(),
        ]));
    }
    if let Some(total) = stack
        .total
        .as_ref()
        .filter(|t| !number::bounds(t).is_empty())
    {
        t.note(format!(
            "the total may lie anywhere in {}",
            number::bounds(total)
        ));
    }
    for u in &stack.unpriced {
        t.note(format!("left out: {}: {}", u.demand, u.reason));
    }
    for c in stack.charges.iter().filter(|c| c.demands.len() > 1) {
        t.note(format!(
            "shared: {} {} by {}",
            c.what,
            number::money(&c.amount),
            c.demands.join(", ")
        ));
    }
    if stack.cash_up_front.amount != "0.00" {
        t.note(format!(
            "to pay in before the first request: {}",
            number::money(&stack.cash_up_front)
        ));
    }
    if let Some(first) = stack.choices.first() {
        t.note(format!(
            "sources: `maquette why {}` with the same flags",
            first.id
        ));
    }
    t
}

fn place(c: &Choice) -> String {
    match c.channel.as_str() {
        "local" => format!("here: {}", c.via),
        "rented" => format!("rent: {}", c.via.replacen('/', " ", 1)),
        "plan" => format!("plan: {}", c.via),
        channel => format!("{channel}: {}", c.provider),
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
                c.license
                    .duties
                    .iter()
                    .map(|d| d.trim_end_matches('.'))
                    .collect::<Vec<_>>()
                    .join("; ")
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

/// One row a stack, one column a demand.
fn side_by_side(report: &StackReport) -> Table {
    let mut columns = vec![Column::left("stack", "Stack")];
    columns.extend(
        report
            .workload
            .iter()
            .map(|w| Column::decimal(w.id.clone(), w.id.clone())),
    );
    columns.push(Column::decimal("total", "Total"));
    columns.push(Column::left("range", "Range").priority(4));
    let mut t = Table::new(columns).title("Side by side");
    for s in &report.stacks {
        let mut cells: Vec<Cell> = vec![s.id.as_str().into()];
        for w in &report.workload {
            let mine = || s.choices.iter().filter(|c| c.demand == w.id);
            let parts: Vec<String> = mine()
                .map(|c| number::amount(&c.cost.amount, &c.cost.currency))
                .collect();
            cells.push(match mine().next() {
                Some(first) => Cell::from(parts.join(" + ")).evidence(first.id.clone()),
                None => "—".into(),
            });
        }
        cells.push(match (&s.total, s.unpriced.is_empty()) {
            (Some(x), true) => {
                Cell::from(number::amount(&x.amount, &x.currency)).evidence(s.id.clone())
            }
            (Some(x), false) => {
                Cell::from(format!("{} partly", number::amount(&x.amount, &x.currency)))
                    .evidence(s.id.clone())
            }
            (None, _) => "none".into(),
        });
        cells.push(
            s.total
                .as_ref()
                .map(number::bounds)
                .unwrap_or_default()
                .into(),
        );
        t.push(Row::body(cells));
    }
    for (reason, stacks, demands) in left_out(report) {
        t.note(format!(
            "{} without {}: {reason}",
            stacks.join(", "),
            demands.join(", ")
        ));
    }
    t
}

/// Reasons for what is left out, each with the stacks and demands it is true of.
fn left_out(report: &StackReport) -> Vec<(&str, Vec<&str>, Vec<&str>)> {
    let mut rows: Vec<(&str, Vec<&str>, Vec<&str>)> = Vec::new();
    for s in &report.stacks {
        for u in &s.unpriced {
            let known = rows.iter().position(|(reason, ..)| *reason == u.reason);
            let at = known.unwrap_or(rows.len());
            if known.is_none() {
                rows.push((&u.reason, Vec::new(), Vec::new()));
            }
            let (_, stacks, demands) = &mut rows[at];
            if !stacks.contains(&s.id.as_str()) {
                stacks.push(&s.id);
            }
            if !demands.contains(&u.demand.as_str()) {
                demands.push(&u.demand);
            }
        }
    }
    rows
}

/// What sets the price of a way: the offer itself, or the rent of the machine that the model runs on.
fn source(candidate: &str) -> &str {
    let machine = candidate.split_once(" on ").map(|(_, machine)| machine);
    let offer = candidate
        .split_once(" (")
        .map_or(candidate, |(offer, _)| offer);
    machine.unwrap_or(offer)
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
                r.cost.as_ref().map_or_else(
                    || Cell::from("—"),
                    |c| Cell::from(number::money(c)).evidence(source(&r.candidate)),
                ),
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

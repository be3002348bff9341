//! Offers that price maps have beside the catalog's.

use maquette_core::report::observe::NewOffersReport;

use crate::document::{Block, Document, records};
use crate::table::{Cell, Column, Label, Row, Table};

pub fn new_offers(report: &NewOffersReport) -> Document {
    let mut doc = Document::default();
    let count = |verdict: &str| {
        let with = report.offers.iter().filter(|o| o.verdict == verdict);
        with.count()
    };
    let left: usize = report.left.values().sum();
    doc.push(Block::Finding(format!(
        "Of {} models at providers in price maps, {} are offers of the catalog, {} become offers, {} are pending, {left} are left out",
        report.listed,
        report.known,
        count("offer"),
        count("pending"),
    )));
    let mut t = Table::new(vec![
        Column::left("id", "Offer"),
        Column::left("verdict", "Verdict"),
        Column::left("prices", "Prices"),
        Column::left("why", "Who says so, or why not").priority(3),
    ])
    .title(format!(
        "Beside the catalog's own offers on {}",
        report.as_of
    ));
    for o in &report.offers {
        let label = match o.verdict.as_str() {
            "offer" => Label::Good,
            _ => Label::Warn,
        };
        let named = || format!("{}/{}", o.provider, o.name);
        t.push(Row::body(vec![
            Cell::from(o.id.clone().unwrap_or_else(named)),
            Cell::from(o.verdict.as_str()).label(label),
            o.prices.join("; ").into(),
            o.why.as_str().into(),
        ]));
    }
    for (why, n) in &report.left {
        t.note(format!("left out: {n}, {why}"));
    }
    t.note("an offer stands when two origins have its price, or one has had it for a day");
    for a in &report.attributions {
        t.note(a.clone());
    }
    doc.push(Block::Table(t));
    let rows = report.offers.iter().map(|o| {
        vec![
            o.provider.clone(),
            o.name.clone(),
            o.id.clone().unwrap_or_default(),
            o.verdict.clone(),
            o.prices.join("; "),
            o.why.clone(),
        ]
    });
    doc.records = Some(records(
        &["provider", "name", "id", "verdict", "prices", "why"],
        rows,
    ));
    doc
}

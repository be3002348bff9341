//! What is sold: a provider, a plan, an offer, a rental.

use maquette_catalog::schema::plan::{Plan, Tax};
use maquette_catalog::schema::provider::{Extra, Offer, Provider, Rental};
use maquette_core::group;
use maquette_core::report::listing::{Fact, Section};
use maquette_decide::variant;

use super::{bare, row, sourced, with_id};
use crate::context::Context;
use crate::listing::{allowance_words, burn_words, offer_standing};

pub(super) fn provider(p: &Provider) -> Vec<Section> {
    let mut facts = vec![sourced("name", p.name.clone(), &p.source, p.as_of)];
    for (label, url) in [
        ("home", &p.homepage),
        ("plan prices", &p.price_page),
        ("API prices", &p.api_price_page),
    ] {
        if let Some(url) = url {
            facts.push(bare(label, url.clone()));
        }
    }
    if let Some(d) = &p.deposit {
        facts.push(sourced(
            "least payment",
            d.minimum.to_string(),
            &d.source,
            d.as_of,
        ));
    }
    if let Some(t) = &p.tax {
        let says = match t.says {
            Tax::Excluded => "prices are stated without tax",
            Tax::EuVatAdded => "value added tax is added in the EU",
            Tax::Included => "prices include tax",
        };
        facts.push(row(
            format!("provider/{}#tax", p.id),
            t.confidence,
            sourced("tax", says.to_owned(), &t.source, t.as_of),
        ));
    }
    for (i, x) in p.rental_extra.iter().enumerate() {
        let what = match x.what {
            Extra::Disk => "disk while it runs",
            Extra::Volume => "volume kept",
            Extra::Egress => "traffic out",
        };
        facts.push(row(
            format!("provider/{}#extra{}", p.id, i + 1),
            x.confidence,
            sourced(
                what,
                format!("{} per {}", x.amount, x.per),
                &x.source,
                x.as_of,
            ),
        ));
    }
    for note in &p.notes {
        facts.push(bare("note", note.clone()));
    }
    let mut sections = vec![Section {
        title: "Provider".to_owned(),
        facts,
    }];
    let mut add = |title: &str, facts: Vec<Fact>| {
        if !facts.is_empty() {
            sections.push(Section {
                title: title.to_owned(),
                facts,
            });
        }
    };
    add(
        "Plans",
        p.plan
            .iter()
            .map(|x| sourced(&x.id, x.name.clone(), &x.source, x.as_of))
            .collect(),
    );
    add(
        "Offers",
        p.offer
            .iter()
            .map(|o| bare(&o.id, o.model.clone()))
            .collect(),
    );
    add(
        "Rentals",
        p.rental
            .iter()
            .map(|r| {
                sourced(
                    &r.id,
                    format!("{} per {}", r.amount, r.per),
                    &r.source,
                    r.as_of,
                )
            })
            .collect(),
    );
    sections
}

pub(super) fn plan(x: &Plan) -> Vec<Section> {
    let mut facts: Vec<Fact> = x
        .fee
        .iter()
        .enumerate()
        .map(|(i, f)| {
            let per = match f.billing {
                maquette_catalog::schema::plan::Billing::Monthly => "a month",
                maquette_catalog::schema::plan::Billing::Annual => "a year",
            };
            let intro = f
                .intro_months
                .map(|n| format!(", first {n} month(s) of a new customer"))
                .unwrap_or_default();
            Fact {
                id: Some(format!("{}#fee{}", x.id, i + 1)),
                confidence: Some(f.confidence.as_str().to_owned()),
                ..sourced(
                    "fee",
                    format!("{} {per}{intro}", f.amount),
                    &f.source,
                    f.as_of,
                )
            }
        })
        .collect();
    if facts.is_empty() {
        facts.push(bare("fee", "not published"));
    }
    facts.push(bare(
        "allowance",
        allowance_words(x).unwrap_or_else(|| "not published".to_owned()),
    ));
    for (i, (words, b)) in burn_words(x).into_iter().zip(&x.burn).enumerate() {
        let fact = Fact {
            confidence: Some(b.confidence.as_str().to_owned()),
            ..sourced("takes", words, &b.source, b.as_of)
        };
        facts.push(with_id(format!("{}#burn{}", x.id, i + 1), fact));
    }
    if x.burn.is_empty() {
        facts.push(bare("takes", "what an output takes is not published"));
    }
    if let Some(t) = &x.topup {
        facts.push(bare(
            "top-up",
            format!("{} for {} units", t.amount, group(t.units)),
        ));
    }
    if let Some(words) = maquette_decide::plan_cost::rollover_words(x) {
        facts.push(bare("rollover", words));
    }
    let r = &x.rights;
    facts.push(bare(
        "rights",
        r.note
            .clone()
            .unwrap_or_else(|| format!("commercial use: {:?}", r.commercial).to_lowercase()),
    ));
    if r.export == Some(false) {
        facts.push(bare("export", "outputs cannot leave the platform"));
    }
    for note in &x.notes {
        facts.push(bare("note", note.clone()));
    }
    if let Some(printed) = &x.article_value {
        facts.push(bare("article of 2026-03", printed.clone()));
    }
    vec![Section {
        title: "Plan".to_owned(),
        facts,
    }]
}

pub(super) fn offer(ctx: &Context, o: &Offer) -> Section {
    let catalog = &ctx.knowledge.catalog;
    let model = catalog.models.iter().find(|m| m.id == o.model);
    let facts = o
        .price
        .iter()
        .enumerate()
        .map(|(i, row)| {
            let price = row
                .amount
                .map_or_else(|| "not published".to_owned(), |m| m.to_string());
            let when = variant::describe(&row.when);
            let when = if when.is_empty() {
                String::new()
            } else {
                format!(" ({when})")
            };
            let modifier = row
                .modifier
                .as_ref()
                .map(|m| format!(", {m}"))
                .unwrap_or_default();
            let (standing, _) = offer_standing(o, model, i, ctx.as_of);
            Fact {
                id: Some(format!("{}#{}", o.id, i + 1)),
                confidence: Some(row.confidence.as_str().to_owned()),
                ..sourced(
                    "price",
                    format!("{price} per {}{when}{modifier}: {standing}", row.per),
                    &row.source,
                    row.as_of,
                )
            }
        })
        .collect();
    Section {
        title: format!("Offer {}", o.id),
        facts,
    }
}

pub(super) fn rental(r: &Rental) -> Section {
    let step = r
        .step_seconds
        .map_or_else(|| "not published".to_owned(), |s| format!("{s} s"));
    let mut facts = vec![
        sourced(
            "price",
            format!("{} per {} ({})", r.amount, r.per, r.tier),
            &r.source,
            r.as_of,
        ),
        bare("billed in steps of", step),
    ];
    if let Some(hours) = r.credit_hours {
        let credit = format!("{} hour(s) of rent", hours.normalize());
        facts.push(bare("credit paid in before it starts", credit));
    }
    facts.extend(r.note.iter().map(|n| bare("note", n.clone())));
    Section {
        title: "Rental".to_owned(),
        facts,
    }
}

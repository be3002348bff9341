//! `show`: one thing of the catalog, with every fact's source.

use maquette_catalog::schema::hardware::{Gpu, GpuPriceKind};
use maquette_catalog::schema::license::License;
use maquette_catalog::schema::model::{Model, Openness};
use maquette_catalog::schema::place::Place;
use maquette_catalog::schema::plan::Plan;
use maquette_catalog::schema::provider::{Offer, Provider, Rental};
use maquette_core::report::listing::{Fact, Section, ShowReport};
use maquette_core::{PartialDate, group};
use maquette_decide::variant;
use maquette_know::Found;
use rust_decimal::Decimal;

use crate::context::Context;
use crate::error::AppError;
use crate::listing::{allowance_words, burn_words, permission_word, row_dates, standing_word};

/// Everything the catalog says of `id`. `gpus`, `places`, `licenses` and `providers` list those.
pub fn show(ctx: &Context, id: &str) -> Result<ShowReport, AppError> {
    if let Some(list) = list(ctx, id) {
        return Ok(list);
    }
    let found = ctx.knowledge.find(id).map_err(|e| {
        AppError::unknown(
            &e,
            "maquette models`, `maquette plans` and `maquette prices",
        )
    })?;
    let (kind, title, id, sections) = match found {
        Found::Model(m) => ("model", m.name.clone(), m.id.clone(), model(ctx, m)),
        Found::License(l) => ("license", l.name.clone(), l.id.clone(), license(l)),
        Found::Provider(p) => ("provider", p.name.clone(), p.id.clone(), provider(p)),
        Found::Plan(p, x) => (
            "plan",
            format!("{} {}", p.name, x.name),
            x.id.clone(),
            plan(x),
        ),
        Found::Offer(p, o) => (
            "offer",
            format!("{} at {}", o.model, p.name),
            o.id.clone(),
            vec![offer(ctx, o)],
        ),
        Found::Rental(p, r) => (
            "rental",
            format!("{} at {}", r.sold_as, p.name),
            r.id.clone(),
            vec![rental(r)],
        ),
        Found::Gpu(g) => ("GPU", g.name.clone(), g.id.clone(), gpu(g)),
        Found::Place(p) => ("place", p.name.clone(), p.id.clone(), vec![place(p)]),
    };
    Ok(ShowReport {
        schema: "maquette.show/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        id,
        kind: kind.to_owned(),
        title,
        sections,
    })
}

fn list(ctx: &Context, what: &str) -> Option<ShowReport> {
    let c = &ctx.knowledge.catalog;
    let facts: Vec<Fact> = match what {
        "gpus" => c
            .gpus
            .iter()
            .map(|g| {
                sourced(
                    &g.id,
                    format!("{}, {} GB", g.name, g.memory_gb.normalize()),
                    &g.source,
                    g.as_of,
                )
            })
            .collect(),
        "places" => c
            .places
            .iter()
            .map(|p| bare(&p.id, p.name.clone()))
            .collect(),
        "licenses" => c
            .licenses
            .iter()
            .map(|l| bare(&l.id, format!("{} ({})", l.name, l.class)))
            .collect(),
        "providers" => c
            .providers
            .iter()
            .map(|p| sourced(&p.id, p.name.clone(), &p.source, p.as_of))
            .collect(),
        _ => return None,
    };
    Some(ShowReport {
        schema: "maquette.show/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        id: what.to_owned(),
        kind: "list".to_owned(),
        title: what.to_owned(),
        sections: vec![Section {
            title: what.to_owned(),
            facts,
        }],
    })
}

fn bare(label: &str, value: impl Into<String>) -> Fact {
    Fact {
        label: label.to_owned(),
        value: value.into(),
        source: None,
        as_of: None,
        confidence: None,
    }
}

fn sourced(label: &str, value: impl Into<String>, source: &str, as_of: PartialDate) -> Fact {
    Fact {
        source: Some(source.to_owned()),
        as_of: Some(as_of.to_string()),
        ..bare(label, value)
    }
}

fn model(ctx: &Context, m: &Model) -> Vec<Section> {
    let open = m.openness == Openness::Open;
    let mut facts = vec![
        sourced("modality", m.modality.as_str(), &m.source, m.as_of),
        bare("openness", if open { "open weights" } else { "closed" }),
        bare(
            "publisher",
            m.publisher
                .clone()
                .unwrap_or_else(|| "not known".to_owned()),
        ),
        bare(
            "released",
            m.released
                .map_or_else(|| "not known".to_owned(), |d| d.to_string()),
        ),
    ];
    if let Some(on) = m.retired {
        facts.push(bare("retired", on.to_string()));
    }
    if !m.aliases.is_empty() {
        facts.push(bare("also called", m.aliases.join(", ")));
    }
    if !m.hub.is_empty() {
        facts.push(bare("Hub", m.hub.join(", ")));
    }
    if let Some(n) = m.params_total {
        facts.push(bare("parameters", group(Decimal::from(n))));
    }
    for note in &m.notes {
        facts.push(bare("note", note.clone()));
    }
    let mut sections = vec![Section {
        title: "Model".to_owned(),
        facts,
    }];
    if open {
        let facts = match m
            .license
            .as_ref()
            .and_then(|id| ctx.knowledge.catalog.licenses.iter().find(|l| l.id == *id))
        {
            Some(l) => license(l).remove(0).facts,
            None => vec![bare("license", "no license text is linked to this model")],
        };
        sections.push(Section {
            title: "License".to_owned(),
            facts,
        });
    }
    let c = &ctx.knowledge.catalog;
    for o in c
        .providers
        .iter()
        .flat_map(|p| &p.offer)
        .filter(|o| o.model == m.id)
    {
        sections.push(offer(ctx, o));
    }
    let plans: Vec<Fact> = c
        .providers
        .iter()
        .flat_map(|p| &p.plan)
        .filter(|x| x.burn.iter().any(|b| b.model == m.id))
        .map(|x| {
            sourced(
                &x.id,
                allowance_words(x).unwrap_or_else(|| "allowance not published".to_owned()),
                &x.source,
                x.as_of,
            )
        })
        .collect();
    if !plans.is_empty() {
        sections.push(Section {
            title: "Plans".to_owned(),
            facts: plans,
        });
    }
    let timings: Vec<Fact> = m
        .timing
        .iter()
        .map(|t| {
            let size = match (t.width, t.height) {
                (Some(w), Some(h)) => format!(", {w}×{h}"),
                _ => String::new(),
            };
            let length = t
                .duration_s
                .map(|d| format!(", {} s long", d.normalize()))
                .unwrap_or_default();
            let per = match t.per {
                maquette_catalog::schema::model::TimingPer::Output => "output",
                maquette_catalog::schema::model::TimingPer::Second => "second made",
                maquette_catalog::schema::model::TimingPer::Token => "token",
            };
            sourced(
                &t.gpu,
                format!("{} s per {per}{size}{length}", t.seconds.normalize()),
                &t.source,
                t.as_of,
            )
        })
        .collect();
    if !timings.is_empty() {
        sections.push(Section {
            title: "Measured times".to_owned(),
            facts: timings,
        });
    }
    let points: Vec<Fact> = m
        .hub_point
        .iter()
        .filter(|h| h.date <= ctx.as_of)
        .map(|h| {
            let likes = h.likes.map_or_else(
                || "likes not read".to_owned(),
                |l| format!("{} likes", group(l.into())),
            );
            let value = format!(
                "{} downloads in 30 days, {likes}",
                group(h.downloads_30d.into())
            );
            Fact {
                as_of: Some(h.date.to_string()),
                source: Some(h.source.clone()),
                ..bare(&h.repo, value)
            }
        })
        .collect();
    if !points.is_empty() {
        sections.push(Section {
            title: "Hub".to_owned(),
            facts: points,
        });
    }
    sections
}

fn license(l: &License) -> Vec<Section> {
    let source = l
        .url
        .clone()
        .or_else(|| l.sources.first().cloned())
        .unwrap_or_default();
    let fact = |label: &str, value: String| sourced(label, value, &source, l.as_of);
    let mut facts = vec![
        fact("license", format!("{} ({})", l.name, l.id)),
        bare("class", l.class.clone()),
        fact(
            "weights run for money",
            permission_word(l.commercial_weights).to_owned(),
        ),
        fact(
            "outputs used for money",
            permission_word(l.commercial_outputs).to_owned(),
        ),
        bare(
            "text known by",
            match l.verified {
                maquette_catalog::schema::model::Grade::Text => "reading it",
                maquette_catalog::schema::model::Grade::Secondary => "others' description",
                maquette_catalog::schema::model::Grade::Tag => "a tag only",
            },
        ),
    ];
    if let Some(spdx) = &l.spdx {
        facts.push(bare("SPDX", spdx.clone()));
    }
    if let Some(note) = &l.commercial_note {
        facts.push(bare("condition", note.clone()));
    }
    for note in &l.notes {
        facts.push(bare("note", note.clone()));
    }
    facts.push(bare(
        "not evaluated",
        "every other clause; not legal advice",
    ));
    vec![Section {
        title: "License".to_owned(),
        facts,
    }]
}

fn provider(p: &Provider) -> Vec<Section> {
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

fn plan(x: &Plan) -> Vec<Section> {
    let mut facts: Vec<Fact> = x
        .fee
        .iter()
        .map(|f| {
            let per = match f.billing {
                maquette_catalog::schema::plan::Billing::Monthly => "a month",
                maquette_catalog::schema::plan::Billing::Annual => "a year",
            };
            let intro = f
                .intro_months
                .map(|n| format!(", first {n} month(s) of a new customer"))
                .unwrap_or_default();
            Fact {
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
    for b in burn_words(x) {
        facts.push(bare("takes", b));
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

fn offer(ctx: &Context, o: &Offer) -> Section {
    let facts = o
        .price
        .iter()
        .map(|row| {
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
            let (standing, _) = standing_word(&row_dates(row), ctx.as_of);
            Fact {
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

fn rental(r: &Rental) -> Section {
    let step = r
        .step_seconds
        .map_or_else(|| "not published".to_owned(), |s| format!("{s} s"));
    Section {
        title: "Rental".to_owned(),
        facts: vec![
            sourced(
                "price",
                format!("{} per {} ({})", r.amount, r.per, r.tier),
                &r.source,
                r.as_of,
            ),
            bare("billed in steps of", step),
        ],
    }
}

fn gpu(g: &Gpu) -> Vec<Section> {
    let known = |d: Option<Decimal>, unit: &str| {
        d.map_or_else(
            || "not known".to_owned(),
            |x| format!("{} {unit}", x.normalize()),
        )
    };
    let mut facts = vec![
        sourced(
            "memory",
            format!("{} GB", g.memory_gb.normalize()),
            &g.source,
            g.as_of,
        ),
        bare("bandwidth", known(g.bandwidth_gb_s, "GB/s")),
        bare("board power", known(g.watts, "W")),
    ];
    for p in &g.price {
        let kind = match p.kind {
            GpuPriceKind::Launch => "launch price",
            GpuPriceKind::New => "new",
            GpuPriceKind::Used => "used",
        };
        let value = if p.low == p.high {
            p.low.to_string()
        } else {
            format!("{} to {}", p.low, p.high)
        };
        facts.push(Fact {
            confidence: Some(p.confidence.as_str().to_owned()),
            ..sourced(kind, value, &p.source, p.as_of)
        });
    }
    vec![Section {
        title: "GPU".to_owned(),
        facts,
    }]
}

fn place(p: &Place) -> Section {
    let facts = p
        .electricity
        .iter()
        .map(|e| Fact {
            confidence: Some(e.confidence.as_str().to_owned()),
            ..sourced(
                "electricity",
                format!("{} per kWh", e.amount),
                &e.source,
                e.as_of,
            )
        })
        .collect();
    Section {
        title: "Place".to_owned(),
        facts,
    }
}

//! `show`: one thing of the catalog, with every fact's source.

mod license;
mod machine;
mod model;
mod sale;

use maquette_core::report::listing::{Fact, Section, ShowReport};
use maquette_core::{Confidence, PartialDate};
use maquette_know::Found;

use crate::context::Context;
use crate::error::AppError;
use crate::license::FactsForm;

/// Everything the catalog says of `id`; licenses are read for the studio of `form`. `gpus`, `places`, `licenses` and `providers` list those.
pub fn show(ctx: &Context, id: &str, form: &FactsForm) -> Result<ShowReport, AppError> {
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
        Found::Model(m) => (
            "model",
            m.name.clone(),
            m.id.clone(),
            model::model(ctx, m, form)?,
        ),
        Found::License(l) => ("license", l.name.clone(), l.id.clone(), license::license(l)),
        Found::Tool(t) => ("tool", t.name.clone(), t.id.clone(), license::tool(t)),
        Found::Provider(p) => ("provider", p.name.clone(), p.id.clone(), sale::provider(p)),
        Found::Plan(p, x) => (
            "plan",
            format!("{} {}", p.name, x.name),
            x.id.clone(),
            sale::plan(x),
        ),
        Found::Offer(p, o) => (
            "offer",
            format!("{} at {}", o.model, p.name),
            o.id.clone(),
            vec![sale::offer(ctx, o)],
        ),
        Found::Rental(p, r) => (
            "rental",
            format!("{} at {}", r.sold_as, p.name),
            r.id.clone(),
            vec![sale::rental(r)],
        ),
        Found::Gpu(g) => ("GPU", g.name.clone(), g.id.clone(), machine::gpu(g)),
        Found::Place(p) => (
            "place",
            p.name.clone(),
            p.id.clone(),
            vec![machine::place(p)],
        ),
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
        id: None,
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

/// A row of the catalog: the fact with the id that `why` takes, and how sure it is.
fn row(id: String, confidence: Confidence, fact: Fact) -> Fact {
    Fact {
        confidence: Some(confidence.as_str().to_owned()),
        ..with_id(id, fact)
    }
}

/// The fact with the id that `why` takes.
fn with_id(id: String, fact: Fact) -> Fact {
    Fact {
        id: Some(id),
        ..fact
    }
}

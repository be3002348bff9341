//! A model and its license, fact by fact.

use maquette_catalog::schema::history::unit;
use maquette_catalog::schema::model::{Model, Openness};
use maquette_core::group;
use maquette_core::report::listing::{Fact, Section};
use rust_decimal::Decimal;

use super::sale::offer;
use super::{bare, sourced, with_id};
use crate::context::Context;
use crate::error::AppError;
use crate::license::FactsForm;
use crate::listing::allowance_words;
use crate::observe::observations::latest;

pub(super) fn model(ctx: &Context, m: &Model, form: &FactsForm) -> Result<Vec<Section>, AppError> {
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
        let facts = licenses(ctx, m, form);
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
        .enumerate()
        .map(|(i, t)| {
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
            let value = format!("{} s per {per}{size}{length}", t.seconds.normalize());
            with_id(
                format!("{}#timing{}", m.id, i + 1),
                Fact {
                    confidence: Some(t.confidence.as_str().to_owned()),
                    ..sourced(&t.gpu, value, &t.source, t.as_of)
                },
            )
        })
        .collect();
    if !timings.is_empty() {
        sections.push(Section {
            title: "Measured times".to_owned(),
            facts: timings,
        });
    }
    let points = counters(ctx, m)?;
    if !points.is_empty() {
        sections.push(Section {
            title: "Counters".to_owned(),
            facts: points,
        });
    }
    Ok(sections)
}

/// What the model's repositories count, as last read.
fn counters(ctx: &Context, m: &Model) -> Result<Vec<Fact>, AppError> {
    let hub = m.hub.iter().flat_map(|repo| {
        ["downloads", "likes"].map(|metric| (format!("hub:{repo}"), repo, metric))
    });
    let stars = m
        .github
        .iter()
        .map(|repo| (format!("github:{repo}"), repo, "stars"));
    let mut facts = Vec::new();
    for (subject, repo, metric) in hub.chain(stars) {
        let Some(r) = latest(ctx, &subject, metric, ctx.as_of)? else {
            continue;
        };
        let unit = unit(metric);
        let value = match r.number().and_then(|n| u64::try_from(n).ok()) {
            Some(n) => format!("{} {unit}", group(n.into())),
            None => "no longer listed".to_owned(),
        };
        let fact = Fact {
            as_of: Some(r.day.to_string()),
            source: Some(r.title),
            ..bare(repo, value)
        };
        facts.push(with_id(format!("{subject}#{metric}"), fact));
    }
    Ok(facts)
}

/// The verdict for a business that runs it and sells what it makes, and the texts it stands on.
fn licenses(ctx: &Context, m: &Model, form: &FactsForm) -> Vec<Fact> {
    let form = crate::license::selling(form);
    let Ok(report) = crate::license::license(ctx, std::slice::from_ref(&m.id), &form) else {
        return vec![bare("license", "no license text is linked to this model")];
    };
    let mut facts = vec![bare("to sell what it makes", report.verdict)];
    for r in &report.readings {
        let id = r.license.clone().unwrap_or_else(|| r.name.clone());
        let value = format!("{id}: {}", r.links.join("; "));
        facts.push(Fact {
            source: r.url.clone(),
            as_of: r.read.clone(),
            confidence: Some(r.confidence.clone()),
            ..bare(&r.verdict, value)
        });
    }
    facts.extend(
        report
            .missing
            .iter()
            .map(|x| bare("depends on", x.how.clone())),
    );
    facts.push(bare("ground", format!("maquette license {}", m.id)));
    facts
}

//! Open and closed ways of one modality side by side: what each costs at least, how far it reaches, and
//! whether what it makes may be sold.

use std::collections::BTreeMap;

use maquette_catalog::schema::model::{Model, Openness};
use maquette_core::Modality;
use maquette_core::report::guide::{OptionLine, OptionsReport, SellerPrice, SpreadLine};
use maquette_core::report::listing::{PlanLine, PriceLine};
use maquette_license::Facts;
use rust_decimal::Decimal;

use crate::context::Context;
use crate::error::AppError;
use crate::license;
use crate::listing::{Filter, plans, prices};
use crate::observe::observations::{Observation, latest};
use crate::observe::series::subjects_of;

/// Sellers that make a spread.
const SELLERS: usize = 2;
/// Rows of either side.
const MOST: usize = 8;

pub fn options(
    ctx: &Context,
    modality: Modality,
    facts: &Facts,
) -> Result<OptionsReport, AppError> {
    let filter = Filter {
        modality: Some(modality),
        ..Filter::default()
    };
    let priced = prices(ctx, &filter)?;
    let sold_by = sold_by(&priced.prices);
    let mut open: Vec<(Decimal, &Model)> = Vec::new();
    let mut closed: Vec<&Model> = Vec::new();
    let models = ctx.knowledge.catalog.models.iter();
    for model in models.filter(|m| m.modality == modality && there(ctx, m)) {
        if model.openness == Openness::Open {
            open.push((downloads(ctx, model)?, model));
        } else if sold_by.contains_key(model.id.as_str()) {
            closed.push(model);
        }
    }
    open.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.id.cmp(&b.1.id)));
    closed.sort_by_key(|m| {
        (
            std::cmp::Reverse(m.released.map(|r| r.first())),
            m.id.clone(),
        )
    });
    let spreads = spreads(ctx, &sold_by);
    let left = open.len().saturating_sub(MOST) + closed.len().saturating_sub(MOST);
    let mut rows: Vec<OptionLine> = open
        .iter()
        .take(MOST)
        .map(|(_, m)| model_line(ctx, m, sold_by.get(m.id.as_str()), facts))
        .collect();
    rows.extend(
        closed
            .iter()
            .take(MOST)
            .map(|m| model_line(ctx, m, sold_by.get(m.id.as_str()), facts)),
    );
    let sold = plans(ctx, &filter)?;
    rows.extend(sold.plans.iter().filter_map(plan_line));
    Ok(OptionsReport {
        schema: "maquette.options/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        modality: modality.to_string(),
        rows,
        spreads,
        notes: vec![format!(
            "open models by downloads, closed ones by release, {MOST} of each{}; the cost is the lowest price in force of any setting, so that settings differ between rows; on one's own machine it is power",
            if left > 0 {
                format!(" ({left} more)")
            } else {
                String::new()
            }
        )],
    })
}

/// The lowest price in force of a model, with its unit.
pub fn lowest(
    ctx: &Context,
    modality: Modality,
    model: &str,
) -> Result<Option<(String, SellerPrice)>, AppError> {
    let filter = Filter {
        modality: Some(modality),
        ..Filter::default()
    };
    let priced = prices(ctx, &filter)?;
    let of = sold_by(&priced.prices);
    Ok(of.get(model).and_then(|sold| {
        let ranked = sold.ranked();
        let (amount, line) = ranked.first()?;
        Some((sold.per.to_owned(), seller(*amount, line)))
    }))
}

fn seller(amount: Decimal, line: &PriceLine) -> SellerPrice {
    SellerPrice {
        provider: line.provider.clone(),
        cost: amount.normalize().to_string(),
        id: line.id.clone(),
    }
}

fn sold_by(prices: &[PriceLine]) -> BTreeMap<&str, Sold<'_>> {
    // By model: the unit that it is first sold in, and the lowest price of each seller in it.
    let mut sold_by: BTreeMap<&str, Sold> = BTreeMap::new();
    for line in prices.iter().filter(|l| l.modifier.is_none()) {
        let amount = line
            .price
            .as_ref()
            .filter(|p| p.currency == "USD")
            .and_then(|p| p.amount.parse::<Decimal>().ok());
        let Some(amount) = amount else { continue };
        let of = sold_by.entry(&line.model).or_insert_with(|| Sold {
            per: &line.per,
            by: BTreeMap::new(),
        });
        if line.per == of.per {
            let entry = of.by.entry(&line.provider).or_insert((amount, line));
            if amount < entry.0 {
                *entry = (amount, line);
            }
        }
    }
    sold_by
}

/// What a model is sold for, in one unit.
struct Sold<'a> {
    per: &'a str,
    by: BTreeMap<&'a str, (Decimal, &'a PriceLine)>,
}

impl Sold<'_> {
    /// The cheapest first.
    fn ranked(&self) -> Vec<(Decimal, &PriceLine)> {
        let mut all: Vec<_> = self
            .by
            .values()
            .map(|(amount, line)| (*amount, *line))
            .collect();
        all.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id)));
        all
    }
}

/// Models that several sell, most sellers first.
fn spreads(ctx: &Context, sold_by: &BTreeMap<&str, Sold>) -> Vec<SpreadLine> {
    let models = &ctx.knowledge.catalog.models;
    let mut all: Vec<SpreadLine> = sold_by
        .iter()
        .filter(|(_, sold)| sold.by.len() >= SELLERS)
        .filter_map(|(id, sold)| {
            let model = models.iter().find(|m| m.id == *id)?;
            there(ctx, model).then(|| SpreadLine {
                name: model.name.clone(),
                id: model.id.clone(),
                per: sold.per.to_owned(),
                sellers: sold
                    .ranked()
                    .iter()
                    .map(|(amount, line)| seller(*amount, line))
                    .collect(),
            })
        })
        .collect();
    all.sort_by(|a, b| (b.sellers.len().cmp(&a.sellers.len())).then_with(|| a.name.cmp(&b.name)));
    all
}

/// Released by the day, and not yet withdrawn.
fn there(ctx: &Context, m: &Model) -> bool {
    m.released.is_none_or(|r| r.first() <= ctx.as_of) && m.retired.is_none_or(|r| r > ctx.as_of)
}

fn downloads(ctx: &Context, model: &Model) -> Result<Decimal, AppError> {
    let mut most = Decimal::ZERO;
    for subject in subjects_of(model, "downloads") {
        let last = latest(ctx, &subject, "downloads", ctx.as_of)?;
        most = most.max(
            last.as_ref()
                .and_then(Observation::number)
                .unwrap_or_default(),
        );
    }
    Ok(most)
}

fn model_line(ctx: &Context, m: &Model, sold: Option<&Sold>, facts: &Facts) -> OptionLine {
    let ranked = sold.map(Sold::ranked).unwrap_or_default();
    let price = ranked.first().map(|(_, line)| *line);
    let open = m.openness == Openness::Open;
    OptionLine {
        name: m.name.clone(),
        id: m.id.clone(),
        openness: if open { "open" } else { "closed" }.to_owned(),
        way: match (open, price) {
            (true, Some(_)) => "own machine, or a host",
            (true, None) => "own machine",
            (false, _) => "api",
        }
        .to_owned(),
        provider: price.map(|p| p.provider.clone()),
        cost: price.and_then(|p| p.price.as_ref().map(|m| m.amount.clone())),
        per: price.map(|p| p.per.clone()),
        cost_id: price.map(|p| p.id.clone()),
        limit: limit(m),
        rights: if open {
            license::verdict(ctx, m, facts).to_owned()
        } else {
            "terms not read".to_owned()
        },
        license: m.license.clone(),
    }
}

fn limit(m: &Model) -> Option<String> {
    let l = m.limits.as_ref()?;
    let resolution = l
        .max_resolution
        .clone()
        .or_else(|| l.native_px.map(|px| format!("{px} px")));
    let length = l.duration_s.map(|s| format!("{} s", s.normalize()));
    let parts: Vec<String> = resolution.into_iter().chain(length).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn plan_line(p: &PlanLine) -> Option<OptionLine> {
    let fee = p.monthly.as_ref().filter(|m| m.currency == "USD")?;
    Some(OptionLine {
        name: p.name.clone(),
        id: p.id.clone(),
        openness: "closed".to_owned(),
        way: "plan".to_owned(),
        provider: Some(p.provider.clone()),
        cost: Some(fee.amount.clone()),
        per: Some("month".to_owned()),
        cost_id: Some(p.id.clone()),
        limit: p.allowance.clone(),
        rights: format!("commercial: {}", p.commercial),
        license: None,
    })
}

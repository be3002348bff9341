//! `models`, `prices`, `plans`: the catalog side by side, open and closed alike.

use maquette_catalog::schema::license::Permission;
use maquette_catalog::schema::model::Model;
pub use maquette_catalog::schema::model::Openness;
use maquette_catalog::schema::plan::{Billing, CommercialRight, Every, Fee, Plan};
use maquette_catalog::schema::provider::{Offer, PriceRow, Provider};
use maquette_core::report::listing::{
    ModelLine, ModelsReport, PlanLine, PlansReport, PriceLine, PricesReport,
};
use maquette_core::{Date, Modality, MoneyFigure, group, names};
use maquette_decide::plan_cost::rollover_words;
use maquette_decide::standing::{Dates, NotInForce, Standing, standing};
use maquette_decide::variant;
use maquette_license::Facts;

use crate::context::Context;
use crate::error::AppError;
use crate::license::{self, FactsForm};
use crate::observe::observations::latest;
use crate::request::CARRY_BACK_DAYS;

/// What a listing is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub modality: Option<Modality>,
    /// `open` or `closed` models only.
    pub openness: Option<Openness>,
    /// A model, provider or offer name; unknown names are an error.
    pub name: Option<String>,
    /// Rows that no longer hold too.
    pub all: bool,
}

/// `form` is what the studio says of itself: the licenses are read for it.
pub fn models(ctx: &Context, filter: &Filter, form: &FactsForm) -> Result<ModelsReport, AppError> {
    let told = license::selling(form)
        .facts(ctx)
        .map_err(AppError::request)?;
    let catalog = &ctx.knowledge.catalog;
    let one = match &filter.name {
        Some(name) if catalog.providers.iter().any(|p| p.id == *name) => Some(name.clone()),
        Some(name) => Some(named_model(ctx, name)?),
        None => None,
    };
    // A provider's models are those it sells.
    let sold = |id: &str, m: &Model| {
        let mut offers = catalog
            .providers
            .iter()
            .filter(|p| p.id == id)
            .flat_map(|p| &p.offer);
        offers.any(|o| o.model == m.id)
    };
    let out = |m: &&Model| {
        filter.modality.is_none_or(|x| x == m.modality)
            && filter.openness.is_none_or(|x| x == m.openness)
            && one
                .as_ref()
                .is_none_or(|id| m.id == *id || m.family == *id || sold(id, m))
            && (filter.all || m.released.is_none_or(|r| r.first() <= ctx.as_of))
    };
    let mut lines: Vec<ModelLine> = catalog
        .models
        .iter()
        .filter(out)
        .map(|m| model_line(ctx, m, &told.facts))
        .collect::<Result<_, _>>()?;
    lines.sort_by(|a, b| {
        (&a.modality, std::cmp::Reverse(a.downloads_30d), &a.id).cmp(&(
            &b.modality,
            std::cmp::Reverse(b.downloads_30d),
            &b.id,
        ))
    });
    Ok(ModelsReport {
        schema: "maquette.models/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        facts: license::words(&told.facts),
        models: lines,
    })
}

/// The id of the model, or of a family, that the name means; an unknown one offers the nearest of
/// all that a listing may be narrowed to.
fn named_model(ctx: &Context, name: &str) -> Result<String, AppError> {
    let catalog = &ctx.knowledge.catalog;
    if catalog.models.iter().any(|m| m.family == name) {
        return Ok(name.to_owned());
    }
    ctx.knowledge
        .model(name)
        .map(|m| m.id.clone())
        .map_err(|_| {
            let models = catalog
                .models
                .iter()
                .flat_map(|m| [m.id.as_str(), m.family.as_str()]);
            let near = names::nearest(
                name,
                models.chain(catalog.providers.iter().map(|p| p.id.as_str())),
            );
            let message = format!(
                "the catalog has no model, family or provider `{name}`{}",
                names::did_you_mean(&near)
            );
            AppError::request(message)
                .hint("`maquette models` and `maquette prices` list what is known")
        })
}

fn model_line(ctx: &Context, m: &Model, facts: &Facts) -> Result<ModelLine, AppError> {
    let catalog = &ctx.knowledge.catalog;
    let license = m
        .license
        .as_ref()
        .and_then(|id| catalog.licenses.iter().find(|l| l.id == *id));
    let open = m.openness == Openness::Open;
    let permission =
        |p: Option<Permission>| open.then(|| p.unwrap_or(Permission::Unknown).to_string());
    let offers: usize = catalog
        .providers
        .iter()
        .map(|p| p.offer.iter().filter(|o| o.model == m.id).count())
        .sum();
    let plans: usize = catalog
        .providers
        .iter()
        .map(|p| {
            p.plan
                .iter()
                .filter(|x| x.burn.iter().any(|b| b.model == m.id))
                .count()
        })
        .sum();
    let point = downloads(ctx, m)?;
    Ok(ModelLine {
        id: m.id.clone(),
        name: m.name.clone(),
        modality: m.modality.to_string(),
        openness: if open { "open" } else { "closed" }.to_owned(),
        publisher: m.publisher.clone(),
        released: m.released.map(|r| r.to_string()),
        params: m.params_total,
        license: m.license.clone(),
        commercial_weights: permission(license.map(|l| l.commercial_weights)),
        commercial_outputs: permission(license.map(|l| l.commercial_outputs)),
        verdict: open.then(|| license::verdict(ctx, m, facts).to_owned()),
        ways: offers + plans,
        downloads_30d: point.as_ref().map(|(n, _)| *n),
        downloads_as_of: point.map(|(_, day)| day.to_string()),
        source: m.source.clone(),
        source_as_of: m.as_of.to_string(),
    })
}

/// Downloads of the repository of a model that has the most, as last read.
fn downloads(ctx: &Context, m: &Model) -> Result<Option<(u64, Date)>, AppError> {
    let mut most = None;
    for repo in &m.hub {
        let r = latest(ctx, &format!("hub:{repo}"), "downloads", ctx.as_of)?;
        let read = r.and_then(|r| Some((r.value.as_deref()?.parse().ok()?, r.day)));
        most = most.max(read);
    }
    Ok(most)
}

/// An offer with who sells it and what it runs.
pub(crate) struct Sold<'a> {
    pub provider: &'a Provider,
    pub offer: &'a Offer,
    pub model: Option<&'a Model>,
}

/// The offers that a listing is narrowed to; a name may be a provider's, an offer's, a model's or a
/// family's.
pub(crate) fn sold<'a>(ctx: &'a Context, filter: &Filter) -> Result<Vec<Sold<'a>>, AppError> {
    let catalog = &ctx.knowledge.catalog;
    let wanted = match &filter.name {
        None => None,
        Some(name) if catalog.providers.iter().any(|p| p.id == *name) => Some(name.clone()),
        Some(name)
            if catalog
                .providers
                .iter()
                .any(|p| p.offer.iter().any(|o| o.id == *name)) =>
        {
            Some(name.clone())
        }
        Some(name) => Some(named_model(ctx, name)?),
    };
    let mut out = Vec::new();
    for provider in &catalog.providers {
        for offer in &provider.offer {
            let model = catalog.models.iter().find(|m| m.id == offer.model);
            let family = model.map_or("", |m| m.family.as_str());
            let named = wanted.as_ref().is_none_or(|w| {
                *w == provider.id || *w == offer.id || *w == offer.model || w == family
            });
            let fits = filter.modality.is_none_or(|x| x == offer.modality)
                && filter.openness.is_none_or(|x| x == openness(model));
            if named && fits {
                out.push(Sold {
                    provider,
                    offer,
                    model,
                });
            }
        }
    }
    Ok(out)
}

/// A model that the catalog does not have is sold closed.
fn openness(model: Option<&Model>) -> Openness {
    model.map_or(Openness::Closed, |m| m.openness)
}

pub fn prices(ctx: &Context, filter: &Filter) -> Result<PricesReport, AppError> {
    let mut lines = Vec::new();
    for Sold {
        provider: p,
        offer: o,
        model,
    } in sold(ctx, filter)?
    {
        let openness = openness(model);
        for (i, row) in o.price.iter().enumerate() {
            let (word, holds) = offer_standing(o, model, i, ctx.as_of);
            if !holds && !filter.all {
                continue;
            }
            lines.push(PriceLine {
                id: format!("{}#{}", o.id, i + 1),
                model: o.model.clone(),
                modality: o.modality.to_string(),
                openness: if openness == Openness::Open {
                    "open"
                } else {
                    "closed"
                }
                .to_owned(),
                provider: p.id.clone(),
                when: variant::describe(&row.when),
                modifier: row.modifier.clone(),
                price: row.amount.map(MoneyFigure::from),
                per: row.per.to_string(),
                from: row
                    .from
                    .map(|d| d.to_string())
                    .or(row.first_seen.map(|d| d.to_string())),
                until: row.until.or(o.retires).map(|d| d.to_string()),
                standing: word,
                source: row.source.clone(),
                source_as_of: row.as_of.to_string(),
                confidence: row.confidence.as_str().to_owned(),
                note: row.note.clone(),
            });
        }
    }
    lines.sort_by(|a, b| (&a.modality, &a.model, &a.id).cmp(&(&b.modality, &b.model, &b.id)));
    Ok(PricesReport {
        schema: "maquette.prices/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        prices: lines,
    })
}

/// How one price of an offer stands on the day: what ends the offer or the model goes before what the
/// row itself says, and a row that a later one follows no longer holds.
pub(crate) fn offer_standing(
    offer: &Offer,
    model: Option<&Model>,
    i: usize,
    day: Date,
) -> (String, bool) {
    let row = &offer.price[i];
    let past = |on: Option<Date>| on.filter(|d| *d <= day);
    let (word, holds) = standing_word(&Dates::from(row), day);
    if !holds {
        return (word, false);
    }
    if let Some(on) = past(offer.retires) {
        return (format!("stopped {on}"), false);
    }
    if let Some(on) = past(offer.closed_to_new) {
        return (format!("closed to new customers {on}"), false);
    }
    if let Some(on) = past(model.and_then(|m| m.retired)) {
        return (format!("model withdrawn {on}"), false);
    }
    let start = Dates::from(row).start();
    let follows = |other: &PriceRow| {
        let same = (other.per, &other.when, &other.modifier) == (row.per, &row.when, &row.modifier);
        let dates = Dates::from(other);
        same && dates.start() > start && dates.start() <= day
    };
    if offer.price.iter().any(follows) {
        return ("followed by a later price".to_owned(), false);
    }
    (word, true)
}

/// How a row stands, in a word, and whether it may be used on the day.
pub(crate) fn standing_word(dates: &Dates, day: Date) -> (String, bool) {
    match standing(dates, day, CARRY_BACK_DAYS) {
        Ok(Standing::Current) => ("in force".to_owned(), true),
        Ok(Standing::VagueDate) => ("vague date".to_owned(), true),
        Ok(Standing::Stale(days)) => (format!("stale ({days} days)"), true),
        Ok(Standing::CarriedBack(days)) => (format!("carried back {days} days"), true),
        Err(NotInForce::NotYet { first, .. }) => (format!("first read {first}"), false),
        Err(NotInForce::Ended { on }) => (format!("ended {on}"), false),
    }
}

pub fn plans(ctx: &Context, filter: &Filter) -> Result<PlansReport, AppError> {
    let catalog = &ctx.knowledge.catalog;
    if let Some(name) = &filter.name {
        let known = catalog
            .providers
            .iter()
            .any(|p| p.id == *name || p.plan.iter().any(|x| x.id == *name));
        if !known {
            let all = catalog.providers.iter().flat_map(|p| {
                std::iter::once(p.id.as_str()).chain(p.plan.iter().map(|x| x.id.as_str()))
            });
            let near = names::nearest(name, all);
            let message = format!(
                "there is no plan or provider `{name}`{}",
                names::did_you_mean(&near)
            );
            return Err(AppError::request(message).hint("`maquette plans` lists what is known"));
        }
    }
    let mut lines = Vec::new();
    for p in &catalog.providers {
        for plan in &p.plan {
            let named = filter
                .name
                .as_ref()
                .is_none_or(|n| *n == p.id || *n == plan.id);
            if named && filter.modality.is_none_or(|m| plan.modality.contains(&m)) {
                lines.push(plan_line(p, plan, ctx.as_of));
            }
        }
    }
    Ok(PlansReport {
        schema: "maquette.plans/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        plans: lines,
    })
}

fn plan_line(p: &Provider, plan: &Plan, day: Date) -> PlanLine {
    let mut rights: Vec<String> = plan.rights.note.iter().cloned().collect();
    if plan.rights.export == Some(false) {
        rights.push("outputs cannot leave the platform".to_owned());
    }
    if let Some(cap) = plan.rights.revenue_cap {
        rights.push(format!("companies above {cap} a year need a higher tier"));
    }
    PlanLine {
        id: plan.id.clone(),
        provider: p.id.clone(),
        name: plan.name.clone(),
        modalities: plan.modality.iter().map(ToString::to_string).collect(),
        monthly: fee_on(plan, Billing::Monthly, day).map(|f| f.amount.into()),
        annual: fee_on(plan, Billing::Annual, day).map(|f| f.amount.into()),
        allowance: allowance_words(plan),
        burn: burn_words(plan),
        topup: plan
            .topup
            .as_ref()
            .map(|t| format!("{} for {}", t.amount, group(t.units))),
        rollover: rollover_words(plan).map(str::to_owned),
        commercial: match plan.rights.commercial {
            CommercialRight::Yes => "yes",
            CommercialRight::No => "no",
            CommercialRight::Conditional => "conditional",
            CommercialRight::Unknown => "unknown",
        }
        .to_owned(),
        rights,
        source: plan.source.clone(),
        source_as_of: plan.as_of.to_string(),
        confidence: plan.confidence.as_str().to_owned(),
    }
}

fn fee_on(plan: &Plan, billing: Billing, day: Date) -> Option<&Fee> {
    let dates = |f: &&Fee| Dates::from(*f);
    let rows = plan
        .fee
        .iter()
        .filter(|f| f.billing == billing && f.intro_months.is_none());
    maquette_decide::standing::pick(rows, dates, day, CARRY_BACK_DAYS)
        .ok()
        .map(|(f, _)| f)
}

pub(crate) fn allowance_words(plan: &Plan) -> Option<String> {
    plan.allowance.as_ref().map(|a| {
        let every = match a.every {
            Every::Day => "a day",
            Every::Month => "a month",
            Every::Once => "once",
        };
        format!("{} {} {every}", group(a.amount), a.unit)
    })
}

pub(crate) fn burn_words(plan: &Plan) -> Vec<String> {
    use maquette_catalog::schema::plan::BurnPer;
    plan.burn
        .iter()
        .map(|b| {
            let per = match b.per {
                BurnPer::Job if b.outputs_per_job > 1 => format!("job of {}", b.outputs_per_job),
                BurnPer::Job => "job".to_owned(),
                BurnPer::Second => "second".to_owned(),
                BurnPer::Character => "character".to_owned(),
                BurnPer::MillionTokens => "million tokens".to_owned(),
            };
            format!("{}: {} a {per}", b.model, b.amount.normalize())
        })
        .collect()
}

//! Models that price maps sell and the catalog does not: those of the catalog's own models become
//! offers, each price with its sources; of every other it is said why it does not.

use std::collections::{BTreeMap, BTreeSet};

use maquette_catalog::Catalog;
use maquette_catalog::schema::model::Model;
use maquette_catalog::schema::provider::{MODIFIERS, Offer, PriceRow};
use maquette_core::report::observe::{NewOfferLine, NewOffersReport};
use maquette_core::{Confidence, Date, Modality, Money, PartialDate, Unit, names};
use maquette_decide::witness::{Witness, settle};
use maquette_observe::source::price;

use super::witnesses::Witnesses;
use crate::context::Context;
use crate::error::AppError;

/// What became of a model at a provider.
enum Fate {
    /// The catalog sells it already.
    Known,
    Gained(Box<Offer>),
    /// One origin alone has said so for less than a day.
    Pending(String),
    /// Why it is no offer.
    Left(&'static str),
}

/// The provider and folded name of each, in order, with what became of it.
fn fates<'a>(
    catalog: &Catalog,
    witnesses: &'a Witnesses,
    day: Date,
) -> Vec<(&'a str, &'a str, Fate)> {
    let models = by_name(catalog);
    let mut out = Vec::new();
    for (provider, name) in witnesses.models() {
        let Some(own) = catalog.providers.iter().find(|p| p.id == provider) else {
            out.push((provider, name, Fate::Left("no provider of the catalog")));
            continue;
        };
        let sold = own.offer.iter().find(|o| {
            let tail = o.id.split_once('/').map_or(o.id.as_str(), |(_, t)| t);
            let written = [Some(tail), o.sold_as.as_deref(), Some(o.model.as_str())];
            written
                .into_iter()
                .flatten()
                .any(|w| names::fold(w) == name)
        });
        let fate = match (sold, models.get(name)) {
            (Some(_), _) => Fate::Known,
            (None, None) => Fate::Left("no model of the catalog is called so"),
            (None, Some(None)) => Fate::Left("several models of the catalog are called so"),
            (None, Some(Some(model))) => {
                let id = format!("{provider}/{}", model.id);
                if own.offer.iter().any(|o| o.id == id) {
                    Fate::Known
                } else {
                    let retires = witnesses.retires(provider, name);
                    gained(id, model, witnesses.of(provider, name), retires, day)
                }
            }
        };
        out.push((provider, name, fate));
    }
    out
}

/// Models by every name they go by, folded; none where a name is of several.
fn by_name(catalog: &Catalog) -> BTreeMap<String, Option<&Model>> {
    let mut out: BTreeMap<String, Option<&Model>> = BTreeMap::new();
    for model in &catalog.models {
        // Of several repositories none says which one a map means.
        let hub = match model.hub.as_slice() {
            [one] => one.rsplit('/').next(),
            _ => None,
        };
        let written = [Some(model.id.as_str()), Some(model.name.as_str()), hub];
        let written: BTreeSet<String> = written.into_iter().flatten().map(names::fold).collect();
        for name in written {
            out.entry(name)
                .and_modify(|m| *m = None)
                .or_insert(Some(model));
        }
    }
    out
}

fn gained<'a>(
    id: String,
    model: &Model,
    said: impl Iterator<Item = (&'a str, Vec<Witness>)>,
    retires: Option<Date>,
    day: Date,
) -> Fate {
    if retires.is_some_and(|r| r <= day) {
        return Fate::Left("sold no longer, as a map says");
    }
    let (mut rows, mut pending) = (Vec::new(), false);
    for (metric, witnesses) in said {
        let Some((blank, (change, stands))) = blank(metric).zip(settle(&witnesses, day)) else {
            continue;
        };
        if !stands {
            pending = true;
            continue;
        }
        let others: Vec<String> = witnesses
            .iter()
            .filter(|w| w.amount != change.amount)
            .map(|w| format!("{} says {}", w.source, w.amount.normalize()))
            .collect();
        rows.push(PriceRow {
            amount: Some(Money::usd(change.amount)),
            first_seen: Some(PartialDate::day(change.since)),
            as_of: PartialDate::day(change.read),
            source: format!("observed: {}", change.sources.join(", ")),
            confidence: if change.origins >= 2 {
                Confidence::Medium
            } else {
                Confidence::Low
            },
            note: (!others.is_empty()).then(|| others.join("; ")),
            ..blank
        });
    }
    if !sells(model.modality, &rows) {
        return if pending {
            Fate::Pending(id)
        } else {
            Fate::Left("no price of a whole output")
        };
    }
    Fate::Gained(Box::new(Offer {
        id,
        model: model.id.clone(),
        modality: model.modality,
        sold_as: None,
        via: None,
        markup: None,
        seconds_allowed: Vec::new(),
        seconds_min: None,
        seconds_max: None,
        megapixel_pixels: None,
        frames_per_second: None,
        extra_frames: 0,
        needs_input: Vec::new(),
        closed_to_new: None,
        retires,
        export: None,
        notes: vec!["known from price maps alone".to_owned()],
        price: rows,
    }))
}

/// A row of a metric without its price; none where offers know no such condition.
fn blank(metric: &str) -> Option<PriceRow> {
    let (per, mut when) = price::parse(metric)?;
    let service = when.remove("modifier");
    let above = when.remove("above");
    let modifier = match (service, above.is_some()) {
        (Some(service), true) => Some(format!("{service}-long-context")),
        (Some(service), false) => Some(service),
        (None, true) => Some("long-context".to_owned()),
        (None, false) => None,
    };
    let known = modifier.as_deref().is_none_or(|m| MODIFIERS.contains(&m))
        && when
            .keys()
            .all(|k| matches!(k.as_str(), "quality" | "size" | "resolution"));
    let above_tokens = match above {
        Some(text) => Some(text.parse().ok()?),
        None => None,
    };
    known.then(|| PriceRow {
        amount: None,
        per,
        when,
        modifier,
        above_tokens,
        from: None,
        until: None,
        first_seen: None,
        as_of: PartialDate::day(Date::default()),
        absent_on: None,
        source: String::new(),
        confidence: Confidence::Low,
        note: None,
    })
}

/// Do the rows price what the model makes?
fn sells(modality: Modality, rows: &[PriceRow]) -> bool {
    let any = |units: &[Unit]| {
        let mut plain = rows.iter().filter(|r| r.modifier.is_none());
        plain.any(|r| units.contains(&r.per))
    };
    match modality {
        Modality::Text => any(&[Unit::MillionInput]) && any(&[Unit::MillionOutput]),
        Modality::Image => any(&[Unit::Image, Unit::Megapixel, Unit::MillionImageOutput]),
        Modality::Video => any(&[Unit::VideoSecond, Unit::Video, Unit::MillionVideoTokens]),
        Modality::Music => any(&[Unit::Song, Unit::AudioSecond]),
        Modality::Sound => any(&[Unit::Sound, Unit::AudioSecond]),
        Modality::Speech => any(&[
            Unit::MillionCharacters,
            Unit::ThousandCharacters,
            Unit::AudioSecond,
            Unit::MillionAudioOutput,
        ]),
        Modality::ThreeD => any(&[Unit::Asset]),
        Modality::Motion => false,
    }
}

/// Adds the offers that were gained.
pub(super) fn lay_over(catalog: &mut Catalog, witnesses: &Witnesses, day: Date) {
    let mut gained: Vec<(String, Offer)> = Vec::new();
    for (provider, _, fate) in fates(catalog, witnesses, day) {
        if let Fate::Gained(offer) = fate {
            // Two names in a map may be one model of the catalog: the first in order is taken.
            if !gained.iter().any(|(_, o)| o.id == offer.id) {
                gained.push((provider.to_owned(), *offer));
            }
        }
    }
    for (provider, offer) in gained {
        if let Some(p) = catalog.providers.iter_mut().find(|p| p.id == provider) {
            p.offer.push(offer);
        }
    }
}

/// `prices --new`.
pub fn new_offers(ctx: &Context, all: bool) -> Result<NewOffersReport, AppError> {
    let witnesses = Witnesses::gather(ctx)?;
    let mut report = NewOffersReport {
        schema: "maquette.new-offers/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        listed: 0,
        known: 0,
        left: BTreeMap::new(),
        offers: Vec::new(),
        attributions: Vec::new(),
    };
    let mut sources = BTreeSet::new();
    for (provider, name, fate) in fates(&ctx.knowledge.catalog, &witnesses, ctx.as_of) {
        report.listed += 1;
        let line = |verdict: &str, id: Option<String>, why: &str| NewOfferLine {
            provider: provider.to_owned(),
            name: name.to_owned(),
            id,
            verdict: verdict.to_owned(),
            why: why.to_owned(),
            prices: Vec::new(),
        };
        match fate {
            Fate::Known => report.known += 1,
            Fate::Left(why) => {
                *report.left.entry(why.to_owned()).or_default() += 1;
                if all {
                    report.offers.push(line("left-out", None, why));
                }
            }
            Fate::Pending(id) => {
                let why = "one origin alone, for less than a day";
                report.offers.push(line("pending", Some(id), why));
            }
            Fate::Gained(offer) => {
                let who: BTreeSet<&str> = offer.price.iter().map(|r| r.source.as_str()).collect();
                let why: Vec<&str> = who.into_iter().collect();
                let mut line = line("offer", Some(offer.id.clone()), &why.join("; "));
                for row in &offer.price {
                    let said = row.source.trim_start_matches("observed: ").split(", ");
                    sources.extend(said.map(str::to_owned));
                    let amount = row.amount.map(|m| m.amount.normalize().to_string());
                    let modifier = row.modifier.as_deref();
                    let modifier = modifier.map(|m| format!(" ({m})")).unwrap_or_default();
                    line.prices.push(format!(
                        "{} USD per {}{modifier}",
                        amount.unwrap_or_default(),
                        row.per
                    ));
                }
                report.offers.push(line);
            }
        }
    }
    report.attributions = super::series::attributions(ctx, sources.iter().map(String::as_str))?;
    Ok(report)
}

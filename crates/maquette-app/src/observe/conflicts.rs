//! `prices --conflicts`: the catalog's prices beside what price maps say; and the catalog with those
//! changes laid over it that stand (the rule is `maquette_decide::witness`).

use std::collections::BTreeSet;

use maquette_catalog::schema::provider::{Offer, PriceRow};
use maquette_core::report::observe::{ConflictLine, ConflictsReport, WitnessLine};
use maquette_core::{Confidence, Money, MoneyFigure, PartialDate};
use maquette_decide::variant;
use maquette_decide::witness::{Change, OLD_DAYS, Witness, Word, judge};

use super::witnesses::Witnesses;
use crate::context::Context;
use crate::error::AppError;
use crate::listing::{Filter, Sold, offer_standing, sold};

/// A row of the catalog in force, with what is said of it.
struct Judged<'a> {
    offer: &'a Offer,
    /// Place in the offer's list.
    at: usize,
    row: &'a PriceRow,
    amount: Money,
    witnesses: Vec<Witness>,
    word: Word,
}

/// Every row in force that somebody speaks of, and how many nobody does.
fn judged<'a>(
    ctx: &'a Context,
    witnesses: &Witnesses,
    filter: &Filter,
) -> Result<(Vec<Judged<'a>>, usize), AppError> {
    let (mut out, mut alone) = (Vec::new(), 0);
    for Sold {
        provider,
        offer,
        model,
    } in sold(ctx, filter)?
    {
        for (at, row) in offer.price.iter().enumerate() {
            let (_, holds) = offer_standing(offer, model, at, ctx.as_of);
            let Some(amount) = row.amount.filter(|_| holds) else {
                continue;
            };
            let said = witnesses.on(&provider.id, offer, row);
            if said.is_empty() || amount.currency.as_str() != "USD" {
                alone += 1;
                continue;
            }
            out.push(Judged {
                offer,
                at,
                row,
                amount,
                word: judge(amount.amount, row.as_of.last(), &said, ctx.as_of),
                witnesses: said,
            });
        }
    }
    Ok((out, alone))
}

pub fn conflicts(ctx: &Context, filter: &Filter) -> Result<ConflictsReport, AppError> {
    let (judged, alone) = judged(ctx, &Witnesses::gather(ctx)?, filter)?;
    let compared = judged.len();
    let shown = judged
        .iter()
        .filter(|j| filter.all || j.word != Word::Agrees);
    let mut lines: Vec<ConflictLine> = shown.map(line).collect();
    lines.sort_by(|a, b| (&a.verdict, &a.id).cmp(&(&b.verdict, &b.id)));
    let sources: BTreeSet<&str> = lines
        .iter()
        .flat_map(|l| &l.witnesses)
        .map(|w| w.source.as_str())
        .collect();
    Ok(ConflictsReport {
        schema: "maquette.price-conflicts/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        compared,
        alone,
        attributions: super::series::attributions(ctx, sources.into_iter())?,
        conflicts: lines,
    })
}

fn line(j: &Judged<'_>) -> ConflictLine {
    let witness = |w: &Witness| WitnessLine {
        source: w.source.clone(),
        origin: w.origin.clone(),
        amount: w.amount.normalize().to_string(),
        since: w.since.to_string(),
        read_on: w.read.to_string(),
    };
    let new = match &j.word {
        Word::Changed(c) => Some(c.amount.normalize().to_string()),
        _ => None,
    };
    ConflictLine {
        id: format!("{}#{}", j.offer.id, j.at + 1),
        per: j.row.per.to_string(),
        when: variant::describe(&j.row.when),
        modifier: j.row.modifier.clone(),
        price: MoneyFigure::from(j.amount),
        source: j.row.source.clone(),
        source_as_of: j.row.as_of.to_string(),
        witnesses: j.witnesses.iter().map(witness).collect(),
        new_amount: new,
        verdict: j.word.as_str().to_owned(),
        why: why(j),
    }
}

fn why(j: &Judged<'_>) -> String {
    let read = j.row.as_of;
    let who = |c: &Change| {
        format!(
            "{} say {} since {}",
            c.sources.join(", "),
            c.amount.normalize(),
            c.since
        )
    };
    match &j.word {
        Word::Agrees => String::new(),
        Word::Changed(c) => who(c),
        Word::Pending(c) => format!("{}: a second source or a day is waited for", who(c)),
        Word::Differs => {
            let agree = j
                .witnesses
                .iter()
                .filter(|w| w.amount == j.amount.amount)
                .count();
            format!(
                "nobody saw it change since {read}; {agree} of {} agree with the catalog",
                j.witnesses.len()
            )
        }
        Word::Outdated => {
            format!("who says otherwise was last read more than {OLD_DAYS} days before {read}")
        }
    }
}

/// The catalog with what was observed: the prices that price maps changed since it was read, where that
/// stands, each from the day on which the change was first seen, with its sources (the catalog's own row
/// holds before); the offers that they have beside the catalog's; rates of exchange and of electricity.
pub fn laid_over(mut ctx: Context) -> Result<Context, AppError> {
    if ctx.store()?.is_none() {
        return Ok(ctx);
    }
    let witnesses = Witnesses::gather(&ctx)?;
    let (judged, _) = judged(&ctx, &witnesses, &Filter::default())?;
    let mut gained: Vec<(String, PriceRow)> = Vec::new();
    for j in &judged {
        if let Word::Changed(change) = &j.word {
            gained.push((j.offer.id.clone(), row(j, change)));
        }
    }
    for offer in ctx
        .knowledge
        .catalog
        .providers
        .iter_mut()
        .flat_map(|p| &mut p.offer)
    {
        let rows = gained.iter().filter(|(id, _)| *id == offer.id);
        offer.price.extend(rows.map(|(_, row)| row.clone()));
    }
    let day = ctx.as_of;
    super::offers::lay_over(&mut ctx.knowledge.catalog, &witnesses, day);
    let (knowledge, store) = ctx.parts()?;
    if let Some(store) = store {
        super::rates::lay_over(&mut knowledge.catalog, store, day)?;
    }
    Ok(ctx)
}

fn row(j: &Judged<'_>, change: &Change) -> PriceRow {
    PriceRow {
        amount: Some(Money::usd(change.amount)),
        from: Some(change.since),
        until: None,
        first_seen: Some(PartialDate::day(change.since)),
        as_of: PartialDate::day(change.read),
        absent_on: None,
        source: format!("observed: {}", change.sources.join(", ")),
        confidence: Confidence::Medium,
        note: Some(format!(
            "in place of {} of {}; {}",
            MoneyFigure::from(j.amount).amount,
            j.row.as_of,
            why(j)
        )),
        ..j.row.clone()
    }
}

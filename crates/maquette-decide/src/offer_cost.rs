//! What one output costs at a pay-per-use offer, for every tier the offer has.

mod units;

use std::borrow::Cow;
use std::collections::BTreeMap;

use maquette_catalog::schema::model::Model;
use maquette_catalog::schema::place::Conversion;
use maquette_catalog::schema::provider::{Offer, PriceRow};
use maquette_core::{Confidence, Demand, Modality, Money, Quantity, Unit, UnitPrice};
use rust_decimal::Decimal;

use crate::context::Ctx;
use crate::facts::{Fact, Formula, Term};
use crate::range::Range;
use crate::reason::{Reason, Why};
use crate::standing::{Dates, Standing, pick, standing};
use crate::variant;

/// Days before an announced end within which an answer warns of it.
const RETIRES_SOON_DAYS: i64 = 120;

pub use units::characters_per_minute;

/// One tier of an offer, priced for one output of the demand.
#[derive(Debug, Clone)]
pub struct Priced<'a> {
    pub variant: String,
    /// Per output, before the keep rate.
    pub cost: Range,
    pub formula: Formula,
    pub facts: Vec<Fact<'a>>,
    pub warnings: Vec<String>,
}

/// What makes two rows different products: quality, sound, speed; and the modifier.
type Tier = (BTreeMap<String, String>, Option<String>);

/// A price row in force, with its place in the offer.
#[derive(Clone, Copy)]
struct Live<'a> {
    index: usize,
    row: &'a PriceRow,
    standing: Standing,
}

/// Every tier of the offer: a cost, or why there is none.
pub fn of_offer<'a>(
    offer: &'a Offer,
    model: &Model,
    demand: &Demand,
    ctx: &Ctx<'a>,
) -> Vec<(String, Result<Priced<'a>, Why>)> {
    if let Err(why) = available(offer, model, demand, ctx) {
        return vec![(String::new(), Err(why))];
    }
    let (live, why) = in_force(offer, demand, ctx);
    if live.is_empty() {
        return vec![(
            String::new(),
            Err(why.unwrap_or_else(|| Why::not_in_force(None, ctx.ask.as_of))),
        )];
    }
    let mut tiers: BTreeMap<Tier, Vec<Live<'_>>> = BTreeMap::new();
    for l in live {
        let key = (variant::tier(&l.row.when), service(l.row));
        tiers.entry(key).or_default().push(l);
    }
    tiers
        .into_iter()
        .map(|((tier, modifier), rows)| {
            let mut name = variant::describe(&tier);
            if let Some(m) = &modifier {
                name = if name.is_empty() {
                    m.clone()
                } else {
                    format!("{name}, {m}")
                };
            }
            let priced = variant::suits(&tier, demand)
                .and_then(|()| units::tier_cost(offer, model, &rows, demand, ctx));
            (
                name.clone(),
                priced.map(|p| Priced {
                    variant: join(&name, &p.variant),
                    ..p
                }),
            )
        })
        .collect()
}

fn join(a: &str, b: &str) -> String {
    match (a.is_empty(), b.is_empty()) {
        (true, _) => b.to_owned(),
        (_, true) => a.to_owned(),
        _ => format!("{b}, {a}"),
    }
}

fn available(offer: &Offer, model: &Model, demand: &Demand, ctx: &Ctx<'_>) -> Result<(), Why> {
    let day = ctx.ask.as_of;
    if let Some(on) = offer.retires.filter(|r| *r <= day) {
        return Err(Why::new(Reason::Retired, format!("stopped on {on}")));
    }
    if let Some(on) = offer.closed_to_new.filter(|r| *r <= day) {
        return Err(Why::new(
            Reason::ClosedToNew,
            format!("closed to new customers since {on}"),
        ));
    }
    if offer.export == Some(false) {
        return Err(Why::new(
            Reason::NoExport,
            "outputs cannot leave the platform",
        ));
    }
    model_available(model, demand, ctx)
}

/// Is the model out, still offered by its publisher, and able to read the prompts of the work?
pub fn model_available(model: &Model, demand: &Demand, ctx: &Ctx<'_>) -> Result<(), Why> {
    let day = ctx.ask.as_of;
    if let Some(released) = model.released.filter(|r| r.first() > day) {
        return Err(Why::new(
            Reason::NotReleased,
            format!("released {released}"),
        ));
    }
    if let Some(on) = model.retired.filter(|r| *r <= day) {
        return Err(Why::new(Reason::Retired, format!("withdrawn on {on}")));
    }
    prompt_fits(model, demand).map(|_| ())
}

/// Does the longest prompt of the work fit the model? Where nobody knows, the warning says so.
pub fn prompt_fits(model: &Model, demand: &Demand) -> Result<Option<String>, Why> {
    let Some(prompt) = demand.prompt_tokens else {
        return Ok(None);
    };
    match model.longest_context() {
        Some(most) if prompt > most => Err(Why::new(
            Reason::PromptTooLong,
            format!("reads at most {most} tokens, asked for {prompt}"),
        )),
        Some(_) => Ok(None),
        None => Ok(Some(
            "whether the model reads a prompt this long is not in the catalog".to_owned(),
        )),
    }
}

/// The rows that hold on the day for this demand. Above a model's line the long-context price takes
/// the place of the standard one.
fn in_force<'a>(offer: &'a Offer, demand: &Demand, ctx: &Ctx<'_>) -> (Vec<Live<'a>>, Option<Why>) {
    type Key<'a> = (Unit, &'a BTreeMap<String, String>, &'a Option<String>);
    let mut groups: BTreeMap<Key<'a>, Vec<(usize, &'a PriceRow)>> = BTreeMap::new();
    let over =
        |row: &PriceRow| demand.prompt_tokens > row.above_tokens && row.above_tokens.is_some();
    let holds = |row: &PriceRow| {
        standing(&Dates::from(row), ctx.ask.as_of, ctx.ask.carry_back_days).is_ok()
    };
    let long = offer.price.iter().any(|row| over(row) && holds(row));
    for (i, row) in offer.price.iter().enumerate() {
        let text = offer.modality == Modality::Text;
        let (batch, priority) = (ctx.ask.batch && !ctx.ask.priority, ctx.ask.priority);
        // A price of batch or priority service alone is one of prompts below the line.
        let wanted = match row.modifier.as_deref() {
            None => !(priority && text),
            Some("batch") => batch && !long,
            Some("priority") => priority && !long,
            Some("long-context") => over(row) && !(priority && text),
            Some("batch-long-context") => over(row) && batch,
            Some("priority-long-context") => over(row) && priority,
            Some(_) => false,
        };
        if wanted {
            groups
                .entry((row.per, &row.when, &row.modifier))
                .or_default()
                .push((i, row));
        }
    }
    let mut live = Vec::new();
    let mut why = (long && ctx.ask.priority).then(|| {
        Why::new(
            Reason::NotPublished,
            "no priority price is published for prompts as long as these",
        )
    });
    for rows in groups.into_values() {
        match pick(
            rows.into_iter(),
            |(_, r)| Dates::from(*r),
            ctx.ask.as_of,
            ctx.ask.carry_back_days,
        ) {
            Ok(((index, row), standing)) => live.push(Live {
                index,
                row,
                standing,
            }),
            Err(e) => why = why.or(Some(Why::not_in_force(e, ctx.ask.as_of))),
        }
    }
    let long: Vec<Unit> = live
        .iter()
        .filter(|l| is_long(l))
        .map(|l| l.row.per)
        .collect();
    live.retain(|l| is_long(l) || l.row.modifier.is_some() || !long.contains(&l.row.per));
    (live, why)
}

fn is_long(live: &Live<'_>) -> bool {
    live.row.above_tokens.is_some()
}

/// The service a row prices, whatever the length of the prompt: standard, batch or priority.
fn service(row: &PriceRow) -> Option<String> {
    let modifier = row.modifier.as_deref()?;
    let service = modifier.strip_suffix("long-context").unwrap_or(modifier);
    let service = service.trim_end_matches('-');
    (!service.is_empty()).then(|| service.to_owned())
}

/// Adds up one output from the prices it takes, keeping the evidence of each.
struct Sum<'c, 'a> {
    ctx: &'c Ctx<'a>,
    offer: &'a Offer,
    cost: Range,
    terms: Vec<Term>,
    facts: Vec<Fact<'a>>,
    warnings: Vec<String>,
}

impl<'a> Sum<'_, 'a> {
    /// `amount` units at this row's price; the range is of the amount.
    fn add(
        &mut self,
        live: Live<'_>,
        amount: Range,
        what: impl Into<Cow<'static, str>>,
    ) -> Result<(), Why> {
        let row = live.row;
        let money = row
            .amount
            .ok_or_else(|| Why::new(Reason::NotPublished, "the amount is not published"))?;
        let converted = self.ctx.convert(money)?;
        let price = UnitPrice::new(Money::new(converted.amount, self.ctx.currency), row.per);
        let of = |x: Decimal| {
            price
                .of(Quantity::new(x, row.per))
                .map(|m| m.amount)
                .map_err(|e| Why::new(Reason::NotPublished, e.to_string()))
        };
        self.cost = self.cost.plus(Range {
            low: of(amount.low)?,
            mid: of(amount.mid)?,
            high: of(amount.high)?,
        });
        self.terms.push(Term {
            amount: amount.mid,
            what: what.into(),
            price: money,
            per: row.per,
        });
        self.facts.push(Fact::Price {
            offer: self.offer,
            index: live.index,
            assumed: live.standing.is_assumed(),
        });
        self.warnings
            .extend(live.standing.warning("price", row.as_of));
        if matches!(row.confidence, Confidence::Low | Confidence::Conflict) {
            let note = row.note.as_deref().unwrap_or(&row.source);
            self.warnings.push(format!(
                "price: {} confidence: {note}",
                row.confidence.as_str()
            ));
        }
        self.facts.extend(converted.evidence.map(Fact::from));
        self.warnings.extend(converted.warning);
        Ok(())
    }

    fn rests_on(&mut self, conversion: &'a Conversion) {
        self.facts.push(Fact::Conversion(conversion));
    }

    fn done(self, variant: String) -> Priced<'a> {
        let mut warnings: Vec<String> = Vec::new();
        for w in self.warnings {
            if !warnings.contains(&w) {
                warnings.push(w);
            }
        }
        let day = self.ctx.ask.as_of;
        let soon =
            |on: &maquette_core::Date| maquette_core::days_between(day, *on) <= RETIRES_SOON_DAYS;
        if let Some(on) = self.offer.retires.filter(soon) {
            warnings.push(format!("stops on {on}"));
        }
        Priced {
            variant,
            cost: self.cost,
            formula: Formula::Terms(self.terms),
            facts: self.facts,
            warnings,
        }
    }
}

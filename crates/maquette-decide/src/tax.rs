//! Tax on what is bought (research note on prices, section 2, rule 15): a net price, the rate of the
//! asker's place, and whether the asker is registered.
//!
//! Services sold electronically are taxed where the customer is, in the EU by Directive 2006/112/EC,
//! article 58; a registered business accounts for the tax itself (articles 44 and 196), so that it is
//! no cost. A provider that does not say whether its prices hold tax is read strictly: the tax comes
//! on top, and the lower bound is without.

use maquette_catalog::schema::place::{Place, Vat};
use maquette_catalog::schema::plan::Tax;
use maquette_catalog::schema::provider::Provider;
use maquette_core::{Basis, Evidence};
use rust_decimal::Decimal;

use crate::context::Ctx;
use crate::range::Range;

/// What becomes of a price of one seller.
#[derive(Debug, Clone)]
pub struct Taxed {
    /// Times the price as stated.
    pub factor: Range,
    pub evidence: Vec<Evidence>,
    pub warning: Option<String>,
}

impl Taxed {
    fn untouched() -> Taxed {
        Taxed {
            factor: Range::point(Decimal::ONE),
            evidence: Vec::new(),
            warning: None,
        }
    }

    /// A stated price as it is counted.
    pub fn price(&self, stated: Decimal) -> Decimal {
        stated * self.factor.mid
    }

    /// A counted price with its bounds.
    pub fn spread(&self, counted: Decimal) -> Range {
        let bound = |factor: Decimal| {
            if factor == self.factor.mid {
                counted
            } else {
                counted * factor / self.factor.mid
            }
        };
        Range {
            low: bound(self.factor.low),
            mid: counted,
            high: bound(self.factor.high),
        }
    }

    /// ` × 1.19 (value added tax)`, or nothing.
    pub fn words(&self) -> String {
        if self.factor.mid == Decimal::ONE {
            String::new()
        } else {
            format!(" × {} (value added tax)", self.factor.mid.normalize())
        }
    }
}

/// The rate of the asker's place on the day.
pub struct Rate<'a> {
    place: &'a Place,
    index: usize,
    row: &'a Vat,
    assumed: bool,
}

impl Rate<'_> {
    pub fn fraction(&self) -> Decimal {
        self.row.rate
    }

    /// `19 %`.
    pub fn percent(&self) -> String {
        format!("{} %", (self.row.rate * Decimal::ONE_HUNDRED).normalize())
    }

    fn evidence(&self) -> Evidence {
        Evidence {
            id: format!("place/{}#vat{}", self.place.id, self.index + 1),
            fact: format!(
                "value added tax of {} in {}",
                self.percent(),
                self.place.name
            ),
            source: self.row.source.clone(),
            as_of: self.row.as_of.to_string(),
            confidence: self.row.confidence,
            basis: if self.assumed {
                Basis::Assumed
            } else {
                Basis::Published
            },
            note: self.row.note.clone(),
        }
    }
}

/// The country of a place: `US` of `US-HI`.
pub fn state(country: &str) -> &str {
    country.split('-').next().unwrap_or(country)
}

/// The rate in force where the asker is. A rate that had ended, or that begins later, is another
/// rate; one whose start nobody states is carried back from the day it was read.
pub fn rate<'a>(ctx: &Ctx<'a>) -> Option<Rate<'a>> {
    let (country, day) = (ctx.ask.studio.country.as_str(), ctx.ask.as_of);
    let of = |id: &str| {
        let mut places = ctx.catalog.places.iter();
        places.find(|p| p.id == id && !p.vat.is_empty())
    };
    let place = of(country).or_else(|| of(state(country)))?;
    let start = |v: &Vat| v.from.unwrap_or(v.as_of.first());
    let rows = || place.vat.iter().enumerate();
    let holds =
        |v: &Vat| v.from.is_none_or(|from| from <= day) && v.until.is_none_or(|until| day < until);
    let (index, row) = rows()
        .filter(|(_, v)| holds(v))
        .max_by_key(|(_, v)| start(v))?;
    Some(Rate {
        place,
        index,
        row,
        assumed: start(row) > day,
    })
}

/// Tax on what this provider sells; `of_plan` is what the plan says of its own fee.
pub fn on(provider: &Provider, of_plan: Option<Tax>, ctx: &Ctx<'_>) -> Taxed {
    let statement = provider.tax.as_ref();
    let says = of_plan.or(statement.map(|t| t.says));
    let mut taxed = reckon(says, ctx);
    if let (Some(t), false) = (statement, taxed.evidence.is_empty()) {
        taxed.evidence.push(Evidence {
            id: format!("provider/{}#tax", provider.id),
            fact: words(t.says).to_owned(),
            source: t.source.clone(),
            as_of: t.as_of.to_string(),
            confidence: t.confidence,
            basis: Basis::Published,
            note: t.note.clone(),
        });
    }
    taxed
}

/// Tax on a thing whose seller is not named: a graphics card.
pub fn on_goods(ctx: &Ctx<'_>) -> Taxed {
    reckon(None, ctx)
}

fn reckon(says: Option<Tax>, ctx: &Ctx<'_>) -> Taxed {
    let country = &ctx.ask.studio.country;
    if ctx.ask.studio.vat_registered || says == Some(Tax::Included) {
        return Taxed::untouched();
    }
    let in_eu = maquette_core::territory::in_eu(country);
    let stated = says == Some(Tax::Excluded) || (says == Some(Tax::EuVatAdded) && in_eu);
    let Some(rate) = rate(ctx) else {
        return Taxed {
            // Of the US one line for all says it.
            warning: (stated && state(country) != "US").then(|| {
                format!(
                    "tax comes on top of the price; the rate in {country} is not in the catalog"
                )
            }),
            ..Taxed::untouched()
        };
    };
    let with = Decimal::ONE + rate.fraction();
    let mut evidence = rate.evidence();
    if !stated {
        evidence.basis = Basis::Assumed;
    }
    Taxed {
        factor: Range {
            low: if stated { with } else { Decimal::ONE },
            mid: with,
            high: with,
        },
        warning: (!stated).then(|| {
            "whether the price includes value added tax is not stated: counted on top".to_owned()
        }),
        evidence: vec![evidence],
    }
}

fn words(says: Tax) -> &'static str {
    match says {
        Tax::Excluded => "prices are stated without tax",
        Tax::EuVatAdded => "value added tax is added in the EU",
        Tax::Included => "prices include tax",
    }
}

/// One line for every answer: what of tax is counted.
pub fn note(ctx: &Ctx<'_>) -> String {
    let country = &ctx.ask.studio.country;
    if ctx.ask.studio.vat_registered {
        return format!(
            "No value added tax is counted: a registered business in {country} does not bear it."
        );
    }
    match rate(ctx) {
        Some(rate) => format!(
            "Value added tax of {} ({country}) is counted on what is bought; --vat-registered leaves it out.",
            rate.percent()
        ),
        None if state(country) == "US" => {
            "Prices are without tax: sales tax depends on the state and is not counted.".to_owned()
        }
        None => format!(
            "Prices are without tax: no rate of value added tax for {country} is in the catalog."
        ),
    }
}

//! What a figure rests on, kept as references until somebody asks: most candidates are never shown.

use maquette_catalog::schema::place::{Conversion, Exchange};
use maquette_catalog::schema::provider::Offer;
use maquette_core::{Basis, Confidence, Evidence, Money, Unit};
use rust_decimal::Decimal;

use crate::variant;

/// One fact behind a figure.
#[derive(Debug, Clone)]
pub enum Fact<'a> {
    /// A price row of an offer; `assumed` when it is carried back.
    Price {
        offer: &'a Offer,
        index: usize,
        assumed: bool,
    },
    Conversion(&'a Conversion),
    Exchange(&'a Exchange),
    /// Any other, written out.
    Written(Box<Evidence>),
}

impl Fact<'_> {
    pub fn evidence(&self) -> Evidence {
        match self {
            Fact::Price {
                offer,
                index,
                assumed,
            } => price(offer, *index, *assumed),
            Fact::Conversion(c) => conversion(c),
            Fact::Exchange(x) => exchange(x),
            Fact::Written(e) => (**e).clone(),
        }
    }

    pub fn is_assumed(&self) -> bool {
        match self {
            Fact::Price { assumed, .. } => *assumed,
            Fact::Conversion(c) => conversion_basis(c) == Basis::Assumed,
            Fact::Exchange(_) => false,
            Fact::Written(e) => e.basis == Basis::Assumed,
        }
    }
}

impl From<Evidence> for Fact<'_> {
    fn from(e: Evidence) -> Self {
        Fact::Written(Box::new(e))
    }
}

fn price(offer: &Offer, index: usize, assumed: bool) -> Evidence {
    let row = &offer.price[index];
    let when = variant::describe(&row.when);
    let when = if when.is_empty() {
        String::new()
    } else {
        format!(" ({when})")
    };
    let amount = row
        .amount
        .map_or_else(|| "not published".to_owned(), |m| m.to_string());
    Evidence {
        id: format!("{}#{}", offer.id, index + 1),
        fact: format!("{amount} per {}{when}", row.per),
        source: row.source.clone(),
        as_of: row.as_of.to_string(),
        confidence: row.confidence,
        basis: if assumed {
            Basis::Assumed
        } else {
            Basis::Published
        },
        note: row.note.clone(),
    }
}

fn conversion_basis(c: &Conversion) -> Basis {
    if c.confidence == Confidence::Low {
        Basis::Assumed
    } else {
        Basis::Published
    }
}

pub fn conversion(c: &Conversion) -> Evidence {
    Evidence {
        id: format!("conversion/{}", c.id),
        fact: format!(
            "1 {} = {} {} ({} to {})",
            c.from,
            c.mid.round_dp(4).normalize(),
            c.to,
            c.low.normalize(),
            c.high.normalize()
        ),
        source: c.source.clone(),
        as_of: c.as_of.to_string(),
        confidence: c.confidence,
        basis: conversion_basis(c),
        note: c.note.clone(),
    }
}

pub fn exchange(x: &Exchange) -> Evidence {
    Evidence {
        id: format!("exchange/{}-{}", x.from, x.to),
        fact: format!("1 {} = {} {}", x.from, x.rate.normalize(), x.to),
        source: x.source.clone(),
        as_of: x.as_of.to_string(),
        confidence: x.confidence,
        basis: Basis::Published,
        note: x.note.clone(),
    }
}

/// How a cost was reckoned.
#[derive(Debug, Clone)]
pub enum Formula {
    /// Amounts times prices, added up.
    Terms(Vec<Term>),
    Words(String),
}

/// `4 tiles × 0.0000528 USD per tile-512`.
#[derive(Debug, Clone)]
pub struct Term {
    pub amount: Decimal,
    pub what: std::borrow::Cow<'static, str>,
    pub price: Money,
    pub per: Unit,
}

impl Formula {
    /// The formula with what comes on top of all of it; unchanged where nothing does.
    #[must_use]
    pub fn with(self, on_top: &str) -> Formula {
        if on_top.is_empty() {
            self
        } else {
            Formula::Words(format!("({self}){on_top}"))
        }
    }
}

impl std::fmt::Display for Formula {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Formula::Words(words) => f.write_str(words),
            Formula::Terms(terms) => {
                for (i, t) in terms.iter().enumerate() {
                    let plus = if i == 0 { "" } else { " + " };
                    let amount = t.amount.round_sf(7).unwrap_or(t.amount).normalize();
                    write!(f, "{plus}{amount} {} × {} per {}", t.what, t.price, t.per)?;
                }
                Ok(())
            }
        }
    }
}

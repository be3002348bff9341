//! A price as a metric: `price/<unit of sale>` and, after semicolons, what it depends on, in order:
//! `price/image;quality=low;size=1024x1024`. The unit of the value is the currency.

use std::collections::BTreeMap;

use maquette_core::Unit;
use rust_decimal::Decimal;

use crate::fact::{Fact, Facts, Value};

/// The start of every price's metric.
pub const START: &str = "price/";

/// What a price depends on: `quality`, `size`, `resolution`, `steps`, `modifier`, `above` (tokens of the
/// prompt), `kind` (of the input or output), `ttl` (of a cache), `tier`, `time`.
pub type When = BTreeMap<&'static str, String>;

pub fn metric(per: Unit, when: &When) -> String {
    let mut out = format!("{START}{per}");
    for (key, value) in when {
        out.push(';');
        out.push_str(key);
        out.push('=');
        out.push_str(value);
    }
    out
}

/// A metric taken apart again.
pub fn parse(metric: &str) -> Option<(Unit, BTreeMap<String, String>)> {
    let mut parts = metric.strip_prefix(START)?.split(';');
    let per = parts.next()?.parse().ok()?;
    let when = parts
        .map(|p| p.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned())))
        .collect::<Option<_>>()?;
    Some((per, when))
}

/// Writes a price in USD; zero is refused, since maps write zero for what is free, included, or
/// simply not known.
pub(super) fn push(
    out: &mut Facts,
    subject: &str,
    field: &str,
    per: Unit,
    when: &When,
    usd: Decimal,
) {
    let key = format!("{subject} {field}");
    if usd.is_zero() {
        out.reject(key, "zero: free, included or not known");
    } else if usd.is_sign_negative() {
        out.reject(key, "negative: no price");
    } else {
        let metric = metric(per, when);
        // Two fields of one meaning: the first stands where they agree.
        let before = out.facts.iter().rev().take_while(|f| f.subject == subject);
        let before = before
            .into_iter()
            .find(|f| f.metric == metric)
            .map(|f| f.value.clone());
        match before {
            None => out
                .facts
                .push(Fact::change(subject, &metric, "USD", Value::Number(usd))),
            Some(v) if v == Value::Number(usd) => {}
            Some(v) => out.reject(
                key,
                format!("{usd} against {v} in another field of the same meaning"),
            ),
        }
    }
}

/// `usd` for one as so much for a million, exactly.
pub(super) fn million(usd: Decimal) -> Option<Decimal> {
    usd.checked_mul(Decimal::from(1_000_000))
        .map(|d| d.normalize())
}

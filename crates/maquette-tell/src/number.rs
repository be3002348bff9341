//! Figures as people read them. Rounding for the eye happens here; the report keeps every digit.

use maquette_core::report::{MoneyFigure, MoneyRange};
use maquette_core::{Currency, Money};
use rust_decimal::Decimal;

/// `$30.00`, `$0.0092`, `12.50 EUR`.
pub fn money(m: &MoneyFigure) -> String {
    amount(&m.amount, &m.currency)
}

/// An amount and a currency code, as [`money`].
pub fn amount(amount: &str, currency: &str) -> String {
    let (Ok(value), Ok(code)) = (amount.parse::<Decimal>(), currency.parse::<Currency>()) else {
        return format!("{amount} {currency}");
    };
    let rounded = Money::new(value, code).rounded();
    let text = if rounded.scale() < 2 {
        format!("{rounded:.2}")
    } else {
        rounded.to_string()
    };
    let text = with_thousands(&text);
    if code == Currency::USD {
        format!("${text}")
    } else {
        format!("{text} {code}")
    }
}

/// A price per unit keeps its digits: `$0.0000528`.
pub fn price(m: &MoneyFigure) -> String {
    if m.currency == "USD" {
        format!("${}", m.amount)
    } else {
        format!("{} {}", m.amount, m.currency)
    }
}

/// The bounds, where they differ: `$0.60–0.75`.
pub fn bounds(r: &MoneyRange) -> String {
    if r.is_point() {
        return String::new();
    }
    let (low, high) = (amount(&r.low, &r.currency), amount(&r.high, &r.currency));
    if low == high {
        String::new()
    } else {
        format!("{low}–{}", high.trim_start_matches('$'))
    }
}

/// An amount and, where they differ, its bounds: `$0.68 ($0.60–0.75)`.
pub fn range(r: &MoneyRange) -> String {
    let bounds = bounds(r);
    let mid = amount(&r.amount, &r.currency);
    if bounds.is_empty() {
        mid
    } else {
        format!("{mid} ({bounds})")
    }
}

/// `50000` as `50,000`.
pub fn count(text: &str) -> String {
    text.parse::<Decimal>()
        .map_or_else(|_| text.to_owned(), maquette_core::group)
}

/// Thousands of a whole number are parted; whatever is none stays as it is.
pub fn parted(text: &str) -> String {
    if text.len() > 3 && text.bytes().all(|b| b.is_ascii_digit()) {
        count(text)
    } else {
        text.to_owned()
    }
}

fn with_thousands(text: &str) -> String {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let grouped = whole
        .parse::<Decimal>()
        .map_or_else(|_| whole.to_owned(), maquette_core::group);
    if fraction.is_empty() {
        grouped
    } else {
        format!("{grouped}.{fraction}")
    }
}

/// With a large first letter.
pub fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .map(|c| c.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

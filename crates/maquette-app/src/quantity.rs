//! Quantities as people type them, with limits.

use maquette_core::{Demand, Modality, group};
use rust_decimal::Decimal;

/// Most outputs of one demand a month.
pub const MOST: i64 = 1_000_000_000;

/// `100`, `1,000`, `50k`, `2.5m`.
pub fn number(text: &str) -> Result<Decimal, String> {
    let plain: String = text
        .trim()
        .chars()
        .filter(|c| !matches!(c, ',' | '_'))
        .collect();
    let (digits, factor) = match plain.to_lowercase() {
        s if s.ends_with('k') => (s[..s.len() - 1].to_owned(), Decimal::from(1_000)),
        s if s.ends_with('m') => (s[..s.len() - 1].to_owned(), Decimal::from(1_000_000)),
        s => (s, Decimal::ONE),
    };
    let value = Decimal::from_str_exact(&digits)
        .map_err(|_| format!("`{text}` is not a number (write 100, 1,000 or 50k)"))?;
    value
        .checked_mul(factor)
        .ok_or_else(|| format!("`{text}` is too large"))
}

/// A quantity of this modality, or what is wrong with it.
pub fn of(modality: Modality, value: Decimal) -> Result<Decimal, String> {
    if value.is_sign_negative() && !value.is_zero() {
        return Err(format!(
            "{} is below zero: a month's work is not negative",
            value.normalize()
        ));
    }
    if value.is_zero() {
        return Err("0 is no work: leave the demand out".to_owned());
    }
    if value > Decimal::from(MOST) {
        return Err(format!(
            "{} is more than {} a month, the most this program reckons",
            group(value),
            group(MOST.into())
        ));
    }
    let countable = !matches!(modality, Modality::Text | Modality::Speech);
    if countable && value.fract() != Decimal::ZERO {
        return Err(format!(
            "{} is not a whole number, and {modality} outputs are counted whole",
            value.normalize()
        ));
    }
    Ok(value)
}

/// The other figures of a demand.
pub fn check(d: &Demand) -> Result<(), String> {
    if d.keep_rate <= Decimal::ZERO || d.keep_rate > Decimal::ONE {
        return Err(format!(
            "a keep rate lies above 0 and up to 1, not {}",
            d.keep_rate.normalize()
        ));
    }
    if d.quantity / d.keep_rate > Decimal::from(MOST) {
        return Err(
            "so few are kept that more would have to be made than this program reckons".to_owned(),
        );
    }
    if d.seconds
        .is_some_and(|s| s <= Decimal::ZERO || s > Decimal::from(86_400))
    {
        return Err("a length lies above 0 and up to 86,400 seconds".to_owned());
    }
    let side = |x: Option<u32>| x.is_some_and(|x| x == 0 || x > 16_384);
    if side(d.width) || side(d.height) {
        return Err("a picture has 1 to 16,384 pixels a side".to_owned());
    }
    let ratio = |r: Decimal| r.is_sign_negative() || r > Decimal::from(1_000);
    if ratio(d.input_ratio) || ratio(d.reasoning_ratio) {
        return Err("a ratio lies between 0 and 1,000".to_owned());
    }
    Ok(())
}

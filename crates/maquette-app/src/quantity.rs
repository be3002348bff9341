//! Quantities as people type them, with limits.

use maquette_core::{Demand, Modality, group};
use rust_decimal::Decimal;

/// Most outputs of one demand a month.
pub const MOST: i64 = 1_000_000_000;
/// Least quantity and length: below it a quotient may leave what a decimal holds.
const LEAST: Decimal = Decimal::from_parts(1, 0, 0, false, 6);
/// Most demands of one question; each takes its part of the mixed-integer program.
pub const MOST_DEMANDS: usize = 100;

/// `100`, `1,000`, `50k`, `2.5m`, `1e6`.
pub fn number(text: &str) -> Result<Decimal, String> {
    let typed = text.trim();
    if typed.is_empty() {
        return Err("no number is given".to_owned());
    }
    if !groups_of_three(typed) {
        return Err(format!(
            "`{text}` can be read two ways: write 1.5 with a point, 1,000 with commas"
        ));
    }
    let plain: String = typed.chars().filter(|c| !matches!(c, ',' | '_')).collect();
    let (digits, factor) = match plain.to_lowercase() {
        s if s.ends_with('k') => (s[..s.len() - 1].to_owned(), Decimal::from(1_000)),
        s if s.ends_with('m') => (s[..s.len() - 1].to_owned(), Decimal::from(1_000_000)),
        s => (s, Decimal::ONE),
    };
    let value = Decimal::from_str_exact(&digits)
        .or_else(|_| Decimal::from_scientific(&digits))
        .map_err(|_| unreadable(text, &digits))?;
    value
        .checked_mul(factor)
        .ok_or_else(|| format!("`{text}` is too large to reckon with"))
}

/// A comma parts thousands and nothing else, so that `0,30` is never taken for 30.
fn groups_of_three(text: &str) -> bool {
    let end = text
        .find(['.', 'e', 'E', 'k', 'K', 'm', 'M'])
        .unwrap_or(text.len());
    let (whole, after) = text.split_at(end);
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.peekable();
    !after.contains(',')
        && (rest.peek().is_none() || !first.is_empty())
        && rest.all(|g| g.len() == 3)
}

/// A number that a decimal does not hold is told apart from what is no number at all.
fn unreadable(text: &str, digits: &str) -> String {
    let numeric = digits
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
    match digits.parse::<f64>() {
        Ok(x) if numeric && x.abs() > 1e28 => format!("`{text}` is too large to reckon with"),
        Ok(_) if numeric => format!("`{text}` has more digits than this program keeps (28)"),
        _ => format!("`{text}` is not a number (write 100, 1,000 or 50k)"),
    }
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
    // Multiplied, not divided: a quotient may lie beyond what a decimal holds.
    if d.quantity > Decimal::from(MOST) * d.keep_rate {
        return Err(
            "so few are kept that more would have to be made than this program reckons".to_owned(),
        );
    }
    if d.quantity < LEAST {
        return Err(format!("{} is too little to reckon with", d.quantity));
    }
    if d.seconds
        .is_some_and(|s| s < LEAST || s > Decimal::from(86_400))
    {
        return Err("a length lies between 0.000001 and 86,400 seconds".to_owned());
    }
    if d.quality.as_ref().is_some_and(|q| q.trim().is_empty()) {
        return Err("a quality tier is a word, such as high".to_owned());
    }
    let side = |x: Option<u32>| x.is_some_and(|x| x == 0 || x > 16_384);
    if side(d.width) || side(d.height) {
        return Err("a picture has 1 to 16,384 pixels a side".to_owned());
    }
    let ratio = |r: Decimal| r.is_sign_negative() || r > Decimal::from(1_000);
    if d.cached_share.is_sign_negative() || d.cached_share > Decimal::ONE {
        return Err("a cached share lies between 0 and 1".to_owned());
    }
    let bytes = |b: Decimal| b < Decimal::ONE || b > Decimal::from(4);
    if d.bytes_per_character.is_some_and(bytes) {
        return Err("a character of UTF-8 has 1 to 4 bytes".to_owned());
    }
    if ratio(d.input_ratio) || ratio(d.reasoning_ratio) {
        return Err("a ratio lies between 0 and 1,000".to_owned());
    }
    Ok(())
}

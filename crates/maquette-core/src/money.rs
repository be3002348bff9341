//! Money: a decimal amount with its currency. Two currencies never add; an amount never becomes a
//! binary float on its way to a figure.

use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An ISO 4217 code: three upper-case letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    pub const USD: Currency = Currency(*b"USD");

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(s: &str) -> Result<Self, MoneyError> {
        match s.as_bytes() {
            [a, b, c] if s.bytes().all(|x| x.is_ascii_uppercase()) => Ok(Currency([*a, *b, *c])),
            _ => Err(MoneyError::Currency(s.to_owned())),
        }
    }
}

/// An amount of money, e.g. `0.04 USD`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    pub amount: Decimal,
    pub currency: Currency,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("`{0}` is not a currency code (three capital letters, such as USD)")]
    Currency(String),
    #[error("`{0}` is not an amount of money (write it as \"0.04 USD\")")]
    Amount(String),
    #[error("{0} and {1} do not add: convert one of them first")]
    Mixed(Currency, Currency),
    #[error("the amount is too large to compute with")]
    Overflow,
}

impl Money {
    pub fn new(amount: Decimal, currency: Currency) -> Money {
        Money { amount, currency }
    }

    pub fn usd(amount: Decimal) -> Money {
        Money::new(amount, Currency::USD)
    }

    pub fn zero(currency: Currency) -> Money {
        Money::new(Decimal::ZERO, currency)
    }

    pub fn is_zero(&self) -> bool {
        self.amount.is_zero()
    }

    /// The sum, or an error when the currencies differ.
    pub fn plus(self, other: Money) -> Result<Money, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::Mixed(self.currency, other.currency));
        }
        let amount = self
            .amount
            .checked_add(other.amount)
            .ok_or(MoneyError::Overflow)?;
        Ok(Money::new(amount, self.currency))
    }

    /// The amount taken `factor` times.
    pub fn times(self, factor: Decimal) -> Result<Money, MoneyError> {
        let amount = self
            .amount
            .checked_mul(factor)
            .ok_or(MoneyError::Overflow)?;
        Ok(Money::new(amount, self.currency))
    }

    /// For people: whole cents, and more places only below one cent (`0.0092`), so that a small
    /// price is never printed as nothing.
    pub fn rounded(&self) -> Decimal {
        let cents = self
            .amount
            .round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        if self.amount.is_zero() || self.amount.abs() >= Decimal::new(1, 2) {
            return cents;
        }
        self.amount
            .round_sf_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
            .unwrap_or(cents)
            .normalize()
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(s: &str) -> Result<Self, MoneyError> {
        let (amount, currency) = s
            .trim()
            .split_once(' ')
            .ok_or_else(|| MoneyError::Amount(s.to_owned()))?;
        let amount =
            Decimal::from_str_exact(amount).map_err(|_| MoneyError::Amount(s.to_owned()))?;
        Ok(Money::new(amount, currency.trim().parse()?))
    }
}

/// The catalog writes money as one string, `"0.04 USD"`.
impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        crate::text::from_str(d)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        crate::text::from_str(d)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

/// The form of money in every report: `{"amount": "2.71", "currency": "USD"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MoneyFigure {
    /// Decimal, as a string, so that no reader loses a digit.
    pub amount: String,
    pub currency: String,
}

impl From<Money> for MoneyFigure {
    fn from(m: Money) -> Self {
        // Ten places: below that is the noise of divisions, never a price.
        let amount = m.amount.round_dp(10).normalize();
        // At least two places: "30.00", but never fewer digits than the figure has.
        let amount = if amount.scale() < 2 {
            format!("{amount:.2}")
        } else {
            amount.to_string()
        };
        MoneyFigure {
            amount,
            currency: m.currency.to_string(),
        }
    }
}

//! A figure with its lower and upper bound.

use maquette_core::Currency;
use maquette_core::report::MoneyRange;
use rust_decimal::Decimal;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub low: Decimal,
    pub mid: Decimal,
    pub high: Decimal,
}

impl Range {
    pub const ZERO: Range = Range {
        low: Decimal::ZERO,
        mid: Decimal::ZERO,
        high: Decimal::ZERO,
    };

    pub fn point(x: Decimal) -> Range {
        Range {
            low: x,
            mid: x,
            high: x,
        }
    }

    #[must_use]
    pub fn plus(self, o: Range) -> Range {
        Range {
            low: self.low + o.low,
            mid: self.mid + o.mid,
            high: self.high + o.high,
        }
    }

    #[must_use]
    pub fn times(self, k: Decimal) -> Range {
        Range {
            low: self.low * k,
            mid: self.mid * k,
            high: self.high * k,
        }
    }

    /// Bound by bound, for a factor that has bounds of its own. Neither may be below zero.
    #[must_use]
    pub fn scaled(self, o: Range) -> Range {
        Range {
            low: self.low * o.low,
            mid: self.mid * o.mid,
            high: self.high * o.high,
        }
    }

    pub fn money(self, currency: Currency) -> MoneyRange {
        let text = |d: Decimal| {
            maquette_core::MoneyFigure::from(maquette_core::Money::new(d, currency)).amount
        };
        MoneyRange {
            amount: text(self.mid),
            low: text(self.low),
            high: text(self.high),
            currency: currency.to_string(),
        }
    }
}

//! What one billing period comes to, and what a ledger refuses.

use rust_decimal::Decimal;

use super::PERIOD_DAYS;

/// What a ledger refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    #[error("{0} units cannot be used: a use is zero or more")]
    NegativeUse(Decimal),
    #[error("{0} units go beyond the allowance, and their price is not published")]
    OveragePrice(Decimal),
    #[error("the plan sells no packs of units")]
    NoPacks,
    #[error("a pack must hold more than no units")]
    EmptyPack,
    #[error("a period has {PERIOD_DAYS} days, so {0} cannot be left of it")]
    DaysLeft(u32),
    #[error("how a change inside a period is billed is not published")]
    ChangeRule,
    #[error("how a plan that is paid by the year changes inside it is not published")]
    ChangeOfYear,
    #[error("the new plan costs {to} and the old one {from}: that is no {wanted}")]
    Direction {
        from: Decimal,
        to: Decimal,
        wanted: &'static str,
    },
}

/// One billing period. Units balance:
/// `opening + granted + purchased = from_allowance + from_carried + from_purchased + lapsed +
/// expired + balance`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Month {
    /// From 1.
    pub number: u32,
    /// Days it lasted: fewer than [`PERIOD_DAYS`] where a change of plan cut it short.
    pub days: u32,
    /// The plan's fee; the whole year's in the first month of a year paid at once.
    pub fee: Decimal,
    /// Paid for a change of plan inside the period.
    pub change_fee: Decimal,
    /// Units at hand before the period's allowance came.
    pub opening: Decimal,
    /// Units of the allowance that came.
    pub granted: Decimal,
    /// Units used.
    pub from_allowance: Decimal,
    /// Units used that an earlier period had left over.
    pub from_carried: Decimal,
    pub from_purchased: Decimal,
    pub from_free_daily: Decimal,
    /// Units used beyond the allowance at a metered price.
    pub metered: Decimal,
    /// Units bought in packs.
    pub purchased: Decimal,
    pub purchase_cost: Decimal,
    pub overage_cost: Decimal,
    /// The part of `overage_cost` billed before the period ended.
    pub billed_early: Decimal,
    /// Units wanted that a hard stop refused.
    pub unserved: Decimal,
    /// Units of the allowance lost at the end.
    pub lapsed: Decimal,
    /// Purchased units lost at the end.
    pub expired: Decimal,
    /// Units at hand at the end.
    pub balance: Decimal,
}

impl Month {
    /// All money of the period.
    pub fn paid(&self) -> Decimal {
        self.fee + self.change_fee + self.purchase_cost + self.overage_cost
    }

    /// Units paid for and lost: lapsed and expired.
    pub fn wasted(&self) -> Decimal {
        self.lapsed + self.expired
    }
}

//! A month-by-month account of one plan under varying use: what is granted, carried, bought, lost
//! and paid in each billing period.
//!
//! Units are those of the plan's allowance (credits, minutes, tokens); money is in the currency of
//! the [`Terms`]. A billing period has [`PERIOD_DAYS`] days. There is no clock: periods follow one
//! another as they are fed. A purchase is taken as made on the first day of its period, which is the
//! careful reading for anything that expires.
//!
//! ```
//! use maquette_decide::ledger::{Allowance, Ledger, Terms};
//! let runway = Terms::flat(15.into(), Allowance::monthly(625.into()));
//! let months = Ledger::run(runway, &[600.into(), 700.into()]).unwrap();
//! assert_eq!(months[0].lapsed, 25.into());
//! assert_eq!(months[1].unserved, 75.into());
//! ```

mod change;
mod lots;
mod month;
mod terms;

use maquette_catalog::schema::plan::Every;
use rust_decimal::Decimal;

pub use change::{Change, Left, Starts};
pub use month::{LedgerError, Month};
pub use terms::{Allowance, Beyond, Intro, Packs, Rollover, Terms};

use lots::{Lot, Lots, Origin};

/// Days of one billing period.
pub const PERIOD_DAYS: u32 = 30;

/// What of the plan's own units lives on when a period closes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    ByRollover,
    All,
    Nothing,
}

/// The account of one plan.
#[derive(Debug, Clone)]
pub struct Ledger {
    terms: Terms,
    lots: Lots,
    /// Day on which the open or the next period starts.
    day: u32,
    periods: u32,
    open: Option<Month>,
    next: Option<Terms>,
}

impl Ledger {
    pub fn new(terms: Terms) -> Result<Ledger, LedgerError> {
        if terms
            .packs
            .as_ref()
            .is_some_and(|p| p.units <= Decimal::ZERO)
        {
            return Err(LedgerError::EmptyPack);
        }
        Ok(Ledger {
            terms,
            lots: Lots::default(),
            day: 0,
            periods: 0,
            open: None,
            next: None,
        })
    }

    /// The account of so many units used in each period.
    pub fn run(terms: Terms, used: &[Decimal]) -> Result<Vec<Month>, LedgerError> {
        let mut ledger = Ledger::new(terms)?;
        used.iter().map(|&u| ledger.month(u)).collect()
    }

    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// One whole period: uses the units and closes it.
    pub fn month(&mut self, used: Decimal) -> Result<Month, LedgerError> {
        self.spend(used)?;
        Ok(self.close(PERIOD_DAYS, Keep::ByRollover))
    }

    /// Uses units in the open period, opening one where none is. What is at hand goes first, in the
    /// plan's order of spending; then free daily units; then packs; then the meter.
    pub fn spend(&mut self, used: Decimal) -> Result<(), LedgerError> {
        if used.is_sign_negative() && !used.is_zero() {
            return Err(LedgerError::NegativeUse(used));
        }
        let mut month = self.opened();
        let result = self.serve(&mut month, used);
        self.open = Some(month);
        result
    }

    /// Buys packs ahead of need (research note on prices, section 2, rule 8).
    pub fn buy(&mut self, packs: u32) -> Result<(), LedgerError> {
        let mut month = self.opened();
        let result = self.purchase(&mut month, Decimal::from(packs));
        self.open = Some(month);
        result
    }

    fn serve(&mut self, month: &mut Month, used: Decimal) -> Result<(), LedgerError> {
        let mut short = used - self.draw(month, used);
        if let Beyond::FreeDaily { units } = self.terms.beyond {
            let room = units * Decimal::from(PERIOD_DAYS) - month.from_free_daily;
            let free = short.min(room);
            month.from_free_daily += free;
            short -= free;
        }
        if short.is_zero() {
            return Ok(());
        }
        if let Some(pack) = &self.terms.packs {
            let packs = (short / pack.units).ceil();
            self.purchase(month, packs)?;
            self.draw(month, short);
            return Ok(());
        }
        match self.terms.beyond {
            Beyond::Metered { per_unit, .. } => {
                let price = per_unit.ok_or(LedgerError::OveragePrice(short))?;
                month.metered += short;
                month.overage_cost += short * price;
            }
            Beyond::Stop | Beyond::FreeDaily { .. } => month.unserved += short,
        }
        Ok(())
    }

    /// Takes units from what is at hand; gives how many there were.
    fn draw(&mut self, month: &mut Month, wanted: Decimal) -> Decimal {
        let drawn = self.lots.draw(wanted, self.terms.order);
        month.from_allowance += drawn.allowance;
        month.from_carried += drawn.carried;
        month.from_purchased += drawn.purchased;
        drawn.allowance + drawn.carried + drawn.purchased
    }

    /// Fewest packs, expiry and price as the plan sells them (rules 6 and 8).
    fn purchase(&mut self, month: &mut Month, packs: Decimal) -> Result<(), LedgerError> {
        let pack = self.terms.packs.as_ref().ok_or(LedgerError::NoPacks)?;
        let packs = packs.max(Decimal::from(pack.minimum));
        let units = packs * pack.units;
        month.purchased += units;
        month.purchase_cost += packs * pack.price;
        self.lots.add(Lot {
            units,
            origin: Origin::Purchased {
                with_plan: pack.ends_with_plan(),
            },
            ends: pack.ends(self.day),
        });
        Ok(())
    }

    /// The open period, or a new one with its fee and allowance.
    fn opened(&mut self) -> Month {
        if let Some(month) = self.open.take() {
            return month;
        }
        self.periods += 1;
        let granted = self.grant();
        let month = Month {
            number: self.periods,
            fee: self.terms.fee_of(self.periods),
            opening: self.lots.held(),
            granted,
            ..Month::default()
        };
        self.lots.add(Lot {
            units: granted,
            origin: Origin::Allowance,
            ends: self.allowance_ends(),
        });
        month
    }

    fn grant(&self) -> Decimal {
        match self.terms.allowance {
            Some(a) if a.every == Every::Once && self.periods > 1 => Decimal::ZERO,
            Some(a) => a.of_period(),
            None => Decimal::ZERO,
        }
    }

    /// A day's allowance never outlives the period, one given once is kept until it is used, and a
    /// month's follows the rollover (rule 6).
    fn allowance_ends(&self) -> Option<u32> {
        let every = self.terms.allowance.map(|a| a.every);
        match (every, self.terms.rollover) {
            (Some(Every::Once), _) => None,
            (Some(Every::Day), _) | (_, Rollover::None) => Some(self.day + PERIOD_DAYS),
            _ => None,
        }
    }

    fn close(&mut self, days: u32, keep: Keep) -> Month {
        let mut month = self.opened();
        month.days = days;
        month.billed_early = self.terms.billed_early(month.overage_cost);
        self.day += days;
        let keep = if self.next.is_some() {
            Keep::Nothing
        } else {
            keep
        };
        month.lapsed = match keep {
            Keep::All => Decimal::ZERO,
            Keep::Nothing => self.lots.drop_allowance(),
            Keep::ByRollover => self.lots.lapse(self.day) + self.roll_over(),
        };
        month.expired = self.lots.expire(self.day);
        self.lots.carry();
        month.balance = self.lots.held();
        if let Some(next) = self.next.take() {
            self.terms = next;
        }
        month
    }

    /// Units above the cap go (rule 6: `ElevenLabs` carries twice the quota and
    /// holds three times).
    fn roll_over(&mut self) -> Decimal {
        match self.terms.carry_cap() {
            Some(cap) => self.lots.cap_allowance(cap),
            None => Decimal::ZERO,
        }
    }
}

//! A change of plan inside a period, and the end of a plan (research note on prices, section 2,
//! rule 10).

use maquette_catalog::schema::plan::MidPeriod;
use rust_decimal::Decimal;

use super::lots::{Lot, Origin};
use super::{Keep, Ledger, LedgerError, Month, PERIOD_DAYS, Terms};

/// When a change takes hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Starts {
    /// In the open period.
    Now,
    /// With a new period that begins at once.
    NewPeriod,
    /// When the open period ends.
    NextPeriod,
}

/// What a change costs and brings at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub starts: Starts,
    /// Money due at once.
    pub pay_now: Decimal,
    /// Units that come at once.
    pub units_now: Decimal,
    /// The period that the change cut short.
    pub closed: Option<Month>,
}

/// What is left when a plan has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The last period, where one was open.
    pub last: Option<Month>,
    /// Units lost with the plan.
    pub lost: Decimal,
    /// Purchased units that outlive it.
    pub kept: Decimal,
}

impl Ledger {
    /// To a dearer plan (or one of the same fee), with so many days of the open period left.
    pub fn upgrade(&mut self, to: Terms, days_left: u32) -> Result<Change, LedgerError> {
        self.check(&to, days_left, "upgrade")?;
        let rule = self.terms.change.ok_or(LedgerError::ChangeRule)?;
        let units = units_of(&to) - units_of(&self.terms);
        match rule {
            MidPeriod::NewCycle => Ok(self.new_cycle(to, days_left, Keep::All)),
            MidPeriod::Prorated => {
                let share = Decimal::from(days_left) / Decimal::from(PERIOD_DAYS);
                let pay = (to.fee - self.terms.fee) * share;
                Ok(self.now(to, pay, units))
            }
            // How the days left are reckoned is not published: the whole difference is the careful
            // figure.
            MidPeriod::UpNowDownLater => {
                let pay = to.fee - self.terms.fee;
                Ok(self.now(to, pay, units))
            }
        }
    }

    /// To a cheaper plan. Where no new cycle begins, it takes hold when the open period ends, with no
    /// money back; unused units of the old plan lapse either way.
    pub fn downgrade(&mut self, to: Terms, days_left: u32) -> Result<Change, LedgerError> {
        self.check(&to, days_left, "downgrade")?;
        let rule = self.terms.change.ok_or(LedgerError::ChangeRule)?;
        if rule == MidPeriod::NewCycle {
            return Ok(self.new_cycle(to, days_left, Keep::Nothing));
        }
        self.open = Some(self.opened());
        self.next = Some(without_intro(to));
        Ok(Change {
            starts: Starts::NextPeriod,
            pay_now: Decimal::ZERO,
            units_now: Decimal::ZERO,
            closed: None,
        })
    }

    /// Ends the plan when the open period ends. Purchased units that need a subscription go with it
    /// (rule 6: Suno).
    pub fn cancel(mut self) -> Left {
        let last = self
            .open
            .is_some()
            .then(|| self.close(PERIOD_DAYS, Keep::Nothing));
        let lost_at_end = last.as_ref().map_or(Decimal::ZERO, Month::wasted);
        let lost = lost_at_end + self.lots.drop_allowance() + self.lots.drop_with_plan();
        Left {
            last,
            lost,
            kept: self.lots.held(),
        }
    }

    fn check(&self, to: &Terms, days_left: u32, wanted: &'static str) -> Result<(), LedgerError> {
        if days_left > PERIOD_DAYS {
            return Err(LedgerError::DaysLeft(days_left));
        }
        if self.terms.year.is_some() || to.year.is_some() {
            return Err(LedgerError::ChangeOfYear);
        }
        if to.packs.as_ref().is_some_and(|p| p.units <= Decimal::ZERO) {
            return Err(LedgerError::EmptyPack);
        }
        let up = to.fee >= self.terms.fee;
        if up == (wanted == "upgrade") {
            Ok(())
        } else {
            Err(LedgerError::Direction {
                from: self.terms.fee,
                to: to.fee,
                wanted,
            })
        }
    }

    /// The new plan holds in the open period: money and units of the difference at once.
    fn now(&mut self, to: Terms, pay: Decimal, units: Decimal) -> Change {
        let mut month = self.opened();
        let units = units.max(Decimal::ZERO);
        month.change_fee += pay;
        month.granted += units;
        self.terms = without_intro(to);
        let ends = self.allowance_ends();
        self.lots.end_allowance(ends);
        self.lots.add(Lot {
            units,
            origin: Origin::Allowance,
            ends,
        });
        self.open = Some(month);
        Change {
            starts: Starts::Now,
            pay_now: pay,
            units_now: units,
            closed: None,
        }
    }

    /// The open period ends today and the next begins, at the full fee of the new plan. Going up,
    /// unused units are added to the new allowance; going down, they are lost.
    fn new_cycle(&mut self, to: Terms, days_left: u32, keep: Keep) -> Change {
        let closed = self.close(PERIOD_DAYS - days_left, keep);
        self.terms = without_intro(to);
        let ends = self.allowance_ends();
        self.lots.end_allowance(ends);
        Change {
            starts: Starts::NewPeriod,
            pay_now: self.terms.fee,
            units_now: units_of(&self.terms),
            closed: Some(closed),
        }
    }
}

fn units_of(terms: &Terms) -> Decimal {
    terms
        .allowance
        .map_or(Decimal::ZERO, super::Allowance::of_period)
}

/// An introductory price is for new customers only.
fn without_intro(mut terms: Terms) -> Terms {
    terms.intro = None;
    terms
}

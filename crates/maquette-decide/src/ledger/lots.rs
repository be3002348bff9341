//! Units at hand, by where they came from and when they end.

use maquette_catalog::schema::plan::SpendOrder;
use rust_decimal::Decimal;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// Left over from an earlier period's allowance.
    Carried,
    Allowance,
    Purchased {
        /// Lost when the subscription ends.
        with_plan: bool,
    },
}

impl Origin {
    fn is_purchased(self) -> bool {
        matches!(self, Origin::Purchased { .. })
    }
}

#[derive(Debug, Clone)]
pub(super) struct Lot {
    pub units: Decimal,
    pub origin: Origin,
    /// First day on which it can no longer be used; absent: it does not end by itself.
    pub ends: Option<u32>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Lots(Vec<Lot>);

/// Units taken, by where they came from.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Drawn {
    pub allowance: Decimal,
    pub carried: Decimal,
    pub purchased: Decimal,
}

impl Lots {
    pub fn add(&mut self, lot: Lot) {
        if !lot.units.is_zero() {
            self.0.push(lot);
        }
    }

    pub fn held(&self) -> Decimal {
        self.0.iter().map(|l| l.units).sum()
    }

    /// Takes up to `wanted` units in the order given (research note on prices, section 2, rule 7).
    pub fn draw(&mut self, wanted: Decimal, order: SpendOrder) -> Drawn {
        let end = |l: &Lot| l.ends.unwrap_or(u32::MAX);
        // A stable sort: of two alike the older goes first.
        self.0.sort_by_key(|l| match order {
            SpendOrder::ExpiringFirst => (false, end(l), l.origin),
            SpendOrder::PlanFirst => (l.origin.is_purchased(), end(l), l.origin),
            SpendOrder::PurchasedFirst => (!l.origin.is_purchased(), end(l), l.origin),
        });
        let mut left = wanted;
        let mut drawn = Drawn::default();
        for lot in &mut self.0 {
            let take = lot.units.min(left);
            lot.units -= take;
            left -= take;
            match lot.origin {
                Origin::Allowance => drawn.allowance += take,
                Origin::Carried => drawn.carried += take,
                Origin::Purchased { .. } => drawn.purchased += take,
            }
        }
        self.0.retain(|l| !l.units.is_zero());
        drawn
    }

    /// Drops the allowance that has ended by `day`; gives the units lost.
    pub fn lapse(&mut self, day: u32) -> Decimal {
        self.lose(|l| !l.origin.is_purchased() && l.ends.is_some_and(|e| e <= day))
    }

    /// Drops purchased units that have ended by `day`.
    pub fn expire(&mut self, day: u32) -> Decimal {
        self.lose(|l| l.origin.is_purchased() && l.ends.is_some_and(|e| e <= day))
    }

    /// Drops all that came with the plan.
    pub fn drop_allowance(&mut self) -> Decimal {
        self.lose(|l| !l.origin.is_purchased())
    }

    /// Drops purchased units that are lost with the subscription.
    pub fn drop_with_plan(&mut self) -> Decimal {
        self.lose(|l| l.origin == Origin::Purchased { with_plan: true })
    }

    fn lose(&mut self, lost: impl Fn(&Lot) -> bool) -> Decimal {
        let before = self.held();
        self.0.retain(|l| !lost(l));
        before - self.held()
    }

    /// Leaves at most `cap` units of the plan's own; gives the units dropped.
    pub fn cap_allowance(&mut self, cap: Decimal) -> Decimal {
        let own = |l: &&mut Lot| !l.origin.is_purchased();
        let held: Decimal = self.0.iter_mut().filter(own).map(|l| l.units).sum();
        let excess = (held - cap).max(Decimal::ZERO);
        let mut left = excess;
        for lot in self.0.iter_mut().filter(own) {
            let take = lot.units.min(left);
            lot.units -= take;
            left -= take;
        }
        self.0.retain(|l| !l.units.is_zero());
        excess
    }

    /// What is left of an allowance is carried from here on.
    pub fn carry(&mut self) {
        for lot in self.0.iter_mut().filter(|l| l.origin == Origin::Allowance) {
            lot.origin = Origin::Carried;
        }
    }

    /// The plan's own units end on `day`, where they are not kept for good.
    pub fn end_allowance(&mut self, day: Option<u32>) {
        for lot in self.0.iter_mut().filter(|l| !l.origin.is_purchased()) {
            lot.ends = day;
        }
    }
}

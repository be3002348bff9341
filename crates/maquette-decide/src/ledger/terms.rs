//! What a ledger must know of a plan.

use maquette_catalog::schema::plan::{
    Billing, Every, Expiry, MidPeriod, OverageKind, Plan, RolloverKind, SpendOrder,
};
use maquette_catalog::schema::provider::Provider;
use maquette_core::BillingWish;
use rust_decimal::Decimal;

use super::PERIOD_DAYS;
use crate::context::Ctx;
use crate::plan_cost;
use crate::reason::Why;
use crate::tax::Taxed;

/// The terms of one plan, in one currency.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// Fee of one period for all seats; a twelfth of the year's where that is paid at once.
    pub fee: Decimal,
    /// The whole year's fee, paid in its first month (rule 9). Units still come month by month.
    pub year: Option<Decimal>,
    /// The price of a new customer (rule 9).
    pub intro: Option<Intro>,
    pub allowance: Option<Allowance>,
    pub rollover: Rollover,
    pub packs: Option<Packs>,
    pub beyond: Beyond,
    pub order: SpendOrder,
    /// How a change inside a period is billed; absent: not published.
    pub change: Option<MidPeriod>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Intro {
    /// Paid instead of the fee.
    pub fee: Decimal,
    /// For bills of the first so many months.
    pub months: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    pub units: Decimal,
    pub every: Every,
}

impl Allowance {
    pub fn monthly(units: Decimal) -> Allowance {
        Allowance {
            units,
            every: Every::Month,
        }
    }

    /// Units of one period; a day's allowance can be used on each of its days.
    pub fn of_period(self) -> Decimal {
        match self.every {
            Every::Day => self.units * Decimal::from(PERIOD_DAYS),
            Every::Month | Every::Once => self.units,
        }
    }
}

/// What becomes of an unused allowance (rule 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rollover {
    None,
    /// Multiples of the allowance: most that is carried, and most that is held after the next one
    /// has come.
    Capped {
        carry: Option<Decimal>,
        held: Option<Decimal>,
    },
    Kept,
}

/// Units sold beside the allowance (rule 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packs {
    pub units: Decimal,
    pub price: Decimal,
    /// Fewest of one purchase.
    pub minimum: u32,
    pub expires: Expiry,
}

impl Packs {
    /// First day on which units bought on `day` are lost (rule 6). An unknown expiry is read as the
    /// end of the period.
    pub(super) fn ends(&self, day: u32) -> Option<u32> {
        match self.expires {
            Expiry::Never | Expiry::WithSubscription => None,
            Expiry::Days60 => Some(day + 60),
            Expiry::Months12 => Some(day + 12 * PERIOD_DAYS),
            Expiry::Months24 => Some(day + 24 * PERIOD_DAYS),
            Expiry::PeriodEnd | Expiry::Unknown => Some(day + PERIOD_DAYS),
        }
    }

    pub(super) fn ends_with_plan(&self) -> bool {
        self.expires == Expiry::WithSubscription
    }
}

/// What happens when nothing is at hand and no pack is sold (rule 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beyond {
    /// The work waits; the ledger reports it as unserved.
    Stop,
    /// Billed by the unit at the end, or earlier each time the bill grows past so many fees.
    Metered {
        /// Absent: not published, and any use beyond the allowance is an error.
        per_unit: Option<Decimal>,
        early_bill_multiple: Option<Decimal>,
    },
    /// So many units a day for nothing.
    FreeDaily { units: Decimal },
}

impl Terms {
    /// A fee and an allowance that lapses, and a hard stop behind it.
    pub fn flat(fee: Decimal, allowance: Allowance) -> Terms {
        Terms {
            fee,
            year: None,
            intro: None,
            allowance: Some(allowance),
            rollover: Rollover::None,
            packs: None,
            beyond: Beyond::Stop,
            order: SpendOrder::ExpiringFirst,
            change: None,
        }
    }

    /// The terms of a plan of the catalog on the day asked for, in the report's currency with tax. What the
    /// plan does not say is read carefully: nothing rolls over, and beyond the allowance it stops.
    pub fn of_plan(
        plan: &Plan,
        provider: &Provider,
        wish: BillingWish,
        ctx: &Ctx<'_>,
    ) -> Result<Terms, Why> {
        let price = plan_cost::fee(plan, provider, wish, ctx)?;
        let taxed = &price.taxed;
        let year = (price.billing == Billing::Annual).then_some(price.lasting);
        Ok(Terms {
            fee: year.map_or(price.lasting, |y| y / Decimal::from(12)),
            year,
            intro: price.intro.map(|(fee, months)| Intro { fee, months }),
            allowance: plan.allowance.as_ref().map(|a| Allowance {
                units: a.amount * Decimal::from(plan_cost::allowances(plan, ctx.ask)),
                every: a.every,
            }),
            rollover: rollover(plan),
            packs: packs(plan, taxed, ctx)?,
            beyond: beyond(plan, taxed, ctx)?,
            order: plan.spend_order.unwrap_or(SpendOrder::ExpiringFirst),
            change: plan.change,
        })
    }

    /// The fee billed in the period of this number.
    pub(super) fn fee_of(&self, period: u32) -> Decimal {
        if self.year.is_some() && period % 12 != 1 {
            return Decimal::ZERO;
        }
        match self.intro {
            Some(intro) if period <= intro.months => intro.fee,
            _ => self.year.unwrap_or(self.fee),
        }
    }

    /// Units of the plan's own that may pass into the next period.
    pub(super) fn carry_cap(&self) -> Option<Decimal> {
        let quota = self.allowance.filter(|a| a.every == Every::Month)?.units;
        match self.rollover {
            Rollover::Capped { carry, held } => {
                let room = held.map(|h| (h - Decimal::ONE).max(Decimal::ZERO));
                let times = [carry, room].into_iter().flatten().min()?;
                Some(times * quota)
            }
            Rollover::None | Rollover::Kept => None,
        }
    }

    /// Money of a metered bill that fell due before the period's end: each time the bill grows past
    /// the limit, what has gathered is billed (rule 8: `ElevenLabs`, twice the fee).
    pub(super) fn billed_early(&self, overage: Decimal) -> Decimal {
        let Beyond::Metered {
            early_bill_multiple: Some(multiple),
            ..
        } = self.beyond
        else {
            return Decimal::ZERO;
        };
        let limit = multiple * self.fee;
        if limit <= Decimal::ZERO || overage <= limit {
            return Decimal::ZERO;
        }
        ((overage / limit).ceil() - Decimal::ONE) * limit
    }
}

fn rollover(plan: &Plan) -> Rollover {
    match &plan.rollover {
        None => Rollover::None,
        Some(r) => match r.kind {
            RolloverKind::None => Rollover::None,
            RolloverKind::Kept => Rollover::Kept,
            RolloverKind::Capped => Rollover::Capped {
                carry: r.carry_multiple,
                held: r.held_multiple,
            },
        },
    }
}

fn packs(plan: &Plan, taxed: &Taxed, ctx: &Ctx<'_>) -> Result<Option<Packs>, Why> {
    let Some(t) = &plan.topup else {
        return Ok(None);
    };
    Ok(Some(Packs {
        units: t.units,
        price: taxed.price(ctx.convert(t.amount)?.amount),
        minimum: t.minimum_packs.unwrap_or(1),
        expires: t.expires,
    }))
}

fn beyond(plan: &Plan, taxed: &Taxed, ctx: &Ctx<'_>) -> Result<Beyond, Why> {
    let Some(o) = &plan.overage else {
        return Ok(Beyond::Stop);
    };
    Ok(match o.kind {
        OverageKind::HardStop => Beyond::Stop,
        OverageKind::FreeDaily => Beyond::FreeDaily {
            units: o.free_daily.unwrap_or_default(),
        },
        OverageKind::Metered => Beyond::Metered {
            per_unit: match o.per_unit {
                Some(price) => Some(taxed.price(ctx.convert(price)?.amount)),
                None => None,
            },
            early_bill_multiple: o.early_bill_multiple,
        },
    })
}

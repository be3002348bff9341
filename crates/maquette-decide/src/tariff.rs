//! One candidate's cost as exact pieces over the number of outputs made.

use maquette_core::{Accounting, Ask, Modality};
use rust_decimal::Decimal;

use crate::field::{Candidate, Field, PlanOption, RentalOption, Store};
use crate::plan_cost::{DAYS_PER_MONTH, Packs};

/// Most pieces of one tariff; a tariff with finer steps is cut off there and says so.
const MOST_PIECES: usize = 4000;

/// From `start` outputs on: `at_start + (m − start) × slope`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    pub start: u64,
    pub at_start: Decimal,
    pub slope: Decimal,
}

#[derive(Debug, Clone)]
pub struct Tariff {
    /// Index of the candidate.
    pub candidate: usize,
    pub pieces: Vec<Piece>,
    /// Last number of outputs that can be made this way.
    pub limit: Option<u64>,
    pub steps: bool,
}

impl Tariff {
    /// Index of the piece that holds at `m`.
    pub fn piece_at(&self, m: u64) -> usize {
        self.pieces
            .partition_point(|p| p.start <= m)
            .saturating_sub(1)
    }

    /// Cost of `m` outputs; `None` beyond the limit.
    pub fn cost(&self, m: u64) -> Option<Decimal> {
        if self.limit.is_some_and(|l| m > l) {
            return None;
        }
        let p = &self.pieces[self.piece_at(m)];
        Some(p.at_start + p.slope * Decimal::from(m.saturating_sub(p.start)))
    }
}

/// The tariff of a candidate up to `most` outputs.
pub fn tariff(field: &Field<'_>, candidate: usize, ask: &Ask, most: u64) -> Tariff {
    let c = &field.candidates[candidate];
    let mut t = Tariff {
        candidate,
        pieces: Vec::new(),
        limit: None,
        steps: false,
    };
    match c.draws {
        None => per_use(&mut t, c.cost.mid, minimum_spend(field, &c.provider, ask)),
        Some((Store::SlowLane(p), _)) => t.line(field.plans[p].fee.monthly, Decimal::ZERO),
        Some((Store::DailyLane(p), units)) => {
            let option = &field.plans[p];
            t.line(option.fee.monthly, Decimal::ZERO);
            let block = Block::of(c, units.mid, ask);
            t.limit = block.outputs_of(option.a_month_of_slow_lane());
        }
        Some((Store::Machine, units)) => {
            let fixed = field
                .purchase
                .as_ref()
                .map_or(Decimal::ZERO, |p| p.monthly.mid);
            t.line(fixed, c.cost.mid);
            let seconds = ask.machine_seconds(DAYS_PER_MONTH);
            t.limit = seconds.checked_div(units.mid).and_then(whole);
        }
        Some((Store::Rental(r), units)) => {
            let rental = &field.rentals[r];
            rent(&mut t, rental, c.start_units.mid, units.mid, most);
            t.beside(c.start_cost.mid, c.cost.mid);
            t.at_least(minimum_spend(field, field.payee(rental), ask));
        }
        Some((Store::Plan(p), units)) => {
            let block = Block::of(c, units.mid, ask);
            plan(&mut t, &field.plans[p], &block, most);
        }
    }
    t
}

/// What is always made together, and the units it takes: a job where outputs are countable, else
/// one output's share of it.
struct Block {
    outputs: Decimal,
    units: Decimal,
}

impl Block {
    fn of(c: &Candidate<'_>, units_per_job: Decimal, ask: &Ask) -> Block {
        match ask.demands[c.demand].modality {
            Modality::Text | Modality::Speech => Block {
                outputs: Decimal::ONE,
                units: units_per_job / c.outputs_per_job,
            },
            _ => Block {
                outputs: c.outputs_per_job,
                units: units_per_job,
            },
        }
    }

    /// Outputs that so many units allow; `None` where they take nothing.
    fn outputs_of(&self, units: Decimal) -> Option<u64> {
        let blocks = units.max(Decimal::ZERO).checked_div(self.units)?.floor();
        Some(whole(blocks * self.outputs).unwrap_or(u64::MAX))
    }
}

impl Tariff {
    /// From the first output on: a fixed sum and so much an output.
    fn line(&mut self, fixed: Decimal, slope: Decimal) {
        self.push(1, fixed + slope, slope);
    }

    /// Adds a sum paid once and one paid for each output.
    fn beside(&mut self, once: Decimal, each: Decimal) {
        for piece in &mut self.pieces {
            piece.at_start += once + each * Decimal::from(piece.start);
            piece.slope += each;
        }
    }

    /// Never less than a minimum spend, from the first output on.
    fn at_least(&mut self, minimum: Decimal) {
        if minimum.is_zero() {
            return;
        }
        let pieces = std::mem::take(&mut self.pieces);
        for (i, mut piece) in pieces.iter().copied().enumerate() {
            let next = pieces.get(i + 1).map_or(u64::MAX, |p| p.start);
            let above = minimum - piece.at_start;
            if above <= Decimal::ZERO {
                self.pieces.push(piece);
                continue;
            }
            let (start, slope, at_start) = (piece.start, piece.slope, piece.at_start);
            (piece.at_start, piece.slope) = (minimum, Decimal::ZERO);
            self.pieces.push(piece);
            let covered = above.checked_div(slope).and_then(whole);
            if let Some(more) = covered.and_then(|n| n.checked_add(1))
                && start.saturating_add(more) < next
            {
                self.push(start + more, at_start + slope * Decimal::from(more), slope);
            }
        }
    }

    fn push(&mut self, start: u64, at_start: Decimal, slope: Decimal) {
        self.pieces.push(Piece {
            start,
            at_start,
            slope,
        });
    }
}

/// The least that must be paid in, where the question is what leaves the purse.
fn minimum_spend(field: &Field<'_>, payee: &str, ask: &Ask) -> Decimal {
    if ask.accounting != Accounting::Cash {
        return Decimal::ZERO;
    }
    field.deposit_of(payee).unwrap_or_default()
}

/// Flat while the minimum covers it, then so much an output.
fn per_use(t: &mut Tariff, each: Decimal, minimum: Decimal) {
    if minimum < each || minimum.is_zero() {
        return t.line(Decimal::ZERO, each);
    }
    t.line(minimum, Decimal::ZERO);
    let covered = minimum.checked_div(each).and_then(whole);
    if let Some(start) = covered.and_then(|m| m.checked_add(1)) {
        t.push(start, each * Decimal::from(start), each);
    }
}

fn rent(t: &mut Tariff, rental: &RentalOption<'_>, start: Decimal, seconds: Decimal, most: u64) {
    if rental.step_seconds <= Decimal::ONE {
        // Steps of a second are drawn as the line they hug.
        let per_second = rental.per_hour / Decimal::from(3600);
        return t.line(start * per_second, seconds * per_second);
    }
    let stairs = Stairs {
        bottom: Decimal::ZERO,
        room: -start,
        pack_units: rental.step_seconds,
        pack_price: rental.step_price(),
        minimum: 1,
    };
    let block = Block {
        outputs: Decimal::ONE,
        units: seconds,
    };
    stairs.climb(t, &block, most);
}

fn plan(t: &mut Tariff, plan: &PlanOption<'_>, block: &Block, most: u64) {
    let fee = plan.fee.monthly;
    if block.units.is_zero() {
        return t.line(fee, Decimal::ZERO);
    }
    match &plan.packs {
        None => {
            t.steps = true;
            t.limit = block.outputs_of(plan.allowance);
            if t.limit != Some(0) {
                t.line(fee, Decimal::ZERO);
            }
        }
        Some(k) if k.whole => {
            let stairs = Stairs {
                bottom: fee,
                room: plan.allowance,
                pack_units: k.units,
                pack_price: k.price,
                minimum: k.minimum,
            };
            stairs.climb(t, block, most);
        }
        Some(k) => metered(t, plan, k, block, most),
    }
}

/// The fee, then each unit beyond the allowance at its price, and at least the smallest purchase.
fn metered(t: &mut Tariff, plan: &PlanOption<'_>, k: &Packs, block: &Block, most: u64) {
    let (fee, each) = (plan.fee.monthly, k.price / k.units);
    let least = if k.minimum > 1 {
        Decimal::from(k.minimum)
    } else {
        Decimal::ZERO
    };
    let free = block.outputs_of(plan.allowance).unwrap_or(u64::MAX);
    if free > 0 {
        t.line(fee, Decimal::ZERO);
    }
    let covered = block.outputs_of(plan.allowance + least * k.units);
    let covered = covered.unwrap_or(u64::MAX);
    if covered > free && free < most {
        t.push(free + 1, fee + least * k.price, Decimal::ZERO);
    }
    let beyond = |blocks: Decimal| fee + (blocks * block.units - plan.allowance) * each;
    if covered >= most {
        return;
    }
    if block.outputs == Decimal::ONE {
        let start = covered + 1;
        return t.push(start, beyond(Decimal::from(start)), block.units * each);
    }
    // Each further job is paid as a whole, however few of its outputs are wanted.
    t.steps = true;
    let mut start = covered + 1;
    while start <= most {
        if t.pieces.len() >= MOST_PIECES {
            t.limit = Some(start - 1);
            return;
        }
        let blocks = (Decimal::from(start) / block.outputs).ceil();
        t.push(start, beyond(blocks), Decimal::ZERO);
        let Some(last) = whole(blocks * block.outputs) else {
            return;
        };
        start = last + 1;
    }
}

/// Whole packs on top of an allowance.
struct Stairs {
    bottom: Decimal,
    /// Units that are there before the first pack; negative where starting takes some.
    room: Decimal,
    pack_units: Decimal,
    pack_price: Decimal,
    /// Fewest packs of one purchase.
    minimum: u32,
}

impl Stairs {
    /// How many outputs each further pack allows.
    fn climb(&self, t: &mut Tariff, block: &Block, most: u64) {
        t.steps = true;
        let mut start = 1;
        let first = u64::from(self.minimum.max(1));
        for step in 0..MOST_PIECES as u64 {
            let packs = Decimal::from(if step == 0 { 0 } else { first + step - 1 });
            let last = block.outputs_of(self.room + packs * self.pack_units);
            let last = last.unwrap_or(u64::MAX);
            if last < start {
                continue;
            }
            t.push(start, self.bottom + packs * self.pack_price, Decimal::ZERO);
            if last >= most {
                return;
            }
            start = last + 1;
        }
        t.limit = Some(start - 1);
    }
}

fn whole(d: Decimal) -> Option<u64> {
    u64::try_from(d.floor()).ok()
}

//! One candidate's cost as exact pieces over the number of outputs made.

use maquette_core::Ask;
use rust_decimal::Decimal;

use crate::field::{Field, Store};

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
    let line = |fixed: Decimal, slope: Decimal| {
        vec![Piece {
            start: 1,
            at_start: fixed + slope,
            slope,
        }]
    };
    let mut t = Tariff {
        candidate,
        pieces: Vec::new(),
        limit: None,
        steps: false,
    };
    match c.draws {
        None => t.pieces = line(Decimal::ZERO, c.cost.mid),
        Some((Store::SlowLane(p), _)) => t.pieces = line(field.plans[p].fee.monthly, Decimal::ZERO),
        Some((Store::Machine, units)) => {
            let fixed = field.purchase.as_ref().map_or(Decimal::ZERO, |(m, _)| *m);
            t.pieces = line(fixed, c.cost.mid);
            let seconds = ask.studio.hours_per_day * Decimal::from(3600 * 30);
            t.limit = whole(seconds / units.mid);
        }
        Some((Store::Rental(r), units)) => {
            let rental = &field.rentals[r];
            let price = rental.step_price();
            let per_second = rental.per_hour / Decimal::from(3600);
            if rental.step_seconds <= Decimal::from(60) {
                // Steps of a minute or less are drawn as the line they hug.
                let idle = c.start_units * per_second;
                t.pieces = line(idle, units.mid * per_second);
            } else {
                t.steps = true;
                steps(
                    &mut t,
                    units.mid,
                    c.start_units,
                    Decimal::ZERO,
                    rental.step_seconds,
                    price,
                    Decimal::ZERO,
                    Decimal::ONE,
                    most,
                );
            }
        }
        Some((Store::Plan(p), units)) => {
            let plan = &field.plans[p];
            let per_output = units.mid / c.outputs_per_job;
            let fee = plan.fee.monthly;
            t.steps = true;
            match &plan.packs {
                None => {
                    t.pieces = line(fee, Decimal::ZERO);
                    t.limit = whole((plan.allowance / units.mid).floor() * c.outputs_per_job);
                }
                Some(k) if k.whole => {
                    steps(
                        &mut t,
                        units.mid,
                        Decimal::ZERO,
                        plan.allowance,
                        k.units,
                        k.price,
                        fee,
                        c.outputs_per_job,
                        most,
                    );
                    if k.minimum > 1 {
                        // The first purchase is at least so many packs.
                        let least = k.price * Decimal::from(k.minimum) + fee;
                        for piece in t
                            .pieces
                            .iter_mut()
                            .filter(|x| x.at_start > fee && x.at_start < least)
                        {
                            piece.at_start = least;
                        }
                    }
                }
                Some(k) => {
                    let free = whole((plan.allowance / units.mid).floor() * c.outputs_per_job)
                        .unwrap_or(u64::MAX);
                    t.steps = false;
                    t.pieces = line(fee, Decimal::ZERO);
                    if free < most {
                        let slope = per_output * k.price / k.units;
                        let first = Decimal::from(free + 1) * per_output - plan.allowance;
                        let at_start = fee + first.max(Decimal::ZERO) * k.price / k.units;
                        t.pieces.push(Piece {
                            start: free + 1,
                            at_start,
                            slope,
                        });
                        if free == 0 {
                            t.pieces.remove(0);
                        }
                    }
                }
            }
            if t.limit == Some(0) {
                t.pieces.clear();
            }
        }
    }
    t
}

/// Steps of whole packs: how many outputs each further pack allows.
#[allow(clippy::too_many_arguments, reason = "the numbers of one staircase")]
fn steps(
    t: &mut Tariff,
    units_per_job: Decimal,
    idle: Decimal,
    allowance: Decimal,
    pack_units: Decimal,
    pack_price: Decimal,
    fee: Decimal,
    outputs_per_job: Decimal,
    most: u64,
) {
    let mut start = 1;
    for n in 0..MOST_PIECES {
        let packs = Decimal::from(n as u64);
        let room = allowance + packs * pack_units - idle;
        let jobs = (room / units_per_job).floor();
        let last = if jobs.is_sign_negative() {
            0
        } else {
            whole(jobs * outputs_per_job).unwrap_or(u64::MAX)
        };
        if last < start {
            continue;
        }
        t.pieces.push(Piece {
            start,
            at_start: fee + packs * pack_price,
            slope: Decimal::ZERO,
        });
        if last >= most {
            return;
        }
        start = last + 1;
    }
    t.limit = Some(start - 1);
}

fn whole(d: Decimal) -> Option<u64> {
    u64::try_from(d.floor()).ok()
}

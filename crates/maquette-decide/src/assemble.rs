//! From chosen candidates to the mixed-integer program, and one candidate's cost when it stands alone.

use std::collections::BTreeMap;

use maquette_core::{Accounting, Ask, Modality};
use rust_decimal::Decimal;

use crate::field::{Field, Store};
use crate::plan_cost::DAYS_PER_MONTH;
use crate::program::{Deposit, Fixed, Need, Pack, Pool, Program, Way};

/// A program and what its parts stand for.
pub struct Assembled {
    pub program: Program,
    /// Candidate index of each way.
    pub ways: Vec<usize>,
    /// Demand index of each need.
    pub needs: Vec<usize>,
    pub fixed: Vec<FixedOf>,
    pub pools: Vec<Store>,
    /// Provider, or rental, of each deposit.
    pub deposits: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixedOf {
    Plan(usize),
    Purchase,
    /// The first use of a candidate's model on its rented GPU, by candidate.
    Start(usize),
}

/// The program over these candidates, for the demands that any of them serves.
pub fn assemble(field: &Field<'_>, chosen: &[usize], ask: &Ask) -> Assembled {
    let mut a = Assembled {
        program: Program::default(),
        ways: Vec::new(),
        needs: Vec::new(),
        fixed: Vec::new(),
        pools: Vec::new(),
        deposits: Vec::new(),
    };
    let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
    for (d, demand) in ask.demands.iter().enumerate() {
        if chosen.iter().any(|&c| field.candidates[c].demand == d) {
            let whole = !matches!(demand.modality, Modality::Text | Modality::Speech);
            a.needs.push(d);
            a.program.needs.push(Need {
                made: demand.to_make(),
                whole,
            });
        }
    }
    for &c in chosen {
        let candidate = &field.candidates[c];
        let Some(need) = a.needs.iter().position(|d| *d == candidate.demand) else {
            continue;
        };
        let (uses, needs) = match candidate.draws {
            None => (Vec::new(), None),
            Some((Store::SlowLane(p), _)) => {
                (Vec::new(), Some(plan(&mut a, field, p, &mut groups)))
            }
            Some((store, units)) => {
                let pool = pool(&mut a, field, store, ask, &mut groups);
                (vec![(pool, units.mid)], None)
            }
        };
        let start = if candidate.start_units.mid.is_zero() {
            needs
        } else {
            // One load a month for each model on each rented GPU, however many demands it serves.
            let load = uses
                .iter()
                .map(|(pool, _)| (*pool, candidate.start_units.mid))
                .collect();
            let same = |f: &FixedOf| {
                let FixedOf::Start(other) = f else {
                    return false;
                };
                let other = &field.candidates[*other];
                other.via == candidate.via && other.model.id == candidate.model.id
            };
            let known = a.fixed.iter().position(same);
            if known.is_none() {
                a.fixed.push(FixedOf::Start(c));
                a.program.fixed.push(Fixed {
                    cost: candidate.start_cost.mid,
                    group: None,
                    uses: load,
                });
            }
            known.or(Some(a.fixed.len() - 1))
        };
        let payee = match candidate.draws {
            None => Some(candidate.provider.as_str()),
            Some((Store::Rental(r), _)) => Some(field.payee(&field.rentals[r])),
            Some(_) => None,
        };
        let deposit = payee.and_then(|payee| deposit(&mut a, field, payee, ask));
        a.program.ways.push(Way {
            need,
            outputs: candidate.outputs_per_job,
            cost: candidate.cost.mid,
            uses,
            needs: start,
            deposit,
        });
        a.ways.push(c);
    }
    a.program.groups = groups.len();
    a
}

fn plan<'f>(
    a: &mut Assembled,
    field: &'f Field<'_>,
    p: usize,
    groups: &mut BTreeMap<&'f str, usize>,
) -> usize {
    if let Some(i) = a.fixed.iter().position(|f| *f == FixedOf::Plan(p)) {
        return i;
    }
    let option = &field.plans[p];
    // One customer holds one tier of a provider at a time.
    let next = groups.len();
    let group = *groups.entry(option.provider.id.as_str()).or_insert(next);
    a.fixed.push(FixedOf::Plan(p));
    a.program.fixed.push(Fixed {
        cost: option.fee.monthly,
        group: Some(group),
        uses: Vec::new(),
    });
    a.fixed.len() - 1
}

fn pool<'f>(
    a: &mut Assembled,
    field: &'f Field<'_>,
    store: Store,
    ask: &Ask,
    groups: &mut BTreeMap<&'f str, usize>,
) -> usize {
    if let Some(i) = a.pools.iter().position(|s| *s == store) {
        return i;
    }
    let index = a.pools.len();
    let pool = match store {
        Store::DailyLane(p) => Pool {
            base: field.plans[p].a_month_of_slow_lane(),
            given_by: Some(plan(a, field, p, groups)),
            packs: None,
        },
        Store::Plan(p) | Store::SlowLane(p) => {
            let given_by = Some(plan(a, field, p, groups));
            let option = &field.plans[p];
            let packs = option.packs.as_ref().map(|k| Pack {
                units: k.units,
                price: k.price,
                whole: k.whole,
                minimum: k.minimum,
                deposit: None,
            });
            Pool {
                base: option.allowance,
                given_by,
                packs,
            }
        }
        Store::Machine => {
            let given_by = field.purchase.as_ref().map(|p| {
                a.fixed.push(FixedOf::Purchase);
                a.program.fixed.push(Fixed {
                    cost: p.monthly.mid,
                    group: None,
                    uses: Vec::new(),
                });
                a.fixed.len() - 1
            });
            let seconds = ask.machine_seconds(DAYS_PER_MONTH);
            Pool {
                base: seconds,
                given_by,
                packs: None,
            }
        }
        Store::Rental(r) => {
            let rental = &field.rentals[r];
            let pack = Pack {
                units: rental.step_seconds,
                price: rental.step_price(),
                whole: true,
                minimum: 1,
                deposit: deposit(a, field, field.payee(rental), ask),
            };
            Pool {
                base: Decimal::ZERO,
                given_by: None,
                packs: Some(pack),
            }
        }
    };
    a.pools.push(store);
    a.program.pools.push(pool);
    index
}

/// Minimum payments count as cost only when the question is what leaves the purse. They are paid in
/// before use, for requests and rented hours alike; a plan's fee is none of them.
fn deposit(a: &mut Assembled, field: &Field<'_>, payee: &str, ask: &Ask) -> Option<usize> {
    if ask.accounting != Accounting::Cash {
        return None;
    }
    let minimum = field.deposit_of(payee)?;
    if let Some(i) = a.deposits.iter().position(|p| p == payee) {
        return Some(i);
    }
    a.deposits.push(payee.to_owned());
    a.program.deposits.push(Deposit { minimum });
    Some(a.deposits.len() - 1)
}

/// What the candidate costs when it alone makes the whole demand; `None` where it cannot.
pub fn alone(field: &Field<'_>, c: usize, ask: &Ask) -> Option<Decimal> {
    let a = assemble(field, &[c], ask);
    a.program.ways.first()?;
    let jobs = a.program.jobs_for(0);
    a.program.settle(vec![jobs]).map(|answer| answer.cost)
}

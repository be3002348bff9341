//! Small random programs in whole numbers: money in thousandths, units in tenths. The oracle reckons
//! on these; the solver is handed the same thing in decimals.

use maquette_decide::program::{Deposit, Fixed, Need, Pack, Pool, Program, Way};
use proptest::prelude::*;
use rust_decimal::Decimal;

#[derive(Debug, Clone)]
pub struct Spec {
    pub whole: bool,
    pub made: Vec<i128>,
    pub ways: Vec<WaySpec>,
    pub fixed: Vec<FixedSpec>,
    pub pools: Vec<PoolSpec>,
    pub deposits: Vec<i128>,
}

#[derive(Debug, Clone)]
pub struct WaySpec {
    pub need: usize,
    pub outputs: i128,
    pub cost: i128,
    /// Pool and units a job.
    pub draws: Vec<(usize, i128)>,
    pub held: Option<usize>,
    pub deposit: Option<usize>,
}

#[derive(Debug, Clone)]
pub struct FixedSpec {
    pub cost: i128,
    pub group: Option<usize>,
    /// Pool and units taken by being open.
    pub idle: Option<(usize, i128)>,
}

#[derive(Debug, Clone)]
pub struct PoolSpec {
    pub base: i128,
    pub given_by: Option<usize>,
    pub pack: Option<PackSpec>,
}

#[derive(Debug, Clone)]
pub struct PackSpec {
    pub units: i128,
    pub price: i128,
    pub whole: bool,
    pub minimum: u32,
    pub deposit: Option<usize>,
}

pub const GROUPS: usize = 2;

pub fn money(thousandths: i128) -> Decimal {
    Decimal::from_i128_with_scale(thousandths, 3)
}

fn units(tenths: i128) -> Decimal {
    Decimal::from_i128_with_scale(tenths, 1)
}

impl Spec {
    pub fn program(&self) -> Program {
        Program {
            needs: self
                .made
                .iter()
                .map(|&m| Need {
                    made: Decimal::from(m),
                    whole: self.whole,
                })
                .collect(),
            ways: self.ways.iter().map(WaySpec::way).collect(),
            fixed: self
                .fixed
                .iter()
                .map(|f| Fixed {
                    cost: money(f.cost),
                    group: f.group,
                    uses: f.idle.iter().map(|&(p, u)| (p, units(u))).collect(),
                })
                .collect(),
            pools: self
                .pools
                .iter()
                .map(|p| Pool {
                    base: units(p.base),
                    given_by: p.given_by,
                    packs: p.pack.as_ref().map(|k| Pack {
                        units: units(k.units),
                        price: money(k.price),
                        whole: k.whole,
                        minimum: k.minimum,
                        deposit: k.deposit,
                    }),
                })
                .collect(),
            deposits: self
                .deposits
                .iter()
                .map(|&d| Deposit { minimum: money(d) })
                .collect(),
            groups: GROUPS,
        }
    }
}

impl Spec {
    /// The same market with every volume, store, pack and fee so many times as large.
    pub fn times(&self, n: i128) -> Spec {
        let mut large = self.clone();
        large.made.iter_mut().for_each(|m| *m *= n);
        large.deposits.iter_mut().for_each(|d| *d *= n);
        for fixed in &mut large.fixed {
            fixed.cost *= n;
            fixed.idle = fixed.idle.map(|(p, units)| (p, units * n));
        }
        for pool in &mut large.pools {
            pool.base *= n;
            if let Some(pack) = &mut pool.pack {
                pack.units *= n;
                pack.price *= n;
            }
        }
        large
    }
}

impl WaySpec {
    fn way(&self) -> Way {
        Way {
            need: self.need,
            outputs: Decimal::from(self.outputs),
            cost: money(self.cost),
            uses: self.draws.iter().map(|&(p, u)| (p, units(u))).collect(),
            needs: self.held,
            deposit: self.deposit,
        }
    }
}

/// Sums that come again and again, so that ties and exact fits are common; now and then an odd one.
fn sum() -> impl Strategy<Value = i128> {
    prop_oneof![
        1 => Just(0_i128),
        6 => (1..=12_i128).prop_map(|x| x * 500),
        3 => (1..=200_i128).prop_map(|x| x * 10),
        2 => 1..=3000_i128,
    ]
}

fn pack() -> impl Strategy<Value = PackSpec> {
    // A part of a pack has an exact price in decimals: its units divide the price.
    let units = prop_oneof![Just(1_i128), Just(5), Just(10), Just(20), Just(40)];
    (units, 0..=60_i128, any::<bool>(), 1..=3_u32).prop_map(|(units, each, whole, minimum)| {
        PackSpec {
            units,
            price: units * each,
            whole,
            minimum,
            deposit: None,
        }
    })
}

fn pool(fixed: usize) -> impl Strategy<Value = PoolSpec> {
    let base =
        prop_oneof![1 => Just(0_i128), 2 => (0..=12_i128).prop_map(|x| x * 10), 1 => 0..=100_i128];
    let given_by = prop_oneof![2 => (0..fixed.max(1)).prop_map(Some), 1 => Just(None)];
    (
        base,
        given_by,
        prop_oneof![2 => pack().prop_map(Some), 1 => Just(None)],
    )
        .prop_map(move |(base, given_by, pack)| PoolSpec {
            base,
            given_by: given_by.filter(|_| fixed > 0),
            pack,
        })
}

fn fixed(pools: usize) -> impl Strategy<Value = FixedSpec> {
    let cost = prop_oneof![1 => Just(0_i128), 3 => sum()];
    let group = prop_oneof![1 => Just(None), 2 => (0..GROUPS).prop_map(Some)];
    let idle = prop_oneof![3 => Just(None), 1 => (0..pools.max(1), 1..=30_i128).prop_map(Some)];
    (cost, group, idle).prop_map(move |(cost, group, idle)| FixedSpec {
        cost,
        group,
        idle: idle.filter(|_| pools > 0),
    })
}

/// One way; `shape` says whether it is a straight line, draws on a pool, or only needs a thing held.
pub fn way(
    needs: usize,
    pools: usize,
    fixed: usize,
    deposits: usize,
) -> impl Strategy<Value = WaySpec> {
    let outputs = prop_oneof![3 => Just(1_i128), 1 => Just(2), 1 => Just(4)];
    let draw = (
        0..pools.max(1),
        prop_oneof![8 => 1..=40_i128, 4 => Just(10_i128), 4 => Just(20), 1 => Just(0)],
    );
    (
        0..needs,
        outputs,
        sum(),
        proptest::collection::vec(draw, 1..=2),
        0..fixed.max(1),
        0..deposits.max(1),
        0..10_u8,
    )
        .prop_map(
            move |(need, outputs, cost, mut draws, held, deposit, shape)| {
                draws.dedup_by_key(|d| d.0);
                if shape != 9 {
                    draws.truncate(1);
                }
                let mut way = WaySpec {
                    need,
                    outputs,
                    cost,
                    draws: Vec::new(),
                    held: None,
                    deposit: None,
                };
                match shape {
                    0 | 1 => {}
                    2 | 3 => way.deposit = Some(deposit).filter(|_| deposits > 0),
                    4 => way.held = Some(held).filter(|_| fixed > 0),
                    _ if pools > 0 => {
                        way.cost = if shape % 2 == 0 { 0 } else { cost };
                        way.draws = draws;
                        way.held = Some(held).filter(|_| fixed > 0 && shape == 5);
                    }
                    _ => {}
                }
                way
            },
        )
}

/// A program with whole jobs: up to three needs, six ways, three things to open, three pools and
/// two minimum spends.
pub fn spec() -> impl Strategy<Value = Spec> {
    let sizes = (
        1..=3_usize,
        2..=6_usize,
        0..=3_usize,
        0..=3_usize,
        0..=2_usize,
    );
    sizes.prop_flat_map(|(needs, ways, pools, fixed_things, deposits)| {
        // Fewer outputs where there are more ways, so that every allocation can be tried.
        let most = [12_i128, 12, 12, 9, 7, 6, 5][ways];
        (
            proptest::collection::vec(0..=most, needs),
            proptest::collection::vec(way(needs, pools, fixed_things, deposits), ways),
            proptest::collection::vec(fixed(pools), fixed_things),
            proptest::collection::vec(pool(fixed_things), pools),
            proptest::collection::vec(sum(), deposits),
            proptest::collection::vec(0..4_usize, pools),
        )
            .prop_map(|(made, mut ways, fixed, mut pools, deposits, paid_in)| {
                // A pack's price may count towards a minimum spend.
                for (pool, d) in pools.iter_mut().zip(paid_in) {
                    if let Some(pack) = &mut pool.pack {
                        pack.deposit = Some(d).filter(|d| *d < deposits.len());
                    }
                }
                // Each need has a way as long as there are ways.
                for (i, w) in ways.iter_mut().enumerate().take(made.len()) {
                    w.need = i;
                }
                Spec {
                    whole: true,
                    made,
                    ways,
                    fixed,
                    pools,
                    deposits,
                }
            })
    })
}

/// A program cut finely in which every job returns one output and takes one unit, and every store
/// and pack is whole.
pub fn network() -> impl Strategy<Value = Spec> {
    let tens = |x: i128| (x + 9) / 10 * 10;
    spec().prop_map(move |mut s| {
        s.whole = false;
        s.deposits.clear();
        for way in &mut s.ways {
            way.outputs = 1;
            way.deposit = None;
            way.draws.truncate(1);
            for draw in &mut way.draws {
                draw.1 = 10;
            }
        }
        for fixed in &mut s.fixed {
            fixed.idle = fixed.idle.map(|(p, units)| (p, tens(units)));
        }
        for pool in &mut s.pools {
            pool.base = tens(pool.base);
            if let Some(pack) = &mut pool.pack {
                pack.deposit = None;
                let each = pack.price / pack.units;
                pack.units = tens(pack.units);
                pack.price = each * pack.units;
            }
        }
        s
    })
}

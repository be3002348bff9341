//! Cuts a program into parts that share nothing: no store, no fee, no group of tiers, no minimum
//! spend. The cheapest answer of the whole is the cheapest answers of the parts, and several small
//! branch-and-bound searches are far shorter than one over their product.

use std::collections::BTreeMap;

use crate::program::Program;

/// A program of its own, and which way of the whole each of its ways is.
pub(crate) struct Part {
    pub program: Program,
    pub ways: Vec<usize>,
}

/// The parts of the program that the ways in `keep` span. A need without a way is a part too.
pub(crate) fn parts(program: &Program, keep: &[usize]) -> Vec<Part> {
    let mut sets = Sets::new(program.needs.len());
    // The need that touched each shared thing first; every later one joins it.
    let mut first: BTreeMap<Shared, usize> = BTreeMap::new();
    for &w in keep {
        let need = program.ways[w].need;
        for thing in shared(program, w) {
            let other = *first.entry(thing).or_insert(need);
            sets.join(need, other);
        }
    }
    let mut by_root: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for n in 0..program.needs.len() {
        by_root.entry(sets.root(n)).or_default().push(n);
    }
    by_root
        .into_values()
        .map(|needs| part(program, keep, &needs))
        .collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Shared {
    Pool(usize),
    Fixed(usize),
    Group(usize),
    Deposit(usize),
}

/// Everything a way touches that another need may touch as well.
fn shared(program: &Program, w: usize) -> Vec<Shared> {
    let way = &program.ways[w];
    let mut out: Vec<Shared> = way.deposit.map(Shared::Deposit).into_iter().collect();
    let mut pools: Vec<usize> = way.uses.iter().map(|(p, _)| *p).collect();
    let mut open = vec![false; program.fixed.len()];
    program.open_for(way, &mut open);
    for (f, fixed) in program.fixed.iter().enumerate().filter(|(f, _)| open[*f]) {
        out.push(Shared::Fixed(f));
        out.extend(fixed.group.map(Shared::Group));
        pools.extend(fixed.uses.iter().map(|(p, _)| *p));
    }
    for p in pools {
        let packs = program.pools[p].packs.as_ref();
        out.extend(packs.and_then(|k| k.deposit).map(Shared::Deposit));
        out.push(Shared::Pool(p));
    }
    out
}

/// The program of these needs alone; indices of pools, fixed things, deposits and groups stay.
fn part(program: &Program, keep: &[usize], needs: &[usize]) -> Part {
    let ways: Vec<usize> = keep
        .iter()
        .copied()
        .filter(|&w| needs.contains(&program.ways[w].need))
        .collect();
    let place = |n: usize| needs.iter().position(|m| *m == n).unwrap_or_default();
    let mut out = Program {
        needs: needs.iter().map(|&n| program.needs[n].clone()).collect(),
        ways: ways
            .iter()
            .map(|&w| {
                let mut way = program.ways[w].clone();
                way.need = place(way.need);
                way
            })
            .collect(),
        ..Program::default()
    };
    drop_untouched(program, &mut out);
    Part { program: out, ways }
}

/// Gives the part only the fixed things, pools, groups and deposits that its ways touch, renumbered.
fn drop_untouched(whole: &Program, part: &mut Program) {
    let mut fixed: Vec<usize> = Vec::new();
    let mut pools: Vec<usize> = Vec::new();
    let mut deposits: Vec<usize> = Vec::new();
    let mut groups: Vec<usize> = Vec::new();
    for way in &part.ways {
        pools.extend(way.uses.iter().map(|(p, _)| *p));
        fixed.extend(way.needs);
        deposits.extend(way.deposit);
    }
    // What is listed twice must not hide what the first round below adds.
    sort([&mut fixed, &mut pools]);
    // A pool brings what gives it, a fixed thing the pools it takes from: until nothing is new.
    loop {
        let before = (fixed.len(), pools.len());
        fixed.extend(pools.iter().filter_map(|&p| whole.pools[p].given_by));
        pools.extend(
            fixed
                .iter()
                .flat_map(|&f| whole.fixed[f].uses.iter().map(|(p, _)| *p)),
        );
        sort([&mut fixed, &mut pools]);
        if (fixed.len(), pools.len()) == before {
            break;
        }
    }
    let paid_in = |&p: &usize| whole.pools[p].packs.as_ref()?.deposit;
    deposits.extend(pools.iter().filter_map(paid_in));
    sort([&mut deposits]);
    groups.extend(fixed.iter().filter_map(|&f| whole.fixed[f].group));
    sort([&mut groups]);
    let at = |list: &[usize], x: usize| list.binary_search(&x).unwrap_or_default();
    for way in &mut part.ways {
        way.needs = way.needs.map(|f| at(&fixed, f));
        way.deposit = way.deposit.map(|d| at(&deposits, d));
        for (p, _) in &mut way.uses {
            *p = at(&pools, *p);
        }
    }
    part.fixed = fixed
        .iter()
        .map(|&f| {
            let mut x = whole.fixed[f].clone();
            x.group = x.group.map(|g| at(&groups, g));
            for (p, _) in &mut x.uses {
                *p = at(&pools, *p);
            }
            x
        })
        .collect();
    part.pools = pools
        .iter()
        .map(|&p| {
            let mut x = whole.pools[p].clone();
            x.given_by = x.given_by.map(|f| at(&fixed, f));
            if let Some(pack) = &mut x.packs {
                pack.deposit = pack.deposit.map(|d| at(&deposits, d));
            }
            x
        })
        .collect();
    part.deposits = deposits
        .iter()
        .map(|&d| whole.deposits[d].clone())
        .collect();
    part.groups = groups.len();
}

/// Each list in order, every entry once.
fn sort<const N: usize>(lists: [&mut Vec<usize>; N]) {
    for list in lists {
        list.sort_unstable();
        list.dedup();
    }
}

/// Sets of needs that share something, as a forest.
struct Sets(Vec<usize>);

impl Sets {
    fn new(n: usize) -> Sets {
        Sets((0..n).collect())
    }

    fn root(&self, mut n: usize) -> usize {
        while self.0[n] != n {
            n = self.0[n];
        }
        n
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

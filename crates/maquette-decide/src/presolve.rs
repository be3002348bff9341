//! Throws out the ways that can be in no cheapest answer, so that the solver sees few.
//!
//! Every rule here is an exchange: whoever uses what is thrown out can replace it by straight lines
//! and pay strictly less. Two things make an exchange unsound and are left out of the saving: money
//! that counts towards a minimum spend (spending less there saves nothing), and what a whole pack
//! leaves over (another way on the same pool gets it for nothing).

use rust_decimal::Decimal;

use crate::program::{Pack, Program, Way};

/// No pool, nothing to open, no minimum spend: cost is a straight line.
pub(crate) fn is_plain(way: &Way) -> bool {
    way.uses.is_empty() && way.needs.is_none() && way.deposit.is_none()
}

/// For each way, which things are open whenever it works.
fn opens(program: &Program) -> Vec<Vec<bool>> {
    let opened = |way| {
        let mut open = vec![false; program.fixed.len()];
        program.open_for(way, &mut open);
        open
    };
    program.ways.iter().map(opened).collect()
}

/// Indices of the ways that can be in a cheapest answer.
pub(crate) fn keep(program: &Program) -> Vec<usize> {
    let line = lines(program);
    let opens = opens(program);
    let dear: Vec<bool> = (0..program.fixed.len())
        .map(|f| is_dear(program, &line, &opens, f))
        .collect();
    let hopeless = hopeless(program, &line, &opens);
    (0..program.ways.len())
        .filter(|&i| {
            let w = &program.ways[i];
            let beaten = is_line(w) && line[w.need] != Some(i);
            let too_dear = (0..program.fixed.len()).any(|f| dear[f] && opens[i][f]);
            !beaten && !too_dear && !hopeless[i]
        })
        .collect()
}

fn is_line(way: &Way) -> bool {
    is_plain(way) && way.outputs == Decimal::ONE
}

/// Of straight lines with one output a job only each need's cheapest can win.
fn lines(program: &Program) -> Vec<Option<usize>> {
    let mut line: Vec<Option<usize>> = vec![None; program.needs.len()];
    for (i, w) in program.ways.iter().enumerate() {
        if is_line(w) && line[w.need].is_none_or(|b| program.ways[b].cost > w.cost) {
            line[w.need] = Some(i);
        }
    }
    line
}

/// A thing that costs more than every straight line it could replace never pays.
fn is_dear(program: &Program, line: &[Option<usize>], opens: &[Vec<bool>], f: usize) -> bool {
    let mut saves = Decimal::ZERO;
    for (n, best) in line.iter().enumerate() {
        let serves = program
            .ways
            .iter()
            .zip(opens)
            .any(|(w, open)| w.need == n && open[f]);
        match (serves, best) {
            (false, _) => {}
            (true, Some(b)) => saves += program.ways[*b].cost * program.jobs_for(*b),
            (true, None) => return false,
        }
    }
    program.fixed[f].cost > saves
}

/// Ways that cost more an output than their need's straight line even at their best. They are thrown
/// out together: a pool's whole packs count only while all who draw on the pool go.
fn hopeless(program: &Program, line: &[Option<usize>], opens: &[Vec<bool>]) -> Vec<bool> {
    let mut out: Vec<bool> = program
        .ways
        .iter()
        .map(|w| line[w.need].is_some())
        .collect();
    loop {
        let next: Vec<bool> = (0..out.len())
            .map(|i| {
                let w = &program.ways[i];
                let line = line[w.need].map(|b| program.ways[b].cost);
                out[i] && line.is_some_and(|c| least_per_output(program, opens, w, &out) > c)
            })
            .collect();
        if next == out {
            return out;
        }
        out = next;
    }
}

/// A lower bound of what one output costs this way while the ways in `out` go as well: its own cost
/// and the packs it must draw on, with every allowance taken as free.
fn least_per_output(program: &Program, opens: &[Vec<bool>], way: &Way, out: &[bool]) -> Decimal {
    let own = if way.deposit.is_none() {
        way.cost
    } else {
        Decimal::ZERO
    };
    let packs: Decimal = way
        .uses
        .iter()
        .filter_map(|(p, units)| {
            let pack = program.pools[*p].packs.as_ref()?;
            let sure =
                pack.deposit.is_none() && (is_metered(pack) || all_go(program, opens, *p, out));
            (program.pools[*p].base.is_zero() && sure).then(|| units * pack.price / pack.units)
        })
        .sum();
    (own + packs) / way.outputs
}

/// Sold to the unit, nothing left over.
fn is_metered(pack: &Pack) -> bool {
    !pack.whole && pack.minimum <= 1
}

/// Does nothing that stays draw on the pool?
fn all_go(program: &Program, opens: &[Vec<bool>], p: usize, out: &[bool]) -> bool {
    let draws = |uses: &[(usize, Decimal)]| uses.iter().any(|(pool, _)| *pool == p);
    let idles = |open: &[bool]| {
        let mut things = program.fixed.iter().zip(open);
        things.any(|(f, open)| *open && draws(&f.uses))
    };
    (0..out.len()).all(|w| out[w] || !(draws(&program.ways[w].uses) || idles(&opens[w])))
}

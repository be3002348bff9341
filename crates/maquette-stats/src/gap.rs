//! The gap between the best closed and the best open model of a board on one day.
//!
//! gap = max rating(closed) − max rating(open), in points where 400 are odds of ten to one
//! (Bradley and Terry 1952; Elo 1978), so that a voter prefers the open one with probability
//! p = 1 / (1 + 10^(gap/400)), ties counted half. Both ends are maxima of noisy numbers: the
//! interval is that of the difference of maxima under a parametric bootstrap, each rating drawn from
//! a normal with sd = half of its printed 95% interval / 1.96. Boards publish no covariance; to
//! leave it out usually widens the interval. Bands are a convention of ours; the literature has none.

use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64Mcg;

/// Standard deviations in half of a 95% interval.
const HALF_OF_95: f64 = 1.96;
/// Entries of either side that are drawn: the best, which alone can come first.
pub const DRAWN: usize = 12;
pub const DRAWS: usize = 10_000;
/// Of the bootstrap.
pub const SEED: u64 = 20_261_123;
/// Half-width of the equivalence for "none", in points (two one-sided tests, Schuirmann 1987).
pub const EQUAL: f64 = 20.0;

/// A model on a board.
#[derive(Debug, Clone, PartialEq)]
pub struct Rated {
    pub name: String,
    /// Points.
    pub rating: f64,
    /// Half of the printed 95% interval, points.
    pub half: Option<f64>,
}

/// How large a gap is, in our words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    OpenLeads,
    None,
    Minimal,
    Small,
    Moderate,
    Large,
    VeryLarge,
}

impl Band {
    pub const ALL: [Band; 7] = [
        Band::OpenLeads,
        Band::None,
        Band::Minimal,
        Band::Small,
        Band::Moderate,
        Band::Large,
        Band::VeryLarge,
    ];

    /// The band of a gap in points.
    pub fn of(gap: f64) -> Band {
        match gap {
            g if g < -EQUAL => Band::OpenLeads,
            g if g <= EQUAL => Band::None,
            g if g <= 50.0 => Band::Minimal,
            g if g <= 100.0 => Band::Small,
            g if g <= 200.0 => Band::Moderate,
            g if g <= 382.0 => Band::Large,
            _ => Band::VeryLarge,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Band::OpenLeads => "open leads",
            Band::None => "none",
            Band::Minimal => "minimal",
            Band::Small => "small",
            Band::Moderate => "moderate",
            Band::Large => "large",
            Band::VeryLarge => "very large",
        }
    }

    fn place(self) -> usize {
        self as usize
    }
}

/// What the draws say.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// 5th, 50th and 95th percentile, points.
    pub low: f64,
    pub mid: f64,
    pub high: f64,
    /// Share of the draws in each band, in the order of `Band::ALL`.
    pub shares: [f64; 7],
}

/// A gap between two sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    pub closed: Rated,
    pub open: Rated,
    /// Printed rating less printed rating.
    pub plain: f64,
    /// Absent where a side's best has no interval.
    pub drawn: Option<Drawn>,
    /// Entries drawn that print no interval: the widest of their board stands for it.
    pub borrowed: usize,
}

/// The gap of a board: nothing where one side has nobody.
pub fn gap(closed: &[Rated], open: &[Rated], draws: usize) -> Option<Gap> {
    let closed = best(closed);
    let open = best(open);
    let (first_closed, first_open) = (*closed.first()?, *open.first()?);
    let all = || closed.iter().chain(&open);
    let widest = all().filter_map(|r| usable(r.half)).max_by(f64::total_cmp);
    let known = usable(first_closed.half).is_some() && usable(first_open.half).is_some();
    let drawn = match widest {
        Some(widest) if known && draws > 0 => Some(draw(&closed, &open, widest, draws)),
        _ => None,
    };
    Some(Gap {
        plain: first_closed.rating - first_open.rating,
        borrowed: match drawn {
            Some(_) => all().filter(|r| usable(r.half).is_none()).count(),
            None => 0,
        },
        closed: first_closed.clone(),
        open: first_open.clone(),
        drawn,
    })
}

/// A rating that is no number is not there; an interval below zero is none.
fn usable(half: Option<f64>) -> Option<f64> {
    half.filter(|h| h.is_finite() && *h >= 0.0)
}

fn best(side: &[Rated]) -> Vec<&Rated> {
    let mut list: Vec<&Rated> = side.iter().filter(|r| r.rating.is_finite()).collect();
    list.sort_by(|a, b| {
        b.rating
            .total_cmp(&a.rating)
            .then_with(|| a.name.cmp(&b.name))
    });
    list.truncate(DRAWN);
    list
}

fn draw(closed: &[&Rated], open: &[&Rated], widest: f64, draws: usize) -> Drawn {
    let mut random = Pcg64Mcg::new(u128::from(SEED));
    let side = |list: &[&Rated]| -> Vec<(f64, f64)> {
        let sd = |r: &Rated| usable(r.half).unwrap_or(widest) / HALF_OF_95;
        list.iter().map(|r| (r.rating, sd(r))).collect()
    };
    let (closed, open) = (side(closed), side(open));
    let mut highest = |side: &[(f64, f64)]| {
        side.iter().fold(f64::NEG_INFINITY, |most, (rating, sd)| {
            let z: f64 = StandardNormal.sample(&mut random);
            most.max(rating + sd * z)
        })
    };
    let mut gaps: Vec<f64> = (0..draws)
        .map(|_| highest(&closed) - highest(&open))
        .collect();
    gaps.sort_by(f64::total_cmp);
    let mut shares = [0.0; 7];
    let one = 1.0 / gaps.len() as f64;
    for g in &gaps {
        shares[Band::of(*g).place()] += one;
    }
    Drawn {
        low: percentile(&gaps, 0.05),
        mid: percentile(&gaps, 0.5),
        high: percentile(&gaps, 0.95),
        shares,
    }
}

/// Of sorted values, by a line between the two nearest ranks.
pub fn percentile(sorted: &[f64], part: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let at = part.clamp(0.0, 1.0) * last as f64;
    let (below, above) = (at.floor() as usize, at.ceil() as usize);
    sorted[below] + (sorted[above] - sorted[below]) * (at - at.floor())
}

/// Chance that a voter prefers the second of a pair, ties counted half.
pub fn preferred(gap: f64) -> f64 {
    1.0 / (1.0 + 10_f64.powf(gap / 400.0))
}

impl Gap {
    /// The median of the draws; without any the plain difference.
    pub fn middle(&self) -> f64 {
        self.drawn.as_ref().map_or(self.plain, |d| d.mid)
    }

    /// Chance that a voter prefers the best open one.
    pub fn preferred(&self) -> f64 {
        preferred(self.middle())
    }

    /// The whole interval lies within `EQUAL` points of zero.
    pub fn equivalent(&self) -> Option<bool> {
        self.drawn
            .as_ref()
            .map(|d| d.low >= -EQUAL && d.high <= EQUAL)
    }

    /// The word: of the middle, where "none" needs the equivalence and "open leads" an interval below
    /// zero; the weaker claim stands otherwise.
    pub fn band(&self) -> Band {
        self.held(Band::of(self.middle()))
    }

    /// A band that the interval bears out, from one that the middle lies in.
    pub fn held(&self, band: Band) -> Band {
        match (band, &self.drawn) {
            (Band::OpenLeads, Some(d)) if d.high < 0.0 => Band::OpenLeads,
            (Band::OpenLeads, _) => Band::None,
            (band, _) => band,
        }
    }

    /// From the smallest to the largest word that the interval allows.
    pub fn bands(&self) -> (Band, Band) {
        let Some(d) = &self.drawn else {
            return (self.band(), self.band());
        };
        (self.held(Band::of(d.low)), self.held(Band::of(d.high)))
    }

    /// The word to print: a range where the interval crosses an edge, and "none" only where it is shown.
    pub fn word(&self) -> String {
        let (low, high) = self.bands();
        if low == high && (low != Band::None || self.equivalent() == Some(true)) {
            return low.as_str().to_owned();
        }
        match (low, high) {
            (Band::None, Band::None) => "none or minimal".to_owned(),
            (low, high) => format!("{} to {}", low.as_str(), high.as_str()),
        }
    }
}

/// Days that two readings must lie apart before the second confirms a new word.
const CONFIRMED_AFTER: i64 = 7;
/// A share of the draws that settles a new word at once.
const SETTLED: f64 = 0.8;

/// The word that stands after each reading: it changes after two readings at least seven days apart that
/// agree on the new band, or where more than 0.8 of the draws lie in it. Days ascend. A break of the
/// board (`anew`) begins again.
pub fn standing<'a>(readings: impl Iterator<Item = (i64, bool, &'a Gap)>) -> Vec<Band> {
    let mut out: Vec<Band> = Vec::new();
    // The band that waits, and the day on which it was first read without another between.
    let mut waiting: Option<(Band, i64)> = None;
    for (day, anew, gap) in readings {
        let new = gap.band();
        let now = match out.last() {
            Some(old) if !anew && *old != new => {
                let share = gap.drawn.as_ref().map_or(0.0, |d| d.shares[new.place()]);
                let since = match waiting {
                    Some((band, since)) if band == new => since,
                    _ => day,
                };
                if share > SETTLED || day - since >= CONFIRMED_AFTER {
                    waiting = None;
                    new
                } else {
                    waiting = Some((new, since));
                    *old
                }
            }
            _ => {
                waiting = None;
                new
            }
        };
        out.push(now);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rated(name: &str, rating: f64, half: Option<f64>) -> Rated {
        Rated {
            name: name.to_owned(),
            rating,
            half,
        }
    }

    #[test]
    fn bands_change_at_their_edges() {
        let of = |g: f64| Band::of(g).as_str();
        let edges = [
            (-20.1, "open leads"),
            (-20.0, "none"),
            (20.0, "none"),
            (20.1, "minimal"),
            (50.0, "minimal"),
            (100.0, "small"),
            (200.0, "moderate"),
            (382.0, "large"),
            (382.1, "very large"),
        ];
        for (gap, word) in edges {
            assert_eq!(of(gap), word, "{gap}");
        }
    }

    #[test]
    fn the_chance_is_that_of_the_logistic_scale() {
        assert!((preferred(0.0) - 0.5).abs() < 1e-12);
        assert!((preferred(400.0) - 1.0 / 11.0).abs() < 1e-12);
        assert!((preferred(-400.0) - 10.0 / 11.0).abs() < 1e-12);
    }

    #[test]
    fn many_near_ties_raise_a_maximum() {
        // Expected maximum of n normals: 1.163 sd for five, 1.539 for ten (tables of order statistics).
        let ties = |n: usize, half: f64| {
            let open: Vec<Rated> = (0..n)
                .map(|i| rated(&i.to_string(), 1000.0, Some(half)))
                .collect();
            let g = gap(&[rated("c", 1000.0, Some(0.0))], &open, 40_000);
            -g.and_then(|g| g.drawn).map_or(f64::NAN, |d| d.mid)
        };
        assert!((ties(5, 10.0) - 5.8).abs() < 0.4, "{}", ties(5, 10.0));
        assert!((ties(10, 20.0) - 15.2).abs() < 0.8, "{}", ties(10, 20.0));
    }

    #[test]
    fn none_is_a_claim_that_must_be_shown() {
        let one = |rating: f64, half: f64| {
            gap(
                &[rated("c", 1000.0 + rating, Some(half))],
                &[rated("o", 1000.0, Some(half))],
                DRAWS,
            )
            .map(|g| g.word())
        };
        assert_eq!(one(0.0, 5.0).as_deref(), Some("none"));
        assert_eq!(one(5.0, 20.0).as_deref(), Some("none to minimal"));
        assert_eq!(one(-60.0, 5.0).as_deref(), Some("open leads"));
        let plain = gap(
            &[rated("c", 1005.0, None)],
            &[rated("o", 1000.0, None)],
            DRAWS,
        );
        assert_eq!(plain.map(|g| g.word()).as_deref(), Some("none or minimal"));
    }

    #[test]
    fn a_word_changes_only_when_it_is_confirmed() {
        let at = |g: f64| {
            gap(
                &[rated("c", 1000.0 + g, None)],
                &[rated("o", 1000.0, None)],
                0,
            )
        };
        let words = |list: &[(i64, f64)]| -> Vec<&'static str> {
            let gaps: Vec<(i64, Gap)> = list
                .iter()
                .filter_map(|(d, g)| Some((*d, at(*g)?)))
                .collect();
            standing(gaps.iter().map(|(d, g)| (*d, false, g)))
                .into_iter()
                .map(Band::as_str)
                .collect()
        };
        assert_eq!(
            words(&[(0, 90.0), (1, 110.0), (5, 110.0), (9, 110.0)]),
            ["small", "small", "small", "moderate"]
        );
        // What goes back in between begins again.
        assert_eq!(
            words(&[(0, 90.0), (1, 110.0), (5, 95.0), (9, 110.0)]),
            ["small", "small", "small", "small"]
        );
    }

    #[test]
    fn a_side_without_anybody_has_no_gap() {
        assert_eq!(gap(&[], &[rated("o", 1.0, None)], DRAWS), None);
        assert_eq!(
            gap(
                &[rated("c", f64::NAN, None)],
                &[rated("o", 1.0, None)],
                DRAWS
            ),
            None
        );
    }
}

//! Rising, declining, stable, emerging, unclear: labels of a panel of cumulative counts on a day.
//!
//! What was added in each week (the difference of the count on the same weekday), its logarithm less the
//! panel's median of the week, a Theil–Sen slope with its rank interval. Significance (the interval) and
//! relevance (a least slope) are two tests; a series noisier than its own counting noise by more than an eighth,
//! or with few counts, gets no direction; and a direction is a label only where the growth of the last four
//! weeks lies on the same side of the panel's. The method, its tuning and its measured error:
//! docs/concepts/trends.md.

pub mod clean;
pub mod sen;
pub mod weekly;
pub mod windows;

use clean::{Counter, rising};
use sen::{median_of, slope};
use weekly::{Weekly, weekly};

/// Weeks that are looked at; the shorter only where the longer has no direction.
const WINDOWS: [usize; 2] = [16, 11];
const WEEKS: usize = WINDOWS[0];
/// Weekly points that a label needs.
pub const LEAST_WEEKS: usize = 8;
/// From so many points on the shorter window counts, and readings may be sparse.
const DENSE: usize = 11;
/// Readings a week, below that.
const READINGS: usize = 4;
/// Subjects that make a panel.
pub const PANEL: usize = 10;
/// Weeks of growth that the second signal looks at.
const RATE_WEEKS: usize = 4;
/// Weeks by which the last known count may lie back.
const LATE: usize = 2;
/// Residual spread beyond counting noise, in logarithms.
const NOISE: f64 = 0.125;
/// Counts in the window.
const COUNTS: f64 = 20.0;
/// Quantile of a 90% interval.
const Z90: f64 = 1.644_854;
/// A stable one's 90% interval lies within so much a week.
const STABLE: f64 = 0.05;
/// Days within which a subject counts as new.
const NEW: i64 = 56;
/// A new one's first count against its last.
const NEW_PART: f64 = 0.5;
/// Above this part of those of like age.
const NEW_ABOVE: f64 = 0.8;
const LIKE_AGE: i64 = 14;
/// Downloads of 30 days per like above which automation is likely (95th percentile of the trending panel).
pub const AUTOMATION: f64 = 200_000.0;

/// What a direction needs, by weekly points: quantile of the interval, its near end, the least slope (both in
/// logarithms a week).
const TIERS: [(usize, f64, f64, f64); 3] = [
    (14, 1.959_964, 0.02, 0.02),
    (11, 2.326_348, 0.03, 0.02),
    (LEAST_WEEKS, 2.326_348, 0.02, 0.05),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    Rising,
    Declining,
    Stable,
    Emerging,
    Unclear,
}

impl Label {
    pub const ALL: [Label; 5] = [
        Label::Rising,
        Label::Emerging,
        Label::Stable,
        Label::Declining,
        Label::Unclear,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Label::Rising => "rising",
            Label::Declining => "declining",
            Label::Stable => "stable",
            Label::Emerging => "emerging",
            Label::Unclear => "unclear",
        }
    }
}

/// Where the increments go, before the second signal is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
    None,
}

/// Why a label is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Slope and growth agree.
    Agree,
    /// Grows faster than four of five of its age.
    New,
    /// The interval lies within 5% a week.
    Flat,
    NotReadLately,
    FewWeeks,
    Noisy,
    FewCounts,
    SparseReadings,
    /// The interval holds both growth and none.
    Wide,
    NoPanel,
    /// Slope one way, growth of the last weeks the other.
    Disagree,
    /// On this signal a direction has not been shown to tell what follows.
    NotAdmitted,
}

/// What was found of one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub label: Label,
    pub why: Why,
    pub direction: Direction,
    /// Weekly points.
    pub weeks: usize,
    /// Logarithms a week, against the panel; the interval is that of the tier.
    pub slope: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Kendall's, two-sided.
    pub p: Option<f64>,
    /// The same under false-discovery control over the panel (Benjamini and Hochberg 1995).
    pub q: Option<f64>,
    /// Growth a week over the last four.
    pub rate: Option<f64>,
}

/// A slope of 30-day windows.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    pub points: usize,
    pub slope: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub p: Option<f64>,
}

/// What all subjects have in common.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Subjects with eight weeks or more.
    pub members: usize,
    /// Enough of them to take a median off.
    pub there: bool,
    /// Median growth a week over the last four.
    pub rate: Option<f64>,
}

/// Labels of every counter on a day. `admitted`: a direction of this signal may be called rising or declining.
pub fn label(counters: &[Counter], day: i64, admitted: bool) -> (Vec<Finding>, Panel) {
    let cleaned: Vec<Counter> = counters
        .iter()
        .map(|c| {
            let (days, values) = c.until(day);
            rising(days, values)
        })
        .collect();
    let grids: Vec<Weekly> = cleaned.iter().map(|c| weekly(c, day, WEEKS)).collect();
    let (panel, medians) = panel(&grids);
    let mut found: Vec<Finding> = grids
        .iter()
        .zip(&cleaned)
        .map(|(grid, counter)| one(grid, counter, day, &panel, &medians, admitted))
        .collect();
    emerging(counters, &cleaned, day, &mut found);
    discovery(&mut found);
    (found, panel)
}

/// The panel's median of each week, of members' logarithms less their own median.
fn panel(grids: &[Weekly]) -> (Panel, Vec<Option<f64>>) {
    let members: Vec<(&Weekly, f64)> = grids
        .iter()
        .filter(|g| g.valid() >= WEEKS / 2)
        .filter_map(|g| Some((g, median_of(g.logs.iter().flatten().copied().collect())?)))
        .collect();
    let medians: Vec<Option<f64>> = (0..WEEKS)
        .map(|week| {
            let centred = members
                .iter()
                .filter_map(|(g, own)| Some(g.logs[week]? - own));
            let centred: Vec<f64> = centred.collect();
            (centred.len() >= PANEL)
                .then(|| median_of(centred))
                .flatten()
        })
        .collect();
    let rates: Vec<f64> = grids
        .iter()
        .filter_map(|g| g.rate(RATE_WEEKS, LATE))
        .collect();
    let panel = Panel {
        members: members.len(),
        there: medians.iter().flatten().count() >= LEAST_WEEKS,
        rate: (rates.len() >= PANEL).then(|| median_of(rates)).flatten(),
    };
    (panel, medians)
}

/// What one window says.
struct Window {
    weeks: usize,
    slope: sen::Slope,
    interval: (f64, f64),
    direction: Direction,
    lacks: Option<Why>,
}

fn one(
    grid: &Weekly,
    counter: &Counter,
    day: i64,
    panel: &Panel,
    medians: &[Option<f64>],
    admitted: bool,
) -> Finding {
    let mut out = Finding {
        label: Label::Unclear,
        why: Why::NotReadLately,
        direction: Direction::None,
        weeks: 0,
        slope: None,
        low: None,
        high: None,
        p: None,
        q: None,
        rate: grid.rate(RATE_WEEKS, LATE),
    };
    if grid.last().is_none_or(|l| l + LATE < WEEKS) {
        // Read of late, but too seldom to know a week's end.
        if counter
            .days
            .last()
            .is_some_and(|d| day - d <= 7 * LATE as i64)
        {
            out.why = Why::FewWeeks;
        }
        return out;
    }
    let logs: Vec<Option<f64>> = grid
        .logs
        .iter()
        .zip(medians)
        .map(|(own, median)| match (own, median) {
            (Some(y), Some(m)) if panel.there => Some(y - m),
            (Some(y), _) if !panel.there => Some(*y),
            _ => None,
        })
        .collect();
    let mut windows = WINDOWS.iter().enumerate().filter_map(|(i, w)| {
        window(&logs, grid, counter, day, *w).filter(|w| i == 0 || w.weeks >= DENSE)
    });
    let Some(first) = windows.next() else {
        out.why = Why::FewWeeks;
        return out;
    };
    let chosen = if first.direction == Direction::None {
        windows
            .find(|w| w.direction != Direction::None)
            .unwrap_or(first)
    } else {
        first
    };
    out.weeks = chosen.weeks;
    out.slope = Some(chosen.slope.slope);
    out.low = Some(chosen.interval.0).filter(|v| v.is_finite());
    out.high = Some(chosen.interval.1).filter(|v| v.is_finite());
    out.p = Some(chosen.slope.p);
    out.direction = chosen.direction;
    if chosen.weeks < LEAST_WEEKS {
        out.why = Why::FewWeeks;
        return out;
    }
    let (low, high) = chosen.slope.interval(Z90);
    (out.label, out.why) = match chosen.direction {
        Direction::None if -STABLE < low && high < STABLE => (Label::Stable, Why::Flat),
        Direction::None => (Label::Unclear, chosen.lacks.unwrap_or(Why::Wide)),
        direction => second_signal(direction, out.rate, panel, admitted),
    };
    out
}

/// A direction is a label where recent growth lies on its side of the panel's.
fn second_signal(
    direction: Direction,
    rate: Option<f64>,
    panel: &Panel,
    admitted: bool,
) -> (Label, Why) {
    let (true, Some(of_panel)) = (panel.there, panel.rate) else {
        return (Label::Unclear, Why::NoPanel);
    };
    let label = match (direction, rate) {
        (Direction::Up, Some(r)) if r > of_panel => Label::Rising,
        (Direction::Down, Some(r)) if r < of_panel => Label::Declining,
        _ => return (Label::Unclear, Why::Disagree),
    };
    if admitted {
        (label, Why::Agree)
    } else {
        (Label::Unclear, Why::NotAdmitted)
    }
}

fn window(
    logs: &[Option<f64>],
    grid: &Weekly,
    counter: &Counter,
    day: i64,
    weeks: usize,
) -> Option<Window> {
    let at: Vec<usize> = (WEEKS - weeks..WEEKS)
        .filter(|i| logs[*i].is_some())
        .collect();
    if at.len() < 4 {
        return None;
    }
    let x: Vec<f64> = at.iter().map(|i| *i as f64).collect();
    let y: Vec<f64> = at.iter().filter_map(|i| logs[*i]).collect();
    let n = x.len();
    let (_, z, near, least) = TIERS
        .into_iter()
        .find(|tier| n >= tier.0)
        .unwrap_or(TIERS[TIERS.len() - 1]);
    let slope = slope(&x, &y)?;
    let (low, high) = slope.interval(z);
    let added: Vec<f64> = at.iter().filter_map(|i| grid.added[*i]).collect();
    let counts: f64 = added.iter().sum();
    let middle = median_of(added)?;
    let first_week = day - 7 * (WEEKS - at[0]) as i64;
    let readings = counter.days.iter().filter(|d| **d > first_week).count();
    let lacks = if slope.spread * slope.spread > NOISE * NOISE + 1.0 / (middle + 0.5) {
        Some(Why::Noisy)
    } else if counts < COUNTS {
        Some(Why::FewCounts)
    } else if n < DENSE && readings < READINGS * (WEEKS - at[0]) {
        Some(Why::SparseReadings)
    } else {
        None
    };
    let direction = match lacks {
        None if n >= LEAST_WEEKS && low > near && slope.slope > least => Direction::Up,
        None if n >= LEAST_WEEKS && high < -near && slope.slope < -least => Direction::Down,
        _ => Direction::None,
    };
    Some(Window {
        weeks: n,
        slope,
        interval: (low, high),
        direction,
        lacks,
    })
}

/// New subjects that grow faster than four of five of like age; this goes before any other label.
fn emerging(counters: &[Counter], cleaned: &[Counter], day: i64, found: &mut [Finding]) {
    let age = |i: usize| counters[i].days.first().map(|first| day - first);
    let speed = |i: usize| {
        let c = &cleaned[i];
        let (first, last) = (*c.days.first()?, *c.days.last()?);
        let new = age(i).is_some_and(|a| 0 < a && a < NEW);
        let read = day - last <= 7 * LATE as i64;
        let (start, end) = (*c.values.first()?, *c.values.last()?);
        (new && read && c.days.len() >= 2 && last - first >= 7)
            .then(|| (end - start) / ((last - first) as f64 / 7.0))
    };
    let speeds: Vec<(i64, usize, f64)> = (0..cleaned.len())
        .filter_map(|i| Some((age(i)?, i, speed(i)?)))
        .collect();
    for (age, i, speed) in &speeds {
        let c = &cleaned[*i];
        let young = match (c.values.first(), c.values.last()) {
            (Some(first), Some(last)) => *first <= NEW_PART * last,
            _ => false,
        };
        let mut alike: Vec<f64> = speeds
            .iter()
            .filter(|(a, _, _)| (a - age).abs() <= LIKE_AGE)
            .map(|(_, _, s)| *s)
            .collect();
        alike.sort_by(f64::total_cmp);
        if young && alike.len() >= PANEL && *speed > crate::gap::percentile(&alike, NEW_ABOVE) {
            found[*i].label = Label::Emerging;
            found[*i].why = Why::New;
        }
    }
}

/// Fills in `q`.
fn discovery(found: &mut [Finding]) {
    let mut order: Vec<usize> = (0..found.len())
        .filter(|i| found[*i].weeks >= LEAST_WEEKS && found[*i].p.is_some())
        .collect();
    let p = |i: usize| found[i].p.unwrap_or(1.0);
    order.sort_by(|a, b| p(*a).total_cmp(&p(*b)));
    let m = order.len() as f64;
    let mut least = 1.0_f64;
    let mut q = Vec::new();
    for (rank, i) in order.iter().enumerate().rev() {
        least = least.min(p(*i) * m / (rank + 1) as f64);
        q.push((*i, least));
    }
    for (i, q) in q {
        found[i].q = Some(q);
    }
}

//! Rising, declining, stable, emerging, unclear: labels of a panel of cumulative counts on a day.
//!
//! What was added in each week (the difference of the count on the same weekday), its logarithm less the
//! panel's median of the week, a Theil–Sen slope with its rank interval, as wide as the weeks of this panel hang
//! together. Relevance (the interval lies beyond a least slope) and significance (among all that were looked at)
//! are two tests; and a direction is a label only where the growth of the last four weeks lies on the same side of
//! the panel's. The method and its measured error: docs/concepts/trends.md.

pub mod clean;
pub mod sen;
pub mod serial;
pub mod weekly;
pub mod windows;

use clean::{Counter, rising};
use sen::{median_of, slope};
use weekly::{Weekly, weekly};

/// Weeks that are looked at.
const WEEKS: usize = 16;
/// Weekly points that a label needs.
pub const LEAST_WEEKS: usize = 8;
/// Subjects that make a panel.
pub const PANEL: usize = 10;
/// Weeks of growth that the second signal looks at.
const RATE_WEEKS: usize = 4;
/// Weeks by which the last known count may lie back.
const LATE: usize = 2;
/// Counts in the window.
const COUNTS: f64 = 20.0;
/// Counts a week at which a tenth is counting noise.
const BUSY: f64 = 100.0;
/// A direction's 90% interval lies beyond so much a week, in logarithms.
const RELEVANT: f64 = 0.02;
/// Quantile of a 90% interval.
const Z90: f64 = 1.644_854;
/// A stable one's 90% interval lies within so much a week.
const STABLE: f64 = 0.05;
/// Part of the directions of a panel that may be false.
const DISCOVERY: f64 = 0.1;
/// Days within which a subject counts as new.
const NEW: i64 = 56;
/// A new one's first count against its last.
const NEW_PART: f64 = 0.5;
/// Above this part of those of like age.
const NEW_ABOVE: f64 = 0.8;
const LIKE_AGE: i64 = 14;
/// Downloads of 30 days per like above which automation is likely (95th percentile of the trending panel).
pub const AUTOMATION: f64 = 200_000.0;

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
    FewCounts,
    /// The interval holds both growth and none.
    Wide,
    NoPanel,
    /// Slope one way, growth of the last weeks the other.
    Disagree,
    /// Among so many subjects that many are expected to look like this by chance.
    ByChance,
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
    /// The same under false-discovery control over the subjects that could be given a direction (Benjamini and
    /// Hochberg 1995).
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
    /// Lag-1 correlation of weeks about their lines.
    pub lag: Option<f64>,
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
    let (mut panel, medians) = panel(&grids);
    let fits: Vec<Option<Fit>> = grids.iter().map(|g| fit(g, &panel, &medians)).collect();
    panel.lag = panel.there.then(|| serial(&fits));
    let could: Vec<bool> = fits
        .iter()
        .map(|f| f.as_ref().is_some_and(|f| f.could))
        .collect();
    let mut found: Vec<Finding> = grids
        .iter()
        .zip(&cleaned)
        .zip(fits)
        .map(|((grid, counter), fit)| one(grid, counter, day, &panel, fit, admitted))
        .collect();
    discovery(&mut found, &could);
    emerging(counters, &cleaned, day, &mut found);
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
        lag: None,
    };
    (panel, medians)
}

/// A line through a subject's weeks.
struct Fit {
    /// Weeks that are known.
    at: Vec<usize>,
    slope: sen::Slope,
    /// Counts enough, in weeks enough, for a direction.
    could: bool,
    /// Added a week, on average.
    pace: f64,
}

/// `None` where the last known count lies too far back, or fewer than four weeks are known.
fn fit(grid: &Weekly, panel: &Panel, medians: &[Option<f64>]) -> Option<Fit> {
    grid.last().filter(|l| l + LATE >= WEEKS)?;
    let (mut at, mut y, mut counts) = (Vec::new(), Vec::new(), 0.0);
    for (week, of_panel) in medians.iter().enumerate() {
        let median = if panel.there { *of_panel } else { Some(0.0) };
        if let (Some(log), Some(median), Some(added)) = (grid.logs[week], median, grid.added[week])
        {
            at.push(week);
            // To nine digits, so that equal weeks are ties whatever the order of sums.
            y.push(((log - median) * 1e9).round() / 1e9);
            counts += added;
        }
    }
    let x: Vec<f64> = at.iter().map(|week| *week as f64).collect();
    (at.len() >= 4).then_some(())?;
    Some(Fit {
        slope: slope(&x, &y)?,
        pace: counts / at.len() as f64,
        could: at.len() >= LEAST_WEEKS && counts >= COUNTS,
        at,
    })
}

/// How the weeks of a panel hang together, by those of its members that could be given a direction: those with a
/// pace at which counting noise, which hides it, is small, where there are enough of them.
fn serial(fits: &[Option<Fit>]) -> f64 {
    let lag = |least: f64| {
        let mut signs = serial::Signs::default();
        let members = fits.iter().flatten().filter(|f| f.could && f.pace >= least);
        let mut of = 0;
        for fit in members {
            signs.add(&fit.at, &fit.slope.rest);
            of += 1;
        }
        (of >= PANEL).then(|| signs.lag())
    };
    lag(BUSY).or_else(|| lag(0.0)).unwrap_or(0.0)
}

/// What is found of one subject before others are asked.
fn one(
    grid: &Weekly,
    counter: &Counter,
    day: i64,
    panel: &Panel,
    fit: Option<Fit>,
    admitted: bool,
) -> Finding {
    let mut out = Finding {
        label: Label::Unclear,
        why: Why::FewWeeks,
        direction: Direction::None,
        weeks: 0,
        slope: None,
        low: None,
        high: None,
        p: None,
        q: None,
        rate: grid.rate(RATE_WEEKS, LATE),
    };
    let Some(fit) = fit else {
        // Read of late, but too seldom to know a week's end?
        let lately = |d: &i64| day - d <= 7 * LATE as i64;
        let ends = grid.last().is_some_and(|l| l + LATE >= WEEKS);
        if !ends && !counter.days.last().is_some_and(lately) {
            out.why = Why::NotReadLately;
        }
        return out;
    };
    let weeks = fit.at.len();
    let factor = serial::inflation(weeks, panel.lag.unwrap_or(0.0));
    let slope = fit.slope.inflated(factor);
    let (low, high) = slope.interval(Z90);
    out.weeks = weeks;
    out.slope = Some(slope.slope);
    out.low = Some(low).filter(|v| v.is_finite());
    out.high = Some(high).filter(|v| v.is_finite());
    out.p = Some(slope.p);
    if weeks < LEAST_WEEKS {
        return out;
    }
    out.direction = match () {
        () if fit.could && low > RELEVANT => Direction::Up,
        () if fit.could && high < -RELEVANT => Direction::Down,
        () => Direction::None,
    };
    (out.label, out.why) = match out.direction {
        Direction::None if -STABLE < low && high < STABLE => (Label::Stable, Why::Flat),
        Direction::None if !fit.could => (Label::Unclear, Why::FewCounts),
        Direction::None => (Label::Unclear, Why::Wide),
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

/// Fills in `q` of the subjects that could be given a direction, and takes the label of those above `DISCOVERY`.
fn discovery(found: &mut [Finding], could: &[bool]) {
    let mut order: Vec<usize> = (0..found.len()).filter(|i| could[*i]).collect();
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
        if q > DISCOVERY && matches!(found[i].label, Label::Rising | Label::Declining) {
            found[i].label = Label::Unclear;
            found[i].why = Why::ByChance;
        }
    }
}

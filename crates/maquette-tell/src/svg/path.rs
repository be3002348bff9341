//! The points of a series as the straight pieces that lie inside the axes, and as path commands.
//! A step is drawn with horizontal and vertical commands only.

use super::scale::Scale;
use super::write::number;
use super::{Series, SeriesKind};
use std::fmt::Write;

/// A place in pixels.
pub(super) type Place = (f64, f64);

/// An upright rectangle in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Area {
    pub fn holds(&self, (x, y): Place) -> bool {
        // A hundredth of a pixel for the rounding of a value at the very end of its axis.
        x >= self.left - 0.01
            && x <= self.right + 0.01
            && y >= self.top - 0.01
            && y <= self.bottom + 0.01
    }

    pub fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    /// The part of a straight piece that lies inside, after Liang and Barsky.
    pub fn clip(&self, (from, to): (Place, Place)) -> Option<(Place, Place)> {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (slope, room) in [
            (-dx, from.0 - self.left),
            (dx, self.right - from.0),
            (-dy, from.1 - self.top),
            (dy, self.bottom - from.1),
        ] {
            if slope == 0.0 {
                if room < -0.01 {
                    return None;
                }
            } else if slope < 0.0 {
                enter = enter.max(room / slope);
            } else {
                leave = leave.min(room / slope);
            }
        }
        let at = |part: f64| (from.0 + part * dx, from.1 + part * dy);
        let start = if enter > 0.0 { at(enter) } else { from };
        let end = if leave < 1.0 { at(leave) } else { to };
        (enter <= leave).then_some((start, end))
    }
}

/// The pieces of a series inside `area`, in order; a gap in the points is a gap here.
pub(super) fn pieces(series: &Series, x: &Scale, y: &Scale, area: &Area) -> Vec<(Place, Place)> {
    let places: Vec<Option<Place>> = series
        .points
        .iter()
        .map(|point| x.place(point.0).zip(y.place(point.1)))
        .collect();
    let mut pieces = Vec::new();
    for pair in places.windows(2) {
        let [Some(from), Some(to)] = *pair else {
            continue;
        };
        match series.kind {
            SeriesKind::Line => pieces.push((from, to)),
            SeriesKind::Step => {
                let corner = (to.0, from.1);
                pieces.extend([(from, corner), (corner, to)]);
            }
        }
    }
    pieces
        .into_iter()
        .filter(|(from, to)| from != to)
        .filter_map(|piece| area.clip(piece))
        .collect()
}

/// The `d` of a path along `pieces`.
pub(super) fn commands(pieces: &[(Place, Place)]) -> String {
    let mut out = String::new();
    let mut pen = None;
    for &(from, to) in pieces {
        let (from, to) = (
            (number(from.0), number(from.1)),
            (number(to.0), number(to.1)),
        );
        if pen.as_ref() != Some(&from) {
            let _ = write!(out, "M{} {}", from.0, from.1);
        }
        if from == to {
            pen = Some(to);
            continue;
        }
        if from.1 == to.1 {
            let _ = write!(out, "H{}", to.0);
        } else if from.0 == to.0 {
            let _ = write!(out, "V{}", to.1);
        } else {
            let _ = write!(out, "L{} {}", to.0, to.1);
        }
        pen = Some(to);
    }
    out
}

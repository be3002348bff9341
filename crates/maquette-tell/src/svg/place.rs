//! Where text goes: how much room it takes, how labels are kept apart, and the best of a few
//! places beside a point.

use super::path::{Area, Place};
use crate::width::{columns, one_line, wrap_at_most};

/// The height of chart text in pixels.
pub(super) const TEXT: f64 = 12.0;
/// From one line of text to the next; no two labels are nearer.
pub(super) const LINE: f64 = 16.0;
/// The width of a column of text. A guess on the safe side: most letters are narrower.
pub(super) const COLUMN: f64 = TEXT * 0.6;

/// Between the paper's edge, text and lines.
pub(super) const SPACE: f64 = 8.0;

/// The pixels that `text` takes at most.
pub(super) fn width(text: &str) -> f64 {
    columns(text) as f64 * COLUMN
}

/// How many columns of text fit into `pixels`.
pub(super) fn fitting(pixels: f64) -> usize {
    (pixels / COLUMN).max(1.0) as usize
}

/// Heights at least a line apart, in the order of the wanted ones and as near to them as that
/// allows, between `top` and `bottom` where there is room.
pub(super) fn spread(wanted: &[f64], top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    let mut heights = wanted.to_vec();
    let mut least = top;
    for &at in &order {
        heights[at] = heights[at].max(least);
        least = heights[at] + LINE;
    }
    let mut most = bottom;
    for &at in order.iter().rev() {
        heights[at] = heights[at].min(most);
        most = heights[at] - LINE;
    }
    heights
}

/// What is on the paper already, so that later text keeps clear of it.
pub(super) struct Taken {
    pub texts: Vec<Area>,
    pub lines: Vec<(Place, Place)>,
}

impl Taken {
    /// The best place for a text of this size near `point` and inside `paper`: on no other text
    /// if there is one, and then as near and across as few lines as can be.
    pub fn beside(&mut self, point: Place, size: (f64, f64), paper: &Area) -> Area {
        let (x, y) = point;
        let (w, h) = size;
        let mut best: Option<(usize, Area)> = None;
        for (round, away) in [8.0, 22.0, 40.0, 64.0].into_iter().enumerate() {
            for (left, top) in [
                (x + 8.0, y - away - h),
                (x - 8.0 - w, y - away - h),
                (x + 8.0, y + away),
                (x - 8.0 - w, y + away),
                (x - w / 2.0, y - away - h),
                (x - w / 2.0, y + away),
            ] {
                let area = within(left, top, size, paper);
                let cost = self.cost(&area) + round * 5;
                if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                    best = Some((cost, area));
                }
            }
        }
        let area = best.map_or_else(|| within(x, y, size, paper), |(_, area)| area);
        self.texts.push(area);
        area
    }

    fn cost(&self, area: &Area) -> usize {
        let texts = self.texts.iter().filter(|text| text.overlaps(area)).count();
        let lines = self.lines.iter().filter(|line| area.clip(**line).is_some());
        texts * 100 + lines.count() * 2
    }
}

/// An area of this size, moved inside `paper`.
fn within(left: f64, top: f64, (w, h): (f64, f64), paper: &Area) -> Area {
    let left = left.min(paper.right - w).max(paper.left);
    let top = top.min(paper.bottom - h).max(paper.top);
    Area {
        left,
        top,
        right: left + w,
        bottom: top + h,
    }
}

/// A name in so many pixels. Of a repository its name matters more than its owner, which goes first.
pub(super) fn named(name: &str, pixels: f64) -> String {
    let whole = one_line(name);
    let short = whole.rsplit('/').next().unwrap_or(&whole);
    let said = if width(&whole) <= pixels {
        &whole
    } else {
        short
    };
    wrap_at_most(said, fitting(pixels), 1)
        .pop()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_stand_a_line_apart_in_the_order_of_their_values() {
        assert_eq!(spread(&[50.0, 52.0, 10.0], 0.0, 100.0), [50.0, 66.0, 10.0]);
        assert_eq!(spread(&[98.0, 99.0], 0.0, 100.0), [84.0, 100.0]);
    }
}

//! The lines, the labels at their ends, and the marks where they cross.

use super::path::{Area, Place, commands};
use super::place::{COLUMN, LINE, SPACE, TEXT, Taken, fitting, spread, width};
use super::scale::Scale;
use super::write::{escape, evidence, line, number, text};
use super::{Chart, Series};
use crate::width::{fit, one_line, wrap_at_most};
use std::fmt::Write;

const HUES: usize = 3;
/// A line that ends this near to the right has its label in the margin.
const NEAR_END: f64 = 24.0;
const MARK_LINES: usize = 3;

/// A series that has something inside the axes.
pub(super) struct Drawn<'a> {
    pub series: &'a Series,
    pub nth: usize,
    pub pieces: Vec<(Place, Place)>,
    pub end: Place,
}

/// The lines in order, each over an underlay that cuts those before it.
pub(super) fn lines(drawn: &[Drawn]) -> String {
    let mut out = String::new();
    for Drawn {
        series,
        nth,
        pieces,
        end,
    } in drawn
    {
        let d = commands(pieces);
        let pattern = match (series.measured, nth / HUES) {
            (true, 0) => String::new(),
            (true, round) => format!(" mq-dash{round}"),
            (false, round) => format!(" mq-dots{round}"),
        };
        let hollow = if series.measured { "" } else { " mq-hollow" };
        let estimated = if series.measured { "" } else { " (estimated)" };
        let _ = write!(
            out,
            "<g class=\"mq-s{}\"{}>\n<title>{}{estimated}</title>\n\
             <path class=\"mq-halo\" d=\"{d}\"/>\n<path class=\"mq-line{pattern}\" d=\"{d}\"/>\n\
             <circle class=\"mq-end{hollow}\" cx=\"{}\" cy=\"{}\" r=\"3\"/>\n</g>\n",
            nth % HUES + 1,
            evidence(series.evidence.as_deref()),
            escape(&series.name),
            number(end.0),
            number(end.1),
        );
    }
    out
}

/// A label for every line: in the right margin where the line ends there, else beside its end.
pub(super) fn labels(drawn: &[Drawn], plot: &Area, w: f64, taken: &mut Taken) -> String {
    let mut out = String::new();
    let (margin, inside): (Vec<&Drawn>, Vec<&Drawn>) = drawn
        .iter()
        .partition(|drawn| drawn.end.0 >= plot.right - NEAR_END);
    let wanted: Vec<f64> = margin.iter().map(|drawn| drawn.end.1).collect();
    let heights = spread(&wanted, plot.top, plot.bottom);
    let left = plot.right + SPACE + 2.0;
    for (drawn, height) in margin.iter().zip(heights) {
        let label = fit(&one_line(drawn.series.end_label()), fitting(w - left - 2.0));
        if (height - drawn.end.1).abs() > 5.0 {
            let from = (drawn.end.0 + 4.0, drawn.end.1);
            out.push_str(&line("mq-lead", from, (left - 2.0, height)));
        }
        out.push_str(&label_text(drawn, (left, height + 4.0), &label));
    }
    let paper = Area {
        left: plot.left + 2.0,
        right: w - 2.0,
        ..*plot
    };
    for drawn in inside {
        let room = fitting(paper.right - paper.left);
        let label = fit(&one_line(drawn.series.end_label()), room);
        let area = taken.beside(drawn.end, (width(&label), LINE), &paper);
        out.push_str(&label_text(drawn, (area.left, area.top + TEXT), &label));
    }
    out
}

fn label_text(drawn: &Drawn, at: Place, label: &str) -> String {
    let hue = drawn.nth % HUES + 1;
    format!(
        "<g class=\"mq-s{hue}\">{}</g>\n",
        text("mq-label", at, label).trim_end()
    )
}

/// The dots of the marks, then their texts clear of each other.
pub(super) fn marks(chart: &Chart, x: &Scale, y: &Scale, plot: &Area, taken: &mut Taken) -> String {
    let seen: Vec<_> = chart
        .marks
        .iter()
        .filter_map(|mark| Some((mark, x.place(mark.x).zip(y.place(mark.y))?)))
        .filter(|(_, place)| plot.holds(*place))
        .collect();
    for (_, (x, y)) in &seen {
        taken.texts.push(Area {
            left: x - 6.0,
            top: y - 6.0,
            right: x + 6.0,
            bottom: y + 6.0,
        });
    }
    let paper = Area {
        left: plot.left + 2.0,
        right: plot.right - 2.0,
        ..*plot
    };
    let inner = paper.right - paper.left;
    let room = fitting((inner * 0.45).max(inner.min(18.0 * COLUMN)));
    let mut out = String::new();
    for (mark, place) in seen {
        let _ = write!(
            out,
            "<g{}>\n<title>{}</title>\n<circle class=\"mq-dot\" cx=\"{}\" cy=\"{}\" r=\"4.5\"/>\n",
            evidence(mark.evidence.as_deref()),
            escape(&mark.text),
            number(place.0),
            number(place.1),
        );
        let parts = wrap_at_most(&mark.text, room, MARK_LINES);
        let widest = parts.iter().map(|part| width(part)).fold(0.0, f64::max);
        let area = taken.beside(place, (widest, parts.len() as f64 * LINE), &paper);
        let toward_left = area.right <= place.0;
        for (nth, part) in parts.iter().enumerate() {
            let down = area.top + TEXT + nth as f64 * LINE;
            let (class, at) = if toward_left {
                ("mq-note end", area.right)
            } else {
                ("mq-note", area.left)
            };
            out.push_str(&text(class, (at, down), part));
        }
        out.push_str("</g>\n");
    }
    out
}

//! The area of the plot, its grid, its ticks and the labels of its axes.

use super::chart::MOST_SERIES;
use super::path::Area;
use super::place::{LINE, SPACE, TEXT, fitting, width};
use super::scale::Scale;
use super::write::{line, text};
use super::{AxisKind, Chart};
use crate::width::{fit, one_line};

/// Between two ticks of the horizontal axis.
const TICK_GAP: f64 = 10.0;

/// The area inside the axes: beside the widest tick, the longest label, and the lines of text
/// above and below.
pub(super) fn plot_area(chart: &Chart, w: f64, h: f64) -> Area {
    let widest = |ticks: Vec<(f64, String)>| {
        ticks
            .iter()
            .map(|(_, text)| width(text))
            .fold(0.0, f64::max)
    };
    let y_ticks = widest(Scale::new(&chart.y, true, 0.0, 1.0).ticks());
    let x_ticks = widest(Scale::new(&chart.x, false, 0.0, 1.0).ticks());
    let labels = chart
        .series
        .iter()
        .take(MOST_SERIES)
        .map(|series| width(&one_line(series.end_label())) + 2.0 * SPACE)
        .fold(0.0, f64::max);
    let below = if axis_label(chart, true).is_empty() {
        1.0
    } else {
        2.0
    };
    Area {
        left: (SPACE * 2.0 + y_ticks).min(w * 0.4),
        top: SPACE
            + if axis_label(chart, false).is_empty() {
                LINE
            } else {
                2.0 * LINE
            },
        right: w - (labels.min(w * 0.38)).max(x_ticks / 2.0 + 2.0).max(SPACE),
        bottom: h - SPACE - below * LINE - 6.0,
    }
}

/// The label of an axis; a logarithmic one says so.
fn axis_label(chart: &Chart, horizontal: bool) -> String {
    let (label, axis) = if horizontal {
        (&chart.x_label, &chart.x)
    } else {
        (&chart.y_label, &chart.y)
    };
    let label = one_line(label);
    match (axis.kind, label.is_empty()) {
        (AxisKind::Linear | AxisKind::Date, _) => label,
        (AxisKind::Log, true) => "log scale".to_owned(),
        (AxisKind::Log, false) => format!("{label} (log scale)"),
    }
}

/// Horizontal grid, the line at zero, ticks and the labels of the axes.
pub(super) fn frame(chart: &Chart, x: &Scale, y: &Scale, plot: &Area, w: f64) -> String {
    let mut out = String::new();
    for (value, label) in y.ticks() {
        let Some(at) = y.place(value) else { continue };
        let zero = chart.y.kind == AxisKind::Linear && value == 0.0;
        let class = if zero { "mq-axis" } else { "mq-grid" };
        out.push_str(&line(class, (plot.left, at), (plot.right, at)));
        let label = fit(&label, fitting(plot.left - SPACE * 1.5));
        out.push_str(&text("end", (plot.left - SPACE, at + 4.0), &label));
    }
    let mut free = 0.0;
    for (value, label) in x.ticks() {
        let Some(at) = x.place(value) else { continue };
        out.push_str(&line("mq-axis", (at, plot.bottom), (at, plot.bottom + 4.0)));
        let half = width(&label) / 2.0;
        let middle = at.clamp(half, (w - half).max(half));
        if middle - half >= free {
            let below = plot.bottom + 4.0 + TEXT + 1.0;
            out.push_str(&text("mid", (middle, below), &label));
            free = middle + half + TICK_GAP;
        }
    }
    let room = fitting(w - 2.0 * SPACE);
    let above = fit(&axis_label(chart, false), room);
    if !above.is_empty() {
        out.push_str(&text("", (SPACE, SPACE + TEXT), &above));
    }
    let below = axis_label(chart, true);
    if !below.is_empty() {
        let down = plot.bottom + 5.0 + TEXT + LINE;
        if width(&below) <= plot.right - SPACE {
            out.push_str(&text("end", (plot.right, down), &below));
        } else {
            out.push_str(&text("", (SPACE, down), &fit(&below, room)));
        }
    }
    out
}

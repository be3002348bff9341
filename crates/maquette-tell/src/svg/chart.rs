//! The drawing in order: frame and grid, lines, labels, marks, source.

use super::Chart;
use super::frame::{frame, plot_area};
use super::marks::{Drawn, labels, lines, marks};
use super::path::pieces;
use super::place::{LINE, SPACE, Taken, fitting};
use super::scale::Scale;
use super::write::{start, text};
use crate::width::{one_line, wrap_at_most};

/// More lines than this nobody can tell apart.
pub(super) const MOST_SERIES: usize = 8;
const SOURCE_LINES: usize = 3;

/// Draws `chart`; both sizes are large enough for a frame.
pub(super) fn draw(chart: &Chart, width_px: u32, height_px: u32) -> String {
    let (w, h) = (f64::from(width_px), f64::from(height_px));
    let source = source_lines(chart, w);
    let plot = plot_area(chart, w, h - source.len() as f64 * LINE);
    let x = Scale::new(&chart.x, false, plot.left, plot.right);
    let y = Scale::new(&chart.y, true, plot.bottom, plot.top);

    let mut out = start(&chart.id, (&chart.title, &chart.desc), (w, h));
    out.push_str(&frame(chart, &x, &y, &plot, w));

    let drawn: Vec<Drawn> = chart
        .series
        .iter()
        .take(MOST_SERIES)
        .enumerate()
        .filter_map(|(nth, series)| {
            let pieces = pieces(series, &x, &y, &plot);
            let end = pieces.last()?.1;
            Some(Drawn {
                series,
                nth,
                pieces,
                end,
            })
        })
        .collect();
    let mut taken = Taken {
        texts: Vec::new(),
        lines: drawn
            .iter()
            .flat_map(|drawn| drawn.pieces.clone())
            .collect(),
    };
    out.push_str(&lines(&drawn));
    out.push_str(&labels(&drawn, &plot, w, &mut taken));
    out.push_str(&marks(chart, &x, &y, &plot, &mut taken));
    for (nth, part) in source.iter().enumerate() {
        let up = (source.len() - 1 - nth) as f64 * LINE;
        out.push_str(&text("mq-source", (SPACE, h - SPACE - up), part));
    }
    out.push_str("</svg>\n");
    out
}

/// What the source line says, broken to the width: the source, what dots mean if there are any,
/// and which series were left out.
fn source_lines(chart: &Chart, w: f64) -> Vec<String> {
    let mut parts = Vec::new();
    if !chart.source.is_empty() {
        parts.push(one_line(&chart.source));
    }
    if chart
        .series
        .iter()
        .take(MOST_SERIES)
        .any(|series| !series.measured)
    {
        parts.push("dotted: estimated".to_owned());
    }
    let unseen: Vec<&str> = chart
        .series
        .iter()
        .skip(MOST_SERIES)
        .map(|series| series.name.as_str())
        .collect();
    if !unseen.is_empty() {
        parts.push(format!("not drawn: {}", unseen.join(", ")));
    }
    if parts.is_empty() {
        return Vec::new();
    }
    let room = fitting(w - 2.0 * SPACE);
    wrap_at_most(&parts.join(" · "), room, SOURCE_LINES)
}

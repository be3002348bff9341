//! Twelve weeks of each row as a small line on its own scale, with a dot at its end and the value beside it. Readings
//! are joined by straight lines; a row's scale runs from its least to its most.

use std::fmt::Write;

use super::place::{LINE, SPACE, fitting, named, width};
use super::write::{escape, evidence, number, start, text};
use crate::width::{one_line, wrap_at_most};

const ROW: f64 = 30.0;
/// Of a line, as tables have it.
const SPARK: (f64, f64) = (96.0, 22.0);
const NAMES: f64 = 0.4;

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Spark {
    pub name: String,
    /// In the order of x; x of all rows lies on one axis.
    pub points: Vec<(f64, f64)>,
    /// What stands at the end.
    pub said: String,
    pub evidence: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Sparks {
    /// Unique on the page.
    pub id: String,
    pub title: String,
    pub desc: String,
    /// First and last x.
    pub from: f64,
    pub to: f64,
    pub rows: Vec<Spark>,
    pub legend: String,
}

impl Sparks {
    /// Drawn at the width at which it is shown; the height follows from the rows.
    #[must_use]
    pub fn svg(&self, width_px: u32) -> String {
        let w = f64::from(width_px.max(280));
        let longest = self.rows.iter().map(|r| width(&r.name)).fold(0.0, f64::max);
        let said = self.rows.iter().map(|r| width(&r.said)).fold(0.0, f64::max);
        // What is said is never cut; names are, down to a quarter.
        let left = (w - SPARK.0 - said - 4.0 * SPACE).clamp(w / 4.0, w * NAMES);
        let names = (longest + 2.0 * SPACE).min(left);
        let legend = wrap_at_most(&one_line(&self.legend), fitting(w - 2.0 * SPACE), 3);
        let h = self.rows.len() as f64 * ROW + legend.len() as f64 * LINE + 2.0 * SPACE;
        let mut out = start(&self.id, (&self.title, &self.desc), (w, h));
        for (nth, row) in self.rows.iter().enumerate() {
            self.row(&mut out, row, nth as f64 * ROW + SPACE, names);
        }
        for (nth, part) in legend.iter().enumerate() {
            let up = (legend.len() - 1 - nth) as f64 * LINE;
            out.push_str(&text("mq-source", (SPACE, h - SPACE - up), part));
        }
        out.push_str("</svg>\n");
        out
    }

    fn row(&self, out: &mut String, row: &Spark, top: f64, names: f64) {
        let known = row
            .points
            .iter()
            .filter(|p| p.0.is_finite() && p.1.is_finite());
        let points: Vec<(f64, f64)> = known.copied().collect();
        let low = points.iter().map(|p| p.1).fold(f64::INFINITY, f64::min);
        let high = points.iter().map(|p| p.1).fold(f64::NEG_INFINITY, f64::max);
        let (span, rise) = (self.to - self.from, high - low);
        let place = |(x, y): (f64, f64)| {
            let across = if span > 0.0 {
                (x - self.from) / span
            } else {
                1.0
            };
            // Where nothing changed, the line lies in the middle.
            let up = if rise > 0.0 { (y - low) / rise } else { 0.5 };
            (
                names + across.clamp(0.0, 1.0) * SPARK.0,
                top + (1.0 - up) * SPARK.1,
            )
        };
        let base = top + SPARK.1 / 2.0 + 4.0;
        let name = named(&row.name, names - 3.0 * SPACE);
        let _ = writeln!(
            out,
            "<g class=\"mq-s1\"{}>\n<title>{}: {}</title>",
            evidence(row.evidence.as_deref()),
            escape(&row.name),
            escape(&row.said)
        );
        out.push_str(&text("end mq-note", (names - SPACE, base), &name));
        let path: Vec<String> = points
            .iter()
            .map(|p| place(*p))
            .map(|(x, y)| format!("{},{}", number(x), number(y)))
            .collect();
        if path.len() > 1 {
            let _ = writeln!(
                out,
                "<polyline class=\"mq-line\" points=\"{}\"/>",
                path.join(" ")
            );
        }
        if let Some((x, y)) = points.last().map(|p| place(*p)) {
            let _ = writeln!(
                out,
                "<circle class=\"mq-end\" cx=\"{}\" cy=\"{}\" r=\"3\"/>",
                number(x),
                number(y)
            );
        }
        out.push_str(&text("", (names + SPARK.0 + 2.0 * SPACE, base), &row.said));
        out.push_str("</g>\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line_of(svg: &str) -> Vec<(f64, f64)> {
        let points = svg
            .split("points=\"")
            .nth(1)
            .and_then(|r| r.split('"').next())
            .unwrap_or_default();
        points
            .split(' ')
            .filter_map(|p| {
                let (x, y) = p.split_once(',')?;
                Some((x.parse().ok()?, y.parse().ok()?))
            })
            .collect()
    }

    fn sparks(points: Vec<(f64, f64)>) -> Sparks {
        Sparks {
            id: "s".to_owned(),
            title: "t".to_owned(),
            desc: "d".to_owned(),
            from: 0.0,
            to: 84.0,
            rows: vec![Spark {
                name: "owner/<b>".to_owned(),
                points,
                said: "+56 to 166".to_owned(),
                evidence: None,
            }],
            legend: "each on its own scale".to_owned(),
        }
    }

    /// Least at the bottom, most at the top, days in proportion, and what is no number left out.
    #[test]
    fn each_row_has_its_own_scale() {
        let svg = sparks(vec![
            (0.0, 10.0),
            (42.0, f64::NAN),
            (42.0, 20.0),
            (84.0, 110.0),
        ])
        .svg(900);
        let line = line_of(&svg);
        assert_eq!(line.len(), 3, "{svg}");
        assert!((line[2].0 - line[0].0 - SPARK.0).abs() < 0.11);
        assert!((line[1].0 - line[0].0 - SPARK.0 / 2.0).abs() < 0.11);
        assert!((line[0].1 - line[2].1 - SPARK.1).abs() < 0.11);
        assert!((line[0].1 - line[1].1 - SPARK.1 / 10.0).abs() < 0.11);
        assert!(svg.contains("owner/&lt;b&gt;"));
    }

    #[test]
    fn one_reading_is_a_dot_and_no_change_a_level_line() {
        let one = sparks(vec![(84.0, 5.0)]).svg(340);
        assert!(
            !one.contains("<polyline") && one.contains("mq-end\" cx"),
            "{one}"
        );
        let level = line_of(&sparks(vec![(0.0, 7.0), (84.0, 7.0)]).svg(340));
        assert!((level[0].1 - level[1].1).abs() < 1e-9, "{level:?}");
    }
}

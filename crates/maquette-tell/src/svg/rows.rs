//! Charts of rows: ranked bars with their exact value at the end and a tick where each stood before, and spans of
//! days, one a source. A row's name stands left; what may be done with it is a colour and a shape.

use std::fmt::Write;

use super::place::{LINE, SPACE, fitting, named, width};
use super::write::{escape, evidence, line, number, start, text};
use super::{Axis, scale::Scale};
use crate::table::Label;
use crate::width::{one_line, wrap_at_most};

const ROW: f64 = 24.0;
const BAR: f64 = 12.0;
/// Of the width, at most, for the names.
const NAMES: f64 = 0.42;

/// One row: a bar from nought to its value, or a span from one value to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    pub name: String,
    pub from: f64,
    pub to: f64,
    /// What stands at the end, and what does where there is little room; the same where empty.
    pub said: String,
    pub brief: String,
    /// Where it stood before, as a tick.
    pub before: Option<f64>,
    pub label: Label,
    pub evidence: Option<String>,
}

/// Rows over one axis, in the order given.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// Unique on the page.
    pub id: String,
    pub title: String,
    pub desc: String,
    pub axis: Axis,
    pub bars: Vec<Bar>,
    /// What the shapes and the tick mean, and where the figures come from.
    pub legend: String,
}

/// Below it the brief words stand.
const ROOMY: f64 = 480.0;

impl Bar {
    fn words(&self, w: f64) -> &str {
        if w < ROOMY && !self.brief.is_empty() {
            &self.brief
        } else {
            &self.said
        }
    }
}

impl Rows {
    /// Drawn at the width at which it is shown; the height follows from the rows.
    #[must_use]
    pub fn svg(&self, width_px: u32) -> String {
        let w = f64::from(width_px.max(280));
        let longest = self.bars.iter().map(|b| width(&b.name)).fold(0.0, f64::max);
        let names = (longest + 2.0 * SPACE + BAR).min(w * NAMES);
        let said = self
            .bars
            .iter()
            .map(|b| width(b.words(w)))
            .fold(0.0, f64::max);
        let room = fitting(w - 2.0 * SPACE);
        let legend = wrap_at_most(&one_line(&self.legend), room, 3);
        let bottom = self.bars.len() as f64 * ROW + SPACE;
        let dated = self.axis.kind == super::AxisKind::Date;
        let h =
            bottom + if dated { LINE + SPACE } else { 0.0 } + legend.len() as f64 * LINE + SPACE;
        let right = if dated {
            w - 3.0 * SPACE
        } else {
            w - said - 2.0 * SPACE
        };
        let scale = Scale::new(&self.axis, true, names, right.max(names + 40.0));
        let mut out = start(&self.id, (&self.title, &self.desc), (w, h));
        if dated {
            for (value, word) in scale.ticks() {
                let Some(at) = scale.place(value) else {
                    continue;
                };
                out.push_str(&line("mq-grid", (at, SPACE), (at, bottom)));
                out.push_str(&text("mid", (at, bottom + LINE), &word));
            }
        }
        for (nth, bar) in self.bars.iter().enumerate() {
            out.push_str(&row(bar, nth as f64 * ROW + SPACE, names, &scale, dated, w));
        }
        for (nth, part) in legend.iter().enumerate() {
            let up = (legend.len() - 1 - nth) as f64 * LINE;
            out.push_str(&text("mq-source", (SPACE, h - SPACE - up), part));
        }
        out.push_str("</svg>\n");
        out
    }
}

fn row(bar: &Bar, top: f64, names: f64, scale: &Scale, dated: bool, w: f64) -> String {
    let (Some(from), Some(to)) = (scale.place(bar.from), scale.place(bar.to)) else {
        return String::new();
    };
    let class = match bar.label {
        Label::Good => "mq-good",
        Label::Warn => "mq-warn",
        Label::Bad => "mq-bad",
        _ => "mq-plain",
    };
    let base = top + BAR - 1.0;
    let name = named(&bar.name, names - SPACE - BAR - SPACE);
    let mut out = format!(
        "<g class=\"{class}\"{}>\n<title>{}: {}</title>\n",
        evidence(bar.evidence.as_deref()),
        escape(&bar.name),
        escape(&bar.said)
    );
    out.push_str(&text("end mq-note", (names - BAR - SPACE, base), &name));
    out.push_str(&shape(bar.label, names - BAR * 0.75, top + BAR / 2.0));
    // A spread is a thin line between two dots, any other a bar.
    let spread = !dated && bar.from > 0.0;
    let thick = if spread { 4.0 } else { BAR };
    let _ = writeln!(
        out,
        "<rect class=\"mq-bar\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"1.5\"/>",
        number(from),
        number(top + (BAR - thick) / 2.0),
        number((to - from).max(2.0)),
        number(thick)
    );
    if spread {
        for x in [from, to] {
            let _ = writeln!(
                out,
                "<circle class=\"mq-bar\" cx=\"{}\" cy=\"{}\" r=\"5\"/>",
                number(x),
                number(top + BAR / 2.0)
            );
        }
    }
    if let Some(at) = bar.before.and_then(|b| scale.place(b)) {
        out.push_str(&line("mq-was", (at, top - 3.0), (at, top + BAR + 3.0)));
    }
    if !bar.words(w).is_empty() && !dated {
        let past = bar
            .before
            .and_then(|b| scale.place(b))
            .unwrap_or(to)
            .max(to);
        out.push_str(&text("", (past + SPACE, base), bar.words(w)));
    }
    out.push_str("</g>\n");
    out
}

/// Circle, diamond, square: what may be done, for who sees no colours.
fn shape(label: Label, x: f64, y: f64) -> String {
    match label {
        Label::Good => format!(
            "<circle class=\"mq-bar\" cx=\"{}\" cy=\"{}\" r=\"4\"/>\n",
            number(x),
            number(y)
        ),
        Label::Warn => format!(
            "<path class=\"mq-bar\" d=\"M{} {}l4.5 4.5 -4.5 4.5 -4.5 -4.5z\"/>\n",
            number(x),
            number(y - 4.5)
        ),
        Label::Bad => format!(
            "<rect class=\"mq-bar\" x=\"{}\" y=\"{}\" width=\"7\" height=\"7\"/>\n",
            number(x - 3.5),
            number(y - 3.5)
        ),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart() -> Rows {
        let bar = |name: &str, to: f64, before: Option<f64>, label: Label| Bar {
            name: name.to_owned(),
            from: 0.0,
            to,
            said: format!("{to}"),
            brief: String::new(),
            before,
            label,
            evidence: Some("hub:a/b#likes".to_owned()),
        };
        Rows {
            id: "t".to_owned(),
            title: "A <title>".to_owned(),
            desc: "d".to_owned(),
            axis: Axis::linear(0.0, 200.0),
            bars: vec![
                bar("owner/one", 200.0, Some(100.0), Label::Good),
                bar(
                    "an-owner-of-a-very-long-name-indeed/short",
                    50.0,
                    None,
                    Label::Bad,
                ),
                bar("none", f64::NAN, None, Label::Warn),
            ],
            legend: "circle yes".to_owned(),
        }
    }

    fn places(svg: &str, class: &str, what: &str) -> Vec<f64> {
        svg.lines()
            .filter(|l| l.contains(class))
            .filter_map(|l| l.split_once(&format!("{what}=\"")))
            .filter_map(|(_, rest)| rest.split('"').next()?.parse().ok())
            .collect()
    }

    /// A bar half as long for half as much, its tick at half, and nothing for what is no number.
    #[test]
    fn lengths_are_the_values() {
        let svg = chart().svg(900);
        let long = places(&svg, "rx=", "width");
        assert_eq!(long.len(), 2, "{svg}");
        assert!((long[0] / long[1] - 4.0).abs() < 0.02, "{long:?}");
        let start = places(&svg, "rx=", "x")[0];
        let tick = places(&svg, "mq-was", "x1")[0];
        assert!(((tick - start) / long[0] - 0.5).abs() < 0.01);
        assert!(svg.contains("A &lt;title&gt;") && svg.contains("data-evidence=\"hub:a/b#likes\""));
    }

    /// Nothing lies beyond the width, and a repository keeps its name where its owner has no room.
    #[test]
    fn a_phone_has_room_for_all() {
        for w in [280, 340, 900] {
            let svg = chart().svg(w);
            for x in places(&svg, "<text", "x")
                .into_iter()
                .chain(places(&svg, "mq-was", "x1"))
            {
                assert!((0.0..=f64::from(w)).contains(&x), "{x} of {w}");
            }
        }
        let svg = chart().svg(340);
        assert!(svg.contains(">short</text>"), "{svg}");
    }
}

//! A chart as a value, written as SVG text: lines and steps with labels at their ends, and the
//! points where they cross. Coordinates are places on paper, never money.

mod chart;
mod frame;
mod marks;
mod path;
mod place;
mod rows;
mod scale;
mod sparks;
#[cfg(test)]
mod tests;
mod write;

pub use rows::{Bar, Rows};
pub use sparks::{Spark, Sparks};

/// Cost against volume, or any other few lines over one axis. Made by [`Chart::new`], so that no
/// chart lacks its title and description.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Chart {
    /// Unique on the page; characters that an XML id may not hold become `-`.
    pub id: String,
    /// What the chart shows, for readers who hear it and on hover. Not drawn: the finding stands
    /// above the chart.
    pub title: String,
    /// What there is to see, in a sentence or two.
    pub desc: String,
    pub x_label: String,
    pub y_label: String,
    pub x: Axis,
    /// Begins at zero, or below, unless it is logarithmic.
    pub y: Axis,
    /// The first eight are drawn; of the others only the names are given, in the source line.
    pub series: Vec<Series>,
    pub marks: Vec<Mark>,
    /// Where the figures come from, and of which date.
    pub source: String,
}

/// How a value becomes a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AxisKind {
    Linear,
    /// Days since 1970-01-01; starts of months, quarters or years are labelled.
    Date,
    /// Decades are labelled; values at or below zero are gaps.
    Log,
}

/// The range that an axis shows, and what stands around the numbers of its ticks.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    pub kind: AxisKind,
    pub min: f64,
    pub max: f64,
    /// Before each number, such as `$`.
    pub prefix: String,
    /// After each number, such as ` GB`.
    pub suffix: String,
}

/// How the points of a series are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeriesKind {
    /// A value holds until the next point: prices and plans. Drawn without diagonals.
    Step,
    Line,
}

/// One line of the chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// In full, on hover.
    pub name: String,
    /// At the end of the line; the name where empty.
    pub label: String,
    /// In the order of x. A point that is not finite is a gap.
    pub points: Vec<(f64, f64)>,
    pub kind: SeriesKind,
    /// Solid where measured, dotted where estimated.
    pub measured: bool,
    pub evidence: Option<String>,
}

/// A point worth a sentence, such as a crossing. One outside the axes is not drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    pub x: f64,
    pub y: f64,
    pub text: String,
    pub evidence: Option<String>,
}

impl Chart {
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        title: impl Into<String>,
        desc: impl Into<String>,
        x: Axis,
        y: Axis,
    ) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            desc: desc.into(),
            x_label: String::new(),
            y_label: String::new(),
            x,
            y,
            series: Vec::new(),
            marks: Vec::new(),
            source: String::new(),
        }
    }

    /// What the axes measure, with the unit and the period.
    #[must_use]
    pub fn labels(mut self, x: impl Into<String>, y: impl Into<String>) -> Self {
        self.x_label = x.into();
        self.y_label = y.into();
        self
    }

    #[must_use]
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.source = source.into();
        self
    }

    /// The chart as an `<svg>` element that also stands as a file. Draw it at the width it is
    /// shown; below 280 × 200 it is drawn at that size. The same chart gives the same text.
    #[must_use]
    pub fn svg(&self, width: u32, height: u32) -> String {
        chart::draw(self, width.max(280), height.max(200))
    }
}

impl Axis {
    #[must_use]
    pub fn linear(min: f64, max: f64) -> Self {
        Self::new(AxisKind::Linear, min, max)
    }

    #[must_use]
    pub fn log(min: f64, max: f64) -> Self {
        Self::new(AxisKind::Log, min, max)
    }

    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    #[must_use]
    pub fn suffix(mut self, suffix: impl Into<String>) -> Self {
        self.suffix = suffix.into();
        self
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub fn dates(min: f64, max: f64) -> Self {
        Self::new(AxisKind::Date, min, max)
    }

    fn new(kind: AxisKind, min: f64, max: f64) -> Self {
        Self {
            kind,
            min,
            max,
            prefix: String::new(),
            suffix: String::new(),
        }
    }
}

impl Series {
    #[must_use]
    pub fn step(name: impl Into<String>, points: Vec<(f64, f64)>) -> Self {
        Self::new(name.into(), points, SeriesKind::Step)
    }

    #[must_use]
    pub fn line(name: impl Into<String>, points: Vec<(f64, f64)>) -> Self {
        Self::new(name.into(), points, SeriesKind::Line)
    }

    /// A shorter text for the end of the line.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Draws the series dotted.
    #[must_use]
    pub fn estimated(mut self) -> Self {
        self.measured = false;
        self
    }

    fn new(name: String, points: Vec<(f64, f64)>, kind: SeriesKind) -> Self {
        Self {
            name,
            label: String::new(),
            points,
            kind,
            measured: true,
            evidence: None,
        }
    }

    fn end_label(&self) -> &str {
        if self.label.is_empty() {
            &self.name
        } else {
            &self.label
        }
    }
}

impl Mark {
    #[must_use]
    pub fn new(x: f64, y: f64, text: impl Into<String>) -> Self {
        Self {
            x,
            y,
            text: text.into(),
            evidence: None,
        }
    }
}

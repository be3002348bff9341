//! `maquette.trends/1`: rising, declining, stable, emerging or unclear, with the numbers behind each word.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TrendsReport {
    pub schema: String,
    pub as_of: String,
    /// Rows by label, of those shown.
    pub counts: BTreeMap<String, usize>,
    pub panels: Vec<PanelLine>,
    pub rows: Vec<TrendLine>,
    pub notes: Vec<String>,
    pub attributions: Vec<String>,
}

/// What one signal of one kind has in common.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PanelLine {
    /// `hub`, `space` or `github`; of a batch also `file`.
    pub kind: String,
    /// `stars`, `likes` or `downloads-all-time`.
    pub metric: String,
    /// Subjects with any reading by the day.
    pub subjects: usize,
    /// Those with eight weeks or more of the last sixteen.
    pub members: usize,
    /// So many members make a panel.
    pub needed: usize,
    /// Median growth a week over the last four, percent; absent for fewer than ten.
    pub rate_percent: Option<f64>,
    /// Correlation of a week with the one before it about the subjects' own lines, pooled: it widens every interval.
    /// Absent without a panel.
    pub lag: Option<f64>,
    /// Rising and declining are given on this signal.
    pub admitted: bool,
    /// On what that rests.
    pub admission: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TrendLine {
    /// `hub:OWNER/NAME`, `space:OWNER/NAME`, `github:OWNER/NAME`; of a batch the id as written.
    pub subject: String,
    pub name: String,
    /// Of the catalog.
    pub models: Vec<String>,
    pub modality: Option<String>,
    /// `rising`, `declining`, `stable`, `emerging` or `unclear`.
    pub label: String,
    /// A closed set: `agree`, `new`, `flat`, `not-read-lately`, `few-weeks`, `few-counts`, `wide`,
    /// `no-panel`, `disagree`, `by-chance`, `not-admitted`, `no-counter`.
    pub why: String,
    /// The same in a sentence.
    pub reason: String,
    /// The signal that the label rests on.
    pub metric: Option<String>,
    pub signals: Vec<SignalLine>,
    /// 30-day windows that do not overlap: evidence, never a label.
    pub windows: Option<WindowsLine>,
    pub downloads_per_like: Option<f64>,
    /// More than 200,000 downloads of 30 days per like: automation is likely.
    pub automation: bool,
}

/// Slopes and rates are percent a week; the slope is against the panel, where there is one.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SignalLine {
    pub metric: String,
    pub label: String,
    pub why: String,
    /// `up`, `down` or `none`: where the increments go, whether or not that is a label.
    pub direction: String,
    pub readings: usize,
    pub first_read: String,
    pub last_read: String,
    pub value: f64,
    /// Weekly points.
    pub weeks: usize,
    pub slope_percent: Option<f64>,
    pub low_percent: Option<f64>,
    pub high_percent: Option<f64>,
    /// Kendall's, two-sided, and the same under false-discovery control over those of the panel that could be given
    /// a direction: above 0.1 no label.
    pub p: Option<f64>,
    pub q: Option<f64>,
    pub rate_percent: Option<f64>,
    /// Growth of the last four weeks over the panel's median.
    pub pace: Option<f64>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WindowsLine {
    /// Windows 30 days apart.
    pub windows: usize,
    pub last_read: String,
    pub downloads: f64,
    pub slope_percent: Option<f64>,
    pub low_percent: Option<f64>,
    pub high_percent: Option<f64>,
}

/// `maquette.gains/1`: what was added of late, the most a day first within a kind.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GainsReport {
    pub schema: String,
    pub as_of: String,
    pub rows: Vec<GainLine>,
    pub notes: Vec<String>,
    pub attributions: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct GainLine {
    /// `SUBJECT#METRIC`; `maquette why` takes it.
    pub id: String,
    /// `hub`, `space` or `github`.
    pub kind: String,
    pub name: String,
    /// Of the catalog.
    pub models: Vec<String>,
    /// `likes` or `stars`.
    pub metric: String,
    pub value: f64,
    pub read_on: String,
    pub before: f64,
    pub before_on: String,
    /// Between the two readings.
    pub days: i64,
    pub gained: f64,
    pub per_day: f64,
    /// Of the value before; absent where that was nought.
    pub percent: Option<f64>,
    /// Readings of the twelve weeks up to the last, the oldest first: day and value.
    pub weeks: Vec<(String, f64)>,
}

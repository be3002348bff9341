//! `maquette.gap/1`: the best closed and the best open model of each board, on one day.
//!
//! Ratings and gaps are points; on Elo boards 400 points are odds of ten to one. Rounded to a tenth.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GapReport {
    pub schema: String,
    pub as_of: String,
    /// `any`, `permissive` or `usable`.
    pub tier: String,
    /// Who asks; only `usable` looks at it.
    pub facts: BTreeMap<String, String>,
    pub boards: Vec<GapBoard>,
    /// Modalities that no board speaks of: grade D.
    pub without: Vec<String>,
    /// Text: months behind, as published over one fixed fit.
    pub behind: Vec<BehindLine>,
    pub notes: Vec<String>,
    pub attributions: Vec<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GapBoard {
    /// `gap/BOARD`; `maquette why` takes it.
    pub id: String,
    pub board: String,
    pub title: String,
    pub modality: String,
    pub task: String,
    /// The board that the modality is judged by first.
    pub main: bool,
    /// `elo` or `points`.
    pub scale: String,
    /// `controlled`, `raw`, `none`; absent where nobody says.
    pub style: Option<String>,
    /// `A` to `D`; of C and D no word is given.
    pub grade: String,
    pub grade_why: String,
    /// The newest reading by the day asked for that has both sides; where none has, the newest.
    pub reading: GapReading,
    /// A newer reading that has one side alone.
    pub one_sided: Option<String>,
    /// The word that stands: a new one is taken after two readings seven days apart, or at a chance above 0.8.
    pub standing: Option<String>,
    /// `fresh`, `stale` or `grey` (twice as old, or 180 days).
    pub staleness: String,
    pub age_days: i64,
    /// Named pairs of the same reading.
    pub pairs: Vec<PairLine>,
    /// Names above the best open one of which nobody says whether they are open or count for the tier.
    pub unknown: Vec<String>,
    /// Open, above the best that counts, and outside the tier: name and reason.
    pub outside: Vec<String>,
    /// Rows with too few votes.
    pub few_votes: usize,
    /// The last day on which the board's ratings were made otherwise.
    pub break_day: Option<String>,
    /// Earlier readings, oldest first, where asked for.
    pub history: Vec<GapReading>,
}

impl GapBoard {
    /// What every surface says in a word: the reading's, with its range, and the one that stands where that is another.
    pub fn words(&self) -> Option<String> {
        match (&self.standing, &self.reading.word) {
            (Some(s), Some(w)) if w.split(" to ").any(|w| w == s) => Some(w.clone()),
            (Some(s), Some(w)) if w.contains(" to ") || w.contains(" or ") => {
                Some(format!("{w} (stands: {s})"))
            }
            (Some(s), Some(w)) => Some(format!("{s} (this reading: {w})")),
            (_, w) => w.clone(),
        }
    }
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GapReading {
    pub day: String,
    pub source: String,
    pub source_title: String,
    /// Names read.
    pub rows: usize,
    pub closed: Option<GapSide>,
    pub open: Option<GapSide>,
    /// Best closed less best open, as printed.
    pub gap: Option<f64>,
    /// 5th, 50th and 95th percentile of the difference of maxima; absent where the best print no interval.
    pub low: Option<f64>,
    pub mid: Option<f64>,
    pub high: Option<f64>,
    /// Chance that a voter prefers the open one, ties half; of Elo boards.
    pub preferred: Option<f64>,
    /// The whole interval lies within 20 points.
    pub equivalent: Option<bool>,
    /// The word or range of words; absent where the grade allows none.
    pub word: Option<String>,
    /// A name that nobody knows stands first, so that no word is given: its side may be either.
    pub doubt: Option<String>,
    /// From this reading on the board's ratings are made otherwise: what changed.
    pub broke: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GapSide {
    /// As on the board.
    pub name: String,
    pub rating: f64,
    /// Half of the printed 95% interval.
    pub half: Option<f64>,
    pub votes: Option<u64>,
    /// Of the catalog.
    pub model: Option<String>,
    pub license: Option<String>,
    /// How its openness is known: `catalog`, `read`, `board` (the board's own column) or `line` (assumed by its name).
    pub basis: String,
    pub note: Option<String>,
    pub source: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PairLine {
    pub open: String,
    pub closed: String,
    /// Why these two.
    pub why: String,
    pub gap: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub preferred: Option<f64>,
    pub word: Option<String>,
    /// What is missing, where there is no gap.
    pub missing: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BehindLine {
    pub day: String,
    pub months: f64,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub scale: String,
    pub note: Option<String>,
    pub source: String,
}

//! `boards/boards.toml`: boards and benchmarks on which models meet; `boards/*.csv`: whether the weights
//! of a name on them can be downloaded.

use maquette_core::{Date, Modality, PartialDate, words};
use serde::{Deserialize, Serialize};

words! {
    /// What may be said from a board.
    Grade {
        /// Human votes in blind pairs, intervals published, open data.
        A = "A",
        /// An independent study of pairs with fewer votes or without intervals.
        B = "B",
        /// A vendor's study, an automatic test, or votes that mix formats: no word is given.
        C = "C",
        /// Nothing.
        D = "D",
    }
}

words! {
    Scale {
        /// Ratings of pairs: 400 points are odds of ten to one.
        Elo = "elo",
        /// Points of a test; they have no bands.
        Points = "points",
    }
}

words! {
    /// Whether the style of an answer is taken out of a rating.
    Style {
        Controlled = "controlled",
        Raw = "raw",
        /// The board has no such control.
        None = "none",
    }
}

/// One board or benchmark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Board {
    /// As in `arena:ID/NAME`.
    pub id: String,
    pub title: String,
    /// Other ids under which sources list it.
    #[serde(default)]
    pub also: Vec<String>,
    pub modality: Modality,
    /// What is asked for there, in a word or two.
    pub task: String,
    /// The board that a modality is judged by first.
    #[serde(default)]
    pub main: bool,
    pub scale: Scale,
    /// A row stands until a better one: what counts is the best so far, not the rows of one day.
    #[serde(default)]
    pub running: bool,
    #[serde(default)]
    pub style: Option<Style>,
    pub grade: Grade,
    pub grade_why: String,
    /// Rows with fewer votes are left out.
    pub min_votes: u32,
    /// Days after which a reading is stale.
    pub stale_days: u32,
    pub operator: String,
    pub terms: String,
    /// Days across which ratings do not compare.
    #[serde(default, rename = "break")]
    pub breaks: Vec<Break>,
}

/// From `day` on the board's ratings are made otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Break {
    pub day: Date,
    pub what: String,
}

/// Two models that somebody compares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    pub board: String,
    /// Names as on the board.
    pub open: String,
    pub closed: String,
    pub why: String,
    pub source: String,
}

/// How far the best open model lies behind in time, as somebody published it over one fixed fit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Behind {
    pub day: Date,
    pub months: f64,
    #[serde(default)]
    pub low: Option<f64>,
    #[serde(default)]
    pub high: Option<f64>,
    /// The fit.
    pub scale: String,
    #[serde(default)]
    pub note: Option<String>,
    pub source: String,
}

/// `boards/boards.toml`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Boards {
    /// The day on which the names of the `.csv` files were last looked up.
    #[serde(default)]
    pub names_read: Option<Date>,
    #[serde(default)]
    pub board: Vec<Board>,
    #[serde(default)]
    pub pair: Vec<Pair>,
    #[serde(default)]
    pub behind: Vec<Behind>,
}

/// What is known of a name on a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// As printed; letters and digits alone count.
    pub entry: String,
    pub weights: Weights,
    /// Open from then on, where the board had it before.
    #[serde(default)]
    pub since: Option<PartialDate>,
    /// License id.
    #[serde(default)]
    pub license: Option<String>,
    /// Where the license is not in the catalog: whether it is a permissive one.
    #[serde(default)]
    pub permissive: Option<YesNo>,
    /// Model id.
    #[serde(default)]
    pub model: Option<String>,
    pub basis: Known,
    #[serde(default)]
    pub note: Option<String>,
    pub source: String,
}

words! {
    Weights {
        Open = "open",
        Closed = "closed",
        Unknown = "unknown",
    }
}

words! {
    YesNo {
        Yes = "yes",
        No = "no",
    }
}

words! {
    /// How it is known.
    Known {
        /// The catalog's own model.
        Catalog = "catalog",
        /// Read for this name.
        Read = "read",
        /// The board's column of licenses says so.
        Board = "board",
        /// By the line that its name belongs to: an assumption.
        Line = "line",
    }
}

impl Entry {
    /// Whether its weights could be downloaded on a day; `None`: not known. A vague day counts from its
    /// last.
    pub fn open_on(&self, day: Date) -> Option<bool> {
        match self.weights {
            Weights::Open => Some(self.since.is_none_or(|s| s.last() <= day)),
            Weights::Closed => Some(false),
            Weights::Unknown => None,
        }
    }
}

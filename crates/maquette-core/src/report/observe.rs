//! Reports of what sources said over time: `observe`, `sources`, `series`, `top`, `store`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::MoneyFigure;

/// `maquette.observe/1`: what a refresh did, source by source.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ObserveReport {
    pub schema: String,
    /// UTC.
    pub at: String,
    /// Nothing was asked: these are the requests that would be made.
    pub dry_run: bool,
    pub sources: Vec<ObserveLine>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ObserveLine {
    pub source: String,
    /// `whole`, `waiting`, `failed`, `skipped` or `planned`.
    pub outcome: String,
    pub requests: usize,
    /// Answers taken over from an interrupted refresh.
    pub resumed: usize,
    /// Answers that had not changed (304).
    pub unchanged: usize,
    /// Facts read.
    pub facts: usize,
    /// Observations written: of prices and names, changes alone.
    pub written: usize,
    /// Listed before and no longer.
    pub gone: usize,
    /// Rows and fields that became no fact; `maquette sources SOURCE` lists them.
    pub rejected: usize,
    /// What went wrong, or what should be known of it.
    pub note: Option<String>,
    /// What to do next.
    pub hint: Option<String>,
    /// The requests of a dry run; keys are never shown.
    pub would_ask: Vec<String>,
}

/// `maquette.sources/1`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SourcesReport {
    pub schema: String,
    pub as_of: String,
    pub sources: Vec<SourceLine>,
    /// Archives whose observations the program carries.
    pub archives: Vec<ArchiveLine>,
    /// Of the one source asked for: what its newest snapshot held that became no fact.
    pub rejected: Vec<RejectedLine>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SourceLine {
    pub id: String,
    pub title: String,
    pub endpoint: String,
    pub terms: String,
    pub attribution: String,
    /// Hours after which it has news.
    pub cadence_hours: u32,
    /// How a value becomes an observation.
    pub units: String,
    /// What `observe backfill` reads of its past.
    pub past: Option<PastLine>,
    /// Environment variables that hold its key; the first one wins.
    pub key: Vec<String>,
    pub key_needed: bool,
    pub snapshots: i64,
    /// When it was last read whole (UTC); absent: never.
    pub last: Option<String>,
    /// `fresh`, `stale`, `never` or `interrupted`.
    pub standing: String,
    pub rejected: i64,
    pub last_error: Option<String>,
    pub last_error_at: Option<String>,
}

/// What a source, or somebody for it, publishes of its past.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PastLine {
    pub title: String,
    pub endpoint: String,
    pub terms: String,
    /// What one point of it costs to read, in words.
    pub size: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ArchiveLine {
    pub id: String,
    pub title: String,
    pub link: String,
    pub read: String,
    pub license: String,
    pub attribution: Option<String>,
    /// `series`, or `facts` where the source does not say that a series may be passed on.
    pub carried_as: String,
    pub origin: String,
    pub observations: usize,
    pub first: Option<String>,
    pub last: Option<String>,
    pub note: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RejectedLine {
    pub key: String,
    pub reason: String,
}

/// `maquette.series/1`: one subject and metric over time.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SeriesReport {
    pub schema: String,
    pub as_of: String,
    /// `hub:black-forest-labs/FLUX.1-dev`, …
    pub subject: String,
    /// What was asked for, where that is a model's name.
    pub asked: String,
    pub metric: String,
    /// Empty where the values are texts.
    pub unit: String,
    pub from: Option<String>,
    pub to: Option<String>,
    pub points: Vec<SeriesPoint>,
    /// Days on which sources differ.
    pub conflicts: Vec<SeriesConflict>,
    /// A value holds until the next one (prices, names), or was read at a moment (counters).
    pub steps: bool,
    pub notes: Vec<String>,
    /// Lines that the sources' licenses want printed.
    pub attributions: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SeriesPoint {
    /// A day, or a moment in UTC.
    pub at: String,
    /// The day alone.
    pub day: String,
    /// A decimal number or a text; absent: listed before and no longer.
    pub value: Option<String>,
    pub source: String,
    pub source_title: String,
    /// Whose figure it is: two sources of one origin are one witness.
    pub origin: String,
    /// The first day that the source says it holds for.
    pub valid_from: Option<String>,
    /// `observed` here, or `archive`: carried by the program.
    pub kept: String,
    /// `published`: a source states it.
    pub basis: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SeriesConflict {
    pub day: String,
    /// `source: value`, the one that is used first.
    pub values: Vec<String>,
    /// Why the first one is used.
    pub why: String,
}

/// `maquette.top/1`: the largest of one modality by one metric.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TopReport {
    pub schema: String,
    pub as_of: String,
    pub modality: String,
    pub by: String,
    pub unit: String,
    pub facts: std::collections::BTreeMap<String, String>,
    pub rows: Vec<TopRow>,
    /// Models of the modality that have no observation by the day.
    pub unread: Vec<String>,
    pub notes: Vec<String>,
    pub attributions: Vec<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TopRow {
    pub rank: usize,
    /// `maquette why` takes it.
    pub id: String,
    /// Repository, or the name as printed.
    pub name: String,
    /// The catalog's models whose repository it is; none: the catalog does not have it.
    pub models: Vec<String>,
    pub value: String,
    pub read_on: String,
    pub source: String,
    /// The license engine's verdict for a business that sells what it makes, the strictest where the
    /// repository holds several models; absent where the catalog does not have it.
    pub verdict: Option<String>,
    /// The license of the catalog, or the Hub's tag, a claim.
    pub license: Option<String>,
    pub license_is_claim: bool,
    /// Against an observation about 30 days earlier, where there is one.
    pub before: Option<String>,
    pub before_on: Option<String>,
    /// Days between the two.
    pub days: Option<i64>,
    /// In percent with a sign.
    pub change_percent: Option<String>,
}

/// `maquette.store/1`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StoreReport {
    pub schema: String,
    /// `check`, `rebuild`, `export`, `import` or `compact`.
    pub did: String,
    pub path: String,
    /// What was done, in sentences.
    pub done: Vec<String>,
    /// What is wrong; none: sound.
    pub problems: Vec<String>,
    pub snapshots: i64,
    pub answers: i64,
    pub subjects: i64,
    pub observations: i64,
    /// Of the answers as they came.
    pub raw_bytes: i64,
    /// Of the answers as they are kept.
    pub kept_bytes: i64,
    pub file_bytes: i64,
}

/// `maquette.price-conflicts/1`: prices of the catalog beside what price maps say.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ConflictsReport {
    pub schema: String,
    pub as_of: String,
    /// Rows of the catalog in force on the day that a source speaks of.
    pub compared: usize,
    /// Rows that no source speaks of: the catalog stands alone.
    pub alone: usize,
    pub conflicts: Vec<ConflictLine>,
    pub attributions: Vec<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ConflictLine {
    /// The row of the catalog; `maquette why` takes it.
    pub id: String,
    pub per: String,
    pub when: String,
    pub modifier: Option<String>,
    /// What the catalog says: answers use it, but for a change that stands.
    pub price: MoneyFigure,
    pub source: String,
    pub source_as_of: String,
    pub witnesses: Vec<WitnessLine>,
    /// USD, of a change that stands: from the day it was first seen, answers use it.
    pub new_amount: Option<String>,
    /// `changed` (two origins, or one for a day, say otherwise since the catalog was read), `pending`
    /// (one origin, for less than a day), `differs` (they said otherwise before), `outdated` (who says otherwise was last read long
    /// before) or `agrees`.
    pub verdict: String,
    pub why: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WitnessLine {
    pub source: String,
    /// Whose figure it is: two sources of one origin are one witness.
    pub origin: String,
    /// USD, a decimal string.
    pub amount: String,
    /// First day on which it said so.
    pub since: String,
    pub read_on: String,
}

/// `maquette.new-offers/1`: models that price maps sell and the catalog does not.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NewOffersReport {
    pub schema: String,
    pub as_of: String,
    /// Models at providers that any map speaks of.
    pub listed: usize,
    /// Those that are offers of the catalog already.
    pub known: usize,
    /// Those that become none, by reason.
    pub left: BTreeMap<String, usize>,
    /// Offers gained and pending; with `--all` those left out too.
    pub offers: Vec<NewOfferLine>,
    pub attributions: Vec<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NewOfferLine {
    /// As the catalog names it, or the map.
    pub provider: String,
    /// The map's name in small letters and digits alone.
    pub name: String,
    /// The offer's id; `maquette prices` and `why` take it.
    pub id: Option<String>,
    /// `offer`, `pending` or `left-out`.
    pub verdict: String,
    /// Who says so, or why it is none.
    pub why: String,
    /// Prices in words, USD.
    pub prices: Vec<String>,
}

/// `maquette.watch/1`: what changed of models since they were last looked at.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WatchReport {
    pub schema: String,
    pub as_of: String,
    /// This look is the one that the next is compared with.
    pub marked: bool,
    pub models: Vec<WatchedModel>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WatchedModel {
    pub id: String,
    /// UTC; absent: looked at for the first time, so everything that stands is told.
    pub since: Option<String>,
    pub changes: Vec<WatchLine>,
    /// Place by downloads among the catalog's models of its modality that were read.
    pub rank: Option<usize>,
    pub rank_before: Option<usize>,
    /// The Hub's license tag, where the catalog reads another license.
    pub license_conflict: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WatchLine {
    pub subject: String,
    pub metric: String,
    /// Empty where the values are texts.
    pub unit: String,
    /// Absent: not read before.
    pub before: Option<String>,
    /// Absent: no longer listed.
    pub after: Option<String>,
    pub read: String,
    pub source: String,
}

//! `history/*.csv`: what archives read on past days, and `history/sources.toml`: the archives, with
//! the terms on which their figures are carried.

use maquette_core::Date;
use serde::{Deserialize, Serialize};

/// Where readings come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Archive {
    pub id: String,
    pub title: String,
    /// Without `https://`.
    pub link: String,
    /// Version, commit or days read.
    pub read: String,
    /// SPDX id, or `none found`.
    pub license: String,
    /// The file that says so, and when it was read.
    pub license_source: String,
    pub redistribution: Redistribution,
    /// The line that its license wants printed.
    #[serde(default)]
    pub attribution: Option<String>,
    /// What it copies: two archives of one origin are one witness.
    pub origin: String,
    #[serde(default)]
    pub note: Option<String>,
}

/// What may be passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Redistribution {
    /// The license allows it: as a series.
    Series,
    /// Nobody said so: single dated facts, with their citation.
    Facts,
}

/// Days of one subject and metric that an archive which may not be passed on is cited with.
pub const MOST_FACTS: usize = 3;

/// A line of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// `hub:OWNER/NAME`, `space:OWNER/NAME`, `github:OWNER/NAME`, `arena:BOARD/NAME`, `price:PROVIDER/KEY`, `article:…`.
    pub subject: String,
    pub metric: String,
    pub date: Date,
    /// Empty: listed before and no longer.
    pub value: String,
    /// The metric's usual unit where absent.
    #[serde(default)]
    pub unit: Option<String>,
    pub source: String,
    /// As it was printed, where that is not a plain number.
    #[serde(default)]
    pub printed: Option<String>,
}

impl Reading {
    /// What names it in its file.
    pub fn id(&self) -> String {
        format!("{},{},{}", self.subject, self.metric, self.date)
    }

    pub fn unit(&self) -> &str {
        self.unit.as_deref().unwrap_or_else(|| unit(&self.metric))
    }
}

/// What a metric counts; empty: its values are texts.
pub fn unit(metric: &str) -> &'static str {
    match metric {
        "downloads" => "downloads in 30 days",
        "downloads-all-time" => "downloads",
        "likes" => "likes",
        "stars" => "stars",
        "forks" => "forks",
        "votes" => "votes",
        "rank" => "rank",
        "trending" | "score" | "ci" => "points",
        m if m.starts_with("price/") => "USD",
        _ => "",
    }
}

/// All readings of one subject and metric, by day: the form in which the program carries them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Track {
    pub subject: String,
    pub metric: String,
    pub unit: String,
    pub dots: Vec<Dot>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dot {
    pub date: Date,
    pub value: String,
    /// Index into the archives.
    pub archive: u16,
}

/// What the program carries of the past.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    pub archives: Vec<Archive>,
    /// In order of subject and metric.
    pub tracks: Vec<Track>,
}

impl Past {
    /// Readings in order, gathered; one of an unknown archive is left out (the check names it).
    pub fn of(archives: Vec<Archive>, mut readings: Vec<Reading>) -> Past {
        readings.sort();
        let mut tracks: Vec<Track> = Vec::new();
        for r in readings {
            let Some(archive) = archives.iter().position(|a| a.id == r.source) else {
                continue;
            };
            let dot = Dot {
                date: r.date,
                value: r.value.clone(),
                archive: u16::try_from(archive).unwrap_or(u16::MAX),
            };
            match tracks.last_mut() {
                Some(t) if t.subject == r.subject && t.metric == r.metric && t.unit == r.unit() => {
                    t.dots.push(dot);
                }
                _ => tracks.push(Track {
                    unit: r.unit().to_owned(),
                    subject: r.subject,
                    metric: r.metric,
                    dots: vec![dot],
                }),
            }
        }
        Past { archives, tracks }
    }

    pub fn archive(&self, dot: &Dot) -> Option<&Archive> {
        self.archives.get(usize::from(dot.archive))
    }

    /// Tracks of a subject, or of all subjects of a kind (`hub:`).
    pub fn starting<'a>(&'a self, subject: &'a str) -> impl Iterator<Item = &'a Track> {
        let from = self
            .tracks
            .partition_point(|t| t.subject.as_str() < subject);
        self.tracks[from..]
            .iter()
            .take_while(move |t| t.subject.starts_with(subject))
    }

    pub fn track(&self, subject: &str, metric: &str) -> Option<&Track> {
        let key = |t: &Track| (t.subject.as_str().cmp(subject)).then(t.metric.as_str().cmp(metric));
        let found = self.tracks.binary_search_by(key).ok()?;
        self.tracks.get(found)
    }
}

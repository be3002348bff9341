//! `history/*.csv`: what archives read on past days, and `history/sources.toml`: the archives, with
//! the terms on which their figures are carried.

use maquette_core::Date;
use serde::{Deserialize, Serialize};

/// Where observations come from.
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
pub struct Observation {
    /// `hub:OWNER/NAME`, `space:OWNER/NAME`, `github:OWNER/NAME`, `arena:BOARD/NAME`, `price:PROVIDER/KEY`, `article:…`.
    pub subject: String,
    pub metric: String,
    pub date: Date,
    /// Empty: listed before and no longer.
    pub value: String,
    /// Of a metric that has no unit of its own.
    #[serde(default)]
    pub unit: Option<String>,
    pub source: String,
    /// As it was printed, where that is not a plain number.
    #[serde(default)]
    pub printed: Option<String>,
}

impl Observation {
    /// What names it in its file.
    pub fn id(&self) -> String {
        format!("{},{},{}", self.subject, self.metric, self.date)
    }

    /// The metric's own unit; where it has none, the one that stands beside the value.
    pub fn unit(&self) -> &str {
        match unit(&self.metric) {
            "" => self.unit.as_deref().unwrap_or_default(),
            own => own,
        }
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

/// All observations of one subject and metric, by day: the form in which the program carries them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    pub subject: String,
    pub metric: String,
    pub unit: String,
    pub points: Vec<Point>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
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
    pub series: Vec<Series>,
}

impl Past {
    /// Observations in order, gathered; one of an unknown archive is left out (the check names it).
    pub fn of(archives: Vec<Archive>, mut observations: Vec<Observation>) -> Past {
        observations.sort();
        let mut series: Vec<Series> = Vec::new();
        for o in observations {
            let Some(archive) = archives.iter().position(|a| a.id == o.source) else {
                continue;
            };
            let point = Point {
                date: o.date,
                value: o.value.clone(),
                archive: u16::try_from(archive).unwrap_or(u16::MAX),
            };
            match series.last_mut() {
                Some(s) if s.subject == o.subject && s.metric == o.metric => s.points.push(point),
                _ => series.push(Series {
                    unit: o.unit().to_owned(),
                    subject: o.subject,
                    metric: o.metric,
                    points: vec![point],
                }),
            }
        }
        Past { archives, series }
    }

    pub fn archive(&self, point: &Point) -> Option<&Archive> {
        self.archives.get(usize::from(point.archive))
    }

    /// Tracks of a subject, or of all subjects of a kind (`hub:`).
    pub fn starting<'a>(&'a self, subject: &'a str) -> impl Iterator<Item = &'a Series> {
        let from = self
            .series
            .partition_point(|t| t.subject.as_str() < subject);
        self.series[from..]
            .iter()
            .take_while(move |t| t.subject.starts_with(subject))
    }

    pub fn find(&self, subject: &str, metric: &str) -> Option<&Series> {
        let key =
            |t: &Series| (t.subject.as_str().cmp(subject)).then(t.metric.as_str().cmp(metric));
        let found = self.series.binary_search_by(key).ok()?;
        self.series.get(found)
    }
}

//! The Hub's past: the data set hub-stats keeps a table of all models in every revision.
//!
//! Of each revision the columns of counts are read and the catalog's models kept. Which revision holds
//! the counts of which hour is not said: the moment is that of the revision. Its downloads are the
//! trailing 30 days, as everywhere on the Hub.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Ask, Past, bearer, day, moment, next_page, only_leads, written};
use crate::fact::{Fact, Facts, Value, decimal};
use crate::fetch::Request;
use crate::part::parquet::{Cell, Column, rows};
use crate::part::{PartError, Ranges};
use crate::store::Kept;

pub const PAST: Past = Past {
    title: "hub-stats, a table of the Hub's models in every revision",
    endpoint: "https://huggingface.co",
    endpoint_vars: &["HF_ENDPOINT"],
    terms: "Apache-2.0 (huggingface.co/datasets/cfahlgren1/hub-stats)",
    size: "about 40 MB of a table: the columns of names and counts",
};

const SET: &str = "cfahlgren1/hub-stats";
const TABLE: &str = "models.parquet";

/// Kinds of request: the list of revisions, and one revision's table.
pub const REVISIONS: &str = "revisions";
const COUNTS: &str = "counts:";

const COLUMNS: &[Column] = &[
    Column::needed("id"),
    Column::needed("downloads"),
    Column::needed("likes"),
    Column::wanted("downloadsAllTime"),
    Column::wanted("trendingScore"),
];

/// What each column after the name is.
const METRICS: &[(&str, &str)] = &[
    ("downloads", "downloads in 30 days"),
    ("likes", "likes"),
    ("downloads-all-time", "downloads"),
    ("trending", "points"),
];

pub fn first(ask: &Ask) -> Vec<Request> {
    let base = ask.endpoint.trim_end_matches('/');
    let url = format!("{base}/api/datasets/{SET}/commits/main?limit=100");
    vec![ask.request(REVISIONS, &url, bearer)]
}

#[derive(serde::Deserialize)]
struct Revision {
    id: String,
    #[serde(default)]
    title: String,
    date: Timestamp,
}

/// The next page of revisions until the first day is reached, and the tables that a page leads to.
///
/// A page is the newest first; a week or month that two pages share is read twice at most.
pub fn next(ask: &Ask, answer: &Kept) -> Vec<Request> {
    let Some(every) = ask.past.filter(|_| answer.kind == REVISIONS) else {
        return Vec::new();
    };
    let list: Vec<Revision> = serde_json::from_slice(&answer.body).unwrap_or_default();
    let oldest = list.iter().map(|r| day(r.date)).min();
    let more = oldest.is_some_and(|d| ask.since.is_none_or(|s| d >= s));
    let mut out: Vec<Request> = next_page(answer)
        .filter(|_| more)
        .map(|url| ask.request(REVISIONS, &url, bearer))
        .into_iter()
        .collect();
    let sane = |r: &Revision| r.id.len() == 40 && r.id.chars().all(|c| c.is_ascii_hexdigit());
    let named = list.iter().any(|r| r.title.contains(TABLE));
    let list = list
        .into_iter()
        .filter(|r| sane(r) && (!named || r.title.contains(TABLE)))
        .map(|r| (r.date, r.id));
    let base = ask.endpoint.trim_end_matches('/');
    for (at, id) in every.last(ask.since, list.collect()) {
        // Other models are another part of the same file.
        let url = format!(
            "{base}/datasets/{SET}/resolve/{id}/{TABLE}#{}",
            ask.names_hash()
        );
        let kind = format!("{COUNTS}{id}@{}", at.as_second());
        out.push(ask.request(&kind, &url, bearer).part());
    }
    out
}

/// The catalog's models of a table, as CSV with the columns' own names.
pub fn part(ask: &Ask, file: &mut dyn Ranges) -> Result<Vec<u8>, PartError> {
    let wanted: BTreeSet<&str> = ask.names.iter().map(String::as_str).collect();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    rows(file, COLUMNS, &mut |cells| {
        if let Some(id) = cells[0].text().filter(|id| wanted.contains(id)) {
            let counts = cells[1..].iter().map(|cell| match cell {
                Cell::Whole(n) => n.to_string(),
                Cell::Number(x) if x.fract() == 0.0 => format!("{x}"),
                _ => String::new(),
            });
            found.insert(id.to_owned(), counts.collect());
        }
    })?;
    let head: Vec<&str> = COLUMNS.iter().map(|c| c.name).collect();
    let rows = found
        .into_iter()
        .map(|(id, counts)| [vec![id], counts].concat());
    written(&head, rows)
}

pub fn read(answer: &Kept) -> Option<Result<Facts, String>> {
    if answer.kind == REVISIONS {
        return Some(only_leads::<Vec<Revision>>(&answer.body));
    }
    answer.kind.starts_with(COUNTS).then(|| counts(answer))
}

fn counts(answer: &Kept) -> Result<Facts, String> {
    let seen = moment(&answer.kind);
    let mut out = Facts::default();
    let mut reader = csv::Reader::from_reader(answer.body.as_slice());
    for row in reader.records() {
        let row = row.map_err(|e| e.to_string())?;
        let Some(id) = row.get(0).filter(|id| !id.is_empty()) else {
            continue;
        };
        let subject = format!("hub:{id}");
        for ((metric, unit), text) in METRICS.iter().zip(row.iter().skip(1)) {
            if text.is_empty() {
                continue;
            }
            match decimal(text).filter(|n| !n.is_sign_negative()) {
                Some(n) => out.facts.push(Fact {
                    seen,
                    ..Fact::every(&subject, metric, unit, Value::Number(n))
                }),
                None => out.reject(format!("{subject} {metric}"), "not a count"),
            }
        }
    }
    Ok(out)
}

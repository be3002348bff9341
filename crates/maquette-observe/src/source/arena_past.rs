//! Arena's past: the data set keeps every published board since 2023 in one Parquet file a board.
//!
//! Of each board the overall category is kept, the last published day of each week or month. Every day
//! is a fit of its own, so that differences hold within one day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::{Ask, Every, Past, bearer, next_page, only_leads, written};
use crate::fact::{Fact, Facts, Value, decimal};
use crate::fetch::Request;
use crate::part::parquet::{Cell, Column, rows};
use crate::part::{PartError, Ranges};
use crate::store::Kept;

pub const PAST: Past = Past {
    title: "Arena's leaderboards of every published day",
    endpoint: "https://huggingface.co",
    endpoint_vars: &["HF_ENDPOINT"],
    terms: "",
    size: "up to 60 MB of a board, all days in one file",
};

const SET: &str = "lmarena-ai/leaderboard-dataset";
/// How the file of a board with all its days ends.
const FULL: &str = "/full-00000-of-00001.parquet";

const FILES: &str = "files";
const BOARD: &str = "board:";

const COLUMNS: &[Column] = &[
    Column::needed("model_name"),
    Column::needed("leaderboard_publish_date"),
    Column::needed("category"),
    Column::needed("rating"),
    Column::wanted("rating_lower"),
    Column::wanted("rating_upper"),
    Column::wanted("vote_count"),
    Column::wanted("rank"),
];

pub fn first(ask: &Ask) -> Vec<Request> {
    let base = ask.endpoint.trim_end_matches('/');
    let url = format!("{base}/api/datasets/{SET}/tree/main?recursive=true");
    vec![ask.request(FILES, &url, bearer)]
}

#[derive(serde::Deserialize)]
struct File {
    path: String,
    /// Names the content.
    oid: String,
}

pub fn next(ask: &Ask, answer: &Kept) -> Vec<Request> {
    if answer.kind != FILES {
        return Vec::new();
    }
    let base = ask.endpoint.trim_end_matches('/');
    let list: Vec<File> = serde_json::from_slice(&answer.body).unwrap_or_default();
    let mut out: Vec<Request> = next_page(answer)
        .map(|url| ask.request(FILES, &url, bearer))
        .into_iter()
        .collect();
    for file in list {
        let Some(board) = file.path.strip_suffix(FULL) else {
            continue;
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if !board.chars().all(plain) {
            continue;
        }
        // The same content, asked for in the same way, is the same part.
        let how = match ask.past {
            Some(Every::Week) => "week",
            _ => "month",
        };
        let since = ask.since.map(|d| format!("-{d}")).unwrap_or_default();
        let url = format!(
            "{base}/datasets/{SET}/resolve/main/{}#{}-{how}{since}",
            file.path, file.oid
        );
        let kind = format!("{BOARD}{board}");
        out.push(ask.request(&kind, &url, bearer).part());
    }
    out
}

/// A row of the overall category.
struct Line {
    model: String,
    numbers: Vec<String>,
}

/// The overall category of the days that are kept, as CSV with the columns' own names.
pub fn part(ask: &Ask, file: &mut dyn Ranges) -> Result<Vec<u8>, PartError> {
    let mut days: BTreeMap<Date, Vec<Line>> = BTreeMap::new();
    rows(file, COLUMNS, &mut |cells| {
        let text = |n: usize| cells[n].text();
        let date = text(1).and_then(|d| d.get(..10)?.parse().ok());
        let (Some("overall"), Some(model), Some(date)) = (text(2), text(0), date) else {
            return;
        };
        days.entry(date).or_default().push(Line {
            model: model.to_owned(),
            numbers: cells[3..].iter().map(number).collect(),
        });
    })?;
    let at = |d: &Date| TimeZone::UTC.to_timestamp(d.at(0, 0, 0, 0)).ok();
    let list: Vec<(Timestamp, Date)> = days.keys().filter_map(|d| Some((at(d)?, *d))).collect();
    let chosen = ask.past.unwrap_or_default().last(ask.since, list);
    let kept: BTreeSet<Date> = chosen.into_iter().map(|(_, d)| d).collect();
    let head: Vec<&str> = COLUMNS
        .iter()
        .map(|c| c.name)
        .filter(|n| *n != "category")
        .collect();
    let days = days.into_iter().filter(|(d, _)| kept.contains(d));
    let rows = days.flat_map(|(date, lines)| {
        let row = move |l: Line| [vec![l.model, date.to_string()], l.numbers].concat();
        lines.into_iter().map(row)
    });
    written(&head, rows)
}

fn number(cell: &Cell) -> String {
    match cell {
        Cell::Whole(n) => n.to_string(),
        Cell::Number(x) if x.is_finite() => format!("{x}"),
        _ => String::new(),
    }
}

pub fn read(answer: &Kept) -> Option<Result<Facts, String>> {
    if answer.kind == FILES {
        return Some(only_leads::<Vec<File>>(&answer.body));
    }
    let board = answer.kind.strip_prefix(BOARD)?;
    Some(scores(&board.replace('_', "-"), &answer.body))
}

fn scores(board: &str, body: &[u8]) -> Result<Facts, String> {
    let mut out = Facts::default();
    let mut reader = csv::Reader::from_reader(body);
    for row in reader.records() {
        let row = row.map_err(|e| e.to_string())?;
        let text = |n: usize| row.get(n).unwrap_or_default();
        let number = |n: usize| decimal(text(n));
        let subject = format!("arena:{board}/{}", text(0));
        let day: Option<Date> = text(1).parse().ok();
        let seen = day.and_then(|d| TimeZone::UTC.to_timestamp(d.at(0, 0, 0, 0)).ok());
        let (Some(score), Some(seen)) = (number(2), seen) else {
            out.reject(subject, "no day or no rating");
            continue;
        };
        let half = number(4)
            .zip(number(3))
            .map(|(high, low)| ((high - low) / Decimal::TWO).round_dp(2));
        let metrics = [
            ("score", "points", Some(score.round_dp(2))),
            ("ci", "points", half),
            ("votes", "votes", number(5)),
            ("rank", "rank", number(6)),
        ];
        for (metric, unit, value) in metrics {
            if let Some(value) = value {
                out.facts.push(Fact {
                    valid_from: day,
                    seen: Some(seen.as_second()),
                    ..Fact::change(&subject, metric, unit, Value::Number(value))
                });
            }
        }
    }
    Ok(out)
}

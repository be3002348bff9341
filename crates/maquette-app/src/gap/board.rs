//! The rows of a board on each day that somebody read it.
//!
//! One source speaks for a day: what was observed here, else who read the most rows, since two fits of one day are not one
//! scale. The store keeps changes alone, so that a rating of it holds until the next for a while.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maquette_catalog::schema::board::Board;
use maquette_core::days_between;
use maquette_observe::fact::Value;
use maquette_observe::store::imported_source;

use crate::context::Context;
use crate::error::AppError;
use crate::observe::{day_of, end_of};

/// Days for which a rating of the store stands without being said again: the board is fitted anew almost daily.
const CARRIED: i32 = 14;

/// A name on a board.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Listed {
    pub score: Option<f64>,
    /// Half of the printed interval.
    pub half: Option<f64>,
    pub votes: Option<u64>,
    /// What the board's own column says of its license.
    pub license: Option<String>,
    /// The score's day, where it is not that of the reading.
    pub from: Option<Date>,
}

impl Listed {
    fn set(&mut self, metric: &str, value: f64) {
        match metric {
            "score" => self.score = Some(value),
            "ci" => self.half = Some(value),
            "votes" => self.votes = Some(value.max(0.0) as u64),
            _ => {}
        }
    }
}

/// A board as one source read it on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub day: Date,
    pub source: String,
    pub title: String,
    /// The start of its subjects, such as `arena:text/`.
    pub start: String,
    pub rows: BTreeMap<String, Listed>,
}

/// Every reading by the end of a day, oldest first, one a day.
pub fn readings(ctx: &Context, board: &Board, by: Date) -> Result<Vec<Reading>, AppError> {
    let mut all: BTreeMap<(Date, u8, String), Reading> = BTreeMap::new();
    for id in std::iter::once(&board.id).chain(&board.also) {
        let start = format!("arena:{}/", id.replace('_', "-"));
        archived(ctx, &start, by, &mut all)?;
        stored(ctx, &start, by, &mut all)?;
    }
    let mut days: BTreeMap<Date, (u8, Reading)> = BTreeMap::new();
    for ((day, place, _), reading) in all {
        let rank = |place: u8, r: &Reading| {
            let rows = r.rows.values().filter(|l| l.score.is_some()).count();
            (std::cmp::Reverse(place), rows)
        };
        match days.get(&day) {
            Some((p, kept)) if rank(*p, kept) >= rank(place, &reading) => {}
            _ => {
                days.insert(day, (place, reading));
            }
        }
    }
    let list = days.into_values().map(|(_, r)| r);
    Ok(if board.running {
        running(list)
    } else {
        list.collect()
    })
}

/// What a source said of each name and metric, by the day for which it holds.
type Said = BTreeMap<(String, String), Vec<(Date, Option<f64>)>>;
type Found = BTreeMap<(Date, u8, String), Reading>;

fn reading<'a>(
    all: &'a mut Found,
    (day, place): (Date, u8),
    (source, title): (&str, &str),
    start: &str,
) -> &'a mut Reading {
    all.entry((day, place, source.to_owned()))
        .or_insert_with(|| Reading {
            day,
            source: source.to_owned(),
            title: title.to_owned(),
            start: start.to_owned(),
            rows: BTreeMap::new(),
        })
}

fn archived(ctx: &Context, start: &str, by: Date, all: &mut Found) -> Result<(), AppError> {
    for past in ctx.pasts()? {
        for series in past.starting(start) {
            let name = &series.subject[start.len()..];
            for point in series.points.iter().filter(|p| p.date <= by) {
                let Some(archive) = past.archive(point) else {
                    continue;
                };
                let row = reading(all, (point.date, 1), (&archive.id, &archive.title), start)
                    .rows
                    .entry(name.to_owned())
                    .or_default();
                if series.metric == "license" {
                    row.license = Some(point.value.clone());
                } else if let Ok(value) = point.value.parse() {
                    row.set(&series.metric, value);
                }
            }
        }
    }
    Ok(())
}

fn stored(ctx: &Context, start: &str, by: Date, all: &mut Found) -> Result<(), AppError> {
    let Some(store) = ctx.store()? else {
        return Ok(());
    };
    let mut sources: BTreeMap<String, Said> = BTreeMap::new();
    // A license is said without a day of the board: the last word holds.
    let mut licenses: BTreeMap<String, String> = BTreeMap::new();
    for point in store.under(start, end_of(by))? {
        let source = imported_source(&point.source)
            .unwrap_or(&point.source)
            .to_owned();
        let day = point
            .valid_from
            .as_deref()
            .and_then(|d| d.parse().ok())
            .unwrap_or_else(|| day_of(point.observed_at));
        let name = point.subject[start.len()..].to_owned();
        if point.metric == "license" {
            licenses.insert(name, point.value.to_string());
            continue;
        }
        let value = match &point.value {
            Value::Gone => None,
            v => v.to_string().parse().ok(),
        };
        if day <= by {
            sources
                .entry(source)
                .or_default()
                .entry((name, point.metric))
                .or_default()
                .push((day, value));
        }
    }
    for (source, said) in sources {
        let title =
            maquette_observe::source::find(&source).map_or(source.as_str(), |s| s.about().title);
        let scores = said.iter().filter(|((_, metric), _)| metric == "score");
        let mut days: Vec<Date> = scores.flat_map(|(_, list)| list).map(|(d, _)| *d).collect();
        days.sort_unstable();
        days.dedup();
        for day in days {
            let board = reading(all, (day, 0), (&source, title), start);
            for ((name, metric), list) in &said {
                let Some((from, Some(value))) = list.iter().rfind(|(d, _)| *d <= day) else {
                    continue;
                };
                let score = metric == "score";
                if score && days_between(*from, day) > i64::from(CARRIED) {
                    continue;
                }
                let row = board.rows.entry(name.clone()).or_default();
                row.set(metric, *value);
                row.license = licenses.get(name).cloned();
                if score && *from != day {
                    row.from = Some(*from);
                }
            }
        }
    }
    Ok(())
}

/// Each reading with what was read before: a score of a test stands.
fn running(list: impl Iterator<Item = Reading>) -> Vec<Reading> {
    let mut rows: BTreeMap<String, Listed> = BTreeMap::new();
    list.map(|mut reading| {
        for (name, row) in &reading.rows {
            rows.insert(name.clone(), row.clone());
        }
        let day = reading.day;
        reading.rows.clone_from(&rows);
        for row in rows.values_mut().filter(|r| r.from.is_none()) {
            row.from = Some(day);
        }
        reading
    })
    .collect()
}

//! `trends --batch`: a table of counts in, a label for each id out.
//!
//! Columns by name, any order, others passed over: `date` (or `day`); one of `model_id`, `space_id`, `repo`, `id`,
//! `subject`, `name`; any of `likes`, `stars`, `downloads` (of the trailing 30 days) and `downloads_all_time`; `source`.
//! A line that does not read is left out and told; a cell that is empty was not read.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use maquette_core::report::trends::TrendsReport;
use maquette_stats::trend::clean::{Counter, Faults};

use super::{Counted, judge, number};
use crate::context::Context;
use crate::error::AppError;

/// Most lines of one batch.
const MOST: usize = 5_000_000;
/// Lines that are told one by one.
const TOLD: usize = 5;

/// Column of the id, and what its subjects are.
const IDS: [(&str, &str); 8] = [
    ("model_id", "hub"),
    ("space_id", "space"),
    ("repo", "github"),
    ("subject", "file"),
    ("id", "file"),
    ("model", "file"),
    ("space", "space"),
    ("name", "file"),
];
/// Column and metric.
const METRICS: [(&str, &str); 6] = [
    ("stars", "stars"),
    ("likes", "likes"),
    ("downloads", "downloads"),
    ("downloads_all_time", "downloads-all-time"),
    ("downloads-all-time", "downloads-all-time"),
    ("downloadsalltime", "downloads-all-time"),
];

/// One cell of a table.
struct Cell<'a> {
    id: String,
    metric: &'static str,
    day: i64,
    value: f64,
    source: &'a str,
}

pub fn batch(ctx: &Context, text: &str) -> Result<TrendsReport, AppError> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let headers: Vec<String> = reader
        .headers()
        .map_err(|e| AppError::request("the batch has no header line").because(e.to_string()))?
        .iter()
        .map(|h| h.trim().trim_start_matches('\u{feff}').to_lowercase())
        .collect();
    let at = |name: &str| headers.iter().position(|h| h == name);
    let columns = "columns: date; model_id, space_id, repo or id; likes, stars, downloads, downloads_all_time; source";
    let missing =
        |what: &str| AppError::request(format!("the batch has no column {what}")).hint(columns);
    let day_at = at("date")
        .or_else(|| at("day"))
        .ok_or_else(|| missing("`date`"))?;
    let (id_at, kind) = IDS
        .iter()
        .find_map(|(name, kind)| Some((at(name)?, *kind)))
        .ok_or_else(|| missing("of ids (`model_id`, `space_id`, `repo` or `id`)"))?;
    let counted: Vec<(usize, &'static str)> = METRICS
        .iter()
        .filter_map(|(name, metric)| Some((at(name)?, *metric)))
        .collect();
    if counted.is_empty() {
        return Err(missing(
            "of counts (`likes`, `stars`, `downloads` or `downloads_all_time`)",
        ));
    }
    let source_at = at("source");
    let mut bad: Vec<String> = Vec::new();
    let mut bad_count = 0;
    let mut fault = |line: u64, why: &str| {
        bad_count += 1;
        if bad.len() < TOLD {
            bad.push(format!("line {line}: {why}"));
        }
    };
    let mut records = Vec::new();
    for record in reader.records().take(MOST) {
        match record {
            Ok(record) => records.push(record),
            Err(e) => fault(e.position().map_or(0, csv::Position::line), &e.to_string()),
        }
    }
    let mut cells: Vec<Cell<'_>> = Vec::new();
    for record in &records {
        let line = record.position().map_or(0, csv::Position::line);
        let id = record.get(id_at).unwrap_or_default().trim();
        let day: Option<Date> = record
            .get(day_at)
            .and_then(|d| d.trim().get(..10)?.parse().ok());
        let Some(day) = day.filter(|_| !id.is_empty()) else {
            fault(line, if id.is_empty() { "no id" } else { "no day" });
            continue;
        };
        for (column, metric) in &counted {
            let cell = record.get(*column).unwrap_or_default().trim();
            if cell.is_empty() {
                continue;
            }
            match cell
                .parse::<f64>()
                .ok()
                .filter(|v| v.is_finite() && *v >= 0.0)
            {
                Some(value) => cells.push(Cell {
                    id: id.to_owned(),
                    metric,
                    day: number(day),
                    value,
                    source: source_at.and_then(|s| record.get(s)).unwrap_or_default(),
                }),
                None => fault(line, &format!("`{cell}` is no count of {metric}")),
            }
        }
    }
    let silent = never_read(&cells);
    let zeros = cells.len();
    cells.retain(|c| c.value > 0.0 || !silent.contains(&(c.metric, c.source)));
    let zeros = zeros - cells.len();
    let (all, faults) = gathered(ctx, kind, cells);
    let mut report = judge(&all, ctx.as_of);
    if bad_count > 0 {
        report.notes.push(format!(
            "{bad_count} cells or lines were left out: {}{}",
            bad.join("; "),
            if bad_count > TOLD { "; …" } else { "" }
        ));
    }
    if zeros > 0 {
        let sources: BTreeSet<&str> = silent.iter().map(|(_, s)| *s).collect();
        let sources: Vec<&str> = sources.into_iter().collect();
        report.notes.push(format!(
            "{zeros} zeros of {} were left out: they stand where others had counted more before",
            sources.join(", ")
        ));
    }
    if faults.doubled > 0 {
        report.notes.push(format!(
            "{} readings of a day that had a larger one were left out",
            faults.doubled
        ));
    }
    Ok(report)
}

/// Ids of which a source must have lost a count before its zeros are taken for what was not read: one or two
/// may have begun anew.
const LOST: usize = 3;

/// Sources whose zero means that they did not read: of several ids another reading was above zero on that day or
/// before, and a cumulative count does not go back.
fn never_read<'a>(cells: &[Cell<'a>]) -> BTreeSet<(&'static str, &'a str)> {
    let mut first: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for c in cells.iter().filter(|c| c.value > 5.0) {
        let day = first.entry((&c.id, c.metric)).or_insert(c.day);
        *day = c.day.min(*day);
    }
    let mut lost: BTreeMap<(&'static str, &'a str), BTreeSet<&str>> = BTreeMap::new();
    for c in cells {
        let had = first.get(&(c.id.as_str(), c.metric));
        let zero = c.metric != "downloads" && c.value <= 0.0 && !c.source.is_empty();
        if zero && had.is_some_and(|day| *day <= c.day) {
            lost.entry((c.metric, c.source)).or_default().insert(&c.id);
        }
    }
    lost.retain(|_, ids| ids.len() >= LOST);
    lost.into_keys().collect()
}

fn gathered(ctx: &Context, kind: &str, cells: Vec<Cell<'_>>) -> (Vec<Counted>, Faults) {
    let mut readings: BTreeMap<(String, &'static str), Vec<(i64, f64)>> = BTreeMap::new();
    for c in cells {
        readings
            .entry((c.id, c.metric))
            .or_default()
            .push((c.day, c.value));
    }
    let mut faults = Faults::default();
    let mut out: BTreeMap<String, Counted> = BTreeMap::new();
    for ((id, metric), list) in readings {
        let (counter, found) = Counter::of(list);
        faults.doubled += found.doubled;
        let entry = out.entry(id.clone()).or_insert_with(|| Counted {
            kind: kind.to_owned(),
            name: id.clone(),
            subject: id,
            ..Counted::default()
        });
        entry.counters.insert(metric.to_owned(), counter);
    }
    for model in &ctx.knowledge.catalog.models {
        let names: Vec<&String> = match kind {
            "hub" => model.hub.iter().collect(),
            "github" => model.github.iter().collect(),
            _ => Vec::new(),
        };
        for name in names {
            if let Some(entry) = out.get_mut(name) {
                entry.models.push(model.id.clone());
                entry.modality = entry.modality.or(Some(model.modality));
            }
        }
    }
    (out.into_values().collect(), faults)
}

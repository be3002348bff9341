//! Epoch AI's benchmarking hub: one archive of tables, one table a benchmark.
//!
//! Only what Epoch ran itself is read: tables named `_external` are other owners' results on their own
//! terms. A model that was run more than once counts with its newest run. Which models are open is
//! Epoch's word; the catalog's own word decides.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::{About, Ask, Source};
use crate::fact::{Fact, Facts, Value, decimal};
use crate::fetch::Request;
use crate::part::zip;
use crate::store::Kept;

pub struct Epoch;

const ABOUT: About = About {
    id: "epoch",
    title: "Epoch AI, benchmarking hub",
    endpoint: "https://epoch.ai",
    endpoint_vars: &["MAQUETTE_EPOCH_ENDPOINT"],
    key_vars: &[],
    key_needed: false,
    form: "an archive of Epoch's tables",
    terms: "CC BY 4.0 (epoch.ai/data); tables named external are others' and are not read",
    attribution: "Epoch AI, AI Benchmarking Hub (epoch.ai/benchmarks), CC BY 4.0",
    cadence_hours: 24,
    units: "share of tasks solved (0 to 1) with its standard error; index: points of the Epoch Capabilities Index",
    origins: &["epoch"],
    complete: false,
};

/// Columns that hold the score, the newest name first, and what it is in.
const SCORES: &[(&str, &str)] = &[
    ("mean_score", "share"),
    ("Best score (across scorers)", "share"),
    ("ECI Score", "points"),
];

/// Texts of a row that are kept.
const TEXTS: &[(&str, &str)] = &[
    ("Organization", "organization"),
    ("Release date", "release-date"),
    ("Model accessibility", "access"),
];

impl Source for Epoch {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn first(&self, ask: &Ask) -> Vec<Request> {
        let base = ask.endpoint.trim_end_matches('/');
        vec![Request::get(
            "tables",
            format!("{base}/data/benchmark_data.zip"),
        )]
    }

    fn read(&self, answer: &Kept) -> Result<Facts, String> {
        let is_table = |name: &str| name.to_lowercase().ends_with(".csv");
        let tables = zip::members(&mut answer.body.as_slice(), &is_table);
        let tables = tables.map_err(|e| e.to_string())?;
        if tables.is_empty() {
            return Err("no table in it".to_owned());
        }
        let mut out = Facts::default();
        for (name, body) in &tables {
            let stem = name.rsplit('/').next().unwrap_or(name);
            let stem = &stem[..stem.len() - ".csv".len()];
            if stem.ends_with("_external") {
                out.reject(format!("epoch:{stem}"), "another owner's results");
            } else if let Err(why) = table(&stem.replace('_', "-"), body, &mut out) {
                out.reject(format!("epoch:{stem}"), why);
            }
        }
        Ok(out)
    }
}

fn table(benchmark: &str, body: &[u8], out: &mut Facts) -> Result<(), String> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(body);
    let names = reader.headers().map_err(|e| e.to_string())?.clone();
    let place = |name: &str| {
        names
            .iter()
            .position(|n| n.trim_start_matches('\u{feff}') == name)
    };
    let model = place("Model version").ok_or("no column of models")?;
    let (score, unit) = SCORES
        .iter()
        .find_map(|(name, unit)| Some((place(name)?, *unit)))
        .ok_or("no column of a known score")?;
    let (error, started) = (place("stderr"), place("Started at"));
    // The newest run of each model, and how many there are.
    let mut runs: BTreeMap<String, (String, csv::StringRecord)> = BTreeMap::new();
    let mut times: HashMap<String, usize> = HashMap::new();
    for row in reader.records() {
        let row = row.map_err(|e| e.to_string())?;
        let name = row.get(model).unwrap_or_default().trim().to_owned();
        if name.is_empty() || row.get(score).is_none_or(str::is_empty) {
            continue;
        }
        *times.entry(name.clone()).or_default() += 1;
        let begun = started.and_then(|i| row.get(i)).unwrap_or_default();
        let newer = runs.get(&name).is_none_or(|(old, _)| old.as_str() < begun);
        if newer {
            runs.insert(name, (begun.to_owned(), row));
        }
    }
    for (name, (begun, row)) in &runs {
        let subject = format!("epoch:{benchmark}/{name}");
        let number = |i: usize| row.get(i).and_then(decimal);
        let Some(value) = number(score) else {
            out.reject(subject, "no number");
            continue;
        };
        if unit == "share" && (value.is_sign_negative() || value > rust_decimal::Decimal::ONE) {
            out.reject(subject, "not a share between 0 and 1");
            continue;
        }
        let day: Option<Date> = begun.get(..10).and_then(|d| d.parse().ok());
        let mut push = |metric: &str, unit: &'static str, value| {
            out.facts.push(Fact {
                valid_from: day,
                ..Fact::change(&subject, metric, unit, Value::Number(value))
            });
        };
        push(
            if unit == "points" { "index" } else { "share" },
            unit,
            value.round_dp(6),
        );
        if let Some(error) = error.and_then(number) {
            push("standard-error", unit, error.round_dp(6));
        }
        for (column, metric) in TEXTS {
            let text = place(column).and_then(|i| row.get(i)).unwrap_or_default();
            if !text.trim().is_empty() {
                out.facts.push(Fact::text(&subject, metric, text.trim()));
            }
        }
        if times[name] > 1 {
            out.reject(
                format!("{subject} of {} runs", times[name]),
                "older runs than the newest",
            );
        }
    }
    Ok(())
}

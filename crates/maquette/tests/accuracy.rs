//! The published error: `docs/reference/accuracy.md` is what `accuracy` prints, and no class may fall
//! behind the figures of `docs/reference/accuracy.csv`. `UPDATE_ACCURACY=1` writes both anew where
//! nothing fell behind; `UPDATE_ACCURACY=accept` writes them whatever they say, for a person to read.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How much worse a figure may come out: what another platform's arithmetic changes.
const SLACK: f64 = 0.005;
/// Fewest rows of a class that is judged.
const FEWEST: usize = 20;

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference")
}

fn accuracy(args: &[&str]) -> String {
    let config = std::env::temp_dir().join("maquette-accuracy-empty");
    fs::create_dir_all(&config).unwrap();
    let out = Command::new(env!("CARGO_BIN_EXE_maquette"))
        .arg("accuracy")
        .args(args)
        .env("MAQUETTE_CONFIG_DIR", &config)
        .env("MAQUETTE_DATA_DIR", &config)
        .output()
        .unwrap();
    assert!(out.status.success(), "{args:?}");
    String::from_utf8(out.stdout).unwrap()
}

/// Rows, p90 error and coverage by figure, work and hardware.
fn lines(csv: &str) -> BTreeMap<String, (usize, f64, f64)> {
    let mut lines = csv.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = |name: &str| header.iter().position(|h| *h == name).unwrap();
    let (rows, p90, coverage) = (at("rows"), at("p90_error"), at("coverage"));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let number = |at: usize| cells[at].parse::<f64>().unwrap();
            let rows = cells[rows].parse().unwrap();
            (cells[..3].join(", "), (rows, number(p90), number(coverage)))
        })
        .collect()
}

/// Classes whose errors grew, whose ranges hold less, or that are gone.
fn behind(stored: &str, now: &str) -> Vec<String> {
    let now = lines(now);
    let mut out = Vec::new();
    for (class, (rows, p90, coverage)) in lines(stored) {
        if rows < FEWEST {
            continue;
        }
        match now.get(&class) {
            None => out.push(format!("{class}: no longer estimated")),
            Some((n, _, _)) if *n + n / 20 < rows => {
                out.push(format!("{class}: {n} rows are estimated, {rows} were"));
            }
            Some((_, error, _)) if *error > p90 * (1.0 + SLACK) => {
                out.push(format!("{class}: p90 error {error}, was {p90}"));
            }
            Some((_, _, held)) if *held < coverage - SLACK => {
                out.push(format!("{class}: ranges hold {held}, held {coverage}"));
            }
            Some(_) => {}
        }
    }
    out
}

/// The page: both ways of holding back, and how to read it.
fn page() -> String {
    format!(
        "# How far estimates lie from measurements\n\n\
        Written by `UPDATE_ACCURACY=1 cargo test -p maquette --test accuracy`; nobody types a figure here. \
        Every row of [`catalog/evidence`](../../catalog/evidence) is estimated from the others: its model \
        and machine were never seen together, or, further below, its model was never seen at all. What the \
        columns mean stands below each table; where the rows come from, and what was left out, in \
        [evidence.md](evidence.md). Classes of fewer than 5 rows are in `all` only. A class of 20 rows or more whose errors are \
        large has ranges so wide that they still hold what they mean to, and `fit` says so beside its answer; of \
        fewer rows nothing is promised.\n\n\
        ## A model on a machine, held back\n\n{}\n\
        ## A whole model, held back\n\n{}",
        accuracy(&["--format", "markdown"]),
        accuracy(&["--by-model", "--format", "markdown"])
    )
}

#[test]
fn no_class_falls_behind_its_published_error() {
    let update = std::env::var("UPDATE_ACCURACY").unwrap_or_default();
    let (csv, md) = (docs().join("accuracy.csv"), docs().join("accuracy.md"));
    let now = accuracy(&["--format", "csv"]);
    if update != "accept" {
        let worse = behind(&fs::read_to_string(&csv).unwrap(), &now);
        assert!(worse.is_empty(), "{}", worse.join("\n"));
    }
    let page = page();
    if !update.is_empty() {
        fs::write(&csv, &now).unwrap();
        fs::write(&md, &page).unwrap();
    }
    assert_eq!(
        fs::read_to_string(&md).unwrap(),
        page,
        "UPDATE_ACCURACY=1 writes the page anew"
    );
    assert_eq!(fs::read_to_string(&csv).unwrap(), now);
}

#[test]
fn classes_that_fall_behind_are_named() {
    let header = "figure,kind,hardware,rows,p90_error,coverage\n";
    let csv = |line: &str| format!("{header}{line}\n");
    let stored = csv("time,image,all,100,0.5,0.82");
    let worse = |line: &str| behind(&stored, &csv(line)).len();
    assert_eq!(worse("time,image,all,100,0.5,0.82"), 0);
    assert_eq!(worse("time,image,all,120,0.4,0.85"), 0);
    assert_eq!(worse("time,image,all,100,0.51,0.82"), 1);
    assert_eq!(worse("time,image,all,100,0.5,0.81"), 1);
    assert_eq!(worse("time,image,all,90,0.5,0.82"), 1);
    assert_eq!(worse("time,video,all,100,0.5,0.82"), 1);
    // Of a few rows nothing is promised.
    assert!(behind(&csv("time,3d,all,5,0.5,0.8"), &csv("time,3d,all,5,2,0.2")).is_empty());
}

//! Observations as lines, out of the store and into it: CSV and JSON Lines, and a copy of the file.
//!
//! The columns are those of [`Line`]; `observed_at` is UTC. An imported file is kept whole as the
//! raw answer of one snapshot for each source that it names, so that a rebuild reads it again.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use jiff::Timestamp;
use rusqlite::params;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::query::{POINT, point};
use super::snapshot::{Committed, hex};
use super::{Kept, Store, StoreError};
use crate::fact::{Fact, Facts, Keep, Value, decimal};

/// One observation as it is written in CSV and JSON Lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub subject: String,
    pub metric: String,
    /// Empty where the value is a text.
    #[serde(default)]
    pub unit: String,
    /// Empty: listed before and no longer.
    #[serde(default)]
    pub value: String,
    pub observed_at: Timestamp,
    #[serde(default)]
    pub valid_from: Option<String>,
    pub source: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the file cannot be written")]
    Write(#[from] std::io::Error),
    #[error("line {line}: {why}")]
    Line { line: u64, why: String },
    #[error("the file holds no observation")]
    Empty,
}

impl From<rusqlite::Error> for ExchangeError {
    fn from(e: rusqlite::Error) -> Self {
        ExchangeError::Store(e.into())
    }
}

/// What the answers of imported files are called, after the source that they came from.
const IMPORT: &str = "import/";

/// The source whose lines a snapshot of this name took out of an imported file.
pub fn imported_source(source: &str) -> Option<&str> {
    source.strip_prefix(IMPORT)
}

/// The lines of a file, CSV or JSON Lines by its first character.
pub fn read_lines(body: &[u8]) -> Result<Vec<Line>, ExchangeError> {
    let bad = |line: u64, why: String| ExchangeError::Line { line, why };
    let first = body.iter().find(|b| !b.is_ascii_whitespace());
    let mut out = Vec::new();
    if first == Some(&b'{') {
        for (n, line) in (1..).zip(body.split(|b| *b == b'\n')) {
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            out.push(serde_json::from_slice(line).map_err(|e| bad(n, e.to_string()))?);
        }
    } else {
        let mut reader = csv::Reader::from_reader(body);
        for row in reader.deserialize() {
            let line: Line = row.map_err(|e: csv::Error| {
                let at = e.position().map_or(0, csv::Position::line);
                bad(at, e.to_string())
            })?;
            out.push(line);
        }
    }
    for (n, line) in (1_u64..).zip(&out) {
        if !line.unit.is_empty() && !line.value.is_empty() && decimal(&line.value).is_none() {
            return Err(bad(n, format!("`{}` is not a number", line.value)));
        }
        if line.subject.is_empty() || line.metric.is_empty() || line.source.is_empty() {
            return Err(bad(n, "subject, metric and source must be said".to_owned()));
        }
    }
    Ok(out)
}

/// Units are `&'static str` in facts; those of a file are few and are kept for good.
fn lasting(unit: &str) -> &'static str {
    use std::sync::Mutex;
    static UNITS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut units = UNITS
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(known) = units.get(unit) {
        return known;
    }
    let kept: &'static str = Box::leak(unit.to_owned().into_boxed_str());
    units.insert(kept);
    kept
}

/// The lines of one source in an imported file, as facts.
pub fn read_imported(body: &[u8], source: &str) -> Result<Facts, String> {
    let mut out = Facts::default();
    for line in read_lines(body).map_err(|e| e.to_string())? {
        if line.source != source {
            continue;
        }
        out.facts.push(Fact {
            value: match decimal(&line.value) {
                _ if line.value.is_empty() => Value::Gone,
                Some(n) if !line.unit.is_empty() => Value::Number(n),
                _ => Value::Text(line.value),
            },
            subject: line.subject,
            metric: line.metric,
            unit: lasting(&line.unit),
            valid_from: line
                .valid_from
                .filter(|v| !v.is_empty())
                .and_then(|v| v.parse().ok()),
            seen: Some(line.observed_at.as_second()),
            keep: Keep::Every,
        });
    }
    Ok(out)
}

impl Store {
    /// Every observation, in the order of subject, metric and time: the same store gives the same bytes.
    pub fn export(
        &self,
        write: &mut dyn FnMut(&Line) -> Result<(), ExchangeError>,
    ) -> Result<usize, ExchangeError> {
        let mut q = self.db.prepare(&format!(
            "{POINT} ORDER BY s.name, m.name, o.observed_at, p.place, o.valid_from"
        ))?;
        let rows = q.query_map([], point)?;
        let mut n = 0;
        for row in rows {
            let p = row?;
            write(&Line {
                value: p.value.to_string(),
                observed_at: Timestamp::from_second(p.observed_at).unwrap_or_default(),
                source: imported_source(&p.source).unwrap_or(&p.source).to_owned(),
                subject: p.subject,
                metric: p.metric,
                unit: p.unit,
                valid_from: p.valid_from,
            })?;
            n += 1;
        }
        Ok(n)
    }

    /// As CSV with a header.
    pub fn export_csv(&self, out: &mut dyn Write) -> Result<usize, ExchangeError> {
        let mut writer = csv::Writer::from_writer(out);
        let broken = |e: csv::Error| ExchangeError::Write(std::io::Error::other(e));
        let n = self.export(&mut |line| writer.serialize(line).map_err(broken))?;
        writer.flush()?;
        Ok(n)
    }

    /// As one JSON object a line.
    pub fn export_json_lines(&self, out: &mut dyn Write) -> Result<usize, ExchangeError> {
        self.export(&mut |line| {
            serde_json::to_writer(&mut *out, line).map_err(std::io::Error::other)?;
            out.write_all(b"\n")?;
            Ok(())
        })
    }

    /// A copy of the whole file, taken while others may write.
    pub fn export_copy(&self, path: &Path) -> Result<(), ExchangeError> {
        self.db
            .backup("main", path, None::<fn(rusqlite::backup::Progress)>)?;
        Ok(())
    }

    /// Takes the lines of a file in. A file that was taken in before adds nothing.
    pub fn import(
        &mut self,
        body: &[u8],
        name: &str,
        now: i64,
    ) -> Result<Vec<(String, Committed)>, ExchangeError> {
        let lines = read_lines(body)?;
        let sources: BTreeSet<String> = lines.into_iter().map(|l| l.source).collect();
        if sources.is_empty() {
            return Err(ExchangeError::Empty);
        }
        let scope = format!("sha256:{}", hex(&Sha256::digest(body)));
        let mut out = Vec::new();
        for source in sources {
            let own = format!("{IMPORT}{source}");
            let before: bool = self.db.query_row(
                "SELECT EXISTS (SELECT 1 FROM snapshot p JOIN source c ON c.id = p.source
                 WHERE c.name = ?1 AND p.scope = ?2 AND p.state = 1)",
                params![own, scope],
                |r| r.get(0),
            )?;
            if before {
                out.push((source, Committed::default()));
                continue;
            }
            let snapshot = self.begin(&own, &scope, now)?;
            self.keep(
                snapshot,
                &Kept {
                    seq: 0,
                    kind: "import".to_owned(),
                    url: format!("file:{name}"),
                    final_url: format!("file:{name}"),
                    status: 200,
                    headers: String::new(),
                    fetched_at: now,
                    body: body.to_owned(),
                },
            )?;
            let done = self.commit(snapshot, now, false, "", &mut |kept| {
                read_imported(&kept.body, &source)
            })?;
            out.push((source, done));
        }
        Ok(out)
    }
}

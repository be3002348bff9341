//! A ledger that is never edited: JSON Lines, each with the SHA-256 of its entry, and each entry with the
//! hash of the one before.
//!
//! `{"hash":"…","entry":{"n":1,"prev":"00…","day":"2026-11-23","kind":"question",…}}`. The hash is over the bytes of
//! the entry as they stand, so that any program can check it. A line that does not follow is told and passed over; nothing
//! is appended behind it.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::error::{AppError, Kind};

/// Most bytes of a ledger.
const MOST: u64 = 64 * 1024 * 1024;

/// What a line says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Said {
    Question(Box<Question>),
    Forecast {
        id: String,
        by: String,
        /// Day on which it was made, which may lie before that on which it was written down.
        made: Date,
        probability: f64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        basis: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
    },
    Resolution {
        id: String,
        outcome: Outcome,
        because: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<String>,
    },
    Annulment {
        id: String,
        because: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<String>,
    },
    /// What is known on the day of an open question.
    Standing {
        id: String,
        because: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<String>,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// The reading that is scored for the claim.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub main: bool,
    pub text: String,
    pub deadline: Date,
    pub source: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annul: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_rate: Option<f64>,
    pub by: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Yes,
    No,
}

impl Said {
    pub fn id(&self) -> &str {
        match self {
            Said::Question(q) => &q.id,
            Said::Forecast { id, .. }
            | Said::Resolution { id, .. }
            | Said::Annulment { id, .. }
            | Said::Standing { id, .. } => id,
        }
    }
}

/// An entry in its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub n: usize,
    pub prev: String,
    /// On which it was written down.
    pub day: Date,
    #[serde(flatten)]
    pub said: Said,
    /// Of its own line.
    #[serde(skip)]
    pub hash: String,
}

/// A ledger as it was read.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    pub name: String,
    pub entries: Vec<Entry>,
    pub head: Option<String>,
    pub problems: Vec<String>,
}

#[derive(Deserialize)]
struct Line<'a> {
    hash: String,
    #[serde(borrow)]
    entry: &'a RawValue,
}

/// Before the first line.
fn start() -> String {
    "0".repeat(64)
}

fn hash(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        out.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        out.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
    }
    out
}

/// Reads and checks every line.
pub fn read(name: &str, text: &str) -> Ledger {
    let mut out = Ledger {
        name: name.to_owned(),
        ..Ledger::default()
    };
    let mut prev = start();
    for (i, line) in text
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty())
    {
        let mut wrong = |why: String| out.problems.push(format!("line {}: {why}", i + 1));
        let read: Line<'_> = match serde_json::from_str(line) {
            Ok(read) => read,
            Err(e) => {
                wrong(format!("not a line of a ledger ({e})"));
                continue;
            }
        };
        let whole = hash(read.entry.get().as_bytes()) == read.hash;
        if !whole {
            wrong("it was changed after it was written: its hash is another".to_owned());
        }
        match serde_json::from_str::<Entry>(read.entry.get()) {
            Ok(mut entry) if whole => {
                if entry.prev != prev {
                    wrong("it does not follow from the line before: one was taken out, put in or changed".to_owned());
                }
                entry.hash.clone_from(&read.hash);
                out.entries.push(entry);
            }
            // What was changed is not believed; what stood there before is in nobody's hands here.
            Ok(_) => {}
            Err(e) => wrong(format!("it does not read ({e})")),
        }
        prev = read.hash;
        out.head = Some(prev.clone());
    }
    out
}

/// The user's ledger; none yet is an empty one.
pub fn load(path: &Path) -> Result<Ledger, AppError> {
    let name = path.display().to_string();
    let wrong = |e: std::io::Error| {
        AppError::request(format!("the ledger {name} cannot be read")).because(e.to_string())
    };
    if !path.exists() {
        return Ok(Ledger {
            name,
            ..Ledger::default()
        });
    }
    let mut text = String::new();
    File::open(path)
        .map_err(wrong)?
        .take(MOST)
        .read_to_string(&mut text)
        .map_err(wrong)?;
    Ok(read(&name, &text))
}

/// Appends a line behind the last, unless the ledger is damaged. `allowed` looks at what stands there, under the lock.
pub fn append(
    path: &Path,
    day: Date,
    said: Said,
    allowed: impl FnOnce(&Ledger) -> Result<(), AppError>,
) -> Result<(usize, String), AppError> {
    let wrong = |e: std::io::Error| {
        AppError::request(format!("the ledger {} cannot be written", path.display()))
            .because(e.to_string())
    };
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir).map_err(wrong)?;
    }
    let mut file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .open(path)
        .map_err(wrong)?;
    // Two programs at once: the second waits, and reads what the first wrote.
    file.lock().map_err(wrong)?;
    let ledger = load(path)?;
    if let Some(problem) = ledger.problems.first() {
        return Err(AppError::data(format!(
            "nothing is appended to {}: {problem}",
            path.display()
        ))
        .hint("put back a copy from before; nothing was changed now"));
    }
    allowed(&ledger)?;
    let n = ledger.entries.len() + 1;
    let entry = Entry {
        n,
        prev: ledger.head.unwrap_or_else(start),
        day,
        said,
        hash: String::new(),
    };
    let body = serde_json::to_string(&entry).map_err(|e| AppError {
        kind: Kind::Internal,
        ..AppError::request(e.to_string())
    })?;
    let hash = hash(body.as_bytes());
    // In one write, after a line that a crash may have left unfinished.
    let torn = unfinished(path).map_err(wrong)?;
    let line = format!(
        "{}{{\"hash\":\"{hash}\",\"entry\":{body}}}\n",
        if torn { "\n" } else { "" }
    );
    file.write_all(line.as_bytes()).map_err(wrong)?;
    file.sync_data().map_err(wrong)?;
    Ok((n, hash))
}

fn unfinished(path: &Path) -> std::io::Result<bool> {
    let bytes = std::fs::read(path)?;
    Ok(bytes.last().is_some_and(|b| *b != b'\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Vec<String> {
        maquette_know::predictions()
            .lines()
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn the_embedded_ledger_is_whole() {
        let ledger = read("embedded", maquette_know::predictions());
        assert_eq!(ledger.problems, Vec::<String>::new());
        let n: Vec<usize> = ledger.entries.iter().map(|e| e.n).collect();
        assert_eq!(n, (1..=lines().len()).collect::<Vec<_>>());
    }

    #[test]
    fn a_changed_a_missing_and_a_moved_line_are_told() {
        let with = |change: fn(&mut Vec<String>)| {
            let mut all = lines();
            change(&mut all);
            read("x", &all.join("\n")).problems
        };
        let changed = with(|l| l[4] = l[4].replace("2026", "2027"));
        assert!(
            changed[0].starts_with("line 5: it was changed"),
            "{changed:?}"
        );
        let missing = with(|l| drop(l.remove(4)));
        assert!(
            missing[0].starts_with("line 5: it does not follow"),
            "{missing:?}"
        );
        let moved = with(|l| l.swap(4, 5));
        assert!(moved.len() >= 2, "{moved:?}");
        let torn = with(|l| l[9].truncate(40));
        assert!(torn[0].starts_with("line 10: not a line"), "{torn:?}");
    }
}

//! The tables, version by version. A version is never edited once released: a change is a new one.

use rusqlite::Connection;

use super::StoreError;

/// `MQTT` would be another program's; this is the hash of the name, cut to 31 bits.
pub const APPLICATION: i32 = 0x6d71_7465;

/// What brings a store from version n to n + 1.
const STEPS: &[&str] = &[
    // 1
    "
CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
-- state: 0 open (nobody sees it), 1 whole, 2 given up.
-- complete: what it does not list is gone from the source.
-- place: the order in which snapshots became whole; rebuilding follows it.
CREATE TABLE snapshot (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source INTEGER NOT NULL REFERENCES source,
  scope TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  ended_at INTEGER,
  state INTEGER NOT NULL DEFAULT 0,
  place INTEGER UNIQUE,
  complete INTEGER NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '');
CREATE INDEX snapshot_by_source ON snapshot (source, state, place);
-- Raw answers, named by the SHA-256 of what was received, kept with zstd.
CREATE TABLE raw (hash BLOB PRIMARY KEY, size INTEGER NOT NULL, bytes BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE answer (
  snapshot INTEGER NOT NULL REFERENCES snapshot,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  url TEXT NOT NULL,
  final_url TEXT NOT NULL,
  status INTEGER NOT NULL,
  headers TEXT NOT NULL,
  fetched_at INTEGER NOT NULL,
  raw BLOB NOT NULL REFERENCES raw,
  PRIMARY KEY (snapshot, seq)) WITHOUT ROWID;
CREATE INDEX answer_by_url ON answer (url, snapshot);
CREATE TABLE subject (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, task TEXT);
CREATE INDEX subject_by_task ON subject (task);
CREATE TABLE metric (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, unit TEXT NOT NULL);
-- The source's own name of a subject, which outlives renames.
CREATE TABLE identity (
  stable TEXT NOT NULL, subject INTEGER NOT NULL REFERENCES subject, since INTEGER NOT NULL,
  PRIMARY KEY (stable, subject)) WITHOUT ROWID;
CREATE INDEX identity_by_subject ON identity (subject);
-- valid_from: the first day that the source says it holds for; empty: it says none.
-- value: an integer; a decimal or a text as text; NULL: listed before and no longer.
CREATE TABLE observation (
  subject INTEGER NOT NULL, metric INTEGER NOT NULL, observed_at INTEGER NOT NULL,
  snapshot INTEGER NOT NULL, valid_from TEXT NOT NULL DEFAULT '', value,
  PRIMARY KEY (subject, metric, observed_at, snapshot, valid_from)) WITHOUT ROWID;
CREATE TABLE rejected (
  snapshot INTEGER NOT NULL, seq INTEGER NOT NULL, n INTEGER NOT NULL,
  key TEXT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY (snapshot, seq, n)) WITHOUT ROWID;
-- The last thing that went wrong with a source.
CREATE TABLE failure (source INTEGER PRIMARY KEY REFERENCES source, at INTEGER NOT NULL, message TEXT NOT NULL);
-- What a person has looked at: `watch` tells what came after.
CREATE TABLE looked (subject TEXT PRIMARY KEY, at INTEGER NOT NULL);
",
];

/// The version that this program writes.
pub const VERSION: i64 = STEPS.len() as i64;

/// Tables that are reckoned from raw answers, in the order in which they can be emptied.
pub const DERIVED: &[&str] = &["observation", "rejected", "identity", "subject", "metric"];

pub fn migrate(db: &mut Connection) -> Result<(), StoreError> {
    let version: i64 = db.pragma_query_value(None, "user_version", |r| r.get(0))?;
    if version > VERSION {
        return Err(StoreError::Newer {
            found: version,
            known: VERSION,
        });
    }
    if version == VERSION {
        return Ok(());
    }
    let tx = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // Another process may have been quicker.
    let version: i64 = tx.pragma_query_value(None, "user_version", |r| r.get(0))?;
    let done = usize::try_from(version).unwrap_or(0);
    for step in STEPS.iter().skip(done) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION)?;
    tx.pragma_update(None, "user_version", VERSION)?;
    tx.commit()?;
    Ok(())
}

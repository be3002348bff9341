//! Observations out of kept answers: what every reading of a snapshot writes, and what is gone.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use rusqlite::types::{ToSqlOutput, Value as Sql};
use rusqlite::{Connection, OptionalExtension, ToSql, params};

use super::snapshot::{Committed, Snapshot, answer, seqs};
use super::{Kept, StoreError};
use crate::fact::{Facts, Keep, Value};

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Value::Gone => ToSqlOutput::Owned(Sql::Null),
            Value::Text(t) => ToSqlOutput::Owned(Sql::Text(t.clone())),
            Value::Number(n) => {
                let n = n.normalize();
                let whole = (n.scale() == 0).then(|| i64::try_from(n).ok()).flatten();
                ToSqlOutput::Owned(whole.map_or_else(|| Sql::Text(n.to_string()), Sql::Integer))
            }
        })
    }
}

/// Writes the observations of one snapshot out of its answers.
pub(super) fn derive(
    db: &Connection,
    snapshot: Snapshot,
    whole: bool,
    read: &mut dyn FnMut(&Kept) -> Result<Facts, String>,
) -> Result<Committed, StoreError> {
    let mut done = Committed::default();
    let mut writer = Writer {
        db,
        snapshot,
        subjects: HashMap::new(),
        fresh: HashSet::new(),
        metrics: HashMap::new(),
    };
    let mut listed: HashSet<(i64, i64, Option<Date>)> = HashSet::new();
    let mut last = 0;
    for seq in seqs(db, snapshot)? {
        let kept = answer(db, snapshot, seq)?;
        last = last.max(kept.fetched_at);
        done.answers += 1;
        done.bytes += kept.body.len() as u64;
        let found = read(&kept).map_err(|why| StoreError::Unreadable { snapshot, why })?;
        for (n, rejected) in (0_i64..).zip(&found.rejected) {
            db.prepare_cached(
                "INSERT OR REPLACE INTO rejected (snapshot, seq, n, key, reason) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![snapshot, seq, n, rejected.key, rejected.reason])?;
        }
        done.rejected += found.rejected.len();
        for fact in &found.facts {
            let subject = writer.subject(&fact.subject)?;
            let metric = writer.metric(&fact.metric, fact.unit)?;
            let at = fact.seen.unwrap_or(kept.fetched_at);
            done.facts += 1;
            // Of a subject never seen before there is nothing to compare with.
            let first = listed.insert((subject, metric, fact.valid_from))
                && writer.fresh.contains(&subject);
            let keep = if first { Keep::Every } else { fact.keep };
            if writer.write(subject, metric, at, &fact.value, fact.valid_from, keep)? {
                done.written += 1;
                if let (Value::Text(task), "task") = (&fact.value, fact.metric.as_str()) {
                    db.prepare_cached("UPDATE subject SET task = ?2 WHERE id = ?1")?
                        .execute(params![subject, task])?;
                }
            }
        }
        for (name, stable) in &found.identities {
            let subject = writer.subject(name)?;
            db.prepare_cached(
                "INSERT OR IGNORE INTO identity (stable, subject, since) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![stable, subject, kept.fetched_at])?;
        }
    }
    if whole {
        let had = before(db, snapshot)?;
        let missing: Vec<_> = had.iter().filter(|key| !listed.contains(key)).collect();
        if had.len() >= MANY && missing.len() * 2 > had.len() {
            let reason = format!(
                "the list has lost {} of {} values at once: it is taken for cut short, and none of them for gone",
                missing.len(),
                had.len()
            );
            db.prepare_cached(
                "INSERT OR REPLACE INTO rejected (snapshot, seq, n, key, reason) VALUES (?1, ?2, ?3, 'list', ?4)",
            )?
            .execute(params![snapshot, LIST, LIST, reason])?;
            done.rejected += 1;
        } else {
            for (subject, metric, from) in missing {
                writer.write(*subject, *metric, last, &Value::Gone, *from, Keep::Changes)?;
                done.gone += 1;
            }
        }
    }
    Ok(done)
}

/// Values of a list from which on it is not believed to lose more than half of them at once.
const MANY: usize = 20;
/// Where what is wrong with the list as a whole is kept, behind what is wrong with its answers.
const LIST: i64 = i64::MAX;

/// What earlier snapshots of the same source listed last as a value that changes.
fn before(
    db: &Connection,
    snapshot: Snapshot,
) -> Result<Vec<(i64, i64, Option<Date>)>, StoreError> {
    let mut q = db.prepare(
        "SELECT o.subject, o.metric, o.valid_from FROM observation o JOIN snapshot p ON p.id = o.snapshot
         WHERE p.source = (SELECT source FROM snapshot WHERE id = ?1) AND o.snapshot <> ?1
         GROUP BY o.subject, o.metric, o.valid_from",
    )?;
    let keys: Vec<(i64, i64, String)> = q
        .query_map([snapshot], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
        .collect::<Result<_, _>>()?;
    let mut listed = Vec::new();
    for (subject, metric, from) in keys {
        let value = latest(db, (subject, metric, &from), i64::MAX)?;
        if value.is_some_and(|v| v != Sql::Null) {
            listed.push((subject, metric, from.parse().ok()));
        }
    }
    Ok(listed)
}

/// The last value by a moment of those that hold from the same day.
fn latest(
    db: &Connection,
    (subject, metric, from): (i64, i64, &str),
    at: i64,
) -> Result<Option<Sql>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT value FROM observation
             WHERE subject = ?1 AND metric = ?2 AND observed_at <= ?3 AND valid_from = ?4
             ORDER BY observed_at DESC, snapshot DESC LIMIT 1",
        )?
        .query_row(params![subject, metric, at, from], |r| r.get(0))
        .optional()?)
}

struct Writer<'a> {
    db: &'a Connection,
    snapshot: Snapshot,
    subjects: HashMap<String, i64>,
    /// Subjects that no earlier snapshot knows.
    fresh: HashSet<i64>,
    metrics: HashMap<String, i64>,
}

impl Writer<'_> {
    fn subject(&mut self, name: &str) -> Result<i64, StoreError> {
        if let Some(id) = self.subjects.get(name) {
            return Ok(*id);
        }
        let made = self
            .db
            .prepare_cached("INSERT INTO subject (name) VALUES (?1) ON CONFLICT DO NOTHING")?
            .execute([name])?;
        let id = if made > 0 {
            let id = self.db.last_insert_rowid();
            self.fresh.insert(id);
            id
        } else {
            self.db
                .prepare_cached("SELECT id FROM subject WHERE name = ?1")?
                .query_row([name], |r| r.get(0))?
        };
        self.subjects.insert(name.to_owned(), id);
        Ok(id)
    }

    fn metric(&mut self, name: &str, unit: &str) -> Result<i64, StoreError> {
        if let Some(id) = self.metrics.get(name) {
            return Ok(*id);
        }
        self.db
            .prepare_cached("INSERT OR IGNORE INTO metric (name, unit) VALUES (?1, ?2)")?
            .execute([name, unit])?;
        let id = self
            .db
            .prepare_cached("SELECT id FROM metric WHERE name = ?1")?
            .query_row([name], |r| r.get(0))?;
        self.metrics.insert(name.to_owned(), id);
        Ok(id)
    }

    /// Appends; false where only changes are kept and nothing changed.
    fn write(
        &self,
        subject: i64,
        metric: i64,
        at: i64,
        value: &Value,
        valid_from: Option<Date>,
        keep: Keep,
    ) -> Result<bool, StoreError> {
        let from = valid_from.map_or_else(String::new, |d| d.to_string());
        if keep == Keep::Changes {
            let ToSqlOutput::Owned(new) = value.to_sql()? else {
                return Ok(false);
            };
            let old = latest(self.db, (subject, metric, &from), at)?;
            if old == Some(new.clone()) || (old.is_none() && new == Sql::Null) {
                return Ok(false);
            }
        }
        // A page that lists a thing twice says it once.
        let n = self
            .db
            .prepare_cached(
                "INSERT OR IGNORE INTO observation (subject, metric, observed_at, snapshot, value, valid_from)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                subject,
                metric,
                at,
                self.snapshot,
                value,
                from
            ])?;
        Ok(n > 0)
    }
}

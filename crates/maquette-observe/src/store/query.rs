//! What the store answers: a series, the top of a list, the last value, the state of each source.

use std::collections::HashMap;
use std::rc::Rc;

use rusqlite::types::Value as Sql;
use rusqlite::{OptionalExtension, Row, params};

use super::{Store, StoreError};
use crate::fact::{Value, decimal};
use crate::source::{PAST, moment};

/// One observation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    pub subject: String,
    pub metric: String,
    pub unit: String,
    pub value: Value,
    /// Seconds since 1970.
    pub observed_at: i64,
    pub valid_from: Option<String>,
    pub source: String,
    pub snapshot: i64,
}

/// A subject with its last value by a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Top {
    pub subject: String,
    pub task: String,
    pub value: i64,
    pub observed_at: i64,
    pub source: String,
}

/// What stands of a subject at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub subject: Rc<str>,
    pub metric: Rc<str>,
    pub value: Value,
    pub observed_at: i64,
    /// Kept more than once: of what is kept where it changes, it did.
    pub changed: bool,
}

/// How a source stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceState {
    pub source: String,
    pub snapshots: i64,
    /// When the newest whole snapshot ended.
    pub last: Option<i64>,
    pub rejected: i64,
    pub unfinished: bool,
    pub failure: Option<(i64, String)>,
}

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub snapshots: i64,
    pub answers: i64,
    pub raw_bytes: i64,
    pub kept_bytes: i64,
    pub subjects: i64,
    pub metrics: i64,
    pub observations: i64,
    pub file_bytes: i64,
}

pub(super) fn value(sql: Sql) -> Value {
    match sql {
        Sql::Integer(n) => Value::Number(n.into()),
        Sql::Text(t) => Value::Text(t),
        Sql::Real(f) => Value::Text(f.to_string()),
        Sql::Null | Sql::Blob(_) => Value::Gone,
    }
}

/// Columns: subject, metric, unit, value, moment, day from which it holds, source, snapshot.
pub(super) const POINT: &str =
    "SELECT s.name, m.name, m.unit, o.value, o.observed_at, o.valid_from, c.name, o.snapshot
 FROM observation o JOIN subject s ON s.id = o.subject JOIN metric m ON m.id = o.metric
 JOIN snapshot p ON p.id = o.snapshot JOIN source c ON c.id = p.source";

pub(super) fn point(r: &Row<'_>) -> rusqlite::Result<Point> {
    let unit: String = r.get(2)?;
    let mut read = value(r.get(3)?);
    // A metric with a unit holds numbers; decimals are kept as text so that they stay exact.
    if let (Value::Text(t), false) = (&read, unit.is_empty())
        && let Some(n) = decimal(t)
    {
        read = Value::Number(n);
    }
    Ok(Point {
        subject: r.get(0)?,
        metric: r.get(1)?,
        unit,
        value: read,
        observed_at: r.get(4)?,
        valid_from: Some(r.get(5)?).filter(|v: &String| !v.is_empty()),
        source: r.get(6)?,
        snapshot: r.get(7)?,
    })
}

impl Store {
    /// Every observation of a subject, under each name that it has had, in the order of time.
    pub fn series(
        &self,
        subject: &str,
        metric: &str,
        from: i64,
        to: i64,
    ) -> Result<Vec<Point>, StoreError> {
        let mut q = self.db.prepare_cached(&format!(
            "{POINT} WHERE o.subject IN (
               SELECT id FROM subject WHERE name = ?1
               UNION SELECT b.subject FROM subject n JOIN identity a ON a.subject = n.id
                     JOIN identity b ON b.stable = a.stable WHERE n.name = ?1)
             AND o.metric = (SELECT id FROM metric WHERE name = ?2)
             AND o.observed_at BETWEEN ?3 AND ?4
             ORDER BY o.observed_at, p.place, o.valid_from"
        ))?;
        let rows = q.query_map(params![subject, metric, from, to], point)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every observation by a moment of all subjects whose name starts so, in order of subject, metric and time.
    pub fn under(&self, start: &str, by: i64) -> Result<Vec<Point>, StoreError> {
        let mut q = self.db.prepare_cached(&format!(
            "{POINT} WHERE s.name >= ?1 AND s.name < ?1 || char(1114111) AND o.observed_at <= ?2
             ORDER BY s.name, m.name, o.valid_from, o.observed_at, p.place"
        ))?;
        let rows = q.query_map(params![start, by], point)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every observation of one metric by a moment, of all subjects whose name starts so.
    pub fn counters(&self, start: &str, metric: &str, by: i64) -> Result<Vec<Point>, StoreError> {
        let mut q = self.db.prepare_cached(&format!(
            "{POINT} WHERE s.name >= ?1 AND s.name < ?1 || char(1114111)
             AND o.metric = (SELECT id FROM metric WHERE name = ?2) AND o.observed_at <= ?3"
        ))?;
        let rows = q.query_map(params![start, metric, by], point)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The last observation by a moment.
    pub fn last(&self, subject: &str, metric: &str, by: i64) -> Result<Option<Point>, StoreError> {
        let mut q = self.db.prepare_cached(&format!(
            "{POINT} WHERE o.subject = (SELECT id FROM subject WHERE name = ?1)
             AND o.metric = (SELECT id FROM metric WHERE name = ?2) AND o.observed_at <= ?3
             AND o.valid_from <= coalesce(date(?3, 'unixepoch'), '9999')
             ORDER BY o.valid_from DESC, o.observed_at DESC, p.place DESC LIMIT 1"
        ))?;
        Ok(q.query_row(params![subject, metric, by], point)
            .optional()?)
    }

    /// The metrics that a subject has been observed in.
    pub fn metrics(&self, subject: &str) -> Result<Vec<String>, StoreError> {
        let mut q = self.db.prepare_cached(
            "SELECT m.name FROM metric m WHERE EXISTS (
               SELECT 1 FROM observation o WHERE o.metric = m.id
               AND o.subject = (SELECT id FROM subject WHERE name = ?1)) ORDER BY m.name",
        )?;
        let rows = q.query_map([subject], |r| r.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Names of subjects that start alike, to offer the nearest of.
    pub fn subjects(&self, start: &str, limit: i64) -> Result<Vec<String>, StoreError> {
        let mut q = self.db.prepare_cached(
            "SELECT name FROM subject WHERE name >= ?1 AND name < ?1 || char(1114111) ORDER BY name LIMIT ?2",
        )?;
        let rows = q.query_map(params![start, limit], |r| r.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The largest last values by a moment, among subjects whose task is one of `tasks`.
    pub fn top(
        &self,
        tasks: &[&str],
        metric: &str,
        by: i64,
        limit: usize,
    ) -> Result<Vec<Top>, StoreError> {
        let marks: Vec<String> = (0..tasks.len()).map(|i| format!("?{}", i + 4)).collect();
        let marks = marks.join(", ");
        let mut q = self.db.prepare_cached(&format!(
            "SELECT s.name, s.task, t.value, t.observed_at, c.name FROM (
               SELECT s.id, (SELECT o.rowval FROM (
                 SELECT o.value AS rowval FROM observation o
                 WHERE o.subject = s.id AND o.metric = (SELECT id FROM metric WHERE name = ?1)
                 AND o.observed_at <= ?2 ORDER BY o.observed_at DESC, o.snapshot DESC LIMIT 1) o) AS value
               FROM subject s WHERE s.task IN ({marks})
               ORDER BY value DESC, s.name LIMIT ?3) best
             JOIN subject s ON s.id = best.id
             JOIN observation t ON t.subject = s.id AND t.metric = (SELECT id FROM metric WHERE name = ?1)
              AND t.observed_at = (SELECT max(observed_at) FROM observation x
                WHERE x.subject = t.subject AND x.metric = t.metric AND x.observed_at <= ?2)
             JOIN snapshot p ON p.id = t.snapshot JOIN source c ON c.id = p.source
             WHERE typeof(t.value) = 'integer'
             ORDER BY t.value DESC, s.name"
        ))?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut args: Vec<&dyn rusqlite::ToSql> = vec![&metric, &by, &limit];
        args.extend(tasks.iter().map(|t| t as &dyn rusqlite::ToSql));
        let rows = q.query_map(args.as_slice(), |r| {
            Ok(Top {
                subject: r.get(0)?,
                task: r.get(1)?,
                value: r.get(2)?,
                observed_at: r.get(3)?,
                source: r.get(4)?,
            })
        })?;
        let mut out: Vec<Top> = rows.collect::<Result<_, _>>()?;
        out.dedup_by(|a, b| a.subject == b.subject);
        Ok(out)
    }

    /// The latest moment, by one, that a source is known whole of: when it was read, or the latest point
    /// of its past that was read later. Reading the past says nothing of the day on which that was done.
    pub fn last_read(&self, source: &str, by: i64) -> Result<Option<i64>, StoreError> {
        let read: Option<i64> = self.db.query_row(
            "SELECT max(p.ended_at) FROM snapshot p JOIN source c ON c.id = p.source
             WHERE c.name = ?1 AND p.state = 1 AND p.ended_at <= ?2 AND instr(p.scope, ?3) = 0",
            params![source, by, PAST],
            |r| r.get(0),
        )?;
        let mut q = self.db.prepare_cached(
            "SELECT a.kind FROM answer a JOIN snapshot p ON p.id = a.snapshot
             JOIN source c ON c.id = p.source
             WHERE c.name = ?1 AND p.state = 1 AND instr(p.scope, ?2) > 0",
        )?;
        let kinds = q.query_map(params![source, PAST], |r| r.get::<_, String>(0))?;
        let mut last = read;
        for kind in kinds {
            last = last.max(moment(&kind?).filter(|at| *at <= by));
        }
        Ok(last)
    }

    /// What stands at a moment of every subject of one kind (`litellm:`), in order of subject and
    /// metric. What is gone is left out.
    pub fn standing(&self, kind: &str, by: i64) -> Result<Vec<Standing>, StoreError> {
        let mut metrics: HashMap<i64, (Rc<str>, bool)> = HashMap::new();
        let mut q = self
            .db
            .prepare_cached("SELECT id, name, unit = '' FROM metric")?;
        for row in q.query_map([], |r| Ok((r.get(0)?, r.get::<_, String>(1)?, r.get(2)?)))? {
            let (id, name, text): (i64, String, bool) = row?;
            metrics.insert(id, (name.into(), text));
        }
        let mut q = self.db.prepare_cached(
            "SELECT id, name FROM subject WHERE name >= ?1 AND name < ?1 || char(1114111) ORDER BY name",
        )?;
        let subjects = q
            .query_map([kind], |r| Ok((r.get(0)?, r.get::<_, String>(1)?)))?
            .collect::<Result<Vec<(i64, String)>, _>>()?;
        // In the order of the table, so that nothing is sorted: the last of a metric stands, but for
        // what holds from a later day.
        let mut q = self.db.prepare_cached(
            "SELECT metric, value, observed_at, valid_from FROM observation
             WHERE subject = ?1 AND observed_at <= ?2 AND valid_from <= coalesce(date(?2, 'unixepoch'), '9999')",
        )?;
        let mut out: Vec<Standing> = Vec::new();
        for (id, name) in subjects {
            let name: Rc<str> = name.into();
            let begin = out.len();
            let mut last: Option<(i64, String)> = None;
            let mut rows = q.query(params![id, by])?;
            while let Some(r) = rows.next()? {
                let (metric, from): (i64, String) = (r.get(0)?, r.get(3)?);
                let Some((word, text)) = metrics.get(&metric) else {
                    continue;
                };
                let read = match value(r.get(1)?) {
                    Value::Text(t) if !text => decimal(&t).map_or(Value::Text(t), Value::Number),
                    other => other,
                };
                let new = Standing {
                    subject: name.clone(),
                    metric: word.clone(),
                    value: read,
                    observed_at: r.get(2)?,
                    changed: last.as_ref().is_some_and(|(m, _)| *m == metric),
                };
                match &last {
                    Some((m, f)) if *m == metric && *f > from => {
                        if let Some(kept) = out.last_mut() {
                            kept.changed = true;
                        }
                    }
                    Some((m, _)) if *m == metric => {
                        out.pop();
                        out.push(new);
                        last = Some((metric, from));
                    }
                    _ => {
                        out.push(new);
                        last = Some((metric, from));
                    }
                }
            }
            out[begin..].sort_by(|a, b| a.metric.cmp(&b.metric));
        }
        out.retain(|s| s.value != Value::Gone);
        Ok(out)
    }

    /// How each source stands that was ever asked.
    pub fn source_states(&self) -> Result<Vec<SourceState>, StoreError> {
        let mut q = self.db.prepare_cached(
            "SELECT c.name,
               (SELECT count(*) FROM snapshot p WHERE p.source = c.id AND p.state = 1),
               (SELECT max(p.ended_at) FROM snapshot p WHERE p.source = c.id AND p.state = 1
                  AND instr(p.scope, ?1) = 0),
               (SELECT count(*) FROM rejected r WHERE r.snapshot = (
                  SELECT p.id FROM snapshot p WHERE p.source = c.id AND p.state = 1 ORDER BY p.place DESC LIMIT 1)),
               EXISTS (SELECT 1 FROM snapshot p WHERE p.source = c.id AND p.state = 0),
               f.at, f.message
             FROM source c LEFT JOIN failure f ON f.source = c.id ORDER BY c.name",
        )?;
        let rows = q.query_map([PAST], |r| {
            let failure: Option<(i64, String)> = r
                .get::<_, Option<i64>>(5)?
                .zip(r.get::<_, Option<String>>(6)?);
            Ok(SourceState {
                source: r.get(0)?,
                snapshots: r.get(1)?,
                last: r.get(2)?,
                rejected: r.get(3)?,
                unfinished: r.get(4)?,
                failure,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What the newest whole snapshot of a source could not read: key and reason.
    pub fn rejected(&self, source: &str) -> Result<Vec<(String, String)>, StoreError> {
        let mut q = self.db.prepare_cached(
            "SELECT r.key, r.reason FROM rejected r WHERE r.snapshot = (
               SELECT p.id FROM snapshot p JOIN source c ON c.id = p.source
               WHERE c.name = ?1 AND p.state = 1 ORDER BY p.place DESC LIMIT 1)
             ORDER BY r.seq, r.n",
        )?;
        let rows = q.query_map([source], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// When a subject was last looked at.
    pub fn looked(&self, subject: &str) -> Result<Option<i64>, StoreError> {
        Ok(self
            .db
            .query_row("SELECT at FROM looked WHERE subject = ?1", [subject], |r| {
                r.get(0)
            })
            .optional()?)
    }

    /// Remembers that a subject was looked at.
    pub fn look_at(&self, subject: &str, at: i64) -> Result<(), StoreError> {
        self.db.execute(
            "INSERT INTO looked (subject, at) VALUES (?1, ?2)
             ON CONFLICT (subject) DO UPDATE SET at = max(at, excluded.at)",
            params![subject, at],
        )?;
        Ok(())
    }

    pub fn counts(&self) -> Result<Counts, StoreError> {
        let one = |sql: &str| self.db.query_row(sql, [], |r| r.get::<_, i64>(0));
        Ok(Counts {
            snapshots: one("SELECT count(*) FROM snapshot WHERE state = 1")?,
            answers: one("SELECT count(*) FROM answer")?,
            raw_bytes: one("SELECT coalesce(sum(size), 0) FROM raw")?,
            kept_bytes: one("SELECT coalesce(sum(length(bytes)), 0) FROM raw")?,
            subjects: one("SELECT count(*) FROM subject")?,
            metrics: one("SELECT count(*) FROM metric")?,
            observations: one("SELECT count(*) FROM observation")?,
            file_bytes: one(
                "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
            )?,
        })
    }
}

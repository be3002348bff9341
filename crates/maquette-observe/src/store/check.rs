//! Whether the store is sound, making it again out of its raw answers, and giving space back.

use rusqlite::{TransactionBehavior, params};

use super::derive::derive;
use super::snapshot::{hex, open_raw};
use super::{Kept, Store, StoreError, schema};
use crate::fact::Facts;

/// What `store check` found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Check {
    /// Sentences; none: sound.
    pub problems: Vec<String>,
    pub raw: usize,
    pub open_snapshots: usize,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rebuilt {
    pub snapshots: usize,
    pub answers: usize,
    pub observations: usize,
    pub rejected: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compacted {
    pub snapshots: usize,
    pub raw: usize,
    pub before: i64,
    pub after: i64,
}

/// Reads an answer as its source (named first) does.
pub type Reader<'a> = dyn FnMut(&str, &Kept) -> Result<Facts, String> + 'a;

impl Store {
    /// Looks at every page of the file and every raw answer.
    pub fn check(&self) -> Result<Check, StoreError> {
        let mut out = Check::default();
        let mut q = self.db.prepare("PRAGMA integrity_check(20)")?;
        for line in q.query_map([], |r| r.get::<_, String>(0))? {
            let line = line?;
            if line != "ok" {
                out.problems.push(format!("the file: {line}"));
            }
        }
        let mut q = self.db.prepare("SELECT hash, size, bytes FROM raw")?;
        let rows = q.query_map([], |r| {
            Ok((
                r.get::<_, Vec<u8>>(0)?,
                r.get::<_, i64>(1)?,
                r.get::<_, Vec<u8>>(2)?,
            ))
        })?;
        for row in rows {
            let (hash, size, bytes) = row?;
            out.raw += 1;
            if open_raw(&bytes, size, &hash).is_err() {
                out.problems
                    .push(format!("the raw answer {} is damaged", hex(&hash)));
            }
        }
        for (sql, what) in [
            (
                "SELECT count(*) FROM answer a WHERE NOT EXISTS (SELECT 1 FROM raw r WHERE r.hash = a.raw)",
                "answers whose raw bytes are missing",
            ),
            (
                "SELECT count(*) FROM observation o WHERE NOT EXISTS (
                   SELECT 1 FROM snapshot p WHERE p.id = o.snapshot AND p.state = 1)",
                "observations of a snapshot that is not whole",
            ),
            (
                "SELECT count(*) FROM observation o WHERE NOT EXISTS (SELECT 1 FROM subject s WHERE s.id = o.subject)
                   OR NOT EXISTS (SELECT 1 FROM metric m WHERE m.id = o.metric)",
                "observations without a subject or metric",
            ),
            (
                "SELECT count(*) FROM snapshot p WHERE p.state = 1
                   AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.snapshot = p.id)",
                "whole snapshots without an answer",
            ),
        ] {
            let n: i64 = self.db.query_row(sql, [], |r| r.get(0))?;
            if n > 0 {
                out.problems.push(format!("{n} {what}"));
            }
        }
        out.open_snapshots = self
            .db
            .query_row("SELECT count(*) FROM snapshot WHERE state = 0", [], |r| {
                r.get::<_, i64>(0)
            })?
            .try_into()
            .unwrap_or(0);
        Ok(out)
    }

    /// Makes everything that is read out of raw answers again, in one transaction.
    pub fn rebuild(&mut self, read: &mut Reader<'_>) -> Result<Rebuilt, StoreError> {
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        for table in schema::DERIVED {
            tx.execute(&format!("DELETE FROM {table}"), [])?;
        }
        let snapshots: Vec<(i64, String, bool)> = {
            let mut q = tx.prepare(
                "SELECT p.id, c.name, p.complete FROM snapshot p JOIN source c ON c.id = p.source
                 WHERE p.state = 1 ORDER BY p.place",
            )?;
            let rows = q.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        let mut out = Rebuilt::default();
        for (id, source, complete) in snapshots {
            let done = derive(&tx, id, complete, &mut |kept| read(&source, kept))?;
            out.snapshots += 1;
            out.answers += done.answers;
            out.observations += done.written + done.gone;
            out.rejected += done.rejected;
        }
        tx.commit()?;
        Ok(out)
    }

    /// Drops the answers of snapshots that were given up, and gives the space back to the disk.
    /// What is visible stays to the byte.
    pub fn compact(&mut self) -> Result<Compacted, StoreError> {
        let size = |db: &rusqlite::Connection| {
            db.query_row(
                "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
                [],
                |r| r.get::<_, i64>(0),
            )
        };
        let before = size(&self.db)?;
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute(
            "DELETE FROM answer WHERE snapshot IN (SELECT id FROM snapshot WHERE state = 2)",
            params![],
        )?;
        let snapshots = tx.execute("DELETE FROM snapshot WHERE state = 2", [])?;
        let raw = tx.execute(
            "DELETE FROM raw WHERE NOT EXISTS (SELECT 1 FROM answer a WHERE a.raw = raw.hash)",
            [],
        )?;
        tx.commit()?;
        self.db
            .execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")?;
        Ok(Compacted {
            snapshots,
            raw,
            before,
            after: size(&self.db)?,
        })
    }
}

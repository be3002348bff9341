//! A snapshot from its first answer to the moment it becomes visible.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use super::derive::derive;
use super::{Store, StoreError};
use crate::fact::Facts;

/// Level at which raw answers are compressed: the default of zstd.
const LEVEL: i32 = 3;

pub type Snapshot = i64;

/// An answer as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub seq: i64,
    /// What the source asked for with it.
    pub kind: String,
    /// Without keys or tokens.
    pub url: String,
    /// Where redirects led.
    pub final_url: String,
    pub status: u16,
    /// Those that were kept, `name: value` by line, names in small letters.
    pub headers: String,
    /// Seconds since 1970.
    pub fetched_at: i64,
    pub body: Vec<u8>,
}

impl Kept {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.lines().find_map(|l| {
            let (n, v) = l.split_once(": ")?;
            (n == name).then_some(v)
        })
    }
}

/// A snapshot that was interrupted.
#[derive(Debug)]
pub struct Unfinished {
    pub id: Snapshot,
    pub begun_at: i64,
    pub answers: usize,
}

/// What became visible.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Committed {
    pub answers: usize,
    pub bytes: u64,
    pub facts: usize,
    /// Observations written: changes alone where only changes are kept.
    pub written: usize,
    pub gone: usize,
    pub rejected: usize,
}

impl Store {
    pub(super) fn source_id(db: &Connection, name: &str) -> Result<i64, StoreError> {
        db.prepare_cached("INSERT OR IGNORE INTO source (name) VALUES (?1)")?
            .execute([name])?;
        let id = db
            .prepare_cached("SELECT id FROM source WHERE name = ?1")?
            .query_row([name], |r| r.get(0))?;
        Ok(id)
    }

    /// Begins a snapshot that nobody sees until it is whole.
    pub fn begin(&mut self, source: &str, scope: &str, now: i64) -> Result<Snapshot, StoreError> {
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let source = Store::source_id(&tx, source)?;
        tx.execute(
            "INSERT INTO snapshot (source, scope, begun_at) VALUES (?1, ?2, ?3)",
            params![source, scope, now],
        )?;
        let id = tx.last_insert_rowid();
        tx.commit()?;
        Ok(id)
    }

    /// The newest open snapshot of a source. Who asks holds the source's lock.
    pub fn unfinished(&self, source: &str, scope: &str) -> Result<Option<Unfinished>, StoreError> {
        let found = self
            .db
            .query_row(
                "SELECT p.id, p.begun_at, (SELECT count(*) FROM answer a WHERE a.snapshot = p.id)
                 FROM snapshot p JOIN source s ON s.id = p.source
                 WHERE s.name = ?1 AND p.scope = ?2 AND p.state = 0 ORDER BY p.id DESC LIMIT 1",
                params![source, scope],
                |r| {
                    Ok(Unfinished {
                        id: r.get(0)?,
                        begun_at: r.get(1)?,
                        answers: r.get::<_, i64>(2)?.try_into().unwrap_or(0),
                    })
                },
            )
            .optional()?;
        Ok(found)
    }

    /// Keeps one answer of an open snapshot.
    pub fn keep(&mut self, snapshot: Snapshot, kept: &Kept) -> Result<(), StoreError> {
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        keep_in(&tx, snapshot, kept)?;
        tx.commit()?;
        Ok(())
    }

    /// The answers of a snapshot in the order in which they came.
    pub fn answers(&self, snapshot: Snapshot) -> Result<Vec<Kept>, StoreError> {
        let mut out = Vec::new();
        for seq in seqs(&self.db, snapshot)? {
            out.push(answer(&self.db, snapshot, seq)?);
        }
        Ok(out)
    }

    /// The newest answer to a request that can be asked for again on condition.
    pub fn last_answer(&self, source: &str, url: &str) -> Result<Option<Kept>, StoreError> {
        let found: Option<(i64, i64)> = self
            .db
            .prepare_cached(
                "SELECT a.snapshot, a.seq FROM answer a JOIN snapshot p ON p.id = a.snapshot
                 JOIN source s ON s.id = p.source
                 WHERE a.url = ?1 AND s.name = ?2 AND p.state = 1 AND a.status IN (200, 304)
                 ORDER BY p.place DESC LIMIT 1",
            )?
            .query_row([url, source], |r| Ok((r.get(0)?, r.get(1)?)))
            .optional()?;
        found
            .map(|(snapshot, seq)| answer(&self.db, snapshot, seq))
            .transpose()
    }

    /// The latest moment at which a source was read, seconds since 1970.
    pub fn latest_moment(&self, source: &str) -> Result<Option<i64>, StoreError> {
        Ok(self.db.query_row(
            "SELECT max(a.fetched_at) FROM answer a JOIN snapshot p ON p.id = a.snapshot
             JOIN source c ON c.id = p.source WHERE c.name = ?1 AND p.state = 1",
            [source],
            |r| r.get(0),
        )?)
    }

    /// Gives an open snapshot up: its answers stay until `compact`, its facts were never seen.
    pub fn give_up(&mut self, snapshot: Snapshot, why: &str, now: i64) -> Result<(), StoreError> {
        self.db.execute(
            "UPDATE snapshot SET state = 2, ended_at = ?2, note = ?3 WHERE id = ?1 AND state = 0",
            params![snapshot, now, why],
        )?;
        Ok(())
    }

    /// Reads all answers of a snapshot and makes it visible, in one transaction.
    ///
    /// `whole` says that the source was read in full, so that what is not in it is gone.
    pub fn commit(
        &mut self,
        snapshot: Snapshot,
        now: i64,
        whole: bool,
        note: &str,
        read: &mut dyn FnMut(&Kept) -> Result<Facts, String>,
    ) -> Result<Committed, StoreError> {
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = derive(&tx, snapshot, whole, read)?;
        tx.execute(
            "UPDATE snapshot SET state = 1, ended_at = ?2, note = ?3, complete = ?4,
             place = (SELECT coalesce(max(place), 0) + 1 FROM snapshot) WHERE id = ?1",
            params![snapshot, now, note, whole],
        )?;
        tx.execute(
            "DELETE FROM failure WHERE source = (SELECT source FROM snapshot WHERE id = ?1)",
            [snapshot],
        )?;
        tx.commit()?;
        Ok(done)
    }

    /// Remembers what went wrong with a source.
    pub fn failed(&mut self, source: &str, now: i64, message: &str) -> Result<(), StoreError> {
        let source = Store::source_id(&self.db, source)?;
        self.db.execute(
            "INSERT INTO failure (source, at, message) VALUES (?1, ?2, ?3)
             ON CONFLICT (source) DO UPDATE SET at = excluded.at, message = excluded.message",
            params![source, now, message],
        )?;
        Ok(())
    }
}

pub(super) fn seqs(db: &Connection, snapshot: Snapshot) -> Result<Vec<i64>, StoreError> {
    let mut q = db.prepare_cached("SELECT seq FROM answer WHERE snapshot = ?1 ORDER BY seq")?;
    let seqs = q.query_map([snapshot], |r| r.get(0))?;
    Ok(seqs.collect::<Result<_, _>>()?)
}

pub(super) fn keep_in(db: &Connection, snapshot: Snapshot, kept: &Kept) -> Result<(), StoreError> {
    let hash = Sha256::digest(&kept.body);
    let known: bool = db
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM raw WHERE hash = ?1)")?
        .query_row([hash.as_slice()], |r| r.get(0))?;
    if !known {
        let bytes =
            zstd::bulk::compress(&kept.body, LEVEL).map_err(|e| StoreError::Unreadable {
                snapshot,
                why: e.to_string(),
            })?;
        db.prepare_cached("INSERT INTO raw (hash, size, bytes) VALUES (?1, ?2, ?3)")?
            .execute(params![hash.as_slice(), kept.body.len() as i64, bytes])?;
    }
    db.prepare_cached(
        "INSERT INTO answer (snapshot, seq, kind, url, final_url, status, headers, fetched_at, raw)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        snapshot,
        kept.seq,
        kept.kind,
        kept.url,
        kept.final_url,
        kept.status,
        kept.headers,
        kept.fetched_at,
        hash.as_slice()
    ])?;
    Ok(())
}

pub(super) fn answer(db: &Connection, snapshot: Snapshot, seq: i64) -> Result<Kept, StoreError> {
    type Row = (Kept, Vec<u8>, i64, Vec<u8>);
    let (mut kept, bytes, size, hash): Row = db
        .prepare_cached(
            "SELECT a.kind, a.url, a.final_url, a.status, a.headers, a.fetched_at, r.bytes, r.size, r.hash
             FROM answer a JOIN raw r ON r.hash = a.raw WHERE a.snapshot = ?1 AND a.seq = ?2",
        )?
        .query_row(params![snapshot, seq], |r| {
            let kept = Kept {
                seq,
                kind: r.get(0)?,
                url: r.get(1)?,
                final_url: r.get(2)?,
                status: r.get(3)?,
                headers: r.get(4)?,
                fetched_at: r.get(5)?,
                body: Vec::new(),
            };
            Ok((kept, r.get(6)?, r.get(7)?, r.get(8)?))
        })?;
    kept.body = open_raw(&bytes, size, &hash)?;
    Ok(kept)
}

/// A raw answer, if it is what its name says.
pub(super) fn open_raw(bytes: &[u8], size: i64, hash: &[u8]) -> Result<Vec<u8>, StoreError> {
    let damaged = || StoreError::Damaged { hash: hex(hash) };
    let size = usize::try_from(size).map_err(|_| damaged())?;
    let body = zstd::bulk::decompress(bytes, size).map_err(|_| damaged())?;
    if Sha256::digest(&body).as_slice() == hash {
        Ok(body)
    } else {
        Err(damaged())
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

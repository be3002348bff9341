//! One SQLite file: raw answers, and the observations that were read out of them.
//!
//! Observations are only appended, and a snapshot's all at once, in the transaction that makes it
//! whole. What `schema::DERIVED` lists can be made again from the raw answers (`rebuild`).

mod check;
mod derive;
mod exchange;
mod query;
mod schema;
mod snapshot;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

pub use check::{Check, Compacted, Rebuilt};
pub use exchange::{ExchangeError, Line, imported_source, read_imported, read_lines};
pub use query::{Counts, Point, SourceState, Standing, Top};
pub use snapshot::{Committed, Kept, Snapshot, Unfinished};

/// Name of the file in the data directory.
pub const FILE: &str = "observations.sqlite";

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the store {} cannot be opened", path.display())]
    Open {
        path: PathBuf,
        #[source]
        cause: rusqlite::Error,
    },
    #[error("{} is not a store of observations", path.display())]
    Foreign { path: PathBuf },
    #[error("the store has version {found}, and this program knows version {known} and older")]
    Newer { found: i64, known: i64 },
    #[error("no space is left on the disk; nothing that was there before is lost")]
    Full,
    #[error("{name} is being observed by another process")]
    Locked { name: String },
    #[error("the lock {} cannot be taken", path.display())]
    Lock {
        path: PathBuf,
        #[source]
        cause: std::io::Error,
    },
    #[error("the raw answer {hash} is damaged")]
    Damaged { hash: String },
    #[error("an answer of snapshot {snapshot} cannot be read: {why}")]
    Unreadable { snapshot: i64, why: String },
    #[error("the store failed")]
    Sql(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(e: rusqlite::Error) -> StoreError {
        match e.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => StoreError::Full,
            _ => StoreError::Sql(e),
        }
    }
}

#[derive(Debug)]
pub struct Store {
    db: Connection,
    dir: PathBuf,
}

impl Store {
    /// Opens the store of a data directory, making both where they are not there.
    pub fn open(dir: &Path) -> Result<Store, StoreError> {
        let path = dir.join(FILE);
        std::fs::create_dir_all(dir).map_err(|cause| StoreError::Lock {
            path: dir.to_owned(),
            cause,
        })?;
        Store::at(&path, dir, OpenFlags::default())
    }

    /// The store of a data directory for reading, if there is one.
    pub fn look(dir: &Path) -> Result<Option<Store>, StoreError> {
        let path = dir.join(FILE);
        if !path.is_file() {
            return Ok(None);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Store::at(&path, dir, flags).map(Some)
    }

    fn at(path: &Path, dir: &Path, flags: OpenFlags) -> Result<Store, StoreError> {
        let open = |cause| match rusqlite::Error::sqlite_error_code(&cause) {
            Some(rusqlite::ErrorCode::NotADatabase) => StoreError::Foreign {
                path: path.to_owned(),
            },
            Some(rusqlite::ErrorCode::DiskFull) => StoreError::Full,
            _ => StoreError::Open {
                path: path.to_owned(),
                cause,
            },
        };
        let mut db = Connection::open_with_flags(path, flags).map_err(open)?;
        db.busy_timeout(Duration::from_secs(30)).map_err(open)?;
        let id: i32 = db
            .pragma_query_value(None, "application_id", |r| r.get(0))
            .map_err(open)?;
        let tables: i64 = db
            .query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))
            .map_err(open)?;
        if id != schema::APPLICATION && tables > 0 {
            return Err(StoreError::Foreign {
                path: path.to_owned(),
            });
        }
        db.pragma_update(None, "journal_mode", "WAL")
            .map_err(open)?;
        // A crash of the machine may lose the last transactions, never the file.
        db.pragma_update(None, "synchronous", "NORMAL")
            .map_err(open)?;
        db.pragma_update(None, "foreign_keys", "ON").map_err(open)?;
        db.pragma_update(None, "cache_size", -65_536)
            .map_err(open)?;
        schema::migrate(&mut db)?;
        db.set_prepared_statement_cache_capacity(64);
        Ok(Store {
            db,
            dir: dir.to_owned(),
        })
    }

    /// Bounds the file, in pages of 4,096 bytes: what the disk does when it is full.
    pub fn limit_pages(&self, pages: u32) -> Result<(), StoreError> {
        self.db.pragma_update(None, "max_page_count", pages)?;
        Ok(())
    }

    /// One process at a time observes a source; the lock ends with the process, however it ends.
    pub fn lock(&self, source: &str) -> Result<Lock, StoreError> {
        let name: String = source
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let path = self.dir.join(format!("{name}.lock"));
        let failed = |cause| StoreError::Lock {
            path: path.clone(),
            cause,
        };
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::Locked {
                name: source.to_owned(),
            }),
            Err(std::fs::TryLockError::Error(cause)) => Err(failed(cause)),
        }
    }
}

/// Held while a source is observed.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

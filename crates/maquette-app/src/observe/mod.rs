//! What sources said over time: refreshing them, and reading what is kept of the past.

pub mod conflicts;
pub mod observations;
pub mod offers;
mod rates;
pub mod refresh;
pub mod series;
pub mod sources;
pub mod store;
pub mod top;
pub mod watch;
mod witnesses;

use jiff::Timestamp;
use jiff::civil::Date;
use maquette_observe::store::StoreError;

use crate::error::{AppError, Kind, causes};

/// The last second of a day, UTC.
pub(crate) fn end_of(day: Date) -> i64 {
    start_of(day) + 86_399
}

pub(crate) fn start_of(day: Date) -> i64 {
    jiff::tz::Offset::UTC
        .to_timestamp(day.at(0, 0, 0, 0))
        .map_or(0, Timestamp::as_second)
}

pub(crate) fn day_of(second: i64) -> Date {
    let at = Timestamp::from_second(second).unwrap_or_default();
    jiff::tz::Offset::UTC.to_datetime(at).date()
}

pub(crate) fn moment(second: i64) -> String {
    Timestamp::from_second(second)
        .unwrap_or_default()
        .to_string()
}

impl From<StoreError> for AppError {
    fn from(e: StoreError) -> AppError {
        let mut out = AppError::data(e.to_string());
        out.because = causes(&e);
        match e {
            StoreError::Full => {
                out.hint("make room, then run the command again: it goes on where it stopped")
            }
            StoreError::Foreign { .. } => out.hint("name another directory with --data-dir"),
            StoreError::Newer { .. } => out.hint("a newer maquette has written it; use that one"),
            StoreError::Locked { .. } => {
                out.hint("wait until it is done, or end it; nothing is lost")
            }
            StoreError::Damaged { .. } | StoreError::Unreadable { .. } => {
                out.hint("`maquette store check` looks at everything")
            }
            StoreError::Open { .. } | StoreError::Lock { .. } => {
                out.kind = Kind::Request;
                out.hint("is the directory there, and may it be written? --data-dir names another")
            }
            StoreError::Sql(_) => out.hint("`maquette store check` looks at everything"),
        }
    }
}

//! Dates as sources give them: a day, a month, a quarter, a half, a year.

use std::fmt;
use std::str::FromStr;

pub use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A date no more precise than its source. `2026-08` is somewhere in August; it is never rounded
/// to a day that nobody stated.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartialDate {
    first: Date,
    last: Date,
    precision: Precision,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Precision {
    Day,
    Month,
    Quarter,
    Half,
    Year,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date (write 2026-11-24, 2026-11, 2026-Q4, 2026-H2 or 2026)")]
pub struct DateError(pub String);

impl PartialDate {
    pub fn day(date: Date) -> PartialDate {
        PartialDate {
            first: date,
            last: date,
            precision: Precision::Day,
        }
    }

    /// The earliest day it may mean.
    pub fn first(&self) -> Date {
        self.first
    }

    /// The latest day it may mean.
    pub fn last(&self) -> Date {
        self.last
    }

    pub fn precision(&self) -> Precision {
        self.precision
    }

    fn months(
        text: &str,
        year: i16,
        month: i8,
        len: i8,
        precision: Precision,
    ) -> Result<Self, DateError> {
        let bad = || DateError(text.to_owned());
        let first = Date::new(year, month, 1).map_err(|_| bad())?;
        let last = Date::new(year, month + len - 1, 1)
            .map_err(|_| bad())?
            .last_of_month();
        Ok(PartialDate {
            first,
            last,
            precision,
        })
    }
}

impl FromStr for PartialDate {
    type Err = DateError;

    fn from_str(s: &str) -> Result<Self, DateError> {
        let bad = || DateError(s.to_owned());
        if !s.is_ascii() || s.len() < 4 || !s.as_bytes()[..4].iter().all(u8::is_ascii_digit) {
            return Err(bad());
        }
        let year: i16 = s[..4].parse().map_err(|_| bad())?;
        match &s[4..] {
            "" => PartialDate::months(s, year, 1, 12, Precision::Year),
            "-H1" => PartialDate::months(s, year, 1, 6, Precision::Half),
            "-H2" => PartialDate::months(s, year, 7, 6, Precision::Half),
            "-Q1" => PartialDate::months(s, year, 1, 3, Precision::Quarter),
            "-Q2" => PartialDate::months(s, year, 4, 3, Precision::Quarter),
            "-Q3" => PartialDate::months(s, year, 7, 3, Precision::Quarter),
            "-Q4" => PartialDate::months(s, year, 10, 3, Precision::Quarter),
            rest if rest.len() == 3 && rest.starts_with('-') => {
                let month: i8 = rest[1..].parse().map_err(|_| bad())?;
                PartialDate::months(s, year, month, 1, Precision::Month)
            }
            rest if rest.len() == 6 => s.parse::<Date>().map(PartialDate::day).map_err(|_| bad()),
            _ => Err(bad()),
        }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, m) = (self.first.year(), self.first.month());
        match self.precision {
            Precision::Day => write!(f, "{}", self.first),
            Precision::Month => write!(f, "{y:04}-{m:02}"),
            Precision::Quarter => write!(f, "{y:04}-Q{}", (m - 1) / 3 + 1),
            Precision::Half => write!(f, "{y:04}-H{}", (m - 1) / 6 + 1),
            Precision::Year => write!(f, "{y:04}"),
        }
    }
}

impl fmt::Debug for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        crate::text::from_str(d)
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

/// A span of days; `None` where that is longer than the calendar.
pub fn days(days: i64) -> Option<jiff::Span> {
    jiff::Span::new().try_days(days).ok()
}

/// Days from `from` to `to`; negative when `to` is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

//! Is a dated fact in force on a day, and how sure is that?

use maquette_catalog::schema::plan::Fee;
use maquette_catalog::schema::provider::{PriceRow, Rental};
use maquette_core::{Date, PartialDate, Precision, days_between};

/// Days after its last reading from which a price is called stale.
pub const STALE_AFTER_DAYS: i64 = 180;

/// The dates of one row of the catalog.
#[derive(Debug, Clone, Copy)]
pub struct Dates {
    pub from: Option<Date>,
    pub until: Option<Date>,
    pub first_seen: Option<PartialDate>,
    pub as_of: PartialDate,
    /// A source of this day did not list it yet.
    pub absent_on: Option<Date>,
}

impl From<&PriceRow> for Dates {
    fn from(row: &PriceRow) -> Dates {
        Dates {
            from: row.from,
            until: row.until,
            first_seen: row.first_seen,
            as_of: row.as_of,
            absent_on: row.absent_on,
        }
    }
}

impl From<&Fee> for Dates {
    fn from(fee: &Fee) -> Dates {
        Dates {
            from: fee.from,
            until: fee.until,
            first_seen: fee.first_seen,
            as_of: fee.as_of,
            absent_on: None,
        }
    }
}

impl From<&Rental> for Dates {
    fn from(rental: &Rental) -> Dates {
        Dates {
            from: rental.from,
            until: rental.until,
            first_seen: rental.first_seen,
            as_of: rental.as_of,
            absent_on: None,
        }
    }
}

impl Dates {
    /// The first day the row is known to hold.
    pub fn start(&self) -> Date {
        self.from
            .or(self.first_seen.map(|d| d.first()))
            .unwrap_or(self.as_of.first())
    }
}

/// How a row stands on the day asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Read on or before the day, and not too long before.
    Current,
    /// The source gives only a year, or only the month that the day lies in.
    VagueDate,
    /// Nobody has read it for so many days.
    Stale(i64),
    /// First read so many days after the day asked for; taken to hold, and marked as assumed.
    CarriedBack(i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotInForce {
    /// First read so many days later than the day asked for.
    NotYet {
        first: Date,
        days: i64,
    },
    Ended {
        on: Date,
    },
}

/// Does the row hold on `day`? `carry_back` is the number of days by which a first reading may
/// follow the day asked for.
pub fn standing(dates: &Dates, day: Date, carry_back: u32) -> Result<Standing, NotInForce> {
    if let Some(on) = dates.until.filter(|u| day >= *u) {
        return Err(NotInForce::Ended { on });
    }
    let start = dates.start();
    if day < start {
        let days = days_between(day, start);
        let absent = dates.absent_on.is_some_and(|absent| day <= absent);
        let known_start = dates.from.is_some();
        if absent || known_start || days > i64::from(carry_back) {
            return Err(NotInForce::NotYet { first: start, days });
        }
        return Ok(Standing::CarriedBack(days));
    }
    // Somewhere in a month or year that the day lies in: before or after it, nobody says.
    let vague = dates.as_of.precision() != Precision::Day && day < dates.as_of.last();
    let year = dates.as_of.precision() == Precision::Year;
    if dates.from.is_none() && (year || vague && dates.first_seen.is_none()) {
        return Ok(Standing::VagueDate);
    }
    let age = days_between(dates.as_of.last(), day);
    if age > STALE_AFTER_DAYS {
        return Ok(Standing::Stale(age));
    }
    Ok(Standing::Current)
}

/// Of rows that follow one another in time, the one that holds on `day`: the latest to have begun,
/// else the earliest that may be carried back.
pub fn pick<T>(
    rows: impl Iterator<Item = T>,
    dates: impl Fn(&T) -> Dates,
    day: Date,
    carry_back: u32,
) -> Result<(T, Standing), Option<NotInForce>> {
    let mut rows: Vec<(Dates, T)> = rows.map(|r| (dates(&r), r)).collect();
    rows.sort_by_key(|(d, _)| d.start());
    let mut best = None;
    let mut why = None;
    for (d, row) in rows {
        match standing(&d, day, carry_back) {
            // A later start wins, but only one row may be carried back: the earliest.
            Ok(Standing::CarriedBack(_)) if best.is_some() => {}
            Ok(s) => best = Some((row, s)),
            Err(e) => why = why.or(Some(e)),
        }
    }
    best.ok_or(why)
}

impl Standing {
    /// The caveat a reader must see, if any.
    pub fn warning(&self, what: &str, as_of: PartialDate) -> Option<String> {
        match self {
            Standing::Current => None,
            Standing::VagueDate => Some(format!("{what}: the source's date is only {as_of}")),
            Standing::Stale(days) => Some(format!("{what}: last read {as_of}, {days} days before")),
            Standing::CarriedBack(days) => Some(format!(
                "{what}: first read {days} days after the day asked for; assumed to hold already"
            )),
        }
    }

    pub fn is_assumed(&self) -> bool {
        matches!(self, Standing::CarriedBack(_))
    }
}

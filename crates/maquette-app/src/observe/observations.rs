//! Observations of one subject and metric, from the store and from the archives that the program carries.
//!
//! Where two observations of one day differ, what was observed here goes first, then an archive whose
//! license lets it be passed on, then one that is only cited, then a guide that printed it.

use jiff::civil::Date;
use maquette_catalog::schema::history::{Archive, Redistribution, Series};
use maquette_observe::fact::Value;
use maquette_observe::store::{Point, imported_source};

use super::{day_of, end_of, moment, start_of};
use crate::context::Context;
use crate::error::AppError;

/// One observation, kept here or carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Seconds since 1970; of an archive that knows the day alone, its start.
    pub second: i64,
    pub day: Date,
    /// The moment is known, not only the day.
    pub timed: bool,
    /// `None`: listed before and no longer.
    pub value: Option<String>,
    pub source: String,
    pub title: String,
    pub origin: String,
    pub valid_from: Option<String>,
    /// Observed here, not carried.
    pub own: bool,
    /// Smaller goes first on one day.
    pub place: u8,
}

impl Observation {
    pub fn at(&self) -> String {
        if self.timed {
            moment(self.second)
        } else {
            self.day.to_string()
        }
    }

    pub fn number(&self) -> Option<rust_decimal::Decimal> {
        self.value.as_deref()?.parse().ok()
    }
}

/// Everything read of a subject by the end of a day, in the order of time, and the unit.
pub fn observations(
    ctx: &Context,
    subject: &str,
    metric: &str,
    from: Option<Date>,
    by: Date,
) -> Result<(String, Vec<Observation>), AppError> {
    let mut unit = maquette_catalog::schema::history::unit(metric).to_owned();
    let mut out = Vec::new();
    for past in ctx.pasts()? {
        if let Some(series) = past.find(subject, metric) {
            unit.clone_from(&series.unit);
            out.extend(of_series(past, series));
        }
    }
    if let Some(store) = ctx.store()? {
        let start = from.map_or(i64::MIN, start_of);
        for point in store.series(subject, metric, start, end_of(by))? {
            unit.clone_from(&point.unit);
            out.push(of_point(point));
        }
    }
    out.retain(|r| r.day <= by && from.is_none_or(|f| r.day >= f));
    out.sort_by(|a, b| {
        (a.day, b.place, a.second, &a.source).cmp(&(b.day, a.place, b.second, &b.source))
    });
    Ok((unit, out))
}

/// The observation that stands at the end of a day.
pub fn latest(
    ctx: &Context,
    subject: &str,
    metric: &str,
    by: Date,
) -> Result<Option<Observation>, AppError> {
    latest_at(ctx, subject, metric, end_of(by))
}

/// The observation that stands at a moment, in seconds since 1970.
pub fn latest_at(
    ctx: &Context,
    subject: &str,
    metric: &str,
    by: i64,
) -> Result<Option<Observation>, AppError> {
    let mut found: Option<Observation> = None;
    // On one day what was observed here goes first, whatever the hour.
    let order = |r: &Observation| (r.day, std::cmp::Reverse(r.place), r.second);
    let mut offer = |r: Observation| {
        if r.second <= by && found.as_ref().is_none_or(|f| order(f) < order(&r)) {
            found = Some(r);
        }
    };
    for past in ctx.pasts()? {
        if let Some(series) = past.find(subject, metric) {
            of_series(past, series).for_each(&mut offer);
        }
    }
    if let Some(store) = ctx.store()?
        && let Some(point) = store.last(subject, metric, by)?
    {
        offer(of_point(point));
    }
    Ok(found)
}

pub fn of_series<'a>(
    past: &'a maquette_catalog::schema::history::Past,
    series: &'a Series,
) -> impl Iterator<Item = Observation> + 'a {
    series.points.iter().filter_map(move |point| {
        let archive = past.archive(point)?;
        Some(Observation {
            second: start_of(point.date),
            day: point.date,
            timed: false,
            value: (!point.value.is_empty()).then(|| point.value.clone()),
            source: archive.id.clone(),
            title: archive.title.clone(),
            origin: archive.origin.clone(),
            valid_from: None,
            own: false,
            place: place(archive),
        })
    })
}

fn place(archive: &Archive) -> u8 {
    match archive.redistribution {
        _ if archive.id.starts_with("article-") => 3,
        Redistribution::Series => 1,
        Redistribution::Facts => 2,
    }
}

fn of_point(point: Point) -> Observation {
    let imported = imported_source(&point.source).map(str::to_owned);
    let known =
        maquette_observe::source::find(&point.source).map(maquette_observe::source::Source::about);
    let source = imported.clone().unwrap_or(point.source);
    Observation {
        second: point.observed_at,
        day: day_of(point.observed_at),
        timed: true,
        value: match point.value {
            Value::Gone => None,
            v => Some(v.to_string()),
        },
        title: known.map_or_else(|| source.clone(), |a| a.title.to_owned()),
        origin: known
            .and_then(|a| a.origins.first().copied())
            .unwrap_or(&source)
            .to_owned(),
        source,
        valid_from: point.valid_from,
        own: imported.is_none(),
        place: 0,
    }
}

//! What was added of late: likes of models and Spaces, stars of repositories, between the last reading and one
//! some thirty days before it. A count, not a trend: whether it lasts is what `trends` asks.

use maquette_core::report::trends::{GainLine, GainsReport};

use super::{Counted, Filter, date, gather, rounded};
use crate::context::Context;
use crate::error::AppError;
use crate::observe::series::attributions;

/// Days between the two readings: as near to this as there is one, and within these.
const DAYS: i64 = 30;
const WITHIN: std::ops::RangeInclusive<i64> = 14..=45;
/// A last reading of longer ago says nothing of late.
const LATE: i64 = 120;
/// Days of readings that are drawn.
const WEEKS: i64 = 84;
/// Rows of a kind.
const ROWS: usize = 10;
/// What is counted of a kind; downloads are counts of 30 days themselves.
const KINDS: [(&str, &str); 3] = [("hub", "likes"), ("space", "likes"), ("github", "stars")];

pub fn gains(ctx: &Context, filter: &Filter) -> Result<GainsReport, AppError> {
    let (all, sources) = gather::counted(ctx)?;
    let day = super::number(ctx.as_of);
    let mut rows = Vec::new();
    let mut notes = Vec::new();
    for (kind, metric) in KINDS {
        if filter.kind.is_some_and(|k| k.subjects() != kind) {
            continue;
        }
        let of_kind: Vec<&Counted> = all
            .iter()
            .filter(|c| c.kind == kind)
            .filter(|c| filter.modality.is_none_or(|m| c.modality == Some(m)))
            .filter(|c| filter.all || kind != "hub" || !c.models.is_empty())
            .collect();
        let mut mine: Vec<GainLine> = of_kind
            .iter()
            .filter_map(|c| gain(c, metric, day))
            .collect();
        if mine.len() < of_kind.len() {
            notes.push(format!(
                "{} of {} {metric} of {kind} were read twice, {} to {} days apart and the second time within {LATE} days; the others are left out",
                mine.len(),
                of_kind.len(),
                WITHIN.start(),
                WITHIN.end()
            ));
        }
        mine.sort_by(|a, b| {
            b.per_day
                .total_cmp(&a.per_day)
                .then_with(|| a.id.cmp(&b.id))
        });
        mine.truncate(ROWS);
        rows.extend(mine);
    }
    notes.push("each up to its own last reading, which may be months old: an order by what was added a day then".to_owned());
    Ok(GainsReport {
        schema: "maquette.gains/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        rows,
        notes,
        attributions: attributions(ctx, sources.iter().map(String::as_str))?,
    })
}

fn gain(c: &Counted, metric: &str, day: i64) -> Option<GainLine> {
    let (days, values) = c.counters.get(metric)?.until(day);
    let (last, value) = (*days.last()?, *values.last()?);
    if day - last > LATE {
        return None;
    }
    let apart = |d: i64| last - d;
    let (at, before) = days
        .iter()
        .zip(values)
        .filter(|(d, _)| WITHIN.contains(&apart(**d)))
        .min_by_key(|(d, _)| (apart(**d) - DAYS).abs())?;
    let gained = value - before;
    Some(GainLine {
        id: format!("{}#{metric}", c.subject),
        kind: c.kind.clone(),
        name: c.name.clone(),
        models: c.models.clone(),
        metric: metric.to_owned(),
        value,
        read_on: date(last),
        before: *before,
        before_on: date(*at),
        days: apart(*at),
        gained,
        per_day: rounded(gained / apart(*at) as f64),
        weeks: days
            .iter()
            .zip(values)
            .filter(|(d, _)| apart(**d) <= WEEKS)
            .map(|(d, v)| (date(*d), *v))
            .collect(),
        percent: (*before > 0.0).then(|| rounded(gained / before * 100.0)),
    })
}

#[cfg(test)]
mod tests {
    use maquette_stats::trend::clean::Counter;

    use super::*;

    fn counted(points: &[(i64, f64)]) -> Counted {
        let mut c = Counted {
            kind: "space".to_owned(),
            subject: "space:a/b".to_owned(),
            ..Counted::default()
        };
        c.counters
            .insert("likes".to_owned(), Counter::of(points.iter().copied()).0);
        c
    }

    #[test]
    fn the_reading_nearest_to_thirty_days_is_taken() {
        let g = gain(
            &counted(&[(0, 10.0), (60, 100.0), (72, 110.0), (100, 166.0)]),
            "likes",
            100,
        );
        assert_eq!(
            g.map(|g| (g.days, g.gained, g.per_day, g.percent)),
            Some((28, 56.0, 2.0, Some(50.91)))
        );
    }

    #[test]
    fn a_day_that_was_asked_for_sees_nothing_later() {
        let c = counted(&[(0, 10.0), (30, 40.0), (60, 100.0)]);
        assert_eq!(gain(&c, "likes", 59).map(|g| g.value), Some(40.0));
        assert_eq!(gain(&c, "likes", 20), None, "one reading is no gain");
        assert_eq!(
            gain(&c, "likes", 60 + LATE + 1),
            None,
            "long ago is not of late"
        );
        assert_eq!(
            gain(&counted(&[(0, 1.0), (5, 9.0)]), "likes", 9),
            None,
            "five days are too few"
        );
    }
}

//! The licensing landscape: open models by the kind of their license, year by year and by downloads.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maquette_catalog::schema::model::{Model, Openness};
use maquette_core::report::guide::{ShareLine, SharesReport};
use rust_decimal::Decimal;

use crate::context::Context;
use crate::error::AppError;
use crate::observe::observations::{Observation, latest};
use crate::observe::series::subjects_of;

/// The first year that is looked at.
const FIRST: i16 = 2023;

pub fn shares(ctx: &Context) -> Result<SharesReport, AppError> {
    let catalog = &ctx.knowledge.catalog;
    let class = |m: &Model| {
        let id = m.license.as_deref()?;
        let license = catalog.licenses.iter().find(|l| l.id == id)?;
        Some(license.class.to_string())
    };
    let known = |m: &&Model| m.openness == Openness::Open && m.released.is_some();
    let models: Vec<&Model> = catalog.models.iter().filter(known).collect();
    let mut ends: Vec<Date> = (FIRST..ctx.as_of.year())
        .filter_map(|y| Date::new(y, 12, 31).ok())
        .collect();
    ends.push(ctx.as_of);
    let mut rows = Vec::new();
    for end in ends {
        // A vague day counts where its whole period does.
        let by: Vec<&&Model> = models
            .iter()
            .filter(|m| m.released.is_some_and(|r| r.last() <= end))
            .collect();
        let mut of: BTreeMap<String, usize> = BTreeMap::new();
        for m in &by {
            *of.entry(class(m).unwrap_or_else(|| "not known".to_owned()))
                .or_default() += 1;
        }
        rows.extend(of.into_iter().map(|(class, n)| ShareLine {
            day: end.to_string(),
            of: "models".to_owned(),
            class,
            count: n.to_string(),
            percent: percent(Decimal::from(n), Decimal::from(by.len())),
        }));
    }
    let mut loads: BTreeMap<String, Decimal> = BTreeMap::new();
    let mut total = Decimal::ZERO;
    let mut repositories: Vec<String> = Vec::new();
    for m in &models {
        for subject in subjects_of(m, "downloads") {
            if repositories.contains(&subject) {
                continue;
            }
            let last = latest(ctx, &subject, "downloads", ctx.as_of)?;
            if let Some(n) = last.as_ref().and_then(Observation::number) {
                *loads
                    .entry(class(m).unwrap_or_else(|| "not known".to_owned()))
                    .or_default() += n;
                total += n;
            }
            repositories.push(subject);
        }
    }
    rows.extend(loads.into_iter().map(|(class, n)| ShareLine {
        day: ctx.as_of.to_string(),
        of: "downloads in 30 days".to_owned(),
        class,
        count: n.normalize().to_string(),
        percent: percent(n, total),
    }));
    Ok(SharesReport {
        schema: "maquette.license-shares/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        rows,
        notes: vec![
            "of the catalog's open models with a day of release, by the end of each year; downloads as last read, on whatever day".to_owned(),
        ],
    })
}

fn percent(part: Decimal, whole: Decimal) -> String {
    if whole.is_zero() {
        return "0".to_owned();
    }
    (part * Decimal::ONE_HUNDRED / whole)
        .round_dp(1)
        .normalize()
        .to_string()
}

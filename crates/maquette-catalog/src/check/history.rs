//! Observations of past days: numbers where the metric counts, archives that are known, and of an archive
//! that may not be passed on no more than a few single facts.

use rust_decimal::Decimal;

use super::Checker;
use crate::parse::Kind;
use crate::problem::Code;
use crate::schema::history::{MOST_FACTS, Observation, Redistribution};

pub(super) fn check(c: &mut Checker<'_>) {
    let catalog = c.catalog;
    for archive in &catalog.archives {
        let of = (Kind::Archives, archive.id.as_str());
        let open = archive.redistribution == Redistribution::Series;
        if open && (archive.license.is_empty() || archive.license == "none found") {
            let message = format!(
                "`{}`: a series without a license that allows it",
                archive.id
            );
            c.error(of, &[], Code::Contradiction, message);
        }
        if archive.link.is_empty() {
            let message = format!("`{}` has no link", archive.id);
            c.error(of, &[], Code::MissingSource, message);
        }
    }
    for pair in catalog.observations.windows(2) {
        let same = |r: &Observation| {
            (
                r.subject.clone(),
                r.metric.clone(),
                r.date,
                r.source.clone(),
            )
        };
        if same(&pair[0]) == same(&pair[1]) {
            let message = format!("`{}` is read twice by {}", pair[1].id(), pair[1].source);
            c.error(
                (Kind::History, &pair[1].id()),
                &[],
                Code::DuplicateId,
                message,
            );
        }
    }
    for pair in catalog.observations.windows(2) {
        let one = |o: &Observation| (o.subject.clone(), o.metric.clone());
        if one(&pair[0]) == one(&pair[1]) && pair[0].unit() != pair[1].unit() {
            let message = format!(
                "`{}` is in {}, and in {} before",
                pair[1].id(),
                pair[1].unit(),
                pair[0].unit()
            );
            let id = pair[1].id();
            c.error((Kind::History, &id), &[], Code::UnitMismatch, message);
        }
    }
    let mut days: std::collections::BTreeMap<(&str, &str, &str), usize> =
        std::collections::BTreeMap::new();
    for r in &catalog.observations {
        let id = r.id();
        let of = (Kind::History, id.as_str());
        let number = r
            .value
            .parse::<Decimal>()
            .is_ok_and(|n| !n.is_sign_negative());
        if !r.unit().is_empty() && !r.value.is_empty() && !number {
            let message = format!("`{id}`: `{}` is no amount of {}", r.value, r.unit());
            c.error(of, &[], Code::ImpossibleValue, message);
        }
        if c.today.is_some_and(|today| r.date > today) {
            c.error(
                of,
                &[],
                Code::ImpossibleValue,
                format!("`{id}` lies in the future"),
            );
        }
        match catalog.archives.iter().find(|a| a.id == r.source) {
            None => {
                let message = format!("`{id}`: there is no archive `{}`", r.source);
                c.error(of, &[], Code::UnknownId, message);
            }
            Some(a) if a.redistribution == Redistribution::Facts => {
                *days.entry((&r.source, &r.subject, &r.metric)).or_default() += 1;
            }
            Some(_) => {}
        }
    }
    for ((archive, subject, metric), n) in days.into_iter().filter(|(_, n)| *n > MOST_FACTS) {
        let message = format!(
            "{n} days of {subject} {metric} from `{archive}`, which may be cited with single facts only (at most {MOST_FACTS})"
        );
        c.error((Kind::Archives, archive), &[], Code::Contradiction, message);
    }
}

//! What others say of a price, and whether that is a change to be used.
//!
//! Two sources of one origin are one witness, and of them the latest speaks. A value that a witness
//! came to after our own reading is a change; one that it said all along, or is heard for the first
//! time, is a difference. A change stands when two origins say it, or one has said it for a day.

use std::collections::BTreeSet;

use maquette_core::{Date, days_between};
use rust_decimal::Decimal;

/// Days that a change must be said, where one origin alone says it.
pub const STAND_DAYS: i64 = 1;

/// Days by which a witness may have been read before our own reading, to contradict it.
pub const OLD_DAYS: i64 = 30;

/// One source's word on one price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    pub source: String,
    /// Whose figure it is.
    pub origin: String,
    pub amount: Decimal,
    /// First day on which it said so, of those on which it has said so since.
    pub since: Date,
    /// Last day on which it was read.
    pub read: Date,
    /// It said otherwise before.
    pub changed: bool,
}

/// A new value, and who stands for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub amount: Decimal,
    /// First day on which any of them said so.
    pub since: Date,
    /// Last day on which any of them was read.
    pub read: Date,
    pub sources: Vec<String>,
    pub origins: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    Agrees,
    /// Who says otherwise was last read long before us.
    Outdated,
    /// Some say otherwise, and nobody saw it change.
    Differs,
    /// A change that one origin says for less than a day.
    Pending(Change),
    /// A change that stands.
    Changed(Change),
}

impl Word {
    pub fn as_str(&self) -> &'static str {
        match self {
            Word::Agrees => "agrees",
            Word::Outdated => "outdated",
            Word::Differs => "differs",
            Word::Pending(_) => "pending",
            Word::Changed(_) => "changed",
        }
    }
}

/// Of each origin those that were read last: a copy that stood still is no second opinion.
pub fn voices(mut witnesses: Vec<Witness>) -> Vec<Witness> {
    let all = witnesses.clone();
    witnesses.retain(|w| !all.iter().any(|o| o.origin == w.origin && o.read > w.read));
    witnesses
}

/// What the witnesses come to on `day`, against our own price, read on `read`.
pub fn judge(own: Decimal, read: Date, witnesses: &[Witness], day: Date) -> Word {
    let against = |w: &&Witness| w.amount != own;
    let newer = |w: &&Witness| w.changed && w.since > read;
    let changes = witnesses.iter().filter(against).filter(newer).map(|w| {
        let same: Vec<&Witness> = witnesses.iter().filter(|x| x.amount == w.amount).collect();
        let origins: BTreeSet<&str> = same.iter().map(|x| x.origin.as_str()).collect();
        Change {
            amount: w.amount,
            since: same
                .iter()
                .map(|x| x.since)
                .filter(|s| *s > read)
                .min()
                .unwrap_or(w.since),
            read: same.iter().map(|x| x.read).max().unwrap_or(w.read),
            sources: same.iter().map(|x| x.source.clone()).collect(),
            origins: origins.len(),
        }
    });
    if let Some(change) = changes.max_by_key(|c| (c.origins, c.since)) {
        let stands = change.origins >= 2 || days_between(change.since, day) >= STAND_DAYS;
        return if stands {
            Word::Changed(change)
        } else {
            Word::Pending(change)
        };
    }
    let mut against = witnesses.iter().filter(against);
    match against.clone().count() {
        0 => Word::Agrees,
        _ if against.any(|w| days_between(w.read, read) <= OLD_DAYS) => Word::Differs,
        _ => Word::Outdated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: Date = Date::constant(2026, 11, 12);

    fn day(d: i8) -> Date {
        Date::constant(2026, 11, d)
    }

    fn says(
        source: &str,
        origin: &str,
        amount: i64,
        since: Date,
        read: Date,
        changed: bool,
    ) -> Witness {
        Witness {
            source: source.to_owned(),
            origin: origin.to_owned(),
            amount: amount.into(),
            since,
            read,
            changed,
        }
    }

    fn word(witnesses: Vec<Witness>, on: i8) -> &'static str {
        judge(5.into(), READ, &voices(witnesses), day(on)).as_str()
    }

    #[test]
    fn one_origin_waits_a_day_and_two_do_not() {
        let a = || says("map", "map", 4, day(20), day(20), true);
        assert_eq!(word(vec![a()], 20), "pending");
        assert_eq!(word(vec![a()], 21), "changed");
        assert_eq!(
            word(
                vec![a(), says("other", "other", 4, day(20), day(20), true)],
                20
            ),
            "changed"
        );
        // Heard for the first time, the second is a witness of the value all the same.
        assert_eq!(
            word(
                vec![a(), says("other", "other", 4, day(20), day(20), false)],
                20
            ),
            "changed"
        );
    }

    #[test]
    fn a_copy_is_no_second_witness() {
        let copy = says("copy", "map", 4, day(20), day(20), true);
        assert_eq!(
            word(
                vec![says("map", "map", 4, day(20), day(20), true), copy],
                20
            ),
            "pending"
        );
        // A copy that stood still does not contradict what it copies.
        let still = says(
            "copy",
            "map",
            9,
            Date::constant(2025, 1, 1),
            Date::constant(2025, 6, 1),
            false,
        );
        assert_eq!(
            word(
                vec![says("map", "map", 5, day(1), day(20), false), still],
                20
            ),
            "agrees"
        );
    }

    #[test]
    fn what_is_heard_for_the_first_time_is_a_difference() {
        assert_eq!(
            word(vec![says("map", "map", 4, day(20), day(20), false)], 25),
            "differs"
        );
        assert_eq!(
            word(vec![says("map", "map", 4, day(1), day(20), true)], 25),
            "differs"
        );
        let old = Date::constant(2026, 7, 1);
        assert_eq!(
            word(vec![says("map", "map", 4, old, old, false)], 25),
            "outdated"
        );
        assert_eq!(word(vec![], 25), "agrees");
    }

    #[test]
    fn a_change_carries_who_says_it_and_since_when() {
        let said = vec![
            says("a", "a", 4, day(22), day(24), true),
            says("b", "b", 4, day(20), day(23), true),
            says("c", "c", 3, day(23), day(24), true),
        ];
        let Word::Changed(change) = judge(5.into(), READ, &said, day(24)) else {
            unreachable!("two origins say 4")
        };
        assert_eq!(
            (change.amount, change.since, change.read),
            (4.into(), day(20), day(24))
        );
        assert_eq!(change.sources, ["a", "b"]);
    }
}

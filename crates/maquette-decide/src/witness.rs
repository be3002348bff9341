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

/// What witnesses come to where we have no price of our own, and whether it stands, as a change does: of
/// what stands the value that most origins say, of two the one read later, of two of a day the dearer.
pub fn settle(witnesses: &[Witness], day: Date) -> Option<(Change, bool)> {
    let said = witnesses.iter().map(|w| change(w.amount, witnesses, None));
    let best = said.max_by_key(|c| (c.stands(day), c.origins, c.read, c.amount))?;
    let stands = best.stands(day);
    Some((best, stands))
}

/// Who says an amount; its first day is one after our own reading, where we have one.
fn change(amount: Decimal, witnesses: &[Witness], read: Option<Date>) -> Change {
    let same: Vec<&Witness> = witnesses.iter().filter(|w| w.amount == amount).collect();
    let origins: BTreeSet<&str> = same.iter().map(|w| w.origin.as_str()).collect();
    let since = same.iter().map(|w| w.since);
    let newer = since.clone().filter(|s| read.is_none_or(|r| *s > r));
    Change {
        amount,
        since: newer.min().or(since.min()).unwrap_or_default(),
        read: same.iter().map(|w| w.read).max().unwrap_or_default(),
        sources: same.iter().map(|w| w.source.clone()).collect(),
        origins: origins.len(),
    }
}

impl Change {
    fn stands(&self, day: Date) -> bool {
        self.origins >= 2 || days_between(self.since, day) >= STAND_DAYS
    }
}

/// What the witnesses come to on `day`, against our own price, read on `read`.
pub fn judge(own: Decimal, read: Date, witnesses: &[Witness], day: Date) -> Word {
    let against = |w: &&Witness| w.amount != own;
    let newer = |w: &&Witness| w.changed && w.since > read;
    let changes = witnesses.iter().filter(against).filter(newer);
    let changes = changes.map(|w| change(w.amount, witnesses, Some(read)));
    if let Some(change) = changes.max_by_key(|c| (c.origins, c.since)) {
        return if change.stands(day) {
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

    #[test]
    fn without_a_price_of_our_own_the_most_origins_settle() {
        let list = [
            says("litellm", "litellm", 4, day(10), day(20), false),
            says("copy", "litellm", 4, day(10), day(20), false),
            says("models-dev", "models-dev", 3, day(18), day(20), false),
            says("openrouter", "openrouter", 3, day(19), day(19), false),
        ];
        let Some((change, stands)) = settle(&list, day(20)) else {
            unreachable!("three origins speak")
        };
        assert_eq!((change.amount, change.origins, stands), (3.into(), 2, true));
        assert_eq!((change.since, change.read), (day(18), day(20)));
        // One origin alone, on its first day: it waits. A day later it stands.
        let alone = [says("fal", "fal", 4, day(20), day(20), false)];
        let stood = |on: Date| settle(&alone, on).map(|(_, stands)| stands);
        assert_eq!(stood(day(20)), Some(false));
        assert_eq!(stood(day(21)), Some(true));
        // As many on either side: who was read later, then the dearer.
        let older = says("a", "a", 9, day(1), day(5), false);
        let newer = says("b", "b", 2, day(1), day(9), false);
        let dearer = says("c", "c", 5, day(1), day(9), false);
        let said = |list: &[Witness]| settle(list, day(20)).map(|(change, _)| change.amount);
        assert_eq!(said(&[older.clone(), newer.clone()]), Some(2.into()));
        assert_eq!(said(&[older.clone(), newer, dearer]), Some(5.into()));
        // What has stood for long holds until what is new stands too.
        let new = says("d", "d", 7, day(20), day(20), false);
        assert_eq!(said(&[older, new]), Some(9.into()));
        assert_eq!(settle(&[], day(20)), None);
    }
}

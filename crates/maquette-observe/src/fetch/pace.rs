//! How long to wait, from what servers say: the Hub's `RateLimit` (IETF draft 9), `Retry-After`
//! (RFC 9110), GitHub's `x-ratelimit-*`; and, where they say nothing, doubling with jitter.

use std::time::Duration;

use jiff::Timestamp;

use super::Answer;

/// What is to be waited for before the next try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// The server named a moment.
    Until(Timestamp),
    /// It named none: 1, 2, 4, 8 seconds, and up to as much again by chance.
    Backoff,
}

impl Pause {
    /// The length of the wait before try `tries` + 1; `chance` is in 0..1.
    pub fn length(self, now: Timestamp, tries: u32, chance: f64) -> Duration {
        match self {
            Pause::Until(at) => Duration::try_from(at - now).unwrap_or_default(),
            Pause::Backoff => {
                let base = f64::from(1_u32 << (tries.clamp(1, 4) - 1));
                Duration::from_secs_f64(base * (1.0 + chance))
            }
        }
    }
}

/// Reads a refusal (429, 5xx). Quota used up: until it is given again and a second more, as the
/// Hub's own client does; with quota left another limit was hit, and `Retry-After` says which wait.
pub fn pause(answer: &Answer, now: Timestamp) -> Pause {
    if let Some((0, seconds)) = rate_limit(answer) {
        return after(now, seconds.saturating_add(1));
    }
    if let Some(text) = answer.header("retry-after") {
        if let Ok(seconds) = text.trim().parse::<u64>() {
            return after(now, seconds);
        }
        if let Ok(at) = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text.trim()) {
            return Pause::Until(at.max(now));
        }
    }
    if used_up(answer)
        && let Some(at) = reset(answer)
    {
        return Pause::Until(at.max(now));
    }
    Pause::Backoff
}

/// After a good answer: the moment to rest until where it was the last one allowed.
pub fn rest_until(answer: &Answer, now: Timestamp) -> Option<Timestamp> {
    if let Some((0, seconds)) = rate_limit(answer) {
        return match after(now, seconds.saturating_add(1)) {
            Pause::Until(at) => Some(at),
            Pause::Backoff => None,
        };
    }
    used_up(answer).then(|| reset(answer)).flatten()
}

/// GitHub's counter of the requests left stands at zero.
pub fn used_up(answer: &Answer) -> bool {
    answer
        .header("x-ratelimit-remaining")
        .is_some_and(|n| n.trim() == "0")
        || (answer.status == 403 && answer.header("retry-after").is_some())
}

fn reset(answer: &Answer) -> Option<Timestamp> {
    let seconds: i64 = answer.header("x-ratelimit-reset")?.trim().parse().ok()?;
    Timestamp::from_second(seconds.checked_add(1)?).ok()
}

fn after(now: Timestamp, seconds: u64) -> Pause {
    // A wish of more than a day is a slip or an attack; it ends the refresh all the same.
    let wait = Duration::from_secs(seconds.min(86_400));
    Pause::Until(now + wait)
}

/// `RateLimit: "api";r=<left>;t=<seconds to reset>`: what is left, and the seconds.
fn rate_limit(answer: &Answer) -> Option<(u64, u64)> {
    let header = answer.header("ratelimit")?;
    let (mut left, mut time) = (None, None);
    for part in header.split(';') {
        match part.trim().split_once('=') {
            Some(("r", n)) => left = n.trim().parse().ok(),
            Some(("t", n)) => time = n.trim().parse().ok(),
            _ => {}
        }
    }
    Some((left?, time?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)]) -> Answer {
        Answer {
            status,
            url: "http://127.0.0.1/".to_owned(),
            moved: false,
            headers: headers
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect(),
            body: Vec::new(),
            fetched_at: now(),
        }
    }

    fn now() -> Timestamp {
        "2026-11-24T12:00:00Z".parse().unwrap()
    }

    fn seconds(status: u16, headers: &[(&str, &str)]) -> Option<u64> {
        match pause(&answer(status, headers), now()) {
            Pause::Backoff => None,
            until @ Pause::Until(_) => Some(until.length(now(), 1, 0.0).as_secs()),
        }
    }

    #[test]
    fn a_refusal_is_obeyed_as_it_is_said() {
        let spent = ("ratelimit", "\"api\";r=0;t=41");
        let left = ("ratelimit", "\"api\";r=12;t=41");
        // Quota gone: its reset counts, whatever else is said.
        assert_eq!(seconds(429, &[spent, ("retry-after", "5")]), Some(42));
        // 429 with quota left: another limit, so Retry-After.
        assert_eq!(seconds(429, &[left, ("retry-after", "5")]), Some(5));
        assert_eq!(seconds(429, &[left]), None);
        assert_eq!(
            seconds(503, &[("retry-after", "Tue, 24 Nov 2026 12:01:00 GMT")]),
            Some(60)
        );
        assert_eq!(
            seconds(503, &[("retry-after", "Tue, 24 Nov 2020 12:01:00 GMT")]),
            Some(0)
        );
        assert_eq!(seconds(503, &[("retry-after", "soon")]), None);
        let hour = [
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1795521660"),
        ];
        assert!(used_up(&answer(403, &hour)));
        assert_eq!(
            seconds(403, &hour),
            Some(1_795_521_661 - now().as_second() as u64)
        );
        assert_eq!(
            seconds(429, &[("retry-after", "99999999999")]),
            Some(86_400)
        );
    }

    #[test]
    fn the_last_request_allowed_is_followed_by_a_rest() {
        let at = rest_until(&answer(200, &[("ratelimit", "\"api\";r=0;t=10")]), now());
        assert_eq!(at, Some("2026-11-24T12:00:11Z".parse().unwrap()));
        assert_eq!(
            rest_until(&answer(200, &[("ratelimit", "\"api\";r=1;t=10")]), now()),
            None
        );
        assert_eq!(rest_until(&answer(200, &[]), now()), None);
    }

    #[test]
    fn waits_double_and_differ() {
        let wait = |tries, chance| Pause::Backoff.length(now(), tries, chance).as_secs_f64();
        for (tries, seconds) in [(1, 1.0), (2, 2.0), (3, 4.0), (9, 8.0)] {
            assert!((wait(tries, 0.0) - seconds).abs() < 1e-9);
        }
        assert!((wait(1, 0.5) - 1.5).abs() < 1e-9);
    }
}

//! Scores of forecasts of things that happen or do not.
//!
//! Brier (1950): the mean of (p − outcome)²; 0 is perfect, a coin has 0.25. Logarithmic (Good 1952): the mean of
//! −ln of the probability that was given to what happened; a coin has ln 2, and certainty that was wrong has no end.

/// A forecast and what happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resolved {
    /// Given to "yes".
    pub probability: f64,
    pub yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    pub n: usize,
    pub brier: f64,
    pub log: f64,
}

/// `None` for no forecasts.
pub fn score(list: &[Resolved]) -> Option<Score> {
    let n = list.len() as f64;
    let mean = |of: fn(&Resolved) -> f64| list.iter().map(of).sum::<f64>() / n;
    (!list.is_empty()).then(|| Score {
        n: list.len(),
        brier: mean(|r| (r.probability - f64::from(u8::from(r.yes))).powi(2)),
        log: mean(|r| {
            let given = if r.yes {
                r.probability
            } else {
                1.0 - r.probability
            };
            -given.ln()
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_of_the_article() {
        let list = [(0.9, false), (0.9, true), (0.9, false)]
            .map(|(probability, yes)| Resolved { probability, yes });
        let s = score(&list).unwrap_or(Score {
            n: 0,
            brier: 0.0,
            log: 0.0,
        });
        assert!((s.brier - (0.81 + 0.01 + 0.81) / 3.0).abs() < 1e-12);
        assert!((s.log - (2.0 * 0.1_f64.ln() + 0.9_f64.ln()) / -3.0).abs() < 1e-12);
        assert_eq!((s.n, score(&[])), (3, None));
    }

    #[test]
    fn a_coin_has_a_quarter_and_the_logarithm_of_two() {
        let list = [true, false].map(|yes| Resolved {
            probability: 0.5,
            yes,
        });
        let s = score(&list).map(|s| (s.brier, s.log));
        assert_eq!(s, Some((0.25, std::f64::consts::LN_2)));
    }
}

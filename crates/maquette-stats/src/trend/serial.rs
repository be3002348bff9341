//! How much a week resembles the one before it, pooled over a panel, and what that does to Kendall's variance.
//!
//! One series of a few weeks cannot tell a trend from noise that persists; many series of one panel can tell how
//! noise persists in it. Their residuals' signs are compared from week to week (Blomqvist 1950: one spike weighs
//! as any other week), against what a first-order autoregression would show after a line was fitted, which takes
//! some of it away. The variance of Kendall's S under it is that of Hamed and Rao (1998).

/// Lag-1 correlation beyond which none is looked for.
const MOST: f64 = 0.95;
const STEPS: usize = 24;

/// Signs of neighbouring residuals, by the points of their series: sum of products and number.
#[derive(Debug, Clone, Default)]
pub struct Signs {
    by_points: std::collections::BTreeMap<usize, (f64, f64)>,
}

impl Signs {
    /// Residuals of one series at ascending weeks; only neighbouring weeks are compared.
    pub fn add(&mut self, weeks: &[usize], rest: &[f64]) {
        let sum = self.by_points.entry(rest.len()).or_default();
        for (at, pair) in weeks.windows(2).zip(rest.windows(2)) {
            if let ([a, b], [r, s]) = (at, pair)
                && b - a == 1
                && *r != 0.0
                && *s != 0.0
            {
                sum.0 += (r * s).signum();
                sum.1 += 1.0;
            }
        }
    }

    /// The lag-1 correlation, from 0 on, under which so many signs would agree.
    pub fn lag(&self) -> f64 {
        let seen: f64 = self.by_points.values().map(|s| s.0).sum();
        let expected = |rho: f64| -> f64 {
            let of = |(points, sum): (&usize, &(f64, f64))| agreement(*points, rho) * sum.1;
            self.by_points.iter().map(of).sum()
        };
        let (mut low, mut high) = (0.0, MOST);
        if seen <= expected(0.0) {
            return 0.0;
        }
        for _ in 0..STEPS {
            let middle = f64::midpoint(low, high);
            if expected(middle) < seen {
                low = middle;
            } else {
                high = middle;
            }
        }
        high
    }
}

/// Mean product of the signs of neighbouring residuals of a line through `n` points of an autoregression.
fn agreement(n: usize, rho: f64) -> f64 {
    if n < 4 {
        return 0.0;
    }
    let middle = (n as f64 - 1.0) / 2.0;
    let square: f64 = (0..n).map(|i| (i as f64 - middle).powi(2)).sum();
    let off = |i: usize, j: usize| {
        let line = 1.0 / n as f64 + (i as f64 - middle) * (j as f64 - middle) / square;
        f64::from(u8::from(i == j)) - line
    };
    let law = |i: usize, j: usize| rho.powi(i.abs_diff(j) as i32);
    let half: Vec<Vec<f64>> = (0..n)
        .map(|i| {
            (0..n)
                .map(|j| (0..n).map(|k| off(i, k) * law(k, j)).sum())
                .collect()
        })
        .collect();
    let covariance = |i: usize, j: usize| -> f64 { (0..n).map(|k| half[i][k] * off(k, j)).sum() };
    let sum: f64 = (1..n)
        .map(|i| {
            let scale = (covariance(i - 1, i - 1) * covariance(i, i)).sqrt();
            (covariance(i - 1, i) / scale).clamp(-1.0, 1.0).asin()
        })
        .sum();
    sum * std::f64::consts::FRAC_2_PI / (n as f64 - 1.0)
}

/// Variance of Kendall's S of `n` points under a lag-1 correlation, against independent ones.
pub fn inflation(n: usize, rho: f64) -> f64 {
    let m = n as f64;
    let sum: f64 = (1..n)
        .map(|i| {
            let k = i as f64;
            let ranks = (rho.powf(k) / 2.0).asin() * 6.0 / std::f64::consts::PI;
            (m - k) * (m - k - 1.0) * (m - k - 2.0) * ranks
        })
        .sum();
    1.0 + (2.0 * sum / (m * (m - 1.0) * (m - 2.0))).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Residuals of a line through independent points disagree a little more often than they agree.
    #[test]
    fn a_line_takes_some_likeness_away() {
        assert!(agreement(8, 0.0) < -0.1, "{}", agreement(8, 0.0));
        assert!(agreement(16, 0.0) < 0.0 && agreement(16, 0.7) > 0.2);
    }

    /// Signs that agree in eight of fifteen pairs: the lag is where so many would.
    #[test]
    fn the_lag_is_that_which_would_agree_so_often() {
        let mut signs = Signs::default();
        let weeks: Vec<usize> = (0..16).collect();
        let rest: Vec<f64> = (0..16)
            .map(|w| if w / 2 % 2 == 0 { 1.0 } else { -1.0 })
            .collect();
        signs.add(&weeks, &rest);
        let lag = signs.lag();
        assert!((agreement(16, lag) - 1.0 / 15.0).abs() < 1e-4, "{lag}");
        assert!(Signs::default().lag().abs() < f64::EPSILON);
    }

    /// Hamed and Rao's factor, summed by hand for four points: 1 + 2 · 3·2·1 · r(1) / 24.
    #[test]
    fn the_variance_grows_with_the_lag() {
        let r = 6.0 / std::f64::consts::PI * 0.25_f64.asin();
        assert!((inflation(4, 0.5) - (1.0 + 2.0 * 6.0 * r / 24.0)).abs() < 1e-12);
        assert!((inflation(16, 0.0) - 1.0).abs() < 1e-12);
    }
}

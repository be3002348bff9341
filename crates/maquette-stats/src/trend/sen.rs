//! Theil and Sen's slope with its rank interval, and Kendall's test (Sen 1968; Kendall 1938, variance
//! corrected for ties).

/// Points up to which Kendall's p is exact.
const EXACT: usize = 16;

/// A line through points that a few outliers do not move.
#[derive(Debug, Clone, PartialEq)]
pub struct Slope {
    /// Per unit of x.
    pub slope: f64,
    /// Of every pair, ascending: intervals are ranks of it.
    pairs: Vec<f64>,
    /// Variance of Kendall's S.
    variance: f64,
    /// Two-sided, with continuity correction.
    pub p: f64,
    /// Residuals, less their median.
    pub rest: Vec<f64>,
}

impl Slope {
    /// The same where the variance of Kendall's S is `factor` times that of independent points.
    #[must_use]
    pub fn inflated(mut self, factor: f64) -> Slope {
        self.variance *= factor;
        self.p = libm::erfc(quantile(self.p) / (2.0 * factor).sqrt());
        self
    }

    /// The interval of a normal quantile `z` (1.645: 90%).
    pub fn interval(&self, z: f64) -> (f64, f64) {
        let n = self.pairs.len();
        let m = ((n as f64 - z * self.variance.sqrt()) / 2.0).floor();
        if m < 0.0 {
            return (f64::NEG_INFINITY, f64::INFINITY);
        }
        let m = m as usize;
        match (
            self.pairs.get(m),
            n.checked_sub(1 + m).and_then(|i| self.pairs.get(i)),
        ) {
            (Some(low), Some(high)) => (*low, *high),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        }
    }
}

/// Of points with ascending x; `None` for fewer than two.
pub fn slope(x: &[f64], y: &[f64]) -> Option<Slope> {
    let n = x.len().min(y.len());
    let (x, y) = (&x[..n], &y[..n]);
    if n < 2 {
        return None;
    }
    let mut pairs = Vec::with_capacity(n * (n - 1) / 2);
    let mut kendall = 0_i64;
    for i in 0..n {
        for j in i + 1..n {
            let rise = y[j] - y[i];
            pairs.push(rise / (x[j] - x[i]));
            kendall += i64::from(rise > 0.0) - i64::from(rise < 0.0);
        }
    }
    pairs.sort_by(f64::total_cmp);
    let slope = median(&pairs);
    let variance = variance(y);
    let p = significance(kendall.unsigned_abs() as usize, n, variance);
    let mut rest: Vec<f64> = x.iter().zip(y).map(|(x, y)| y - slope * x).collect();
    let middle = median_of(rest.clone())?;
    for r in &mut rest {
        *r -= middle;
    }
    Some(Slope {
        slope,
        pairs,
        variance,
        p,
        rest,
    })
}

/// Two-sided p of Kendall's S: exact up to `EXACT` points without ties, otherwise of the normal law with
/// continuity correction (Kendall 1938).
fn significance(kendall: usize, n: usize, variance: f64) -> f64 {
    if kendall == 0 || variance == 0.0 {
        return 1.0;
    }
    let untied = (n * (n - 1) * (2 * n + 5)) as f64 / 18.0;
    if n <= EXACT && variance >= untied {
        // S = pairs − 2 · inversions; permutations by inversions are the product of (1 + t + … + t^i).
        let mut share = vec![1.0];
        for i in 1..n {
            let mut next = vec![0.0; share.len() + i];
            for (k, part) in share.iter().enumerate() {
                for to in next.iter_mut().skip(k).take(i + 1) {
                    *to += part / (i + 1) as f64;
                }
            }
            share = next;
        }
        let pairs = n * (n - 1) / 2;
        let tail: f64 = share.iter().take((pairs - kendall) / 2 + 1).sum();
        return (2.0 * tail).min(1.0);
    }
    libm::erfc((kendall as f64 - 1.0) / variance.sqrt() / std::f64::consts::SQRT_2)
}

/// The z of a two-sided p.
fn quantile(p: f64) -> f64 {
    let (mut low, mut high) = (0.0, 40.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if libm::erfc(middle / std::f64::consts::SQRT_2) > p {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// Of Kendall's S, less for groups of equal values.
fn variance(y: &[f64]) -> f64 {
    let part = |n: usize| {
        let n = n as f64;
        n * (n - 1.0) * (2.0 * n + 5.0)
    };
    let mut sorted = y.to_vec();
    sorted.sort_by(f64::total_cmp);
    let tied: f64 = sorted
        .chunk_by(|a, b| a.total_cmp(b).is_eq())
        .map(|group| part(group.len()))
        .sum();
    ((part(y.len()) - tied) / 18.0).max(0.0)
}

/// Of sorted values, the mean of the two in the middle where their number is even.
pub fn median(sorted: &[f64]) -> f64 {
    crate::gap::percentile(sorted, 0.5)
}

/// The median of values in any order; `None` for none.
pub fn median_of(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    (!values.is_empty()).then(|| median(&values))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_outlier_does_not_move_the_slope() {
        let x: Vec<f64> = (0..12).map(f64::from).collect();
        let mut y: Vec<f64> = x.iter().map(|t| 0.1 * t).collect();
        y[5] = 30.0;
        let s = slope(&x, &y).map_or(f64::NAN, |s| s.slope);
        assert!((s - 0.1).abs() < 1e-9, "{s}");
    }

    #[test]
    fn equal_values_have_no_trend() {
        let x: Vec<f64> = (0..8).map(f64::from).collect();
        let s = slope(&x, &[1.0; 8]);
        assert_eq!(s.map(|s| (s.slope, s.p)), Some((0.0, 1.0)));
        assert_eq!(slope(&[1.0], &[1.0]), None);
    }

    /// Of 8! orders one rises throughout, and seven have one neighbouring pair the other way.
    #[test]
    fn the_chance_is_that_of_the_orders() {
        let x: Vec<f64> = (0..8).map(f64::from).collect();
        let p = |y: &[f64]| slope(&x, y).map_or(f64::NAN, |s| s.p);
        assert!((p(&x) - 2.0 / 40_320.0).abs() < 1e-12);
        let swapped = [0.0, 1.0, 3.0, 2.0, 4.0, 5.0, 6.0, 7.0];
        assert!((p(&swapped) - 16.0 / 40_320.0).abs() < 1e-12);
    }

    /// Twice the variance: z less by the root of two, p of z = 4.057 that of 2.869.
    #[test]
    fn a_larger_variance_widens_both_the_interval_and_the_chance() {
        let x: Vec<f64> = (0..8).map(f64::from).collect();
        let y = [0.0, 1.5, 1.9, 3.1, 4.4, 4.9, 6.3, 7.0];
        let Some(narrow) = slope(&x, &y) else {
            unreachable!("eight points")
        };
        let wide = narrow.clone().inflated(2.0);
        let (a, b) = (narrow.interval(1.645), wide.interval(1.645));
        assert!(b.0 < a.0 && b.1 > a.1, "{a:?} {b:?}");
        assert!((wide.p - 0.004_117).abs() < 1e-6, "{}", wide.p);
        assert_eq!(narrow.clone().inflated(1.0).interval(1.645), a);
    }

    /// Sen's own interval for a sample without ties, by hand: n = 5, var S = 5·4·15/18 = 16.67, z = 1.645,
    /// m = floor((10 − 6.716)/2) = 1, so that the second and the ninth of ten slopes are its ends.
    #[test]
    fn the_interval_is_that_of_the_ranks() {
        let y = [1.0, 3.0, 2.0, 5.0, 4.0];
        let x = [0.0, 1.0, 2.0, 3.0, 4.0];
        let found = slope(&x, &y).map(|s| s.interval(1.644_854));
        let mut pairs = Vec::new();
        for i in 0..5 {
            for j in i + 1..5 {
                pairs.push((y[j] - y[i]) / (x[j] - x[i]));
            }
        }
        pairs.sort_by(f64::total_cmp);
        assert_eq!(found, Some((pairs[1], pairs[8])));
    }
}

//! A counter's readings in order: one a day, no lone low value, nothing before a reset.

/// Readings of one counter, one a day, days ascending.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counter {
    /// Days of any epoch.
    pub days: Vec<i64>,
    pub values: Vec<f64>,
}

/// What was wrong with readings as they came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Faults {
    /// Not finite, or below zero.
    pub unusable: usize,
    /// Another reading of the day was larger.
    pub doubled: usize,
    /// Came after a later day.
    pub disordered: usize,
}

impl Counter {
    /// Of readings in any order: the largest of a day stands, since who read it later has counted more.
    pub fn of(readings: impl IntoIterator<Item = (i64, f64)>) -> (Counter, Faults) {
        let mut faults = Faults::default();
        let mut list: Vec<(i64, f64)> = Vec::new();
        for (day, value) in readings {
            if !value.is_finite() || value < 0.0 {
                faults.unusable += 1;
                continue;
            }
            faults.disordered += usize::from(list.last().is_some_and(|(d, _)| *d > day));
            list.push((day, value));
        }
        list.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        let before = list.len();
        list.dedup_by_key(|r| r.0);
        faults.doubled = before - list.len();
        let (days, values) = list.into_iter().unzip();
        (Counter { days, values }, faults)
    }

    /// Readings up to a day.
    pub fn until(&self, day: i64) -> (&[i64], &[f64]) {
        let end = self.days.partition_point(|d| *d <= day);
        (&self.days[..end], &self.values[..end])
    }
}

/// A cumulative count that falls by less than a tenth, or by at most five, is an unlike or an older copy:
/// the count before stands.
const SMALL_PART: f64 = 0.9;
const SMALL_COUNT: f64 = 5.0;

/// The readings of a cumulative count, made to rise: a lasting fall begins anew, a lone one is left out.
pub fn rising(days: &[i64], values: &[f64]) -> Counter {
    let mut out = Counter::default();
    for (i, (&day, &value)) in days.iter().zip(values).enumerate() {
        let mut kept = value;
        if let Some(&now) = out.values.last()
            && value < now
        {
            if value >= SMALL_PART * now || now - value <= SMALL_COUNT {
                kept = now;
            } else {
                let next = values.get(i + 1..i + 3);
                if next.is_some_and(|n| n.iter().all(|v| *v < SMALL_PART * now)) {
                    out = Counter::default();
                } else {
                    continue;
                }
            }
        }
        out.days.push(day);
        out.values.push(kept);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_in_any_order_become_one_a_day() {
        let readings = [(3, 30.0), (1, 10.0), (3, 31.0), (2, f64::NAN), (4, -1.0)];
        let (c, faults) = Counter::of(readings);
        assert_eq!((c.days, c.values), (vec![1, 3], vec![10.0, 31.0]));
        let told = (faults.unusable, faults.doubled, faults.disordered);
        assert_eq!(told, (2, 1, 1));
    }

    #[test]
    fn a_lone_low_reading_is_left_out_and_a_lasting_one_begins_anew() {
        let days = [1, 2, 3, 4, 5];
        let lone = rising(&days, &[100.0, 110.0, 20.0, 120.0, 130.0]);
        assert_eq!(lone.days, [1, 2, 4, 5]);
        let reset = rising(&days, &[100.0, 110.0, 20.0, 25.0, 30.0]);
        assert_eq!(
            (reset.days, reset.values),
            (vec![3, 4, 5], vec![20.0, 25.0, 30.0])
        );
        let unlike = rising(&days, &[100.0, 99.0, 101.0, 97.0, 103.0]);
        assert_eq!(unlike.values, [100.0, 100.0, 101.0, 101.0, 103.0]);
    }
}

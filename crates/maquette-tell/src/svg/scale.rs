//! From a value to a place, and the few round values worth a tick.

use maquette_core::Date;

use super::{Axis, AxisKind};

const EPOCH: Date = Date::constant(1970, 1, 1);

/// The day that is so many days after the first of 1970.
fn date(days: f64) -> Option<Date> {
    let days = days.is_finite().then_some(days.floor() as i64)?;
    EPOCH.checked_add(maquette_core::days(days)?).ok()
}

/// No axis has more ticks than this.
const MOST_TICKS: usize = 5;
/// A number of more characters than this is written with an exponent.
const LONGEST_NUMBER: usize = 13;

/// An axis laid along pixels.
pub(super) struct Scale<'a> {
    axis: &'a Axis,
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl<'a> Scale<'a> {
    /// `axis` from pixel `from` to pixel `to`; `zero` makes a linear axis include zero.
    pub fn new(axis: &'a Axis, zero: bool, from: f64, to: f64) -> Self {
        let (low, high) = match axis.kind {
            AxisKind::Linear => linear_range(axis, zero),
            AxisKind::Date => linear_range(axis, false),
            AxisKind::Log => log_range(axis),
        };
        Self {
            axis,
            low,
            high,
            from,
            to,
        }
    }

    /// The pixel of `value`; `None` for what has no place: not finite, or not above zero on a
    /// logarithmic axis.
    pub fn place(&self, value: f64) -> Option<f64> {
        let part = match self.axis.kind {
            AxisKind::Linear | AxisKind::Date => (value - self.low) / (self.high - self.low),
            AxisKind::Log if value <= 0.0 => return None,
            AxisKind::Log => (value / self.low).log10() / (self.high / self.low).log10(),
        };
        let place = self.from + part * (self.to - self.from);
        place.is_finite().then_some(place)
    }

    /// At most five round values in the range, with their texts.
    pub fn ticks(&self) -> Vec<(f64, String)> {
        match self.axis.kind {
            AxisKind::Linear => self.linear_ticks(),
            AxisKind::Date => self.date_ticks(),
            AxisKind::Log => self.log_ticks(),
        }
    }

    fn linear_ticks(&self) -> Vec<(f64, String)> {
        let step = step(self.high - self.low);
        let decimals = (-step.log10().floor()).max(0.0) as usize;
        let first = (self.low / step).ceil();
        (0..MOST_TICKS)
            .map(|nth| (first + nth as f64) * step)
            .filter(|value| *value <= self.high + step * 1e-9)
            .map(|value| (value, self.text(value, decimals)))
            .collect()
    }

    /// Starts of years, quarters or months, whichever are few; of a short range, round days.
    fn date_ticks(&self) -> Vec<(f64, String)> {
        let (Some(low), Some(high)) = (date(self.low), date(self.high)) else {
            return self.linear_ticks();
        };
        let months = (i32::from(high.year()) - i32::from(low.year())) * 12
            + i32::from(high.month())
            - i32::from(low.month());
        if months < 2 {
            let every = ((self.high - self.low) / MOST_TICKS as f64).ceil().max(1.0);
            return (0..MOST_TICKS)
                .map(|nth| self.low.ceil() + nth as f64 * every)
                .filter(|day| *day <= self.high)
                .filter_map(|day| Some((day, date(day)?.to_string())))
                .collect();
        }
        let every = [1, 2, 3, 6, 12, 24, 60, 120]
            .into_iter()
            .find(|m| months / m < MOST_TICKS as i32)
            .unwrap_or(240);
        let first = i32::from(low.year()) * 12 + i32::from(low.month()) - 1;
        let first = (first + every - 1).div_euclid(every) * every;
        (0..=MOST_TICKS as i32)
            .filter_map(|nth| {
                let month = first + nth * every;
                let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
                let start =
                    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, 1).ok()?;
                let text = if every % 12 == 0 {
                    format!("{year}")
                } else {
                    format!("{year}-{month:02}")
                };
                Some((f64::from((start - EPOCH).get_days()), text))
            })
            .filter(|(day, _)| (self.low..=self.high).contains(day))
            .collect()
    }

    fn log_ticks(&self) -> Vec<(f64, String)> {
        let first = (self.low.log10() - 1e-9).ceil() as i32;
        let last = (self.high.log10() + 1e-9).floor() as i32;
        let every = ((last - first) as usize / MOST_TICKS) + 1;
        (first..=last)
            .step_by(every)
            .map(|power| {
                let decimals = (-power).max(0) as usize;
                let value = 10f64.powi(power);
                (value, self.text(value, decimals))
            })
            .collect()
    }

    /// The number with what stands around it. An amount of money has two decimals or none.
    fn text(&self, value: f64, decimals: usize) -> String {
        let decimals = match (decimals, self.axis.prefix.is_empty()) {
            (1, false) => 2,
            _ => decimals,
        };
        let plain = group(&format!("{:.decimals$}", value.abs()));
        let number = if plain.len() > LONGEST_NUMBER {
            format!("{:.1e}", value.abs())
        } else {
            plain
        };
        let sign = if value < 0.0 { "−" } else { "" };
        format!("{sign}{}{number}{}", self.axis.prefix, self.axis.suffix)
    }
}

fn linear_range(axis: &Axis, zero: bool) -> (f64, f64) {
    let low = if axis.min.is_finite() { axis.min } else { 0.0 };
    let low = if zero { low.min(0.0) } else { low };
    let high = if axis.max.is_finite() { axis.max } else { 1.0 };
    if high - low > 0.0 && (high - low).is_finite() {
        (low, high)
    } else {
        (low, low + low.abs().max(1.0))
    }
}

/// The range as it is where two decades can be labelled in it, else widened to whole decades.
fn log_range(axis: &Axis) -> (f64, f64) {
    let usable = |value: f64| value.is_finite() && value > 0.0;
    let low = if usable(axis.min) { axis.min } else { 1.0 };
    let high = if usable(axis.max) && axis.max > low {
        axis.max
    } else {
        low * 10.0
    };
    if high.log10().floor() - low.log10().ceil() >= 1.0 {
        return (low, high);
    }
    let (first, last) = (low.log10().floor(), high.log10().ceil());
    (10f64.powf(first), 10f64.powf(last.max(first + 1.0)))
}

/// The smallest of 1, 2, 5 × 10ⁿ that leaves at most five ticks.
fn step(range: f64) -> f64 {
    let magnitude = (range / MOST_TICKS as f64).log10().floor() as i32;
    [1.0, 2.0, 5.0, 10.0]
        .iter()
        .map(|factor| decimal(*factor, magnitude))
        .find(|step| range / step < MOST_TICKS as f64)
        .unwrap_or(range)
}

/// `factor` × 10ⁿ, by division where n is negative: 2 / 10 is nearer to 0.2 than 2 × 0.1 is.
fn decimal(factor: f64, power: i32) -> f64 {
    if power < 0 {
        factor / 10f64.powi(-power)
    } else {
        factor * 10f64.powi(power)
    }
}

/// Commas between thousands.
fn group(number: &str) -> String {
    let (whole, rest) = number.split_at(number.find('.').unwrap_or(number.len()));
    let mut out = String::new();
    for (nth, digit) in whole.chars().enumerate() {
        if nth > 0 && (whole.len() - nth) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(axis: &Axis, zero: bool) -> Vec<String> {
        let scale = Scale::new(axis, zero, 0.0, 100.0);
        scale.ticks().into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn ticks_are_few_and_round() {
        let axis = Axis::linear(3.0, 95.0).prefix("$");
        assert_eq!(texts(&axis, true), ["$0", "$20", "$40", "$60", "$80"]);
        assert_eq!(texts(&axis, false), ["$20", "$40", "$60", "$80"]);
        let axis = Axis::linear(0.0, 0.9).prefix("$");
        assert_eq!(
            texts(&axis, true),
            ["$0.00", "$0.20", "$0.40", "$0.60", "$0.80"]
        );
        let axis = Axis::linear(0.0, 50_000.0);
        assert_eq!(texts(&axis, true), ["0", "20,000", "40,000"]);
        let axis = Axis::linear(-5.0, 5.0).prefix("$");
        assert_eq!(texts(&axis, true), ["−$5", "$0", "$5"]);
    }

    #[test]
    fn an_axis_of_dates_labels_starts() {
        let days = |text: &str| {
            let day = text.parse::<Date>().unwrap_or(EPOCH);
            f64::from((day - EPOCH).get_days())
        };
        let axis = |a, b| texts(&Axis::dates(days(a), days(b)), false);
        assert_eq!(
            axis("2026-02-12", "2026-10-12"),
            ["2026-03", "2026-05", "2026-07", "2026-09"]
        );
        assert_eq!(
            axis("2022-01-01", "2026-08-22"),
            ["2022", "2023", "2024", "2025", "2026"]
        );
        assert_eq!(
            axis("2026-03-19", "2026-03-21"),
            ["2026-03-19", "2026-03-20", "2026-03-21"]
        );
    }

    #[test]
    fn a_log_axis_labels_decades() {
        assert_eq!(
            texts(&Axis::log(5.0, 12_000.0), false),
            ["10", "100", "1,000", "10,000"]
        );
        assert_eq!(texts(&Axis::log(20.0, 80.0), false), ["10", "100"]);
        assert_eq!(texts(&Axis::log(1e-3, 1e7), false).len(), 4);
    }

    #[test]
    fn no_axis_is_without_a_range() {
        for (min, max) in [
            (0.0, 0.0),
            (f64::NAN, f64::INFINITY),
            (9.0, 1.0),
            (-1e308, 1e308),
        ] {
            for axis in [Axis::linear(min, max), Axis::log(min, max)] {
                let scale = Scale::new(&axis, true, 0.0, 100.0);
                assert!((1..=MOST_TICKS).contains(&scale.ticks().len()), "{axis:?}");
                assert!(scale.place(1.0).is_some());
            }
        }
    }
}

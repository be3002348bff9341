//! The charts of the guide: each drawn at two widths, one of which the page shows, with the figures that are plotted.

use maquette_core::Date;
use maquette_core::report::break_even::BreakEvenReport;
use maquette_core::report::gap::GapReport;
use maquette_core::report::guide::OptionsReport;
use maquette_core::report::observe::{SourcesReport, TopReport};
use maquette_core::report::trends::GainsReport;

use crate::locale::Locale;
use crate::number;
use crate::svg::{Axis, Bar, Chart, Rows, Spark, Sparks};
use crate::table::{Column, Row, Table};

/// Widths of the text on a screen and on a phone, in pixels.
const WIDE: u32 = 900;
const NARROW: u32 = 340;

/// Rows of a chart of sellers.
const SPREADS: usize = 12;

/// A chart as it is put on a page.
pub struct Figure {
    pub wide: String,
    pub narrow: String,
    /// What is plotted, where no table beside it says so.
    pub data: Option<Table>,
}

fn chart(chart: &Chart, data: Table) -> Figure {
    let mut small = chart.clone();
    small.id = format!("{}-narrow", chart.id);
    Figure {
        wide: chart.svg(WIDE, 420),
        narrow: small.svg(NARROW, 320),
        data: Some(data),
    }
}

fn rows(rows: &Rows) -> Figure {
    let mut small = rows.clone();
    small.id = format!("{}-narrow", rows.id);
    Figure {
        wide: rows.svg(WIDE),
        narrow: small.svg(NARROW),
        data: None,
    }
}

pub fn break_even(report: &BreakEvenReport) -> Figure {
    let mut data = Table::new(vec![
        Column::left("name", "Way"),
        Column::left("volume", format!("{} a month", report.unit)),
        Column::left("cost", format!("{} a month", report.currency)),
    ]);
    for c in &report.curves {
        for [volume, cost] in &c.points {
            data.push(Row::body(vec![
                c.name.as_str().into(),
                number::count(volume).into(),
                cost.as_str().into(),
            ]));
        }
    }
    chart(&crate::break_even::chart(report), data)
}

pub fn gap_history(report: &GapReport) -> Option<Figure> {
    let mut data = Table::new(vec![
        Column::left("board", "Board"),
        Column::left("day", "Day"),
        Column::left("gap", "Gap"),
        Column::left("closed", "Best closed"),
        Column::left("open", "Best open"),
    ]);
    for b in report.boards.iter().filter(|b| b.scale == "elo") {
        for r in &b.history {
            if let Some(gap) = r.gap {
                let name = |side: &Option<maquette_core::report::gap::GapSide>| {
                    side.as_ref().map_or(String::new(), |s| s.name.clone())
                };
                data.push(Row::body(vec![
                    b.title.as_str().into(),
                    r.day.as_str().into(),
                    gap.to_string().into(),
                    name(&r.closed).into(),
                    name(&r.open).into(),
                ]));
            }
        }
    }
    Some(chart(&crate::gap::chart(report)?, data))
}

/// A ranking: what is counted now, where it stood at an earlier reading, and what may be done with it.
pub fn top(report: &TopReport, locale: &Locale) -> Option<Figure> {
    let value = |s: &String| s.parse::<f64>().ok();
    let bars: Vec<Bar> = report
        .rows
        .iter()
        .filter_map(|r| {
            Some(Bar {
                name: r.name.clone(),
                from: 0.0,
                to: value(&r.value)?,
                said: locale.figures(&number::count(&r.value)),
                brief: String::new(),
                before: r.before.as_ref().and_then(value),
                label: r
                    .verdict
                    .as_ref()
                    .map_or(crate::table::Label::Dim, |v| crate::listing::sell(v).label),
                evidence: Some(r.id.clone()),
            })
        })
        .collect();
    let most = bars
        .iter()
        .map(|b| b.before.unwrap_or(0.0).max(b.to))
        .fold(0.0, f64::max);
    let was = bars.iter().any(|b| b.before.is_some());
    (bars.len() > 1 && most > 0.0).then(|| {
        rows(&Rows {
            id: format!("top-{}-{}", report.modality, report.by),
            title: format!("{} by {}", report.modality, report.by),
            desc: format!(
                "The first {} by {} on {}.",
                bars.len(),
                report.unit,
                report.as_of
            ),
            axis: Axis::linear(0.0, most),
            bars,
            legend: format!(
                "{}{}; what it makes may be sold: circle yes, diamond under conditions, square not without a license",
                report.unit,
                if was { "; tick: the earlier reading, as many days before as the table says" } else { "" },
            ),
        })
    })
}

/// What one model costs at its cheapest and its dearest seller, in the unit in which most are sold.
pub fn sellers(report: &OptionsReport, locale: &Locale) -> Option<Figure> {
    let units = report.spreads.iter().map(|r| r.per.as_str());
    let unit = units.clone().max_by_key(|u| {
        (
            units.clone().filter(|v| v == u).count(),
            std::cmp::Reverse(*u),
        )
    })?;
    let bars: Vec<Bar> = report
        .spreads
        .iter()
        .filter(|r| r.per == unit)
        .take(SPREADS)
        .filter_map(|r| {
            let (first, last) = (r.sellers.first()?, r.sellers.last()?);
            Some(Bar {
                name: r.name.clone(),
                from: first.cost.parse().ok()?,
                to: last.cost.parse().ok()?,
                said: locale.figures(&format!(
                    "${} {} to ${} {}",
                    first.cost, first.provider, last.cost, last.provider
                )),
                brief: locale.figures(&format!("${} to ${}", first.cost, last.cost)),
                before: None,
                label: crate::table::Label::Plain,
                evidence: Some(first.id.clone()),
            })
        })
        .collect();
    let most = bars.iter().map(|b| b.to).fold(0.0, f64::max);
    (bars.len() > 1 && most > 0.0).then(|| {
        rows(&Rows {
            id: format!("sellers-{}", report.modality),
            title: format!("{}: the cheapest and the dearest seller of each", report.modality),
            desc: format!("{} models that several sell, in dollars per {unit}, on {}.", bars.len(), report.as_of),
            axis: Axis::linear(0.0, most),
            bars,
            legend: format!("dollars per {unit}, the lowest price of each seller; settings may differ between them"),
        })
    })
}

/// Twelve weeks of what gained the most, each on its own scale, up to its own last reading.
pub fn gains(report: &GainsReport, locale: &Locale) -> Option<Figure> {
    let epoch = Date::constant(1970, 1, 1);
    let day = |s: &str| {
        s.parse::<Date>()
            .ok()
            .map(|d| f64::from((d - epoch).get_days()))
    };
    let rows: Vec<Spark> = report
        .rows
        .iter()
        .filter(|g| g.weeks.len() > 1)
        .map(|g| {
            let last = g.weeks.last().and_then(|w| day(&w.0)).unwrap_or_default();
            Spark {
                name: g.name.clone(),
                points: g
                    .weeks
                    .iter()
                    .filter_map(|(d, v)| Some((day(d)? - last, *v)))
                    .collect(),
                said: locale.figures(&format!(
                    "{:+} to {}",
                    g.gained,
                    number::count(&g.value.to_string())
                )),
                evidence: Some(g.id.clone()),
            }
        })
        .collect();
    let wide = Sparks {
        id: "gains".to_owned(),
        title: "Twelve weeks of what gained the most".to_owned(),
        desc: format!("{} rows, each on its own scale, as of {}.", rows.len(), report.as_of),
        from: -84.0,
        to: 0.0,
        rows,
        legend: "twelve weeks up to each one's last reading, each line on its own scale; what was added of late, and the count then".to_owned(),
    };
    let mut small = wide.clone();
    small.id.push_str("-narrow");
    let mut data = Table::new(vec![
        Column::left("name", "Name"),
        Column::left("day", "Day"),
        Column::left("value", "Count"),
    ]);
    for g in &report.rows {
        for (day, value) in &g.weeks {
            data.push(Row::body(vec![
                g.name.as_str().into(),
                day.as_str().into(),
                number::count(&value.to_string()).into(),
            ]));
        }
    }
    (!wide.rows.is_empty()).then(|| Figure {
        wide: wide.svg(WIDE),
        narrow: small.svg(NARROW),
        data: Some(data),
    })
}

/// From when to when each archive has observations.
pub fn sources(report: &SourcesReport) -> Option<Figure> {
    let epoch = Date::constant(1970, 1, 1);
    let day = |s: &Option<String>| {
        let parsed = s.as_ref()?.get(..10)?.parse::<Date>().ok()?;
        Some(f64::from((parsed - epoch).get_days()))
    };
    let mut bars: Vec<Bar> = report
        .archives
        .iter()
        .filter_map(|a| {
            Some(Bar {
                name: a.id.clone(),
                from: day(&a.first)?,
                to: day(&a.last)?,
                said: format!(
                    "{} to {}, {} observations",
                    a.first.as_deref()?,
                    a.last.as_deref()?,
                    a.observations
                ),
                brief: String::new(),
                before: None,
                label: crate::table::Label::Plain,
                evidence: None,
            })
        })
        .collect();
    bars.sort_by(|a, b| b.to.total_cmp(&a.to).then(a.from.total_cmp(&b.from)));
    let first = bars.iter().map(|b| b.from).fold(f64::INFINITY, f64::min);
    let last = day(&Some(report.as_of.clone()))?;
    (bars.len() > 1 && first < last).then(|| {
        rows(&Rows {
            id: "archives".to_owned(),
            title: "From when to when each archive has observations".to_owned(),
            desc: format!(
                "{} archives that the program carries, to {}.",
                bars.len(),
                report.as_of
            ),
            axis: Axis::dates(first, last),
            bars,
            legend: "first to last observation; the days between are not all observed".to_owned(),
        })
    })
}

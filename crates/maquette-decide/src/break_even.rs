//! Exact volumes at which the cheapest way changes: the lower envelope of steps and lines over whole
//! outputs, in decimals.

use std::cmp::Ordering;

use maquette_catalog::Catalog;
use maquette_core::report::break_even::{BreakEvenReport, Curve, PieceLine, Reign, TariffLine};
use maquette_core::{Ask, Currency, Evidence, Money, MoneyFigure, group};
use maquette_fit::estimate::Fits;
use rust_decimal::Decimal;

use crate::context::Ctx;
use crate::facts::Fact;
use crate::field::{Candidate, Field, field};
use crate::tariff::{Tariff, tariff};

pub const SCHEMA: &str = "maquette.break-even/1";

/// Curves drawn at most.
const MOST_CURVES: usize = 6;
/// Points of one drawn curve at most.
const MOST_POINTS: usize = 400;

/// One tariff is cheapest from `from` to `to` outputs made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub tariff: usize,
    pub from: u64,
    pub to: u64,
}

/// The reigns over 1..=most. Where two cost the same the one that reigns stays; at the start the
/// lower slope wins. Volumes that no tariff can make are left out.
pub fn envelope(tariffs: &[Tariff], most: u64) -> Vec<Span> {
    let mut cuts: Vec<u64> = vec![1, most + 1];
    for t in tariffs {
        cuts.extend(t.pieces.iter().map(|p| p.start));
        cuts.extend(t.limit.map(|l| l.saturating_add(1)));
    }
    cuts.retain(|c| (1..=most + 1).contains(c));
    cuts.sort_unstable();
    cuts.dedup();
    let mut spans: Vec<Span> = Vec::new();
    for pair in cuts.windows(2) {
        within(tariffs, pair[0], pair[1] - 1, &mut spans);
    }
    spans
}

/// The envelope where every tariff is one straight line.
fn within(tariffs: &[Tariff], a: u64, b: u64, spans: &mut Vec<Span>) {
    let lines: Vec<(usize, Decimal, Decimal)> = tariffs
        .iter()
        .enumerate()
        .filter_map(|(i, t)| {
            let cost = t.cost(a)?;
            Some((i, cost, t.pieces.get(t.piece_at(a))?.slope))
        })
        .collect();
    let reigning = spans.last().filter(|s| s.to + 1 == a).map(|s| s.tariff);
    let better = |x: &(usize, Decimal, Decimal), y: &(usize, Decimal, Decimal)| -> Ordering {
        x.1.cmp(&y.1)
            .then_with(|| (Some(y.0) == reigning).cmp(&(Some(x.0) == reigning)))
            .then_with(|| x.2.cmp(&y.2))
            .then_with(|| x.0.cmp(&y.0))
    };
    let Some(mut winner) = lines.iter().copied().min_by(better) else {
        return;
    };
    let mut at = a;
    loop {
        // The first whole volume at which a flatter line is strictly cheaper.
        let next = lines
            .iter()
            .filter(|l| l.2 < winner.2)
            .filter_map(|l| {
                let gap = l.1 - winner.1;
                // Slopes that nearly touch cross beyond every volume.
                let steps = gap.checked_div(winner.2 - l.2)?.floor();
                let m = a.checked_add(u64::try_from(steps).ok()?)?.checked_add(1)?;
                (m <= b).then_some((m.max(at), *l))
            })
            .min_by(|x, y| {
                let cost =
                    |(m, l): &(u64, (usize, Decimal, Decimal))| l.1 + l.2 * Decimal::from(m - a);
                x.0.cmp(&y.0)
                    .then_with(|| cost(x).cmp(&cost(y)))
                    .then_with(|| x.1.2.cmp(&y.1.2))
            });
        let end = next.map_or(b, |(m, _)| m - 1);
        if end >= at {
            push(
                spans,
                Span {
                    tariff: winner.0,
                    from: at,
                    to: end,
                },
            );
        }
        let Some((m, line)) = next else { return };
        at = m;
        winner = line;
    }
}

fn push(spans: &mut Vec<Span>, span: Span) {
    match spans.last_mut() {
        Some(last) if last.tariff == span.tariff && last.to + 1 == span.from => last.to = span.to,
        _ => spans.push(span),
    }
}

/// The report for the one demand of `ask`, for volumes up to `most` kept outputs.
pub fn break_even(catalog: &Catalog, fits: &Fits, ask: &Ask, most: u64) -> BreakEvenReport {
    let ctx = Ctx {
        catalog,
        fits,
        ask,
        currency: Currency::USD,
    };
    let field = field(&ctx);
    let demand = &ask.demands[0];
    let keep = demand.keep_rate;
    let most_made = u64::try_from((Decimal::from(most) / keep).ceil()).unwrap_or(u64::MAX - 1);
    let tariffs = worth_comparing(&field, ask, most_made);
    let spans = envelope(&tariffs, most_made);
    let name = |t: usize| name(&field.candidates[tariffs[t].candidate]);
    let id = |t: usize| id(&field.candidates[tariffs[t].candidate]);
    let money = |d: Decimal| MoneyFigure::from(Money::new(d, ctx.currency));
    let kept = |m: u64| u64::try_from((Decimal::from(m) * keep).floor()).unwrap_or(m);
    let cost = |t: usize, m: u64| tariffs[t].cost(m).unwrap_or_default();

    let mut reigns = Vec::new();
    let mut next = 1;
    for s in &spans {
        let to = kept(s.to).min(most);
        if to < next {
            continue;
        }
        let made = |q: u64| u64::try_from((Decimal::from(q) / keep).ceil()).unwrap_or(q);
        let c = &field.candidates[tariffs[s.tariff].candidate];
        reigns.push(Reign {
            from: next.to_string(),
            to: to.to_string(),
            tariff: id(s.tariff),
            name: name(s.tariff),
            channel: c.channel.to_string(),
            cost_at_from: money(cost(s.tariff, made(next))),
            cost_at_to: money(cost(s.tariff, made(to))),
        });
        next = to + 1;
    }
    let curves = curves(&tariffs, &spans, &field, most_made, keep);
    let mut order: Vec<usize> = (0..tariffs.len()).collect();
    order.sort_by_key(|&t| {
        (
            tariffs[t].cost(most_made).is_none(),
            tariffs[t].cost(most_made),
            t,
        )
    });
    let lines = order
        .iter()
        .map(|&t| TariffLine {
            id: id(t),
            name: name(t),
            channel: field.candidates[tariffs[t].candidate].channel.to_string(),
            pieces: tariffs[t]
                .pieces
                .iter()
                .take(24)
                .map(|p| PieceLine {
                    start: p.start.to_string(),
                    at_start: money(p.at_start),
                    slope: money(p.slope),
                })
                .collect(),
            limit: tariffs[t].limit.map(|l| kept(l).to_string()),
            evidence: evidence(&field.candidates[tariffs[t].candidate]),
        })
        .collect();
    let mut notes = vec![
        "Each way alone; a free allowance topped up elsewhere can be cheaper (see choose)."
            .to_owned(),
    ];
    let made = reigns
        .last()
        .map_or(0, |r| r.to.parse::<u64>().unwrap_or(0));
    if made < most && !reigns.is_empty() {
        notes.push(format!(
            "Above {made} a month none of these ways suffices alone."
        ));
    }
    if keep != Decimal::ONE {
        notes.push(format!(
            "Volumes are outputs kept; {} of those made are kept.",
            keep.normalize()
        ));
    }
    if field.rentals.iter().any(|r| r.step_seconds <= Decimal::ONE) {
        notes.push("Rents billed by the second are taken as straight lines.".to_owned());
    }
    notes.push(crate::tax::note(&ctx));
    BreakEvenReport {
        schema: SCHEMA.to_owned(),
        as_of: ask.as_of.to_string(),
        currency: ctx.currency.to_string(),
        modality: demand.modality.to_string(),
        unit: demand.modality.output_unit().to_string(),
        description: size_words(ask),
        finding: finding(&reigns, &demand.modality.output_unit().to_string(), most),
        up_to: most.to_string(),
        reigns,
        tariffs: lines,
        curves,
        notes,
    }
}

fn size_words(ask: &Ask) -> String {
    let one = maquette_core::Demand {
        quantity: Decimal::ONE,
        ..ask.demands[0].clone()
    };
    one.describe()
}

fn finding(reigns: &[Reign], unit: &str, most: u64) -> String {
    match reigns {
        [] => format!("Nothing in the catalog makes this {unit} under these limits."),
        [only] => format!(
            "{} is the cheapest at every volume up to {} a month.",
            only.name,
            group(most.into())
        ),
        [before @ .., last] => {
            let each = before.iter().map(|r| format!("{} up to {}", r.name, r.to));
            format!(
                "The winner changes {} time(s): {} a month, {} from {}.",
                before.len(),
                each.collect::<Vec<_>>().join(", "),
                last.name,
                last.from
            )
        }
    }
}

/// Every tariff that could be cheapest somewhere: of straight lines from zero only the flattest.
fn worth_comparing(field: &Field<'_>, ask: &Ask, most: u64) -> Vec<Tariff> {
    let mut all: Vec<Tariff> = (0..field.candidates.len())
        .map(|c| tariff(field, c, ask, most))
        .filter(|t| !t.pieces.is_empty())
        .collect();
    let plain = |t: &Tariff| {
        t.limit.is_none() && t.pieces.len() == 1 && t.pieces[0].at_start == t.pieces[0].slope
    };
    let flattest = all
        .iter()
        .filter(|t| plain(t))
        .map(|t| t.pieces[0].slope)
        .min();
    let Some(best) = flattest else { return all };
    // A tariff that even at its best volume is dearer than the flattest line never wins; the nearest
    // losers of each channel stay in view.
    let mut shown: std::collections::BTreeMap<maquette_core::Channel, usize> =
        std::collections::BTreeMap::new();
    let rate = |t: &Tariff| {
        t.pieces
            .iter()
            .map(|p| p.at_start / Decimal::from(p.start.max(1)))
            .chain(t.pieces.windows(2).map(|w| {
                let last = w[1].start - 1;
                (w[0].at_start + w[0].slope * Decimal::from(last - w[0].start))
                    / Decimal::from(last.max(1))
            }))
            .chain(
                t.cost(t.limit.unwrap_or(most).min(most))
                    .map(|c| c / Decimal::from(t.limit.unwrap_or(most).min(most).max(1))),
            )
            .min()
            .unwrap_or_default()
    };
    all.sort_by_key(|t| (rate(t), t.candidate));
    all.retain(|t| {
        let r = rate(t);
        if r < best || (plain(t) && r == best) {
            return true;
        }
        let n = shown
            .entry(field.candidates[t.candidate].channel)
            .or_default();
        *n += 1;
        *n <= 4
    });
    all
}

fn curves(
    tariffs: &[Tariff],
    spans: &[Span],
    field: &Field<'_>,
    most: u64,
    keep: Decimal,
) -> Vec<Curve> {
    let mut order: Vec<usize> = Vec::new();
    for t in spans.iter().map(|s| s.tariff).chain(0..tariffs.len()) {
        if !order.contains(&t) && order.len() < MOST_CURVES {
            order.push(t);
        }
    }
    order
        .into_iter()
        .map(|t| {
            let tariff = &tariffs[t];
            let c = &field.candidates[tariff.candidate];
            let end = tariff.limit.unwrap_or(most).min(most);
            let mut points = Vec::new();
            let mut add = |m: u64, cost: Decimal| {
                let q = (Decimal::from(m) * keep).floor();
                points.push([
                    q.normalize().to_string(),
                    cost.round_dp(6).normalize().to_string(),
                ]);
            };
            for (i, p) in tariff.pieces.iter().enumerate().take(MOST_POINTS) {
                if p.start > end {
                    break;
                }
                add(p.start, p.at_start);
                let last = tariff
                    .pieces
                    .get(i + 1)
                    .map_or(end, |n| n.start - 1)
                    .min(end);
                if last > p.start {
                    add(last, p.at_start + p.slope * Decimal::from(last - p.start));
                }
            }
            Curve {
                tariff: id(c),
                name: name(c),
                kind: if tariff.steps { "step" } else { "line" }.to_owned(),
                solid: !c.facts.iter().any(Fact::is_assumed),
                points,
            }
        })
        .collect()
}

fn evidence(c: &Candidate<'_>) -> Vec<Evidence> {
    c.facts.iter().map(Fact::evidence).collect()
}

fn id(c: &Candidate<'_>) -> String {
    if c.variant.is_empty() {
        format!("{}:{}", c.via, c.model.id)
    } else {
        format!("{}:{} ({})", c.via, c.model.id, c.variant)
    }
}

fn name(c: &Candidate<'_>) -> String {
    let variant = if c.variant.is_empty() {
        String::new()
    } else {
        format!(", {}", c.variant)
    };
    format!("{} ({}{variant})", c.model.name, c.via)
}

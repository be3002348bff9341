//! Everything that is not in the cheapest stack: dearer candidates with their price, and those ruled
//! out with the reason.

use maquette_core::report::choose::RuledOut;
use maquette_core::{Channel, Money, MoneyFigure};
use rust_decimal::Decimal;

use crate::assemble::alone;
use crate::context::Ctx;
use crate::field::Field;
use crate::reason::Reason;

/// Everything not in the cheapest stack: dearer candidates with their price, and those ruled out.
pub(crate) fn not_chosen(
    field: &Field<'_>,
    used: &[usize],
    ctx: &Ctx<'_>,
    ids: &[String],
) -> Vec<RuledOut> {
    let work: Vec<String> = ctx
        .ask
        .demands
        .iter()
        .map(maquette_core::Demand::describe)
        .collect();
    let mut out: Vec<(usize, u8, Option<Decimal>, RuledOut)> = Vec::new();
    for (i, c) in field
        .candidates
        .iter()
        .enumerate()
        .filter(|(i, _)| !used.contains(i))
    {
        let cost = alone(field, i, ctx.ask);
        let detail = match cost {
            Some(x) => format!("{} alone for {}", dollars(x, ctx), work[c.demand]),
            None => "its allowance or hours do not suffice alone".to_owned(),
        };
        let name = if c.variant.is_empty() {
            c.via.clone()
        } else {
            format!("{} ({})", c.via, c.variant)
        };
        let name = if matches!(c.channel, Channel::Local | Channel::Rented) {
            format!("{} on {}", c.model.id, c.via)
        } else {
            name
        };
        out.push((
            c.demand,
            0,
            cost,
            RuledOut {
                demand: ids[c.demand].clone(),
                candidate: name,
                model: c.model.id.clone(),
                channel: c.channel.to_string(),
                reason: if cost.is_some() {
                    Reason::TooExpensive
                } else {
                    Reason::NotEnough
                }
                .as_str()
                .to_owned(),
                detail,
                cost: cost.map(|x| MoneyFigure::from(Money::new(x, ctx.currency))),
            },
        ));
    }
    for o in &field.out {
        out.push((
            o.demand,
            1,
            o.cost,
            RuledOut {
                demand: ids[o.demand].clone(),
                candidate: o.candidate.clone(),
                model: o.model.clone(),
                channel: o.channel.to_string(),
                reason: o.why.reason.as_str().to_owned(),
                detail: o.why.detail.clone(),
                cost: None,
            },
        ));
    }
    out.sort_by(|a, b| {
        (a.0, a.1, a.2.is_none(), a.2, &a.3.candidate).cmp(&(
            b.0,
            b.1,
            b.2.is_none(),
            b.2,
            &b.3.candidate,
        ))
    });
    out.into_iter().map(|(.., r)| r).collect()
}

fn dollars(x: Decimal, ctx: &Ctx<'_>) -> String {
    let m = Money::new(x, ctx.currency);
    format!("{} {}", m.rounded(), ctx.currency)
}

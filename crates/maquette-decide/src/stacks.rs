//! `choose`: the cheapest lawful stack, and the same month all closed, all open, all here, all hosted.

use maquette_catalog::Catalog;
use maquette_core::report::choose::{Stack, StackReport, StudioLine, Unpriced, WorkloadLine};
use maquette_core::{Ask, Currency, Demand, MachineOrigin, Modality, Money, MoneyFigure};
use maquette_fit::estimate::Fits;

use crate::assemble::{Assembled, assemble};
use crate::context::Ctx;
use crate::explain;
use crate::field::{Field, field};
use crate::fill::fill;
pub use crate::kind::Kind;
use crate::not_chosen::not_chosen;
use crate::program::Answer;
use crate::solve::{SolveError, solve};

pub const SCHEMA: &str = "maquette.choose/1";

/// Ids of the demands: `images`, `videos`, …; a second one of a modality is `images-2`.
pub fn demand_ids(demands: &[Demand]) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for d in demands {
        let base = match d.modality {
            Modality::Text => "words",
            Modality::Image => "images",
            Modality::Video => "videos",
            Modality::Music => "songs",
            Modality::Sound => "sounds",
            Modality::Speech => "speech",
            Modality::ThreeD => "assets-3d",
            Modality::Motion => "motions",
        };
        let same = ids
            .iter()
            .filter(|i| i.split('-').next() == base.split('-').next())
            .count();
        ids.push(if same == 0 {
            base.to_owned()
        } else {
            format!("{base}-{}", same + 1)
        });
    }
    ids
}

/// A program with its cheapest answer.
struct Solved {
    kind: Kind,
    assembled: Assembled,
    answer: Answer,
}

impl Solved {
    /// Candidates that make something.
    fn used(&self) -> Vec<usize> {
        let ways = self.assembled.ways.iter().zip(&self.answer.jobs);
        ways.filter(|(_, jobs)| !jobs.is_zero())
            .map(|(c, _)| *c)
            .collect()
    }

    /// Is this also the cheapest answer among fewer candidates? It is, if it makes the same demands
    /// and all it uses is among them.
    fn answers(&self, chosen: &[usize], demands: &[usize]) -> bool {
        self.assembled.needs == demands
            && self.used().iter().all(|c| chosen.binary_search(c).is_ok())
    }
}

/// Answers one question from the catalog. Pure: the same arguments give the same report.
pub fn choose(catalog: &Catalog, fits: &Fits, ask: &Ask) -> StackReport {
    let ctx = Ctx {
        catalog,
        fits,
        ask,
        currency: Currency::USD,
    };
    let field = field(&ctx);
    let ids = demand_ids(&ask.demands);
    let mut stacks = Vec::new();
    let mut solved: Vec<Solved> = Vec::new();
    for kind in Kind::ALL {
        let chosen: Vec<usize> = (0..field.candidates.len())
            .filter(|&c| kind.admits(&field.candidates[c]))
            .collect();
        let mut stack = stack(kind, &field, &chosen, &ctx, &ids, &mut solved);
        stack.title = explain::title(kind, &stack);
        stacks.push(stack);
    }
    let used = solved
        .iter()
        .find(|s| s.kind == Kind::Cheapest)
        .map(Solved::used);
    let ruled_out = not_chosen(&field, &used.unwrap_or_default(), &ctx, &ids);
    StackReport {
        schema: SCHEMA.to_owned(),
        as_of: ask.as_of.to_string(),
        currency: ctx.currency.to_string(),
        finding: explain::finding(&stacks),
        workload: workload(ask, &ids),
        studio: studio(&field, &ctx),
        notes: explain::notes(&ctx),
        stacks,
        ruled_out,
    }
}

fn stack(
    kind: Kind,
    field: &Field<'_>,
    chosen: &[usize],
    ctx: &Ctx<'_>,
    ids: &[String],
    solved: &mut Vec<Solved>,
) -> Stack {
    let mut stack = Stack {
        id: kind.id().to_owned(),
        title: kind.title().to_owned(),
        total: None,
        choices: Vec::new(),
        charges: Vec::new(),
        cash_up_front: MoneyFigure::from(Money::zero(ctx.currency)),
        unpriced: Vec::new(),
        given_up: false,
        explanation: Vec::new(),
    };
    for (d, id) in ids.iter().enumerate() {
        if !chosen.iter().any(|&c| field.candidates[c].demand == d) {
            let reason = explain::why_nothing(kind, field, d);
            stack.unpriced.push(Unpriced {
                demand: id.clone(),
                reason,
            });
        }
    }
    if kind == Kind::Cheapest && !stack.unpriced.is_empty() {
        stack.explanation = explain::smallest_change(ctx, &stack.unpriced, ids);
    }
    let served: Vec<usize> = (0..ids.len())
        .filter(|&d| chosen.iter().any(|&c| field.candidates[c].demand == d))
        .collect();
    if served.is_empty() {
        return stack;
    }
    // Every stack is a choice among the cheapest stack's candidates, or among the open one's.
    if let Some(known) = solved
        .iter()
        .find(|s| kind.is_within(s.kind) && s.answers(chosen, &served))
    {
        fill(&mut stack, field, &known.assembled, &known.answer, ctx, ids);
        return stack;
    }
    let assembled = assemble(field, chosen, ctx.ask);
    match solve(&assembled.program) {
        Ok(answer) => {
            fill(&mut stack, field, &assembled, &answer, ctx, ids);
            solved.push(Solved {
                kind,
                assembled,
                answer,
            });
        }
        Err(e) => {
            stack.given_up = e != SolveError::Infeasible;
            stack.explanation.push(explain::no_answer(&e));
            for &d in &assembled.needs {
                stack.unpriced.push(Unpriced {
                    demand: ids[d].clone(),
                    reason: if stack.given_up {
                        "the search was given up".to_owned()
                    } else {
                        "not enough of it to be had together with the rest".to_owned()
                    },
                });
            }
        }
    }
    stack
}

fn workload(ask: &Ask, ids: &[String]) -> Vec<WorkloadLine> {
    ask.demands
        .iter()
        .zip(ids)
        .map(|(d, id)| WorkloadLine {
            id: id.clone(),
            modality: d.modality.to_string(),
            quantity: d.quantity.normalize().to_string(),
            unit: d.modality.output_unit().to_string(),
            made: d.to_make().normalize().to_string(),
            keep_rate: d.keep_rate.normalize().to_string(),
            description: d.describe(),
        })
        .collect()
}

fn studio(field: &Field<'_>, ctx: &Ctx<'_>) -> StudioLine {
    let s = &ctx.ask.studio;
    StudioLine {
        country: s.country.clone(),
        purpose: s.purpose.as_str().to_owned(),
        revenue: s.revenue.map(MoneyFigure::from),
        seats: s.seats,
        vat_registered: s.vat_registered,
        vat_rate: (!s.vat_registered)
            .then(|| crate::tax::rate(ctx))
            .flatten()
            .map(|r| r.fraction().normalize().to_string()),
        machine: field
            .machine
            .and(ctx.ask.machine.as_ref())
            .map(|m| m.name.clone()),
        machine_origin: ctx.ask.machine.as_ref().map(|m| {
            match m.origin {
                MachineOrigin::Detected => "detected",
                MachineOrigin::Given => "given",
            }
            .to_owned()
        }),
        power_price: crate::machine_cost::power_price(ctx)
            .ok()
            .map(|(p, _)| MoneyFigure::from(Money::new(p, ctx.currency))),
    }
}

//! `months`: what a plan costs month by month when the use of its allowance varies: rollover, top-ups,
//! overage, introductory fees, yearly payment.

use maquette_core::report::listing::{MonthLine, MonthsReport};
use maquette_core::{Currency, Money, MoneyFigure};
use maquette_decide::context::Ctx;
use maquette_decide::ledger::{Ledger, Month, Terms};
use maquette_decide::{plan_cost, tax};
use maquette_know::Found;
use rust_decimal::Decimal;

use crate::context::Context;
use crate::error::{AppError, Kind};
use crate::quantity;
use crate::request::Request;

/// Months of one run at most.
const MOST_MONTHS: usize = 120;

/// The account of `plan` under these units used in each month, as typed (`400,900,0`).
pub fn months(
    ctx: &Context,
    request: &Request,
    plan: &str,
    units: &str,
) -> Result<MonthsReport, AppError> {
    let found = ctx
        .knowledge
        .find(plan)
        .map_err(|e| AppError::unknown(&e, "maquette plans"))?;
    let Found::Plan(provider, plan) = found else {
        return Err(AppError::request(format!("`{plan}` is not a plan"))
            .hint("`maquette plans` lists what is known"));
    };
    let used = used(units)?;
    let ask = request.ask(ctx)?;
    let reckoning = Ctx {
        catalog: &ctx.knowledge.catalog,
        fits: ctx.fits()?,
        ask: &ask,
        currency: Currency::USD,
    };
    let missing = |message: String| AppError {
        kind: Kind::Data,
        ..AppError::request(message)
    };
    let refused = |why: &maquette_decide::reason::Why| {
        missing(format!("`{}` cannot be reckoned: {}", plan.id, why.detail))
            .hint(format!("maquette show {}", plan.id))
    };
    let fee =
        plan_cost::fee(plan, provider, ask.billing, &reckoning).map_err(|why| refused(&why))?;
    let terms =
        Terms::of_plan(plan, provider, ask.billing, &reckoning).map_err(|why| refused(&why))?;
    if plan.allowance.is_none() {
        let message = format!(
            "`{}` cannot be reckoned: how much it includes is not published",
            plan.id
        );
        return Err(missing(message).hint(format!("maquette show {}", plan.id)));
    }
    let run = Ledger::run(terms, &used).map_err(|e| {
        missing(format!("`{}` cannot be reckoned: {e}", plan.id))
            .hint(format!("maquette show {}", plan.id))
    })?;
    let money = |d: Decimal| MoneyFigure::from(Money::new(d, reckoning.currency));
    let mut notes: Vec<String> = fee.warnings;
    notes.push(tax::note(&reckoning));
    notes.extend(plan_cost::rollover_words(plan).map(str::to_owned));
    Ok(MonthsReport {
        schema: "maquette.months/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        plan: plan.id.clone(),
        name: format!("{} {}", provider.name, plan.name),
        unit: plan
            .allowance
            .as_ref()
            .map_or_else(|| "unit".to_owned(), |a| a.unit.clone()),
        months: run
            .iter()
            .zip(&used)
            .map(|(m, u)| line(m, *u, &money))
            .collect(),
        total_paid: money(run.iter().map(Month::paid).sum()),
        total_wasted: text(run.iter().map(Month::wasted).sum()),
        notes,
        evidence: fee.evidence,
    })
}

fn line(m: &Month, used: Decimal, money: &impl Fn(Decimal) -> MoneyFigure) -> MonthLine {
    MonthLine {
        month: m.number,
        used: text(used),
        paid: money(m.paid()),
        from_allowance: text(m.from_allowance),
        from_carried: text(m.from_carried),
        from_purchased: text(m.from_purchased),
        from_free_daily: text(m.from_free_daily),
        metered: text(m.metered),
        unserved: text(m.unserved),
        lapsed: text(m.wasted()),
        balance: text(m.balance),
    }
}

fn text(d: Decimal) -> String {
    d.normalize().to_string()
}

fn used(units: &str) -> Result<Vec<Decimal>, AppError> {
    let months: Vec<&str> = units.split(',').map(str::trim).collect();
    if months.len() > MOST_MONTHS {
        return Err(AppError::request(format!(
            "--units: at most {MOST_MONTHS} months"
        )));
    }
    months
        .into_iter()
        .map(|text| {
            let n = quantity::number(text)
                .map_err(|e| AppError::request(format!("--units {text}: {e}")))?;
            let most = Decimal::from(quantity::MOST);
            if n.is_sign_negative() && !n.is_zero() || n > most {
                return Err(AppError::request(format!(
                    "--units {text}: a use lies between 0 and {most}"
                )));
            }
            Ok(n)
        })
        .collect()
}

//! A plan on a day: its fee, the allowance of a month, what a job takes from it.

use maquette_catalog::schema::plan::{
    Billing, Burn, BurnPer, Every, Expiry, Fee, OverageKind, Plan, RolloverKind,
};
use maquette_catalog::schema::provider::Provider;
use maquette_core::{Ask, Basis, BillingWish, Demand, Evidence};
use rust_decimal::Decimal;

use crate::context::{Ctx, conversion_range};
use crate::offer_cost::characters_per_minute;
use crate::reason::{Reason, Why};
use crate::standing::{Dates, pick};
use crate::tax::{self, Taxed};
use crate::variant;

/// Days of a billing month where something comes by the day: an allowance, the hours of a machine.
pub const DAYS_PER_MONTH: i64 = 30;

/// The price of holding a plan for one month.
#[derive(Debug, Clone)]
pub struct PlanFee {
    /// Per month, all seats, in the report's currency.
    pub monthly: Decimal,
    /// What is paid at the start: a month, or the whole year.
    pub at_start: Decimal,
    pub billing: Billing,
    /// The lasting fee of one billing, all seats: a month's, or the whole year's.
    pub lasting: Decimal,
    /// What a new customer pays instead, all seats, and for how many months.
    pub intro: Option<(Decimal, u32)>,
    /// Tax on the fee, which is in every amount here.
    pub taxed: Taxed,
    pub formula: String,
    pub evidence: Vec<Evidence>,
    pub warnings: Vec<String>,
}

/// Extra units beside the allowance, at a price.
#[derive(Debug, Clone)]
pub struct Packs {
    pub units: Decimal,
    pub price: Decimal,
    /// Metered overage is not sold in whole packs.
    pub whole: bool,
    pub minimum: u32,
}

/// The fee of the plan on the day, for the billing wished, with the tax that comes on top.
pub fn fee(
    plan: &Plan,
    provider: &Provider,
    wish: BillingWish,
    ctx: &Ctx<'_>,
) -> Result<PlanFee, Why> {
    let day = ctx.ask.as_of;
    if let Some(on) = plan.retires.filter(|r| *r <= day) {
        return Err(Why::new(
            Reason::Retired,
            format!("no longer sold since {on}"),
        ));
    }
    let choose_of = |billing: Billing, intro: bool| {
        let rows = plan
            .fee
            .iter()
            .enumerate()
            .filter(|(_, f)| f.billing == billing && f.intro_months.is_some() == intro);
        pick(rows, |(_, f)| Dates::from(*f), day, ctx.ask.carry_back_days)
    };
    // A yearly fee that is not known on the day leaves the monthly one.
    let yearly = wish == BillingWish::Annual && choose_of(Billing::Annual, false).is_ok();
    let billing = if yearly {
        Billing::Annual
    } else {
        Billing::Monthly
    };
    let choose = |intro: bool| choose_of(billing, intro);
    let ((index, row), standing) = choose(false).map_err(|e| match e {
        None if plan.fee.is_empty() => Why::new(Reason::NotPublished, "the fee is not published"),
        None => Why::new(
            Reason::NotPublished,
            "only the yearly fee is published (try --billing annual)",
        ),
        e => Why::not_in_force(e, day),
    })?;
    let seats = seats_billed(plan, row, ctx.ask);
    let converted = ctx.convert(row.amount)?;
    let taxed = tax::on(provider, plan.tax, ctx);
    let lasting = taxed.price(converted.amount) * Decimal::from(seats);
    let months = if billing == Billing::Annual { 12 } else { 1 };
    let mut at_start = lasting;
    let mut new_customer = None;
    let mut formula = format!(
        "{} a {}",
        row.amount,
        if months == 12 { "year ÷ 12" } else { "month" }
    );
    if seats > 1 {
        formula = format!("{formula} × {seats} seats");
    }
    let mut evidence = vec![fee_evidence(plan, index, row, standing.is_assumed())];
    evidence.extend(converted.evidence);
    let mut warnings: Vec<String> = standing.warning("fee", row.as_of).into_iter().collect();
    warnings.extend(converted.warning);
    if let Ok(((i, intro), s)) = choose(true) {
        let note = format!(
            "{} for the first {} month(s)",
            intro.amount,
            intro.intro_months.unwrap_or(1)
        );
        let amount = taxed.price(ctx.convert(intro.amount)?.amount) * Decimal::from(seats);
        new_customer = Some((amount, intro.intro_months.unwrap_or(1)));
        if ctx.ask.accounting == maquette_core::Accounting::Cash {
            at_start = amount;
            formula = note;
            evidence = vec![fee_evidence(plan, i, intro, s.is_assumed())];
        } else {
            warnings.push(format!("new customers pay {note}"));
        }
    }
    if let Some(on) = plan.retires {
        warnings.push(format!("no longer sold from {on}"));
    }
    formula += &taxed.words();
    evidence.extend(taxed.evidence.iter().cloned());
    warnings.extend(taxed.warning.clone());
    Ok(PlanFee {
        monthly: at_start / Decimal::from(months),
        at_start,
        billing,
        lasting,
        intro: new_customer,
        taxed,
        formula,
        evidence,
        warnings,
    })
}

/// Seats that must be paid: at least the plan's minimum; seats the fee covers are free.
fn seats_billed(plan: &Plan, fee: &Fee, ask: &Ask) -> u32 {
    if fee.per_seat {
        seats_wanted(plan, ask)
    } else {
        subscriptions(plan, ask)
    }
}

fn seats_wanted(plan: &Plan, ask: &Ask) -> u32 {
    let minimum = plan.seats.as_ref().map_or(1, |s| s.minimum);
    ask.studio.seats.max(minimum)
}

/// Subscriptions that cover the seats where the plan sells no single seat.
fn subscriptions(plan: &Plan, ask: &Ask) -> u32 {
    let included = plan.seats.as_ref().map_or(1, |s| s.included.max(1));
    seats_wanted(plan, ask).div_ceil(included)
}

/// How many times the allowance comes: for each seat, or with each subscription that must be held.
pub fn allowances(plan: &Plan, ask: &Ask) -> u32 {
    if plan.allowance.as_ref().is_some_and(|a| a.per_seat) {
        seats_wanted(plan, ask)
    } else if plan.fee.iter().any(|f| f.per_seat) {
        1
    } else {
        subscriptions(plan, ask)
    }
}

fn fee_evidence(plan: &Plan, index: usize, row: &Fee, assumed: bool) -> Evidence {
    let per = match row.billing {
        Billing::Monthly => "month",
        Billing::Annual => "year",
    };
    Evidence {
        id: format!("{}#fee{}", plan.id, index + 1),
        fact: format!("{} a {per}", row.amount),
        source: row.source.clone(),
        as_of: row.as_of.to_string(),
        confidence: row.confidence,
        basis: if assumed {
            Basis::Assumed
        } else {
            Basis::Published
        },
        note: row.note.clone(),
    }
}

/// Units of the allowance in one month. `once` counts only in a first month's cash view.
pub fn monthly_allowance(plan: &Plan, ctx: &Ctx<'_>) -> Result<Decimal, Why> {
    let allowance = plan.allowance.as_ref().ok_or_else(|| {
        Why::new(
            Reason::AllowanceNotPublished,
            "how much the plan includes is not published",
        )
    })?;
    let amount = allowance.amount * Decimal::from(allowances(plan, ctx.ask));
    Ok(match allowance.every {
        Every::Month => amount,
        Every::Day => amount * Decimal::from(DAYS_PER_MONTH),
        Every::Once if ctx.ask.accounting == maquette_core::Accounting::Cash => amount,
        Every::Once => Decimal::ZERO,
    })
}

/// What may be bought beside the allowance: top-ups, else metered overage.
pub fn packs(plan: &Plan, taxed: &Taxed, ctx: &Ctx<'_>) -> Result<Option<Packs>, Why> {
    if let Some(t) = &plan.topup {
        let keeps = matches!(
            t.expires,
            Expiry::Never | Expiry::WithSubscription | Expiry::Months12 | Expiry::Months24
        );
        let whole = ctx.ask.accounting == maquette_core::Accounting::Cash || !keeps;
        return Ok(Some(Packs {
            units: t.units,
            price: taxed.price(ctx.convert(t.amount)?.amount),
            whole,
            // Units left of a least purchase are kept, so they are no cost of the work.
            minimum: if whole {
                t.minimum_packs.unwrap_or(1)
            } else {
                1
            },
        }));
    }
    if let Some(o) = &plan.overage
        && o.kind == OverageKind::Metered
        && let Some(price) = o.per_unit
    {
        let price = taxed.price(ctx.convert(price)?.amount);
        return Ok(Some(Packs {
            units: Decimal::ONE,
            price,
            whole: false,
            minimum: 1,
        }));
    }
    Ok(None)
}

/// One way of using the plan: what a job takes and returns.
#[derive(Debug, Clone)]
pub struct Use<'a> {
    pub burn: &'a Burn,
    pub index: usize,
    pub units_per_job: Decimal,
    pub outputs_per_job: Decimal,
    pub variant: String,
    pub formula: String,
}

/// Every burn rule of the plan that makes the demand, or why none does.
pub fn uses<'a>(plan: &'a Plan, demand: &Demand, ctx: &Ctx<'_>) -> Vec<Result<Use<'a>, Why>> {
    let rules: Vec<_> = plan
        .burn
        .iter()
        .enumerate()
        .filter(|(_, b)| b.modality == demand.modality)
        .collect();
    if rules.is_empty() {
        let detail = format!(
            "what one {} takes from the allowance is not published",
            demand.modality.output_unit()
        );
        return vec![Err(Why::new(Reason::BurnNotPublished, detail))];
    }
    rules
        .into_iter()
        .map(|(index, burn)| one_use(burn, index, demand, ctx))
        .collect()
}

fn one_use<'a>(
    burn: &'a Burn,
    index: usize,
    demand: &Demand,
    ctx: &Ctx<'_>,
) -> Result<Use<'a>, Why> {
    variant::suits(&variant::tier(&burn.when), demand)?;
    if !burn.when.is_empty() {
        variant::cover(&[&burn.when], demand)?;
    }
    let limit = ctx
        .model(&burn.model)
        .and_then(|m| m.limits.as_ref()?.duration_s);
    if let (Some(want), Some(limit)) = (demand.seconds, limit)
        && want > limit
    {
        let detail = format!("the model makes at most {} s", limit.normalize());
        return Err(Why::new(Reason::LengthNotOffered, detail));
    }
    let (units, formula) = match burn.per {
        BurnPer::Job => {
            if let Some(want) = demand.seconds {
                variant::billed_seconds(want, &burn.seconds_allowed, None, burn.seconds_max)?;
            }
            (
                burn.amount,
                format!("{} units a job", burn.amount.normalize()),
            )
        }
        BurnPer::Second => {
            let want = demand.seconds.unwrap_or(Decimal::ONE);
            let s = variant::billed_seconds(want, &burn.seconds_allowed, None, burn.seconds_max)?;
            (
                burn.amount * s,
                format!("{} units/s × {} s", burn.amount.normalize(), s.normalize()),
            )
        }
        BurnPer::Character => {
            let (characters, _) = characters_per_minute(ctx)?;
            (
                burn.amount * characters.mid,
                format!("{} units/character", burn.amount.normalize()),
            )
        }
        BurnPer::MillionTokens => {
            // Words read and hidden reasoning are tokens too.
            let per_word = Decimal::ONE + demand.input_ratio + demand.reasoning_ratio;
            let tokens = conversion_range(ctx.conversion("word-token")?).mid * per_word
                / Decimal::from(1_000_000);
            (
                burn.amount * tokens,
                format!("{} units per million tokens", burn.amount.normalize()),
            )
        }
    };
    Ok(Use {
        burn,
        index,
        units_per_job: units,
        outputs_per_job: Decimal::from(burn.outputs_per_job),
        variant: variant::describe(&burn.when),
        formula,
    })
}

/// How leftover units pass into the next month, in words.
pub fn rollover_words(plan: &Plan) -> Option<&'static str> {
    plan.rollover.as_ref().map(|r| match r.kind {
        RolloverKind::None => "unused units lapse",
        RolloverKind::Capped => "unused units are carried, up to a cap",
        RolloverKind::Kept => "unused units are kept",
    })
}

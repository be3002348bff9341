//! What the other verbs answer: verdicts of licenses, gaps, labels, outcomes, estimates, a month's cost.

use std::collections::BTreeMap;

use maquette_core::report::gap::{GapReading, GapReport};
use maquette_core::{Date, Modality};
use maquette_stats::gap::Band;
use rust_decimal::Decimal;

use super::expr::{Found, Lack, Value, unknown, wrong};
use super::observed::lack;
use super::world::{Call, Ground};
use crate::fit::FitForm;
use crate::gap::Ask;
use crate::gap::sides::Tier;
use crate::license::FactsForm;
use crate::request::Request;

fn decimal(x: f64) -> Value {
    Value::Number(
        Decimal::from_f64_retain(x)
            .unwrap_or_default()
            .round_dp(6)
            .normalize(),
    )
}

/// `key=value; key=value`.
fn options(text: &str) -> Result<BTreeMap<&str, &str>, Lack> {
    text.split(';')
        .map(str::trim)
        .filter(|p| !p.is_empty())
        .map(|p| match p.split_once('=') {
            Some((k, v)) => Ok((k.trim(), v.trim())),
            None => wrong(format!("`{p}` is no option")),
        })
        .collect()
}

/// The license engine's word: `verdict("cogvideox-5b", "small-studio-us", "registered=true; monthly_visits=10000")`.
/// Several models with commas between are judged together.
pub fn verdict(g: &Ground<'_>, call: &Call<'_>) -> Found {
    let (models, studio) = (call.text(0)?, call.text(1)?);
    let Some(base) = g.shared.claims.studio.get(studio) else {
        return wrong(format!("there is no studio `{studio}`"));
    };
    let mut table = base.clone();
    for (key, text) in options(call.optional(2)?.unwrap_or_default())? {
        let value = match text {
            "true" => toml::Value::Boolean(true),
            "false" => toml::Value::Boolean(false),
            number if number.parse::<i64>().is_ok() => {
                toml::Value::Integer(number.parse().unwrap_or_default())
            }
            list if list.contains(',') => toml::Value::Array(
                list.split(',')
                    .map(|w| toml::Value::String(w.trim().to_owned()))
                    .collect(),
            ),
            text => toml::Value::String(text.to_owned()),
        };
        table.insert(key.to_owned(), value);
    }
    let form: FactsForm = match toml::Value::Table(table).try_into() {
        Ok(form) => form,
        Err(e) => return wrong(format!("{}: {e}", call.written)),
    };
    let names: Vec<String> = models.split(',').map(|m| m.trim().to_owned()).collect();
    let report = match crate::license::license(g.shared.then, &names, &form) {
        Ok(report) => report,
        Err(e) => return wrong(format!("{}: {}", call.written, e.message)),
    };
    let value = Value::Text(report.verdict.clone());
    let licenses: Vec<&str> = report
        .readings
        .iter()
        .filter_map(|r| r.license.as_deref())
        .collect();
    g.input(
        call,
        &value,
        &format!("the license engine over {}", licenses.join(", ")),
        &report.as_of,
        Some(report.finding.clone()),
    );
    Ok(value)
}

/// The history of all boards under a tier, reckoned once.
fn with_gaps<T>(
    g: &Ground<'_>,
    tier: &str,
    of: impl FnOnce(&GapReport) -> Result<T, Lack>,
) -> Result<T, Lack> {
    if !g.shared.gaps.borrow().contains_key(tier) {
        let ask = Ask {
            tier: tier.parse::<Tier>().or_else(wrong)?,
            history: true,
            ..Ask::default()
        };
        let report = crate::gap::gap(g.shared.now, &ask, &FactsForm::default()).map_err(lack)?;
        g.shared.gaps.borrow_mut().insert(tier.to_owned(), report);
    }
    match g.shared.gaps.borrow().get(tier) {
        Some(report) => of(report),
        None => unknown("no gap"),
    }
}

/// The last reading of a board by a day.
fn reading<'r>(report: &'r GapReport, board: &str, day: Date) -> Result<&'r GapReading, Lack> {
    let Some(b) = report.boards.iter().find(|b| b.board == board) else {
        return unknown(format!("{board} was not read"));
    };
    let by = |r: &&GapReading| r.gap.is_some() && r.day.parse::<Date>().is_ok_and(|d| d <= day);
    match b.history.iter().rfind(by) {
        Some(r) => Ok(r),
        None => unknown(format!("{board} was not read with both sides by {day}")),
    }
}

/// Best closed less best open: `gap("text-to-image", "2026-03-19", "any", "mid")`; the last may be `low`, `mid`, `high`,
/// `preferred` or `word`, and is the printed difference where it is left out.
pub fn gap(g: &Ground<'_>, call: &Call<'_>) -> Found {
    let board = call.text(0)?;
    let day = call.day(1, g.day())?;
    let tier = call.optional(2)?.unwrap_or("any");
    let part = call.optional(3)?.unwrap_or("gap");
    with_gaps(g, tier, |report| {
        let r = reading(report, board, day)?;
        let number = match part {
            "gap" => r.gap,
            "low" => r.low,
            "mid" => r.mid,
            "high" => r.high,
            "preferred" => r.preferred,
            "word" => None,
            other => return wrong(format!("`{other}` is no part of a gap")),
        };
        let value = match (part, number, &r.word) {
            ("word", _, Some(word)) => Value::Text(word.clone()),
            ("word", _, None) => return unknown(format!("{board} gives no word")),
            (_, Some(n), _) => decimal(n),
            _ => return unknown(format!("{board} prints no interval on {}", r.day)),
        };
        let name = |s: &Option<maquette_core::report::gap::GapSide>| {
            s.as_ref()
                .map_or(String::new(), |s| format!("{} {}", s.name, s.rating))
        };
        let note = format!("{} against {}", name(&r.closed), name(&r.open));
        g.input(call, &value, &r.source_title, &r.day, Some(note));
        Ok(value)
    })
}

/// Two names of a board: `pair("text-to-image", "flux-1-dev-fp8", "dall-e-3", "2026-03-19", "high")`; closed less open.
pub fn pair(g: &Ground<'_>, call: &Call<'_>) -> Found {
    let (board, open, closed) = (call.text(0)?, call.text(1)?, call.text(2)?);
    let day = call.day(3, g.day())?;
    let part = call.optional(4)?.unwrap_or("gap");
    let ask = Ask {
        boards: vec![board.to_owned()],
        pairs: vec![(open.to_owned(), closed.to_owned())],
        ..Ask::default()
    };
    let then = g.shared.on(day).map_err(lack)?;
    let report = crate::gap::gap(&then, &ask, &FactsForm::default()).map_err(lack)?;
    let line = report.boards.first();
    let found = line.and_then(|b| {
        let pair = b
            .pairs
            .iter()
            .find(|p| p.open == open && p.closed == closed)?;
        Some((b, pair))
    });
    let Some((b, p)) = found else {
        return unknown(format!("{board} was not read by {day}"));
    };
    if let Some(missing) = &p.missing {
        return unknown(format!("{board} of {}: {missing}", b.reading.day));
    }
    let number = match part {
        "gap" => p.gap,
        "low" => p.low,
        "high" => p.high,
        "preferred" => p.preferred,
        other => return wrong(format!("`{other}` is no part of a pair")),
    };
    let Some(number) = number else {
        return unknown(format!("{board} prints no interval on {}", b.reading.day));
    };
    let value = decimal(number);
    let interval = match (p.low, p.high) {
        (Some(low), Some(high)) => format!(", 90% interval {low} to {high}"),
        _ => String::new(),
    };
    let note = format!("{closed} less {open}{interval}");
    g.input(
        call,
        &value,
        &b.reading.source_title,
        &b.reading.day,
        Some(note),
    );
    Ok(value)
}

/// The word of a difference in points.
pub fn band(call: &Call<'_>) -> Found {
    let points: f64 = call.number(0)?.to_string().parse().unwrap_or(f64::NAN);
    Ok(Value::Text(Band::of(points).as_str().to_owned()))
}

/// Months behind as published last by a day.
pub fn behind(g: &Ground<'_>, call: &Call<'_>) -> Found {
    let day = call.day(0, g.day())?;
    let all = &g.shared.now.knowledge.catalog.boards.behind;
    let Some(b) = all.iter().rfind(|b| b.day <= day) else {
        return unknown(format!("nobody published months behind by {day}"));
    };
    let value = decimal(b.months);
    g.input(
        call,
        &value,
        &b.source,
        &b.day.to_string(),
        Some(b.scale.clone()),
    );
    Ok(value)
}

/// The label of a subject on the edition's day: `trend("hub:OWNER/NAME")`.
pub fn trend(g: &Ground<'_>, call: &Call<'_>) -> Found {
    let subject = call.text(0)?;
    if g.shared.trends.get().is_none() {
        let filter = crate::trends::Filter {
            all: true,
            ..crate::trends::Filter::default()
        };
        let report = crate::trends::trends(g.shared.then, &filter).map_err(lack)?;
        let _ = g.shared.trends.set(report);
    }
    let rows = g.shared.trends.get().map_or(&[][..], |r| &r.rows[..]);
    let Some(row) = rows.iter().find(|r| r.subject == subject) else {
        return unknown(format!("{subject} was not counted by {}", g.day()));
    };
    if row.label == "unclear" {
        return unknown(format!("unclear: {}", row.reason));
    }
    let value = Value::Text(row.label.clone());
    g.input(
        call,
        &value,
        "trends",
        &g.day().to_string(),
        Some(row.reason.clone()),
    );
    Ok(value)
}

/// How a prediction came out: `outcome("wan-1080p-open")`.
pub fn outcome(g: &Ground<'_>, call: &Call<'_>) -> Found {
    let id = call.text(0)?;
    if g.shared.predictions.get().is_none() {
        let filter = crate::predictions::Filter::default();
        let report = crate::predictions::predictions(g.shared.now, &filter).map_err(lack)?;
        let _ = g.shared.predictions.set(report);
    }
    let all = g
        .shared
        .predictions
        .get()
        .map_or(&[][..], |r| &r.questions[..]);
    let Some(q) = all.iter().find(|q| q.id == id) else {
        return unknown(format!(
            "no prediction `{id}` was written down by {}",
            g.shared.now.as_of
        ));
    };
    let yes = match q.status.as_str() {
        "yes" => true,
        "no" => false,
        status => {
            return unknown(format!("{id} is {status} (deadline {})", q.deadline));
        }
    };
    let value = Value::Truth(yes);
    let day = q.settled.clone().unwrap_or_default();
    g.input(
        call,
        &value,
        "the ledger of predictions",
        &day,
        q.because.clone(),
    );
    Ok(value)
}

/// An estimate: `fit("flux.1-schnell", "rtx-4090", "resolution=1024x1024; steps=4", "seconds")`. Parts: `seconds`, `low`,
/// `high` (of the seconds), `wh`, `cost` (USD of power, one unit), `cost_low`, `cost_high`, `peak` (GiB), `usable` (GiB),
/// `verdict`, `format`.
pub fn fit(g: &Ground<'_>, call: &Call<'_>) -> Found {
    let (model, gpu, part) = (call.text(0)?, call.text(1)?, call.text(3)?);
    let mut form = FitForm {
        model: model.to_owned(),
        ..FitForm::default()
    };
    if !gpu.is_empty() {
        form.studio.gpu = Some(gpu.to_owned());
    }
    for (key, text) in options(call.text(2)?)? {
        let number = || -> Result<f64, Lack> {
            text.parse()
                .or_else(|_| wrong(format!("{}: `{text}` is no number", call.written)))
        };
        match key {
            "resolution" => form.resolution = Some(text.to_owned()),
            "quant" => form.quant = Some(text.to_owned()),
            "engine" => form.engine = Some(text.to_owned()),
            "offload" => form.offload = Some(text.to_owned()),
            "country" => form.studio.country = Some(text.to_owned()),
            "seconds" => form.seconds = Some(number()?),
            "frames" => form.frames = Some(number()?),
            "steps" => form.steps = Some(number()?),
            "context" => form.context = Some(number()?),
            "prompt" => form.prompt = Some(number()?),
            "write" => form.write = Some(number()?),
            "vram" => form.vram = Some(number()?),
            "ram" => form.ram = Some(number()?),
            other => return wrong(format!("`{other}` is no option of fit")),
        }
    }
    let report = crate::fit::fit(g.shared.now, &form).map_err(lack)?;
    let time = report.time.as_ref().map(|t| &t.seconds);
    let cost = report.energy.as_ref().and_then(|e| e.cost.as_ref());
    let money = |text: Option<&String>| -> Found {
        match text.and_then(|t| t.parse().ok()) {
            Some(n) => Ok(Value::Number(n)),
            None => unknown(format!(
                "nobody knows what the power of {model} on {gpu} costs"
            )),
        }
    };
    let number = |n: Option<f64>| -> Found {
        match n {
            Some(n) => Ok(decimal(n)),
            None => unknown(format!("nobody knows the {part} of {model} on {gpu}")),
        }
    };
    let value = match part {
        "seconds" => number(time.map(|t| t.mid)),
        "low" => number(time.map(|t| t.low)),
        "high" => number(time.map(|t| t.high)),
        "wh" => number(report.energy.as_ref().map(|e| e.wh.mid)),
        "cost" => money(cost.map(|c| &c.amount)),
        "cost_low" => money(cost.map(|c| &c.low)),
        "cost_high" => money(cost.map(|c| &c.high)),
        "peak" => number(Some(report.memory.peak.mid)),
        "usable" => number(report.machine.usable_gib),
        "verdict" => Ok(Value::Text(report.verdict.clone())),
        "format" => Ok(Value::Text(report.setting.format.clone())),
        other => return wrong(format!("`{other}` is no part of fit")),
    }?;
    let note = format!(
        "{} in {} on {}, {}: {}",
        report.model.name,
        report.setting.format,
        report.machine.name,
        report.setting.work,
        report.verdict
    );
    g.input(
        call,
        &value,
        "an estimate of `maquette fit`",
        &report.as_of,
        Some(note),
    );
    Ok(value)
}

/// A month's total in USD: `month("closed", "images=100; videos=10", "gpu=none; country=US")`.
pub fn month(g: &Ground<'_>, call: &Call<'_>) -> Found {
    let kind = call.text(0)?;
    let mut request = Request::default();
    for (key, text) in options(call.text(1)?)? {
        let modality = match key {
            "images" => Modality::Image,
            "videos" => Modality::Video,
            "words" => Modality::Text,
            "songs" => Modality::Music,
            "minutes" => Modality::Speech,
            other => return wrong(format!("`{other}` is no work")),
        };
        request.quantities.push((modality, text.to_owned()));
    }
    request.gpu = Some("none".to_owned());
    for (key, text) in options(call.optional(2)?.unwrap_or_default())? {
        match key {
            "gpu" => request.gpu = Some(text.to_owned()),
            "country" => request.country = Some(text.to_owned()),
            "only" => request.only.push(text.replace(':', "=")),
            "resolution" => request.resolution = Some(text.to_owned()),
            "annual" => request.annual = text == "true",
            other => return wrong(format!("`{other}` is no option of a month")),
        }
    }
    let report = match crate::choose(g.shared.then, &request) {
        Ok(report) => report,
        Err(e) => return wrong(format!("{}: {}", call.written, e.message)),
    };
    let Some(stack) = report.stacks.iter().find(|s| s.id == kind) else {
        return wrong(format!("`{kind}` is no stack"));
    };
    let total = match &stack.total {
        Some(total) if stack.unpriced.is_empty() => total,
        _ => {
            let why = stack.unpriced.first().map_or("no total".to_owned(), |u| {
                format!("{}: {}", u.demand, u.reason)
            });
            return unknown(format!("no {kind} stack makes it all ({why})"));
        }
    };
    let value = match total.amount.parse() {
        Ok(n) => Value::Number(n),
        Err(_) => return unknown("no total"),
    };
    let choices: Vec<String> = stack
        .choices
        .iter()
        .map(|c| format!("{} by {}", c.demand, c.model_name))
        .collect();
    g.input(
        call,
        &value,
        "`maquette choose`",
        &report.as_of,
        Some(choices.join(", ")),
    );
    Ok(value)
}

//! What the catalog says: prices in force on the edition's day, fields of its entries, counts of models.

use maquette_catalog::Catalog;
use maquette_catalog::schema::model::{Model, Openness};
use maquette_catalog::schema::plan::{Billing, Fee};
use maquette_catalog::schema::provider::{Offer, PriceRow};
use maquette_core::{Date, Modality, Money};
use maquette_decide::standing::{Dates, standing};
use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::expr::{Found, Lack, Value, unknown, wrong};
use super::world::{Call, Ground};
use crate::request::CARRY_BACK_DAYS;

fn offer<'a>(g: &'a Ground<'_>, id: &str) -> Result<&'a Offer, Lack> {
    let providers = &g.shared.then.knowledge.catalog.providers;
    match providers.iter().flat_map(|p| &p.offer).find(|o| o.id == id) {
        Some(offer) => Ok(offer),
        None => wrong(format!("there is no offer `{id}`")),
    }
}

/// A price row, by its id: `price("fal/flux.1-schnell#1")`, in its own unit and currency.
pub fn price(g: &Ground<'_>, call: &Call<'_>) -> Found {
    let id = call.text(0)?;
    let Some((of, n)) = id.split_once('#') else {
        return wrong(format!("`{id}` names no row"));
    };
    let offer = offer(g, of)?;
    let row = n
        .parse::<usize>()
        .ok()
        .and_then(|n| offer.price.get(n.checked_sub(1)?));
    let Some(row) = row else {
        return wrong(format!("`{of}` has no row {n}"));
    };
    amount(g, call, id, row)
}

fn amount(g: &Ground<'_>, call: &Call<'_>, id: &str, row: &PriceRow) -> Found {
    let day = call.day(1, g.day())?;
    if let Err(why) = standing(&Dates::from(row), day, CARRY_BACK_DAYS) {
        return unknown(format!("{id} was not in force on {day} ({why:?})"));
    }
    if g.circular(&row.source) {
        return unknown(format!("{id} rests on the edition itself"));
    }
    let Some(money) = row.amount else {
        return unknown(format!("{id}: the amount is not published"));
    };
    Ok(told(g, call, money, row))
}

/// The amount of a row, with where it was read.
fn told(g: &Ground<'_>, call: &Call<'_>, money: Money, row: &PriceRow) -> Value {
    let value = Value::Number(money.amount);
    let note = format!(
        "{} {} per {}",
        money.amount.normalize(),
        money.currency,
        row.per
    );
    g.input(
        call,
        &value,
        &row.source,
        &row.as_of.to_string(),
        Some(note),
    );
    value
}

/// The least or the largest price of an offer in force: `price_max("openai/dall-e-3", "quality=standard")`.
pub fn price_of(g: &Ground<'_>, call: &Call<'_>, least: bool) -> Found {
    let id = call.text(0)?;
    let when: Vec<(&str, &str)> = call
        .optional(1)?
        .unwrap_or_default()
        .split(',')
        .filter_map(|p| p.split_once('='))
        .map(|(k, v)| (k.trim(), v.trim()))
        .collect();
    let day = g.day();
    let rows = offer(g, id)?.price.iter().filter(|r| {
        r.modifier.is_none()
            && standing(&Dates::from(*r), day, CARRY_BACK_DAYS).is_ok()
            && when
                .iter()
                .all(|(k, v)| r.when.get(*k).is_some_and(|have| have == v))
            && !g.circular(&r.source)
    });
    let amounts = rows.filter_map(|r| Some((r.amount?, r)));
    let chosen = if least {
        amounts.min_by_key(|(m, _)| m.amount)
    } else {
        amounts.max_by_key(|(m, _)| m.amount)
    };
    let Some((money, row)) = chosen else {
        return unknown(format!("no price of {id} was in force on {day}"));
    };
    Ok(told(g, call, money, row))
}

/// A plan's fee in force: `fee("midjourney-basic", "monthly")`; `annual` is the whole year.
pub fn fee(g: &Ground<'_>, call: &Call<'_>) -> Found {
    let (id, billing) = (call.text(0)?, call.text(1)?);
    let billing = match billing {
        "monthly" => Billing::Monthly,
        "annual" => Billing::Annual,
        other => return wrong(format!("`{other}` is neither monthly nor annual")),
    };
    let providers = &g.shared.then.knowledge.catalog.providers;
    let Some(plan) = providers.iter().flat_map(|p| &p.plan).find(|p| p.id == id) else {
        return wrong(format!("there is no plan `{id}`"));
    };
    let day = call.day(2, g.day())?;
    let of: Vec<&Fee> = plan
        .fee
        .iter()
        .filter(|f| f.billing == billing && f.intro_months.is_none())
        .collect();
    let chosen = of
        .iter()
        .filter(|f| standing(&Dates::from(**f), day, CARRY_BACK_DAYS).is_ok())
        .max_by_key(|f| Dates::from(**f).start());
    let Some(fee) = chosen else {
        return unknown(format!(
            "no fee of {id} was read that was in force on {day}"
        ));
    };
    if g.circular(&fee.source) {
        return unknown(format!("the fee of {id} rests on the edition itself"));
    }
    let value = Value::Number(fee.amount.amount);
    g.input(call, &value, &fee.source, &fee.as_of.to_string(), None);
    Ok(value)
}

/// A field of an entry: `field("model:sdxl-1.0", "license")`, `field("plan:suno-pro", "burn.suno.amount")`. In a list the
/// element is named by its `id`, `model`, `name` or place; `license.` of a model leads on to its license.
pub fn field(g: &Ground<'_>, call: &Call<'_>) -> Found {
    let (id, path) = (call.text(0)?, call.text(1)?);
    let catalog = &g.shared.then.knowledge.catalog;
    let mut steps: Vec<&str> = path.split('.').collect();
    let mut entry = entry(catalog, id)?;
    if id.starts_with("model:") && steps.len() > 1 && steps[0] == "license" {
        let license = entry.get("license").and_then(Json::as_str);
        let Some(license) = license else {
            return unknown(format!("the catalog does not know the license of {id}"));
        };
        entry = self::entry(catalog, &format!("license:{license}"))?;
        steps.remove(0);
    }
    let mut at = &entry;
    // The nearest part that says where it was read speaks for what lies in it.
    let mut near = &entry;
    for step in steps {
        let next = match at {
            Json::Object(fields) => fields.get(step),
            Json::Array(list) => list
                .iter()
                .find(|e| {
                    ["id", "model", "name", "what"]
                        .iter()
                        .any(|k| e.get(k).and_then(Json::as_str) == Some(step))
                })
                .or_else(|| list.get(step.parse::<usize>().ok()?)),
            _ => None,
        };
        match next {
            Some(next) if !next.is_null() => {
                at = next;
                if next.get("source").is_some() {
                    near = next;
                }
            }
            _ => return unknown(format!("the catalog does not say {path} of {id}")),
        }
    }
    let value = match at {
        Json::Bool(b) => Value::Truth(*b),
        Json::Number(n) => match n.to_string().parse() {
            Ok(n) => Value::Number(n),
            Err(_) => Value::Text(n.to_string()),
        },
        Json::String(s) => plain(s),
        Json::Array(list) => Value::Text(
            list.iter()
                .map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
                .collect::<Vec<_>>()
                .join(", "),
        ),
        Json::Object(_) | Json::Null => return wrong(format!("{path} of {id} is no value")),
    };
    let text = |key: &str| {
        let of = |e: &Json| e.get(key).and_then(Json::as_str).map(str::to_owned);
        of(near).or_else(|| of(&entry))
    };
    let source = text("license_source")
        .filter(|_| path.starts_with("license"))
        .or_else(|| text("source"))
        .or_else(|| text("text_seen_at"))
        .unwrap_or_else(|| format!("catalog, {id}"));
    if g.circular(&source) {
        return unknown(format!("{path} of {id} rests on the edition itself"));
    }
    let as_of = text("as_of")
        .or_else(|| text("text_date"))
        .unwrap_or_default();
    g.input(call, &value, &source, &as_of, None);
    Ok(value)
}

/// A decimal that the catalog keeps as a text is a number; a version such as `1.0` of a name is not asked for here.
fn plain(s: &str) -> Value {
    let amount = s.strip_suffix(" USD").unwrap_or(s);
    match amount.parse::<Decimal>() {
        Ok(n) => Value::Number(n),
        Err(_) => Value::Text(s.to_owned()),
    }
}

fn json<T: serde::Serialize>(found: Option<&T>, id: &str) -> Result<Json, Lack> {
    match found.map(serde_json::to_value) {
        Some(Ok(v)) => Ok(v),
        Some(Err(e)) => wrong(format!("{id}: {e}")),
        None => wrong(format!("the catalog has no {id}")),
    }
}

fn entry(catalog: &Catalog, id: &str) -> Result<Json, Lack> {
    let Some((kind, name)) = id.split_once(':') else {
        return wrong(format!("`{id}` names no kind"));
    };
    let providers = &catalog.providers;
    match kind {
        "model" => json(catalog.models.iter().find(|m| m.id == name), id),
        "license" => json(catalog.licenses.iter().find(|l| l.id == name), id),
        "plan" => json(
            providers
                .iter()
                .flat_map(|p| &p.plan)
                .find(|p| p.id == name),
            id,
        ),
        "offer" => json(
            providers
                .iter()
                .flat_map(|p| &p.offer)
                .find(|o| o.id == name),
            id,
        ),
        "rental" => json(
            providers
                .iter()
                .flat_map(|p| &p.rental)
                .find(|r| r.id == name),
            id,
        ),
        "gpu" => json(catalog.gpus.iter().find(|x| x.id == name), id),
        "place" => json(catalog.places.iter().find(|x| x.id == name), id),
        "conversion" => json(catalog.conversions.iter().find(|x| x.id == name), id),
        other => wrong(format!("`{other}` is no kind of entry")),
    }
}

/// Conditions on a model: `openness=open, modality!=text, license_class=permissive, released<=2026-03-19, publisher^Alibaba`.
/// Of several values one (`family=wan2.1|wan2.2`) is enough.
pub struct Filter(Vec<(String, Op, Vec<String>)>);

#[derive(Clone, Copy, PartialEq)]
enum Op {
    Is,
    IsNot,
    Starts,
    By,
    From,
}

impl Filter {
    pub fn of(text: &str) -> Result<Filter, Lack> {
        let mut out = Vec::new();
        for part in text.split(',').map(str::trim).filter(|p| !p.is_empty()) {
            let ops = [
                ("!=", Op::IsNot),
                ("<=", Op::By),
                (">=", Op::From),
                ("^", Op::Starts),
                ("=", Op::Is),
            ];
            let found = ops
                .iter()
                .find_map(|(mark, op)| Some((part.split_once(mark)?, *op)));
            let Some(((key, values), op)) = found else {
                return wrong(format!("`{part}` is no condition"));
            };
            let values: Vec<String> = values.split('|').map(|v| v.trim().to_owned()).collect();
            let known = [
                "openness",
                "modality",
                "family",
                "license",
                "license_class",
                "publisher",
                "released",
                "licensed",
                "id",
            ];
            if !known.contains(&key.trim()) {
                return wrong(format!("`{key}` is nothing that models are told apart by"));
            }
            if matches!(op, Op::By | Op::From) && values.iter().any(|v| v.parse::<Date>().is_err())
            {
                return wrong(format!("`{part}`: not a day"));
            }
            out.push((key.trim().to_owned(), op, values));
        }
        Ok(Filter(out))
    }

    pub fn admits(&self, m: &Model, catalog: &Catalog) -> bool {
        self.0.iter().all(|(key, op, values)| {
            if key == "released" {
                // A vague day counts where its whole period does.
                return values
                    .iter()
                    .filter_map(|v| v.parse::<Date>().ok())
                    .any(|d| {
                        m.released.is_some_and(|r| match op {
                            Op::From => r.first() >= d,
                            _ => r.last() <= d,
                        })
                    });
            }
            let license = m.license.as_deref();
            let class = license
                .and_then(|id| catalog.licenses.iter().find(|l| l.id == id))
                .map(|l| l.class.to_string());
            let have = match key.as_str() {
                "openness" => Some(
                    if m.openness == Openness::Open {
                        "open"
                    } else {
                        "closed"
                    }
                    .to_owned(),
                ),
                "modality" => Some(Modality::to_string(&m.modality)),
                "family" => Some(m.family.clone()),
                "license" => license.map(str::to_owned),
                "license_class" => class,
                "publisher" => m.publisher.clone(),
                "licensed" => Some(if license.is_some() { "yes" } else { "no" }.to_owned()),
                _ => Some(m.id.clone()),
            };
            let Some(have) = have else {
                return *op == Op::IsNot;
            };
            match op {
                Op::IsNot => !values.contains(&have),
                Op::Starts => values.iter().any(|v| have.starts_with(v.as_str())),
                _ => values.contains(&have),
            }
        })
    }
}

/// Models of the catalog that conditions hold of.
pub fn count(g: &Ground<'_>, call: &Call<'_>) -> Found {
    let filter = Filter::of(call.text(0)?)?;
    let catalog = &g.shared.then.knowledge.catalog;
    let of: Vec<&str> = catalog
        .models
        .iter()
        .filter(|m| filter.admits(m, catalog))
        .map(|m| m.id.as_str())
        .collect();
    let value = Value::Number(Decimal::from(of.len()));
    let some: Vec<&str> = of.iter().take(8).copied().collect();
    let more = if of.len() > some.len() { ", …" } else { "" };
    let note = format!("{}{more}", some.join(", "));
    g.input(
        call,
        &value,
        "the catalog's models",
        &g.day().to_string(),
        Some(note),
    );
    Ok(value)
}

/// Different license texts among the models that conditions hold of.
pub fn texts(g: &Ground<'_>, call: &Call<'_>) -> Found {
    let filter = Filter::of(call.text(0)?)?;
    let catalog = &g.shared.then.knowledge.catalog;
    let mut of: Vec<&str> = catalog
        .models
        .iter()
        .filter(|m| filter.admits(m, catalog))
        .filter_map(|m| m.license.as_deref())
        .collect();
    of.sort_unstable();
    of.dedup();
    let value = Value::Number(Decimal::from(of.len()));
    g.input(
        call,
        &value,
        "the catalog's models",
        &g.day().to_string(),
        None,
    );
    Ok(value)
}

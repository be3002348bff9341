//! The facts of an asker as they are written: in a batch line, in `[facts]` of `studio.toml`, and by
//! flags. One form for all three; what it says is checked and turned into the engine's facts.

use std::collections::BTreeMap;

use maquette_catalog::schema::terms::Hardware;
use maquette_core::{Currency, Date, Money, Use, territory};
use maquette_license::{Act, Facts, Registered, Via};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::context::Context;
use crate::quantity;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct FactsForm {
    #[serde(rename = "use")]
    pub purpose: Option<String>,
    pub via: Option<String>,
    pub acts: Option<OneOrMore>,
    pub place: Option<String>,
    pub domicile: Option<String>,
    pub output_to: Option<OneOrMore>,
    /// With a currency (`2M EUR`), or in the currency of the key.
    pub annual_revenue: Option<Amount>,
    pub annual_revenue_usd: Option<Amount>,
    pub annual_revenue_rmb: Option<Amount>,
    pub group_annual_revenue: Option<Amount>,
    pub group_annual_revenue_usd: Option<Amount>,
    pub group_aggregate_revenue: Option<Amount>,
    pub group_aggregate_revenue_usd: Option<Amount>,
    pub monthly_revenue: Option<Amount>,
    pub monthly_revenue_usd: Option<Amount>,
    pub annual_recurring_revenue: Option<Amount>,
    pub annual_recurring_revenue_usd: Option<Amount>,
    pub recipient_revenue: Option<Amount>,
    pub recipient_revenue_usd: Option<Amount>,
    pub product_mau: Option<Amount>,
    pub group_mau: Option<Amount>,
    pub group_mau_at_release: Option<Amount>,
    pub annual_active_users: Option<Amount>,
    pub monthly_visits: Option<Amount>,
    pub monthly_unique_users: Option<Amount>,
    pub registered: Option<bool>,
    pub person: Option<bool>,
    pub modified: Option<bool>,
    pub multimodal: Option<bool>,
    pub client_work: Option<bool>,
    pub content_filter: Option<bool>,
    pub hardware: Option<String>,
    pub downloaded: Option<String>,
    pub date: Option<String>,
    pub held_license: Option<OneOrMore>,
    pub derivative_name: Option<String>,
    pub conflict: Option<String>,
    /// What is done later with what came out: `sell-output`.
    pub later: Option<Value>,
    /// Keys that mean nothing here: said, never silently dropped.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, Value>,
}

/// A word, a list of words, or words with commas between.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OneOrMore(pub Vec<String>);

impl OneOrMore {
    pub fn parse(text: &str) -> OneOrMore {
        let parts = text.split(',').map(str::trim).filter(|p| !p.is_empty());
        OneOrMore(parts.map(str::to_owned).collect())
    }
}

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            One(String),
            More(Vec<String>),
        }
        Ok(match Form::deserialize(d)? {
            Form::One(s) => OneOrMore::parse(&s),
            Form::More(list) => {
                OneOrMore(list.iter().flat_map(|s| OneOrMore::parse(s).0).collect())
            }
        })
    }
}

/// A number as written: `2000000`, `"2M"`, `"2M EUR"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount(pub String);

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(d)? {
            Value::String(s) => Amount(s),
            Value::Number(n) => Amount(n.to_string()),
            other => return Err(serde::de::Error::custom(format!("a number, not {other}"))),
        })
    }
}

/// The engine's facts, and what of the form keeps them from being relied on.
pub struct Told {
    pub facts: Facts,
    pub doubts: Vec<String>,
}

impl FactsForm {
    /// Wrong words are errors; amounts that cannot be converted are doubts.
    pub fn facts(&self, ctx: &Context) -> Result<Told, String> {
        let purpose = match self.purpose.as_deref() {
            Some(s) => s.parse::<Use>()?,
            None => Use::Commercial,
        };
        let via = match self.via.as_deref() {
            Some(s) => s.parse::<Via>()?,
            None => Via::SelfHosted,
        };
        let acts: Vec<Act> = match &self.acts {
            Some(OneOrMore(list)) if list.is_empty() => {
                return Err("acts: none is named".to_owned());
            }
            Some(OneOrMore(list)) => list.iter().map(|a| a.parse()).collect::<Result<_, _>>()?,
            _ if purpose == Use::Commercial => vec![Act::Run, Act::SellOutput],
            _ => vec![Act::Run],
        };
        let mut facts = Facts::new(purpose, via, acts);
        // Sold later, it is judged as an output: what it was made for stays what it was.
        let sold = match &self.later {
            Some(Value::Bool(later)) => *later,
            Some(Value::String(s)) => s.contains("sell") || s.contains("commerc"),
            _ => false,
        };
        if sold {
            facts.acts.insert(Act::SellOutput);
        }
        let mut doubts = Vec::new();
        facts.place = code("place", self.place.as_ref())?;
        facts.domicile = code("domicile", self.domicile.as_ref())?;
        if let Some(OneOrMore(list)) = &self.output_to {
            let codes = list.iter().map(|c| code("output_to", Some(c)));
            let codes: Vec<Option<String>> = codes.collect::<Result<_, _>>()?;
            facts.output_to = Some(codes.into_iter().flatten().collect());
        }
        self.sizes(&mut facts, ctx, &mut doubts)?;
        facts.registered = match self.registered {
            Some(true) => Registered::Yes,
            Some(false) => Registered::No,
            None => Registered::Unsaid,
        };
        facts.person = self.person;
        facts.modified = self.modified;
        facts.multimodal = self.multimodal;
        facts.client_work = self.client_work;
        facts.content_filter = self.content_filter;
        facts.hardware = self.hardware.as_deref().map(hardware);
        let day = |key: &str, text: &Option<String>| -> Result<Option<Date>, String> {
            let parse = |t: &String| {
                t.parse()
                    .map_err(|_| format!("{key}: `{t}` is not a day (2026-03-19)"))
            };
            text.as_ref().map(parse).transpose()
        };
        let downloaded = day("downloaded", &self.downloaded)?.or(day("date", &self.date)?);
        if let Some(later) = downloaded.filter(|d| *d > ctx.as_of) {
            return Err(format!("downloaded: {later} lies after {}", ctx.as_of));
        }
        // The edition of the day whose world is asked for.
        facts.downloaded = downloaded.or(Some(ctx.as_of));
        facts.held = self.held_license.clone().unwrap_or_default().0;
        doubts.extend(self.not_sold(ctx));
        let catalog = &ctx.knowledge.catalog;
        facts.grants = ctx.grants.iter().filter_map(|r| r.live(catalog)).collect();
        facts.derivative_name.clone_from(&self.derivative_name);
        facts.conflict.clone_from(&self.conflict);
        doubts.extend(self.unknown.keys().map(|key| {
            let near = maquette_core::names::nearest(key, KEYS.iter().copied());
            format!(
                "`{key}` is not a fact{}",
                maquette_core::names::did_you_mean(&near)
            )
        }));
        Ok(Told { facts, doubts })
    }

    /// Licenses said to be held that nobody sells, as far as the catalog knows.
    fn not_sold(&self, ctx: &Context) -> Vec<String> {
        let licenses = ctx.knowledge.catalog.licenses.iter();
        let sold: Vec<&str> = licenses
            .flat_map(|l| &l.purchase)
            .map(|p| p.id.as_str())
            .collect();
        let held = self.held_license.iter().flat_map(|h| &h.0);
        held.filter(|id| !sold.contains(&id.as_str()))
            .map(|id| {
                let near = maquette_core::names::nearest(id, sold.iter().copied());
                format!(
                    "held_license: the catalog knows no `{id}`{}; record it with `maquette license add`",
                    maquette_core::names::did_you_mean(&near)
                )
            })
            .collect()
    }

    fn sizes(
        &self,
        facts: &mut Facts,
        ctx: &Context,
        doubts: &mut Vec<String>,
    ) -> Result<(), String> {
        let mut money =
            |key: &str, named: &Option<Amount>, plain: &Option<Amount>, currency: Currency| {
                let Some(amount) = named.as_ref().or(plain.as_ref()) else {
                    return Ok(None);
                };
                let said = said(key, amount, currency)?;
                let converted = exchange(ctx, said, currency);
                if converted.is_none() {
                    doubts.push(format!(
                        "{key}: no rate from {} to {currency} is in the catalog",
                        said.currency
                    ));
                }
                Ok::<_, String>(converted)
            };
        let usd = Currency::USD;
        let s = &mut facts.sizes;
        s.annual_revenue_usd = money(
            "annual_revenue",
            &self.annual_revenue_usd,
            &self.annual_revenue,
            usd,
        )?;
        s.group_annual_revenue_usd = money(
            "group_annual_revenue",
            &self.group_annual_revenue_usd,
            &self.group_annual_revenue,
            usd,
        )?;
        s.group_aggregate_revenue_usd = money(
            "group_aggregate_revenue",
            &self.group_aggregate_revenue_usd,
            &self.group_aggregate_revenue,
            usd,
        )?;
        s.monthly_revenue_usd = money(
            "monthly_revenue",
            &self.monthly_revenue_usd,
            &self.monthly_revenue,
            usd,
        )?;
        s.annual_recurring_revenue_usd = money(
            "annual_recurring_revenue",
            &self.annual_recurring_revenue_usd,
            &self.annual_recurring_revenue,
            usd,
        )?;
        s.recipient_revenue_usd = money(
            "recipient_revenue",
            &self.recipient_revenue_usd,
            &self.recipient_revenue,
            usd,
        )?;
        if let Ok(cny) = "CNY".parse::<Currency>() {
            s.annual_revenue_rmb =
                money("annual_revenue_rmb", &self.annual_revenue_rmb, &None, cny)?;
            let year = s.group_annual_revenue_usd.max(s.annual_revenue_usd);
            if let (None, Some(usd)) = (s.annual_revenue_rmb, year) {
                s.annual_revenue_rmb = exchange(ctx, Money::new(usd, Currency::USD), cny);
            }
        }
        for (key, form, slot) in [
            ("product_mau", &self.product_mau, &mut s.product_mau),
            ("group_mau", &self.group_mau, &mut s.group_mau),
            (
                "group_mau_at_release",
                &self.group_mau_at_release,
                &mut s.group_mau_at_release,
            ),
            (
                "annual_active_users",
                &self.annual_active_users,
                &mut s.annual_active_users,
            ),
            (
                "monthly_visits",
                &self.monthly_visits,
                &mut s.monthly_visits,
            ),
            (
                "monthly_unique_users",
                &self.monthly_unique_users,
                &mut s.monthly_unique_users,
            ),
        ] {
            *slot = form.as_ref().map(|a| count(key, &a.0)).transpose()?;
        }
        Ok(())
    }
}

const KEYS: [&str; 34] = [
    "use",
    "via",
    "acts",
    "place",
    "domicile",
    "output_to",
    "annual_revenue",
    "annual_revenue_usd",
    "annual_revenue_rmb",
    "group_annual_revenue",
    "group_annual_revenue_usd",
    "group_aggregate_revenue_usd",
    "monthly_revenue",
    "monthly_revenue_usd",
    "annual_recurring_revenue_usd",
    "recipient_revenue",
    "recipient_revenue_usd",
    "product_mau",
    "group_mau",
    "group_mau_at_release",
    "annual_active_users",
    "monthly_visits",
    "monthly_unique_users",
    "registered",
    "person",
    "modified",
    "multimodal",
    "client_work",
    "content_filter",
    "hardware",
    "downloaded",
    "held_license",
    "derivative_name",
    "conflict",
];

fn code(key: &str, text: Option<&String>) -> Result<Option<String>, String> {
    let resolve = |t: &String| territory::resolve(t).map_err(|e| format!("{key}: {e}"));
    text.map(resolve).transpose()
}

fn count(key: &str, text: &str) -> Result<Decimal, String> {
    let n = quantity::number(text).map_err(|e| format!("{key}: {e}"))?;
    if n.is_sign_negative() && !n.is_zero() {
        return Err(format!("{key}: not below zero, as {text} is"));
    }
    Ok(n)
}

/// An amount with its currency, or in the one that its key names.
fn said(key: &str, amount: &Amount, currency: Currency) -> Result<Money, String> {
    let text = amount.0.trim();
    let money = match text.rsplit_once(' ') {
        Some((n, unit)) => {
            let unit = unit.parse().map_err(|e| format!("{key}: {e}"))?;
            Money::new(count(key, n)?, unit)
        }
        None => Money::new(count(key, text)?, currency),
    };
    Ok(money)
}

/// At the rate nearest to the day asked for, in either direction.
fn exchange(ctx: &Context, money: Money, to: Currency) -> Option<Decimal> {
    if money.currency == to {
        return Some(money.amount);
    }
    let rates = &ctx.knowledge.catalog.exchange;
    let distance =
        |d: maquette_core::PartialDate| maquette_core::days_between(d.last(), ctx.as_of).abs();
    let forth = |a: Currency, b: Currency| {
        let rows = rates.iter().filter(|x| x.from == a && x.to == b);
        rows.min_by_key(|x| distance(x.as_of)).map(|x| x.rate)
    };
    // Over the dollar, which every rate of the catalog knows.
    let to_usd = |c: Currency| {
        if c == Currency::USD {
            Some(Decimal::ONE)
        } else {
            forth(c, Currency::USD)
        }
    };
    let usd = money.amount.checked_mul(to_usd(money.currency)?)?;
    usd.checked_div(to_usd(to)?)
}

fn hardware(text: &str) -> Hardware {
    let known = Hardware::ALL.iter().copied();
    let wanted = text.to_lowercase();
    known
        .into_iter()
        .find(|h| wanted.contains(h.as_str()))
        .unwrap_or(Hardware::Other)
}

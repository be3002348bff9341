//! `prices --conflicts`: the catalog's prices beside what price maps said, and who copies whom.
//!
//! Two sources of one origin are one witness. A price that maps say and the catalog does not is a
//! change where it was first seen after the catalog's reading, and else a disagreement. A change that
//! one witness has said for less than a day is pending.

use std::collections::{BTreeMap, BTreeSet};

use maquette_catalog::schema::provider::{Offer, PriceRow};
use maquette_core::report::observe::{ConflictLine, ConflictsReport, WitnessLine};
use maquette_core::{Date, MoneyFigure, days_between, names};
use maquette_decide::variant;
use maquette_observe::fact::Value;
use maquette_observe::source::price;
use rust_decimal::Decimal;

use super::readings::of_track;
use super::{day_of, end_of};
use crate::context::Context;
use crate::error::AppError;
use crate::listing::{Filter, offer_standing};

/// What a provider is called in the sources, beside its own name in the catalog.
const PROVIDERS: &[(&str, &[&str])] = &[
    ("alibaba", &["dashscope"]),
    ("bfl", &["black_forest_labs"]),
    ("bytedance", &["volcengine"]),
    ("cloudflare", &["cloudflare-workers-ai"]),
    ("fal", &["fal_ai"]),
    ("fireworks", &["fireworks_ai", "fireworks-ai"]),
    ("google", &["gemini"]),
    ("novita", &["novita-ai"]),
    ("runway", &["runwayml"]),
    ("together", &["together_ai", "togetherai"]),
];

/// Days that a change must stand, where one origin alone says it.
const STAND_DAYS: i64 = 1;

/// Days by which a source's last reading may lie before the catalog's, to contradict it.
const OLD_DAYS: i64 = 30;

/// One source's word on one price.
#[derive(Debug, Clone)]
struct Witness {
    source: String,
    origin: String,
    usd: Decimal,
    /// First day of the run of readings with this very value.
    since: Date,
    /// Last day on which the source was read.
    read: Date,
    /// It said otherwise before: what is merely read for the first time is no change.
    changed: bool,
}

/// Provider, model, unit with what it depends on.
type Key = (String, String, String);

pub fn conflicts(ctx: &Context, filter: &Filter) -> Result<ConflictsReport, AppError> {
    let witnesses = witnesses(ctx)?;
    let catalog = &ctx.knowledge.catalog;
    let mut lines = Vec::new();
    let (mut compared, mut alone) = (0, 0);
    for p in &catalog.providers {
        for o in &p.offer {
            let named = filter
                .name
                .as_ref()
                .is_none_or(|n| *n == p.id || *n == o.id || *n == o.model);
            if !named || filter.modality.is_some_and(|m| m != o.modality) {
                continue;
            }
            let model = catalog.models.iter().find(|m| m.id == o.model);
            for (i, row) in o.price.iter().enumerate() {
                let (_, holds) = offer_standing(o, model, i, ctx.as_of);
                let Some(own) = row.amount.filter(|_| holds) else {
                    continue;
                };
                let said = said(&witnesses, &p.id, o, row);
                if said.is_empty() || own.currency.as_str() != "USD" {
                    alone += 1;
                    continue;
                }
                compared += 1;
                let line = judge(ctx.as_of, o, i, row, own.amount, said);
                if filter.all || line.verdict != "agrees" {
                    lines.push(line);
                }
            }
        }
    }
    lines.sort_by(|a, b| (&a.verdict, &a.id).cmp(&(&b.verdict, &b.id)));
    let sources: BTreeSet<&str> = lines
        .iter()
        .flat_map(|l| &l.witnesses)
        .map(|w| w.source.as_str())
        .collect();
    Ok(ConflictsReport {
        schema: "maquette.price-conflicts/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        compared,
        alone,
        attributions: super::series::attributions(ctx, sources.into_iter())?,
        conflicts: lines,
    })
}

fn judge(
    as_of: Date,
    o: &Offer,
    i: usize,
    row: &PriceRow,
    own: Decimal,
    said: Vec<Witness>,
) -> ConflictLine {
    let read = row.as_of.last();
    let agree = |w: &&Witness| w.usd == own;
    let newer: Vec<&Witness> = said
        .iter()
        .filter(|w| w.usd != own && w.changed && w.since > read)
        .collect();
    let older = |w: &&Witness| w.usd != own && !(w.changed && w.since > read);
    let outdated = |w: &Witness| days_between(w.read, read) > OLD_DAYS;
    let origins = |list: &[&Witness], usd: Decimal| {
        let of: BTreeSet<&str> = list
            .iter()
            .filter(|w| w.usd == usd)
            .map(|w| w.origin.as_str())
            .collect();
        of.len()
    };
    let (verdict, why) = if let Some(first) = newer
        .iter()
        .max_by_key(|w| (origins(&newer, w.usd), w.since))
    {
        let stood = days_between(first.since, as_of);
        let n = origins(&newer, first.usd);
        if n >= 2 {
            (
                "changed",
                format!(
                    "{n} independent sources say {} since {}",
                    first.usd, first.since
                ),
            )
        } else if stood >= STAND_DAYS {
            (
                "changed",
                format!(
                    "{} has said {} for {stood} days, since {}",
                    first.source, first.usd, first.since
                ),
            )
        } else {
            (
                "pending",
                format!(
                    "{} alone says {} since {}: a second source or a day is waited for",
                    first.source, first.usd, first.since
                ),
            )
        }
    } else if said.iter().filter(older).any(|w| !outdated(w)) {
        let n = said.iter().filter(agree).count();
        (
            "differs",
            format!(
                "nobody saw it change since the catalog's reading of {read}; {n} of {} agree with it",
                said.len()
            ),
        )
    } else if said.iter().any(|w| older(&w)) {
        (
            "outdated",
            format!("who says otherwise was last read more than {OLD_DAYS} days before {read}"),
        )
    } else {
        ("agrees", String::new())
    };
    let new_amount = newer
        .iter()
        .max_by_key(|w| (origins(&newer, w.usd), w.since))
        .filter(|_| verdict == "changed")
        .map(|w| w.usd.normalize().to_string());
    ConflictLine {
        id: format!("{}#{}", o.id, i + 1),
        per: row.per.to_string(),
        when: variant::describe(&row.when),
        modifier: row.modifier.clone(),
        price: MoneyFigure::from(maquette_core::Money::usd(own)),
        source: row.source.clone(),
        source_as_of: row.as_of.to_string(),
        witnesses: said
            .into_iter()
            .map(|w| WitnessLine {
                source: w.source,
                origin: w.origin,
                amount: w.usd.normalize().to_string(),
                since: w.since.to_string(),
                read_on: w.read.to_string(),
            })
            .collect(),
        new_amount,
        verdict: verdict.to_owned(),
        why,
    }
}

/// The catalog with the prices that price maps changed since its readings, where that stands.
pub fn laid_over(mut ctx: Context) -> Result<Context, AppError> {
    let gained = gained(&ctx)?;
    for provider in &mut ctx.knowledge.catalog.providers {
        for offer in &mut provider.offer {
            let rows = gained.iter().filter(|(id, _)| *id == offer.id);
            offer.price.extend(rows.map(|(_, row)| row.clone()));
        }
    }
    Ok(ctx)
}

/// Rows that the catalog gains from what was observed here: changes that stand, each from the day on
/// which it was first seen, with its sources. The catalog's own row holds before.
fn gained(ctx: &Context) -> Result<Vec<(String, PriceRow)>, AppError> {
    if ctx.store()?.is_none() {
        return Ok(Vec::new());
    }
    let filter = Filter::default();
    let report = conflicts(ctx, &filter)?;
    let catalog = &ctx.knowledge.catalog;
    let mut out = Vec::new();
    for line in report.conflicts.iter().filter(|l| l.verdict == "changed") {
        let Some((offer, n)) = line.id.rsplit_once('#') else {
            continue;
        };
        let found = catalog
            .providers
            .iter()
            .flat_map(|p| &p.offer)
            .find(|o| o.id == offer);
        let row = found.and_then(|o| o.price.get(n.parse::<usize>().ok()?.checked_sub(1)?));
        let (Some(row), Some(usd)) = (
            row,
            line.new_amount
                .as_ref()
                .and_then(|a| a.parse::<Decimal>().ok()),
        ) else {
            continue;
        };
        let say: Vec<&WitnessLine> = line
            .witnesses
            .iter()
            .filter(|w| w.amount.parse::<Decimal>().ok() == Some(usd))
            .collect();
        let day = |pick: fn(&WitnessLine) -> &str| {
            say.iter().filter_map(move |w| pick(w).parse::<Date>().ok())
        };
        let (Some(since), Some(read)) = (day(|w| &w.since).min(), day(|w| &w.read_on).max()) else {
            continue;
        };
        let names: Vec<&str> = say.iter().map(|w| w.source.as_str()).collect();
        out.push((
            offer.to_owned(),
            PriceRow {
                amount: Some(maquette_core::Money::usd(usd)),
                from: Some(since),
                until: None,
                first_seen: Some(maquette_core::PartialDate::day(since)),
                as_of: maquette_core::PartialDate::day(read),
                absent_on: None,
                source: format!("observed: {}", names.join(", ")),
                confidence: maquette_core::Confidence::Medium,
                note: Some(format!(
                    "in place of {} of {}; {}",
                    line.price.amount, line.source_as_of, line.why
                )),
                ..row.clone()
            },
        ));
    }
    Ok(out)
}

/// The sources' words on this row of this offer.
fn said(
    all: &BTreeMap<Key, Vec<Witness>>,
    provider: &str,
    o: &Offer,
    row: &PriceRow,
) -> Vec<Witness> {
    let tail = o.id.split_once('/').map_or(o.id.as_str(), |(_, t)| t);
    let mut written: Vec<&str> = vec![tail];
    written.extend(o.sold_as.as_deref());
    written.push(&o.model);
    let metric = metric(row);
    let mut out: Vec<Witness> = Vec::new();
    for name in written {
        let key = (provider.to_owned(), names::fold(name), metric.clone());
        for w in all.get(&key).into_iter().flatten() {
            if !out.iter().any(|x| x.source == w.source && x.usd == w.usd) {
                out.push(w.clone());
            }
        }
        if !out.is_empty() {
            break;
        }
    }
    // Of one origin, the latest reading speaks: a copy that stood still is no second opinion.
    let latest = |origin: &str| {
        out.iter()
            .filter(|w| w.origin == origin)
            .map(|w| w.read)
            .max()
    };
    let keep: Vec<bool> = out
        .iter()
        .map(|w| latest(&w.origin) == Some(w.read))
        .collect();
    let mut kept = keep.into_iter();
    out.retain(|_| kept.next().unwrap_or(true));
    out
}

/// A row of the catalog as the sources' metrics are written.
fn metric(row: &PriceRow) -> String {
    let mut when: BTreeMap<String, String> = row.when.clone();
    for word in row.modifier.iter().flat_map(|m| {
        m.split_inclusive("batch")
            .flat_map(|p| p.split("priority-"))
    }) {
        match word.trim_matches('-') {
            "batch" | "priority" | "flex" => {
                when.insert("modifier".to_owned(), word.trim_matches('-').to_owned());
            }
            "long-context" => {
                let above = row.above_tokens.map_or_else(String::new, |n| n.to_string());
                when.insert("above".to_owned(), above);
            }
            _ => {}
        }
    }
    if row.modifier.as_deref() == Some("priority-long-context") {
        when.insert("modifier".to_owned(), "priority".to_owned());
    }
    let parts: Vec<String> = when.iter().map(|(k, v)| format!(";{k}={v}")).collect();
    format!("{}{}{}", price::START, row.per, parts.concat())
}

/// Everything that price maps say on the day, from the archives and from what was observed here.
fn witnesses(ctx: &Context) -> Result<BTreeMap<Key, Vec<Witness>>, AppError> {
    let mut out: BTreeMap<Key, Vec<Witness>> = BTreeMap::new();
    for past in ctx.pasts()? {
        // An archive of changes confirms every price up to its own last day.
        let mut ends: BTreeMap<&str, Date> = BTreeMap::new();
        for track in past.starting("price:") {
            for dot in track.dots.iter().filter(|d| d.date <= ctx.as_of) {
                if let Some(archive) = past.archive(dot) {
                    let end = ends.entry(&archive.id).or_insert(dot.date);
                    *end = dot.date.max(*end);
                }
            }
        }
        for track in past
            .starting("price:")
            .filter(|t| t.metric.starts_with(price::START))
        {
            let Some((provider, model)) = track.subject["price:".len()..].split_once('/') else {
                continue;
            };
            let mut by_source: BTreeMap<String, Vec<(Date, Option<Decimal>, String)>> =
                BTreeMap::new();
            for r in of_track(past, track).filter(|r| r.day <= ctx.as_of) {
                by_source
                    .entry(r.source.clone())
                    .or_default()
                    .push((r.day, r.number(), r.origin));
            }
            for (source, said) in by_source {
                let day = ends.get(source.as_str()).copied();
                push(
                    &mut out,
                    (provider, model, &track.metric),
                    &source,
                    &said,
                    (day, false),
                );
            }
        }
    }
    let Some(store) = ctx.store()? else {
        return Ok(out);
    };
    let states = store.source_states()?;
    for source in ["litellm", "models-dev", "genai-prices", "openrouter", "fal"] {
        let Some(read) = states
            .iter()
            .find(|s| s.source == source)
            .and_then(|s| s.last)
        else {
            continue;
        };
        let about =
            maquette_observe::source::find(source).map(maquette_observe::source::Source::about);
        let origin = about
            .and_then(|a| a.origins.first().copied())
            .unwrap_or(source)
            .to_owned();
        let kind = format!("{source}:");
        let last = day_of(read).min(ctx.as_of);
        let standing = store.standing(&kind, end_of(ctx.as_of))?;
        for row in standing.chunk_by(|a, b| a.subject == b.subject) {
            let text = |metric: &str| {
                let found = row.iter().find(|s| &*s.metric == metric)?;
                Some(found.value.to_string())
            };
            let (Some(provider), Some(model)) = (text("provider"), text("model")) else {
                continue;
            };
            for s in row.iter().filter(|s| s.metric.starts_with(price::START)) {
                let Value::Number(usd) = s.value else {
                    continue;
                };
                // What was observed here stands in for what the program carries of the same source.
                let said = [(day_of(s.observed_at), Some(usd), origin.clone())];
                let key = (provider.as_str(), model.as_str(), &*s.metric);
                push(&mut out, key, source, &said, (Some(last), s.changed));
            }
        }
    }
    Ok(out)
}

/// Adds one source's word, in place of an older one of the same source.
fn push(
    out: &mut BTreeMap<Key, Vec<Witness>>,
    (provider, model, metric): (&str, &str, &str),
    source: &str,
    said: &[(Date, Option<Decimal>, String)],
    (read, changed): (Option<Date>, bool),
) {
    let Some((_, Some(usd), origin)) = said.last() else {
        return;
    };
    // Zero is free, included or not known: no word on a price.
    if usd.is_zero() {
        return;
    }
    let run = said.iter().rev().take_while(|s| s.1 == Some(*usd)).last();
    let (Some(since), Some(read)) = (run.map(|r| r.0), read) else {
        return;
    };
    let provider = PROVIDERS
        .iter()
        .find(|(_, others)| others.contains(&provider))
        .map_or(provider, |(own, _)| own);
    let model = model.rsplit('/').next().unwrap_or(model);
    let list = out
        .entry((provider.to_owned(), names::fold(model), metric.to_owned()))
        .or_default();
    let old = list
        .iter()
        .position(|w| w.source == source && (w.usd == *usd || w.read < read));
    let since = match old {
        Some(i) if list[i].usd == *usd => since.min(list[i].since),
        _ => since,
    };
    // An older copy of the same origin tells what was said before, too.
    let before = list
        .iter()
        .any(|w| w.origin == *origin && w.read < read && w.usd != *usd);
    let mut changed = changed || before || said.iter().any(|s| s.1.is_some() && s.1 != Some(*usd));
    if let Some(i) = old {
        let old = list.remove(i);
        changed |= old.changed || old.usd != *usd;
    }
    list.push(Witness {
        source: source.to_owned(),
        origin: origin.clone(),
        usd: *usd,
        since,
        read,
        changed,
    });
}

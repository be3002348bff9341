//! The sentences of an answer: the finding, why nothing fits, the smallest change that helps.
//! Each is derived from the report's own values.

use maquette_core::report::choose::{Stack, Unpriced};
use maquette_core::{Ask, BillingWish, Modality, Only, Use};
use rust_decimal::Decimal;

use crate::context::Ctx;
use crate::field::{Field, field};
use crate::kind::Kind;
use crate::program::SolveError;
use crate::tax;

/// The answer in one sentence.
pub fn finding(stacks: &[Stack]) -> String {
    let by = |id: &str| stacks.iter().find(|s| s.id == id);
    let total = |s: &Stack| {
        s.total.as_ref().map(|t| {
            let amount: Decimal = t.amount.parse().unwrap_or_default();
            format!(
                "{} {}",
                maquette_core::Money::usd(amount).rounded(),
                t.currency
            )
        })
    };
    let Some(cheapest) = by("cheapest") else {
        return String::new();
    };
    if cheapest.given_up {
        return "No answer: the search for the cheapest stack was given up.".to_owned();
    }
    let Some(sum) = total(cheapest) else {
        return "No stack meets every limit.".to_owned();
    };
    if !cheapest.unpriced.is_empty() {
        let left: Vec<&str> = cheapest
            .unpriced
            .iter()
            .map(|u| u.demand.as_str())
            .collect();
        return format!(
            "No stack meets every limit: nothing makes {}; the rest costs {sum} a month.",
            left.join(", ")
        );
    }
    let closed = by("closed")
        .filter(|s| s.unpriced.is_empty())
        .and_then(total);
    let answer = match closed {
        Some(c) if c == sum => {
            format!("The month costs {sum}; closed models alone can do it for the same.")
        }
        Some(c) => format!("The month costs {sum}; with closed models only it would be {c}."),
        None => format!("The month costs {sum}; closed models alone do not cover it."),
    };
    let unread = unread(cheapest);
    if unread.is_empty() {
        answer
    } else {
        format!(
            "{answer} The terms of {} have not been read.",
            unread.join(", ")
        )
    }
}

/// A stack is called lawful only where the terms of all that it uses have been read.
pub fn title(kind: Kind, stack: &Stack) -> String {
    let unread = unread(stack);
    if kind == Kind::Cheapest && !unread.is_empty() {
        format!("Cheapest stack (terms not read: {})", unread.join(", "))
    } else {
        kind.title().to_owned()
    }
}

/// Providers whose terms nobody has read yet, though the stack uses them.
fn unread(stack: &Stack) -> Vec<&str> {
    let unknown = stack
        .choices
        .iter()
        .filter(|c| c.license.verdict == "unknown");
    let mut names: Vec<&str> = unknown.map(|c| c.provider.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Why the program has no answer.
pub fn no_answer(e: &SolveError) -> String {
    match e {
        SolveError::Infeasible => {
            "the allowances and machine hours that are there do not suffice for this volume"
                .to_owned()
        }
        SolveError::NotProven => {
            "no cheapest stack was proven within the limit of the search: narrow it \
            with --only or --no-rent"
                .to_owned()
        }
        SolveError::Solver(e) => format!("the solver failed: {e}"),
    }
}

/// What every answer leaves out or assumes.
pub fn notes(ctx: &Ctx<'_>) -> Vec<String> {
    let ask = ctx.ask;
    let mut notes = vec![
        tax::note(ctx),
        "License verdicts are the strict reading of each text for the facts stated; `maquette license MODEL` has the ground. Not legal advice.".to_owned(),
    ];
    if ask
        .demands
        .iter()
        .any(|d| d.modality == Modality::Text && d.input_ratio.is_zero())
    {
        notes.push("Text counts words written only; add words read with --input-ratio.".to_owned());
    }
    for floor in &ask.floors {
        notes.push(format!(
            "Floor for {}: rated at most {} points behind {} on {} of {}; what nobody rates there is out.",
            floor.modality, floor.points, floor.best, floor.board, floor.day
        ));
    }
    if ask.carry_back_days > 31 {
        notes.push(format!(
            "Prices first read up to {} days after {} are taken to hold on that day and marked.",
            ask.carry_back_days, ask.as_of
        ));
    }
    notes
}

/// Why a stack has nothing for a demand: the reasons met, most frequent first.
pub fn why_nothing(kind: Kind, field: &Field<'_>, demand: usize) -> String {
    use std::collections::BTreeMap;
    if kind != Kind::Cheapest && field.candidates.iter().any(|c| c.demand == demand) {
        let word = match kind {
            Kind::Closed => "no closed model makes it within the limits",
            Kind::Open => "no open model makes it within the limits",
            Kind::Local if field.machine.is_none() => "no GPU was found or named (give --gpu NAME)",
            Kind::Local => "no lawful model has a published time for this work on this machine",
            _ => "no host with a published price makes it",
        };
        return word.to_owned();
    }
    let mut count: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for o in field.out.iter().filter(|o| o.demand == demand) {
        count
            .entry(o.why.reason.as_str())
            .or_insert((0, &o.why.detail))
            .0 += 1;
    }
    let mut rows: Vec<_> = count.into_iter().collect();
    rows.sort_by_key(|(word, (n, _))| (std::cmp::Reverse(*n), *word));
    if rows.is_empty() {
        return "nothing in the catalog makes it under these limits".to_owned();
    }
    let words: Vec<String> = rows
        .iter()
        .take(3)
        .map(|(word, (n, detail))| format!("{n} × {word} (e.g. {detail})"))
        .collect();
    words.join("; ")
}

/// Single limits, then pairs, whose loosening gives the unserved demands a way.
pub fn smallest_change(ctx: &Ctx<'_>, unpriced: &[Unpriced], ids: &[String]) -> Vec<String> {
    let missing: Vec<usize> = (0..ids.len())
        .filter(|&d| unpriced.iter().any(|u| u.demand == ids[d]))
        .collect();
    let changes = changes(ctx.ask, &missing);
    let mut lines = vec![format!(
        "Together, these limits leave nothing for {}: {}.",
        missing
            .iter()
            .map(|&d| ids[d].as_str())
            .collect::<Vec<_>>()
            .join(", "),
        limits(ctx.ask, &missing).join("; ")
    )];
    let helps = |ask: &Ask| {
        let relaxed = Ctx { ask, ..*ctx };
        let f = field(&relaxed);
        missing
            .iter()
            .all(|d| f.candidates.iter().any(|c| c.demand == *d))
    };
    let singles: Vec<&(String, Change)> = changes
        .iter()
        .filter(|(_, change)| {
            let mut ask = ctx.ask.clone();
            change(&mut ask);
            helps(&ask)
        })
        .collect();
    if !singles.is_empty() {
        lines.extend(
            singles
                .iter()
                .map(|(words, _)| format!("It is enough to {words}.")),
        );
        return lines;
    }
    for (i, (a, first)) in changes.iter().enumerate() {
        for (b, second) in &changes[i + 1..] {
            let mut ask = ctx.ask.clone();
            first(&mut ask);
            second(&mut ask);
            if helps(&ask) {
                lines.push(format!("It takes two changes: {a}, and {b}."));
                return lines;
            }
        }
    }
    lines.push(
        "No loosening of one or two of these limits helps: the catalog knows no way.".to_owned(),
    );
    lines
}

type Change = Box<dyn Fn(&mut Ask)>;

/// The limits in force on these demands, in words.
fn limits(ask: &Ask, missing: &[usize]) -> Vec<String> {
    let mut words = vec![
        format!("{} use", ask.studio.purpose.as_str()),
        format!("prices known on {}", ask.as_of),
    ];
    for &d in missing {
        let demand = &ask.demands[d];
        words.push(demand.describe());
        words.extend(
            ask.only
                .iter()
                .filter(|o| o.modality == demand.modality)
                .map(|o| format!("--only {}={}", o.modality, o.what)),
        );
        let floors = ask.floors.iter().filter(|f| f.modality == demand.modality);
        words
            .extend(floors.map(|f| format!("rated at most {} points behind {}", f.points, f.best)));
    }
    words
}

fn changes(ask: &Ask, missing: &[usize]) -> Vec<(String, Change)> {
    let mut out: Vec<(String, Change)> = Vec::new();
    let modalities: Vec<Modality> = missing.iter().map(|&d| ask.demands[d].modality).collect();
    let pinned: Vec<&Only> = ask
        .only
        .iter()
        .filter(|o| modalities.contains(&o.modality))
        .collect();
    if !pinned.is_empty() {
        let words: Vec<String> = pinned
            .iter()
            .map(|o| format!("--only {}={}", o.modality, o.what))
            .collect();
        let drop = modalities.clone();
        out.push((
            format!("drop {}", words.join(" and ")),
            Box::new(move |a| a.only.retain(|o| !drop.contains(&o.modality))),
        ));
    }
    if ask.floors.iter().any(|f| modalities.contains(&f.modality)) {
        let drop = modalities.clone();
        out.push((
            "drop --floor".to_owned(),
            Box::new(move |a| a.floors.retain(|f| !drop.contains(&f.modality))),
        ));
    }
    if ask.billing == BillingWish::Monthly {
        out.push((
            "pay by the year (--billing annual)".to_owned(),
            Box::new(|a| a.billing = BillingWish::Annual),
        ));
    }
    if ask.carry_back_days < 400 {
        out.push((
            "take later prices as holding already (--carry-back 400)".to_owned(),
            Box::new(|a| a.carry_back_days = 400),
        ));
    }
    for &d in missing {
        let demand = &ask.demands[d];
        if demand.quality.is_some() {
            out.push((
                "accept any quality".to_owned(),
                Box::new(move |a| a.demands[d].quality = None),
            ));
        }
        if demand.audio.is_some() {
            out.push((
                "accept clips with or without sound".to_owned(),
                Box::new(move |a| a.demands[d].audio = None),
            ));
        }
        if let (Some(w), Some(h)) = (demand.width, demand.height) {
            out.push((
                format!("accept {}×{} instead of {w}×{h}", w / 2, h / 2),
                Box::new(move |a| {
                    a.demands[d].width = Some(w / 2);
                    a.demands[d].height = Some(h / 2);
                }),
            ));
        }
        if let Some(s) = demand.seconds {
            let half = (s / Decimal::TWO).ceil();
            out.push((
                format!("accept {half} s instead of {} s", s.normalize()),
                Box::new(move |a| a.demands[d].seconds = Some(half)),
            ));
        }
    }
    if ask.studio.purpose == Use::Commercial {
        out.push((
            "use it without money (--use noncommercial)".to_owned(),
            Box::new(|a| a.studio.purpose = Use::Noncommercial),
        ));
    }
    if !ask.rent {
        out.push((
            "allow rented GPUs (drop --no-rent)".to_owned(),
            Box::new(|a| a.rent = true),
        ));
    }
    out
}

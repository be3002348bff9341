//! `gap`: how far the best open model of a board lies behind the best closed one, on one day and over
//! time. Openness is the catalog's; for `usable` the license engine answers for the studio.

pub mod board;
pub mod floor;
pub mod sides;
pub mod why;

use jiff::civil::Date;
use maquette_catalog::schema::board::{Board, Grade, Pair, Scale};
use maquette_core::report::gap::{BehindLine, GapBoard, GapReading, GapReport, GapSide, PairLine};
use maquette_core::{Modality, days_between, names};
use maquette_stats::gap::{self as stats, Band, DRAWS, Gap, Rated};

use self::board::{Listed, Reading, readings};
use self::sides::{Side, Sides, Tier};
use crate::context::Context;
use crate::error::AppError;
use crate::license::{self, FactsForm};
use crate::observe::series::attributions;

/// After so many days a reading says nothing of today.
const GREY: i64 = 180;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Ask {
    pub modality: Option<Modality>,
    /// Board ids; all of the modality where there is none.
    pub boards: Vec<String>,
    pub tier: Tier,
    /// Earlier readings too.
    pub history: bool,
    /// `OPEN:CLOSED`, names as on a board.
    pub pairs: Vec<(String, String)>,
}

impl Default for Ask {
    fn default() -> Ask {
        Ask {
            modality: None,
            boards: Vec::new(),
            tier: Tier::Any,
            history: false,
            pairs: Vec::new(),
        }
    }
}

pub fn gap(ctx: &Context, ask: &Ask, form: &FactsForm) -> Result<GapReport, AppError> {
    let told = license::selling(form)
        .facts(ctx)
        .map_err(AppError::request)?;
    let sides = Sides::new(ctx, &told.facts, ask.tier);
    let mut boards = Vec::new();
    let mut sources = Vec::new();
    for board in chosen(ctx, ask)? {
        let list = readings(ctx, board, ctx.as_of)?;
        if let Some(line) = one(ctx, ask, &sides, board, &list) {
            sources.push(line.reading.source.clone());
            sources.extend(line.history.iter().map(|r| r.source.clone()));
            boards.push(line);
        }
    }
    boards.sort_by(|a, b| {
        let key = |x: &GapBoard| {
            let at = Modality::ALL.iter().position(|m| m.as_str() == x.modality);
            (at, !x.main, x.grade.clone(), x.board.clone())
        };
        key(a).cmp(&key(b))
    });
    let spoken = |m: Modality| boards.iter().any(|b| b.modality == m.as_str());
    let asked = |m: Modality| ask.boards.is_empty() && ask.modality.is_none_or(|a| a == m);
    let without: Vec<String> = Modality::ALL
        .iter()
        .filter(|m| asked(**m) && !spoken(**m))
        .map(ToString::to_string)
        .collect();
    if boards.is_empty() && without.is_empty() {
        return Err(
            AppError::data(format!("no reading of these boards by {}", ctx.as_of))
                .hint("`maquette observe backfill arena` reads what was published before"),
        );
    }
    Ok(GapReport {
        schema: "maquette.gap/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        tier: ask.tier.to_string(),
        facts: match ask.tier {
            Tier::Usable => license::words(&told.facts),
            _ => std::collections::BTreeMap::new(),
        },
        notes: notes(ask)
            .into_iter()
            .chain(disagreements(&boards))
            .collect(),
        behind: behind(ctx, ask, spoken(Modality::Text)),
        attributions: attributions(ctx, sources.iter().map(String::as_str))?,
        boards,
        without,
    })
}

/// The boards asked for; an unknown one offers the nearest.
fn chosen<'a>(ctx: &'a Context, ask: &Ask) -> Result<Vec<&'a Board>, AppError> {
    let all = &ctx.knowledge.catalog.boards.board;
    for id in &ask.boards {
        if !all.iter().any(|b| b.id == *id) {
            let ids: Vec<&str> = all.iter().map(|b| b.id.as_str()).collect();
            let near = names::nearest(id, ids.iter().copied());
            let message = format!("there is no board `{id}`{}", names::did_you_mean(&near));
            return Err(AppError::request(message).hint(format!("boards: {}", ids.join(", "))));
        }
    }
    Ok(all
        .iter()
        .filter(|b| ask.modality.is_none_or(|m| m == b.modality))
        .filter(|b| ask.boards.is_empty() || ask.boards.contains(&b.id))
        .collect())
}

fn notes(ask: &Ask) -> Vec<String> {
    let mut out = vec![
        "bands (20, 50, 100, 200, 382 points) are a convention; the chance beside the word is the figure".to_owned(),
    ];
    out.push(match ask.tier {
        Tier::Any => "open: weights can be downloaded, under whatever license".to_owned(),
        Tier::Permissive => "open: weights under Apache-2.0, MIT, OpenMDW or BSD".to_owned(),
        Tier::Usable => format!(
            "open: weights that this studio may run to sell what they make. {}",
            license::NOT_ADVICE
        ),
    });
    out
}

/// Boards that ask for the same and stand two bands or more apart.
fn disagreements(boards: &[GapBoard]) -> Vec<String> {
    let place = |b: &GapBoard| {
        let word = b.standing.as_deref()?;
        Band::ALL.iter().position(|band| band.as_str() == word)
    };
    let mut out = Vec::new();
    for (i, a) in boards.iter().enumerate() {
        for b in &boards[i + 1..] {
            let same = a.modality == b.modality
                && a.task == b.task
                && a.staleness != "grey"
                && b.staleness != "grey";
            let (Some(pa), Some(pb)) = (place(a), place(b)) else {
                continue;
            };
            if same && pa.abs_diff(pb) >= 2 {
                out.push(format!(
                    "boards disagree: {} ({}) on {}, {} ({}) on {}",
                    a.title,
                    Band::ALL[pa].as_str(),
                    a.reading.day,
                    b.title,
                    Band::ALL[pb].as_str(),
                    b.reading.day
                ));
            }
        }
    }
    out
}

fn behind(ctx: &Context, ask: &Ask, text: bool) -> Vec<BehindLine> {
    if !text || !ask.boards.is_empty() {
        return Vec::new();
    }
    let all = &ctx.knowledge.catalog.boards.behind;
    let by: Vec<_> = all.iter().filter(|b| b.day <= ctx.as_of).collect();
    let from = if ask.history {
        0
    } else {
        by.len().saturating_sub(1)
    };
    by[from..]
        .iter()
        .map(|b| BehindLine {
            day: b.day.to_string(),
            months: b.months,
            low: b.low,
            high: b.high,
            scale: b.scale.clone(),
            note: b.note.clone(),
            source: b.source.clone(),
        })
        .collect()
}

/// A reading with its two sides set apart.
struct Split<'a> {
    reading: &'a Reading,
    closed: Vec<Rated>,
    open: Vec<Rated>,
    unknown: Vec<(f64, String)>,
    outside: Vec<(f64, String)>,
    few: usize,
    gap: Option<Gap>,
}

impl Split<'_> {
    /// The name that nobody knows, where it is rated above the best closed one.
    fn doubt(&self) -> Option<String> {
        let best = self.gap.as_ref()?.closed.rating;
        let first = self.unknown.iter().max_by(|a, b| a.0.total_cmp(&b.0))?;
        (first.0 > best).then(|| format!("{} stands first at {}", first.1, first.0))
    }
}

fn split<'a>(sides: &Sides<'_>, board: &Board, reading: &'a Reading) -> Split<'a> {
    let mut out = Split {
        reading,
        closed: Vec::new(),
        open: Vec::new(),
        unknown: Vec::new(),
        outside: Vec::new(),
        few: 0,
        gap: None,
    };
    for (name, row) in &reading.rows {
        let Some(rating) = row.score else { continue };
        if row.votes.is_some_and(|v| v < u64::from(board.min_votes)) {
            out.few += 1;
            continue;
        }
        let rated = rated(name, row, rating);
        match sides.side(name, reading.day, row.license.as_deref()) {
            Side::Closed => out.closed.push(rated),
            Side::Open => out.open.push(rated),
            Side::Outside(why) => out.outside.push((rating, format!("{name} ({why})"))),
            Side::Unknown(why) => out.unknown.push((rating, format!("{name} ({why})"))),
        }
    }
    out.gap = stats::gap(&out.closed, &out.open, DRAWS);
    out
}

fn rated(name: &str, row: &Listed, rating: f64) -> Rated {
    Rated {
        name: name.to_owned(),
        rating,
        half: row.half,
    }
}

fn one(
    ctx: &Context,
    ask: &Ask,
    sides: &Sides<'_>,
    board: &Board,
    list: &[Reading],
) -> Option<GapBoard> {
    let splits: Vec<Split<'_>> = list.iter().map(|r| split(sides, board, r)).collect();
    let newest = splits.last()?;
    let at = splits.iter().rposition(|s| s.gap.is_some());
    let at = at.unwrap_or(splits.len() - 1);
    let last = &splits[at];
    let age = days_between(last.reading.day, ctx.as_of);
    let spoken = board.scale == Scale::Elo && board.grade <= Grade::B;
    let line = |i: usize| reading_line(sides, board, &splits, i, spoken);
    // What stands above the best open one: strict where it is not known.
    let above = |list: &[(f64, String)]| -> Vec<String> {
        let floor = last
            .gap
            .as_ref()
            .map_or(f64::NEG_INFINITY, |g| g.open.rating);
        let mut high: Vec<&(f64, String)> = list.iter().filter(|(r, _)| *r > floor).collect();
        high.sort_by(|a, b| b.0.total_cmp(&a.0));
        high.iter().map(|(r, n)| format!("{n} at {r}")).collect()
    };
    Some(GapBoard {
        id: format!("gap/{}", board.id),
        board: board.id.clone(),
        title: board.title.clone(),
        modality: board.modality.to_string(),
        task: board.task.clone(),
        main: board.main,
        scale: board.scale.to_string(),
        style: board.style.map(|s| s.to_string()),
        grade: board.grade.to_string(),
        grade_why: board.grade_why.clone(),
        reading: line(at),
        one_sided: one_sided(newest),
        standing: (spoken && last.doubt().is_none())
            .then(|| standing(board, &splits))
            .flatten()
            .map(|b| b.as_str().to_owned()),
        staleness: match age {
            a if a >= GREY => "grey",
            a if a > i64::from(board.stale_days) => "stale",
            _ => "fresh",
        }
        .to_owned(),
        age_days: age,
        pairs: pairs(ctx, ask, board, last.reading, spoken),
        unknown: above(&last.unknown),
        outside: above(&last.outside),
        few_votes: last.few,
        break_day: board
            .breaks
            .iter()
            .map(|b| b.day)
            .filter(|d| *d <= last.reading.day)
            .max()
            .map(|d| d.to_string()),
        history: if ask.history {
            (0..splits.len()).map(line).collect()
        } else {
            Vec::new()
        },
    })
}

/// What a reading lacks.
fn one_sided(s: &Split<'_>) -> Option<String> {
    let (side, other, list) = match (s.closed.is_empty(), s.open.is_empty()) {
        (false, true) => ("closed", "open", &s.closed),
        (true, false) => ("open", "closed", &s.open),
        _ => return None,
    };
    let first = best(list)?;
    Some(format!(
        "what was read of {} has no {other} model (best {side}: {} at {})",
        s.reading.day, first.name, first.rating
    ))
}

/// The word after the last reading.
fn standing(board: &Board, splits: &[Split<'_>]) -> Option<Band> {
    let with: Vec<(Date, &Gap)> = splits
        .iter()
        .filter(|s| s.doubt().is_none())
        .filter_map(|s| Some((s.reading.day, s.gap.as_ref()?)))
        .collect();
    let epoch = Date::constant(2020, 1, 1);
    let mut before: Option<Date> = None;
    let readings = with.iter().map(|(day, gap)| {
        let anew = before.is_some_and(|b| broke(board, b, *day).is_some());
        before = Some(*day);
        (days_between(epoch, *day), anew, *gap)
    });
    let words = stats::standing(readings);
    words.last().copied()
}

/// What changed on a board between two readings.
fn broke(board: &Board, before: Date, day: Date) -> Option<&str> {
    board
        .breaks
        .iter()
        .find(|b| before < b.day && b.day <= day)
        .map(|b| b.what.as_str())
}

/// To a tenth of a point.
fn tenth(x: f64) -> f64 {
    (x * 10.0).round() / 10.0
}

/// To a thousandth.
fn share(x: f64) -> f64 {
    (x * 1000.0).round() / 1000.0
}

fn reading_line(
    sides: &Sides<'_>,
    board: &Board,
    splits: &[Split<'_>],
    i: usize,
    spoken: bool,
) -> GapReading {
    let s = &splits[i];
    let gap = s.gap.as_ref();
    let elo = board.scale == Scale::Elo;
    let drawn = gap.and_then(|g| g.drawn.as_ref());
    let side = |r: &Rated| side_line(sides, s.reading, r);
    let before = i.checked_sub(1).map(|b| splits[b].reading.day);
    GapReading {
        day: s.reading.day.to_string(),
        source: s.reading.source.clone(),
        source_title: s.reading.title.clone(),
        rows: s
            .reading
            .rows
            .values()
            .filter(|l| l.score.is_some())
            .count(),
        closed: gap
            .map(|g| side(&g.closed))
            .or_else(|| best(&s.closed).map(side)),
        open: gap
            .map(|g| side(&g.open))
            .or_else(|| best(&s.open).map(side)),
        gap: gap.map(|g| tenth(g.plain)),
        low: drawn.map(|d| tenth(d.low)),
        mid: drawn.map(|d| tenth(d.mid)),
        high: drawn.map(|d| tenth(d.high)),
        preferred: gap.filter(|_| elo).map(|g| share(g.preferred())),
        equivalent: gap.filter(|_| elo).and_then(Gap::equivalent),
        word: gap.filter(|_| spoken && s.doubt().is_none()).map(Gap::word),
        doubt: s.doubt(),
        broke: before
            .and_then(|b| broke(board, b, s.reading.day))
            .map(str::to_owned),
    }
}

fn best(side: &[Rated]) -> Option<&Rated> {
    side.iter().max_by(|a, b| a.rating.total_cmp(&b.rating))
}

fn side_line(sides: &Sides<'_>, reading: &Reading, rated: &Rated) -> GapSide {
    let row = reading.rows.get(&rated.name);
    let about = sides.about(&rated.name, row.and_then(|r| r.license.as_deref()));
    GapSide {
        name: rated.name.clone(),
        rating: rated.rating,
        half: rated.half,
        votes: row.and_then(|r| r.votes),
        model: about.model,
        license: about.license,
        basis: about.basis,
        note: about.note,
        source: about.source,
    }
}

/// The pairs of the catalog on this board, and those asked for.
fn pairs(
    ctx: &Context,
    ask: &Ask,
    board: &Board,
    reading: &Reading,
    spoken: bool,
) -> Vec<PairLine> {
    let own = ctx.knowledge.catalog.boards.pair.iter();
    let own = own
        .filter(|p| p.board == board.id)
        .map(|p: &Pair| (p.open.clone(), p.closed.clone(), p.why.clone()));
    let asked = ask
        .pairs
        .iter()
        .map(|(open, closed)| (open.clone(), closed.clone(), "asked for".to_owned()));
    own.chain(asked)
        .map(|(open, closed, why)| {
            let find = |name: &str| {
                let wanted = names::fold(name);
                let mut rows = reading.rows.iter();
                let (name, row) = rows.find(|(n, _)| names::fold(n) == wanted)?;
                Some(rated(name, row, row.score?))
            };
            let (o, c) = (find(&open), find(&closed));
            let missing: Vec<&str> = [(&o, &open), (&c, &closed)]
                .into_iter()
                .filter(|(found, _)| found.is_none())
                .map(|(_, name)| name.as_str())
                .collect();
            let gap = o.zip(c).and_then(|(o, c)| stats::gap(&[c], &[o], DRAWS));
            let drawn = gap.as_ref().and_then(|g| g.drawn.as_ref());
            PairLine {
                gap: gap.as_ref().map(|g| tenth(g.plain)),
                low: drawn.map(|d| tenth(d.low)),
                high: drawn.map(|d| tenth(d.high)),
                preferred: gap
                    .as_ref()
                    .filter(|_| board.scale == Scale::Elo)
                    .map(|g| share(g.preferred())),
                word: gap.as_ref().filter(|_| spoken).map(Gap::word),
                missing: (!missing.is_empty())
                    .then(|| format!("not on the board: {}", missing.join(", "))),
                open,
                closed,
                why,
            }
        })
        .collect()
}

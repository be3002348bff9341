//! `--floor image=100`: models that people rate, and how far behind the best of the board. The rating is
//! the evidence of `gap`; a modality that no board of grade A or B rates has no floor.

use std::collections::BTreeMap;

use maquette_catalog::schema::board::{Grade, Scale};
use maquette_core::Floor;
use maquette_core::{Modality, names};
use maquette_stats::gap::Band;
use rust_decimal::Decimal;

use super::board::readings;
use super::sides::{Sides, Tier};
use crate::context::Context;
use crate::error::AppError;
use crate::license::FactsForm;

/// Words for points: a floor of `small` lets in what lies no further behind than a small gap.
const WORDS: [(Band, u32); 5] = [
    (Band::None, 20),
    (Band::Minimal, 50),
    (Band::Small, 100),
    (Band::Moderate, 200),
    (Band::Large, 382),
];

/// What `--floor` asked for.
pub fn floors(ctx: &Context, asked: &[String]) -> Result<Vec<Floor>, AppError> {
    asked.iter().map(|text| floor(ctx, text)).collect()
}

fn floor(ctx: &Context, text: &str) -> Result<Floor, AppError> {
    let wrong = |e: String| AppError::request(format!("--floor {text}: {e}"));
    let Some((modality, most)) = text.split_once('=') else {
        return Err(wrong("not MODALITY=POINTS, such as image=100".to_owned()));
    };
    let modality: Modality = modality.parse().map_err(wrong)?;
    let points = match WORDS.iter().find(|(b, _)| b.as_str() == most.trim()) {
        Some((_, points)) => Decimal::from(*points),
        None => crate::quantity::number(most).map_err(|_| {
            let words = WORDS.map(|(b, _)| b.as_str());
            wrong(format!("neither points nor one of {}", words.join(", ")))
        })?,
    };
    let none = |why: String| {
        AppError::data(format!("--floor {text}: {why}"))
            .hint("leave the floor out, or name models with --only")
            .hint(format!(
                "`maquette gap --modality {modality}` shows what there is"
            ))
    };
    let boards = &ctx.knowledge.catalog.boards.board;
    let main = boards.iter().find(|b| b.modality == modality && b.main);
    let Some(board) = main.filter(|b| b.scale == Scale::Elo && b.grade <= Grade::B) else {
        return Err(none(format!(
            "nobody rates {modality} models well enough to hold a floor by"
        )));
    };
    let list = readings(ctx, board, ctx.as_of)?;
    let Some(reading) = list.last() else {
        return Err(none(format!(
            "{} was not read by {}",
            board.title, ctx.as_of
        )));
    };
    let told = crate::license::selling(&FactsForm::default())
        .facts(ctx)
        .map_err(AppError::request)?;
    let sides = Sides::new(ctx, &told.facts, Tier::Any);
    let mut ratings: BTreeMap<String, f64> = BTreeMap::new();
    let mut best: Option<(f64, &str)> = None;
    for (name, row) in &reading.rows {
        let few = row.votes.is_some_and(|v| v < u64::from(board.min_votes));
        let Some(score) = row.score.filter(|s| s.is_finite() && !few) else {
            continue;
        };
        if best.is_none_or(|(most, _)| score > most) {
            best = Some((score, name));
        }
        if let Some(model) = sides.model(name) {
            let known = ratings.entry(model).or_insert(score);
            *known = known.max(score);
        }
    }
    let Some((most, name)) = best else {
        return Err(none(format!("{} has no ratings", board.title)));
    };
    Ok(Floor {
        modality,
        points,
        board: board.title.clone(),
        day: reading.day,
        best: name.to_owned(),
        behind: ratings
            .into_iter()
            .map(|(model, rating)| {
                let behind = Decimal::from_f64_retain(most - rating).unwrap_or_default();
                (model, behind.round_dp(1))
            })
            .collect(),
    })
}

impl Sides<'_> {
    /// The catalog's model that a name of a board is: as an entry says, or by a name that begins with the model's.
    fn model(&self, name: &str) -> Option<String> {
        if let Some(id) = self.about(name, None).model {
            return Some(id);
        }
        // A board names a setting behind the model: `gpt-5-high`, `kimi-k3-max`.
        let name = names::fold(name);
        ["high", "max", "low", "medium", "thinking"]
            .iter()
            .filter_map(|end| name.strip_suffix(end))
            .find_map(|start| self.about(start, None).model)
    }
}

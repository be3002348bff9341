//! Which names of a board are open, and which of those count for a tier: by the catalog, never by the board.

use std::cell::RefCell;
use std::collections::HashMap;

use jiff::civil::Date;
use maquette_catalog::schema::board::{Entry, Known, YesNo};
use maquette_catalog::schema::model::{Model, Openness};
use maquette_catalog::schema::terms::Class;
use maquette_core::{names, words};
use maquette_license::{Facts, Subject, Verdict, evaluate};

use crate::context::Context;

words! {
    /// Which open models count.
    Tier {
        /// Every model whose weights can be downloaded.
        Any = "any",
        /// Under a permissive license (Apache-2.0, MIT, OpenMDW, BSD).
        Permissive = "permissive",
        /// Whose license lets this studio run it and sell what it makes.
        Usable = "usable",
    }
}

/// What a name is, on a day.
#[derive(Debug, Clone, PartialEq)]
pub enum Side {
    Closed,
    /// Open, and counts for the tier.
    Open,
    /// Open, and does not count: why.
    Outside(String),
    /// Nobody knows whether it is open, or whether it counts.
    Unknown(String),
}

/// What is known of a name, with where it comes from.
#[derive(Debug, Clone, Default)]
pub struct About {
    pub model: Option<String>,
    pub license: Option<String>,
    /// `catalog`, `read`, `board`, `line`; empty: nothing is known.
    pub basis: String,
    pub note: Option<String>,
    pub source: Option<String>,
}

/// Looks names up; verdicts are reckoned once.
pub struct Sides<'a> {
    ctx: &'a Context,
    facts: &'a Facts,
    tier: Tier,
    entries: HashMap<String, &'a Entry>,
    models: HashMap<String, &'a Model>,
    verdicts: RefCell<HashMap<String, Verdict>>,
}

/// Whether the board's column says that weights are open; `None` where it says nothing.
fn by_board(said: Option<&str>) -> Option<bool> {
    let word = said?.trim().to_lowercase();
    if word.is_empty() || word == "-" || word == "n/a" || word == "unknown" {
        return None;
    }
    Some(!word.contains("propri") && !word.contains("closed"))
}

fn permissive_word(said: &str) -> bool {
    let word = names::fold(said);
    ["apache20", "mit", "openmdw11", "openmdw10", "bsd3clause"].contains(&word.as_str())
}

impl<'a> Sides<'a> {
    pub fn new(ctx: &'a Context, facts: &'a Facts, tier: Tier) -> Sides<'a> {
        let catalog = &ctx.knowledge.catalog;
        let mut models: HashMap<String, &Model> = HashMap::new();
        for m in &catalog.models {
            for name in m.aliases.iter().chain([&m.name, &m.id]) {
                models.insert(names::fold(name), m);
            }
        }
        Sides {
            ctx,
            facts,
            tier,
            entries: catalog
                .entries
                .iter()
                .map(|e| (names::fold(&e.entry), e))
                .collect(),
            models,
            verdicts: RefCell::default(),
        }
    }

    /// The entry of a name, or the catalog's model of that name.
    fn find(&self, name: &str) -> (Option<&'a Entry>, Option<&'a Model>) {
        let fold = names::fold(name);
        let entry = self.entries.get(&fold).copied();
        let id = entry.and_then(|e| e.model.as_deref());
        let named = match entry {
            Some(_) => id.and_then(|id| self.ctx.knowledge.model(id).ok()),
            None => self.models.get(&fold).copied(),
        };
        (entry, named)
    }

    /// `said`: what the board's own column says, taken where the catalog does not know the name.
    pub fn about(&self, name: &str, said: Option<&str>) -> About {
        let (entry, model) = self.find(name);
        let license = match (entry, model) {
            (Some(e), _) if e.license.is_some() => e.license.clone(),
            (_, Some(m)) => m.license.clone(),
            _ => None,
        };
        About {
            model: model.map(|m| m.id.clone()),
            license,
            basis: match entry {
                Some(e) => e.basis.to_string(),
                None if model.is_some() => Known::Catalog.to_string(),
                None if by_board(said).is_some() => Known::Board.to_string(),
                None => String::new(),
            },
            note: entry.and_then(|e| e.note.clone()),
            source: entry
                .map(|e| e.source.clone())
                .or_else(|| model.map(|m| m.source.clone())),
        }
    }

    pub fn side(&self, name: &str, day: Date, said: Option<&str>) -> Side {
        let (entry, model) = self.find(name);
        let open = match (entry, model) {
            (Some(e), _) => e.open_on(day),
            (None, Some(m)) => Some(match m.openness {
                Openness::Closed => false,
                // Before it was released nobody could download it.
                Openness::Open => m.released.is_none_or(|r| r.last() <= day),
            }),
            (None, None) => by_board(said),
        };
        if let (None, None, Some(true), Tier::Permissive) = (entry, model, open, self.tier) {
            // By the board's word alone, which no text of a license stands behind.
            let word = said.unwrap_or_default();
            return if permissive_word(word) {
                Side::Open
            } else {
                Side::Outside(format!("{word}, as the board has it, is not permissive"))
            };
        }
        match open {
            None => Side::Unknown("nobody says whether its weights can be downloaded".to_owned()),
            Some(false) => Side::Closed,
            Some(true) => self.counts(entry, model),
        }
    }

    fn counts(&self, entry: Option<&'a Entry>, model: Option<&'a Model>) -> Side {
        let id = entry
            .and_then(|e| e.license.as_ref())
            .or_else(|| model.and_then(|m| m.license.as_ref()));
        let licenses = &self.ctx.knowledge.catalog.licenses;
        let license = id.and_then(|id| licenses.iter().find(|l| &l.id == id));
        let permissive = match (license, entry.and_then(|e| e.permissive)) {
            (Some(l), _) => Some(l.class == Class::Permissive),
            (None, Some(word)) => Some(word == YesNo::Yes),
            (None, None) => None,
        };
        let named = || id.map_or("its license", String::as_str);
        match self.tier {
            Tier::Any => Side::Open,
            Tier::Permissive => match permissive {
                Some(true) => Side::Open,
                Some(false) => Side::Outside(format!("{} is not permissive", named())),
                None => Side::Unknown("its license was not read".to_owned()),
            },
            Tier::Usable => match (model, license) {
                (Some(m), _) => self.judged(&m.id, Subject::Model(m)),
                (None, Some(l)) => self.judged(&l.id, Subject::License(l)),
                (None, None) => Side::Unknown("its license was not read".to_owned()),
            },
        }
    }

    fn judged(&self, id: &str, subject: Subject<'a>) -> Side {
        let key = match subject {
            Subject::License(_) => format!("license/{id}"),
            _ => id.to_owned(),
        };
        let known = self.verdicts.borrow().get(&key).copied();
        let verdict = known.unwrap_or_else(|| {
            let union = evaluate(&self.ctx.knowledge.catalog, &[subject], self.facts);
            self.verdicts.borrow_mut().insert(key, union.verdict);
            union.verdict
        });
        match verdict {
            Verdict::Permitted | Verdict::WithConditions => Side::Open,
            // What the texts do not settle is not usable under the strict reading.
            other => Side::Outside(format!("{id}: {}", other.as_str())),
        }
    }
}

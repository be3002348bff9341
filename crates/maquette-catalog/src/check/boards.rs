//! Boards and the names on them: ids that exist, one name once, and openness that does not contradict
//! the catalog's model.

use maquette_core::names;

use super::Checker;
use crate::parse::Kind;
use crate::problem::Code;
use crate::schema::board::Weights;
use crate::schema::model::Openness;

pub(super) fn check(c: &mut Checker<'_>) {
    let catalog = c.catalog;
    let known = |id: &str| catalog.boards.board.iter().any(|b| b.id == id);
    for pair in &catalog.boards.pair {
        if !known(&pair.board) {
            let message = format!("a pair is compared on `{}`, which is no board", pair.board);
            c.error((Kind::Boards, &pair.board), &[], Code::UnknownId, message);
        }
    }
    for twice in catalog.entries.windows(2) {
        if names::fold(&twice[0].entry) == names::fold(&twice[1].entry) {
            let message = format!("`{}` and `{}` are one name", twice[0].entry, twice[1].entry);
            let of = (Kind::Entries, twice[1].entry.as_str());
            c.error(of, &[], Code::DuplicateId, message);
        }
    }
    for entry in &catalog.entries {
        let of = (Kind::Entries, entry.entry.as_str());
        if entry.source.trim().is_empty() {
            let message = format!("`{}`: nobody says so", entry.entry);
            c.error(of, &[], Code::MissingSource, message);
        }
        if let Some(id) = &entry.license
            && !catalog.licenses.iter().any(|l| &l.id == id)
        {
            let message = format!("`{}`: there is no license `{id}`", entry.entry);
            c.error(of, &[], Code::UnknownId, message);
        }
        let Some(id) = &entry.model else { continue };
        let Some(model) = catalog.models.iter().find(|m| &m.id == id) else {
            let message = format!("`{}`: there is no model `{id}`", entry.entry);
            c.error(of, &[], Code::UnknownId, message);
            continue;
        };
        let same = match entry.weights {
            Weights::Open => model.openness == Openness::Open,
            Weights::Closed => model.openness == Openness::Closed,
            Weights::Unknown => true,
        };
        if !same {
            let message = format!(
                "`{}` is {}, and the catalog's `{id}` is not",
                entry.entry, entry.weights
            );
            c.error(of, &[], Code::Contradiction, message);
        }
    }
}

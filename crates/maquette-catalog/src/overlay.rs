//! A user's own files over the catalog: add, correct, retire.
//!
//! A file whose id is new is added whole. A file whose id exists corrects it: keys given replace the
//! old ones; offers, plans and rentals merge by id; every other list replaces the old list.

use maquette_core::names;
use serde::Serialize;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::parse::{Kind, Parsed, parse};
use crate::problem::{Code, Problem, SourceFile};
use crate::schema::Catalog;
use crate::schema::place::Exchange;

/// Lays `files` over `base`. All problems are returned; with any error the catalog is unusable.
pub fn overlay(base: Catalog, files: &[SourceFile]) -> Parsed {
    let mut new_files = Vec::new();
    let mut out = Parsed {
        catalog: base,
        ..Parsed::default()
    };
    for file in files {
        match correction(&out.catalog, file) {
            Some(kind) => correct(kind, file, &mut out),
            None => new_files.push(file.clone()),
        }
    }
    let added = parse(&new_files);
    out.problems.extend(added.problems);
    for (key, path) in added.origins {
        out.origins.insert(key, path);
    }
    let c = added.catalog;
    out.catalog.models.extend(c.models);
    out.catalog.licenses.extend(c.licenses);
    out.catalog.tools.extend(c.tools);
    out.catalog.providers.extend(c.providers);
    out.catalog.gpus.extend(c.gpus);
    out.catalog.places.extend(c.places);
    let same = |a: &Exchange, b: &Exchange| (a.from, a.to, a.as_of) == (b.from, b.to, b.as_of);
    out.catalog
        .exchange
        .retain(|old| !c.exchange.iter().any(|new| same(old, new)));
    out.catalog.exchange.extend(c.exchange);
    for conversion in c.conversions {
        out.catalog
            .conversions
            .retain(|old| old.id != conversion.id);
        out.catalog.conversions.push(conversion);
    }
    for shape in c.shapes {
        out.catalog.shapes.retain(|old| old.id != shape.id);
        out.catalog.shapes.push(shape);
    }
    out.catalog.runs.extend(c.runs);
    out.catalog.losses.extend(c.losses);
    for board in c.boards.board {
        out.catalog.boards.board.retain(|old| old.id != board.id);
        out.catalog.boards.board.push(board);
    }
    let read = &mut out.catalog.boards.names_read;
    *read = (*read).max(c.boards.names_read);
    out.catalog.boards.pair.extend(c.boards.pair);
    out.catalog.boards.behind.extend(c.boards.behind);
    for entry in c.entries {
        let name = names::fold(&entry.entry);
        out.catalog
            .entries
            .retain(|old| names::fold(&old.entry) != name);
        out.catalog.entries.push(entry);
    }
    for archive in c.archives {
        out.catalog.archives.retain(|old| old.id != archive.id);
        out.catalog.archives.push(archive);
    }
    out.catalog.observations.extend(c.observations);
    out.catalog.sort();
    out
}

/// The kind of thing the file corrects, if what it names exists already.
fn correction(base: &Catalog, file: &SourceFile) -> Option<Kind> {
    let kind = Kind::of(&file.path)?;
    let table: Table = toml::from_str(&file.text).ok()?;
    let id = table.get("id")?.as_str()?;
    let exists = match kind {
        Kind::Model => base.models.iter().any(|x| x.id == id),
        Kind::License => base.licenses.iter().any(|x| x.id == id),
        Kind::Tool => base.tools.iter().any(|x| x.id == id),
        Kind::Provider => base.providers.iter().any(|x| x.id == id),
        Kind::Gpu => base.gpus.iter().any(|x| x.id == id),
        Kind::Place => base.places.iter().any(|x| x.id == id),
        Kind::Exchange
        | Kind::Conversions
        | Kind::Shapes
        | Kind::Evidence
        | Kind::Quality
        | Kind::Boards
        | Kind::Entries
        | Kind::Archives
        | Kind::History => false,
    };
    exists.then_some(kind)
}

fn correct(kind: Kind, file: &SourceFile, out: &mut Parsed) {
    let Ok(patch) = toml::from_str::<Table>(&file.text) else {
        return;
    };
    let id = patch
        .get("id")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    if let Some(other) = out.origins.insert((kind, id.clone()), file.path.clone()) {
        let message = format!(
            "{} `{id}` is corrected here and in {other}: which one holds?",
            kind.noun()
        );
        out.problems.push(
            Problem::error(Code::Contradiction, &file.path, message)
                .at(crate::locate::span_of(&file.text, &crate::place!["id"])),
        );
        return;
    }
    let result = match kind {
        Kind::Model => merge_into(&mut out.catalog.models, |x| x.id == id, patch),
        Kind::License => merge_into(&mut out.catalog.licenses, |x| x.id == id, patch),
        Kind::Tool => merge_into(&mut out.catalog.tools, |x| x.id == id, patch),
        Kind::Provider => merge_into(&mut out.catalog.providers, |x| x.id == id, patch),
        Kind::Gpu => merge_into(&mut out.catalog.gpus, |x| x.id == id, patch),
        Kind::Place => merge_into(&mut out.catalog.places, |x| x.id == id, patch),
        Kind::Exchange
        | Kind::Conversions
        | Kind::Shapes
        | Kind::Evidence
        | Kind::Quality
        | Kind::Boards
        | Kind::Entries
        | Kind::Archives
        | Kind::History => Ok(()),
    };
    if let Err(message) = result {
        let span = quoted_key(&message).and_then(|key| key_span(&file.text, key));
        out.problems
            .push(Problem::error(Code::WrongForm, &file.path, message).at(span));
    }
}

fn merge_into<T: Serialize + DeserializeOwned>(
    list: &mut [T],
    is: impl Fn(&T) -> bool,
    patch: Table,
) -> Result<(), String> {
    let Some(slot) = list.iter_mut().find(|x| is(x)) else {
        return Ok(());
    };
    let old = Value::try_from(&*slot).map_err(|e| e.to_string())?;
    let Value::Table(mut table) = old else {
        return Err("not a table".to_owned());
    };
    merge(&mut table, patch);
    *slot = Value::Table(table)
        .try_into()
        .map_err(|e: toml::de::Error| e.message().to_owned())?;
    Ok(())
}

fn merge(old: &mut Table, patch: Table) {
    for (key, value) in patch {
        match (old.get_mut(&key), value) {
            (Some(Value::Table(have)), Value::Table(give)) => merge(have, give),
            (Some(Value::Array(have)), Value::Array(give)) if by_id(have) && by_id(&give) => {
                for item in give {
                    merge_item(have, item);
                }
            }
            (_, value) => {
                old.insert(key, value);
            }
        }
    }
}

fn by_id(list: &[Value]) -> bool {
    !list.is_empty() && list.iter().all(|v| v.get("id").is_some())
}

fn merge_item(have: &mut Vec<Value>, item: Value) {
    let same = have.iter_mut().find(|old| old.get("id") == item.get("id"));
    match (same, item) {
        (Some(Value::Table(old)), Value::Table(give)) => merge(old, give),
        (_, item) => have.push(item),
    }
}

/// The first name in backticks of a message of the TOML reader.
fn quoted_key(message: &str) -> Option<&str> {
    message.split('`').nth(1)
}

fn key_span(text: &str, key: &str) -> Option<std::ops::Range<usize>> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        if trimmed
            .strip_prefix(key)
            .is_some_and(|rest| rest.trim_start().starts_with('='))
        {
            let start = offset + line.len() - trimmed.len();
            return Some(start..start + key.len());
        }
        offset += line.len();
    }
    None
}

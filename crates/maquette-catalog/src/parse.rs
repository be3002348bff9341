//! Texts to structs: which file holds what, and errors with their place.

use std::collections::BTreeMap;

use maquette_core::names;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::problem::{Code, Problem, SourceFile};
use crate::schema::Catalog;
use crate::schema::board::{Boards, Entry};
use crate::schema::evidence::Run;
use crate::schema::history::{Archive, Observation};
use crate::schema::place::{Conversion, Exchange};
use crate::schema::quality::Loss;
use crate::schema::shape::Shape;

/// What a catalog file holds, by where it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Model,
    License,
    Tool,
    Provider,
    Gpu,
    Place,
    Exchange,
    Conversions,
    Shapes,
    Evidence,
    Quality,
    Boards,
    Entries,
    Archives,
    History,
}

impl Kind {
    pub fn of(path: &str) -> Option<Kind> {
        let parts: Vec<&str> = path.split('/').collect();
        if let [
            folder @ ("boards" | "evidence" | "history" | "quality"),
            name,
        ] = parts.as_slice()
        {
            let kind = match *folder {
                "evidence" => Kind::Evidence,
                "boards" if *name == "boards.toml" => return Some(Kind::Boards),
                "boards" => Kind::Entries,
                "history" if *name == "sources.toml" => return Some(Kind::Archives),
                "history" => Kind::History,
                _ => Kind::Quality,
            };
            return name.strip_suffix(".csv").map(|_| kind);
        }
        path.strip_suffix(".toml")?;
        match parts.as_slice() {
            ["models", .., _] if parts.len() == 3 => Some(Kind::Model),
            ["licenses", _] => Some(Kind::License),
            ["tools", _] => Some(Kind::Tool),
            ["providers", _] => Some(Kind::Provider),
            ["hardware", "gpus", _] => Some(Kind::Gpu),
            ["places", _] => Some(Kind::Place),
            ["shapes", _] => Some(Kind::Shapes),
            ["exchange.toml"] => Some(Kind::Exchange),
            ["conversions.toml"] => Some(Kind::Conversions),
            _ => None,
        }
    }

    pub fn noun(self) -> &'static str {
        match self {
            Kind::Model => "model",
            Kind::License => "license",
            Kind::Tool => "tool",
            Kind::Provider => "provider",
            Kind::Gpu => "GPU",
            Kind::Place => "place",
            Kind::Exchange => "rates of exchange",
            Kind::Conversions => "conversions",
            Kind::Shapes => "shape",
            Kind::Evidence => "evidence",
            Kind::Quality => "measured loss",
            Kind::Boards => "board",
            Kind::Entries => "name on a board",
            Kind::Archives => "archive",
            Kind::History => "observation",
        }
    }
}

/// Where each thing of the catalog was written: kind and id to path.
pub type Origins = BTreeMap<(Kind, String), String>;

#[derive(Debug, Default)]
pub struct Parsed {
    pub catalog: Catalog,
    pub origins: Origins,
    pub problems: Vec<Problem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExchangeFile {
    exchange: Vec<Exchange>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConversionFile {
    conversion: Vec<Conversion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ArchiveFile {
    source: Vec<Archive>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShapeFile {
    shape: Vec<Shape>,
}

pub(crate) const WHERE: &str = "a catalog holds models/<family>/<id>.toml, licenses/<id>.toml, \
    tools/<id>.toml, providers/<id>.toml, hardware/gpus/<id>.toml, places/<id>.toml, \
    shapes/<family>.toml, evidence/<group>.csv, quality/<group>.csv, boards/boards.toml, boards/<group>.csv, history/<group>.csv, history/sources.toml, exchange.toml and conversions.toml";

/// Reads every file; one that fails is reported and left out.
pub fn parse(files: &[SourceFile]) -> Parsed {
    let mut out = Parsed::default();
    for file in files {
        let Some(kind) = Kind::of(&file.path) else {
            out.problems.push(
                Problem::error(
                    Code::NotACatalogFile,
                    &file.path,
                    "this is not where a catalog file lies",
                )
                .hint(WHERE),
            );
            continue;
        };
        parse_one(kind, file, &mut out);
    }
    out.catalog.sort();
    out
}

fn parse_one(kind: Kind, file: &SourceFile, out: &mut Parsed) {
    fn read<T: DeserializeOwned>(file: &SourceFile, problems: &mut Vec<Problem>) -> Option<T> {
        match toml::from_str(&file.text) {
            Ok(value) => Some(value),
            Err(e) => {
                let code = if toml::from_str::<toml::Table>(&file.text).is_ok() {
                    Code::WrongForm
                } else {
                    Code::Syntax
                };
                problems.push(Problem::error(code, &file.path, e.message()).at(e.span()));
                None
            }
        }
    }
    macro_rules! take {
        ($list:ident) => {
            if let Some(thing) = read(file, &mut out.problems) {
                out.catalog.$list.push(thing);
                let id = out
                    .catalog
                    .$list
                    .last()
                    .map(|t| t.id.clone())
                    .unwrap_or_default();
                let before = out.origins.insert((kind, id.clone()), file.path.clone());
                if let Some(other) = before {
                    out.problems.push(
                        Problem::error(
                            Code::DuplicateId,
                            &file.path,
                            format!("{} `{id}` is already in {other}", kind.noun()),
                        )
                        .at(crate::locate::span_of(&file.text, &crate::place!["id"])),
                    );
                }
            }
        };
    }
    match kind {
        Kind::Model => take!(models),
        Kind::License => take!(licenses),
        Kind::Tool => take!(tools),
        Kind::Provider => take!(providers),
        Kind::Gpu => take!(gpus),
        Kind::Place => take!(places),
        Kind::Exchange => {
            if let Some(f) = read::<ExchangeFile>(file, &mut out.problems) {
                out.catalog.exchange.extend(f.exchange);
                out.origins.insert((kind, String::new()), file.path.clone());
            }
        }
        Kind::Shapes => {
            for shape in
                read::<ShapeFile>(file, &mut out.problems).map_or_else(Vec::new, |f| f.shape)
            {
                once(kind, &shape.id, file, out);
                out.catalog.shapes.push(shape);
            }
        }
        Kind::Evidence => {
            for run in rows::<Run>(file, &mut out.problems) {
                once(kind, &run.id, file, out);
                out.catalog.runs.push(run);
            }
        }
        Kind::Quality => {
            for loss in rows::<Loss>(file, &mut out.problems) {
                once(kind, &loss.id, file, out);
                out.catalog.losses.push(loss);
            }
        }
        Kind::Boards => {
            if let Some(mut f) = read::<Boards>(file, &mut out.problems) {
                for board in &f.board {
                    once(kind, &board.id, file, out);
                }
                let read = &mut out.catalog.boards.names_read;
                *read = (*read).max(f.names_read);
                out.catalog.boards.board.append(&mut f.board);
                out.catalog.boards.pair.append(&mut f.pair);
                out.catalog.boards.behind.append(&mut f.behind);
            }
        }
        Kind::Entries => {
            for entry in rows::<Entry>(file, &mut out.problems) {
                once(kind, &entry.entry, file, out);
                out.catalog.entries.push(entry);
            }
        }
        Kind::Archives => {
            for archive in
                read::<ArchiveFile>(file, &mut out.problems).map_or_else(Vec::new, |f| f.source)
            {
                once(kind, &archive.id, file, out);
                out.catalog.archives.push(archive);
            }
        }
        Kind::History => {
            for observation in rows::<Observation>(file, &mut out.problems) {
                out.origins
                    .insert((kind, observation.id()), file.path.clone());
                out.catalog.observations.push(observation);
            }
        }
        Kind::Conversions => {
            if let Some(f) = read::<ConversionFile>(file, &mut out.problems) {
                out.catalog.conversions.extend(f.conversion);
                out.origins.insert((kind, String::new()), file.path.clone());
            }
        }
    }
}

/// Notes where a thing was written; twice is an error.
fn once(kind: Kind, id: &str, file: &SourceFile, out: &mut Parsed) {
    let before = out.origins.insert((kind, id.to_owned()), file.path.clone());
    if let Some(other) = before {
        let message = format!("{} `{id}` is already in {other}", kind.noun());
        let at = file.text.find(id).map(|start| start..start + id.len());
        out.problems
            .push(Problem::error(Code::DuplicateId, &file.path, message).at(at));
    }
}

/// The lines of a table; one that does not read is reported with its place.
fn rows<T: DeserializeOwned>(file: &SourceFile, problems: &mut Vec<Problem>) -> Vec<T> {
    let mut reader = csv::ReaderBuilder::new().from_reader(file.text.as_bytes());
    let mut out = Vec::new();
    for line in reader.deserialize::<T>() {
        match line {
            Ok(row) => out.push(row),
            Err(e) => {
                let at = e.position().and_then(|p| usize::try_from(p.byte()).ok());
                let end = at.and_then(|a| file.text.get(a..)?.find('\n').map(|n| a + n));
                let span = at.map(|a| a..end.unwrap_or(file.text.len()).max(a));
                problems.push(Problem::error(Code::WrongForm, &file.path, e.to_string()).at(span));
            }
        }
    }
    out
}

impl Catalog {
    /// Every list by id, so that equal files give equal bytes.
    pub fn sort(&mut self) {
        self.models.sort_by(|a, b| a.id.cmp(&b.id));
        self.licenses.sort_by(|a, b| a.id.cmp(&b.id));
        self.tools.sort_by(|a, b| a.id.cmp(&b.id));
        self.providers.sort_by(|a, b| a.id.cmp(&b.id));
        self.gpus.sort_by(|a, b| a.id.cmp(&b.id));
        self.places.sort_by(|a, b| a.id.cmp(&b.id));
        self.exchange.sort_by_key(|x| (x.from, x.to, x.as_of));
        self.conversions.sort_by(|a, b| a.id.cmp(&b.id));
        self.shapes.sort_by(|a, b| a.id.cmp(&b.id));
        self.runs.sort_by(|a, b| a.id.cmp(&b.id));
        self.losses.sort_by(|a, b| a.id.cmp(&b.id));
        self.boards.board.sort_by(|a, b| a.id.cmp(&b.id));
        self.boards.behind.sort_by_key(|b| b.day);
        self.entries
            .sort_by_cached_key(|e| (names::fold(&e.entry), e.entry.clone()));
        self.archives.sort_by(|a, b| a.id.cmp(&b.id));
        self.observations.sort();
    }
}

//! License terms evaluated for one stated studio: facts of the asker in, a verdict with its grounds
//! out. Pure: no file, clock or network.
//!
//! Each text is read by rules over its typed fields (`rules`); the texts of weights, parts, ancestors
//! and code are put together (`lineage`), and the strictest holds.

#![forbid(unsafe_code)]

mod lineage;
mod plan;
mod reader;
mod rules;
pub mod verdict;

use maquette_catalog::Catalog;
use maquette_catalog::schema::license::License;
use maquette_catalog::schema::model::Model;

use crate::reader::{Of, Reader};

pub use lineage::Subject;
pub use maquette_core::facts::{Act, Facts, Registered, Sizes, Via};
pub use plan::read_plan;
pub use rules::HOST_UNREAD;
pub use verdict::{Duty, Missing, Reading, Step, Union, Verdict};

/// The reading of a text on its own; `model` says whose weights it governs.
pub fn read<'a>(license: &'a License, facts: &'a Facts, model: Option<&'a Model>) -> Reading<'a> {
    let of = Of {
        model,
        own: true,
        multimodal: None,
    };
    read_for(license, facts, &of)
}

fn read_for<'a>(license: &'a License, facts: &'a Facts, of: &Of<'a>) -> Reading<'a> {
    let mut r = Reader::new(license, facts, of);
    rules::all(&mut r);
    r.finish()
}

/// The verdict over everything that governs `subjects` together. Nothing to read is no permission.
pub fn evaluate<'a>(catalog: &'a Catalog, subjects: &[Subject<'a>], facts: &'a Facts) -> Union<'a> {
    let found = lineage::lineage(catalog, subjects, facts);
    let mut readings: Vec<Reading<'a>> = Vec::new();
    for link in found.links {
        let same = |r: &&mut Reading<'a>| match (r.license, link.license) {
            (Some(a), Some(b)) => a.id == b.id,
            _ => false,
        };
        if let Some(known) = readings.iter_mut().find(same) {
            // One text read for two models can differ where the model matters: the stricter stays.
            if let Some(license) = link.license {
                let again = read_for(license, facts, &link.of);
                if again.verdict > known.verdict {
                    let links = std::mem::take(&mut known.links);
                    *known = Reading {
                        links,
                        grade: link.grade,
                        ..again
                    };
                }
            }
            known.links.push(link.words);
            known.grade = known.grade.max(link.grade);
            continue;
        }
        let mut reading = match link.license {
            Some(license) => read_for(license, facts, &link.of),
            None => no_text(),
        };
        reading.links.push(link.words);
        reading.grade = link.grade;
        readings.push(reading);
    }
    let mut doubts = found.doubts;
    let contradictions = facts.contradictions();
    // Facts that cannot hold together give no verdict at all.
    let void = !contradictions.is_empty();
    doubts.extend(contradictions);
    if subjects.is_empty() {
        doubts.push("nothing is named whose terms could be read".to_owned());
    }
    let floor = if doubts.is_empty() && !readings.is_empty() {
        Verdict::Permitted
    } else {
        Verdict::Unknown
    };
    let strictest = readings.iter().map(|r| r.verdict).max();
    let verdict = if void {
        Verdict::Unknown
    } else {
        strictest.map_or(floor, |v| v.max(floor))
    };
    let mut missing: Vec<Missing> = Vec::new();
    for m in readings.iter().flat_map(|r| &r.missing) {
        // Asked for only where the answer can change the verdict.
        let matters = verdict == Verdict::Unknown || m.worst > verdict;
        if matters
            && !missing
                .iter()
                .any(|known| known.fact == m.fact && known.why == m.why)
        {
            missing.push(m.clone());
        }
    }
    Union {
        verdict,
        readings,
        doubts,
        missing,
    }
}

fn no_text<'a>() -> Reading<'a> {
    Reading {
        license: None,
        links: Vec::new(),
        grade: None,
        verdict: Verdict::Unknown,
        steps: vec![Step {
            rule: maquette_catalog::schema::terms::Rule::Grant,
            verdict: Verdict::Unknown,
            words: "no license text is known: no text, no grant".to_owned(),
            lenient: None,
        }],
        duties: Vec::new(),
        missing: Vec::new(),
    }
}

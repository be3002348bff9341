//! The catalog's lint: what a file must satisfy beyond its form. Pure; the day is an argument.

mod amounts;
mod ids;
mod prices;
mod values;

use std::collections::BTreeMap;

use maquette_core::Date;

use crate::locate::{Step, span_of};
use crate::parse::{Kind, Origins};
use crate::problem::{Code, Problem, SourceFile};
use crate::schema::Catalog;

/// Days after which a price that nobody read again is reported as stale.
pub const STALE_DAYS: i64 = 365;

/// Checks a parsed catalog. `today` enables the checks that need a date (staleness, the future).
pub fn check(
    catalog: &Catalog,
    origins: &Origins,
    files: &[SourceFile],
    today: Option<Date>,
) -> Vec<Problem> {
    let texts = files
        .iter()
        .map(|f| (f.path.as_str(), f.text.as_str()))
        .collect();
    let mut c = Checker {
        catalog,
        origins,
        texts,
        today,
        problems: Vec::new(),
    };
    ids::check(&mut c);
    values::check(&mut c);
    prices::check(&mut c);
    amounts::check(&mut c);
    let mut problems = c.problems;
    problems.sort_by(|a, b| {
        (a.severity, &a.path, a.span.as_ref().map(|s| s.start)).cmp(&(
            b.severity,
            &b.path,
            b.span.as_ref().map(|s| s.start),
        ))
    });
    problems
}

struct Checker<'a> {
    catalog: &'a Catalog,
    origins: &'a Origins,
    texts: BTreeMap<&'a str, &'a str>,
    today: Option<Date>,
    problems: Vec<Problem>,
}

impl Checker<'_> {
    fn error(&mut self, of: (Kind, &str), steps: &[Step], code: Code, message: String) {
        let problem = Problem::error(code, &self.path(of), message);
        self.push(of, steps, problem);
    }

    fn warn(&mut self, of: (Kind, &str), steps: &[Step], code: Code, message: String) {
        let problem = Problem::warning(code, &self.path(of), message);
        self.push(of, steps, problem);
    }

    fn path(&self, (kind, id): (Kind, &str)) -> String {
        let key = match kind {
            Kind::Exchange | Kind::Conversions => (kind, String::new()),
            _ => (kind, id.to_owned()),
        };
        self.origins
            .get(&key)
            .cloned()
            .unwrap_or_else(|| format!("{} {id}", kind.noun()))
    }

    fn push(&mut self, of: (Kind, &str), steps: &[Step], problem: Problem) {
        let span = self
            .texts
            .get(self.path(of).as_str())
            .and_then(|t| span_of(t, steps));
        self.problems.push(problem.at(span));
    }
}

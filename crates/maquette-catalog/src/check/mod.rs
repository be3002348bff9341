//! The catalog's lint: what a file must satisfy beyond its form. Pure; the day is an argument.

mod amounts;
mod boards;
mod history;
mod ids;
mod prices;
mod values;

use std::collections::BTreeMap;

use maquette_core::Date;

use crate::locate::{Step, span_of};
use crate::parse::{Kind, Origins};
use crate::problem::{Code, Problem, SourceFile};
use crate::schema::Catalog;

/// Days after which a price that nobody read again is an error: 18 months of 30 days.
pub const STALE_DAYS: i64 = 540;

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
    values::evidence(&mut c);
    prices::check(&mut c);
    amounts::check(&mut c);
    boards::check(&mut c);
    history::check(&mut c);
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
        let span = self.texts.get(self.path(of).as_str()).and_then(|text| {
            // The row of a table begins with its id.
            if matches!(
                of.0,
                Kind::Evidence | Kind::Quality | Kind::Entries | Kind::History
            ) {
                let start = text.find(&format!("\n{},", of.1))? + 1;
                return Some(start..start + of.1.len());
            }
            let steps = self.in_text(of, steps, text)?;
            span_of(text, &steps)
        });
        self.problems.push(problem.at(span));
    }

    /// The catalog's lists are merged and sorted: the place of an item in its own file is found by
    /// what names it. `None` where the file does not hold it.
    fn in_text(&self, (_, id): (Kind, &str), steps: &[Step], text: &str) -> Option<Vec<Step>> {
        let mut steps = steps.to_vec();
        let [Step::Key(list), Step::Index(i), ..] = steps.as_slice() else {
            return Some(steps);
        };
        let c = self.catalog;
        let provider = c.providers.iter().find(|p| p.id == id);
        let named: Vec<(&str, String)> = match *list {
            "offer" => vec![("id", provider?.offer.get(*i)?.id.clone())],
            "plan" => vec![("id", provider?.plan.get(*i)?.id.clone())],
            "rental" => vec![("id", provider?.rental.get(*i)?.id.clone())],
            "conversion" => vec![("id", c.conversions.get(*i)?.id.clone())],
            "exchange" => {
                let x = c.exchange.get(*i)?;
                vec![
                    ("from", x.from.to_string()),
                    ("to", x.to.to_string()),
                    ("as_of", x.as_of.to_string()),
                ]
            }
            _ => return Some(steps),
        };
        steps[1] = Step::Index(crate::locate::index_of(text, list, &named)?);
        Some(steps)
    }
}

//! What names and calls of a formula mean, and the inputs that a formula took.
//!
//! `print`, `day` and, by subject: `observed` (figures read by others), `catalog` (prices, plans, fields, counts), `engine`
//! (verdicts, gaps, labels, estimates, months). Every call leaves an input with its source.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::civil::Date;
use maquette_core::report::claims::ClaimInput;
use maquette_core::report::gap::GapReport;
use maquette_core::report::predictions::PredictionsReport;
use maquette_core::report::trends::TrendsReport;
use rust_decimal::Decimal;

use super::expr::{Found, Lack, Value, World, unknown, wrong};
use super::form::{Claims, Printed};
use super::{catalog, engine, observed};
use crate::context::Context;
use crate::error::AppError;

/// What all claims of an edition share; what is dear is reckoned once.
pub struct Shared<'a> {
    /// As of today: later readings are witnesses too.
    pub now: &'a Context,
    /// As of the edition's day.
    pub then: &'a Context,
    pub claims: &'a Claims,
    pub gaps: RefCell<BTreeMap<String, GapReport>>,
    /// Other days that formulas ask for.
    days: RefCell<BTreeMap<Date, Rc<Context>>>,
    pub trends: OnceCell<TrendsReport>,
    pub predictions: OnceCell<PredictionsReport>,
}

impl<'a> Shared<'a> {
    pub fn new(now: &'a Context, then: &'a Context, claims: &'a Claims) -> Shared<'a> {
        Shared {
            now,
            then,
            claims,
            gaps: RefCell::default(),
            days: RefCell::default(),
            trends: OnceCell::new(),
            predictions: OnceCell::new(),
        }
    }
}

impl Shared<'_> {
    /// The world of another day.
    pub fn on(&self, day: Date) -> Result<Rc<Context>, AppError> {
        if let Some(known) = self.days.borrow().get(&day) {
            return Ok(Rc::clone(known));
        }
        let ctx = Rc::new(self.now.on(day)?);
        self.days.borrow_mut().insert(day, Rc::clone(&ctx));
        Ok(ctx)
    }
}

/// The world of one claim.
pub struct Ground<'a> {
    pub shared: &'a Shared<'a>,
    pub printed: &'a Printed,
    pub inputs: RefCell<Vec<ClaimInput>>,
}

/// A call as it stands in the formula.
pub struct Call<'a> {
    pub written: &'a str,
    pub arguments: &'a [Value],
}

impl Call<'_> {
    pub fn text(&self, at: usize) -> Result<&str, Lack> {
        match self.arguments.get(at) {
            Some(Value::Text(t)) => Ok(t),
            _ => wrong(format!(
                "{}: a text is missing in place {}",
                self.written,
                at + 1
            )),
        }
    }

    pub fn number(&self, at: usize) -> Result<Decimal, Lack> {
        match self.arguments.get(at) {
            Some(Value::Number(n)) => Ok(*n),
            _ => wrong(format!(
                "{}: a number is missing in place {}",
                self.written,
                at + 1
            )),
        }
    }

    /// A text that may be left out.
    pub fn optional(&self, at: usize) -> Result<Option<&str>, Lack> {
        match self.arguments.get(at) {
            None => Ok(None),
            Some(_) => self.text(at).map(Some),
        }
    }

    /// A day, the edition's where it is left out.
    pub fn day(&self, at: usize, usual: Date) -> Result<Date, Lack> {
        match self.optional(at)? {
            None => Ok(usual),
            Some(text) => text
                .parse()
                .or_else(|_| wrong(format!("{}: `{text}` is no day", self.written))),
        }
    }
}

impl<'a> Ground<'a> {
    pub fn new(shared: &'a Shared<'a>, printed: &'a Printed) -> Ground<'a> {
        Ground {
            shared,
            printed,
            inputs: RefCell::default(),
        }
    }

    pub fn day(&self) -> Date {
        self.shared.claims.day
    }

    pub fn input(
        &self,
        call: &Call<'_>,
        value: &Value,
        source: &str,
        as_of: &str,
        note: Option<String>,
    ) {
        self.push(call, value.words(), (source, as_of), false, note);
    }

    /// The edition's own figure.
    pub fn own_words(&self, call: &Call<'_>, value: &Value) {
        let claims = self.shared.claims;
        let day = claims.day.to_string();
        self.push(call, value.words(), (&claims.title, &day), true, None);
    }

    fn push(
        &self,
        call: &Call<'_>,
        value: String,
        (source, as_of): (&str, &str),
        own_words: bool,
        note: Option<String>,
    ) {
        let mut inputs = self.inputs.borrow_mut();
        if !inputs.iter().any(|i| i.call == call.written) {
            inputs.push(ClaimInput {
                call: call.written.to_owned(),
                value,
                source: source.to_owned(),
                as_of: as_of.to_owned(),
                own_words,
                note,
            });
        }
    }

    /// Whether a source is the edition itself under another name.
    pub fn circular(&self, source: &str) -> bool {
        let own = &self.shared.claims.title;
        let link = own.split_whitespace().next().unwrap_or(own);
        // Several sources stand with semicolons between: one that is another's is a witness.
        source.split(';').all(|one| one.contains(link))
    }
}

impl World for Ground<'_> {
    fn name(&self, name: &str) -> Found {
        match name {
            "print" => match self.printed.value {
                Some(n) => Ok(Value::Number(n)),
                None => wrong("the claim prints no number"),
            },
            "day" => Ok(Value::Text(self.day().to_string())),
            "yes" => Ok(Value::Truth(true)),
            "no" => Ok(Value::Truth(false)),
            other => wrong(format!("`{other}` is no name")),
        }
    }

    fn call(&self, written: &str, function: &str, arguments: &[Value]) -> Found {
        let call = Call { written, arguments };
        match function {
            "article" => observed::article(self, &call),
            "observed" => observed::observed(self, &call),
            "agrees" => observed::agrees(self, &call),
            "rank" => observed::rank(self, &call),
            "top" => observed::top(self, &call),
            "price" => catalog::price(self, &call),
            "price_min" | "price_max" => catalog::price_of(self, &call, function == "price_min"),
            "fee" => catalog::fee(self, &call),
            "field" => catalog::field(self, &call),
            "count" => catalog::count(self, &call),
            "texts" => catalog::texts(self, &call),
            "verdict" => engine::verdict(self, &call),
            "gap" => engine::gap(self, &call),
            "pair" => engine::pair(self, &call),
            "band" => engine::band(&call),
            "behind" => engine::behind(self, &call),
            "trend" => engine::trend(self, &call),
            "outcome" => engine::outcome(self, &call),
            "fit" => engine::fit(self, &call),
            "month" => engine::month(self, &call),
            "contains" => {
                let (all, part) = (call.text(0)?.to_lowercase(), call.text(1)?.to_lowercase());
                Ok(Value::Truth(all.contains(&part)))
            }
            "lines" => lines(&call),
            "months" => months(&call),
            "abs" => Ok(Value::Number(call.number(0)?.abs())),
            "min" => Ok(Value::Number(call.number(0)?.min(call.number(1)?))),
            "max" => Ok(Value::Number(call.number(0)?.max(call.number(1)?))),
            other => wrong(format!("`{other}` is no function")),
        }
    }
}

/// Lines of a resolution such as `1280x720`: the smaller side.
fn lines(call: &Call<'_>) -> Found {
    let text = call.text(0)?;
    let sides: Vec<Decimal> = text
        .split(['x', '×'])
        .filter_map(|s| s.trim().trim_end_matches('p').parse().ok())
        .collect();
    match sides.iter().min() {
        Some(least) => Ok(Value::Number(*least)),
        None => unknown(format!("`{text}` is no resolution")),
    }
}

/// From one day to another, in months of 30.44 days; a vague day counts from its middle of the month.
fn months(call: &Call<'_>) -> Found {
    let day = |at: usize| -> Result<Date, Lack> {
        let text = call.text(at)?;
        let whole = match text.len() {
            7 => format!("{text}-15"),
            4 => format!("{text}-07-01"),
            _ => text.to_owned(),
        };
        whole
            .parse()
            .or_else(|_| wrong(format!("`{text}` is no day")))
    };
    let days = maquette_core::days_between(day(0)?, day(1)?);
    Ok(Value::Number(
        (Decimal::from(days) / Decimal::new(3044, 2)).round_dp(2),
    ))
}

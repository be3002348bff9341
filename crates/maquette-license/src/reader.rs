//! Reads one text for one asker: the rules fill in steps, duties and missing facts, and the strictest
//! step is the verdict.

use maquette_catalog::schema::license::License;
use maquette_catalog::schema::model::Model;
use maquette_catalog::schema::terms::{Exempt, Rule};
use maquette_core::{Grant, GrantKind};

use crate::verdict::{Duty, Missing, Reading, Step, Verdict};
use maquette_core::facts::{Facts, Via};

/// What a text governs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Of<'a> {
    pub model: Option<&'a Model>,
    pub own: bool,
    pub multimodal: Option<bool>,
}

pub(crate) struct Reader<'a> {
    pub license: &'a License,
    pub facts: &'a Facts,
    /// Absent for a tool, a part or a text on its own.
    pub model: Option<&'a Model>,
    /// The text of the thing asked about itself, not of a part or an ancestor.
    pub own: bool,
    /// A license bought lifts the bars on money.
    pub bought: bool,
    /// Does what the text governs read or make more than one kind of thing?
    pub multimodal: Option<bool>,
    steps: Vec<Step>,
    duties: Vec<Duty>,
    missing: Vec<Missing>,
}

impl<'a> Reader<'a> {
    pub fn new(license: &'a License, facts: &'a Facts, link: &Of<'a>) -> Reader<'a> {
        let known = link
            .multimodal
            .or_else(|| link.model.and_then(|m| m.multimodal));
        Reader {
            license,
            facts,
            model: link.model,
            own: link.own,
            bought: false,
            multimodal: known.or(facts.multimodal),
            steps: Vec::new(),
            duties: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// What the rules have said comes to.
    pub fn finish(mut self) -> Reading<'a> {
        // A permission has a ground too: the grant.
        if self.steps.is_empty() && self.duties.is_empty() {
            self.step(Rule::Grant, Verdict::Permitted, "the text grants it");
        }
        let mut verdict = Verdict::Permitted;
        if !self.duties.is_empty() {
            verdict = Verdict::WithConditions;
        }
        let strictest = self.steps.iter().map(|s| s.verdict).max();
        Reading {
            license: Some(self.license),
            links: Vec::new(),
            grade: None,
            verdict: strictest.map_or(verdict, |s| s.max(verdict)),
            steps: self.steps,
            duties: self.duties,
            missing: self.missing,
        }
    }
}

impl Reader<'_> {
    pub fn step(&mut self, rule: Rule, verdict: Verdict, words: impl Into<String>) {
        self.steps.push(Step {
            rule,
            verdict,
            words: words.into(),
            lenient: None,
        });
    }

    /// Is the grant about this text and this model?
    pub fn is_covered(&self, grant: &Grant) -> bool {
        let model = self.model.map(|m| m.id.as_str());
        grant.license == self.license.id
            && (grant.models.is_empty() || grant.models.iter().any(|m| Some(m.as_str()) == model))
    }

    /// The text pulls both ways: the strict reading in `words`. The licensor's own word settles it.
    pub fn both_ways(&mut self, rule: Rule, words: impl Into<String>, lenient: impl Into<String>) {
        let facts = self.facts;
        let settled = facts.grants.iter().find(|g| {
            let about =
                matches!(&g.kind, GrantKind::Clarification { rule: r } if *r == rule.as_str());
            about && self.is_covered(g)
        });
        if let Some(grant) = settled {
            let lenient = lenient.into();
            return self.duty(
                rule,
                format!("{lenient}: keep the licensor's word ({})", grant.name),
            );
        }
        self.steps.push(Step {
            rule,
            verdict: Verdict::Ambiguous,
            words: words.into(),
            lenient: Some(lenient.into()),
        });
    }

    pub fn duty(&mut self, rule: Rule, words: impl Into<String>) {
        let duty = Duty {
            rule,
            words: words.into(),
        };
        if !self.duties.contains(&duty) {
            self.duties.push(duty);
        }
    }

    /// Not said, and it matters: the verdict cannot be better than unknown.
    pub fn ask(&mut self, rule: Rule, fact: &'static str, why: impl Into<String>, worst: Verdict) {
        let why = why.into();
        self.step(rule, Verdict::Unknown, format!("not said: {fact} ({why})"));
        self.missing.push(Missing { fact, why, worst });
    }

    /// Not allowed by this text: another license is needed where one can be had.
    pub fn barred(&mut self, rule: Rule, words: impl Into<String>) {
        let words = words.into();
        match &self.license.commercial_license {
            Some(road) => {
                let price = self.license.commercial_price.as_deref();
                let price = price.map_or_else(String::new, |p| format!(" (price: {p})"));
                self.step(
                    rule,
                    Verdict::NeedsLicense,
                    format!("{words}; a license can be had: {road}{price}"),
                );
            }
            None => self.step(rule, Verdict::Prohibited, words),
        }
    }

    /// The strictest that `barred` would come to.
    pub fn worst(&self) -> Verdict {
        if self.license.commercial_license.is_some() {
            Verdict::NeedsLicense
        } else {
            Verdict::Prohibited
        }
    }

    /// Does the text let go of those who get the model inside a finished product?
    pub fn exempt(&self, from: Exempt) -> bool {
        self.facts.via == Via::EndUserProduct && self.license.end_user_exempt_from.contains(&from)
    }
}

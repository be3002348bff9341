//! What a reading of terms comes to.

use maquette_catalog::schema::license::License;
use maquette_catalog::schema::model::Grade;
use maquette_catalog::schema::terms::Rule;

/// From the most permissive to the strictest; of several the last one holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Permitted,
    WithConditions,
    /// A fact is missing.
    Unknown,
    /// The text pulls both ways.
    Ambiguous,
    /// A step or a contract with the licensor comes first.
    NeedsLicense,
    /// The text offers no road.
    Prohibited,
}

impl Verdict {
    pub const ALL: [Verdict; 6] = [
        Verdict::Permitted,
        Verdict::WithConditions,
        Verdict::Unknown,
        Verdict::Ambiguous,
        Verdict::NeedsLicense,
        Verdict::Prohibited,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Permitted => "permitted",
            Verdict::WithConditions => "permitted-with-conditions",
            Verdict::Unknown => "unknown",
            Verdict::Ambiguous => "ambiguous",
            Verdict::NeedsLicense => "needs-license",
            Verdict::Prohibited => "prohibited",
        }
    }

    /// The word of the batch form.
    pub fn short(self) -> &'static str {
        match self {
            Verdict::Permitted => "allow",
            Verdict::WithConditions => "allow-with",
            Verdict::Unknown => "unknown",
            Verdict::Ambiguous => "ambiguous",
            Verdict::NeedsLicense => "needs-license",
            Verdict::Prohibited => "deny",
        }
    }

    /// How much it weighs for somebody about to act: `none`, `notice`, `warning` or `stop`.
    pub fn severity(self) -> &'static str {
        match self {
            Verdict::Permitted => "none",
            Verdict::WithConditions => "notice",
            Verdict::Unknown | Verdict::Ambiguous => "warning",
            Verdict::NeedsLicense | Verdict::Prohibited => "stop",
        }
    }

    /// May it be done as it stands, under the strict reading?
    pub fn is_lawful(self) -> bool {
        self <= Verdict::WithConditions
    }
}

/// One rule of one text, and what it comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub rule: Rule,
    pub verdict: Verdict,
    pub words: String,
    /// Where the text pulls both ways: the lenient reading.
    pub lenient: Option<String>,
}

/// What must be done for the use to be lawful.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    pub rule: Rule,
    pub words: String,
}

/// A fact about the asker that could change the verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Its name in the facts.
    pub fact: &'static str,
    pub why: String,
    /// The strictest verdict it could bring.
    pub worst: Verdict,
}

/// One text, read for the asker.
#[derive(Debug, Clone)]
pub struct Reading<'a> {
    /// Absent where no text is known.
    pub license: Option<&'a License>,
    /// By which links the text governs: the weights, a part, an ancestor.
    pub links: Vec<String>,
    /// How the link between model and text is known.
    pub grade: Option<Grade>,
    pub verdict: Verdict,
    pub steps: Vec<Step>,
    pub duties: Vec<Duty>,
    pub missing: Vec<Missing>,
}

impl Reading<'_> {
    /// The clause of the text that the rule stands on, where it is known.
    pub fn clause(&self, rule: Rule) -> Option<&str> {
        let clause = &self.license?.clause;
        // Where a text has no clause of its own for a rule, the wider one that it rests on.
        let wider: &[Rule] = match rule {
            Rule::SecondThreshold | Rule::ThirdThreshold => {
                &[Rule::Threshold, Rule::CommercialWeights]
            }
            Rule::Military => &[Rule::Aup],
            Rule::Outputs | Rule::Evaluation | Rule::HostedService => {
                &[Rule::CommercialWeights, Rule::Grant]
            }
            Rule::CommercialWeights | Rule::Threshold => &[Rule::Grant],
            _ => &[],
        };
        let found = clause.get(&rule);
        let found = found.or_else(|| wider.iter().find_map(|r| clause.get(r)));
        found.map(String::as_str)
    }

    /// How far the reading can be trusted: the text and the link to it.
    pub fn confidence(&self) -> &'static str {
        let text = self.license.map(|l| l.verified);
        match (text, self.grade) {
            (Some(Grade::Text), Some(Grade::Text) | None) => "high",
            (None | Some(Grade::Tag), _) | (_, Some(Grade::Tag)) => "low",
            _ => "medium",
        }
    }
}

/// All texts together: the strictest holds.
#[derive(Debug, Clone)]
pub struct Union<'a> {
    pub verdict: Verdict,
    pub readings: Vec<Reading<'a>>,
    /// What speaks against any verdict: contradictory facts, a broken lineage.
    pub doubts: Vec<String>,
    pub missing: Vec<Missing>,
}

impl<'a> Union<'a> {
    /// Of no text yet: to be added to.
    pub fn nothing() -> Union<'a> {
        Union {
            verdict: Verdict::Permitted,
            readings: Vec::new(),
            doubts: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// One more text: the strictest holds.
    pub fn add(&mut self, reading: Reading<'a>) {
        self.verdict = self.verdict.max(reading.verdict);
        self.missing.extend(reading.missing.iter().cloned());
        let verdict = self.verdict;
        self.missing
            .retain(|m| verdict == Verdict::Unknown || m.worst > verdict);
        self.readings.push(reading);
    }

    /// The readings that decided: those as strict as the whole.
    pub fn deciding(&self) -> impl Iterator<Item = &Reading<'a>> {
        self.readings.iter().filter(|r| r.verdict == self.verdict)
    }
}

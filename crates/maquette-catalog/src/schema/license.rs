//! `licenses/<id>.toml`: one license text as rules that a program can evaluate.
//!
//! Three states are kept apart everywhere: an absent key is *not known* for this row; `false` (or
//! `none`) says that the text was read and has no such term, and where `verified` is `secondary`
//! only that none was seen; `silent` says that the text was read and does not speak of it.

use std::collections::BTreeMap;

use maquette_core::{Date, PartialDate};
use serde::{Deserialize, Serialize};

use super::model::Grade;
pub use super::terms::{
    Attribution, Aup, Basis, Class, Disclosure, Effect, Evaluation, Exempt, FilterFor, Hardware,
    Hosting, Litigation, Metric, Op, OutputsOwner, Permission, Registration, Remedy, Rule,
    Snapshot, Subject, Training,
};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct License {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub version: Option<String>,
    /// SPDX identifier, or a `LicenseRef-` where SPDX has none.
    #[serde(default)]
    pub spdx: Option<String>,
    /// Key in the license list of `ScanCode`.
    #[serde(default)]
    pub scancode: Option<String>,
    #[serde(default)]
    pub hub_tags: Vec<String>,
    #[serde(default)]
    pub url: Option<String>,
    #[serde(default)]
    pub text_date: Option<PartialDate>,
    #[serde(default)]
    pub text_seen_at: Option<String>,
    #[serde(default)]
    pub text_sha256: Option<String>,
    #[serde(default)]
    pub licensor: Option<String>,
    pub class: Class,
    /// How the text is known: read, described by others, or only a tag.
    pub verified: Grade,

    /// May the weights be run for money?
    pub commercial_weights: Permission,
    /// May what comes out be used for money?
    pub commercial_outputs: Permission,
    #[serde(default)]
    pub commercial_note: Option<String>,
    #[serde(default)]
    pub outputs_owner: Option<OutputsOwner>,
    /// Changed outputs count as derivatives of the model.
    #[serde(default)]
    pub outputs_are_derivatives: Option<bool>,
    /// Use in production is barred, whatever the purpose.
    #[serde(default)]
    pub non_production: Option<bool>,
    #[serde(default)]
    pub research_only: Option<bool>,
    /// The text counts a charity's own purposes as non-commercial.
    #[serde(default)]
    pub charity_is_noncommercial: Option<bool>,
    /// Is testing outside production allowed where commercial use is not?
    #[serde(default)]
    pub evaluation: Option<Evaluation>,
    /// A natural person may sell derivatives although the weights are non-commercial.
    #[serde(default)]
    pub person_may_sell_derivatives: Option<bool>,

    #[serde(default)]
    pub territory: Option<Territory>,
    /// Lines in revenue or users.
    #[serde(default)]
    pub threshold: Vec<Threshold>,
    /// What does not bind those who get the model inside an integrated end-user product.
    #[serde(default)]
    pub end_user_exempt_from: Vec<Exempt>,

    #[serde(default)]
    pub attribution: Option<Attribution>,
    #[serde(default)]
    pub attribution_text: Option<String>,
    #[serde(default)]
    pub naming_rule: Option<String>,
    /// Published derivatives must have names that start with this.
    #[serde(default)]
    pub naming_prefix: Option<String>,
    /// Published derivatives must not mainly be called this.
    #[serde(default)]
    pub naming_forbidden_primary: Option<String>,
    #[serde(default)]
    pub license_copy: Option<bool>,
    #[serde(default)]
    pub notice_file: Option<bool>,
    #[serde(default)]
    pub mark_changes: Option<bool>,
    /// Use limits must be written into one's own terms.
    #[serde(default)]
    pub passthrough_restrictions: Option<bool>,
    #[serde(default)]
    pub share_alike: Option<bool>,
    #[serde(default)]
    pub share_alike_scope: Option<String>,
    /// Derivatives may be handed to somebody beyond a line only once he holds a license.
    #[serde(default)]
    pub recipient_needs_license_above_line: Option<bool>,

    #[serde(default)]
    pub aup: Option<Aup>,
    #[serde(default)]
    pub aup_url: Option<String>,
    #[serde(default)]
    pub military_ban: Option<bool>,
    /// Using the model or its outputs to train another model.
    #[serde(default)]
    pub train_other_models: Option<Training>,
    /// What a model trained with it or its outputs must be called or show.
    #[serde(default)]
    pub training_naming: Option<String>,
    /// A product that competes with the licensor needs a separate license.
    #[serde(default)]
    pub no_compete: Option<bool>,
    /// Offering the model to third parties.
    #[serde(default)]
    pub hosted_service: Option<Hosting>,
    #[serde(default)]
    pub content_filter: Option<bool>,
    #[serde(default)]
    pub content_filter_for: Option<FilterFor>,
    #[serde(default)]
    pub content_filter_scope: Option<String>,
    #[serde(default)]
    pub ai_disclosure: Option<Disclosure>,
    /// A service must name its provider to its users.
    #[serde(default)]
    pub provider_disclosure: Option<bool>,
    /// Watermarks, provenance or safety functions must stay.
    #[serde(default)]
    pub provenance_lock: Option<bool>,
    #[serde(default)]
    pub registration: Option<Registration>,
    #[serde(default)]
    pub registration_url: Option<String>,
    /// Two languages of the text disagree on whether it is needed, and none prevails.
    #[serde(default)]
    pub registration_disputed: Option<bool>,

    #[serde(default)]
    pub patent_grant: Option<bool>,
    #[serde(default)]
    pub litigation_termination: Option<Litigation>,
    #[serde(default)]
    pub revocable: Option<bool>,
    /// Reasonable efforts to use the newest version.
    #[serde(default)]
    pub update_duty: Option<bool>,
    #[serde(default)]
    pub runtime_restriction: Option<bool>,
    #[serde(default)]
    pub text_change: Option<String>,
    /// The only hardware it may run on; empty: any.
    #[serde(default)]
    pub hardware: Vec<Hardware>,
    #[serde(default)]
    pub hardware_restriction: Option<String>,
    #[serde(default)]
    pub indemnity: Option<bool>,
    #[serde(default)]
    pub breach_remedy: Option<String>,
    #[serde(default)]
    pub governing_law: Option<String>,
    /// Where another license can be had; absent: no road is known.
    #[serde(default)]
    pub commercial_license: Option<String>,
    #[serde(default)]
    pub commercial_price: Option<String>,
    /// Licenses that the licensor sells, with terms of their own.
    #[serde(default)]
    pub purchase: Vec<Purchase>,

    /// Earlier texts that this one took the place of.
    #[serde(default)]
    pub replaces: Vec<Replaces>,
    /// The clause of the text that each rule stands on, as the text numbers it.
    #[serde(default)]
    pub clause: BTreeMap<Rule, String>,
    /// Where the clauses were read, where not at `url`.
    #[serde(default)]
    pub clause_read_at: Option<String>,
    #[serde(default)]
    pub notes: Vec<String>,
    /// What a later reading found against a field of this file: `field: words`.
    #[serde(default)]
    pub doubts: Vec<String>,
    pub sources: Vec<String>,
    pub as_of: PartialDate,
}

/// Where the license does not apply.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Territory {
    /// ISO 3166 codes, and `EU` for its member states: not the EEA, and not Europe.
    pub excluded: Vec<String>,
    pub basis: Basis,
    pub remedy: Remedy,
    /// Outputs may not be used or shown there either.
    #[serde(default)]
    pub outputs: bool,
    /// Only multimodal models are kept from there.
    #[serde(default)]
    pub multimodal_only: bool,
    /// Reaches those who use it through somebody's service as well.
    #[serde(default)]
    pub hosted: bool,
    /// In words.
    pub scope: String,
}

/// A line in revenue or users, and what happens beyond it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    pub metric: Metric,
    /// The effect starts when *measure op amount* is true.
    pub op: Op,
    /// Absent: the text has such a line, and its amount is not known.
    #[serde(default)]
    pub amount: Option<u64>,
    pub subject: Subject,
    pub measured: Snapshot,
    pub effect: Effect,
    /// Looks at commercial use alone.
    #[serde(default)]
    pub commercial_only: bool,
    #[serde(default)]
    pub note: Option<String>,
}

/// A license that is sold beside the public text.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purchase {
    /// What `held-license` names.
    pub id: String,
    pub name: String,
    /// Model ids it covers; empty: all under this text.
    #[serde(default)]
    pub models: Vec<String>,
    /// Does it cover work for clients? Absent: not known.
    #[serde(default)]
    pub client_work: Option<bool>,
    /// Other limits, in words.
    #[serde(default)]
    pub limits: Option<String>,
    /// Absent: not published, or not found.
    #[serde(default)]
    pub price: Option<maquette_core::Money>,
    pub source: String,
    pub as_of: PartialDate,
    pub confidence: maquette_core::Confidence,
}

/// A dated change of text. It moves a model from one text to the other only where the model is named.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replaces {
    /// The line of models it was read for, in words.
    pub line: String,
    /// License id of the earlier text. Absent: it was a text that the catalog does not hold.
    #[serde(default)]
    pub license: Option<String>,
    pub old_from: PartialDate,
    /// The first day of this text.
    pub from: PartialDate,
    /// How the change is known; absent: it was not verified again.
    #[serde(default)]
    pub grade: Option<Grade>,
    /// Models whose copy of that time carries the earlier text. Empty: the change came with a new
    /// release, and older models keep theirs.
    #[serde(default)]
    pub models: Vec<String>,
}

impl Replaces {
    /// Had the change happened by the day? `None` where its date is too vague to say.
    pub fn happened_by(&self, day: Date) -> Option<bool> {
        if day >= self.from.last() {
            Some(true)
        } else if day < self.from.first() {
            Some(false)
        } else {
            None
        }
    }
}

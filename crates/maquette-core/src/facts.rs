//! What is known of the asker. Every field is optional but purpose, channel and acts: what is not
//! said is asked for where it can change the verdict, and is never taken as the lenient answer.

use std::collections::BTreeSet;
use std::str::FromStr;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::{territory, words};

/// What the outputs are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    Commercial,
    Noncommercial,
    Research,
    Evaluation,
    /// The purposes of a charity.
    Charity,
}

impl Use {
    pub const ALL: [Use; 5] = [
        Use::Commercial,
        Use::Noncommercial,
        Use::Research,
        Use::Evaluation,
        Use::Charity,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Use::Commercial => "commercial",
            Use::Noncommercial => "noncommercial",
            Use::Research => "research",
            Use::Evaluation => "evaluation",
            Use::Charity => "charity",
        }
    }
}

impl FromStr for Use {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        Use::ALL
            .into_iter()
            .find(|u| u.as_str() == s)
            .ok_or_else(|| {
                let near = crate::names::nearest(s, Use::ALL.iter().map(|u| u.as_str()));
                format!("`{s}` is not a use{}", crate::names::did_you_mean(&near))
            })
    }
}

/// What a licensor has given in writing beside its public text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// License id of the public text.
    pub license: String,
    /// Model ids it covers; empty: all under that text.
    pub models: Vec<String>,
    pub kind: GrantKind,
    /// The contract, letter or ticket, as the asker names it.
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrantKind {
    /// A license bought: it takes the place of the public text.
    Purchase { client_work: Option<bool> },
    /// The licensor's word on a rule that pulls both ways; the rule by its name in the catalog.
    Clarification { rule: String },
}

words! {
    /// How the asker comes by the model.
    Via {
        SelfHosted = "self-hosted",
        /// Somebody's service, whose own right to serve the model is not known.
        Hosted = "hosted",
        /// A service that holds a contract with the licensor.
        LicensedApi = "licensed-api",
        /// A finished product into which a licensee built the model.
        EndUserProduct = "end-user-product",
    }
}

words! {
    Act {
        Run = "run",
        SellOutput = "sell-output",
        PublishOutput = "publish-output",
        EditOutput = "edit-output",
        ShipInProduct = "ship-in-product",
        DistributeWeights = "distribute-weights",
        DistributeDerivative = "distribute-derivative",
        HostForOthers = "host-for-others",
        CompeteWithLicensor = "compete-with-licensor",
        TrainAny = "train-any-on-output",
        TrainLlm = "train-llm-on-output",
        TrainFoundation = "train-foundation-on-output",
        TrainCompetitor = "train-competitor-on-output",
        TrainSimilar = "train-similar-on-output",
    }
}

/// Acts that use the weights themselves.
pub const WITH_WEIGHTS: [Act; 5] = [
    Act::Run,
    Act::ShipInProduct,
    Act::DistributeWeights,
    Act::DistributeDerivative,
    Act::HostForOthers,
];

/// Acts on what came out.
pub const WITH_OUTPUTS: [Act; 8] = [
    Act::SellOutput,
    Act::PublishOutput,
    Act::EditOutput,
    Act::TrainAny,
    Act::TrainLlm,
    Act::TrainFoundation,
    Act::TrainCompetitor,
    Act::TrainSimilar,
];

pub const TRAINING: [Act; 5] = [
    Act::TrainAny,
    Act::TrainLlm,
    Act::TrainFoundation,
    Act::TrainCompetitor,
    Act::TrainSimilar,
];

/// Acts that hand the model, or a copy changed, to others.
pub const PASSING_ON: [Act; 3] = [
    Act::ShipInProduct,
    Act::DistributeWeights,
    Act::DistributeDerivative,
];

words! {
    /// Makers of the processor that a model runs on.
    Hardware {
        Nvidia = "nvidia",
        Amd = "amd",
        Apple = "apple",
        Intel = "intel",
        Other = "other",
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registered {
    Unsaid,
    Yes,
    No,
    /// The asker will register before the first use: a duty, not a question.
    Will,
}

/// Sizes of the asker; money in the currency of its name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sizes {
    pub annual_revenue_usd: Option<Decimal>,
    pub group_annual_revenue_usd: Option<Decimal>,
    pub group_aggregate_revenue_usd: Option<Decimal>,
    pub monthly_revenue_usd: Option<Decimal>,
    pub annual_recurring_revenue_usd: Option<Decimal>,
    pub annual_revenue_rmb: Option<Decimal>,
    pub recipient_revenue_usd: Option<Decimal>,
    /// Monthly users of the product that uses the model, today.
    pub product_mau: Option<Decimal>,
    /// Monthly users of everything the group offers, today.
    pub group_mau: Option<Decimal>,
    /// The same in the month before the model's release.
    pub group_mau_at_release: Option<Decimal>,
    pub annual_active_users: Option<Decimal>,
    pub monthly_visits: Option<Decimal>,
    pub monthly_unique_users: Option<Decimal>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    pub purpose: Use,
    pub via: Via,
    pub acts: BTreeSet<Act>,
    /// Where the model runs.
    pub place: Option<String>,
    /// Seat of the licensee.
    pub domicile: Option<String>,
    /// Where results go.
    pub output_to: Option<Vec<String>>,
    pub sizes: Sizes,
    pub registered: Registered,
    /// A natural person, not a company.
    pub person: Option<bool>,
    pub modified: Option<bool>,
    pub multimodal: Option<bool>,
    pub client_work: Option<bool>,
    /// Are outputs filtered, or looked at by a person?
    pub content_filter: Option<bool>,
    pub hardware: Option<Hardware>,
    /// The day of download: it decides which edition of a text binds.
    pub downloaded: Option<Date>,
    /// Licenses bought, by id.
    pub held: Vec<String>,
    /// What the asker has in writing from a licensor.
    pub grants: Vec<Grant>,
    pub derivative_name: Option<String>,
    /// Something beside the license text that says otherwise (a file header, a tag).
    pub conflict: Option<String>,
}

impl Facts {
    /// A business that runs it itself and sells what it makes; nothing else is said.
    pub fn unsaid() -> Facts {
        Facts::new(
            Use::Commercial,
            Via::SelfHosted,
            [Act::Run, Act::SellOutput],
        )
    }

    pub fn new(purpose: Use, via: Via, acts: impl IntoIterator<Item = Act>) -> Facts {
        Facts {
            purpose,
            via,
            acts: acts.into_iter().collect(),
            place: None,
            domicile: None,
            output_to: None,
            sizes: Sizes::default(),
            registered: Registered::Unsaid,
            person: None,
            modified: None,
            multimodal: None,
            client_work: None,
            content_filter: None,
            hardware: None,
            downloaded: None,
            held: Vec::new(),
            grants: Vec::new(),
            derivative_name: None,
            conflict: None,
        }
    }

    pub fn does(&self, act: Act) -> bool {
        self.acts.contains(&act)
    }

    pub fn does_any(&self, acts: &[Act]) -> bool {
        acts.iter().any(|a| self.acts.contains(a))
    }

    /// Are the weights used for money? What is sold, shipped or served is not evaluation any more.
    pub fn runs_for_money(&self) -> bool {
        let public = [
            Act::SellOutput,
            Act::ShipInProduct,
            Act::HostForOthers,
            Act::CompeteWithLicensor,
        ];
        match self.purpose {
            Use::Commercial | Use::Charity => true,
            Use::Evaluation => self.does_any(&public),
            Use::Noncommercial | Use::Research => self.does(Act::CompeteWithLicensor),
        }
    }

    /// Is anything earned? Outputs can be sold though they were made for another purpose.
    pub fn is_commercial(&self) -> bool {
        self.runs_for_money() || self.does(Act::SellOutput)
    }

    /// Facts that cannot hold together, in words.
    pub fn contradictions(&self) -> Vec<String> {
        let mut out = Vec::new();
        if let (Some(place), Some(domicile)) = (&self.place, &self.domicile)
            && territory::is_world(place)
        {
            out.push(format!(
                "the place of use is `{place}` while the licensee sits in {domicile}: name the country where it runs"
            ));
        }
        let elsewhere = matches!(self.via, Via::Hosted | Via::LicensedApi);
        if elsewhere && self.does_any(&[Act::DistributeWeights, Act::DistributeDerivative]) {
            out.push(format!(
                "via {} there are no weights at hand to pass on",
                self.via
            ));
        }
        let s = &self.sizes;
        let exceeds =
            |a: Option<Decimal>, b: Option<Decimal>| matches!((a, b), (Some(a), Some(b)) if a > b);
        let year = s.group_annual_revenue_usd.or(s.annual_revenue_usd);
        if exceeds(s.monthly_revenue_usd, year) {
            out.push("a month's revenue exceeds the year's".to_owned());
        }
        if exceeds(s.annual_recurring_revenue_usd, year) {
            out.push("what recurs exceeds the year's revenue".to_owned());
        }
        if exceeds(s.annual_revenue_usd, s.group_annual_revenue_usd) {
            out.push("the licensee's revenue exceeds its group's".to_owned());
        }
        if exceeds(s.product_mau, s.group_mau) {
            out.push("the product has more users than the whole group".to_owned());
        }
        out
    }
}

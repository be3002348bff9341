//! The first, coarse license verdict: may the weights run, and the outputs be used, for money?
//! The clauses themselves are the license engine's; until then each verdict says what it left out.

use maquette_catalog::schema::license::{License, Permission};
use maquette_catalog::schema::model::{Model, Openness};
use maquette_catalog::schema::plan::{CommercialRight, Rights};
use maquette_core::report::choose::LicenseLine;
use maquette_core::{Channel, Studio, Use};

use crate::reason::{Reason, Why};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Permitted,
    WithConditions,
    Prohibited,
    Unknown,
}

impl Verdict {
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Permitted => "permitted",
            Verdict::WithConditions => "permitted-with-conditions",
            Verdict::Prohibited => "prohibited",
            Verdict::Unknown => "unknown",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Legal {
    pub verdict: Verdict,
    pub license: Option<String>,
    pub duties: Vec<String>,
    pub not_evaluated: String,
    pub source: Option<String>,
}

impl Legal {
    pub fn line(&self) -> LicenseLine {
        LicenseLine {
            license: self.license.clone(),
            verdict: self.verdict.as_str().to_owned(),
            duties: self.duties.clone(),
            not_evaluated: self.not_evaluated.clone(),
            source: self.source.clone(),
        }
    }
}

const CLAUSES: &str = "territory, thresholds, attribution and lineage are not evaluated yet";

/// The verdict for a model reached through a pay-per-use channel or run here.
///
/// `licenses` are the text of the weights first, then those of parts with texts of their own: the
/// strictest of all holds. Empty: no text is linked, and nothing is lawful on an unknown text.
pub fn of_model(
    model: &Model,
    licenses: &[&License],
    channel: Channel,
    studio: &Studio,
) -> Result<Legal, Why> {
    if model.openness == Openness::Closed {
        return Ok(Legal {
            verdict: Verdict::Unknown,
            license: None,
            duties: Vec::new(),
            not_evaluated: "the provider's terms have not been read".to_owned(),
            source: None,
        });
    }
    let Some(first) = licenses.first() else {
        return Err(Why::new(
            Reason::LicenseUnknown,
            "no license text is linked to this model",
        ));
    };
    let names: Vec<&str> = licenses.iter().map(|l| l.id.as_str()).collect();
    let mut legal = Legal {
        verdict: Verdict::Permitted,
        license: Some(names.join(" + ")),
        duties: Vec::new(),
        not_evaluated: CLAUSES.to_owned(),
        source: first.url.clone().or_else(|| first.sources.first().cloned()),
    };
    if studio.purpose != Use::Commercial {
        legal.not_evaluated = format!("only terms about money are evaluated; {CLAUSES}");
        return Ok(legal);
    }
    // A host runs the weights under an agreement of its own.
    let runs = matches!(channel, Channel::Local | Channel::Rented);
    if !runs {
        legal.not_evaluated = format!("the host's own right to serve the model; {CLAUSES}");
    }
    for license in licenses {
        for_money(license, runs, studio, &mut legal)?;
    }
    Ok(legal)
}

/// What one text says of money, added to the verdict; an error where it bars the use.
fn for_money(license: &License, runs: bool, studio: &Studio, legal: &mut Legal) -> Result<(), Why> {
    if license.class.contains("revenue") && studio.revenue.is_some() {
        let detail = format!(
            "{} has a revenue line that is not evaluated yet: read it against yours",
            license.name
        );
        return Err(Why::new(Reason::LicenseUnknown, detail));
    }
    legal.duties.extend(license.commercial_note.iter().cloned());
    let weights = runs.then_some(license.commercial_weights);
    for (what, permission) in [
        ("run the weights", weights),
        ("use the outputs", Some(license.commercial_outputs)),
    ] {
        match permission {
            Some(Permission::No) => {
                let detail = format!("{} does not let a business {what}", license.name);
                return Err(Why::new(Reason::LicenseProhibits, detail));
            }
            Some(Permission::Unknown) => {
                let detail = format!(
                    "whether {} lets a business {what} is not known",
                    license.name
                );
                return Err(Why::new(Reason::LicenseUnknown, detail));
            }
            Some(Permission::Conditional) => legal.verdict = Verdict::WithConditions,
            // The strict reading: where running the weights for money is barred and the text says
            // nothing of outputs, their sale is not granted.
            Some(Permission::Silent) if license.commercial_weights == Permission::No => {
                let detail = format!(
                    "{} bars commercial use and says nothing of outputs (strict reading)",
                    license.name
                );
                return Err(Why::new(Reason::LicenseProhibits, detail));
            }
            Some(Permission::Silent) => {
                legal.duties.push(format!(
                    "{} does not say whether a business may {what}",
                    license.id
                ));
            }
            Some(Permission::Yes) | None => {}
        }
    }
    Ok(())
}

/// The verdict for outputs made under a plan's terms.
pub fn of_plan(rights: &Rights, plan: &str, studio: &Studio) -> Result<Legal, Why> {
    if rights.export == Some(false) {
        return Err(Why::new(
            Reason::NoExport,
            "outputs cannot leave the platform, at any price",
        ));
    }
    let mut legal = Legal {
        verdict: Verdict::Permitted,
        license: Some(format!("terms of {plan}")),
        duties: Vec::new(),
        not_evaluated: "the provider's terms beyond rights, revenue line and export".to_owned(),
        source: None,
    };
    if let Some(note) = &rights.note {
        legal.duties.push(note.clone());
    }
    if let Some(license) = &rights.output_license {
        legal.duties.push(format!("outputs carry {license}"));
        legal.verdict = Verdict::WithConditions;
    }
    if studio.purpose != Use::Commercial {
        return Ok(legal);
    }
    match rights.commercial {
        CommercialRight::No => {
            return Err(Why::new(
                Reason::RightsMissing,
                "this tier gives no commercial use",
            ));
        }
        CommercialRight::Unknown => legal.verdict = Verdict::Unknown,
        CommercialRight::Conditional => legal.verdict = Verdict::WithConditions,
        CommercialRight::Yes => {}
    }
    if rights.while_subscribed {
        legal
            .duties
            .push("only what is made while subscribed".to_owned());
    }
    if rights.watermark {
        legal.duties.push("outputs carry a watermark".to_owned());
    }
    if let Some(cap) = rights.revenue_cap {
        match studio.revenue {
            Some(revenue) if revenue.currency == cap.currency && revenue.amount > cap.amount => {
                let detail = format!("a company above {cap} a year must hold a higher tier");
                return Err(Why::new(Reason::RevenueCap, detail));
            }
            Some(revenue) if revenue.currency == cap.currency => {}
            _ => {
                legal.duties.push(format!(
                    "only for companies up to {cap} a year (say --revenue)"
                ));
                if legal.verdict == Verdict::Permitted {
                    legal.verdict = Verdict::WithConditions;
                }
            }
        }
    }
    Ok(legal)
}

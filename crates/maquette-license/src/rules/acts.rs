//! Hosting for others, competing with the licensor, and the hardware a text is tied to.

use maquette_catalog::schema::terms::{Hosting, Rule};

use crate::reader::Reader;
use crate::verdict::Verdict;
use maquette_core::facts::Act;

pub(super) fn hardware(r: &mut Reader<'_>) {
    let license = r.license;
    if license.hardware.is_empty() {
        return;
    }
    let only: Vec<&str> = license.hardware.iter().map(|h| h.as_str()).collect();
    let only = only.join(", ");
    match r.facts.hardware {
        Some(h) if license.hardware.contains(&h) => {}
        Some(h) => r.step(
            Rule::Hardware,
            Verdict::Prohibited,
            format!("it may run on {only} only, not on {h}"),
        ),
        None => r.ask(
            Rule::Hardware,
            "hardware",
            format!("it may run on {only} only"),
            Verdict::Prohibited,
        ),
    }
}

pub(super) fn hosting(r: &mut Reader<'_>) {
    if !r.facts.does(Act::HostForOthers) {
        return;
    }
    let rule = Rule::HostedService;
    match r.license.hosted_service {
        Some(Hosting::Allowed | Hosting::CountsAsDistribution) => {}
        Some(Hosting::SourceOffer) => r.duty(rule, "offer the source to the users of the service"),
        Some(Hosting::SourceOfferIfModified) => {
            let words = if r.facts.modified == Some(false) {
                "unchanged it may be served as it is; once changed, its source must be offered to the users"
            } else {
                "offer the changed source to the users of the service"
            };
            r.duty(rule, words);
        }
        Some(Hosting::NoncommercialOnly) => {
            if r.facts.is_commercial() {
                r.barred(rule, "it may be offered to others for no money only");
            }
        }
        Some(Hosting::LicenseRequired) => {
            let road = r.license.commercial_license.clone();
            let road = road.unwrap_or_else(|| "ask the licensor".to_owned());
            r.step(
                rule,
                Verdict::NeedsLicense,
                format!("offering it to others needs a license of its own, at any size: {road}"),
            );
        }
        Some(Hosting::Forbidden) => {
            r.step(rule, Verdict::Prohibited, "it may not be offered to others");
        }
        // The line itself is read among the thresholds.
        Some(Hosting::LicenseRequiredAboveThreshold | Hosting::ReviewRequiredAboveThreshold) => {
            if r.license.threshold.is_empty() {
                r.step(
                    rule,
                    Verdict::Unknown,
                    "there is a line for services, and it is not known",
                );
            }
        }
        None => r.step(
            rule,
            Verdict::Unknown,
            "whether it may be offered to others is not known for this text",
        ),
    }
}

pub(super) fn competing(r: &mut Reader<'_>) {
    if r.facts.does(Act::CompeteWithLicensor) && r.license.no_compete == Some(true) {
        r.barred(
            Rule::NoCompete,
            "a product that competes with the licensor needs a license of its own",
        );
    }
}

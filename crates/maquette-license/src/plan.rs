//! The rights that a subscription gives in what is made with it, read like a license text.

use maquette_catalog::schema::plan::{CommercialRight, Rights};
use maquette_catalog::schema::terms::Rule;
use maquette_core::{Currency, group};

use crate::verdict::{Duty, Missing, Reading, Step, Verdict};
use maquette_core::facts::{Act, Facts};

/// The reading of a plan's rights. A revenue in another currency than the plan's line is not
/// compared: the line stays a duty.
pub fn read_plan<'a>(rights: &Rights, plan: &str, facts: &Facts) -> Reading<'a> {
    let mut steps = Vec::new();
    let mut duties = Vec::new();
    let mut missing = Vec::new();
    let mut step = |rule, verdict, words: String| {
        steps.push(Step {
            rule,
            verdict,
            words,
            lenient: None,
        });
    };
    let mut duty = |rule, words: String| duties.push(Duty { rule, words });
    if rights.export == Some(false) {
        step(
            Rule::Outputs,
            Verdict::Prohibited,
            "outputs cannot leave the platform, at any price".to_owned(),
        );
    }
    if let Some(note) = &rights.note {
        duty(Rule::Grant, note.clone());
    }
    if let Some(license) = &rights.output_license {
        duty(Rule::Attribution, format!("outputs carry {license}"));
    }
    if facts.is_commercial() {
        match rights.commercial {
            CommercialRight::Yes => {}
            CommercialRight::No => step(
                Rule::CommercialWeights,
                Verdict::NeedsLicense,
                "this tier gives no commercial use: a higher one is needed".to_owned(),
            ),
            CommercialRight::Unknown => step(
                Rule::CommercialWeights,
                Verdict::Unknown,
                "whether this tier gives commercial use has not been read".to_owned(),
            ),
            CommercialRight::Conditional => duty(
                Rule::CommercialWeights,
                "commercial use under conditions of the terms".to_owned(),
            ),
        }
        if rights.while_subscribed {
            duty(
                Rule::Outputs,
                "only what is made while subscribed".to_owned(),
            );
        }
        if rights.watermark {
            duty(Rule::Provenance, "outputs carry a watermark".to_owned());
        }
        if let Some(cap) = rights.revenue_cap {
            let revenue = facts
                .sizes
                .annual_revenue_usd
                .filter(|_| cap.currency == Currency::USD);
            let line = format!("{} {} a year", group(cap.amount), cap.currency);
            match revenue {
                Some(x) if x > cap.amount => step(
                    Rule::Threshold,
                    Verdict::NeedsLicense,
                    format!("a company above {line} must hold a higher tier"),
                ),
                Some(_) => {}
                None => {
                    duty(
                        Rule::Threshold,
                        format!("only for companies up to {line} (say --revenue)"),
                    );
                    missing.push(Missing {
                        fact: "annual_revenue_usd",
                        why: format!("a company above {line} must hold a higher tier"),
                        worst: Verdict::NeedsLicense,
                    });
                }
            }
        }
    }
    if facts.does(Act::CompeteWithLicensor) {
        step(
            Rule::NoCompete,
            Verdict::Unknown,
            "whether the terms allow a product that competes has not been read".to_owned(),
        );
    }
    let floor = if duties.is_empty() {
        Verdict::Permitted
    } else {
        Verdict::WithConditions
    };
    let strictest = steps.iter().map(|s| s.verdict).max();
    Reading {
        license: None,
        links: vec![format!("terms of {plan}")],
        grade: None,
        verdict: strictest.map_or(floor, |s| s.max(floor)),
        steps,
        duties,
        missing,
    }
}

//! Money: may the weights run, and the outputs be used, for the purpose stated?

use maquette_catalog::schema::terms::{Evaluation, Exempt, Permission, Registration, Rule};
use maquette_core::{GrantKind, Use};

use crate::reader::Reader;
use crate::verdict::Verdict;
use maquette_core::facts::{Act, PASSING_ON, Registered, WITH_OUTPUTS, WITH_WEIGHTS};

/// A license bought lifts what the public text bars for money, and its lines and registrations.
/// Whatever else the text asks for stays, for nothing says that it is lifted.
pub(super) fn bought(r: &mut Reader<'_>) -> bool {
    let facts = r.facts;
    for grant in &facts.grants {
        if r.is_covered(grant)
            && let GrantKind::Purchase { client_work } = &grant.kind
            && covers_clients(r, &grant.name, *client_work)
        {
            r.duty(
                Rule::Grant,
                format!("keep to the license bought: {}", grant.name),
            );
            if facts.does(Act::HostForOthers) || facts.does_any(&PASSING_ON) {
                r.duty(
                    Rule::Grant,
                    format!("see that {} covers handing it on or serving it", grant.name),
                );
            }
            return true;
        }
    }
    let license = r.license;
    for sold in &license.purchase {
        if !facts.held.contains(&sold.id) {
            continue;
        }
        let model = r.model.map(|m| m.id.as_str()).unwrap_or_default();
        if !sold.models.is_empty() && !sold.models.iter().any(|m| m == model) {
            let words = format!("the license held, {}, does not cover this model", sold.name);
            r.step(Rule::Grant, Verdict::Permitted, words);
            continue;
        }
        if !covers_clients(r, &sold.name, sold.client_work) {
            continue;
        }
        let limits = sold.limits.as_deref().unwrap_or("its own terms");
        r.duty(Rule::Grant, format!("keep to {}: {limits}", sold.name));
        if facts.does(Act::HostForOthers) || facts.does_any(&PASSING_ON) {
            let words = format!(
                "whether {} covers handing it on or serving it is not known",
                sold.name
            );
            r.step(Rule::Grant, Verdict::Unknown, words);
        }
        return true;
    }
    false
}

/// Does a license bought reach work for clients, as far as that is asked?
fn covers_clients(r: &mut Reader<'_>, name: &str, covers: Option<bool>) -> bool {
    match (covers, r.facts.client_work) {
        (Some(false), Some(true)) => {
            let words = format!("the license held, {name}, leaves out work for clients");
            r.step(Rule::Grant, Verdict::Permitted, words);
            false
        }
        (Some(false), None) => {
            let why = format!("{name} leaves out work for clients");
            r.ask(Rule::Grant, "client_work", why, Verdict::NeedsLicense);
            true
        }
        (None, Some(true)) => {
            let words = format!("whether {name} covers work for clients is not known");
            r.step(Rule::Grant, Verdict::Unknown, words);
            true
        }
        _ => true,
    }
}

pub(super) fn money(r: &mut Reader<'_>) {
    let (license, facts) = (r.license, r.facts);
    if facts.is_commercial() {
        commercial(r);
    }
    if facts.runs_for_money() {
        return;
    }
    let no = license.commercial_weights == Permission::No;
    if no && facts.does_any(&WITH_WEIGHTS) {
        r.duty(
            Rule::CommercialWeights,
            "only while nothing is earned by running it",
        );
    }
    match facts.purpose {
        Use::Noncommercial if license.research_only == Some(true) => {
            if facts.does_any(&WITH_WEIGHTS) {
                r.barred(
                    Rule::CommercialWeights,
                    "only research or evaluation is allowed, whatever is earned",
                );
            } else {
                r.both_ways(
                    Rule::CommercialWeights,
                    "making outputs is running the weights, and only research or evaluation may",
                    "the text does not reach what came out",
                );
            }
        }
        Use::Evaluation if no => match license.evaluation {
            Some(Evaluation::Named | Evaluation::NamedBelowCapUnclearAbove) => {}
            Some(Evaluation::NotExempt) => r.barred(
                Rule::Evaluation,
                "testing is not exempt from the ban on commercial use",
            ),
            None => r.both_ways(
                Rule::Evaluation,
                "a business that tests the model prepares commercial use",
                "testing earns nothing yet",
            ),
        },
        _ => {}
    }
}

fn commercial(r: &mut Reader<'_>) {
    let (license, facts) = (r.license, r.facts);
    let weights = facts.does_any(&WITH_WEIGHTS);
    let weights_for_money = weights && facts.runs_for_money();
    let outputs = facts.does_any(&WITH_OUTPUTS);
    let charity = facts.purpose == Use::Charity;
    if charity && license.charity_is_noncommercial == Some(true) {
        return;
    }
    match license.commercial_weights {
        Permission::No if weights_for_money && !r.bought && !sells_own_derivative(r) => {
            if charity
                && license.charity_is_noncommercial.is_none()
                && license.research_only != Some(true)
            {
                r.both_ways(
                    Rule::CommercialWeights,
                    "a charity's work may count as commercial",
                    "a charity earns nothing for itself",
                );
            } else {
                r.barred(Rule::CommercialWeights, "it may not be used for money");
            }
        }
        Permission::Unknown => r.step(
            Rule::CommercialWeights,
            Verdict::Unknown,
            "whether the weights may be run for money is not known",
        ),
        Permission::Conditional if unexplained(r) => {
            let note = license.commercial_note.clone();
            r.duty(
                Rule::CommercialWeights,
                note.unwrap_or_else(|| "commercial use has conditions: read the text".to_owned()),
            );
        }
        _ => {}
    }
    if !outputs || r.bought {
        return;
    }
    let no_weights = license.commercial_weights == Permission::No;
    match license.commercial_outputs {
        Permission::No => r.barred(Rule::Outputs, "outputs may not be used for money"),
        Permission::Unknown => r.step(
            Rule::Outputs,
            Verdict::Unknown,
            "whether outputs may be used for money is not known",
        ),
        _ if license.research_only == Some(true) && !weights_for_money => r.barred(
            Rule::Outputs,
            "what came of research may not be sold: only research or evaluation is allowed",
        ),
        Permission::Conditional if no_weights && !weights_for_money => r.both_ways(
            Rule::Outputs,
            "selling what came out makes the use commercial",
            "it was made for no money",
        ),
        Permission::Yes if no_weights && !weights => r.both_ways(
            Rule::Outputs,
            "making outputs for money is running the weights for money",
            "the text allows outputs for any purpose",
        ),
        Permission::Silent if no_weights && !weights_for_money => r.both_ways(
            Rule::Outputs,
            "the text bars commercial use and does not speak of outputs",
            "what it does not speak of it does not bar",
        ),
        Permission::Silent => r.step(
            Rule::Outputs,
            Verdict::Permitted,
            "the text does not speak of outputs",
        ),
        Permission::Yes | Permission::Conditional => {}
    }
}

/// The right of natural persons to sell what they made of the weights.
fn sells_own_derivative(r: &mut Reader<'_>) -> bool {
    let only = |a: &Act| *a == Act::DistributeDerivative || !WITH_WEIGHTS.contains(a);
    if r.license.person_may_sell_derivatives != Some(true) || !r.facts.acts.iter().all(only) {
        return false;
    }
    if let Some(person) = r.facts.person {
        return person;
    }
    let worst = r.worst();
    r.ask(
        Rule::CommercialWeights,
        "person",
        "only natural persons may sell derivatives",
        worst,
    );
    true
}

/// Conditions that no other rule of the row spells out.
fn unexplained(r: &Reader<'_>) -> bool {
    let l = r.license;
    let registered = !matches!(l.registration, None | Some(Registration::None));
    l.threshold.is_empty() && l.territory.is_none() && !registered
}

/// Somebody else runs the weights; what comes out is used here.
pub(super) fn outputs_of_a_host(r: &mut Reader<'_>) {
    let license = r.license;
    if !r.facts.is_commercial() {
        return;
    }
    match license.commercial_outputs {
        Permission::No => r.barred(Rule::Outputs, "outputs may not be used for money"),
        Permission::Unknown => r.step(
            Rule::Outputs,
            Verdict::Unknown,
            "whether outputs may be used for money is not known",
        ),
        Permission::Silent if license.commercial_weights == Permission::No => r.barred(
            Rule::Outputs,
            "the text bars commercial use and does not speak of outputs (strict reading)",
        ),
        Permission::Silent => r.step(
            Rule::Outputs,
            Verdict::Permitted,
            "the text does not speak of outputs",
        ),
        Permission::Conditional => {
            if let Some(note) = license.commercial_note.clone() {
                r.duty(Rule::Outputs, note);
            }
        }
        Permission::Yes => {}
    }
}

/// A step with the licensor before commercial use.
pub(super) fn registration(r: &mut Reader<'_>) {
    if !r.facts.is_commercial() || r.bought || r.exempt(Exempt::Registration) {
        return;
    }
    let at = r.license.registration_url.clone();
    let at = at.map_or_else(String::new, |url| format!(" at {url}"));
    let said = matches!(r.facts.registered, Registered::Yes | Registered::Will);
    if r.license.registration_disputed == Some(true) && !said {
        return r.both_ways(
            Rule::Registration,
            format!("one language of the text asks for a registration{at} before commercial use"),
            "no registration is needed",
        );
    }
    match r.license.registration {
        Some(Registration::RequiredForCommercial | Registration::AuthorizationForCommercial) => {
            match r.facts.registered {
                Registered::Yes => {}
                Registered::Will => r.duty(
                    Rule::Registration,
                    format!("register{at} before the first commercial use"),
                ),
                Registered::No => r.step(
                    Rule::Registration,
                    Verdict::NeedsLicense,
                    format!("commercial use starts with a registration{at}"),
                ),
                Registered::Unsaid => r.ask(
                    Rule::Registration,
                    "registered",
                    format!("commercial use starts with a registration{at}"),
                    Verdict::NeedsLicense,
                ),
            }
        }
        Some(Registration::NoticeForCommercial) => r.duty(
            Rule::Registration,
            format!("give notice of commercial use{at}"),
        ),
        Some(Registration::None | Registration::AuthorizationAboveThreshold) | None => {}
    }
}

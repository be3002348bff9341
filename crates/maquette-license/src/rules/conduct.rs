//! How it may be used: use limits, filters, disclosure, watermarks, updates.

use maquette_catalog::schema::terms::{Aup, Disclosure, FilterFor, Rule};

use crate::reader::Reader;
use crate::verdict::Verdict;
use maquette_core::facts::Act;

pub(super) fn conduct(r: &mut Reader<'_>) {
    use_limits(r);
    filter(r);
    disclosure(r);
    let l = r.license;
    if l.provider_disclosure == Some(true) && r.facts.does(Act::HostForOthers) {
        r.duty(
            Rule::AiDisclosure,
            "name yourself as the provider, and the licensor as not involved",
        );
    }
    if l.provenance_lock == Some(true) {
        r.duty(
            Rule::Provenance,
            "leave watermarks, provenance and safety functions in place",
        );
    }
    if l.update_duty == Some(true) {
        r.duty(
            Rule::UpdateDuty,
            "make reasonable efforts to use the newest version",
        );
    }
    if l.outputs_are_derivatives == Some(true) && r.facts.does(Act::EditOutput) {
        r.both_ways(
            Rule::Outputs,
            "a changed output counts as a derivative, with its duties",
            "what came out is no part of the model",
        );
    }
}

fn use_limits(r: &mut Reader<'_>) {
    let l = r.license;
    let military = if l.military_ban == Some(true) {
        ", among them no military use"
    } else {
        ""
    };
    match l.aup {
        Some(Aup::None) => {}
        Some(Aup::Inline) => r.duty(
            Rule::Aup,
            format!("keep to the use limits of the text{military}"),
        ),
        Some(Aup::External) => {
            let url = l.aup_url.as_deref().unwrap_or("a second document");
            r.duty(
                Rule::Aup,
                format!("keep to the use policy ({url}){military}"),
            );
        }
        None => r.duty(
            Rule::Aup,
            "whether use limits come with it is not known for this text: read it",
        ),
    }
}

fn filter(r: &mut Reader<'_>) {
    let l = r.license;
    if l.content_filter != Some(true) {
        return;
    }
    let scope = l
        .content_filter_scope
        .as_deref()
        .unwrap_or("as the text says");
    let whom = l.content_filter_for.unwrap_or(FilterFor::Everyone);
    if whom == FilterFor::Services && !r.facts.does(Act::HostForOthers) {
        return;
    }
    if r.facts.content_filter == Some(false) && whom != FilterFor::AsSuits {
        r.step(
            Rule::ContentFilter,
            Verdict::Prohibited,
            format!("filtering is a condition of use: {scope}"),
        );
    } else {
        r.duty(Rule::ContentFilter, format!("filter: {scope}"));
    }
}

pub(super) fn disclosure(r: &mut Reader<'_>) {
    let public = [
        Act::PublishOutput,
        Act::SellOutput,
        Act::HostForOthers,
        Act::ShipInProduct,
    ];
    if !r.facts.does_any(&public) {
        return;
    }
    let words = match r.license.ai_disclosure {
        Some(Disclosure::AlwaysInPublic) => "say in public that a machine made it",
        Some(Disclosure::IfLawRequires) => "say that a machine made it where the law asks for it",
        Some(Disclosure::IfLawOrPlatformRequires) => {
            "say that a machine made it where the law or the platform asks for it"
        }
        Some(Disclosure::None) | None => return,
    };
    r.duty(Rule::AiDisclosure, words);
}

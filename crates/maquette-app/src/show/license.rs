//! A license text, term by term, and a tool with the text that it comes under.
//!
//! Three states stay apart: what is not known, what was read and is not there, and what the text does
//! not speak of.

use maquette_catalog::schema::license::License;
use maquette_catalog::schema::model::Grade;
use maquette_catalog::schema::terms::Rule;
use maquette_catalog::schema::tool::Tool;
use maquette_core::group;
use maquette_core::report::listing::{Fact, Section};

use super::{bare, sourced};

pub(super) fn license(l: &License) -> Vec<Section> {
    let mut sections = vec![about(l), money(l), passing_on(l), conduct(l), rest(l)];
    let lists = [
        ("Notes", &l.notes),
        ("Doubts from reading it again", &l.doubts),
    ];
    for (title, lines) in lists {
        if !lines.is_empty() {
            sections.push(section(
                title,
                lines.iter().map(|n| bare("", n.clone())).collect(),
            ));
        }
    }
    sections
}

fn section(title: &str, facts: Vec<Fact>) -> Section {
    Section {
        title: title.to_owned(),
        facts,
    }
}

/// A term with the clause that it stands on.
fn term(l: &License, label: &str, rule: Rule, value: String) -> Fact {
    match l.clause.get(&rule) {
        Some(clause) => bare(label, format!("{value} (clause {clause})")),
        None => bare(label, value),
    }
}

/// `true`, `false` and absent, as far as the text is known.
fn state(l: &License, value: Option<bool>) -> String {
    match (value, l.verified) {
        (Some(true), _) => "yes",
        (Some(false), Grade::Text) => "no: the text was read, and it is not there",
        (Some(false), _) => "not seen: the text itself was not read",
        (None, _) => "not known",
    }
    .to_owned()
}

fn word<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "not known".to_owned(), |v| v.to_string())
}

fn about(l: &License) -> Section {
    let source = l
        .url
        .clone()
        .or_else(|| l.sources.first().cloned())
        .unwrap_or_default();
    let fact = |label: &str, value: String| sourced(label, value, &source, l.as_of);
    let mut facts = vec![
        fact("license", format!("{} ({})", l.name, l.id)),
        bare("class", l.class.to_string()),
        bare(
            "text known by",
            match l.verified {
                Grade::Text => "reading it",
                Grade::Secondary => "others' description",
                Grade::Tag => "a tag only",
            },
        ),
        bare("licensor", word(l.licensor.clone())),
        bare("edition", word(l.version.clone())),
        bare("SPDX", word(l.spdx.clone())),
        bare("sha256 of the text", word(l.text_sha256.clone())),
    ];
    if let Some(at) = &l.clause_read_at {
        facts.push(bare("clauses read at", at.clone()));
    }
    for r in &l.replaces {
        let what = r
            .license
            .as_deref()
            .unwrap_or("a text that is not in the catalog");
        facts.push(bare(
            "took the place of",
            format!("{what} on {} ({})", r.from, r.line),
        ));
    }
    section("License", facts)
}

fn money(l: &License) -> Section {
    let mut facts = vec![
        term(
            l,
            "weights for money",
            Rule::CommercialWeights,
            l.commercial_weights.to_string(),
        ),
        term(
            l,
            "outputs for money",
            Rule::Outputs,
            l.commercial_outputs.to_string(),
        ),
        bare("outputs belong to", word(l.outputs_owner)),
        bare("production barred", state(l, l.non_production)),
        bare("research only", state(l, l.research_only)),
        term(l, "testing", Rule::Evaluation, word(l.evaluation)),
        term(l, "registration", Rule::Registration, word(l.registration)),
    ];
    if let Some(note) = &l.commercial_note {
        facts.push(bare("in short", note.clone()));
    }
    for (i, t) in l.threshold.iter().enumerate() {
        let rule = [Rule::Threshold, Rule::SecondThreshold, Rule::ThirdThreshold][i.min(2)];
        let amount = t
            .amount
            .map_or_else(|| "an amount not known".to_owned(), |a| group(a.into()));
        let line = format!(
            "{} {} {amount}, {}, {}: {}",
            t.metric, t.op, t.subject, t.measured, t.effect
        );
        facts.push(term(l, "line", rule, line));
    }
    match &l.territory {
        Some(t) => facts.push(term(
            l,
            "not in",
            Rule::Territory,
            format!(
                "{} by {} ({}); {}",
                t.excluded.join(", "),
                t.basis,
                t.scope,
                t.remedy
            ),
        )),
        None => facts.push(bare("territory", state(l, Some(false)))),
    }
    facts.push(bare("another license", word(l.commercial_license.clone())));
    facts.push(bare("its price", word(l.commercial_price.clone())));
    for p in &l.purchase {
        let limits = p.limits.as_deref().unwrap_or("limits not known");
        let clients = match p.client_work {
            Some(true) => ", for clients too",
            Some(false) => ", not for clients",
            None => "",
        };
        let value = format!("{} ({}): {limits}{clients}", p.id, p.name);
        facts.push(sourced("sold", value, &p.source, p.as_of));
    }
    section("Money and place", facts)
}

fn passing_on(l: &License) -> Section {
    let yes = |label: &str, rule: Rule, value: Option<bool>| term(l, label, rule, state(l, value));
    let mut facts = vec![
        term(l, "name the maker", Rule::Attribution, word(l.attribution)),
        yes("copy of the text", Rule::LicenseCopy, l.license_copy),
        yes("notices", Rule::NoticeFile, l.notice_file),
        yes("mark changes", Rule::MarkChanges, l.mark_changes),
        yes(
            "limits into own terms",
            Rule::Passthrough,
            l.passthrough_restrictions,
        ),
        yes("same license", Rule::ShareAlike, l.share_alike),
        term(
            l,
            "serving others",
            Rule::HostedService,
            word(l.hosted_service),
        ),
        term(
            l,
            "training on outputs",
            Rule::TrainOtherModels,
            word(l.train_other_models),
        ),
        yes("no competing", Rule::NoCompete, l.no_compete),
    ];
    let words = [
        ("words to show", &l.attribution_text),
        ("naming", &l.naming_rule),
        ("scope of same license", &l.share_alike_scope),
    ];
    for (label, value) in words {
        if let Some(value) = value {
            facts.push(bare(label, value.clone()));
        }
    }
    section("Passing it on", facts)
}

fn conduct(l: &License) -> Section {
    let yes = |label: &str, rule: Rule, value: Option<bool>| term(l, label, rule, state(l, value));
    let policy = l
        .aup_url
        .as_ref()
        .map_or_else(String::new, |u| format!(" ({u})"));
    section(
        "Conduct",
        vec![
            term(
                l,
                "use limits",
                Rule::Aup,
                format!("{}{policy}", word(l.aup)),
            ),
            yes("no military use", Rule::Military, l.military_ban),
            yes("filter", Rule::ContentFilter, l.content_filter),
            term(
                l,
                "say a machine made it",
                Rule::AiDisclosure,
                word(l.ai_disclosure),
            ),
            yes(
                "name the provider",
                Rule::ProviderDisclosure,
                l.provider_disclosure,
            ),
            yes("keep watermarks", Rule::Provenance, l.provenance_lock),
            yes("newest version", Rule::UpdateDuty, l.update_duty),
            term(
                l,
                "hardware",
                Rule::Hardware,
                l.hardware_restriction
                    .clone()
                    .unwrap_or_else(|| "any, as far as is known".to_owned()),
            ),
        ],
    )
}

fn rest(l: &License) -> Section {
    let yes = |label: &str, rule: Rule, value: Option<bool>| term(l, label, rule, state(l, value));
    section(
        "Law",
        vec![
            yes("patent grant", Rule::Patent, l.patent_grant),
            term(
                l,
                "suing ends",
                Rule::Termination,
                word(l.litigation_termination),
            ),
            bare("can be ended", state(l, l.revocable)),
            yes("indemnity", Rule::Indemnity, l.indemnity),
            term(l, "law", Rule::GoverningLaw, word(l.governing_law.clone())),
            bare("text may change", word(l.text_change.clone())),
            bare("not evaluated", "what no field holds; not legal advice"),
        ],
    )
}

pub(super) fn tool(t: &Tool) -> Vec<Section> {
    let mut facts = vec![
        sourced("tool", t.name.clone(), &t.source, t.as_of),
        bare("license", word(t.license.clone())),
        bare("repository", word(t.github.clone())),
    ];
    for part in &t.license_part {
        facts.push(bare(
            "part",
            format!("{}: {}", part.part, word(part.license.clone())),
        ));
    }
    facts.extend(t.notes.iter().map(|n| bare("note", n.clone())));
    vec![section("Tool", facts)]
}

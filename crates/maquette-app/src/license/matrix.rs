//! The matrix: what each text permits, requires and prohibits, by act.

use std::collections::BTreeMap;

use maquette_catalog::Catalog;
use maquette_core::report::license::{LicenseRow, LicensesReport};
use maquette_license::{Act, Facts, Verdict, read};

use super::{FactsForm, NOT_ADVICE, words};
use crate::context::Context;
use crate::error::AppError;

/// The acts of the columns; a page shows the most common of them.
pub const ACTS: &[Act] = Act::ALL;

/// Every text against every act, for the facts stated.
pub fn licenses(ctx: &Context, form: &FactsForm) -> Result<LicensesReport, AppError> {
    let told = form.facts(ctx).map_err(AppError::request)?;
    let catalog = &ctx.knowledge.catalog;
    let by_act: Vec<(Act, Facts)> = ACTS
        .iter()
        .map(|&act| {
            let mut facts = told.facts.clone();
            // What is sold or published was made first.
            facts.acts = [Act::Run, act].into_iter().collect();
            (act, facts)
        })
        .collect();
    let rows = catalog.licenses.iter().map(|l| LicenseRow {
        id: l.id.clone(),
        name: l.name.clone(),
        class: l.class.to_string(),
        grade: l.verified.as_str().to_owned(),
        url: l.url.clone(),
        read: l.as_of.to_string(),
        governs: governs(catalog, &l.id),
        acts: by_act
            .iter()
            .map(|(act, facts)| {
                let verdict = read(l, facts, None).verdict;
                (act.to_string(), cell(verdict).to_owned())
            })
            .collect::<BTreeMap<_, _>>(),
    });
    let mut notes = vec![
        "Each cell is for running the model and doing the act; `maquette license MODEL` puts the texts of parts and ancestors together.".to_owned(),
    ];
    notes.extend(told.doubts);
    notes.push(NOT_ADVICE.to_owned());
    let mut facts = words(&told.facts);
    facts.remove("acts");
    Ok(LicensesReport {
        schema: "maquette.licenses/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        acts: ACTS.iter().map(ToString::to_string).collect(),
        facts,
        licenses: rows.collect(),
        notes,
    })
}

fn governs(catalog: &Catalog, id: &str) -> usize {
    let is = |l: &Option<String>| l.as_deref() == Some(id);
    let models = catalog.models.iter().filter(|m| is(&m.license)).count();
    models + catalog.tools.iter().filter(|t| is(&t.license)).count()
}

fn cell(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Permitted => "permits",
        Verdict::WithConditions => "requires",
        Verdict::Unknown => "depends",
        Verdict::Ambiguous => "ambiguous",
        Verdict::NeedsLicense => "needs-license",
        Verdict::Prohibited => "prohibits",
    }
}

//! Territory: where the licensee sits or the model runs, and where outputs go.

use maquette_catalog::schema::license::Territory;
use maquette_catalog::schema::terms::{Basis, Exempt, Remedy, Rule};
use maquette_core::territory::touches;

use crate::reader::Reader;
use crate::verdict::Verdict;
use maquette_core::facts::{Act, PASSING_ON, Via};

pub(super) fn territory(r: &mut Reader<'_>) {
    let license = r.license;
    let Some(t) = &license.territory else { return };
    if r.exempt(Exempt::Territory) {
        return;
    }
    let multimodal = r.multimodal;
    if t.multimodal_only && multimodal == Some(false) {
        return;
    }
    match t.basis {
        Basis::PlaceOfUse => {
            let place = r.facts.place.clone();
            check(
                r,
                t,
                "place",
                place.as_ref().map(std::slice::from_ref),
                "it runs in",
            );
            outputs(r, t);
        }
        Basis::LicenseeDomicile => {
            let seat = r.facts.domicile.clone();
            let inside = seat.as_ref().is_some_and(|d| touches(d, &t.excluded));
            if inside && t.multimodal_only && multimodal.is_none() {
                let why = "only multimodal models are kept from there";
                r.ask(Rule::Territory, "multimodal", why, worst(t));
                return;
            }
            check(
                r,
                t,
                "domicile",
                seat.as_ref().map(std::slice::from_ref),
                "the licensee sits in",
            );
        }
    }
}

/// Some exclusions reach the customers of a service, wherever that runs.
pub(super) fn through_a_service(r: &mut Reader<'_>) {
    let license = r.license;
    // A host of whatever right hands outputs on: a text that binds outputs binds them there too.
    let reaches = |t: &&Territory| t.hosted || (t.outputs && r.facts.via == Via::Hosted);
    if let Some(t) = license.territory.as_ref().filter(reaches) {
        let place = r.facts.place.clone().or_else(|| r.facts.domicile.clone());
        check(
            r,
            t,
            "place",
            place.as_ref().map(std::slice::from_ref),
            "it is used in",
        );
        outputs(r, t);
    }
}

/// Where what came out, or the model itself, goes.
fn outputs(r: &mut Reader<'_>, t: &Territory) {
    let facts = r.facts;
    let leaves = facts.does_any(&[Act::SellOutput, Act::PublishOutput, Act::HostForOthers])
        || facts.does_any(&PASSING_ON);
    if t.outputs && leaves {
        let to = facts.output_to.clone();
        check(r, t, "output_to", to.as_deref(), "results go to");
    }
}

fn check(
    r: &mut Reader<'_>,
    t: &Territory,
    fact: &'static str,
    said: Option<&[String]>,
    how: &str,
) {
    let areas = t.excluded.join(", ");
    let Some(places) = said else {
        let why = format!("the license does not apply in {areas}");
        r.ask(Rule::Territory, fact, why, worst(t));
        return;
    };
    let Some(place) = places.iter().find(|p| touches(p, &t.excluded)) else {
        let places = places.join(", ");
        r.step(
            Rule::Territory,
            Verdict::Permitted,
            format!("{how} {places}, not in {areas}"),
        );
        return;
    };
    let words = format!(
        "{how} {place}: the license does not apply in {areas} ({})",
        t.scope
    );
    match t.remedy {
        Remedy::NoneOffered => r.step(Rule::Territory, Verdict::Prohibited, words),
        Remedy::LicenseOnRequest => {
            let road = r
                .license
                .commercial_license
                .as_deref()
                .unwrap_or("the licensor");
            let words = format!("{words}; a license can be asked for: {road}");
            r.step(Rule::Territory, Verdict::NeedsLicense, words);
        }
    }
}

fn worst(t: &Territory) -> Verdict {
    match t.remedy {
        Remedy::NoneOffered => Verdict::Prohibited,
        Remedy::LicenseOnRequest => Verdict::NeedsLicense,
    }
}

//! The rules, in the order in which a person would read a text. Their order does not matter for the
//! verdict: each adds steps, and the strictest of all holds.

mod acts;
mod conduct;
mod lines;
mod money;
mod passing_on;
mod territory;
mod training;

use maquette_catalog::schema::terms::Rule;

use crate::reader::Reader;
use crate::verdict::Verdict;
use maquette_core::facts::{TRAINING, Via};

/// What stands beside every verdict on a model that somebody else runs.
pub const HOST_UNREAD: &str =
    "the host's own right to serve the model, and its terms, are not evaluated";

pub(crate) fn all(r: &mut Reader<'_>) {
    if r.facts.via == Via::LicensedApi {
        territory::through_a_service(r);
        if r.facts.does_any(&TRAINING) {
            r.step(
                Rule::TrainOtherModels,
                Verdict::Unknown,
                "what the provider's terms say of training on outputs has not been read",
            );
        }
        r.duty(
            Rule::Grant,
            "the provider's own terms decide: the weights' text does not bind its customer",
        );
        return;
    }
    r.bought = money::bought(r);
    if r.facts.via == Via::Hosted {
        territory::through_a_service(r);
        money::outputs_of_a_host(r);
        conduct::disclosure(r);
        training::training(r);
        r.duty(Rule::Grant, HOST_UNREAD);
        return;
    }
    acts::hardware(r);
    territory::territory(r);
    money::money(r);
    lines::lines(r);
    money::registration(r);
    acts::hosting(r);
    acts::competing(r);
    training::training(r);
    passing_on::passing_on(r);
    conduct::conduct(r);
    if let Some(what) = r.facts.conflict.clone().filter(|_| r.own) {
        r.both_ways(
            Rule::Grant,
            format!("something beside the text says otherwise ({what}): the stricter holds until the licensor answers"),
            "the license text is what counts",
        );
    }
}

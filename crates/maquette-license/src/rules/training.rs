//! Using outputs to train another model.

use maquette_catalog::schema::terms::{Rule, Training};

use crate::reader::Reader;
use crate::verdict::Verdict;
use maquette_core::facts::{Act, TRAINING};

const RULE: Rule = Rule::TrainOtherModels;

pub(super) fn training(r: &mut Reader<'_>) {
    for act in TRAINING {
        if r.facts.does(act) {
            one(r, act);
        }
    }
}

fn one(r: &mut Reader<'_>, act: Act) {
    let Some(term) = r.license.train_other_models else {
        let words = "whether outputs may train another model is not known for this text";
        return r.step(RULE, Verdict::Unknown, words);
    };
    let commercial = r.facts.is_commercial();
    match (term, act) {
        (Training::Allowed, _) => {}
        (Training::Silent, _) => r.step(
            RULE,
            Verdict::Permitted,
            "the text does not speak of training on outputs",
        ),
        (Training::NamingDuty, _) => {
            let prefix = r.license.naming_prefix.as_ref();
            let text = r.license.training_naming.clone();
            let text = text.or_else(|| prefix.map(|p| format!("begin its name with `{p}`")));
            let text = text.or_else(|| r.license.naming_rule.clone());
            let text = text.or_else(|| r.license.attribution_text.clone());
            let text = text.unwrap_or_else(|| "as the text says".to_owned());
            r.duty(RULE, format!("the model trained this way: {text}"));
        }
        (Training::DerivativeIfSimilar, Act::TrainSimilar | Act::TrainCompetitor) => r.duty(
            RULE,
            "a model made to behave like this one is a derivative and carries its terms",
        ),
        (Training::DerivativeIfSimilar, _) => r.duty(
            RULE,
            "where the new model comes to behave like this one, it carries its terms",
        ),
        (Training::Forbidden, _) => forbidden(r, "outputs may improve no other model"),
        (Training::ForbiddenCommercial, _) => {
            if commercial {
                forbidden(r, "outputs may train another model for no money only");
            }
        }
        (Training::ForbiddenCompeting, Act::TrainCompetitor) => {
            forbidden(
                r,
                "outputs may not train a model that competes with this one",
            );
        }
        (Training::ForbiddenCompeting, Act::TrainSimilar) => r.both_ways(
            RULE,
            "a model that behaves like this one competes with it",
            "a likeness for one's own use competes with nobody",
        ),
        (Training::ForbiddenCompeting, _) => {
            r.duty(RULE, "the new model must not compete with this one");
        }
        (Training::ForbiddenFoundation, Act::TrainFoundation) => {
            forbidden(r, "outputs may not train a foundation model");
        }
        (
            Training::ForbiddenFoundation,
            Act::TrainLlm | Act::TrainCompetitor | Act::TrainSimilar,
        ) => r.both_ways(
            RULE,
            "the new model may itself be a foundation model",
            "a small model for one purpose is none",
        ),
        (Training::ForbiddenFoundation, _) => {
            r.duty(RULE, "the new model must be no foundation model");
        }
        (Training::ForbiddenOtherLlm, Act::TrainLlm | Act::TrainCompetitor | Act::TrainSimilar) => {
            forbidden(r, "outputs may improve no other language model");
        }
        (Training::ForbiddenOtherLlm, Act::TrainFoundation) => r.both_ways(
            RULE,
            "the new foundation model may be a language model",
            "one of another kind is none",
        ),
        (Training::ForbiddenOtherLlm, _) => {
            r.duty(RULE, "the new model must be no language model");
        }
        (Training::ForbiddenSameModality, Act::TrainCompetitor | Act::TrainSimilar) => {
            forbidden(r, "outputs may train no model of the same kind");
        }
        (Training::ForbiddenSameModality, Act::TrainFoundation) => r.both_ways(
            RULE,
            "the new foundation model may make the same kind of thing",
            "one of another kind is free",
        ),
        (Training::ForbiddenSameModality, _) => {
            r.duty(RULE, "the new model must make another kind of thing");
        }
    }
}

/// No text offers a road here.
fn forbidden(r: &mut Reader<'_>, words: &str) {
    r.step(RULE, Verdict::Prohibited, words);
}

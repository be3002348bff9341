//! The verbs of maquette: each takes a context and a request and answers one report. Nothing here
//! prints or parses arguments.

pub mod catalog_check;
pub mod claims;
pub mod context;
pub mod digest;
pub mod error;
pub mod files;
pub mod fit;
pub mod gap;
pub mod grants;
pub mod guide;
pub mod license;
pub mod listing;
pub mod machine;
pub mod months;
pub mod observe;
pub mod predictions;
pub mod quantity;
mod reading;
pub mod request;
pub mod show;
pub mod trends;
pub mod why;

use maquette_core::Modality;
use maquette_core::report::break_even::BreakEvenReport;
use maquette_core::report::choose::StackReport;
use rust_decimal::Decimal;

pub use context::Context;
pub use error::{AppError, Kind, Picture};
pub use request::Request;

/// The cheapest lawful stack for a month's work, and its alternatives.
pub fn choose(ctx: &Context, request: &Request) -> Result<StackReport, AppError> {
    let ask = request.ask(ctx)?;
    Ok(maquette_decide::stacks::choose(
        &ctx.knowledge.catalog,
        ctx.fits()?,
        &ask,
    ))
}

/// The volumes at which the cheapest way changes.
pub fn break_even(
    ctx: &Context,
    request: &Request,
    modality: Modality,
    up_to: Option<&str>,
) -> Result<BreakEvenReport, AppError> {
    // One of the modality is enough to carry its size and rates; the volume is what is looked for.
    let mut request = request.clone();
    if !request.quantities.iter().any(|(m, _)| *m == modality) {
        request.quantities.push((modality, "1".to_owned()));
    }
    let mut ask = request.ask(ctx)?;
    let most = match up_to {
        Some(text) => quantity::number(text)
            .and_then(|q| quantity::of(modality, q))
            .map_err(|e| AppError::request(format!("--up-to {text}: {e}")))?,
        None => usual_reach(modality),
    };
    ask.demands.retain(|d| d.modality == modality);
    ask.demands.truncate(1);
    let most = u64::try_from(most.ceil()).map_err(|e| AppError::request(e.to_string()))?;
    Ok(maquette_decide::break_even::break_even(
        &ctx.knowledge.catalog,
        ctx.fits()?,
        &ask,
        most,
    ))
}

/// How far a month's volume is looked at unless the asker says.
fn usual_reach(modality: Modality) -> Decimal {
    Decimal::from(match modality {
        Modality::Text => 50_000_000,
        Modality::Image => 20_000,
        Modality::Music | Modality::Video | Modality::Sound => 2_000,
        Modality::Speech => 10_000,
        Modality::ThreeD | Modality::Motion => 1_000,
    })
}

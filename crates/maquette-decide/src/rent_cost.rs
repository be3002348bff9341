//! What a rented GPU costs beside its hours (research note on prices, section 2, rule 20): the disk
//! that holds the weights, and the traffic of what it made.
//!
//! The weights are kept on the disk while the machine runs; the upper bound keeps them on a volume
//! for the whole month. How many bytes an output has is a conversion of the catalog with its range.

use maquette_catalog::schema::model::Model;
use maquette_catalog::schema::provider::{Extra, Provider, RentalExtra};
use maquette_core::{Basis, Demand, Evidence, Modality};
use rust_decimal::Decimal;

use crate::context::{Ctx, conversion_range};
use crate::facts;
use crate::machine_cost;
use crate::range::Range;

/// Hours of a billing month, as storage is sold by the month.
const HOURS_PER_MONTH: i64 = 730;

/// Prices of one provider's extras, in the report's currency; `None` is not published.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extras {
    /// Per GB and second.
    pub disk: Option<Decimal>,
    /// Per GB and month.
    pub volume: Option<Decimal>,
    /// Per GB.
    pub egress: Option<Decimal>,
    pub evidence: Vec<Evidence>,
}

impl Extras {
    pub fn of(provider: &Provider, ctx: &Ctx<'_>) -> Extras {
        let mut evidence = Vec::new();
        let mut price = |what: Extra| {
            let row = |(_, e): &(usize, &RentalExtra)| e.what == what;
            let (i, extra) = provider.rental_extra.iter().enumerate().find(row)?;
            let converted = ctx.convert(extra.amount).ok()?;
            evidence.push(Evidence {
                id: format!("provider/{}#extra{}", provider.id, i + 1),
                fact: format!("{} per {} ({})", extra.amount, extra.per, word(what)),
                source: extra.source.clone(),
                as_of: extra.as_of.to_string(),
                confidence: extra.confidence,
                basis: Basis::Published,
                note: extra.note.clone(),
            });
            evidence.extend(converted.evidence);
            Some(converted.amount)
        };
        let month = Decimal::from(HOURS_PER_MONTH * 3600);
        Extras {
            disk: price(Extra::Disk).map(|p| p / month),
            volume: price(Extra::Volume),
            egress: price(Extra::Egress),
            evidence,
        }
    }

    /// Is nothing here dearer than there? What is not published counts as nothing, here as there.
    pub fn no_dearer(&self, than: &Extras) -> bool {
        let le =
            |a: Option<Decimal>, b: Option<Decimal>| a.unwrap_or_default() <= b.unwrap_or_default();
        le(self.disk, than.disk) && le(self.volume, than.volume) && le(self.egress, than.egress)
    }
}

/// Beside the hours: money per output, money once a month, and what they rest on.
#[derive(Debug, Clone)]
pub struct Beside {
    pub each: Range,
    pub once: Range,
    pub evidence: Vec<Evidence>,
    /// What could not be counted.
    pub left_out: Vec<&'static str>,
}

/// `seconds` are one output's, `start` those of loading.
pub fn beside(
    extras: &Extras,
    model: &Model,
    demand: &Demand,
    (seconds, start): (Range, Range),
    ctx: &Ctx<'_>,
) -> Beside {
    let weights = Decimal::from(machine_cost::weights_bytes(model, ctx).unwrap_or_default());
    let weights = weights / Decimal::from(1_000_000_000);
    let mut evidence = extras.evidence.clone();
    let mut left_out = Vec::new();
    let (mut each, mut once) = (Range::ZERO, Range::ZERO);
    if let Some(price) = extras.disk {
        each = seconds.times(price * weights);
        once = start.times(price * weights);
    } else {
        left_out.push("disk");
    }
    match extras.volume {
        Some(price) => once.high = once.high.max(price * weights),
        None => left_out.push("a volume kept between runs"),
    }
    match (extras.egress, gigabytes(demand, ctx)) {
        (Some(price), _) if price.is_zero() => {}
        (Some(price), Some((size, conversion))) => {
            each = each.plus(size.times(price));
            evidence.push(conversion);
        }
        _ => left_out.push("traffic"),
    }
    Beside {
        each,
        once,
        evidence,
        left_out,
    }
}

/// Size of one output as a file.
fn gigabytes(demand: &Demand, ctx: &Ctx<'_>) -> Option<(Range, Evidence)> {
    let (id, units) = match demand.modality {
        Modality::Image => {
            let (w, h) = (demand.width.unwrap_or(1024), demand.height.unwrap_or(1024));
            let pixels = Decimal::from(w) * Decimal::from(h);
            ("pixel-byte", pixels / Decimal::from(1_000_000_000))
        }
        Modality::Video => {
            let pixels = Decimal::from(demand.width.unwrap_or(1280))
                * Decimal::from(demand.height.unwrap_or(720));
            let seconds = demand.seconds.unwrap_or(Decimal::ONE);
            (
                "video-pixel-second-byte",
                pixels * seconds / Decimal::from(1_000_000_000),
            )
        }
        Modality::Music => {
            let seconds = demand.seconds?;
            ("audio-second-byte", seconds / Decimal::from(1_000_000_000))
        }
        Modality::Sound => {
            let seconds = demand.seconds.unwrap_or(Decimal::ONE);
            ("audio-second-byte", seconds / Decimal::from(1_000_000_000))
        }
        Modality::Speech => (
            "audio-second-byte",
            Decimal::from(60) / Decimal::from(1_000_000_000),
        ),
        Modality::Text | Modality::ThreeD | Modality::Motion => return None,
    };
    let conversion = ctx.conversion(id).ok()?;
    let size = conversion_range(conversion).times(units);
    Some((size, facts::conversion(conversion)))
}

fn word(what: Extra) -> &'static str {
    match what {
        Extra::Disk => "disk while it runs",
        Extra::Volume => "volume kept between runs",
        Extra::Egress => "traffic out",
    }
}

//! What a number format costs in quality: as measured on this model, else on others of its kind.

use std::collections::BTreeMap;

use maquette_core::{Basis, Confidence, Evidence, Modality};
use maquette_fit::estimate::Fits;
use maquette_fit::format::Format;
use maquette_fit::subject::Subject;
use maquette_know::catalog::schema::quality::{Loss, Metric};

use super::page::four;

/// Metrics in the order in which one is shown: those that compare with the model itself first.
const ORDER: [Metric; 12] = [
    Metric::Perplexity,
    Metric::KlDivergence,
    Metric::Lpips,
    Metric::Psnr,
    Metric::Ssim,
    Metric::Wer,
    Metric::Mmlu,
    Metric::TopTokenAgreement,
    Metric::BenchmarkScore,
    Metric::ImageReward,
    Metric::Fid,
    Metric::ClipScore,
];

/// What is known of a format's cost.
pub struct Cost {
    pub words: String,
    /// The rows it stands on: all of this model's, or those at the ends of the range.
    pub evidence: Vec<Evidence>,
}

/// A measured loss, the format as it is known here, and of which subject and kind of work.
struct Row<'a> {
    loss: &'a Loss,
    format: &'static str,
    of: Option<(String, Modality)>,
}

/// The measured losses whose formats are known here.
pub struct Losses<'a> {
    rows: Vec<Row<'a>>,
}

impl<'a> Losses<'a> {
    pub fn of(all: &'a [Loss], fits: &Fits) -> Losses<'a> {
        let mut known: BTreeMap<&str, Option<(String, Modality)>> = BTreeMap::new();
        let rows = all.iter().filter_map(|loss| {
            let subject = known.entry(&loss.model).or_insert_with(|| {
                let found = fits.names.find(&loss.model, (None, None))?;
                Some((found.id.clone(), found.modality))
            });
            Some(Row {
                loss,
                format: Format::parse(&loss.format)?.name,
                of: subject.clone(),
            })
        });
        Losses {
            rows: rows.collect(),
        }
    }

    pub fn cost(&self, subject: &Subject, format: Format) -> Cost {
        if format.bits >= 16.0 {
            return Cost {
                words: "the weights as published".to_owned(),
                evidence: Vec::new(),
            };
        }
        let in_format = self.rows.iter().filter(|r| r.format == format.name);
        let (mut own, mut others) = (Vec::new(), Vec::new());
        for row in in_format {
            match &row.of {
                Some((id, _)) if *id == subject.id => own.push(row.loss),
                Some((_, modality)) if *modality == subject.modality => others.push(row.loss),
                _ => {}
            }
        }
        let first = |rows: &[&'a Loss]| {
            let metric = ORDER
                .into_iter()
                .find(|m| rows.iter().any(|r| r.metric == *m))?;
            let of: Vec<&Loss> = rows
                .iter()
                .filter(|r| r.metric == metric)
                .copied()
                .collect();
            Some((metric, of))
        };
        if let Some((_, rows)) = first(&own) {
            return Cost {
                words: one(rows[0]),
                evidence: rows.into_iter().map(evidence).collect(),
            };
        }
        if let Some((metric, rows)) = first(&others) {
            return range(metric, rows);
        }
        Cost {
            words: "not known".to_owned(),
            evidence: Vec::new(),
        }
    }
}

/// `+1.9%`: against the reference.
fn change(loss: &Loss) -> Option<f64> {
    Some((loss.value / loss.reference? - 1.0) * 100.0)
}

fn one(loss: &Loss) -> String {
    let name = loss.metric.words();
    match (loss.metric, loss.reference, change(loss)) {
        (Metric::Perplexity, Some(reference), Some(change)) => format!(
            "{name} {change:+.1}% ({} to {})",
            four(reference),
            four(loss.value)
        ),
        (_, Some(reference), _) => format!("{name} {} of {}", four(loss.value), four(reference)),
        (_, None, _) => format!("{name} {}", four(loss.value)),
    }
}

/// The least and the most that other models lost.
fn range(metric: Metric, rows: Vec<&Loss>) -> Cost {
    let figure = |l: &Loss| change(l).unwrap_or(l.value);
    let mut rows = rows;
    // Changes and bare values do not mix.
    let compared = rows.iter().any(|l| l.reference.is_some());
    rows.retain(|l| l.reference.is_some() == compared);
    rows.sort_by(|a, b| {
        figure(a)
            .total_cmp(&figure(b))
            .then_with(|| a.id.cmp(&b.id))
    });
    let (Some(low), Some(high)) = (rows.first(), rows.last()) else {
        return Cost {
            words: String::new(),
            evidence: Vec::new(),
        };
    };
    let mut models: Vec<&str> = rows.iter().map(|l| l.model.as_str()).collect();
    models.sort_unstable();
    models.dedup();
    let span = if compared {
        match (
            format!("{:+.1}", figure(low)),
            format!("{:+.1}", figure(high)),
        ) {
            (a, b) if a == b => format!("{a}%"),
            (a, b) => format!("{a} to {b}%"),
        }
    } else if low.id == high.id {
        four(low.value).to_string()
    } else {
        format!("{} to {}", four(low.value), four(high.value))
    };
    let on = match models.len() {
        1 => format!("on {}", models[0]),
        n => format!("on {n} other models"),
    };
    let mut ends = vec![evidence(low)];
    if low.id != high.id {
        ends.push(evidence(high));
    }
    Cost {
        words: format!("{} {span} {on}", metric.words()),
        evidence: ends,
    }
}

pub(crate) fn evidence(loss: &Loss) -> Evidence {
    let against = loss
        .reference
        .map(|r| format!(", {r} in {}", loss.reference_format));
    Evidence {
        id: format!("quality/{}", loss.id),
        fact: format!(
            "{} {} of {} in {}{}",
            loss.metric.words(),
            loss.value,
            loss.model,
            loss.format,
            against.unwrap_or_default()
        ),
        source: loss.source.clone(),
        as_of: loss.as_of.map(|d| d.to_string()).unwrap_or_default(),
        confidence: if loss.tier == "A" {
            Confidence::High
        } else {
            Confidence::Medium
        },
        basis: Basis::Measured,
        note: [&loss.dataset, &loss.note]
            .into_iter()
            .filter(|t| !t.is_empty())
            .cloned()
            .reduce(|a, b| format!("{a}; {b}")),
    }
}

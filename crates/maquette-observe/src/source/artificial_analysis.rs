//! Artificial Analysis: media arenas, with the user's own key. Its terms want a link where its figures
//! stand, and nothing was found that lets them be passed on: they stay in the user's store.

use super::{About, Ask, Fields, Source, string};
use crate::fact::{Fact, Facts, Value, decimal};
use crate::fetch::{Request, Secret};
use crate::store::Kept;

pub struct ArtificialAnalysis;

const ABOUT: About = About {
    id: "artificial-analysis",
    title: "Artificial Analysis",
    endpoint: "https://artificialanalysis.ai",
    endpoint_vars: &["MAQUETTE_ARTIFICIAL_ANALYSIS_ENDPOINT"],
    key_vars: &["ARTIFICIAL_ANALYSIS_API_KEY", "AA_API_KEY"],
    key_needed: true,
    form: "JSON of Artificial Analysis",
    terms: "with attribution; passing on was not found to be allowed (artificialanalysis.ai/documentation)",
    attribution: "Artificial Analysis, https://artificialanalysis.ai",
    cadence_hours: 24,
    units: "points of each arena's own scale; ci: half of its 95% interval",
    origins: &["artificial-analysis"],
    complete: false,
};

const BOARDS: &[&str] = &[
    "text-to-image",
    "image-editing",
    "text-to-speech",
    "text-to-video",
    "image-to-video",
];

impl Source for ArtificialAnalysis {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn first(&self, ask: &Ask) -> Vec<Request> {
        let base = ask.endpoint.trim_end_matches('/');
        let key = |k: &str| Secret::Header("x-api-key".to_owned(), k.to_owned());
        BOARDS
            .iter()
            .map(|b| ask.request(b, &format!("{base}/api/v2/data/media/{b}"), key))
            .collect()
    }

    fn read(&self, answer: &Kept) -> Result<Facts, String> {
        #[derive(serde::Deserialize)]
        struct List<'a> {
            #[serde(borrow)]
            data: Vec<Fields<'a>>,
        }
        let list: List<'_> = serde_json::from_slice(&answer.body).map_err(|e| e.to_string())?;
        let mut out = Facts::default();
        let board = &answer.kind;
        for (n, row) in list.data.iter().enumerate() {
            let Some(name) = string(row.get("name")).filter(|n| !n.is_empty()) else {
                out.reject(format!("{board} row {n}"), "no name");
                continue;
            };
            let subject = format!("aa:{board}/{name}");
            if let Some(id) = string(row.get("id")) {
                out.identities
                    .push((subject.clone(), format!("aa {board} {id}")));
            }
            let number = |field: &str| row.get(field).and_then(|v| decimal(v.get()));
            let Some(elo) = number("elo") else {
                out.reject(subject, "no rating");
                continue;
            };
            // Written as a number, or as `-7/+7`.
            let ci = number("ci95").or_else(|| {
                let text = string(row.get("ci95"))?;
                decimal(text.rsplit('+').next()?)
            });
            for (metric, unit, value) in [
                ("score", "points", Some(elo)),
                ("ci", "points", ci),
                ("votes", "votes", number("appearances")),
                ("rank", "rank", number("rank")),
            ] {
                if let Some(value) = value {
                    out.facts
                        .push(Fact::change(&subject, metric, unit, Value::Number(value)));
                }
            }
        }
        Ok(out)
    }
}

//! Arena's leaderboards, as its dataset on the Hub serves them row by row.
//!
//! Only the overall category is read. The day is that of publication; organisation and license are
//! texts as printed and may be empty or wrong. Scores of two days differ by more than skill, since
//! the whole board is fitted anew: differences hold within one day.

use super::{About, Ask, Fields, Past, Source, arena_past, bearer, string};
use crate::fact::{Fact, Facts, Value, decimal};
use crate::fetch::Request;
use crate::part::{PartError, Ranges};
use crate::store::Kept;

pub struct Arena;

const ABOUT: About = About {
    id: "arena",
    title: "Arena (LMArena) leaderboards",
    endpoint: "https://datasets-server.huggingface.co",
    endpoint_vars: &["MAQUETTE_ARENA_ENDPOINT"],
    key_vars: &["HF_TOKEN"],
    key_needed: false,
    form: "JSON of the Hub's dataset viewer",
    terms: "CC BY 4.0 (huggingface.co/datasets/lmarena-ai/leaderboard-dataset)",
    attribution: "Arena (LMArena), leaderboard-dataset, CC BY 4.0 (creativecommons.org/licenses/by/4.0)",
    cadence_hours: 24,
    units: "points of the board's scale; ci: half of the printed interval",
    origins: &["arena"],
    complete: false,
};

const DATASET: &str = "lmarena-ai%2Fleaderboard-dataset";
/// Rows of a page; the viewer gives no more.
const PAGE: usize = 100;

fn page(base: &str, config: &str, offset: usize) -> String {
    format!(
        "{base}/filter?dataset={DATASET}&config={config}&split=latest&where=%22category%22%3D%27overall%27&offset={offset}&length={PAGE}"
    )
}

impl Source for Arena {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn first(&self, ask: &Ask) -> Vec<Request> {
        let base = ask.endpoint.trim_end_matches('/');
        let url = format!("{base}/splits?dataset={DATASET}");
        vec![ask.request("splits", &url, bearer)]
    }

    fn past(&self) -> Option<&'static Past> {
        Some(&arena_past::PAST)
    }

    fn first_of_past(&self, ask: &Ask) -> Vec<Request> {
        arena_past::first(ask)
    }

    fn part(&self, ask: &Ask, file: &mut dyn Ranges) -> Result<Vec<u8>, PartError> {
        arena_past::part(ask, file)
    }

    fn next(&self, ask: &Ask, answer: &Kept) -> Vec<Request> {
        #[derive(serde::Deserialize)]
        struct Splits {
            splits: Vec<Split>,
        }
        #[derive(serde::Deserialize)]
        struct Split {
            config: String,
            split: String,
        }
        #[derive(serde::Deserialize)]
        struct Rows {
            num_rows_total: usize,
        }
        if ask.past.is_some() {
            return arena_past::next(ask, answer);
        }
        let base = ask.endpoint.trim_end_matches('/');
        if answer.kind == "splits" {
            let splits: Option<Splits> = serde_json::from_slice(&answer.body).ok();
            let named = |s: &Split| {
                s.split == "latest"
                    && s.config
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
            };
            return splits
                .map_or_else(Vec::new, |s| s.splits)
                .iter()
                .filter(|s| named(s))
                .map(|s| {
                    ask.request(
                        &format!("rows:{}:0", s.config),
                        &page(base, &s.config, 0),
                        bearer,
                    )
                })
                .collect();
        }
        let Some((config, offset)) = at(&answer.kind) else {
            return Vec::new();
        };
        let total = serde_json::from_slice::<Rows>(&answer.body).map_or(0, |r| r.num_rows_total);
        let next = offset + PAGE;
        // Ten thousand rows are more than any board has.
        if next >= total.min(10_000) {
            return Vec::new();
        }
        vec![ask.request(
            &format!("rows:{config}:{next}"),
            &page(base, config, next),
            bearer,
        )]
    }

    /// A board without an overall category answers 4xx to the filter.
    fn accepts(&self, kind: &str, status: u16) -> bool {
        kind.starts_with("rows:") && matches!(status, 400 | 404 | 422)
    }

    fn read(&self, answer: &Kept) -> Result<Facts, String> {
        #[derive(serde::Deserialize)]
        struct Rows<'a> {
            #[serde(borrow)]
            rows: Vec<Row<'a>>,
        }
        #[derive(serde::Deserialize)]
        struct Row<'a> {
            #[serde(borrow)]
            row: Fields<'a>,
        }
        if let Some(past) = arena_past::read(answer) {
            return past;
        }
        let mut out = Facts::default();
        let Some((config, _)) = at(&answer.kind) else {
            // The list of boards says nothing of a model; it must be JSON all the same.
            return serde_json::from_slice::<serde_json::Value>(&answer.body)
                .map_err(|e| e.to_string())
                .and_then(|v| {
                    if v.get("splits").is_some() {
                        Ok(out)
                    } else {
                        Err("no list of splits".to_owned())
                    }
                });
        };
        let board = config.replace('_', "-");
        let rows: Rows<'_> = serde_json::from_slice(&answer.body).map_err(|e| e.to_string())?;
        for (n, r) in rows.rows.iter().enumerate() {
            let Some(name) = string(r.row.get("model_name")).filter(|n| !n.is_empty()) else {
                out.reject(format!("{board} row {n}"), "no name");
                continue;
            };
            let subject = format!("arena:{board}/{name}");
            let day = string(r.row.get("leaderboard_publish_date"))
                .and_then(|d| d.get(..10)?.parse().ok());
            let number = |field: &str| r.row.get(field).and_then(|v| decimal(v.get()));
            let Some(score) = number("rating") else {
                out.reject(subject, "no rating");
                continue;
            };
            let half = number("rating_upper")
                .zip(number("rating_lower"))
                .map(|(high, low)| ((high - low) / rust_decimal::Decimal::TWO).round_dp(2));
            let mut push =
                |metric: &str, unit: &'static str, value: Option<rust_decimal::Decimal>| {
                    if let Some(value) = value {
                        out.facts.push(Fact {
                            valid_from: day,
                            ..Fact::change(&subject, metric, unit, Value::Number(value))
                        });
                    }
                };
            push("score", "points", Some(score.round_dp(2)));
            push("ci", "points", half);
            push("votes", "votes", number("vote_count"));
            push("rank", "rank", number("rank"));
            for field in ["license", "organization"] {
                if let Some(text) = string(r.row.get(field)).filter(|t| !t.is_empty()) {
                    out.facts.push(Fact::text(&subject, field, &text));
                }
            }
        }
        Ok(out)
    }
}

/// Board and offset of a page.
fn at(kind: &str) -> Option<(&str, usize)> {
    let (config, offset) = kind.strip_prefix("rows:")?.rsplit_once(':')?;
    Some((config, offset.parse().ok()?))
}

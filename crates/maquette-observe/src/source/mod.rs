//! The sources, one file each, behind one trait. A source says what to ask and how an answer is
//! read; it neither fetches nor keeps, so that a kept answer can be read again.

mod arena;
mod arena_past;
mod artificial_analysis;
mod epoch;
mod fal;
mod genai_prices;
mod github;
mod hub;
mod hub_stats;
mod litellm;
mod models_dev;
mod openrouter;
pub mod price;
mod rates;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use url::Url;

use crate::fact::Facts;
use crate::fetch::{Request, Secret, link};
use crate::part::{PartError, Ranges};
use crate::store::Kept;

/// What a source is: for `maquette sources`, and for whoever wants to know what is asked of whom.
#[derive(Debug, Clone, Copy)]
pub struct About {
    pub id: &'static str,
    pub title: &'static str,
    /// Where it is asked unless the user says otherwise.
    pub endpoint: &'static str,
    /// Environment variables that name another endpoint, the source's own first.
    pub endpoint_vars: &'static [&'static str],
    /// Environment variables that hold a key, the source's own first.
    pub key_vars: &'static [&'static str],
    /// Nothing is answered without a key.
    pub key_needed: bool,
    /// What an answer is: `JSON`, `CSV`, `XML`.
    pub form: &'static str,
    /// License or terms of the figures, and where that stands.
    pub terms: &'static str,
    /// The line that must stand where its figures are printed; empty: none is asked for.
    pub attribution: &'static str,
    /// Hours after which it has news.
    pub cadence_hours: u32,
    /// How a value becomes an observation.
    pub units: &'static str,
    /// Whose figures it copies: a copy is no second witness.
    pub origins: &'static [&'static str],
    /// A full read lists all that there is, so that what is missing is gone.
    pub complete: bool,
}

/// What a source, or somebody for it, publishes of its past.
#[derive(Debug, Clone, Copy)]
pub struct Past {
    pub title: &'static str,
    pub endpoint: &'static str,
    pub endpoint_vars: &'static [&'static str],
    /// License or terms, where they differ from the source's own.
    pub terms: &'static str,
    /// What one point of it costs to read.
    pub size: &'static str,
}

/// What the scope of a snapshot of the past holds.
pub(crate) const PAST: &str = "past by ";

/// How close together points of the past are read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Every {
    Week,
    #[default]
    Month,
}

impl Every {
    /// The last of each week or month among those from a day on, in order.
    pub fn last<T>(self, since: Option<Date>, list: Vec<(Timestamp, T)>) -> Vec<(Timestamp, T)> {
        let mut last: BTreeMap<(i16, i8), (Timestamp, T)> = BTreeMap::new();
        for (at, item) in list {
            let day = day(at);
            if since.is_some_and(|s| day < s) {
                continue;
            }
            let place = match self {
                Every::Week => {
                    let week = day.iso_week_date();
                    (week.year(), week.week())
                }
                Every::Month => (day.year(), day.month()),
            };
            let newer = last.get(&place).is_none_or(|(old, _)| *old < at);
            if newer {
                last.insert(place, (at, item));
            }
        }
        last.into_values().collect()
    }
}

/// What is asked of a source.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    pub endpoint: String,
    pub key: Option<String>,
    /// What is asked for by name: repositories, or endpoints of a provider.
    pub names: Vec<String>,
    /// All pages of lists, not only the first.
    pub all: bool,
    pub since: Option<Date>,
    /// The published past, so close together, in place of what stands today.
    pub past: Option<Every>,
}

impl Ask {
    /// What makes two refreshes the same one, so that an interrupted one can go on.
    pub fn scope(&self) -> String {
        let mut parts = vec![self.endpoint.clone()];
        if self.all {
            parts.push("all".to_owned());
        }
        if let Some(since) = self.since {
            parts.push(format!("since {since}"));
        }
        match self.past {
            Some(Every::Week) => parts.push(format!("{PAST}week")),
            Some(Every::Month) => parts.push(format!("{PAST}month")),
            None => {}
        }
        if !self.names.is_empty() {
            parts.push(format!("names {}", self.names_hash()));
        }
        parts.join(" ")
    }

    /// Tells two lists of names apart.
    fn names_hash(&self) -> String {
        let hash = Sha256::digest(self.names.join(" ").as_bytes());
        format!(
            "{:02x}{:02x}{:02x}{:02x}",
            hash[0], hash[1], hash[2], hash[3]
        )
    }

    /// The requests that a refresh starts with, of today or of the past.
    pub fn begin(&self, source: &dyn Source) -> Vec<Request> {
        match self.past {
            Some(_) => source.first_of_past(self),
            None => source.first(self),
        }
    }

    /// Does the refresh list all that the source has?
    pub fn complete(&self, source: &dyn Source) -> bool {
        source.about().complete && self.since.is_none() && self.past.is_none()
    }

    /// A request at the endpoint; the key goes along only there.
    fn request(&self, kind: &str, url: &str, secret: impl Fn(&str) -> Secret) -> Request {
        let origin = |u: &str| Url::parse(u).ok().map(|u| u.origin().ascii_serialization());
        let own = origin(url) == origin(&self.endpoint);
        Request::get(kind, url).secret(self.key.as_deref().filter(|_| own).map(secret))
    }
}

fn bearer(key: &str) -> Secret {
    Secret::Header("authorization".to_owned(), format!("Bearer {key}"))
}

pub trait Source: Sync {
    fn about(&self) -> &'static About;

    /// The requests that reading what stands today starts with.
    fn first(&self, ask: &Ask) -> Vec<Request>;

    /// The past that can be read of it.
    fn past(&self) -> Option<&'static Past> {
        None
    }

    /// The requests that reading the past starts with.
    fn first_of_past(&self, ask: &Ask) -> Vec<Request> {
        let _ = ask;
        Vec::new()
    }

    /// The part that is kept of a file of which only a part is wanted.
    fn part(&self, ask: &Ask, file: &mut dyn Ranges) -> Result<Vec<u8>, PartError> {
        let _ = ask;
        let size = file.size();
        file.bytes(0, size)
    }

    /// What an answer leads on to.
    fn next(&self, ask: &Ask, answer: &Kept) -> Vec<Request> {
        let _ = (ask, answer);
        Vec::new()
    }

    /// Is a refusal an answer too (a repository that is no more)?
    fn accepts(&self, kind: &str, status: u16) -> bool {
        let _ = (kind, status);
        false
    }

    /// The facts of an answer. An error: it is not what was asked for, as a whole.
    fn read(&self, answer: &Kept) -> Result<Facts, String>;
}

/// Every source, in the order in which they are refreshed.
pub fn all() -> &'static [&'static dyn Source] {
    &[
        &hub::Hub,
        &github::GitHub,
        &litellm::LiteLlm,
        &models_dev::ModelsDev,
        &openrouter::OpenRouter,
        &genai_prices::GenaiPrices,
        &fal::Fal,
        &arena::Arena,
        &epoch::Epoch,
        &artificial_analysis::ArtificialAnalysis,
        &rates::Ecb,
        &rates::Eia,
        &rates::Eurostat,
    ]
}

pub fn find(id: &str) -> Option<&'static dyn Source> {
    all().iter().copied().find(|s| s.about().id == id)
}

/// The next page that a Link header names, at the address that it names.
fn next_page(answer: &Kept) -> Option<String> {
    let target = link(answer.header("link")?, "next")?;
    Some(
        Url::parse(&answer.final_url)
            .ok()?
            .join(&target)
            .ok()?
            .to_string(),
    )
}

/// The day of a moment, in UTC.
fn day(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

/// A list that leads on to what is read and says nothing itself, if it is one.
fn only_leads<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<Facts, String> {
    serde_json::from_slice::<T>(body)
        .map(|_| Facts::default())
        .map_err(|e| e.to_string())
}

/// A part of a table, as it is kept: CSV.
fn written<R>(head: &[&str], rows: R) -> Result<Vec<u8>, PartError>
where
    R: IntoIterator<Item = Vec<String>>,
{
    let mut out = csv::Writer::from_writer(Vec::new());
    let failed = |e: csv::Error| PartError::Format(e.to_string());
    out.write_record(head).map_err(failed)?;
    for row in rows {
        out.write_record(&row).map_err(failed)?;
    }
    out.into_inner()
        .map_err(|e| PartError::Format(e.to_string()))
}

/// A moment that a kind of request ends with: `wheel:1.2.3@1731456000`.
pub(crate) fn moment(kind: &str) -> Option<i64> {
    kind.rsplit_once('@')?.1.parse().ok()
}

/// A JSON object whose values are read one by one, so that one odd value spoils itself alone.
type Fields<'a> = BTreeMap<String, &'a serde_json::value::RawValue>;

/// A JSON string, or nothing.
fn string(raw: Option<&&serde_json::value::RawValue>) -> Option<String> {
    serde_json::from_str(raw?.get()).ok()
}

/// A JSON number without a sign or fraction, or nothing.
fn whole(raw: Option<&&serde_json::value::RawValue>) -> Option<u64> {
    raw?.get().parse().ok()
}

fn is_null(raw: &serde_json::value::RawValue) -> bool {
    raw.get() == "null"
}

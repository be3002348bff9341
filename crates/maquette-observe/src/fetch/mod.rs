//! Asking politely: one request, followed through redirects, retries and rate limits, within limits
//! of size and time. What a server says of its limits is obeyed before anything is asked again.

mod pace;

use std::collections::HashMap;
use std::io::Read;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

pub use pace::{Pause, pause};

/// Headers worth keeping with an answer.
const KEPT: &[&str] = &[
    "age",
    "content-range",
    "content-type",
    "date",
    "etag",
    "last-modified",
    "link",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "x-error-code",
    "x-error-message",
    "x-hf-warning",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-ratelimit-resource",
    "x-repo-commit",
    "x-total-count",
];

/// Most hosts that a request is sent on to.
const HOPS: usize = 8;

/// What is asked. `secret` never reaches the store, a message or another host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What the source asks for with it; the source reads the answer by it.
    pub kind: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub secret: Option<Secret>,
    /// Of the file only a part is wanted: the source takes it out ([`crate::source::Source::part`]). What
    /// the address names, with its fragment, never changes: what is kept once is not asked for again.
    pub part: bool,
}

impl Request {
    pub fn get(kind: &str, url: impl Into<String>) -> Request {
        Request {
            kind: kind.to_owned(),
            url: url.into(),
            headers: Vec::new(),
            secret: None,
            part: false,
        }
    }

    #[must_use]
    pub fn part(mut self) -> Request {
        self.part = true;
        self
    }

    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Request {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    #[must_use]
    pub fn secret(mut self, secret: Option<Secret>) -> Request {
        self.secret = secret;
        self
    }
}

/// A key and where it goes.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    Header(String, String),
    Query(String, String),
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Secret::Header(name, _) => write!(f, "header {name}"),
            Secret::Query(name, _) => write!(f, "query {name}"),
        }
    }
}

/// What came back, after redirects and retries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Where redirects led; without keys.
    pub url: String,
    /// A permanent or temporary move (301, 302, 303, 307, 308) was followed.
    pub moved: bool,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub fetched_at: Timestamp,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(n, _)| n == name);
        found.map(|(_, v)| v.as_str())
    }

    /// `name: value` by line.
    pub fn header_lines(&self) -> String {
        let lines: Vec<String> = self
            .headers
            .iter()
            .map(|(n, v)| format!("{n}: {v}"))
            .collect();
        lines.join("\n")
    }
}

/// The clock and the waiting, so that tests need neither.
pub trait Clock: Sync {
    fn now(&self) -> Timestamp;
    fn sleep(&self, time: Duration);
}

/// The machine's own.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, time: Duration) {
        std::thread::sleep(time);
    }
}

/// What a refresh may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one answer after unpacking.
    pub answer_bytes: u64,
    /// For one try of one request.
    pub request: Duration,
    pub tries: u32,
    /// The longest that a server's own wish is waited for; beyond it the refresh stops, to be resumed.
    pub wait: Duration,
    /// Requests of one refresh.
    pub requests: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            answer_bytes: 256 * 1024 * 1024,
            request: Duration::from_mins(2),
            tries: 5,
            wait: Duration::from_secs(330),
            requests: 5_000,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    #[error("{url}: {why}, {tries} times")]
    Unreachable {
        url: String,
        why: String,
        tries: u32,
    },
    #[error("{url} answered {status}{}", said.as_deref().map(|s| format!(": {s}")).unwrap_or_default())]
    Refused {
        url: String,
        status: u16,
        said: Option<String>,
    },
    #[error("{url} asks to be left alone until {until}")]
    Wait { url: String, until: Timestamp },
    #[error("{url} answered more than {limit} bytes")]
    TooLarge { url: String, limit: u64 },
    #[error("{url} was sent on more than {HOPS} times")]
    Hops { url: String },
    #[error("{0} is no address")]
    Address(String),
}

/// Asks, keeping connections open between requests.
pub struct Fetcher<'a> {
    agent: ureq::Agent,
    limits: Limits,
    clock: &'a dyn Clock,
    /// When each host may be asked again.
    rest: HashMap<String, Timestamp>,
}

impl std::fmt::Debug for Fetcher<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fetcher")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// What one try came to.
enum Try {
    Done(Answer),
    Again(Pause, FetchError),
    Failed(FetchError),
}

impl<'a> Fetcher<'a> {
    pub fn new(limits: Limits, clock: &'a dyn Clock) -> Fetcher<'a> {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(limits.request))
            .user_agent(concat!("maquette/", env!("CARGO_PKG_VERSION")))
            .proxy(ureq::Proxy::try_from_env())
            .build();
        Fetcher {
            agent: config.new_agent(),
            limits,
            clock,
            rest: HashMap::new(),
        }
    }

    pub fn limits(&self) -> Limits {
        self.limits
    }

    pub fn clock(&self) -> &'a dyn Clock {
        self.clock
    }

    /// The answer, whatever its status, once redirects are followed and what may pass was tried again.
    pub fn fetch(&mut self, request: &Request) -> Result<Answer, FetchError> {
        let mut tries = 0;
        loop {
            self.wait_for_host(&request.url)?;
            tries += 1;
            let outcome = self.walk(request);
            match outcome {
                Try::Done(answer) => {
                    self.heed(&answer);
                    return Ok(answer);
                }
                Try::Failed(e) => return Err(e),
                Try::Again(_, e) if tries >= self.limits.tries => {
                    return Err(match e {
                        FetchError::Unreachable { url, why, .. } => {
                            FetchError::Unreachable { url, why, tries }
                        }
                        other => other,
                    });
                }
                Try::Again(wish, e) => {
                    let wait = wish.length(self.clock.now(), tries, fastrand::f64());
                    if wait > self.limits.wait {
                        let until = self.clock.now() + wait;
                        let url = request.url.clone();
                        return Err(match e {
                            FetchError::Refused { .. } => FetchError::Wait { url, until },
                            other => other,
                        });
                    }
                    self.clock.sleep(wait);
                }
            }
        }
    }

    /// What an answer says of the requests that are left holds for the next one.
    fn heed(&mut self, answer: &Answer) {
        if let (Some(until), Some(host)) = (
            pace::rest_until(answer, self.clock.now()),
            host(&answer.url),
        ) {
            self.rest.insert(host, until);
        }
    }

    fn wait_for_host(&mut self, url: &str) -> Result<(), FetchError> {
        let Some(until) = host(url).and_then(|h| self.rest.remove(&h)) else {
            return Ok(());
        };
        let now = self.clock.now();
        if until <= now {
            return Ok(());
        }
        let wait = Duration::try_from(until - now).unwrap_or_default();
        if wait > self.limits.wait {
            return Err(FetchError::Wait {
                url: url.to_owned(),
                until,
            });
        }
        self.clock.sleep(wait);
        Ok(())
    }

    /// One try, through its redirects. Keys stay with the host that they are for.
    fn walk(&self, request: &Request) -> Try {
        let Ok(mut at) = Url::parse(&request.url) else {
            return Try::Failed(FetchError::Address(request.url.clone()));
        };
        let home = origin(&at);
        let mut moved = false;
        for _ in 0..=HOPS {
            let own = origin(&at) == home;
            let answer = match self.once(request, &at, own) {
                Ok(answer) => answer,
                Err(outcome) => return outcome,
            };
            match answer.status {
                301 | 302 | 303 | 307 | 308 => {
                    let next = answer.header("location").and_then(|l| at.join(l).ok());
                    let Some(next) = next.filter(|n| matches!(n.scheme(), "http" | "https")) else {
                        return Try::Failed(refused(&answer));
                    };
                    // A secure address is never left for an open one.
                    if at.scheme() == "https" && next.scheme() == "http" {
                        return Try::Failed(refused(&answer));
                    }
                    at = next;
                    moved = true;
                }
                408 | 425 | 429 | 500 | 502 | 503 | 504 => {
                    return Try::Again(pause(&answer, self.clock.now()), refused(&answer));
                }
                // GitHub says with 403 too that the hour's requests are used up.
                403 if pace::used_up(&answer) => {
                    return Try::Again(pause(&answer, self.clock.now()), refused(&answer));
                }
                _ => return Try::Done(Answer { moved, ..answer }),
            }
        }
        Try::Failed(FetchError::Hops {
            url: request.url.clone(),
        })
    }

    fn once(&self, request: &Request, at: &Url, own: bool) -> Result<Answer, Try> {
        let shown = at.to_string();
        let mut asked = at.clone();
        // A fragment tells two parts of one file apart, and is nothing to a server.
        asked.set_fragment(None);
        let mut builder = ureq::http::Request::builder().method("GET");
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        match request.secret.as_ref().filter(|_| own) {
            Some(Secret::Header(name, value)) => builder = builder.header(name, value),
            Some(Secret::Query(name, value)) => {
                asked.query_pairs_mut().append_pair(name, value);
            }
            None => {}
        }
        let builder = builder.uri(asked.as_str());
        let bad = |why: String| FetchError::Unreachable {
            url: shown.clone(),
            why,
            tries: 1,
        };
        let again = |why: String| Err(Try::Again(Pause::Backoff, bad(why)));
        let sent = match builder.body(()) {
            Ok(built) => self.agent.run(built),
            Err(e) => return Err(Try::Failed(FetchError::Address(format!("{shown} ({e})")))),
        };
        let mut response = match sent {
            Ok(response) => response,
            Err(e) => return again(plain(&e)),
        };
        let headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .filter(|(n, _)| KEPT.contains(&n.as_str()) || n.as_str() == "location")
            .map(|(n, v)| {
                (
                    n.as_str().to_owned(),
                    String::from_utf8_lossy(v.as_bytes()).into_owned(),
                )
            })
            .collect();
        let limit = self.limits.answer_bytes;
        let mut body = Vec::new();
        let mut reader = response.body_mut().as_reader().take(limit + 1);
        if let Err(e) = reader.read_to_end(&mut body) {
            return again(format!("the answer broke off ({e})"));
        }
        if body.len() as u64 > limit {
            return Err(Try::Failed(FetchError::TooLarge { url: shown, limit }));
        }
        Ok(Answer {
            status: response.status().as_u16(),
            url: shown,
            moved: false,
            headers,
            body,
            fetched_at: self.clock.now(),
        })
    }
}

/// What a person can do something with.
fn plain(e: &ureq::Error) -> String {
    match e {
        ureq::Error::HostNotFound => "no such host (or no network)".to_owned(),
        ureq::Error::ConnectionFailed => "the connection failed".to_owned(),
        ureq::Error::Timeout(_) => "no answer in time".to_owned(),
        ureq::Error::Io(e) if e.to_string().contains("lookup") => {
            "no such host (or no network)".to_owned()
        }
        other => other.to_string(),
    }
}

/// What a refusal says, from its body or its headers.
pub(crate) fn refused(answer: &Answer) -> FetchError {
    let said = answer
        .header("x-error-message")
        .map(str::to_owned)
        .or_else(|| message(&answer.body));
    FetchError::Refused {
        url: answer.url.clone(),
        status: answer.status,
        said,
    }
}

/// The message in an error's JSON, in the forms that the Hub, GitHub and `OpenRouter` use.
fn message(body: &[u8]) -> Option<String> {
    let json: serde_json::Value =
        serde_json::from_slice(body.get(..body.len().min(65_536))?).ok()?;
    let text = |v: &serde_json::Value| match v {
        serde_json::Value::String(s) => Some(s.clone()),
        serde_json::Value::Array(list) => list.first()?.as_str().map(str::to_owned),
        serde_json::Value::Object(o) => o.get("message")?.as_str().map(str::to_owned),
        _ => None,
    };
    let found = json
        .get("error_description")
        .and_then(text)
        .or_else(|| json.get("error").and_then(text))
        .or_else(|| json.pointer("/errors/0").and_then(text))
        .or_else(|| json.get("message").and_then(text))?;
    let clean: String = found
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect();
    Some(clean)
}

fn host(url: &str) -> Option<String> {
    Url::parse(url).ok().as_ref().map(origin)
}

pub(crate) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// The address of `rel` in a Link header (RFC 8288), as the Hub and GitHub page with.
pub fn link(header: &str, rel: &str) -> Option<String> {
    header.split(',').find_map(|part| {
        let (target, params) = part.trim().strip_prefix('<')?.split_once('>')?;
        let named = params.split(';').any(|p| {
            let (key, value) = p.trim().split_once('=').unwrap_or_default();
            key.trim().eq_ignore_ascii_case("rel")
                && value.trim().trim_matches('"').split(' ').any(|r| r == rel)
        });
        named.then(|| target.to_owned())
    })
}

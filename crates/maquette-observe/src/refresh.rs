//! One source into one snapshot: ask, keep every answer as it comes, and make the snapshot visible
//! when the last one is there. An interrupted refresh goes on where it stopped.

use std::collections::{HashMap, HashSet, VecDeque};

use jiff::Timestamp;

use crate::fact::Facts;
use crate::fetch::{Answer, FetchError, Fetcher, Request, refused};
use crate::part::{PartError, Remote};
use crate::source::{Ask, Source};
use crate::store::{Committed, Kept, Store, StoreError};

/// An interrupted refresh is taken up again for so long; its first pages are too old after.
const RESUME_SECONDS: i64 = 86_400;

/// Facts that a refresh holds in memory at most.
const REMEMBERED: usize = 200_000;

/// How far the machine's clock and a server's may lie apart before the server's is taken.
const CLOCK_SECONDS: i64 = 600;

#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{url} was answered with something else than {what}: {why}")]
    Unreadable {
        url: String,
        what: &'static str,
        why: String,
    },
    #[error("{url} leads back to a page that was read already")]
    Repeats { url: String },
    #[error("more than {limit} requests; what is kept stays, and the refresh can go on")]
    TooMany { limit: usize },
}

/// What happens, as it happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    Begun {
        resumed: usize,
    },
    Asked {
        url: String,
        done: usize,
        ahead: usize,
    },
    Unchanged {
        url: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub source: &'static str,
    pub requests: usize,
    pub resumed: usize,
    pub unchanged: usize,
    pub committed: Committed,
    pub note: String,
}

/// Refreshes a source. What goes wrong is remembered in the store as the source's last failure.
pub fn refresh(
    store: &mut Store,
    source: &dyn Source,
    ask: &Ask,
    fetcher: &mut Fetcher<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Done, RefreshError> {
    let id = source.about().id;
    let _lock = store.lock(id)?;
    let outcome = walk(store, source, ask, fetcher, progress);
    if let Err(e) = &outcome {
        let at = fetcher.clock().now().as_second();
        // Where the disk is full, this cannot be kept either; the first error is the one to tell.
        let _ = store.failed(id, at, &e.to_string());
    }
    outcome
}

fn walk(
    store: &mut Store,
    source: &dyn Source,
    ask: &Ask,
    fetcher: &mut Fetcher<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Done, RefreshError> {
    let id = source.about().id;
    let scope = ask.scope();
    let now = fetcher.clock().now().as_second();
    let last = store.latest_moment(id)?;
    let (snapshot, kept) = match store.unfinished(id, &scope)? {
        Some(open) if (now - open.begun_at).abs() < RESUME_SECONDS => {
            (open.id, store.answers(open.id)?)
        }
        Some(old) => {
            store.give_up(old.id, "interrupted more than a day ago", now)?;
            (store.begin(id, &scope, now)?, Vec::new())
        }
        None => (store.begin(id, &scope, now)?, Vec::new()),
    };
    let resumed = kept.len();
    progress(Progress::Begun { resumed });
    let mut seq = kept.iter().map(|k| k.seq + 1).max().unwrap_or(0);
    let mut kept: HashMap<String, Kept> = kept.into_iter().map(|k| (k.url.clone(), k)).collect();
    let mut queue: VecDeque<Request> = ask.begin(source).into();
    let mut seen: HashSet<String> = queue.iter().map(|r| r.url.clone()).collect();
    let (mut requests, mut unchanged, mut notes) = (0, 0, Vec::new());
    // What was read a moment ago is not read again for the commit, as long as it is little.
    let (mut remembered, mut facts) = (HashMap::new(), 0);
    while let Some(request) = queue.pop_front() {
        let answer = if let Some(old) = kept.remove(&request.url) {
            old
        } else {
            if requests >= fetcher.limits().requests {
                return Err(RefreshError::TooMany {
                    limit: fetcher.limits().requests,
                });
            }
            progress(Progress::Asked {
                url: request.url.clone(),
                done: requests,
                ahead: queue.len(),
            });
            let before = store.last_answer(id, &request.url)?;
            if request.part && before.is_some() {
                unchanged += 1;
                continue;
            }
            requests += 1;
            let (answer, read) = if request.part {
                part(source, ask, &request, fetcher, &mut requests)?
            } else {
                one(source, &request, before.as_ref(), fetcher)?
            };
            if facts < REMEMBERED {
                facts += read.facts.len();
                remembered.insert(seq, read);
            }
            if answer.status == 304 {
                unchanged += 1;
                progress(Progress::Unchanged {
                    url: request.url.clone(),
                });
            }
            let (at, note) = moment(&answer, last);
            notes.extend(note);
            let new = Kept {
                seq,
                fetched_at: at,
                ..kept_of(&request, answer)
            };
            store.keep(snapshot, &new)?;
            seq += 1;
            new
        };
        for next in source.next(ask, &answer) {
            if !seen.insert(next.url.clone()) {
                let why = RefreshError::Repeats { url: next.url };
                store.give_up(snapshot, &why.to_string(), now)?;
                return Err(why);
            }
            queue.push_back(next);
        }
    }
    notes.sort();
    notes.dedup();
    let note = notes.join("; ");
    let ended = fetcher.clock().now().as_second();
    let complete = ask.complete(source);
    let committed = store.commit(snapshot, ended, complete, &note, &mut |kept| {
        let known = remembered.remove(&kept.seq);
        known.map_or_else(|| read(source, kept), Ok)
    })?;
    Ok(Done {
        source: id,
        requests,
        resumed,
        unchanged,
        committed,
        note,
    })
}

/// An answer read by its source; one that the source takes although it was refused says nothing.
pub fn read(source: &dyn Source, kept: &Kept) -> Result<Facts, String> {
    if kept.status == 200 || kept.status == 304 {
        return source.read(kept);
    }
    let mut out = Facts::default();
    out.reject(kept.url.clone(), format!("answered {}", kept.status));
    Ok(out)
}

/// The part that is wanted of one file, read once before it is kept.
fn part(
    source: &dyn Source,
    ask: &Ask,
    request: &Request,
    fetcher: &mut Fetcher<'_>,
    requests: &mut usize,
) -> Result<(Answer, Facts), RefreshError> {
    let unreadable = |why: String| RefreshError::Unreadable {
        url: request.url.clone(),
        what: source.about().form,
        why,
    };
    let failed = |e: PartError| match e {
        PartError::Fetch(e) => RefreshError::Fetch(e),
        PartError::Format(why) => unreadable(why),
    };
    let mut file = Remote::open(fetcher, request).map_err(failed)?;
    let body = source.part(ask, &mut file).map_err(failed)?;
    *requests += file.asked() - 1;
    // Where a redirect led may hold a signature, and the part is of the file all the same.
    let head = Answer {
        url: request.url.clone(),
        ..file.answer(Vec::new())
    };
    let answer = Answer {
        body,
        ..head.clone()
    };
    let kept = kept_of(request, answer);
    let read = read(source, &kept).map_err(unreadable)?;
    let body = kept.body;
    Ok((Answer { body, ..head }, read))
}

/// An answer as it is kept, but for its place and moment.
fn kept_of(request: &Request, answer: Answer) -> Kept {
    Kept {
        seq: 0,
        kind: request.kind.clone(),
        url: request.url.clone(),
        headers: answer.header_lines(),
        final_url: answer.url,
        status: answer.status,
        fetched_at: 0,
        body: answer.body,
    }
}

/// One request, on condition where an earlier answer allows it; read once before it is kept.
fn one(
    source: &dyn Source,
    request: &Request,
    before: Option<&Kept>,
    fetcher: &mut Fetcher<'_>,
) -> Result<(Answer, Facts), RefreshError> {
    let mut asked = request.clone();
    if let Some(before) = before {
        if let Some(tag) = before.header("etag") {
            asked = asked.header("if-none-match", tag);
        } else if let Some(date) = before.header("last-modified") {
            asked = asked.header("if-modified-since", date);
        }
    }
    let mut tries = 0;
    loop {
        let mut answer = fetcher.fetch(&asked)?;
        match (answer.status, before) {
            (304, Some(before)) => {
                answer.body.clone_from(&before.body);
                // A 304 need not repeat what it confirms.
                for name in ["etag", "last-modified", "link"] {
                    if let (None, Some(old)) = (answer.header(name), before.header(name)) {
                        answer.headers.push((name.to_owned(), old.to_owned()));
                    }
                }
            }
            (200, _) => {}
            (status, _) if source.accepts(&request.kind, status) => {}
            _ => return Err(refused(&answer).into()),
        }
        let body = std::mem::take(&mut answer.body);
        let kept = kept_of(
            request,
            Answer {
                body,
                ..answer.clone()
            },
        );
        let outcome = read(source, &kept);
        answer.body = kept.body;
        match outcome {
            Ok(read) => return Ok((answer, read)),
            // A proxy's page or half an answer: once more, without condition.
            Err(_) if tries == 0 => {
                tries = 1;
                asked.headers.retain(|(n, _)| !n.starts_with("if-"));
                fetcher.clock().sleep(std::time::Duration::from_secs(1));
            }
            Err(why) => {
                return Err(RefreshError::Unreadable {
                    url: request.url.clone(),
                    what: source.about().form,
                    why,
                });
            }
        }
    }
}

/// When an answer was made. The server's clock is a witness: a machine whose clock is off would
/// else put its observations into the wrong order for ever.
fn moment(answer: &Answer, last: Option<i64>) -> (i64, Option<String>) {
    let own = answer.fetched_at.as_second();
    let said = answer
        .header("date")
        .and_then(|d| {
            jiff::fmt::rfc2822::DateTimeParser::new()
                .parse_timestamp(d.trim())
                .ok()
        })
        .map(|d: Timestamp| {
            let age = answer
                .header("age")
                .and_then(|a| a.trim().parse::<i64>().ok());
            d.as_second() + age.unwrap_or(0).clamp(0, 31_536_000)
        });
    if let Some(said) = said.filter(|s| (s - own).abs() > CLOCK_SECONDS) {
        let days = (own - said) / 86_400;
        return (
            said,
            Some(format!(
                "this machine's clock is {days} days off; the server's was taken"
            )),
        );
    }
    match last {
        Some(last) if own + CLOCK_SECONDS < last => (
            last,
            Some(
                "this machine's clock went back; the moment of the last observation was taken"
                    .to_owned(),
            ),
        ),
        _ => (own, None),
    }
}

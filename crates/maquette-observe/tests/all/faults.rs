//! What networks, disks, clocks and other processes do; nothing partial is ever seen.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use maquette_observe::fetch::{Fetcher, Limits};
use maquette_observe::refresh::{Progress, RefreshError, refresh};
use maquette_observe::source::{Ask, find};
use maquette_observe::store::{Store, StoreError};

use super::hub::{NOW, ask, fake, model, run};
use super::server::{Dir, FakeClock, Reply, Server};

/// Everything visible, as lines.
fn seen(store: &Store) -> String {
    let mut out = Vec::new();
    store.export_csv(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_connection_cut_at_any_byte_costs_a_retry_and_nothing_else() {
    let body = serde_json::to_vec(&[model(1), model(2)]).unwrap();
    let whole = body.len() + 200;
    let expected = {
        let server = Server::start({
            let body = body.clone();
            move |_| Reply::json(body.clone())
        });
        let dir = Dir::new();
        let mut store = Store::open(&dir.0).unwrap();
        run(
            &mut store,
            &Ask {
                all: true,
                ..ask(&server)
            },
            &FakeClock::at(NOW),
        )
        .unwrap();
        seen(&store).lines().count()
    };
    for cut in (0..whole).step_by(7) {
        let n = Arc::new(AtomicUsize::new(0));
        let body = body.clone();
        let server = Server::start(move |_| Reply {
            cut: (n.fetch_add(1, Ordering::SeqCst) == 0).then_some(cut),
            ..Reply::json(body.clone())
        });
        let dir = Dir::new();
        let mut store = Store::open(&dir.0).unwrap();
        let clock = FakeClock::at(NOW);
        run(
            &mut store,
            &Ask {
                all: true,
                ..ask(&server)
            },
            &clock,
        )
        .unwrap();
        assert_eq!(seen(&store).lines().count(), expected, "cut at {cut}");
    }
}

#[test]
fn an_interrupted_refresh_shows_nothing_and_goes_on_where_it_stopped() {
    let n = Arc::new(AtomicUsize::new(0));
    let broken = Arc::new(AtomicUsize::new(4));
    let hub = fake(40, 10);
    let upstream = hub.url.clone();
    let (count, limit) = (n.clone(), broken.clone());
    // A proxy before the fake Hub that breaks after so many answers.
    let server = Server::start(move |asked| {
        if count.fetch_add(1, Ordering::SeqCst) >= limit.load(Ordering::SeqCst) {
            return Reply::status(503);
        }
        let clock = FakeClock::at(NOW);
        let mut fetcher = Fetcher::new(Limits::default(), &clock);
        let url = format!("{upstream}{}", asked.target);
        let answer = fetcher
            .fetch(&maquette_observe::fetch::Request::get("x", url))
            .unwrap();
        let mut reply = Reply::json(answer.body);
        for (name, value) in answer.headers {
            let value = value.replace(
                &upstream,
                &format!("http://{}", asked.header("host").unwrap()),
            );
            if name == "link" {
                reply = reply.with("link", value);
            }
        }
        reply
    });
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    let clock = FakeClock::at(NOW);
    let all = Ask {
        all: true,
        ..ask(&server)
    };
    let e = run(&mut store, &all, &clock).unwrap_err();
    assert!(matches!(e, RefreshError::Fetch(_)), "{e}");
    assert_eq!(seen(&store).lines().count(), 0);
    let state = &store.source_states().unwrap()[0];
    assert!(state.unfinished && state.failure.as_ref().unwrap().1.contains("503"));
    broken.store(usize::MAX, Ordering::SeqCst);
    let before = n.load(Ordering::SeqCst);
    let done = run(&mut store, &all, &clock).unwrap();
    assert_eq!((done.resumed, done.requests), (4, 2));
    assert_eq!(n.load(Ordering::SeqCst) - before, 2);
    assert_eq!(store.subjects("hub:", 100).unwrap().len(), 40);
    assert!(store.check().unwrap().problems.is_empty());
    // A day later the old pages would be too old: all is asked anew.
    let state = &store.source_states().unwrap()[0];
    assert!(!state.unfinished && state.failure.is_none());
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let server = Server::start(|asked| {
        if asked.header("if-none-match") == Some("\"v1\"") {
            return Reply {
                status: 304,
                body: Vec::new(),
                ..Reply::json("")
            };
        }
        Reply::json(r#"{"m":{"litellm_provider":"p","mode":"chat","input_cost_per_token":2e-07}}"#)
            .with("etag", "\"v1\"")
    });
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    let clock = FakeClock::at(NOW);
    let mut fetcher = Fetcher::new(Limits::default(), &clock);
    let source = find("litellm").unwrap();
    let first = refresh(&mut store, source, &ask(&server), &mut fetcher, &mut |_| {}).unwrap();
    clock.set("2026-11-25T12:00:00Z");
    let mut unchanged = 0;
    let second = refresh(&mut store, source, &ask(&server), &mut fetcher, &mut |p| {
        unchanged += usize::from(matches!(p, Progress::Unchanged { .. }));
    })
    .unwrap();
    assert_eq!((first.unchanged, second.unchanged, unchanged), (0, 1, 1));
    assert_eq!((first.committed.written, second.committed.written), (4, 0));
    assert_eq!(second.committed.gone, 0);
    // A third one still knows the tag that a 304 confirmed.
    assert_eq!(
        refresh(&mut store, source, &ask(&server), &mut fetcher, &mut |_| {})
            .unwrap()
            .unchanged,
        1
    );
    assert_eq!(store.counts().unwrap().snapshots, 3);
}

#[test]
fn nonsense_is_asked_for_once_more_and_then_told() {
    for nonsense in ["<html>502</html>", "[{", "{}", "", "\u{0}", "[1,2", "null"] {
        let server = Server::start(move |_| Reply::json(nonsense));
        let dir = Dir::new();
        let mut store = Store::open(&dir.0).unwrap();
        let e = run(
            &mut store,
            &Ask {
                all: true,
                ..ask(&server)
            },
            &FakeClock::at(NOW),
        )
        .unwrap_err();
        assert!(
            matches!(e, RefreshError::Unreadable { .. }),
            "{nonsense}: {e}"
        );
        assert!(e.to_string().contains("the Hub's JSON"), "{e}");
        assert_eq!(server.asked().len(), 2, "{nonsense}");
        assert_eq!(store.counts().unwrap().observations, 0);
    }
}

#[test]
fn a_page_that_leads_back_ends_the_walk() {
    let server = Server::start(|asked| {
        let next = format!(
            "<http://{}/api/models?again>; rel=\"next\"",
            asked.header("host").unwrap()
        );
        Reply::json("[]").with("link", next)
    });
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    let e = run(
        &mut store,
        &Ask {
            all: true,
            ..ask(&server)
        },
        &FakeClock::at(NOW),
    )
    .unwrap_err();
    assert!(matches!(e, RefreshError::Repeats { .. }), "{e}");
    assert!(server.asked().len() < 10);
    assert!(!store.source_states().unwrap()[0].unfinished);
}

#[test]
fn a_clock_that_goes_back_does_not_turn_the_order_around() {
    let server = fake(3, 10);
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    let clock = FakeClock::at(NOW);
    let all = Ask {
        all: true,
        ..ask(&server)
    };
    run(&mut store, &all, &clock).unwrap();
    clock.set("2019-01-01T00:00:00Z");
    let done = run(&mut store, &all, &clock).unwrap();
    assert!(done.note.contains("clock went back"), "{}", done.note);
    let points = store
        .series("hub:owner-1/model-1", "likes", 0, i64::MAX)
        .unwrap();
    assert!(
        points
            .windows(2)
            .all(|w| w[0].observed_at <= w[1].observed_at)
    );
    assert!(points.iter().all(|p| p.observed_at > 1_795_000_000));
    // Where the server tells the time, that is taken.
    let dated = Server::start(|_| Reply::json("[]").with("date", "Tue, 24 Nov 2026 13:00:00 GMT"));
    let done = run(
        &mut store,
        &Ask {
            all: true,
            ..ask(&dated)
        },
        &clock,
    )
    .unwrap();
    assert!(
        done.note.contains("the server's was taken"),
        "{}",
        done.note
    );
    assert_eq!(store.latest_moment("hub").unwrap(), Some(1_795_525_200));
}

#[test]
fn two_at_once_are_safe() {
    let dir = Dir::new();
    let store = Store::open(&dir.0).unwrap();
    let lock = store.lock("hub").unwrap();
    let server = fake(3, 10);
    let mut other = Store::open(&dir.0).unwrap();
    let e = run(&mut other, &ask(&server), &FakeClock::at(NOW)).unwrap_err();
    assert!(
        matches!(e, RefreshError::Store(StoreError::Locked { .. })),
        "{e}"
    );
    drop(lock);
    // Different sources write at the same time.
    let threads: Vec<_> = (0..6)
        .map(|i| {
            let (path, url) = (dir.0.clone(), server.url.clone());
            std::thread::spawn(move || {
                let mut store = Store::open(&path).unwrap();
                let snapshot = store.begin(&format!("s{i}"), &url, 5).unwrap();
                for seq in 0..20 {
                    let kept = maquette_observe::store::Kept {
                        seq,
                        kind: "x".into(),
                        url: format!("u{i}/{seq}"),
                        final_url: String::new(),
                        status: 200,
                        headers: String::new(),
                        fetched_at: 5 + seq,
                        body: format!("{i} {seq}").into_bytes(),
                    };
                    store.keep(snapshot, &kept).unwrap();
                }
                store
                    .commit(snapshot, 9, false, "", &mut |k| {
                        let mut out = maquette_observe::fact::Facts::default();
                        let value = maquette_observe::fact::Value::Text(
                            String::from_utf8(k.body.clone()).unwrap(),
                        );
                        let subject = format!("t:{i}");
                        out.facts.push(maquette_observe::fact::Fact::every(
                            &subject, "m", "", value,
                        ));
                        Ok(out)
                    })
                    .unwrap();
            })
        })
        .collect();
    for t in threads {
        t.join().unwrap();
    }
    assert_eq!(store.counts().unwrap().observations, 120);
    assert!(store.check().unwrap().problems.is_empty());
}

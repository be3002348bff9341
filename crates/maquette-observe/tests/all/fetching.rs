//! One request: redirects, retries, limits, what is sent to whom.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use maquette_observe::fetch::{FetchError, Fetcher, Limits, Request, Secret, link};

use super::server::{FakeClock, Reply, Server, gzip};

const NOW: &str = "2026-11-24T12:00:00Z";

fn key() -> Secret {
    Secret::Header("authorization".into(), "Bearer hf_secret".into())
}

#[test]
fn a_key_is_dropped_where_another_host_takes_over() {
    let other = Server::start(|_| Reply::json("[1]"));
    let there = other.url.clone();
    let home = Server::start(move |asked| match asked.path() {
        "/away" => Reply::status(302).with("location", format!("{there}/x")),
        "/home" => Reply::status(307).with("location", "/kept"),
        _ => Reply::json("[2]"),
    });
    let clock = FakeClock::at(NOW);
    let mut fetcher = Fetcher::new(Limits::default(), &clock);
    let ask = |path: &str| Request::get("x", format!("{}{path}", home.url)).secret(Some(key()));
    let away = fetcher.fetch(&ask("/away")).unwrap();
    assert_eq!(
        (away.body.as_slice(), away.moved),
        (b"[1]".as_slice(), true)
    );
    assert_eq!(other.asked()[0].header("authorization"), None);
    // On the same host it goes along, and where it led is told without it.
    let kept = fetcher.fetch(&ask("/home")).unwrap();
    assert!(kept.url.ends_with("/kept"));
    assert!(
        home.asked()
            .iter()
            .all(|a| a.header("authorization") == Some("Bearer hf_secret"))
    );
    let query = Secret::Query("api_key".into(), "k1".into());
    let asked = Request::get("x", format!("{}/q?a=1", home.url)).secret(Some(query));
    let answer = fetcher.fetch(&asked).unwrap();
    assert_eq!(home.asked().last().unwrap().query("api_key"), Some("k1"));
    assert!(!answer.url.contains("k1") && !format!("{asked:?}").contains("k1"));
}

#[test]
fn what_may_pass_is_tried_again_and_no_more_than_so_often() {
    let n = AtomicUsize::new(0);
    let server = Server::start(move |asked| match asked.path() {
        "/storm" => Reply::status(503),
        "/refused" => Reply {
            body: br#"{"error":"no such\u0007 thing"}"#.to_vec(),
            ..Reply::status(404)
        },
        _ if n.fetch_add(1, Ordering::SeqCst) < 2 => Reply::status(502),
        _ => Reply::json("[]"),
    });
    let clock = FakeClock::at(NOW);
    let mut fetcher = Fetcher::new(Limits::default(), &clock);
    let url = |path: &str| Request::get("x", format!("{}{path}", server.url));
    assert_eq!(fetcher.fetch(&url("/")).unwrap().body, b"[]");
    assert_eq!(clock.slept().len(), 2);
    let e = fetcher.fetch(&url("/storm")).unwrap_err();
    assert!(matches!(e, FetchError::Refused { status: 503, .. }), "{e}");
    assert_eq!(
        server
            .asked()
            .iter()
            .filter(|a| a.path() == "/storm")
            .count(),
        5
    );
    let waits = clock.slept();
    assert!(
        (15..=32).contains(&waits[2..].iter().sum::<u64>()),
        "{waits:?}"
    );
    // What will not pass is asked once.
    let answer = fetcher.fetch(&url("/refused")).unwrap();
    assert_eq!(answer.status, 404);
    assert_eq!(
        server
            .asked()
            .iter()
            .filter(|a| a.path() == "/refused")
            .count(),
        1
    );
}

#[test]
fn rate_limits_are_kept_before_they_are_hit() {
    let server = Server::start(|asked| match asked.path() {
        "/last" => Reply::json("[]").with("RateLimit", "\"api\";r=0;t=41"),
        "/long" => Reply::status(429).with("retry-after", "7200"),
        _ => Reply::json("[]"),
    });
    let clock = FakeClock::at(NOW);
    let mut fetcher = Fetcher::new(Limits::default(), &clock);
    let url = |path: &str| Request::get("x", format!("{}{path}", server.url));
    fetcher.fetch(&url("/last")).unwrap();
    assert!(clock.slept().is_empty());
    fetcher.fetch(&url("/next")).unwrap();
    assert_eq!(clock.slept(), [42]);
    fetcher.fetch(&url("/next")).unwrap();
    assert_eq!(clock.slept(), [42]);
    // Two hours are not sat out: the refresh ends, and says until when.
    let e = fetcher.fetch(&url("/long")).unwrap_err();
    let FetchError::Wait { until, .. } = e else {
        panic!("{e}")
    };
    assert_eq!(until.to_string(), "2026-11-24T14:00:42Z");
}

#[test]
fn answers_are_unpacked_and_have_a_limit() {
    let big = vec![b' '; 300_000];
    let server = Server::start(move |asked| {
        assert!(asked.header("accept-encoding").unwrap().contains("gzip"));
        let body = match asked.path() {
            "/bomb" => gzip(&big),
            _ => gzip(b"[1,2]"),
        };
        Reply::json(body).with("content-encoding", "gzip")
    });
    let clock = FakeClock::at(NOW);
    let limits = Limits {
        answer_bytes: 100_000,
        ..Limits::default()
    };
    let mut fetcher = Fetcher::new(limits, &clock);
    let url = |path: &str| Request::get("x", format!("{}{path}", server.url));
    assert_eq!(fetcher.fetch(&url("/")).unwrap().body, b"[1,2]");
    let e = fetcher.fetch(&url("/bomb")).unwrap_err();
    assert!(
        matches!(e, FetchError::TooLarge { limit: 100_000, .. }),
        "{e}"
    );
}

#[test]
fn circles_odd_addresses_and_silence_end() {
    let server = Server::start(|asked| match asked.path() {
        "/round" => Reply::status(302).with("location", "/round"),
        "/file" => Reply::status(302).with("location", "file:///etc/passwd"),
        _ => {
            std::thread::sleep(Duration::from_secs(3));
            Reply::json("[]")
        }
    });
    let clock = FakeClock::at(NOW);
    let limits = Limits {
        request: Duration::from_millis(300),
        tries: 2,
        ..Limits::default()
    };
    let mut fetcher = Fetcher::new(limits, &clock);
    let url = |path: &str| Request::get("x", format!("{}{path}", server.url));
    assert!(matches!(
        fetcher.fetch(&url("/round")),
        Err(FetchError::Hops { .. })
    ));
    assert!(matches!(
        fetcher.fetch(&url("/file")),
        Err(FetchError::Refused { .. })
    ));
    let e = fetcher.fetch(&url("/silent")).unwrap_err();
    assert!(e.to_string().contains("no answer in time, 2 times"), "{e}");
    let e = fetcher.fetch(&Request::get("x", "nonsense")).unwrap_err();
    assert!(matches!(e, FetchError::Address(_)), "{e}");
    let e = fetcher
        .fetch(&Request::get("x", "http://127.0.0.1:1/"))
        .unwrap_err();
    assert!(matches!(e, FetchError::Unreachable { tries: 2, .. }), "{e}");
}

#[test]
fn the_next_page_is_read_off_its_header() {
    let header =
        "<https://h.co/api/models?limit=2&cursor=a%2Cb>; rel=\"next\", <https://h.co/>; rel=first";
    assert_eq!(
        link(header, "next").as_deref(),
        Some("https://h.co/api/models?limit=2&cursor=a%2Cb")
    );
    assert_eq!(link(header, "first").as_deref(), Some("https://h.co/"));
    assert_eq!(link(header, "last"), None);
    assert_eq!(link("nonsense", "next"), None);
}

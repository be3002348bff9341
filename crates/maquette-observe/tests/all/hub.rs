//! A fake Hub that pages, redirects and refuses as the real one does, and our reading of it.

use maquette_observe::fact::Value;
use maquette_observe::fetch::{Fetcher, Limits};
use maquette_observe::refresh::{Done, RefreshError, refresh};
use maquette_observe::source::{Ask, find};
use maquette_observe::store::Store;
use serde_json::{Value as Json, json};

use super::server::{Asked, Dir, FakeClock, Reply, Server};

pub const NOW: &str = "2026-11-24T12:00:00Z";

/// A Hub of `n` models, two of which were renamed since.
pub fn fake(n: usize, page: usize) -> Server {
    Server::start(move |asked| answer(asked, n, page))
}

pub fn model(i: usize) -> Json {
    json!({
        "_id": format!("{i:024x}"), "id": format!("owner-{}/model-{i}", i % 7),
        "downloads": 1_000_000 / (i + 1), "downloadsAllTime": 5_000_000 / (i + 1), "likes": i * 3,
        "trendingScore": i % 11, "pipeline_tag": if i.is_multiple_of(2) { "text-to-image" } else { "text-to-video" },
        "library_name": "diffusers", "gated": if i.is_multiple_of(5) { json!("auto") } else { json!(false) },
        "tags": ["diffusers", "license:apache-2.0", "region:us"],
        "safetensors": { "parameters": { "BF16": 12_000_000_000_u64 }, "total": 12_000_000_000_u64 },
        "createdAt": "2024-07-31T21:13:44.000Z",
        "cardData": { "license": "other", "license_name": "flux-1-dev-non-commercial-license", "license_link": "LICENSE.md" }
    })
}

fn answer(asked: &Asked, n: usize, page: usize) -> Reply {
    if asked.path() == "/api/models" {
        let task = asked.query("pipeline_tag");
        let all: Vec<Json> = (0..n)
            .map(model)
            .filter(|m| task.is_none_or(|t| m["pipeline_tag"] == t))
            .collect();
        if asked.query("sort") == Some("trending") {
            return Reply {
                status: 400,
                ..Reply::json(r#"{"error":"✖ Invalid sort parameter: trending"}"#)
            };
        }
        let start: usize = asked.query("cursor").map_or(0, |c| c.parse().unwrap());
        let wanted: usize = asked.query("limit").map_or(page, |l| l.parse().unwrap());
        let end = (start + wanted.min(page)).min(all.len());
        let reply = Reply::json(serde_json::to_vec(&all[start..end]).unwrap())
            .with("RateLimit", "\"api\";r=400;t=200")
            .with("etag", format!("W/\"{start}-{}\"", all.len()));
        if end < all.len() {
            let host = asked.header("host").unwrap();
            let rest: Vec<&str> = asked.target.split_once('?').map_or(vec![], |(_, q)| {
                q.split('&').filter(|p| !p.starts_with("cursor=")).collect()
            });
            return reply.with(
                "link",
                format!(
                    "<http://{host}/api/models?{}&cursor={end}>; rel=\"next\"",
                    rest.join("&")
                ),
            );
        }
        return reply;
    }
    if asked.path() == "/api/spaces" {
        return Reply::json(
            r#"[{"_id":"s1","id":"o/space","likes":9389,"trendingScore":4,"sdk":"gradio"}]"#,
        );
    }
    match asked.path().strip_prefix("/api/models/") {
        Some("old/name") => Reply::status(307).with("location", "/api/models/owner-1/model-1"),
        Some("gone/model") => Reply {
            status: 401,
            ..Reply::json(r#"{"error":"Invalid username or password."}"#)
        }
        .with("x-error-code", "RepoNotFound"),
        Some(id) => {
            let i: usize = id.rsplit('-').next().unwrap().parse().unwrap();
            Reply::json(serde_json::to_vec(&model(i)).unwrap())
        }
        None => Reply::status(404),
    }
}

pub fn ask(server: &Server) -> Ask {
    Ask {
        endpoint: server.url.clone(),
        ..Ask::default()
    }
}

pub fn run(store: &mut Store, ask: &Ask, clock: &FakeClock) -> Result<Done, RefreshError> {
    let mut fetcher = Fetcher::new(Limits::default(), clock);
    refresh(store, find("hub").unwrap(), ask, &mut fetcher, &mut |_| {})
}

fn last(store: &Store, subject: &str, metric: &str) -> Option<String> {
    let point = store.last(subject, metric, i64::MAX).unwrap();
    point.map(|p| p.value.to_string())
}

#[test]
fn every_page_is_walked_and_every_field_lands_where_it_belongs() {
    let server = fake(53, 10);
    let clock = FakeClock::at(NOW);
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    let all = Ask {
        all: true,
        ..ask(&server)
    };
    let done = run(&mut store, &all, &clock).unwrap();
    assert_eq!(done.requests, 6 + 2);
    assert_eq!(store.subjects("hub:", 1000).unwrap().len(), 53);
    for (subject, metric, value) in [
        ("hub:owner-0/model-0", "downloads", "1000000"),
        ("hub:owner-3/model-3", "likes", "9"),
        ("hub:owner-3/model-3", "license-tag", "apache-2.0"),
        ("hub:owner-5/model-5", "gated", "auto"),
        ("hub:owner-3/model-3", "parameters", "12000000000"),
        ("space:o/space", "likes", "9389"),
    ] {
        assert_eq!(
            last(&store, subject, metric).as_deref(),
            Some(value),
            "{subject} {metric}"
        );
    }
    let top = store.top(&["text-to-video"], "likes", i64::MAX, 3).unwrap();
    let names: Vec<&str> = top.iter().map(|t| t.subject.as_str()).collect();
    assert_eq!(
        names,
        [
            "hub:owner-2/model-51",
            "hub:owner-0/model-49",
            "hub:owner-5/model-47"
        ]
    );
}

#[test]
fn a_rename_is_followed_and_joins_both_names() {
    let server = fake(9, 10);
    let clock = FakeClock::at(NOW);
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    let named = Ask {
        names: vec![
            "old/name".into(),
            "gone/model".into(),
            "owner-2/model-2".into(),
        ],
        ..ask(&server)
    };
    let done = run(&mut store, &named, &clock).unwrap();
    assert_eq!(
        last(&store, "hub:old/name", "renamed-to").as_deref(),
        Some("owner-1/model-1")
    );
    let both = store
        .series("hub:old/name", "downloads", 0, i64::MAX)
        .unwrap();
    assert!(both.iter().any(|p| p.subject == "hub:owner-1/model-1"));
    assert_eq!(
        last(&store, "hub:owner-2/model-2", "license-name").as_deref(),
        Some("flux-1-dev-non-commercial-license")
    );
    // What is not there is told, and stops nothing.
    assert_eq!(done.committed.rejected, 1);
    let left = store.rejected("hub").unwrap();
    assert!(left[0].1.contains("401"), "{left:?}");
}

#[test]
fn wrong_types_spoil_themselves_alone() {
    let server = Server::start(|asked| match asked.path() {
        "/api/models" => Reply::json(
            r#"[{"id":"a/b","downloads":"many","likes":3,"tags":7,"gated":null,"safetensors":[]},
                17, {"downloads":3}, {"id":"x y","likes":1}, {"id":"c/d","downloads":-1,"likes":1.5,"pipeline_tag":{}}]"#,
        ),
        _ => Reply::json("[]"),
    });
    let clock = FakeClock::at(NOW);
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    run(
        &mut store,
        &Ask {
            all: true,
            ..ask(&server)
        },
        &clock,
    )
    .unwrap();
    assert_eq!(last(&store, "hub:a/b", "likes").as_deref(), Some("3"));
    assert_eq!(last(&store, "hub:a/b", "downloads"), None);
    assert_eq!(last(&store, "hub:c/d", "likes"), None);
    let reasons: Vec<String> = store
        .rejected("hub")
        .unwrap()
        .into_iter()
        .map(|(k, r)| format!("{k}: {r}"))
        .collect();
    assert_eq!(
        reasons,
        [
            "hub:a/b downloads: not a count: \"many\"",
            "row 1: not an object",
            "row 2: no id",
            "row 3: no id",
            "hub:c/d downloads: not a count: -1",
            "hub:c/d likes: not a count: 1.5",
        ]
    );
}

#[test]
fn counters_keep_every_reading_and_names_their_changes() {
    let server = fake(4, 10);
    let clock = FakeClock::at(NOW);
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    let all = Ask {
        all: true,
        ..ask(&server)
    };
    for day in 1..=3 {
        clock.set(&format!("2026-11-0{day}T08:00:00Z"));
        run(&mut store, &all, &clock).unwrap();
    }
    let of = |metric| {
        store
            .series("hub:owner-1/model-1", metric, 0, i64::MAX)
            .unwrap()
    };
    assert_eq!(of("likes").len(), 3);
    assert_eq!(of("license-tag").len(), 1);
    let first = of("likes")[0].clone();
    assert_eq!(
        (first.value, first.unit.as_str()),
        (Value::count(3), "likes")
    );
    // The world of the second day does not know the third.
    let by = "2026-11-02T23:59:59Z"
        .parse::<jiff::Timestamp>()
        .unwrap()
        .as_second();
    let then = store
        .last("hub:owner-1/model-1", "likes", by)
        .unwrap()
        .unwrap();
    assert_eq!(then.observed_at, by - 16 * 3600 + 1);
}

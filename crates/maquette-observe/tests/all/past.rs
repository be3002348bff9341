//! The published past: parts of large files, asked for range by range, and what becomes of them. The
//! files in `tests/parts` were written by other people's libraries (`make.py` there).

use std::io::Write;

use maquette_observe::fetch::{Fetcher, Limits};
use maquette_observe::part::{PartError, parquet, zip};
use maquette_observe::refresh::{Done, RefreshError, refresh};
use maquette_observe::source::{Ask, Every, find};
use maquette_observe::store::Store;

use crate::server::{Asked, Dir, FakeClock, Reply, Server};

const NOW: &str = "2026-11-24T12:00:00Z";

fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/parts/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).unwrap()
}

/// A server's answer to a request for a range, as RFC 9110 has it.
fn ranged(asked: &Asked, body: &[u8]) -> Reply {
    let Some(range) = asked.header("range").and_then(|r| r.strip_prefix("bytes=")) else {
        return Reply::json(body);
    };
    let (from, to) = range.split_once('-').unwrap();
    let (from, to) = match from.parse::<usize>() {
        Ok(from) => (from, to.parse::<usize>().unwrap()),
        Err(_) => (
            body.len().saturating_sub(to.parse().unwrap()),
            body.len() - 1,
        ),
    };
    let said = format!("bytes {from}-{to}/{}", body.len());
    Reply {
        status: 206,
        ..Reply::json(&body[from..=to])
    }
    .with("content-range", said)
}

fn past(store: &mut Store, url: &str, source: &str, names: &[&str]) -> Result<Done, RefreshError> {
    let ask = Ask {
        endpoint: url.to_owned(),
        key: Some("SECRET".to_owned()),
        names: names.iter().map(|n| (*n).to_owned()).collect(),
        since: Some("2026-01-01".parse().unwrap()),
        past: Some(Every::Month),
        ..Ask::default()
    };
    observe(store, source, &ask)
}

fn observe(store: &mut Store, source: &str, ask: &Ask) -> Result<Done, RefreshError> {
    let clock = FakeClock::at(NOW);
    let mut fetcher = Fetcher::new(Limits::default(), &clock);
    let source = find(source).unwrap();
    refresh(store, source, ask, &mut fetcher, &mut |_| {})
}

fn series(store: &Store, subject: &str, metric: &str) -> Vec<(String, String)> {
    let points = store.series(subject, metric, 0, i64::MAX).unwrap();
    let day = |at: i64| jiff::Timestamp::from_second(at).unwrap().to_string()[..10].to_owned();
    points
        .iter()
        .map(|p| (day(p.observed_at), p.value.to_string()))
        .collect()
}

#[test]
fn rows_are_as_another_library_wrote_them() {
    let columns = [
        parquet::Column::needed("id"),
        parquet::Column::needed("downloads"),
        parquet::Column::wanted("likes"),
        parquet::Column::wanted("trendingScore"),
        parquet::Column::wanted("nowhere"),
    ];
    let mut seen = Vec::new();
    let bytes = file("models.parquet");
    parquet::rows(&mut bytes.as_slice(), &columns, &mut |cells| {
        seen.push(cells.to_vec());
    })
    .unwrap();
    assert_eq!(seen.len(), 1000);
    for (n, cells) in seen.iter().enumerate() {
        let whole = i64::try_from(n).unwrap();
        assert_eq!(cells[0].text(), Some(format!("owner/model-{n}").as_str()));
        assert_eq!(cells[1], parquet::Cell::Whole(whole * 10));
        let likes = if n == 7 {
            parquet::Cell::Null
        } else {
            parquet::Cell::Whole(whole)
        };
        assert_eq!(cells[2], likes);
        let trending = if n % 2 == 1 {
            parquet::Cell::Number(f64::from(u32::try_from(n).unwrap()))
        } else {
            parquet::Cell::Null
        };
        assert_eq!(cells[3], trending);
        assert_eq!(cells[4], parquet::Cell::Null);
    }
    let needed = [parquet::Column::needed("nowhere")];
    let missing = parquet::rows(&mut bytes.as_slice(), &needed, &mut |_| {});
    assert!(matches!(missing, Err(PartError::Format(why)) if why == "no column `nowhere`"));
}

/// Whatever is cut off or turned over in a file, the answer is an error or rows, never a panic.
#[test]
fn broken_files_are_errors() {
    let columns = [parquet::Column::needed("id")];
    let parquet_file = file("models.parquet");
    let zip_file = file("benchmark_data.zip");
    for n in 0..400 {
        let at = n * parquet_file.len() / 400;
        let cut = &parquet_file[..at];
        assert!(parquet::rows(&mut &*cut, &columns, &mut |_| {}).is_err());
        let mut odd = parquet_file.clone();
        odd[at] ^= 0x55;
        let _ = parquet::rows(&mut odd.as_slice(), &columns, &mut |_| {});
        let at = n * zip_file.len() / 400;
        let cut = &zip_file[..at];
        assert!(zip::members(&mut &*cut, &|_| true).is_err());
        let mut odd = zip_file.clone();
        odd[at] ^= 0x55;
        let _ = zip::members(&mut odd.as_slice(), &|_| true);
    }
}

/// Of a wheel of a megabyte the contents and the map are asked for, not the rest.
#[test]
fn a_map_is_taken_out_of_a_large_wheel() {
    let mut big = ::zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = ::zip::write::SimpleFileOptions::default()
        .compression_method(::zip::CompressionMethod::Stored);
    let map = br#"{"o3":{"litellm_provider":"openai","mode":"chat","input_cost_per_token":1e-05}}"#;
    for (name, body) in [
        (
            "litellm/model_prices_and_context_window_backup.json",
            map.to_vec(),
        ),
        ("litellm/large.bin", vec![7; 1_000_000]),
    ] {
        big.start_file(name, stored).unwrap();
        big.write_all(&body).unwrap();
    }
    let big = big.finish().unwrap().into_inner();
    let small = file("litellm.whl");
    let server = Server::start(move |asked| match asked.path() {
        "/pypi/litellm/json" => {
            let base = asked.header("host").unwrap();
            let wheel = |name: &str, day: &str, kind: &str| {
                format!(
                    r#"[{{"url":"http://{base}/{name}","packagetype":"{kind}","upload_time_iso_8601":"{day}T10:00:00.5Z"}}]"#
                )
            };
            Reply::json(format!(
                r#"{{"info":{{}},"releases":{{"1.0.0":{},"1.1.0":{},"1.1.1":{},"1.2.0rc1":{},"1.2.0":{},"0.9":{},"empty":[]}}}}"#,
                wheel("old-in-month.whl", "2026-02-03", "bdist_wheel"),
                wheel("big.whl", "2026-02-20", "bdist_wheel"),
                wheel("source.tar.gz", "2026-03-20", "sdist"),
                wheel("candidate.whl", "2026-04-20", "bdist_wheel"),
                wheel("small.whl", "2026-04-10", "bdist_wheel"),
                wheel("too-old.whl", "2025-04-10", "bdist_wheel"),
            ))
        }
        "/big.whl" => ranged(asked, &big),
        "/small.whl" => ranged(asked, &small),
        _ => Reply::status(404),
    });
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    let done = past(&mut store, &server.url, "litellm", &[]).unwrap();
    let asked: usize = server.asked().len();
    assert_eq!(done.requests, asked);
    // The index; the end and the map of the large one; the small one whole with its end.
    assert_eq!(asked, 4);
    let price = series(&store, "litellm:o3", "price/1m-input-tokens");
    let expected = [("2026-02-20", "10"), ("2026-04-10", "2")];
    assert_eq!(
        price,
        expected.map(|(day, value)| (day.to_owned(), value.to_owned()))
    );
    // Reading the past is no reading of today: the map is known up to its last wheel.
    let at = |day: &str| {
        let moment: jiff::Timestamp = format!("{day}T10:00:00Z").parse().unwrap();
        moment.as_second()
    };
    let known = |by: i64| store.last_read("litellm", by).unwrap();
    assert_eq!(known(i64::MAX), Some(at("2026-04-10")));
    assert_eq!(known(at("2026-03-01")), Some(at("2026-02-20")));
    assert_eq!(known(at("2026-01-01")), None);
    assert_eq!(store.source_states().unwrap()[0].last, None);
    // What is kept is not asked for again.
    let done = past(&mut store, &server.url, "litellm", &[]).unwrap();
    assert_eq!((done.requests, done.unchanged), (1, 2));
    assert_eq!(server.asked().len(), asked + 1);
}

#[test]
fn the_hubs_tables_become_points_of_their_days() {
    let table = file("models.parquet");
    let id = |n: usize| format!("{n:040x}");
    let server = Server::start(move |asked| {
        if asked.path().ends_with("/commits/main") {
            let one = |n: usize, day: &str| {
                format!(
                    r#"{{"id":"{}","title":"Upload models.parquet with huggingface_hub","date":"{day}T08:00:00.000Z","authors":[]}}"#,
                    id(n)
                )
            };
            let page = asked.query("p");
            let rows = match page {
                None => vec![one(5, "2026-05-30"), one(4, "2026-05-02")],
                _ => vec![one(3, "2026-03-04"), one(2, "2025-12-30")],
            };
            let reply = Reply::json(format!("[{}]", rows.join(",")));
            return match page {
                None => reply.with(
                    "link",
                    r#"</api/datasets/cfahlgren1/hub-stats/commits/main?p=1>; rel="next""#,
                ),
                _ => reply.with(
                    "link",
                    r#"</api/datasets/cfahlgren1/hub-stats/commits/main?p=2>; rel="next""#,
                ),
            };
        }
        if asked.path() == "/cdn" {
            assert_eq!(asked.header("authorization"), None);
            return ranged(asked, &table);
        }
        let host = asked
            .header("host")
            .unwrap()
            .replace("127.0.0.1", "localhost");
        Reply::status(302).with("location", format!("http://{host}/cdn?Signature=abc"))
    });
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    let names = ["owner/model-7", "owner/model-999", "owner/not-there"];
    past(&mut store, &server.url, "hub", &names).unwrap();
    let points = |model: &str, metric: &str| series(&store, model, metric);
    assert_eq!(
        points("hub:owner/model-999", "downloads"),
        [
            ("2026-03-04".to_owned(), "9990".to_owned()),
            ("2026-05-30".to_owned(), "9990".to_owned())
        ]
    );
    assert_eq!(points("hub:owner/model-999", "trending").len(), 2);
    assert_eq!(points("hub:owner/model-7", "likes"), []);
    assert_eq!(points("hub:owner/model-8", "likes"), []);
    // The key went to the Hub alone, and no signature is kept.
    let tables = server
        .asked()
        .into_iter()
        .filter(|a| a.path().contains("/resolve/"));
    assert!(tables.clone().all(|a| a.header("authorization").is_some()));
    let dump = std::fs::read(dir.0.join("observations.sqlite")).unwrap();
    assert!(!dump.windows(9).any(|w| w == b"Signature"));
    // Another list of models is another part of the same files.
    let more = ["owner/model-8"];
    past(&mut store, &server.url, "hub", &more).unwrap();
    assert_eq!(series(&store, "hub:owner/model-8", "likes").len(), 2);
}

#[test]
fn arenas_boards_keep_the_last_day_of_each_month() {
    let board = file("board.parquet");
    let server = Server::start(move |asked| {
        if asked.path().ends_with("/tree/main") {
            return Reply::json(
                r#"[{"type":"file","oid":"aa","size":1,"path":"text_to_image/full-00000-of-00001.parquet"},
                    {"type":"file","oid":"bb","size":1,"path":"text_to_image/latest-00000-of-00001.parquet"},
                    {"type":"file","oid":"cc","size":1,"path":"README.md"}]"#,
            );
        }
        ranged(asked, &board)
    });
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    past(&mut store, &server.url, "arena", &[]).unwrap();
    let scores = series(&store, "arena:text-to-image/alpha", "score");
    let expected = [
        ("2026-03-30", "1303.13"),
        ("2026-04-19", "1304.13"),
        ("2026-05-04", "1305.13"),
    ];
    assert_eq!(
        scores,
        expected.map(|(day, value)| (day.to_owned(), value.to_owned()))
    );
    assert_eq!(
        series(&store, "arena:text-to-image/beta", "ci")[0].1,
        "5.25"
    );
}

/// A server that knows no ranges sends the whole file; one that changes it in between is told.
#[test]
fn servers_without_ranges_and_files_that_change() {
    let whole = file("board.parquet");
    let server = Server::start(move |asked| {
        if asked.path().ends_with("/tree/main") {
            return Reply::json(r#"[{"oid":"aa","path":"text/full-00000-of-00001.parquet"}]"#);
        }
        Reply::json(whole.clone())
    });
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    past(&mut store, &server.url, "arena", &[]).unwrap();
    assert_eq!(series(&store, "arena:text/alpha", "score").len(), 3);

    let odd = Server::start(move |asked| {
        if asked.path().ends_with("/tree/main") {
            return Reply::json(r#"[{"oid":"aa","path":"text/full-00000-of-00001.parquet"}]"#);
        }
        Reply {
            status: 206,
            ..Reply::json("PAR1")
        }
        .with("content-range", "bytes 0-99/1000")
    });
    let failed = past(&mut store, &odd.url, "arena", &[]).unwrap_err();
    assert!(
        matches!(failed, RefreshError::Unreadable { .. }),
        "{failed}"
    );
}

#[test]
fn epochs_tables_are_read_out_of_their_archive() {
    let archive = file("benchmark_data.zip");
    let server = Server::start(move |_| Reply::json(archive.clone()));
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    let ask = Ask {
        endpoint: server.url.clone(),
        ..Ask::default()
    };
    observe(&mut store, "epoch", &ask).unwrap();
    let last = |subject: &str, metric: &str| {
        let point = store.last(subject, metric, i64::MAX).unwrap();
        point.map(|p| p.value.to_string())
    };
    let open = "epoch:gpqa-diamond/open-1";
    assert_eq!(last(open, "share").as_deref(), Some("0.61"));
    assert_eq!(last(open, "standard-error").as_deref(), Some("0.02"));
    assert_eq!(last(open, "organization").as_deref(), Some("Lab, Inc."));
    let index = "epoch:epoch-capabilities-index/open-1";
    assert_eq!(last(index, "index").as_deref(), Some("140.123457"));
    assert_eq!(
        last(index, "access").as_deref(),
        Some("Open weights (unrestricted)")
    );
    assert_eq!(last("epoch:gpqa-diamond/odd", "share"), None);
    let mut rejected = store.rejected("epoch").unwrap();
    rejected.sort();
    let reasons: Vec<&str> = rejected.iter().map(|(_, why)| why.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "no column of models",
            "not a share between 0 and 1",
            "older runs than the newest",
            "another owner's results",
        ]
    );
}

#[test]
fn cards_of_fal_are_read_where_they_name_one_price() {
    let server = Server::start(|asked| {
        let line = match asked.path() {
            "/models/fal-ai/flux/llms.txt" => "Your request will cost **$0.003** per megapixel.",
            "/models/fal-ai/wan/llms.txt" => {
                "For every second of video you generated, you will be charged $0.04."
            }
            "/models/fal-ai/kling-video/llms.txt" => {
                "You will be charged $0.112 (audio off) or $0.168 (audio on) per second."
            }
            "/models/fal-ai/sam/llms.txt" => {
                "Your request will cost $0.005 per 16 frames of video input."
            }
            _ => return Reply::status(404),
        };
        Reply::json(format!(
            "# Model\n\n## Overview\nText.\n\n## Pricing\n\n{line}\n\nFor more details, see [fal.ai pricing](https://fal.ai/pricing).\n\n## API\n"
        ))
    });
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    let names = ["flux", "wan", "kling-video", "sam", "gone"];
    let ask = Ask {
        endpoint: server.url.clone(),
        names: names.iter().map(|n| format!("fal-ai/{n}")).collect(),
        ..Ask::default()
    };
    observe(&mut store, "fal", &ask).unwrap();
    let last = |subject: &str, metric: &str| {
        let point = store.last(subject, metric, i64::MAX).unwrap();
        point.map(|p| p.value.to_string())
    };
    assert_eq!(
        last("fal:fal-ai/flux", "price/megapixel").as_deref(),
        Some("0.003")
    );
    assert_eq!(
        last("fal:fal-ai/wan", "price/second-of-video").as_deref(),
        Some("0.04")
    );
    let kling = last("fal:fal-ai/kling-video", "price-line").unwrap();
    assert!(kling.contains("$0.112"), "{kling}");
    let metrics = store.metrics("fal:fal-ai/kling-video").unwrap();
    assert!(metrics.iter().all(|m| !m.starts_with("price/")));
    let rejected = store.rejected("fal").unwrap();
    assert_eq!(rejected.len(), 3, "{rejected:?}");
}

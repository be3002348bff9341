//! Each source's answers in the shape in which it gives them.

use maquette_observe::fact::{Facts, Value};
use maquette_observe::fetch::{Fetcher, Limits};
use maquette_observe::refresh::refresh;
use maquette_observe::source::{Ask, all, find};
use maquette_observe::store::{Kept, Store};

use super::server::{Dir, FakeClock, Reply, Server};

const NOW: &str = "2026-11-24T12:00:00Z";

fn read(source: &str, kind: &str, body: &str) -> Facts {
    let kept = Kept {
        seq: 0,
        kind: kind.into(),
        url: String::new(),
        final_url: String::new(),
        status: 200,
        headers: String::new(),
        fetched_at: 0,
        body: body.as_bytes().to_vec(),
    };
    find(source).unwrap().read(&kept).unwrap()
}

/// `subject metric value unit from` of each fact.
fn facts(reading: &Facts) -> Vec<String> {
    let line = |f: &maquette_observe::fact::Fact| {
        let from = f
            .valid_from
            .map(|d| format!(" from {d}"))
            .unwrap_or_default();
        let unit = if f.unit.is_empty() {
            String::new()
        } else {
            format!(" {}", f.unit)
        };
        format!("{} {} {}{unit}{from}", f.subject, f.metric, f.value)
    };
    reading.facts.iter().map(line).collect()
}

#[test]
fn every_source_says_what_it_is() {
    for source in all() {
        let about = source.about();
        assert!(about.endpoint.starts_with("https://"), "{}", about.id);
        assert!(!about.terms.is_empty() && !about.units.is_empty() && about.cadence_hours > 0);
        assert!(
            !about.origins.is_empty() && !about.endpoint_vars.is_empty(),
            "{}",
            about.id
        );
        assert!(
            !about.key_needed || !about.key_vars.is_empty(),
            "{}",
            about.id
        );
        assert!(
            !about.terms.contains("CC BY") || !about.attribution.is_empty(),
            "{}",
            about.id
        );
        let ask = Ask {
            endpoint: about.endpoint.to_owned(),
            key: Some("secret-key".into()),
            names: vec!["a/b".into()],
            ..Ask::default()
        };
        let first = source.first(&ask);
        assert!(!first.is_empty(), "{}", about.id);
        for request in first {
            assert!(request.url.starts_with(about.endpoint), "{}", request.url);
            assert!(
                !request.url.contains("secret-key")
                    && !format!("{request:?}").contains("secret-key")
            );
        }
        let nonsense = Kept {
            seq: 0,
            kind: "x".into(),
            url: String::new(),
            final_url: String::new(),
            status: 200,
            headers: String::new(),
            fetched_at: 0,
            body: b"<html>\xff</html>".to_vec(),
        };
        assert!(source.read(&nonsense).is_err(), "{}", about.id);
    }
}

#[test]
fn github_counts_stars_and_joins_renames() {
    let repo = read(
        "github",
        "repo:comfyanonymous/ComfyUI",
        r#"{"node_id":"R_1","full_name":"Comfy-Org/ComfyUI","stargazers_count":98001,"forks_count":11000,
            "license":{"spdx_id":"GPL-3.0"},"archived":false}"#,
    );
    assert_eq!(
        facts(&repo),
        [
            "github:comfyanonymous/ComfyUI renamed-to Comfy-Org/ComfyUI",
            "github:Comfy-Org/ComfyUI stars 98001 stars",
            "github:Comfy-Org/ComfyUI forks 11000 forks",
            "github:Comfy-Org/ComfyUI license-tag GPL-3.0",
        ]
    );
    assert_eq!(repo.identities.len(), 2);
    let same = read(
        "github",
        "repo:qwenlm/qwen3",
        r#"{"node_id":"R_2","full_name":"QwenLM/Qwen3","stargazers_count":1,"forks_count":"x"}"#,
    );
    assert_eq!(facts(&same), ["github:qwenlm/qwen3 stars 1 stars"]);
    assert_eq!(same.rejected.len(), 1);
    let release = read(
        "github",
        "releases:a/b",
        r#"[{"tag_name":"v1.2","published_at":"2026-08-01T10:00:00Z"}]"#,
    );
    assert_eq!(facts(&release), ["github:a/b release v1.2 from 2026-08-01"]);
    assert!(facts(&read("github", "releases:a/b", "[]")).is_empty());
}

#[test]
fn genai_prices_hold_from_their_day() {
    let out = read(
        "genai-prices",
        "data",
        r#"[{"id":"google","models":[
            {"id":"gemini-4-argon","prices":[
               {"prices":{"input_mtok":{"base":2,"tiers":[{"start":200000,"price":4}]},"output_mtok":10,"web_searches_kcount":10}},
               {"constraint":{"start_date":"2026-12-01"},"prices":{"input_mtok":4,"output_mtok":20}}]},
            {"id":"hours","prices":[{"constraint":{"start_time":"16:30:00Z","end_time":"00:30:00Z"},"prices":{"input_mtok":0.135}},
               {"constraint":{"moon":"full"},"prices":{"input_mtok":9}}]},
            {"id":"free","prices":{"input_mtok":0,"cache_write_1h_mtok":1.6}}]}]"#,
    );
    let prices: Vec<String> = facts(&out)
        .into_iter()
        .filter(|f| f.contains("price/"))
        .collect();
    assert_eq!(
        prices,
        [
            "genai-prices:google/gemini-4-argon price/1m-input-tokens 2 USD",
            "genai-prices:google/gemini-4-argon price/1m-input-tokens;above=200000 4 USD",
            "genai-prices:google/gemini-4-argon price/1m-output-tokens 10 USD",
            "genai-prices:google/gemini-4-argon price/1m-input-tokens 4 USD from 2026-12-01",
            "genai-prices:google/gemini-4-argon price/1m-output-tokens 20 USD from 2026-12-01",
            "genai-prices:google/hours price/1m-input-tokens;time=16:30:00Z-00:30:00Z 0.135 USD",
            "genai-prices:google/free price/1m-cache-write-tokens;ttl=1h 1.6 USD",
        ]
    );
    let reasons: Vec<&str> = out.rejected.iter().map(|r| r.reason.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "prices of requests and searches are not a model's output",
            "a condition of no known kind",
            "zero: free, included or not known",
        ]
    );
}

/// What is announced for a day holds from that day on, and not before.
#[test]
fn an_announced_price_waits_for_its_day() {
    let server = Server::start(|_| {
        Reply::json(
            r#"[{"id":"google","models":[{"id":"g","prices":[{"prices":{"input_mtok":2}},
                {"constraint":{"start_date":"2026-12-01"},"prices":{"input_mtok":4}}]}]}]"#,
        )
    });
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    let clock = FakeClock::at(NOW);
    let mut fetcher = Fetcher::new(Limits::default(), &clock);
    let ask = Ask {
        endpoint: server.url.clone(),
        ..Ask::default()
    };
    refresh(
        &mut store,
        find("genai-prices").unwrap(),
        &ask,
        &mut fetcher,
        &mut |_| {},
    )
    .unwrap();
    let on = |day: &str| {
        let at = format!("{day}T23:59:59Z")
            .parse::<jiff::Timestamp>()
            .unwrap()
            .as_second();
        store
            .last("genai-prices:google/g", "price/1m-input-tokens", at)
            .unwrap()
            .map(|p| p.value.to_string())
    };
    assert_eq!(on("2026-11-23"), None);
    assert_eq!(on("2026-11-24").as_deref(), Some("2"));
    assert_eq!(on("2026-11-30").as_deref(), Some("2"));
    assert_eq!(on("2026-12-01").as_deref(), Some("4"));
    let at = "2026-12-02T00:00:00Z"
        .parse::<jiff::Timestamp>()
        .unwrap()
        .as_second();
    let standing = store.standing("genai-prices:", at).unwrap();
    let price = standing
        .iter()
        .find(|s| &*s.metric == "price/1m-input-tokens")
        .unwrap();
    assert_eq!(price.value.to_string(), "4");
    assert_eq!(standing.len(), 3);
}

#[test]
fn arena_pages_every_board_and_reads_its_overall_rows() {
    let row = |i: usize| {
        format!(
            r#"{{"row_idx":{i},"row":{{"model_name":"m-{i}","organization":"o","license":"Apache 2.0","rating":{}.126,"rating_lower":1000,"rating_upper":1010.5,
                "vote_count":500,"rank":{},"category":"overall","leaderboard_publish_date":"2026-10-02"}},"truncated_cells":[]}}"#,
            1300 - i,
            i + 1
        )
    };
    let server = Server::start(move |asked| match asked.path() {
        "/splits" => Reply::json(
            r#"{"splits":[{"dataset":"d","config":"text_to_image","split":"latest"},{"dataset":"d","config":"text_to_image","split":"full"},{"dataset":"d","config":"agent","split":"latest"}]}"#,
        ),
        _ if asked.query("config") == Some("agent") => Reply::status(422),
        _ => {
            let from: usize = asked.query("offset").unwrap().parse().unwrap();
            let rows: Vec<String> = (from..130.min(from + 100)).map(row).collect();
            Reply::json(format!(
                r#"{{"rows":[{}],"num_rows_total":130,"num_rows_per_page":100}}"#,
                rows.join(",")
            ))
        }
    });
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    let clock = FakeClock::at(NOW);
    let mut fetcher = Fetcher::new(Limits::default(), &clock);
    let ask = Ask {
        endpoint: server.url.clone(),
        ..Ask::default()
    };
    let done = refresh(
        &mut store,
        find("arena").unwrap(),
        &ask,
        &mut fetcher,
        &mut |_| {},
    )
    .unwrap();
    assert_eq!((done.requests, done.committed.rejected), (4, 1));
    let point = store
        .last("arena:text-to-image/m-3", "score", i64::MAX / 2)
        .unwrap()
        .unwrap();
    assert_eq!(
        (
            point.value.to_string().as_str(),
            point.valid_from.as_deref()
        ),
        ("1297.13", Some("2026-10-02"))
    );
    let ci = store
        .last("arena:text-to-image/m-3", "ci", i64::MAX / 2)
        .unwrap()
        .unwrap();
    assert_eq!(ci.value.to_string(), "5.25");
    assert_eq!(store.subjects("arena:", 1000).unwrap().len(), 130);
}

#[test]
fn artificial_analysis_and_fal_read_their_own_forms() {
    let out = read(
        "artificial-analysis",
        "text-to-image",
        r#"{"data":[{"id":"u1","name":"GPT Image 2","elo":1302,"ci95":"-9/+9","appearances":5021,"rank":1},{"id":"u2","name":"X"}]}"#,
    );
    assert_eq!(
        facts(&out),
        [
            "aa:text-to-image/GPT Image 2 score 1302 points",
            "aa:text-to-image/GPT Image 2 ci 9 points",
            "aa:text-to-image/GPT Image 2 votes 5021 votes",
            "aa:text-to-image/GPT Image 2 rank 1 rank",
        ]
    );
    let out = read(
        "fal",
        "pricing",
        r#"{"prices":[{"endpoint_id":"fal-ai/flux/schnell","unit_price":0.003,"unit":"megapixels","currency":"USD"},
            {"endpoint_id":"fal-ai/x","unit_price":1,"unit":"compute seconds","currency":"USD"},
            {"endpoint_id":"fal-ai/y","unit_price":1,"unit":"image","currency":"EUR"}],"has_more":false}"#,
    );
    assert!(facts(&out).contains(&"fal:fal-ai/flux/schnell price/megapixel 0.003 USD".to_owned()));
    let reasons: Vec<&str> = out.rejected.iter().map(|r| r.reason.as_str()).collect();
    assert_eq!(
        reasons,
        ["what one `compute seconds` is cannot be told", "not in USD"]
    );
}

#[test]
fn rates_and_power_carry_their_day() {
    let out = read(
        "ecb",
        "rates",
        "KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n\
         EXR.D.USD.EUR.SP00.A,D,USD,EUR,SP00,A,2026-11-23,1.1612,A\nEXR.D.JPY.EUR.SP00.A,D,JPY,EUR,SP00,A,2026-11-23,NaN,A\n",
    );
    assert_eq!(
        facts(&out),
        ["fx:EUR/USD rate 1.1612 for one EUR from 2026-11-23"]
    );
    assert_eq!(out.rejected.len(), 1);
    let out = read(
        "eia",
        "retail",
        r#"{"response":{"total":"3","data":[{"period":"2026-08","stateid":"CA","sectorid":"RES","price":"33.15","price-units":"cents per kilowatt-hour"},
            {"period":"2026-08","stateid":"US","sectorid":"COM","price":13.9},{"period":"2026-08","stateid":"TX","sectorid":"RES","price":null}]}}"#,
    );
    assert_eq!(
        facts(&out),
        [
            "power:US-CA price/kwh;sector=residential 0.3315 USD from 2026-08-01",
            "power:US price/kwh;sector=commercial 0.139 USD from 2026-08-01",
        ]
    );
    let out = read(
        "eurostat",
        "prices",
        r#"{"version":"2.0","class":"dataset","id":["freq","geo","time"],"size":[1,3,2],
            "dimension":{"freq":{"category":{"index":{"S":0}}},"geo":{"category":{"index":{"DE":0,"EL":1,"EU27_2020":2}}},
            "time":{"category":{"index":{"2025-S1":0,"2025-S2":1}}}},
            "value":{"0":0.3835,"1":0.38,"2":0.24,"4":0.28}}"#,
    );
    let unit = "price/kwh;currency=EUR;sector=residential;tax=included";
    assert_eq!(
        facts(&out),
        [
            format!("power:DE {unit} 0.3835 EUR from 2025-01-01"),
            format!("power:DE {unit} 0.38 EUR from 2025-07-01"),
            format!("power:GR {unit} 0.24 EUR from 2025-01-01"),
        ]
    );
    assert!(
        out.facts
            .iter()
            .all(|f| matches!(f.value, Value::Number(_)))
    );
}

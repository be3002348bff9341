//! Observing, and the commands that read what was observed.

use serde_json::Value;

use super::server::{Dir, Reply, Server};
use super::{fake, program, run};

fn json(dir: &Dir, server: &Server, args: &[&str]) -> Value {
    let (code, out, err) = run(dir, server, &[args, &["--format", "json"]].concat());
    assert!(code <= 1 || code == 4, "{args:?}: {code} {err}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn what_was_observed_takes_the_place_of_what_is_carried() {
    let (dir, server) = (Dir::new(), fake());
    let before = json(&dir, &server, &["series", "flux.1-schnell", "likes"]);
    let report = json(&dir, &server, &["observe", "hub", "litellm"]);
    assert_eq!(report["sources"][0]["outcome"], "whole");
    assert_eq!(report["sources"][1]["rejected"], 1);
    let after = json(&dir, &server, &["series", "flux.1-schnell", "likes"]);
    let points = after["points"].as_array().unwrap();
    assert_eq!(points.len(), before["points"].as_array().unwrap().len() + 1);
    let last = points.last().unwrap();
    assert_eq!(
        (last["value"].as_str(), last["kept"].as_str()),
        (Some("5601"), Some("observed"))
    );
    // The past stays what it was.
    let past = ["series", "flux.1-schnell", "likes", "--as-of", "2026-08-31"];
    assert_eq!(json(&dir, &server, &past)["points"], before["points"]);
    let top = json(
        &dir,
        &server,
        &[
            "top",
            "--modality",
            "image",
            "--by",
            "downloads",
            "--limit",
            "100",
        ],
    );
    let rows = top["rows"].as_array().unwrap();
    let named = |name: &str| rows.iter().find(|r| r["name"] == name).unwrap().clone();
    assert_eq!(named("maker/model-3")["license_is_claim"], true);
    assert_eq!(named("maker/model-3")["verdict"], Value::Null);
    assert_eq!(named("black-forest-labs/FLUX.1-schnell")["value"], "480001");
    assert_eq!(
        named("black-forest-labs/FLUX.1-schnell")["verdict"],
        "permitted"
    );
    // One engine: `models` and `show` say the same.
    let models = json(&dir, &server, &["models", "flux.1-schnell"]);
    assert_eq!(models["models"][0]["downloads_30d"], 480_001);
    let why = json(
        &dir,
        &server,
        &["why", "hub:black-forest-labs/FLUX.1-schnell#downloads"],
    );
    assert_eq!(why["value"], "480001 downloads in 30 days");
    let price = json(
        &dir,
        &server,
        &["series", "litellm:gpt-4o", "price/1m-input-tokens"],
    );
    assert_eq!(price["points"][0]["value"], "2.5");
    let sources = json(&dir, &server, &["sources", "litellm"]);
    assert_eq!(sources["sources"][0]["standing"], "fresh");
    assert_eq!(
        sources["rejected"][0]["key"],
        "litellm:odd input_cost_per_token"
    );
    // Asked again, the map has not changed.
    let again = json(&dir, &server, &["observe", "litellm"]);
    assert_eq!(
        (
            again["sources"][0]["unchanged"].as_u64(),
            again["sources"][0]["written"].as_u64()
        ),
        (Some(1), Some(0))
    );
}

#[test]
fn a_dry_run_and_offline_ask_nothing() {
    let (dir, server) = (Dir::new(), fake());
    let report = json(&dir, &server, &["observe", "--dry-run"]);
    let hub = &report["sources"][0];
    assert!(hub["would_ask"].as_array().unwrap().len() > 30, "{hub}");
    let eia = report["sources"]
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["source"] == "eia")
        .unwrap();
    assert_eq!(
        (eia["outcome"].as_str(), eia["hint"].as_str()),
        (Some("skipped"), Some("set EIA_API_KEY"))
    );
    assert!(server.asked().is_empty());
    let (code, _, err) = run(&dir, &server, &["observe", "hub", "--offline"]);
    assert_eq!(code, 2);
    assert!(err.contains("--offline"), "{err}");
    assert!(server.asked().is_empty());
    assert!(!dir.0.join("data").exists());
    let (code, _, err) = run(&dir, &server, &["observe", "hubb"]);
    assert!(code == 2 && err.contains("did you mean `hub`"), "{err}");
}

#[test]
fn a_source_that_fails_is_told_and_the_others_stand() {
    let dir = Dir::new();
    let server = Server::start(|asked| match asked.path() {
        p if p.contains("/litellm/") => super::answer(asked),
        _ => Reply {
            status: 400,
            ..Reply::json(r#"{"error":"✖ Invalid sort parameter: trendingScore"}"#)
        },
    });
    let (code, out, err) = run(&dir, &server, &["observe", "hub", "litellm"]);
    assert_eq!((code, err.as_str()), (4, ""));
    assert!(
        out.contains("Invalid sort parameter") && out.contains("● whole"),
        "{out}"
    );
    let (_, out, _) = run(&dir, &server, &["sources"]);
    assert!(out.contains("hub: at") && out.contains("400"), "{out}");
}

#[test]
fn a_store_goes_out_comes_in_and_is_made_again() {
    let (dir, other, server) = (Dir::new(), Dir::new(), fake());
    json(&dir, &server, &["observe", "hub", "litellm", "--all"]);
    let file = |name: &str| dir.0.join(name).display().to_string();
    let (csv, again) = (file("a.csv"), file("b.csv"));
    json(&dir, &server, &["store", "export", &csv]);
    let report = json(&dir, &server, &["store", "rebuild"]);
    assert!(report["observations"].as_u64().unwrap() > 200, "{report}");
    json(&dir, &server, &["store", "export", &again]);
    let read = |path: &str| std::fs::read(path).unwrap();
    assert!(read(&csv) == read(&again));
    let (code, _, err) = run(&dir, &server, &["store", "export", &csv]);
    assert!(code == 2 && err.contains("--force"), "{err}");
    json(&other, &server, &["store", "import", &csv]);
    let third = file("c.csv");
    json(&other, &server, &["store", "export", &third]);
    assert!(read(&csv) == read(&third));
    for what in ["check", "compact"] {
        let report = json(&other, &server, &["store", what]);
        assert_eq!(report["problems"].as_array().unwrap().len(), 0);
    }
    let copy = file("copy.sqlite");
    json(&dir, &server, &["store", "export", &copy]);
    assert!(read(&copy).starts_with(b"SQLite format 3"));
    let bad = file("bad.csv");
    std::fs::write(
        &bad,
        "subject,metric,unit,value,observed_at,source\na,b,USD,many,2026-01-01T00:00:00Z,s\n",
    )
    .unwrap();
    let (code, _, err) = run(&other, &server, &["store", "import", &bad]);
    assert!(code == 2 && err.contains("`many` is not a number"), "{err}");
}

#[test]
fn a_directory_that_cannot_be_written_is_said() {
    let (dir, server) = (Dir::new(), fake());
    std::fs::write(dir.0.join("data"), "a file where a directory belongs").unwrap();
    let (code, _, err) = run(&dir, &server, &["observe", "litellm"]);
    assert!(code == 2 && err.contains("--data-dir"), "{code} {err}");
    // Everything that needs no store answers all the same.
    let (code, out, _) = run(&dir, &server, &["top", "--modality", "image"]);
    assert!(code == 0 && out.contains("Image models"), "{out}");
}

#[test]
fn a_series_is_a_table_a_curve_and_records() {
    let (dir, server) = (Dir::new(), fake());
    let svg = dir.0.join("s.svg");
    let path = svg.display().to_string();
    let (code, out, _) = run(
        &dir,
        &server,
        &[
            "series",
            "flux.1-schnell",
            "likes",
            "--svg",
            &path,
            "--format",
            "csv",
        ],
    );
    assert_eq!(code, 0);
    assert!(
        out.starts_with("subject,metric,at,value,unit,source"),
        "{out}"
    );
    let drawn = std::fs::read_to_string(&svg).unwrap();
    assert!(
        drawn.contains("<title>") && drawn.contains("2026-0"),
        "{drawn}"
    );
    let ran = program(
        &dir,
        &server,
        &["series", "flux.1-schnell", "likes", "--svg", &path],
    )
    .output()
    .unwrap();
    assert_eq!(ran.status.code(), Some(2));
    for args in [
        ["series", "flux.1-schnell", "price"].as_slice(),
        &["series", "no-such-model", "likes"],
        &["series", "hub:black-forest-labs/FLUX.1-dex", "likes"],
        &["series", "hub:", "likes"],
        &[
            "series",
            "flux.1-schnell",
            "likes",
            "--from",
            "2026-09-01",
            "--to",
            "2026-01-01",
        ],
        &["series", "flux.1-schnell", "likes", "--as-of", "1999-01-01"],
        &["top", "--modality", "image", "--by", "smell"],
    ] {
        let (code, out, err) = run(&dir, &server, args);
        assert!(
            (2..=3).contains(&code) && out.is_empty() && err.contains("hint:") || code == 2,
            "{args:?} {code} {err}"
        );
    }
}

/// A price that one map says anew is pending; another origin, or a day, makes it a change.
#[test]
fn a_new_price_waits_for_a_second_witness_or_a_day() {
    let map = |usd: &str| {
        format!(
            r#"{{"gpt-5":{{"litellm_provider":"openai","mode":"chat","input_cost_per_token":{usd}}}}}"#
        )
    };
    let server = Server::start(move |asked| match asked.path() {
        "/api.json" => Reply::json(
            r#"{"openai":{"models":{"gpt-5":{"id":"gpt-5","modalities":{"output":["text"]},"cost":{"input":9}}}}}"#,
        ),
        _ => Reply::json(map("9e-06")),
    });
    let dir = Dir::new();
    let at = |extra: &[&str]| {
        let mut c = program(
            &dir,
            &server,
            &["prices", "openai/gpt-5", "--conflicts", "--format", "json"],
        );
        c.args(extra);
        let out = c.output().unwrap();
        let report: Value = serde_json::from_slice(&out.stdout).unwrap();
        let line = report["conflicts"]
            .as_array()
            .unwrap()
            .iter()
            .find(|l| l["per"] == "1m-input-tokens")
            .cloned();
        line.map(|l| l["verdict"].as_str().unwrap().to_owned())
    };
    assert_eq!(at(&[]), None);
    json(&dir, &server, &["observe", "litellm"]);
    assert_eq!(at(&[]).as_deref(), Some("pending"));
    let now = jiff::tz::Offset::UTC
        .to_datetime(jiff::Timestamp::now())
        .date();
    let later = now.saturating_add(jiff::Span::new().days(2)).to_string();
    assert_eq!(at(&["--as-of", &later]).as_deref(), Some("changed"));
    let mut c = program(&dir, &server, &["observe", "models-dev"]);
    assert!(
        c.env("MAQUETTE_MODELS_DEV_ENDPOINT", &server.url)
            .output()
            .unwrap()
            .status
            .success()
    );
    assert_eq!(at(&[]).as_deref(), Some("changed"));
    // The day before it was observed knows nothing of it.
    assert_eq!(at(&["--as-of", "2026-11-20"]), None);
    // A change that stands is a price like any other, with its sources.
    let prices = json(&dir, &server, &["prices", "openai/gpt-5"]);
    let rows = prices["prices"].as_array().unwrap();
    let input = rows
        .iter()
        .find(|p| p["per"] == "1m-input-tokens" && p["modifier"].is_null())
        .unwrap();
    assert_eq!(
        (input["price"]["amount"].as_str(), input["source"].as_str()),
        (Some("9.00"), Some("observed: litellm, models-dev"))
    );
    let before = json(
        &dir,
        &server,
        &["prices", "openai/gpt-5", "--as-of", "2026-11-20"],
    );
    let rows = before["prices"].as_array().unwrap();
    let input = rows
        .iter()
        .find(|p| p["per"] == "1m-input-tokens" && p["modifier"].is_null())
        .unwrap();
    assert_eq!(input["price"]["amount"].as_str(), Some("1.25"));
    let why = json(&dir, &server, &["why", input["id"].as_str().unwrap()]);
    assert!(why["evidence"][0]["source"].as_str().is_some(), "{why}");
}

#[test]
fn watch_tells_what_came_since_the_last_look() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    let likes = Arc::new(AtomicUsize::new(5_600));
    let tag = likes.clone();
    let server = Server::start(move |asked| match asked.path() {
        "/api/models" | "/api/spaces" => Reply::json("[]"),
        "/api/models/black-forest-labs/FLUX.1-schnell" => {
            let n = tag.load(Ordering::SeqCst);
            let license = if n > 5_600 { "mit" } else { "apache-2.0" };
            Reply::json(format!(
                r#"{{"_id":"aa","id":"black-forest-labs/FLUX.1-schnell","downloads":480001,"likes":{n},"tags":["license:{license}"]}}"#
            ))
        }
        _ => Reply::status(404),
    });
    let dir = Dir::new();
    json(&dir, &server, &["observe", "hub"]);
    let first = json(&dir, &server, &["watch", "flux.1-schnell"]);
    let model = &first["models"][0];
    assert_eq!(
        (
            model["since"].is_null(),
            model["license_conflict"].is_null()
        ),
        (true, true),
        "{model}"
    );
    assert!(
        model["changes"]
            .as_array()
            .unwrap()
            .iter()
            .any(|c| c["metric"] == "likes" && c["after"] == "5600")
    );
    let second = json(&dir, &server, &["watch", "flux.1-schnell"]);
    assert_eq!(second["models"][0]["changes"].as_array().unwrap().len(), 0);
    // A moment later, so that the new reading has one of its own.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    likes.store(5_777, Ordering::SeqCst);
    json(&dir, &server, &["observe", "hub"]);
    let third = json(&dir, &server, &["watch", "flux.1-schnell", "--no-mark"]);
    let changes: Vec<(String, String, String)> = third["models"][0]["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| {
            ["metric", "before", "after"]
                .map(|k| c[k].as_str().unwrap().to_owned())
                .into()
        })
        .collect();
    let change = |m: &str, a: &str, b: &str| (m.to_owned(), a.to_owned(), b.to_owned());
    assert_eq!(
        changes,
        [
            change("license-tag", "apache-2.0", "mit"),
            change("likes", "5600", "5777")
        ]
    );
    let conflict = third["models"][0]["license_conflict"].as_str().unwrap();
    assert!(
        conflict.contains("`mit`") && conflict.contains("apache-2.0"),
        "{conflict}"
    );
    // Not marked: told again.
    let fourth = json(&dir, &server, &["watch", "flux.1-schnell"]);
    assert_eq!(fourth["models"][0]["changes"].as_array().unwrap().len(), 2);
    let (code, _, err) = run(&dir, &server, &["watch", "flux.9"]);
    assert!(code == 2 && err.contains("flux"), "{err}");
}

/// What maps sell beside the catalog: a model of the catalog at a provider of the catalog is an offer
/// when it stands, and of every other it is said why not.
#[test]
fn maps_bring_offers_of_the_catalogs_models() {
    let server = Server::start(|asked| match asked.path() {
        "/api.json" => Reply::json(
            r#"{"deepinfra":{"models":{"meta-llama/Llama-3.3-70B":{"id":"meta-llama/Llama-3.3-70B","modalities":{"output":["text"]},"cost":{"input":0.23,"output":0.4}}}}}"#,
        ),
        _ => Reply::json(
            r#"{"deepinfra/meta-llama/Llama-3.3-70B":{"litellm_provider":"deepinfra","mode":"chat","input_cost_per_token":2.3e-07,"output_cost_per_token":4e-07},
                "azure/eu/gpt-5":{"litellm_provider":"azure","mode":"chat","input_cost_per_token":1.375e-06,"output_cost_per_token":1.1e-05},
                "deepinfra/nobody/knows":{"litellm_provider":"deepinfra","mode":"chat","input_cost_per_token":1e-06,"output_cost_per_token":1e-06},
                "deepinfra/gpt-5":{"litellm_provider":"deepinfra","mode":"chat","input_cost_per_token":1e-06,"output_cost_per_token":1e-06,"deprecation_date":"2026-01-31"},
                "elsewhere/gpt-5":{"litellm_provider":"elsewhere","mode":"chat","input_cost_per_token":1e-06,"output_cost_per_token":1e-06}}"#,
        ),
    });
    let dir = Dir::new();
    let new = |args: &[&str]| {
        let report = json(&dir, &server, &[&["prices", "--new"], args].concat());
        let find = |id: &str| {
            let offers = report["offers"].as_array().unwrap();
            let found = offers.iter().find(|o| o["id"] == id);
            found.map(|o| o["verdict"].as_str().unwrap().to_owned())
        };
        (
            find("deepinfra/llama-3.3-70b"),
            find("azure/gpt-5"),
            report.clone(),
        )
    };
    assert_eq!(new(&[]).0, None);
    json(&dir, &server, &["observe", "litellm"]);
    let (llama, region, report) = new(&["--all"]);
    assert_eq!((llama.as_deref(), region), (Some("pending"), None));
    let why = |provider: &str, name: &str| {
        let offers = report["offers"].as_array().unwrap();
        let found = offers
            .iter()
            .find(|o| o["provider"] == provider && o["name"] == name);
        found.unwrap()["why"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        why("deepinfra", "knows"),
        "no model of the catalog is called so"
    );
    assert_eq!(why("elsewhere", "gpt5"), "no provider of the catalog");
    assert_eq!(why("deepinfra", "gpt5"), "sold no longer, as a map says");
    let prices = |args: &[&str]| {
        let all = [&["prices", "llama-3.3-70b"], args].concat();
        let report = json(&dir, &server, &all);
        let rows = report["prices"].as_array().unwrap();
        let mine = rows
            .iter()
            .filter(|r| r["id"].as_str().unwrap().starts_with("deepinfra/"));
        mine.map(|r| r["price"]["amount"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(prices(&[]), Vec::<String>::new());
    let mut c = program(&dir, &server, &["observe", "models-dev"]);
    c.env("MAQUETTE_MODELS_DEV_ENDPOINT", &server.url);
    assert!(c.output().unwrap().status.success());
    assert_eq!(new(&[]).0.as_deref(), Some("offer"));
    assert_eq!(prices(&[]), ["0.23", "0.40"]);
    // Nobody had observed it before.
    assert_eq!(prices(&["--as-of", "2026-11-20"]), Vec::<String>::new());
}

/// Rates of exchange and of electricity that were observed are used from then on, with their source.
#[test]
fn rates_and_power_prices_are_used_once_observed() {
    let server = Server::start(|asked| match asked.path() {
        p if p.starts_with("/service/data/EXR/") => Reply::json(
            "KEY,CURRENCY,TIME_PERIOD,OBS_VALUE\na,USD,2026-11-24,1.2500\nb,GBP,2026-11-24,0.8000\nc,JPY,2026-11-21,180\n",
        ),
        _ => Reply::json(
            r#"{"id":["freq","geo","time"],"size":[1,2,1],"value":{"0":0.4444,"1":0.2222},
                "dimension":{"freq":{"category":{"index":{"S":0}}},"geo":{"category":{"index":{"DE":0,"EL":1}}},"time":{"category":{"index":{"2026-S1":0}}}}}"#,
        ),
    });
    let dir = Dir::new();
    let kwh = || {
        let why = json(&dir, &server, &["show", "GR"]);
        why.to_string()
    };
    assert!(!kwh().contains("0.2222"));
    let mut c = program(&dir, &server, &["observe", "ecb", "eurostat"]);
    c.env("MAQUETTE_ECB_ENDPOINT", &server.url)
        .env("MAQUETTE_EUROSTAT_ENDPOINT", &server.url);
    assert!(c.output().unwrap().status.success());
    let shown = kwh();
    assert!(
        shown.contains("0.2222") && shown.contains("CC BY 4.0"),
        "{shown}"
    );
    // 1.25 dollars and 0.80 pounds for one euro: a pound is 1.5625 dollars.
    let why = json(&dir, &server, &["why", "exchange/GBP-USD"]);
    assert!(why.to_string().contains("1.5625"), "{why}");
    // The yen's last day is another than the dollar's: no cross rate is made of two days.
    let (_, yen, _) = run(
        &dir,
        &server,
        &["why", "exchange/JPY-USD", "--format", "json"],
    );
    assert!(!yen.contains("observed"), "{yen}");
}

/// All sources at once into a store that nobody made yet: each says how it went, and none waits in vain.
#[test]
fn all_sources_at_once_make_one_store() {
    let (dir, server) = (Dir::new(), fake());
    let mut c = program(&dir, &server, &["observe", "--format", "json"]);
    for name in [
        "MAQUETTE_MODELS_DEV_ENDPOINT",
        "OPENROUTER_BASE_URL",
        "MAQUETTE_GENAI_PRICES_ENDPOINT",
        "MAQUETTE_FAL_ENDPOINT",
        "MAQUETTE_ARENA_ENDPOINT",
        "MAQUETTE_EPOCH_ENDPOINT",
        "MAQUETTE_ECB_ENDPOINT",
        "MAQUETTE_EUROSTAT_ENDPOINT",
        "GITHUB_API_URL",
    ] {
        c.env(name, &server.url);
    }
    let out = c.output().unwrap();
    let report: Value = serde_json::from_slice(&out.stdout).unwrap();
    let sources = report["sources"].as_array().unwrap();
    assert_eq!(sources.len(), 13);
    for s in sources {
        let (id, outcome) = (
            s["source"].as_str().unwrap(),
            s["outcome"].as_str().unwrap(),
        );
        let expected = match id {
            // What answers 404 to one repository, card or board has answered all the same.
            "hub" | "github" | "litellm" | "fal" => "whole",
            "artificial-analysis" | "eia" => "skipped",
            _ => "failed",
        };
        assert_eq!(outcome, expected, "{s}");
        let note = s["note"].as_str().unwrap_or_default();
        assert!(outcome != "failed" || note.contains("404"), "{s}");
    }
    let (code, checked, _) = run(&dir, &server, &["store", "check"]);
    assert_eq!(code, 0, "{checked}");
}

/// The past is asked for by its own command, of those that publish one.
#[test]
fn backfill_says_what_it_would_ask() {
    let (dir, server) = (Dir::new(), fake());
    let report = json(&dir, &server, &["observe", "backfill", "--dry-run"]);
    let sources = report["sources"].as_array().unwrap();
    let names: Vec<&str> = sources
        .iter()
        .map(|s| s["source"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["hub", "litellm", "arena"]);
    assert!(
        sources
            .iter()
            .all(|s| s["would_ask"].as_array().unwrap().len() == 1)
    );
    assert!(server.asked().is_empty());
    let (code, _, err) = run(&dir, &server, &["observe", "backfil"]);
    assert!(code == 2 && err.contains("observe backfill"), "{err}");
    let (code, _, err) = run(&dir, &server, &["observe", "backfill", "github"]);
    assert!(code == 2 && err.contains("hub, litellm, arena"), "{err}");
}

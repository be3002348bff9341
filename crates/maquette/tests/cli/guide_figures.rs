//! The figures of the guide: findings reckoned again from their rows, and nothing that stands without its ground.

use std::collections::BTreeSet;

use serde_json::Value;

use super::guide::{files, is_page, words, write};
use crate::run::Place;

/// Each sentence that states a finding, reckoned again from the rows that it stands on.
#[test]
fn findings_are_what_their_rows_say() {
    let place = Place::new();
    let ran = place.run(&["guide", "--gpu", "none", "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let sections = report["sections"].as_array().unwrap();
    let part = |kind: &str| -> &Value {
        let parts = sections.iter().flat_map(|s| s["parts"].as_array().unwrap());
        &parts.into_iter().find(|p| p["kind"] == kind).unwrap()["report"]
    };
    let rows = |report: &str, of: &str| part(report)[of].as_array().unwrap().clone();
    let count = |of: &[Value], key: &str, word: &str| {
        of.iter().filter(|r| r[key] == word).count().to_string()
    };
    let mut seen = BTreeSet::new();
    for section in sections {
        for f in section["findings"].as_array().unwrap() {
            let key = f["key"].as_str().unwrap();
            let value = |name: &str| f["values"][name].as_str().unwrap_or_default().to_owned();
            seen.insert(key.to_owned());
            match key {
                "month-cheapest" | "month-closed" | "starting" | "control-rented" => {
                    let id = f["evidence"].as_str().unwrap();
                    let stacks = rows("month", "stacks");
                    let stack = stacks.iter().find(|s| s["id"] == id).unwrap();
                    let sum = &stack["total"];
                    assert_eq!(value("amount"), sum["amount"].as_str().unwrap(), "{f}");
                    assert_eq!(value("currency"), sum["currency"].as_str().unwrap());
                }
                "control-none" => {
                    let stacks = rows("month", "stacks");
                    let local = stacks.iter().find(|s| s["id"] == "local").unwrap();
                    assert!(local["total"].is_null(), "{local}");
                }
                "gap" => {
                    let boards = rows("gap", "boards");
                    let b = boards.iter().find(|b| b["id"] == f["evidence"]).unwrap();
                    let r = &b["reading"];
                    equal(&value("points"), r["gap"].as_f64());
                    assert_eq!(value("day"), r["day"].as_str().unwrap(), "{f}");
                    for side in ["open", "closed"] {
                        assert_eq!(value(side), r[side]["name"].as_str().unwrap());
                    }
                    let difference = r["closed"]["rating"].as_f64().unwrap()
                        - r["open"]["rating"].as_f64().unwrap();
                    assert!(
                        (difference - r["gap"].as_f64().unwrap()).abs() <= 0.51,
                        "{r}"
                    );
                    // Elo: one in so many pairs goes the other way.
                    let chance = 100.0 / (1.0 + 10_f64.powf(difference / 400.0));
                    assert!(
                        (chance - value("preferred").parse::<f64>().unwrap()).abs() <= 1.0,
                        "{f}"
                    );
                }
                "trends" => {
                    let all = rows("trends", "rows");
                    for word in ["rising", "emerging", "stable", "declining", "unclear"] {
                        assert_eq!(value(word), count(&all, "label", word));
                    }
                }
                "claims" => {
                    let all = rows("claims", "claims");
                    for word in ["holds", "holds-under-a-reading", "fails", "not-checkable"] {
                        assert_eq!(value(word), count(&all, "verdict", word));
                    }
                }
                "score" => {
                    let questions = rows("predictions", "questions");
                    let briers: Vec<f64> = questions
                        .iter()
                        .flat_map(|q| q["forecasts"].as_array().unwrap())
                        .filter(|x| x["by"] == value("by").as_str())
                        .filter_map(|x| x["brier"].as_f64())
                        .collect();
                    assert_eq!(value("n"), briers.len().to_string());
                    let mean = briers.iter().sum::<f64>() / briers.len() as f64;
                    assert!(
                        (mean - value("brier").parse::<f64>().unwrap()).abs() < 0.001,
                        "{f}"
                    );
                }
                "scale" => {
                    let reigns = rows("break-even", "reigns");
                    let from = |r: &&Value| r["from"] == value("from").as_str();
                    let reign = reigns.iter().find(from).unwrap();
                    assert_eq!(value("to"), reign["to"].as_str().unwrap());
                    assert_eq!(value("name"), reign["name"].as_str().unwrap());
                }
                "licensing" => {
                    let all: usize = value("all").parse().unwrap();
                    let some = |name: &str| value(name).parse::<usize>().unwrap();
                    assert!(some("free") + some("conditions") <= all, "{f}");
                    let models = json_of(&place, &["models", "--format", "json"]);
                    let open = models["models"].as_array().unwrap();
                    let open = open.iter().filter(|m| m["openness"] == "open").count();
                    assert_eq!(open, all);
                }
                "first-by-downloads" | "first-by-likes" => {
                    let by = key.trim_start_matches("first-by-");
                    let parts = section["parts"].as_array().unwrap();
                    let top = parts.iter().find(|p| p["report"]["by"] == by).unwrap();
                    let rows = top["report"]["rows"].as_array().unwrap();
                    let of = |r: &Value| r["value"].as_str().unwrap().parse::<f64>().unwrap();
                    let most = rows.iter().map(of).fold(0.0, f64::max);
                    equal(&value("value"), Some(most));
                    assert_eq!(value("name"), rows[0]["name"].as_str().unwrap());
                }
                key if key.starts_with("gained-") => {
                    let all = rows("gains", "rows");
                    let kind = key.trim_start_matches("gained-");
                    let per_day = |g: &&Value| g["per_day"].as_f64().unwrap();
                    let of_kind = all.iter().filter(|g| g["kind"] == kind);
                    let most = of_kind
                        .max_by(|a, b| per_day(a).total_cmp(&per_day(b)))
                        .unwrap();
                    assert_eq!(value("name"), most["name"].as_str().unwrap());
                    let gained = most["value"].as_f64().unwrap() - most["before"].as_f64().unwrap();
                    equal(&value("value"), Some(gained));
                }
                key if key.starts_with("step-") => {
                    let stacks = rows("month", "stacks");
                    let choices = stacks.iter().flat_map(|s| s["choices"].as_array().unwrap());
                    let id = &f["evidence"];
                    let choice = choices.into_iter().find(|c| c["id"] == *id).unwrap();
                    assert_eq!(value("via"), choice["via"].as_str().unwrap());
                }
                other => panic!("nothing reckons `{other}` again"),
            }
        }
    }
    assert!(seen.len() >= 12, "{seen:?}");
}

/// The one table of all modalities says what each of their pages, the boards and the prices say.
#[test]
fn the_full_table_is_what_the_parts_say() {
    let place = Place::new();
    let report = json_of(&place, &["guide", "--gpu", "none", "--format", "json"]);
    let gaps = json_of(&place, &["gap", "--format", "json"]);
    let sections = report["sections"].as_array().unwrap();
    let full = sections.iter().find(|s| s["id"] == "full").unwrap();
    let rows = full["parts"][0]["report"]["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 7);
    let mut known = 0;
    for row in rows {
        let page = sections.iter().find(|s| s["id"] == row["section"]).unwrap();
        let top = &page["parts"][0]["report"]["rows"][0];
        assert_eq!(
            (&row["leader"], &row["downloads"]),
            (&top["name"], &top["value"])
        );
        assert_eq!(row["verdict"], top["verdict"]);
        if let Some(id) = row["gap_id"].as_str() {
            let boards = gaps["boards"].as_array().unwrap();
            let board = boards.iter().find(|b| b["id"] == id).unwrap();
            assert_eq!(board["modality"], row["modality"]);
            assert_eq!(row["gap"], board["reading"]["gap"]);
            assert_eq!(row["best_open"], board["reading"]["open"]["name"]);
        }
        if let Some(id) = row["closed_price"]["id"].as_str() {
            known += 1;
            let why = place.run(&["why", id]);
            let cost = row["closed_price"]["cost"].as_str().unwrap();
            assert!(why.out.contains(cost), "{cost}: {}", why.out);
        }
    }
    assert!(known > 0);
}

#[track_caller]
fn equal(said: &str, reckoned: Option<f64>) {
    let said: f64 = said.parse().unwrap();
    assert!(
        (said - reckoned.unwrap()).abs() < 1e-9,
        "{said} {reckoned:?}"
    );
}

fn json_of(place: &Place, args: &[&str]) -> Value {
    serde_json::from_str(&place.run(args).out).unwrap()
}

/// What stands between two marks, wherever it does.
fn between<'a>(text: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    text.split(from)
        .skip(1)
        .map(|rest| rest.split_once(to).map_or(rest, |(inner, _)| inner))
        .collect()
}

/// No figure stands bare: a row of a table whose figures are numbers leads to what they rest on, and so does a finding.
/// Left out: the page of the sources, which are the ground themselves, and the page of all evidence.
#[test]
fn no_figure_stands_without_its_ground() {
    let place = Place::new();
    for edition in [&[][..], &["--as-of", "2026-03-19"]] {
        let ran = write(&place, &[&["--force"], edition].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        let digit = |s: &str| words(s).chars().any(|c| c.is_ascii_digit());
        let (mut rows, mut findings) = (0, 0);
        for (name, text) in files(&place.path("site")) {
            if !is_page(&name)
                || ["sources.html", "all.html", "evidence.html"].contains(&name.as_str())
            {
                continue;
            }
            for row in between(&text, "<tr", "</tr>") {
                let cells = row.split("<td").skip(1);
                let figures = cells.filter(|c| {
                    let class = between(c, "class=\"", "\"");
                    let right = class
                        .first()
                        .is_some_and(|c| c.split(' ').any(|w| w == "r"));
                    right && c.split_once('>').is_some_and(|(_, inner)| digit(inner))
                });
                if figures.count() > 0 {
                    rows += 1;
                    assert!(row.contains("class=\"fig\""), "{name}: {}", words(row));
                }
            }
            for list in between(&text, "<ul class=\"findings\">", "</ul>")
                .into_iter()
                .chain(between(&text, "<ul class=\"news\">", "</ul>"))
            {
                for said in between(list, "<li", "</li>") {
                    let inner = said.split_once('>').map_or("", |(_, inner)| inner);
                    if digit(inner) {
                        findings += 1;
                        assert!(
                            inner.contains("<a class=\"fig\""),
                            "{name}: {}",
                            words(inner)
                        );
                    }
                }
            }
        }
        assert!(
            rows > 150 && findings > 15,
            "{rows} rows, {findings} findings"
        );
    }
}

//! The ledger: seeds, a user's own lines, outcomes that stay, tampering that shows.

use std::fs;

use serde_json::Value;

use crate::run::{Place, maquette};

fn json(place: &Place, args: &[&str]) -> Value {
    let ran = place.run(&[&["predictions", "--format", "json"], args].concat());
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}", ran.err))
}

fn question<'a>(report: &'a Value, id: &str) -> &'a Value {
    let all = report["questions"].as_array().unwrap();
    all.iter().find(|q| q["id"] == id).unwrap()
}

const ASK: [&str; 10] = [
    "predictions",
    "ask",
    "rain-tomorrow",
    "--text",
    "Does it rain in Ulm on 2026-11-25?",
    "--deadline",
    "2026-11-25",
    "--source",
    "the weather service",
    "--base-rate=0.4",
];

#[test]
fn the_articles_five_are_there_in_forms_that_can_be_resolved() {
    let report = json(&Place::new(), &[]);
    let all = report["questions"].as_array().unwrap();
    assert_eq!(all.len(), 13);
    for n in 1..=5 {
        let of = format!("article-2026-03/{n}");
        let main = all.iter().filter(|q| q["of"] == *of && q["main"] == true);
        assert_eq!(main.count(), 1, "{of}");
    }
    // The article's own forecasts, taken for 0.90: two of three did not come true.
    let score = &report["scores"][0];
    assert_eq!(
        (&score["by"], &score["n"]),
        (&Value::from("article-2026-03"), &Value::from(3))
    );
    assert_eq!(
        (&score["brier"], &score["log"]),
        (&Value::from(0.543), &Value::from(1.57))
    );
    assert_eq!(
        (&score["base_brier"], &score["base_log"]),
        (&Value::from(0.25), &Value::from(0.693))
    );
    assert_eq!(question(&report, "wan-1080p-open")["status"], "no");
    assert_eq!(question(&report, "image-company-opens")["status"], "yes");
    assert_eq!(question(&report, "open-music-40-percent")["status"], "no");
    assert_eq!(question(&report, "wan-1080p-any")["status"], "annulled");
}

#[test]
fn before_it_was_written_down_nothing_was_foretold() {
    let report = json(&Place::new(), &["--as-of", "2026-11-22"]);
    assert_eq!(report["questions"].as_array().unwrap().len(), 0);
    assert!(report["ledgers"][0]["head"].is_null());
}

#[test]
fn what_is_over_and_not_resolved_is_due() {
    let report = json(&Place::new(), &["--due", "--as-of", "2027-01-02"]);
    let all = report["questions"].as_array().unwrap();
    assert!(all.iter().all(|q| q["status"] == "due"), "{all:?}");
    assert_eq!(all.len(), 7);
}

#[test]
fn a_question_is_asked_foretold_and_resolved_once() {
    let place = Place::new();
    place.run(&ASK).done();
    place
        .run(&["predictions", "forecast", "rain-tomorrow", "0.7"])
        .done();
    place
        .run(&[
            "predictions",
            "forecast",
            "rain-tomorrow",
            "0.8",
            "--by",
            "anna",
        ])
        .done();
    // It cannot have failed before its time.
    let no = [
        "predictions",
        "resolve",
        "rain-tomorrow",
        "no",
        "--because",
        "dry",
        "--evidence",
        "x",
    ];
    place.run(&no).refused("cannot have failed yet");
    let later = [&no[..], &["--as-of", "2026-11-26"]].concat();
    place.run(&later).done();
    place.run(&later).refused("was settled on 2026-11-26: no");
    place
        .run(&[
            "predictions",
            "forecast",
            "rain-tomorrow",
            "0.1",
            "--as-of",
            "2026-11-27",
        ])
        .refused("was settled on 2026-11-26");
    let report = json(&place, &["--as-of", "2026-11-27"]);
    let q = question(&report, "rain-tomorrow");
    assert_eq!(
        (&q["status"], &q["forecasts"][0]["brier"]),
        (&Value::from("no"), &Value::from(0.49))
    );
    let mine = report["scores"]
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["by"] == "me")
        .unwrap();
    // Against the rate that was stated: 0.4 squared.
    assert_eq!(
        (&mine["brier"], &mine["base_brier"]),
        (&Value::from(0.49), &Value::from(0.16))
    );
    // The day before its outcome it was open.
    let before = json(&place, &["--as-of", "2026-11-25", "rain-tomorrow"]);
    assert_eq!(question(&before, "rain-tomorrow")["status"], "open");
}

/// An embedded question, resolved in January by the user.
pub fn apache_does_not_lead(place: &Place) {
    place
        .run(&[
            "predictions",
            "resolve",
            "apache-leads-boards",
            "no",
            "--because",
            "4 of 17",
            "--evidence",
            "arena",
            "--as-of",
            "2027-01-05",
        ])
        .done();
}

#[test]
fn an_embedded_question_is_resolved_in_the_users_own_ledger() {
    let place = Place::new();
    apache_does_not_lead(&place);
    let report = json(&place, &["--as-of", "2027-01-06"]);
    assert_eq!(question(&report, "apache-leads-boards")["status"], "no");
    let n: Vec<&Value> = report["scores"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| &s["n"])
        .collect();
    assert_eq!(n, [4, 1]);
}

#[test]
fn a_line_that_was_changed_is_told_and_nothing_is_written_behind_it() {
    let place = Place::new();
    place.run(&ASK).done();
    place
        .run(&["predictions", "forecast", "rain-tomorrow", "0.7"])
        .done();
    let path = place.path("data/predictions.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("0.7", "0.1")).unwrap();
    let ran = place.run(&["predictions"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let problems = json(&place, &[])["ledgers"][1]["problems"].to_string();
    assert!(
        problems.contains("line 2: it was changed after it was written"),
        "{problems}"
    );
    let refused = place.run(&["predictions", "forecast", "rain-tomorrow", "0.2"]);
    assert_eq!(refused.code, 3, "{}", refused.err);
    assert!(
        refused.err.contains("nothing is appended"),
        "{}",
        refused.err
    );
    // Nothing is lost: what stood there stands there.
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        text.replace("0.7", "0.1")
    );
    // A line taken out shows too.
    fs::write(&path, text.lines().nth(1).unwrap()).unwrap();
    let problems = json(&place, &[])["ledgers"][1]["problems"].to_string();
    assert!(problems.contains("does not follow"), "{problems}");
}

#[test]
fn many_at_once_write_one_chain() {
    let place = Place::new();
    place.run(&ASK).done();
    let children: Vec<_> = (0..12)
        .map(|n| {
            let p = format!("0.{n:02}");
            place
                .command(&["predictions", "forecast", "rain-tomorrow", &p, "--by", &p])
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut c in children {
        assert!(c.wait().unwrap().success());
    }
    let report = json(&place, &[]);
    assert_eq!(report["ledgers"][1]["problems"], Value::Array(Vec::new()));
    assert_eq!(report["ledgers"][1]["lines"], 13);
}

#[test]
fn wrong_requests_are_told_and_write_nothing() {
    let place = Place::new();
    for (args, says) in [
        (
            vec!["predictions", "forecast", "apache-leads-boards", "1.5"],
            "no probability",
        ),
        (
            vec!["predictions", "forecast", "apache-leads-board", "0.5"],
            "did you mean `apache-leads-boards`",
        ),
        (
            vec![
                "predictions",
                "resolve",
                "apache-leads-boards",
                "yes",
                "--because",
                "x",
            ],
            "needs evidence",
        ),
        (
            vec![
                "predictions",
                "resolve",
                "wan-1080p-open",
                "yes",
                "--because",
                "x",
                "--evidence",
                "y",
            ],
            "was settled on 2026-11-23: no",
        ),
        (
            vec![
                "predictions",
                "ask",
                "X y",
                "--text",
                "a",
                "--deadline",
                "2027-01-01",
                "--source",
                "b",
            ],
            "cannot name a prediction",
        ),
        (
            vec![
                "predictions",
                "ask",
                "past",
                "--text",
                "a",
                "--deadline",
                "2026-01-01",
                "--source",
                "b",
            ],
            "lies before",
        ),
        (
            vec!["predictions", "nothing-like-it"],
            "there is no prediction",
        ),
    ] {
        place.run(&args).refused(says);
    }
    let path = place.path("data/predictions.jsonl");
    assert_eq!(fs::read_to_string(path).unwrap_or_default(), "");
    maquette(&["predictions", "--due", "ask"]).refused("");
}

//! The gap of each board: rows that research reckoned apart, tiers, what gets no word, what is not known.

use std::fmt::Write;

use serde_json::Value;

use crate::run::{Place, maquette};

fn json(place: &Place, args: &[&str]) -> Value {
    let ran = place
        .run(&[&["gap", "--format", "json"], args].concat())
        .done();
    serde_json::from_str(&ran.out).unwrap()
}

fn board<'a>(report: &'a Value, id: &str) -> &'a Value {
    let all = report["boards"].as_array().unwrap();
    all.iter().find(|b| b["board"] == id).unwrap()
}

fn reading<'a>(report: &'a Value, id: &str, day: &str) -> &'a Value {
    let all = board(report, id)["history"].as_array().unwrap();
    all.iter()
        .find(|r| r["day"] == day)
        .unwrap_or_else(|| panic!("{id} on {day}"))
}

/// Board, day, tier, gap, 90% interval: reckoned by another program from the same rows (20,000 draws, another
/// generator), in the research of 2026-11-23.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    f64,
    Option<(f64, f64)>,
);
const RECKONED: &[Row] = &[
    ("code", "2026-03-19", "any", 101.0, Some((92.6, 114.3))),
    ("code", "2026-04-19", "any", 45.0, Some((22.9, 66.9))),
    // The catalog has a license of Qwen3.8-Max's weights, research took the board's word: the draws differ, the best does not.
    ("code", "2026-09-30", "any", 126.0, None),
    (
        "text-style-control",
        "2026-09-30",
        "any",
        21.0,
        Some((16.4, 26.9)),
    ),
    ("text-to-image", "2025-11-06", "any", 7.2, Some((1.2, 13.3))),
    (
        "text-to-image",
        "2025-12-11",
        "any",
        81.0,
        Some((76.2, 88.4)),
    ),
    (
        "text-to-image",
        "2026-09-30",
        "any",
        217.0,
        Some((206.0, 228.6)),
    ),
    ("text-to-image", "2026-09-30", "permissive", 254.0, None),
    ("text-to-video", "2026-03-19", "any", 202.0, None),
    ("text-to-video", "2026-06-10", "any", 351.0, None),
    (
        "text-to-video",
        "2026-09-30",
        "any",
        53.0,
        Some((42.6, 68.2)),
    ),
    ("text-to-video", "2026-09-30", "permissive", 343.0, None),
    ("image-to-video", "2026-09-04", "any", -9.0, None),
    ("image-edit", "2026-03-19", "any", 90.0, None),
    ("image-edit", "2026-03-19", "permissive", 166.0, None),
    (
        "music-arena-vocal",
        "2025-08-31",
        "any",
        512.4,
        Some((407.9, 621.3)),
    ),
    ("music-arena-vocal", "2026-02-28", "any", 478.0, None),
    (
        "artificial-analysis-music-vocal-v1.1",
        "2026-10-09",
        "any",
        142.0,
        None,
    ),
    (
        "artificial-analysis-text-to-speech",
        "2026-09-29",
        "any",
        109.0,
        None,
    ),
    (
        "artificial-analysis-text-to-speech",
        "2026-09-29",
        "permissive",
        223.0,
        None,
    ),
    ("tts-arena-v2", "2026-03-25", "any", 81.0, None),
    ("gpqa-diamond-epoch", "2024-12-17", "any", 20.7, None),
    ("gpqa-diamond-epoch", "2025-11-06", "any", 2.8, None),
    ("mmlu-self", "2023-07-18", "any", 17.5, None),
    ("mmlu-self", "2023-12-31", "any", 10.1, None),
    ("mmlu-helm", "2024-12-26", "any", 0.1, None),
    ("math-500", "2025-07-28", "any", -2.0, None),
];

#[test]
fn the_gaps_are_those_that_research_reckoned_apart() {
    let place = Place::new();
    let any = json(&place, &["--history"]);
    let permissive = json(&place, &["--history", "--tier", "permissive"]);
    for (id, day, tier, gap, interval) in RECKONED {
        let report = if *tier == "any" { &any } else { &permissive };
        let r = reading(report, id, day);
        let have = r["gap"].as_f64().unwrap();
        assert!((have - gap).abs() <= 0.6, "{id} {day} {tier}: {have} {gap}");
        if let Some((low, high)) = interval {
            let (l, h) = (r["low"].as_f64().unwrap(), r["high"].as_f64().unwrap());
            // The error of a percentile of 10,000 draws, at three of its standard errors.
            let most = 0.02 * (high - low) + 0.3;
            assert!(
                (l - low).abs() <= most && (h - high).abs() <= most,
                "{id} {day}: {l} to {h}, not {low} to {high}"
            );
        }
    }
}

#[test]
fn a_license_that_ends_at_a_border_takes_its_model_out_of_what_is_usable() {
    let place = Place::new();
    let at = |country: &str| {
        let report = json(
            &place,
            &[
                "--modality",
                "video",
                "--tier",
                "usable",
                "--place",
                country,
                "--domicile",
                country,
                "--output-to",
                country,
                "--annual-revenue",
                "100000",
            ],
        );
        let b = board(&report, "text-to-video");
        (
            b["reading"]["open"]["name"].as_str().unwrap().to_owned(),
            b["outside"].to_string(),
        )
    };
    let (japan, _) = at("JP");
    assert_eq!(japan, "minimax-h3");
    let (germany, outside) = at("DE");
    assert_ne!(germany, "minimax-h3");
    assert!(outside.contains("minimax-h3"), "{outside}");
}

#[test]
fn what_is_no_vote_gets_no_word() {
    let report = json(&Place::new(), &[]);
    for b in report["boards"].as_array().unwrap() {
        let silent = b["grade"] == "C" || b["scale"] == "points";
        assert_eq!(
            b["reading"]["word"].is_null() && b["standing"].is_null(),
            silent || b["reading"]["gap"].is_null(),
            "{b}"
        );
    }
    // No board speaks of sounds and motion; they are named.
    assert_eq!(report["without"], serde_json::json!(["sound", "motion"]));
}

#[test]
fn a_break_of_the_scale_is_told_and_no_word_is_carried_over_it() {
    let report = json(&Place::new(), &["--board", "text", "--history"]);
    let history = board(&report, "text")["history"].as_array().unwrap();
    let breaks: Vec<&str> = history.iter().filter_map(|r| r["broke"].as_str()).collect();
    assert_eq!(
        breaks,
        [
            "ratings by Bradley-Terry in place of online Elo",
            "every rating raised by about 60 points",
            "votes weighted anew"
        ]
    );
}

#[test]
fn a_day_of_the_past_sees_its_own_board() {
    let report = json(
        &Place::new(),
        &["--as-of", "2025-11-10", "--board", "text-to-image"],
    );
    let b = board(&report, "text-to-image");
    assert_eq!(b["reading"]["day"], "2025-11-06");
    assert_eq!(
        (&b["reading"]["word"], &b["staleness"]),
        (&Value::from("none"), &Value::from("fresh"))
    );
}

#[test]
fn a_name_that_nobody_knows_is_named_and_taken_for_neither() {
    let place = Place::new();
    let sources = "[[source]]\nid = \"mine\"\ntitle = \"mine\"\nlink = \"example.org\"\nread = \"x\"\n\
        license = \"MIT\"\nlicense_source = \"x\"\nredistribution = \"series\"\norigin = \"mine\"\n";
    place.file("over/history/sources.toml", sources);
    let rows = |rows: &[(&str, &str)]| {
        let mut text = "subject,metric,date,value,source\n".to_owned();
        for (name, score) in rows {
            writeln!(
                text,
                "arena:text-to-image/{name},score,2026-11-20,{score},mine"
            )
            .unwrap();
        }
        place.file("over/history/mine.csv", text);
        json(&place, &["--catalog", "over", "--board", "text-to-image"])
    };
    let report = rows(&[
        ("brand-new-thing", "1500"),
        ("gpt-image-2", "1400"),
        ("flux-2-dev", "1300"),
    ]);
    let b = board(&report, "text-to-image");
    assert_eq!(b["reading"]["day"], "2026-11-20");
    assert_eq!(b["reading"]["gap"], 100.0);
    assert!(
        b["unknown"][0]
            .as_str()
            .unwrap()
            .starts_with("brand-new-thing"),
        "{b}"
    );
    // It stands first and may be of either side: no word.
    assert!(
        b["reading"]["word"].is_null() && b["standing"].is_null(),
        "{b}"
    );
    assert!(
        b["reading"]["doubt"]
            .as_str()
            .unwrap()
            .contains("stands first"),
        "{b}"
    );
    // No interval is printed, so none is made up.
    assert!(b["reading"]["low"].is_null());
    // A board with one entry compares nothing; the last reading with two sides stands, and why is said.
    let report = rows(&[("gpt-image-2", "1400")]);
    let b = board(&report, "text-to-image");
    assert_eq!(b["reading"]["day"], "2026-09-30");
    assert!(
        b["one_sided"].as_str().unwrap().contains("no open model"),
        "{b}"
    );
}

#[test]
fn a_new_name_is_taken_at_the_boards_word_and_marked() {
    let place = Place::new();
    let line = |name: &str, metric: &str, value: &str, from: &str| {
        format!(
            "{{\"subject\":\"arena:webdev/{name}\",\"metric\":\"{metric}\",\"unit\":\"{}\",\"value\":\"{value}\",\
             \"observed_at\":\"2026-11-21T08:00:00Z\",{from}\"source\":\"arena\"}}\n",
            if metric == "license" { "" } else { "points" }
        )
    };
    let day = "\"valid_from\":\"2026-11-20\",";
    let lines = [
        line("mind-9", "score", "1700", day),
        line("mind-9", "license", "Proprietary", ""),
        line("leaf-2", "score", "1650", day),
        line("leaf-2", "license", "Apache 2.0", ""),
        line("leaf-3", "score", "1660", day),
        line("leaf-3", "license", "Leaf Community", ""),
    ];
    let file = place.file("rows.jsonl", lines.concat());
    place.run(&["store", "import", &file]).done();
    // The board's own id is known by its other name too.
    let report = json(&place, &["--board", "code"]);
    let r = &board(&report, "code")["reading"];
    assert_eq!(
        (&r["closed"]["name"], &r["open"]["name"]),
        (&"mind-9".into(), &"leaf-3".into())
    );
    assert_eq!(
        (&r["open"]["basis"], &r["gap"]),
        (&"board".into(), &40.0.into())
    );
    let report = json(&place, &["--board", "code", "--tier", "permissive"]);
    assert_eq!(board(&report, "code")["reading"]["open"]["name"], "leaf-2");
}

#[test]
fn boards_that_ask_for_the_same_and_differ_are_told() {
    let place = Place::new();
    place.file(
        "over/history/sources.toml",
        "[[source]]\nid = \"mine\"\ntitle = \"mine\"\nlink = \"example.org\"\nread = \"x\"\nlicense = \"MIT\"\n\
         license_source = \"x\"\nredistribution = \"series\"\norigin = \"mine\"\n",
    );
    let told = |open: u32| {
        let mut text = "subject,metric,date,value,source\n".to_owned();
        for (board, open) in [
            ("text-to-image", 1390),
            ("artificial-analysis-text-to-image", open),
        ] {
            for (name, score) in [("gpt-image-2", 1400), ("flux-2-dev", open)] {
                // Twice, so that the new word stands.
                for day in ["2026-11-10", "2026-11-20"] {
                    writeln!(text, "arena:{board}/{name},score,{day},{score},mine").unwrap();
                }
            }
        }
        place.file("over/history/mine.csv", text);
        let report = json(&place, &["--catalog", "over", "--modality", "image"]);
        report["notes"].to_string().contains("boards disagree")
    };
    // 10 points beside 80 and beside 300: one band off is no disagreement.
    assert!(!told(1360));
    assert!(told(1100));
}

#[test]
fn what_was_observed_here_is_the_newest_reading() {
    let place = Place::new();
    let lines = [("gpt-image-2", 1400), ("flux-2-dev", 1390)].map(|(name, score)| {
        format!(
            "{{\"subject\":\"arena:text-to-image/{name}\",\"metric\":\"score\",\"unit\":\"points\",\
             \"value\":\"{score}\",\"observed_at\":\"2026-11-21T08:00:00Z\",\"valid_from\":\"2026-11-21\",\"source\":\"arena\"}}\n"
        )
    });
    let file = place.file("rows.jsonl", lines.concat());
    place.run(&["store", "import", &file]).done();
    let report = json(&place, &["--board", "text-to-image"]);
    let r = &board(&report, "text-to-image")["reading"];
    assert_eq!(
        (&r["day"], &r["gap"]),
        (&Value::from("2026-11-21"), &Value::from(10.0))
    );
}

#[test]
fn a_floor_lets_in_what_people_rate_and_says_where_there_is_no_rating() {
    let report: Value = serde_json::from_str(
        &Place::new()
            .run(&[
                "choose",
                "--images",
                "100",
                "--gpu",
                "none",
                "--floor",
                "image=small",
                "--format",
                "json",
            ])
            .out,
    )
    .unwrap();
    let out = report["ruled_out"].as_array().unwrap();
    for reason in ["below-floor", "not-rated"] {
        assert!(out.iter().any(|o| o["reason"] == reason), "{reason}");
    }
    let notes = report["notes"].to_string();
    assert!(notes.contains("rated at most 100 points behind"), "{notes}");
    let ran = maquette(&["choose", "--floor", "3d=100"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("nobody rates 3d models"), "{}", ran.err);
    maquette(&["choose", "--floor", "image=fair"]).refused("neither points nor one of");
}

#[test]
fn wrong_requests_are_told() {
    maquette(&["gap", "--board", "text-to-imag"]).refused("did you mean `text-to-image`");
    maquette(&["gap", "--tier", "opn"]).refused("any, permissive, usable");
    maquette(&["gap", "--pair", "flux-2-dev"]).refused("not OPEN:CLOSED");
}

#[test]
fn an_interval_across_bands_is_a_range_of_words_on_every_surface() {
    let place = Place::new();
    let ran = place.run(&["gap", "--board", "text-to-video"]);
    let said = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("the gap is minimal to small:"), "{said}");
    assert!(said.contains("by 53 [43 to 68.4] points"), "{said}");
    let ran = place.run(&["guide", "--gpu", "none", "--format", "markdown"]);
    assert!(
        ran.out
            .contains("lie 53 [43 to 68.4] points apart; the gap is minimal to small"),
        "the guide says the same"
    );
}

#[test]
fn what_is_open_is_dated_by_its_reading_and_not_by_the_question() {
    let place = Place::new();
    let dates = |day: &str| -> Vec<String> {
        let ran = place.run(&[
            "why",
            "gap/text-to-video",
            "--as-of",
            day,
            "--format",
            "json",
        ]);
        let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        let all = report["evidence"].as_array().unwrap().iter();
        all.filter(|e| e["fact"].as_str().unwrap().starts_with("whether"))
            .map(|e| e["as_of"].as_str().unwrap().to_owned())
            .collect()
    };
    let early = dates("2026-10-10");
    assert_eq!(early.len(), 2);
    assert_eq!(early, dates("2026-11-20"));
    assert!(!early.contains(&"2026-10-10".to_owned()), "{early:?}");
}

//! The digest: what it tells is in the reports it stands on, files that others read, days that make none.

use std::fs;

use serde_json::Value;

use crate::run::Place;

fn json(place: &Place, args: &[&str]) -> Value {
    let ran = place.run(&[args, &["--format", "json"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

fn told<'a>(report: &'a Value, kind: &str) -> Vec<&'a Value> {
    let items = report["items"].as_array().unwrap();
    items.iter().filter(|i| i["kind"] == kind).collect()
}

/// Each is found again by the verb that answers it alone, on each of the two days.
#[test]
fn what_is_told_is_what_the_verbs_say() {
    let place = Place::new();
    let report = json(
        &place,
        &["digest", "--since", "2026-03-19", "--gpu", "none"],
    );
    for ranking in told(&report, "ranking") {
        let of = |name: &str| ranking["values"][name].as_str().unwrap();
        for (day, side) in [("2026-03-19", "before"), ("2026-11-24", "after")] {
            let args = [
                "top",
                "--as-of",
                day,
                "--modality",
                of("modality"),
                "--by",
                of("by"),
            ];
            let top = json(&place, &args);
            let rows = top["rows"].as_array().unwrap();
            let names: Vec<&str> = rows
                .iter()
                .take(3)
                .filter_map(|r| r["name"].as_str())
                .collect();
            assert_eq!(names.join(", "), of(side), "{day} {ranking}");
        }
    }
    assert!(told(&report, "ranking").len() >= 3, "{report}");
    for release in told(&report, "release") {
        let id = release["values"]["id"].as_str().unwrap();
        let model = place.run(&["show", id, "--format", "json"]);
        let day = release["values"]["day"].as_str().unwrap();
        assert!(model.out.contains(&format!("\"{day}\"")), "{id} {day}");
        assert!(("2026-03-19".."2026-11-25").contains(&release["day"].as_str().unwrap()));
    }
    for price in told(&report, "price") {
        let of = |name: &str| {
            price["values"][name]
                .as_str()
                .unwrap()
                .parse::<f64>()
                .unwrap()
        };
        let moved = (of("after") / of("before") - 1.0) * 100.0;
        assert!(moved.abs() >= 4.95, "{price}");
        assert!((moved - of("percent")).abs() < 0.06, "{price}");
        let why = place.run(&["why", price["after_id"].as_str().unwrap()]);
        assert_eq!(why.code, 0, "{}", why.err);
    }
    assert!(!told(&report, "price").is_empty() && !told(&report, "gap").is_empty());
    // No two say the same.
    let mut ids: Vec<&str> = report["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|i| i["id"].as_str())
        .collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

/// The first week after the article: nothing but what the program carries.
#[test]
fn the_first_issue_stands_on_what_is_carried() {
    let place = Place::new();
    let report = json(
        &place,
        &["digest", "--since", "2026-03-19", "--as-of", "2026-03-26"],
    );
    assert!(!report["items"].as_array().unwrap().is_empty());
    assert_eq!(
        (&report["since"], &report["as_of"]),
        (&"2026-03-19".into(), &"2026-03-26".into())
    );
    // A name that feeds know: a longer digest tells the same news under the same id.
    let longer = json(
        &place,
        &["digest", "--since", "2026-03-18", "--as-of", "2026-03-26"],
    );
    let ids = |r: &Value| -> Vec<String> {
        told(r, "trend")
            .iter()
            .map(|i| i["id"].to_string())
            .collect()
    };
    assert!(ids(&report).iter().all(|id| ids(&longer).contains(id)));
}

#[test]
fn files_are_the_same_twice_and_only_over_their_own() {
    let place = Place::new();
    let args = [
        "digest",
        "--since",
        "2026-10-01",
        "--gpu",
        "none",
        "--base-url",
        "https://example.org",
        "--out",
    ];
    for dir in ["one", "two"] {
        let ran = place.run(&[&args[..], &[dir]].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    for name in [
        "index.html",
        "digest.md",
        "digest.eml",
        "digest.json",
        "atom.xml",
        "feed.json",
    ] {
        let of = |dir: &str| fs::read(place.path(&format!("{dir}/{name}"))).unwrap();
        assert_eq!(of("one"), of("two"), "{name}");
    }
    place
        .run(&[&args[..], &["one"]].concat())
        .refused("holds a guide already");
    place.run(&[&args[..], &["one", "--force"]].concat());
    place.file("mine/thesis.txt", "years of work");
    place
        .run(&[&args[..], &["mine", "--force"]].concat())
        .refused("is not empty");
}

#[test]
fn a_hostile_name_stays_a_name_in_every_file() {
    let place = Place::new();
    place.file(
        "over/models/x/evil.toml",
        "id = \"evil\"\nname = \"<script>alert(1)</script> ]]> \\u202Eevil\"\nmodality = \"image\"\nfamily = \"x\"\n\
         openness = \"open\"\nhub = [\"x/evil\"]\nreleased = \"2026-11-20\"\nsource = \"x\"\nas_of = \"2026-11-20\"\nconfidence = \"low\"\n",
    );
    let ran = place.run(&[
        "digest",
        "--catalog",
        "over",
        "--out",
        "site",
        "--to",
        "a@example.org",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for name in ["index.html", "digest.eml", "atom.xml"] {
        let text = fs::read_to_string(place.path(&format!("site/{name}"))).unwrap();
        assert!(!text.contains('\u{202e}'), "{name}");
        assert!(
            name == "digest.eml" || !text.contains("<script>alert"),
            "{name}"
        );
        assert!(
            text.contains("&lt;script&gt;") || name == "digest.eml",
            "{name}"
        );
    }
}

#[test]
fn days_and_addresses_that_make_none_are_told() {
    let place = Place::new();
    place
        .run(&["digest", "--since", "2026-11-24"])
        .refused("has no days before");
    for (args, says) in [
        (["--base-url", "example.org"], "not an address"),
        (["--base-url", "https://"], "not an address"),
        (["--to", "nobody"], "not a mail address"),
        (["--from", "a@b\r\nBcc: c@d"], "not a mail address"),
    ] {
        let ran = place.run(&[&["digest", "--out", "site"][..], &args[..]].concat());
        assert_ne!(ran.code, 0);
        assert!(ran.err.contains(says), "{}", ran.err);
    }
}

//! A workload and a studio file: the line that is wrong is shown, at file, line and column.

use std::fs;

use crate::run::Place;

const GOOD: &str = "[[demand]]\nmodality = \"image\"\nquantity = 5\n";

fn workload(text: impl AsRef<[u8]>) -> (Place, crate::run::Ran) {
    let place = Place::new();
    place.file("work.toml", text);
    let ran = place.run(&["choose", "--gpu", "none", "--workload", "work.toml"]);
    (place, ran)
}

fn studio(text: impl AsRef<[u8]>) -> crate::run::Ran {
    let place = Place::new();
    place.file("studio.toml", text);
    place.run(&["choose", "--studio", "studio.toml"])
}

#[test]
fn a_good_workload_is_the_same_as_flags() {
    let (place, ran) = workload(GOOD);
    let flags = place
        .run(&["choose", "--gpu", "none", "--images", "5"])
        .done();
    assert_eq!(ran.done().out, flags.out);
}

#[test]
fn a_typo_is_shown_in_its_line() {
    for (from, to, at, says) in [
        (
            "quantity",
            "quantty",
            "work.toml:3:1",
            "did you mean `quantity`",
        ),
        (
            "\"image\"",
            "\"imge\"",
            "work.toml:2:12",
            "did you mean `image`?",
        ),
        ("= 5", "= \"x\"", "work.toml:3:12", "is not a number"),
        ("= 5", "= -5", "work.toml:3:12", "below zero"),
        ("= 5", "= 1.5", "work.toml:3:12", "not a whole number"),
        ("= 5", "= nan", "work.toml:3:12", "NaN"),
        ("= 5", "= 1e300", "work.toml:3:12", "1e300"),
        ("= 5", "= 0", "work.toml:3:12", "no work"),
        ("= 5", "=", "work.toml:3:11", ""),
        (
            "= 5",
            "= 5\nkeep_rate = 2",
            "work.toml:1:1",
            "above 0 and up to 1",
        ),
        (
            "= 5",
            "= 5\nkeep_rate = 1e-28",
            "work.toml:1:1",
            "so few are kept",
        ),
        ("= 5", "= 5\nwidth = -1", "work.toml:4:9", "-1"),
        (
            "[[demand]]",
            "[[demnd]]",
            "work.toml:1:3",
            "did you mean `demand`?",
        ),
    ] {
        let text = GOOD.replacen(from, to, 1);
        let (_, ran) = workload(&text);
        let ran = ran.refused(says);
        assert!(ran.err.contains(at), "{text}: {}", ran.err);
        let line: usize = at.split(':').nth(1).unwrap().parse().unwrap();
        let shown = text.lines().nth(line - 1).unwrap().trim_end();
        assert!(
            ran.err.contains(&format!("{line} | {shown}")),
            "{}",
            ran.err
        );
        assert!(ran.err.contains('^'), "{}", ran.err);
    }
}

#[test]
fn the_picture_survives_every_script_and_a_very_long_line() {
    let (_, ran) = workload(GOOD.replace("= 5", "= \"fünf 🎨\" # 数"));
    assert!(ran.refused("fünf 🎨").err.contains("work.toml:3:12"));
    let (_, ran) = workload(GOOD.replace("image", &"x".repeat(100_000)));
    assert!(ran.refused("xxxxxxxx").err.len() < 8_000);
    let (_, ran) = workload(format!("a = {}", "[".repeat(100_000)));
    assert!(ran.refused("recurs").err.len() < 8_000);
    let (_, ran) = workload("\u{feff}[[demand]]\r\nmodality = \"imge\"\r\n");
    assert!(ran.refused("imge").err.contains("work.toml:2:12"));
}

#[test]
fn a_file_that_asks_for_no_work_is_not_taken_for_the_usual_work() {
    workload("").1.refused("demand");
    workload("demand = []\n").1.refused("no [[demand]]");
    workload("# nothing\n").1.refused("demand");
}

#[test]
fn too_many_demands_are_refused_at_once() {
    let (_, ran) = workload(GOOD.repeat(101));
    ran.refused("101 demands are more");
    workload(GOOD.repeat(20)).1.done();
}

#[test]
fn a_file_that_cannot_be_used() {
    let place = Place::new();
    fs::create_dir(place.path("dir.toml")).unwrap();
    place.file("binary.toml", [0xff, 0xfe, 0x00, 0x9f]);
    place.file("large.toml", "#".repeat(4 * 1024 * 1024 + 1));
    for flag in ["--workload", "--studio"] {
        let run = |name: &str| place.run(&["choose", "--gpu", "none", flag, name]);
        run("missing.toml").refused("because: missing.toml cannot be read");
        run("dir.toml").refused("because: dir.toml cannot be read");
        run("binary.toml").refused("because: binary.toml is not UTF-8 text");
        run("large.toml").refused("more than 4194304 bytes");
    }
}

#[cfg(unix)]
#[test]
fn a_file_without_end_is_refused_and_does_not_fill_the_memory() {
    let place = Place::new();
    place
        .run(&["choose", "--gpu", "none", "--workload", "/dev/zero"])
        .refused("more than 4194304 bytes");
}

#[test]
fn a_wrong_studio_file_names_itself() {
    for (text, says) in [
        ("countr = \"DE\"\n", "did you mean `country`?"),
        ("country = \"Germny\"\n", "did you mean `Germany`?"),
        ("use = \"sell\"\n", "studio.toml: use:"),
        ("gpu = \"rtx-490\"\n", "did you mean `rtx-4090`"),
        ("power_price = \"-1\"\n", "studio.toml: power_price:"),
        (
            "power_price = \"79228162514264337593543950335\"\n",
            "studio.toml: power_price:",
        ),
        ("revenue = \"lots\"\n", "studio.toml: revenue:"),
        ("seats = 0\n", "studio.toml: seats:"),
        ("hours_per_day = 30\n", "studio.toml: hours_per_day:"),
        ("purchase_months = 0\n", "studio.toml: purchase_months:"),
        ("seats = 1.5\n", "studio.toml:1:9"),
        ("country = DE\n", "studio.toml:1:11"),
    ] {
        studio(text).refused(says);
    }
}

#[test]
fn a_flag_goes_before_the_studio_file_and_an_empty_file_says_nothing() {
    let place = Place::new();
    place.file(
        "studio.toml",
        "country = \"DE\"\nhours_per_day = 30\ngpu = \"none\"\n",
    );
    let by_flag = [
        "choose",
        "--studio",
        "studio.toml",
        "--country",
        "US",
        "--hours-per-day",
        "8",
    ];
    let plain = place.run(&["choose", "--gpu", "none"]).done();
    assert_eq!(place.run(&by_flag).done().out, plain.out);
    place.file("empty.toml", "");
    let empty = place
        .run(&["choose", "--gpu", "none", "--studio", "empty.toml"])
        .done();
    assert_eq!(empty.out, plain.out);
    place.file("config/studio.toml", "seats = 0\n");
    place
        .run(&["choose", "--gpu", "none"])
        .refused("studio.toml: seats:");
}

/// The verdict for `model` in `models`, `show` and `license`, as JSON.
fn verdicts(place: &Place, model: &str) -> [String; 3] {
    let json = |args: &[&str]| -> serde_json::Value {
        let ran = place.run(&[args, &["--format", "json"]].concat());
        serde_json::from_str(&ran.out).unwrap()
    };
    let word = |v: &serde_json::Value| v.as_str().unwrap().to_owned();
    [
        word(&json(&["models", model])["models"][0]["verdict"]),
        word(
            &json(&["show", model])["sections"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|s| s["facts"].as_array().unwrap())
                .find(|f| f["label"] == "to sell what it makes")
                .unwrap()["value"],
        ),
        word(&json(&["license", model])["verdict"]),
    ]
}

#[test]
fn every_verb_reads_licenses_for_the_usual_studio() {
    let place = Place::new();
    let nothing_said = verdicts(&place, "stable-audio-3-medium");
    assert_eq!(nothing_said, ["unknown", "unknown", "unknown"]);
    for (revenue, verdict) in [
        ("200k USD", "permitted-with-conditions"),
        ("2m USD", "needs-license"),
    ] {
        place.file(
            "config/studio.toml",
            format!("country = \"US\"\n[facts]\ngroup_annual_revenue = \"{revenue}\"\nregistered = true\n"),
        );
        let said = verdicts(&place, "stable-audio-3-medium");
        assert_eq!(said, [verdict, verdict, verdict], "{revenue}");
    }
}

//! 0 done, 1 the answer is no, 2 the request is wrong; 101 would be our mistake.

use crate::run::{Place, choose, maquette};

#[test]
fn done_is_zero() {
    choose(&[]).done();
    maquette(&["models"]).done();
    maquette(&["--help"]).done();
    maquette(&["--version"]).done();
}

#[test]
fn the_answer_no_is_one() {
    let ran = choose(&["--images", "10", "--only", "image=local"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    assert!(
        ran.out.starts_with("No stack meets every limit"),
        "{}",
        ran.out
    );
    let ran = maquette(&["break-even", "--modality", "motion", "--gpu", "none"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
}

#[test]
fn a_wrong_request_is_two() {
    maquette(&["choos"]).refused("similar subcommand exists: 'choose'");
    maquette(&["choose", "--imagse", "3"]).refused("--images");
    maquette(&["models", "--format", "xml"]).refused("text, json, csv, markdown");
    maquette(&["models", "--open", "--closed"]).refused("cannot be used with");
    maquette(&["break-even"]).refused("--modality");
    maquette(&["catalog", "check"]).refused("no catalog directory is named");
    maquette(&["models", "--config-dir", "nowhere"]).refused("nowhere is not there");
}

#[test]
fn no_command_at_all_shows_help_as_an_error() {
    let place = Place::new();
    let ran = std::process::Command::new(env!("CARGO_BIN_EXE_maquette"))
        .current_dir(place.path(""))
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(2));
    assert!(
        String::from_utf8(ran.stderr)
            .unwrap()
            .contains("Usage: maquette")
    );
}

#[test]
fn a_day_is_a_day_of_the_calendar() {
    let place = Place::new();
    for day in [
        "2026-02-30",
        "2026-03",
        "yesterday",
        "2026-3-9",
        "-000001-01-01",
        "",
    ] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_maquette"))
            .arg(format!("--as-of={day}"))
            .arg("models")
            .current_dir(place.path(""))
            .output()
            .unwrap();
        let ran = crate::run::Ran::of(&[day], &output);
        ran.refused("2026-03-19");
    }
}

#[test]
fn the_first_and_the_last_day_are_answered() {
    let place = Place::new();
    for (day, code) in [("0001-01-01", 1), ("9999-12-31", 0)] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_maquette"))
            .args(["choose", "--gpu", "none", "--as-of", day])
            .env("MAQUETTE_CONFIG_DIR", place.path("config"))
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(code), "{day}");
    }
}

//! Every command answers in every form, and text fits 80 columns.

use unicode_width::UnicodeWidthStr;

use crate::readers::{csv, markdown_tables};
use crate::run::{Place, Ran, catalog_of_the_project, maquette};

/// Commands, and whether their answer has a table.
pub fn commands() -> Vec<(Vec<&'static str>, bool)> {
    let mut all = vec![
        (vec!["choose", "--gpu", "none"], true),
        (vec!["choose", "--gpu", "rtx-4090", "--all"], true),
        (
            vec!["choose", "--gpu", "none", "--only", "image=local"],
            true,
        ),
        (vec!["models"], true),
        (vec!["models", "--all", "--open"], true),
        (vec!["prices"], true),
        (vec!["prices", "--all"], true),
        (vec!["plans"], true),
        (vec!["why", "cheapest"], false),
        (vec!["why", "cheapest/images", "--gpu", "none"], true),
        (vec!["why", "cheapest/words", "--gpu", "none"], true),
        (vec!["why", "fal/flux.1-schnell#1"], true),
        (vec!["why", "conversion/word-token"], true),
        (vec!["why", "exchange/EUR-USD"], true),
        (vec!["license", "flux.1-schnell"], true),
        (
            vec!["license", "tencent/HunyuanVideo", "--place", "FR"],
            true,
        ),
        (vec!["licenses"], true),
        (vec!["fit", "flux.1-dev", "--gpu", "rtx-4090"], true),
        (vec!["fit", "qwen3-8b", "--gpu", "rtx-3060-12gb"], true),
        (vec!["fit", "wan2.2-ti2v-5b", "--gpu", "2x h100"], true),
        (vec!["fit", "ace-step-v1", "--gpu", "m4-max-128gb"], true),
        (vec!["fit", "something-new-7b", "--vram", "8"], true),
        (vec!["fit", "flux.1-dev", "--need"], true),
        (vec!["fit", "qwen3-8b", "--need", "--all"], true),
        (vec!["accuracy"], true),
        (vec!["gap"], true),
        (vec!["claims"], true),
        (vec!["claims", "sdxl-downloads"], false),
        (vec!["trends"], false),
        (vec!["trends", "--gains"], true),
        (vec!["predictions"], true),
        (
            vec!["trends", "--of", "models", "--modality", "image"],
            false,
        ),
        (vec!["gap", "--modality", "video", "--tier", "usable"], true),
        (vec!["gap", "--board", "text", "--history"], true),
        (
            vec!["digest", "--since", "2026-10-01", "--gpu", "none"],
            false,
        ),
        (
            vec!["guide", "diff", "2026-03", "2026-10", "--gpu", "none"],
            true,
        ),
    ];
    for id in [
        "gpus",
        "places",
        "licenses",
        "providers",
        "fal",
        "midjourney-pro",
        "flux.1-dev",
        "fal/flux.1-schnell",
        "apache-2.0",
        "rtx-4090",
        "DE",
    ] {
        all.push((vec!["show", id], true));
    }
    for modality in ["text", "image", "video", "music", "sound", "speech", "3d"] {
        all.push((
            vec!["break-even", "--gpu", "none", "--modality", modality],
            true,
        ));
    }
    all
}

/// The report that a command writes.
pub fn report_of<'a>(args: &[&'a str]) -> &'a str {
    if args.contains(&"--need") {
        "fit-need"
    } else if args.contains(&"--gains") {
        "gains"
    } else if args.starts_with(&["guide", "diff"]) {
        "guide-diff"
    } else {
        args[0]
    }
}

pub fn answer(args: &[&str], format: &str) -> Ran {
    let ran = maquette(&[args, &["--format", format]].concat()).calm();
    assert!(ran.code <= 1, "{}: {}", ran.args, ran.err);
    assert_eq!(ran.err, "", "{}", ran.args);
    ran
}

#[track_caller]
fn fits(ran: &Ran, columns: usize) {
    for line in ran.out.lines() {
        assert!(
            line.width() <= columns,
            "{}: {} columns: {line}",
            ran.args,
            line.width()
        );
    }
}

#[test]
fn text_fits_eighty_columns_and_carries_no_colour() {
    for (args, _) in commands() {
        let ran = answer(&args, "text");
        fits(&ran, 80);
        assert!(!ran.out.contains('\u{1b}'), "{}", ran.args);
        assert!(
            ran.out.ends_with('\n') && ran.out.len() > 20,
            "{}",
            ran.args
        );
    }
}

#[test]
fn text_fits_the_columns_of_the_terminal() {
    let place = Place::new();
    for (args, _) in commands() {
        for columns in ["60", "132"] {
            let output = place
                .command(&args)
                .env("COLUMNS", columns)
                .output()
                .unwrap();
            fits(&Ran::of(&args, &output), columns.parse().unwrap());
        }
    }
}

#[test]
fn colour_changes_nothing_but_colour() {
    for args in [
        ["choose", "--gpu", "none"],
        ["prices", "--modality", "image"],
    ] {
        let plain = maquette(&args).done().out;
        let coloured = maquette(&[&args[..], &["--color", "always"]].concat())
            .done()
            .out;
        assert_ne!(coloured, plain);
        let mut bare = String::new();
        let mut rest = coloured.as_str();
        while let Some((before, after)) = rest.split_once("\u{1b}[") {
            bare.push_str(before);
            rest = after.split_once('m').unwrap().1;
        }
        bare.push_str(rest);
        assert_eq!(bare, plain);
    }
}

#[test]
fn json_is_one_object_that_names_its_schema() {
    for (args, _) in commands() {
        let ran = answer(&args, "json");
        let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        let expected = format!("maquette.{}/1", report_of(&args));
        assert_eq!(report["schema"], expected.as_str(), "{}", ran.args);
        // The error of the estimates is the program's and of no day.
        if args[0] != "accuracy" {
            assert_eq!(report["as_of"], crate::run::DAY, "{}", ran.args);
        }
    }
}

#[test]
fn csv_is_tables_with_rows_as_long_as_their_header() {
    for (args, _) in commands() {
        let ran = answer(&args, "csv");
        let tables = csv(&ran.out);
        assert_eq!(tables.len(), 1, "{}", ran.args);
        for table in tables {
            let header = &table[0];
            assert!(
                header.iter().all(|h| !h.is_empty()),
                "{}: {header:?}",
                ran.args
            );
        }
    }
}

#[test]
fn markdown_tables_have_equal_rows() {
    for (args, has_table) in commands() {
        let ran = answer(&args, "markdown");
        assert_eq!(markdown_tables(&ran.out) > 0, has_table, "{}", ran.args);
    }
}

#[test]
fn the_check_of_a_catalog_answers_in_every_form() {
    let root = catalog_of_the_project();
    let root = root.to_str().unwrap();
    let args = [
        "--as-of",
        "2026-11-24",
        "catalog",
        "check",
        root,
        "--warnings",
    ];
    let json = maquette(&[&args[..], &["--format", "json"]].concat()).done();
    let report: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(report["schema"], "maquette.catalog-check/1");
    csv(&maquette(&[&args[..], &["--format", "csv"]].concat())
        .done()
        .out);
    markdown_tables(
        &maquette(&[&args[..], &["--format", "markdown"]].concat())
            .done()
            .out,
    );
}

#[test]
fn the_same_question_has_the_same_answer() {
    for (args, _) in commands() {
        assert_eq!(
            answer(&args, "json").out,
            answer(&args, "json").out,
            "{args:?}"
        );
    }
}

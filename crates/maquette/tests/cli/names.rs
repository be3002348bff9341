//! Unknown names offer the nearest ones, and say which command lists the known ones.

use crate::run::{choose, maquette};

#[test]
fn each_kind_of_name() {
    for (args, says) in [
        (
            &["show", "flux.1-schnel"][..],
            "did you mean `flux.1-schnell`",
        ),
        (
            &["models", "flux.1-schnel"],
            "did you mean `flux.1-schnell`",
        ),
        (
            &["prices", "flux.1-schnel"],
            "did you mean `flux.1-schnell`",
        ),
        (&["plans", "midjurney"], "did you mean `midjourney`"),
        (&["show", "gpu/rtx-490"], "did you mean `rtx-4090`"),
        (&["show", "place/Germny"], "did you mean `Germany`?"),
        (&["show", "license/apache-2"], "did you mean `apache-2.0`"),
        (
            &["why", "conversion/word-tokn"],
            "did you mean `word-token`?",
        ),
        (&["why", "cheapest/imags"], "cheapest/images"),
        (&["schema", "chose"], "did you mean `choose`?"),
        (
            &["break-even", "--modality", "imge"],
            "did you mean `image`?",
        ),
        (&["models", "--modality", "vidoe"], "did you mean `video`?"),
        (&["choose", "--gpu", "rtx-490"], "did you mean `rtx-4090`"),
    ] {
        maquette(args).refused(says);
    }
    choose(&["--country", "Germny"]).refused("did you mean `Germany`?");
    choose(&["--use", "comercial"]).refused("did you mean `commercial`");
}

#[test]
fn other_names_of_a_country_and_of_two_gpus() {
    for (typed, code) in [
        ("UK", "GB"),
        ("EL", "GR"),
        ("DEU", "DE"),
        ("us-hi", "US-HI"),
    ] {
        let ran = choose(&["--country", typed]).done();
        assert!(
            ran.out.contains(&format!("use in {code};")),
            "{typed}: {}",
            ran.out
        );
    }
    for typed in ["2x RTX 3090", "RTX 3090 x2", "rtx-3090 ×2"] {
        let ran = maquette(&["choose", "--gpu", typed]).done();
        assert!(
            ran.out.contains("2 × GeForce RTX 3090"),
            "{typed}: {}",
            ran.out
        );
    }
    let one = maquette(&["choose", "--gpu", "RTX3090"]).done();
    assert!(!one.out.contains("2 ×"), "{}", one.out);
}

#[test]
fn a_name_like_nothing_says_where_the_names_are() {
    maquette(&["show", "qqqqqqqq"]).refused("hint: `maquette models`, `maquette plans` and");
    maquette(&["choose", "--gpu", "qqqqqqqq"]).refused("hint: `maquette show gpus` lists");
    choose(&["--country", "qqqqqqqq"]).refused("hint: `maquette show places` lists");
    maquette(&["show", ""]).refused("``");
}

#[test]
fn names_of_any_length_and_script() {
    for name in [
        "🎨🎨🎨",
        "İ",
        "\u{0}a",
        "/",
        "#",
        "#1",
        "a#b#c",
        "@annual",
        &"x".repeat(50_000),
    ] {
        if name.contains('\u{0}') {
            continue;
        }
        for command in ["show", "models", "prices", "plans", "why"] {
            let ran = maquette(&[command, name]).calm();
            assert_eq!(ran.code, 2, "{}", ran.args);
            assert!(ran.err.len() < 4_000, "{}", ran.err);
        }
    }
}

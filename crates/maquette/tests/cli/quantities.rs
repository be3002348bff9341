//! Numbers as people type them, and as they mistype them.

use crate::run::{choose, maquette};

const HUGE: &str = "79228162514264337593543950335";
const TINY: &str = "0.0000000000000000000000000001";

#[test]
fn what_is_not_a_quantity_is_refused() {
    for (typed, says) in [
        ("-5", "-5 is below zero"),
        ("1.5", "not a whole number"),
        ("0", "leave the demand out"),
        ("1e40", "too large"),
        ("99999999999999999999999999999999999999999", "too large"),
        (HUGE, "more than 1,000,000,000 a month"),
        ("1000000001", "more than 1,000,000,000 a month"),
        ("79228162514264337593543950335k", "too large"),
        ("abc", "is not a number"),
        ("nan", "is not a number"),
        ("inf", "is not a number"),
        ("", "no number is given"),
        ("k", "is not a number"),
        ("0,30", "two ways"),
        ("1,00", "two ways"),
        ("1.5,000", "two ways"),
        ("\u{1b}[31m5", "is not a number"),
        ("🎨", "is not a number"),
        ("0x10", "is not a number"),
    ] {
        let ran = choose(&["--images", typed]).refused(says);
        assert!(ran.err.contains("--images"), "{}", ran.err);
    }
}

#[test]
fn a_long_argument_is_not_thrown_back_whole() {
    let ran = choose(&["--images", &"9".repeat(20_000)]).refused("9999");
    assert!(ran.err.chars().count() < 1_000);
}

#[test]
fn usual_spellings_mean_the_same() {
    let plain = choose(&["--images", "1000"]).done().out;
    for typed in [
        "1,000", "1_000", "1k", "1K", "0.001m", "1e3", " 1000 ", "1000.0",
    ] {
        assert_eq!(choose(&["--images", typed]).done().out, plain, "{typed}");
    }
}

#[test]
fn words_and_minutes_may_be_parts() {
    choose(&["--words", "0.5"]).done();
    choose(&["--speech-minutes", "1.5"]).done();
    choose(&["--words", TINY]).refused("too little");
}

#[test]
fn rates_ratios_and_lengths_have_limits() {
    for (flag, typed, says) in [
        ("--keep-rate", "0", "above 0 and up to 1"),
        ("--keep-rate", "-1", "above 0 and up to 1"),
        ("--keep-rate", "2", "above 0 and up to 1"),
        ("--keep-rate", TINY, "so few are kept"),
        ("--keep-rate", "imge=0.5", "did you mean `image`?"),
        ("--keep-rate", "=0.5", "is not a modality"),
        ("--keep-rate", "image=", "no number is given"),
        ("--keep-rate", "image=high", "is not a number"),
        ("--quality", "imge=high", "did you mean `image`?"),
        ("--quality", "image=", "a quality tier is a word"),
        ("--quality", "", "a quality tier is a word"),
        ("--only", "image", "MODALITY=WHAT"),
        ("--only", "image=", "names nothing"),
        ("--only", "imge=plan", "did you mean `image`?"),
        ("--only", "image=plan@yearly", "not a billing"),
        ("--only", "image=midjurney", "did you mean `midjourney`"),
        ("--only", "=", "is not a modality"),
        ("--video-seconds", "0", "between 0.000001 and 86,400"),
        ("--video-seconds", "-1", "between 0.000001 and 86,400"),
        ("--video-seconds", TINY, "between 0.000001 and 86,400"),
        ("--song-seconds", "86401", "between 0.000001 and 86,400"),
        ("--input-ratio", "-1", "between 0 and 1,000"),
        ("--reasoning-ratio", HUGE, "between 0 and 1,000"),
        ("--image-size", "1024", "write it as 1024x1024"),
        ("--image-size", "0x5", "1 to 16,384"),
        ("--image-size", "99999x1", "1 to 16,384"),
        ("--image-size", "99999999999x1", "write it as 1024x1024"),
        ("--resolution", "4294967295p", "1 to 16,384"),
        ("--resolution", "x", "write it as 720p"),
        ("--audio", "maybe", "true, false"),
    ] {
        choose(&[flag, typed]).refused(says);
    }
}

#[test]
fn the_studio_has_limits() {
    for (flag, typed, says) in [
        ("--seats", "0", "1..=10000"),
        ("--seats", "-1", "1..=10000"),
        ("--seats", "2.5", "--seats"),
        ("--purchase-months", "0", "1..=600"),
        ("--hours-per-day", "25", "0.01 to 24"),
        ("--hours-per-day", "-1", "0.01 to 24"),
        ("--hours-per-day", TINY, "0.01 to 24"),
        ("--power-price", "abc", "is not a number"),
        ("--power-price", "-1", "from 0 to 100,000"),
        ("--power-price", HUGE, "from 0 to 100,000"),
        ("--power-price", "0.3 euro", "not a currency code"),
        ("--power-price", "0.3 XXX", "no rate of exchange for XXX"),
        ("--revenue", "-5", "from 0 to"),
        ("--revenue", HUGE, "from 0 to"),
        ("--carry-back", "-1", "0..=36500"),
        ("--carry-back", "4294967295", "0..=36500"),
    ] {
        let ran = choose(&[flag, typed]).refused(says);
        assert!(ran.err.contains(flag), "{}", ran.err);
    }
}

#[test]
fn the_largest_of_everything_is_answered_and_not_a_panic() {
    let most = "1000000000";
    let all = [
        "--images",
        most,
        "--videos",
        most,
        "--words",
        most,
        "--songs",
        most,
        "--speech-minutes",
        most,
        "--sounds",
        most,
        "--assets-3d",
        most,
        "--video-seconds",
        "86400",
        "--song-seconds",
        "86400",
        "--input-ratio",
        "1000",
        "--reasoning-ratio",
        "1000",
        "--image-size",
        "16384x16384",
        "--power-price",
        "100000",
        "--seats",
        "10000",
        "--revenue",
        "1000000000000000",
        "--carry-back",
        "36500",
        "--hours-per-day",
        "24",
        "--purchase-months",
        "1",
    ];
    let small = [
        "--images",
        "1",
        "--words",
        "0.000001",
        "--speech-minutes",
        "0.000001",
        "--sounds",
        "1",
        "--videos",
        "1",
        "--video-seconds",
        "0.000001",
        "--song-seconds",
        "0.000001",
        "--songs",
        "1",
        "--keep-rate",
        "0.000000001",
        "--image-size",
        "1x1",
        "--hours-per-day",
        "0.01",
    ];
    for work in [&all[..], &small[..]] {
        for gpu in ["none", "rtx-4090"] {
            for more in [
                &[][..],
                &["--billing", "annual"],
                &["--accounting", "cash"],
                &["--batch"],
            ] {
                let ran = maquette(&[&["choose", "--gpu", gpu], work, more].concat()).calm();
                assert!(ran.code <= 2, "{}: {} {}", ran.args, ran.code, ran.err);
            }
        }
    }
}

#[test]
fn break_even_reaches_as_far_as_it_is_asked() {
    for modality in ["text", "image", "video", "music", "sound", "speech", "3d"] {
        for gpu in ["none", "rtx-4090"] {
            for keep in ["1", "0.333", "0.0001"] {
                let ran = maquette(&[
                    "break-even",
                    "--modality",
                    modality,
                    "--gpu",
                    gpu,
                    "--up-to",
                    "1000000000",
                    "--keep-rate",
                    keep,
                    "--no-rent",
                ])
                .calm();
                assert!(ran.code <= 1, "{}: {} {}", ran.args, ran.code, ran.err);
            }
        }
    }
    maquette(&["break-even", "--modality", "image", "--up-to", "-1"]).refused("below zero");
    maquette(&["break-even", "--modality", "image", "--up-to", "1.5"]).refused("whole number");
    maquette(&["break-even", "--modality", "image", "--up-to", "1e40"]).refused("too large");
}

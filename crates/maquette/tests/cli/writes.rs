//! Nothing is overwritten.

use std::fs;

use crate::run::Place;

const ASK: [&str; 7] = [
    "break-even",
    "--modality",
    "image",
    "--gpu",
    "none",
    "--svg",
    "curves.svg",
];

#[test]
fn an_existing_file_is_kept_unless_forced() {
    let place = Place::new();
    place.file("curves.svg", "mine");
    let ran = place.run(&ASK).refused("curves.svg cannot be written");
    assert!(ran.err.contains("hint: --force replaces it"), "{}", ran.err);
    assert_eq!(
        fs::read_to_string(place.path("curves.svg")).unwrap(),
        "mine"
    );
    place.run(&[&ASK[..], &["--force"]].concat()).done();
    assert!(
        fs::read_to_string(place.path("curves.svg"))
            .unwrap()
            .starts_with("<svg")
    );
}

#[cfg(unix)]
#[test]
fn a_link_is_not_written_through() {
    let place = Place::new();
    std::os::unix::fs::symlink(place.path("elsewhere.svg"), place.path("curves.svg")).unwrap();
    place.run(&ASK).refused("cannot be written");
    assert!(!place.path("elsewhere.svg").exists());
}

#[test]
fn a_new_file_is_written_beside_the_answer() {
    let place = Place::new();
    let with = place.run(&ASK).done();
    let without = place.run(&ASK[..5]).done();
    assert_eq!(with.out, without.out);
    assert!(
        fs::read_to_string(place.path("curves.svg"))
            .unwrap()
            .trim_end()
            .ends_with("</svg>")
    );
}

#[test]
fn a_wrong_request_writes_nothing() {
    let place = Place::new();
    place
        .run(&[&ASK[..], &["--up-to", "-1"]].concat())
        .refused("below zero");
    assert!(!place.path("curves.svg").exists());
    let mut nowhere = ASK;
    nowhere[6] = "no/such/dir/curves.svg";
    place.run(&nowhere).refused("cannot be written");
}

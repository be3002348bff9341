//! A catalog of the user's own: missing, unreadable, half-written, or at odds with itself.

use std::fs;

use crate::run::{Place, catalog_of_the_project, maquette};

#[test]
fn a_missing_directory() {
    for args in [
        &["models", "--catalog", "nowhere"][..],
        &["choose", "--gpu", "none", "--catalog", "nowhere"],
        &["catalog", "check", "nowhere"],
    ] {
        maquette(args).refused("the catalog directory nowhere cannot be read");
    }
}

#[test]
fn a_file_or_an_empty_directory_in_its_place() {
    let place = Place::new();
    place.file("one.toml", "");
    fs::create_dir(place.path("empty")).unwrap();
    place
        .run(&["models", "--catalog", "one.toml"])
        .refused("one.toml cannot be read");
    place
        .run(&["models", "--catalog", "empty"])
        .refused("empty holds no catalog file");
    place
        .run(&["catalog", "check", "empty"])
        .refused("empty holds no catalog file");
}

#[cfg(unix)]
#[test]
fn an_unreadable_directory() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    place.file("mine/places/US.toml", "id = \"US\"\n");
    let dir = place.path("mine/places");
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser reads everything: then there is nothing to test.
    let closed = fs::read_dir(&dir).is_err();
    let ran = place.run(&["models", "--catalog", "mine"]);
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o700)).unwrap();
    if closed {
        ran.refused("cannot be read");
    }
}

#[test]
fn a_half_written_file_is_shown_where_it_breaks_off() {
    let whole = fs::read_to_string(catalog_of_the_project().join("providers/fal.toml")).unwrap();
    let key = whole.find("[[offer.price]]\namount").unwrap();
    let cut = &whole[..key + "[[offer.price]]\namount = \"0.0".len()];
    let place = Place::new();
    place.file("mine/providers/fal.toml", cut);
    let line = cut.lines().count();
    let at = format!("providers/fal.toml:{line}:");
    for args in [
        &["models", "--catalog", "mine"][..],
        &["choose", "--catalog", "mine"],
    ] {
        let ran = place.run(args).refused("mine has 1 error(s)");
        assert!(ran.err.contains(&at), "{}", ran.err);
        assert!(
            ran.err.contains("hint: maquette catalog check mine"),
            "{}",
            ran.err
        );
    }
    let ran = place
        .run(&["catalog", "check", "mine", "--format", "json"])
        .calm();
    assert_eq!(ran.code, 2);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["errors"], 1);
    assert_eq!(report["problems"][0]["code"], "syntax");
    assert_eq!(report["problems"][0]["line"], line);
}

#[test]
fn a_file_that_is_not_text() {
    let place = Place::new();
    place.file("mine/places/US.toml", [0xff, 0x00]);
    place
        .run(&["models", "--catalog", "mine"])
        .refused("is not UTF-8 text");
}

#[test]
fn an_overlay_that_contradicts_itself() {
    let place = Place::new();
    place.file("mine/places/US.toml", "id = \"US\"\nname = \"A\"\n");
    place.file("mine/places/USA.toml", "id = \"US\"\nname = \"B\"\n");
    let ran = place
        .run(&["choose", "--catalog", "mine"])
        .refused("which one holds?");
    assert!(ran.err.contains("places/USA.toml:1:6"), "{}", ran.err);
    let ran = place.run(&["catalog", "check", "mine"]).calm();
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("contradiction"), "{}", ran.out);
}

#[test]
fn an_overlay_with_a_number_that_no_sum_can_hold() {
    let place = Place::new();
    for (amount, says) in [
        ("79228162514264337593543950335 USD", "does not lie between"),
        ("0.0000000000000000000000000001 USD", "does not lie between"),
        ("-1 USD", "below zero"),
        ("1e40 USD", "is not an amount of money"),
    ] {
        let text = format!(
            "id = \"fal\"\n\n[[offer]]\nid = \"fal/flux.1-schnell\"\n\n[[offer.price]]\n\
             amount = \"{amount}\"\nper = \"megapixel\"\nas_of = \"2026-11-20\"\n\
             source = \"mine\"\nconfidence = \"high\"\n"
        );
        place.file("mine/providers/fal.toml", text);
        place
            .run(&["choose", "--gpu", "none", "--catalog", "mine"])
            .refused(says);
    }
}

#[test]
fn a_correction_is_used_and_a_retired_model_goes() {
    let place = Place::new();
    place.file(
        "mine/providers/fal.toml",
        "id = \"fal\"\n\n[[offer]]\nid = \"fal/flux.1-schnell\"\n\n[[offer.price]]\n\
         amount = \"0.000001 USD\"\nper = \"megapixel\"\nas_of = \"2026-11-20\"\n\
         source = \"my contract\"\nconfidence = \"high\"\n",
    );
    let ran = place
        .run(&[
            "choose",
            "--gpu",
            "none",
            "--images",
            "100",
            "--catalog",
            "mine",
        ])
        .done();
    assert!(ran.out.contains("fal"), "{}", ran.out);
    assert!(
        ran.out.starts_with("The month costs 0.0001 USD"),
        "{}",
        ran.out
    );
    let ran = place
        .run(&["why", "fal/flux.1-schnell#1", "--catalog", "mine"])
        .done();
    assert!(ran.out.contains("my contract"), "{}", ran.out);
    place.file(
        "config/catalog/models/flux/flux.1-schnell.toml",
        "id = \"flux.1-schnell\"\nretired = \"2026-11-01\"\n",
    );
    let ran = place.run(&["show", "flux.1-schnell"]).done();
    assert!(ran.out.contains("2026-11-01"), "{}", ran.out);
}

#[test]
fn the_project_s_own_catalog_has_no_error() {
    let root = catalog_of_the_project();
    maquette(&[
        "--as-of",
        "2026-11-24",
        "catalog",
        "check",
        root.to_str().unwrap(),
    ])
    .done();
}

#[test]
fn an_ancestor_that_nobody_knows_is_used_as_unknown_and_refused_by_the_check() {
    let place = Place::new();
    place.file(
        "mine/models/mine/tuned.toml",
        "id = \"tuned\"\nname = \"Tuned\"\nmodality = \"image\"\nfamily = \"mine\"\nopenness = \"open\"\n\
         license = \"apache-2.0\"\nbase_models = [\"flux.1-schnel\"]\nsource = \"https://example.org/tuned\"\n\
         as_of = \"2026-03-01\"\nconfidence = \"high\"\n",
    );
    let ran = place.run(&["license", "tuned", "--catalog", "mine"]);
    assert!(
        ran.out.starts_with("tuned: unknown"),
        "{} {}",
        ran.out,
        ran.err
    );
    let checked = place.run(&["catalog", "check", "mine"]);
    assert_eq!(checked.code, 2, "{}", checked.out);
    assert!(
        checked.out.contains("tuned.toml:7:16: error: unknown-id"),
        "{}",
        checked.out
    );
}

//! A user's own files: add, correct, retire; and two that contradict each other.

use maquette_catalog::{Catalog, Code, Parsed, check, from_blob, overlay, to_blob};

use crate::tiny::{self, file};

fn laid(files: &[maquette_catalog::SourceFile]) -> Parsed {
    let mut out = overlay(tiny::catalog(), files);
    let found = check(&out.catalog, &out.origins, files, Some(tiny::today()));
    out.problems.extend(found);
    out
}

fn clean(path: &str, text: &str) -> Catalog {
    let out = laid(&[file(path, text)]);
    assert_eq!(out.problems, []);
    out.catalog
}

const PRICE: &str = "\n[[offer.price]]\namount = \"0.02 USD\"\nper = \"image\"\nas_of = \"2026-03-20\"\n\
    source = \"my invoice\"\nconfidence = \"high\"\n";

#[test]
fn a_new_id_is_added() {
    let text = tiny::MODEL
        .replace("\"pix\"", "\"pax\"")
        .replace("pixie", "paxie");
    let c = clean("models/pax/pax.toml", &text);
    let ids: Vec<&str> = c.models.iter().map(|m| m.id.as_str()).collect();
    assert_eq!(ids, ["pax", "pix"]);
}

#[test]
fn a_new_price_list_replaces_the_old_one_and_leaves_the_rest() {
    let text = format!("id = \"shop\"\n\n[[offer]]\nid = \"shop/pix\"\n{PRICE}");
    let c = clean("providers/shop.toml", &text);
    let shop = &c.providers[0];
    assert_eq!(shop.offer.len(), 1);
    assert_eq!(shop.offer[0].model, "pix");
    assert_eq!(shop.offer[0].price.len(), 1);
    assert_eq!(
        shop.offer[0].price[0].amount.unwrap().to_string(),
        "0.02 USD"
    );
    assert_eq!((shop.plan.len(), shop.rental.len()), (1, 1));
}

#[test]
fn a_new_offer_of_a_known_provider_is_added() {
    let text = format!(
        "id = \"shop\"\n\n[[offer]]\nid = \"shop/pix-fast\"\nmodel = \"pix\"\nmodality = \"image\"\n{PRICE}"
    );
    let c = clean("providers/shop.toml", &text);
    let ids: Vec<&str> = c.providers[0].offer.iter().map(|o| o.id.as_str()).collect();
    assert_eq!(ids, ["shop/pix", "shop/pix-fast"]);
    assert_eq!(
        c.providers[0].offer[0].price.len(),
        2,
        "the old one keeps its prices"
    );
}

#[test]
fn a_plan_is_corrected_by_its_id() {
    let text = "id = \"shop\"\n\n[[plan]]\nid = \"shop-basic\"\nname = \"Basic 2\"\n\
        allowance = { amount = \"120\" }\n";
    let c = clean("providers/shop.toml", text);
    let plan = &c.providers[0].plan[0];
    assert_eq!(plan.name, "Basic 2");
    let allowance = plan.allowance.as_ref().unwrap();
    assert_eq!(allowance.amount.to_string(), "120");
    assert_eq!(allowance.unit, "credit", "what is not given stays");
    assert_eq!((plan.fee.len(), plan.burn.len()), (1, 1));
}

#[test]
fn a_model_and_an_offer_are_retired() {
    let c = clean(
        "models/pix/pix.toml",
        "id = \"pix\"\nretired = \"2026-06-01\"\n",
    );
    assert_eq!(c.models[0].retired.unwrap().to_string(), "2026-06-01");
    assert_eq!(c.models[0].timing.len(), 1);
    let text = "id = \"shop\"\n[[offer]]\nid = \"shop/pix\"\nretires = \"2026-06-01\"\n";
    let c = clean("providers/shop.toml", text);
    assert_eq!(
        c.providers[0].offer[0].retires.unwrap().to_string(),
        "2026-06-01"
    );
}

#[test]
fn a_conversion_is_replaced() {
    let text = tiny::CONVERSIONS.replace("1.3333", "1.4");
    let c = clean("conversions.toml", &text);
    assert_eq!(c.conversions.len(), 1);
    assert_eq!(c.conversions[0].mid.to_string(), "1.4");
}

#[test]
fn two_files_that_correct_one_thing_contradict_each_other() {
    let files = [
        file("models/pix/pix.toml", "id = \"pix\"\nname = \"A\"\n"),
        file("models/my/pix.toml", "# mine\nid = \"pix\"\nname = \"B\"\n"),
    ];
    let out = laid(&files);
    assert_eq!(out.problems.len(), 1, "{:?}", out.problems);
    let p = &out.problems[0];
    assert_eq!(p.code, Code::Contradiction);
    assert_eq!(
        tiny::place(&files, p),
        ("models/my/pix.toml".to_owned(), 2, 6)
    );
    assert!(p.message.contains("models/pix/pix.toml"), "{}", p.message);
}

#[test]
fn a_correction_with_an_unknown_key_is_refused_at_its_line() {
    let files = [file(
        "models/pix/pix.toml",
        "id = \"pix\"\n\nretird = \"2026-06-01\"\n",
    )];
    let out = laid(&files);
    assert_eq!(out.problems.len(), 1, "{:?}", out.problems);
    assert_eq!(out.problems[0].code, Code::WrongForm);
    assert_eq!(tiny::place(&files, &out.problems[0]).1, 3);
    assert_eq!(
        out.catalog.models[0].name, "Pix",
        "the catalog keeps what it had"
    );
}

#[test]
fn the_blob_holds_the_whole_catalog() {
    let catalog = tiny::catalog();
    let blob = to_blob(&catalog).unwrap();
    let back: Catalog = from_blob(&blob).unwrap();
    assert_eq!(format!("{back:?}"), format!("{catalog:?}"));
    assert_eq!(to_blob(&back).unwrap(), blob);
}

#[test]
fn a_damaged_blob_is_an_error() {
    let blob = to_blob(&tiny::catalog()).unwrap();
    assert!(from_blob::<Catalog>(&blob[..blob.len() / 2]).is_err());
    assert!(from_blob::<Catalog>(&[0xff; 64]).is_err());
    for i in 0..blob.len() {
        let mut bad = blob.clone();
        bad[i] ^= 0x55;
        let _ = from_blob::<Catalog>(&bad);
    }
}

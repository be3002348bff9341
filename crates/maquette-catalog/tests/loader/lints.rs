//! One test for each kind of problem: it is found, and at its file, line and column.

use maquette_catalog::{Code, Severity, SourceFile};
use maquette_core::Date;

use crate::tiny;

const SHOP: &str = "providers/shop.toml";
const PIX: &str = "models/pix/pix.toml";

/// Expects exactly one problem: this code, here, saying this.
fn one(files: &[SourceFile], severity: Severity, code: Code, at: (&str, usize, usize), says: &str) {
    one_on(tiny::today(), files, severity, code, at, says);
}

fn one_on(
    day: Date,
    files: &[SourceFile],
    severity: Severity,
    code: Code,
    (path, line, column): (&str, usize, usize),
    says: &str,
) {
    let found: Vec<_> = tiny::problems(files, day)
        .into_iter()
        .filter(|p| p.code == code)
        .collect();
    assert_eq!(found.len(), 1, "{found:?}");
    let p = &found[0];
    assert_eq!(p.severity, severity);
    assert_eq!(tiny::place(files, p), (path.to_owned(), line, column));
    assert!(p.message.contains(says), "{}", p.message);
}

/// The line on which `text` stands in the edited file.
fn line_of(files: &[SourceFile], path: &str, text: &str) -> usize {
    let file = files.iter().find(|f| f.path == path).unwrap();
    let at = file.text.find(text).expect("the text is there");
    file.text[..at].matches('\n').count() + 1
}

#[test]
fn nothing_is_wrong_with_the_tiny_catalog() {
    assert_eq!(tiny::problems(&tiny::files(), tiny::today()), []);
}

#[test]
fn an_unknown_key() {
    let files = tiny::edited(PIX, "family =", "famly =");
    one(
        &files,
        Severity::Error,
        Code::WrongForm,
        (PIX, 4, 1),
        "famly",
    );
}

#[test]
fn a_syntax_error() {
    let files = tiny::edited(PIX, "name = \"Pix\"", "name = Pix\"");
    one(&files, Severity::Error, Code::Syntax, (PIX, 2, 8), "");
}

#[test]
fn a_missing_date() {
    let files = tiny::edited(
        PIX,
        "as_of = \"2026-03-01\"\nconfidence = \"high\"\n\n",
        "confidence = \"high\"\n\n",
    );
    one(
        &files,
        Severity::Error,
        Code::WrongForm,
        (PIX, 1, 1),
        "as_of",
    );
}

#[test]
fn a_missing_source() {
    let files = tiny::edited(PIX, "https://example.org/pix", " ");
    one(
        &files,
        Severity::Error,
        Code::MissingSource,
        (PIX, 9, 10),
        "no source",
    );
    let files = tiny::edited("licenses/free.toml", "https://example.org/free", "");
    one(
        &files,
        Severity::Error,
        Code::MissingSource,
        ("licenses/free.toml", 7, 11),
        "no source",
    );
}

#[test]
fn an_unknown_id_with_the_nearest_name() {
    let files = tiny::edited(SHOP, "model = \"pix\"", "model = \"pxi\"");
    one(
        &files,
        Severity::Error,
        Code::UnknownId,
        (SHOP, 10, 9),
        "did you mean `pix`?",
    );
    let files = tiny::edited(PIX, "license = \"free\"", "license = \"fre\"");
    one(
        &files,
        Severity::Error,
        Code::UnknownId,
        (PIX, 6, 11),
        "did you mean `free`?",
    );
    let files = tiny::edited(PIX, "gpu = \"card\"", "gpu = \"cart\"");
    one(
        &files,
        Severity::Error,
        Code::UnknownId,
        (PIX, 14, 7),
        "did you mean `card`?",
    );
    let files = tiny::edited(SHOP, "gpu = \"card\"", "gpu = \"cart\"");
    let line = line_of(&files, SHOP, "gpu = \"cart\"");
    one(
        &files,
        Severity::Error,
        Code::UnknownId,
        (SHOP, line, 7),
        "did you mean `card`?",
    );
}

#[test]
fn a_unit_in_which_the_modality_is_not_sold() {
    let files = tiny::edited(SHOP, "per = \"image\"", "per = \"second-of-video\"");
    let says = "image is not sold per second-of-video";
    one(
        &files,
        Severity::Error,
        Code::UnitMismatch,
        (SHOP, 15, 7),
        says,
    );
    let files = tiny::edited(SHOP, "per = \"gpu-hour\"", "per = \"month\"");
    let line = line_of(&files, SHOP, "per = \"month\"");
    one(
        &files,
        Severity::Error,
        Code::UnitMismatch,
        (SHOP, line, 7),
        "not rented per month",
    );
}

#[test]
fn a_unit_that_does_not_exist() {
    let files = tiny::edited(SHOP, "per = \"image\"", "per = \"imagee\"");
    one(
        &files,
        Severity::Error,
        Code::WrongForm,
        (SHOP, 15, 7),
        "did you mean `image`",
    );
}

#[test]
fn prices_whose_periods_overlap() {
    let files = tiny::edited(SHOP, "until = \"2026-02-01\"", "until = \"2026-02-02\"");
    let says = "two prices of `shop/pix`";
    one(
        &files,
        Severity::Error,
        Code::OverlappingPeriods,
        (SHOP, 22, 1),
        says,
    );
}

#[test]
fn fees_whose_periods_overlap() {
    let fee = "[[plan.burn]]";
    let second = "[[plan.fee]]\namount = \"9 USD\"\nbilling = \"monthly\"\nas_of = \"2026-03-01\"\n\
        source = \"https://example.org/plans\"\nconfidence = \"high\"\n\n[[plan.burn]]";
    let files = tiny::edited(SHOP, fee, second);
    let line = line_of(&files, SHOP, "amount = \"9 USD\"") - 1;
    let says = "two fees of plan `shop-basic`";
    one(
        &files,
        Severity::Error,
        Code::OverlappingPeriods,
        (SHOP, line, 1),
        says,
    );
}

#[test]
fn rates_of_tax_whose_periods_overlap() {
    const US: &str = "places/US.toml";
    let row = |rate: &str, period: &str| {
        format!(
            "[[vat]]\nrate = \"{rate}\"\n{period}\nas_of = \"2026-03-01\"\n\
             source = \"https://example.org/vat\"\nconfidence = \"high\"\n\n"
        )
    };
    let with = |until: &str| {
        let first = row(
            "0.16",
            &format!("from = \"2020-01-01\"\nuntil = \"{until}\""),
        );
        let two = first + &row("0.19", "from = \"2021-01-01\"");
        tiny::edited(US, "[[vat]]", &(two + "[[vat]]"))
    };
    assert_eq!(tiny::problems(&with("2021-01-01"), tiny::today()), []);
    let files = with("2021-01-02");
    let line = line_of(&files, US, "rate = \"0.19\"") - 1;
    one(
        &files,
        Severity::Error,
        Code::OverlappingPeriods,
        (US, line, 1),
        "two rates of tax",
    );
}

#[test]
fn a_period_that_ends_before_it_begins() {
    let files = tiny::edited(SHOP, "until = \"2026-02-01\"", "until = \"2025-12-01\"");
    let says = "before it begins";
    one(
        &files,
        Severity::Error,
        Code::ImpossibleValue,
        (SHOP, 17, 9),
        says,
    );
}

#[test]
fn values_that_cannot_be() {
    let gpu = "hardware/gpus/card.toml";
    for (path, from, to, says) in [
        (SHOP, "\"0.04 USD\"", "\"-0.04 USD\"", "below zero"),
        (SHOP, "\"10 USD\"", "\"-10 USD\"", "below zero"),
        (SHOP, "\"0.5 USD\"", "\"0 USD\"", "above zero"),
        (
            SHOP,
            "\"0.04 USD\"",
            "\"79228162514264337593543950335 USD\"",
            "10,000,000",
        ),
        (
            SHOP,
            "\"0.04 USD\"",
            "\"0.0000000000000000000000000001 USD\"",
            "0.000000001",
        ),
        (
            SHOP,
            "\"10 USD\"",
            "\"79228162514264337593543950335 USD\"",
            "1,000,000,000",
        ),
        (SHOP, "60\n", "0\n", "above zero"),
        (PIX, "\"2.5\"", "\"0\"", "above zero"),
        (
            PIX,
            "\"2.5\"",
            "\"79228162514264337593543950335\"",
            "1,000,000",
        ),
        (
            "places/US.toml",
            "\"0.17 USD\"",
            "\"17 USD\"",
            "cannot be right",
        ),
        ("exchange.toml", "\"1.15\"", "\"-1.15\"", "above zero"),
        (
            "exchange.toml",
            "\"1.15\"",
            "\"79228162514264337593543950335\"",
            "1,000,000",
        ),
        ("conversions.toml", "\"1.3\"", "\"1.4\"", "low ≤ mid ≤ high"),
        (
            gpu,
            "\"900 USD\"",
            "\"1900 USD\"",
            "low must not exceed high",
        ),
        (gpu, "\"24\"", "\"0\"", "above zero"),
        (
            gpu,
            "\"300\"",
            "\"79228162514264337593543950335\"",
            "1,000,000",
        ),
    ] {
        let files = tiny::edited(path, from, to);
        let file = files.iter().find(|f| f.path == path).unwrap();
        let at = file.text.find(to).unwrap();
        let (line, column) = maquette_catalog::line_column(&file.text, at);
        one(
            &files,
            Severity::Error,
            Code::ImpossibleValue,
            (path, line, column),
            says,
        );
    }
}

#[test]
fn a_rate_of_tax_in_percent() {
    let us = "places/US.toml";
    let files = tiny::edited(us, "rate = \"0.19\"", "rate = \"19\"");
    let at = (us, line_of(&files, us, "rate ="), 8);
    one(
        &files,
        Severity::Error,
        Code::ImpossibleValue,
        at,
        "0.19 is 19 %",
    );
}

#[test]
fn a_disk_sold_by_the_traffic() {
    let files = tiny::edited(SHOP, "per = \"gb-month\"", "per = \"gb\"");
    let at = (SHOP, line_of(&files, SHOP, "per = \"gb\""), 7);
    one(
        &files,
        Severity::Error,
        Code::UnitMismatch,
        at,
        "per gb-month",
    );
}

#[test]
fn a_modifier_that_nobody_knows_and_one_without_its_line() {
    let with = |line: &str| {
        tiny::edited(
            SHOP,
            "from = \"2026-02-01\"",
            &format!("from = \"2026-02-01\"\n{line}"),
        )
    };
    let files = with("modifier = \"prioritty\"");
    let at = (SHOP, line_of(&files, SHOP, "modifier"), 12);
    one(&files, Severity::Error, Code::WrongForm, at, "priority");
    let files = with("modifier = \"long-context\"");
    let found = tiny::problems(&files, tiny::today());
    assert!(
        found.iter().any(|p| p.code == Code::Contradiction),
        "{found:?}"
    );
}

#[test]
fn a_size_beyond_counting() {
    let when = "per = \"image\"\nwhen = { size = \"99999999999999999999x99999999999999999\" }";
    let files = tiny::edited(SHOP, "per = \"image\"", when);
    one(
        &files,
        Severity::Error,
        Code::ImpossibleValue,
        (SHOP, 16, 8),
        "pixels a side",
    );
}

#[test]
fn a_date_in_the_future() {
    let files = tiny::edited(
        SHOP,
        "as_of = \"2026-03-01\"\nsource = \"https://example.org/price\"",
        "as_of = \"2027-03-01\"\nsource = \"https://example.org/price\"",
    );
    one(
        &files,
        Severity::Error,
        Code::ImpossibleValue,
        (SHOP, 18, 9),
        "lies after 2026-04-01",
    );
}

#[test]
fn a_price_that_nobody_read_for_540_days_is_an_error() {
    let files = tiny::edited(
        SHOP,
        "from = \"2026-02-01\"\nas_of = \"2026-03-01\"",
        "from = \"2026-02-01\"\nas_of = \"2024-10-07\"",
    );
    let says = "541 days (limit 540)";
    one(&files, Severity::Error, Code::Stale, (SHOP, 26, 9), says);
    let on_the_day: Vec<_> = tiny::problems(&files, "2026-03-31".parse().unwrap())
        .into_iter()
        .filter(|p| p.code == Code::Stale)
        .collect();
    assert_eq!(on_the_day, [], "540 days are not past the limit");
}

#[test]
fn a_date_given_only_as_a_year() {
    let files = tiny::edited(PIX, "released = \"2026-01\"", "released = \"2026\"");
    let says = "only known to be released in 2026";
    one(
        &files,
        Severity::Warning,
        Code::VagueDate,
        (PIX, 8, 12),
        says,
    );
}

#[test]
fn one_id_in_two_files() {
    let mut files = tiny::files();
    files.push(tiny::file("models/pix/copy.toml", tiny::MODEL));
    let at = ("models/pix/copy.toml", 1, 6);
    one(
        &files,
        Severity::Error,
        Code::DuplicateId,
        at,
        "already in models/pix/pix.toml",
    );
}

#[test]
fn one_id_for_two_offers() {
    let files = tiny::edited(SHOP, "id = \"shop/card\"", "id = \"shop/pix\"");
    let line = line_of(&files, SHOP, "[[rental]]") + 1;
    let says = "`shop/pix` is already used";
    one(
        &files,
        Severity::Error,
        Code::DuplicateId,
        (SHOP, line, 6),
        says,
    );
}

#[test]
fn one_alias_for_two_models() {
    let mut files = tiny::files();
    let other = tiny::MODEL.replace("id = \"pix\"", "id = \"pax\"");
    files.push(tiny::file("models/pix/pax.toml", other));
    let found: Vec<_> = tiny::problems(&files, tiny::today())
        .into_iter()
        .filter(|p| p.code == Code::DuplicateId)
        .collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(tiny::place(&files, &found[0]).1, 7);
    assert!(found[0].message.contains("the alias `pixie` already means"));
}

#[test]
fn a_file_named_otherwise() {
    let mut files = tiny::files();
    files[4].path = "models/pix/px.toml".to_owned();
    let at = ("models/pix/px.toml", 1, 6);
    one(
        &files,
        Severity::Warning,
        Code::FileName,
        at,
        "is named `px` and holds `pix`",
    );
}

#[test]
fn a_file_where_no_catalog_file_lies() {
    let mut files = tiny::files();
    files.push(tiny::file("modles/pix/pix.toml", tiny::MODEL));
    let found = tiny::problems(&files, tiny::today());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].code, Code::NotACatalogFile);
    assert_eq!(found[0].path, "modles/pix/pix.toml");
    assert!(
        found[0]
            .hint
            .as_ref()
            .is_some_and(|h| h.contains("models/<family>"))
    );
}

#[test]
fn columns_count_characters_and_lines_start_at_one() {
    assert_eq!(maquette_catalog::line_column("äö\nü=x", 0), (1, 1));
    assert_eq!(maquette_catalog::line_column("äö\nü=x", 7), (2, 2));
    assert_eq!(
        maquette_catalog::line_column("ä", 1),
        (1, 1),
        "inside a character"
    );
    assert_eq!(
        maquette_catalog::line_column("a\n", 99),
        (2, 1),
        "past the end"
    );
}

//! Observations that archives made: numbers, days, archives and what may be passed on.

use maquette_catalog::schema::history::Past;
use maquette_catalog::{Code, Problem, SourceFile, parse};

use crate::tiny;

const TABLE: &str = "history/hub.csv";

const ARCHIVES: &str = r#"
[[source]]
id = "open-list"
title = "An open list"
link = "github.com/someone/open-list"
read = "2026-01-01 to 2026-02-01"
license = "MIT"
license_source = "LICENSE, read 2026-02-02"
redistribution = "series"
origin = "hub"

[[source]]
id = "closed-list"
title = "A list without a license"
link = "github.com/someone/closed-list"
read = "2026-01-01"
license = "none found"
license_source = "no file"
redistribution = "facts"
origin = "hub"
"#;

fn with(archives: &str, rows: &[&str]) -> Vec<SourceFile> {
    let mut files = tiny::files();
    files.push(tiny::file("history/sources.toml", archives.to_owned()));
    let table = format!("subject,metric,date,value,source\n{}\n", rows.join("\n"));
    files.push(tiny::file(TABLE, table));
    files
}

fn found(rows: &[&str]) -> Vec<Problem> {
    tiny::problems(&with(ARCHIVES, rows), tiny::today())
}

#[track_caller]
fn one(rows: &[&str], code: Code, says: &str) {
    let found = found(rows);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].code, code, "{}", found[0].message);
    assert!(found[0].message.contains(says), "{}", found[0].message);
}

const A: &str = "hub:a/b,likes,2026-01-05,12,open-list";

#[test]
fn a_table_in_order_becomes_series() {
    let rows = [
        A,
        "hub:a/b,likes,2026-01-12,15,open-list",
        "hub:a/b,likes,2026-01-12,14,closed-list",
        "price:p/m,price/image,2026-01-05,,open-list",
    ];
    assert_eq!(found(&rows), []);
    let catalog = parse(&with(ARCHIVES, &rows)).catalog;
    let past = Past::of(catalog.archives, catalog.observations);
    let likes = past.find("hub:a/b", "likes").unwrap();
    let said: Vec<(&str, &str)> = likes
        .points
        .iter()
        .map(|p| (p.value.as_str(), past.archive(p).unwrap().id.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            ("12", "open-list"),
            ("14", "closed-list"),
            ("15", "open-list")
        ]
    );
    assert_eq!((likes.unit.as_str(), past.series.len()), ("likes", 2));
    assert!(past.find("hub:a/b", "downloads").is_none());
}

#[test]
fn what_is_wrong_with_a_line_is_said() {
    one(
        &[A, "hub:a/b,likes,2026-01-06,many,open-list"],
        Code::ImpossibleValue,
        "`many` is no amount of likes",
    );
    one(
        &[A, "hub:a/b,likes,2026-01-06,-3,open-list"],
        Code::ImpossibleValue,
        "`-3`",
    );
    one(
        &[A, "hub:a/b,likes,2999-01-06,3,open-list"],
        Code::ImpossibleValue,
        "future",
    );
    one(
        &[A, "hub:a/b,likes,2026-01-06,3,nobody"],
        Code::UnknownId,
        "no archive `nobody`",
    );
    one(
        &[A, "hub:a/b,likes,2026-01-05,13,open-list"],
        Code::DuplicateId,
        "read twice by open-list",
    );
    one(
        &[A, "hub:a/b,likes,yesterday,13,open-list"],
        Code::WrongForm,
        "year",
    );
}

#[test]
fn an_archive_that_may_not_be_passed_on_gives_three_facts() {
    let day = |d: u8| format!("hub:a/b,likes,2026-01-0{d},{d},closed-list");
    let rows: Vec<String> = (1..=3).map(day).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    assert_eq!(found(&rows), []);
    let fourth = day(4);
    let mut four = rows.clone();
    four.push(&fourth);
    one(
        &four,
        Code::Contradiction,
        "4 days of hub:a/b likes from `closed-list`",
    );
    let open = ARCHIVES.replace("redistribution = \"facts\"", "redistribution = \"series\"");
    let found = tiny::problems(&with(&open, &rows), tiny::today());
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].message.contains("a series without a license"),
        "{}",
        found[0].message
    );
}

#[test]
fn a_series_has_one_unit() {
    let mut files = with(ARCHIVES, &[A]);
    files.push(tiny::file(
        "history/guide.csv",
        "subject,metric,date,value,unit,source,printed\n\
         article:x/y,seconds,2026-01-05,3,seconds,open-list,3 s\narticle:x/y,seconds,2026-01-06,4,minutes,open-list,4 min\n\
         hub:a/b,likes,2026-01-07,9,hearts,open-list,9\n",
    ));
    let found = tiny::problems(&files, tiny::today());
    // A metric with a unit of its own keeps it, whatever stands beside the value.
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].code, Code::UnitMismatch);
    assert!(found[0].message.contains("minutes"), "{}", found[0].message);
}

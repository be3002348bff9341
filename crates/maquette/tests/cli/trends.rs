//! Labels out of tables and out of the store; tables that are wrong.

use std::fmt::Write;

use serde_json::Value;

use crate::run::{Place, maquette};

const AS_OF: &str = "2026-06-28";

/// Days before the day asked for.
fn day(back: i64) -> String {
    let end = jiff::civil::date(2026, 6, 28);
    end.checked_sub(jiff::Span::new().days(back))
        .unwrap()
        .to_string()
}

/// A number between 0 and 1 that is the same on every machine.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Daily counts over 17 weeks: what is added a week grows by `growth`.
fn series(id: &str, growth: f64, seed: u64) -> Vec<(String, i64)> {
    let mut chance = Chance(seed);
    let mut total = 20_000.0;
    let mut out = Vec::new();
    for back in (0..=119_i64).rev() {
        let week = (119 - back) as f64 / 7.0;
        total += 50.0 * growth.powf(week - 8.0) * (0.85 + 0.3 * chance.next());
        out.push((day(back), total as i64));
    }
    assert!(!id.is_empty());
    out
}

fn table(head: &str, all: &[(String, f64)]) -> String {
    let mut text = format!("{head}\n");
    for (n, (id, growth)) in all.iter().enumerate() {
        for (day, count) in series(id, *growth, n as u64 * 77 + 5) {
            writeln!(text, "{day},{id},{count}").unwrap();
        }
    }
    text
}

fn panel() -> Vec<(String, f64)> {
    let mut all: Vec<(String, f64)> = (0..30).map(|i| (format!("steady/{i}"), 1.0)).collect();
    all.push(("fast/up".to_owned(), 1.12));
    all.push(("slow/down".to_owned(), 0.88));
    all
}

fn labels(place: &Place, table: &str) -> Value {
    let file = place.file("counts.csv", table);
    let ran = place
        .run(&[
            "trends", "--batch", &file, "--as-of", AS_OF, "--format", "json",
        ])
        .done();
    serde_json::from_str(&ran.out).unwrap()
}

fn row<'a>(report: &'a Value, id: &str) -> &'a Value {
    let rows = report["rows"].as_array().unwrap();
    rows.iter().find(|r| r["subject"] == id).unwrap()
}

#[test]
fn what_grows_and_what_shrinks_is_told_from_what_stays() {
    let report = labels(&Place::new(), &table("date,repo,stars", &panel()));
    assert_eq!(row(&report, "fast/up")["label"], "rising");
    assert_eq!(row(&report, "slow/down")["label"], "declining");
    let counts = &report["counts"];
    assert_eq!(
        (&counts["rising"], &counts["declining"]),
        (&Value::from(1), &Value::from(1))
    );
    // A label prints its numbers: the slope lies near what was put in.
    let slope = row(&report, "fast/up")["signals"][0]["slope_percent"]
        .as_f64()
        .unwrap();
    assert!((slope - 12.0).abs() < 1.5, "{slope}");
    let reason = row(&report, "fast/up")["reason"].as_str().unwrap();
    assert!(
        reason.contains("% a week [") && reason.contains("times the panel's"),
        "{reason}"
    );
}

#[test]
fn a_signal_that_has_not_been_shown_to_tell_gives_no_direction() {
    let report = labels(&Place::new(), &table("date,model_id,likes", &panel()));
    let r = row(&report, "fast/up");
    assert_eq!(
        (&r["label"], &r["why"]),
        (&Value::from("unclear"), &Value::from("not-admitted"))
    );
    assert_eq!(r["signals"][0]["direction"], "up");
    // Downloads of 30 days are evidence alone.
    let report = labels(&Place::new(), &table("date,model_id,downloads", &panel()));
    let r = row(&report, "fast/up");
    assert_eq!(
        (&r["label"], &r["why"]),
        (&Value::from("unclear"), &Value::from("no-counter"))
    );
    assert!(r["windows"]["windows"].as_u64().unwrap() >= 4, "{r}");
}

#[test]
fn a_series_alone_is_compared_with_nobody() {
    let one = [("fast/up".to_owned(), 1.12)];
    let report = labels(&Place::new(), &table("date,repo,stars", &one));
    assert_eq!(row(&report, "fast/up")["why"], "no-panel");
}

#[test]
fn what_is_read_later_does_not_change_a_day() {
    let place = Place::new();
    let mut text = table("date,repo,stars", &panel());
    let before = labels(&place, &text);
    for (id, _) in panel() {
        writeln!(text, "2026-07-04,{id},900000").unwrap();
    }
    assert_eq!(labels(&place, &text), before);
}

#[test]
fn the_order_of_lines_and_what_is_twice_does_not_matter() {
    let place = Place::new();
    let text = table("date,repo,stars", &panel());
    let before = labels(&place, &text);
    let mut lines: Vec<&str> = text.lines().skip(1).collect();
    lines.reverse();
    let first = lines[0];
    let reversed = format!("date,repo,stars\n{}\n{first}\n", lines.join("\n"));
    let after = labels(&place, &reversed);
    assert_eq!(after["rows"], before["rows"]);
    assert!(
        after["notes"].to_string().contains("larger one"),
        "{}",
        after["notes"]
    );
}

#[test]
fn zeros_of_a_source_that_did_not_read_are_left_out() {
    let place = Place::new();
    let mut text = "date,repo,stars,source\n".to_owned();
    for line in table("", &panel()).lines().skip(1) {
        writeln!(text, "{line},tracker").unwrap();
    }
    let before = labels(&place, &text);
    for (id, _) in panel() {
        writeln!(text, "{},{id},0,careless", day(1)).unwrap();
    }
    let after = labels(&place, &text);
    assert_eq!(after["rows"], before["rows"]);
    assert!(
        after["notes"].to_string().contains("zeros of careless"),
        "{}",
        after["notes"]
    );
}

#[test]
fn bad_counts_are_told_and_invent_no_label() {
    let cells = [
        "2026-06-01,one/point,5",
        "2026-06-01,no/number,NaN",
        "2026-06-01,no/number,-3",
        "not a day,no/day,4",
        "2026-06-01,,4",
        "2026-06-02,all/zeros,0",
        "2026-06-09,all/zeros,0",
        "2026-06-16,all/zeros,0",
        "2026-06-20,falls,500",
        "2026-06-21,falls,400",
        "2026-06-22,falls,300",
        "2026-06-23,falls,200",
        "2026-06-24,falls",
    ];
    let report = labels(
        &Place::new(),
        &format!("date,repo,stars\n{}\n", cells.join("\n")),
    );
    for r in report["rows"].as_array().unwrap() {
        assert_eq!(r["label"], "unclear", "{r}");
        assert!(!r["reason"].as_str().unwrap().is_empty());
    }
    let notes = report["notes"].to_string();
    for says in [
        "line 3: `NaN` is no count of stars",
        "line 5: no day",
        "line 6: no id",
    ] {
        assert!(notes.contains(says), "{says}: {notes}");
    }
}

#[test]
fn a_table_without_its_columns_is_refused() {
    let place = Place::new();
    for (text, says) in [
        ("a,b\n1,2\n", "no column `date`"),
        ("date,stars\n2026-01-01,2\n", "no column of ids"),
        ("date,repo\n2026-01-01,a\n", "no column of counts"),
    ] {
        let file = place.file("x.csv", text);
        place.run(&["trends", "--batch", &file]).refused(says);
    }
    maquette(&["trends", "--batch", "nowhere.csv"]).refused("cannot be read");
    maquette(&["trends", "--of", "modls"]).refused("models, spaces, repositories");
}

#[test]
fn what_the_store_keeps_is_labelled_too() {
    let place = Place::new();
    let mut lines = String::new();
    for (n, (id, growth)) in panel().into_iter().enumerate() {
        for (day, count) in series(&id, growth, n as u64 * 77 + 5) {
            writeln!(lines, "{{\"subject\":\"github:{id}\",\"metric\":\"stars\",\"unit\":\"stars\",\"value\":\"{count}\",\
                 \"observed_at\":\"{day}T06:00:00Z\",\"source\":\"github\"}}"
            ).unwrap();
        }
    }
    let file = place.file("stars.jsonl", lines);
    place.run(&["store", "import", &file]).done();
    let ran = place
        .run(&[
            "trends",
            "--of",
            "repositories",
            "--as-of",
            AS_OF,
            "--format",
            "json",
        ])
        .done();
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(row(&report, "github:fast/up")["label"], "rising");
    assert_eq!(row(&report, "github:slow/down")["label"], "declining");
}

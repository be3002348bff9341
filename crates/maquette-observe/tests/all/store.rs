//! The store alone: as of any day, out and in, made again, damaged.

use maquette_observe::fact::{Fact, Facts, Value};
use maquette_observe::store::{FILE, Kept, Store, StoreError, read_imported, read_lines};
use proptest::prelude::*;

use super::server::Dir;

fn kept(seq: i64, at: i64, body: &str) -> Kept {
    Kept {
        seq,
        kind: "t".into(),
        url: format!("http://t/{seq}"),
        final_url: format!("http://t/{seq}"),
        status: 200,
        headers: "etag: \"1\"".into(),
        fetched_at: at,
        body: body.as_bytes().to_vec(),
    }
}

/// `subject metric value` by line; a value that is no number is a text.
#[allow(
    clippy::unnecessary_wraps,
    reason = "the form of a reader that the store calls"
)]
fn read(kept: &Kept) -> Result<Facts, String> {
    let mut out = Facts::default();
    for line in String::from_utf8_lossy(&kept.body).lines() {
        let mut words = line.split(' ');
        let (s, m, v) = (
            words.next().unwrap(),
            words.next().unwrap(),
            words.next().unwrap(),
        );
        out.facts.push(match v.parse() {
            Ok(n) if m.starts_with("price") => Fact::change(s, m, "USD", Value::Number(n)),
            Ok(n) => Fact::every(s, m, "likes", Value::Number(n)),
            Err(_) => Fact::text(s, m, v),
        });
    }
    Ok(out)
}

/// So many lines that do not compress well.
fn noise(lines: u64) -> String {
    let line = |i| format!("m:{i} likes {}", i * 7919 % 104_729);
    let all: Vec<String> = (0..lines).map(line).collect();
    all.join("\n")
}

fn snapshot(store: &mut Store, source: &str, at: i64, whole: bool, body: &str) {
    let id = store.begin(source, "", at).unwrap();
    store.keep(id, &kept(0, at, body)).unwrap();
    store.commit(id, at, whole, "", &mut read).unwrap();
}

fn csv(store: &Store) -> String {
    let mut out = Vec::new();
    store.export_csv(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_price_that_is_listed_no_more_is_gone_and_may_come_back() {
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    snapshot(
        &mut store,
        "map",
        100,
        true,
        "m:a price/x 0.000002\nm:b price/x 3",
    );
    snapshot(&mut store, "map", 200, true, "m:a price/x 0.000002");
    snapshot(
        &mut store,
        "map",
        300,
        true,
        "m:a price/x 0.000004\nm:b price/x 3",
    );
    let values = |s: &str| -> Vec<(i64, Value)> {
        let points = store.series(s, "price/x", 0, 999).unwrap();
        points
            .into_iter()
            .map(|p| (p.observed_at, p.value))
            .collect()
    };
    let n = |t: &str| Value::Number(t.parse().unwrap());
    assert_eq!(values("m:a"), [(100, n("0.000002")), (300, n("0.000004"))]);
    assert_eq!(
        values("m:b"),
        [(100, n("3")), (200, Value::Gone), (300, n("3"))]
    );
    let standing = |by| store.standing("m:", by).unwrap().len();
    assert_eq!(
        [standing(99), standing(150), standing(250), standing(350)],
        [0, 2, 1, 2]
    );
}

#[test]
fn a_list_that_is_cut_short_takes_nothing_away() {
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    let list = |n: u32| -> String {
        let all: Vec<String> = (0..n).map(|i| format!("m:{i} price/x {}", i + 1)).collect();
        all.join("\n")
    };
    let standing = |store: &Store, by| store.standing("m:", by).unwrap().len();
    snapshot(&mut store, "map", 100, true, &list(40));
    // Half an answer, and then none at all: the source says no word of most of what it had.
    snapshot(&mut store, "map", 200, true, &list(15));
    assert_eq!(standing(&store, 250), 40);
    let rejected = store.rejected("map").unwrap();
    assert!(rejected[0].1.contains("25 of 40"), "{rejected:?}");
    snapshot(&mut store, "map", 300, true, "");
    assert_eq!(standing(&store, 350), 40);
    // A list that loses some has lost them; the same after it was made anew.
    snapshot(&mut store, "map", 400, true, &list(30));
    assert_eq!(standing(&store, 450), 30);
    let before = csv(&store);
    store.rebuild(&mut |_, kept| read(kept)).unwrap();
    assert_eq!(csv(&store), before);
}

#[test]
fn a_rebuild_gives_the_same_figures_to_the_byte() {
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    snapshot(
        &mut store,
        "a",
        100,
        true,
        "m:a price/x 2\nm:a likes 7\nm:a task text-to-image",
    );
    snapshot(&mut store, "b", 150, false, "m:z likes 1");
    snapshot(&mut store, "a", 200, true, "m:a likes 7\nm:c price/y 0.10");
    let before = csv(&store);
    assert!(
        before.contains("m:a,price/x,USD,,1970-01-01T00:03:20Z,,a"),
        "{before}"
    );
    let done = store.rebuild(&mut |_, k| read(k)).unwrap();
    assert_eq!((done.snapshots, done.answers), (3, 3));
    assert_eq!(csv(&store), before);
    assert_eq!(
        store.top(&["text-to-image"], "likes", 999, 5).unwrap()[0].value,
        7
    );
    // A reader that cannot read an answer any more changes nothing.
    let e = store.rebuild(&mut |_, _| Err("no".into())).unwrap_err();
    assert!(matches!(e, StoreError::Unreadable { .. }), "{e}");
    assert_eq!(csv(&store), before);
}

#[test]
fn what_goes_out_comes_in_again() {
    let (dir, other) = (Dir::new(), Dir::new());
    let mut store = Store::open(&dir.0).unwrap();
    snapshot(
        &mut store,
        "a",
        100,
        true,
        "m:a price/x 0.00000025\nm:a likes 7\nm:a name 7,\"b\"",
    );
    snapshot(&mut store, "a", 200, true, "m:a likes 8");
    let lines = csv(&store);
    let mut json = Vec::new();
    store.export_json_lines(&mut json).unwrap();
    assert_eq!(
        read_lines(lines.as_bytes()).unwrap(),
        read_lines(&json).unwrap()
    );
    let mut second = Store::open(&other.0).unwrap();
    second.import(lines.as_bytes(), "x.csv", 900).unwrap();
    assert_eq!(csv(&second), lines);
    // Twice is once.
    let again = second.import(lines.as_bytes(), "x.csv", 950).unwrap();
    assert_eq!(again[0].1.answers, 0);
    assert_eq!(csv(&second), lines);
    second
        .rebuild(&mut |name, k| read_imported(&k.body, name.trim_start_matches("import/")))
        .unwrap();
    assert_eq!(csv(&second), lines);
    let copy = other.0.join("copy.sqlite");
    second.export_copy(&copy).unwrap();
    std::fs::create_dir(other.0.join("c")).unwrap();
    std::fs::rename(copy, other.0.join("c").join(FILE)).unwrap();
    assert_eq!(
        csv(&Store::look(&other.0.join("c")).unwrap().unwrap()),
        lines
    );
    for bad in [
        "subject,metric,unit,value,observed_at,valid_from,source\na,b,USD,many,2026-01-01T00:00:00Z,,s\n",
        "subject,metric\na,b\n",
        "{\"subject\":1}",
        "subject,metric,unit,value,observed_at,valid_from,source\na,b,USD,1,yesterday,,s\n",
        "",
        "\u{0}\u{1}",
    ] {
        assert!(second.import(bad.as_bytes(), "bad", 1).is_err(), "{bad}");
    }
    assert_eq!(csv(&second), lines);
}

#[test]
fn compacting_drops_what_nobody_sees() {
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    snapshot(&mut store, "a", 100, true, "m:a likes 7");
    let id = store.begin("a", "", 150).unwrap();
    let noise = noise(200_000);
    store.keep(id, &kept(0, 150, &noise)).unwrap();
    store.give_up(id, "why not", 160).unwrap();
    let before = csv(&store);
    let done = store.compact().unwrap();
    assert_eq!((done.snapshots, done.raw), (1, 1));
    assert!(done.after < done.before, "{done:?}");
    assert_eq!(csv(&store), before);
    assert!(store.check().unwrap().problems.is_empty());
}

#[test]
fn damage_and_other_files_are_told() {
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    snapshot(
        &mut store,
        "a",
        100,
        true,
        "m:a likes 7 and a tail that is long enough to be found",
    );
    drop(store);
    let path = dir.0.join(FILE);
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute("UPDATE raw SET bytes = zeroblob(length(bytes))", [])
        .unwrap();
    drop(db);
    let found = Store::open(&dir.0).unwrap().check().unwrap();
    assert_eq!(found.problems.len(), 1, "{found:?}");
    assert!(found.problems[0].contains("is damaged"));
    for (name, bytes) in [
        (
            "text",
            b"not a database at all, but long enough to be looked at".to_vec(),
        ),
        ("zero", vec![0; 5000]),
    ] {
        let dir = Dir::new();
        std::fs::write(dir.0.join(FILE), bytes).unwrap();
        let e = Store::open(&dir.0).unwrap_err();
        assert!(
            matches!(e, StoreError::Foreign { .. } | StoreError::Open { .. }),
            "{name}: {e}"
        );
    }
    let dir = Dir::new();
    let db = rusqlite::Connection::open(dir.0.join(FILE)).unwrap();
    db.execute_batch("CREATE TABLE mine (x); INSERT INTO mine VALUES (1)")
        .unwrap();
    drop(db);
    assert!(matches!(
        Store::open(&dir.0),
        Err(StoreError::Foreign { .. })
    ));
    let dir = Dir::new();
    drop(Store::open(&dir.0).unwrap());
    let db = rusqlite::Connection::open(dir.0.join(FILE)).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    assert!(matches!(
        Store::open(&dir.0),
        Err(StoreError::Newer { found: 99, .. })
    ));
}

#[test]
fn a_full_disk_loses_the_snapshot_in_flight_and_no_other() {
    let dir = Dir::new();
    let mut store = Store::open(&dir.0).unwrap();
    snapshot(&mut store, "a", 100, true, "m:a likes 7");
    let before = csv(&store);
    store.limit_pages(40).unwrap();
    let id = store.begin("a", "", 150).unwrap();
    let noise = noise(50_000);
    let e = store.keep(id, &kept(0, 150, &noise)).unwrap_err();
    assert!(matches!(e, StoreError::Full), "{e}");
    assert_eq!(csv(&store), before);
    assert!(store.check().unwrap().problems.is_empty());
    store.limit_pages(1_000_000).unwrap();
    store.keep(id, &kept(0, 150, &noise)).unwrap();
    store
        .limit_pages(u32::try_from(store.counts().unwrap().file_bytes / 4096).unwrap() + 8)
        .unwrap();
    let e = store.commit(id, 160, true, "", &mut read).unwrap_err();
    assert!(matches!(e, StoreError::Full), "{e}");
    assert_eq!(csv(&store), before);
    store.limit_pages(1_000_000).unwrap();
    store.commit(id, 160, true, "", &mut read).unwrap();
    // The one before, the new ones, and that the one before is gone.
    assert_eq!(store.counts().unwrap().observations, 50_002);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Against a list of everything that was ever said, looked through from the end.
    #[test]
    fn as_of_any_moment_is_what_was_last_said(said in prop::collection::vec((0..5_u8, 0..3_u8, 0..60_i64, 0..9_u32), 1..60), by in 0..70_i64) {
        let dir = Dir::new();
        let mut store = Store::open(&dir.0).unwrap();
        let mut said = said;
        said.sort_by_key(|s| s.2);
        for (s, m, at, v) in &said {
            snapshot(&mut store, "a", *at, false, &format!("m:{s} c{m} {v}"));
        }
        for s in 0..5_u8 {
            for m in 0..3_u8 {
                let expected = said.iter().rev().find(|x| x.0 == s && x.1 == m && x.2 <= by).map(|x| x.3.to_string());
                let found = store.last(&format!("m:{s}"), &format!("c{m}"), by).unwrap().map(|p| p.value.to_string());
                prop_assert_eq!(found, expected);
            }
        }
        let before = csv(&store);
        store.rebuild(&mut |_, k| read(k)).unwrap();
        prop_assert_eq!(csv(&store), before);
    }
}

/// A store of each version that was ever released opens, and says what it said.
#[test]
fn stores_of_every_version_open() {
    let versions: Vec<(i64, &str)> = vec![(1, include_str!("../stores/v1.sql"))];
    for (version, sql) in versions {
        let dir = Dir::new();
        let db = rusqlite::Connection::open(dir.0.join(FILE)).unwrap();
        db.execute_batch(sql).unwrap();
        drop(db);
        let mut store = Store::open(&dir.0).unwrap();
        let mut lines: Vec<String> = csv(&store).lines().map(str::to_owned).collect();
        let mut expected: Vec<&str> = include_str!("../stores/expected.csv").lines().collect();
        lines.sort_unstable();
        expected.sort_unstable();
        assert_eq!(lines, expected, "version {version}");
        assert!(store.check().unwrap().problems.is_empty());
        store
            .rebuild(&mut |name, k| read_imported(&k.body, name.trim_start_matches("import/")))
            .unwrap();
        assert_eq!(csv(&store).lines().count(), lines.len());
        assert_eq!(
            store
                .top(&["text-to-image"], "downloads", i64::MAX / 2, 3)
                .unwrap()[0]
                .value,
            1300
        );
    }
}

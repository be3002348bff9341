//! Killed at random points: no committed snapshot is lost, and none is ever seen in part.

use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use super::server::Dir;
use super::{MODELS, fake, program, run};

const ROUNDS: usize = 200;

#[test]
fn two_hundred_kills_lose_nothing_and_show_nothing_partial() {
    let (dir, server) = (Dir::new(), fake());
    // How long a whole run takes here, so that the kills fall all over it.
    let begun = std::time::Instant::now();
    let (code, _, err) = run(&dir, &server, &["observe", "hub", "litellm", "--all"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let whole = begun.elapsed().as_micros() as u64;
    let path = dir.0.join("data").join(maquette_observe::store::FILE);
    let mut committed: Vec<i64> = Vec::new();
    let (mut killed, mut done) = (0, 0);
    for _ in 0..ROUNDS {
        let mut child = program(&dir, &server, &["observe", "hub", "litellm", "--all"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        sleep(Duration::from_micros(fastrand::u64(0..whole * 11 / 10)));
        if child.try_wait().unwrap().is_some() {
            done += 1;
        } else {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
        let store = maquette_observe::store::Store::look(&dir.0.join("data"))
            .unwrap()
            .unwrap();
        let found = store.check().unwrap();
        assert!(found.problems.is_empty(), "{found:?}");
        drop(store);
        let db = rusqlite::Connection::open(&path).unwrap();
        let mut q = db
            .prepare(
                "SELECT p.id, c.name, (SELECT count(*) FROM observation o JOIN metric m ON m.id = o.metric
                   WHERE o.snapshot = p.id AND m.name = 'likes')
                 FROM snapshot p JOIN source c ON c.id = p.source WHERE p.state = 1 ORDER BY p.place",
            )
            .unwrap();
        let now: Vec<(i64, String, usize)> = q
            .query_map([], |r| {
                Ok((r.get(0)?, r.get(1)?, r.get::<_, i64>(2)? as usize))
            })
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for (id, source, likes) in &now {
            // The models of the list, and the one of the catalog that this Hub knows.
            let expected = if source == "hub" { MODELS + 1 } else { 0 };
            assert_eq!(*likes, expected, "snapshot {id}");
        }
        let ids: Vec<i64> = now.iter().map(|n| n.0).collect();
        assert!(ids.starts_with(&committed), "{committed:?} then {ids:?}");
        committed = ids;
    }
    assert!(killed > ROUNDS / 3, "{killed} killed, {done} done");
    assert!(committed.len() > 2);
    let (code, out, _) = run(&dir, &server, &["observe", "hub", "litellm", "--all"]);
    assert_eq!(code, 0, "{out}");
}

/// A small file system of its own, gone when dropped.
struct Small<'a>(&'a std::path::Path);

impl Drop for Small<'_> {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(self.0).status();
    }
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let dir = Dir::new();
    let data = dir.0.join("data");
    std::fs::create_dir(&data).unwrap();
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"])
        .arg(&data)
        .stderr(Stdio::null())
        .status();
    if !mounted.is_ok_and(|s| s.success()) {
        println!(
            "skipped: a small file system cannot be mounted here (the store's own test bounds the file instead)"
        );
        return;
    }
    let _small = Small(&data);
    let large = super::server::Server::start(|asked| {
        let rows: Vec<String> = (0..40_000_u64)
            .map(|i| {
                format!(
                    r#""m-{}":{{"mode":"chat","input_cost_per_token":{}e-9}}"#,
                    i * 0x9e37_79b9,
                    1 + i * 7_919 % 104_729
                )
            })
            .collect();
        assert!(asked.path().contains("/litellm/"));
        super::server::Reply::json(format!("{{{}}}", rows.join(",")))
    });
    let small = fake();
    let (code, _, err) = run(&dir, &small, &["observe", "litellm"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let (code, out, err) = run(&dir, &large, &["observe", "litellm"]);
    assert_eq!(code, 3, "{out} {err}");
    assert!(
        err.contains("no space") && err.contains("make room"),
        "{err}"
    );
    // What was there before is there, and sound.
    let (code, out, err) = run(&dir, &small, &["store", "check"]);
    assert_eq!(code, 0, "{out} {err}");
    let (code, out, _) = run(
        &dir,
        &small,
        &["series", "litellm:gpt-4o", "price/1m-input-tokens"],
    );
    assert!(code == 0 && out.contains("2.5"), "{out}");
}

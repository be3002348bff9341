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

//! The guide as a site: links that lead somewhere, the same bytes twice, names that stay names, directories that are not its
//! own, templates of the analyst's own.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::run::Place;

pub fn write(place: &Place, more: &[&str]) -> crate::run::Ran {
    place.run(&[&["guide", "--out", "site", "--gpu", "none"], more].concat())
}

pub fn files(dir: &Path) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap())
        .map(|e| {
            let text = fs::read_to_string(e.path()).unwrap();
            (e.file_name().to_string_lossy().into_owned(), text)
        })
        .collect();
    all.sort();
    all
}

pub fn is_page(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|e| e == "html")
}

/// What stands in an attribute, wherever it stands.
fn attributes<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!("{name}=\"");
    text.split(start.as_str())
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

/// The words of a piece of a page.
pub fn words(html: &str) -> String {
    let mut out = String::new();
    let mut tag = false;
    for c in html.chars() {
        match c {
            '<' => tag = true,
            '>' => tag = false,
            c if !tag => out.push(c),
            _ => {}
        }
    }
    out
}

#[test]
fn a_site_is_whole_and_its_links_lead_somewhere() {
    let place = Place::new();
    let ran = write(&place, &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let all = files(&place.path("site"));
    let names: BTreeSet<&str> = all.iter().map(|(n, _)| n.as_str()).collect();
    let ids: BTreeSet<String> = all
        .iter()
        .filter(|(n, _)| is_page(n))
        .flat_map(|(n, text)| {
            attributes(text, " id")
                .into_iter()
                .map(move |id| format!("{n}#{id}"))
        })
        .collect();
    let mut figures = 0;
    for (name, text) in all.iter().filter(|(n, _)| is_page(n)) {
        assert!(text.starts_with("<!doctype html>"), "{name}");
        // Data for machines, and nothing that runs.
        for script in text.split("<script").skip(1) {
            assert!(
                script.starts_with(" type=\"application/ld+json\">{"),
                "{name}"
            );
        }
        for href in attributes(text, " href") {
            let (file, anchor) = href.split_once('#').unwrap_or((href, ""));
            assert!(names.contains(file), "{name} leads to {href}");
            if !anchor.is_empty() {
                figures += 1;
                assert!(ids.contains(href), "{name} leads to {href}");
            }
        }
        // Every page has its twin.
        assert!(
            names.contains(name.replace(".html", ".json").as_str()),
            "{name}"
        );
    }
    assert!(figures > 100, "{figures} figures lead to their evidence");
    // What the front page takes, even before it is packed.
    let front = |name: &str| {
        all.iter()
            .find(|(n, _)| n == name)
            .map_or(usize::MAX, |(_, t)| t.len())
    };
    assert!(front("index.html") + front("style.css") < 60_000);
    // The same bytes for the same question.
    let again = place.run(&["guide", "--out", "again", "--gpu", "none"]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert_eq!(files(&place.path("again")), all);
    // Only over a guide, only when told, and nothing that others put there is lost.
    write(&place, &[]).refused("holds a guide already");
    place.file("site/CNAME", "example.org");
    let forced = write(&place, &["--force"]);
    assert_eq!(forced.code, 0, "{}", forced.err);
    assert_eq!(
        fs::read_to_string(place.path("site/CNAME")).unwrap(),
        "example.org"
    );
    assert_eq!(files(&place.path("site")).len(), all.len() + 1);
}

/// Another language is a file: its words, and how it writes numbers, money and days.
#[test]
fn figures_are_written_as_the_language_does() {
    let place = Place::new();
    place.file(
        "de/strings.toml",
        "language = \"de\"\nthousands = \".\"\ndecimal = \",\"\ndate = \"{day}.{month}.{year}\"\n\
         dollars = \"{amount} $\"\nmonth-cheapest = \"Der Monat kostet {amount}.\"\n",
    );
    let ran = write(&place, &["--templates", "de"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let page =
        |name: &str| words(&fs::read_to_string(place.path(&format!("site/{name}"))).unwrap());
    assert!(
        page("index.html").contains("Der Monat kostet 0,10 $."),
        "{}",
        page("index.html")
    );
    let images = page("image.html");
    assert!(
        images.contains("1.573.365") && images.contains("22.08.2026"),
        "{images}"
    );
    assert!(!images.contains("1,573,365"), "{images}");
    // Names and what machines read stay.
    assert!(images.contains("stable-diffusion-xl-base-1.0"));
    let json = fs::read_to_string(place.path("site/image.json")).unwrap();
    assert!(json.contains("\"1573365\"") && json.contains("\"2026-08-22\""));
}

/// The disk is full half-way: it is told, the old site stays whole, and nothing is left beside it.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_site_whole() {
    let place = Place::new();
    assert_eq!(write(&place, &["--as-of", "2026-03-19"]).code, 0);
    let before = files(&place.path("site"));
    // No file may grow beyond 64 blocks; the signal that tells of it is ignored, so that the write fails.
    let script = format!(
        "trap '' XFSZ; ulimit -f 64; exec {} guide --as-of 2026-11-24 --gpu none --out site --force",
        env!("CARGO_BIN_EXE_maquette")
    );
    let ran = std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(place.path("."))
        .env("MAQUETTE_CONFIG_DIR", place.path("config"))
        .env("MAQUETTE_DATA_DIR", place.path("data"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(!ran.status.success(), "{said}");
    assert!(
        said.contains("site") && said.contains("too large"),
        "{said}"
    );
    assert_eq!(files(&place.path("site")), before);
    let beside: Vec<String> = fs::read_dir(place.path("."))
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|n| n.contains("site") && n != "site")
        .collect();
    assert!(beside.is_empty(), "{beside:?}");
}

/// A browser that is not there is named before any work; one that prints nothing is told.
#[cfg(unix)]
#[test]
fn paper_needs_a_browser() {
    let place = Place::new();
    let args = [
        "guide",
        "--gpu",
        "none",
        "--out",
        "site",
        "--pdf",
        "guide.pdf",
    ];
    let ran = place
        .command(&args)
        .env("PATH", "/nowhere")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(
        said.contains("no browser was found") && said.contains("chromium"),
        "{said}"
    );
    assert!(!place.path("site").exists());
    let ran = place.run(&[&args[..], &["--browser", "true"]].concat());
    assert_ne!(ran.code, 0);
    assert!(
        ran.err.contains("true did not print guide.pdf"),
        "{}",
        ran.err
    );
    assert!(
        place.path("site/index.html").exists(),
        "the site itself is there"
    );
}

#[test]
fn a_directory_of_others_is_left_alone() {
    let place = Place::new();
    place.file("site/thesis.txt", "years of work");
    write(&place, &[]).refused("is not empty");
    write(&place, &["--force"]).refused("is not empty");
    assert_eq!(files(&place.path("site")).len(), 1);
}

#[test]
fn templates_of_the_analysts_own_are_used_and_their_faults_shown() {
    let place = Place::new();
    let ran = place.run(&["guide", "init", "mine"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let strings = place.path("mine/strings.toml");
    let text = fs::read_to_string(&strings).unwrap();
    fs::write(
        &strings,
        text.replace("brand = \"maquette\"", "brand = \"Atelier & Söhne\""),
    )
    .unwrap();
    let ran = write(&place, &["--templates", "mine"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let page = fs::read_to_string(place.path("site/index.html")).unwrap();
    assert!(page.contains("Atelier &amp; Söhne"), "escaped");
    place.file(
        "mine/page.html",
        "<html>\n<body>\n{{ title | nonsense }}\n</body>",
    );
    let ran = write(&place, &["--templates", "mine", "--force"]).refused("cannot be used");
    assert!(ran.err.contains("page.html:3"), "{}", ran.err);
    // The old site stays whole.
    assert_eq!(
        fs::read_to_string(place.path("site/index.html")).unwrap(),
        page
    );
}

#[test]
fn a_hostile_name_stays_a_name() {
    let place = Place::new();
    place.file(
        "over/models/x/evil.toml",
        "id = \"evil\"\nname = \"<script>alert(1)</script>\\\" onload='x' \\u202Eevil\"\nmodality = \"image\"\nfamily = \"x\"\n\
         openness = \"open\"\nhub = [\"x/evil\"]\nreleased = \"2026-01-02\"\nsource = \"x\"\nas_of = \"2026-11-01\"\nconfidence = \"low\"\n",
    );
    place.file(
        "over/history/x.csv",
        "subject,metric,date,value,source\nhub:x/evil,downloads,2026-11-01,999999999,mine\n",
    );
    place.file(
        "over/history/sources.toml",
        "[[source]]\nid = \"mine\"\ntitle = \"<b>mine</b>\"\nlink = \"x\"\nread = \"x\"\nlicense = \"MIT\"\nlicense_source = \"x\"\n\
         redistribution = \"series\"\norigin = \"x\"\n",
    );
    let ran = write(&place, &["--catalog", "over"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let page = fs::read_to_string(place.path("site/image.html")).unwrap();
    assert!(page.contains("&lt;script&gt;"), "it is there");
    for bad in ["<script>", "\u{202e}", "<b>mine"] {
        assert!(!page.contains(bad), "{bad}");
    }
}

#[test]
fn the_edition_of_march_has_its_printed_tables_beside_ours() {
    let place = Place::new();
    let command = |args: &[&str]| {
        let mut c = std::process::Command::new(env!("CARGO_BIN_EXE_maquette"));
        c.args(args)
            .current_dir(place.path("."))
            .env("MAQUETTE_CONFIG_DIR", place.path("config"))
            .env("MAQUETTE_DATA_DIR", place.path("data"));
        c.output().unwrap()
    };
    let out = command(&[
        "guide",
        "--edition",
        "2026-03",
        "--gpu",
        "none",
        "--format",
        "json",
    ]);
    let report: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(
        (&report["edition"], &report["as_of"]),
        (&"2026-03".into(), &"2026-03-19".into())
    );
    let sections = report["sections"].as_array().unwrap();
    let printed = sections.iter().find(|s| s["id"] == "printed").unwrap();
    let tables = printed["parts"][0]["report"]["tables"].as_array().unwrap();
    assert_eq!(tables.len(), 7, "the article's tables");
    let rows = tables.iter().flat_map(|t| t["rows"].as_array().unwrap());
    let cells: Vec<&serde_json::Value> = rows
        .flat_map(|r| r.as_array().unwrap())
        .filter(|c| !c["verdict"].is_null())
        .collect();
    assert!(cells.len() > 90, "{}", cells.len());
    for c in &cells {
        // Wherever it does not hold there is a reason, and nowhere else.
        let holds = c["verdict"] == "holds";
        assert_eq!(holds, c["reasons"].as_array().unwrap().is_empty(), "{c}");
        assert!(
            c["ours"].is_string() || c["verdict"] == "not-checkable",
            "{c}"
        );
    }
    let of = |printed: &str| cells.iter().find(|c| c["printed"] == printed).unwrap();
    assert_eq!(of("MIT")["ours"], "apache-2.0");
    assert_eq!(of("22,065,027")["ours"], "22065027");
    // An edition that is not there offers the nearest; one of the future has nothing to say.
    for (id, says) in [
        ("2026-3", "did you mean `2026-03`"),
        ("2999-01", "lies after"),
    ] {
        let out = command(&["guide", "--edition", id, "--format", "json"]);
        let err = String::from_utf8(out.stderr).unwrap();
        assert!(out.status.code() == Some(2) && err.contains(says), "{err}");
    }
}

#[test]
fn an_edition_of_the_past_sees_its_own_day() {
    let place = Place::new();
    let ran = place.run(&[
        "guide",
        "--format",
        "json",
        "--gpu",
        "none",
        "--as-of",
        "2026-03-19",
    ]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        (&report["edition"], &report["as_of"]),
        (&"2026-03".into(), &"2026-03-19".into())
    );
    let text = report["sections"].to_string();
    assert!(
        !text.contains("gpt-image-2.5-sunburst is rated"),
        "a board of September"
    );
}

fn json(place: &Place, args: &[&str]) -> serde_json::Value {
    let ran = place.run(&[args, &["--gpu", "none", "--format", "json"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

fn rows(report: &serde_json::Value) -> &Vec<serde_json::Value> {
    report["rows"].as_array().unwrap()
}

#[test]
fn two_guides_differ_by_what_each_says_on_its_day() {
    let place = Place::new();
    let diff = |from, to| json(&place, &["guide", "diff", from, to]);
    let report = diff("2026-03", "2026-10");
    assert_eq!(
        (&report["from_day"], &report["to_day"]),
        (&"2026-03-19".into(), &"2026-10-31".into())
    );
    // Each side as the verb itself answers on that day.
    let find = |subject: &str, figure: &str| {
        let found = rows(&report)
            .iter()
            .find(|r| r["subject"] == subject && r["figure"] == figure);
        found.unwrap_or_else(|| panic!("{subject}, {figure}"))
    };
    for (side, day) in [("before", "2026-03-19"), ("after", "2026-10-31")] {
        let month = json(&place, &["choose", "--as-of", day]);
        let stacks = month["stacks"].as_array().unwrap();
        let closed = stacks.iter().find(|s| s["id"] == "closed").unwrap();
        let line = find("closed", "a month");
        assert_eq!(line[side], closed["total"]["amount"], "{day}");
        assert_eq!(line["unit"], "USD");
        let gap = place.run(&[
            "gap",
            "--board",
            "text-to-image",
            "--as-of",
            day,
            "--format",
            "json",
        ]);
        let gap: serde_json::Value = serde_json::from_str(&gap.out).unwrap();
        let board = &gap["boards"][0];
        let line = find(board["title"].as_str().unwrap(), "gap");
        assert_eq!(
            line[side],
            board["reading"]["gap"].to_string().trim_end_matches(".0")
        );
        let why = line[format!("{side}_id")].as_str().unwrap();
        assert_eq!(place.run(&["why", why, "--as-of", day]).code, 0);
    }
    // Nothing is said to have changed that reads the same, and nobody's absence is a number.
    for r in rows(&report) {
        assert_ne!(r["before"], r["after"], "{r}");
        let absent = match r["change"].as_str().unwrap() {
            "new" => "before",
            "gone" => "after",
            _ => continue,
        };
        assert!(r[absent].is_null() && r["percent"].is_null(), "{r}");
    }
    // The other way round it is the same difference.
    let back = diff("2026-10", "2026-03");
    assert_eq!(
        (&back["same"], rows(&back).len()),
        (&report["same"], rows(&report).len())
    );
    for (r, b) in rows(&report).iter().zip(rows(&back)) {
        assert_eq!(
            (&r["before"], &r["after"]),
            (&b["after"], &b["before"]),
            "{r}"
        );
    }
    // An edition and its day say the same.
    let none = diff("2026-03", "2026-03-19");
    assert_eq!(rows(&none).len(), 0);
    assert!(none["same"].as_u64() > Some(1000));
    let ran = place.run(&["guide", "diff", "2026-3", "2026-10"]);
    ran.refused("did you mean `2026-03`");
}

//! `license add`: a license bought takes the place of the public text until that changes, and a
//! licensor's word settles what pulls both ways.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const FLUX: &str = "flux-1-dev-nc-1.1.1";

fn dir(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).unwrap();
    dir
}

fn run(config: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_maquette"))
        .args(args)
        .args(["--as-of", "2026-11-24", "--format", "json"])
        .env("MAQUETTE_CONFIG_DIR", config)
        .env("MAQUETTE_DATA_DIR", config)
        .output()
        .unwrap()
}

fn verdict(config: &Path, args: &[&str]) -> String {
    let out = run(config, args);
    let report: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    report["verdict"].as_str().unwrap().to_owned()
}

fn error(config: &Path, args: &[&str]) -> String {
    let out = run(config, args);
    assert_eq!(out.status.code(), Some(2));
    String::from_utf8(out.stderr).unwrap()
}

#[test]
fn a_license_bought_lapses_when_the_text_changes() {
    let config = dir("bought");
    let ask = ["license", "flux.1-dev"];
    assert_eq!(verdict(&config, &ask), "needs-license");
    let add = [
        "license",
        "add",
        FLUX,
        "--model",
        "flux.1-dev",
        "--proof",
        "contract 4711",
    ];
    assert!(run(&config, &add).status.success());
    assert_eq!(verdict(&config, &ask), "permitted-with-conditions");
    // It covers that model alone, and the chooser knows of it too.
    assert_eq!(
        verdict(&config, &["license", "flux.1-kontext-dev"]),
        "needs-license"
    );
    let choose = [
        "choose",
        "--images",
        "10",
        "--gpu",
        "rtx 4090",
        "--only",
        "image=flux.1-dev",
    ];
    assert!(run(&config, &choose).status.success());
    // Once is enough.
    assert!(error(&config, &add).contains("already recorded"));
    // The text changes under it.
    let licenses = config.join("catalog/licenses");
    fs::create_dir_all(&licenses).unwrap();
    let changed = format!("id = \"{FLUX}\"\ntext_sha256 = \"{}\"\n", "0".repeat(64));
    fs::write(licenses.join(format!("{FLUX}.toml")), changed).unwrap();
    assert_eq!(verdict(&config, &ask), "needs-license");
    let notes = String::from_utf8(run(&config, &ask).stdout).unwrap();
    assert!(notes.contains("has lapsed"));
}

#[test]
fn a_licensors_word_settles_an_ambiguous_rule() {
    let config = dir("clarified");
    let ask = [
        "license",
        "hunyuan3d-2",
        "--conflict",
        "file headers",
        "--place",
        "JP",
        "--domicile",
        "JP",
        "--output-to",
        "JP",
        "--group-mau-at-release",
        "0",
    ];
    assert_eq!(verdict(&config, &ask), "ambiguous");
    let add = [
        "license",
        "add",
        "tencent-hunyuan3d-2.0",
        "--clarifies",
        "grant",
        "--proof",
        "mail",
    ];
    assert!(run(&config, &add).status.success());
    assert_eq!(verdict(&config, &ask), "permitted-with-conditions");
}

#[test]
fn what_is_wrong_is_said_and_nothing_is_lost() {
    let config = dir("wrong");
    let says = |args: &[&str]| error(&config, args);
    assert!(
        says(&["license", "add", "flux-1-dev-nc", "--proof", "x"]).contains("flux-1-dev-nc-1.")
    );
    assert!(says(&["license", "add", FLUX, "--proof", " "]).contains("--proof"));
    assert!(
        says(&[
            "license",
            "add",
            FLUX,
            "--proof",
            "x",
            "--model",
            "flux.1-dve"
        ])
        .contains("flux.1-dev")
    );
    assert!(
        says(&[
            "license",
            "add",
            FLUX,
            "--proof",
            "x",
            "--clarifies",
            "grnt"
        ])
        .contains("grant")
    );
    assert!(
        says(&[
            "license",
            "add",
            FLUX,
            "--proof",
            "x",
            "--text-sha256",
            "abc"
        ])
        .contains("64")
    );
    // A text without a known hash asks for one.
    assert!(says(&["license", "add", "mit", "--proof", "x"]).contains("--text-sha256"));
    // A damaged file is shown, and stays as it is.
    let file = config.join("licenses.toml");
    let damaged = "[[grant]]\nlicence = \"mit\"\n";
    fs::write(&file, damaged).unwrap();
    let message = says(&["license", "add", FLUX, "--proof", "x"]);
    assert!(
        message.contains("licenses.toml") && message.contains("did you mean `license`?"),
        "{message}"
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), damaged);
}

/// The chooser and the license verbs know the same of the studio.
#[test]
fn facts_of_the_studio_file_reach_every_verb() {
    let config = dir("facts");
    let local = |more: &[&str]| {
        let mut args = vec![
            "choose",
            "--words",
            "1000",
            "--gpu",
            "rtx 4090",
            "--no-rent",
            "--only",
            "text=local",
        ];
        args.extend(more);
        let out = run(&config, &args);
        let report: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
        let rows = report["ruled_out"].as_array().unwrap().clone();
        let llama = rows.into_iter().find(|r| r["model"] == "llama-3.1-8b");
        llama.map_or(String::new(), |r| r["reason"].as_str().unwrap().to_owned())
    };
    let ask = ["license", "llama-3.1-8b"];
    assert_eq!(local(&[]), "license-unknown");
    assert_eq!(verdict(&config, &ask), "unknown");
    fs::write(
        config.join("studio.toml"),
        "[facts]\ngroup_mau_at_release = 0\n",
    )
    .unwrap();
    assert_ne!(local(&[]), "license-unknown");
    assert_eq!(verdict(&config, &ask), "permitted-with-conditions");
    fs::write(
        config.join("studio.toml"),
        "[facts]\ngroup_mau_at_release = \"800M\"\n",
    )
    .unwrap();
    assert_eq!(local(&[]), "license-needed");
    assert_eq!(verdict(&config, &ask), "needs-license");
    // A word that means nothing is said, by either.
    fs::write(
        config.join("studio.toml"),
        "[facts]\ngroup_mau_at_relase = 0\n",
    )
    .unwrap();
    assert!(error(&config, &["choose", "--words", "10"]).contains("group_mau_at_release"));
}

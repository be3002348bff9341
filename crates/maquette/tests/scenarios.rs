//! Runs the scenarios of `tests/scenarios/*.md`: in each fenced `console` block a line `$ maquette …`
//! is run, and what follows must be what it prints, to the byte. `[exit N]` after a command states its
//! exit code (0 if absent). `UPDATE_SCENARIOS=1` writes what it prints now, for a person to read.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios")
}

/// Splits a command line as a shell does, knowing double quotes only.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            _ => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// What the command prints, stdout then stderr, and its exit code when it is not 0.
fn run(command: &str) -> String {
    let config = std::env::temp_dir().join("maquette-scenarios-empty");
    fs::create_dir_all(&config).unwrap();
    let out = Command::new(env!("CARGO_BIN_EXE_maquette"))
        .args(&words(command)[1..])
        .env("MAQUETTE_CONFIG_DIR", &config)
        .env("MAQUETTE_DATA_DIR", &config)
        .env("NO_COLOR", "1")
        .env_remove("COLUMNS")
        .current_dir(root())
        .output()
        .unwrap();
    let mut text = String::from_utf8(out.stdout).unwrap();
    text.push_str(&String::from_utf8(out.stderr).unwrap());
    match out.status.code() {
        Some(0) => {}
        code => {
            text.push_str("[exit ");
            text.push_str(&code.unwrap_or(-1).to_string());
            text.push_str("]\n");
        }
    }
    text
}

/// The file with every command's output as it is now.
fn replay(text: &str) -> String {
    let mut out = String::new();
    let mut in_block = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_block = line == "```console";
            out.push_str(line);
            out.push('\n');
        } else if in_block && line.starts_with("$ ") {
            out.push_str(line);
            out.push('\n');
            out.push_str(&run(&line[2..]));
        } else if !in_block {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

#[test]
fn every_scenario_prints_what_it_says() {
    let mut files: Vec<PathBuf> = fs::read_dir(root())
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    files.retain(|p| p.extension().is_some_and(|x| x == "md"));
    files.sort();
    assert!(
        files.len() >= 3,
        "scenarios are missing from {}",
        root().display()
    );
    let update = std::env::var_os("UPDATE_SCENARIOS").is_some();
    let mut wrong = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        assert!(
            text.contains("$ maquette"),
            "{} runs nothing",
            path.display()
        );
        let now = replay(&text);
        if now != text {
            if update {
                fs::write(&path, now).unwrap();
            } else {
                let at = text
                    .lines()
                    .zip(now.lines())
                    .position(|(a, b)| a != b)
                    .unwrap_or(0);
                let line = |s: &str| s.lines().nth(at).unwrap_or("(end)").to_owned();
                wrong.push(format!(
                    "{}:{}\n  expected: {}\n  printed:  {}",
                    path.display(),
                    at + 1,
                    line(&text),
                    line(&now)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

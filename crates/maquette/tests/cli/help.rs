//! No flag and no command without a word of help.

use crate::run::maquette;

const COMMANDS: [&[&str]; 11] = [
    &[],
    &["choose"],
    &["break-even"],
    &["models"],
    &["prices"],
    &["plans"],
    &["show"],
    &["why"],
    &["catalog"],
    &["catalog", "check"],
    &["schema"],
];

/// The entries of a help page (`--flag <X>  meaning`), each with its meaning on one line.
fn entries(help: &str) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let mut in_list = false;
    for line in help.lines() {
        let text = line.trim_start();
        let indent = line.len() - text.len();
        if indent == 0 {
            in_list = text.ends_with(':');
        } else if in_list && !text.is_empty() {
            let starts = indent <= 2 || (indent <= 6 && text.starts_with('-'));
            if starts {
                let (name, meaning) = text.split_once("  ").unwrap_or((text, ""));
                out.push((name.trim().to_owned(), meaning.trim().to_owned()));
            } else if let Some((_, meaning)) = out.last_mut() {
                meaning.push(' ');
                meaning.push_str(text);
            }
        }
    }
    out
}

#[test]
fn every_flag_and_command_says_what_it_is_for() {
    for path in COMMANDS {
        let help = maquette(&[path, &["--help"][..]].concat()).done().out;
        let found = entries(&help);
        assert!(found.len() >= 5, "{path:?}: {help}");
        for (name, meaning) in found {
            let words = meaning.split('[').next().unwrap_or_default().trim();
            assert!(words.len() >= 8, "{path:?}: {name} says only `{meaning}`");
        }
    }
}

#[test]
fn every_command_is_listed_with_its_own_page() {
    let help = maquette(&["--help"]).done().out;
    for path in &COMMANDS[1..] {
        assert!(help.contains(&format!("\n  {}", path[0])), "{}", path[0]);
        let own = maquette(&[path, &["--help"][..]].concat()).done().out;
        assert!(
            own.contains(&format!("Usage: maquette {}", path.join(" "))),
            "{own}"
        );
    }
}

#[test]
fn the_help_reader_sees_a_flag_without_a_meaning() {
    let page =
        "Usage: x\n\nOptions:\n      --bare <N>\n      --said <N>  Says it\n          wholly\n";
    let found = entries(page);
    assert_eq!(found[0], ("--bare <N>".to_owned(), String::new()));
    assert_eq!(
        found[1],
        ("--said <N>".to_owned(), "Says it wholly".to_owned())
    );
}

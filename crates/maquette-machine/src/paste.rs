//! Readings as one block of text, and back. A paste can carry anything around them: an e-mail, the
//! conclusions, a quotation mark before each line.

use crate::{Reading, Readings};

/// Before the name of each reading.
const HEAD: &str = "--- reading ";
const ERROR: &str = "--- not read: ";
const END: &str = "--- end";

pub(crate) fn write(readings: &Readings) -> String {
    let mut out = String::new();
    for r in &readings.0 {
        out += HEAD;
        out += &r.from;
        out.push('\n');
        match &r.text {
            Ok(text) => {
                for line in text.lines() {
                    // A line of the text that looks like ours is set in.
                    if line.starts_with("---") {
                        out.push(' ');
                    }
                    out += line;
                    out.push('\n');
                }
            }
            Err(why) => {
                out += ERROR;
                out += &why.replace('\n', " ");
                out.push('\n');
            }
        }
        out += END;
        out.push('\n');
    }
    out
}

pub(crate) fn parse(text: &str) -> Readings {
    let mut out = Readings::default();
    let mut open: Option<(String, Vec<&str>, Option<String>)> = None;
    for line in text.lines() {
        let line = line.trim_end_matches('\r');
        let bare = line.trim_start_matches(['>', ' ']);
        if let Some(from) = bare.strip_prefix(HEAD) {
            close(&mut out, open.take());
            open = Some((from.trim().to_owned(), Vec::new(), None));
        } else if bare.starts_with(END) {
            close(&mut out, open.take());
        } else if let Some((_, lines, error)) = &mut open {
            match bare.strip_prefix(ERROR) {
                Some(why) => *error = Some(why.to_owned()),
                None => lines.push(line.trim_start_matches("> ")),
            }
        }
    }
    close(&mut out, open);
    out
}

fn close(out: &mut Readings, open: Option<(String, Vec<&str>, Option<String>)>) {
    if let Some((from, lines, error)) = open {
        let text = match error {
            Some(why) => Err(why),
            None => Ok(lines.join("\n")),
        };
        out.0.push(Reading { from, text });
    }
}

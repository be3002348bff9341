//! Text measured in display columns: cleaning, cutting and wrapping. A wide CJK character takes
//! two columns and a combining mark none, so every length here is a width and never a byte count.

use unicode_width::UnicodeWidthStr;

/// What stands for the part of a text that was cut off; one column wide.
const ELLIPSIS: &str = "…";

/// The display columns that `text` takes.
pub(crate) fn columns(text: &str) -> usize {
    text.width()
}

/// `text` on one line, without characters that could move the cursor or turn the reading
/// direction: each becomes a space (the direction marks, which have no width, go).
pub(crate) fn one_line(text: &str) -> String {
    text.chars()
        .filter(|c| !turns_direction(*c))
        .map(|c| if breaks_line(c) { ' ' } else { c })
        .collect()
}

/// `text` cut to `max` columns, ending in `…` if anything was cut.
pub(crate) fn fit(text: &str, max: usize) -> String {
    if columns(text) <= max {
        return text.to_owned();
    }
    if max == 0 {
        return String::new();
    }
    let cut = longest_prefix(text, |prefix| columns(prefix) < max);
    let mut fitted = cut.trim_end().to_owned();
    fitted.push_str(ELLIPSIS);
    fitted
}

/// `text` broken at spaces into lines of at most `max` columns (at least 1). Line breaks in the
/// text are kept; a word longer than a line is broken inside. Never empty.
pub(crate) fn wrap(text: &str, max: usize) -> Vec<String> {
    let max = max.max(1);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        wrap_paragraph(&one_line(paragraph), max, &mut lines);
    }
    lines
}

/// `text` in at most `most` lines of `room` columns; `…` where that is too few.
pub(crate) fn wrap_at_most(text: &str, room: usize, most: usize) -> Vec<String> {
    let mut lines = wrap(text, room);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = fit(&format!("{last}{}", " ".repeat(room)), room);
        }
    }
    lines
}

/// The widest word of `text`, in columns.
pub(crate) fn longest_word(text: &str) -> usize {
    text.split([' ', '\n']).map(columns).max().unwrap_or(0)
}

fn wrap_paragraph(paragraph: &str, max: usize, lines: &mut Vec<String>) {
    let mut line = String::new();
    for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
        let joined = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if columns(&joined) <= max {
            line = joined;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        line = break_word(word, max, lines);
    }
    lines.push(line);
}

/// Pushes the full lines of a word that is too long and returns what is left of it.
fn break_word(word: &str, max: usize, lines: &mut Vec<String>) -> String {
    let mut rest = word;
    while columns(rest) > max {
        let head = longest_prefix(rest, |prefix| columns(prefix) <= max);
        if head.is_empty() {
            // One character is wider than the line: it cannot be shown.
            lines.push(ELLIPSIS.to_owned());
            rest = &rest[rest.chars().next().map_or(rest.len(), char::len_utf8)..];
        } else {
            lines.push(head.to_owned());
            rest = &rest[head.len()..];
        }
    }
    rest.to_owned()
}

/// The longest prefix, cut between characters, that `fits`; marks that combine with its last
/// character have no width of their own, so they stay with it.
fn longest_prefix(text: &str, fits: impl Fn(&str) -> bool) -> &str {
    let mut longest = "";
    for (at, c) in text.char_indices() {
        let prefix = &text[..at + c.len_utf8()];
        if fits(prefix) {
            longest = prefix;
        } else if columns(prefix) > columns(longest) + 8 {
            break;
        }
    }
    longest
}

fn breaks_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Marks that turn the direction of writing.
pub(crate) fn turns_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_fits_is_left_alone() {
        assert_eq!(fit("Qwen3-8B", 8), "Qwen3-8B");
        assert_eq!(fit("Qwen3-8B", 6), "Qwen3…");
        assert_eq!(fit("模型名称", 5), "模型…");
        assert_eq!(fit("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}…");
        assert_eq!(fit("any", 0), "");
    }

    #[test]
    fn lines_break_at_spaces_and_long_words_inside() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("a\nb", 9), ["a", "b"]);
        assert_eq!(wrap("模", 1), ["…", ""]);
        assert_eq!(wrap("", 4), [""]);
    }

    #[test]
    fn no_escape_sequence_survives() {
        assert_eq!(one_line("a\u{1b}[31mb\u{202e}c"), "a [31mbc");
    }
}

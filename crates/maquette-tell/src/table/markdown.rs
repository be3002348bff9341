//! A table as GitHub's Markdown. Text is escaped so that no cell can open a link, a tag or a
//! further column; what stands in backticks stays code.

use super::{Align, Label, Row, Table};
use crate::width::one_line;

impl Table {
    /// A bold title, the table with its alignment row, and each note as a paragraph.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut parts = Vec::new();
        if let Some(title) = &self.title {
            parts.push(format!("{}\n", strong(&escape(title, false))));
        }
        if !self.columns.is_empty() {
            parts.push(self.pipes());
        }
        for note in &self.notes {
            parts.push(format!("{}\n", paragraph(note)));
        }
        parts.join("\n")
    }

    fn pipes(&self) -> String {
        let heads = self.columns.iter().map(|column| escape(&column.head, true));
        let mut out = line(heads);
        out.push_str(&line(self.columns.iter().map(
            |column| match column.align {
                Align::Left => ":--".to_owned(),
                Align::Right | Align::Decimal => "--:".to_owned(),
            },
        )));
        for row in &self.rows {
            out.push_str(&line((0..self.columns.len()).map(|at| cell(row, at))));
        }
        out
    }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.collect();
    format!("| {} |\n", cells.join(" | "))
}

fn cell(row: &Row, at: usize) -> String {
    let text = row.text(at);
    let label = row.label(at);
    let escaped = match label.mark_for(text) {
        Some(mark) => format!("{mark} {}", escape(text, true)),
        None => escape(text, true),
    };
    match label {
        Label::Strong => strong(&escaped),
        Label::Code if !text.is_empty() && !text.contains('`') => {
            format!("`{}`", one_line(text).replace('|', "\\|"))
        }
        _ => escaped,
    }
}

fn strong(escaped: &str) -> String {
    let text = escaped.trim();
    if text.is_empty() {
        String::new()
    } else {
        format!("**{text}**")
    }
}

/// A sentence that stands by itself, kept from turning into a list, a heading or a quotation.
fn paragraph(text: &str) -> String {
    let escaped = escape(text.trim(), false);
    if escaped.starts_with(['#', '-', '+', '>', '=', '~']) {
        format!("\\{escaped}")
    } else {
        escaped
    }
}

/// `text` with every character escaped that means something outside code; inside a pair of
/// backticks only the pipe does, and only in a table.
fn escape(text: &str, in_table: bool) -> String {
    let text = text.replace("\r\n", "\n");
    let spans: Vec<&str> = text.split('`').collect();
    // An even number of backticks gives an odd number of spans; else none of them is a pair.
    let paired = spans.len() % 2 == 1;
    let mut out = String::new();
    for (nth, span) in spans.iter().enumerate() {
        if nth > 0 {
            out.push_str(if paired { "`" } else { "\\`" });
        }
        let code = paired && nth % 2 == 1;
        let mut previous = ' ';
        let mut chars = span.chars().peekable();
        while let Some(c) = chars.next() {
            let next = chars.peek().copied().unwrap_or(' ');
            match c {
                '|' if in_table => out.push_str("\\|"),
                '\n' if in_table && !code => out.push_str("<br>"),
                '_' if !(code || previous.is_alphanumeric() && next.is_alphanumeric()) => {
                    out.push_str("\\_");
                }
                '\\' | '<' | '&' | '*' | '[' | ']' if !code => {
                    out.push('\\');
                    out.push(c);
                }
                c => out.push_str(&one_line(c.encode_utf8(&mut [0; 4]))),
            }
            previous = c;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::{Cell, Column, Label, Row, Table};

    #[test]
    fn pipes_newlines_and_markup_are_text() {
        let mut table = Table::new(vec![
            Column::left("choice", "Choice"),
            Column::decimal("now", "Now | then"),
        ])
        .title("Your month");
        table.push(Row::group("Images"));
        table.push(Row::body(vec![
            "a|b\nflux_1 [x](y) <i>".into(),
            "$0.21".into(),
        ]));
        table.push(Row::body(vec![
            Cell::from("wan2.2|14b").label(Label::Code),
            Cell::from("unknown").label(Label::Warn),
        ]));
        table.push(Row::total(vec!["Total".into(), "$0.94".into()]));
        table.note("- see `maquette why a|b`");
        let expected = r"
**Your month**

| Choice | Now \| then |
| :-- | --: |
| **Images** |  |
| a\|b<br>flux_1 \[x\](y) \<i> | $0.21 |
| `wan2.2\|14b` | ◆ unknown |
| **Total** | **$0.94** |

\- see `maquette why a|b`
";
        assert_eq!(table.markdown(), expected[1..]);
    }

    #[test]
    fn a_lone_backtick_opens_no_code() {
        let mut table = Table::new(vec![Column::left("a", "A")]);
        table.push(Row::body(vec!["5` [x]".into()]));
        assert!(table.markdown().ends_with("| 5\\` \\[x\\] |\n"));
    }
}

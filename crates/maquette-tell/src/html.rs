//! A document as HTML: no script, every text escaped, a figure that has evidence links to it.

use std::fmt::Write;

use crate::document::{Block, Document};
use crate::locale::Locale;
use crate::table::{Align, Cell, Column, Label, Row, RowKind, Table};
use crate::width::turns_direction;

/// Text as it may stand between tags and in attributes, of SVG too; what XML forbids, control characters and marks that turn the direction
/// of writing are taken out, so that a name from elsewhere cannot rearrange a page.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' | '\r' => out.push(' '),
            c if c.is_control() || turns_direction(c) || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// Marks of direction: embeddings, overrides, isolates.
/// What stands in backticks is code.
pub fn inline(text: &str) -> String {
    let mut out = String::new();
    for (i, part) in text.split('`').enumerate() {
        if i % 2 == 1 {
            out.push_str(&format_code(part));
        } else {
            out.push_str(&escape(part));
        }
    }
    out
}

fn format_code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// The place of an evidence on its page: letters, digits and hyphens of the id stay, any other byte is written in hex.
pub fn anchor(id: &str) -> String {
    let mut out = "e-".to_owned();
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            out.push(char::from(byte));
        } else {
            out.push('_');
            for half in [byte >> 4, byte & 15] {
                out.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
            }
        }
    }
    out
}

/// Where evidence lies, and headings begin.
#[derive(Debug, Clone, Copy)]
pub struct Html<'a> {
    /// The page of evidence.
    pub evidence: &'a str,
    /// Ids that the page has.
    pub known: &'a [String],
    /// Level of the document's own headings.
    pub level: u8,
    /// How figures are written.
    pub locale: &'a Locale,
}

impl Document {
    /// The blocks in order, without a page around them.
    pub fn html(&self, how: Html<'_>) -> String {
        self.blocks.iter().map(|b| block(b, how)).collect()
    }

    /// Ids of evidence that its figures name, in order.
    pub fn evidence(&self) -> Vec<String> {
        let tables = self.blocks.iter().filter_map(|b| match b {
            Block::Table(t) => Some(t),
            _ => None,
        });
        tables
            .flat_map(|t| &t.rows)
            .flat_map(|r| &r.cells)
            .filter_map(|c| c.evidence.clone())
            .collect()
    }
}

fn block(b: &Block, how: Html<'_>) -> String {
    match b {
        Block::Finding(s) => format!("<p class=\"finding\">{}</p>\n", inline(s)),
        Block::Heading(s) => {
            format!("<h{0}>{1}</h{0}>\n", how.level, inline(s))
        }
        Block::Paragraph(s) => format!("<p>{}</p>\n", inline(s)),
        Block::List(items) if items.is_empty() => String::new(),
        Block::List(items) => {
            let mut out = "<ul>\n".to_owned();
            for i in items {
                let _ = writeln!(out, "<li>{}</li>", inline(i));
            }
            out.push_str("</ul>\n");
            out
        }
        Block::Table(t) => table(t, how),
        Block::Verbatim(s) => format!("<pre>{}</pre>\n", verbatim(s)),
    }
}

fn verbatim(s: &str) -> String {
    s.lines().map(escape).collect::<Vec<_>>().join("\n")
}

fn table(t: &Table, how: Html<'_>) -> String {
    let mut out = "<figure>\n".to_owned();
    if let Some(title) = &t.title {
        let _ = writeln!(out, "<figcaption>{}</figcaption>", inline(title));
    }
    out.push_str("<div class=\"wide\" tabindex=\"0\">\n<table>\n<thead><tr>");
    for c in &t.columns {
        let _ = write!(
            out,
            "<th scope=\"col\" class=\"{}\">{}</th>",
            class(c),
            escape(&c.head)
        );
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &t.rows {
        out.push_str(&line(t, row, how));
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
    for note in &t.notes {
        let _ = writeln!(out, "<p class=\"note\">{}</p>", inline(note));
    }
    out.push_str("</figure>\n");
    out
}

fn class(c: &Column) -> String {
    let side = match (c.align, c.wrap) {
        (Align::Left, true) => "l w",
        (Align::Left, false) => "l",
        (Align::Right | Align::Decimal, _) => "r",
    };
    format!("{side} p{}", c.priority)
}

fn line(t: &Table, row: &Row, how: Html<'_>) -> String {
    if row.kind == RowKind::Group {
        let text = row.cells.first().map_or("", |c| c.text.as_str());
        return format!(
            "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{}\">{}</th></tr>\n",
            t.columns.len(),
            inline(text)
        );
    }
    let mut out = match row.kind {
        RowKind::Total => "<tr class=\"total\">".to_owned(),
        _ => "<tr>".to_owned(),
    };
    let none = Cell::default();
    for (i, c) in t.columns.iter().enumerate() {
        let cell = row.cells.get(i).unwrap_or(&none);
        // A day is one word.
        let whole =
            cell.text.len() == 10 && cell.text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let _ = write!(
            out,
            "<td class=\"{}{}{}\">{}</td>",
            class(c),
            meaning(cell.label),
            if whole { " n" } else { "" },
            figure(cell, c, how)
        );
    }
    out.push_str("</tr>\n");
    out
}

fn meaning(label: Label) -> &'static str {
    match label {
        Label::Plain => "",
        Label::Good => " good",
        Label::Warn => " warn",
        Label::Bad => " bad",
        Label::Dim => " dim",
        Label::Strong => " strong",
        Label::Code => " code",
    }
}

fn figure(cell: &Cell, column: &Column, how: Html<'_>) -> String {
    // Columns of figures, and values that are nothing else.
    let written = match column.align {
        Align::Right | Align::Decimal => how.locale.figures(&cell.text),
        Align::Left => how.locale.value(&cell.text),
    };
    let text = inline(&written);
    let marked = match cell.label.mark_for(&cell.text) {
        Some(mark) => format!("<span class=\"mark\">{mark}</span> {text}"),
        None => text,
    };
    match &cell.evidence {
        Some(id) if how.known.contains(id) => format!(
            "<a class=\"fig\" href=\"{}#{}\">{marked}</a>",
            how.evidence,
            anchor(id)
        ),
        _ => marked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_stays_a_name() {
        let hostile = "<script>alert(1)</script>\" onload='x' \u{202e}evil\u{0007} & `<b>`";
        let text = inline(hostile);
        assert!(!text.contains("<script") && !text.contains("<b>"), "{text}");
        assert!(
            !text.contains('\u{202e}') && !text.contains('\u{7}'),
            "{text}"
        );
        assert!(text.contains("<code>&lt;b&gt;</code>"), "{text}");
    }

    #[test]
    fn anchors_tell_ids_apart() {
        assert_eq!(anchor("fal/flux.1#2"), "e-fal_2fflux_2e1_232");
        assert_ne!(anchor("a/b"), anchor("a_b"));
    }
}

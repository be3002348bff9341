//! A page of an answer: sentences and tables in order, written as text, Markdown or CSV.

use crate::table::{Cell, Column, Row, Table};
use crate::width;

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Text {
        width: usize,
        color: bool,
    },
    Markdown,
    /// One table of records: the document's own, or its first.
    Csv,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// The answer, in a sentence.
    Finding(String),
    Heading(String),
    Paragraph(String),
    /// Lines of one kind, each with a mark before it.
    List(Vec<String>),
    Table(Table),
    /// Lines as they are: nothing wrapped, nothing coloured.
    Verbatim(String),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    pub blocks: Vec<Block>,
    /// The records behind the page, where no table of it holds them all.
    pub records: Option<Table>,
}

/// A table of records: exact values under machine-readable names, for CSV.
pub fn records(keys: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Table {
    let mut t = Table::new(keys.iter().map(|k| Column::left(*k, *k)).collect());
    for row in rows {
        t.push(Row::body(row.into_iter().map(Cell::from).collect()));
    }
    t
}

impl Document {
    pub fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }

    /// The whole page; ends with a line end.
    pub fn render(&self, look: Look) -> String {
        if look == Look::Csv {
            let first = self.blocks.iter().find_map(|b| match b {
                Block::Table(t) => Some(t),
                _ => None,
            });
            return self
                .records
                .as_ref()
                .or(first)
                .map(Table::csv)
                .unwrap_or_default();
        }
        let parts: Vec<String> = self
            .blocks
            .iter()
            .filter_map(|b| match look {
                Look::Text { width, color } => Some(text(b, width, color)),
                Look::Markdown => Some(markdown(b)),
                Look::Csv => None,
            })
            .map(|p| p.trim_end_matches('\n').to_owned())
            .filter(|p| !p.is_empty())
            .collect();
        let mut page = parts.join("\n\n");
        page.push('\n');
        page
    }
}

fn text(block: &Block, columns: usize, color: bool) -> String {
    let strong = |s: &str| {
        if color {
            format!("\u{1b}[1m{s}\u{1b}[0m")
        } else {
            s.to_owned()
        }
    };
    match block {
        Block::Finding(s) => width::wrap(&s.replace(|c: char| c.is_control(), " "), columns)
            .iter()
            .map(|l| strong(l))
            .collect::<Vec<_>>()
            .join("\n"),
        Block::Heading(s) => strong(&width::wrap(s, columns).join("\n")),
        Block::Paragraph(s) => width::wrap(s, columns).join("\n"),
        Block::List(items) => {
            let all: Vec<String> = items
                .iter()
                .flat_map(|item| {
                    let mut wrapped = width::wrap(item, columns.saturating_sub(2)).into_iter();
                    let first = wrapped.next().map(|l| format!("- {l}"));
                    first
                        .into_iter()
                        .chain(wrapped.map(|l| format!("  {l}")))
                        .collect::<Vec<_>>()
                })
                .collect();
            all.join("\n")
        }
        Block::Table(t) => t.text(columns, color),
        Block::Verbatim(s) => s.clone(),
    }
}

/// A name from a file may hold anything: no control character and no markup leaves here.
fn plain(s: &str) -> String {
    let clean = s.chars().map(|c| if c.is_control() { ' ' } else { c });
    clean.collect::<String>().replace('<', "&lt;")
}

fn markdown(block: &Block) -> String {
    match block {
        Block::Finding(s) => format!("**{}**", plain(s)),
        Block::Heading(s) => format!("## {}", plain(s)),
        Block::Paragraph(s) => plain(s),
        Block::List(items) => items
            .iter()
            .map(|i| format!("- {i}"))
            .collect::<Vec<_>>()
            .join("\n"),
        Block::Table(t) => t.markdown(),
        Block::Verbatim(s) => format!("```text\n{}\n```", s.trim_end()),
    }
}

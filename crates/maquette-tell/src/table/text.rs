//! A table for the terminal: no boxes, a rule under the head and above totals, numbers on their
//! point. Colour is laid over text that is complete without it.

use super::layout::{GUTTER, Layout, Shown, content, lay_out, tail, total};
use super::{Align, Label, Row, RowKind, Table};
use crate::width::{columns, fit, one_line, wrap};

/// Spaces before the table, under a title that has none.
const MARGIN: usize = 2;
/// Below this width the margin is worth more than the look.
const MARGIN_FROM: usize = 40;

impl Table {
    /// The table in lines of at most `width` display columns, each ended by a newline; empty
    /// where `width` is 0. Columns that do not fit are dropped by priority and named in the last
    /// line. `color` adds terminal codes; the words and marks are the same without.
    #[must_use]
    pub fn text(&self, width: usize, color: bool) -> String {
        if width == 0 {
            return String::new();
        }
        let margin = if width >= MARGIN_FROM { MARGIN } else { 0 };
        let mut pen = Pen {
            out: String::new(),
            room: width - margin,
            margin: 0,
            color,
        };
        if let Some(title) = &self.title {
            pen.room = width;
            pen.paragraph(title, Label::Strong);
            pen.room = width - margin;
        }
        pen.margin = margin;
        let mut unseen = Vec::new();
        if !self.columns.is_empty() {
            pen.gap();
            match lay_out(self, pen.room) {
                Layout::Columns { shown, dropped } => {
                    self.side_by_side(&mut pen, &shown);
                    unseen = dropped;
                }
                Layout::Stacked => self.stacked(&mut pen),
            }
        }
        if !(self.notes.is_empty() && unseen.is_empty()) {
            pen.gap();
        }
        for note in &self.notes {
            pen.paragraph(note, Label::Plain);
        }
        if !unseen.is_empty() {
            let heads: Vec<String> = unseen.iter().map(|&at| self.head(at)).collect();
            let line = format!("not shown at this width: {}", heads.join(", "));
            pen.paragraph(&line, Label::Dim);
        }
        pen.out
    }

    fn side_by_side(&self, pen: &mut Pen, shown: &[Shown]) {
        let rule = "─".repeat(total(shown));
        let mut last = None;
        if shown
            .iter()
            .any(|column| !self.columns[column.index].head.is_empty())
        {
            pen.line(self.head_line(shown));
            pen.line(vec![(0, rule.clone(), Label::Dim)]);
        }
        for row in &self.rows {
            match row.kind {
                RowKind::Group => {
                    if last.is_some() {
                        pen.gap();
                    }
                    pen.paragraph(row.text(0), row.label(0));
                }
                RowKind::Total if last.is_some_and(|kind| kind != RowKind::Total) => {
                    pen.line(vec![(0, rule.clone(), Label::Dim)]);
                    self.row(pen, row, shown);
                }
                RowKind::Body | RowKind::Total => self.row(pen, row, shown),
            }
            last = Some(row.kind);
        }
    }

    fn head_line(&self, shown: &[Shown]) -> Vec<Piece> {
        let mut at = 0;
        let mut pieces = Vec::new();
        for column in shown {
            let head = fit(&one_line(&self.columns[column.index].head), column.width);
            let before = match self.columns[column.index].align {
                Align::Left => 0,
                Align::Right | Align::Decimal => column.width - columns(&head),
            };
            pieces.push((at + before, head, Label::Dim));
            at += column.width + GUTTER;
        }
        pieces
    }

    /// One row, on as many lines as its longest wrapped cell takes.
    fn row(&self, pen: &mut Pen, row: &Row, shown: &[Shown]) {
        let mut lines: Vec<Vec<Piece>> = vec![Vec::new()];
        let mut at = 0;
        for column in shown {
            let spec = &self.columns[column.index];
            let label = row.label(column.index);
            let text = content(row, column.index, spec);
            if spec.wraps() {
                for (nth, part) in wrap(&text, column.width).into_iter().enumerate() {
                    if nth == lines.len() {
                        lines.push(Vec::new());
                    }
                    lines[nth].push((at, part, label));
                }
            } else {
                let before = match (spec.align, tail(&text, spec.align)) {
                    (Align::Left, _) => 0,
                    (_, Some(tail)) => {
                        (column.width + tail).saturating_sub(column.tail + columns(&text))
                    }
                    (_, None) => column.width.saturating_sub(columns(&text)),
                };
                lines[0].push((at + before, fit(&text, column.width), label));
            }
            at += column.width + GUTTER;
        }
        for line in lines {
            pen.line(line);
        }
    }

    /// For widths that hold no table: every cell after its head, a blank line between rows.
    fn stacked(&self, pen: &mut Pen) {
        for (nth, row) in self.rows.iter().enumerate() {
            if nth > 0 {
                pen.gap();
            }
            if row.is_group() {
                pen.paragraph(row.text(0), row.label(0));
                continue;
            }
            for (index, column) in self.columns.iter().enumerate() {
                let text = content(row, index, column);
                match (text.is_empty(), column.head.is_empty()) {
                    (true, _) => {}
                    (false, true) => pen.paragraph(&text, row.label(index)),
                    (false, false) => {
                        let line = format!("{}: {text}", column.head);
                        pen.paragraph(&line, row.label(index));
                    }
                }
            }
        }
    }

    /// What a column is called in a sentence.
    fn head(&self, index: usize) -> String {
        let column = &self.columns[index];
        if column.head.is_empty() {
            column.key.clone()
        } else {
            one_line(&column.head)
        }
    }
}

/// A text that starts at a display column.
type Piece = (usize, String, Label);

/// Writes lines inside a margin.
struct Pen {
    out: String,
    room: usize,
    margin: usize,
    color: bool,
}

impl Pen {
    /// A line of pieces in order; nothing but pieces has width, so no line ends in spaces.
    fn line(&mut self, pieces: Vec<Piece>) {
        let mut cursor = 0;
        for (start, text, label) in pieces {
            let text = text.trim_end();
            if text.is_empty() {
                continue;
            }
            let start = start + self.margin;
            self.out.push_str(&" ".repeat(start.saturating_sub(cursor)));
            if self.color {
                self.out.push_str(&label.paint(text));
            } else {
                self.out.push_str(text);
            }
            cursor = start + columns(text);
        }
        self.out.push('\n');
    }

    /// Text over the whole room.
    fn paragraph(&mut self, text: &str, label: Label) {
        for line in wrap(text, self.room) {
            self.line(vec![(0, line, label)]);
        }
    }

    /// One blank line, unless nothing has been written.
    fn gap(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }
}

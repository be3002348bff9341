//! What holds for every table, whatever its cells hold.

#![allow(clippy::unwrap_used)]

use super::{Align, Cell, Column, Label, Row, RowKind, Table};
use crate::width::columns;
use proptest::prelude::*;

fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z ]{0,12}",
        2 => "[$]?[0-9]{1,5}([.][0-9]{1,3})?( GB)?",
        1 => "[模型価格한글，]{1,8}",
        1 => Just("e\u{301}\u{302}".to_owned()),
        1 => Just("👩\u{200d}👩\u{200d}👧 ❤\u{fe0f} 🇩🇪".to_owned()),
        1 => Just("\u{1b}[31m\t\r\u{202e}".to_owned()),
        1 => Just("\n".to_owned()),
        1 => any::<String>(),
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

fn any_cell() -> impl Strategy<Value = Cell> {
    let label = prop::sample::select(vec![
        Label::Plain,
        Label::Good,
        Label::Warn,
        Label::Bad,
        Label::Dim,
        Label::Strong,
        Label::Code,
    ]);
    (any_text(), label).prop_map(|(text, label)| Cell::from(text).label(label))
}

fn any_column() -> impl Strategy<Value = Column> {
    let align = prop::sample::select(vec![Align::Left, Align::Right, Align::Decimal]);
    (any_text(), align, 1u8..5, any::<bool>()).prop_map(|(head, align, priority, wrap)| Column {
        key: "key".to_owned(),
        head,
        align,
        priority,
        wrap,
    })
}

fn any_table() -> impl Strategy<Value = Table> {
    let kind = prop::sample::select(vec![
        RowKind::Body,
        RowKind::Body,
        RowKind::Total,
        RowKind::Group,
    ]);
    let row = (prop::collection::vec(any_cell(), 0..6), kind)
        .prop_map(|(cells, kind)| Row { cells, kind });
    (
        prop::option::of(any_text()),
        prop::collection::vec(any_column(), 0..6),
        prop::collection::vec(row, 0..6),
        prop::collection::vec(any_text(), 0..2),
    )
        .prop_map(|(title, columns, rows, notes)| Table {
            title,
            columns,
            rows,
            notes,
        })
}

/// The text without the codes that `color` adds; the cells themselves can bring none.
fn without_color(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
    }
    plain
}

proptest! {
    #[test]
    fn no_line_is_wider_than_asked(table in any_table(), width in 0usize..120) {
        for line in table.text(width, false).lines() {
            prop_assert!(columns(line) <= width, "{} > {width}: {line:?}", columns(line));
            prop_assert!(!line.ends_with(' '));
            prop_assert!(!line.contains(char::is_control));
        }
    }

    #[test]
    fn color_adds_nothing_to_the_words(table in any_table(), width in 0usize..120) {
        prop_assert_eq!(without_color(&table.text(width, true)), table.text(width, false));
    }

    #[test]
    fn csv_holds_the_exact_text(text in any_text()) {
        let mut table = Table::new(vec![Column::left("key", "Head")]);
        table.push(Row::body(vec![text.clone().into()]));
        let csv = table.csv();
        let field = csv.strip_prefix("key\r\n").unwrap().strip_suffix("\r\n").unwrap();
        let field = match field.strip_prefix('"') {
            Some(quoted) => quoted.strip_suffix('"').unwrap().replace("\"\"", "\""),
            None => field.to_owned(),
        };
        prop_assert_eq!(field, text);
    }

    #[test]
    fn markdown_keeps_one_row_a_line(mut table in any_table()) {
        table.title = None;
        table.notes.clear();
        let expected = if table.columns.is_empty() { 0 } else { table.rows.len() + 2 };
        prop_assert_eq!(table.markdown().lines().count(), expected);
    }
}

//! Which columns are shown at a width, and how wide each is. Columns go by priority first; only
//! then do text columns shrink. A number is never cut: without room for it the table is stacked.

use super::{Align, Column, Row, Table};
use crate::width::{columns, longest_word, one_line};

/// Spaces between two columns.
pub(super) const GUTTER: usize = 2;
/// A wrapped column is not made narrower than this while another column can be dropped.
const COMFORTABLE: usize = 12;
/// A text column is not cut below this: the table is stacked instead.
const NARROWEST: usize = 8;
/// A longer word may be broken inside.
const LONG_WORD: usize = 24;

/// How a table stands at a width.
pub(super) enum Layout {
    /// Side by side; `dropped` are the indices of the columns that had no room.
    Columns {
        shown: Vec<Shown>,
        dropped: Vec<usize>,
    },
    /// Each cell on a line of its own, after its head.
    Stacked,
}

/// A column on show.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub index: usize,
    pub width: usize,
    /// The columns kept free to the right of the point, in a column of numbers.
    pub tail: usize,
    natural: usize,
    priority: u8,
    wraps: bool,
    shrinks: bool,
}

/// Lays `table` out in `room` display columns.
pub(super) fn lay_out(table: &Table, room: usize) -> Layout {
    let mut shown: Vec<Shown> = (0..table.columns.len())
        .map(|index| measure(table, index))
        .collect();
    let mut dropped = Vec::new();
    while total(&shown) > room {
        // `max_by_key` takes the last of equals: of one priority, the rightmost goes first.
        let last = (0..shown.len()).max_by_key(|&at| shown[at].priority);
        match last {
            Some(at) if shown[at].priority > 1 => dropped.push(shown.remove(at).index),
            _ => break,
        }
    }
    dropped.sort_unstable();
    if total(&shown) > room && !(shrink(&mut shown, room, true) || shrink(&mut shown, room, false))
    {
        return Layout::Stacked;
    }
    grow(&mut shown, room);
    Layout::Columns { shown, dropped }
}

/// The columns that a row of these takes.
pub(super) fn total(shown: &[Shown]) -> usize {
    let gutters = GUTTER * shown.len().saturating_sub(1);
    shown.iter().map(|column| column.width).sum::<usize>() + gutters
}

/// The text of a cell on one line, with the mark of its label before it, or after a number.
pub(super) fn content(row: &Row, index: usize, column: &Column) -> String {
    let text = if column.wraps() {
        row.text(index).to_owned()
    } else {
        one_line(row.text(index))
    };
    match (row.label(index).mark_for(&text), column.align) {
        (None, _) => text,
        (Some(mark), Align::Left) => format!("{mark} {text}"),
        (Some(mark), Align::Right | Align::Decimal) => format!("{text} {mark}"),
    }
}

/// The columns of `content` to the right of where its column aligns; `None` stands flush right.
pub(super) fn tail(content: &str, align: Align) -> Option<usize> {
    match align {
        Align::Left => None,
        Align::Right => {
            let marked = [" ●", " ◆", " ■"]
                .iter()
                .any(|mark| content.ends_with(mark));
            Some(if marked { 2 } else { 0 })
        }
        Align::Decimal => integer_end(content).map(|end| columns(&content[end..])),
    }
}

/// Where the whole part of the first number ends: before its point, or after its last digit.
fn integer_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let start = bytes.iter().position(u8::is_ascii_digit)?;
    let mut end = start;
    while end < bytes.len() {
        let digit = bytes[end].is_ascii_digit();
        let separator = bytes[end] == b',' && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !(digit || separator) {
            break;
        }
        end += 1;
    }
    // ".5" has no whole part: its point is the place.
    let bare = start > 0
        && bytes[start - 1] == b'.'
        && !start
            .checked_sub(2)
            .is_some_and(|at| bytes[at].is_ascii_digit());
    Some(if bare { start - 1 } else { end })
}

fn measure(table: &Table, index: usize) -> Shown {
    let column = &table.columns[index];
    let head = columns(&one_line(&column.head));
    let (mut whole, mut before, mut after, mut word) = (head, 0, 0, 0);
    for row in table.rows.iter().filter(|row| !row.is_group()) {
        let content = content(row, index, column);
        let width = content.split('\n').map(columns).max().unwrap_or(0);
        whole = whole.max(width);
        if let Some(tail) = tail(&content, column.align) {
            before = before.max(width.saturating_sub(tail));
            after = after.max(tail);
        }
        word = word.max(longest_word(&content));
    }
    let natural = whole.max(before + after);
    let comfortable = word.clamp(COMFORTABLE, LONG_WORD).max(head);
    Shown {
        index,
        width: if column.wraps() {
            natural.min(comfortable)
        } else {
            natural
        },
        tail: after,
        natural,
        priority: column.priority,
        wraps: column.wraps(),
        shrinks: column.align == Align::Left,
    }
}

/// Narrows the widest text columns, one step at a time, until the row fits; `wrapped` narrows
/// only those that lose nothing by it. Says whether the row fits now.
fn shrink(shown: &mut [Shown], room: usize, wrapped: bool) -> bool {
    while total(shown) > room {
        let widest = shown
            .iter_mut()
            .filter(|column| column.shrinks && (column.wraps || !wrapped))
            .filter(|column| column.width > NARROWEST)
            .max_by_key(|column| column.width);
        match widest {
            Some(column) => column.width -= 1,
            None => return false,
        }
    }
    true
}

/// Gives the room that is left to the wrapped columns that lack most.
fn grow(shown: &mut [Shown], room: usize) {
    let mut spare = room.saturating_sub(total(shown));
    while spare > 0 {
        let needy = shown
            .iter_mut()
            .filter(|column| column.wraps && column.width < column.natural)
            .max_by_key(|column| column.natural - column.width);
        match needy {
            Some(column) => column.width += 1,
            None => return,
        }
        spare -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_point_is_found_in_the_first_number() {
        let whole = |text| integer_end(text).map(|end| &text[..end]);
        assert_eq!(whole("$1,234.50"), Some("$1,234"));
        assert_eq!(whole("7 GB"), Some("7"));
        assert_eq!(whole("from $0.21, or 3"), Some("from $0"));
        assert_eq!(whole(".5"), Some(""));
        assert_eq!(whole("not published"), None);
    }
}

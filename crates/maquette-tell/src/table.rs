//! A table as a value: columns with a meaning and a priority, rows of text cells. One table
//! renders to text, Markdown, CSV and JSON, so that every face shows the same figures.

mod csv;
mod label;
mod layout;
#[cfg(test)]
mod looks;
mod markdown;
#[cfg(test)]
mod properties;
mod text;

pub use label::Label;

/// Columns and rows, with a title above and notes below. A row shorter than the columns is
/// filled with empty cells; cells beyond the last column are not shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    pub title: Option<String>,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// Sentences under the table, one a line. A part in backticks is a command or a name.
    pub notes: Vec<String>,
}

/// How a column stands in text: numbers to the right, or on their decimal point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
    /// On the point of the first number in each cell; a cell without digits stands right.
    Decimal,
}

/// One column: its key in CSV and JSON, its head in text and Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub key: String,
    pub head: String,
    pub align: Align,
    /// 1 is never dropped; where the width is short, the largest number goes first.
    pub priority: u8,
    /// Long text continues on further lines. Has no effect on columns of numbers.
    pub wrap: bool,
}

/// What a row is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    Body,
    /// Stands under a rule.
    Total,
    /// A heading for the rows that follow, in its first cell. It is no record: CSV and JSON
    /// leave it out.
    Group,
}

/// One row of cells, in the order of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub cells: Vec<Cell>,
    pub kind: RowKind,
}

/// A text with its meaning and, for a figure, the name of its evidence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    pub label: Label,
    pub evidence: Option<String>,
}

impl Table {
    /// A table with these columns and nothing else yet.
    #[must_use]
    pub fn new(columns: Vec<Column>) -> Self {
        Self {
            columns,
            ..Self::default()
        }
    }

    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Adds a row at the end.
    pub fn push(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// Adds a note at the end.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
}

impl Column {
    /// Text.
    #[must_use]
    pub fn left(key: impl Into<String>, head: impl Into<String>) -> Self {
        Self::new(key.into(), head.into(), Align::Left)
    }

    /// Whole numbers, and anything else that ends in the same unit.
    #[must_use]
    pub fn right(key: impl Into<String>, head: impl Into<String>) -> Self {
        Self::new(key.into(), head.into(), Align::Right)
    }

    /// Numbers with a fraction.
    #[must_use]
    pub fn decimal(key: impl Into<String>, head: impl Into<String>) -> Self {
        Self::new(key.into(), head.into(), Align::Decimal)
    }

    /// Sets when the column is dropped; 0 counts as 1, which is never.
    #[must_use]
    pub fn priority(mut self, priority: u8) -> Self {
        self.priority = priority.max(1);
        self
    }

    /// Lets long text continue on further lines.
    #[must_use]
    pub fn wrap(mut self) -> Self {
        self.wrap = true;
        self
    }

    fn new(key: String, head: String, align: Align) -> Self {
        Self {
            key,
            head,
            align,
            priority: 1,
            wrap: false,
        }
    }

    fn wraps(&self) -> bool {
        self.wrap && self.align == Align::Left
    }
}

impl Row {
    #[must_use]
    pub fn body(cells: Vec<Cell>) -> Self {
        Self {
            cells,
            kind: RowKind::Body,
        }
    }

    #[must_use]
    pub fn total(cells: Vec<Cell>) -> Self {
        Self {
            cells,
            kind: RowKind::Total,
        }
    }

    #[must_use]
    pub fn group(heading: impl Into<Cell>) -> Self {
        Self {
            cells: vec![heading.into()],
            kind: RowKind::Group,
        }
    }

    fn is_group(&self) -> bool {
        self.kind == RowKind::Group
    }

    /// The text at a column, empty where the row is short.
    fn text(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| &cell.text)
    }

    /// The meaning at a column: a total that says nothing else is strong, a heading always.
    fn label(&self, column: usize) -> Label {
        let own = self
            .cells
            .get(column)
            .map_or(Label::Plain, |cell| cell.label);
        match (self.kind, own) {
            (RowKind::Total | RowKind::Group, Label::Plain) => Label::Strong,
            (_, own) => own,
        }
    }
}

impl Cell {
    #[must_use]
    pub fn label(mut self, label: Label) -> Self {
        self.label = label;
        self
    }

    /// Names the evidence of the figure in this cell.
    #[must_use]
    pub fn evidence(mut self, evidence: impl Into<String>) -> Self {
        self.evidence = Some(evidence.into());
        self
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }
}

//! A table as JSON: an array of objects, one a line, from key to text. A fallback only: a report
//! that has a shape of its own serialises that.

use super::Table;
use serde_json::Value;

impl Table {
    /// An array with an object for every row that is not a group heading, keys in the order of
    /// the columns, every value the text of its cell.
    #[must_use]
    pub fn json(&self) -> String {
        let objects: Vec<String> = self
            .rows
            .iter()
            .filter(|row| !row.is_group())
            .map(|row| {
                let members: Vec<String> = self
                    .columns
                    .iter()
                    .enumerate()
                    .map(|(at, column)| {
                        format!("{}: {}", quoted(&column.key), quoted(row.text(at)))
                    })
                    .collect();
                format!("  {{{}}}", members.join(", "))
            })
            .collect();
        if objects.is_empty() {
            return "[]\n".to_owned();
        }
        format!("[\n{}\n]\n", objects.join(",\n"))
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::{Column, Row, Table};

    #[test]
    fn one_object_a_line_in_the_order_of_the_columns() {
        let mut table = Table::new(vec![
            Column::left("work", "Work"),
            Column::decimal("now", "Now"),
        ]);
        assert_eq!(table.json(), "[]\n");
        table.push(Row::body(vec!["a \"quoted\"\nname".into(), "$0.21".into()]));
        table.push(Row::total(vec!["Total".into()]));
        let expected = r#"
[
  {"work": "a \"quoted\"\nname", "now": "$0.21"},
  {"work": "Total", "now": ""}
]
"#;
        assert_eq!(table.json(), expected[1..]);
    }
}

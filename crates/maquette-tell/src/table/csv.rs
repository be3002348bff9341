//! A table as CSV after RFC 4180: exact text, quoted wherever a reader could take it otherwise.

use super::Table;

impl Table {
    /// A line of keys, then a line for every row that is not a group heading; lines end in CRLF.
    /// Text is never changed: what a spreadsheet might read as a formula is quoted, no more.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut out = String::new();
        line(
            &mut out,
            self.columns.iter().map(|column| column.key.as_str()),
        );
        for row in self.rows.iter().filter(|row| !row.is_group()) {
            line(&mut out, (0..self.columns.len()).map(|at| row.text(at)));
        }
        out
    }
}

fn line<'a>(out: &mut String, fields: impl Iterator<Item = &'a str>) {
    for (nth, field) in fields.enumerate() {
        if nth > 0 {
            out.push(',');
        }
        if needs_quotes(field) {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(field);
        }
    }
    out.push_str("\r\n");
}

fn needs_quotes(field: &str) -> bool {
    field.contains([',', '"', '\r', '\n', ';', '\t'])
        || field.starts_with([' ', '=', '+', '-', '@'])
        || field.ends_with(' ')
}

#[cfg(test)]
mod tests {
    use super::super::{Column, Row, Table};

    #[test]
    fn text_is_exact_and_quoted_only_where_it_must_be() {
        let mut table = Table::new(vec![
            Column::left("work", "Work"),
            Column::decimal("now_usd", "Now"),
        ]);
        table.push(Row::group("Images"));
        table.push(Row::body(vec!["50,000 words".into(), "0.04".into()]));
        table.push(Row::body(vec!["say \"hi\"".into(), "-1.00".into()]));
        table.push(Row::body(vec!["=SUM(A1)".into()]));
        table.push(Row::total(vec!["Total".into(), "0.94".into()]));
        let expected = r#"
work,now_usd
"50,000 words",0.04
"say ""hi""","-1.00"
"=SUM(A1)",
Total,0.94
"#;
        assert_eq!(table.csv().replace("\r\n", "\n"), expected[1..]);
        assert!(table.csv().ends_with("\r\n"));
    }
}

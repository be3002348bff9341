//! Small readers of what the program writes, strict on purpose.

/// CSV after RFC 4180: tables parted by empty lines; every row as long as its header.
pub fn csv(text: &str) -> Vec<Vec<Vec<String>>> {
    let mut tables = vec![Vec::new()];
    let mut row = Vec::new();
    let mut field = String::new();
    let mut chars = text.chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        match (c, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            ('"', true) => {
                quoted = false;
                let next = chars.peek();
                assert!(
                    matches!(next, Some(',' | '\r')),
                    "text after a closing quote: {next:?}"
                );
            }
            ('"', false) => {
                assert!(field.is_empty(), "a quote inside a bare field: {field}");
                quoted = true;
            }
            (',', false) => row.push(std::mem::take(&mut field)),
            ('\r', false) => assert_eq!(chars.peek(), Some(&'\n'), "a bare CR"),
            ('\n', false) => {
                row.push(std::mem::take(&mut field));
                let done = std::mem::take(&mut row);
                if done == [""] {
                    tables.push(Vec::new());
                } else {
                    tables.last_mut().unwrap().push(done);
                }
            }
            _ => field.push(c),
        }
    }
    assert!(
        !quoted && row.is_empty() && field.is_empty(),
        "an unfinished line"
    );
    tables.retain(|t| !t.is_empty());
    for table in &tables {
        for row in table {
            assert_eq!(row.len(), table[0].len(), "{row:?} under {:?}", table[0]);
        }
    }
    tables
}

/// The tables of a Markdown text; every row has as many cells as its rule line.
pub fn markdown_tables(text: &str) -> usize {
    let mut columns = None;
    let mut tables = 0;
    let lines: Vec<&str> = text.lines().collect();
    for (i, line) in lines.iter().enumerate() {
        if !line.starts_with('|') {
            columns = None;
            continue;
        }
        assert!(line.ends_with('|'), "{line}");
        let cells = cells(line);
        if columns.is_none() {
            tables += 1;
            let rule = lines.get(i + 1).copied().unwrap_or_default();
            assert!(
                rule.starts_with("| ") && rule.contains("--"),
                "no rule under {line}"
            );
        }
        assert_eq!(*columns.get_or_insert(cells), cells, "{line}");
    }
    tables
}

fn cells(line: &str) -> usize {
    let mut escaped = false;
    let mut bars = 0;
    for c in line.chars() {
        if c == '|' && !escaped {
            bars += 1;
        }
        escaped = c == '\\' && !escaped;
    }
    bars - 1
}

#[test]
fn the_readers_are_strict() {
    assert_eq!(csv("a,b\r\n1,\"x \"\"y\"\", z\"\r\n\r\nc\r\n").len(), 2);
    assert!(std::panic::catch_unwind(|| csv("a,b\r\n1\r\n")).is_err());
    assert!(std::panic::catch_unwind(|| csv("a,b\r\n1,\"x\r\n")).is_err());
    assert_eq!(
        markdown_tables("| a | b |\n| -- | -- |\n| x \\| y | z |\n"),
        1
    );
    assert!(std::panic::catch_unwind(|| markdown_tables("| a |\n| -- |\n| x | y |\n")).is_err());
}

//! The small language in which a claim says how it is re-derived: decimals, texts, calls, comparisons.
//!
//! `10 * price("fal/wan2.2-turbo#3") <= print`. A value that nobody knows makes the whole not checkable; a
//! mistake in the formula is an error with its place.

use rust_decimal::Decimal;

/// What a part of a formula comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Number(Decimal),
    Text(String),
    Truth(bool),
}

impl Value {
    pub fn words(&self) -> String {
        match self {
            Value::Number(n) => n.round_dp(6).normalize().to_string(),
            Value::Text(t) => t.clone(),
            Value::Truth(true) => "yes".to_owned(),
            Value::Truth(false) => "no".to_owned(),
        }
    }
}

/// Why there is no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// Nobody knows: what is missing.
    Unknown(String),
    /// The formula is wrong.
    Wrong(String),
}

pub type Found = Result<Value, Lack>;

pub fn wrong<T>(why: impl Into<String>) -> Result<T, Lack> {
    Err(Lack::Wrong(why.into()))
}

pub fn unknown<T>(why: impl Into<String>) -> Result<T, Lack> {
    Err(Lack::Unknown(why.into()))
}

/// Where names and calls get their values.
pub trait World {
    fn name(&self, name: &str) -> Found;
    /// `written` is the call as it stands in the formula.
    fn call(&self, written: &str, function: &str, arguments: &[Value]) -> Found;
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(Decimal),
    Text(String),
    Name(String),
    Mark(&'static str),
}

const MARKS: [&str; 14] = [
    "<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/", "(", ")", ",", "%",
];

fn tokens(text: &str) -> Result<Vec<(Token, usize, usize)>, Lack> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let first = rest.chars().next().unwrap_or(' ');
        let length = if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        } else if first == '"' {
            let Some(end) = rest[1..].find('"') else {
                return wrong(format!("a text is not closed: {rest}"));
            };
            out.push((Token::Text(rest[1..=end].to_owned()), at, at + end + 2));
            end + 2
        } else if first.is_ascii_digit() {
            let end = rest
                .find(|c: char| !(c.is_ascii_digit() || c == '.'))
                .unwrap_or(rest.len());
            let Ok(number) = rest[..end].parse() else {
                return wrong(format!("`{}` is no number", &rest[..end]));
            };
            out.push((Token::Number(number), at, at + end));
            end
        } else if first.is_alphabetic() {
            let end = rest
                .find(|c: char| !(c.is_alphanumeric() || c == '_'))
                .unwrap_or(rest.len());
            out.push((Token::Name(rest[..end].to_owned()), at, at + end));
            end
        } else if let Some(mark) = MARKS.iter().find(|m| rest.starts_with(**m)) {
            out.push((Token::Mark(mark), at, at + mark.len()));
            mark.len()
        } else {
            return wrong(format!("`{first}` means nothing here"));
        };
        at += length;
    }
    Ok(out)
}

/// The value of a formula.
pub fn evaluate(text: &str, world: &dyn World) -> Found {
    let tokens = tokens(text)?;
    let mut reader = Reader {
        text,
        tokens,
        at: 0,
        depth: 0,
        world,
    };
    let value = reader.any()?;
    match reader.tokens.get(reader.at) {
        None => Ok(value),
        Some((_, start, _)) => wrong(format!("what does `{}` belong to?", &text[*start..])),
    }
}

struct Reader<'a> {
    text: &'a str,
    tokens: Vec<(Token, usize, usize)>,
    at: usize,
    depth: usize,
    world: &'a dyn World,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|t| &t.0)
    }

    fn mark(&mut self, of: &[&'static str]) -> Option<&'static str> {
        let found = match self.peek() {
            Some(Token::Mark(m)) => of.iter().copied().find(|o| o == m),
            _ => None,
        };
        self.at += usize::from(found.is_some());
        found
    }

    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Name(n)) if n == word);
        self.at += usize::from(found);
        found
    }

    /// `a or b`: what is known to hold settles it, even beside what is not known.
    fn any(&mut self) -> Found {
        let mut left = self.all();
        while self.word("or") {
            left = join(left, self.all(), true);
        }
        left
    }

    fn all(&mut self) -> Found {
        let mut left = self.not();
        while self.word("and") {
            left = join(left, self.not(), false);
        }
        left
    }

    fn not(&mut self) -> Found {
        if self.word("not") {
            return match self.not()? {
                Value::Truth(t) => Ok(Value::Truth(!t)),
                other => wrong(format!(
                    "`not {}`: only yes and no can be turned",
                    other.words()
                )),
            };
        }
        self.compared()
    }

    fn compared(&mut self) -> Found {
        let left = self.sum();
        let Some(mark) = self.mark(&["<=", ">=", "==", "!=", "<", ">"]) else {
            return left;
        };
        let (left, right) = (left, self.sum());
        let (left, right) = (left?, right?);
        let order = match (&left, &right) {
            (Value::Number(a), Value::Number(b)) => a.cmp(b),
            (Value::Text(a), Value::Text(b)) => a.cmp(b),
            (Value::Truth(a), Value::Truth(b)) => a.cmp(b),
            _ => {
                return wrong(format!(
                    "`{}` and `{}` cannot be compared",
                    left.words(),
                    right.words()
                ));
            }
        };
        Ok(Value::Truth(match mark {
            "<=" => order.is_le(),
            ">=" => order.is_ge(),
            "==" => order.is_eq(),
            "!=" => order.is_ne(),
            "<" => order.is_lt(),
            _ => order.is_gt(),
        }))
    }

    fn sum(&mut self) -> Found {
        let mut left = self.product();
        while let Some(mark) = self.mark(&["+", "-"]) {
            left = reckon(mark, left, self.product());
        }
        left
    }

    fn product(&mut self) -> Found {
        let mut left = self.one();
        while let Some(mark) = self.mark(&["*", "/"]) {
            left = reckon(mark, left, self.one());
        }
        left
    }

    fn one(&mut self) -> Found {
        self.depth += 1;
        if self.depth > 50 {
            return wrong("too many brackets");
        }
        let found = self.atom();
        self.depth -= 1;
        found
    }

    fn atom(&mut self) -> Found {
        if self.mark(&["-"]).is_some() {
            return reckon("-", Ok(Value::Number(Decimal::ZERO)), self.one());
        }
        if self.mark(&["("]).is_some() {
            let inner = self.any();
            return if self.mark(&[")"]).is_some() {
                inner
            } else {
                // What is wrong inside is said first.
                inner.and_then(|_| wrong("a bracket is not closed"))
            };
        }
        let Some((token, start, _)) = self.tokens.get(self.at).cloned() else {
            return wrong("the formula ends too soon");
        };
        self.at += 1;
        match token {
            Token::Number(n) => Ok(Value::Number(n)),
            Token::Text(t) => Ok(Value::Text(t)),
            Token::Name(name) => {
                if self.mark(&["("]).is_none() {
                    return self.world.name(&name);
                }
                let mut arguments = Vec::new();
                if self.mark(&[")"]).is_none() {
                    loop {
                        // Read to the end, so that what follows is read from its own place.
                        arguments.push(self.any());
                        if self.mark(&[","]).is_some() {
                            continue;
                        }
                        if self.mark(&[")"]).is_some() {
                            break;
                        }
                        return wrong(format!("the call of `{name}` is not closed"));
                    }
                }
                let end = self.tokens.get(self.at - 1).map_or(start, |t| t.2);
                let mistake = arguments
                    .iter()
                    .position(|a| matches!(a, Err(Lack::Wrong(_))));
                if let Some(i) = mistake {
                    return arguments.swap_remove(i);
                }
                let arguments = arguments
                    .into_iter()
                    .collect::<Result<Vec<Value>, Lack>>()?;
                self.world.call(&self.text[start..end], &name, &arguments)
            }
            Token::Mark(m) => wrong(format!("`{m}` stands where a value should")),
        }
    }
}

/// `settles` is the truth that decides a pair alone.
fn join(left: Found, right: Found, settles: bool) -> Found {
    for side in [&left, &right] {
        match side {
            Err(Lack::Wrong(_)) => return side.clone(),
            Ok(Value::Truth(t)) if *t == settles => return Ok(Value::Truth(settles)),
            Ok(Value::Truth(_)) | Err(_) => {}
            Ok(other) => return wrong(format!("`{}` is neither yes nor no", other.words())),
        }
    }
    left.and(right)
}

fn reckon(mark: &str, left: Found, right: Found) -> Found {
    let (left, right) = match (left, right) {
        // A mistake goes before what is not known.
        (Err(Lack::Wrong(why)), _) | (_, Err(Lack::Wrong(why))) => return Err(Lack::Wrong(why)),
        (left, right) => (left?, right?),
    };
    let (Value::Number(a), Value::Number(b)) = (&left, &right) else {
        return wrong(format!(
            "`{} {mark} {}`: numbers alone are reckoned with",
            left.words(),
            right.words()
        ));
    };
    let result = match mark {
        "+" => a.checked_add(*b),
        "-" => a.checked_sub(*b),
        "*" => a.checked_mul(*b),
        _ => a.checked_div(*b),
    };
    result
        .map(Value::Number)
        .ok_or_else(|| Lack::Unknown(format!("{a} {mark} {b} cannot be reckoned")))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Few;

    impl World for Few {
        fn name(&self, name: &str) -> Found {
            match name {
                "x" => Ok(Value::Number(Decimal::from(4))),
                _ => wrong(format!("no `{name}`")),
            }
        }

        fn call(&self, written: &str, function: &str, arguments: &[Value]) -> Found {
            match (function, arguments) {
                ("double", [Value::Number(n)]) => Ok(Value::Number(n * Decimal::TWO)),
                ("nobody", []) => unknown("nobody knows"),
                _ => wrong(written),
            }
        }
    }

    fn of(text: &str) -> String {
        match evaluate(text, &Few) {
            Ok(v) => v.words(),
            Err(Lack::Unknown(w)) => format!("unknown: {w}"),
            Err(Lack::Wrong(w)) => format!("wrong: {w}"),
        }
    }

    #[test]
    fn reckons_with_the_usual_precedence() {
        for (text, value) in [
            ("1 + 2 * 3", "7"),
            ("(1 + 2) * 3", "9"),
            ("2 - 3 - 4", "-5"),
            ("0.1 + 0.2", "0.3"),
            ("-x + 1", "-3"),
            ("double(x + 1) / 4", "2.5"),
            ("x * 2 >= 8 and x < 5", "yes"),
            ("not x == 4 or 1 > 2", "no"),
            ("\"a\" == \"a\"", "yes"),
        ] {
            assert_eq!(of(text), value, "{text}");
        }
    }

    #[test]
    fn what_nobody_knows_stays_unknown_unless_it_does_not_matter() {
        assert_eq!(of("nobody() + 1"), "unknown: nobody knows");
        assert_eq!(of("nobody() > 1 or x == 4"), "yes");
        assert_eq!(of("x == 4 and nobody() > 1"), "unknown: nobody knows");
        assert_eq!(of("x == 5 and nobody() > 1"), "no");
        assert_eq!(of("double(nobody()) > 1 or x == 4"), "yes");
        assert_eq!(of("1 / 0"), "unknown: 1 / 0 cannot be reckoned");
    }

    #[test]
    fn a_mistake_is_said() {
        for text in [
            "1 +",
            "(1",
            "double(1",
            "x y",
            "\"a",
            "1 + \"a\"",
            "y",
            "$",
            "double()",
            "1 < \"a\"",
        ] {
            assert!(of(text).starts_with("wrong: "), "{text}: {}", of(text));
        }
    }
}

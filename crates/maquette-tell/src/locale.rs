//! Numbers, money and days as a language writes them. Reports and the terminal keep one form; pages of the guide are
//! written by the strings of their language.

/// How figures are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locale {
    /// Between thousands.
    pub thousands: String,
    /// Before decimals.
    pub decimal: String,
    /// A day, with `{year}`, `{month}` and `{day}` in two digits or more.
    pub date: String,
    /// An amount in dollars, with `{amount}`.
    pub dollars: String,
}

impl Default for Locale {
    fn default() -> Locale {
        Locale {
            thousands: ",".to_owned(),
            decimal: ".".to_owned(),
            date: "{year}-{month}-{day}".to_owned(),
            dollars: "${amount}".to_owned(),
        }
    }
}

impl Locale {
    /// The figures of a text in this form; numbers that are part of a name (`v1.5`, `qwen2.5-7b`) stay.
    pub fn figures(&self, text: &str) -> String {
        if *self == Locale::default() {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        // The two characters before: a minus is one only where no name stands before it.
        let (mut earlier, mut before) = (' ', ' ');
        while let Some(c) = rest.chars().next() {
            let free = !before.is_alphanumeric() && !"_./-".contains(before);
            if free && let Some((day, after)) = day(rest) {
                out.push_str(&self.day(day));
                (rest, earlier, before) = (after, '0', '0');
                continue;
            }
            let money = c == '$' && free;
            let digits = if money { &rest[1..] } else { rest };
            let minus = before == '-' && !earlier.is_alphanumeric();
            if (free || minus)
                && let Some((number, after)) = number(digits)
            {
                let said = self.number(number);
                if money {
                    out.push_str(&self.dollars.replace("{amount}", &said));
                } else {
                    out.push_str(&said);
                }
                (rest, earlier, before) = (after, '0', '0');
                continue;
            }
            out.push(c);
            (earlier, before) = (before, c);
            rest = &rest[c.len_utf8()..];
        }
        out
    }

    /// Of a value that is figures and nothing else, such as `16.5 to 26.9` or `2026-08-22`; any other stays.
    pub fn value(&self, text: &str) -> String {
        let bare = text.replace("to", "");
        let only = |c: char| c.is_ascii_digit() || " .,-–+%[]$".contains(c);
        if bare.chars().all(only) {
            self.figures(text)
        } else {
            text.to_owned()
        }
    }

    fn number(&self, text: &str) -> String {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let whole = whole.replace(',', &self.thousands);
        if part.is_empty() {
            whole
        } else {
            format!("{whole}{}{part}", self.decimal)
        }
    }

    fn day(&self, text: &str) -> String {
        self.date
            .replace("{year}", &text[..4])
            .replace("{month}", &text[5..7])
            .replace("{day}", &text[8..10])
    }
}

/// A day at the start, and what follows.
fn day(text: &str) -> Option<(&str, &str)> {
    let b = text.as_bytes();
    let form = b.len() >= 10
        && b[..10].iter().enumerate().all(|(i, c)| match i {
            4 | 7 => *c == b'-',
            _ => c.is_ascii_digit(),
        });
    let ends = b
        .get(10)
        .is_none_or(|c| !c.is_ascii_alphanumeric() && *c != b'-');
    (form && ends).then(|| text.split_at(10))
}

/// A number at the start, and what follows: not where a letter or another part follows it.
fn number(text: &str) -> Option<(&str, &str)> {
    let b = text.as_bytes();
    let mut end = 0;
    while let Some(c) = b.get(end) {
        let inner = matches!(c, b',' | b'.') && b.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !(c.is_ascii_digit() || end > 0 && inner) {
            break;
        }
        end += 1;
    }
    let (number, after) = text.split_at(end);
    let part = number.matches('.').count() > 1;
    (end > 0 && !part).then_some((number, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn german() -> Locale {
        Locale {
            thousands: ".".to_owned(),
            decimal: ",".to_owned(),
            date: "{day}.{month}.{year}".to_owned(),
            dollars: "{amount} $".to_owned(),
        }
    }

    #[test]
    fn figures_are_written_and_names_are_left() {
        let of = |text: &str| german().figures(text);
        assert_eq!(of("1,573,365"), "1.573.365");
        assert_eq!(of("$0.0026–0.003"), "0,0026 $–0,003");
        assert_eq!(of("-22.9%/111d"), "-22,9%/111d");
        assert_eq!(of("read 2026-08-22, 12.5 GB"), "read 22.08.2026, 12,5 GB");
        for name in [
            "SDXL v1.5",
            "qwen2.5-7b",
            "flux-1.1",
            "gpt-image-2.5",
            "0.10.2",
            "a_1.5",
        ] {
            assert_eq!(of(name), name);
        }
    }

    #[test]
    fn a_value_with_words_stays() {
        let of = |text: &str| german().value(text);
        assert_eq!(of(" [205.9 to 228.4]"), " [205,9 to 228,4]");
        assert_eq!(of("Suno v4.5"), "Suno v4.5");
        assert_eq!(
            Locale::default().figures("1,000.5 2026-01-02"),
            "1,000.5 2026-01-02"
        );
    }
}

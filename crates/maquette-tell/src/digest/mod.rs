//! The digest: a page of sentences by kind, a mail, and feeds. One sentence is said everywhere.

mod feeds;
mod mail;

use std::collections::BTreeMap;
use std::fmt::Write;

use maquette_core::report::digest::{DigestItem, DigestReport};

use crate::document::{Block, Document, Look, records};
use crate::number;
use crate::strings::{Fault, Strings};
use crate::table::Table;

pub(crate) use feeds::{atom, json_feed};
pub use mail::Addresses;

const MAIL: &str = include_str!("mail.html");

/// The template that an analyst may put an own one in the place of.
pub fn template() -> (&'static str, &'static str) {
    ("mail.html", MAIL)
}

/// A kind with its items, as it is shown.
pub(crate) struct Group<'a> {
    pub title: String,
    pub items: Vec<(&'a DigestItem, String)>,
}

pub(crate) fn groups<'a>(report: &'a DigestReport, strings: &Strings) -> Vec<Group<'a>> {
    let items: Vec<&DigestItem> = report.items.iter().collect();
    items
        .chunk_by(|a, b| a.kind == b.kind)
        .map(|of| Group {
            title: strings.get(&format!("news-title-{}", of[0].kind)),
            items: of.iter().map(|i| (*i, sentence(i, strings))).collect(),
        })
        .collect()
}

/// An item as people read it: money as money, whole numbers parted.
fn sentence(item: &DigestItem, strings: &Strings) -> String {
    let unit = item.values.get("unit").map_or("", String::as_str);
    let (head, rest) = unit.split_at_checked(3).unwrap_or((unit, ""));
    let currency =
        (head.len() == 3 && head.bytes().all(|b| b.is_ascii_uppercase())).then_some(head);
    let mut shown = BTreeMap::new();
    for (name, value) in &item.values {
        let said = match (name.as_str(), currency) {
            ("before" | "after", Some(code)) if rest.is_empty() => number::amount(value, code),
            // A price per unit keeps its digits.
            ("before" | "after", Some("USD")) => format!("${value}"),
            ("before" | "after", Some(code)) => format!("{value} {code}"),
            ("unit", Some(_)) => rest.trim_start().to_owned(),
            _ => money(value).unwrap_or_else(|| number::parted(value)),
        };
        shown.insert(name.clone(), said);
    }
    // A currency without a unit leaves a gap before the comma.
    strings.with(&item.key, &shown).replace(" ,", ",")
}

/// An amount that names its currency, `11.0266666667 USD`, as money; whatever is none is left.
fn money(value: &str) -> Option<String> {
    let (amount, rest) = value.split_once(' ')?;
    let (code, more) = rest.split_at_checked(3)?;
    let known = code.bytes().all(|b| b.is_ascii_uppercase())
        && (more.is_empty() || more.starts_with(' '))
        && amount.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    known.then(|| format!("{}{more}", number::amount(amount, code)))
}

fn title(report: &DigestReport, strings: &Strings) -> String {
    strings
        .one("news-title", "since", &report.since)
        .replace("{day}", &strings.locale().value(&report.as_of))
}

/// What is found, in a sentence.
pub(crate) fn lead(report: &DigestReport, strings: &Strings) -> String {
    let key = match report.items.len() {
        0 => "news-none",
        1 => "news-one",
        _ => "news-many",
    };
    strings
        .one(key, "n", &report.items.len().to_string())
        .replace("{since}", &strings.locale().value(&report.since))
        .replace("{day}", &strings.locale().value(&report.as_of))
}

pub fn document(report: &DigestReport) -> Document {
    page(report, &Strings::embedded())
}

pub(crate) fn page(report: &DigestReport, strings: &Strings) -> Document {
    let mut doc = Document::default();
    doc.push(Block::Finding(lead(report, strings)));
    for g in groups(report, strings) {
        doc.push(Block::Heading(g.title));
        doc.push(Block::List(
            g.items.into_iter().map(|(_, said)| said).collect(),
        ));
    }
    doc.push(Block::Heading(strings.get("news-rules")));
    doc.push(Block::List(report.notes.clone()));
    doc.records = Some(rows(report, strings));
    doc
}

fn rows(report: &DigestReport, strings: &Strings) -> Table {
    let keys = ["day", "kind", "said", "id", "before_id", "after_id"];
    let of = |i: &DigestItem| {
        vec![
            i.day.clone(),
            i.kind.clone(),
            sentence(i, strings),
            i.id.clone(),
            i.before_id.clone().unwrap_or_default(),
            i.after_id.clone().unwrap_or_default(),
        ]
    };
    records(&keys, report.items.iter().map(of))
}

/// The files of a digest by name: Markdown, page, mail, both feeds and JSON. `base` is the address under which they
/// will lie, with a slash at its end.
pub fn files(
    report: &DigestReport,
    own: &BTreeMap<String, String>,
    base: Option<&str>,
    addresses: &Addresses,
) -> Result<BTreeMap<String, String>, Fault> {
    let strings = Strings::of(own)?;
    let template = own.get("mail.html").map_or(MAIL, String::as_str);
    let html = mail::html(report, &strings, template)?;
    let plain = page(report, &strings).render(Look::Text {
        width: 72,
        color: false,
    });
    let mut out = BTreeMap::new();
    out.insert(
        "digest.eml".to_owned(),
        mail::message(report, &strings, addresses, &plain, &html),
    );
    out.insert("index.html".to_owned(), html);
    out.insert(
        "digest.md".to_owned(),
        page(report, &strings).render(Look::Markdown),
    );
    let place = Place {
        base,
        page: "index.html",
    };
    out.insert("atom.xml".to_owned(), atom(report, &strings, place));
    out.insert("feed.json".to_owned(), json_feed(report, &strings, place));
    let mut json = serde_json::to_string_pretty(report).unwrap_or_default();
    json.push('\n');
    out.insert("digest.json".to_owned(), json);
    Ok(out)
}

/// Where the files will lie, and the page that has the items.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub base: Option<&'a str>,
    pub page: &'a str,
}

impl Place<'_> {
    /// The address of a file there.
    fn of(self, file: &str) -> Option<String> {
        self.base.map(|b| format!("{b}{file}"))
    }
}

/// The same name for the same words, in the form of a UUID (RFC 9562, version 8: of an own hash).
fn uuid(words: &str) -> String {
    use sha2::{Digest, Sha256};
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(Sha256::digest(words.as_bytes())) {
        *to = from;
    }
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut hex = String::new();
    for b in bytes {
        let _ = write!(hex, "{b:02x}");
    }
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(key: &str, values: &[(&str, &str)]) -> DigestItem {
        DigestItem {
            id: "x".to_owned(),
            kind: "month".to_owned(),
            key: key.to_owned(),
            values: values
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect(),
            day: "2026-11-24".to_owned(),
            after_id: None,
            before_id: None,
        }
    }

    #[test]
    fn money_is_written_as_money() {
        let strings = Strings::embedded();
        let month = item(
            "news-month",
            &[
                ("name", "closed"),
                ("before", "13.02"),
                ("after", "11.0266666667"),
                ("unit", "USD"),
                ("percent", "-15.3"),
            ],
        );
        assert_eq!(
            sentence(&month, &strings),
            "The studio's month (closed): $11.03, before $13.02 (-15.3%)."
        );
        let price = item(
            "news-price",
            &[
                ("name", "A"),
                ("figure", "cost, api"),
                ("before", "0.0000528"),
                ("after", "0.00006"),
                ("unit", "USD per word"),
                ("percent", "+13.6"),
            ],
        );
        assert_eq!(
            sentence(&price, &strings),
            "A, cost, api: $0.00006 per word, before $0.0000528 (+13.6%)."
        );
        let made = item(
            "news-month-otherwise",
            &[
                ("name", "local"),
                ("before", "cannot be made"),
                ("after", "0.0978916667 USD"),
            ],
        );
        assert_eq!(
            sentence(&made, &strings),
            "The studio's month (local): now $0.10; before: cannot be made."
        );
    }

    /// RFC 9562: eight, four, four, four and twelve digits, of version 8 and its variant; the same words, the same name.
    #[test]
    fn a_name_of_words_is_a_uuid() {
        let name = uuid("price/a");
        let parts: Vec<usize> = name.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12]);
        assert_eq!(name.as_bytes()[14], b'8');
        assert!(b"89ab".contains(&name.as_bytes()[19]));
        assert_eq!(name, uuid("price/a"));
        assert_ne!(name, uuid("price/b"));
    }
}

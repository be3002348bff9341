//! Atom (RFC 4287) and JSON Feed 1.1. Days are told as their first moment in UTC, since no hour is known.

use std::fmt::Write;

use maquette_core::report::digest::{DigestItem, DigestReport};
use serde_json::json;

use super::{Place, groups, lead, title, uuid};
use crate::html::{anchor, escape};
use crate::strings::Strings;

fn moment(day: &str) -> String {
    format!("{day}T00:00:00Z")
}

fn urn(words: &str) -> String {
    format!("urn:uuid:{}", uuid(words))
}

/// The place of an item on its page.
fn link(place: Place, item: &DigestItem) -> Option<String> {
    place.of(&format!("{}#{}", place.page, anchor(&item.id)))
}

/// An Atom feed: an entry an item, the feed's name the same whatever the day.
pub(crate) fn atom(report: &DigestReport, strings: &Strings, place: Place) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"",
    );
    let _ = writeln!(out, " xml:lang=\"{}\">", escape(&strings.get("language")));
    let _ = writeln!(out, "<id>{}</id>", urn(&feed_name(place)));
    let _ = writeln!(out, "<title>{}</title>", escape(&strings.get("news-feed")));
    let _ = writeln!(
        out,
        "<subtitle>{}</subtitle>",
        escape(&lead(report, strings))
    );
    let _ = writeln!(out, "<updated>{}</updated>", moment(&report.as_of));
    let _ = writeln!(
        out,
        "<author><name>{}</name></author>",
        escape(&strings.get("brand"))
    );
    let _ = writeln!(out, "<generator>maquette</generator>");
    for (rel, kind, file) in [
        ("self", "application/atom+xml", "atom.xml"),
        ("alternate", "text/html", place.page),
    ] {
        if let Some(href) = place.of(file) {
            let _ = writeln!(
                out,
                "<link rel=\"{rel}\" type=\"{kind}\" href=\"{}\"/>",
                escape(&href)
            );
        }
    }
    for g in groups(report, strings) {
        for (item, said) in g.items {
            let _ = write!(
                out,
                "<entry>\n<id>{}</id>\n<title>{}</title>\n<updated>{}</updated>\n<category term=\"{}\" label=\"{}\"/>\n",
                urn(&item.id),
                escape(&said),
                moment(&item.day),
                escape(&item.kind),
                escape(&g.title)
            );
            if let Some(href) = link(place, item) {
                let _ = writeln!(
                    out,
                    "<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>",
                    escape(&href)
                );
            }
            let _ = write!(
                out,
                "<content type=\"text\">{}</content>\n</entry>\n",
                escape(&content(item, &said))
            );
        }
    }
    out.push_str("</feed>\n");
    out
}

/// A JSON Feed 1.1 of the same items.
pub(crate) fn json_feed(report: &DigestReport, strings: &Strings, place: Place) -> String {
    let mut items = Vec::new();
    for g in groups(report, strings) {
        for (item, said) in &g.items {
            let mut value = json!({
                "id": urn(&item.id),
                "title": said,
                "content_text": content(item, said),
                "date_published": moment(&item.day),
                "tags": [item.kind],
            });
            if let Some(url) = link(place, item) {
                value["url"] = url.into();
            }
            items.push(value);
        }
    }
    let mut feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": strings.get("news-feed"),
        "description": title(report, strings),
        "language": strings.get("language"),
        "authors": [{ "name": strings.get("brand") }],
        "items": items,
    });
    for (key, file) in [("home_page_url", place.page), ("feed_url", "feed.json")] {
        if let Some(url) = place.of(file) {
            feed[key] = url.into();
        }
    }
    let mut text = serde_json::to_string_pretty(&feed).unwrap_or_default();
    text.push('\n');
    text
}

/// Feeds of two places are two feeds.
fn feed_name(place: Place) -> String {
    format!("maquette news {}", place.base.unwrap_or_default())
}

/// The sentence, and how to see what it rests on.
fn content(item: &DigestItem, said: &str) -> String {
    match &item.after_id {
        Some(id) => format!("{said} (maquette why {id} --as-of {})", item.day),
        None => said.to_owned(),
    }
}

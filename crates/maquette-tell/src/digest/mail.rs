//! The digest as a mail: a page whose styles stand in its tags, and a message with a plain part (RFC 5322, MIME).

use mail_builder::MessageBuilder;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::mime::MimePart;
use maquette_core::report::digest::DigestReport;
use minijinja::{Environment, context};
use serde::Serialize;

use super::{groups, lead, title, uuid};
use crate::html::{anchor, escape};
use crate::strings::{Fault, Strings, fault};

/// Who writes to whom; a mail client fills in the rest.
#[derive(Debug, Clone, Default)]
pub struct Addresses {
    pub from: Option<String>,
    pub to: Option<String>,
}

#[derive(Serialize)]
struct Line {
    anchor: String,
    said: minijinja::Value,
    day: String,
}

#[derive(Serialize)]
struct Part {
    title: String,
    lines: Vec<Line>,
}

pub fn html(report: &DigestReport, strings: &Strings, template: &str) -> Result<String, Fault> {
    let parts: Vec<Part> = groups(report, strings)
        .into_iter()
        .map(|g| Part {
            title: g.title,
            lines: g
                .items
                .into_iter()
                .map(|(item, said)| Line {
                    anchor: anchor(&item.id),
                    said: minijinja::Value::from_safe_string(escape(&said)),
                    day: item.day.clone(),
                })
                .collect(),
        })
        .collect();
    let mut env = Environment::new();
    env.add_template("mail.html", template)
        .map_err(|e| fault(&e))?;
    let template = env.get_template("mail.html").map_err(|e| fault(&e))?;
    template
        .render(context! {
            language => strings.get("language"),
            brand => strings.get("brand"),
            title => title(report, strings),
            lead => lead(report, strings),
            made => strings.one("made", "day", &report.as_of),
            rules => strings.get("news-rules"),
            notes => &report.notes,
            parts => parts,
        })
        .map_err(|e| fault(&e))
}

/// A message that names neither this machine nor the hour: the same bytes for the same digest.
pub fn message(
    report: &DigestReport,
    strings: &Strings,
    addresses: &Addresses,
    plain: &str,
    html: &str,
) -> String {
    let name = uuid(&format!("{plain}{html}"));
    let of = |kind: &'static str, text: &str| MimePart::new(kind, text.to_owned());
    let body = MimePart::new(
        ContentType::new("multipart/alternative").attribute("boundary", format!("part-{name}")),
        vec![of("text/plain", plain), of("text/html", html)],
    );
    let first = maquette_core::Date::constant(1970, 1, 1);
    let seconds = report
        .as_of
        .parse::<maquette_core::Date>()
        .map_or(0, |day| day.duration_since(first).as_secs());
    let from = addresses.from.as_deref().unwrap_or("maquette@localhost");
    let mut message = MessageBuilder::new()
        .from((strings.get("brand"), from.to_owned()))
        .subject(title(report, strings))
        .date(Date::new(seconds))
        .message_id(format!("{name}@maquette.localhost"))
        // A client opens it as a draft.
        .header("X-Unsent", mail_builder::headers::raw::Raw::new("1"))
        .body(body);
    if let Some(to) = &addresses.to {
        message = message.to(to.clone());
    }
    message.write_to_string().unwrap_or_default()
}

//! What a page says of itself to machines: its address, a schema.org Dataset, the site map.

use std::fmt::Write;

use maquette_core::report::guide::GuideReport;
use serde_json::json;

use crate::html::escape;
use crate::strings::Strings;

/// The address of a page, where the site has one.
pub fn card(base: Option<&str>, file: &str) -> Option<String> {
    base.map(|b| format!("{b}{}", if file == "index.html" { "" } else { file }))
}

/// The guide as a schema.org Dataset in JSON-LD: data in the page, not a script that runs.
pub fn dataset(report: &GuideReport, strings: &Strings, base: Option<&str>) -> String {
    let of = |file: &str| base.map_or_else(|| file.to_owned(), |b| format!("{b}{file}"));
    let file = |name: &str, kind: &str| {
        json!({
            "@type": "DataDownload",
            "encodingFormat": kind,
            "contentUrl": of(name),
        })
    };
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": strings.one("guide", "edition", &report.edition),
        "description": strings.one("made", "day", &report.as_of),
        "dateModified": report.as_of,
        "inLanguage": strings.get("language"),
        "isAccessibleForFree": true,
        "creator": { "@type": "Organization", "name": strings.get("brand") },
        "distribution": [
            file("guide.json", "application/json"),
            file("guide.md", "text/markdown"),
        ],
    });
    if let Some(base) = base {
        data["url"] = base.into();
    }
    // Nothing in a string may end the block.
    data.to_string().replace('<', "\\u003c")
}

/// The pages of the site, as sitemaps.org has them.
pub fn site_map<'a>(base: &str, day: &str, pages: impl Iterator<Item = &'a String>) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for page in pages {
        let address = card(Some(base), page).unwrap_or_default();
        let _ = writeln!(
            out,
            "<url><loc>{}</loc><lastmod>{}</lastmod></url>",
            escape(&address),
            escape(day)
        );
    }
    out.push_str("</urlset>\n");
    out
}

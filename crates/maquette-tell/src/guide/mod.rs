//! The guide as a site: a page a section, everything on one page, evidence, Markdown and JSON. Strings are
//! in one file, pages in one template; either may be the analyst's own.

pub mod diff;
mod figures;
mod head;
mod options;

use std::collections::BTreeMap;
use std::fmt::Write;

use maquette_core::report::digest::DigestReport;
use maquette_core::report::guide::{GuideFinding, GuidePart, GuideReport, GuideSection};
use maquette_core::report::listing::WhyReport;
use minijinja::{Environment, context};
use serde::Serialize;

use self::figures::Figure;
use crate::digest;
use crate::document::{Block, Document, Look};
use crate::html::{Html, anchor, escape, inline};
use crate::locale::Locale;
pub use crate::strings::Fault;
use crate::strings::{STRINGS, Strings, fault};

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("style.css");
const EVIDENCE: &str = "evidence.html";
/// Findings that count rows, and the page that has them.
const COUNTED: [(&str, &str); 5] = [
    ("trends", "trends.html"),
    ("claims", "claims.html"),
    ("licensing", "licenses.html"),
    ("starting", "cost.html"),
    ("control", "cost.html"),
];

/// Files that an analyst may put own ones in the place of.
pub fn templates() -> [(&'static str, &'static str); 4] {
    [
        crate::digest::template(),
        ("strings.toml", STRINGS),
        ("page.html", PAGE),
        ("style.css", STYLE),
    ]
}

/// Every part of a section as a document, with its chart.
fn parts(section: &GuideSection) -> Vec<(Document, Option<Figure>)> {
    let plain = Locale::default();
    section.parts.iter().map(|p| part(p, &plain)).collect()
}

fn part(part: &GuidePart, locale: &Locale) -> (Document, Option<Figure>) {
    match part {
        GuidePart::News(r) => (crate::digest::document(r), None),
        GuidePart::Top(r) => (crate::observe::top(r), figures::top(r, locale)),
        GuidePart::Options(r) => (options::options(r), figures::sellers(r, locale)),
        GuidePart::Gap(r) => (crate::gap::gap(r), None),
        GuidePart::Summary(r) => (options::summary(r), None),
        GuidePart::Shares(r) => (options::shares(r), None),
        GuidePart::Licenses(r) => (crate::license::licenses(r), None),
        GuidePart::Month(r) => (crate::choose::document(r, false), None),
        GuidePart::BreakEven(r) => (crate::break_even::document(r), Some(figures::break_even(r))),
        GuidePart::Gains(r) => (crate::trends::gains(r), figures::gains(r, locale)),
        GuidePart::Trends(r) => (crate::trends::trends(r), None),
        GuidePart::Predictions(r) => (crate::predictions::predictions(r), None),
        GuidePart::GapHistory(r) => (Document::default(), figures::gap_history(r)),
        GuidePart::Printed(r) => (crate::claims::printed(r), None),
        GuidePart::Claims(r) => (crate::claims::claims(r), None),
        GuidePart::Sources(r) => (crate::observe::sources(r), figures::sources(r)),
    }
}

/// Ids of evidence that figures of the guide name.
pub fn evidence_ids(report: &GuideReport) -> Vec<String> {
    let mut ids: Vec<String> = report
        .sections
        .iter()
        .flat_map(|s| {
            let own = s.findings.iter().filter_map(|f| f.evidence.clone());
            let news = s.parts.iter().flat_map(|p| match p {
                GuidePart::News(r) => r.items.iter().filter_map(|i| i.after_id.clone()).collect(),
                _ => Vec::new(),
            });
            let of_parts = parts(s).into_iter().flat_map(|(d, _)| d.evidence());
            own.chain(news).chain(of_parts).collect::<Vec<_>>()
        })
        .collect();
    ids.sort();
    ids.dedup();
    ids
}

#[derive(Serialize)]
struct PageLink {
    file: String,
    title: String,
    nav: String,
}

/// All files of the site by name. `own` holds templates in the place of the embedded ones; `base` is the address under
/// which they will lie, with a slash at its end: feeds and cards then name it, and there is a site map.
pub fn site(
    report: &GuideReport,
    evidence: &[WhyReport],
    own: &BTreeMap<String, String>,
    base: Option<&str>,
) -> Result<BTreeMap<String, String>, Fault> {
    let text = |name: &str, usual: &str| own.get(name).cloned().unwrap_or_else(|| usual.to_owned());
    let strings = Strings::of(own)?;
    let page = text("page.html", PAGE);
    let mut env = Environment::new();
    env.add_template("page.html", &page)
        .map_err(|e| fault(&e))?;
    let known: Vec<String> = evidence.iter().map(|e| e.id.clone()).collect();
    let writer = Writer {
        report,
        strings: &strings,
        env: &env,
        known: &known,
        base,
        locale: strings.locale(),
        pages: report
            .sections
            .iter()
            .map(|s| PageLink {
                file: file_of(s),
                title: strings.get(&s.title),
                nav: strings.get(&format!("nav-{}", s.id)),
            })
            .collect(),
    };
    let mut files = BTreeMap::new();
    let mut whole = String::new();
    for s in &report.sections {
        let body = writer.section(s, 2);
        let mut front = body.clone();
        if s.id == "findings" {
            front.push_str(&writer.contents());
        }
        let file = file_of(s);
        let title = strings.get(&s.title);
        files.insert(file.clone(), writer.page(&file, &title, &front)?);
        files.insert(file.replace(".html", ".json"), json(s));
        let _ = write!(
            whole,
            "<section id=\"{}\">\n<h2>{}</h2>\n{}</section>\n",
            escape(&s.id),
            escape(&title),
            writer.section(s, 3)
        );
    }
    let title = strings.one("guide", "edition", &report.edition);
    files.insert(
        "all.html".to_owned(),
        writer.page("all.html", &title, &whole)?,
    );
    let title = strings.get("evidence-title");
    let body = writer.evidence(evidence);
    files.insert(EVIDENCE.to_owned(), writer.page(EVIDENCE, &title, &body)?);
    files.insert("evidence.json".to_owned(), json(&evidence));
    files.insert("guide.json".to_owned(), json(report));
    files.insert("all.json".to_owned(), json(report));
    files.insert(
        "guide.md".to_owned(),
        document(report, &strings).render(Look::Markdown),
    );
    files.insert("style.css".to_owned(), text("style.css", STYLE));
    let place = digest::Place {
        base,
        page: "news.html",
    };
    let news = report
        .sections
        .iter()
        .flat_map(|s| &s.parts)
        .find_map(|p| match p {
            GuidePart::News(r) => Some(r),
            _ => None,
        });
    if let Some(news) = news {
        files.insert("atom.xml".to_owned(), digest::atom(news, &strings, place));
        files.insert(
            "feed.json".to_owned(),
            digest::json_feed(news, &strings, place),
        );
    }
    if let Some(base) = base {
        let page = |f: &&String| {
            std::path::Path::new(f)
                .extension()
                .is_some_and(|e| e == "html")
        };
        let pages = files.keys().filter(page);
        let map = head::site_map(base, &report.as_of, pages);
        files.insert("sitemap.xml".to_owned(), map);
    }
    Ok(files)
}

fn json<T: Serialize>(value: &T) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

fn file_of(s: &GuideSection) -> String {
    match s.id.as_str() {
        "findings" => "index.html".to_owned(),
        id => format!("{id}.html"),
    }
}

struct Writer<'a> {
    report: &'a GuideReport,
    strings: &'a Strings,
    env: &'a Environment<'a>,
    known: &'a [String],
    base: Option<&'a str>,
    locale: Locale,
    pages: Vec<PageLink>,
}

impl Writer<'_> {
    fn page(&self, file: &str, title: &str, body: &str) -> Result<String, Fault> {
        let s = self.strings;
        let template = self.env.get_template("page.html").map_err(|e| fault(&e))?;
        let first = self
            .report
            .sections
            .first()
            .and_then(|s| s.findings.first());
        template
            .render(context! {
                language => s.get("language"),
                brand => s.get("brand"),
                guide => s.one("guide", "edition", &self.report.edition),
                title => title,
                description => first.map(|f| self.sentence(f)).unwrap_or_default(),
                file => file,
                card => head::card(self.base, file),
                data => minijinja::Value::from_safe_string(head::dataset(self.report, s, self.base)),
                twin => file.replace(".html", ".json"),
                twin_words => s.get("twin"),
                all => s.get("all"),
                contents => s.get("contents"),
                evidence => s.get("evidence-title"),
                asof => s.one("as-of", "day", &self.report.as_of),
                made => s.one("made", "day", &self.report.as_of),
                pages => &self.pages,
                body => body,
            })
            .map_err(|e| fault(&e))
    }

    fn sentence(&self, f: &GuideFinding) -> String {
        self.strings.with(&f.key, &f.values)
    }

    /// Where a finding comes from: its evidence, or the page whose rows it counts.
    fn ground(&self, f: &GuideFinding) -> Option<String> {
        if let Some(id) = f.evidence.as_ref().filter(|id| self.known.contains(id)) {
            return Some(format!("{EVIDENCE}#{}", anchor(id)));
        }
        let page = COUNTED.iter().find(|(key, _)| f.key.starts_with(key))?.1;
        let there = self.pages.iter().any(|p| p.file == page);
        there.then(|| page.to_owned())
    }

    fn section(&self, s: &GuideSection, level: u8) -> String {
        let how = Html {
            evidence: EVIDENCE,
            known: self.known,
            level,
            locale: &self.locale,
        };
        let mut out = String::new();
        if !s.findings.is_empty() {
            out.push_str("<ul class=\"findings\">\n");
            for f in &s.findings {
                let text = inline(&self.sentence(f));
                let _ = match self.ground(f) {
                    Some(to) => writeln!(out, "<li><a class=\"fig\" href=\"{to}\">{text}</a></li>"),
                    None => writeln!(out, "<li>{text}</li>"),
                };
            }
            out.push_str("</ul>\n");
        }
        for part in &s.parts {
            if let GuidePart::News(r) = part {
                out.push_str(&self.news(r, level));
            }
        }
        let of_own = |p: &&GuidePart| !matches!(p, GuidePart::News(_));
        for (doc, figure) in s.parts.iter().filter(of_own).map(|p| part(p, &self.locale)) {
            if let Some(f) = figure {
                let _ = write!(
                    out,
                    "<figure class=\"at-wide\">\n{}</figure>\n<figure class=\"at-narrow\">\n{}</figure>\n",
                    f.wide, f.narrow
                );
                if let Some(data) = f.data {
                    let mut plotted = Document::default();
                    plotted.push(Block::Table(data));
                    let _ = write!(
                        out,
                        "<details>\n<summary>{}</summary>\n{}</details>\n",
                        escape(&self.strings.get("plotted")),
                        plotted.html(how)
                    );
                }
            }
            out.push_str(&doc.html(how));
        }
        out
    }

    /// News with a place of their own, which the feeds name.
    fn news(&self, r: &DigestReport, level: u8) -> String {
        let mut out = format!(
            "<p class=\"finding\">{}</p>\n",
            inline(&digest::lead(r, self.strings))
        );
        for g in digest::groups(r, self.strings) {
            let _ = write!(
                out,
                "<h{level}>{}</h{level}>\n<ul class=\"news\">\n",
                escape(&g.title)
            );
            for (item, said) in g.items {
                let of_id = item.after_id.as_ref().filter(|id| self.known.contains(id));
                let said = match of_id {
                    Some(id) => format!(
                        "<a class=\"fig\" href=\"{EVIDENCE}#{}\">{}</a>",
                        anchor(id),
                        inline(&said)
                    ),
                    None => inline(&said),
                };
                let _ = writeln!(
                    out,
                    "<li id=\"{}\">{said} <time class=\"note\" datetime=\"{day}\">{day}</time></li>",
                    anchor(&item.id),
                    day = escape(&item.day)
                );
            }
            out.push_str("</ul>\n");
        }
        let _ = write!(
            out,
            "<h{level}>{}</h{level}>\n<ul>\n",
            escape(&self.strings.get("news-rules"))
        );
        for note in &r.notes {
            let _ = writeln!(out, "<li>{}</li>", inline(note));
        }
        out.push_str("</ul>\n");
        out
    }

    fn contents(&self) -> String {
        let mut out = format!(
            "<h2>{}</h2>\n<ul class=\"contents\">\n",
            escape(&self.strings.get("contents"))
        );
        for p in self.pages.iter().skip(1) {
            let _ = writeln!(
                out,
                "<li><a href=\"{}\">{}</a></li>",
                escape(&p.file),
                escape(&p.title)
            );
        }
        out.push_str("</ul>\n");
        out
    }

    fn evidence(&self, all: &[WhyReport]) -> String {
        let how = Html {
            evidence: EVIDENCE,
            known: &[],
            level: 3,
            locale: &self.locale,
        };
        let mut out = format!("<p>{}</p>\n", escape(&self.strings.get("evidence-lead")));
        for e in all {
            let _ = write!(
                out,
                "<section id=\"{}\">\n<h2>{}</h2>\n<p class=\"note\"><code>maquette why {}</code></p>\n{}</section>\n",
                anchor(&e.id),
                escape(&e.figure),
                escape(&e.id),
                crate::detail::why(e).html(how)
            );
        }
        out
    }
}

/// The guide as one document.
pub fn markdown(report: &GuideReport) -> Document {
    let strings = Strings::embedded();
    document(report, &strings)
}

fn document(report: &GuideReport, strings: &Strings) -> Document {
    let mut doc = Document::default();
    doc.push(Block::Heading(strings.one(
        "guide",
        "edition",
        &report.edition,
    )));
    doc.push(Block::Paragraph(strings.one("made", "day", &report.as_of)));
    for s in &report.sections {
        doc.push(Block::Heading(strings.get(&s.title)));
        if !s.findings.is_empty() {
            let said = s.findings.iter().map(|f| strings.with(&f.key, &f.values));
            doc.push(Block::List(said.collect()));
        }
        for (part, _) in parts(s) {
            doc.blocks.extend(part.blocks);
        }
    }
    doc
}

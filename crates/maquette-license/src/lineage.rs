//! Which texts govern: the weights' own edition of the day, those of parts, those of ancestors, and
//! the code's where code is handed on.

use maquette_catalog::Catalog;
use maquette_catalog::schema::license::License;
use maquette_catalog::schema::model::{Grade, LicensePart, Model, Openness};
use maquette_catalog::schema::tool::Tool;

use maquette_core::facts::{Act, Facts, PASSING_ON};

use crate::reader::Of;

/// Days before a model's release beyond which a copy of that day is no slip of a date.
const LONG_BEFORE: i64 = 180;

/// What is asked about.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    Model(&'a Model),
    Tool(&'a Tool),
    /// A text on its own.
    License(&'a License),
}

/// A text and how it comes to govern.
#[derive(Debug, Clone)]
pub(crate) struct Link<'a> {
    /// Absent: there is something here, and its text is not known.
    pub license: Option<&'a License>,
    pub words: String,
    pub grade: Option<Grade>,
    pub of: Of<'a>,
}

#[derive(Debug, Default)]
pub(crate) struct Lineage<'a> {
    pub links: Vec<Link<'a>>,
    pub doubts: Vec<String>,
}

pub(crate) fn lineage<'a>(
    catalog: &'a Catalog,
    subjects: &[Subject<'a>],
    facts: &Facts,
) -> Lineage<'a> {
    let mut out = Lineage::default();
    for subject in subjects {
        match subject {
            Subject::Model(m) => out.model(catalog, m, facts, &mut Vec::new()),
            Subject::Tool(t) => out.tool(catalog, t),
            Subject::License(l) => out.links.push(Link {
                license: Some(l),
                words: "the text itself".to_owned(),
                grade: None,
                of: Of {
                    model: None,
                    own: true,
                    multimodal: None,
                },
            }),
        }
    }
    out
}

fn find<'a>(catalog: &'a Catalog, id: &str) -> Option<&'a License> {
    let licenses = &catalog.licenses;
    let at = licenses.binary_search_by(|l| l.id.as_str().cmp(id)).ok()?;
    Some(&licenses[at])
}

impl<'a> Lineage<'a> {
    fn push(
        &mut self,
        license: Option<&'a License>,
        words: String,
        grade: Option<Grade>,
        model: Option<&'a Model>,
        own: bool,
    ) {
        self.links.push(Link {
            license,
            words,
            grade,
            of: Of {
                model,
                own,
                multimodal: None,
            },
        });
    }

    /// `path` holds the models on the way here, so that a circle is seen.
    fn model(
        &mut self,
        catalog: &'a Catalog,
        m: &'a Model,
        facts: &Facts,
        path: &mut Vec<&'a str>,
    ) {
        if path.contains(&m.id.as_str()) {
            self.doubts
                .push(format!("the lineage of {} runs in a circle", m.id));
            return;
        }
        let of = path
            .last()
            .map_or_else(String::new, |child| format!(", from which {child} comes"));
        if m.openness == Openness::Closed && m.license.is_none() {
            self.doubts.push(format!(
                "{} is closed: no weights are licensed, and the terms of its service have not been read",
                m.id
            ));
        }
        if let (Some(day), Some(released)) = (facts.downloaded, m.released)
            && maquette_core::days_between(day, released.first()) > LONG_BEFORE
            && path.is_empty()
        {
            self.doubts
                .push(format!("{} was released {released}, after {day}", m.id));
        }
        match m.license.as_deref() {
            Some(id) => {
                for (license, note) in editions(catalog, id, m, facts) {
                    if license.is_none() {
                        self.doubts.push(format!(
                            "the license `{id}` of {} is not in the catalog",
                            m.id
                        ));
                    }
                    let words = format!("weights of {}{of}{note}", m.id);
                    self.push(license, words, m.license_grade, Some(m), path.is_empty());
                }
            }
            None if m.openness == Openness::Open => {
                self.push(
                    None,
                    format!("weights of {}{of}", m.id),
                    m.license_grade,
                    Some(m),
                    path.is_empty(),
                );
            }
            None => {}
        }
        self.parts(catalog, &m.id, &m.license_part);
        let code = facts.does_any(&PASSING_ON) || facts.does(Act::HostForOthers);
        if let Some(id) = m.code_license.as_deref().filter(|_| code) {
            self.push(
                find(catalog, id),
                format!("code of {}", m.id),
                m.license_grade,
                None,
                false,
            );
        }
        path.push(&m.id);
        for base in &m.base_models {
            match catalog.models.iter().find(|x| x.id == *base) {
                Some(base) => self.model(catalog, base, facts, path),
                None => self.doubts.push(format!(
                    "{base}, from which {} comes, is not in the catalog",
                    m.id
                )),
            }
        }
        path.pop();
    }

    fn tool(&mut self, catalog: &'a Catalog, t: &'a Tool) {
        let license = t.license.as_deref().and_then(|id| find(catalog, id));
        self.push(license, t.name.clone(), t.license_grade, None, true);
        self.parts(catalog, &t.id, &t.license_part);
    }

    fn parts(&mut self, catalog: &'a Catalog, of: &str, parts: &'a [LicensePart]) {
        for part in parts {
            let license = part.license.as_deref().and_then(|id| find(catalog, id));
            let note = part
                .note
                .as_ref()
                .map_or_else(String::new, |n| format!(" ({n})"));
            let words = format!("{} of {of}{note}", part.part);
            self.push(license, words, None, None, false);
            if let Some(link) = self.links.last_mut() {
                link.of.multimodal = part.multimodal;
            }
        }
    }
}

/// The text that came with a copy of the day of download: the current one, or one that it replaced
/// for this very model. Both, where the date of the change is too vague to say.
fn editions<'a>(
    catalog: &'a Catalog,
    id: &str,
    model: &Model,
    facts: &Facts,
) -> Vec<(Option<&'a License>, String)> {
    let Some(mut license) = find(catalog, id) else {
        return vec![(
            None,
            format!(" (license `{id}`, which is not in the catalog)"),
        )];
    };
    let Some(day) = facts.downloaded else {
        return vec![(Some(license), String::new())];
    };
    let mut out = Vec::new();
    // Each step goes back in time; a text that replaces itself would not end.
    for _ in 0..catalog.licenses.len() {
        let change = license
            .replaces
            .iter()
            .find(|r| r.models.contains(&model.id));
        let Some(change) = change else { break };
        match change.happened_by(day) {
            Some(true) => break,
            happened => {
                if happened.is_none() {
                    let note = format!(", if the change of {} was before {day}", change.from);
                    out.push((Some(license), note));
                }
                let earlier = change.license.as_deref();
                let Some(older) = earlier.and_then(|id| find(catalog, id)) else {
                    out.push((None, format!(" as of {day}")));
                    return out;
                };
                license = older;
            }
        }
    }
    let note = if license.id == id {
        String::new()
    } else {
        format!(", as downloaded on {day}")
    };
    out.push((Some(license), note));
    out
}

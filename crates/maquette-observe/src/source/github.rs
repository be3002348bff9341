//! GitHub: stars, forks, license, newest release of the repositories of the catalog's models.
//!
//! Renames answer 301; the id that outlives them is `node_id`. A star series splits at a rename unless
//! it is joined by that id. The license is GitHub's own guess from the file.

use super::{About, Ask, Fields, Source, bearer, string, whole};
use crate::fact::{Fact, Facts, Value};
use crate::fetch::Request;
use crate::store::Kept;

pub struct GitHub;

const ABOUT: About = About {
    id: "github",
    title: "GitHub",
    endpoint: "https://api.github.com",
    endpoint_vars: &["GITHUB_API_URL"],
    key_vars: &["GITHUB_TOKEN", "GH_TOKEN"],
    key_needed: false,
    form: "GitHub's JSON",
    terms: "public API under GitHub's terms of service (docs.github.com/site-policy); counts are facts",
    attribution: "",
    cadence_hours: 24,
    units: "stars and forks as they stand; the release that was published last",
    origins: &["github"],
    complete: false,
};

impl Source for GitHub {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn first(&self, ask: &Ask) -> Vec<Request> {
        let base = ask.endpoint.trim_end_matches('/');
        let get = |kind: String, url: String| {
            ask.request(&kind, &url, bearer)
                .header("accept", "application/vnd.github+json")
                .header("x-github-api-version", "2022-11-28")
        };
        let mut out = Vec::new();
        for repo in &ask.names {
            out.push(get(format!("repo:{repo}"), format!("{base}/repos/{repo}")));
            out.push(get(
                format!("releases:{repo}"),
                format!("{base}/repos/{repo}/releases?per_page=1"),
            ));
        }
        out
    }

    fn accepts(&self, _kind: &str, status: u16) -> bool {
        matches!(status, 404 | 410 | 451)
    }

    fn read(&self, answer: &Kept) -> Result<Facts, String> {
        let mut out = Facts::default();
        if let Some(asked) = answer.kind.strip_prefix("releases:") {
            let list: Vec<Fields<'_>> =
                serde_json::from_slice(&answer.body).map_err(|e| e.to_string())?;
            if let Some((row, tag)) = list
                .first()
                .and_then(|r| Some((r, string(r.get("tag_name"))?)))
            {
                let day = string(row.get("published_at")).and_then(|d| d.get(..10)?.parse().ok());
                out.facts.push(Fact {
                    valid_from: day,
                    ..Fact::text(&format!("github:{asked}"), "release", &tag)
                });
            }
            return Ok(out);
        }
        let asked = answer.kind.strip_prefix("repo:").unwrap_or_default();
        let row: Fields<'_> = serde_json::from_slice(&answer.body).map_err(|e| e.to_string())?;
        let name = string(row.get("full_name")).ok_or("an object without a full name")?;
        // The catalog's spelling stands where only the case differs.
        let same = name.eq_ignore_ascii_case(asked);
        let subject = format!("github:{}", if same { asked } else { &name });
        if let Some(id) = string(row.get("node_id")) {
            out.identities
                .push((subject.clone(), format!("github {id}")));
            if !same {
                out.identities
                    .push((format!("github:{asked}"), format!("github {id}")));
            }
        }
        if !same {
            out.facts
                .push(Fact::text(&format!("github:{asked}"), "renamed-to", &name));
        }
        for (field, metric) in [("stargazers_count", "stars"), ("forks_count", "forks")] {
            match whole(row.get(field)) {
                Some(n) => out.facts.push(Fact::every(
                    &subject,
                    metric,
                    metric_unit(metric),
                    Value::count(n),
                )),
                None => out.reject(format!("{subject} {field}"), "not a count"),
            }
        }
        let license: Option<Fields<'_>> = row
            .get("license")
            .and_then(|l| serde_json::from_str(l.get()).ok());
        if let Some(id) = license.and_then(|l| string(l.get("spdx_id"))) {
            out.facts.push(Fact::text(&subject, "license-tag", &id));
        }
        if row.get("archived").is_some_and(|a| a.get() == "true") {
            out.facts.push(Fact::text(&subject, "archived", "yes"));
        }
        Ok(out)
    }
}

fn metric_unit(metric: &str) -> &'static str {
    if metric == "stars" { "stars" } else { "forks" }
}

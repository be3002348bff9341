//! From a written name to what is known of it: `Qwen_Qwen3.5-9B-Q4_K_M.gguf`, `qwen3:8b`,
//! `unsloth/Qwen3.6-27B-GGUF`, `FLUX.1-dev`.

use std::collections::BTreeMap;

use maquette_catalog::Catalog;
use maquette_catalog::schema::model::Model;

use crate::subject::Subject;

/// Every name that is known, for look-ups of written ones.
#[derive(Debug, Clone, Default)]
pub struct Names {
    subjects: Vec<Subject>,
    /// Normal form of a name to its subject.
    stems: BTreeMap<String, usize>,
    ids: BTreeMap<String, usize>,
    /// A model of the catalog to the first it was made from.
    bases: BTreeMap<String, String>,
}

impl Names {
    pub fn of(catalog: &Catalog) -> Names {
        let mut names = Names::default();
        for shape in &catalog.shapes {
            let written = shape.names.iter().chain([&shape.id]);
            names.add(Subject::of_shape(shape), written.map(String::as_str));
        }
        // The catalog's own models win over shapes of the same name, where they say what shape they have.
        for m in catalog.models.iter().filter(|m| {
            m.llm.is_some()
                || m.component.len() > 1
                || m.component.iter().any(|c| c.layers.is_some())
        }) {
            let hub = m.hub.iter().filter_map(|h| h.split('/').next_back());
            let written = m
                .aliases
                .iter()
                .map(String::as_str)
                .chain([m.id.as_str(), m.name.as_str()])
                .chain(hub);
            names.add(Subject::of_model(m), written);
        }
        for m in &catalog.models {
            if !names.stems.contains_key(&normal(&m.id))
                && !names.stems.contains_key(&normal(&m.name))
            {
                let hub = m.hub.iter().filter_map(|h| h.split('/').next_back());
                let written = m
                    .aliases
                    .iter()
                    .map(String::as_str)
                    .chain([m.id.as_str(), m.name.as_str()])
                    .chain(hub);
                let fresh: Vec<&str> = written
                    .filter(|w| !names.stems.contains_key(&normal(w)))
                    .collect();
                names.add(Subject::of_model(m), fresh.into_iter());
            }
        }
        // One model under several names is one subject: the catalog's own where it has one.
        let own: Vec<usize> = names.subjects.iter().map(|s| names.ids[&s.id]).collect();
        for i in names.stems.values_mut() {
            *i = own[*i];
        }
        for m in &catalog.models {
            if let Some(base) = m.base_models.first() {
                names.bases.insert(m.id.clone(), base.clone());
            }
        }
        names
    }

    fn add<'a>(&mut self, subject: Option<Subject>, written: impl Iterator<Item = &'a str>) {
        let Some(subject) = subject else { return };
        let index = self.subjects.len();
        self.ids.insert(subject.id.clone(), index);
        self.subjects.push(subject);
        for name in written {
            let stem = normal(name);
            if stem.len() >= 3 {
                self.stems.insert(stem, index);
            }
        }
    }

    /// The subject that a written name means. `stated` are parameters and active parameters told
    /// beside the name, in units.
    pub fn find(&self, written: &str, stated: (Option<f64>, Option<f64>)) -> Option<Subject> {
        let name = normal(written);
        let size = size_in(&name);
        if let Some(i) = self.spanning(&name) {
            let subject = &self.subjects[i];
            let told = size.is_some()
                || stated
                    .0
                    .is_none_or(|p| near(p, subject.params) || near(p, subject.active));
            if told || subject.pieces.len() > 1 {
                return Some(subject.clone());
            }
        }
        // `qwen2-5-7b`: points that became hyphens.
        let pointed = points(&name);
        if pointed != name {
            return self.find(&pointed, stated);
        }
        let (params, active) = size.or(stated.0.map(|p| (p, stated.1)))?;
        Some(Subject::of_size(
            written,
            params,
            active.or(stated.1.filter(|a| *a < params * 0.9)),
        ))
    }

    pub fn by_id(&self, id: &str) -> Option<&Subject> {
        Some(&self.subjects[*self.ids.get(id)?])
    }

    /// The shape of a model of the catalog: its own, one that bears its name, or that of the model it
    /// was tuned from.
    pub fn of_model(&self, m: &Model) -> Option<&Subject> {
        if let Some(own) = self.by_id(&m.id) {
            return Some(own);
        }
        let hub = m.hub.iter().filter_map(|h| h.split('/').next_back());
        let mut written = [m.id.as_str(), m.name.as_str()]
            .into_iter()
            .chain(m.aliases.iter().map(String::as_str))
            .chain(hub);
        if let Some(i) = written.find_map(|w| self.spanning(&normal(w))) {
            return Some(&self.subjects[i]);
        }
        let mut at = m.id.as_str();
        // A lineage in the catalog is a few steps long.
        for _ in 0..6 {
            at = self.bases.get(at)?;
            if let Some(base) = self.by_id(at) {
                return Some(base);
            }
        }
        None
    }

    /// The longest run of a normal name's words that is a known name whose size is not another.
    fn spanning(&self, name: &str) -> Option<usize> {
        if let Some(&i) = self.stems.get(name) {
            return Some(i);
        }
        let wanted = size_in(name).map(|(p, _)| p);
        let words: Vec<&str> = name.split('-').collect();
        let mut spans: Vec<(usize, usize)> = (0..words.len())
            .flat_map(|a| (a + 1..=words.len().min(a + 12)).map(move |b| (a, b)))
            .collect();
        let length =
            |(a, b): (usize, usize)| words[a..b].iter().map(|w| w.len() + 1).sum::<usize>();
        spans.sort_by_key(|span| std::cmp::Reverse(length(*span)));
        spans.into_iter().find_map(|(a, b)| {
            let &i = self.stems.get(&words[a..b].join("-"))?;
            let s = &self.subjects[i];
            let fits =
                wanted.is_none_or(|p| near(p, s.params) || near(p, s.active) || s.pieces.len() > 1);
            fits.then_some(i)
        })
    }
}

/// Parameters told beside a name: `stated 35B-A3B`.
pub fn stated(note: &str) -> (Option<f64>, Option<f64>) {
    let told = note.to_lowercase();
    let told = told
        .split("stated ")
        .nth(1)
        .and_then(|t| t.split_whitespace().next());
    match told.and_then(size_in) {
        Some((params, active)) => (Some(params), active),
        None => (None, None),
    }
}

fn near(a: f64, b: f64) -> bool {
    a > b * 0.72 && a < b * 1.38
}

/// Lower case, words parted by single hyphens, without owner and file ending.
pub fn normal(written: &str) -> String {
    let last = written
        .trim()
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_lowercase();
    let last = last.strip_suffix(".gguf").unwrap_or(&last);
    let mut out = String::new();
    for c in last.chars() {
        if c.is_alphanumeric() || c == '.' {
            out.push(c);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// Single digits on both sides of a hyphen are one number: `qwen2-5-7b` is `qwen2.5-7b`.
fn points(name: &str) -> String {
    let c: Vec<char> = name.chars().collect();
    let digit = |i: Option<usize>| i.and_then(|i| c.get(i)).is_some_and(char::is_ascii_digit);
    let mut out = String::new();
    for (i, &ch) in c.iter().enumerate() {
        let joins = ch == '-'
            && digit(i.checked_sub(1))
            && digit(Some(i + 1))
            && c.get(i + 2).is_none_or(|n| *n == '-');
        out.push(if joins && !out.contains('.') { '.' } else { ch });
    }
    out
}

/// Parameters, and those of them that are active, in a normal name: `35b-a3b`, `8x7b`, `e4b`, `0.6b`, `135m`.
fn size_in(name: &str) -> Option<(f64, Option<f64>)> {
    let mut found: Option<f64> = None;
    for word in name.split('-') {
        let unit = |w: &str| -> Option<f64> {
            let (digits, scale) = match w.strip_suffix('b') {
                Some(d) => (d, 1e9),
                None => (w.strip_suffix('m')?, 1e6),
            };
            let n: f64 = digits.parse().ok()?;
            (n.is_finite() && n > 0.0 && digits.starts_with(|c: char| c.is_ascii_digit()))
                .then_some(n * scale)
        };
        if let (Some(all), Some(active)) = (found, word.strip_prefix('a').and_then(unit))
            && active < all
        {
            return Some((all, Some(active)));
        }
        if let Some((n, each)) = word.split_once('x')
            && let (Ok(2..=4096), Ok(n), Some(each)) =
                (n.parse::<u32>(), n.parse::<f64>(), unit(each))
        {
            // Experts share attention: eight of 7 billion are about 47, two are read.
            let all = n * each * 0.83;
            return Some((all, Some(all.min(each * 1.8))));
        }
        let plain = word
            .strip_prefix('e')
            .filter(|w| w.starts_with(|c: char| c.is_ascii_digit()))
            .unwrap_or(word);
        if let (None, Some(n)) = (found, unit(plain)) {
            found = Some(n);
        }
    }
    found.map(|n| (n, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_at_words() {
        assert_eq!(size_in("meta-llama-3-8b"), Some((8e9, None)));
        assert_eq!(size_in("qwen3.6-35b-a3b"), Some((35e9, Some(3e9))));
        assert_eq!(size_in("gemma-4-e4b-it"), Some((4e9, None)));
        assert_eq!(size_in("smollm2-135m"), Some((135e6, None)));
        assert_eq!(size_in("phi-4"), None);
        let experts = size_in("mixtral-8x7b");
        assert!(experts.is_some_and(|(all, _)| (all / 46.5e9 - 1.0).abs() < 0.01));
        assert_eq!(size_in(".8x7b"), None);
        assert!(size_in("2x7b").is_some_and(|(all, active)| active.is_some_and(|a| a <= all)));
    }

    #[test]
    fn written_names_become_words() {
        assert_eq!(
            normal("Qwen_Qwen3.5-9B-Q4_K_M.gguf"),
            "qwen-qwen3.5-9b-q4-k-m"
        );
        assert_eq!(normal("unsloth/Qwen3.6-27B-GGUF"), "qwen3.6-27b-gguf");
        assert_eq!(normal("qwen3:8b"), "qwen3-8b");
    }
}

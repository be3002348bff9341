//! Nearest names for an unknown one.

/// Up to three known names that the user may have meant, best first.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    let wanted = fold(name);
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut scored: Vec<(usize, usize, &str)> = known
        .filter_map(|k| {
            let have = fold(k);
            let distance = edit_distance(&wanted, &have);
            let inside = wanted.len() >= 3 && (have.contains(&wanted) || wanted.contains(&have));
            let limit = wanted.chars().count().max(3) / 3 + 1;
            (inside || distance <= limit).then_some((
                if inside { distance.min(1) } else { distance },
                distance,
                k,
            ))
        })
        .collect();
    scored.sort_unstable();
    scored.dedup_by(|a, b| a.2 == b.2);
    scored
        .into_iter()
        .take(3)
        .map(|(_, _, k)| k.to_owned())
        .collect()
}

/// ` (did you mean a, b or c?)`, or nothing.
pub fn did_you_mean(near: &[String]) -> String {
    match near {
        [] => String::new(),
        [one] => format!(" (did you mean `{one}`?)"),
        [rest @ .., last] => format!(" (did you mean `{}` or `{last}`?)", rest.join("`, `")),
    }
}

/// Lower case, letters and digits only: `FLUX.1 [schnell]` and `flux.1-schnell` fold alike.
pub fn fold(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Edits between two names: characters put in, taken out, replaced, or two neighbours swapped.
fn edit_distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(64).collect();
    let b: Vec<char> = b.chars().take(64).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut next = vec![i + 1; b.len() + 1];
        for j in 0..b.len() {
            let replaced = row[j] + usize::from(a[i] != b[j]);
            next[j + 1] = replaced.min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                next[j + 1] = next[j + 1].min(before[j - 1] + 1);
            }
        }
        before = std::mem::replace(&mut row, next);
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_is_one_edit() {
        assert_eq!(edit_distance("rtx4900", "rtx4090"), 1);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert_eq!(edit_distance("", "abc"), 3);
    }

    #[test]
    fn the_nearest_come_first() {
        let known = ["rtx-4060", "rtx-4090", "rtx-3090", "h100"];
        assert_eq!(nearest("RTX 4900", known.into_iter())[0], "rtx-4090");
        assert!(nearest("qqqqqqqq", known.into_iter()).is_empty());
    }

    #[test]
    fn punctuation_and_case_do_not_count() {
        assert_eq!(fold("FLUX.1 [schnell]"), fold("flux.1-schnell"));
    }
}

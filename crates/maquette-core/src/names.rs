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

/// Levenshtein distance, in characters.
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().take(64).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let cost = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

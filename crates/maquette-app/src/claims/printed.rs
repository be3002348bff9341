//! An edition's tables as they were printed, each cell beside what its claims derive.

use maquette_core::report::claims::{
    ClaimLine, ClaimsReport, PrintedCell, PrintedReport, PrintedTable, ReadingOutcome,
};

use super::{Verdict, edition, mistake};
use crate::error::AppError;

/// Verdicts, the worst first: a cell has that of its worst claim.
const WORST: [Verdict; 4] = [
    Verdict::Fails,
    Verdict::NotCheckable,
    Verdict::UnderAReading,
    Verdict::Holds,
];

/// The tables of the report's edition; `judged` has all of its claims.
pub fn printed(judged: &ClaimsReport) -> Result<PrintedReport, AppError> {
    let file = edition(Some(&judged.edition))?;
    let cell = |text: &str| -> Result<PrintedCell, AppError> {
        let (printed, names) = text.split_once(" @ ").unwrap_or((text, ""));
        let mut claims = Vec::new();
        for name in names.split(", ").filter(|n| !n.is_empty()) {
            let found = judged.claims.iter().find(|c| c.name == name);
            claims.push(found.ok_or_else(|| {
                mistake(format!(
                    "claims/{}.toml: a table names `{name}`, which is no claim",
                    file.edition
                ))
            })?);
        }
        Ok(of_claims(printed, &claims, &judged.day))
    };
    let mut tables = Vec::new();
    for t in &file.table {
        let row = |r: &Vec<String>| r.iter().map(|c| cell(c)).collect::<Result<Vec<_>, _>>();
        tables.push(PrintedTable {
            id: t.id.clone(),
            title: t.title.clone(),
            lines: t.lines.clone(),
            columns: t.columns.clone(),
            rows: t.rows.iter().map(row).collect::<Result<_, _>>()?,
            order: t
                .order
                .as_ref()
                .map(|o| cell(&format!("1 to {} @ {o}", t.rows.len())))
                .transpose()?,
        });
    }
    Ok(PrintedReport {
        schema: "maquette.printed/1".to_owned(),
        as_of: judged.as_of.clone(),
        edition: judged.edition.clone(),
        day: judged.day.clone(),
        tables,
    })
}

fn of_claims(printed: &str, claims: &[&ClaimLine], day: &str) -> PrintedCell {
    let worst = WORST
        .into_iter()
        .find(|w| claims.iter().any(|c| c.verdict == w.as_str()));
    let ours: Vec<String> = claims.iter().filter_map(|c| derived(c, day)).collect();
    PrintedCell {
        printed: printed.to_owned(),
        claims: claims.iter().map(|c| c.id.clone()).collect(),
        ours: (!ours.is_empty()).then(|| ours.join("; ")),
        verdict: worst.map(|w| w.as_str().to_owned()),
        reasons: claims
            .iter()
            .filter(|c| c.verdict != Verdict::Holds.as_str())
            .map(|c| c.why.clone())
            .collect(),
    }
}

/// What the first reading gives that holds, or else the first that fails: its result, or the values that it took from others.
fn derived(c: &ClaimLine, day: &str) -> Option<String> {
    let with = |outcome: &str| {
        c.readings
            .iter()
            .find(|r| !r.contradicts && r.outcome == outcome)
    };
    let reading = with("holds").or_else(|| with("fails"))?;
    let said = match &reading.result {
        // Formulas and what they gave: the latter.
        Some(result) => parts(result)
            .into_iter()
            .map(|part| {
                part.rsplit_once(" = ")
                    .map_or(part, |(_, value)| value)
                    .to_owned()
            })
            .collect(),
        None => values(reading, day),
    };
    let mut once: Vec<String> = Vec::new();
    for s in said {
        if !once.contains(&s) {
            once.push(s);
        }
    }
    (!once.is_empty()).then(|| once.join(", "))
}

/// What stands between semicolons outside of quotation marks.
fn parts(text: &str) -> Vec<&str> {
    let (mut out, mut from, mut quoted) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted => {
                out.push(text[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    out.push(text[from..].trim());
    out
}

fn values(reading: &ReadingOutcome, day: &str) -> Vec<String> {
    let others = reading.inputs.iter().filter(|i| !i.own_words);
    others
        .map(|i| {
            if i.as_of == day {
                i.value.clone()
            } else {
                format!("{} on {}", i.value, i.as_of)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn semicolons_of_arguments_part_nothing() {
        let of = |text| parts(text);
        assert_eq!(
            of("f(\"a; b\") = 1; g() = 2"),
            ["f(\"a; b\") = 1", "g() = 2"]
        );
        assert_eq!(of("12 to 76"), ["12 to 76"]);
    }

    /// Each row has a cell a column, each claim of a cell is one, and what is printed there is what the claim has.
    #[test]
    fn the_tables_name_claims_and_print_what_they_print() {
        for id in super::super::editions() {
            let file = edition(Some(id)).unwrap_or_else(|e| unreachable!("{e:?}"));
            assert!(!file.table.is_empty(), "{id}");
            for t in &file.table {
                for (row, cell) in t.rows.iter().flat_map(|r| r.iter().map(move |c| (r, c))) {
                    assert_eq!(row.len(), t.columns.len(), "{}: {row:?}", t.id);
                    let Some((printed, names)) = cell.split_once(" @ ") else {
                        continue;
                    };
                    let digits =
                        |s: &str| -> String { s.chars().filter(char::is_ascii_digit).collect() };
                    for name in names.split(", ") {
                        let claim = file.claim.iter().find(|c| c.id == name);
                        assert!(claim.is_some(), "{}: {name}", t.id);
                        let of_claim = claim.map_or(String::new(), |c| digits(&c.printed.text));
                        let of_cell = digits(printed);
                        assert!(
                            of_claim.is_empty()
                                // A cell of several claims has more than each of them.
                                || names.contains(", ")
                                || of_cell.contains(&of_claim)
                                || of_claim.contains(&of_cell),
                            "{}: {cell}: {of_claim}",
                            t.id
                        );
                    }
                }
            }
        }
    }
}

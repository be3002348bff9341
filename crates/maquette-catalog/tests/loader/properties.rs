//! Whatever the files say, the loader answers with problems that name a place, and never panics.

use maquette_catalog::{Parsed, Problem, Severity, SourceFile, check, line_column, overlay, parse};
use proptest::prelude::*;

use crate::random::any_file;
use crate::tiny;

fn all_problems(laid: Parsed, files: &[SourceFile]) -> Vec<Problem> {
    let mut all = laid.problems;
    for day in [None, Some(tiny::today())] {
        all.extend(check(&laid.catalog, &laid.origins, files, day));
    }
    all
}

/// A path that was given, and a span inside the text that cuts no character.
fn has_a_place(p: &Problem, files: &[SourceFile]) -> Result<(), TestCaseError> {
    prop_assert!(!p.path.is_empty(), "{p:?}");
    prop_assert!(!p.message.is_empty(), "{p:?}");
    let Some(span) = &p.span else { return Ok(()) };
    let inside = files
        .iter()
        .filter(|f| f.path == p.path)
        .any(|f| span.start <= span.end && f.text.get(span.clone()).is_some());
    prop_assert!(inside, "{p:?} lies outside its file");
    for f in files.iter().filter(|f| f.path == p.path) {
        let (line, column) = line_column(&f.text, span.start);
        prop_assert!(line >= 1 && column >= 1);
    }
    Ok(())
}

fn whole(mut files: Vec<SourceFile>) -> Vec<SourceFile> {
    let mut seen = std::collections::BTreeSet::new();
    files.retain(|f| seen.insert(f.path.clone()));
    files
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_whole_catalog_of_anything(files in prop::collection::vec(any_file(), 1..6)) {
        let files = whole(files);
        for p in all_problems(parse(&files), &files) {
            has_a_place(&p, &files)?;
        }
    }

    #[test]
    fn anything_laid_over_a_good_catalog(files in prop::collection::vec(any_file(), 1..4)) {
        let files = whole(files);
        for p in all_problems(overlay(tiny::catalog(), &files), &files) {
            // A correction may spoil what stays in the catalog itself, which has no file here.
            prop_assert!(!p.path.is_empty());
            if files.iter().any(|f| f.path == p.path) {
                has_a_place(&p, &files)?;
            }
        }
    }

    #[test]
    fn one_spoiled_file_in_a_good_catalog(file in any_file()) {
        let mut files = tiny::files();
        files.retain(|f| f.path != file.path);
        files.push(file);
        let laid = parse(&files);
        let lost = laid.problems.iter().any(|p| p.severity == Severity::Error);
        let things = laid.catalog.models.len() + laid.catalog.licenses.len()
            + laid.catalog.providers.len() + laid.catalog.gpus.len() + laid.catalog.places.len()
            + laid.catalog.exchange.len() + laid.catalog.conversions.len();
        // A file that is left out is always reported.
        let empty = files.iter().any(|f| f.text.contains("exchange = []") || f.text.contains("conversion = []"));
        prop_assert!(lost || empty || things >= files.len(), "{things} things of {} files", files.len());
        for p in all_problems(laid, &files) {
            has_a_place(&p, &files)?;
        }
    }

    #[test]
    fn the_order_of_files_does_not_matter(mut files in Just(tiny::files()).prop_shuffle()) {
        let shuffled = parse(&files).catalog;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        prop_assert_eq!(format!("{shuffled:?}"), format!("{:?}", parse(&files).catalog));
    }
}

#[test]
fn deep_nesting_is_an_error_and_not_a_stack_overflow() {
    for open in ["[", "{a="] {
        let files = [tiny::file(
            "exchange.toml",
            format!("exchange = {}", open.repeat(100_000)),
        )];
        let problems = parse(&files).problems;
        assert_eq!(problems.len(), 1);
        assert!(problems[0].span.is_some());
    }
}

//! Tables of measurements: a row that is wrong is found at its line, and the others stay.

use maquette_catalog::{Code, Problem, SourceFile, parse};

use crate::tiny;

const RUNS: &str = "evidence/image.csv";
const LOSSES: &str = "quality/quantization.csv";

/// The tiny catalog with two tables, one row of each as given.
fn with(run: &str, loss: &str) -> Vec<SourceFile> {
    let mut files = tiny::files();
    files.push(tiny::file(
        RUNS,
        format!(
            "id,model,format,workload,engine,gpu,quantity,value,source,as_of,tier,note\n\
             image-1,Pix,bf16,1024x1024 steps 28,diffusers,RTX 4090,seconds,11.2,somebody,2026-03-01,A,\n{run}\n"
        ),
    ));
    files.push(tiny::file(
        LOSSES,
        format!(
            "id,model,format,metric,value,reference,reference_format,dataset,source,as_of,tier,note\n\
             quant-1,Pix,Q4_K_M,perplexity,6.5,6.4,f16,wikitext-2,somebody,2026-03,A,\n{loss}\n"
        ),
    ));
    files
}

const RUN: &str = "image-2,Pix,fp8,1024x1024,,,peak-gib,9.5,somebody,,B,a note";
const LOSS: &str = "quant-2,Pix,Q8_0,kl-divergence,0.001,,f16,,somebody,,B,";

fn found(run: &str, loss: &str) -> (Vec<SourceFile>, Vec<Problem>) {
    let files = with(run, loss);
    let found = tiny::problems(&files, tiny::today());
    (files, found)
}

#[track_caller]
fn one(run: &str, loss: &str, code: Code, path: &str, says: &str) {
    let (files, found) = found(run, loss);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].code, code);
    assert_eq!(tiny::place(&files, &found[0]), (path.to_owned(), 3, 1));
    assert!(found[0].message.contains(says), "{}", found[0].message);
    // The row before it was read all the same.
    let catalog = parse(&files).catalog;
    assert_eq!(catalog.runs[0].id, "image-1");
    assert_eq!(catalog.losses[0].id, "quant-1");
}

#[test]
fn tables_in_order_have_nothing_wrong() {
    let (files, found) = found(RUN, LOSS);
    assert_eq!(found, []);
    let catalog = parse(&files).catalog;
    assert_eq!((catalog.runs.len(), catalog.losses.len()), (2, 2));
    assert_eq!(catalog.losses[1].reference, None);
}

#[test]
fn a_row_that_does_not_read_is_named() {
    let bad = |from: &str, to: &str| RUN.replacen(from, to, 1);
    one(&bad("9.5", "much"), LOSS, Code::WrongForm, RUNS, "invalid");
    one(
        &bad("peak-gib", "weight"),
        LOSS,
        Code::WrongForm,
        RUNS,
        "weight",
    );
    one(&bad(",a note", ""), LOSS, Code::WrongForm, RUNS, "field");
    let bad = |from: &str, to: &str| LOSS.replacen(from, to, 1);
    one(
        RUN,
        &bad("kl-divergence", "taste"),
        Code::WrongForm,
        LOSSES,
        "taste",
    );
    one(RUN, &bad("0.001", ""), Code::WrongForm, LOSSES, "");
}

#[test]
fn a_row_that_cannot_be_is_an_error_at_its_line() {
    let bad = |from: &str, to: &str| RUN.replacen(from, to, 1);
    one(
        &bad("9.5", "0"),
        LOSS,
        Code::ImpossibleValue,
        RUNS,
        "no measurement",
    );
    one(
        &bad("9.5", "-1"),
        LOSS,
        Code::ImpossibleValue,
        RUNS,
        "no measurement",
    );
    one(
        &bad("9.5", "NaN"),
        LOSS,
        Code::ImpossibleValue,
        RUNS,
        "no measurement",
    );
    one(
        &bad("somebody,,", ",,"),
        LOSS,
        Code::MissingSource,
        RUNS,
        "no source",
    );
    one(
        &bad("somebody,,", "somebody,2027-01-01,"),
        LOSS,
        Code::ImpossibleValue,
        RUNS,
        "after",
    );
    let bad = |from: &str, to: &str| LOSS.replacen(from, to, 1);
    one(
        RUN,
        &bad("0.001,,", "0.001,0,"),
        Code::ImpossibleValue,
        LOSSES,
        "no measurement",
    );
    one(
        RUN,
        &bad("0.001", "inf"),
        Code::ImpossibleValue,
        LOSSES,
        "no measurement",
    );
    one(
        RUN,
        &bad("somebody", ""),
        Code::MissingSource,
        LOSSES,
        "no source",
    );
}

#[test]
fn an_id_given_twice_is_an_error() {
    let (_, problems) = found(&RUN.replacen("image-2", "image-1", 1), LOSS);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].code, Code::DuplicateId);
}

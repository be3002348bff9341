//! `catalog check`: what is wrong with a catalog directory, at file, line and column.

use std::path::{Path, PathBuf};

use maquette_core::Date;
use maquette_core::report::listing::{CheckReport, ProblemLine};
use maquette_know::catalog::{Severity, line_column};

use crate::error::{AppError, Picture};

/// The report, and a picture of each error's line.
pub fn check(
    root: &Path,
    layers: &[PathBuf],
    today: Date,
) -> Result<(CheckReport, Vec<Picture>), AppError> {
    let (problems, files, count) = maquette_know::check_dir(root, layers, today)?;
    let mut pictures = Vec::new();
    let lines: Vec<ProblemLine> = problems
        .iter()
        .map(|p| {
            let text = files
                .iter()
                .find(|f| f.path == p.path)
                .map_or("", |f| f.text.as_str());
            let span = p.span.clone().unwrap_or(0..0);
            let (line, column) = line_column(text, span.start);
            if p.severity == Severity::Error {
                pictures.push(Picture {
                    path: root.join(&p.path).display().to_string(),
                    text: text.to_owned(),
                    span,
                    label: format!("{}: {}", p.code.as_str(), p.message),
                });
            }
            ProblemLine {
                severity: if p.severity == Severity::Error {
                    "error"
                } else {
                    "warning"
                }
                .to_owned(),
                code: p.code.as_str().to_owned(),
                file: root.join(&p.path).display().to_string(),
                line,
                column,
                message: p.message.clone(),
                hint: p.hint.clone(),
            }
        })
        .collect();
    let errors = problems
        .iter()
        .filter(|p| p.severity == Severity::Error)
        .count();
    let report = CheckReport {
        schema: "maquette.catalog-check/1".to_owned(),
        files: count,
        errors,
        warnings: problems.len() - errors,
        problems: lines,
    };
    Ok((report, pictures))
}

//! Packs `catalog/` into one checked blob, so that the program starts without parsing text.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use maquette_catalog::{
    BlobError, Severity, SourceFile, check, is_catalog_name, line_column, parse, to_blob,
};

use maquette_catalog::schema::history::Past;
use maquette_fit::estimate::cases;
use maquette_fit::learn::Learned;
use maquette_fit::names::Names;

fn main() -> ExitCode {
    match pack() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            for line in message.lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn pack() -> Result<(), String> {
    let root = PathBuf::from(env("CARGO_MANIFEST_DIR")?).join("../../catalog");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    read(&root, "", &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let parsed = parse(&files);
    let mut problems = parsed.problems;
    problems.extend(check(&parsed.catalog, &parsed.origins, &files, None));
    problems.retain(|p| p.severity == Severity::Error);
    if !problems.is_empty() {
        let lines: Vec<String> = problems
            .iter()
            .take(20)
            .map(|p| {
                let text = files
                    .iter()
                    .find(|f| f.path == p.path)
                    .map_or("", |f| f.text.as_str());
                let (line, column) = line_column(text, p.span.as_ref().map_or(0, |s| s.start));
                format!(
                    "catalog/{}:{line}:{column}: {}: {}",
                    p.path,
                    p.code.as_str(),
                    p.message
                )
            })
            .collect();
        return Err(format!(
            "{} error(s) in the catalog\n{}",
            problems.len(),
            lines.join("\n")
        ));
    }
    let mut catalog = parsed.catalog;
    let runs = std::mem::take(&mut catalog.runs);
    let archives = std::mem::take(&mut catalog.archives);
    let past = Past::of(archives, std::mem::take(&mut catalog.observations));
    let names = Names::of(&catalog);
    let learned = Learned::of(&cases(&catalog, &names, &runs).0);
    let out = PathBuf::from(env("OUT_DIR")?);
    let write = |name: &str, blob: Result<Vec<u8>, BlobError>| {
        let path = out.join(name);
        let blob = blob.map_err(|e| e.to_string())?;
        fs::write(&path, blob).map_err(|e| format!("{}: {e}", path.display()))
    };
    write("catalog.bin", to_blob(&catalog))?;
    // Apart, so that a command that estimates nothing does not read them.
    write("runs.bin", to_blob(&runs))?;
    write("past.bin", to_blob(&past))?;
    write("learned.bin", to_blob(&learned))
}

fn env(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|e| format!("{name}: {e}"))
}

fn read(dir: &Path, prefix: &str, files: &mut Vec<SourceFile>) -> Result<(), String> {
    let entries = fs::read_dir(dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    for entry in entries {
        let entry = entry.map_err(|e| e.to_string())?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if path.is_dir() {
            read(&path, &format!("{prefix}{name}/"), files)?;
        } else if is_catalog_name(prefix, &name) {
            let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            files.push(SourceFile {
                path: format!("{prefix}{name}"),
                text,
            });
        }
    }
    Ok(())
}

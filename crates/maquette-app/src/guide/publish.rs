//! Puts a site into a directory: written aside and swapped in, so that the old one stays whole until the new one
//! is. Files that others put there stay; a directory that was not written by the guide is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::AppError;

/// The list of what was written, one name a line.
const MANIFEST: &str = ".maquette-guide";

/// Names in the directory that are not the guide's; refused where it is not a guide's at all, or is and nobody said to
/// replace it. Asked before the work is done, and again before it is written.
pub fn may_write(dir: &Path, force: bool) -> Result<Vec<String>, AppError> {
    let before = there(dir)?;
    let own: BTreeSet<String> = match fs::read_to_string(dir.join(MANIFEST)) {
        Ok(text) => text.lines().map(str::to_owned).collect(),
        Err(_) => BTreeSet::new(),
    };
    if !before.is_empty() && own.is_empty() {
        return Err(AppError::request(format!(
            "{} is not empty, and no guide was written there",
            dir.display()
        ))
        .hint("name a directory that is empty or not there yet"));
    }
    if !before.is_empty() && !force {
        return Err(
            AppError::request(format!("{} holds a guide already", dir.display()))
                .hint("--force replaces the files that it consists of, and no others"),
        );
    }
    Ok(before
        .into_iter()
        .filter(|f| !own.contains(f) && f != MANIFEST)
        .collect())
}

/// Writes all files; `force` replaces what an earlier guide wrote.
pub fn publish(dir: &Path, files: &BTreeMap<String, String>, force: bool) -> Result<(), AppError> {
    let foreign = may_write(dir, force)?;
    if let Some(taken) = foreign.iter().find(|f| files.contains_key(*f)) {
        return Err(AppError::request(format!(
            "{} was not written by a guide",
            dir.join(taken).display()
        ))
        .hint("move it elsewhere: the guide has a file of that name"));
    }
    let aside = beside(dir, "new");
    let written = fill(&aside, dir, files, &foreign);
    if let Err(e) = written {
        // Nothing of the old site was touched.
        let _ = fs::remove_dir_all(&aside);
        return Err(cannot(dir, &e));
    }
    swap(dir, &aside).map_err(|e| cannot(dir, &e))
}

fn cannot(dir: &Path, e: &std::io::Error) -> AppError {
    AppError::request(format!("the guide cannot be written to {}", dir.display()))
        .because(e.to_string())
        .hint("what was there before is as it was")
}

/// Names of what lies in a directory; none where it is not there.
fn there(dir: &Path) -> Result<Vec<String>, AppError> {
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let list = fs::read_dir(dir).map_err(|e| {
        AppError::request(format!("{} cannot be read", dir.display())).because(e.to_string())
    })?;
    Ok(list
        .flatten()
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .collect())
}

/// A directory next to another, for a while.
fn beside(dir: &Path, what: &str) -> PathBuf {
    let name = dir
        .file_name()
        .map_or_else(|| "guide".to_owned(), |n| n.to_string_lossy().into_owned());
    dir.with_file_name(format!(".{name}.{what}-{}", std::process::id()))
}

fn fill(
    aside: &Path,
    dir: &Path,
    files: &BTreeMap<String, String>,
    foreign: &[String],
) -> std::io::Result<()> {
    fs::create_dir_all(aside)?;
    let mut manifest = String::new();
    for (name, text) in files {
        let mut file = fs::File::create(aside.join(name))?;
        file.write_all(text.as_bytes())?;
        file.sync_data()?;
        manifest.push_str(name);
        manifest.push('\n');
    }
    fs::write(aside.join(MANIFEST), manifest)?;
    // What others put there is taken along: linked where the file system can, so that it lies in both until the swap.
    for name in foreign {
        let (from, to) = (dir.join(name), aside.join(name));
        if from.is_dir() {
            copy_tree(&from, &to)?;
        } else if fs::hard_link(&from, &to).is_err() {
            fs::copy(&from, &to)?;
        }
    }
    Ok(())
}

fn copy_tree(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn swap(dir: &Path, aside: &Path) -> std::io::Result<()> {
    if !dir.exists() {
        if let Some(parent) = dir.parent() {
            fs::create_dir_all(parent)?;
        }
        return fs::rename(aside, dir);
    }
    let old = beside(dir, "old");
    fs::rename(dir, &old)?;
    if let Err(e) = fs::rename(aside, dir) {
        fs::rename(&old, dir)?;
        return Err(e);
    }
    fs::remove_dir_all(&old)
}

//! Reads a catalog directory, with limits, into texts.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use maquette_catalog::SourceFile;

/// Most files of one catalog directory.
pub const MOST_FILES: usize = 20_000;
/// Most bytes of one file.
pub const MOST_BYTES: u64 = 4 * 1024 * 1024;
/// Deepest folder below the catalog's root.
const MOST_DEPTH: usize = 6;

#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("the catalog directory {} cannot be read", path.display())]
    Directory {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{} cannot be read", path.display())]
    File {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{} is not UTF-8 text", path.display())]
    NotText { path: PathBuf },
    #[error("{} has more than {MOST_BYTES} bytes, the most of one file", path.display())]
    TooLarge { path: PathBuf },
    #[error("{} holds more than {MOST_FILES} files", path.display())]
    TooMany { path: PathBuf },
    #[error("{} holds no catalog file", path.display())]
    Empty { path: PathBuf },
}

/// Every `.toml` file below `root`, and the `.csv` files of `evidence/` and `quality/`, in order of path. Other files
/// are not the catalog's and are passed over; links are not followed.
pub fn read_dir(root: &Path) -> Result<Vec<SourceFile>, ReadError> {
    let mut files = Vec::new();
    walk(root, root, "", 0, &mut files)?;
    if files.is_empty() {
        return Err(ReadError::Empty {
            path: root.to_owned(),
        });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn walk(
    root: &Path,
    dir: &Path,
    prefix: &str,
    depth: usize,
    files: &mut Vec<SourceFile>,
) -> Result<(), ReadError> {
    let entries = fs::read_dir(dir).map_err(|source| ReadError::Directory {
        path: dir.to_owned(),
        source,
    })?;
    for entry in entries {
        let entry = entry.map_err(|source| ReadError::Directory {
            path: dir.to_owned(),
            source,
        })?;
        let kind = entry.file_type().map_err(|source| ReadError::File {
            path: entry.path(),
            source,
        })?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if kind.is_dir() && depth < MOST_DEPTH {
            walk(
                root,
                &entry.path(),
                &format!("{prefix}{name}/"),
                depth + 1,
                files,
            )?;
        } else if kind.is_file() && maquette_catalog::is_catalog_name(prefix, &name) {
            if files.len() >= MOST_FILES {
                return Err(ReadError::TooMany {
                    path: root.to_owned(),
                });
            }
            files.push(SourceFile {
                path: format!("{prefix}{name}"),
                text: read_text(&entry.path())?,
            });
        }
    }
    Ok(())
}

/// One text file, refused when it is large or not text.
pub fn read_text(path: &Path) -> Result<String, ReadError> {
    let file = |source| ReadError::File {
        path: path.to_owned(),
        source,
    };
    // A pipe or a device has no length of its own, so the limit is kept while reading.
    let mut raw = Vec::new();
    fs::File::open(path)
        .and_then(|f| f.take(MOST_BYTES + 1).read_to_end(&mut raw))
        .map_err(file)?;
    if raw.len() as u64 > MOST_BYTES {
        return Err(ReadError::TooLarge {
            path: path.to_owned(),
        });
    }
    String::from_utf8(raw).map_err(|_| ReadError::NotText {
        path: path.to_owned(),
    })
}

//! What is wrong with a catalog file, and where.

use std::fmt;
use std::ops::Range;

/// One text of the catalog. `path` is relative to the catalog's root, with `/`.
#[derive(Debug, Clone)]
pub struct SourceFile {
    pub path: String,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
}

/// The kinds of problem, each with the name that `catalog check` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    NotACatalogFile,
    Unreadable,
    Syntax,
    WrongForm,
    DuplicateId,
    UnknownId,
    MissingSource,
    UnitMismatch,
    OverlappingPeriods,
    ImpossibleValue,
    Stale,
    VagueDate,
    FileName,
    Contradiction,
}

impl Code {
    pub fn as_str(self) -> &'static str {
        match self {
            Code::NotACatalogFile => "not-a-catalog-file",
            Code::Unreadable => "unreadable",
            Code::Syntax => "syntax",
            Code::WrongForm => "wrong-form",
            Code::DuplicateId => "duplicate-id",
            Code::UnknownId => "unknown-id",
            Code::MissingSource => "missing-source",
            Code::UnitMismatch => "unit-mismatch",
            Code::OverlappingPeriods => "overlapping-periods",
            Code::ImpossibleValue => "impossible-value",
            Code::Stale => "stale",
            Code::VagueDate => "vague-date",
            Code::FileName => "file-name",
            Code::Contradiction => "contradiction",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    pub code: Code,
    pub path: String,
    /// Byte range in the file's text, where known.
    pub span: Option<Range<usize>>,
    pub message: String,
    pub hint: Option<String>,
}

impl Problem {
    pub fn error(code: Code, path: &str, message: impl Into<String>) -> Problem {
        Problem {
            severity: Severity::Error,
            code,
            path: path.to_owned(),
            span: None,
            message: message.into(),
            hint: None,
        }
    }

    pub fn warning(code: Code, path: &str, message: impl Into<String>) -> Problem {
        Problem {
            severity: Severity::Warning,
            ..Problem::error(code, path, message)
        }
    }

    #[must_use]
    pub fn at(mut self, span: Option<Range<usize>>) -> Problem {
        self.span = span;
        self
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Problem {
        self.hint = Some(hint.into());
        self
    }
}

/// Line and column (both from 1, columns in characters) of a byte offset.
pub fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.path, self.code.as_str(), self.message)
    }
}

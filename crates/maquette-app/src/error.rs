//! What the user sees when something is wrong: what happened, because of what, what to do next.

use std::ops::Range;

use maquette_know::{KnowError, Unknown};

/// A small document, not a string: faces lay it out.
#[derive(Debug)]
pub struct AppError {
    pub kind: Kind,
    /// One line: what happened.
    pub message: String,
    /// One line per cause.
    pub because: Vec<String>,
    /// What to do next.
    pub hints: Vec<String>,
    /// The places in files of the user's that are wrong.
    pub pictures: Vec<Picture>,
}

/// Decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request is wrong: arguments, configuration, a catalog file.
    Request,
    /// Needed data is missing or too old.
    Data,
    /// Our mistake.
    Internal,
}

/// A line of a user's file with what is wrong in it.
#[derive(Debug, Clone)]
pub struct Picture {
    pub path: String,
    pub text: String,
    pub span: Range<usize>,
    pub label: String,
}

impl AppError {
    pub fn request(message: impl Into<String>) -> AppError {
        AppError {
            kind: Kind::Request,
            message: message.into(),
            because: Vec::new(),
            hints: Vec::new(),
            pictures: Vec::new(),
        }
    }

    /// Needed data is missing.
    pub fn data(message: impl Into<String>) -> AppError {
        AppError {
            kind: Kind::Data,
            ..AppError::request(message)
        }
    }

    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> AppError {
        self.because.push(cause.into());
        self
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> AppError {
        self.hints.push(hint.into());
        self
    }

    #[must_use]
    pub fn picture(mut self, picture: Picture) -> AppError {
        self.pictures.push(picture);
        self
    }

    /// An unknown name, and the command that lists the known ones.
    pub fn unknown(e: &Unknown, list: &str) -> AppError {
        let verb = if list.contains(", ") || list.contains("` and `") {
            "list"
        } else {
            "lists"
        };
        AppError::request(e.to_string()).hint(format!("`{list}` {verb} what is known"))
    }
}

/// The error and its causes, one line each.
pub(crate) fn causes(e: &dyn std::error::Error) -> Vec<String> {
    let mut lines = Vec::new();
    let mut next = e.source();
    while let Some(cause) = next {
        lines.push(cause.to_string());
        next = cause.source();
    }
    lines
}

impl From<KnowError> for AppError {
    fn from(e: KnowError) -> Self {
        let mut out = AppError::request(e.to_string());
        out.because = causes(&e);
        match e {
            KnowError::Blob(_) => out.kind = Kind::Internal,
            KnowError::Read(_) => {
                out = out.hint(
                    "a catalog directory holds files like providers/fal.toml; see CONTRIBUTING.md",
                );
            }
            KnowError::Overlay {
                root,
                problems,
                files,
            } => {
                for p in problems.iter().take(10) {
                    let text = files
                        .iter()
                        .find(|f| f.path == p.path)
                        .map_or("", |f| f.text.as_str());
                    out.pictures.push(Picture {
                        path: root.join(&p.path).display().to_string(),
                        text: text.to_owned(),
                        span: p.span.clone().unwrap_or(0..0),
                        label: p.message.clone(),
                    });
                }
                out = out.hint(format!("maquette catalog check {}", root.display()));
            }
        }
        out
    }
}

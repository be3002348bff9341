//! An error as a small document: `error:`, `because:`, the picture of a line, `hint:`.

use std::fmt::Write;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use maquette_app::{AppError, Picture};

use crate::printer::Printer;

/// Pictures shown of one error at most.
const MOST_PICTURES: usize = 10;
/// Characters of one line of a message at most.
const MOST_CHARS: usize = 400;

pub fn print(e: &AppError, printer: &Printer) {
    let mut page = format!("error: {}\n", one_line(&e.message));
    for cause in &e.because {
        let _ = writeln!(page, "because: {}", one_line(cause));
    }
    for picture in e.pictures.iter().take(MOST_PICTURES) {
        page.push_str(&draw(picture, printer.color_err));
    }
    if e.pictures.len() > MOST_PICTURES {
        let _ = writeln!(page, "… and {} more", e.pictures.len() - MOST_PICTURES);
    }
    for hint in &e.hints {
        let _ = writeln!(page, "hint: {hint}");
    }
    Printer::message(&page);
}

/// What was typed comes back in messages: cut to a readable length, its control characters made
/// visible.
fn one_line(text: &str) -> String {
    let mut line: String = text
        .chars()
        .take(MOST_CHARS)
        .flat_map(|c| {
            let shown = if c.is_control() {
                c.escape_default().collect::<String>()
            } else {
                c.to_string()
            };
            shown.chars().collect::<Vec<char>>()
        })
        .collect();
    if text.chars().nth(MOST_CHARS).is_some() {
        line.push('…');
    }
    line
}

/// The line of a user's file with what is wrong under it.
pub fn draw(p: &Picture, color: bool) -> String {
    let start = p.text.floor_char_boundary(p.span.start);
    let stop = p.text.ceil_char_boundary(p.span.end.max(start));
    // A whole table would fill the screen: its first line is enough.
    let first_line = p.text[start..stop].find('\n').map_or(stop, |n| start + n);
    let label = one_line(&p.label);
    let group = Level::ERROR.primary_title(label.as_str()).element(
        Snippet::source(p.text.as_str())
            .path(p.path.as_str())
            .annotation(AnnotationKind::Primary.span(start..first_line)),
    );
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut text = renderer.render(&[group]);
    text.push('\n');
    text
}

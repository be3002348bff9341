//! An error as a small document: `error:`, `because:`, the picture of a line, `hint:`.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use maquette_app::{AppError, Picture};

use crate::printer::Printer;

/// Pictures shown of one error at most.
const MOST_PICTURES: usize = 10;

pub fn print(e: &AppError, printer: &Printer) {
    let mut page = format!("error: {}\n", e.message);
    for cause in &e.because {
        page.push_str(&format!("because: {cause}\n"));
    }
    for picture in e.pictures.iter().take(MOST_PICTURES) {
        page.push_str(&draw(picture, printer.color_err));
    }
    if e.pictures.len() > MOST_PICTURES {
        page.push_str(&format!(
            "… and {} more\n",
            e.pictures.len() - MOST_PICTURES
        ));
    }
    for hint in &e.hints {
        page.push_str(&format!("hint: {hint}\n"));
    }
    printer.message(&page);
}

/// The line of a user's file with what is wrong under it.
pub fn draw(p: &Picture, color: bool) -> String {
    let end = p.text.len();
    let start = p.span.start.min(end);
    let stop = p.span.end.clamp(start, end);
    // A whole table would fill the screen: its first line is enough.
    let first_line = p.text[start..stop].find('\n').map_or(stop, |n| start + n);
    let group = Level::ERROR.primary_title(p.label.as_str()).element(
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

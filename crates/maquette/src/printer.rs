//! Where output goes: data to stdout, everything else to stderr, colour only where it is wanted.

use std::io::{self, IsTerminal, Write};

use maquette_tell::document::{Document, Look};
use serde::Serialize;

use crate::args::{ColorChoice, Format, Global};
use crate::failure::Failure;

#[derive(Debug)]
pub struct Printer {
    format: Format,
    width: usize,
    color_out: bool,
    pub color_err: bool,
}

/// Columns where the terminal does not say.
const USUAL_WIDTH: usize = 80;

impl Printer {
    pub fn new(global: &Global) -> Printer {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        let wanted = |terminal: bool| match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !no_color,
        };
        let columns = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
        Printer {
            format: global.format,
            width: columns
                .filter(|c| (20..=400).contains(c))
                .unwrap_or(USUAL_WIDTH),
            color_out: wanted(io::stdout().is_terminal()),
            color_err: wanted(io::stderr().is_terminal()),
        }
    }

    /// The report in the form asked for. JSON is the report itself.
    pub fn report<T: Serialize>(
        &self,
        report: &T,
        page: impl FnOnce(&T) -> Document,
    ) -> Result<(), Failure> {
        let text = match self.format {
            Format::Json => {
                let mut text = serde_json::to_string_pretty(report).map_err(Failure::internal)?;
                text.push('\n');
                text
            }
            Format::Text => page(report).render(Look::Text {
                width: self.width,
                color: self.color_out,
            }),
            Format::Markdown => page(report).render(Look::Markdown),
            Format::Csv => page(report).render(Look::Csv),
        };
        Printer::data(&text)
    }

    /// Data, as it is.
    pub fn data(text: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()?;
        Ok(())
    }

    /// A message for the person, never data.
    pub fn message(text: &str) {
        // A closed stderr must not end the program.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}

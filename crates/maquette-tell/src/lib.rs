//! Turns reports into text, Markdown, CSV, JSON and SVG. Nothing here computes a figure: every
//! number in a table arrives as text, already formatted and rounded by those who know its unit.

pub mod svg;
pub mod table;
mod width;

//! Turns reports into text, Markdown, CSV, JSON and SVG. Nothing here computes a figure: every
//! number in a table arrives as text, already formatted and rounded by those who know its unit.

//SVG
pub mod table;
mod width;

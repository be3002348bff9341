//! Turns reports into text, Markdown, CSV, JSON and SVG. Nothing here computes a figure: a number
//! arrives as text, and is at most rounded for the eye.

pub mod break_even;
pub mod choose;
pub mod claims;
pub mod detail;
pub mod digest;
pub mod doctor;
pub mod document;
pub mod fit;
pub mod gap;
pub mod guide;
pub mod html;
pub mod license;
pub mod listing;
mod locale;
pub mod number;
pub mod observe;
pub mod predictions;
mod strings;
pub mod svg;
pub mod table;
pub mod trends;
mod width;

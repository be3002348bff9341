//! The built program as a person uses it: every bad input has a clear error and the right code.
#![allow(clippy::unwrap_used)]

mod answers;
mod catalogs;
mod claims;
mod digest;
mod exit_codes;
mod files;
mod fit;
mod formats;
mod gap;
mod guide;
mod guide_figures;
mod help;
mod names;
mod pipes;
mod predictions;
mod quantities;
mod readers;
mod run;
mod schemas;
mod trends;
mod writes;

//! The loader against files as people write them, and as nobody should.
#![allow(clippy::unwrap_used)]

mod history;
mod lints;
mod overlays;
mod properties;
mod random;
mod tables;
mod tiny;

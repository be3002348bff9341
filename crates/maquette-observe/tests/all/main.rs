//! Sources against faithful local servers, faults on the wire, and the store under all of it.

#![allow(clippy::unwrap_used)]

mod faults;
mod fetching;
mod hub;
mod past;
mod prices;
mod server;
mod sources;
mod store;

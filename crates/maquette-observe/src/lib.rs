//! Sources read politely, and the store that keeps for ever what they said.
//!
//! A [`source::Source`] says what to ask and how an answer is read; it never touches the network.
//! [`fetch`] asks, within the limits that servers state, and [`part`] asks for pieces of large files. [`refresh`] walks one source into one
//! snapshot of the [`store`], which becomes visible whole or not at all. Nothing here judges.

pub mod fact;
pub mod fetch;
pub mod part;
pub mod refresh;
pub mod source;
pub mod store;

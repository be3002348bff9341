//! Memory, time and energy of a model on a machine.
//!
//! Formulas from first principles ([`memory`], [`time`]) are corrected by published measurements
//! ([`learn`]); every estimate is a range with the share of held-out runs that it holds
//! ([`accuracy`]). Pure: measurements, names and machines are arguments.

pub mod accuracy;
pub mod case;
pub mod counted;
pub mod device;
pub mod estimate;
pub mod format;
pub mod learn;
pub mod machine;
pub mod memory;
pub mod names;
pub mod setting;
pub mod subject;
pub mod time;
pub mod verdict;

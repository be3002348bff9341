//! What figures mean: the gap between the best closed and the best open model, trends, and scores of
//! predictions. Pure: numbers in, numbers out, the same on every machine.

pub mod gap;
pub mod score;
pub mod trend;

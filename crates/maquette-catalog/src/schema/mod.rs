//! The form of every catalog file, as plain structs. A key that is not here is an error.

pub mod board;
pub mod evidence;
pub mod hardware;
pub mod history;
pub mod license;
pub mod model;
pub mod place;
pub mod plan;
pub mod provider;
pub mod quality;
pub mod shape;
pub mod terms;
pub mod tool;

use serde::{Deserialize, Serialize};

/// The whole catalog, each list sorted by id.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Catalog {
    pub models: Vec<model::Model>,
    pub licenses: Vec<license::License>,
    pub tools: Vec<tool::Tool>,
    pub providers: Vec<provider::Provider>,
    pub gpus: Vec<hardware::Gpu>,
    pub places: Vec<place::Place>,
    pub exchange: Vec<place::Exchange>,
    pub conversions: Vec<place::Conversion>,
    pub shapes: Vec<shape::Shape>,
    /// Measured runs, in order of id.
    pub runs: Vec<evidence::Run>,
    /// What fewer bits cost, as measured.
    pub losses: Vec<quality::Loss>,
    /// Boards on which models meet.
    pub boards: board::Boards,
    /// Whose weights can be downloaded, of the names on boards.
    pub entries: Vec<board::Entry>,
    /// Whose observations of past days are carried.
    pub archives: Vec<history::Archive>,
    /// Observations of past days.
    pub observations: Vec<history::Observation>,
}

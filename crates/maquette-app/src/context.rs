//! What every verb stands on: the knowledge, the day asked for, and where files were looked for.

use std::path::PathBuf;

use maquette_core::Date;
use maquette_know::Knowledge;

use crate::error::AppError;
use crate::grants::{self, Record};

#[derive(Debug)]
pub struct Context {
    pub knowledge: Knowledge,
    pub as_of: Date,
    /// Files of the user's that took part, in order of precedence.
    pub layers: Vec<PathBuf>,
    /// Licenses bought and clarifications, as recorded in the configuration directory.
    pub grants: Vec<Record>,
}

impl Context {
    /// Opens the embedded catalog, then the overlay in the configuration directory if there is
    /// one, then each directory named.
    pub fn open(
        as_of: Date,
        config_dir: Option<&PathBuf>,
        named: &[PathBuf],
    ) -> Result<Context, AppError> {
        let own = config_dir.map(|d| d.join("catalog")).filter(|d| d.is_dir());
        let layers: Vec<PathBuf> = own.into_iter().chain(named.iter().cloned()).collect();
        let knowledge = maquette_know::open(&layers)?;
        Ok(Context {
            knowledge,
            as_of,
            layers,
            grants: match config_dir {
                Some(dir) => grants::load(dir)?,
                None => Vec::new(),
            },
        })
    }
}

//! What every verb stands on: the knowledge, the day asked for, and where files were looked for.

use std::path::PathBuf;

use maquette_core::Date;
use maquette_know::Knowledge;

use std::cell::OnceCell;

use maquette_fit::estimate::Fits;

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
    /// What estimates stand on, made when first asked for.
    fits: OnceCell<Fits>,
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
            fits: OnceCell::new(),
        })
    }

    /// Names, and what published measurements taught the formulas.
    pub fn fits(&self) -> Result<&Fits, AppError> {
        if let Some(fits) = self.fits.get() {
            return Ok(fits);
        }
        let learned = maquette_know::learned()?;
        Ok(self
            .fits
            .get_or_init(|| Fits::of(&self.knowledge.catalog, learned)))
    }
}

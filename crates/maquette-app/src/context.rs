//! What every verb stands on: the knowledge, the day asked for, and where files were looked for.

use std::path::{Path, PathBuf};

use maquette_catalog::schema::history::Past;
use maquette_core::Date;
use maquette_know::Knowledge;
use maquette_observe::store::Store;

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
    /// Where observations are kept.
    data_dir: Option<PathBuf>,
    /// Opened when first asked for; none: nothing was ever observed here.
    store: OnceCell<Option<Store>>,
    pasts: OnceCell<Vec<Past>>,
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
            data_dir: None,
            store: OnceCell::new(),
            pasts: OnceCell::new(),
        })
    }

    /// With the directory in which observations are kept.
    #[must_use]
    pub fn with_data(mut self, dir: Option<PathBuf>) -> Context {
        self.data_dir = dir;
        self
    }

    /// The same files and observations as another day sees them.
    pub fn on(&self, day: Date) -> Result<Context, AppError> {
        Ok(Context {
            knowledge: maquette_know::open(&self.layers)?,
            as_of: day,
            layers: self.layers.clone(),
            grants: self.grants.clone(),
            fits: OnceCell::new(),
            data_dir: self.data_dir.clone(),
            store: OnceCell::new(),
            pasts: OnceCell::new(),
        })
    }

    pub fn data_dir(&self) -> Result<&Path, AppError> {
        self.data_dir.as_deref().ok_or_else(|| {
            AppError::request("there is no directory to keep observations in")
                .hint("name one with --data-dir")
        })
    }

    /// The store of observations, if there is one.
    pub fn store(&self) -> Result<Option<&Store>, AppError> {
        if let Some(store) = self.store.get() {
            return Ok(store.as_ref());
        }
        let found = match &self.data_dir {
            Some(dir) => Store::look(dir)?,
            None => None,
        };
        Ok(self.store.get_or_init(|| found).as_ref())
    }

    /// The knowledge, to lay over, and the store to lay over it.
    pub(crate) fn parts(&mut self) -> Result<(&mut Knowledge, Option<&Store>), AppError> {
        self.store()?;
        let store = self.store.get().and_then(Option::as_ref);
        Ok((&mut self.knowledge, store))
    }

    /// Observations of past days: those that the program carries, then those of the user's overlays.
    pub fn pasts(&self) -> Result<Vec<&Past>, AppError> {
        if self.pasts.get().is_none() {
            let carried = maquette_know::past()?;
            let catalog = &self.knowledge.catalog;
            let mut pasts = Vec::new();
            if !catalog.observations.is_empty() {
                let mut archives = carried.archives.clone();
                archives.retain(|a| !catalog.archives.iter().any(|own| own.id == a.id));
                archives.extend(catalog.archives.clone());
                pasts.push(Past::of(archives, catalog.observations.clone()));
            }
            pasts.insert(0, carried);
            let _ = self.pasts.set(pasts);
        }
        Ok(self.pasts.get().into_iter().flatten().collect())
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

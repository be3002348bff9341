//! A folder as a model: of diffusers, of transformers, or one that just holds weights.

use std::path::{Path, PathBuf};

use crate::config::{Config, Value};
use crate::fault::{Fault, ScanError, shown};
use crate::index::load_index;
use crate::json;
use crate::listing::{CONFIG, Choice, Listing, MODEL_INDEX, holds_weights, list};
use crate::load::{Kind, Tally, load, open, siblings};
use crate::part::{Format, Part, Weights};

/// Ends of class names that have no weights.
const WEIGHTLESS: [&str; 7] = [
    "Tokenizer",
    "TokenizerFast",
    "Scheduler",
    "Processor",
    "ProcessorFast",
    "FeatureExtractor",
    "Guider",
];

/// Whether the file stands for the folder that it lies in.
pub(crate) fn stands_for_folder(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name == MODEL_INDEX || name == CONFIG)
}

/// The folder of a file, `.` where its path has none.
pub(crate) fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

pub(crate) fn read(path: &Path) -> Result<Weights, ScanError> {
    let listing = list(path)?;
    let mut tally = Tally::default();
    if listing.has(MODEL_INDEX) {
        return diffusers(&listing, &mut tally);
    }
    let mut notes = Vec::new();
    let safetensors = listing.safetensors();
    // Where there is no configuration, nothing says that these go before those.
    if !listing.has(CONFIG)
        && let Ok(Some(choice)) = &safetensors
        && let Some(gguf) = listing.gguf()?
    {
        return Err(listing.several([choice.name().to_owned(), gguf].into_iter()));
    }
    let (format, part) = if let Some(choice) = safetensors? {
        let mut part = load_choice(&listing, &choice, &mut tally, &mut notes)?;
        if listing.has(CONFIG) {
            part.config = config(path, CONFIG)?;
            // A single component of diffusers has its class where a pipeline has its own.
            let class = part.config.text("architectures.0");
            let class = class.or_else(|| part.config.text("_class_name"));
            part.class = class.map(str::to_owned);
            (Format::Transformers, part)
        } else {
            (Format::Safetensors, part)
        }
    } else if let Some(name) = listing.gguf()? {
        let (kind, part) = load(siblings(&path.join(name))?, &mut tally)?;
        (format_of(kind), part)
    } else {
        return Err(listing.no_weights());
    };
    listing.passed_over("", &part.files, &mut notes);
    Ok(Weights {
        path: path.to_owned(),
        format,
        parts: vec![part],
        config: Config::default(),
        notes,
    })
}

pub(crate) fn format_of(kind: Kind) -> Format {
    match kind {
        Kind::Gguf => Format::Gguf,
        Kind::Safetensors => Format::Safetensors,
    }
}

fn config(folder: &Path, name: &'static str) -> Result<Config, ScanError> {
    let path = folder.join(name);
    let (file, length) = open(&path)?;
    json::config(name, file, length).map_err(|fault| ScanError::new(&path, fault))
}

fn load_choice(
    listing: &Listing,
    choice: &Choice,
    tally: &mut Tally,
    notes: &mut Vec<String>,
) -> Result<Part, ScanError> {
    match choice {
        Choice::Index(name) => load_index(&listing.path.join(name), tally, notes),
        Choice::File(name) => {
            let path = listing.path.join(name);
            let (kind, part) = load(siblings(&path)?, tally)?;
            if kind == Kind::Safetensors {
                Ok(part)
            } else {
                let looks = "it is named safetensors, and is GGUF";
                Err(ScanError::new(&path, Fault::Unknown { looks }))
            }
        }
    }
}

/// The components that `model_index.json` names: `[library, class]` each. Their names are those of
/// attributes in Python, so that none leaves the folder.
fn components(index: &Config) -> Vec<(String, String)> {
    index
        .iter()
        .filter(|(name, value)| {
            **value == Value::Long { length: 2 }
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        })
        .filter_map(|(name, _)| {
            index.text(&format!("{name}.0"))?;
            Some((name.clone(), index.text(&format!("{name}.1"))?.to_owned()))
        })
        .collect()
}

fn diffusers(listing: &Listing, tally: &mut Tally) -> Result<Weights, ScanError> {
    let index = config(&listing.path, MODEL_INDEX)?;
    let mut notes = Vec::new();
    let mut parts = Vec::new();
    let components = components(&index);
    for (name, class) in &components {
        if WEIGHTLESS.iter().any(|end| class.ends_with(end)) {
            notes.push(format!("{name} ({}) has no weights", shown(class)));
        } else if let Some(part) = component(listing, name, class, tally, &mut notes)? {
            parts.push(part);
        }
    }
    for folder in &listing.folders {
        if !folder.starts_with('.') && !components.iter().any(|(name, _)| name == folder) {
            notes.push(format!(
                "{} is no component of {MODEL_INDEX}",
                shown(folder)
            ));
        }
    }
    if parts.is_empty() {
        return Err(listing.no_weights());
    }
    for name in &listing.files {
        if holds_weights(name) {
            notes.push(format!(
                "{} is passed over; the components are read",
                shown(name)
            ));
        }
    }
    Ok(Weights {
        path: listing.path.clone(),
        format: Format::Diffusers,
        parts,
        config: index,
        notes,
    })
}

/// One component; none if its folder holds only settings.
fn component(
    listing: &Listing,
    name: &str,
    class: &str,
    tally: &mut Tally,
    notes: &mut Vec<String>,
) -> Result<Option<Part>, ScanError> {
    if !listing.folders.contains(name) {
        let fault = Fault::NoComponent {
            name: name.to_owned(),
            class: shown(class),
        };
        return Err(ScanError::new(&listing.path, fault));
    }
    let folder = list(&listing.path.join(name))?;
    let Some(choice) = folder.safetensors()? else {
        if folder.has(CONFIG) || folder.files.iter().any(|f| holds_weights(f)) {
            return Err(folder.no_weights());
        }
        notes.push(format!("{name} ({}) has no weights", shown(class)));
        return Ok(None);
    };
    let mut part = load_choice(&folder, &choice, tally, notes)?;
    folder.passed_over(&format!("{name}/"), &part.files, notes);
    name.clone_into(&mut part.role);
    part.class = Some(class.to_owned());
    part.config = if folder.has(CONFIG) {
        config(&folder.path, CONFIG)?
    } else {
        Config::default()
    };
    Ok(Some(part))
}

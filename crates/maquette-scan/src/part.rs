//! What a read comes to: files, their parts, their tensors. All sizes are in bytes.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::config::Config;

/// How weights are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// One `.gguf`, or the shards of one.
    Gguf,
    /// One `.safetensors`, or the shards of one, without a configuration.
    Safetensors,
    /// A folder with `model_index.json` and one folder per component.
    Diffusers,
    /// A folder with `config.json` and safetensors, of transformers or a single component of
    /// diffusers.
    Transformers,
}

/// One file or folder read.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// The path as it was given.
    pub path: PathBuf,
    pub format: Format,
    /// One per component folder, in the order of their names; one for a single file; a sharded model
    /// is one part.
    pub parts: Vec<Part>,
    /// What `model_index.json` says beside its components (`_class_name`, `boundary_ratio`, …);
    /// empty for every other format.
    pub config: Config,
    /// What was passed over, in words.
    pub notes: Vec<String>,
}

/// The weights of one component.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// `model`, or the component's name in `model_index.json` (`transformer`, `text_encoder_2`,
    /// `vae`, …).
    pub role: String,
    /// The class in `model_index.json`, the first of `architectures` or else `_class_name` in
    /// `config.json`, or `general.architecture` of a GGUF.
    pub class: Option<String>,
    /// In the order of their shards.
    pub files: Vec<PathBuf>,
    /// Sizes of the files on disk, in bytes.
    pub file_bytes: u64,
    /// In the order of the files, and within a file as it lists them (GGUF) or as they lie
    /// (safetensors).
    pub tensors: Vec<Tensor>,
    /// Numbers and words of `config.json`, of the GGUF's metadata or of `__metadata__`.
    pub config: Config,
}

/// One tensor, as its file declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tensor {
    pub name: String,
    /// As the format spells it: `Q4_K`, `BF16`, `F8_E4M3`, …
    pub dtype: &'static str,
    /// As the file has it: a GGUF names the fastest dimension first, safetensors the slowest.
    pub shape: Vec<u64>,
    /// Product of the shape.
    pub elements: u64,
    /// Bytes its data takes in the file, without padding.
    pub bytes: u64,
}

/// What one file's header holds; its path and size are the caller's to know.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Header {
    /// `general.architecture` of a GGUF; never of safetensors.
    pub class: Option<String>,
    pub tensors: Vec<Tensor>,
    pub config: Config,
}

impl Part {
    /// Elements of all tensors. Packed formats that store several weights in one integer (GPTQ,
    /// AWQ) count as their integers.
    pub fn parameters(&self) -> u64 {
        self.tensors
            .iter()
            .fold(0, |sum, t| sum.saturating_add(t.elements))
    }

    /// Bytes of all tensors, without headers and padding.
    pub fn bytes(&self) -> u64 {
        self.tensors
            .iter()
            .fold(0, |sum, t| sum.saturating_add(t.bytes))
    }

    /// Bytes of all tensors of each type, by the name of the type.
    pub fn bytes_by_dtype(&self) -> BTreeMap<&'static str, u64> {
        let mut sums = BTreeMap::new();
        for tensor in &self.tensors {
            let sum: &mut u64 = sums.entry(tensor.dtype).or_default();
            *sum = sum.saturating_add(tensor.bytes);
        }
        sums
    }
}

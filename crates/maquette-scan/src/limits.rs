//! How much of a file is believed. A header is written by strangers: every number in it is held to
//! one of these before anything is reserved or walked.

/// Tensors of everything that one call reads. The largest mixtures of experts published store some
/// 150,000.
pub const MOST_TENSORS: u64 = 1_000_000;

/// Dimensions of one tensor. GGUF's programs stop at 4 and no published weights have more than 6.
pub const MOST_DIMS: u64 = 8;

/// Metadata pairs of a GGUF or entries of a `__metadata__`. Real files have fewer than 200; a
/// trainer's notes on its data set come to a few thousand.
pub const MOST_PAIRS: u64 = 10_000;

/// Keys of one `config.json`, nested ones counted. A classifier of `ImageNet` with all its labels names
/// 43,000 (`id2label` and back).
pub const MOST_CONFIG_KEYS: usize = 100_000;

/// Bytes of a metadata key: what the GGUF specification allows.
pub const LONGEST_KEY: u64 = 65_535;

/// Bytes of a flattened key of a JSON file. Its objects' names are repeated in every key below them, so
/// that a long one would be kept many times; the longest seen, names of modules, have 150.
pub const LONGEST_JSON_KEY: usize = 512;

/// Bytes of a tensor's name. GGUF's programs stop at 64; diffusion models converted by others reach
/// 130.
pub const LONGEST_NAME: u64 = 1_024;

/// Bytes of a text that is kept. Names of architectures and kinds are short; what is longer is a
/// template or a license, and only its length is kept.
pub const LONGEST_TEXT: u64 = 255;

/// Numbers of an array that is kept: one per layer, with room. Vocabularies are longer.
pub const LONGEST_ARRAY: u64 = 1_024;

/// Arrays within arrays of a GGUF, and objects within objects of a JSON file. The deepest published
/// configuration has 5 levels.
pub const DEEPEST: usize = 16;

/// Bytes of a GGUF before its tensors. The largest vocabularies, with scores and merges, come to 30
/// million.
pub const LARGEST_GGUF_HEADER: u64 = 256 * 1024 * 1024;

/// Bytes of a safetensors header: the limit of the reference implementation.
pub const LARGEST_SAFETENSORS_HEADER: u64 = 100_000_000;

/// Bytes of a `*.safetensors.index.json`: it repeats what the headers of its shards say.
pub const LARGEST_INDEX: u64 = 100_000_000;

/// Bytes of a `config.json` or `model_index.json`. The largest seen, with all labels, has 2 million.
pub const LARGEST_CONFIG: u64 = 16 * 1024 * 1024;

/// Entries of one folder. A training folder with every checkpoint in it has a few thousand.
pub const MOST_ENTRIES: usize = 20_000;

/// Files of one sharded model. The most published is 1,000 or so.
pub const MOST_SHARDS: u32 = 10_000;

/// Bytes read from a file at once.
pub const BUFFER: usize = 64 * 1024;

/// How many items to reserve for a count that a file declares: never more than could follow in
/// `left` bytes at `each` bytes an item, and never more than a small start; the rest is grown into.
#[must_use]
pub(crate) fn room(declared: u64, left: u64, each: u64) -> usize {
    const START: u64 = 4_096;
    usize::try_from(declared.min(left / each.max(1)).min(START)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_reserved_on_a_file_s_word() {
        assert_eq!(room(u64::MAX, u64::MAX, 1), 4_096);
        assert_eq!(room(u64::MAX, 100, 24), 4);
        assert_eq!(room(3, 1_000_000, 24), 3);
        assert_eq!(room(3, 0, 0), 0);
    }
}

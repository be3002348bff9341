//! Names of shards: `name-00002-of-00003.gguf`, and the names of the others.

use crate::limits::MOST_SHARDS;

/// A name taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shard<'a> {
    pub stem: &'a str,
    pub number: u32,
    pub of: u32,
    /// Digits of the number.
    width: usize,
    of_text: &'a str,
    /// `.gguf`, `.safetensors`, `.fp16.safetensors`.
    pub tail: &'a str,
}

/// None if the name is not that of a shard.
pub(crate) fn shard(name: &str) -> Option<Shard<'_>> {
    let of_at = name.rfind("-of-")?;
    let (before, after) = (&name[..of_at], &name[of_at + 4..]);
    let dash = before.rfind('-')?;
    let (stem, number_text) = (&before[..dash], &before[dash + 1..]);
    let dot = after.find('.')?;
    let (of_text, tail) = after.split_at(dot);
    let number = digits(number_text)?;
    let of = digits(of_text)?;
    (!stem.is_empty() && (1..=of).contains(&number) && of <= MOST_SHARDS).then_some(Shard {
        stem,
        number,
        of,
        width: number_text.len(),
        of_text,
        tail,
    })
}

fn digits(text: &str) -> Option<u32> {
    // `parse` would take a sign.
    text.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| text.parse().ok())?
}

impl Shard<'_> {
    /// The names of all shards, in order.
    pub fn all(&self) -> impl Iterator<Item = String> {
        (1..=self.of).map(|number| {
            format!(
                "{}-{number:0width$}-of-{}{}",
                self.stem,
                self.of_text,
                self.tail,
                width = self.width
            )
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_names_its_siblings() {
        let shard = shard("a-of-b-00002-of-00003.fp16.safetensors").unwrap();
        assert_eq!((shard.stem, shard.number, shard.of), ("a-of-b", 2, 3));
        let all: Vec<_> = shard.all().collect();
        assert_eq!(all[0], "a-of-b-00001-of-00003.fp16.safetensors");
        assert_eq!(all.len(), 3);
    }

    #[test]
    fn other_names_are_no_shards() {
        for name in [
            "model.gguf",
            "a-00000-of-00003.gguf",
            "a-00004-of-00003.gguf",
            "a-+1-of-3.gguf",
            "a--of-3.gguf",
            "a-1-of-.gguf",
            "-1-of-3.gguf",
            "a-00001-of-99999.gguf",
            "a-1-of-99999999999999999999.gguf",
            "a-1-of-3",
        ] {
            assert_eq!(shard(name), None, "{name}");
        }
    }
}

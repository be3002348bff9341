//! From a written GPU to a device: `2x RTX 4090`, `1x A100/A800`, `RTX 5080 Laptop 16GB`.

use maquette_catalog::schema::hardware::Gpu;
use maquette_core::names::fold;

use crate::device::Device;

/// How many, and the name: `8x RTX 4090` are eight.
pub fn split(text: &str) -> (u32, &str) {
    let text = text.trim();
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let rest = text[digits..].trim_start();
    let marked = rest.strip_prefix(['x', 'X', '×']);
    match (text[..digits].parse::<u32>(), marked) {
        (Ok(n), Some(name)) if (1..=1024).contains(&n) => (n, name.trim()),
        // `2 (ulysses)x H100`
        (Ok(n), None) if rest.starts_with('(') && n <= 64 => {
            let name = rest.split_once(")x ").map_or(rest, |(_, name)| name);
            (n, name.trim())
        }
        _ => (1, text),
    }
}

/// Words that makers put before a name, and what sellers put after it.
fn bare(text: &str) -> String {
    let mut name = fold(text);
    for word in [
        "nvidia",
        "geforce",
        "amd",
        "radeon",
        "generation",
        "intel",
        "graphics",
    ] {
        name = name.replace(word, "");
    }
    name
}

/// The device of that name; one that the catalog does not hold is known by its name alone.
pub fn device(gpus: &[Gpu], name: &str, count: u32) -> Device {
    find(gpus, name).map_or_else(|| Device::named(name, count), |g| Device::of(g, count))
}

/// The catalog's entry that a written name means.
pub fn find<'a>(gpus: &'a [Gpu], name: &str) -> Option<&'a Gpu> {
    // Of `A100/A800` the first; what stands in brackets is a remark.
    let name = name.split(['(', '+']).next().unwrap_or(name).trim();
    let exact = |wanted: &str| {
        let wanted = bare(wanted);
        gpus.iter().find(|g| {
            let is = |n: &str| bare(n) == wanted;
            is(&g.id) || is(&g.name) || g.aliases.iter().any(|a| is(a))
        })
    };
    let first = name.split('/').next().unwrap_or(name).trim();
    // `RTX 3060 12GB`, `L20 48GB`: the memory may be no part of the catalog's name.
    let without = first.rsplit_once(' ').filter(|(_, last)| {
        last.to_lowercase()
            .strip_suffix("gb")
            .is_some_and(|n| n.parse::<f64>().is_ok())
    });
    exact(name)
        .or_else(|| exact(first))
        .or_else(|| exact(&format!("{first} 80GB")).filter(|_| first.ends_with("00")))
        .or_else(|| exact(without?.0))
        .or_else(|| exact(&format!("Apple {first}")))
        .or_else(|| {
            exact(
                first
                    .replace("-Core GPU", "")
                    .replace("‑Core GPU", "")
                    .rsplit_once(' ')?
                    .0,
            )
        })
}

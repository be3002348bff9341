//! Prints what was read as JSON: `headers PATH…`, one object a line. What cannot be read is an object
//! with `error` and `hint`.

use std::io::Write;
use std::path::Path;

use maquette_scan::{Config, Format, Value, read};
use serde_json::{Map, Value as Json, json};

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for path in std::env::args().skip(1) {
        writeln!(out, "{}", one(Path::new(&path)))?;
    }
    Ok(())
}

fn one(path: &Path) -> Json {
    let weights = match read(path) {
        Ok(weights) => weights,
        Err(error) => {
            return json!({
                "path": path.display().to_string(),
                "error": error.to_string(),
                "hint": error.hint(),
            });
        }
    };
    let parts: Vec<_> = weights
        .parts
        .iter()
        .map(|part| {
            let tensors: Vec<_> = part
                .tensors
                .iter()
                .map(|t| {
                    json!({
                        "name": t.name,
                        "dtype": t.dtype,
                        "shape": t.shape,
                        "elements": t.elements,
                        "bytes": t.bytes,
                    })
                })
                .collect();
            json!({
                "role": part.role,
                "class": part.class,
                "files": part.files.iter().map(|f| f.display().to_string()).collect::<Vec<_>>(),
                "file_bytes": part.file_bytes,
                "parameters": part.parameters(),
                "bytes": part.bytes(),
                "bytes_by_dtype": part.bytes_by_dtype(),
                "config": config(&part.config),
                "tensors": tensors,
            })
        })
        .collect();
    json!({
        "path": path.display().to_string(),
        "format": match weights.format {
            Format::Gguf => "gguf",
            Format::Safetensors => "safetensors",
            Format::Diffusers => "diffusers",
            Format::Transformers => "transformers",
        },
        "parts": parts,
        "config": config(&weights.config),
        "notes": weights.notes,
    })
}

fn config(config: &Config) -> Json {
    let values = config.iter().map(|(key, value)| {
        let value = match value {
            Value::Number(number) => json!(number),
            Value::Integer(number) => json!(number),
            Value::Bool(value) => json!(value),
            Value::Text(text) => json!(text),
            Value::Numbers(numbers) => json!(numbers),
            Value::Bools(values) => json!(values),
            Value::Long { length } => json!({ "length": length }),
        };
        (key.clone(), value)
    });
    Json::Object(values.collect::<Map<_, _>>())
}

//! Files and folders as they lie on a disk: shards, variants, components, links.

#![allow(clippy::unwrap_used)]

mod common;

use std::fs::{create_dir, write};
use std::path::Path;

use common::{Gguf, folder, safetensors_of, small_safetensors};
use maquette_scan::{Fault, Format, ScanError, Value, Weights, read};

fn fault(path: &Path) -> ScanError {
    read(path).unwrap_err()
}

fn roles(weights: &Weights) -> Vec<&str> {
    weights
        .parts
        .iter()
        .map(|part| part.role.as_str())
        .collect()
}

fn gguf(name: &str) -> Vec<u8> {
    Gguf::default()
        .word("general.architecture", "llama")
        .tensor(name, &[32], 8)
        .bytes()
}

fn gguf_shard(number: u32, of: u32, all: u32, name: &str) -> Vec<u8> {
    let first = if number == 0 {
        Gguf::default().word("general.architecture", "llama")
    } else {
        Gguf::default()
    };
    first
        .number("split.no", number)
        .number("split.count", of)
        .number("split.tensors.count", all)
        .tensor(name, &[32], 8)
        .bytes()
}

#[test]
fn one_file_of_each_format() {
    let dir = folder("one-file");
    write(dir.join("a.gguf"), gguf("t")).unwrap();
    // By its bytes, not by its name.
    write(dir.join("blob"), small_safetensors(["x", "y"])).unwrap();
    let weights = read(&dir.join("a.gguf")).unwrap();
    assert_eq!(weights.format, Format::Gguf);
    let part = &weights.parts[0];
    assert_eq!(
        (part.role.as_str(), part.class.as_deref()),
        ("model", Some("llama"))
    );
    assert_eq!((part.parameters(), part.bytes()), (32, 34));
    let weights = read(&dir.join("blob")).unwrap();
    assert_eq!(weights.format, Format::Safetensors);
    let part = &weights.parts[0];
    assert_eq!((part.parameters(), part.bytes()), (10, 28));
    assert_eq!(
        part.bytes_by_dtype().into_iter().collect::<Vec<_>>(),
        [("BF16", 12), ("F32", 16)]
    );
    assert_eq!(
        part.file_bytes,
        std::fs::metadata(dir.join("blob")).unwrap().len()
    );
}

#[test]
fn what_is_no_model_file() {
    let dir = folder("no-model");
    for (name, bytes, says) in [
        ("empty.gguf", &b""[..], "empty"),
        ("a.bin", b"PK\x03\x04......", "zip"),
        ("b.pt", b"\x80\x02}q\x00.....", "pickle"),
        ("c.gguf", b"<!doctype html>.", "web page"),
        (
            "d.safetensors",
            b"version https://git-lfs.github.com/spec/v1\n",
            "Git LFS",
        ),
        ("e.bin", b"tjgg............", "before GGUF"),
        ("f", b"hello, all of you", "no known format"),
        ("g.safetensors", b"hello, all of you", "at most"),
    ] {
        write(dir.join(name), bytes).unwrap();
        let fault = fault(&dir.join(name));
        assert!(fault.to_string().contains(says), "{fault}");
        assert!(fault.to_string().contains(name), "{fault}");
        assert!(!fault.hint().is_empty());
    }
    let fault = fault(&dir.join("nothing.gguf"));
    assert!(fault.hint().contains("nothing is there"), "{fault}");
}

#[test]
fn shards_of_gguf_are_one_part_from_any_of_them() {
    let dir = folder("gguf-shards");
    let name = |n: u32| dir.join(format!("m-0000{n}-of-00003.gguf"));
    for n in 1..=3 {
        write(name(n), gguf_shard(n - 1, 3, 3, &format!("t{n}"))).unwrap();
    }
    for path in [name(1), name(2), name(3), dir.clone()] {
        let weights = read(&path).unwrap();
        let part = &weights.parts[0];
        assert_eq!(part.files, [name(1), name(2), name(3)]);
        assert_eq!(part.class.as_deref(), Some("llama"));
        assert_eq!(part.tensors.len(), 3);
        assert_eq!(part.bytes(), 102);
    }
    std::fs::remove_file(name(2)).unwrap();
    for path in [name(1), name(3), dir.clone()] {
        let fault = fault(&path);
        assert!(
            matches!(fault.fault, Fault::ShardMissing { of: 3, .. }),
            "{fault}"
        );
        assert!(
            fault.to_string().contains("m-00002-of-00003.gguf"),
            "{fault}"
        );
    }
    // A shard under another name is no whole model; one in another's place neither.
    write(dir.join("alone.gguf"), gguf_shard(1, 3, 3, "t")).unwrap();
    assert!(matches!(
        fault(&dir.join("alone.gguf")).fault,
        Fault::ShardName { .. }
    ));
    write(name(2), gguf_shard(2, 3, 3, "t2")).unwrap();
    assert!(matches!(fault(&name(1)).fault, Fault::ShardName { .. }));
    write(name(2), gguf_shard(1, 3, 3, "t1")).unwrap();
    assert!(matches!(fault(&name(1)).fault, Fault::Twice { .. }));
    for n in 1..=3 {
        write(name(n), gguf_shard(n - 1, 3, 4, &format!("t{n}"))).unwrap();
    }
    assert!(matches!(
        fault(&name(1)).fault,
        Fault::ShardTensors {
            found: 3,
            declared: 4
        }
    ));
}

#[test]
fn several_ggufs_are_listed() {
    let dir = folder("several");
    write(dir.join("m-Q4_K_M.gguf"), gguf("t")).unwrap();
    write(dir.join("mmproj-m.gguf"), gguf("t")).unwrap();
    let weights = read(&dir).unwrap();
    assert_eq!(weights.parts[0].files, [dir.join("m-Q4_K_M.gguf")]);
    assert!(
        weights.notes[0].contains("mmproj-m.gguf"),
        "{:?}",
        weights.notes
    );
    write(dir.join("m-Q8_0.gguf"), gguf("t")).unwrap();
    let text = fault(&dir).to_string();
    assert!(
        text.contains("m-Q4_K_M.gguf") && text.contains("m-Q8_0.gguf"),
        "{text}"
    );
}

fn index(entries: &[(&str, &str)]) -> String {
    let entries: Vec<_> = entries
        .iter()
        .map(|(t, f)| format!("\"{t}\":\"{f}\""))
        .collect();
    format!(
        "{{\"metadata\":{{\"total_size\":56}},\"weight_map\":{{{}}}}}",
        entries.join(",")
    )
}

#[test]
fn a_transformers_folder_with_an_index() {
    let dir = folder("transformers");
    let (one, two) = (
        "model-00001-of-00002.safetensors",
        "model-00002-of-00002.safetensors",
    );
    write(
        dir.join("config.json"),
        r#"{"architectures":["LlamaForCausalLM"],"hidden_size":64,"text_config":{"num_hidden_layers":2}}"#,
    )
    .unwrap();
    write(dir.join(one), small_safetensors(["a", "b"])).unwrap();
    write(dir.join(two), small_safetensors(["c", "d"])).unwrap();
    write(
        dir.join("consolidated.safetensors"),
        small_safetensors(["a", "b"]),
    )
    .unwrap();
    write(dir.join("pytorch_model.bin"), b"PK").unwrap();
    let path = dir.join("model.safetensors.index.json");
    write(
        &path,
        index(&[("a", one), ("b", one), ("c", two), ("d", two)]),
    )
    .unwrap();
    for given in [dir.clone(), dir.join("config.json")] {
        let weights = read(&given).unwrap();
        assert_eq!(weights.format, Format::Transformers);
        let part = &weights.parts[0];
        assert_eq!(part.class.as_deref(), Some("LlamaForCausalLM"));
        assert_eq!(
            part.config.integer("text_config.num_hidden_layers"),
            Some(2)
        );
        assert_eq!(part.tensors.len(), 4);
        assert_eq!(part.files.len(), 2);
        assert_eq!(weights.notes.len(), 2, "{:?}", weights.notes);
    }
    for given in [path.clone(), dir.join(one), dir.join(two)] {
        let weights = read(&given).unwrap();
        assert_eq!(weights.format, Format::Safetensors);
        assert_eq!(weights.parts[0].bytes(), 56);
    }

    write(&path, index(&[("a", one), ("c", two), ("z", two)])).unwrap();
    let text = fault(&dir).to_string();
    assert!(text.contains("`z`") && text.contains(two), "{text}");
    write(&path, index(&[("a", one), ("c", two)])).unwrap();
    assert!(
        read(&dir)
            .unwrap()
            .notes
            .iter()
            .any(|note| note.contains("2 tensors"))
    );
    write(&path, index(&[("a", one), ("c", "gone.safetensors")])).unwrap();
    let missing = fault(&dir);
    assert!(
        matches!(missing.fault, Fault::ShardMissing { .. }),
        "{missing}"
    );
    assert!(
        missing.to_string().contains("gone.safetensors"),
        "{missing}"
    );
    for name in ["../up.safetensors", "/etc/passwd", "a/b.safetensors", ""] {
        write(&path, index(&[("a", name)])).unwrap();
        assert!(matches!(fault(&dir).fault, Fault::Name { .. }), "{name}");
    }
    for text in [
        "",
        "{}",
        "[]",
        r#"{"weight_map":{}}"#,
        r#"{"weight_map":{"a":1}}"#,
    ] {
        write(&path, text).unwrap();
        assert!(matches!(fault(&dir).fault, Fault::Json { .. }), "{text}");
    }
    write(&path, index(&[("a", one), ("a", two)])).unwrap();
    assert!(matches!(fault(&dir).fault, Fault::Twice { .. }));
    write(
        &path,
        format!("{{\"weight_map\":{{\"a\":{}", "[".repeat(100_000)),
    )
    .unwrap();
    assert!(matches!(fault(&dir).fault, Fault::Json { .. }));
    write(&path, format!("{{\"x\":{}", "[".repeat(100_000))).unwrap();
    assert!(matches!(fault(&dir).fault, Fault::TooDeep { .. }));

    std::fs::remove_file(&path).unwrap();
    std::fs::remove_file(dir.join(two)).unwrap();
    let missing = fault(&dir.join(one));
    assert!(missing.to_string().contains(two), "{missing}");
}

fn pipeline(dir: &Path) {
    write(
        dir.join("model_index.json"),
        r#"{"_class_name":"FluxPipeline","_diffusers_version":"0.30.0","is_distilled":true,
            "feature_extractor":[null,null],"image_encoder":null,
            "scheduler":["diffusers","FlowMatchEulerDiscreteScheduler"],
            "text_encoder":["transformers","CLIPTextModel"],
            "tokenizer":["transformers","CLIPTokenizer"],
            "transformer":["diffusers","FluxTransformer2DModel"],
            "vae":["diffusers","AutoencoderKL"]}"#,
    )
    .unwrap();
    for name in [
        "scheduler",
        "text_encoder",
        "tokenizer",
        "transformer",
        "vae",
        "extra",
    ] {
        create_dir(dir.join(name)).unwrap();
    }
    write(dir.join("scheduler/scheduler_config.json"), "{}").unwrap();
    for name in ["text_encoder", "transformer", "vae"] {
        write(
            dir.join(name).join("config.json"),
            format!("{{\"of\":\"{name}\"}}"),
        )
        .unwrap();
    }
    write(
        dir.join("text_encoder/model.safetensors"),
        small_safetensors(["a", "b"]),
    )
    .unwrap();
    let vae = dir.join("vae/diffusion_pytorch_model");
    write(
        vae.with_extension("safetensors"),
        small_safetensors(["a", "b"]),
    )
    .unwrap();
    write(
        vae.with_extension("fp16.safetensors"),
        small_safetensors(["a", "b"]),
    )
    .unwrap();
    let t = dir.join("transformer");
    let shard = |n| format!("diffusion_pytorch_model-0000{n}-of-00002.safetensors");
    write(t.join(shard(1)), small_safetensors(["a", "b"])).unwrap();
    write(t.join(shard(2)), small_safetensors(["c", "d"])).unwrap();
    write(
        t.join("diffusion_pytorch_model.safetensors.index.json"),
        index(&[
            ("a", &shard(1)),
            ("b", &shard(1)),
            ("c", &shard(2)),
            ("d", &shard(2)),
        ]),
    )
    .unwrap();
}

#[test]
fn a_diffusers_folder() {
    let dir = folder("diffusers");
    pipeline(&dir);
    write(dir.join("flux1.safetensors"), small_safetensors(["a", "b"])).unwrap();
    let weights = read(&dir).unwrap();
    assert_eq!(weights.format, Format::Diffusers);
    assert_eq!(roles(&weights), ["text_encoder", "transformer", "vae"]);
    assert_eq!(weights.config.text("_class_name"), Some("FluxPipeline"));
    assert_eq!(weights.config.boolean("is_distilled"), Some(true));
    let [_, transformer, vae] = &weights.parts[..] else {
        panic!()
    };
    assert_eq!(transformer.class.as_deref(), Some("FluxTransformer2DModel"));
    assert_eq!(transformer.tensors.len(), 4);
    assert_eq!(
        vae.files,
        [dir.join("vae/diffusion_pytorch_model.safetensors")]
    );
    assert_eq!(vae.config.get("of"), Some(&Value::Text("vae".to_owned())));
    for noted in [
        "fp16",
        "extra",
        "scheduler",
        "tokenizer",
        "flux1.safetensors",
    ] {
        assert!(
            weights.notes.iter().any(|note| note.contains(noted)),
            "{noted}: {:?}",
            weights.notes
        );
    }

    // A component by itself.
    write(
        dir.join("vae/config.json"),
        r#"{"_class_name":"AutoencoderKL"}"#,
    )
    .unwrap();
    let alone = read(&dir.join("vae")).unwrap();
    assert_eq!(alone.format, Format::Transformers);
    assert_eq!(alone.parts[0].class.as_deref(), Some("AutoencoderKL"));
    // Only a variant: it is read.
    std::fs::remove_file(dir.join("vae/diffusion_pytorch_model.safetensors")).unwrap();
    let weights = read(&dir.join("model_index.json")).unwrap();
    assert_eq!(
        weights.parts[2].files,
        [dir.join("vae/diffusion_pytorch_model.fp16.safetensors")]
    );
    // Only a pickle: nothing is guessed.
    std::fs::rename(
        dir.join("vae/diffusion_pytorch_model.fp16.safetensors"),
        dir.join("vae/diffusion_pytorch_model.bin"),
    )
    .unwrap();
    let fault = fault(&dir);
    assert!(
        fault.to_string().contains("diffusion_pytorch_model.bin"),
        "{fault}"
    );
    assert!(fault.hint().contains("pickle"), "{fault}");
    std::fs::remove_dir_all(dir.join("vae")).unwrap();
    let fault = read(&dir).unwrap_err();
    assert!(
        matches!(&fault.fault, Fault::NoComponent { name, .. } if name == "vae"),
        "{fault}"
    );
}

#[test]
fn a_component_cannot_be_elsewhere() {
    let dir = folder("elsewhere");
    write(
        dir.join("model_index.json"),
        r#"{"..":["a","B"],"a/b":["a","B"],"/etc":["a","B"]}"#,
    )
    .unwrap();
    assert!(matches!(fault(&dir).fault, Fault::NoWeights { .. }));
}

#[test]
fn folders_without_a_configuration() {
    let dir = folder("bare");
    assert!(matches!(fault(&dir).fault, Fault::NoWeights { .. }));
    write(dir.join("lora.safetensors"), small_safetensors(["a", "b"])).unwrap();
    let weights = read(&dir).unwrap();
    assert_eq!(weights.format, Format::Safetensors);
    write(dir.join("m.gguf"), gguf("t")).unwrap();
    assert!(matches!(fault(&dir).fault, Fault::Several { .. }));
    std::fs::remove_file(dir.join("m.gguf")).unwrap();
    write(dir.join("other.safetensors"), small_safetensors(["a", "b"])).unwrap();
    assert!(matches!(fault(&dir).fault, Fault::Several { .. }));
    // A configuration beside a GGUF does not hide it.
    let dir = folder("bare-gguf");
    write(dir.join("config.json"), "{}").unwrap();
    write(dir.join("m.gguf"), gguf("t")).unwrap();
    assert_eq!(read(&dir).unwrap().format, Format::Gguf);
}

#[test]
fn a_bad_configuration_is_named() {
    let dir = folder("bad-config");
    write(dir.join("model.safetensors"), small_safetensors(["a", "b"])).unwrap();
    for text in ["", "[]", "{\"a\":1,\"a\":2}", "{\"a\":"] {
        write(dir.join("config.json"), text).unwrap();
        let fault = fault(&dir);
        assert!(fault.path.ends_with("config.json"), "{fault}");
    }
    write(dir.join("config.json"), "{}").unwrap();
    let cut = small_safetensors(["a", "b"]);
    write(dir.join("model.safetensors"), &cut[..cut.len() - 1]).unwrap();
    let fault = fault(&dir);
    assert!(fault.path.ends_with("model.safetensors"), "{fault}");
    assert!(fault.hint().contains("again"), "{fault}");
    write(dir.join("model.safetensors"), safetensors_of("{}", 3)).unwrap();
    assert!(matches!(read(&dir).unwrap_err().fault, Fault::Hole { .. }));
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_circles_end() {
    use std::os::unix::fs::symlink;

    // As the Hub's cache has it: files are links into blobs/.
    let dir = folder("links");
    create_dir(dir.join("blobs")).unwrap();
    create_dir(dir.join("snapshot")).unwrap();
    let snapshot = dir.join("snapshot");
    write(dir.join("blobs/1234"), small_safetensors(["a", "b"])).unwrap();
    write(dir.join("blobs/5678"), r#"{"architectures":["A"]}"#).unwrap();
    symlink("../blobs/1234", snapshot.join("model.safetensors")).unwrap();
    symlink("../blobs/5678", snapshot.join("config.json")).unwrap();
    assert_eq!(
        read(&snapshot).unwrap().parts[0].class.as_deref(),
        Some("A")
    );
    assert!(read(&snapshot.join("model.safetensors")).is_ok());
    // A folder in itself.
    symlink(".", snapshot.join("again")).unwrap();
    symlink("circle", snapshot.join("circle")).unwrap();
    assert!(read(&snapshot).is_ok());
    // A component that is the folder above.
    write(
        snapshot.join("model_index.json"),
        r#"{"again":["diffusers","Model"]}"#,
    )
    .unwrap();
    assert_eq!(read(&snapshot).unwrap().parts.len(), 1);
    // A configuration that is gone.
    symlink("gone", snapshot.join("model.safetensors.index.json")).unwrap();
    std::fs::remove_file(snapshot.join("model_index.json")).unwrap();
    assert!(matches!(fault(&snapshot).fault, Fault::Dangling { .. }));
    std::fs::remove_file(snapshot.join("model.safetensors.index.json")).unwrap();
    std::fs::rename(dir.join("blobs/5678"), dir.join("blobs/away")).unwrap();
    assert!(matches!(fault(&snapshot).fault, Fault::Dangling { .. }));
    std::fs::rename(dir.join("blobs/away"), dir.join("blobs/5678")).unwrap();
    // Weights that are gone, and weights that are a circle.
    std::fs::remove_file(dir.join("blobs/1234")).unwrap();
    assert!(matches!(fault(&snapshot).fault, Fault::Dangling { .. }));
    std::fs::remove_file(snapshot.join("model.safetensors")).unwrap();
    symlink("model.safetensors", snapshot.join("model.safetensors")).unwrap();
    assert!(matches!(fault(&snapshot).fault, Fault::Dangling { .. }));
    assert!(matches!(
        fault(&snapshot.join("model.safetensors")).fault,
        Fault::Io(_)
    ));
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_not_opened() {
    let dir = folder("pipes");
    let pipe = dir.join("model.safetensors");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    if made.is_ok_and(|status| status.success()) {
        assert!(matches!(fault(&pipe).fault, Fault::NotAFile));
        assert!(matches!(fault(&dir).fault, Fault::NoWeights { .. }));
    }
    assert!(matches!(
        fault(Path::new("/dev/zero")).fault,
        Fault::NotAFile
    ));
    // A folder in a file's place.
    create_dir(dir.join("a-00001-of-00002.gguf")).unwrap();
    write(dir.join("a-00002-of-00002.gguf"), gguf("t")).unwrap();
    assert!(matches!(
        fault(&dir.join("a-00002-of-00002.gguf")).fault,
        Fault::NotAFile
    ));
}

//! What lies on the disk: exact bytes of a small file, and files that are damaged, cut or none.

use std::time::{Duration, Instant};

use super::{CARD, at, mid, report};
use crate::run::Place;

/// A GGUF as it is on disk, version 3.
struct Gguf {
    pairs: Vec<u8>,
    pair_count: u64,
    tensors: Vec<(&'static str, [u64; 2], u32)>,
}

/// Type numbers of ggml.
const F32: u32 = 0;
const F16: u32 = 1;
const Q4_0: u32 = 2;
const Q8_0: u32 = 8;

fn text(text: &str) -> Vec<u8> {
    let mut all = (text.len() as u64).to_le_bytes().to_vec();
    all.extend(text.as_bytes());
    all
}

impl Gguf {
    fn new(architecture: &str) -> Gguf {
        let mut file = Gguf {
            pairs: Vec::new(),
            pair_count: 1,
            tensors: Vec::new(),
        };
        file.pairs.extend(text("general.architecture"));
        file.pairs.extend(8_u32.to_le_bytes());
        file.pairs.extend(text(architecture));
        file
    }

    fn number(mut self, key: &str, value: u32) -> Gguf {
        self.pairs.extend(text(key));
        self.pairs.extend(4_u32.to_le_bytes());
        self.pairs.extend(value.to_le_bytes());
        self.pair_count += 1;
        self
    }

    fn tensor(mut self, name: &'static str, shape: [u64; 2], kind: u32) -> Gguf {
        self.tensors.push((name, shape, kind));
        self
    }

    fn bytes_of(shape: [u64; 2], kind: u32) -> u64 {
        let (block, bytes) = match kind {
            F32 => (1, 4),
            F16 => (1, 2),
            Q4_0 => (32, 18),
            _ => (32, 34),
        };
        shape[0] * shape[1] / block * bytes
    }

    /// Bytes of all tensors, without what lies between them.
    fn weights(&self) -> u64 {
        let of = |t: &(&str, [u64; 2], u32)| Gguf::bytes_of(t.1, t.2);
        self.tensors.iter().map(of).sum()
    }

    fn write(&self, said: Option<u64>) -> Vec<u8> {
        let mut all = b"GGUF".to_vec();
        all.extend(3_u32.to_le_bytes());
        all.extend(said.unwrap_or(self.tensors.len() as u64).to_le_bytes());
        all.extend(self.pair_count.to_le_bytes());
        all.extend(&self.pairs);
        let mut next = 0_u64;
        for (name, shape, kind) in &self.tensors {
            all.extend(text(name));
            all.extend(2_u32.to_le_bytes());
            all.extend(shape[0].to_le_bytes());
            all.extend(shape[1].to_le_bytes());
            all.extend(kind.to_le_bytes());
            all.extend(next.to_le_bytes());
            next = (next + Gguf::bytes_of(*shape, *kind)).next_multiple_of(32);
        }
        let data = all.len().next_multiple_of(32) + usize::try_from(next).unwrap();
        all.resize(data, 0);
        all
    }
}

/// Two layers of a llama.
fn llama() -> Gguf {
    Gguf::new("llama")
        .number("llama.block_count", 2)
        .number("llama.context_length", 2048)
        .number("llama.embedding_length", 256)
        .number("llama.feed_forward_length", 512)
        .number("llama.attention.head_count", 4)
        .number("llama.attention.head_count_kv", 2)
        .number("llama.vocab_size", 1000)
        .tensor("token_embd.weight", [256, 1000], F16)
        .tensor("blk.0.attn_q.weight", [256, 256], Q8_0)
        .tensor("blk.0.ffn_up.weight", [256, 512], Q4_0)
        .tensor("blk.1.attn_q.weight", [256, 256], Q8_0)
        .tensor("blk.1.ffn_up.weight", [256, 512], Q4_0)
        .tensor("output_norm.weight", [256, 1], F32)
}

/// A safetensors file of this header.
fn safetensors(header: &str, data: usize) -> Vec<u8> {
    let mut all = (header.len() as u64).to_le_bytes().to_vec();
    all.extend(header.as_bytes());
    all.resize(all.len() + data, 0);
    all
}

const ONE_TENSOR: &str = r#"{"a.weight":{"dtype":"BF16","shape":[8,8],"data_offsets":[0,128]}}"#;

#[test]
fn the_bytes_of_a_gguf_are_counted_exactly() {
    let place = Place::new();
    let file = llama();
    place.file("tiny.gguf", file.write(None));
    let args = ["tiny.gguf", "--gpu", CARD, "--context", "512"];
    let report = at(&place, &args);
    let buffers = &report["memory"]["buffers"];
    // 512,000 of the embeddings, twice 69,632 and twice 73,728 of the layers, 1,024 of the norm.
    assert_eq!(file.weights(), 799_744);
    assert_eq!(buffers["weights_bytes"], file.weights());
    // 512 cells of two layers, two heads of 64, keys and values, two bytes each.
    assert_eq!(buffers["kv_bytes"], 512 * 2 * 2 * 64 * 2 * 2);
    assert_eq!(report["model"]["known_by"], "file");
    assert_eq!(
        report["model"]["parameters"],
        256_000 + 2 * (65_536 + 131_072) + 256
    );
    assert_eq!(report["verdict"], "fits");
    // Half the bits for the cache, a little more with the scales of its blocks.
    let report = at(&place, &[&args[..], &["--kv", "q8_0"]].concat());
    let kv = report["memory"]["buffers"]["kv_bytes"].as_f64().unwrap();
    assert!((kv - 524_288.0 * 8.5 / 16.0).abs() < 1.0, "{kv}");
}

#[test]
fn a_file_and_the_folder_that_holds_it_answer_alike() {
    let place = Place::new();
    place.file("one/tiny.gguf", llama().write(None));
    let ask = |path: &str| {
        let mut report = at(&place, &[path, "--gpu", CARD, "--context", "512"]);
        assert!(mid(&report, "/memory/peak") > 0.0);
        // They are called by their own names.
        let model = report["model"].as_object_mut().unwrap();
        assert!(model.remove("id").is_some() && model.remove("name").is_some());
        report
    };
    let file = ask("one/tiny.gguf");
    assert_eq!(ask("one"), file);
    assert_eq!(ask("./one/"), file);
}

#[test]
fn damaged_files_are_refused_with_what_is_wrong() {
    let place = Place::new();
    let whole = llama().write(None);
    place.file("empty.gguf", "");
    place.file("empty.safetensors", "");
    place.file(
        "text.gguf",
        "These are no weights, but a long enough line of text.\n",
    );
    place.file(
        "text.safetensors",
        "These are no weights, but a long enough line of text.\n",
    );
    place.file("half.gguf", &whole[..whole.len() / 2]);
    place.file("start.gguf", &whole[..100]);
    place.file("magic.gguf", "GGUF");
    place.file("many.gguf", llama().write(Some(1 << 60)));
    place.file("all.gguf", llama().write(Some(u64::MAX)));
    place.file("half.safetensors", safetensors(ONE_TENSOR, 64));
    place.file("start.safetensors", &safetensors(ONE_TENSOR, 128)[..40]);
    place.file(
        "long.safetensors",
        [&u64::MAX.to_le_bytes()[..], b"{}"].concat(),
    );
    let nested = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    place.file("nested.safetensors", safetensors(&nested, 0));
    place.file("none.safetensors", safetensors("{}", 0));
    place.file("plain.bin", "These are no weights.");
    for name in [
        "empty.gguf",
        "empty.safetensors",
        "text.gguf",
        "text.safetensors",
        "half.gguf",
        "start.gguf",
        "magic.gguf",
        "many.gguf",
        "all.gguf",
        "half.safetensors",
        "start.safetensors",
        "long.safetensors",
        "nested.safetensors",
        "none.safetensors",
        "plain.bin",
    ] {
        let started = Instant::now();
        let ran = place.run(&["fit", name, "--gpu", CARD]).refused(name);
        assert!(started.elapsed() < Duration::from_secs(20), "{name}");
        assert!(
            ran.err.contains("hint: ") || ran.err.contains("because: "),
            "{name}: {}",
            ran.err
        );
        assert!(ran.err.len() < 2_000, "{name}: {}", ran.err);
    }
}

#[test]
fn folders_without_a_whole_model_are_refused() {
    let place = Place::new();
    place.file("notes/readme.md", "nothing here");
    place.file("config/config.json", "{\"model_type\":\"llama\"}");
    place.file("broken/config.json", "{");
    place.file("broken/model.safetensors", safetensors(ONE_TENSOR, 128));
    std::fs::create_dir(place.path("empty")).unwrap();
    place.file(
        "shards/model-00001-of-00002.safetensors",
        safetensors(ONE_TENSOR, 128),
    );
    place.file("ggufs/tiny-00001-of-00003.gguf", llama().write(None));
    for (name, says) in [
        ("notes", "notes"),
        ("config", "config"),
        ("broken", "broken"),
        ("empty", "empty"),
        ("shards", "missing"),
        ("ggufs", ""),
        ("ggufs/tiny-00001-of-00003.gguf", ""),
    ] {
        let ran = place.run(&["fit", name, "--gpu", CARD]).refused(says);
        assert!(ran.err.contains("hint: "), "{name}: {}", ran.err);
    }
    for name in [
        "gone.gguf",
        "./gone",
        "/no/such/folder",
        "~/gone.safetensors",
    ] {
        let ran = place.run(&["fit", name, "--gpu", CARD]);
        let ran = ran.refused(&format!("{name} is not there"));
        assert!(ran.err.contains("hint: "), "{}", ran.err);
    }
    // A name that says what it is needs no file, and the answer says so.
    let ran = place
        .run(&["fit", "Qwen3-8B-Q4_K_M.gguf", "--gpu", CARD])
        .done();
    let note = "Qwen3-8B-Q4_K_M.gguf is not there: what its name says is taken";
    assert!(ran.out.contains(note), "{}", ran.out);
    let format = |args: &[&str]| report(args)["setting"]["format"].clone();
    assert_eq!(format(&["Qwen3-8B-Q8_0.gguf", "--gpu", CARD]), "Q8_0");
    assert_eq!(
        format(&["Qwen3-8B-Q8_0.gguf", "--gpu", CARD, "--quant", "q6_k"]),
        "Q6_K"
    );
}

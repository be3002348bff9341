//! Our sums against what llama.cpp reported of its own buffers (`tests/peers/recorded/llamacpp.json`).

use maquette_catalog::schema::model::LlmShape;
use maquette_fit::memory::ggml::{Context, buffers};
use serde_json::Value;

/// The shape as the file's metadata states it: read here apart from the program's own reader.
fn shape(file: &Value) -> LlmShape {
    let arch = file["architecture"].as_str().expect("an architecture");
    let meta = &file["metadata"];
    let n = |key: &str| {
        meta[format!("{arch}.{key}")]
            .as_u64()
            .and_then(|n| u32::try_from(n).ok())
    };
    let layers = n("block_count").expect("layers");
    let hidden = n("embedding_length").expect("a width");
    let heads = n("attention.head_count").expect("heads");
    let windowed = match arch {
        "gemma2" | "gpt-oss" => Some(layers.div_ceil(2)),
        "gemma3" => Some(layers - layers / 6),
        _ => None,
    };
    let rank = n("attention.kv_lora_rank");
    let experts = n("expert_count");
    LlmShape {
        layers: Some(layers),
        heads: Some(heads),
        kv_heads: n("attention.head_count_kv"),
        head_dim: n("attention.key_length_mla")
            .or(n("attention.key_length"))
            .or(Some(hidden / heads)),
        hidden: Some(hidden),
        ffn: experts
            .and(n("expert_feed_forward_length"))
            .or(n("feed_forward_length")),
        vocab: n("vocab_size"),
        experts,
        experts_used: n("expert_used_count"),
        mla_kv_width: rank.and_then(|r| Some(r + n("rope.dimension_count")?)),
        swa_window: windowed.and(n("attention.sliding_window")),
        swa_layers: windowed,
        ..LlmShape::default()
    }
}

fn context(s: &Value) -> Context {
    let n = |key: &str| s[key].as_f64().unwrap_or(0.0);
    let outputs = n("n_outputs_max");
    let bits = |t: &str| match t {
        "q8_0" => 8.5,
        "q4_0" => 4.5,
        _ => 16.0,
    };
    Context {
        tokens: n("n_ctx"),
        sequences: n("n_seq_max"),
        unified: s["kv_unified"].as_bool().unwrap_or(false),
        micro: n("n_ubatch").min(n("n_batch")),
        outputs: if outputs > 0.0 { outputs } else { n("n_batch") },
        flash: s["flash_attn"].as_bool().unwrap_or(true),
        // Keys and values are alike wide.
        kv_bits: f64::midpoint(
            bits(s["type_k"].as_str().unwrap_or("f16")),
            bits(s["type_v"].as_str().unwrap_or("f16")),
        ),
    }
}

#[test]
fn cache_output_and_compute_are_what_llama_cpp_reports() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/peers/recorded/llamacpp.json"
    );
    let text = std::fs::read_to_string(path).expect("the record");
    let record: Value = serde_json::from_str(&text).expect("JSON");
    let mib = 1_048_576.0;
    let (mut cache_off, mut output_off): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    let mut compute_off = Vec::new();
    let mut total_off = Vec::new();
    for row in record["rows"].as_array().expect("rows") {
        let model = row["model"].as_str().expect("a model");
        let settings = &row["settings"];
        // A full cache for windowed layers is a setting that is not offered.
        if settings["swa_full"].as_bool() == Some(true) {
            continue;
        }
        let b =
            buffers(&shape(&record["files"][model]), &context(settings)).expect("a whole shape");
        let r = &row["reported"];
        let reported = |key: &str| r[key].as_f64().expect("a figure");
        let kv = reported("kv_mib");
        let off = (b.cache / mib - kv).abs();
        assert!(
            off <= 0.02 + kv * 1e-4,
            "{model} {settings}: cache {} for {kv}",
            b.cache / mib
        );
        cache_off.push(off);
        output_off.push((b.output / mib - reported("output_mib")).abs());
        let compute = reported("compute_mib");
        compute_off.push((b.compute / mib / compute - 1.0).abs());
        let all = kv + compute + reported("output_mib");
        total_off.push(((b.cache + b.compute + b.output) / mib / all - 1.0).abs());
    }
    assert!(compute_off.len() > 120);
    let at = |list: &mut Vec<f64>, share: f64| {
        list.sort_by(f64::total_cmp);
        list[(list.len() as f64 * share) as usize]
    };
    assert!(at(&mut output_off, 0.99) < 0.01, "output {output_off:?}");
    let (median, p90) = (at(&mut compute_off, 0.5), at(&mut compute_off, 0.9));
    assert!(
        median < 0.005 && p90 < 0.08,
        "compute: median {median}, p90 {p90}"
    );
    let (median, p90) = (at(&mut total_off, 0.5), at(&mut total_off, 0.9));
    assert!(
        median < 0.005 && p90 < 0.05,
        "all three: median {median}, p90 {p90}"
    );
}

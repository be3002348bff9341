//! A subject out of the headers of a file or a folder: exact bytes, and the shape that the
//! configuration states.

use std::path::Path;

use maquette_catalog::schema::model::{Defaults, LlmShape};
use maquette_core::Modality;
use maquette_fit::format::{self, Format};
use maquette_fit::subject::{Known, Piece, Role, Subject};
use maquette_scan::{Part, Tensor, Weights};

use crate::error::{AppError, causes};

/// What the headers say.
pub struct Read {
    pub subject: Subject,
    /// Bits per weight of what is read for a token or a pass.
    pub format: Format,
    /// The types of the weights, by share of the bytes.
    pub label: String,
    pub notes: Vec<String>,
}

/// Reads a `.gguf`, a `.safetensors`, or a folder with `config.json` or `model_index.json`.
pub fn read(path: &Path) -> Result<Read, AppError> {
    let weights = maquette_scan::read(path).map_err(|e| {
        let mut error = AppError::request(e.to_string()).hint(e.hint());
        error.because = causes(&e);
        error
    })?;
    let name = path.file_name().map_or_else(
        || path.display().to_string(),
        |n| n.to_string_lossy().into_owned(),
    );
    let modality = modality(&weights);
    let mut subject = Subject {
        id: maquette_core::names::fold(&name),
        name,
        modality,
        known: Known::File,
        params: 0.0,
        active: 0.0,
        moe: false,
        text: None,
        pieces: Vec::new(),
        defaults: Defaults::default(),
        counted: Vec::new(),
        live: Vec::new(),
        spatial: 8.0,
        temporal: 4.0,
        patch: 2.0,
        hertz: 25.0,
        source: format!("the headers of {}", path.display()),
        native_bits: None,
    };
    let mut bytes_read = 0.0;
    for part in &weights.parts {
        let piece = piece(part, modality, weights.parts.len());
        let packed = packed(part);
        let params = packed.unwrap_or(piece.params);
        subject.params += params;
        subject.active += piece.active.min(params);
        if modality == Modality::Text && piece.role == Role::Writer {
            let shape = shape(part);
            let share = active_share(part, &shape);
            subject.moe = share < 0.95;
            subject.active = params * share;
            bytes_read += bytes(part) * share;
            subject.text = Some(shape);
        } else if matches!(piece.role, Role::Denoiser | Role::Unet) {
            bytes_read += bytes(part);
        }
        if piece.role == Role::Decoder {
            let channels = part.config.length("block_out_channels").or_else(|| {
                part.config
                    .numbers("block_out_channels")
                    .map(|n| n.len() as u64)
            });
            if let Some(n) = channels.filter(|n| (2..=6).contains(n)) {
                #[allow(clippy::cast_possible_truncation)]
                let halvings = (n - 1) as i32;
                subject.spatial = 2f64.powi(halvings);
            }
            subject.spatial = part
                .config
                .number("spatial_compression_ratio")
                .unwrap_or(subject.spatial);
            subject.temporal = part
                .config
                .number("temporal_compression_ratio")
                .unwrap_or(subject.temporal);
        }
        subject.pieces.push(Piece { params, ..piece });
    }
    if subject.params <= 0.0 {
        return Err(
            AppError::request(format!("{}: there are no weights in it", path.display())).hint(
                "a .gguf or .safetensors with tensors, or a folder of them, says what a model is",
            ),
        );
    }
    let denoisers: f64 = subject
        .pieces
        .iter()
        .filter(|p| matches!(p.role, Role::Denoiser | Role::Unet))
        .map(|p| p.params)
        .sum();
    let of = if modality == Modality::Text {
        subject.active
    } else {
        denoisers.max(1.0)
    };
    let mut notes = weights.notes.clone();
    if modality != Modality::Text && denoisers <= 0.0 {
        notes.push("no part of it is a transformer or U-Net that the formulas know".to_owned());
    }
    let (label, main) = label(&weights);
    let known = Format::parse(&main).unwrap_or(format::HALF);
    Ok(Read {
        format: Format {
            bits: (bytes_read * 8.0 / of.max(1.0)).clamp(0.5, 64.0),
            ..known
        },
        subject,
        label,
        notes,
    })
}

#[allow(clippy::cast_precision_loss)]
fn number(n: u64) -> f64 {
    n as f64
}

fn bytes(part: &Part) -> f64 {
    number(part.bytes())
}

/// GPTQ and AWQ pack several weights in one integer: weights of a part that does so.
fn packed(part: &Part) -> Option<f64> {
    let bits = part.config.number("quantization_config.bits")?;
    let packed: f64 = part
        .tensors
        .iter()
        .filter(|t| t.name.ends_with("qweight") || t.name.ends_with("weight_packed"))
        .map(|t| number(t.bytes) * 8.0 / bits)
        .sum();
    let plain: f64 = part
        .tensors
        .iter()
        .filter(|t| t.name.ends_with(".weight"))
        .map(|t| number(t.elements))
        .sum();
    (packed > 0.0).then_some(packed + plain)
}

/// Which kind of work the classes and architectures name.
fn modality(weights: &Weights) -> Modality {
    let class = weights.config.text("_class_name").map(str::to_owned);
    let class = class.or_else(|| weights.parts.first().and_then(|p| p.class.clone()));
    let class = class.unwrap_or_default().to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| class.contains(w));
    if has(&["video", "wan", "ltx", "mochi", "hunyuanvid", "cogvideo"]) {
        return Modality::Video;
    }
    if has(&["audio", "musicgen", "acestep", "stableaudio"]) {
        return Modality::Music;
    }
    if has(&[
        "flux",
        "sd3",
        "sd1",
        "sdxl",
        "stablediffusion",
        "qwenimage",
        "qwen_image",
        "pixart",
        "lumina",
        "zimage",
        "hidream",
        "chroma",
        "aura",
        "unet",
        "transformer2d",
        "kolors",
        "sana",
    ]) {
        return Modality::Image;
    }
    let denoiser = weights
        .parts
        .iter()
        .any(|p| p.role == "transformer" || p.role == "unet");
    if denoiser {
        return Modality::Image;
    }
    let pictures = [
        "double_blocks.",
        "joint_blocks.",
        "input_blocks.",
        "down_blocks.",
        "transformer_blocks.",
    ];
    let drawn = |t: &Tensor| pictures.iter().any(|p| t.name.contains(p));
    match weights.parts.first() {
        Some(p) if p.tensors.iter().take(2000).any(drawn) => Modality::Image,
        _ => Modality::Text,
    }
}

fn piece(part: &Part, modality: Modality, of: usize) -> Piece {
    let role = match part.role.as_str() {
        r if r.contains("text_encoder") || r.contains("image_encoder") => Role::Encoder,
        r if r.contains("vae") || r.contains("vocoder") => Role::Decoder,
        "unet" => Role::Unet,
        r if r.starts_with("transformer") => Role::Denoiser,
        _ if modality == Modality::Text => Role::Writer,
        _ if of == 1 && part.class.as_ref().is_some_and(|c| c.contains("UNet")) => Role::Unet,
        _ => Role::Denoiser,
    };
    let c = &part.config;
    let first = |keys: &[&str]| keys.iter().find_map(|k| c.number(k));
    let heads = first(&["num_attention_heads", "num_heads"]);
    let width = first(&["attention_head_dim", "head_dim"]);
    // The first and widest level of pixels of a U-Net or an autoencoder.
    let wan = first(&["decoder_base_dim", "base_dim"]);
    let levels = c
        .numbers("block_out_channels")
        .and_then(|n| n.first().copied());
    let hidden = first(&["hidden_size", "d_model", "dim", "inner_dim"])
        .or(wan)
        .or(levels)
        .or_else(|| Some(heads? * width?));
    let layers = first(&["num_layers", "num_hidden_layers", "depth"]);
    let single = c.number("num_single_layers").unwrap_or(0.0);
    let params = number(part.parameters());
    Piece {
        name: part.role.clone(),
        role,
        params,
        active: params,
        bytes: Some(bytes(part)),
        layers: layers.map(|l| l + single),
        hidden,
        kv_width: None,
        family: maquette_core::names::fold(part.class.as_deref().unwrap_or_default()),
    }
}

/// The shape of a language model, out of a GGUF's metadata or a `config.json`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn shape(part: &Part) -> LlmShape {
    let c = &part.config;
    let arch = part.class.clone().unwrap_or_default();
    let keyed = |gguf: &str, plain: &str| {
        let own = c.number(&format!("{arch}.{gguf}"));
        own.or_else(|| c.number(plain))
            .or_else(|| c.number(&format!("text_config.{plain}")))
    };
    let whole = |n: Option<f64>| {
        n.filter(|n| n.is_finite() && *n >= 1.0 && *n < 4e9)
            .map(|n| n as u32)
    };
    let heads = keyed("attention.head_count", "num_attention_heads");
    let hidden = keyed("embedding_length", "hidden_size");
    let width = keyed("attention.key_length", "head_dim").or_else(|| Some(hidden? / heads?));
    // Heads of keys by layer, where they differ: a layer with none holds no cache.
    let by_layer = c
        .numbers(&format!("{arch}.attention.head_count_kv"))
        .map(<[f64]>::to_vec);
    let kv_heads = match &by_layer {
        Some(list) => list.iter().copied().reduce(f64::max),
        None => keyed("attention.head_count_kv", "num_key_value_heads").or(heads),
    };
    let layers = keyed("block_count", "num_hidden_layers");
    let full = by_layer.map(|list| list.iter().filter(|h| **h > 0.0).count() as f64);
    let kinds = |word: &str| {
        let n = (0..512).filter(|i| {
            let key = |prefix: &str| {
                c.text(&format!("{prefix}layer_types.{i}"))
                    .is_some_and(|t| t == word)
            };
            key("") || key("text_config.")
        });
        let n = n.count();
        (n > 0).then_some(n as f64)
    };
    let windowed = kinds("sliding_attention");
    let full = full.or_else(|| kinds("full_attention").filter(|n| layers.is_some_and(|l| *n < l)));
    let window = keyed("attention.sliding_window", "sliding_window");
    // Architectures whose windowed layers are a rule and not a list.
    let windowed = windowed.or_else(|| {
        let layers = layers?;
        window?;
        match arch.as_str() {
            "gemma2" | "gpt-oss" => Some((layers / 2.0).ceil()),
            "gemma3" => Some(layers - (layers / 6.0).floor()),
            _ => None,
        }
    });
    let rank = keyed("attention.kv_lora_rank", "kv_lora_rank");
    let rope = keyed("rope.dimension_count", "qk_rope_head_dim");
    let experts = keyed("expert_count", "num_experts")
        .or_else(|| keyed("expert_count", "num_local_experts"))
        .or_else(|| keyed("expert_count", "n_routed_experts"));
    let vocab =
        keyed("vocab_size", "vocab_size").or_else(|| c.length("tokenizer.ggml.tokens").map(number));
    LlmShape {
        layers: whole(layers),
        heads: whole(heads),
        kv_heads: whole(kv_heads),
        head_dim: whole(width),
        hidden: whole(hidden),
        ffn: whole(
            experts
                .and_then(|_| keyed("expert_feed_forward_length", "moe_intermediate_size"))
                .or_else(|| keyed("feed_forward_length", "intermediate_size")),
        ),
        vocab: whole(vocab),
        context: keyed("context_length", "max_position_embeddings")
            .filter(|n| *n > 0.0)
            .map(|n| n as u64),
        experts: whole(experts),
        experts_used: whole(keyed("expert_used_count", "num_experts_per_tok")),
        mla_kv_width: whole(rank.and_then(|r| Some(r + rope?))),
        swa_window: whole(window.filter(|_| windowed.is_some())),
        swa_layers: whole(windowed),
        full_attention_layers: whole(full.filter(|_| windowed.is_none())),
        tied_embeddings: Some(
            !part
                .tensors
                .iter()
                .any(|t| t.name == "output.weight" || t.name == "lm_head.weight"),
        ),
        ..LlmShape::default()
    }
}

/// Share of the bytes that one token reads: all but the experts not chosen and, where the output
/// is another matrix, the embeddings.
fn active_share(part: &Part, shape: &LlmShape) -> f64 {
    let all = bytes(part).max(1.0);
    let expert = |t: &&Tensor| t.name.contains("_exps") || t.name.contains(".experts.");
    let experts: f64 = part
        .tensors
        .iter()
        .filter(expert)
        .map(|t| number(t.bytes))
        .sum();
    let used = match (shape.experts_used, shape.experts) {
        (Some(used), Some(of)) if of > 0 => (f64::from(used) / f64::from(of)).min(1.0),
        _ => 1.0,
    };
    let embedding =
        |t: &&Tensor| t.name == "token_embd.weight" || t.name.ends_with("embed_tokens.weight");
    let looked_up: f64 = if shape.tied_embeddings == Some(true) {
        0.0
    } else {
        part.tensors
            .iter()
            .filter(embedding)
            .map(|t| number(t.bytes))
            .sum()
    };
    ((all - experts * (1.0 - used) - looked_up) / all).clamp(0.001, 1.0)
}

/// `Q4_K 78%, Q6_K 21%`, and the type with the most bytes, as a format is written.
fn label(weights: &Weights) -> (String, String) {
    let mut sums: std::collections::BTreeMap<&str, u64> = std::collections::BTreeMap::new();
    for part in &weights.parts {
        for (dtype, bytes) in part.bytes_by_dtype() {
            *sums.entry(dtype).or_default() += bytes;
        }
    }
    let all: f64 = number(sums.values().sum::<u64>()).max(1.0);
    let mut shares: Vec<(&str, f64)> = sums
        .into_iter()
        .map(|(d, b)| (d, number(b) / all))
        .collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    let main = shares.first().map_or("", |s| s.0);
    let main = match main {
        "F8_E4M3" | "F8_E5M2" => "fp8".to_owned(),
        "I8" => "int8".to_owned(),
        "I32" => "gptq".to_owned(),
        other => other.to_lowercase(),
    };
    let text: Vec<String> = shares
        .iter()
        .take(3)
        .filter(|(_, s)| *s >= 0.01)
        .map(|(d, s)| match s * 100.0 {
            99.5.. => (*d).to_owned(),
            percent => format!("{d} {percent:.0}%"),
        })
        .collect();
    (text.join(", "), main)
}

//! What is to be run: parameters, shape, parts. Out of the catalog, out of a table of shapes, out of
//! the name alone, or out of the headers of a file.

use maquette_catalog::schema::model::{Activation, Component, Compute, Defaults, LlmShape, Model};
use maquette_catalog::schema::shape::Shape;

use crate::counted::{self, Counted, Live};
use crate::format::Format;
use maquette_core::Modality;

/// How the architecture is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    Catalog,
    Shape,
    /// Only a number of parameters, read in its name.
    Name,
    /// The headers of a file.
    File,
}

/// A separately loaded part.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    pub name: String,
    pub role: Role,
    pub params: f64,
    /// Parameters read for one token, of a mixture of experts.
    pub active: f64,
    /// Bytes on the device, where a file states them.
    pub bytes: Option<f64>,
    pub layers: Option<f64>,
    pub hidden: Option<f64>,
    pub kv_width: Option<f64>,
    /// The family of architecture, as its class or the model's id names it, folded.
    pub family: String,
}

/// What a part is for, and so when it must lie in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Encoder,
    /// A transformer or U-Net that is run once a step.
    Denoiser,
    /// A U-Net: its activations follow the pixels.
    Unet,
    /// Writes tokens one after another.
    Writer,
    Decoder,
}

/// A model as the formulas see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    pub id: String,
    pub name: String,
    pub modality: Modality,
    pub known: Known,
    pub params: f64,
    pub active: f64,
    pub moe: bool,
    pub text: Option<LlmShape>,
    pub pieces: Vec<Piece>,
    pub defaults: Defaults,
    pub counted: Vec<Counted>,
    pub live: Vec<Live>,
    /// Pixels a side, and frames, of one latent.
    pub spatial: f64,
    pub temporal: f64,
    /// Latents a side of one token.
    pub patch: f64,
    /// Tokens that a writer writes for a second of sound.
    pub hertz: f64,
    pub source: String,
    /// Bits per weight that every published quantization of it keeps (gpt-oss is trained in 4 bits).
    pub native_bits: Option<f64>,
}

impl Piece {
    fn of(c: &Component, id: &str) -> Option<Piece> {
        let role = match c.role.as_str() {
            "text_encoder" | "image_encoder" | "encoder" => Role::Encoder,
            "unet" => Role::Unet,
            "llm" | "acoustic" | "talker" => Role::Writer,
            "vae" | "decoder" | "codec" | "audio_vae" | "vocoder" => Role::Decoder,
            _ => Role::Denoiser,
        };
        let params = number(c.params?);
        Some(Piece {
            name: c.name.clone(),
            role,
            params,
            active: c.active_params.map_or(params, number),
            bytes: None,
            layers: c.layers.map(f64::from),
            hidden: c
                .hidden
                .map(f64::from)
                .or_else(|| Some(f64::from(c.heads?) * f64::from(c.head_dim?))),
            kv_width: c
                .kv_heads
                .or(c.heads)
                .and_then(|h| Some(f64::from(h) * f64::from(c.head_dim?))),
            family: maquette_core::names::fold(id),
        })
    }
}

#[allow(clippy::cast_precision_loss)]
fn number(n: u64) -> f64 {
    n as f64
}

/// What a model and a shape have in common.
struct Facts<'a> {
    id: &'a str,
    name: &'a str,
    modality: Modality,
    known: Known,
    total: Option<u64>,
    active: Option<u64>,
    llm: Option<&'a LlmShape>,
    defaults: Option<&'a Defaults>,
    components: &'a [Component],
    compute: &'a [Compute],
    activation: &'a [Activation],
    source: &'a str,
}

impl Subject {
    pub fn of_model(m: &Model) -> Option<Subject> {
        build(&Facts {
            id: &m.id,
            name: &m.name,
            modality: m.modality,
            known: Known::Catalog,
            total: m.params_total,
            active: m.params_active,
            llm: m.llm.as_ref(),
            defaults: m.defaults.as_ref(),
            components: &m.component,
            compute: &m.compute,
            activation: &m.activation,
            source: &m.source,
        })
    }

    pub fn of_shape(s: &Shape) -> Option<Subject> {
        build(&Facts {
            id: s.of.as_ref().unwrap_or(&s.id),
            name: &s.name,
            modality: s.modality,
            known: Known::Shape,
            total: s.params_total,
            active: s.params_active,
            llm: s.llm.as_ref(),
            defaults: s.defaults.as_ref(),
            components: &s.component,
            compute: &s.compute,
            activation: &s.activation,
            source: &s.source,
        })
    }

    /// A language model of so many parameters, nothing more known.
    pub fn of_size(name: &str, params: f64, active: Option<f64>) -> Subject {
        Subject {
            id: maquette_core::names::fold(name),
            name: name.to_owned(),
            modality: Modality::Text,
            known: Known::Name,
            params,
            active: active.unwrap_or(params),
            moe: active.is_some(),
            text: None,
            pieces: Vec::new(),
            defaults: Defaults::default(),
            counted: Vec::new(),
            live: Vec::new(),
            spatial: 8.0,
            temporal: 4.0,
            patch: 2.0,
            hertz: 25.0,
            source: "the number of parameters in its name".to_owned(),
            native_bits: None,
        }
    }

    /// Bytes of so many of its weights in a format.
    pub fn bytes(&self, format: Format, params: f64) -> f64 {
        match self.native_bits {
            Some(bits) => params * bits / 8.0,
            None => format.bytes(params),
        }
    }

    pub fn denoiser(&self) -> Option<&Piece> {
        let is = |p: &&Piece| matches!(p.role, Role::Denoiser | Role::Unet);
        self.pieces
            .iter()
            .filter(is)
            .max_by(|a, b| a.params.total_cmp(&b.params))
    }

    pub fn writer(&self) -> Option<&Piece> {
        self.pieces.iter().find(|p| p.role == Role::Writer)
    }
}

fn build(f: &Facts<'_>) -> Option<Subject> {
    let pieces: Vec<Piece> = f
        .components
        .iter()
        .filter_map(|c| Piece::of(c, f.id))
        .collect();
    let sum: f64 = pieces.iter().map(|p| p.params).sum();
    let params = f.total.map(number).filter(|p| *p > 0.0).unwrap_or(sum);
    if params <= 0.0 {
        return None;
    }
    let active = f.active.map(number).filter(|a| *a > 0.0);
    let vae = f.components.iter().find(|c| c.role == "vae");
    let spatial = vae.and_then(|v| v.spatial).map_or(8.0, f64::from);
    let patch = f.components.iter().find_map(|c| c.patch).map(f64::from);
    Some(Subject {
        id: f.id.to_owned(),
        name: f.name.to_owned(),
        modality: f.modality,
        known: f.known,
        params,
        active: active.unwrap_or(params),
        moe: active.is_some_and(|a| a < params * 0.95),
        text: f.llm.cloned(),
        pieces,
        defaults: f.defaults.cloned().unwrap_or_default(),
        counted: counted::operations(f.compute),
        live: counted::lives(f.activation),
        spatial,
        patch: patch.unwrap_or(if spatial >= 32.0 { 1.0 } else { 2.0 }),
        temporal: vae.and_then(|v| v.temporal).map_or(4.0, f64::from),
        hertz: hertz(f.components),
        source: f.source.to_owned(),
        native_bits: native(f),
    })
}

/// The frame rate of the codec, or 25 where none is told (codecs of music and speech: 12.5 to 75).
fn hertz(components: &[Component]) -> f64 {
    let told = components
        .iter()
        .find_map(|c| c.frame_rate_hz.as_ref()?.parse::<f64>().ok());
    told.filter(|h| *h > 0.0).unwrap_or(25.0)
}

/// Bits that files of every quantization keep, where the catalog says how large they are.
fn native(f: &Facts<'_>) -> Option<f64> {
    let gigabytes: f64 = f.llm?.file_gb_native.as_ref()?.parse().ok()?;
    Some(gigabytes * 8e9 / number(f.total?))
}

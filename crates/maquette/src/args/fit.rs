//! The arguments of `fit` and `accuracy`.

use std::path::PathBuf;

use clap::Args;
use maquette_app::Request;
use maquette_app::fit::FitForm;

// The comments are the help: names stand in it as they are typed.
#[allow(clippy::doc_markdown)]
#[derive(Debug, Args)]
pub struct FitArgs {
    /// A model, such as flux.1-schnell, or the path of a file or folder of weights
    #[arg(required_unless_present = "batch")]
    pub model: Option<String>,
    /// Number format of the weights: bf16, fp8, nf4, Q4_K_M, …
    #[arg(
        long,
        visible_alias = "quantization",
        value_name = "NAME",
        help_heading = "Work"
    )]
    pub quant: Option<String>,
    /// The engine: llama.cpp, ollama, mlx, vllm, diffusers, comfyui, …
    #[arg(long, value_name = "NAME", help_heading = "Work")]
    pub engine: Option<String>,
    /// 1024x1024, 720p; for 3D 512^3
    #[arg(long, value_name = "WxH", help_heading = "Work")]
    pub resolution: Option<String>,
    /// Frames of a clip
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        help_heading = "Work"
    )]
    pub frames: Option<f64>,
    /// Length in seconds of a clip, song or sound
    #[arg(
        long,
        value_name = "S",
        allow_negative_numbers = true,
        help_heading = "Work"
    )]
    pub seconds: Option<f64>,
    /// Denoising steps
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        help_heading = "Work"
    )]
    pub steps: Option<f64>,
    /// Tokens of context to hold [default: 8192]
    #[arg(
        long,
        value_name = "TOKENS",
        allow_negative_numbers = true,
        help_heading = "Work"
    )]
    pub context: Option<f64>,
    /// Tokens of the prompt that is timed [default: 512]
    #[arg(
        long,
        value_name = "TOKENS",
        allow_negative_numbers = true,
        help_heading = "Work"
    )]
    pub prompt: Option<f64>,
    /// Tokens written that are timed [default: 1000]
    #[arg(
        long,
        value_name = "TOKENS",
        allow_negative_numbers = true,
        help_heading = "Work"
    )]
    pub write: Option<f64>,
    /// Pictures or requests at once
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        help_heading = "Work"
    )]
    pub at_once: Option<f64>,
    /// Number format of the key-value cache: f16, q8_0, q4_0
    #[arg(long, value_name = "NAME", help_heading = "Work")]
    pub kv: Option<String>,
    /// Tokens of one micro-batch of llama.cpp [default: 512]
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        help_heading = "Work"
    )]
    pub micro_batch: Option<f64>,
    /// Rows of logits that llama.cpp keeps; its server one a slot [default: 1]
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        help_heading = "Work"
    )]
    pub outputs: Option<f64>,
    /// Flash attention of llama.cpp [default: true]
    #[arg(long, value_name = "BOOL", help_heading = "Work")]
    pub flash_attention: Option<bool>,
    /// What is kept off the GPU: none, model, blocks, sequential, experts, layers=N or cpu
    #[arg(long, value_name = "WAY", help_heading = "Work")]
    pub offload: Option<String>,
    /// Decode pictures and clips in tiles
    #[arg(long, help_heading = "Work")]
    pub tiled: bool,
    /// A GPU ("2x RTX 4090"), none, or detect [default: detect]
    #[arg(long, value_name = "NAME", help_heading = "Machine")]
    pub gpu: Option<String>,
    /// GiB of GPU memory, instead of what the GPU has
    #[arg(
        long,
        value_name = "GIB",
        allow_negative_numbers = true,
        help_heading = "Machine"
    )]
    pub vram: Option<f64>,
    /// GiB of the machine's own memory
    #[arg(
        long,
        value_name = "GIB",
        allow_negative_numbers = true,
        help_heading = "Machine"
    )]
    pub ram: Option<f64>,
    /// Country of the studio, for the price of power [default: US]
    #[arg(long, value_name = "CODE", help_heading = "Machine")]
    pub country: Option<String>,
    /// Price of a kilowatt hour ("0.30 EUR")
    #[arg(long, value_name = "MONEY", help_heading = "Machine")]
    pub power_price: Option<String>,
    /// The other way round: which hardware it needs, cheapest first
    #[arg(long, conflicts_with = "batch")]
    pub need: bool,
    /// With --need, also hardware whose price is not known
    #[arg(long, requires = "need")]
    pub all: bool,
    /// A CSV of runs (model, quantization, workload, engine, gpu), one JSON line each out
    #[arg(long, value_name = "FILE", conflicts_with = "model")]
    pub batch: Option<PathBuf>,
}

impl FitArgs {
    pub fn form(&self, studio_file: Option<PathBuf>) -> FitForm {
        FitForm {
            model: self.model.clone().unwrap_or_default(),
            quant: self.quant.clone(),
            engine: self.engine.clone(),
            resolution: self.resolution.clone(),
            frames: self.frames,
            seconds: self.seconds,
            steps: self.steps,
            context: self.context,
            prompt: self.prompt,
            write: self.write,
            at_once: self.at_once,
            kv: self.kv.clone(),
            micro_batch: self.micro_batch,
            outputs: self.outputs,
            flash_attention: self.flash_attention,
            offload: self.offload.clone(),
            tiled: self.tiled,
            vram: self.vram,
            ram: self.ram,
            studio: Request {
                gpu: self.gpu.clone(),
                country: self.country.clone(),
                power_price: self.power_price.clone(),
                studio_file,
                ..Request::default()
            },
        }
    }
}

#[derive(Debug, Args)]
pub struct AccuracyArgs {
    /// Hold back whole models instead of a model on a machine
    #[arg(long)]
    pub by_model: bool,
    /// In JSON, also every run beside its estimate
    #[arg(long)]
    pub rows: bool,
}

//! What is asked of a model, and how the engine is set: read from the words that measurements and
//! batches are written in.

use crate::format::{self, Format};

/// Which weights lie on the device while it works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Offload {
    /// Everything.
    Resident,
    /// One whole part at a time.
    Model,
    /// One block at a time, the next one fetched while it works.
    Blocks,
    /// One module at a time, fetched when it is called.
    Sequential,
    /// So many layers on the device, the rest on the processor.
    Layers(u32),
    /// Experts on the processor.
    Experts,
    /// The experts of so many layers on the processor.
    SomeExperts(u32),
}

impl Offload {
    pub fn as_str(self) -> &'static str {
        match self {
            Offload::Resident => "all resident",
            Offload::Model => "one part at a time",
            Offload::Blocks => "block by block",
            Offload::Sequential => "module by module",
            Offload::Layers(_) => "some layers on the processor",
            Offload::Experts => "experts on the processor",
            Offload::SomeExperts(_) => "some experts on the processor",
        }
    }
}

/// One run.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    pub format: Format,
    /// The format was said, not taken.
    pub format_said: bool,
    /// Encoders are stored as the large part is.
    pub encoders_alike: bool,
    /// `llama.cpp`, `ollama`, `diffusers`, …
    pub engine: String,
    /// The whole text, folded: runs set alike are gathered under it.
    pub exact: String,
    pub offload: Offload,
    /// It runs so or not at all: nothing is switched to make it fit.
    pub as_set: bool,
    pub tiled: bool,
    pub compiled: bool,
    /// GB that the engine leaves free, or may fill at most.
    pub reserve: Option<f64>,
    pub clamp: Option<f64>,
    /// The engine fills what the device has.
    pub fills: bool,
    pub on_cpu: bool,
    pub speculative: bool,
    /// Steps are reused instead of computed (`TeaCache`, first-block cache, …).
    pub cached: bool,
    /// Loaded in 16 bits and quantized on the device.
    pub quantized_late: bool,
    /// Queries, keys and values are projected at once, out of a second copy of their weights.
    pub fused: bool,
    /// Weights are split over the devices.
    pub sharded: bool,
    pub flash: Option<bool>,
    pub kv_bits: f64,
    pub batch: f64,
    /// Tokens of one micro-batch, and rows of logits kept: llama.cpp's own settings.
    pub micro: f64,
    pub outputs: f64,
    pub width: Option<f64>,
    pub height: Option<f64>,
    pub frames: Option<f64>,
    /// Seconds of sound.
    pub seconds: Option<f64>,
    pub steps: Option<f64>,
    pub passes: Option<f64>,
    /// Voxels a side.
    pub grid: Option<f64>,
    pub context: Option<f64>,
    pub prompt: Option<f64>,
    pub write: Option<f64>,
    /// Tokens already held when the writing is timed.
    pub depth: Option<f64>,
}

impl Default for Setting {
    fn default() -> Setting {
        Setting {
            format: format::HALF,
            format_said: false,
            encoders_alike: false,
            engine: String::new(),
            exact: String::new(),
            offload: Offload::Resident,
            as_set: false,
            tiled: false,
            compiled: false,
            reserve: None,
            clamp: None,
            fills: false,
            on_cpu: false,
            speculative: false,
            cached: false,
            quantized_late: false,
            fused: false,
            sharded: false,
            flash: None,
            kv_bits: 16.0,
            batch: 1.0,
            micro: 512.0,
            outputs: 1.0,
            width: None,
            height: None,
            frames: None,
            seconds: None,
            steps: None,
            passes: None,
            grid: None,
            context: None,
            prompt: None,
            write: None,
            depth: None,
        }
    }
}

/// Engines by the words that name them; earlier ones are looked for first.
const ENGINES: &[(&str, &str)] = &[
    ("llama.cpp", "llama.cpp"),
    ("llamacpp", "llama.cpp"),
    ("llama-cpp", "llama.cpp"),
    ("lm studio", "llama.cpp"),
    ("lmstudio", "llama.cpp"),
    ("ollama", "ollama"),
    ("mlx", "mlx"),
    ("vllm-omni", "vllm-omni"),
    ("vllm", "vllm"),
    ("sglang", "sglang"),
    ("sgl-diffusion", "sglang"),
    ("tensorrt-llm", "tensorrt-llm"),
    ("tensorrt", "tensorrt"),
    ("hipfire", "hipfire"),
    ("exllama", "exllama"),
    ("ktransformers", "ktransformers"),
    ("bitnet", "bitnet"),
    ("stable-diffusion.cpp", "stable-diffusion.cpp"),
    ("audio.cpp", "audio.cpp"),
    ("core ml", "core ml"),
    ("comfyui", "comfyui"),
    ("webui", "webui"),
    ("lightx2v", "lightx2v"),
    ("fastvideo", "fastvideo"),
    ("turbodiffusion", "turbodiffusion"),
    ("wangp", "wangp"),
    ("sd.next", "sd.next"),
    ("flux-fp8-api", "flux-fp8-api"),
    ("diffuser (r torch", "diffuser-r"),
    ("diffuser", "diffusers"),
    ("all on gpu", "diffusers"),
    ("all components on gpu", "diffusers"),
    ("official", "official"),
    ("normal_mode", "official"),
    ("low_gpu_mode", "official"),
    ("offload_model", "official"),
    ("ulysses", "official"),
    ("eager", "diffusers"),
    ("torch.compile", "diffusers"),
    ("onnx", "onnx"),
    ("mnn", "mnn"),
];

/// The engines that are told apart.
pub fn engines() -> Vec<&'static str> {
    let mut names: Vec<&str> = Vec::new();
    for (_, name) in ENGINES {
        if !names.contains(name) {
            names.push(name);
        }
    }
    names
}

/// The first number that follows `word` in `text`.
fn after(text: &str, word: &str) -> Option<f64> {
    let mut from = 0;
    while let Some(at) = text[from..].find(word) {
        let start = from + at + word.len();
        let rest = text[start..].trim_start_matches([' ', '=', ':']);
        let digits: String = rest
            .chars()
            .take_while(|c| c.is_ascii_digit() || *c == '.')
            .collect();
        if let Ok(n) = digits.trim_end_matches('.').parse::<f64>() {
            return Some(n);
        }
        from = start;
    }
    None
}

/// The number that stands before `word`: `7 steps`, `30 s audio`.
fn before(text: &str, word: &str) -> Option<f64> {
    let at = text.find(word)?;
    let head = text[..at].trim_end();
    let digits: String = head
        .chars()
        .rev()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    digits.chars().rev().collect::<String>().parse().ok()
}

impl Setting {
    /// Reads a run as it is written. Words that are not understood take no part.
    pub fn read(format: &str, workload: &str, engine: &str, model: &str) -> Setting {
        let mut s = Setting::default();
        let found = Format::parse(format)
            .or_else(|| Format::parse(engine))
            .or_else(|| Format::parse(model));
        s.format_said = found.is_some();
        let ggml = ["llama.cpp", "llamacpp", "ollama", "lmstudio", "lm studio"];
        let engine_text = engine.to_lowercase();
        let usual = if ggml.iter().any(|e| engine_text.contains(e)) {
            format::USUAL
        } else {
            format::HALF
        };
        s.format = found.unwrap_or(usual);
        let all = format!("{format} {engine}").to_lowercase();
        s.encoders_alike =
            all.contains("transformer+t5") || all.contains("transformer+text encoder");
        s.engine(&engine.to_lowercase(), format);
        s.work(&workload.to_lowercase());
        // A model distilled to few steps runs without guidance: one pass a step.
        let words = format!("{engine} {model}").to_lowercase();
        let distilled = ["distil", "lora", "turbo", "lightning"]
            .iter()
            .any(|w| words.contains(w));
        if distilled && s.steps.is_some_and(|n| n <= 8.0) {
            s.passes = Some(1.0);
        }
        s
    }

    fn engine(&mut self, text: &str, format: &str) {
        let named = ENGINES.iter().find(|(word, _)| text.contains(word));
        named
            .map_or("other", |(_, name)| name)
            .clone_into(&mut self.engine);
        // File names of a recipe say little; what stands before them says how it ran.
        let told = text.split(" files ").next().unwrap_or(text);
        self.exact = format!(
            "{}|{}",
            maquette_core::names::fold(told),
            maquette_core::names::fold(format)
        );
        let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
        self.offload = if has(&["cpu-moe", "experts on the processor", "n-cpu-moe"]) {
            Offload::Experts
        } else if has(&[
            "sequential",
            "all optimisations",
            "low_gpu_mode",
            "module by module",
        ]) {
            Offload::Sequential
        } else if has(&[
            "block offload",
            "one block",
            "block by block",
            "streamed",
            "group offload",
        ]) {
            Offload::Blocks
        } else if has(&[
            "model offload",
            "model cpu offload",
            "model_cpu_offload",
            "cpu offload",
            "low-vram",
            "offload_model",
            "t5_cpu",
            "one part",
        ]) {
            Offload::Model
        } else if let Some(n) = after(text, "ngl")
            .or_else(|| after(text, "gpu_layers"))
            .filter(|n| *n < 90.0)
        {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            Offload::Layers(n.clamp(0.0, 1e6) as u32)
        } else {
            Offload::Resident
        };
        self.tiled = has(&["all optimisations", "tiling", "tiled", "vae slicing"]);
        self.compiled = has(&[
            "compile=true",
            "torch.compile",
            "with compile",
            "compiled",
            "cuda graph",
        ]) || (has(&["compile"]) && !has(&["compile=false", "no compile"]));
        self.fills = matches!(self.engine.as_str(), "comfyui" | "vllm" | "sglang");
        self.on_cpu =
            text.split_whitespace().any(|w| w == "cpu") || self.offload == Offload::Layers(0);
        self.reserve = after(text, "reserve-").or_else(|| after(text, "reserve-vram"));
        self.clamp = after(text, "clamp-");
        self.speculative = has(&["spec"]);
        self.cached = has(&[
            "fbcache",
            "teacache",
            "cache-dit",
            "t-gate",
            "magcache",
            "first-block cache",
            "sparse atten",
            "turbodiffusion",
        ]);
        self.fused = has(&["fuse_qkv=true"]);
        // The flags of torchao's own benchmark, which quantizes what it has loaded.
        self.quantized_late =
            has(&["fuse_qkv", "quantized on the device"]) && self.format.bits < 16.0;
        self.sharded = has(&["fsdp", "tensor parallel"]);
        if self.quantized_late && !has(&["t5 bf16"]) || has(&["text encoder fp8", "te1+te2+te3"]) {
            self.encoders_alike = true;
        }
        self.flash = if has(&["no flash"]) {
            Some(false)
        } else {
            (has(&["flash"]) || text.split_whitespace().any(|w| w == "fa")).then_some(true)
        };
        if let Some(at) = text.find("kv=") {
            let kv: String = text[at + 3..]
                .chars()
                .take_while(|c| !c.is_whitespace() && *c != '?')
                .collect();
            self.kv_bits = match kv.as_str() {
                k if k.contains("q8") => 8.5,
                k if k.contains("fp8") || k.contains("int8") => 8.0,
                k if k.contains("q5") => 5.5,
                k if k.contains("q4") => 4.5,
                k if k.contains("q3") => 3.4,
                _ => 16.0,
            };
        }
        if let Some(b) = after(text, "batch ").filter(|b| *b >= 1.0) {
            self.batch = b;
        }
    }

    fn work(&mut self, text: &str) {
        for word in text.split([' ', ',', '(', ')', '~']) {
            self.size(word);
        }
        self.steps = after(text, "steps ")
            .or_else(|| before(text, " steps"))
            .or(self.steps);
        self.context = after(text, "ctx ")
            .or_else(|| before(text, " ctx"))
            .or(self.context);
        self.context = self.context.or_else(|| after(text, "context "));
        self.prompt = after(text, "prompt ").or_else(|| after(text, "prompt_tokens "));
        self.write = after(text, "write ").or_else(|| after(text, "output_tokens "));
        self.depth = after(text, "depth ");
        if let Some(b) = after(text, "batch ").filter(|b| *b >= 1.0) {
            self.batch = b;
        }
        if text.contains("audio") || text.contains("song") || text.contains("speech") {
            let seconds = before(text, " s audio")
                .or_else(|| before(text, "s audio"))
                .or_else(|| before(text, " s song"));
            let minutes = before(text, " min audio").or_else(|| before(text, " min"));
            let told = seconds.or(minutes.map(|m| m * 60.0));
            // A length outside of these is a slip of the pen; none is then known.
            let told = told.filter(|t| (0.01..=86_400.0).contains(t));
            self.seconds = told.or(self.seconds);
        }
    }

    /// `1024x1024`, `720x480x49f`, `384px`, `x24f`, `81f`, `512^3`, `480p`.
    fn size(&mut self, word: &str) {
        let number = |w: &str| w.parse::<f64>().ok().filter(|n| *n >= 1.0 && *n < 1e6);
        if let Some(side) = word.strip_suffix("^3").and_then(number) {
            self.grid = Some(side);
            return;
        }
        if let Some(side) = word.strip_suffix("px").and_then(number) {
            self.width = Some(side);
            self.height = Some(side);
            return;
        }
        if let Some(lines) = word
            .strip_suffix('p')
            .and_then(number)
            .filter(|l| *l >= 240.0)
        {
            self.height = Some(lines);
            self.width = Some((lines * 16.0 / 9.0 / 16.0).round() * 16.0);
            return;
        }
        let word = word.trim_start_matches('x').trim_end_matches(['?', ';']);
        if let Some(frames) = word.strip_suffix('f').and_then(number) {
            self.frames = Some(frames);
            return;
        }
        let sides: Vec<&str> = word.split(['x', '×']).collect();
        if let [w, h, rest @ ..] = sides.as_slice()
            && let (Some(w), Some(h)) = (number(w), number(h))
        {
            self.width = Some(w);
            self.height = Some(h);
            if let [frames] = rest {
                self.frames = number(frames.trim_end_matches('f')).or(self.frames);
            }
        }
    }

    /// Pixels of one frame.
    pub fn pixels(&self) -> Option<f64> {
        Some(self.width? * self.height?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_read_from_its_words() {
        let s = Setting::read(
            "bf16",
            "720x480x49f steps 50",
            "model_cpu_offload + vae tiling",
            "",
        );
        assert_eq!(
            (s.width, s.frames, s.steps),
            (Some(720.0), Some(49.0), Some(50.0))
        );
        assert_eq!((s.offload, s.tiled), (Offload::Model, true));
        let s = Setting::read(
            "bf16 + int8wo",
            "1024x1024 steps 28",
            "batch 4, compile=True, compile_vae=False; all components on GPU",
            "",
        );
        assert!(s.compiled && s.engine == "diffusers");
        assert!((s.batch - 4.0).abs() < 1e-9);
        let s = Setting::read(
            "Q4_K_M",
            "ctx 8192 prompt 512 write 128",
            "llama.cpp kv=q8_0 ngl=28 fa",
            "",
        );
        assert_eq!(
            (s.context, s.prompt, s.write),
            (Some(8192.0), Some(512.0), Some(128.0))
        );
        assert_eq!((s.offload, s.flash), (Offload::Layers(28), Some(true)));
        let s = Setting::read("bf16", "384px x24f", "low_gpu_mode + 10 steps", "");
        assert_eq!(
            (s.width, s.frames, s.offload),
            (Some(384.0), Some(24.0), Offload::Sequential)
        );
        let s = Setting::read("int8", "30 s audio steps 8", "MNN CUDA int8", "");
        assert_eq!((s.seconds, s.steps), (Some(30.0), Some(8.0)));
    }
}

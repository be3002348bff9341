"""Peak memory, seconds and watts of full-size models with random weights, on one NVIDIA GPU, as CSV.

    python3 measure.py                     every model, on the first GPU
    python3 measure.py --only flux,qwen3   some of them
    python3 measure.py --dry-run           tiny configurations on the CPU: checks this script, measures nothing
    python3 measure.py --count             the full configurations' parameters, without memory for them
    python3 measure.py --list

Nothing is downloaded: each model is built from the configuration below, with random weights made on the GPU.
Memory and time do not depend on the weights' values; watts do a little (README.md). Needs torch, diffusers,
transformers and nvidia-ml-py; a model whose package or class is missing is said and left out.
"""

import argparse
import contextlib
import csv
import datetime
import gc
import io
import statistics
import sys
import threading
import time

COLUMNS = "model,config,dtype,workload,steps,gpu,quantity,value,source,date,kind,tier,note".split(",")
GIB = 2.0**30


class Bench:
    def __init__(self, dry, out, count=False):
        import torch

        self.torch, self.dry, self.count = torch, dry, count
        self.device = torch.device("meta" if count else "cpu" if dry else "cuda:0")
        self.gpu = "none" if dry or count else torch.cuda.get_device_name(0)
        self.writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        self.writer.writeheader()
        self.out = out
        self.nvml = None if dry or count else self.open_nvml()
        versions = [f"torch {torch.__version__}"]
        for name in ("diffusers", "transformers"):
            with contextlib.suppress(ImportError):
                versions.append(f"{name} {__import__(name).__version__}")
        self.versions = ", ".join(versions)

    def open_nvml(self):
        try:
            import pynvml

            pynvml.nvmlInit()
            # NVML counts all GPUs of the machine, torch those it may see: match by the bus.
            bus = self.torch.cuda.get_device_properties(0)
            for i in range(pynvml.nvmlDeviceGetCount()):
                handle = pynvml.nvmlDeviceGetHandleByIndex(i)
                if getattr(bus, "pci_bus_id", None) in (None, pynvml.nvmlDeviceGetPciInfo(handle).bus):
                    return pynvml, handle
        except Exception as e:  # any failure of the driver's library only costs the watts
            say(f"no NVML ({e}): no watts and no device memory")
        return None

    def row(self, case, config, dtype, workload, steps, quantity, value, note):
        self.writer.writerow({
            "model": case, "config": config, "dtype": dtype, "workload": workload, "steps": steps, "gpu": self.gpu,
            "quantity": quantity, "value": f"{value:.4g}", "source": "benches/gpu/measure.py", "date": datetime.date.today().isoformat(),
            "kind": "dry_run" if self.dry else "measured", "tier": "own", "note": f"{note}; {self.versions}",
        })
        self.out.flush()

    # Models

    def dtype(self, name):
        return getattr(self.torch, name)

    @contextlib.contextmanager
    def building(self, dtype):
        """Parameters are made on the device and in the type they are used in."""
        torch = self.torch
        before = torch.get_default_dtype()
        torch.set_default_dtype(self.dtype(dtype))
        try:
            with torch.device(self.device), torch.no_grad():
                yield
        finally:
            torch.set_default_dtype(before)

    def diffusers(self, name, config, dtype):
        import diffusers

        # Its warning that a cast is not from_pretrained's is true and does not matter to random weights.
        diffusers.utils.logging.set_verbosity_error()
        with self.building(dtype):
            return self.made(name, getattr(diffusers, name).from_config(config).to(self.dtype(dtype)).eval())

    def transformers(self, name, config, dtype):
        import transformers

        cls = getattr(transformers, name)
        with self.building(dtype):
            return self.made(name, cls(cls.config_class(**config)).to(self.dtype(dtype)).eval())

    def made(self, name, model):
        if self.count:
            say(f"  {name}: {sum(p.numel() for p in model.parameters()) / 1e9:.3f} billion parameters")
        return model

    def randn(self, *shape, dtype):
        return self.torch.randn(*shape, device=self.device, dtype=self.dtype(dtype))

    def ids(self, vocab, *shape):
        return self.torch.randint(3, vocab, shape, device=self.device)

    # Measuring

    def sync(self):
        if self.device.type == "cuda":
            self.torch.cuda.synchronize()

    def reset(self):
        gc.collect()
        if self.device.type == "cuda":
            self.torch.cuda.empty_cache()
            self.torch.cuda.reset_peak_memory_stats()

    def peaks(self):
        """[(which, GiB)] since `reset`."""
        if self.device.type != "cuda":
            return []
        cuda = self.torch.cuda
        out = [("allocated", cuda.max_memory_allocated() / GIB), ("reserved", cuda.max_memory_reserved() / GIB)]
        if self.nvml:
            # What the device holds now for every process on it; the cache is not given back between calls, so it is the peak.
            pynvml, handle = self.nvml
            out.append(("whole device, NVML", pynvml.nvmlDeviceGetMemoryInfo(handle).used / GIB))
        return out

    def seconds(self, function, runs=3):
        function()
        self.sync()
        times = []
        for _ in range(runs):
            start = time.perf_counter()
            function()
            self.sync()
            times.append(time.perf_counter() - start)
        return statistics.median(times)

    def watts(self, function, at_least=4.0):
        """Mean power over repeated calls, sampled each 100 ms, without the first second."""
        if not self.nvml:
            return None
        pynvml, handle = self.nvml
        samples, stop = [], threading.Event()

        def sample():
            start = time.perf_counter()
            while not stop.wait(0.1):
                samples.append((time.perf_counter() - start, pynvml.nvmlDeviceGetPowerUsage(handle) / 1000))

        thread = threading.Thread(target=sample, daemon=True)
        thread.start()
        start = time.perf_counter()
        while time.perf_counter() - start < at_least:
            function()
            self.sync()
        stop.set()
        thread.join()
        late = [w for t, w in samples if t > 1.0]
        return statistics.mean(late) if late else None

    def phases(self, case, config, dtype, workload, steps, phases):
        """phases: {name: (function, times it runs)}. One row for each phase's peak and seconds, then the whole."""
        torch = self.torch
        total, worst, derived = 0.0, {}, False
        with torch.no_grad():
            for name, (function, times) in phases.items():
                self.reset()
                try:
                    each = self.seconds(function)
                except torch.OutOfMemoryError:
                    say(f"{case} {config} {workload}: out of memory in {name}")
                    return
                step = name == "denoise"
                for which, gib in self.peaks():
                    self.row(case, config, dtype, f"{workload} {name}", times if step else "", "vram_gb", gib, f"{which}; GiB; all components resident")
                    worst[which] = max(worst.get(which, 0.0), gib)
                self.row(case, config, dtype, f"{workload} {name}", times if step else "", "seconds_per_step" if step else "seconds", each, "warm, median of 3")
                watts = self.watts(function)
                if watts is not None:
                    self.row(case, config, dtype, f"{workload} {name}", times if step else "", "watts", watts, "board power, mean of samples 100 ms apart")
                total += each * times
                derived |= times > 1
        for which, gib in worst.items():
            self.row(case, config, dtype, workload, steps, "vram_gb", gib, f"{which}; GiB; largest phase; all components resident")
        how = "sum of the phases, denoise step times steps" if derived else "sum of the phases"
        self.row(case, config, dtype, workload, steps, "seconds", total, f"{how}; no scheduler, tokenizer or file is in it")


def say(text):
    print(f"measure: {text}", file=sys.stderr, flush=True)


def tiny(dry, full, **small):
    """The configuration, with the sizes that a dry run puts in their place."""
    return full | (small if dry else {})


# Text encoders


def t5(b, dtype, umt5=False):
    config = {"d_model": 4096, "d_kv": 64, "d_ff": 10240, "num_layers": 24, "num_heads": 64, "vocab_size": 256384 if umt5 else 32128,
              "feed_forward_proj": "gated-gelu", "tie_word_embeddings": False}
    config = tiny(b.dry, config, d_model=64, d_kv=16, d_ff=128, num_layers=2, num_heads=4, vocab_size=512)
    return b.transformers("UMT5EncoderModel" if umt5 else "T5EncoderModel", config, dtype), config


def clip(b, dtype, big=False):
    config = {"hidden_size": 1280, "intermediate_size": 5120, "num_hidden_layers": 32, "num_attention_heads": 20} if big else \
             {"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12}
    config |= {"vocab_size": 49408, "projection_dim": config["hidden_size"]}
    config = tiny(b.dry, config, hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4, vocab_size=512, projection_dim=64)
    return b.transformers("CLIPTextModelWithProjection" if big else "CLIPTextModel", config, dtype), config


def kl_vae(b, dtype, latents, quant):
    config = {"in_channels": 3, "out_channels": 3, "down_block_types": ["DownEncoderBlock2D"] * 4, "up_block_types": ["UpDecoderBlock2D"] * 4,
              "block_out_channels": [128, 256, 512, 512], "layers_per_block": 2, "latent_channels": latents, "norm_num_groups": 32,
              "sample_size": 1024, "use_quant_conv": quant, "use_post_quant_conv": quant}
    return b.diffusers("AutoencoderKL", tiny(b.dry, config, block_out_channels=[32, 32, 32, 32]), dtype)


# Models. Each yields (config, dtype, workload, steps, phases) with its components alive.


def flux(b):
    dtype = "bfloat16"
    config = tiny(b.dry, {"patch_size": 1, "in_channels": 64, "num_layers": 19, "num_single_layers": 38, "attention_head_dim": 128, "num_attention_heads": 24,
                          "joint_attention_dim": 4096, "pooled_projection_dim": 768, "guidance_embeds": False, "axes_dims_rope": [16, 56, 56]},
                  num_layers=1, num_single_layers=1, num_attention_heads=2, joint_attention_dim=64, pooled_projection_dim=64)
    long, long_config = t5(b, dtype)
    short, short_config = clip(b, dtype)
    model, vae = b.diffusers("FluxTransformer2DModel", config, dtype), kl_vae(b, dtype, 16, False)
    text = 8 if b.dry else 256
    for side in (64,) if b.dry else (512, 768, 1024, 1536):
        n = (side // 16) ** 2
        inputs = {"hidden_states": b.randn(1, n, 64, dtype=dtype), "encoder_hidden_states": b.randn(1, text, config["joint_attention_dim"], dtype=dtype),
                  "pooled_projections": b.randn(1, config["pooled_projection_dim"], dtype=dtype), "timestep": b.torch.tensor([0.5], device=b.device, dtype=b.dtype(dtype)),
                  "img_ids": b.torch.zeros(n, 3, device=b.device), "txt_ids": b.torch.zeros(text, 3, device=b.device)}
        z = b.randn(1, 16, side // 8, side // 8, dtype=dtype)
        a, c = b.ids(long_config["vocab_size"], 1, text), b.ids(short_config["vocab_size"], 1, 77)
        yield "schnell", dtype, f"{side}x{side}", 4, {
            "encode": (lambda: (long(input_ids=a), short(input_ids=c)), 1),
            "denoise": (lambda: model(**inputs, return_dict=False), 4),
            "decode": (lambda: vae.decode(z, return_dict=False), 1),
        }


def sdxl(b):
    dtype = "float16"
    config = {"sample_size": 128, "in_channels": 4, "out_channels": 4, "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
              "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"], "block_out_channels": [320, 640, 1280], "layers_per_block": 2,
              "cross_attention_dim": 2048, "transformer_layers_per_block": [1, 2, 10], "attention_head_dim": [5, 10, 20], "use_linear_projection": True,
              "addition_embed_type": "text_time", "addition_time_embed_dim": 256, "projection_class_embeddings_input_dim": 2816}
    config = tiny(b.dry, config, block_out_channels=[32, 64, 64], cross_attention_dim=128, transformer_layers_per_block=[1, 1, 1], attention_head_dim=[1, 2, 2],
                  addition_time_embed_dim=32, projection_class_embeddings_input_dim=6 * 32 + 64)
    short, short_config = clip(b, dtype)
    big, _ = clip(b, dtype, big=True)
    model, vae = b.diffusers("UNet2DConditionModel", config, dtype), kl_vae(b, dtype, 4, True)
    pooled = config["projection_class_embeddings_input_dim"] - 6 * config["addition_time_embed_dim"]
    for side in (64,) if b.dry else (768, 1024, 1536):
        for batch, guided in ((2, "guided as one batch"), (1, "unguided")):
            sample = b.randn(batch, 4, side // 8, side // 8, dtype=dtype)
            text = b.randn(batch, 77, config["cross_attention_dim"], dtype=dtype)
            more = {"text_embeds": b.randn(batch, pooled, dtype=dtype), "time_ids": b.randn(batch, 6, dtype=dtype)}
            t, z, ids = b.torch.tensor(10, device=b.device), b.randn(1, 4, side // 8, side // 8, dtype=dtype), b.ids(short_config["vocab_size"], batch, 77)
            yield f"base, {guided}", dtype, f"{side}x{side}", 30, {
                "encode": (lambda: (short(input_ids=ids), big(input_ids=ids)), 1),
                "denoise": (lambda: model(sample, t, encoder_hidden_states=text, added_cond_kwargs=more, return_dict=False), 30),
                "decode": (lambda: vae.decode(z, return_dict=False), 1),
            }


def zimage(b):
    dtype = "bfloat16"
    config = tiny(b.dry, {"in_channels": 16, "dim": 3840, "n_layers": 30, "n_refiner_layers": 2, "n_heads": 30, "n_kv_heads": 30, "cap_feat_dim": 2560},
                  dim=256, n_layers=1, n_refiner_layers=1, n_heads=2, n_kv_heads=2, cap_feat_dim=64)
    encoder_config = tiny(b.dry, {"hidden_size": 2560, "intermediate_size": 9728, "num_hidden_layers": 36, "num_attention_heads": 32, "num_key_value_heads": 8,
                                  "head_dim": 128, "vocab_size": 151936},
                          hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=16, vocab_size=512)
    encoder = b.transformers("Qwen3Model", encoder_config, dtype)
    model, vae = b.diffusers("ZImageTransformer2DModel", config, dtype), kl_vae(b, dtype, 16, False)
    text = 32 if b.dry else 128
    for side in (64,) if b.dry else (768, 1024, 1536):
        x = [b.randn(16, 1, side // 8, side // 8, dtype=dtype)]
        words = [b.randn(text, config["cap_feat_dim"], dtype=dtype)]
        t, z = b.torch.tensor([0.5], device=b.device, dtype=b.dtype(dtype)), b.randn(1, 16, side // 8, side // 8, dtype=dtype)
        ids = b.ids(encoder_config["vocab_size"], 1, text)
        yield "Turbo", dtype, f"{side}x{side}", 8, {
            "encode": (lambda: encoder(input_ids=ids, use_cache=False), 1),
            "denoise": (lambda: model(x, t, words, return_dict=False), 8),
            "decode": (lambda: vae.decode(z, return_dict=False), 1),
        }


def wan(b, name, heads, ffn, layers, channels, vae_config, spatial, sizes, experts):
    dtype = "bfloat16"
    config = tiny(b.dry, {"patch_size": [1, 2, 2], "num_attention_heads": heads, "attention_head_dim": 128, "in_channels": channels, "out_channels": channels, "text_dim": 4096,
                          "freq_dim": 256, "ffn_dim": ffn, "num_layers": layers, "cross_attn_norm": True, "qk_norm": "rms_norm_across_heads"},
                  num_attention_heads=2, attention_head_dim=24, text_dim=64, ffn_dim=64, num_layers=1)
    encoder, encoder_config = t5(b, dtype, umt5=True)
    models = [b.diffusers("WanTransformer3DModel", config, dtype) for _ in range(experts)]
    vae = b.diffusers("AutoencoderKLWan", vae_config, dtype)
    for width, height, frames in ((64, 64, 5),) if b.dry else sizes:
        z = b.randn(1, channels, (frames - 1) // 4 + 1, height // spatial, width // spatial, dtype=dtype)
        text, t = b.randn(1, 512, config["text_dim"], dtype=dtype), b.torch.tensor([10], device=b.device)
        ids = b.ids(encoder_config["vocab_size"], 1, 8 if b.dry else 512)
        # Guidance runs the step twice, one prompt after the other.
        yield name, dtype, f"{width}x{height}x{frames}", 50, {
            "encode": (lambda: encoder(input_ids=ids), 2),
            "denoise": (lambda: [models[0](hidden_states=z, timestep=t, encoder_hidden_states=text, return_dict=False) for _ in range(2)], 50),
            "decode": (lambda: vae.decode(z, return_dict=False), 1),
        }


def wan5b(b):
    vae = tiny(b.dry, {"base_dim": 160, "decoder_base_dim": 256, "z_dim": 48, "dim_mult": [1, 2, 4, 4], "num_res_blocks": 2, "attn_scales": [],
                       "temperal_downsample": [False, True, True], "is_residual": True, "in_channels": 12, "out_channels": 12, "patch_size": 2,
                       "scale_factor_spatial": 16, "latents_mean": [0.0] * 48, "latents_std": [1.0] * 48}, base_dim=16, decoder_base_dim=16)
    return wan(b, "TI2V-5B", 24, 14336, 30, 48, vae, 16, ((832, 480, 81), (1280, 704, 81), (1280, 704, 121)), 1)


def wan14b(b):
    vae = tiny(b.dry, {"base_dim": 96, "z_dim": 16, "dim_mult": [1, 2, 4, 4], "num_res_blocks": 2, "attn_scales": [], "temperal_downsample": [False, True, True]}, base_dim=16)
    return wan(b, "A14B, one expert", 40, 13824, 40, 16, vae, 8, ((832, 480, 81), (1280, 720, 81)), 1)


def qwen3(b):
    dtype = "bfloat16"
    config = tiny(b.dry, {"hidden_size": 4096, "intermediate_size": 12288, "num_hidden_layers": 36, "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128,
                          "vocab_size": 151936, "max_position_embeddings": 40960, "tie_word_embeddings": False},
                  hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=16, vocab_size=512)
    model = b.transformers("Qwen3ForCausalLM", config, dtype)
    if b.count:
        return iter(())
    torch = b.torch
    for context in (32,) if b.dry else (512, 4096, 16384):
        new = 4 if b.dry else 128
        prompt = b.ids(config["vocab_size"], 1, context)
        workload = f"{context} tokens in, {new} out"
        with torch.no_grad():
            b.reset()
            try:
                prefill = b.seconds(lambda: model(input_ids=prompt, use_cache=True, logits_to_keep=1))

                def decode():
                    return model.generate(prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=new, min_new_tokens=new, do_sample=False, pad_token_id=0)

                whole = b.seconds(decode)
            except torch.OutOfMemoryError:
                say(f"qwen3 {workload}: out of memory")
                continue
            for which, gib in b.peaks():
                b.row("Qwen3-8B", "transformers, eager", dtype, workload, "", "vram_gb", gib, f"{which}; GiB")
            b.row("Qwen3-8B", "transformers, eager", dtype, f"prefill of {context} tokens", "", "tokens_per_s", context / prefill, "warm, median of 3")
            b.row("Qwen3-8B", "transformers, eager", dtype, workload, "", "tokens_per_s", new / max(whole - prefill, 1e-9), "decode: a generation's seconds less the prefill's")
            watts = b.watts(decode)
            if watts is not None:
                b.row("Qwen3-8B", "transformers, eager", dtype, workload, "", "watts", watts, "board power, mean of samples 100 ms apart")
    return iter(())


def acestep(b):
    dtype = "bfloat16"
    config = tiny(b.dry, {"hidden_size": 2048, "intermediate_size": 6144, "num_hidden_layers": 24, "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 128,
                          "in_channels": 192, "audio_acoustic_hidden_dim": 64, "patch_size": 2, "is_turbo": True},
                  hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=16)
    model = b.diffusers("AceStepTransformer1DModel", config, dtype)
    vae = b.diffusers("AutoencoderOobleck", tiny(b.dry, {"sampling_rate": 48000, "downsampling_ratios": [2, 4, 4, 6, 10]}, encoder_hidden_size=8, decoder_channels=8, downsampling_ratios=[2, 4, 4, 6, 10]), dtype)
    for seconds in (2,) if b.dry else (60, 120, 240):
        n = seconds * 25
        x, rest = b.randn(1, n, 64, dtype=dtype), b.randn(1, n, 128, dtype=dtype)
        words, t = b.randn(1, 16 if b.dry else 512, config["hidden_size"], dtype=dtype), b.torch.tensor([0.5], device=b.device, dtype=b.dtype(dtype))
        z = b.randn(1, 64, n, dtype=dtype)
        yield "1.5 transformer and decoder, without planner and encoders", dtype, f"{seconds} s", 8, {
            "denoise": (lambda: model(x, t, t, words, rest, return_dict=False), 8),
            "decode": (lambda: vae.decode(z, return_dict=False), 1),
        }


def speech(b):
    dtype = "float32"
    config = tiny(b.dry, {"vocab_size": 38}, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, ffn_dim=32, flow_size=32, spectrogram_bins=33, upsample_initial_channel=64)
    model = b.transformers("VitsModel", config, dtype)
    for letters in (10,) if b.dry else (50, 200, 500):
        ids = b.ids(config["vocab_size"], 1, letters)
        yield "VITS, the nearest to Kokoro", dtype, f"{letters} letters", "", {"whole": (lambda: model(input_ids=ids), 1)}


def solid(b):
    dtype = "float16"
    config = {"num_attention_heads": 16, "attention_head_dim": 64, "num_layers": 24, "embedding_dim": 1024, "num_embeddings": 1024, "additional_embeddings": 0,
              "time_embed_act_fn": "gelu", "norm_in_type": "layer", "encoder_hid_proj_type": None, "added_emb_type": None, "time_embed_dim": 4096,
              "embedding_proj_dim": 768, "clip_embed_dim": 2048}
    config = tiny(b.dry, config, num_attention_heads=2, attention_head_dim=16, num_layers=1, embedding_dim=32, num_embeddings=16, time_embed_dim=64, embedding_proj_dim=32, clip_embed_dim=64)
    model = b.diffusers("PriorTransformer", config, dtype)
    x, t = b.randn(2, config["num_embeddings"], config["embedding_dim"], dtype=dtype), b.torch.tensor([10, 10], device=b.device)
    words = b.randn(2, config["embedding_proj_dim"], dtype=dtype)
    yield "Shap-E prior, the nearest to TRELLIS; no rendering", dtype, "one object", 64, {"denoise": (lambda: model(x, t, proj_embedding=words, return_dict=False), 64)}


CASES = {
    "flux": ("FLUX.1-schnell", flux),
    "sdxl": ("SDXL", sdxl),
    "z-image": ("Z-Image-Turbo", zimage),
    "wan-5b": ("Wan2.2-TI2V-5B", wan5b),
    "wan-14b": ("Wan2.2-A14B", wan14b),
    "qwen3": ("Qwen3-8B", qwen3),
    "ace-step": ("ACE-Step 1.5", acestep),
    "speech": ("text to speech", speech),
    "3d": ("image to 3D", solid),
}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--only", default=",".join(CASES))
    p.add_argument("--dry-run", action="store_true")
    p.add_argument("--count", action="store_true")
    p.add_argument("--list", action="store_true")
    a = p.parse_args()
    if a.list:
        for key, (name, _) in CASES.items():
            print(f"{key}: {name}")
        return 0
    unknown = [k for k in a.only.split(",") if k not in CASES]
    if unknown:
        say(f"no model is called {', '.join(unknown)}; --list names them")
        return 2
    try:
        import torch
    except ImportError as e:
        say(f"torch is not installed: {e}")
        return 2
    if not (a.dry_run or a.count) and not torch.cuda.is_available():
        say("torch sees no NVIDIA GPU; --dry-run checks the script without one")
        return 2
    failed = 0
    b = Bench(a.dry_run, io.StringIO() if a.count else sys.stdout, a.count)
    torch.manual_seed(0)
    for key in a.only.split(","):
        name, case = CASES[key]
        say(name)
        try:
            if a.count:
                next(case(b), None)
                continue
            for config, dtype, workload, steps, phases in case(b):
                b.phases(name, config, dtype, workload, steps, phases)
                phases.clear()
        except (ImportError, AttributeError) as e:
            say(f"{name}: left out, its package or class is missing: {e}")
            failed += a.dry_run
        except torch.OutOfMemoryError:
            say(f"{name}: the weights do not fit on this GPU")
        except Exception as e:  # one model must not cost the others' figures
            say(f"{name}: failed: {type(e).__name__}: {e}")
            failed += 1
        b.reset()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

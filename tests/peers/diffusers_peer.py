"""What diffusers and transformers say of small random models, as JSON: bytes, and the most memory that lives at once.

    diffusers_peer.py                     every case on the CPU, on standard output
    diffusers_peer.py --record FILE       the same, with versions
    diffusers_peer.py --keep FOLDER       leave the saved components in FOLDER

Each case builds a component from a small configuration with random weights, saves it with
save_pretrained, and runs it once without gradients. `peak_bytes` is the largest sum of the storages of
tensors that existed at the same time during the call, beyond the weights and the inputs: every tensor that
an operation makes is seen by a dispatch mode, and counted until its storage is freed. Workspace inside an
operation (a convolution's unfolded copy) is not a tensor and is not counted. Attention is torch's
scaled_dot_product_attention, which on the CPU keeps no matrix of scores; T5's is its own, and keeps one.
"""

import argparse
import contextlib
import datetime
import json
import os
import re
import shutil
import sys
import tempfile
import time
import weakref

HERE = os.path.dirname(os.path.abspath(__file__))


def tracker():
    """A dispatch mode that counts the live bytes of the storages made under it."""
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode
    from torch.utils._pytree import tree_leaves

    class Track(TorchDispatchMode):
        def __init__(self):
            super().__init__()
            self.known, self.live, self.peak = {}, 0, 0

        def ignore(self, tensors):
            for t in tensors:
                self.known[t.untyped_storage()._cdata] = 0

        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            out = func(*args, **(kwargs or {}))
            for t in tree_leaves(out):
                if isinstance(t, torch.Tensor):
                    self.see(t)
            return out

        def see(self, t):
            s = t.untyped_storage()
            key = s._cdata
            if key in self.known:
                return
            size = s.nbytes()
            self.known[key] = size
            self.live += size
            self.peak = max(self.peak, self.live)
            weakref.finalize(s, self.gone, key, size)

        def gone(self, key, size):
            if self.known.pop(key, None) is not None:
                self.live -= size

    return Track()


def cases():
    """(name, kind, class name, configuration, [inputs as a dict of shapes and numbers])."""
    flux = {"patch_size": 1, "in_channels": 64, "num_layers": 2, "num_single_layers": 4, "attention_head_dim": 64,
            "num_attention_heads": 4, "joint_attention_dim": 256, "pooled_projection_dim": 128, "guidance_embeds": False, "axes_dims_rope": [8, 28, 28]}
    sdxl = {"sample_size": 64, "in_channels": 4, "out_channels": 4, "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
            "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"], "block_out_channels": [64, 128, 256], "layers_per_block": 2,
            "cross_attention_dim": 256, "transformer_layers_per_block": [1, 2, 4], "attention_head_dim": [1, 2, 4], "use_linear_projection": True,
            "addition_embed_type": "text_time", "addition_time_embed_dim": 32, "projection_class_embeddings_input_dim": 6 * 32 + 128, "norm_num_groups": 32}
    sd3 = {"sample_size": 64, "patch_size": 2, "in_channels": 16, "num_layers": 4, "attention_head_dim": 64, "num_attention_heads": 4,
           "joint_attention_dim": 256, "caption_projection_dim": 256, "pooled_projection_dim": 128, "out_channels": 16, "pos_embed_max_size": 96}
    wan = {"patch_size": [1, 2, 2], "num_attention_heads": 4, "attention_head_dim": 64, "in_channels": 16, "out_channels": 16, "text_dim": 256,
           "freq_dim": 128, "ffn_dim": 1024, "num_layers": 4, "cross_attn_norm": True, "qk_norm": "rms_norm_across_heads", "rope_max_seq_len": 256}
    kl = {"in_channels": 3, "out_channels": 3, "down_block_types": ["DownEncoderBlock2D"] * 4, "up_block_types": ["UpDecoderBlock2D"] * 4,
          "block_out_channels": [32, 64, 128, 128], "layers_per_block": 2, "latent_channels": 16, "norm_num_groups": 32, "sample_size": 256,
          "use_quant_conv": False, "use_post_quant_conv": False}
    wan_vae = {"base_dim": 24, "z_dim": 16, "dim_mult": [1, 2, 4, 4], "num_res_blocks": 2, "attn_scales": [], "temperal_downsample": [False, True, True]}
    t5 = {"d_model": 256, "d_kv": 64, "d_ff": 640, "num_layers": 4, "num_heads": 4, "vocab_size": 4096, "feed_forward_proj": "gated-gelu", "tie_word_embeddings": False}
    clip = {"hidden_size": 256, "intermediate_size": 1024, "num_hidden_layers": 4, "num_attention_heads": 4, "vocab_size": 4096, "max_position_embeddings": 77, "projection_dim": 256}
    return [
        ("flux", "denoise", "diffusers.FluxTransformer2DModel", flux, [{"height": s, "width": s, "text": 128} for s in (256, 512, 1024)]),
        ("sdxl-unet", "denoise", "diffusers.UNet2DConditionModel", sdxl, [{"height": s, "width": s, "text": 77} for s in (256, 512, 1024)]),
        ("sd3", "denoise", "diffusers.SD3Transformer2DModel", sd3, [{"height": s, "width": s, "text": 154} for s in (256, 512, 1024)]),
        ("wan", "denoise", "diffusers.WanTransformer3DModel", wan, [{"height": 256, "width": 256, "frames": f, "text": 128} for f in (5, 17)] + [{"height": 480, "width": 832, "frames": 9, "text": 128}]),
        ("vae-kl", "decode", "diffusers.AutoencoderKL", kl, [{"height": s, "width": s} for s in (128, 256, 512)]),
        ("vae-wan", "decode", "diffusers.AutoencoderKLWan", wan_vae, [{"height": 128, "width": 128, "frames": f} for f in (5, 9)] + [{"height": 256, "width": 256, "frames": 5}]),
        ("t5", "encode", "transformers.T5EncoderModel", t5, [{"text": n} for n in (77, 256, 512)]),
        ("clip", "encode", "transformers.CLIPTextModel", clip, [{"text": 77}]),
    ]


def build(class_name, config, dtype):
    import torch

    library, name = class_name.split(".")
    torch.manual_seed(0)
    if library == "diffusers":
        import diffusers

        model = getattr(diffusers, name).from_config(config)
    else:
        import transformers

        cls = getattr(transformers, name)
        model = cls(cls.config_class(**config))
    return model.to(dtype).eval()


def call(kind, name, model, config, size, dtype):
    """The call to measure, with its inputs made beforehand; returns (inputs, function, tokens)."""
    import torch

    r = lambda *shape: torch.randn(*shape, dtype=dtype)  # noqa: E731
    text = size.get("text", 0)
    if name == "flux":
        n = (size["height"] // 16) * (size["width"] // 16)
        args = {"hidden_states": r(1, n, config["in_channels"]), "encoder_hidden_states": r(1, text, config["joint_attention_dim"]),
                "pooled_projections": r(1, config["pooled_projection_dim"]), "timestep": torch.tensor([0.5], dtype=dtype),
                "img_ids": torch.zeros(n, 3), "txt_ids": torch.zeros(text, 3)}
        return args, lambda: model(**args, return_dict=False), n + text
    if name == "sdxl-unet":
        h, w = size["height"] // 8, size["width"] // 8
        pooled = config["projection_class_embeddings_input_dim"] - 6 * config["addition_time_embed_dim"]
        more = {"text_embeds": r(1, pooled), "time_ids": r(1, 6)}
        args = {"sample": r(1, 4, h, w), "timestep": torch.tensor(10), "encoder_hidden_states": r(1, text, config["cross_attention_dim"])}
        return args | more, lambda: model(**args, added_cond_kwargs=more, return_dict=False), h * w
    if name == "sd3":
        h, w = size["height"] // 8, size["width"] // 8
        args = {"hidden_states": r(1, config["in_channels"], h, w), "encoder_hidden_states": r(1, text, config["joint_attention_dim"]),
                "pooled_projections": r(1, config["pooled_projection_dim"]), "timestep": torch.tensor([10.0])}
        return args, lambda: model(**args, return_dict=False), h * w // 4 + text
    if name == "wan":
        h, w, f = size["height"] // 8, size["width"] // 8, (size["frames"] - 1) // 4 + 1
        args = {"hidden_states": r(1, config["in_channels"], f, h, w), "timestep": torch.tensor([10]), "encoder_hidden_states": r(1, text, config["text_dim"])}
        return args, lambda: model(**args, return_dict=False), f * h * w // 4
    if name == "vae-kl":
        args = {"z": r(1, config["latent_channels"], size["height"] // 8, size["width"] // 8)}
        return args, lambda: model.decode(args["z"], return_dict=False), size["height"] * size["width"]
    if name == "vae-wan":
        args = {"z": r(1, config["z_dim"], (size["frames"] - 1) // 4 + 1, size["height"] // 8, size["width"] // 8)}
        return args, lambda: model.decode(args["z"], return_dict=False), size["height"] * size["width"]
    args = {"input_ids": torch.randint(3, config["vocab_size"], (1, text))}
    return args, lambda: model(**args), text


def saved(folder):
    """What the safetensors files of a folder hold: bytes of the files, bytes of the tensors, and the tensors as
    [name with its numbers left out, shape, how many], enough to write such a header again."""
    files = data = 0
    seen = {}
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".safetensors"):
            continue
        path = os.path.join(folder, name)
        with open(path, "rb") as f:
            head = int.from_bytes(f.read(8), "little")
            header = json.loads(f.read(head))
        files += os.path.getsize(path)
        data += os.path.getsize(path) - 8 - head
        for tensor, t in header.items():
            if tensor != "__metadata__":
                key = (re.sub(r"(?<=\.)\d+(?=\.)", "{}", tensor), tuple(t["shape"]), t["dtype"])
                seen[key] = seen.get(key, 0) + 1
    return {
        "safetensors_bytes": files,
        "tensor_bytes": data,
        "tensors": [[name, list(shape), kind, n] for (name, shape, kind), n in seen.items()],
    }


def run(root, dtypes=("float32", "bfloat16")):
    import torch

    torch.set_num_threads(1)
    rows, components = [], {}
    for name, kind, class_name, config, sizes in cases():
        for dtype_name in dtypes:
            dtype = getattr(torch, dtype_name)
            model = build(class_name, config, dtype)
            folder = os.path.join(root, f"{name}-{dtype_name}")
            model.save_pretrained(folder)
            params = list(model.parameters())
            components[f"{name}-{dtype_name}"] = {
                "class": class_name,
                "config": config,
                "dtype": dtype_name,
                "parameters": sum(p.numel() for p in params),
                "parameter_bytes": sum(p.numel() * p.element_size() for p in params),
                "buffer_bytes": sum(b.numel() * b.element_size() for b in model.buffers()),
            } | saved(folder)
            for size in sizes:
                inputs, function, tokens = call(kind, name, model, config, size, dtype)
                track = tracker()
                track.ignore(params)
                track.ignore(model.buffers())
                track.ignore(t for t in inputs.values())
                start = time.perf_counter()
                with torch.no_grad(), track:
                    out = function()
                rows.append({
                    "component": f"{name}-{dtype_name}",
                    "phase": kind,
                    "size": size,
                    "tokens" if kind != "decode" else "pixels": tokens,
                    "peak_bytes": track.peak,
                    "seconds_here": round(time.perf_counter() - start, 2),
                })
                del out, inputs, function
                print(f"diffusers: {name} {dtype_name} {size}: {track.peak / 2**20:.2f} MiB", file=sys.stderr)
            del model
    return components, rows


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--record")
    p.add_argument("--keep")
    a = p.parse_args()
    try:
        with contextlib.redirect_stderr(open(os.devnull, "w")):
            import diffusers
            import torch
            import transformers
    except ImportError as e:
        print(f"diffusers: skipped: {e}", file=sys.stderr)
        return 0
    root = a.keep or tempfile.mkdtemp()
    try:
        components, rows = run(root)
    finally:
        if not a.keep:
            shutil.rmtree(root, ignore_errors=True)
    doc = {
        "what": "bytes of small random components, and the most bytes of tensors alive at once in one call without gradients, weights and inputs left out",
        "torch": torch.__version__,
        "diffusers": diffusers.__version__,
        "transformers": transformers.__version__,
        "date": datetime.date.today().isoformat(),
        "device": "cpu, one thread, torch's own attention",
        "components": components,
        "rows": rows,
    }
    if not a.record:
        json.dump(doc, sys.stdout, indent=1)
        print()
        return 0
    with open(a.record, "w") as out:
        out.write("{\n")
        for key, value in doc.items():
            if key == "components":
                out.write(' "components": {\n' + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items()) + "\n },\n")
            elif key == "rows":
                out.write(' "rows": [\n' + ",\n".join("  " + json.dumps(r) for r in value) + "\n ]\n}\n")
            else:
                out.write(f" {json.dumps(key)}: {json.dumps(value)},\n")
    print(f"diffusers: {len(rows)} rows of {len(components)} components recorded")
    return 0


if __name__ == "__main__":
    sys.exit(main())

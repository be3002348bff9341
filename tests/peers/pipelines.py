"""Pipelines of the recorded small components, against what diffusers and transformers said of them.

    pipelines.py PROGRAM [RECORDED]

Out of `recorded/diffusers.json` (or a file that `diffusers_peer.py --record` wrote) folders are written as
save_pretrained writes them: model_index.json, a configuration and a safetensors header for each part, with
a hole where the weights would lie. `PROGRAM fit FOLDER` must find every part's bytes, to the byte; its
activations must lie within a factor of the most bytes of tensors that were alive at once in the call.
Decoders are expected above that: on a GPU the workspace of convolutions comes on top (recorded here: none).
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

RECORDED = pathlib.Path(__file__).parent / "recorded" / "diffusers.json"
WIDTHS = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "U8": 1, "BOOL": 1}
# Transformer or U-Net, autoencoder, text encoder, and the pipeline's class.
PIPELINES = {
    "flux": ("vae-kl", "t5", "FluxPipeline"),
    "sd3": ("vae-kl", "t5", "StableDiffusion3Pipeline"),
    "sdxl-unet": ("vae-kl", "clip", "StableDiffusionXLPipeline"),
    "wan": ("vae-wan", "t5", "WanPipeline"),
}
# Estimate over recorded that a phase may have.
DENOISE, DECODE = (0.6, 1.6), (0.9, 1.6)


def tensors(component):
    """(name, shape, type): the numbers that were left out of the names are given again."""
    for name, shape, kind, n in component["tensors"]:
        for i in range(n):
            yield name.replace("{}", str(i), 1).replace("{}", "0") if n > 1 else name.replace("{}", "0"), shape, kind


def write_part(folder, component):
    folder.mkdir(parents=True)
    library, name = component["class"].split(".")
    key = {"_class_name": name} if library == "diffusers" else {"architectures": [name]}
    (folder / "config.json").write_text(json.dumps(component["config"] | key))
    header, offset = {}, 0
    for name, shape, kind in tensors(component):
        size = WIDTHS[kind]
        for n in shape:
            size *= n
        while name in header:
            name += "_"
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    file = "diffusion_pytorch_model.safetensors" if library == "diffusers" else "model.safetensors"
    with open(folder / file, "wb") as out:
        out.write(len(text).to_bytes(8, "little") + text)
        out.truncate(8 + len(text) + offset)
    return offset


def fit(program, folder, size):
    flags = ["--resolution", f"{size['width']}x{size['height']}", "--gpu", "rtx-4090", "--offload", "none"]
    if "frames" in size:
        flags += ["--frames", str(size["frames"])]
    done = subprocess.run([program, "fit", str(folder), *flags, "--format", "json"], capture_output=True, text=True, timeout=60)
    if done.returncode not in (0, 1):
        sys.exit(f"pipelines: {folder.name}: {done.stderr.strip()}")
    return json.loads(done.stdout)["memory"]


def live(memory, phase):
    """GiB of activations of a phase."""
    parts = next(p for p in memory["phases"] if p["name"] == phase)["parts"]
    return next(p["gib"] for p in parts if p["name"] == "activations")


def main():
    program = sys.argv[1]
    doc = json.loads(pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else RECORDED).read_text())
    components, rows = doc["components"], doc["rows"]
    exact, ratios, wrong = 0, {"denoise": [], "decode": []}, []
    with tempfile.TemporaryDirectory() as root:
        for name, (vae, encoder, pipeline) in PIPELINES.items():
            for dtype in ("float32", "bfloat16"):
                of = {
                    "unet" if name == "sdxl-unet" else "transformer": components[f"{name}-{dtype}"],
                    "vae": components[f"{vae}-{dtype}"],
                    "text_encoder": components[f"{encoder}-{dtype}"],
                }
                folder = pathlib.Path(root) / f"{name}-{dtype}"
                index = {"_class_name": pipeline, "_diffusers_version": doc["diffusers"]}
                for part, c in of.items():
                    index[part] = c["class"].split(".")
                    size = write_part(folder / part, c)
                    assert size == c["tensor_bytes"], (name, part, size, c["tensor_bytes"])
                (folder / "model_index.json").write_text(json.dumps(index))
                for row in rows:
                    phase = row["phase"]
                    if phase not in ratios or row["component"] not in (f"{name}-{dtype}", f"{vae}-{dtype}"):
                        continue
                    memory = fit(program, folder, row["size"])
                    found = {w["name"]: w["bytes"] for w in memory["weights"]}
                    told = {part: c["tensor_bytes"] for part, c in of.items()}
                    if found == told:
                        exact += 1
                    else:
                        wrong.append(f"{folder.name}: weights {found}, not {told}")
                    ratio = live(memory, phase) * 2**30 / row["peak_bytes"]
                    # These pipelines run the prompt and no prompt in one batch; one pass was recorded.
                    ratio /= 2 if name in ("sdxl-unet", "sd3") and phase == "denoise" else 1
                    ratios[phase].append(ratio)
                    low, high = DENOISE if phase == "denoise" else DECODE
                    if not low <= ratio <= high:
                        wrong.append(f"{folder.name} {row['size']}: {phase} activations {ratio:.2f} of the recorded")
    print(f"pipelines: {exact} answers with the bytes of every part exact")
    for phase, found in ratios.items():
        found.sort()
        print(f"pipelines: {phase}: activations over recorded {found[0]:.2f} to {found[-1]:.2f}, median {found[len(found) // 2]:.2f}, {len(found)} rows")
    for line in wrong:
        print(f"pipelines: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

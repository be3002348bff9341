"""The comparison of `maquette fit PATH --format json` with a peer's own figures.

All that is known here of maquette's report is in `NAMES` and `options`: the names under which a figure may
stand anywhere in it, in bytes, and the command's flags. A report without a name, or a program without the
command, is said and skipped, so that this runs before the command does.
"""

import json
import os
import subprocess
import tempfile

NAMES = {
    "weights": ("weights_bytes", "parameter_bytes", "tensor_bytes"),
    "cache": ("kv_bytes", "cache_bytes", "kv_cache_bytes"),
    "compute": ("compute_bytes", "compute_buffer_bytes"),
    "output": ("output_bytes", "output_buffer_bytes"),
}


def options(settings):
    """llama.cpp's settings as flags of `maquette fit`."""
    # maquette's context is one request's; llama.cpp's is divided among its sequences.
    flags = ["--context", settings["n_ctx"] / settings["n_seq_max"], "--at-once", settings["n_seq_max"]]
    flags += ["--micro-batch", settings["n_ubatch"], "--kv", settings["type_k"]]
    flags += ["--outputs", settings["n_outputs_max"] or settings["n_batch"]]
    flags += ["--flash-attention", "true" if settings["flash_attn"] else "false"]
    flags += ["--gpu", "none", "--engine", "llama.cpp"]
    return [str(f) for f in flags]


def supported(program):
    try:
        done = subprocess.run([program, "fit", "--help"], capture_output=True, text=True, timeout=30)
    except OSError as e:
        return f"{program} does not run: {e}"
    if done.returncode != 0:
        return f"{program} has no command `fit` yet"
    return None


def report(program, path, flags=()):
    """(the report, None) or (None, why there is none)."""
    done = subprocess.run([program, "fit", path, *flags, "--format", "json"], capture_output=True, text=True, timeout=120)
    if done.returncode not in (0, 1):
        return None, (done.stderr.strip().splitlines() or ["no message"])[-1]
    try:
        return json.loads(done.stdout), None
    except json.JSONDecodeError as e:
        return None, f"not JSON: {e}"


def find(doc, names):
    """The first number under one of the names, breadth first."""
    queue = [doc]
    while queue:
        at = queue.pop(0)
        if isinstance(at, dict):
            for name in names:
                if isinstance(at.get(name), (int, float)):
                    return at[name]
            queue += at.values()
        elif isinstance(at, list):
            queue += at
    return None


def line(what, pairs):
    """One line on pairs of (estimate, figure), in bytes."""
    if not pairs:
        return f"{what}: no figure to compare"
    errors = sorted(abs(e - f) for e, f in pairs)
    shares = sorted(abs(e - f) / f for e, f in pairs if f)
    share = f"; median {shares[len(shares) // 2]:.2%}, largest {shares[-1]:.2%}" if shares else ""
    return f"{what}: {len(pairs)} rows, largest difference {errors[-1] / 2**20:.3f} MiB{share}"


def sayable(settings):
    """Whether `maquette fit` has words for the settings: one type for keys and values, a window's layers no
    larger than the window, sequences apart."""
    alike = settings["type_k"] == settings["type_v"]
    return alike and not settings["swa_full"] and not (settings["kv_unified"] and settings["n_seq_max"] > 1)


# Largest share by which a figure may differ, and its median: weights and cache are counted, not estimated.
ALLOWED = {"weights": (0.0, 0.0), "cache": (0.002, 0.0001), "compute": (0.2, 0.005)}


def compare_rows(program, files, rows, write):
    """llama.cpp's rows; `write(model, path)` writes the file of a model's name. 1 where a figure is off."""
    why = supported(program)
    if why:
        print(f"llamacpp: skipped: {why}")
        return 0
    pairs, missing, wrong = {}, {}, 0
    asked = [r for r in rows if sayable(r["settings"])]
    print(f"llamacpp: {len(rows) - len(asked)} rows left out: `fit` has no words for their settings")
    with tempfile.TemporaryDirectory() as folder:
        for name in files:
            path = os.path.join(folder, name + ".gguf")
            write(name, path)
            for row in (r for r in asked if r["model"] == name):
                doc, why = report(program, path, options(row["settings"]))
                if doc is None:
                    missing[why] = missing.get(why, 0) + 1
                    continue
                o = row["reported"]
                truth = {"weights": files[name]["tensor_bytes"], "cache": o["kv_mib"] * 2**20, "compute": o["compute_mib"] * 2**20}
                for what, figure in truth.items():
                    estimate = find(doc, NAMES[what])
                    if estimate is not None:
                        pairs.setdefault(what, []).append((estimate, figure))
            os.remove(path)
    for why, n in missing.items():
        print(f"llamacpp: {n} rows without a report: {why}")
    for what, (largest, median) in ALLOWED.items():
        found = pairs.get(what, [])
        print(f"llamacpp: {line(what, found)}")
        shares = sorted(abs(e - f) / f for e, f in found if f)
        if not shares or shares[-1] > largest or shares[len(shares) // 2] > median:
            print(f"llamacpp: {what}: more than {largest:.1%}, or {median:.2%} in the middle")
            wrong = 1
    return wrong or (1 if missing else 0)

"""llmfit's tokens per second beside maquette's, on the same measured rows.

    llmfit_peer.py MEASURED.csv --gpus GPUS.csv [--estimates MAQUETTE.csv] [--llmfit PROGRAM] [--rows FILE]

MEASURED has the columns gpu, model, quant, engine and tokens_per_s_decode; where it has gpu_count,
params_b, active_b, context, flags and spec_decoding, rows that no single-GPU estimate is meant for are left out.
GPUS gives each GPU's bandwidth (columns name, bandwidth_gb_s). MAQUETTE is what maquette said, one line for
each row it answered: row (counted from 0 in MEASURED) and tokens_per_s.

llmfit is the program of PyPI's `llmfit` (1.1.17). Its catalogue must know the model; it is asked with `plan`, under a
hardware profile that states the GPU's bandwidth, and the figure is its `gpu` path. Without the program its published
formula stands in, and the output says so: bandwidth / (active parameters x bytes for the quantization) x 0.55,
from llmfit-core's models.rs (quant_bytes_per_param) and fit.rs of version 1.1, whose 0.55 `llmfit hardware show` prints.
The stand-in has none of llmfit's corrections for long contexts, mixtures of experts or offload.

Every figure that is printed for both estimators is over the rows that both answered.
"""

import argparse
import csv
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

STAND_IN_BYTES = {"F16": 2.0, "BF16": 2.0, "Q8_0": 1.0, "Q6_K": 0.75, "Q5_K_M": 0.625, "Q4_K_M": 0.5, "Q4_0": 0.5, "Q3_K_M": 0.375, "Q2_K": 0.25}
STAND_IN_FACTOR = 0.55
ENGINES = ("llama.cpp", "llamacpp", "ollama", "lmstudio")
# Rows that say so are not what one GPU at one stream does; `at_depth` rows are read at a long context.
LEFT_OUT = ("multi_gpu", "spec_decoding", "at_depth", "remote_endpoint", "duplicate", "decode_above_bandwidth", "cpu_moe_offload",
            "concurrent", "unstable", "derived_end_to_end", "gpu_unidentified", "may_spill_to_cpu")


def plain(name):
    """A model's name without its owner, its file's ending and its quantization."""
    name = name.rsplit("/", 1)[-1].lower()
    name = re.sub(r"\.gguf$", "", name)
    name = re.sub(r"[-._](i?q\d[\w]*|ud-q\w+|f16|bf16|fp16)$", "", name)
    return re.sub(r"[-_.]gguf$", "", name).replace("_", "-").replace(":", "-")


def bandwidths(path):
    out = {}
    for row in csv.DictReader(open(path)):
        if row["bandwidth_gb_s"]:
            out[row["name"].lower()] = float(row["bandwidth_gb_s"])
    return out


def bandwidth(gpus, name):
    name = re.sub(r"^(nvidia|amd|intel)\s+(geforce|radeon)?\s*", "", name.lower()).strip()
    name = re.sub(r"^(geforce|radeon)\s+", "", name)
    return gpus.get(name)


def quantization(text):
    text = text.split("(")[0].strip()
    for known in STAND_IN_BYTES:
        if text.upper() == known:
            return known
    return None


def measured(path, gpus):
    """[(row number, row, bandwidth, quantization)] of the rows that an estimate is meant for, and why others are not."""
    rows, out = list(csv.DictReader(open(path))), {}
    kept = []
    for i, row in enumerate(rows):
        flags = row.get("flags", "").split()
        why = None
        if not row["tokens_per_s_decode"]:
            why = "no decode speed"
        elif row["engine"].lower() not in ENGINES:
            why = "another engine"
        elif row.get("gpu_count", "1") not in ("", "1") or any(f in LEFT_OUT for f in flags) or row.get("spec_decoding") not in (None, "", "none", "no"):
            why = "flagged"
        elif bandwidth(gpus, row["gpu"]) is None:
            why = "GPU without a known bandwidth"
        elif quantization(row["quant"]) is None:
            why = "quantization llmfit has no bytes for"
        if why:
            out[why] = out.get(why, 0) + 1
        else:
            kept.append((i, row, bandwidth(gpus, row["gpu"]), quantization(row["quant"])))
    return kept, out, len(rows)


class Llmfit:
    """The program, asked once for each model, quantization, context and bandwidth."""

    def __init__(self, program, folder):
        self.program, self.folder, self.known = program, folder, {}
        models = json.loads(self.call("list"))
        self.models = {}
        for m in models:
            self.models.setdefault(plain(m["name"]), []).append(m)
        done = subprocess.run([program, "--version"], capture_output=True, text=True)
        self.version = done.stdout.strip()

    def call(self, *arguments):
        return subprocess.run([self.program, "--json", *arguments], capture_output=True, text=True, timeout=60, check=True).stdout

    def model(self, name):
        """The catalogue's entry: the very name, else the one that is left of it; of several, the oldest owner's."""
        found = self.models.get(plain(name)) or self.models.get(plain(name) + "-instruct") or []
        exact = [m for m in found if m["name"].lower() == name.lower()]
        found = exact or sorted(found, key=lambda m: (m.get("release_date") or "9999", m["name"]))
        return found[0]["name"] if found else None

    def speed(self, name, quant, context, gb_per_s):
        model = self.model(name)
        if model is None:
            return None
        key = (model, quant, context, gb_per_s)
        if key not in self.known:
            profile = os.path.join(self.folder, f"gpu-{gb_per_s:g}.json")
            if not os.path.exists(profile):
                with open(profile, "w") as f:
                    hardware = {"gpu_memory_bandwidth_gbps": gb_per_s, "ddr_bandwidth_gbps": 60.0, "total_ram_gb": 64.0, "unified_memory": False}
                    json.dump({"schema_version": 1, "name": f"gpu-{gb_per_s:g}", "hardware": hardware}, f)
            try:
                plan = json.loads(self.call("--profile", profile, "plan", model, "--context", str(context), "--quant", quant))
                paths = [p["estimated_tps"] for p in plan["run_paths"] if p["path"] == "gpu"]
                self.known[key] = paths[0] if paths else None
            except (subprocess.CalledProcessError, json.JSONDecodeError, KeyError):
                self.known[key] = None
        return self.known[key]


def billions(row):
    """Active parameters in 10^9: the row's own, else a number with a B in the model's name."""
    for key in ("active_b", "params_b"):
        if row.get(key):
            return float(row[key])
    active = re.search(r"[-_]a(\d+(?:\.\d+)?)b", row["model"].lower())
    whole = re.search(r"(\d+(?:\.\d+)?)\s?b(?![a-z])", row["model"].lower())
    found = active or whole
    return float(found[1]) if found else None


def quantile(values, q):
    values = sorted(values)
    at = q * (len(values) - 1)
    low = int(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (at - low)


def line(name, pairs):
    ratios = [e / m for e, m in pairs]
    errors = [abs(r - 1) for r in ratios]
    within = sum(e <= 0.3 for e in errors) / len(errors)
    p10, p50, p90 = (quantile(ratios, q) for q in (0.1, 0.5, 0.9))
    return (f"{name}: {len(pairs)} rows; median absolute error {statistics.median(errors):.1%}; within 30 % {within:.1%}; "
            f"estimate/measured p10 {p10:.2f}, p50 {p50:.2f}, p90 {p90:.2f}")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("measured")
    p.add_argument("--gpus", required=True)
    p.add_argument("--estimates")
    p.add_argument("--llmfit")
    p.add_argument("--rows", help="write one CSV line for each row that llmfit answered")
    a = p.parse_args()
    program = a.llmfit or shutil.which("llmfit") or os.path.join(os.path.dirname(sys.executable), "llmfit")
    kept, out, total = measured(a.measured, bandwidths(a.gpus))
    print(f"llmfit: {len(kept)} of {total} rows; left out: " + ", ".join(f"{n} {why}" for why, n in sorted(out.items(), key=lambda x: -x[1])))
    theirs = {}
    with tempfile.TemporaryDirectory() as folder:
        try:
            llmfit = Llmfit(program, folder)
            label = llmfit.version
            for i, row, gb_per_s, quant in kept:
                # llmfit's own default where the row does not say.
                context = int(float(row.get("context") or 0)) or 8192
                theirs[i] = llmfit.speed(row["model"], quant, context, gb_per_s)
        except (OSError, subprocess.CalledProcessError, subprocess.TimeoutExpired) as e:
            print(f"llmfit: the program does not run ({e}); its published formula stands in")
            label = "stand-in for llmfit 1.1 (bandwidth / active bytes x 0.55)"
            for i, row, gb_per_s, quant in kept:
                b = billions(row)
                theirs[i] = gb_per_s / (b * STAND_IN_BYTES[quant]) * STAND_IN_FACTOR if b else None
    truth = {i: float(row["tokens_per_s_decode"]) for i, row, _, _ in kept}
    theirs = {i: v for i, v in theirs.items() if v}
    print(f"llmfit: {len(kept) - len(theirs)} rows of models that it does not know")
    if not theirs:
        return 0
    print(line(label, [(v, truth[i]) for i, v in theirs.items()]))
    ours = {}
    if a.estimates:
        for row in csv.DictReader(open(a.estimates)):
            if row["tokens_per_s"]:
                ours[int(row["row"])] = float(row["tokens_per_s"])
        both = [i for i in theirs if i in ours]
        print(f"on the {len(both)} rows that both answered (maquette alone: {len([i for i in ours if i in truth and i not in theirs])}):")
        if both:
            print("  " + line(label, [(theirs[i], truth[i]) for i in both]))
            print("  " + line("maquette", [(ours[i], truth[i]) for i in both]))
    if a.rows:
        with open(a.rows, "w", newline="") as f:
            w = csv.writer(f)
            w.writerow(["row", "gpu", "model", "quant", "measured", "llmfit", "maquette"])
            for i, row, _, quant in kept:
                if i in theirs:
                    w.writerow([i, row["gpu"], row["model"], quant, truth[i], round(theirs[i], 2), round(ours[i], 2) if i in ours else ""])
    return 0


if __name__ == "__main__":
    sys.exit(main())

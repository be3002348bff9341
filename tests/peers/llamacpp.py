"""llama.cpp's own memory figures for a set of generated GGUF files, as JSON on standard output.

    llamacpp.py                     every row, by running llama.cpp
    llamacpp.py --record FILE       the same, written with versions, date and file descriptions
    llamacpp.py --formulas FILE     the formulas of formulas.py against a recorded FILE; runs nothing
    llamacpp.py --random N          the formulas against llama.cpp for N shapes and settings drawn by chance
    llamacpp.py --maquette PROGRAM  PROGRAM's figures against llama.cpp's, row by row

Only the header of each file matters: see ggufs.py. Figures are MiB as llama.cpp's log prints them.
"""

import argparse
import datetime
import json
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
RECORDED = os.path.join(HERE, "recorded", "llamacpp.json")


def models():
    from ggufs import Model

    return [
        Model("llama-small", "llama", 4, 512, 8, 8, 1536, 32000, types="F16", note="multi-head attention"),
        Model("llama-gqa", "llama", 6, 768, 12, 4, 2048, 32000, types="Q4_K_M"),
        Model("llama-tied", "llama", 8, 1024, 16, 4, 2816, 8192, types="Q8_0", tied=True),
        Model("llama-deep", "llama", 24, 512, 8, 2, 1024, 4096, types="Q4_0", note="many layers, small vocabulary"),
        Model("llama-wide-ff", "llama", 4, 512, 8, 2, 8192, 4096, types="Q5_K_M", note="feed-forward of 16 widths"),
        Model("llama-big-vocab", "llama", 2, 512, 8, 2, 1024, 128256, types="Q6_K", note="logits dominate"),
        Model("qwen2-tied", "qwen2", 6, 896, 14, 2, 4864, 32000, types="Q8_0", tied=True),
        Model("qwen3-wide-heads", "qwen3", 6, 1024, 16, 8, 3072, 32000, head_dim=128, types="Q4_K_M", note="heads are twice as wide as the model"),
        Model("gemma2-swa", "gemma2", 6, 1024, 8, 4, 4096, 32000, head_dim=256, types="Q4_K_M", tied=True, swa=4096, softcap=50.0, train_ctx=8192),
        Model("gemma3-swa", "gemma3", 12, 1024, 4, 1, 6912, 32000, head_dim=256, types="Q8_0", tied=True, swa=512, train_ctx=32768),
        Model("mixtral-small", "llama", 4, 768, 12, 4, 2048, 32000, types="Q4_K_M", experts=8, experts_used=2, expert_ff=2048),
        Model("qwen3moe-small", "qwen3moe", 6, 1024, 16, 2, 3072, 32000, head_dim=128, types="Q4_K_M", experts=64, experts_used=8, expert_ff=512),
        Model("gpt-oss-small", "gpt-oss", 8, 1024, 16, 4, 1024, 32000, head_dim=64, types="MXFP4", swa=128, experts=16, experts_used=4, expert_ff=1024),
        Model("deepseek2-small", "deepseek2", 6, 1024, 16, 1, 2816, 32000, types="Q8_0", experts=16, experts_used=4, expert_ff=512, shared_experts=1, dense_lead=1, q_lora=384, kv_lora=512, rope_dim=64, nope_dim=128, v_dim=128),
        # Shapes of published models; the files are holes, so they cost nothing but their header.
        Model("qwen3-0.6b", "qwen3", 28, 1024, 16, 8, 3072, 151936, head_dim=128, types="Q8_0", tied=True, train_ctx=40960, note="shape of Qwen3-0.6B"),
        Model("llama-3.2-1b", "llama", 16, 2048, 32, 8, 8192, 128256, types="Q4_K_M", tied=True, note="shape of Llama-3.2-1B"),
        Model("qwen2.5-7b", "qwen2", 28, 3584, 28, 4, 18944, 152064, types="Q4_K_M", train_ctx=32768, note="shape of Qwen2.5-7B"),
        Model("llama-3.1-8b", "llama", 32, 4096, 32, 8, 14336, 128256, types="Q4_K_M", note="shape of Llama-3.1-8B"),
        Model("qwen3-8b", "qwen3", 36, 4096, 32, 8, 12288, 151936, head_dim=128, types="Q4_K_M", train_ctx=40960, note="shape of Qwen3-8B"),
        Model("gemma3-12b", "gemma3", 48, 3840, 16, 8, 15360, 262144, head_dim=256, types="Q4_0", tied=True, swa=1024, note="shape of Gemma-3-12B"),
        Model("qwen3-30b-a3b", "qwen3moe", 48, 2048, 32, 4, 6144, 151936, head_dim=128, types="Q4_K_M", experts=128, experts_used=8, expert_ff=768, train_ctx=40960, note="shape of Qwen3-30B-A3B"),
        Model("gpt-oss-20b", "gpt-oss", 24, 2880, 64, 8, 2880, 201088, head_dim=64, types="MXFP4", swa=128, experts=32, experts_used=4, expert_ff=2880, note="shape of gpt-oss-20b"),
    ]


SMALL = ["llama-small", "llama-gqa", "llama-tied", "llama-deep", "llama-wide-ff", "llama-big-vocab", "qwen2-tied",
         "qwen3-wide-heads", "gemma2-swa", "gemma3-swa", "mixtral-small", "qwen3moe-small", "gpt-oss-small", "deepseek2-small"]
REAL = ["qwen3-0.6b", "llama-3.2-1b", "qwen2.5-7b", "llama-3.1-8b", "qwen3-8b", "gemma3-12b", "qwen3-30b-a3b", "gpt-oss-20b"]


def settings():
    """(model, settings) for every row. Outputs: 0 asks for logits of a whole batch, as the library's
    default is; 1 is what llama-server asks for with one slot."""

    def s(ctx, ubatch=512, fa=True, k="f16", v=None, outputs=0, sequences=1, unified=False, swa_full=False, batch=2048):
        return {
            "n_ctx": ctx, "n_batch": batch, "n_ubatch": ubatch, "flash_attn": fa, "type_k": k, "type_v": v or k,
            "n_outputs_max": outputs, "n_seq_max": sequences, "kv_unified": unified, "swa_full": swa_full,
        }

    rows = []
    for name in SMALL:
        rows += [
            (name, s(4096)),
            (name, s(4096, fa=False)),
            (name, s(16384, outputs=1)),
            (name, s(16384, fa=False, outputs=1)),
        ]
    for name in ("llama-gqa", "qwen3-wide-heads", "gemma3-swa", "mixtral-small"):
        rows += [
            (name, s(32768)),
            (name, s(8192, ubatch=128)),
            (name, s(8192, ubatch=128, fa=False)),
            (name, s(8192, k="q8_0", outputs=1)),
            (name, s(8192, k="q4_0", outputs=1)),
            (name, s(8192, k="q8_0", v="f16", fa=False, outputs=1)),
            (name, s(512)),
            (name, s(1000, outputs=1)),
            (name, s(8192, ubatch=2048, outputs=1)),
            (name, s(8192, sequences=4, outputs=4)),
            (name, s(8192, sequences=4, unified=True, outputs=4)),
        ]
    rows += [
        ("gemma3-swa", s(8192, swa_full=True, outputs=1)),
        ("gemma2-swa", s(8192, outputs=1)),
        ("gemma2-swa", s(32768, fa=False, outputs=1)),
        ("gpt-oss-small", s(32768, ubatch=2048, outputs=1)),
        ("deepseek2-small", s(32768, k="q8_0", outputs=1)),
        ("llama-big-vocab", s(2048, ubatch=128)),
        ("llama-small", s(100, outputs=1)),
    ]
    for name in REAL:
        rows += [
            (name, s(8192, outputs=1)),
            (name, s(32768)),
            (name, s(8192, fa=False, outputs=1)),
            (name, s(32768, k="q8_0", outputs=1)),
        ]
    return rows


def run():
    """Every row, with the files written to a folder of their own that is removed."""
    import ggufs
    import llama_c

    library = llama_c.Library()
    by_model = {}
    for name, setting in settings():
        by_model.setdefault(name, []).append(setting)
    files, rows = {}, []
    with tempfile.TemporaryDirectory() as folder:
        for model in models():
            path = os.path.join(folder, model.name + ".gguf")
            files[model.name] = ggufs.write(model, path) | {"types": model.types, "tied": model.tied, "note": model.note}
            # Real shapes are loaded without allocating: llama.cpp then reckons its buffers and leaves them.
            real = model.name in REAL
            with library.model(path, no_alloc=real) as (handle, log):
                files[model.name]["model_mib"] = llama_c.model_mib(log)
                for setting in by_model[model.name]:
                    c = dict(setting)
                    c["type_k"], c["type_v"] = llama_c.TYPES[c["type_k"]], llama_c.TYPES[c["type_v"]]
                    c["flash_attn_type"] = int(c.pop("flash_attn"))
                    reported = llama_c.figures(library.context(handle, **c))
                    reported["allocated"] = not real
                    rows.append({"model": model.name, "settings": setting, "reported": reported})
            os.remove(path)
    return files, rows


def drawn(number, seed=1):
    """`number` models nobody chose, each with settings nobody chose."""
    import random

    from ggufs import Model

    r = random.Random(seed)
    for i in range(number):
        arch = r.choice(["llama", "qwen2", "qwen3", "gemma2", "gemma3", "qwen3moe", "gpt-oss", "deepseek2", "mixtral"])
        dim = r.choice([64, 128, 256] if arch in ("qwen3", "qwen3moe", "gemma2", "gemma3", "gpt-oss") else [64, 128])
        heads = r.choice([4, 8, 12, 16])
        kv = r.choice([k for k in (1, 2, 4, heads) if heads % k == 0])
        embd = r.choice([256, 512, 768, 1024]) if arch in ("qwen3", "qwen3moe", "gemma2", "gemma3", "gpt-oss") else dim * heads
        m = Model(f"random-{i}", "llama" if arch == "mixtral" else arch, r.randint(2, 8), embd, heads, kv,
                  256 * r.randint(1, 16), r.choice([1024, 5000, 32000, 100000]), types=r.choice(["F16", "Q8_0", "Q4_K_M"]) if arch not in ("gpt-oss", "deepseek2") else {"gpt-oss": "MXFP4", "deepseek2": "Q8_0"}[arch])
        if arch in ("qwen3", "qwen3moe", "gemma2", "gemma3", "gpt-oss"):
            m.head_dim = dim
        if arch in ("gemma2", "gemma3", "gpt-oss"):
            m.swa, m.tied = r.choice([128, 512, 1024, 4096]), arch != "gpt-oss"
            m.softcap = 50.0 if arch == "gemma2" else 0.0
        if arch in ("qwen3moe", "gpt-oss", "mixtral", "deepseek2"):
            m.experts, m.experts_used, m.expert_ff = r.choice([8, 32]), r.choice([2, 4, 8]), 256 * r.randint(1, 6)
        if arch == "mixtral":
            m.ff = m.expert_ff
        if arch == "deepseek2":
            m.kv_heads, m.shared_experts, m.dense_lead = 1, r.choice([1, 2]), 1
            m.q_lora, m.kv_lora, m.rope_dim, m.nope_dim, m.v_dim = 256 * r.randint(1, 3), 256 * r.randint(1, 2), 64, 128, 128
        for _ in range(4):
            flash = r.random() < 0.5
            k = r.choice(["f16", "q8_0", "q4_0"]) if flash or arch != "deepseek2" else "f16"
            yield m, {
                "n_ctx": r.randint(200, 20000), "n_batch": 2048, "n_ubatch": r.choice([32, 128, 512, 1024, 2048]), "flash_attn": flash, "type_k": k,
                "type_v": r.choice(["f16", "q8_0"]) if flash and arch != "deepseek2" else k if arch == "deepseek2" else "f16",
                "n_outputs_max": r.choice([0, 8, 64]), "n_seq_max": r.choice([1, 1, 2, 4]), "kv_unified": r.random() < 0.5, "swa_full": r.random() < 0.1,
            }


def random_rows(number):
    """Prints the formulas' errors on shapes and settings that they were not made from."""
    import formulas
    import ggufs
    import llama_c

    library = llama_c.Library()
    table = {"kv": [], "output": [], "compute_exact": [], "compute_short": []}
    refused = off = 0
    with tempfile.TemporaryDirectory() as folder:
        path, open_model = os.path.join(folder, "m.gguf"), None
        for model, setting in drawn(number):
            if open_model is not model:
                file, open_model = ggufs.write(model, path), model
            shape = formulas.Shape(file)
            c = formulas.Context(shape, setting)
            given = dict(setting)
            given["type_k"], given["type_v"] = llama_c.TYPES[given["type_k"]], llama_c.TYPES[given["type_v"]]
            given["flash_attn_type"] = int(given.pop("flash_attn"))
            try:
                with library.model(path) as (handle, _):
                    o = llama_c.figures(library.context(handle, **given))
            except RuntimeError as e:
                refused += 1
                print(f"llamacpp: {model.arch}: {str(e).strip().splitlines()[-1]}", file=sys.stderr)
                continue
            exact = formulas.compute_exact(shape, c) / formulas.MIB
            table["kv"].append((sum(formulas.kv(shape, c)) / formulas.MIB, o["kv_mib"]))
            table["output"].append((formulas.output(shape, c) / formulas.MIB, o["output_mib"]))
            table["compute_exact"].append((exact, o["compute_mib"]))
            table["compute_short"].append((formulas.compute_short(shape, c) / formulas.MIB, o["compute_mib"]))
            if abs(exact - o["compute_mib"]) > 1e-4:
                off += 1
                print(f"  {model.arch} {model} {setting}: {exact:.4f} for {o['compute_mib']}")
    print(f"{len(table['kv'])} rows drawn by chance, {refused} refused by llama.cpp, {off} compute buffers not exact")
    for name, pairs in table.items():
        print(f"{name:<14} {formulas.errors(pairs)}")
    return 1 if off or not table["kv"] else 0


def record(path):
    import gguf
    import llama_c
    from importlib.metadata import version

    files, rows = run()
    doc = {
        "what": "llama.cpp's own log of its buffers, on the CPU back end, for generated GGUF files",
        "llama_cpp": llama_c.LLAMA_CPP,
        "package": f"xllamacpp {llama_c.VERSION}",
        "gguf": version("gguf"),
        "date": datetime.date.today().isoformat(),
        "units": "MiB = 2^20 bytes",
        "notes": [
            "n_outputs_max 0 is the library's default and means n_batch: logits of every token of a batch are kept.",
            "llama-server asks for n_outputs_max = its number of slots.",
            "compute_decimals says how many decimals of compute_mib the log gave.",
            "model_mib of a memory-mapped file is the mapped range that holds tensors; with allocated false nothing was allocated.",
            "tensors: one line for each name, shape and type; layers is [first, last, step]. types F32 for all one-dimensional tensors.",
        ],
        "files": files,
        "rows": rows,
    }
    with open(path, "w") as out:
        out.write("{\n")
        for key, value in doc.items():
            if key == "files":
                out.write(' "files": {\n')
                out.write(",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items()))
                out.write("\n },\n")
            elif key == "rows":
                out.write(' "rows": [\n' + ",\n".join("  " + json.dumps(r) for r in value) + "\n ]\n}\n")
            else:
                out.write(f" {json.dumps(key)}: {json.dumps(value)},\n")
    print(f"llamacpp: {len(rows)} rows of {len(files)} files recorded")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--record")
    p.add_argument("--formulas", nargs="?", const=RECORDED)
    p.add_argument("--random", type=int)
    p.add_argument("--maquette")
    a = p.parse_args()
    if a.formulas:
        import formulas

        return formulas.report(a.formulas)
    try:
        import llama_c  # noqa: F401
        import gguf  # noqa: F401
    except ImportError as e:
        print(f"llamacpp: skipped: {e}", file=sys.stderr)
        return 0
    if a.record:
        return record(a.record)
    if a.random:
        return random_rows(a.random)
    if a.maquette:
        # The recorded rows suffice: only the files are written anew.
        import fit
        import ggufs

        doc = json.load(open(RECORDED))
        by_name = {m.name: m for m in models()}
        return fit.compare_rows(a.maquette, doc["files"], doc["rows"], lambda name, path: ggufs.write(by_name[name], path))
    files, rows = run()
    json.dump([{"file": files[r["model"]] | {"name": r["model"]}} | r for r in rows], sys.stdout, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())

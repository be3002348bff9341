"""llama.cpp's buffers on the CPU back end, from a file's metadata and the context's settings.

`kv`, `output` and `compute_exact` follow llama.cpp b11549: src/llama-context.cpp, llama-kv-cache.cpp,
llama-kv-cache-iswa.cpp, llama-graph.cpp, models/*.cpp and ggml/src/ggml-alloc.c. `compute_exact`
lists the nodes of the graph that llama.cpp reserves and lays them out with ggml's allocator;
`compute_short` is the sum of what lives at the same time at the three places where the peak can
be, without the allocator. `recorded/llamacpp.md` gives both in words, with their errors.
"""

import json
import statistics

MIB = 1024.0 * 1024.0
ROW = {"f32": (1, 4), "f16": (1, 2), "bf16": (1, 2), "q8_0": (32, 34), "q5_0": (32, 22), "q4_0": (32, 18)}


def pad(n, to):
    return (n + to - 1) // to * to


def row_bytes(kind, n):
    block, size = ROW[kind]
    assert n % block == 0
    return n // block * size


class Shape:
    """What the formulas need of a file. Layers are alike but for their windows and experts."""

    def __init__(self, file):
        a, m = file["architecture"], file["metadata"]

        def get(key, default=0):
            return m.get(f"{a}.{key}", default)

        self.arch = a
        self.layers = get("block_count")
        self.embd = get("embedding_length")
        self.ff = get("feed_forward_length")
        self.heads = get("attention.head_count")
        self.kv_heads = get("attention.head_count_kv", self.heads)
        self.k_dim = get("attention.key_length", self.embd // self.heads)
        self.v_dim = get("attention.value_length", self.embd // self.heads)
        self.vocab = get("vocab_size")
        self.train_ctx = get("context_length")
        self.window = get("attention.sliding_window")
        # Every period-th layer sees the whole context; the others see a window.
        self.period = {"gemma2": 2, "gemma3": 6, "gpt-oss": 2}.get(a, 1) if self.window else 1
        self.softcap = get("attn_logit_softcapping")
        self.final_softcap = get("final_logit_softcapping")
        self.experts = get("expert_count")
        self.used = get("expert_used_count")
        self.expert_ff = get("expert_feed_forward_length")
        self.shared_ff = get("expert_shared_count") * self.expert_ff
        self.dense_lead = get("leading_dense_block_count")
        self.scaled_input = a in ("gemma2", "gemma3")
        # Multi-head latent attention: one key per token, whose first part is the value as well.
        self.mla = get("attention.key_length_mla") > 0
        self.q_lora = get("attention.q_lora_rank")
        self.kv_lora = get("attention.kv_lora_rank")
        self.head_k = get("attention.key_length_mla")
        self.head_v = get("attention.value_length_mla")
        self.rope = get("rope.dimension_count", self.k_dim)

    def windowed(self, layer):
        return self.window > 0 and layer % self.period < self.period - 1


class Context:
    """The settings as llama.cpp rounds them (llama_context's constructor)."""

    def __init__(self, shape, s):
        ctx = s["n_ctx"] or shape.train_ctx
        self.batch = min(ctx, s["n_batch"])
        self.ubatch = min(self.batch, s["n_ubatch"] or self.batch)
        self.sequences = max(1, s["n_seq_max"])
        self.outputs_max = s["n_outputs_max"] or self.batch
        ctx = pad(ctx, 256)
        if s["kv_unified"]:
            self.streams, self.cells = 1, ctx
        else:
            # Each sequence has its own stream of cells.
            self.streams, self.cells = self.sequences, pad(ctx // self.sequences, 256)
        self.flash = s["flash_attn"]
        self.type_k, self.type_v = s["type_k"], s["type_v"]
        shared = self.sequences if s["kv_unified"] else 1
        self.window_cells = pad(min(self.cells, shape.window * shared + self.ubatch), 256)
        if s["swa_full"]:
            self.window_cells = self.cells


def kv(shape, c):
    """Bytes of the cache: [full layers, windowed layers]."""
    out = []
    for windowed, cells in ((False, c.cells), (True, c.window_cells)):
        n = sum(shape.windowed(i) == windowed for i in range(shape.layers))
        if not n:
            continue
        k = row_bytes(c.type_k, shape.k_dim * shape.kv_heads)
        v = 0 if shape.mla else row_bytes(c.type_v, shape.v_dim * shape.kv_heads)
        out.append(n * cells * c.streams * (k + v))
    return out


def output(shape, c):
    """Bytes of the output buffer when the context is made: one row of logits per sequence."""
    return c.sequences * shape.vocab * 4


# ggml's graph allocator


class Tensor:
    __slots__ = ("size", "layout", "src", "view_of", "external", "leaf", "inplace", "children", "views", "offset", "own")

    def __init__(self, size, layout=None, src=(), view_of=None, external=False, leaf=False, inplace=False):
        self.size, self.layout, self.src, self.view_of = pad(size, 32), layout, src, view_of
        self.external, self.leaf, self.inplace = external, leaf, inplace
        self.children = self.views = 0
        self.offset, self.own = None, False


class Allocator:
    """ggml_dyn_tallocr with one chunk: best fit among the holes, else the open end."""

    def __init__(self):
        self.free, self.top = [[0, 1 << 62]], 0

    def take(self, size):
        best = None
        for i, (_, length) in enumerate(self.free[:-1]):
            if length >= size and (best is None or length <= self.free[best][1]):
                best = i
        if best is None:
            best = len(self.free) - 1
        block = self.free[best]
        offset = block[0]
        block[0] += size
        block[1] -= size
        if block[1] == 0:
            del self.free[best]
        self.top = max(self.top, offset + size)
        return offset

    def give(self, offset, size):
        i = 0
        while i < len(self.free) and self.free[i][0] < offset:
            i += 1
        self.free.insert(i, [offset, size])
        for j in (i, i - 1):
            if 0 <= j < len(self.free) - 1 and self.free[j][0] + self.free[j][1] == self.free[j + 1][0]:
                self.free[j][1] += self.free.pop(j + 1)[1]


def lay_out(leaves, nodes):
    """ggml_gallocr_alloc_graph_impl: the most that was ever in use, in bytes."""
    a = Allocator()

    def allocate(t):
        if t.own or t.external or t.view_of is not None:
            return
        t.own = True
        if t.inplace:
            # A view's place is never taken: ggml asks whether the parent was allocated, and a view never is.
            for p in t.src:
                if p.own and p.layout == t.layout and p.children == 1 and p.views == 0:
                    p.own = False
                    t.offset = p.offset
                    return
        t.offset = a.take(t.size)

    for t in leaves:
        allocate(t)
    for t in nodes:
        if t.view_of is not None:
            t.view_of.views += 1
        for p in t.src:
            p.children += 1
    for t in nodes:
        for p in t.src:
            allocate(p)
        allocate(t)
        for p in t.src:
            p.children -= 1
            if p.children == 0 and p.views == 0:
                root = p
                if p.view_of is not None:
                    root = p.view_of
                    root.views -= 1
                if root.views == 0 and root.children == 0 and root.own and not root.external:
                    a.give(root.offset, root.size)
                    root.own = False
    return a.top


class Graph:
    def __init__(self):
        self.leaves, self.nodes = [], []
        self.weight = Tensor(0, external=True)

    def input(self, size):
        t = Tensor(size, leaf=True)
        self.leaves.append(t)
        return t

    def op(self, size, *src, layout=None, inplace=False):
        t = Tensor(size, layout or ("plain", size), src, inplace=inplace)
        self.nodes.append(t)
        return t

    def same(self, *src):
        """An elementwise step, which may take the place of its first operand that is free."""
        return self.op(src[0].size, *src, layout=src[0].layout, inplace=True)

    def view(self, t, layout="same"):
        v = Tensor(t.size, t.layout if layout == "same" else layout, (t,), view_of=t.view_of or t)
        v.external = t.external
        self.nodes.append(v)
        return v

    def norm(self, t, weight=True):
        t = self.same(t)
        return self.same(t, self.weight) if weight else t


def compute_exact(shape, c):
    """Bytes of the compute buffer: the graph of one full micro-batch, laid out."""
    g = Graph()
    n, f, T = c.ubatch, 4, shape.embd
    n = pad(n, c.sequences)
    outs = min(n, c.outputs_max)
    embd = T * n * f
    weight = g.weight

    # Inputs. The embedding of a batch given as vectors is reserved as well, and a copy for mixed batches:
    # neither is ever freed.
    tokens = g.input(4 * n)
    x = g.op(embd, weight, tokens)
    mixed_tokens = g.input(4 * n)
    e2 = g.op(embd, weight, mixed_tokens)
    g.input(embd)
    mixed_embd = g.input(embd)
    copy = g.op(embd, mixed_embd)
    slots = g.input(8 * n)
    kept = Tensor(embd, None, (e2, slots, copy), view_of=copy)
    g.nodes.append(kept)
    if shape.scaled_input:
        # gemma2 multiplies by a number, gemma3 by a number for each row.
        x = g.same(x, g.input(4 * n)) if shape.arch == "gemma3" else g.same(x)
    positions = g.input(4 * n)

    # In the order in which the layers first ask for them: it decides which holes lie side by side later.
    mask_bytes = 2 if c.flash else 4
    plain = ("f16", "f32", "bf16")
    caches, rot_k, rot_v = {}, {}, {}
    for windowed in (True, False):
        if not any(shape.windowed(i) == windowed for i in range(shape.layers)):
            continue
        cells = c.window_cells if windowed else c.cells
        if not shape.mla and c.type_k not in plain and shape.k_dim % 64 == 0:
            r = 64
            while shape.k_dim % (2 * r) == 0:
                r *= 2
            rot_k[windowed] = g.input(4 * r * r)
        if not shape.mla and c.type_v not in plain and shape.v_dim % 64 == 0:
            rot_v[windowed] = g.input(4 * 64 * 64)
        caches[windowed] = {
            "cells": cells,
            "k_idx": g.input(8 * n),
            "v_idx": None if shape.mla else g.input(8 * n * (1 if c.flash else shape.v_dim * shape.kv_heads)),
            "mask": g.input(mask_bytes * cells * n),
        }
    out_ids = g.input(4 * outs)

    def project(t, size, bias=False):
        t = g.op(size, weight, t)
        return g.same(t, weight) if bias else t

    def rotate(t, rot):
        return g.view(g.op(t.size, rot, g.view(t)))

    def attend(q, k, v, cache, windowed):
        """q, k, v ready; returns the heads' outputs side by side."""
        kk = g.op(0, g.view(k), cache["k_idx"], weight)
        kk.external = True
        if v is not None:
            vv = g.op(0, g.view(v), cache["v_idx"], weight)
            vv.external = True
        qq = g.view(g.view(q, "heads"), "heads")
        width = shape.heads * shape.v_dim * n * f
        if c.flash:
            out = g.op(width, qq, weight, weight, cache["mask"])
            if shape.mla:
                out = g.op(shape.heads * shape.head_v * n * f, weight, g.view(out))
                out = g.op(out.size, g.view(out))
            out = g.view(out)
        else:
            scores = shape.heads * cache["cells"] * n * f
            v_cont = None
            if shape.mla:
                v_cont = g.op(row_bytes("f16", shape.kv_lora) * cache["cells"] * c.streams, weight)
            kq = g.op(scores, weight, qq)
            if shape.softcap:
                kq = g.same(g.same(g.same(kq)))
            kq = g.same(kq, cache["mask"])
            out = g.op(width, v_cont or weight, kq)
            if shape.mla:
                out = g.op(shape.heads * shape.head_v * n * f, weight, out)
            out = g.op(out.size, g.view(out, "heads"))
        if rot_v:
            out = rotate(out, rot_v[windowed])
        return out

    def plain_attention(t, cache, windowed):
        bias = shape.arch in ("qwen2", "gpt-oss")
        head_norm = shape.arch in ("qwen3", "qwen3moe", "gemma3")
        q_size, k_size = shape.heads * shape.k_dim * n * f, shape.kv_heads * shape.k_dim * n * f
        v_size = shape.kv_heads * shape.v_dim * n * f

        def make(size):
            p = g.view(project(t, size, bias))
            if head_norm:
                p = g.norm(p)
            return g.same(p, positions)

        def turn(p, rot):
            return rotate(p, rot[windowed]) if rot else p

        q = make(q_size)
        if shape.scaled_input:
            q = g.same(q)
        q = turn(q, rot_k)
        k_first = shape.arch in ("gpt-oss", "gemma2", "gemma3")
        if k_first:
            k = turn(make(k_size), rot_k)
        v = turn(g.view(project(t, v_size, bias)), rot_v)
        if not k_first:
            k = turn(make(k_size), rot_k)
        return attend(q, k, v, cache, windowed)

    def latent_attention(t, cache):
        q = g.norm(project(t, shape.q_lora * n * f))
        q = project(q, shape.heads * shape.head_k * n * f)
        nope, pe = g.view(q, "part"), g.view(q, "part")
        absorbed = g.view(g.op(shape.heads * shape.kv_lora * n * f, weight, g.view(nope, "part")), "part")
        pe = g.op(shape.heads * shape.rope * n * f, pe, positions)
        q = g.op(shape.heads * (shape.kv_lora + shape.rope) * n * f, absorbed, pe)
        both = project(t, (shape.kv_lora + shape.rope) * n * f)
        latent = g.view(both, "part")
        latent = g.same(g.op(shape.kv_lora * n * f, latent), weight)
        latent = g.view(latent)
        k_pe = g.op(shape.rope * n * f, g.view(both, "part"), positions)
        k = g.op((shape.kv_lora + shape.rope) * n * f, latent, k_pe)
        return attend(q, k, None, cache, False)

    def feed_forward(t, width, rows):
        gate, up = project(t, width * rows * f), project(t, width * rows * f)
        return project(g.op(width * rows * f, gate, up), T * rows * f)

    def mixture(t, rows):
        e, u, w = shape.experts, shape.used, shape.expert_ff
        bias = shape.arch == "gpt-oss"
        logits = project(t, e * rows * f, bias)
        probs = logits if bias else g.same(logits)
        order = g.op(e * rows * f, probs)
        top = g.view(order, "top")
        weights = g.op(u * rows * f, g.view(probs), top)
        if bias:
            weights = g.view(g.same(g.view(weights)))
        elif shape.arch != "deepseek2":
            flat = g.view(weights)
            total = g.same(g.op(rows * f, flat))
            weights = g.view(g.same(flat, total))
        t = g.view(t)

        def expert(src, size):
            o = g.op(size, weight, src, top)
            return g.same(o, weight, top) if bias else o

        gate, up = expert(t, w * u * rows * f), expert(t, w * u * rows * f)
        h = g.op(w * u * rows * f, gate, up)
        down = g.same(expert(h, T * u * rows * f), weights)
        parts = [g.view(down, "strided") for _ in range(u)]
        total = g.op(T * rows * f, parts[0], parts[1]) if u > 1 else parts[0]
        for p in parts[2:]:
            total = g.same(total, p)
        return total

    for layer in range(shape.layers):
        windowed = shape.windowed(layer)
        cache = caches[windowed]
        rows = n
        normed = g.norm(x)
        cur = latent_attention(normed, cache) if shape.mla else plain_attention(normed, cache, windowed)
        cur = project(cur, embd, shape.arch == "gpt-oss")
        last = layer == shape.layers - 1
        if last:
            rows = outs
            cur, x = g.op(T * rows * f, cur, out_ids), g.op(T * rows * f, x, out_ids)
        if shape.scaled_input:
            cur = g.norm(cur)
        h = g.same(cur, x)
        normed = g.norm(h)
        if shape.experts and layer >= shape.dense_lead:
            cur = mixture(normed, rows)
            if shape.shared_ff:
                cur = g.same(cur, feed_forward(normed, shape.shared_ff, rows))
        else:
            cur = feed_forward(normed, shape.ff, rows)
        if shape.scaled_input:
            cur = g.norm(cur)
        x = g.same(cur, h)
    logits = g.op(shape.vocab * outs * f, weight, g.norm(x))
    if shape.final_softcap:
        g.same(g.same(g.same(logits)))
    return lay_out(g.leaves, g.nodes)


def compute_short(shape, c):
    """Bytes of the compute buffer as the largest sum of what lives together, without the allocator."""
    n, f = pad(c.ubatch, c.sequences), 4
    outs = min(n, c.outputs_max)
    e = shape.embd * n * f
    q = shape.heads * shape.k_dim * n * f
    o = shape.heads * shape.v_dim * n * f
    kinds = {shape.windowed(i) for i in range(shape.layers)}
    cells = [c.window_cells if windowed else c.cells for windowed in kinds]
    masks = (2 if c.flash else 4) * n * sum(cells)
    v_index = 0 if c.flash or shape.mla else 8 * n * shape.kv_heads * shape.v_dim * len(cells)
    # Two copies of the input embeddings are never freed; the rest of the inputs are a few bytes a token.
    fixed = 2 * e + masks + v_index + 32 * n
    scores = 0 if c.flash else shape.heads * max(cells) * n * f
    if shape.mla:
        # The query per head in three forms, then the query, the scores and the values' copy.
        wide = shape.heads * (shape.kv_lora + shape.rope) * n * f
        making = shape.heads * shape.head_k * n * f + 2 * wide + e
        values = 0 if c.flash else row_bytes("f16", shape.kv_lora) * c.cells * c.streams
        attention = max(making, wide + o + scores + values)
    else:
        attention = 2 * q + o + scores
    if shape.experts:
        w, u = shape.expert_ff * shape.used * n * f, shape.used * e
        ffn = 3 * w if u <= 2 * w else 3 * w + u
        if shape.dense_lead:
            ffn = max(ffn, 3 * shape.ff * n * f)
    else:
        ffn = 3 * shape.ff * n * f
    layer = fixed + max(e + attention, 3 * e + ffn)
    logits = outs * shape.vocab * f
    # The last logits come behind the masks, unless they fit into the place that the masks leave.
    end = 5 * e + logits + (masks + v_index if masks < logits else 0)
    return max(layer, end)


def read(path):
    doc = json.load(open(path))
    rows = []
    for r in doc["rows"]:
        shape = Shape(doc["files"][r["model"]])
        rows.append((r, shape, Context(shape, r["settings"])))
    return doc, rows


def errors(pairs):
    """One line of the absolute errors of (estimate, reported) in MiB."""
    mib = [abs(e - r) for e, r in pairs]
    share = sorted(abs(e - r) / r * 100 for e, r in pairs if r)
    p90 = share[min(len(share) - 1, len(share) * 9 // 10)]
    return f"max {max(mib):.4f} MiB, median {statistics.median(mib):.4f} MiB; max {share[-1]:.2f} %, p90 {p90:.2f} %, median {statistics.median(share):.2f} %"


def report(path):
    doc, rows = read(path)
    table = {"kv": [], "output": [], "compute_exact": [], "compute_short": []}
    print(f"{doc['llama_cpp']}, recorded {doc['date']}: {len(rows)} rows")
    for r, shape, c in rows:
        o = r["reported"]
        table["kv"].append((sum(kv(shape, c)) / MIB, o["kv_mib"]))
        table["output"].append((output(shape, c) / MIB, o["output_mib"]))
        e = compute_exact(shape, c) / MIB
        table["compute_exact"].append((e, o["compute_mib"]))
        table["compute_short"].append((compute_short(shape, c) / MIB, o["compute_mib"]))
        if abs(e - o["compute_mib"]) > (1e-4 if o["compute_decimals"] == 4 else 0.006):
            s = r["settings"]
            print(f"  {r['model']} {s}: {e:.4f} for {o['compute_mib']}")
    for name, pairs in table.items():
        print(f"{name:<14} {errors(pairs)}")
    exact = all(abs(e - r) < 0.011 for name in ("kv", "output", "compute_exact") for e, r in table[name])
    return 0 if exact else 1

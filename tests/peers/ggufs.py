"""Writes GGUF files whose header is complete and whose weights are a hole in the file.

A header is all that an estimate reads, and all that llama.cpp reads before it allocates; the weights
are never computed with here. So each file is a header followed by a hole of the right length: it
takes no room on a disk that knows sparse files, and a 30-billion-parameter shape is written in a
second. Read back, the weights are zeros: valid in every block type, with no scale that is not a number.
"""

import dataclasses
import os

import gguf
import numpy
from gguf import GGMLQuantizationType as T

F32 = T.F32


@dataclasses.dataclass
class Model:
    """One file: what its metadata says, and how its matrices are stored."""

    name: str
    arch: str
    layers: int
    embd: int
    heads: int
    kv_heads: int
    ff: int
    vocab: int
    head_dim: int = 0  # 0: embd / heads
    types: str = "F16"
    tied: bool = False
    train_ctx: int = 131072
    swa: int = 0  # window in tokens; 0: none
    experts: int = 0
    experts_used: int = 0
    expert_ff: int = 0
    shared_experts: int = 0
    dense_lead: int = 0
    softcap: float = 0.0
    # multi-head latent attention (deepseek2)
    q_lora: int = 0
    kv_lora: int = 0
    rope_dim: int = 0
    nope_dim: int = 0
    v_dim: int = 0
    note: str = ""

    @property
    def dim(self):
        return self.head_dim or self.embd // self.heads


# What each type of file stores its matrices as: (the rest, output, attn_v, ffn_down). The last two
# alternate between two types in llama.cpp's own "_M" mixes; here every second layer takes the better.
MIXES = {
    "F16": (T.F16, T.F16, None, None),
    "BF16": (T.BF16, T.BF16, None, None),
    "Q8_0": (T.Q8_0, T.Q8_0, None, None),
    "Q4_0": (T.Q4_0, T.Q6_K, None, None),
    "Q4_K_M": (T.Q4_K, T.Q6_K, T.Q6_K, T.Q6_K),
    "Q5_K_M": (T.Q5_K, T.Q6_K, T.Q6_K, T.Q6_K),
    "Q3_K_M": (T.Q3_K, T.Q6_K, T.Q5_K, T.Q4_K),
    "Q6_K": (T.Q6_K, T.Q6_K, None, None),
    "Q2_K": (T.Q2_K, T.Q6_K, T.Q3_K, T.Q3_K),
    "IQ4_XS": (T.IQ4_XS, T.Q6_K, None, None),
    "MXFP4": (T.Q8_0, T.Q8_0, None, None),
}


def tensors(m):
    """(name, shape as GGUF says it: fastest first, type) of every tensor, in file order."""
    rest, out, better_v, better_down = MIXES[m.types]
    experts_type = T.MXFP4 if m.types == "MXFP4" else rest
    d = m.dim
    q, kv = m.heads * d, m.kv_heads * d
    rows = [("token_embd.weight", (m.embd, m.vocab), out if m.tied else rest), ("output_norm.weight", (m.embd,), F32)]
    if not m.tied:
        rows.append(("output.weight", (m.embd, m.vocab), out))
    for i in range(m.layers):
        b = f"blk.{i}."
        v_type = better_v if better_v and i % 2 == 0 else rest
        down_type = better_down if better_down and i % 2 == 0 else rest
        rows.append((b + "attn_norm.weight", (m.embd,), F32))
        if m.arch == "deepseek2":
            k = m.nope_dim + m.rope_dim
            rows += [
                (b + "attn_q_a.weight", (m.embd, m.q_lora), rest),
                (b + "attn_q_a_norm.weight", (m.q_lora,), F32),
                (b + "attn_q_b.weight", (m.q_lora, m.heads * k), rest),
                (b + "attn_kv_a_mqa.weight", (m.embd, m.kv_lora + m.rope_dim), rest),
                (b + "attn_kv_a_norm.weight", (m.kv_lora,), F32),
                (b + "attn_k_b.weight", (m.nope_dim, m.kv_lora, m.heads), rest),
                (b + "attn_v_b.weight", (m.kv_lora, m.v_dim, m.heads), rest),
                (b + "attn_output.weight", (m.heads * m.v_dim, m.embd), rest),
            ]
        else:
            rows += [
                (b + "attn_q.weight", (m.embd, q), rest),
                (b + "attn_k.weight", (m.embd, kv), rest),
                (b + "attn_v.weight", (m.embd, kv), v_type),
                (b + "attn_output.weight", (q, m.embd), rest),
            ]
        if m.arch in ("qwen2", "gpt-oss"):
            rows += [(b + f"attn_{x}.bias", (n,), F32) for x, n in (("q", q), ("k", kv), ("v", kv))]
        if m.arch == "gpt-oss":
            rows += [
                (b + "attn_output.bias", (m.embd,), F32),
                (b + "attn_sinks.weight", (m.heads,), F32),
                (b + "post_attention_norm.weight", (m.embd,), F32),
            ]
        if m.arch in ("qwen3", "qwen3moe", "gemma3"):
            rows += [(b + "attn_q_norm.weight", (d,), F32), (b + "attn_k_norm.weight", (d,), F32)]
        if m.arch in ("gemma2", "gemma3"):
            rows += [(b + "post_attention_norm.weight", (m.embd,), F32), (b + "post_ffw_norm.weight", (m.embd,), F32)]
        if m.arch != "gpt-oss":
            rows.append((b + "ffn_norm.weight", (m.embd,), F32))
        if m.experts and i >= m.dense_lead:
            e = m.experts
            rows += [
                (b + "ffn_gate_inp.weight", (m.embd, e), F32),
                (b + "ffn_gate_exps.weight", (m.embd, m.expert_ff, e), experts_type),
                (b + "ffn_up_exps.weight", (m.embd, m.expert_ff, e), experts_type),
                (b + "ffn_down_exps.weight", (m.expert_ff, m.embd, e), down_type if experts_type == rest else experts_type),
            ]
            if m.arch == "gpt-oss":
                rows += [
                    (b + "ffn_gate_inp.bias", (e,), F32),
                    (b + "ffn_gate_exps.bias", (m.expert_ff, e), F32),
                    (b + "ffn_up_exps.bias", (m.expert_ff, e), F32),
                    (b + "ffn_down_exps.bias", (m.embd, e), F32),
                ]
            if m.shared_experts:
                s = m.expert_ff * m.shared_experts
                rows += [
                    (b + "ffn_gate_shexp.weight", (m.embd, s), rest),
                    (b + "ffn_up_shexp.weight", (m.embd, s), rest),
                    (b + "ffn_down_shexp.weight", (s, m.embd), rest),
                ]
        else:
            rows += [
                (b + "ffn_gate.weight", (m.embd, m.ff), rest),
                (b + "ffn_up.weight", (m.embd, m.ff), rest),
                (b + "ffn_down.weight", (m.ff, m.embd), down_type),
            ]
    return rows


def metadata(m):
    """The numbers of the header, by key: what the file says of its own shape."""
    a = m.arch
    meta = {
        f"{a}.block_count": m.layers,
        f"{a}.context_length": m.train_ctx,
        f"{a}.embedding_length": m.embd,
        f"{a}.feed_forward_length": m.ff,
        f"{a}.attention.head_count": m.heads,
        f"{a}.attention.head_count_kv": m.kv_heads,
        f"{a}.attention.layer_norm_rms_epsilon": 1e-6,
        f"{a}.rope.freq_base": 1000000.0,
        f"{a}.vocab_size": m.vocab,
    }
    if m.head_dim and a != "deepseek2":
        meta[f"{a}.attention.key_length"] = m.head_dim
        meta[f"{a}.attention.value_length"] = m.head_dim
        meta[f"{a}.rope.dimension_count"] = m.head_dim
    if m.swa:
        meta[f"{a}.attention.sliding_window"] = m.swa
    if m.softcap:
        meta[f"{a}.attn_logit_softcapping"] = m.softcap
        meta[f"{a}.final_logit_softcapping"] = 30.0
    if m.experts:
        meta[f"{a}.expert_count"] = m.experts
        meta[f"{a}.expert_used_count"] = m.experts_used
        meta[f"{a}.expert_feed_forward_length"] = m.expert_ff
    if a == "deepseek2":
        # The cache holds the latent and the rotary part once for all heads.
        meta |= {
            f"{a}.attention.head_count_kv": 1,
            f"{a}.attention.q_lora_rank": m.q_lora,
            f"{a}.attention.kv_lora_rank": m.kv_lora,
            f"{a}.attention.key_length": m.kv_lora + m.rope_dim,
            f"{a}.attention.value_length": m.kv_lora,
            f"{a}.attention.key_length_mla": m.nope_dim + m.rope_dim,
            f"{a}.attention.value_length_mla": m.v_dim,
            f"{a}.rope.dimension_count": m.rope_dim,
            f"{a}.leading_dense_block_count": m.dense_lead,
            f"{a}.expert_shared_count": m.shared_experts,
            f"{a}.expert_weights_scale": 1.0,
            f"{a}.expert_gating_func": 2,
        }
    return meta


def write(m, path):
    """Writes the file; returns {metadata, tensors, weight_bytes, file_bytes}."""
    w = gguf.GGUFWriter(path, m.arch)
    meta = metadata(m)
    for key, value in meta.items():
        w.add_float32(key, value) if isinstance(value, float) else w.add_uint32(key, value)
    # A SentencePiece-like vocabulary: three control tokens, 256 bytes, then filler.
    tokens = [b"<unk>", b"<s>", b"</s>"] + [b"<0x%02X>" % i for i in range(256)]
    tokens += [b"t%d" % i for i in range(m.vocab - len(tokens))]
    kinds = [2, 3, 3] + [6] * 256 + [1] * (m.vocab - 259)
    w.add_tokenizer_model("llama")
    w.add_token_list(tokens)
    w.add_token_scores([0.0] * m.vocab)
    w.add_token_types(kinds)
    w.add_bos_token_id(1)
    w.add_eos_token_id(2)
    total = 0
    rows = tensors(m)
    for name, shape, kind in rows:
        n = 1
        for s in shape:
            n *= s
        block, size = gguf.GGML_QUANT_SIZES[kind]
        assert shape[0] % block == 0, f"{m.name}: {name}: {shape[0]} is not whole blocks of {kind.name}"
        n_bytes = n // block * size
        # The writer takes shapes slowest first, and in elements for every array type but bytes.
        w.add_tensor_info(name, tuple(reversed(shape)), numpy.dtype("float32"), n_bytes, raw_dtype=kind)
        total += n_bytes
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_ti_data_to_file()
    w.fout[0].flush()
    w.close()
    align = 32
    head = os.path.getsize(path)
    offset = (head + align - 1) // align * align
    for _, shape, kind in rows:
        n = 1
        for s in shape:
            n *= s
        block, size = gguf.GGML_QUANT_SIZES[kind]
        offset += (n // block * size + align - 1) // align * align
    os.truncate(path, offset)
    return {
        "architecture": m.arch,
        "metadata": meta,
        "tensors": grouped(rows),
        "tensor_bytes": total,
        "file_bytes": offset,
    }


def grouped(rows):
    """The tensor list with one line for each name that repeats over layers with one shape and type."""
    seen = {}
    for name, shape, kind in rows:
        layer = None
        if name.startswith("blk."):
            _, number, tail = name.split(".", 2)
            layer, name = int(number), "blk.{}." + tail
        seen.setdefault((name, shape, kind.name), []).append(layer)
    return [
        {"name": name, "shape": list(shape), "type": kind} | ({"layers": spans(layers)} if layers[0] is not None else {})
        for (name, shape, kind), layers in seen.items()
    ]


def spans(layers):
    """[0, 1, 2, 3] as [[0, 3, 1]]: first, last, step."""
    if len(layers) == 1:
        return [layers[0], layers[0], 1]
    step = layers[1] - layers[0]
    assert all(b - a == step for a, b in zip(layers, layers[1:]))
    return [layers[0], layers[-1], step]

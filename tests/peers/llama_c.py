"""llama.cpp's C interface, as the shared object of PyPI's xllamacpp exports it, by ctypes.

Only loading a model and reserving a context, with llama.cpp's own log kept. The structs follow
include/llama.h of llama.cpp b11549, which the pinned wheel carries; `open_library` refuses any other
layout, by reading back the documented defaults.
"""

import contextlib
import ctypes
import importlib.util
import os
import re

VERSION = "2026.10.11549"  # of the wheel; llama.cpp b11549
LLAMA_CPP = "b11549"

TYPES = {"f32": 0, "f16": 1, "q4_0": 2, "q5_0": 6, "q8_0": 8, "bf16": 30}
PLAIN, MMAP = 0, 1


class ModelParams(ctypes.Structure):
    _fields_ = [
        ("devices", ctypes.c_void_p),
        ("tensor_buft_overrides", ctypes.c_void_p),
        ("n_gpu_layers", ctypes.c_int32),
        ("split_mode", ctypes.c_int32),
        ("load_mode", ctypes.c_int32),
        ("lazy_mode", ctypes.c_int32),
        ("main_gpu", ctypes.c_int32),
        ("tensor_split", ctypes.c_void_p),
        ("progress_callback", ctypes.c_void_p),
        ("progress_callback_user_data", ctypes.c_void_p),
        ("kv_overrides", ctypes.c_void_p),
        ("vocab_only", ctypes.c_bool),
        ("check_tensors", ctypes.c_bool),
        ("use_extra_bufts", ctypes.c_bool),
        ("no_host", ctypes.c_bool),
        ("no_alloc", ctypes.c_bool),
        ("load_mtp", ctypes.c_bool),
    ]


class ContextParams(ctypes.Structure):
    _fields_ = [
        ("n_ctx", ctypes.c_uint32),
        ("n_batch", ctypes.c_uint32),
        ("n_ubatch", ctypes.c_uint32),
        ("n_seq_max", ctypes.c_uint32),
        ("n_rs_seq", ctypes.c_uint32),
        ("n_outputs_max", ctypes.c_uint32),
        ("n_outputs_max_per_seq", ctypes.c_uint32),
        ("n_threads", ctypes.c_int32),
        ("n_threads_batch", ctypes.c_int32),
        ("ctx_type", ctypes.c_int32),
        ("rope_scaling_type", ctypes.c_int32),
        ("pooling_type", ctypes.c_int32),
        ("attention_type", ctypes.c_int32),
        ("flash_attn_type", ctypes.c_int32),
        ("rope_freq_base", ctypes.c_float),
        ("rope_freq_scale", ctypes.c_float),
        ("yarn_ext_factor", ctypes.c_float),
        ("yarn_attn_factor", ctypes.c_float),
        ("yarn_beta_fast", ctypes.c_float),
        ("yarn_beta_slow", ctypes.c_float),
        ("yarn_orig_ctx", ctypes.c_uint32),
        ("defrag_thold", ctypes.c_float),
        ("cb_eval", ctypes.c_void_p),
        ("cb_eval_user_data", ctypes.c_void_p),
        ("type_k", ctypes.c_int32),
        ("type_v", ctypes.c_int32),
        ("moe_cache_size", ctypes.c_size_t),
        ("abort_callback", ctypes.c_void_p),
        ("abort_callback_data", ctypes.c_void_p),
        ("embeddings", ctypes.c_bool),
        ("offload_kqv", ctypes.c_bool),
        ("no_perf", ctypes.c_bool),
        ("op_offload", ctypes.c_bool),
        ("swa_full", ctypes.c_bool),
        ("kv_unified", ctypes.c_bool),
        ("samplers", ctypes.c_void_p),
        ("n_samplers", ctypes.c_size_t),
        ("ctx_other", ctypes.c_void_p),
    ]


LOG = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)


class Library:
    def __init__(self):
        spec = importlib.util.find_spec("xllamacpp")
        if spec is None:
            raise ImportError("xllamacpp is not installed")
        folder = os.path.dirname(spec.origin)
        name = next(f for f in os.listdir(folder) if f.startswith("xllamacpp.") and f.endswith(".so"))
        lib = self.lib = ctypes.CDLL(os.path.join(folder, name))
        lib.llama_model_default_params.restype = ModelParams
        lib.llama_context_default_params.restype = ContextParams
        lib.llama_model_load_from_file.restype = ctypes.c_void_p
        lib.llama_model_load_from_file.argtypes = [ctypes.c_char_p, ModelParams]
        lib.llama_init_from_model.restype = ctypes.c_void_p
        lib.llama_init_from_model.argtypes = [ctypes.c_void_p, ContextParams]
        lib.llama_model_free.argtypes = [ctypes.c_void_p]
        lib.llama_free.argtypes = [ctypes.c_void_p]
        lib.llama_log_set.argtypes = [LOG, ctypes.c_void_p]
        self.lines = []
        # Kept: ctypes does not hold the callback for the library.
        self._log = LOG(lambda level, text, data: self.lines.append((text or b"").decode("utf-8", "replace")))
        lib.llama_log_set(self._log, None)
        c = lib.llama_context_default_params()
        seen = (c.n_ctx, c.n_batch, c.n_ubatch, c.n_seq_max, c.flash_attn_type, c.type_k, c.type_v, c.offload_kqv)
        if seen != (512, 2048, 512, 1, -1, 1, 1, True):
            raise ImportError(f"not the layout of llama.cpp {LLAMA_CPP}: defaults read as {seen}")
        lib.llama_backend_init()

    def text(self):
        out = "".join(self.lines)
        self.lines.clear()
        return out

    @contextlib.contextmanager
    def model(self, path, no_alloc=False):
        """Loads by memory map, without repacking the weights for this processor."""
        p = self.lib.llama_model_default_params()
        p.load_mode = PLAIN if no_alloc else MMAP
        p.use_extra_bufts = False
        p.no_alloc = no_alloc
        self.lines.clear()
        handle = self.lib.llama_model_load_from_file(path.encode(), p)
        log = self.text()
        if not handle:
            raise RuntimeError("llama.cpp did not load the file:\n" + log[-2000:])
        try:
            yield handle, log
        finally:
            self.lib.llama_model_free(handle)
            self.lines.clear()

    def context(self, handle, **settings):
        """Reserves a context and frees it again; returns the log of both."""
        p = self.lib.llama_context_default_params()
        p.no_perf = True
        for key, value in settings.items():
            setattr(p, key, value)
        self.lines.clear()
        ctx = self.lib.llama_init_from_model(handle, p)
        if ctx:
            self.lib.llama_free(ctx)
        log = self.text()
        if not ctx:
            raise RuntimeError("llama.cpp refused the context:\n" + log[-2000:])
        return log


def figures(log):
    """What a context's log says of its memory."""
    kv = []
    pattern = re.compile(
        r"size =\s+([\d.]+) MiB \(\s*(\d+) cells,\s+(\d+) layers,\s+(\d+)/(\d+) seqs\), "
        r"K \((\w+)\):\s+([\d.]+) MiB, V \((\w+)\):\s+([\d.]+) MiB"
    )
    for m in pattern.finditer(log):
        kv.append(
            {
                "cells": int(m[2]),
                "layers": int(m[3]),
                "sequences": int(m[4]),
                "streams": int(m[5]),
                "k_type": m[6],
                "k_mib": float(m[7]),
                "v_type": m[8],
                "v_mib": float(m[9]),
                "mib": float(m[1]),
            }
        )
    exact = re.search(r"compute buffer size is\s+([\d.]+) MiB", log)
    rounded = re.search(r"compute buffer size =\s+([\d.]+) MiB", log)
    output = re.search(r"output buffer size =\s+([\d.]+) MiB", log)
    graph = re.search(r"graph.*?: nodes = (\d+)", log)
    return {
        "kv": kv,
        "kv_mib": round(sum(k["mib"] for k in kv), 2),
        "output_mib": float(output[1]),
        "compute_mib": float((exact or rounded)[1]),
        "compute_decimals": 4 if exact else 2,
        "graph_nodes": int(graph[1]) if graph else None,
    }


def model_mib(log):
    return {m[1].strip(): float(m[2]) for m in re.finditer(r":\s+(\S+) model buffer size =\s+([\d.]+) MiB", log)}

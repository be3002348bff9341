"""Writes model files with the packages that everybody writes them with, and holds the headers that
maquette-scan reads to what these packages say. Fails on the first disagreement.

    python tests/peers/headers.py [PROGRAM] [SEED]

PROGRAM is the example `headers` of the crate; without it, it is built first. Needs PyPI's gguf,
safetensors and numpy: where they are not there, they are installed into target/ci/peers-headers, and
where that cannot be done, the check is skipped with a message.
"""

import importlib
import json
import pathlib
import random
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGES = ["gguf==0.19.0", "safetensors==0.8.0", "numpy"]
FOLDER = ROOT / "target" / "ci" / "peers-headers"

sys.path.insert(0, str(FOLDER))
try:
    import gguf
    import numpy as np
    import safetensors
except ImportError:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if subprocess.run([*command, "--target", str(FOLDER), *PACKAGES], check=False).returncode != 0:
        print("peers: skipped: PyPI's gguf, safetensors and numpy could not be installed")
        sys.exit(0)
    # The folder was not there when it was looked into first.
    importlib.invalidate_caches()
    import gguf
    import numpy as np
    import safetensors

PROGRAM = ROOT / "target" / "release" / "examples" / "headers"
if len(sys.argv) > 1:
    PROGRAM = pathlib.Path(sys.argv[1]).resolve()
else:
    build = ["cargo", "build", "--quiet", "--release", "-p", "maquette-scan", "--example", "headers"]
    subprocess.run([*build, "--target-dir", str(ROOT / "target")], check=True, cwd=ROOT)
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 20261124
rng = random.Random(SEED)
checks = 0


def ours(*paths):
    done = subprocess.run([PROGRAM, *paths], check=True, capture_output=True)
    return [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]


def same(what, left, right):
    global checks
    checks += 1
    assert left == right, f"seed {SEED}: {what}:\n  ours   {left}\n  theirs {right}"


def name(index):
    return f"blk.{index}.{rng.choice(['attn_q', 'ffn_up', 'norm é', 'x' * rng.randint(1, 40)])}.weight"


# --- GGUF --------------------------------------------------------------------------------------

TYPES = list(gguf.GGMLQuantizationType)
VALUES = {
    "t.u8": ("add_uint8", 200),
    "t.i8": ("add_int8", -100),
    "t.u16": ("add_uint16", 60_000),
    "t.i16": ("add_int16", -30_000),
    "t.u32": ("add_uint32", 4_000_000_000),
    "t.i32": ("add_int32", -2_000_000_000),
    "t.u64": ("add_uint64", 2**63 - 1),
    "t.i64": ("add_int64", -(2**63)),
    "t.f32": ("add_float32", 0.5),
    "t.f64": ("add_float64", 0.1),
    "t.yes": ("add_bool", True),
    "t.no": ("add_bool", False),
    "t.short": ("add_string", "é" * 127),
    "t.long": ("add_string", "é" * 128),
    "t.numbers": ("add_array", [1, -2, 3]),
    "t.floats": ("add_array", [0.5, 1.5]),
    "t.flags": ("add_array", [True, False, True]),
    "t.many": ("add_array", list(range(1_025))),
    "t.words": ("add_array", ["a", "bé", "c" * 300]),
}


def expected_value(value):
    if isinstance(value, str) and len(value.encode()) > 255:
        return {"length": len(value.encode())}
    if isinstance(value, list) and (len(value) > 1_024 or isinstance(value[0], str)):
        return {"length": len(value)}
    return value


def write_gguf(path, kinds, endian, alignment, split=0):
    writer = gguf.GGUFWriter(path, "llama", False, endian, split_max_tensors=split)
    if alignment:
        writer.add_custom_alignment(alignment)
    for key, (method, value) in VALUES.items():
        getattr(writer, method)(key, value)
    writer.add_array("tokenizer.ggml.tokens", [f"token{n}" for n in range(2_000)])
    for index, kind in enumerate(kinds):
        block, size = gguf.GGML_QUANT_SIZES[kind]
        rows = [rng.randint(1, 3) for _ in range(rng.randint(0, 3))]
        # numpy's order: the row, in bytes, comes last.
        data = np.zeros([*rows, rng.randint(1, 3) * size], dtype=np.uint8)
        writer.add_tensor(f"{index}.{name(index)}"[:63], data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def tensors_of_gguf(path):
    return [
        {
            "name": t.name,
            "dtype": t.tensor_type.name,
            "shape": [int(n) for n in t.shape],
            "elements": int(t.n_elements),
            "bytes": int(t.n_bytes),
        }
        for t in gguf.GGUFReader(path).tensors
    ]


def check_gguf(folder):
    for endian in (gguf.GGUFEndian.LITTLE, gguf.GGUFEndian.BIG):
        for alignment in (None, 8, 256):
            path = folder / f"{endian.name}-{alignment}.gguf"
            kinds = TYPES + rng.choices(TYPES, k=20)
            rng.shuffle(kinds)
            write_gguf(path, kinds, endian, alignment)
            (weights,) = ours(path)
            same("format", weights.get("format"), "gguf")
            (part,) = weights["parts"]
            same(path.name, part["tensors"], tensors_of_gguf(path))
            same("class", part["class"], "llama")
            same("file", part["file_bytes"], path.stat().st_size)
            for key, (_, value) in VALUES.items():
                same(key, part["config"][key], expected_value(value))
            same("vocabulary", part["config"]["tokenizer.ggml.tokens"], {"length": 2_000})
            same("sum", part["bytes"], sum(t["bytes"] for t in part["tensors"]))
            same("sums", sum(part["bytes_by_dtype"].values()), part["bytes"])
    # In shards, read from the first, the last and the folder.
    split = folder / "split"
    split.mkdir()
    write_gguf(split / "m.gguf", TYPES, gguf.GGUFEndian.LITTLE, None, split=7)
    shards = sorted(split.iterdir())
    theirs = [tensor for shard in shards for tensor in tensors_of_gguf(shard)]
    same("shards", len(shards), -(-len(TYPES) // 7))
    for weights in ours(shards[0], shards[-1], split):
        same("tensors of shards", weights["parts"][0]["tensors"], theirs)
    shards[1].unlink()
    assert shards[1].name in ours(shards[0])[0]["error"]


# --- safetensors -------------------------------------------------------------------------------

# The names that the package takes, and the bits of each.
SAFE = {
    "bool": ("BOOL", 8),
    "uint8": ("U8", 8),
    "int8": ("I8", 8),
    "uint16": ("U16", 16),
    "int16": ("I16", 16),
    "uint32": ("U32", 32),
    "int32": ("I32", 32),
    "uint64": ("U64", 64),
    "int64": ("I64", 64),
    "float16": ("F16", 16),
    "bfloat16": ("BF16", 16),
    "float32": ("F32", 32),
    "float64": ("F64", 64),
    "complex64": ("C64", 64),
    "float8_e4m3fn": ("F8_E4M3", 8),
    "float8_e5m2": ("F8_E5M2", 8),
    "float8_e8m0fnu": ("F8_E8M0", 8),
    "float8_e4m3fnuz": ("F8_E4M3FNUZ", 8),
    "float8_e5m2fnuz": ("F8_E5M2FNUZ", 8),
    "float4_e2m1fn_x2": ("F4", 4),
}


def specs(names):
    """Tensors as the package takes them, and the arrays that must stay alive meanwhile."""
    made, alive = {}, []
    for index, kind in enumerate(names):
        _, bits = SAFE[kind]
        shape = [rng.randint(0, 4) for _ in range(rng.randint(0, 4))]
        packed = bits < 8
        if packed:
            # Two to a byte, as PyTorch has them: the package doubles the last dimension.
            shape.append(rng.randint(1, 4))
        count = int(np.prod(shape, dtype=np.int64))
        size = count if packed else count * bits // 8
        data = np.zeros(max(size, 1), dtype=np.uint8)
        alive.append(data)
        made[f"{index}.{name(index)}"] = safetensors.TensorSpec(
            dtype=kind, shape=shape, data_ptr=data.ctypes.data, data_len=size
        )
    return made, alive


def supported():
    good = []
    for kind in SAFE:
        made, alive = specs([kind])
        try:
            safetensors.serialize(made)
            good.append(kind)
        except Exception as error:  # noqa: BLE001: the package has one error for everything
            print(f"peers: safetensors does not write {kind}: {error}")
        del alive
    return good


def tensors_of_safetensors(path):
    """The package's own reading: shapes, types, and the length of what it hands out."""
    read = safetensors.deserialize(path.read_bytes())
    return {key: (value["dtype"], list(value["shape"]), len(value["data"])) for key, value in read}


def check_safetensors(folder):
    kinds = supported()
    assert len(kinds) >= 14, kinds
    for round_number in range(6):
        path = folder / f"{round_number}.safetensors"
        names = kinds + rng.choices(kinds, k=20)
        rng.shuffle(names)
        made, alive = specs(names)
        metadata = {"format": "pt", "long": "x" * 400} if round_number % 2 else None
        safetensors.serialize_file(made, path, metadata=metadata)
        del alive
        (weights,) = ours(path)
        same("format", weights.get("format"), "safetensors")
        (part,) = weights["parts"]
        found = {t["name"]: (t["dtype"], t["shape"], t["bytes"]) for t in part["tensors"]}
        same(path.name, found, tensors_of_safetensors(path))
        with safetensors.safe_open(path, framework="np") as opened:
            # Tensors of nothing lie at the same place, and the package leaves their order to chance.
            order = [key for key in opened.offset_keys() if found[key][2] > 0]
            same("order", [t["name"] for t in part["tensors"] if t["bytes"] > 0], order)
        expected = {"format": "pt", "long": {"length": 400}} if metadata else {}
        same("metadata", part["config"], expected)


def check_cuts(folder):
    """What is cut, the packages refuse, and so do we."""
    for path in (folder / "0.safetensors", folder / "LITTLE-None.gguf"):
        whole = path.read_bytes()
        cuts = [*range(0, 40), *(rng.randrange(len(whole)) for _ in range(40))]
        paths = []
        for number, cut in enumerate(cuts):
            paths.append(folder / f"cut{number}{path.suffix}")
            paths[-1].write_bytes(whole[:cut])
        for cut, read in zip(cuts, ours(*paths), strict=True):
            if path.suffix == ".gguf" and len(whole) - cut < 32:
                continue  # Only padding is missing.
            same(f"{path.name} cut at {cut}", "error" in read and bool(read["hint"]), True)


with tempfile.TemporaryDirectory() as temporary:
    here = pathlib.Path(temporary)
    check_gguf(here)
    check_safetensors(here)
    check_cuts(here)
print(f"peers: {len(TYPES)} types of gguf, safetensors {safetensors.__version__}: {checks} comparisons agree")

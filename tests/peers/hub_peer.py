"""huggingface_hub against the fake Hub, to prove the fake; then ours against the same one.

Both must list the same models with the same counts. `--bench N` times both on N models in turn: their listing, our listing (`cargo build --release -p
maquette-observe --example list_hub`), and our `observe`, which keeps every answer and observation too.
"""

import argparse
import csv
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))

import fake_hub  # noqa: E402


def environment(url, home):
    env = {k: v for k, v in os.environ.items() if k not in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")}
    env |= {
        "HF_ENDPOINT": url, "HF_HOME": str(home / "hf"), "HF_HUB_DISABLE_TELEMETRY": "1", "NO_PROXY": "127.0.0.1",
        "MAQUETTE_DATA_DIR": str(home / "data"), "MAQUETTE_CONFIG_DIR": str(home),
    }
    return env


def theirs(env):
    done = subprocess.run([sys.executable, HERE / "hub_list.py"], env=env, capture_output=True, text=True, check=True)
    rows = (line.split("\t") for line in done.stdout.splitlines())
    return {i: (int(d), int(l)) for i, d, l in rows}


def ours(program, env, home):
    shutil.rmtree(home / "data", ignore_errors=True)
    subprocess.run([program, "observe", "hub", "--all"], env=env, capture_output=True, text=True, check=True)
    out = home / "out.csv"
    subprocess.run([program, "store", "export", str(out), "--force"], env=env, capture_output=True, check=True)
    found = {}
    for row in csv.DictReader(out.open()):
        if row["subject"].startswith("hub:") and row["metric"] in ("downloads", "likes"):
            at = 0 if row["metric"] == "downloads" else 1
            found.setdefault(row["subject"][4:], [None, None])[at] = int(row["value"])
    return {i: tuple(v) for i, v in found.items()}


def proof(program, home):
    hub = fake_hub.Hub(fake_hub.models(2_345), 100)
    url, server = fake_hub.serve(hub)
    env = environment(url, home)
    a = theirs(env)
    assert len(a) == 2_345, f"huggingface_hub lists {len(a)} of 2345 models: the fake is no Hub"
    code = (
        "from huggingface_hub import HfApi, errors\n"
        "api = HfApi()\n"
        "assert api.model_info('old/name').id == 'owner-1/model-1'\n"
        "try:\n    api.model_info('no/where'); raise SystemExit('found what is not there')\n"
        "except errors.HfHubHTTPError: pass\n"
        "try:\n    list(api.list_models(sort='trending')); raise SystemExit('took a sort that is none')\n"
        "except errors.HfHubHTTPError: pass\n"
    )
    subprocess.run([sys.executable, "-c", code], env=env, check=True)
    b = ours(program, env, home)
    wrong = [i for i in a if a[i] != b.get(i)] + [i for i in b if i not in a]
    assert not wrong, f"{len(wrong)} models differ, such as {wrong[0]}: {a.get(wrong[0])} {b.get(wrong[0])}"
    counted = [p for p, h in hub.asked if "/resolve/" in p]
    assert not counted, "a metadata read asked for a file, which the Hub counts as a download"
    server.shutdown()
    print(f"{len(a)} models, listed alike by huggingface_hub and by us")


def bench(program, home, n, rounds):
    hub = fake_hub.Hub(fake_hub.models(n), 1_000)
    url, server = fake_hub.serve(hub)
    env = environment(url, home)
    for size in (1_000, 500):
        for start in range(0, n, size):
            hub.slice(None, start, size)
    lister = program.parent / "examples" / "list_hub"
    figures = {"huggingface_hub": [], "ours, listing": [], "ours, kept": []}
    for _ in range(rounds):
        begun = time.monotonic()
        subprocess.run([sys.executable, HERE / "hub_list.py"], env=env, stdout=subprocess.DEVNULL, check=True)
        figures["huggingface_hub"].append(time.monotonic() - begun)
        begun = time.monotonic()
        listed = subprocess.run([lister], env=env, capture_output=True, check=True)
        figures["ours, listing"].append(time.monotonic() - begun)
        assert listed.stdout.count(b"\n") == n
        shutil.rmtree(home / "data", ignore_errors=True)
        begun = time.monotonic()
        subprocess.run([program, "observe", "hub", "--all"], env=env, capture_output=True, check=True)
        figures["ours, kept"].append(time.monotonic() - begun)
    server.shutdown()
    for name, taken in figures.items():
        seconds = sorted(taken)
        print(f"{name:16} {n} models: {seconds[0]:.2f} / {seconds[len(seconds) // 2]:.2f} / {seconds[-1]:.2f} s")
    for name in ("ours, listing", "ours, kept"):
        ratios = sorted(a / b for a, b in zip(figures["huggingface_hub"], figures[name]))
        print(f"huggingface_hub / {name}, pair by pair: {ratios[0]:.1f} / {ratios[len(ratios) // 2]:.1f} / {ratios[-1]:.1f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--bench", type=int, metavar="N")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        home = pathlib.Path(home)
        program = args.program.resolve()
        if args.bench:
            bench(program, home, args.bench, args.rounds)
        else:
            proof(program, home)


if __name__ == "__main__":
    main()

"""The measured speeds of catalog/evidence beside maquette's estimates of them, in the files that llmfit_peer.py reads.

    speeds.py PROGRAM FOLDER

Each estimate is that of the runs which remain when all runs of the row's model on the row's machine are held
back: `maquette accuracy --rows` says it. Writes measured.csv, estimates.csv and gpus.csv.
"""

import csv
import json
import pathlib
import subprocess
import sys
import tomllib


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    report = json.loads(subprocess.run([program, "accuracy", "--rows", "--format", "json"], capture_output=True, text=True, check=True).stdout)
    rows = [r for r in report["estimates"] if r["figure"] == "decode speed"]
    # One stream of one device, nothing guessed ahead, nothing kept off the device.
    single = [r for r in rows if not any(w in r["engine"] for w in ("spec", "cpu-moe", "ngl=", "cpu")) and not r["gpu"][:2] in ("2x", "4x", "8x") and "depth" not in r["workload"]]
    with open(folder / "measured.csv", "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["gpu", "model", "quant", "engine", "tokens_per_s_decode"])
        for r in single:
            out.writerow([r["gpu"], r["model"], r["format"], r["engine"].split()[0], r["measured"]])
    with open(folder / "estimates.csv", "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["row", "tokens_per_s"])
        for i, r in enumerate(single):
            out.writerow([i, r["estimate"]])
    with open(folder / "gpus.csv", "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["name", "bandwidth_gb_s"])
        for path in sorted(pathlib.Path("catalog/hardware/gpus").glob("*.toml")):
            gpu = tomllib.loads(path.read_text())
            if "bandwidth_gb_s" in gpu:
                for name in [gpu["name"].removeprefix("GeForce ").removeprefix("Radeon "), *gpu.get("aliases", [])]:
                    out.writerow([name, gpu["bandwidth_gb_s"]])


main()

"""Whole processes of the built program: the site of an edition, cold, and single tables; seconds and peak memory.

usage: site.py PROGRAM [RUNS]
Aims: the site under 3 s and 200 MB, any one table under 50 ms. Never a test: a busy machine is slower.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

program = str(pathlib.Path(sys.argv[1]).resolve())
runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5


def once(args, place):
    start = time.perf_counter()
    child = subprocess.Popen([program, *args], cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    assert os.waitstatus_to_exitcode(status) in (0, 1), args
    return seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


with tempfile.TemporaryDirectory() as place:
    os.environ["MAQUETTE_DATA_DIR"] = str(pathlib.Path(place) / "data")
    os.environ["MAQUETTE_CONFIG_DIR"] = str(pathlib.Path(place) / "config")
    (pathlib.Path(place) / "config").mkdir()
    day = ["--as-of", "2026-11-24"]
    for name, args in (
        ("site of 2026-03", ["guide", "--edition", "2026-03", "--gpu", "none", "--out", "site", "--force"]),
        ("site of 2026-11-24", ["guide", *day, "--gpu", "none", "--out", "site", "--force"]),
        ("digest of a month", ["digest", *day, "--since", "2026-10-24", "--gpu", "none"]),
        ("top image", ["top", "--modality", "image", *day]),
        ("options of the catalog", ["models", *day]),
        ("licenses", ["licenses", *day]),
        ("choose", ["choose", "--gpu", "none", *day]),
        ("break-even image", ["break-even", "--modality", "image", "--gpu", "none", *day]),
        ("gap", ["gap", *day]),
        ("trends", ["trends", *day]),
        ("trends --gains", ["trends", "--gains", *day]),
        ("predictions", ["predictions", *day]),
        ("sources", ["sources", *day]),
    ):
        of = [once(args, place) for _ in range(runs)]
        seconds = [s for s, _, _ in of]
        print(f"{name:24} {min(seconds):7.3f} s least, {statistics.median(seconds):7.3f} s median,"
              f" {max(m for _, m, _ in of):6.1f} MiB peak, {statistics.median(c for _, _, c in of):7.3f} s of processor")

"""Times `maquette choose` beside `llmfit recommend --json` (PyPI's llmfit), in turn, as whole processes.

    python3 benches/beside_llmfit.py [RUNS]

Needs a release build of maquette and, on the first run, the network for llmfit. Prints the median
user time and the peak memory of both; it judges nothing.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import venv

root = pathlib.Path(__file__).resolve().parent.parent
env = root / "target" / "ci" / "llmfit"
runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
if not (env / "bin" / "llmfit").exists():
    venv.create(env, with_pip=True)
    subprocess.run([env / "bin" / "pip", "install", "--quiet", "llmfit"], check=True)

COMMANDS = {
    "maquette choose --format json": [root / "target" / "release" / "maquette", "choose", "--format", "json"],
    "llmfit recommend --json": [env / "bin" / "llmfit", "recommend", "--json"],
}
times = {name: [] for name in COMMANDS}
peaks = {name: 0 for name in COMMANDS}
for turn in range(runs + 1):
    for name, command in COMMANDS.items():
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, _, usage = os.wait4(child.pid, 0)
        if turn > 0:  # the first is a warm-up
            times[name].append(usage.ru_utime)
            peaks[name] = max(peaks[name], usage.ru_maxrss)
for name in COMMANDS:
    print(f"{name}: median {statistics.median(times[name]) * 1000:.0f} ms user, peak {peaks[name] / 1024:.0f} MiB")

"""Brier and log scores of a ledger, beside scikit-learn's.

usage: scores_peer.py PROGRAM
"""

import json
import random
import subprocess
import sys
import tempfile

from sklearn.metrics import brier_score_loss, log_loss

program = sys.argv[1]
chance = random.Random(11)
with tempfile.TemporaryDirectory() as home:
    def run(*arguments, day):
        return subprocess.run(
            [program, "predictions", *arguments, "--as-of", day, "--data-dir", home, "--config-dir", home],
            capture_output=True, text=True, check=True).stdout

    given, came, base = [], [], []
    for n in range(40):
        p, rate, yes = round(chance.uniform(0.01, 0.99), 3), round(chance.uniform(0.1, 0.9), 2), chance.random() < 0.4
        run("ask", f"q-{n}", "--text", "x?", "--deadline", "2026-12-01", "--source", "s", f"--base-rate={rate}", day="2026-11-25")
        # The last forecast before the outcome counts.
        run("forecast", f"q-{n}", "0.5", day="2026-11-25")
        given.append(p), came.append(int(yes)), base.append(rate)
    for n, p in enumerate(given):
        run("forecast", f"q-{n}", str(p), day="2026-11-26")
    for n, yes in enumerate(came):
        run("resolve", f"q-{n}", "yes" if yes else "no", "--because", "so", "--evidence", "e", day="2026-12-02")
    report = json.loads(run("--format", "json", day="2026-12-03"))
mine = next(s for s in report["scores"] if s["by"] == "me")
want = {
    "n": 40,
    "brier": brier_score_loss(came, given),
    "log": log_loss(came, given),
    "base_brier": brier_score_loss(came, base),
    "base_log": log_loss(came, base),
}
for key, value in want.items():
    assert abs(mine[key] - value) < 0.0006, (key, mine[key], value)
print(f"scores: 40 forecasts as by scikit-learn: Brier {mine['brier']}, log {mine['log']}")

"""Labels of simulated counters by the program and by trend_reference.py: the same, slope for slope.

usage: trends_peer.py PROGRAM [SEED]
Counters with readings a day, a week or at random, with unlikes, resets, lone low values, frozen days, young ones and
some that rise or fall.
"""

import datetime
import json
import math
import random
import subprocess
import sys
import tempfile

import numpy

from trend_reference import day, label_panel

program = sys.argv[1]
chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 4)
numbers = numpy.random.default_rng(chance.randrange(2**32))
END = day("2026-06-28")


def counter(weeks):
    level = math.exp(chance.uniform(math.log(3), math.log(3000)))
    growth = chance.choice([0, 0, 0, 0, 0.1, -0.1, 0.25])
    noise = chance.choice([0.05, 0.15, 0.4])
    total, out = level * chance.choice([0, 2, 60]), {}
    for back in range(weeks * 7, -1, -1):
        week = (weeks * 7 - back) / 7
        total += numbers.poisson(level / 7 * math.exp(growth * (week - weeks / 2) + numbers.normal() * noise))
        out[END - back] = total
    every = chance.choice([1, 1, 1, 7, 0])
    days = sorted(out)
    if every == 7:
        days = days[chance.randrange(7) :: 7]
    elif every == 0:
        days = [d for d in days if chance.random() < 0.15]
    end = chance.choice([0, 0, 0, 5, 20])
    values = [out[d] for d in days if d <= END - end]
    days = days[: len(values)]
    fault = chance.random()
    if values and fault < 0.1:
        at = chance.randrange(len(values))
        values[at] = max(1, values[at] // 2)
    elif values and fault < 0.2:
        at = chance.randrange(len(values))
        values[at:] = [v - values[at] + 1 for v in values[at:]]  # 0 would be "not read"
    elif values and fault < 0.3:
        at = chance.randrange(len(values))
        values[at] = max(1, values[at] - 3)
    return days, [float(round(v)) for v in values]


seen = {}
for panel in range(12):
    series = {f"s/{n}": counter(chance.choice([3, 6, 9, 12, 20, 30])) for n in range(chance.choice([6, 40, 120]))}
    series = {name: s for name, s in series.items() if s[0]}
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write("date,repo,stars\n")
        for name, (days, values) in series.items():
            for d, v in zip(days, values):
                file.write(f"{datetime.date.fromordinal(d)},{name},{v:.0f}\n")
        file.flush()
        report = json.loads(subprocess.run(
            [program, "trends", "--batch", file.name, "--as-of", "2026-06-28", "--format", "json"],
            capture_output=True, text=True, check=True).stdout)
    mine = label_panel(series, END)
    for row in report["rows"]:
        want, signal = mine[row["subject"]], row["signals"][0]
        assert want["label"] == signal["label"], (panel, row, want)
        assert want["weeks"] == signal["weeks"], (panel, row, want)
        have = signal["slope_percent"]
        assert (have is None) == (want["slope"] is None), (panel, row, want)
        if have is not None:
            assert abs(have - 100 * math.expm1(want["slope"])) < 0.011, (panel, row, want)
            for end in ("low", "high"):
                ours = signal[f"{end}_percent"]
                assert (ours is None) == math.isinf(want[end]), (panel, row, want)
                assert ours is None or abs(ours - 100 * math.expm1(want[end])) < 0.011, (panel, row, want)
        assert (signal["q"] is None) == ("q" not in want), (panel, row, want)
        assert signal["q"] is None or abs(signal["q"] - want["q"]) < 2e-4, (panel, row, want)
        seen[signal["label"]] = seen.get(signal["label"], 0) + 1
assert all(seen.get(label, 0) > 3 for label in ("rising", "declining", "stable", "emerging", "unclear")), seen
print(f"trends: {sum(seen.values())} simulated counters, labels and slopes as by numpy: {seen}")

"""What labels of past days were worth: do subjects called rising grow more than the median afterwards?

usage: trends_backtest.py PROGRAM FILE.csv [METRIC] [STEP_DAYS]
FILE is a table as `maquette trends --batch` reads it. Every STEP_DAYS the program labels the file as of that day; growth
over the next 4 and 8 weeks is reckoned here, from the readings alone. A subject is eligible where both ends are known and
the program had eight weekly points of it. Printed: hits, base rate of the same dates, margin with a 90% interval by
drawing subjects anew (2,000 times), all and by halves of ids and of dates.
"""

import bisect
import collections
import csv
import datetime
import hashlib
import json
import random
import subprocess
import sys

program, path = sys.argv[1:3]
metric = sys.argv[3] if len(sys.argv) > 3 else "stars"
step = int(sys.argv[4]) if len(sys.argv) > 4 else 28

series = collections.defaultdict(dict)
with open(path, newline="") as file:
    for row in csv.DictReader(file):
        name = row.get("repo") or row.get("model_id") or row.get("space_id")
        cell = row.get(metric, "")
        if not name or not cell or float(cell) <= 0:
            continue
        day = datetime.date.fromisoformat(row["date"][:10]).toordinal()
        series[name][day] = max(series[name].get(day, 0.0), float(cell))
points = {name: sorted(days.items()) for name, days in series.items()}


def count(name, day):
    """On a line between readings at most 14 days apart."""
    list_ = points.get(name, [])
    at = bisect.bisect_right(list_, (day, float("inf")))
    if at == 0:
        return None
    left, value = list_[at - 1]
    if left == day:
        return value
    if at == len(list_) or list_[at][0] - left > 14:
        return None
    right, next_ = list_[at]
    return value + (next_ - value) * (day - left) / (right - left)


def growth(name, day, days):
    now, then = count(name, day), count(name, day + days)
    return (then - now) / now if now and then is not None else None


first = min(p[0][0] for p in points.values())
last = max(p[-1][0] for p in points.values())
rows = []
for day in range(first + 112, last - 28, step):
    as_of = datetime.date.fromordinal(day).isoformat()
    report = json.loads(subprocess.run(
        [program, "trends", "--batch", path, "--as-of", as_of, "--format", "json"],
        capture_output=True, text=True, check=True).stdout)
    for row in report["rows"]:
        for signal in row["signals"]:
            if signal["metric"] == metric and signal["weeks"] >= 8:
                rows.append((row["subject"], day, row["label"]))

for horizon in (28, 56):
    grown = [(s, d, label, growth(s, d, horizon)) for s, d, label in rows]
    grown = [g for g in grown if g[3] is not None]
    by_day = collections.defaultdict(list)
    for s, d, label, g in grown:
        by_day[d].append(g)
    median = {d: sorted(g)[len(g) // 2] for d, g in by_day.items() if len(g) >= 10}
    above = {d: sum(x > median[d] for x in by_day[d]) / len(by_day[d]) for d in median}
    below = {d: sum(x < median[d] for x in by_day[d]) / len(by_day[d]) for d in median}
    days = sorted(median)
    middle = days[len(days) // 2] if days else 0
    half = {s: hashlib.sha256(s.encode()).digest()[0] % 2 for s in points}
    for label, side, base in (("rising", 1, above), ("declining", -1, below), ("emerging", 1, above), ("stable", -1, below)):
        mine = [(s, d, (g - median[d]) * side > 0, base[d]) for s, d, l, g in grown if l == label and d in median]
        for part, keep in (("all", lambda s, d: True), ("ids A", lambda s, d: half[s] == 0),
                           ("ids B", lambda s, d: half[s] == 1), ("early", lambda s, d: d < middle),
                           ("late", lambda s, d: d >= middle)):
            some = [m for m in mine if keep(m[0], m[1])]
            if not some:
                continue
            of = collections.defaultdict(list)
            for s, d, hit, b in some:
                of[s].append(hit - b)
            names, draw = sorted(of), random.Random(5)
            means = []
            for _ in range(2000):
                drawn = [x for n in draw.choices(names, k=len(names)) for x in of[n]]
                means.append(sum(drawn) / len(drawn))
            means.sort()
            hits = sum(m[2] for m in some) / len(some)
            rate = sum(m[3] for m in some) / len(some)
            print(f"{metric} {label:9} {horizon // 7} weeks, {part:5}: n {len(some)} ({len(names)} subjects),"
                  f" hit {100 * hits:.1f}%, base {100 * rate:.1f}%, margin {100 * (hits - rate):+.1f}"
                  f" [{100 * means[100]:+.1f}, {100 * means[1899]:+.1f}]")

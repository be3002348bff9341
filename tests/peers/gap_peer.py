"""The gap of every board and day, reckoned again with numpy from the catalog's own rows.

Independent of the program but for the rule itself: ratings drawn from normals of sd = half of the printed
95% interval / 1.96, twelve best of either side, difference of maxima. The draws are others, so that percentiles
agree within their own error. usage: gap_peer.py PROGRAM
"""

import collections
import csv
import json
import re
import subprocess
import sys
import tomllib

import numpy

DRAWS = 100_000


def fold(name):
    return re.sub(r"[^a-z0-9]", "", name.lower())


def main(program):
    boards = tomllib.load(open("catalog/boards/boards.toml", "rb"))["board"]
    entries = {fold(e["entry"]): e for e in csv.DictReader(open("catalog/boards/entries.csv"))}
    rows = collections.defaultdict(lambda: collections.defaultdict(dict))
    for r in csv.DictReader(open("catalog/history/arena.csv")):
        board, name = r["subject"].removeprefix("arena:").split("/", 1)
        if r["metric"] in ("score", "ci", "votes") and r["value"]:
            rows[board, r["date"], r["source"]][name][r["metric"]] = float(r["value"])
    report = json.loads(
        subprocess.run(
            [program, "gap", "--history", "--format", "json", "--as-of", "2026-11-24", "--data-dir", "/nonexistent"],
            capture_output=True, text=True, check=True,
        ).stdout
    )
    random = numpy.random.default_rng(7)
    compared = drawn = 0
    worst = 0.0
    for line in report["boards"]:
        board = next(b for b in boards if b["id"] == line["board"])
        if board.get("running"):
            continue
        for reading in line["history"]:
            mine = rows[board["id"], reading["day"], reading["source"]]
            sides = {"open": [], "closed": []}
            for name, row in mine.items():
                if "score" not in row or row.get("votes", 1e9) < board["min_votes"]:
                    continue
                entry = entries.get(fold(name))
                if entry is None:
                    continue
                side = entry["weights"]
                since = entry["since"]
                if side == "open" and since and (since + "-31")[:10] > reading["day"]:
                    side = "closed"
                if side in sides:
                    sides[side].append((row["score"], row.get("ci"), name))
            if not sides["open"] or not sides["closed"]:
                assert reading["gap"] is None, (board["id"], reading["day"])
                continue
            best = {s: sorted(v, key=lambda x: (-x[0], x[2]))[:12] for s, v in sides.items()}
            plain = best["closed"][0][0] - best["open"][0][0]
            assert abs(plain - reading["gap"]) < 0.06, (board["id"], reading["day"], plain, reading["gap"])
            compared += 1
            if best["closed"][0][1] is None or best["open"][0][1] is None:
                assert reading["low"] is None, (board["id"], reading["day"])
                continue
            widest = max(h for v in best.values() for _, h, _ in v if h is not None)

            def highest(side):
                rating = numpy.array([r for r, _, _ in side])
                sd = numpy.array([(widest if h is None else h) / 1.96 for _, h, _ in side])
                return random.normal(rating, sd, (DRAWS, len(side))).max(axis=1)

            gaps = highest(best["closed"]) - highest(best["open"])
            spread = gaps.std()
            for key, part in (("low", 5), ("mid", 50), ("high", 95)):
                # A percentile of 10,000 draws of a normal has an error of about 0.021 (tails) sd; four of them, and rounding.
                most = 0.09 * spread + 0.11
                off = abs(numpy.percentile(gaps, part) - reading[key])
                worst = max(worst, off / most)
                assert off <= most, (board["id"], reading["day"], key, numpy.percentile(gaps, part), reading[key])
            drawn += 1
    assert compared > 100 and drawn > 80, (compared, drawn)
    print(f"gap: {compared} readings of {len(report['boards'])} boards agree, {drawn} with intervals by numpy"
          f" (largest difference {worst:.2f} of what chance allows)")


main(sys.argv[1])

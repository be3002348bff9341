"""The trend labels of docs/concepts/trends.md, written apart from the program, with numpy.

It was the trial on which the method was fixed; the program's port must give the same numbers and labels. Cumulative
counts only. label_panel(series, day) takes {id: (days, values)}, one value a day, days ascending.
"""

import datetime
import math

import numpy as np

WINDOWS = (16, 11)
LEAST = 8
# Weekly points, quantile of the interval, guard on its near end, least slope.
TIERS = ((14, 1.959964, 0.02, 0.02), (11, 2.326348, 0.03, 0.02), (8, 2.326348, 0.02, 0.05))
DENSE, READINGS = 11, 4.0
NOISE, COUNTS = 0.125, 20
PANEL, RATE_WEEKS, LATE, GAP = 10, 4, 2, 14
Z90, STABLE = 1.644854, 0.05


def clean(days, values):
    kept_days, kept = [], []
    for i, value in enumerate(values):
        if kept and value < kept[-1]:
            now = kept[-1]
            if value >= 0.9 * now or now - value <= 5:
                value = now
            else:
                following = values[i + 1 : i + 3]
                if len(following) == 2 and max(following) < 0.9 * now:
                    kept_days, kept = [], []
                else:
                    continue
        kept_days.append(days[i])
        kept.append(value)
    return np.array(kept_days, dtype=np.int64), np.array(kept, dtype=float)


def grid(days, values, end, weeks):
    ends = end - 7 * np.arange(weeks, -1, -1)
    out = np.full(weeks + 1, np.nan)
    upto, before = np.searchsorted(days, ends, "right"), np.searchsorted(days, ends - 7, "right")
    for k in range(weeks + 1):
        j = upto[k]
        if j == 0:
            continue
        if days[j - 1] == ends[k]:
            out[k] = values[j - 1]
        elif j < len(days) and days[j] - days[j - 1] <= GAP:
            part = (ends[k] - days[j - 1]) / (days[j] - days[j - 1])
            out[k] = values[j - 1] + (values[j] - values[j - 1]) * part
    return out, upto > before


def sen(t, y, quantiles):
    n = len(y)
    i, j = np.triu_indices(n, 1)
    rise = y[j] - y[i]
    slopes = np.sort(rise / (t[j] - t[i]))
    s = float(np.sign(rise).sum())
    _, ties = np.unique(y, return_counts=True)
    variance = max(0.0, (n * (n - 1) * (2 * n + 5) - float((ties * (ties - 1) * (2 * ties + 5)).sum())) / 18)
    middle = float(np.median(slopes))
    intervals = []
    for z in quantiles:
        m = math.floor((len(slopes) - z * math.sqrt(variance)) / 2)
        intervals.append((float(slopes[m]), float(slopes[-1 - m])) if m >= 0 else (-math.inf, math.inf))
    p = 1.0 if variance == 0 or s == 0 else math.erfc(max(0.0, abs(s) - 1) / math.sqrt(2 * variance))
    rest = y - middle * t
    return middle, intervals, p, 1.4826 * float(np.median(np.abs(rest - np.median(rest))))


def label_panel(series, end):
    weeks = WINDOWS[0]
    known, first = {}, {}
    for name, (days, values) in series.items():
        j = np.searchsorted(np.asarray(days), end, "right")
        if j:
            cleaned = clean(days[:j], values[:j])
            if len(cleaned[0]):
                known[name], first[name] = cleaned, days[0]
    names = list(known)
    counts, read = zip(*(grid(*known[n], end, weeks) for n in names))
    counts, read = np.array(counts), np.array(read)
    added = np.diff(counts, axis=1)
    valid = np.isfinite(added) & read[:, 1:]
    added = np.where(valid, np.maximum(added, 0), np.nan)
    logs = np.log(added + 0.5)
    median = np.full(weeks, np.nan)
    members = np.where(np.isfinite(logs).sum(1) >= weeks / 2)[0]
    panel = False
    if len(members) >= PANEL:
        centred = logs[members] - np.nanmedian(logs[members], axis=1)[:, None]
        for k in range(weeks):
            column = centred[:, k][np.isfinite(centred[:, k])]
            if len(column) >= PANEL:
                median[k] = np.median(column)
        panel = np.isfinite(median).sum() >= LEAST
    last = np.array([np.where(np.isfinite(c))[0][-1] if np.isfinite(c).any() else -1 for c in counts])
    rate = np.full(len(names), np.nan)
    for a, k in enumerate(last):
        if k >= weeks - LATE and k >= RATE_WEEKS and np.isfinite(counts[a, k - RATE_WEEKS]):
            before = counts[a, k - RATE_WEEKS]
            rate[a] = (counts[a, k] - before) / max(before, 1.0) / RATE_WEEKS
    rates = rate[np.isfinite(rate)]
    panel_rate = float(np.median(rates)) if len(rates) >= PANEL else math.nan
    out = {}
    for a, name in enumerate(names):
        o = out[name] = {"label": "unclear", "slope": None, "weeks": 0}
        if last[a] < weeks - LATE:
            continue
        y = logs[a] - median if panel else logs[a]
        chosen = None
        for window in WINDOWS:
            at = np.where(np.isfinite(y))[0]
            at = at[at >= weeks - window]
            n = len(at)
            if n < 4 or (chosen is not None and n < DENSE):
                continue
            _, z, guard, least = next((t for t in TIERS if n >= t[0]), TIERS[-1])
            slope, intervals, p, spread = sen(at.astype(float), y[at], (z, Z90))
            mine = added[a, at]
            quiet = spread * spread <= NOISE**2 + 1 / (np.median(mine) + 0.5)
            days = known[name][0]
            readings = ((days > end - 7 * weeks + 7 * at[0]) & (days <= end)).sum()
            dense = n >= DENSE or readings >= READINGS * (weeks - at[0])
            direction = 0
            if n >= LEAST and quiet and mine.sum() >= COUNTS and dense:
                if intervals[0][0] > guard and slope > least:
                    direction = 1
                if intervals[0][1] < -guard and slope < -least:
                    direction = -1
            if chosen is None or direction:
                chosen = (n, slope, intervals, direction)
            if direction:
                break
        if chosen is None:
            continue
        n, slope, intervals, direction = chosen
        o["weeks"], o["slope"] = n, slope
        if n < LEAST:
            continue
        if direction:
            agree = panel and ((direction > 0 and rate[a] > panel_rate) or (direction < 0 and rate[a] < panel_rate))
            if agree:
                o["label"] = "rising" if direction > 0 else "declining"
        elif -STABLE < intervals[1][0] and intervals[1][1] < STABLE:
            o["label"] = "stable"
    ages = np.array([end - first[n] for n in names])
    speed = np.full(len(names), np.nan)
    for a, name in enumerate(names):
        days, values = known[name]
        if 0 < ages[a] < 56 and end - days[-1] <= 7 * LATE and len(days) >= 2 and days[-1] - days[0] >= 7:
            speed[a] = (values[-1] - values[0]) / ((days[-1] - days[0]) / 7)
    for a, name in enumerate(names):
        if not np.isfinite(speed[a]):
            continue
        values = known[name][1]
        alike = speed[np.isfinite(speed) & (np.abs(ages - ages[a]) <= 14)]
        if values[0] <= 0.5 * values[-1] and len(alike) >= PANEL and speed[a] > np.percentile(alike, 80):
            out[name]["label"] = "emerging"
    return out


def day(text):
    return datetime.date.fromisoformat(text).toordinal()

"""The trend labels of docs/concepts/trends.md, written apart from the program, with numpy.

It was the trial on which the method was fixed; the program's port must give the same numbers and labels. Cumulative
counts only. label_panel(series, day) takes {id: (days, values)}, one value a day, days ascending.
"""

import datetime
import math
import statistics

import numpy as np

WEEKS, LEAST, COUNTS, BUSY = 16, 8, 20, 100
RELEVANT, DISCOVERY = 0.02, 0.1
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


def exact(n, s):
    """Two-sided p of Kendall's S without ties, by counting permutations."""
    ways = [1]
    for size in range(2, n + 1):
        ways = [sum(ways[max(0, k - size + 1) : k + 1]) for k in range(len(ways) + size - 1)]
    return min(1.0, 2 * sum(ways[: (n * (n - 1) // 2 - abs(s)) // 2 + 1]) / math.factorial(n))


def sen(t, y):
    """Slope, pairs, variance of S, p, residuals less their median."""
    n = len(y)
    i, j = np.triu_indices(n, 1)
    rise = y[j] - y[i]
    slopes = np.sort(rise / (t[j] - t[i]))
    s = int(np.sign(rise).sum())
    _, ties = np.unique(y, return_counts=True)
    variance = max(0.0, (n * (n - 1) * (2 * n + 5) - float((ties * (ties - 1) * (2 * ties + 5)).sum())) / 18)
    if variance == 0 or s == 0:
        p = 1.0
    elif ties.max() == 1:
        p = exact(n, s)
    else:
        p = math.erfc((abs(s) - 1) / math.sqrt(2 * variance))
    middle = float(np.median(slopes))
    rest = y - middle * t
    return middle, slopes, variance, p, rest - np.median(rest)


def interval(slopes, variance):
    m = math.floor((len(slopes) - Z90 * math.sqrt(variance)) / 2)
    return (float(slopes[m]), float(slopes[-1 - m])) if m >= 0 else (-math.inf, math.inf)


def agreement(n, rho):
    """Mean product of the signs of neighbouring residuals of a line through an AR(1) of n points."""
    design = np.vander(np.arange(n, dtype=float), 2)
    off = np.eye(n) - design @ np.linalg.pinv(design)
    law = rho ** np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    of = off @ law @ off
    scale = np.sqrt(np.diag(of))
    return float(np.mean(2 / math.pi * np.arcsin(np.diag(of, 1) / scale[1:] / scale[:-1])))


def pooled_lag(fits):
    """fits: (weeks, residuals) of each subject that could be given a direction."""
    seen, pairs = 0.0, {}
    for at, rest in fits:
        product = np.sign(rest[1:] * rest[:-1])[np.diff(at) == 1]
        seen += product.sum()
        pairs[len(at)] = pairs.get(len(at), 0) + int((product != 0).sum())
    low, high = 0.0, 0.95
    def expected(rho):
        return sum(count * agreement(n, rho) for n, count in pairs.items())
    if seen <= expected(0.0):
        return 0.0
    for _ in range(24):
        middle = (low + high) / 2
        low, high = (middle, high) if expected(middle) < seen else (low, middle)
    return high


def inflation(n, rho):
    k = np.arange(1, n)
    ranks = 6 / math.pi * np.arcsin(rho**k / 2)
    return 1 + max(0.0, 2 * float(((n - k) * (n - k - 1) * (n - k - 2) * ranks).sum()) / (n * (n - 1) * (n - 2)))


def widened(p, factor):
    """p of the same S where its variance is factor times as large."""
    if p >= 1:
        return 1.0
    z = statistics.NormalDist().inv_cdf(p / 2)
    return 2 * statistics.NormalDist().cdf(z / math.sqrt(factor))


def label_panel(series, end):
    weeks = WEEKS
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
    out, fits = {}, {}
    for a, name in enumerate(names):
        out[name] = {"label": "unclear", "slope": None, "weeks": 0}
        y = logs[a] - median if panel else logs[a]
        at = np.where(np.isfinite(y))[0]
        if last[a] >= weeks - LATE and len(at) >= 4:
            enough = len(at) >= LEAST and added[a, at].sum() >= COUNTS
            fits[a] = (at, enough, *sen(at.astype(float), np.round(y[at], 9)))
    could = {a: f for a, f in fits.items() if f[1]}
    busy = {a: f for a, f in could.items() if added[a, f[0]].mean() >= BUSY}
    pool = busy if len(busy) >= PANEL else could
    lag = pooled_lag([(f[0], f[-1]) for f in pool.values()]) if panel and len(pool) >= PANEL else 0.0
    judged = []
    for a, (at, enough, slope, slopes, variance, p, _) in fits.items():
        o, n = out[names[a]], len(at)
        factor = inflation(n, lag)
        low, high = interval(slopes, variance * factor)
        o["slope"], o["weeks"], o["low"], o["high"] = slope, n, low, high
        if enough:
            judged.append((widened(p, factor), a))
        if n < LEAST:
            continue
        direction = (low > RELEVANT) - (high < -RELEVANT) if enough else 0
        if direction:
            if panel and (rate[a] - panel_rate) * direction > 0:
                o["label"] = "rising" if direction > 0 else "declining"
        elif -STABLE < low and high < STABLE:
            o["label"] = "stable"
    q = 1.0
    for rank, (p, a) in reversed(list(enumerate(sorted(judged), 1))):
        q = min(q, p * len(judged) / rank)
        o = out[names[a]]
        o["q"] = q
        if q > DISCOVERY and o["label"] in ("rising", "declining"):
            o["label"] = "unclear"
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

"""The scale on which a gap becomes a chance, beside Arena's own fit (PyPI's arena-rank).

Votes are drawn from known ratings by the chance that `maquette gap` prints for their differences; arena-rank's
Bradley-Terry fit of those votes must give the ratings back, within the error it states itself.
usage: scale_peer.py PROGRAM
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import pandas
from arena_rank.models.bradley_terry import BradleyTerry
from arena_rank.utils.data_utils import PairDataset

program = sys.argv[1]
ratings = {"gpt-image-2": 1250.0, "flux-2-dev": 1160.0, "dall-e-3": 1000.0, "z-image-turbo": 1090.0, "imagen-4": 1180.0}


def chance(first, second):
    """That a voter prefers `first`, as the program prints it."""
    with tempfile.TemporaryDirectory() as folder:
        history = pathlib.Path(folder, "history")
        history.mkdir()
        history.joinpath("sources.toml").write_text(
            '[[source]]\nid = "m"\ntitle = "m"\nlink = "x"\nread = "x"\nlicense = "MIT"\nlicense_source = "x"\n'
            'redistribution = "series"\norigin = "m"\n')
        history.joinpath("m.csv").write_text("subject,metric,date,value,source\n" + "".join(
            f"arena:text-to-image/{name},score,2026-11-20,{rating:g},m\n" for name, rating in ratings.items()))
        report = json.loads(subprocess.run(
            [program, "gap", "--board", "text-to-image", "--pair", f"{first}:{second}", "--catalog", folder,
             "--as-of", "2026-11-24", "--data-dir", folder, "--format", "json"],
            capture_output=True, text=True, check=True).stdout)
    return next(p["preferred"] for p in report["boards"][0]["pairs"] if p["open"] == first)


draw = numpy.random.default_rng(3)
rows = []
names = list(ratings)
for i, a in enumerate(names):
    for b in names[i + 1:]:
        wins = draw.random(20_000) < chance(a, b)
        rows += [(a, b, "model_a" if w else "model_b") for w in wins]
data = PairDataset.from_pandas(pandas.DataFrame(rows, columns=["model_a", "model_b", "winner"]))
fit = BradleyTerry(n_competitors=len(names)).compute_ratings_and_cis(data)
found = dict(zip(fit["competitors"], fit["ratings"]))
low = dict(zip(fit["competitors"], fit["rating_lower"]))
high = dict(zip(fit["competitors"], fit["rating_upper"]))
shift = numpy.mean([float(found[n]) - ratings[n] for n in names])
worst = 0.0
for n in names:
    half = (float(high[n]) - float(low[n])) / 2
    off = abs(float(found[n]) - shift - ratings[n])
    worst = max(worst, off / half)
    # Rounding of the chance to a thousandth is worth up to 0.7 points.
    assert off <= 2 * half + 0.7, (n, off, half)
print(f"scale: arena-rank's fit of {len(rows)} votes gives the ratings back (largest error {worst:.2f} of its own interval)")

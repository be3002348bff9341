"""Writes the files beside this one with other people's writers: pyarrow (Parquet) and zipfile.

pip install pyarrow; python make.py
"""
import io
import json
import pathlib
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq

here = pathlib.Path(__file__).parent

# The Hub's table: several row groups, a column of lists that is not read, counts that are missing.
ids = [f"owner/model-{n}" for n in range(1000)]
table = pa.table(
    {
        "_id": pa.array([f"{n:024x}" for n in range(1000)]),
        "id": pa.array(ids),
        "downloads": pa.array([n * 10 for n in range(1000)], pa.int64()),
        "likes": pa.array([None if n == 7 else n for n in range(1000)], pa.int64()),
        "tags": pa.array([["a", "b"]] * 1000),
        "trendingScore": pa.array([float(n) if n % 2 else None for n in range(1000)], pa.float64()),
    }
)
pq.write_table(table, here / "models.parquet", row_group_size=300, compression="snappy")

# A board of Arena: two categories, five days of two months.
rows = []
for day in ["2026-03-02", "2026-03-30", "2026-04-01", "2026-04-19", "2026-05-04"]:
    for n, name in enumerate(["alpha", "beta"]):
        for category in ["overall", "coding"]:
            score = 1300.126 - 10 * n + int(day[5:7])
            rows.append((name, "o", "Apache 2.0", score, score - 5, score + 5.5, 500 + n, n + 1, category, day))
names = ["model_name", "organization", "license", "rating", "rating_lower", "rating_upper", "vote_count", "rank", "category", "leaderboard_publish_date"]
columns = [list(c) for c in zip(*rows)]
pq.write_table(pa.table(dict(zip(names, columns))), here / "board.parquet", compression="zstd")

# Epoch's archive: two runs of one model, an external table, one without scores, a byte order mark.
gpqa = (
    "\ufeffModel version,mean_score,Release date,Organization,Country,stderr,Started at,id\n"
    "open-1,0.5123456789,2026-01-02,Lab,France,0.03,2026-02-01T10:00:00.000Z,a\n"
    'open-1,0.61,2026-01-02,"Lab, Inc.",France,0.02,2026-05-01T10:00:00.000Z,b\n'
    "closed-1,0.9,2026-03-02,Other,United States of America,0.01,2026-04-01T10:00:00.000Z,c\n"
    "odd,1.4,2026-03-02,Other,,,2026-04-01T10:00:00.000Z,d\n"
    "empty,,2026-03-02,Other,,,,e\n"
)
eci = (
    "Model version,ECI Score,Release date,Organization,Model accessibility\n"
    "open-1,140.123456789,2026-01-02,Lab,Open weights (unrestricted)\n"
)
out = io.BytesIO()
with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
    for name, text in [
        ("gpqa_diamond.csv", gpqa),
        ("epoch_capabilities_index.csv", eci),
        ("mmlu_external.csv", "Model version,EM\nx,0.5\n"),
        ("benchmark_metadata.csv", "source_file,benchmark\ngpqa_diamond.csv,GPQA\n"),
        ("README.md", "not a table\n"),
    ]:
        z.writestr(zipfile.ZipInfo(name, (2026, 7, 19, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
(here / "benchmark_data.zip").write_bytes(out.getvalue())

# A wheel of LiteLLM with its map.
price = {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06}
out = io.BytesIO()
with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
    for name, text in [
        ("litellm/__init__.py", "# filler\n" * 200),
        ("litellm/model_prices_and_context_window_backup.json", json.dumps({"o3": price})),
        ("litellm-1.0.dist-info/RECORD", ""),
    ]:
        z.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
(here / "litellm.whl").write_bytes(out.getvalue())

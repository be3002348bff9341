"""Reads maquette's output with other people's readers and fails on the first disagreement."""

import csv
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from decimal import Decimal

import jsonschema

PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
EMPTY = tempfile.mkdtemp()
DAY = ["--as-of", "2026-11-24"]
REPORTS = {
    "choose": ["choose", "--gpu", "rtx-4090"],
    "break-even": ["break-even", "--modality", "music", "--gpu", "none"],
    "models": ["models"],
    "prices": ["prices", "--all"],
    "plans": ["plans"],
    "months": ["months", "suno-pro", "--units", "100,2600,0"],
    "show": ["show", "flux.1-schnell"],
    "why": ["why", "cheapest/images", "--gpu", "none"],
    "catalog-check": ["catalog", "check", "catalog"],
}


def run(*arguments, codes=(0,)):
    environment = dict(os.environ, MAQUETTE_CONFIG_DIR=EMPTY, NO_COLOR="1")
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, env=environment, check=False)
    assert done.returncode in codes, (arguments, done.returncode, done.stderr.decode())
    return done.stdout.decode("utf-8")


passed = 0
for name, arguments in REPORTS.items():
    schema = json.loads(run("schema", name))
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    report = json.loads(run(*arguments, *DAY, "--format", "json"))
    validator(schema).validate(report)
    rows = list(csv.reader(io.StringIO(run(*arguments, *DAY, "--format", "csv"))))
    assert len(rows) > 1, (name, "no records")
    assert len({len(r) for r in rows}) == 1, (name, "records of unequal length")
    assert len(set(rows[0])) == len(rows[0]), (name, "two columns of one name", rows[0])
    table = [l for l in run(*arguments, *DAY, "--format", "markdown").splitlines() if l.startswith("|")]
    assert table or name == "catalog-check", (name, "no Markdown table")
    passed += 1

# The parts of every stack add up to its total, exactly.
report = json.loads(run(*REPORTS["choose"], *DAY, "--format", "json"))
for stack in report["stacks"]:
    if stack["total"] is None:
        continue
    for bound in ("amount", "low", "high"):
        parts = sum(Decimal(c["cost"][bound]) for c in stack["choices"])
        assert abs(parts - Decimal(stack["total"][bound])) < Decimal("1e-8"), (stack["id"], bound, parts)
passed += 1

with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "curves.svg"
    run(*REPORTS["break-even"], *DAY, "--svg", str(path))
    root = ET.parse(path).getroot()
    assert root.tag.endswith("svg") and root.get("role") == "img"
    assert any(child.tag.endswith("title") for child in root)
    passed += 1

# The same question gives the same bytes.
assert run(*REPORTS["choose"], *DAY) == run(*REPORTS["choose"], *DAY)
passed += 1
print(f"peers: {passed} passed, 0 failed")

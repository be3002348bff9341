"""Where cargo-deny cannot be installed: hold every dependency to the `allow` list of deny.toml.

Reads `cargo metadata` only. It trusts the license that a crate declares, and it refuses a crate that
comes from anywhere but crates.io.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index"


def allowed_licenses():
    text = Path("deny.toml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^\s*#.*$", "", text)
    section = text.split("[licenses]", 1)[1].split("\n[", 1)[0]
    return set(re.findall(r'"([^"]+)"', re.search(r"allow\s*=\s*\[(.*?)\]", section, re.S).group(1)))


def permitted(expression, allowed):
    """Evaluates an SPDX expression: OR binds weaker than AND, WITH belongs to its license."""
    tokens = re.findall(r"\(|\)|[^\s()]+", expression.replace("/", " OR "))

    def one_of():
        result = all_of()
        while tokens and tokens[0] == "OR":
            tokens.pop(0)
            right = all_of()
            result = result or right
        return result

    def all_of():
        result = license_or_group()
        while tokens and tokens[0] == "AND":
            tokens.pop(0)
            right = license_or_group()
            result = result and right
        return result

    def license_or_group():
        token = tokens.pop(0)
        if token == "(":
            result = one_of()
            if tokens.pop(0) != ")":
                raise ValueError("unclosed group")
            return result
        if tokens and tokens[0] == "WITH":
            tokens.pop(0)
            token = f"{token} WITH {tokens.pop(0)}"
        return token in allowed

    result = one_of()
    if tokens:
        raise ValueError(f"unexpected {tokens[0]}")
    return result


def main():
    allowed = allowed_licenses()
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--all-features"]
    packages = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)["packages"]
    faults = []
    for p in packages:
        name = f"{p['name']} {p['version']}"
        if p["source"] not in (None, CRATES_IO):
            faults.append(f"{name}: comes from {p['source']}")
        try:
            good = permitted(p["license"] or "", allowed)
        except (IndexError, ValueError):
            good = False
        if not good:
            faults.append(f"{name}: license `{p['license']}` is not allowed by deny.toml")
    for fault in faults:
        print(f"error: {fault}", file=sys.stderr)
    print(f"{len(packages)} packages, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

"""Prices as genai-prices reckons them and as LiteLLM's own map states them, against what we observe of that map.

Usage: prices_peer.py PROGRAM WHEEL. The map is taken out of LiteLLM's wheel and served from memory; `observe litellm`
reads it. Every token price of ours must be the map's, times a million, exactly. Of 200 first-party models that both
know, the agreement with genai-prices is reported: two sources may differ, so it is no failure below all of them.
"""

import csv
import datetime
import decimal
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import zipfile

from genai_prices import Usage, calc_price

FIRST_PARTY = {"openai": "openai", "anthropic": "anthropic", "gemini": "google", "xai": "x-ai", "deepseek": "deepseek", "mistral": "mistral"}
# The day of the wheel, at an hour without a discount: announced changes and hours would else move the comparison.
WHEN = datetime.datetime(2026, 11, 12, 8, tzinfo=datetime.timezone.utc)
MAP = "litellm/model_prices_and_context_window_backup.json"


def serve(body):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def observed(program, body, home):
    env = os.environ | {
        "MAQUETTE_LITELLM_ENDPOINT": serve(body), "MAQUETTE_DATA_DIR": str(home), "MAQUETTE_CONFIG_DIR": str(home),
        "NO_PROXY": "127.0.0.1",
    }
    subprocess.run([program, "observe", "litellm"], env=env, check=True, capture_output=True)
    out = home / "out.csv"
    subprocess.run([program, "store", "export", str(out)], env=env, check=True, capture_output=True)
    left = subprocess.run([program, "sources", "litellm", "--format", "json"], env=env, check=True, capture_output=True, text=True)
    prices = {}
    for row in csv.DictReader(out.open()):
        if row["metric"].startswith("price/"):
            prices.setdefault(row["subject"].removeprefix("litellm:"), {})[row["metric"]] = decimal.Decimal(row["value"])
    rejected = {r["key"].split(" ")[0].removeprefix("litellm:") for r in json.loads(left.stdout)["rejected"]}
    return prices, rejected


def main():
    program, wheel = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    body = zipfile.ZipFile(wheel).read(MAP)
    rows = json.loads(body, parse_float=decimal.Decimal)
    rows.pop("sample_spec", None)
    with tempfile.TemporaryDirectory() as home:
        prices, rejected = observed(program, body, pathlib.Path(home))
    lost = [k for k in rows if k not in prices and k.split(" ")[0] not in rejected]
    assert not lost, f"{len(lost)} rows are neither prices nor listed with a reason, such as {lost[0]}"
    exact = 0
    for key, row in rows.items():
        for field, metric in (("input_cost_per_token", "price/1m-input-tokens"), ("output_cost_per_token", "price/1m-output-tokens")):
            ours = prices.get(key, {}).get(metric)
            if ours is None or row.get("tiered_pricing"):
                continue
            assert decimal.Decimal(row[field]) * 1_000_000 == ours, f"{key}: {row[field]} and {ours}"
            exact += 1
    compared, agree, differ = 0, 0, []
    for key, row in sorted(rows.items()):
        provider = FIRST_PARTY.get(row.get("litellm_provider"))
        name = key.split("/")[-1]
        if provider is None or row.get("mode") not in ("chat", "responses") or key.startswith("ft:"):
            continue
        ours = [prices.get(key, {}).get(f"price/1m-{w}-tokens") for w in ("input", "output")]
        if None in ours or compared == 200:
            continue
        try:
            theirs = [
                calc_price(Usage(input_tokens=a, output_tokens=b), model_ref=name, provider_id=provider, genai_request_timestamp=WHEN).total_price * 1_000
                for a, b in ((1_000, 0), (0, 1_000))
            ]
        except LookupError:
            continue
        compared += 1
        if [decimal.Decimal(t).normalize() for t in theirs] == [o.normalize() for o in ours]:
            agree += 1
        else:
            differ.append(f"{name}: ours {ours[0]}/{ours[1]}, genai-prices {theirs[0].normalize()}/{theirs[1].normalize()}")
    print(f"{len(rows)} rows of LiteLLM's map: {len(prices)} with prices, every other one with its reason; {exact} token prices exact")
    print(f"genai-prices: {agree} of {compared} first-party models agree in both prices")
    for line in differ[:12]:
        print(f"  {line}")
    assert compared >= 100 and agree >= compared * 0.8, "fewer than four of five agree: a unit may be wrong"


if __name__ == "__main__":
    main()

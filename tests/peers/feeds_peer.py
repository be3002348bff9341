"""The digest's files by other readers: feedparser, a JSON Feed schema, Python's mail and XML parsers, a site map's rules.

usage: feeds_peer.py PROGRAM
"""

import email
import email.policy
import html.parser
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

import feedparser
import jsonschema

program = sys.argv[1]
here = pathlib.Path(__file__).parent
schema = json.loads((here / "jsonfeed-1.1.schema.json").read_text())
validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker(["date-time", "uri"]))


class Text(html.parser.HTMLParser):
    def __init__(self, source):
        super().__init__()
        self.ids, self.texts, self.tags = set(), [], set()
        self.feed(source)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.ids.update(v for k, v in attributes if k == "id")

    def handle_data(self, data):
        self.texts.append(data)


def feeds(folder, page, base, items):
    """Both feeds of a folder: valid, the same items, and links to places that the page has."""
    atom = feedparser.parse((folder / "atom.xml").read_bytes())
    assert not atom.bozo, atom.bozo_exception
    assert atom.version == "atom10" and atom.feed.title and atom.feed.updated_parsed and atom.feed.author
    feed = json.loads((folder / "feed.json").read_text())
    validator.validate(feed)
    assert len(atom.entries) == len(feed["items"]) == items
    ids = [e.id for e in atom.entries]
    assert len(set(ids)) == len(ids) and all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", i) for i in ids)
    assert [i["id"] for i in feed["items"]] == ids
    places = Text((folder / page).read_text()).ids
    for entry, item in zip(atom.entries, feed["items"]):
        assert entry.title == item["title"] and entry.updated == item["date_published"]
        assert bool(entry.get("links")) == ("url" in item) == (base is not None)
        if base:
            address, place = item["url"].split("#")
            assert address == f"{base}{page}" and place in places, item
            assert entry.link == item["url"]
    # RFC 4287: one id, title and updated, an author, a link to itself where the address is known.
    name = "{http://www.w3.org/2005/Atom}"
    root = xml.parse(folder / "atom.xml").getroot()
    assert root.tag == f"{name}feed"
    for element in [root, *root.findall(f"{name}entry")]:
        for child in ("id", "title", "updated"):
            assert len(element.findall(name + child)) == 1, child
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", element.find(f"{name}updated").text)
    selves = [link for link in root.findall(f"{name}link") if link.get("rel") == "self"]
    assert [s.get("href") for s in selves] == ([f"{base}atom.xml"] if base else [])
    return len(ids)


def told(*args):
    return subprocess.run([program, *args], capture_output=True, text=True, check=True).stdout


with tempfile.TemporaryDirectory() as place:
    total = 0
    for since, as_of, base in (
        ("2026-03-19", "2026-03-26", None),
        ("2026-03-19", "2026-11-24", "https://example.org/a%20guide/"),
        ("2026-11-20", "2026-11-21", "https://example.org/"),
    ):
        folder = pathlib.Path(place) / since / as_of
        days = ["--since", since, "--as-of", as_of]
        address = ["--base-url", base] if base else []
        told("digest", *days, "--out", str(folder), "--to", "studio@example.org", *address)
        report = json.loads(told("digest", *days, "--format", "json"))
        assert json.loads((folder / "digest.json").read_text()) == report
        total += feeds(folder, "index.html", base, len(report["items"]))
        message = email.message_from_bytes((folder / "digest.eml").read_bytes(), policy=email.policy.default)
        assert not message.defects and message["to"] == "studio@example.org" and message["message-id"]
        assert message["date"].datetime.date().isoformat() == as_of
        assert message.get_content_type() == "multipart/alternative"
        plain, page = message.iter_parts()
        assert (plain.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
        assert not plain.defects and not page.defects
        source = page.get_content()
        assert source.splitlines() == (folder / "index.html").read_text().splitlines()
        seen = Text(source)
        # A mail client runs no script and reads no style sheet.
        assert not seen.tags & {"script", "style", "link", "img"}, seen.tags
        words = " ".join(" ".join(seen.texts).split())
        for item in json.loads((folder / "feed.json").read_text())["items"]:
            said = " ".join(item["title"].split())
            assert said in words, said
            assert said in " ".join(plain.get_content().split()), said
    site = pathlib.Path(place) / "site"
    base = "https://example.org/guide/"
    told("guide", "--as-of", "2026-11-24", "--out", str(site), "--base-url", base)
    news = json.loads((site / "news.json").read_text())["parts"][0]["report"]
    total += feeds(site, "news.html", base, len(news["items"]))
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    listed = {u.find(f"{space}loc").text for u in xml.parse(site / "sitemap.xml").getroot()}
    pages = {p.name for p in site.glob("*.html")}
    assert listed == {base + ("" if p == "index.html" else p) for p in pages}
    for page in pages:
        source = (site / page).read_text()
        data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', source).group(1))
        assert data["@type"] == "Dataset" and data["name"] and len(data["description"]) >= 50
        for file in data["distribution"]:
            assert (site / file["contentUrl"].removeprefix(base)).is_file(), file
print(f"feeds: {total} items, Atom by feedparser, JSON Feed by its schema, mail by Python, and their links")

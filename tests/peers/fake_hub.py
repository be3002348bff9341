"""A fake Hub that serves a list of models the way the real one pages it, from memory.

`models(n)` are n rows with the fields that both clients ask for; `serve(rows, page)` answers
/api/models (task, limit, cursor, Link, RateLimit, ETag), /api/models/ID with a 307 for a renamed one,
/api/spaces, and 400 for a sort that the API does not know.
"""

import http.server
import json
import socket
import threading
import urllib.parse

TASKS = ["text-to-image", "text-to-video", "text-to-speech", "image-to-3d", "text-generation"]


def models(n):
    return [
        {
            "_id": f"{i:024x}",
            "id": f"owner-{i % 997}/model-{i}",
            "downloads": 40_000_000 // (i + 1),
            "downloadsAllTime": 90_000_000 // (i + 1),
            "likes": i % 5003,
            "trendingScore": i % 11,
            "pipeline_tag": TASKS[i % len(TASKS)],
            "library_name": "diffusers",
            "gated": "auto" if i % 50 == 0 else False,
            "tags": ["diffusers", "safetensors", "license:apache-2.0", f"base_model:owner/base-{i % 31}", "region:us"],
            "safetensors": {"parameters": {"BF16": 12_000_000_000}, "total": 12_000_000_000},
            "createdAt": "2024-07-31T21:13:44.000Z",
            "private": False,
        }
        for i in range(n)
    ]


class Hub:
    """Pages are put together once, so that the server is not what is timed."""

    def __init__(self, rows, page):
        self.rows = rows
        self.page = page
        self.pages = {}
        self.asked = []

    def slice(self, task, start, size):
        key = (task, start, size)
        if key not in self.pages:
            rows = [r for r in self.rows if task is None or r["pipeline_tag"] == task]
            end = min(start + size, len(rows))
            self.pages[key] = (json.dumps(rows[start:end]).encode(), end if end < len(rows) else None)
        return self.pages[key]


def serve(hub):
    """Answers the address and the server, which runs until it is shut down."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def answer(self, status, body, headers=()):
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("RateLimit", '"api";r=499;t=300')
            self.send_header("RateLimit-Policy", '"fixed window";"api";q=500;w=300')
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            url = urllib.parse.urlsplit(self.path)
            query = urllib.parse.parse_qs(url.query)
            hub.asked.append((self.path, dict(self.headers)))
            one = lambda name: (query.get(name) or [None])[0]
            if url.path == "/api/models":
                if one("sort") not in (None, "downloads", "likes", "trendingScore", "createdAt", "lastModified"):
                    return self.answer(400, b'{"error":"\xe2\x9c\x96 Invalid sort parameter"}')
                task = one("pipeline_tag") or one("filter")
                start = int(one("cursor") or 0)
                size = min(int(one("limit") or hub.page), hub.page)
                body, end = hub.slice(task, start, size)
                headers = [("ETag", f'W/"{start}-{len(body)}"')]
                if end is not None:
                    rest = [(k, v) for k, vs in query.items() for v in vs if k != "cursor"]
                    rest.append(("cursor", str(end)))
                    host = self.headers["Host"]
                    headers.append(
                        ("Link", f'<http://{host}/api/models?{urllib.parse.urlencode(rest)}>; rel="next"')
                    )
                return self.answer(200, body, headers)
            if url.path == "/api/spaces":
                return self.answer(200, b"[]")
            name = url.path.removeprefix("/api/models/")
            if name == "old/name":
                self.send_response(307)
                self.send_header("Location", "/api/models/owner-1/model-1")
                self.send_header("Content-Length", "0")
                return self.end_headers()
            found = next((r for r in hub.rows[:5000] if r["id"] == name), None)
            if found is None:
                return self.answer(
                    401, b'{"error":"Invalid username or password."}', [("X-Error-Code", "RepoNotFound")]
                )
            return self.answer(200, json.dumps(found).encode())

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def server_bind(self):
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            super().server_bind()

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}", server

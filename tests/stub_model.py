"""A chat endpoint on this machine that answers as a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

Handler = BaseHTTPRequestHandler


class Asked(NamedTuple):
    """One request: its headers in lower case, and its body."""

    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The pieces of the page that were sent."""
        return json.loads(self.body["messages"][1]["content"])["blocks"]


class Stub(NamedTuple):
    """The running endpoint and what it was asked."""

    url: str
    asked: list[Asked]


Answer = Callable[[Handler, Asked, int], None]
"""Answers one request; the last argument counts them from 1."""


@contextlib.contextmanager
def serving(answer: Answer) -> Iterator[Stub]:
    """Run an endpoint until the test is over."""
    asked: list[Asked] = []

    class Chat(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            request = Asked({k.lower(): v for k, v in self.headers.items()}, json.loads(body))
            asked.append(request)
            with contextlib.suppress(ConnectionError):
                answer(self, request, len(asked))

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Chat)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Stub(f"http://127.0.0.1:{server.server_port}/v1", asked)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def send(handler: Handler, status: int, body: bytes, **headers: str) -> None:
    """Send a whole answer."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def say(handler: Handler, content: object, **choice: object) -> None:
    """Send a message as a chat endpoint does."""
    body = {"choices": [{"message": {"role": "assistant", "content": content}, **choice}]}
    send(handler, 200, json.dumps(body).encode())


def rows(*found: dict[str, Any]) -> str:
    """Return the text of an answer with these claims."""
    return json.dumps({"claims": list(found)})

"""A SPARQL store of the user's own: queries by the SPARQL Protocol, loading by the Graph Store Protocol.

Only the address that the user names is contacted: no redirect is followed, no proxy is used.
"""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlencode, urlsplit

from kb.errors import InputError, Problem
from kb.rdf.answers import Answer, from_json

MOST_BYTES = 256 << 20
TYPES = {
    ".nq": "application/n-quads",
    ".trig": "application/trig",
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".jsonld": "application/ld+json",
}
"""Formats of files that can be loaded. N-Quads, TriG and JSON-LD name their graphs themselves."""

TRIPLES = (".ttl", ".nt")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **named: object) -> None:
        """Follow nothing."""
        del args, named


def _checked(endpoint: str) -> str:
    try:
        parts = urlsplit(endpoint)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.fragment
        sound = sound and (parts.port or 1) > 0 and endpoint.isprintable() and " " not in endpoint
    except ValueError:
        sound = False
    if not sound:
        raise InputError([Problem(endpoint, 0, "is no address of an endpoint", "write http://HOST:PORT/PATH")])
    return endpoint


def run(endpoint: str, query: str, seconds: float) -> Answer:
    """Run a SELECT or ASK query at an endpoint; raise `InputError` with what it answers otherwise."""
    headers = {"Accept": "application/sparql-results+json", "Content-Type": "application/x-www-form-urlencoded"}
    return from_json(_send(endpoint, urlencode({"query": query}).encode("ascii"), headers, seconds), endpoint)


def load(endpoint: str, path: Path, graph: str | None, seconds: float) -> None:
    """Add a file to a store; its triples go into ``graph`` or the default graph, quads where they say."""
    kind = TYPES.get(path.suffix)
    if kind is None or not path.is_file():
        remedy = f"name a file that ends in {', '.join(TYPES)} (unpack it first)"
        raise InputError([Problem(str(path), 0, "cannot be loaded", remedy)])
    if graph is not None and path.suffix not in TRIPLES:
        raise InputError([Problem("--graph", 0, "is for files of triples", "the file names its graphs itself")])
    address = endpoint
    if path.suffix in TRIPLES:
        mark = "&" if urlsplit(endpoint).query else "?"
        address += mark + (f"graph={quote(graph, safe='')}" if graph is not None else "default")
    with path.open("rb") as file:
        headers = {"Content-Type": kind, "Content-Length": str(path.stat().st_size)}
        _send(address, file, headers, seconds)


def _send(address: str, body: bytes | IO[bytes], headers: dict[str, str], seconds: float) -> bytes:
    request = urllib.request.Request(_checked(address), body, headers, method="POST")  # noqa: S310
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
    try:
        with opener.open(request, timeout=seconds) as reply:
            data: bytes = reply.read(MOST_BYTES + 1)
    except urllib.error.HTTPError as error:
        with error:
            told = " ".join(error.read(2000).decode("utf-8", "replace").split())[:300]
        raise InputError(
            [Problem(address, 0, f"answered {error.code} {error.reason}: {told}", "see its log")]
        ) from None
    except (OSError, http.client.HTTPException) as error:
        raise InputError([Problem(address, 0, f"cannot be reached: {error}", "is the server running?")]) from None
    if len(data) > MOST_BYTES:
        raise InputError([Problem(address, 0, "answered more than 256 MB", "ask for fewer rows")])
    return data

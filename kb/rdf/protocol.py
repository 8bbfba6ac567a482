"""A read-only endpoint of the SPARQL 1.1 Protocol on this machine: http://127.0.0.1:PORT/sparql.

https://www.w3.org/TR/sparql11-protocol/. Queries come by GET or POST; updates and other data sets are refused.
A page of another origin cannot use it: the Host header has to name this machine, and nothing allows other origins.
"""

from __future__ import annotations

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from kb.errors import InputError
from kb.rdf.answers import Answer, to_json
from kb.rdf.refusing import MOST_CHARACTERS, RefusedError
from kb.rdf.store import BusyError, Limits, Store, TimeIsUpError

ADDRESS = "127.0.0.1"
PATH = "/sparql"
MOST_BYTES = 4 * MOST_CHARACTERS
ROWS = {
    "application/sparql-results+json": "JSON",
    "application/json": "JSON",
    "application/sparql-results+xml": "XML",
    "application/xml": "XML",
    "text/csv": "CSV",
    "text/tab-separated-values": "TSV",
}
GRAPHS = {
    "text/turtle": "TURTLE",
    "application/n-triples": "N_TRIPLES",
    "text/plain": "N_TRIPLES",
    "application/rdf+xml": "RDF_XML",
    "application/ld+json": "JSON_LD",
}
"""Media types offered for rows and truths, and for graphs; the first of each is the default."""

DESCRIPTION = """\
@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
<{address}> a sd:Service ;
    sd:endpoint <{address}> ;
    sd:supportedLanguage sd:SPARQL11Query ;
    sd:feature sd:UnionDefaultGraph ;
    sd:resultFormat <http://www.w3.org/ns/formats/SPARQL_Results_JSON>, <http://www.w3.org/ns/formats/SPARQL_Results_XML>,
        <http://www.w3.org/ns/formats/SPARQL_Results_CSV>, <http://www.w3.org/ns/formats/SPARQL_Results_TSV>,
        <http://www.w3.org/ns/formats/Turtle>, <http://www.w3.org/ns/formats/N-Triples>,
        <http://www.w3.org/ns/formats/RDF_XML>, <http://www.w3.org/ns/formats/JSON-LD> .
"""


class Refusal(Exception):  # noqa: N818
    """Ends a request with a status and a sentence."""

    def __init__(self, status: HTTPStatus, told: str, **headers: str) -> None:
        super().__init__(told)
        self.status, self.told, self.headers = status, told, headers


class Endpoint(ThreadingHTTPServer):
    """The server; ``store`` answers, one query at a time."""

    daemon_threads = True

    def __init__(self, store: Store, port: int, limits: Limits | None = None) -> None:
        super().__init__((ADDRESS, port), _Handler)
        self.store = store
        self.limits = limits or Limits()
        own = self.server_address[1]
        self.hosts = {f"{name}:{own}" for name in (ADDRESS, "localhost")} | (
            {ADDRESS, "localhost"} if own == 80 else set()
        )
        self.address = f"http://{ADDRESS}:{own}{PATH}"


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint
    server_version = "claims-kb"
    sys_version = ""
    timeout = 30  # seconds for a client to say what it wants

    def do_GET(self) -> None:
        """Answer a query in the address, or describe the service."""
        self._respond(self._from_address)

    do_HEAD = do_GET  # noqa: N815

    def do_POST(self) -> None:
        """Answer a query in the body."""
        self._respond(self._from_body)

    def _not_allowed(self) -> None:
        told = "the endpoint only reads: use GET or POST"
        self._send(HTTPStatus.METHOD_NOT_ALLOWED, "text/plain", told, {"Allow": "GET, HEAD, POST"})

    do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _not_allowed  # noqa: N815

    def _respond(self, asked: object) -> None:
        try:
            self._admit()
            query = asked()  # type: ignore[operator]
            if query is None:
                self._send(HTTPStatus.OK, "text/turtle", DESCRIPTION.format(address=self.server.address), {})
                return
            answer = self.server.store.query(query, self.server.limits)
            kind, text = self._negotiated(answer)
            cut = {"Kb-Truncated": str(self.server.limits.rows)} if answer.truncated else {}
            self._send(HTTPStatus.OK, kind, text, cut)
        except Refusal as refusal:
            self._send(refusal.status, "text/plain", refusal.told, refusal.headers)
        except BusyError as error:
            self._send(HTTPStatus.SERVICE_UNAVAILABLE, "text/plain", str(error), {"Retry-After": "5"})
        except TimeIsUpError as error:
            self._send(HTTPStatus.GATEWAY_TIMEOUT, "text/plain", str(error), {})
        except RefusedError as error:
            self._send(HTTPStatus.FORBIDDEN, "text/plain", str(error), {})
        except InputError as error:
            self._send(HTTPStatus.BAD_REQUEST, "text/plain", str(error), {})

    def _admit(self) -> None:
        """Refuse another host (DNS rebinding), another origin and another path."""
        if self.headers.get_all("Host", []) not in [[host] for host in self.server.hosts]:
            raise Refusal(HTTPStatus.FORBIDDEN, "the Host header does not name this machine")
        origin = self.headers.get("Origin")
        if origin is not None and origin.removeprefix("http://") not in self.server.hosts:
            raise Refusal(HTTPStatus.FORBIDDEN, "requests of other origins are not answered")
        if urlsplit(self.path).path != PATH:
            raise Refusal(HTTPStatus.NOT_FOUND, f"there is only {PATH}")

    def _from_address(self) -> str | None:
        return self._only_query(urlsplit(self.path).query, needed=False)

    def _from_body(self) -> str | None:
        kind = self.headers.get_content_type()
        if kind == "application/sparql-update":
            raise Refusal(HTTPStatus.FORBIDDEN, "the endpoint only reads: updates are refused")
        if kind not in ("application/x-www-form-urlencoded", "application/sparql-query"):
            told = "send application/x-www-form-urlencoded or application/sparql-query"
            raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, told)
        text = self._body()
        if kind == "application/x-www-form-urlencoded":
            return self._only_query(text, needed=True)
        self._only_query(urlsplit(self.path).query, needed=False)
        return text

    def _body(self) -> str:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or len(length) > 12 or "Transfer-Encoding" in self.headers:
            raise Refusal(HTTPStatus.LENGTH_REQUIRED, "send a Content-Length")
        if int(length) > MOST_BYTES:
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a query has at most {MOST_BYTES:,} bytes")
        try:
            return self.rfile.read(int(length)).decode("utf-8")
        except UnicodeDecodeError:
            raise Refusal(HTTPStatus.BAD_REQUEST, "the body is not UTF-8") from None
        except TimeoutError:
            raise Refusal(HTTPStatus.REQUEST_TIMEOUT, "the body did not arrive") from None

    def _only_query(self, text: str, *, needed: bool) -> str | None:
        try:
            given = parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=20)
        except ValueError:
            raise Refusal(HTTPStatus.BAD_REQUEST, "the parameters cannot be read") from None
        if "update" in given:
            raise Refusal(HTTPStatus.FORBIDDEN, "the endpoint only reads: updates are refused")
        if given.keys() & {"default-graph-uri", "named-graph-uri", "using-graph-uri", "using-named-graph-uri"}:
            raise Refusal(HTTPStatus.FORBIDDEN, "the data set cannot be chosen: use GRAPH in the query")
        queries = given.get("query", [])
        if len(queries) > 1 or (needed and not queries):
            raise Refusal(HTTPStatus.BAD_REQUEST, "give one parameter query")
        return queries[0] if queries else None

    def _negotiated(self, answer: Answer) -> tuple[str, str]:
        import pyoxigraph as ox

        offered = GRAPHS if answer.triples is not None else ROWS
        kind = chosen(", ".join(self.headers.get_all("Accept", [])), tuple(offered))
        if kind is None:
            raise Refusal(HTTPStatus.NOT_ACCEPTABLE, f"offered are {', '.join(offered)}")
        if answer.triples is not None:
            triples = ox.parse("\n".join(answer.triples), ox.RdfFormat.N_TRIPLES)
            data = ox.serialize(triples, format=getattr(ox.RdfFormat, offered[kind]))
            return kind, (data or b"").decode("utf-8")
        if offered[kind] == "JSON":
            return kind, to_json(answer)
        if answer.truth is not None and offered[kind] in ("CSV", "TSV"):
            return kind, "true\n" if answer.truth else "false\n"
        found = ox.parse_query_results(to_json(answer), ox.QueryResultsFormat.JSON)
        written = found.serialize(format=getattr(ox.QueryResultsFormat, offered[kind]))
        return kind, (written or b"").decode("utf-8")

    def _send(self, status: HTTPStatus, kind: str, text: str, headers: dict[str, str]) -> None:
        data = text.encode("utf-8", "replace")
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Vary", "Accept")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = True
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep silent: what people ask is nobody's business."""


def chosen(accept: str, offered: tuple[str, ...]) -> str | None:
    """Return the offered media type that ``accept`` wants most, None if it wants none of them."""
    if not accept.strip():
        return offered[0]
    best: tuple[float, int, str] | None = None
    wishes = [_wish(part) for part in accept.split(",")]
    for place, kind in enumerate(offered):
        fitting = [(len(w.replace("*", "")), q) for w, q in wishes if w in (kind, kind.split("/")[0] + "/*", "*/*")]
        quality = max(fitting)[1] if fitting else 0.0
        if quality > 0 and (best is None or (quality, -place) > best[:2]):
            best = (quality, -place, kind)
    return best[2] if best else None


def _wish(part: str) -> tuple[str, float]:
    kind, *rest = (piece.strip().casefold() for piece in part.split(";"))
    for piece in rest:
        if piece.startswith("q="):
            try:
                return kind, min(max(float(piece[2:]), 0.0), 1.0)
            except ValueError:
                return kind, 0.0
    return kind, 1.0

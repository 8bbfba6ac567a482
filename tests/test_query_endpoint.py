"""The endpoint on loopback, asked as clients ask it; and a store of one's own behind the two protocols."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
from kb.audit import find_all
from kb.errors import InputError
from kb.rdf import remote
from kb.rdf.exporting import export_texts
from kb.rdf.library import library
from kb.rdf.protocol import Endpoint, chosen
from kb.rdf.store import Limits, Store
from kb.rdf.writers import RdfFormat
from kb.standing import review

from building import TOY, build_folder

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SELECT = "SELECT ?s WHERE { ?s a <https://claims-kb.example/claims#Document> } ORDER BY ?s"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    kb = build_folder(TOY)
    with Store.of(kb, review(kb, find_all(kb))) as store, Endpoint(store, 0, Limits(5, 1000)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def ask(
    server: Endpoint, method: str, path: str, body: str | bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=30)
    connection.request(method, path, body, headers or {})
    reply = connection.getresponse()
    text = reply.read().decode("utf-8")
    connection.close()
    return reply.status, dict(reply.getheaders()), text


def get(server: Endpoint, query: str, accept: str = "*/*") -> tuple[int, dict[str, str], str]:
    return ask(server, "GET", f"/sparql?query={quote(query)}", headers={"Accept": accept})


def test_three_ways_to_ask(endpoint: Endpoint) -> None:
    replies = [
        get(endpoint, SELECT),
        ask(endpoint, "POST", "/sparql", urlencode({"query": SELECT}), FORM),
        ask(endpoint, "POST", "/sparql", SELECT, {"Content-Type": "application/sparql-query"}),
    ]
    assert {(status, headers["Content-Type"]) for status, headers, _ in replies} == {
        (200, "application/sparql-results+json; charset=utf-8")
    }
    assert len({text for _, _, text in replies}) == 1
    assert json.loads(replies[0][2])["results"]["bindings"]
    assert "Access-Control-Allow-Origin" not in replies[0][1]


@pytest.mark.parametrize("kind", ["sparql-results+json", "sparql-results+xml", "csv", "tab-separated-values"])
def test_rows_in_every_format(endpoint: Endpoint, kind: str) -> None:
    accept = f"{'application' if kind.startswith('sparql') else 'text'}/{kind}"
    status, headers, text = get(endpoint, SELECT, accept)
    assert (status, headers["Content-Type"].split(";")[0]) == (200, accept)
    if kind != "csv":
        form = {"json": "JSON", "xml": "XML"}.get(kind[-4:].strip("+"), "TSV")
        read = ox.parse_query_results(text, getattr(ox.QueryResultsFormat, form))
        assert isinstance(read, ox.QuerySolutions)
        assert len(list(read)) == len(json.loads(get(endpoint, SELECT)[2])["results"]["bindings"])
    assert get(endpoint, "ASK { ?s ?p ?o }", accept)[0] == 200


@pytest.mark.parametrize("kind", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"])
def test_graphs_in_every_format(endpoint: Endpoint, kind: str) -> None:
    query = "CONSTRUCT WHERE { ?s a <https://claims-kb.example/claims#Document> ; ?p ?o }"
    status, headers, text = get(endpoint, query, kind)
    assert (status, headers["Content-Type"].split(";")[0]) == (200, kind)
    form = ox.RdfFormat.from_media_type(kind)
    assert form is not None
    assert len(set(ox.parse(text, form))) > 5


def test_it_describes_itself(endpoint: Endpoint) -> None:
    status, headers, text = ask(endpoint, "GET", "/sparql")
    assert (status, headers["Content-Type"]) == (200, "text/turtle; charset=utf-8")
    assert any("sparql-service-description#endpoint" in str(t.predicate) for t in ox.parse(text, ox.RdfFormat.TURTLE))


@pytest.mark.parametrize(
    ("status", "method", "path", "body", "headers"),
    [
        (400, "GET", "/sparql?query=SELECT", None, {}),
        (400, "GET", "/sparql?query=a&query=b", None, {}),
        (400, "GET", "/sparql?query=%ff", None, {}),
        (400, "POST", "/sparql", "x=1", FORM),
        (400, "POST", "/sparql", b"\xff", {"Content-Type": "application/sparql-query"}),
        (403, "GET", "/sparql?update=DROP%20ALL", None, {}),
        (403, "POST", "/sparql", "update=DROP+ALL", FORM),
        (403, "POST", "/sparql", "DROP ALL", {"Content-Type": "application/sparql-update"}),
        (403, "POST", "/sparql", "DROP ALL", {"Content-Type": "application/sparql-query"}),
        (403, "GET", "/sparql?query=" + quote("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }"), None, {}),
        (403, "GET", "/sparql?query=ASK%7B%7D&default-graph-uri=http://x/", None, {}),
        (403, "GET", "/sparql", None, {"Host": "evil.example"}),
        (403, "GET", "/sparql", None, {"Origin": "http://evil.example"}),
        (403, "GET", "/sparql", None, {"Origin": "null"}),
        (404, "GET", "/", None, {}),
        (405, "PUT", "/sparql", "x", {}),
        (405, "DELETE", "/sparql", None, {}),
        (405, "OPTIONS", "/sparql", None, {}),
        (406, "GET", "/sparql?query=ASK%7B%7D", None, {"Accept": "image/png"}),
        (411, "POST", "/sparql", None, {**FORM, "Transfer-Encoding": "chunked"}),
        (413, "POST", "/sparql", "x", {**FORM, "Content-Length": "400001"}),
        (415, "POST", "/sparql", "{}", {"Content-Type": "application/json"}),
        (501, "BREW", "/sparql", None, {}),
    ],
)
def test_what_is_refused(
    endpoint: Endpoint, status: int, method: str, path: str, body: str | bytes | None, headers: dict[str, str]
) -> None:
    assert ask(endpoint, method, path, body, headers)[0] == status


def test_limits_are_told(endpoint: Endpoint) -> None:
    status, headers, text = get(endpoint, "SELECT * { ?s ?p ?o }")
    assert (status, headers["Kb-Truncated"]) == (200, "1000")
    assert len(json.loads(text)["results"]["bindings"]) == 1000
    endpoint.limits = Limits(0.5, 1000)
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    assert get(endpoint, slow)[0] == 504
    endpoint.limits = Limits(5, 1000)
    assert get(endpoint, "ASK { ?s ?p ?o }")[0] == 200


def test_negotiation() -> None:
    offered = ("a/x", "a/y", "b/z")
    assert chosen("", offered) == "a/x"
    assert chosen("a/y;q=0.5, b/z", offered) == "b/z"
    assert chosen("a/*, a/x;q=0", offered) == "a/y"
    assert chosen("c/*", offered) is None
    assert chosen("a/x;q=oops", offered) is None


# A store of one's own


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An Oxigraph server on loopback, in memory."""
    binary = shutil.which("oxigraph") or shutil.which("oxigraph", path=str(Path(__import__("sys").executable).parent))
    if binary is None:
        pytest.skip("the oxigraph server is not installed (extra dev)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([binary, "serve", "--bind", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL)
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait()


def test_the_same_queries_give_the_same_rows_at_a_store_of_ones_own(oxigraph: str, tmp_path: Path) -> None:
    kb = build_folder(TOY)
    found = review(kb, find_all(kb))
    path = tmp_path / "kb.nt"
    path.write_text("".join(export_texts(kb, found, RdfFormat.NTRIPLES)), "utf-8")
    remote.load(f"{oxigraph}/store", path, None, 60)
    with Store.of(kb, found) as store:
        for name, query in library().items():
            there = remote.run(f"{oxigraph}/query", query.text, 60)
            here = store.query(query.text)
            assert [there.cells(row) for row in there.rows] == [here.cells(row) for row in here.rows], name


def test_quads_go_into_their_graphs_and_triples_where_told(oxigraph: str, tmp_path: Path) -> None:
    (tmp_path / "q.nq").write_text("<a:s> <a:p> <a:o> <a:g> .\n", "utf-8")
    (tmp_path / "t.ttl").write_text("<a:s> <a:p> <a:o> .\n", "utf-8")
    remote.load(f"{oxigraph}/store", tmp_path / "q.nq", None, 60)
    remote.load(f"{oxigraph}/store", tmp_path / "t.ttl", "a:h&x=1", 60)
    rows = remote.run(f"{oxigraph}/query", "SELECT ?g { GRAPH ?g { <a:s> ?p ?o } } ORDER BY ?g", 60)
    assert [rows.cells(row) for row in rows.rows] == [["a:g"], ["a:h&x=1"]]
    (tmp_path / "broken.nt").write_text("no triples\n", "utf-8")
    with pytest.raises(InputError, match="answered 400"):
        remote.load(f"{oxigraph}/store", tmp_path / "broken.nt", None, 60)


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://x/", "http://", "x", "http://a b/", "http://x:99999/"]
)
def test_only_addresses_of_endpoints_are_asked(address: str) -> None:
    with pytest.raises(InputError, match="is no address"):
        remote.run(address, "ASK {}", 1)


def test_a_store_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be reached"):
        remote.run("http://127.0.0.1:1/sparql", "ASK {}", 2)
    with pytest.raises(InputError, match="cannot be loaded"):
        remote.load("http://127.0.0.1:1/", tmp_path / "no.csv", None, 1)

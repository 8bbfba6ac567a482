"""SPARQL here: the library gives the rows that were checked by hand; nothing but reading gets through; limits hold."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kb.audit import find_all
from kb.build import build
from kb.errors import InputError
from kb.rdf.answers import to_csv
from kb.rdf.library import bound, find_query, library, literal
from kb.rdf.refusing import RefusedError, checked
from kb.rdf.store import Limits, Store, TimeIsUpError
from kb.standing import review

from building import TOY, build_folder

ROOT = Path(__file__).resolve().parent.parent
EXPECTED = ROOT / "tests" / "expected_queries"


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    kb = build(ROOT / "data" / "ketamine")
    with Store.of(kb, review(kb, find_all(kb))) as made:
        yield made


def test_the_library_serves_every_user() -> None:
    users = [query.user for query in library().values()]
    assert {user: users.count(user) >= 5 for user in ("auditor", "educator", "analyst")} == dict.fromkeys(users, True)
    assert len(users) >= 15
    assert {path.stem for path in EXPECTED.glob("*.csv")} == set(library())


@pytest.mark.parametrize("name", sorted(library()))
def test_a_query_gives_the_expected_rows(store: Store, name: str) -> None:
    answer = store.query(library()[name].text, name=name)
    assert to_csv(answer) == (EXPECTED / f"{name}.csv").read_text("utf-8")
    assert not answer.truncated


def test_the_library_works_on_a_domain_unlike_the_shipped_one() -> None:
    kb = build_folder(TOY)
    with Store.of(kb, review(kb, find_all(kb))) as store:
        counts = {name: len(store.query(query.text).rows) for name, query in library().items()}
    assert sum(count > 0 for count in counts.values()) >= 12, counts
    assert "ketamin" not in "".join(query.text for query in library().values()).casefold()


def test_parameters_select(store: Store) -> None:
    text = library()["claims-of-a-document"].text
    answer = store.query(bound(text, ["document=page-003", "topic=dose"]))
    assert answer.rows
    assert {(row["document"]["value"], row["onTopic"]["value"]) for row in answer.rows} == {("page-003", "dose")}
    assert not store.query(bound(text, ['document=page-003" } { ?s ?p ?o } #'])).rows
    for wrong in (["nothing=x"], ["document"], ["document=a", "document=b"], ["a b=c"]):
        with pytest.raises(InputError, match="does not fit"):
            bound(text, wrong)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40))
def test_a_bound_value_is_a_value(value: str) -> None:
    import pyoxigraph as ox

    found = ox.Store().query(f"SELECT ?x WHERE {{ BIND({literal(value)} AS ?x) }}")
    assert isinstance(found, ox.QuerySolutions)
    (row,) = found
    assert row["x"] == ox.Literal(value)


REFUSED = [
    "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
    "SELECT * { sErViCe SILENT ?x { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <http://x/> { ?a ?b ?c } } }",
    "SELECT * { { SELECT * { SERVICE <http://x/> { ?a ?b ?c } } } }",
    "SELECT * {#\rSERVICE <http://x/> { ?s ?p ?o } }",
    'SELECT * { ?s ?p "\\u0022 } #" . SERVICE <http://x/> { ?s ?p ?o } }',
    "SELECT * { \\u0053ERVICE <http://x/> { ?s ?p ?o } }",
    "PREFIX b: <http://b/> SELECT * { ?a ?b ?c FILTER(?a<b:x)SERVICE#>\n?x{ ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o } # it's\nVALUES ?x { 1 } SERVICE",
    "SELECT * FROM <http://x/> { ?s ?p ?o }",
    "SELECT * FROM NAMED <file:///etc/passwd> { ?s ?p ?o }",
    "LOAD <http://x/>",
    "INSERT DATA { <a:a> <a:b> 1 }",
    "DELETE WHERE { ?s ?p ?o }",
    "DROP ALL",
    "CLEAR DEFAULT",
]


@pytest.mark.parametrize("query", REFUSED)
def test_what_does_more_than_read_is_refused(query: str) -> None:
    with pytest.raises(RefusedError):
        checked(query)


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s ?p "SERVICE <http://x/> { }" }',
        "SELECT * { ?s ?p ?service } # SERVICE <http://x/> { }",
        "PREFIX service: <http://example.org/service/> SELECT * { ?s service:from ?insert }",
        "SELECT * { ?s <http://example.org/service> '''it's \"load\" ''' }",
        "\ufeffASK { ?s ?p ?o }\r\n",
    ],
)
def test_words_in_strings_names_and_comments_do_no_harm(query: str) -> None:
    checked(query)


@pytest.mark.parametrize("query", ["", "SELECT", "SELECT * {", "SELECT * { ?s ?p }", "x" * 100_001, "(" * 5000, "\0"])
def test_what_is_no_query_is_said_to_be_none(query: str) -> None:
    with pytest.raises(InputError):
        checked(query)


class _Count(BaseHTTPRequestHandler):
    hits = 0

    def do_GET(self) -> None:
        type(self).hits += 1
        self.send_error(404)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *args: object) -> None: ...


def test_even_a_query_that_got_through_cannot_connect(store: Store) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Count)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    with pytest.raises(InputError):
        store.run(f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}", Limits(), "unchecked")
    assert _Count.hits == 0
    server.shutdown()
    server.server_close()
    assert store.query("ASK { ?s ?p ?o }").truth


def test_a_runaway_query_ends_in_time_and_the_next_one_runs(store: Store) -> None:
    begun = time.monotonic()
    with pytest.raises(TimeIsUpError, match="longer than"):
        store.query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", Limits(0.5, 10))
    assert time.monotonic() - begun < 10
    assert store.query("ASK { ?s ?p ?o }").truth


def test_rows_are_limited_and_it_is_said(store: Store) -> None:
    answer = store.query("SELECT * { ?s ?p ?o }", Limits(rows=7))
    assert (len(answer.rows), answer.truncated) == (7, True)
    answer = store.query("CONSTRUCT WHERE { ?s ?p ?o }", Limits(rows=7))
    assert (len(answer.triples or ()), answer.truncated) == (7, True)


def test_the_default_graph_holds_everything_once(store: Store) -> None:
    (row,) = store.query("SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT *) AS ?d) { ?s ?p ?o }").rows
    assert row["n"] == row["d"]
    assert int(row["n"]["value"]) == store.triples


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.rdf.store.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"claims-kb\[rdf\]"):
        Store([])


def test_the_command_line_asks() -> None:
    command = [sys.executable, "-m", "kb.cli", "--data", str(TOY), "query"]
    done = subprocess.run([*command, "ASK { ?s ?p ?o }"], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "yes\n"
    done = subprocess.run([*command, "nothing"], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 2
    assert "open-findings" in done.stderr
    with pytest.raises(InputError, match="no name in the library"):
        find_query("nothing")

"""The tab Query of the screen Data, in Streamlit's own test harness."""

from __future__ import annotations

from pathlib import Path

import pytest
from kb.ui.screens.querying import EDITOR, shelf
from streamlit.testing.v1 import AppTest

from test_screens import data, opened, press, words

__all__ = ["data"]


def test_a_query_of_the_library_runs(data: Path) -> None:
    at = opened("data", tab="query", query="works-by-design")
    assert "kb-table" not in words(at)
    at = press(at, "run query")
    shown = words(at)
    assert "15 rows" in shown
    assert "narrative-review" in shown
    assert {"CSV", "JSON"} <= {button.proto.label for button in at.get("download_button")}
    shelf().close()


OWN = {
    "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }": "asks another machine",
    "<script>alert(1)</script>": "is no SPARQL query",
    "SELECT ?x { VALUES ?x { '<script>alert(1)</script>' } }": "&lt;script&gt;",
    "SELECT ?x { ?x a <a:nothing> }": "No rows",
    "ASK { ?s ?p ?o }": "Yes.",
}


def test_queries_of_ones_own(data: Path) -> None:
    at: AppTest = opened("data", tab="query")
    for query, told in OWN.items():
        at.text_area(key=EDITOR).set_value(query)
        at = press(at, "run query")
        shown = words(at)
        assert told in shown, query
        assert "<script>" not in shown
    shelf().close()


def test_without_the_extra_it_says_what_to_install(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.rdf.store.find_spec", lambda name: None)
    assert "claims-kb[rdf]" in words(opened("data", tab="query"))

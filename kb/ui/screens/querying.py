"""The tab Query: questions in SPARQL, from the library or one's own, with the rows to take away."""

from __future__ import annotations

import threading

import streamlit as st

from kb.catalogue import Inbox
from kb.errors import InputError
from kb.rdf.answers import Answer, to_csv, to_json
from kb.rdf.library import library
from kb.rdf.store import Limits, Store, check_extra
from kb.ui import url
from kb.ui.components import tabular
from kb.ui.desk import Desk
from kb.ui.frame import nothing_here, problem_list, put
from kb.ui.markup import tag

USERS = {"auditor": "auditing", "educator": "summarising", "analyst": "analysing"}
EDITOR = "query text"
LIMITS = Limits(seconds=10, rows=5_000)
ROWS_SHOWN = 200


class Shelf:
    """The store of the records that were asked last; one for all visitors."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.inbox: Inbox | None = None
        self.store: Store | None = None

    def of(self, desk: Desk) -> Store:
        """Return the store of what the screens show now, made if it is not at hand."""
        with self.lock:
            if self.store is None or self.inbox is not desk.inbox:
                self.close()
                self.store, self.inbox = Store.of(desk.kb, desk.inbox.review), desk.inbox
            return self.store

    def close(self) -> None:
        """End the store."""
        if self.store is not None:
            self.store.close()
        self.store = self.inbox = None


@st.cache_resource(show_spinner=False)
def shelf() -> Shelf:
    """Return the shelf of this process."""
    return Shelf()


def show(desk: Desk) -> None:
    """Show the library, the editor and what the query gave."""
    try:
        check_extra()
    except InputError as error:
        put(tag("p", "Queries need Oxigraph, which is not installed."), problem_list(error.problems))
        return
    queries = library()
    name = url.select("Query", "query", list(queries), lambda n: f"{queries[n].title} ({USERS[queries[n].user]})")
    put(tag("p", queries[name].about, cls="kb-muted"))
    if st.session_state.get("query chosen") != name:
        st.session_state["query chosen"], st.session_state[EDITOR] = name, queries[name].text
    text = st.text_area("SPARQL", key=EDITOR, height=320, max_chars=100_000)
    pressed = st.button("Run", key="run query", type="primary")
    if pressed:
        st.session_state["query asked"] = text
    asked = st.session_state.get("query asked")
    if asked is None or asked != text:
        told = f"A query is ended after {LIMITS.seconds:g} s and gives at most {LIMITS.rows:,} rows."
        put(tag("p", told, cls="kb-muted"))
        return
    try:
        answer = shelf().of(desk).query(asked, LIMITS)
    except InputError as error:
        put(tag("div", tag("strong", "No answer."), problem_list(error.problems), cls="kb-banner", role="alert"))
        return
    _answer(name, answer)


def _answer(name: str, answer: Answer) -> None:
    if answer.triples is not None:
        put(tag("p", f"{len(answer.triples):,} triples"), tag("pre", "\n".join(answer.triples[:ROWS_SHOWN])))
        _download(f"{name}.nt", "N-Triples", "application/n-triples", "".join(f"{t}\n" for t in answer.triples))
        return
    if answer.truth is not None:
        put(tag("p", "Yes." if answer.truth else "No."))
        return
    if not answer.rows:
        nothing_here("No rows: nothing in the data fits the query.")
        return
    count = f"{len(answer.rows):,} row{'s' if len(answer.rows) > 1 else ''}"
    told = f"{count}, and more beyond the limit" if answer.truncated else count
    number = tabular.page_number(len(answer.rows))
    part = answer.rows[(number - 1) * tabular.PAGE : number * tabular.PAGE]
    rows = [answer.cells(row) for row in part]
    put(tabular.build(told, answer.names, rows), tabular.pager("data", len(answer.rows), number))
    with st.container(horizontal=True):
        _download(f"{name}.csv", "CSV", "text/csv", to_csv(answer))
        _download(f"{name}.json", "JSON", "application/sparql-results+json", to_json(answer))


def _download(file: str, label: str, mime: str, text: str) -> None:
    st.download_button(label, data=text, file_name=file, mime=mime, key=f"answer {label}", on_click="ignore")

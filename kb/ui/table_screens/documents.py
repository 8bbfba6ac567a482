"""Documents of a table: found by their words, those in most findings first; one of them with its claims."""

from __future__ import annotations

import streamlit as st

from kb.bulk import browsing
from kb.bulk.browsing import PAGE
from kb.ui import url
from kb.ui.components import tabular
from kb.ui.frame import nothing_here, put
from kb.ui.markup import Child, tag
from kb.ui.table_desk import TableDesk
from kb.ui.table_frame import needs_whole
from kb.ui.table_screens import sources

ROLES = {"document": "documents", "work": "works"}


def show(desk: TableDesk) -> None:
    """Show the document that the address names, or those that it asks for."""
    name = url.get("doc")
    line = browsing.one_source(desk.asking, name) if name else None
    if line is not None:
        sources.show(desk, "documents", line)
        return
    put(tag("h1", "Documents"))
    if "add" in st.query_params:
        put(needs_whole())
    if name:
        put(tag("p", f"Document {name} is not in this table. Search for it below.", cls="kb-info"))
    _list(desk)


def _list(desk: TableDesk) -> None:
    first, second = st.columns([2, 1])
    with first:
        words = url.search("Words", "q", "words in id, name or title")
    with second:
        role = url.select("Show", "role", list(ROLES), ROLES.__getitem__)
    total = browsing.count_sources(desk.asking, words, role)
    if not total:
        nothing_here(f"No {ROLES[role]} with these words.", tag("a", "Show all", href=url.to("documents", role=role)))
        return
    number = tabular.page_number(total, PAGE)
    size = PAGE if number < tabular.pages(total, PAGE) else PAGE + tabular.TAIL
    lines = browsing.sources(desk.asking, words, (number - 1) * PAGE, size, role)
    page, key = ("documents", "doc") if role == "document" else ("works", "work")
    rows: list[list[Child]] = [
        [
            tag("a", line.name, href=url.to(page, **{key: line.source})),
            line.title,
            f"{line.claims:,}",
            sources.kinds_cell(line.kinds),
        ]
        for line in lines
    ]
    put(
        tabular.build(
            f"{total:,} {ROLES[role]}, those in most findings first", ("Name", "Title", "Claims", "Findings"), rows
        ),
        tabular.pager("documents", total, number, PAGE),
    )

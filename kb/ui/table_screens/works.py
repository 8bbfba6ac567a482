"""A work of a table with what is recorded of it; the bibliography as a whole is left to a data folder."""

from __future__ import annotations

from kb.bulk import browsing
from kb.ui import url
from kb.ui.frame import put
from kb.ui.markup import tag
from kb.ui.table_desk import TableDesk
from kb.ui.table_frame import needs_whole
from kb.ui.table_screens import sources


def show(desk: TableDesk) -> None:
    """Show the work that the address names."""
    name = url.get("work")
    line = browsing.one_source(desk.asking, name) if name else None
    if line is not None:
        sources.show(desk, "works", line)
        return
    put(tag("h1", "Works"))
    if name:
        put(tag("p", f"Work {name} is not in this table.", cls="kb-info"))
    put(
        needs_whole(),
        tag("p", "Works can be searched here: ", tag("a", "all works", href=url.to("documents", role="work"))),
    )

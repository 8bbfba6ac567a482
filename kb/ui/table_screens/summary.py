"""The summary of a topic, which is written from every claim on it."""

from __future__ import annotations

from kb.ui.frame import put
from kb.ui.markup import tag
from kb.ui.table_desk import TableDesk
from kb.ui.table_frame import needs_whole


def show(desk: TableDesk) -> None:  # noqa: ARG001 - as every screen is called
    """Say what to do instead."""
    put(tag("h1", "Summary"), needs_whole())

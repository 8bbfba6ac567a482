"""One claim of a table as it is recorded; everything as tables is what the table folder is already."""

from __future__ import annotations

from kb.bulk.inbox import findings_on
from kb.ui import url
from kb.ui.frame import entitle, put
from kb.ui.markup import tag
from kb.ui.navigation import TITLES
from kb.ui.screens.data import record
from kb.ui.table_desk import TableDesk
from kb.ui.table_frame import needs_whole


def show(desk: TableDesk) -> None:
    """Show the claim that the address names."""
    put(tag("h1", "Data"))
    name = url.get("claim")
    claims = desk.asking.claims_by_id([name]) if name else []
    if name and not claims:
        put(tag("p", f"Claim {name} is not in this table.", cls="kb-info"))
    if not claims:
        put(
            needs_whole(),
            tag("p", "The claims themselves lie in ", tag("code", "claims/*.parquet"), " for any program to read."),
        )
        return
    claim = claims[0]
    findings, more = findings_on(desk.asking, [name])
    part = desk.desk(claims, findings.values())
    entitle(claim.text, TITLES["data"])
    put(record(part, claim))
    if more:
        link = url.to("findings", claim=name, state="all")
        put(tag("p", tag("a", f"{more:,} more findings on this claim", href=link)))

"""The frame round the screens of a table folder: what is out of date or missing, and which command mends it."""

from __future__ import annotations

from collections.abc import Callable

from kb.bulk.overview import totals
from kb.look import plural
from kb.model import FindingKind
from kb.ui.frame import foot, framed, guarded, nothing, problem_list, put
from kb.ui.markup import Child, Html, tag
from kb.ui.table_desk import TableDesk, Unfound
from kb.ui.table_store import present_table

INDEX = "kb --data DIR index"
WHOLE = ("This screen needs every claim at hand: make a data folder of this table with ", " and serve that.")
IMPORT = "kb import table DIR --into FOLDER"


def run(page: str, show: Callable[[TableDesk], None]) -> None:
    """Show a screen on a table folder in its frame."""

    def draw() -> None:
        found = present_table()
        if isinstance(found, Unfound):
            _unfound(found)
        elif isinstance(found, TableDesk):
            _banner(found)
            guarded(page, lambda: show(found))
            guarded(page, lambda: foot(_told(found)))
        else:
            nothing(found)

    framed(page, draw)


def needs_whole() -> Html:
    """Return what to do for a screen that a table cannot answer."""
    before, after = WHOLE
    return tag("p", before, tag("code", IMPORT), after, cls="kb-info")


def _unfound(found: Unfound) -> None:
    put(
        tag("h1", f"Claims about {found.title}"),
        tag(
            "p",
            tag("strong", f"{found.claims:,} claims"),
            f" of {found.documents:,} documents and {found.works:,} works, in a table folder.",
            cls="kb-lead",
        ),
        tag(
            "p",
            "Nothing has been compared yet, so there is nothing to show. This command finds what disagrees and keeps "
            "it beside the claims: ",
            tag("code", INDEX),
            ". Of a very large table, ",
            tag("code", "--top 50"),
            " looks at the 50 gravest parts alone.",
            cls="kb-info",
        ),
    )


def _banner(found: TableDesk) -> None:
    told: list[Child] = []
    if found.stale:
        text = "The claims, the vocabulary or the policy changed since these findings were made. What follows is how "
        told.append(tag("p", tag("strong", text + "it stood then. "), "Find anew with: ", tag("code", INDEX)))
    if found.problems:
        told += [tag("strong", "Some of the files cannot be read."), problem_list(found.problems)]
    if told:
        put(tag("div", *told, cls="kb-banner", role="alert"))


def _told(found: TableDesk) -> str:
    """Return one sentence on how much there is."""
    held = totals(found.asking, found.judged)
    mark = found.asking.mark
    kinds = ", ".join(f"{held.kinds[k]:,} {plural(k, held.kinds[k])}" for k in FindingKind if held.kinds[k])
    count = sum(held.kinds.values())
    settled = f" {held.settled:,} settled by a verdict." if held.settled else ""
    waived = f" {held.waived:,} waived by the policy." if held.waived else ""
    parts = f" {searched(found)}" if mark.parts else ""
    return (
        f"{mark.made:,} claims in {held.documents:,} documents, {mark.claims - mark.made:,} recorded facts of "
        f"{held.works:,} works. {count:,} findings{': ' + kinds if kinds else ''}.{settled}{waived}{parts}"
    )


def searched(found: TableDesk) -> str:
    """Return how much of the table was compared, "" if all of it was."""
    mark = found.asking.mark
    told = f"Compared were the {mark.looked:,} gravest of {mark.parts:,} parts in which something may clash."
    return told if mark.parts else ""

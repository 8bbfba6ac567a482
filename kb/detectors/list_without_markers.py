"""A page has a reference list, but no sentence of it points there."""

from __future__ import annotations

from collections.abc import Iterator

from kb.faults import counted, fault
from kb.model import Finding
from kb.pages import Page

CODE = "K003"
NAME = "list-without-markers"
SUMMARY = "a reference list to which no sentence points"


def find(page: Page) -> Iterator[Finding]:
    """Yield one finding if the page lists works and prints no marker."""
    if page.document.references != "list without markers":
        return
    links = [(claim, citation) for claim, citation, _ in page.links()]
    ours = sum(citation.basis == "inferred" for _, citation in links)
    claims = list(dict.fromkeys(claim for claim, citation in links if citation.basis == "inferred"))
    tail = f"; {counted(ours, 'link')} to them {'is' if ours == 1 else 'are'} our inference" if ours else ""
    entries, works = len(page.document.listed), len(set(page.document.listed))
    listed = counted(entries, "reference") + (f" ({counted(works, 'work')})" if works < entries else "")
    yield fault(
        page,
        CODE,
        (),
        claims,
        title=f"{page.name}: {listed}, no markers",
        sentence=f"{page.name} lists {listed}, but no marker says which of them backs what{tail}.",
        severity=2,
    )

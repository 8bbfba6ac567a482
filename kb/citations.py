"""Citations as rows: what each claim rests on, on what basis, and what stays unresolved."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from kb.model import Citation, Claim, Document, Record

State = Literal["printed", "described", "ours", "unresolved", "listed"]
STATES: dict[State, str] = {
    "printed": "a marker on the page leads to the work",
    "described": "the wording on the page identifies the work",
    "ours": "our inference; the page does not say so",
    "unresolved": "the page prints a marker, but its list is lost and nothing identifies the work",
    "listed": "in the reference list of the page, with no claim that can be tied to it",
}


class CitationRow(Record):
    """One link. ``claim`` is absent for a listed reference that no claim uses; ``number`` is its place in the list."""

    source: str
    claim: str | None
    marker: str
    number: int | None
    work: str | None
    basis: str
    confidence: Decimal
    state: State


def citation_state(citation: Citation) -> State:
    """Return how far a link can be trusted, in the words of `STATES`."""
    if citation.work is None:
        return "unresolved"
    if citation.basis == "inferred":
        return "ours"
    return "described" if citation.basis == "described" else "printed"


def citation_rows(documents: Iterable[Document], claims: Iterable[Claim]) -> list[CitationRow]:
    """Return all links in order of source, claim and work, then the listed references that nothing uses."""
    rows = []
    used: set[tuple[str, str]] = set()
    for claim in sorted(claims, key=_place):
        for citation in claim.cites:
            rows.append(
                CitationRow(
                    source=claim.source,
                    claim=claim.id,
                    marker=citation.marker,
                    number=None,
                    work=citation.work,
                    basis=citation.basis,
                    confidence=citation.confidence,
                    state=citation_state(citation),
                )
            )
            if citation.work:
                used.add((claim.source, citation.work))
    for document in sorted(documents, key=lambda d: d.id):
        for number, work in enumerate(document.listed, 1):
            if (document.id, work) not in used:
                rows.append(
                    CitationRow(
                        source=document.id,
                        claim=None,
                        marker="",
                        number=number,
                        work=work,
                        basis="list",
                        confidence=Decimal(1),
                        state="listed",
                    )
                )
    return rows


def _place(claim: Claim) -> tuple[str, int, str]:
    return (claim.source, claim.locator.start if claim.locator else 0, claim.id)

"""A document as its own critics see it: with its claims in order, its reference list, and the works it leans on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kb.bibliography import Work
from kb.domain import Domain
from kb.model import Citation, Claim, Document


@dataclass(frozen=True)
class Page:
    """One document; ``claims`` are in order of place, ``names`` the short names of all sources."""

    document: Document
    domain: Domain
    claims: tuple[Claim, ...]
    works: Mapping[str, Work]
    names: Mapping[str, str]

    @property
    def name(self) -> str:
        """The short name of the document."""
        return self.document.short

    def links(self) -> Iterator[tuple[Claim, Citation, Work]]:
        """Yield every link from a claim to a known work, in order of place."""
        for claim in self.claims:
            for citation in claim.cites:
                work = self.works.get(citation.work or "")
                if work is not None:
                    yield claim, citation, work


def make_pages(
    domain: Domain,
    documents: Iterable[Document],
    claims: Iterable[Claim],
    works: Mapping[str, Work],
    names: Mapping[str, str],
) -> list[Page]:
    """Return the pages in order of document id; cost is linear in the number of claims."""
    by_source: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_source[claim.source].append(claim)
    return [
        Page(document, domain, tuple(sorted(by_source[document.id], key=_place)), works, names)
        for document in sorted(documents, key=lambda document: document.id)
    ]


def _place(claim: Claim) -> tuple[int, int, str]:
    at = claim.locator
    return (at.start, at.end, claim.id) if at else (0, 0, claim.id)

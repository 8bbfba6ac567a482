"""A page calls something better, faster or safer and does not say than what."""

from __future__ import annotations

from collections.abc import Iterator

from kb.faults import counted, fault, quoted
from kb.model import Finding, Kind
from kb.pages import Page

CODE = "L002"
NAME = "missing-comparator"
SUMMARY = "a comparison that does not name the other side"


def find(page: Page) -> Iterator[Finding]:
    """Yield one finding with all comparisons of the page whose other side a reader must guess."""
    claims = [claim for claim in page.claims if claim.kind is Kind.COMPARISON and claim.implied]
    if claims:
        stakes = {claim: page.domain.properties[claim.property].stakes for claim in claims}
        yield fault(
            page,
            CODE,
            (),
            claims,
            title=f"{page.name}: {counted(len(claims), 'comparison')} without a comparator",
            sentence=f"{page.name} does not say with what it compares in {counted(len(claims), 'comparison')}"
            f"{', such as' if len(claims) > 1 else ':'} {quoted(min(claims, key=lambda c: -stakes[c]))}; "
            "the other side on record is our reading.",
            severity=min(2, max(stakes.values())),
        )

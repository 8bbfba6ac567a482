"""A page gives a share and does not say of whom."""

from __future__ import annotations

from collections.abc import Iterator

from kb.faults import counted, fault, quoted
from kb.model import Claim, Finding, Kind
from kb.pages import Page
from kb.scopes import effective_scope

CODE = "L003"
NAME = "missing-denominator"
SUMMARY = "a share that does not say of whom"


def find(page: Page) -> Iterator[Finding]:
    """Yield one finding with all shares of the page whose denominator is not on record."""
    claims = [claim for claim in page.claims if _lacks(page, claim)]
    if claims:
        stakes = {claim: page.domain.properties[claim.property].stakes for claim in claims}
        yield fault(
            page,
            CODE,
            (),
            claims,
            title=f"{page.name}: {counted(len(claims), 'share')} of nobody in particular",
            sentence=f"{page.name} does not say of whom {counted(len(claims), 'share')} "
            f"{'is' if len(claims) == 1 else 'are'} meant"
            f"{', such as' if len(claims) > 1 else ':'} {quoted(min(claims, key=lambda c: -stakes[c]))}.",
            severity=min(2, max(stakes.values())),
        )


def _lacks(page: Page, claim: Claim) -> bool:
    """Say whether a share lacks its denominator: no value of the dimension, and no study that would give it."""
    denominator = page.domain.properties[claim.property].denominator
    if claim.kind is not Kind.QUANTITY or denominator is None:
        return False
    return not effective_scope(page.domain, claim).get(denominator)

"""A page states figures or effects for which it names no source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kb.faults import counted, fault, quoted
from kb.model import Attribution, Claim, Duty, Finding
from kb.pages import Page

CODE = "K001"
NAME = "uncited-claim"
SUMMARY = "figures or effects are stated without a source"

LIST_LOST = ("list without markers",)
"""Where the capture lost the markers, what was cited cannot be told from what was not."""


def find(page: Page) -> Iterator[Finding]:
    """Yield one finding for every topic on which the page leaves such claims without a source."""
    if page.document.references in LIST_LOST:
        return
    by_topic: dict[str, list[Claim]] = defaultdict(list)
    for claim in page.claims:
        if _needs_source(page, claim):
            by_topic[page.domain.properties[claim.property].topic].append(claim)
    for topic, claims in sorted(by_topic.items()):
        bare = [claim for claim in claims if not claim.cites]
        if not bare:
            continue
        label = page.domain.topics[topic].label
        share = f"{len(bare)} of its {len(claims)}" if len(bare) < len(claims) else "any of its"
        noun = "claims" if len(claims) > 1 else "one claim"
        share = "its" if len(claims) == 1 else share
        sentence = (
            f"{page.name} names no source for {share} {noun} on {label} that a reader would want one for"
            f"{', such as' if len(bare) > 1 else ':'} {quoted(_gravest(page, bare))}."
        )
        yield fault(
            page,
            CODE,
            (topic,),
            bare,
            title=f"{page.name}: {counted(len(bare), 'claim')} on {label} without a source",
            sentence=sentence,
            severity=min(2, max(page.domain.properties[claim.property].stakes for claim in bare)),
            topic=topic,
        )


def _needs_source(page: Page, claim: Claim) -> bool:
    stated = claim.duty is Duty.NONE and claim.attribution in (Attribution.AUTHOR, Attribution.REPORTED)
    return stated and page.domain.properties[claim.property].needs_source


def _gravest(page: Page, claims: list[Claim]) -> Claim:
    """Return the claim that most needs a source: highest stakes, a figure before a statement, then first in place."""
    return min(claims, key=lambda c: (-page.domain.properties[c.property].stakes, c.value is None))

"""A page says "always", "only" or "the most" of a fact and names no source for it."""

from __future__ import annotations

from collections.abc import Iterator

from kb.faults import counted, fault, quoted
from kb.model import Attribution, Certainty, Claim, Duty, Finding, Strength
from kb.pages import Page

CODE = "L001"
NAME = "absolute-without-support"
SUMMARY = "an absolute or superlative without support"

WORDS = {Strength.UNIVERSAL: "absolute statement", Strength.SUPERLATIVE: "superlative"}


def find(page: Page) -> Iterator[Finding]:
    """Yield one finding for the absolutes and one for the superlatives of the page."""
    for strength, noun in WORDS.items():
        claims = [claim for claim in page.claims if claim.strength is strength and _bare_fact(page, claim)]
        if claims:
            gravest = min(claims, key=lambda c: -page.domain.properties[c.property].stakes)
            sentence = (
                f"{page.name} names no source for {counted(len(claims), noun)} about facts"
                f"{', such as' if len(claims) > 1 else ':'} {quoted(gravest)}."
            )
            yield fault(
                page,
                CODE,
                (str(strength),),
                claims,
                title=f"{page.name}: {counted(len(claims), noun)} without support",
                sentence=sentence,
                severity=min(2, page.domain.properties[gravest.property].stakes),
            )


def _bare_fact(page: Page, claim: Claim) -> bool:
    """Say whether the claim is a plain fact that matters and that nothing backs; a rule of conduct needs no source."""
    return (
        claim.duty is Duty.NONE
        and not claim.cites
        and claim.certainty is Certainty.ASSERTED
        and claim.attribution is Attribution.AUTHOR
        and page.domain.properties[claim.property].stakes > 1
    )

"""A page appeals to studies or experts that it does not name."""

from __future__ import annotations

from collections.abc import Iterator

from kb.faults import counted, fault, quoted
from kb.model import Appeal, Finding
from kb.pages import Page
from kb.wording import join

CODE = "L004"
NAME = "vague-authority"
SUMMARY = "studies or experts are appealed to and not named"

WORDS = {
    Appeal.STUDY: "“a study”",
    Appeal.STUDIES: "“studies”",
    Appeal.TRIAL: "“a trial”",
    Appeal.TRIALS: "“trials”",
    Appeal.REVIEWS: "“reviews”",
    Appeal.RESEARCH: "“research”",
    Appeal.GUIDELINE: "“guidelines”",
    Appeal.STATISTICS: "“statistics”",
    Appeal.EXPERTS: "“experts”",
}
"""What claims to know better than the page. Reports of patients are told as theirs and claim no authority."""


def find(page: Page) -> Iterator[Finding]:
    """Yield one finding with all claims of the page whose authority nobody can look up."""
    claims = [claim for claim in page.claims if claim.appeals_to in WORDS and not claim.cites]
    if claims:
        stakes = {claim: page.domain.properties[claim.property].stakes for claim in claims}
        appeals = {claim.appeals_to for claim in claims}
        words = join([word for appeal, word in WORDS.items() if appeal in appeals])
        yield fault(
            page,
            CODE,
            (),
            claims,
            title=f"{page.name}: {counted(len(claims), 'claim')} on unnamed authority",
            sentence=f"{page.name} appeals to {words} without naming any in {counted(len(claims), 'claim')}"
            f"{', such as' if len(claims) > 1 else ':'} {quoted(min(claims, key=lambda c: -stakes[c]))}.",
            severity=min(2, max(stakes.values())),
        )

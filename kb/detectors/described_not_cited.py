"""A page tells of a study in words that identify it, without citing it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kb.faults import counted, fault
from kb.model import Claim, Finding
from kb.pages import Page

CODE = "K006"
NAME = "described-not-cited"
SUMMARY = "a work is described but not cited"


def find(page: Page) -> Iterator[Finding]:
    """Yield one finding for every work that is described and neither marked nor listed."""
    described: dict[str, list[Claim]] = defaultdict(list)
    cited = set(page.document.listed)
    for claim, citation, cited_work in page.links():
        if citation.marker:
            cited.add(cited_work.key)
        elif citation.basis == "described":
            described[cited_work.key].append(claim)
    for work, claims in sorted(described.items()):
        if work in cited:
            continue
        name = page.names[work]
        yield fault(
            page,
            CODE,
            (work,),
            claims,
            works=[work],
            title=f"{page.name}: {name} described, not cited",
            sentence=f"{page.name} refers to {name} in words in {counted(len(claims), 'claim')}, but neither marks "
            "nor lists it, so a reader has to search for it.",
        )

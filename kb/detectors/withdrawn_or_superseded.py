"""A page leans on a work that was retracted, corrected or replaced by a newer one."""

from __future__ import annotations

from collections.abc import Iterator

from kb.bibliography import Work
from kb.faults import counted, fault
from kb.leaning import STATED
from kb.model import Claim, Finding
from kb.pages import Page
from kb.wording import join

CODE = "R005"
NAME = "withdrawn-or-superseded"
SUMMARY = "a cited work was retracted, corrected or superseded"

RETRACTED, SUPERSEDED = 3, 1
CORRECTED = 2
"""The most that a correction weighs: what it touches is not on record."""


def find(page: Page) -> Iterator[Finding]:
    """Yield one finding for every such work that the page lists or cites for something other than the work itself."""
    leaning: dict[str, dict[str, Claim]] = {key: {} for key in page.document.listed}
    stated: set[str] = set()
    for claim, link, work in page.links():
        if claim.subject == f"work:{work.key}":
            continue
        leaning.setdefault(work.key, {})[claim.id] = claim
        if link.basis in STATED:
            stated.add(work.key)
    for key, claims in sorted(leaning.items()):
        known = page.works.get(key)
        state = _state(page, known, list(claims.values()), set(leaning)) if known else None
        if state:
            yield _finding(page, key, list(claims.values()), key in stated, state)


def _finding(page: Page, key: str, claims: list[Claim], stated: bool, state: list[tuple[int, str]]) -> Finding:
    name = page.names[key]
    told = join([words for _, words in state])
    listed = key in page.document.listed
    uses = [f"lists {name}"] if listed else []
    if claims:
        leans = f"{'leans' if stated else 'seems to lean'} on {'it' if listed else name}"
        uses.append(f"{leans}{'' if stated else ' (our inference)'} in {counted(len(claims), 'claim')}")
    return fault(
        page,
        CODE,
        (key,),
        claims,
        works=[key],
        title=f"{page.name}: {name} {told}",
        sentence=f"{page.name} {join(uses)}, but that work {told}.",
        severity=max(severity for severity, _ in state),
    )


def _state(page: Page, work: Work, claims: list[Claim], used: set[str]) -> list[tuple[int, str]]:
    """Return what happened to a work, each with its severity; a replaced work is fine beside the newer one."""
    found = []
    if work.retracted:
        found.append((RETRACTED, "was retracted"))
    if work.erratum:
        stakes = max((page.domain.properties[claim.property].stakes for claim in claims), default=1)
        found.append((min(CORRECTED, stakes), "has a published erratum"))
    if work.superseded_by and work.superseded_by not in used:
        newer = page.names.get(work.superseded_by, work.superseded_by)
        found.append((SUPERSEDED, f"was superseded by {newer}"))
    return found

"""A page prints citation markers that lead to no work."""

from __future__ import annotations

from collections.abc import Iterator

from kb.faults import fault
from kb.model import Finding
from kb.pages import Page
from kb.wording import join

CODE = "K002"
NAME = "marker-without-list"
SUMMARY = "citation markers lead to no work"


def find(page: Page) -> Iterator[Finding]:
    """Yield one finding if markers of the page cannot be resolved."""
    dangling = [claim for claim in page.claims if any(c.work is None for c in claim.cites)]
    if not dangling:
        return
    lost = {c.marker for claim in dangling for c in claim.cites if c.work is None}
    resolved = {c.marker for claim in page.claims for c in claim.cites if c.work and c.marker} - lost
    why = "the page has a list, but not these entries" if page.document.listed else "the capture has no reference list"
    one = len(lost) == 1
    sentence = (
        f"{page.name} prints the {'marker' if one else 'markers'} {join(sorted(lost, key=_number))}, but {why}, "
        f"and nothing in the text tells which {'work is' if one else 'works are'} meant"
    )
    if resolved:
        many = "was" if len(resolved) == 1 else "were"
        sentence += f" ({join(sorted(resolved, key=_number))} {many} resolved)"
    yield fault(
        page,
        CODE,
        (),
        dangling,
        title=f"{page.name}: {len(lost)} of {len(lost | resolved)} markers lead nowhere",
        sentence=sentence + ".",
        severity=2,
    )


def _number(marker: str) -> tuple[int, str]:
    digits = "".join(char for char in marker if char.isdigit())
    return (int(digits) if digits.isascii() and digits else 0, marker)

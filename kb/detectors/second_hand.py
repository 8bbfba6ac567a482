"""A page cites for a result only works that retell the results of others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kb.designs import DESIGNS
from kb.faults import counted, fault, quoted
from kb.model import Claim, Finding
from kb.pages import Page
from kb.wording import join

CODE = "K007"
NAME = "second-hand"
SUMMARY = "a result is cited from works that only retell it"

RETELLING = ("narrative-review", "consensus-statement", "web-page")
"""Designs that neither observe nor pool; a label or a regulation is an authority of its own."""


def find(page: Page) -> Iterator[Finding]:
    """Yield one finding with all results of the page for which it cites nothing but retellings."""
    works: dict[Claim, set[str]] = defaultdict(set)
    for claim, citation, work in page.links():
        if citation.basis != "inferred" and page.domain.properties[claim.property].needs_source:
            works[claim].add(work.key)
    told = [claim for claim, keys in works.items() if all(page.works[key].design in RETELLING for key in keys)]
    if not told:
        return
    keys = sorted({key for claim in told for key in works[claim]})
    named = join([f"{page.names[key]} ({DESIGNS[page.works[key].design or 'other'].label})" for key in keys])
    yield fault(
        page,
        CODE,
        (),
        told,
        works=keys,
        title=f"{page.name}: {counted(len(told), 'result')} cited at second hand",
        sentence=f"{page.name} cites {named} for {counted(len(told), 'result')}"
        f"{', such as' if len(told) > 1 else ':'} {quoted(told[0])}; the study behind it is not named.",
    )

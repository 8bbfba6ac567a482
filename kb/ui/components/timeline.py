"""The works behind a topic by year of publication."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from kb.bibliography import Work
from kb.build import KnowledgeBase
from kb.model import Claim
from kb.ui import url
from kb.ui.components.card import design_words
from kb.ui.markup import Html, join, tag

MOST = 60


def cited_works(kb: KnowledgeBase, claims: Iterable[Claim]) -> list[Work]:
    """Return the works with a year that claims cite or are about, oldest first."""
    keys = {link.work for claim in claims for link in claim.cites if link.work}
    found = [work for work in kb.works if work.key in keys and work.year is not None]
    return sorted(found, key=lambda work: (work.year or 0, kb.names[work.key]))


def build(kb: KnowledgeBase, works: list[Work]) -> Html | None:
    """Return the time line, newest last; None where no work has a year."""
    if not works:
        return None
    left_out = len(works) - MOST
    years = groupby(works[-MOST:], key=lambda work: work.year)
    items = [tag("li", tag("b", str(year)), tag("ul", *(_work(kb, w) for w in found))) for year, found in years]
    more = tag("p", f"{left_out:,} older works are left out.", cls="kb-muted kb-small") if left_out > 0 else None
    return join([more, tag("ol", *items, cls="kb-t-years")])


def summary(works: list[Work]) -> str:
    """Return the time line in one sentence."""
    if not works:
        return "No work with a year is cited here."
    first, last = works[0].year, works[-1].year
    when = f"of {first}" if first == last else f"from {first} to {last}"
    return f"{len(works):,} cited work{'s' if len(works) != 1 else ''} {when}"


def _work(kb: KnowledgeBase, work: Work) -> Html:
    design = design_words(work)
    note = tag("span", f" {design}", cls="kb-muted kb-small") if design else None
    return tag("li", tag("a", kb.names[work.key], href=url.to("works", work=work.key), title=work.title), note)

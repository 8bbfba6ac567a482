"""The number line of the app: that of `kb.drawing.lines`, its claims leading to where they are read."""

from __future__ import annotations

from collections.abc import Iterable

from kb.build import KnowledgeBase
from kb.drawing import lines as drawn
from kb.drawing.lines import Axis, Band, Ends, Lines, Row, concept_label, figure, nice
from kb.model import Claim, Role
from kb.ui import url

__all__ = ["Axis", "Band", "Ends", "Lines", "Row", "claim_link", "concept_label", "figure", "nice", "rows"]


def claim_link(claim: Claim) -> str:
    """Return where a claim is read in its place: in its document, or among the facts of its work."""
    if claim.role is Role.EVIDENCE:
        return url.to("works", work=claim.source, claim=claim.id)
    return url.to("documents", doc=claim.source, claim=claim.id)


def rows(kb: KnowledgeBase, claims: Iterable[Claim]) -> Lines:
    """Return the number line of the quantity claims on one property, with addresses in the app."""
    return drawn.rows(kb, claims, claim_link)

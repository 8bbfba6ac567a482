"""A new capture of a known page: what becomes of each reviewed claim of it. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kb.claims import claim_id
from kb.ids import sha256_text
from kb.model import Checked, Claim, Document, Locator
from kb.passages import blocks, damage
from kb.propose.anchoring import Anchored, reanchor

ORDER = ("lost", "ambiguous", "drifted", "moved", "exact")
"""The states of `kb.propose.anchoring`, what needs a person first."""


class Recapture(NamedTuple):
    """A document before and after, and one answer for each of its claims."""

    before: Document
    after: Document
    text: str
    anchored: dict[str, Anchored]

    def gone(self) -> tuple[Anchored, ...]:
        """Return the answers that leave a claim without a place."""
        return tuple(found for found in self.anchored.values() if found.start is None)

    def counts(self) -> str:
        """Return how many claims are in each state, in words."""
        states = [found.state for found in self.anchored.values()]
        return ", ".join(f"{states.count(state)} {state}" for state in reversed(ORDER) if state in states)


def recapture(document: Document, claims: Iterable[Claim], old: str, new: str, captured: str) -> Recapture:
    """Compare a new text of a document with its snapshot; ``captured`` says how the new one was made."""
    found = {answer.claim: answer for answer in reanchor(claims, old, new)}
    lost = tuple(f"{place.start}-{place.end}" for place in damage(new, blocks(new)))
    told = {"characters": len(new), "sha256": sha256_text(new), "captured": captured, "damage": lost}
    after = document if told["sha256"] == document.sha256 else document.model_copy(update=told)
    return Recapture(document, after, new, found)


def placed(claim: Claim, answer: Anchored) -> Claim | None:
    """Return a claim at its new place under its old id, for comparing; None if it has no place any more."""
    if answer.start is None or answer.end is None or answer.quote_sha256 is None:
        return None
    locator = Locator(start=answer.start, end=answer.end, quote_sha256=answer.quote_sha256)
    return claim.model_copy(update={"locator": locator})


def rewritten(claim: Claim, answer: Anchored) -> Claim | None:
    """Return a claim as the claim file will hold it: one that drifted has a new id and waits to be read again.

    The id derives from the quote, so verdicts that name a drifted claim are reopened, as they should be.
    """
    found = placed(claim, answer)
    if found is None or answer.state != "drifted" or answer.quote_sha256 is None:
        return found
    raw = {name: getattr(claim, name) for name in ("subject", "property", "object", "than", "part")}
    named = claim_id(claim.source, answer.quote_sha256, raw)
    return found.model_copy(update={"id": named, "checked": Checked.DRAFT})

"""How many claims stand behind those that stand for them, where large questions were condensed before comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kb.model import Claim

Cell = tuple[str, str, str, str, str]
"""Property, subject, object, other side and kind of the claims on one question about one thing."""


def cell_of(claim: Claim) -> Cell:
    """Return the cell of a claim."""
    return claim.property, claim.subject, claim.object or "", claim.than or "", claim.kind.value


@dataclass(frozen=True)
class Counted:
    """What was left out of claims: ``weights`` gives by id how many claims one stands for, if more than itself.

    ``totals`` gives by cell how many variants and claims there were, if the cell was condensed.
    """

    weights: Mapping[str, int] = field(default_factory=dict)
    totals: Mapping[Cell, tuple[int, int]] = field(default_factory=dict)

    def weight(self, claims: Iterable[Claim]) -> int:
        """Return how many claims stand behind some claims."""
        return sum(self.weights.get(claim.id, 1) for claim in claims)


WHOLE = Counted()
"""Nothing was left out."""

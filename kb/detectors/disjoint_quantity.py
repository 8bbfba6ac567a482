"""Two sources give values for one quantity that share no point."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from kb.clashes import Clash
from kb.domain import Property
from kb.findings import assemble
from kb.groups import Group
from kb.model import Attribution, Bound, Certainty, Finding, FindingKind, Interval, Kind, Role, ValueSet
from kb.oppositions import values_apart
from kb.quantities import distance_ratio
from kb.stances import Stance, only_evidence

CODE = "V001"
NAME = "disjoint-quantity"
SUMMARY = "values for the same quantity share no point"

MODEST = Decimal("1.5")
"""Values nearer than this ratio are a discrepancy: sources round, and practice varies that much."""

LOOSE = (Bound.TYPICAL, Bound.ABOUT)


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for every question on which values of the group lie wholly apart."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    for (name, item), stances in group.of(Kind.QUANTITY).items():
        definition = group.domain.properties[name]
        measured = [stance for stance in stances if stance.spans and not stance.hedged]
        for a, b in combinations(measured, 2):
            if not values_apart(group.domain, a, b):
                continue
            if definition.varies and only_evidence(a, b):
                continue  # results differ from study to study without anybody being at odds
            kind = _kind(group, definition, a, b)
            yield Clash(a, b, kind, (name, item or ""), name, "the figures do not meet")


def _kind(group: Group, definition: Property, a: Stance, b: Stance) -> FindingKind:
    """Fixed facts contradict; what varies does so only where two authors each state it flatly and far apart."""
    if not definition.varies:
        return FindingKind.CONTRADICTION
    unit = group.domain.unit_of(definition.id)
    if unit is None or unit.interval_scale or not (_flat(a) and _flat(b)):
        return FindingKind.DISCREPANCY
    nearest = min(distance_ratio(x, y) for x in a.spans for y in b.spans)
    return FindingKind.CONTRADICTION if nearest >= MODEST else FindingKind.DISCREPANCY


def _flat(stance: Stance) -> bool:
    """Say whether somebody states the value flatly as their own, not as a result, a rule of thumb or a guess."""
    return any(
        claim.role is Role.CLAIM
        and claim.attribution is Attribution.AUTHOR
        and claim.certainty is Certainty.ASSERTED
        and not (isinstance(claim.value, Interval | ValueSet) and claim.value.bound in LOOSE)
        for claim in stance.claims
    )

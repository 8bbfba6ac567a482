"""Two sources give ranges for one quantity that overlap only in part."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from kb.findings import Clash, assemble
from kb.groups import Group
from kb.model import Finding, FindingKind, Kind
from kb.quantities import Span
from kb.subjects import comparable

CODE = "V002"
NAME = "overlapping-range"
SUMMARY = "ranges for the same quantity overlap only in part"

MATERIAL = Decimal("1.5")
"""A value inside a wider range is flagged only if the range reaches this many times further."""


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for every question on which bounded values of the group overlap only in part."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    for (name, item), stances in group.of(Kind.QUANTITY).items():
        definition = group.domain.properties[name]
        bounded = [s for s in stances if len(s.spans) == 1 and s.spans[0].bounded and not s.hedged]
        for a, b in combinations(bounded, 2):
            if a.position == b.position or not comparable(group.domain, definition, a.subject, b.subject):
                continue
            x, y = a.spans[0], b.spans[0]
            if not x.widened(definition.tolerance).disjoint(y) and _part_only(x, y, definition.tolerance):
                reason = "the values overlap only in part"
                yield Clash(a, b, FindingKind.DISCREPANCY, (name, item or ""), name, reason)


def _part_only(x: Span, y: Span, tolerance: Decimal) -> bool:
    """Say whether the spans cross, or one holds the other and reaches materially further."""
    lows, highs = sorted((x.low, y.low)), sorted((x.high, y.high))
    if lows[0] < 0:
        return lows[0] != lows[1] or highs[0] != highs[1]
    inside = (x.low <= y.low and y.high <= x.high) or (y.low <= x.low and x.high <= y.high)
    factor = MATERIAL if inside else 1 + tolerance
    return highs[1] > highs[0] * factor or lows[1] > lows[0] * factor

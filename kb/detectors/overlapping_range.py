"""Two sources give ranges for one quantity that overlap only in part."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from kb.clashes import Clash
from kb.findings import assemble
from kb.groups import Group, Stance, only_evidence
from kb.model import Finding, FindingKind, Kind
from kb.quantities import Span
from kb.subjects import one_figure

CODE = "V002"
NAME = "overlapping-range"
SUMMARY = "ranges for the same quantity overlap only in part"

MATERIAL = Decimal("1.5")
"""A value inside a wider range is flagged only if their middles lie this many times apart."""


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for every question on which bounded values of the group overlap only in part."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    for (name, item), stances in group.of(Kind.QUANTITY).items():
        definition = group.domain.properties[name]
        bounded = [s for s in stances if len(s.spans) == 1 and s.spans[0].bounded and not s.hedged]
        for a, b in combinations(bounded, 2):
            if a.position == b.position or not one_figure(group.domain, a.subject, b.subject):
                continue
            if only_evidence(a, b):
                continue  # results differ from study to study without anybody being at odds
            x, y = a.spans[0], b.spans[0]
            if _only_vaguer(a, b):
                continue
            if not x.apart(y, definition.tolerance) and _part_only(x, y, definition.tolerance):
                reason = "the values overlap only in part"
                yield Clash(a, b, FindingKind.DISCREPANCY, (name, item or ""), name, reason)


def _only_vaguer(a: Stance, b: Stance) -> bool:
    """Say whether one value is a vague number that simply takes in the other, printed one."""
    if bool(a.reading) == bool(b.reading):
        return False
    vague, printed = (a, b) if a.reading else (b, a)
    (wide,), (narrow,) = vague.spans, printed.spans
    return wide.low <= narrow.low and narrow.high <= wide.high


def _part_only(x: Span, y: Span, tolerance: Decimal) -> bool:
    """Say whether the spans cross, or one holds the other but lies materially elsewhere."""
    lows, highs = sorted((x.low, y.low)), sorted((x.high, y.high))
    inside = (x.low <= y.low and y.high <= x.high) or (y.low <= x.low and x.high <= y.high)
    if inside:
        middles = sorted((x.low + x.high, y.low + y.high))
        return middles[0] > 0 and middles[1] >= middles[0] * MATERIAL
    return highs[1] > highs[0] + abs(highs[0]) * tolerance or lows[1] > lows[0] + abs(lows[0]) * tolerance

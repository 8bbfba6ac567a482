"""Two sources give ranges for one quantity that overlap only in part."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from kb.clashes import Clash
from kb.findings import assemble
from kb.groups import Group
from kb.model import Bound, Finding, FindingKind, Interval, Kind, Role, Vague, Value
from kb.quantities import Span, off_centre
from kb.stances import Stance, only_evidence
from kb.subjects import one_figure

CODE = "V002"
NAME = "overlapping-range"
SUMMARY = "ranges for the same quantity overlap only in part"

FURTHER = Decimal("1.5")
"""Upper limits nearer than this ratio are taken for roundings."""


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for every question on which bounded values of the group overlap only in part."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    for (name, item), stances in group.of(Kind.QUANTITY).items():
        definition = group.domain.properties[name]
        bounded = [s for s in stances if len(s.spans) == 1 and s.spans[0].high.is_finite() and not s.hedged]
        for a, b in combinations(bounded, 2):
            if a.position == b.position or not one_figure(group.domain, a.subject, b.subject):
                continue
            if only_evidence(a, b):
                continue  # results differ from study to study without anybody being at odds
            x, y = a.spans[0], b.spans[0]
            if _only_vaguer(a, b) or x.apart(y, definition.tolerance):
                continue
            reason = ""
            if x.bounded and y.bounded:
                reason = "the figures agree only in part" if _part_only(x, y, definition.tolerance) else ""
            elif _limited(a) and _limited(b) and _reach_apart(x, y):
                reason = "the one reaches much further than the other"
            if reason:
                yield Clash(a, b, FindingKind.DISCREPANCY, (name, item or ""), name, reason)


def _limited(stance: Stance) -> bool:
    """Say whether an author states how far the value goes: "up to", the end of a range, or "up to a few"."""
    return any(claim.role is Role.CLAIM and _has_limit(claim.value) for claim in stance.claims)


def _has_limit(value: Value | None) -> bool:
    if isinstance(value, Interval):
        return value.bound in (Bound.UP_TO, Bound.RANGE)
    return isinstance(value, Vague) and value.bound is Bound.UP_TO


def _reach_apart(x: Span, y: Span) -> bool:
    near, far = sorted((x.high, y.high))
    return near > 0 and far >= near * FURTHER


def _only_vaguer(a: Stance, b: Stance) -> bool:
    """Say whether one value is a vague number that simply takes in the other, printed one."""
    if bool(a.reading) == bool(b.reading):
        return False
    vague, printed = (a, b) if a.reading else (b, a)
    (wide,), (narrow,) = vague.spans, printed.spans
    return wide.holds(narrow)


def _part_only(x: Span, y: Span, tolerance: Decimal) -> bool:
    """Say whether the spans cross, or one holds the other but lies materially elsewhere."""
    lows, highs = sorted((x.low, y.low)), sorted((x.high, y.high))
    if x.holds(y) or y.holds(x):
        return off_centre(x, y)
    return highs[1] > highs[0] + abs(highs[0]) * tolerance or lows[1] > lows[0] + abs(lows[0]) * tolerance

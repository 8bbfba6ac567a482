"""One source gives a figure as the most, another gives the same figure as the least."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from kb.clashes import Clash
from kb.findings import assemble
from kb.groups import Group
from kb.model import Finding, FindingKind, Kind
from kb.quantities import Span
from kb.stances import Stance
from kb.subjects import one_figure

CODE = "V003"
NAME = "bound-reversed"
SUMMARY = "one source's upper bound is the other's lower bound"


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for every question on which "up to X" meets "at least X"."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    for (name, item), stances in group.of(Kind.QUANTITY).items():
        open_ended = [stance for stance in stances if _open(stance) is not None and not stance.hedged]
        for a, b in combinations(open_ended, 2):
            if _reversed(_open(a), _open(b)) and one_figure(group.domain, a.subject, b.subject):
                reason = "what is the upper limit for the one is the lower limit for the other"
                varies = group.domain.properties[name].varies
                kind = FindingKind.DISCREPANCY if varies else FindingKind.CONTRADICTION
                yield Clash(a, b, kind, (name, item or ""), name, reason)


def _open(stance: Stance) -> Span | None:
    """Return the span of a stance that is open at exactly one end."""
    if len(stance.spans) != 1:
        return None
    span = stance.spans[0]
    return span if span.low.is_finite() != span.high.is_finite() else None


def _reversed(x: Span | None, y: Span | None) -> bool:
    """Say whether the spans meet in one point and run away from each other."""
    if x is None or y is None:
        return False
    lower, upper = (x, y) if x.high.is_finite() else (y, x)
    return lower.high.is_finite() and upper.low.is_finite() and lower.high == upper.low

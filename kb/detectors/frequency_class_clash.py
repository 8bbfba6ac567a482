"""Two sources put one thing into different classes of an ordinal scale."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from kb.clashes import Clash
from kb.findings import assemble
from kb.groups import Group
from kb.model import Finding, FindingKind, Kind, Ordinal
from kb.stances import Stance, only_evidence
from kb.subjects import one_figure

CODE = "V004"
NAME = "frequency-class-clash"
SUMMARY = "one thing is put into different classes of a scale"


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for everything that sources of the group class differently on one ordinal scale."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    for (name, item), stances in group.of(Kind.QUANTITY).items():
        classed = [stance for stance in stances if _rank(group, stance) is not None and not stance.hedged]
        for a, b in combinations(classed, 2):
            if _rank(group, a) == _rank(group, b) or only_evidence(a, b):
                continue
            if one_figure(group.domain, a.subject, b.subject):
                reason = "a reader of the one expects it more often than a reader of the other"
                yield Clash(a, b, FindingKind.DISCREPANCY, (name, item or ""), name, reason)
        yield from _exceeding(group, name, item, [s for s in stances if _rank(group, s) is not None and not s.hedged])


def _exceeding(group: Group, name: str, item: str | None, cases: list[Stance]) -> Iterator[Clash]:
    """Yield a clash where a case is put into a higher class than the whole that it is a case of."""
    for broader in sorted(group.domain.ancestors(item or "")):
        for whole in group.of(Kind.QUANTITY).get((name, broader), []):
            for case in cases:
                higher = (_rank(group, case) or 0) > (_rank(group, whole) or 0) > 0
                if not higher or whole.hedged or only_evidence(case, whole):
                    continue
                if one_figure(group.domain, case.subject, whole.subject):
                    form, of = group.domain.label(case.object or ""), group.domain.label(broader)
                    reason = f"{form} is a form of {of}, so it cannot be the more frequent"
                    yield Clash(case, whole, FindingKind.DISCREPANCY, (name, broader), name, reason)


def _rank(group: Group, stance: Stance) -> int | None:
    value = stance.first.value
    return group.domain.concepts[value.class_].rank if isinstance(value, Ordinal) else None

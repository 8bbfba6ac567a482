"""Two sources rank the same two things differently on one scale."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kb.clashes import Clash, implied_by
from kb.findings import assemble
from kb.groups import Group, Stance, pairs
from kb.model import Finding, FindingKind, Kind, Polarity, Relation
from kb.subjects import same_thing

CODE = "C001"
NAME = "opposing-comparison"
SUMMARY = "the same two things are ranked differently"

TURNED = {Relation.GREATER: Relation.LESS, Relation.LESS: Relation.GREATER}
CLASHES = {
    frozenset({Relation.GREATER, Relation.LESS}): FindingKind.CONTRADICTION,
    frozenset({Relation.GREATER, Relation.EQUAL}): FindingKind.CONTRADICTION,
    frozenset({Relation.LESS, Relation.EQUAL}): FindingKind.CONTRADICTION,
    frozenset({Relation.DIFFERS, Relation.EQUAL}): FindingKind.CONTRADICTION,
    frozenset({Relation.GREATER, Relation.UNCLEAR}): FindingKind.TENSION,
    frozenset({Relation.LESS, Relation.UNCLEAR}): FindingKind.TENSION,
    frozenset({Relation.EQUAL, Relation.UNCLEAR}): FindingKind.TENSION,
}


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for every pair of things that sources of the group rank in different ways."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    by_property: dict[str, list[Stance]] = defaultdict(list)
    for (name, _), stances in group.of(Kind.COMPARISON).items():
        by_property[name].extend(s for s in stances if s.first.polarity is Polarity.AFFIRMED)
    for name, stances in sorted(by_property.items()):
        for a, b in pairs(stances, lambda s: (s.subject, s.than), lambda a, b: _aligned(group, a, b) is not None):
            pair = _aligned(group, a, b)
            kind = CLASHES.get(frozenset(pair)) if pair else None
            if kind is None:
                continue
            if a.hedged or b.hedged:
                kind = FindingKind.TENSION
            sides = sorted([a.subject, a.than or ""])
            sure = kind is FindingKind.CONTRADICTION
            reason = "they rank the same two differently" if sure else "they are not equally sure of the ranking"
            ignored = implied_by(group, a.subject, a.than, b.subject, b.than)
            yield Clash(a, b, kind, (name, *sides), name, reason, ignored=ignored, needs_scope=False)


def _aligned(group: Group, a: Stance, b: Stance) -> tuple[Relation, Relation] | None:
    """Return the two relations as seen from the subject of ``a``; None if other things are compared."""
    ours, theirs = a.first.relation, b.first.relation
    if ours is None or theirs is None:
        return None
    if same_thing(group.domain, a.subject, b.subject) and same_thing(group.domain, a.than, b.than):
        return ours, theirs
    if same_thing(group.domain, a.subject, b.than) and same_thing(group.domain, a.than, b.subject):
        return ours, TURNED.get(theirs, theirs)
    return None

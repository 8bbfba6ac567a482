"""Two sources rank the same two things differently on one scale."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kb.clashes import Clash, implied_by
from kb.findings import assemble
from kb.groups import Group
from kb.model import Finding, FindingKind, Kind, Polarity
from kb.oppositions import aligned, rankings_apart
from kb.stances import Stance, only_evidence, pairs

CODE = "C001"
NAME = "opposing-comparison"
SUMMARY = "the same two things are ranked differently"


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for every pair of things that sources of the group rank in different ways."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    by_property: dict[str, list[Stance]] = defaultdict(list)
    for (name, _), stances in group.of(Kind.COMPARISON).items():
        by_property[name].extend(s for s in stances if s.first.polarity is Polarity.AFFIRMED)
    for name, stances in sorted(by_property.items()):
        for a, b in pairs(stances, lambda s: (s.subject, s.than), lambda a, b: aligned(group.domain, a, b) is not None):
            kind = rankings_apart(group.domain, a, b)
            if kind is None or (kind is FindingKind.TENSION and only_evidence(a, b)):
                continue  # a study that could not tell is at odds with nobody else's
            sides = sorted([a.subject, a.than or ""])
            sure = kind is FindingKind.CONTRADICTION
            reason = "they rank the same two differently" if sure else "they are not equally sure of the ranking"
            ignored = implied_by(group, a.subject, a.than, b.subject, b.than)
            yield Clash(a, b, kind, (name, *sides), name, reason, ignored=ignored, needs_scope=False)

"""Two answers to a question that has one answer only: the schedule of a drug in one country, the line of treatment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from kb.clashes import POSSIBLE, Clash
from kb.findings import assemble
from kb.groups import Group
from kb.model import Duty, Finding, FindingKind, Kind, Polarity
from kb.stances import Stance, effective_polarity
from kb.subjects import related, same_thing

CODE = "S004"
NAME = "exclusive-category"
SUMMARY = "a thing is put into two categories of which it can have one"


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for everything that sources of the group put into different exclusive categories."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    by_property: dict[str, list[Stance]] = defaultdict(list)
    for (name, item), stances in group.of(Kind.STATEMENT).items():
        if group.domain.properties[name].exclusive and item is not None:
            by_property[name].extend(stance for stance in stances if _assigns(stance))
    for name, stances in sorted(by_property.items()):
        for a, b in combinations(stances, 2):
            if a.hedged and b.hedged:
                continue  # two possibilities exclude nothing
            if _one_category(group, a, b) or not same_thing(group.domain, a.subject, b.subject):
                continue
            soft = a.hedged or b.hedged
            kind = FindingKind.TENSION if soft else FindingKind.CONTRADICTION
            reason = "it can be only one of them" + (f", and {POSSIBLE}" if soft else "")
            question = (name, *sorted({a.subject, b.subject}))
            yield Clash(a.told_apart(a.object or ""), b.told_apart(b.object or ""), kind, question, name, reason)


def _assigns(stance: Stance) -> bool:
    return stance.first.duty is Duty.NONE and effective_polarity(stance.first) is Polarity.AFFIRMED


def _one_category(group: Group, a: Stance, b: Stance) -> bool:
    """Say whether two objects are one category: the same, one a kind of the other, or two names of one thing."""
    if related(group.domain, a.object, b.object):
        return True
    known = [group.domain.concepts.get(stance.object or "") for stance in (a, b)]
    names = [set(concept.exact_match) if concept else set() for concept in known]
    return not names[0].isdisjoint(names[1])

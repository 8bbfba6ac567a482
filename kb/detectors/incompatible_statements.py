"""Two statements that an axiom of the domain says do not sit well together."""

from __future__ import annotations

from collections.abc import Iterator

from kb.clashes import Clash
from kb.domain import Axiom, Pattern
from kb.findings import assemble
from kb.groups import Group
from kb.model import Certainty, Finding, FindingKind, Kind, Polarity
from kb.stances import Stance, effective_polarity
from kb.subjects import comparable, related

CODE = "S008"
NAME = "incompatible-statements"
SUMMARY = "two statements that an axiom says do not go together"


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for every pair of statements of the group that an axiom excludes."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    for axiom in group.domain.exclusions.get(group.topic, ()):
        first, second = axiom.excludes
        ours = [stance for stance in group.linked if _fits(group, first, stance)]
        theirs = [stance for stance in group.linked if _fits(group, second, stance)]
        for a in ours:
            for b in theirs:
                if _firm_enough(a, b) and _of_one_thing(group, axiom, a, b):
                    yield _clash(group, axiom, a.told_apart("first"), b.told_apart("second"))


def _clash(group: Group, axiom: Axiom, a: Stance, b: Stance) -> Clash:
    """Return the clash on the graver of the two properties, whose stakes and scope then count."""
    graver = max((a, b), key=lambda stance: group.domain.properties[stance.property_id].stakes)
    reason = axiom.label[:1].lower() + axiom.label[1:]
    question = (axiom.id, _broader(group, a, b)) if all(p.same_item for p in axiom.excludes) else (axiom.id,)
    return Clash(a, b, FindingKind.TENSION, question, graver.property_id, reason, (axiom.id,))


def _firm_enough(a: Stance, b: Stance) -> bool:
    """Say whether two statements are held firmly enough to exclude each other.

    A possibility leaves room for a figure, and an author who hedges may weigh two views.
    """
    if any(stance.first.kind is Kind.QUANTITY for stance in (a, b)) or len(a.sources | b.sources) == 1:
        return all(_asserted(stance) for stance in (a, b))
    return not (a.hedged and b.hedged)


def _asserted(stance: Stance) -> bool:
    return any(claim.certainty is Certainty.ASSERTED for claim in stance.claims)


def _broader(group: Group, a: Stance, b: Stance) -> str:
    """Return the object that takes in the other: what both statements are about."""
    ours, theirs = a.object or "", b.object or ""
    return theirs if theirs in group.domain.ancestors(ours) else ours


def _fits(group: Group, pattern: Pattern, stance: Stance) -> bool:
    if stance.property_id != pattern.property or stance.first.kind is Kind.COMPARISON:
        return False
    if stance.first.kind is Kind.STATEMENT:
        denied = effective_polarity(stance.first) is Polarity.NEGATED
        if denied is not pattern.denied:
            return False
    if pattern.item is None:
        return True
    return stance.object == pattern.item or pattern.item in group.domain.ancestors(stance.object or "")


def _of_one_thing(group: Group, axiom: Axiom, a: Stance, b: Stance) -> bool:
    definition = group.domain.properties[a.property_id]
    if all(pattern.same_item for pattern in axiom.excludes) and not related(group.domain, a.object, b.object):
        return False
    if not comparable(group.domain, definition, a.subject, b.subject):
        return False
    return {claim.id for claim in a.claims}.isdisjoint(claim.id for claim in b.claims)

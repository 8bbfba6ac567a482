"""One source calls a thing the best, the first or the only one; another denies it, or ranks or names another so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from kb.clashes import Clash, fits_purpose, implied_by
from kb.findings import assemble
from kb.groups import Group
from kb.model import Attribution, Certainty, Claim, Duty, Finding, FindingKind, Kind, Polarity, Relation, Strength
from kb.stances import Stance, effective_polarity
from kb.subjects import comparable, related, same_thing

CODE = "S007"
NAME = "superlative-against-denial"
SUMMARY = "what one source puts first, another does not"

WORSE = {Relation.GREATER: Relation.LESS, Relation.LESS: Relation.GREATER}


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for every superlative that a denial, a ranking or another superlative does not bear out."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    stances: dict[str, list[Stance]] = defaultdict(list)
    for (name, _), found in group.of(Kind.STATEMENT).items():
        stances[name].extend(stance for stance in found if stance.first.duty is Duty.NONE)
    rankings: dict[str, list[Stance]] = defaultdict(list)
    for (name, _), found in group.of(Kind.COMPARISON).items():
        rankings[name].extend(found)
    for name, found in sorted(stances.items()):
        definition = group.domain.properties[name]
        firsts = [part for stance in found if (part := stance.only(_superlative)) and _affirms(part)]
        denials = [stance for stance in found if not _affirms(stance)]
        for first in firsts:
            for denied in denials:
                if _denies(group, first, denied):
                    yield _clash(first, denied, "one puts it first, the other denies it")
            for ranking in rankings[definition.absolute_of or name]:
                yield from _against_ranking(group, first, ranking)
        yield from _rivals(group, firsts)


def _superlative(claim: Claim) -> bool:
    return claim.strength is Strength.SUPERLATIVE and claim.attribution is not Attribution.SUPERSEDED


def _affirms(stance: Stance) -> bool:
    return effective_polarity(stance.first) is Polarity.AFFIRMED


def _one(group: Group, a: str | None, b: str | None) -> bool:
    return a == b or (a is not None and b is not None and group.domain.read_as(a) == group.domain.read_as(b))


def _denies(group: Group, first: Stance, denied: Stance) -> bool:
    """Say whether a denial reaches the superlative: the same thing, for the same or a broader purpose."""
    if first.hedged and denied.hedged:
        return False
    broader = denied.object is not None and denied.object in group.domain.ancestors(first.object or "")
    definition = group.domain.properties[first.property_id]
    reaches = broader or _one(group, first.object, denied.object)
    return reaches and comparable(group.domain, definition, first.subject, denied.subject)


def _rivals(group: Group, firsts: list[Stance]) -> Iterator[Clash]:
    """Yield the clash of two things put first for one purpose; a thing and a kind of it may share the place."""
    by_purpose: dict[str, list[Stance]] = defaultdict(list)
    for stance in firsts:
        if stance.object is not None:
            by_purpose[group.domain.read_as(stance.object)].append(stance)
    for _, stances in sorted(by_purpose.items()):
        for a, b in combinations(stances, 2):
            if not (a.hedged and b.hedged) and not related(group.domain, a.subject, b.subject):
                yield _clash(a.told_apart(a.subject), b.told_apart(b.subject), "only one of them can come first")


def _against_ranking(group: Group, first: Stance, ranking: Stance) -> Iterator[Clash]:
    """Yield the clash of "the best" with a ranking in which something else comes out above it, or level with it."""
    domain = group.domain
    definition = domain.properties[first.property_id]
    other = _not_behind(group, first, ranking, definition.absolute_relation)
    if other is None or related(domain, other, first.subject) or not fits_purpose(group, first.object, ranking.scope):
        return
    if first.hedged and ranking.hedged:
        return
    level = ranking.first.relation is Relation.EQUAL
    reason = f"one puts it first, the other {'level with' if level else 'behind'} something else"
    named = {value for values in ranking.scope.values() for value in values}
    kind = FindingKind.CONTRADICTION if _firm(first, ranking) and first.object in named else FindingKind.TENSION
    ignored = implied_by(group, ranking.subject, ranking.than, first.subject)
    question = (first.property_id, first.object or "", domain.read_as(first.subject))
    yield Clash(
        first,
        ranking,
        FindingKind.TENSION if level else kind,
        question,
        ranking.property_id,
        reason,
        ignored=ignored,
        needs_scope=False,
    )


def _not_behind(group: Group, first: Stance, ranking: Stance, better: Relation) -> str | None:
    """Return what a ranking puts above or level with the thing that is called first, if it names that thing."""
    relation = ranking.first.relation
    if relation in (WORSE[better], Relation.EQUAL) and same_thing(group.domain, ranking.subject, first.subject):
        return ranking.than
    if relation in (better, Relation.EQUAL) and same_thing(group.domain, ranking.than, first.subject):
        return ranking.subject
    return None


def _clash(a: Stance, b: Stance, reason: str) -> Clash:
    kind = FindingKind.CONTRADICTION if _firm(a, b) else FindingKind.TENSION
    return Clash(a, b, kind, (a.property_id, a.object or ""), a.property_id, reason)


def _firm(*stances: Stance) -> bool:
    """Say whether each of them is asserted by somebody without a hedge."""
    asserted = all(any(claim.certainty is Certainty.ASSERTED for claim in stance.claims) for stance in stances)
    return asserted and not any(stance.hedged for stance in stances)

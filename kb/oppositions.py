"""What sets two answers against each other (values apart, a ranking turned round, a denial, declared opposites),
and what makes them one answer.

Pure functions on two stances, shared by the detectors that compare sources at large and by those that hold a
claim against the work it cites. None looks at scope: `kb.findings` does that.
"""

from __future__ import annotations

from kb.domain import Domain
from kb.model import FindingKind, Kind, Polarity, Relation
from kb.stances import Stance, effective_polarity
from kb.subjects import comparable, one_figure, related, same_thing

TURNED = {Relation.GREATER: Relation.LESS, Relation.LESS: Relation.GREATER}
RANKINGS_APART = {
    frozenset({Relation.GREATER, Relation.LESS}): FindingKind.CONTRADICTION,
    frozenset({Relation.GREATER, Relation.EQUAL}): FindingKind.CONTRADICTION,
    frozenset({Relation.LESS, Relation.EQUAL}): FindingKind.CONTRADICTION,
    frozenset({Relation.DIFFERS, Relation.EQUAL}): FindingKind.CONTRADICTION,
    frozenset({Relation.GREATER, Relation.UNCLEAR}): FindingKind.TENSION,
    frozenset({Relation.LESS, Relation.UNCLEAR}): FindingKind.TENSION,
    frozenset({Relation.EQUAL, Relation.UNCLEAR}): FindingKind.TENSION,
}


def values_apart(domain: Domain, a: Stance, b: Stance) -> bool:
    """Say whether two measured values of one quantity on one thing share no point, beyond its tolerance."""
    if a.position == b.position or not one_figure(domain, a.subject, b.subject):
        return False
    tolerance = domain.properties[a.property_id].tolerance
    return all(x.apart(y, tolerance) for x in a.spans for y in b.spans)


def aligned(domain: Domain, a: Stance, b: Stance) -> tuple[Relation, Relation] | None:
    """Return the two relations as seen from the subject of ``a``; None if other things are compared."""
    ours, theirs = a.first.relation, b.first.relation
    if ours is None or theirs is None:
        return None
    if same_thing(domain, a.subject, b.subject) and same_thing(domain, a.than, b.than):
        return ours, theirs
    if same_thing(domain, a.subject, b.than) and same_thing(domain, a.than, b.subject):
        return ours, TURNED.get(theirs, theirs)
    return None


def rankings_apart(domain: Domain, a: Stance, b: Stance) -> FindingKind | None:
    """Return how two rankings of the same two things clash; None if they do not."""
    pair = aligned(domain, a, b)
    kind = RANKINGS_APART.get(frozenset(pair)) if pair else None
    return FindingKind.TENSION if kind and (a.hedged or b.hedged) else kind


def reaches(domain: Domain, denied: str | None, affirmed: str | None) -> bool:
    """Say whether to deny the one object is to deny the other: the same, or a broader one that includes it.

    Denying a narrow thing does not deny a broad one: "no nausea" leaves room for "side effects occur".
    """
    return denied == affirmed or (affirmed is not None and denied in domain.ancestors(affirmed))


def denies(domain: Domain, denied: Stance, affirmed: Stance) -> bool:
    """Say whether a denial covers what is affirmed, on the same property; two possibilities exclude nothing."""
    definition = domain.properties[denied.property_id]
    return (
        not (denied.hedged and affirmed.hedged)
        and reaches(domain, denied.object, affirmed.object)
        and comparable(domain, definition, denied.subject, affirmed.subject)
    )


def opposed(domain: Domain, a: Stance, b: Stance) -> bool:
    """Say whether two affirmed properties of one thing are declared opposites of each other."""
    definition = domain.properties[a.property_id]
    other = domain.properties[b.property_id]
    declared = b.property_id in definition.opposite_of or a.property_id in other.opposite_of
    return declared and related(domain, a.object, b.object) and comparable(domain, definition, a.subject, b.subject)


def affirms(stance: Stance) -> bool:
    """Say whether a statement is now held to be so."""
    return effective_polarity(stance.first) is Polarity.AFFIRMED


def agrees(domain: Domain, own: Stance, other: Stance) -> bool:
    """Say whether ``other`` gives the answer of ``own``: values that meet, the same ranking, the same statement.

    Who denies a thing as a whole denies its cases too.
    """
    if own.property_id != other.property_id or own.first.kind is not other.first.kind:
        return False
    if own.first.kind is Kind.COMPARISON:
        pair = aligned(domain, own, other)
        return pair is not None and pair[0] is pair[1]
    if own.first.kind is Kind.QUANTITY:
        meet = own.position == other.position or any(not x.disjoint(y) for x in own.spans for y in other.spans)
        return meet and own.object == other.object and one_figure(domain, own.subject, other.subject)
    if affirms(own) is not affirms(other):
        return False
    covered = own.object == other.object or (not affirms(own) and reaches(domain, other.object, own.object))
    return covered and comparable(domain, domain.properties[own.property_id], own.subject, other.subject)


def agrees_in_part(domain: Domain, own: Stance, other: Stance) -> bool:
    """Say whether ``other`` says of a case what the statement ``own`` says in general."""
    if own.property_id != other.property_id or own.first.kind is not other.first.kind or own.than is not None:
        return False
    case = own.first.kind is Kind.STATEMENT and affirms(own) is affirms(other)
    reached = case and reaches(domain, own.object, other.object)
    return reached and comparable(domain, domain.properties[own.property_id], own.subject, other.subject)

"""A page states flatly, or in general, what the work that it cites gives as a range, as possible, or on a condition."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kb.clashes import Clash
from kb.designs import DESIGNS, HUMAN, SPECIES
from kb.domain import Property
from kb.findings import assemble
from kb.groups import Group
from kb.leaning import Leaning, leanings
from kb.model import Attribution, Bound, Certainty, Duty, Finding, FindingKind, Interval, Kind, State, Strength
from kb.oppositions import affirms, agrees
from kb.scopes import compare_scopes, describe_scope
from kb.stances import Stance
from kb.wording import claim_value, join

CODE = "R004"
NAME = "range-or-qualifier-dropped"
SUMMARY = "a range, a hedge or a condition of the cited work is dropped"

MATERIAL = Decimal("1.5")
"""A range whose ends lie nearer than this ratio says hardly more than one figure."""

GRAVE = 2


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for everything that a document says without what the cited work says along with it."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    for leaning in leanings(group):
        own = leaning.own
        definition = group.domain.properties[own.property_id]
        if own.hedged or own.reading or own.first.duty is not Duty.NONE or definition.stakes < GRAVE:
            continue
        behind = [fact for fact in leaning.on(own.property_id) if _stands_behind(group, own, fact)]
        dropped = [(fact, _dropped(group, leaning, fact)) for fact in behind]
        if not all(lost for _, lost in dropped):
            continue  # something that the work says bears the page out as it stands
        for fact, lost in dropped:
            yield _clash(group, leaning, fact, lost)


def _clash(group: Group, leaning: Leaning, fact: Stance, lost: list[str]) -> Clash:
    own = leaning.own
    question = (leaning.page, leaning.work, own.property_id, own.object or own.than or "")
    return Clash(
        own.told_apart("as cited"),
        fact.told_apart("as found"),
        FindingKind.TENSION,
        question,
        own.property_id,
        leaning.clause(group, f"that work {join(lost)}"),
        needs_scope=False,
    )


def _stands_behind(group: Group, own: Stance, fact: Stance) -> bool:
    """Say whether a fact of the work gives the page's answer, and no known scope sets the two apart."""
    definition = group.domain.properties[own.property_id]
    if fact.first.duty is not Duty.NONE or fact.reading or not agrees(group.domain, own, fact):
        return False
    return not compare_scopes(group.domain, definition, own.scope, fact.scope).differing


def _dropped(group: Group, leaning: Leaning, fact: Stance) -> list[str]:
    """Return what the work says along with the fact and the page leaves out, in words."""
    lost = []
    if _flattens(leaning.own, fact):
        lost.append(f"gives {claim_value(group.domain, fact.first)}")
    if _hardens(group.domain.properties[leaning.own.property_id], leaning.own, fact):
        lost.append("only calls it possible")
    conditions = [
        f"{group.domain.dimensions[name].label}: {describe_scope(group.domain, name, fact.scope[name])}"
        for name in _conditions(group, leaning, fact)
    ]
    if conditions:
        lost.append(f"says it only of a narrower case ({'; '.join(conditions)})")
    return lost


def _flattens(own: Stance, fact: Stance) -> bool:
    """Say whether the page gives one flat figure for a wide range, for a limit, or far above a least value."""
    flat, wide = own.first.value, fact.first.value
    if not isinstance(flat, Interval) or not isinstance(wide, Interval):
        return False
    if flat.low != flat.high or flat.bound is not Bound.EXACT or len(own.spans) != 1 or len(fact.spans) != 1:
        return False
    figure, span = own.spans[0].low, fact.spans[0]
    if wide.bound is Bound.UP_TO:
        return figure == span.high
    if wide.bound is Bound.AT_LEAST:
        return figure >= span.low * MATERIAL > 0
    return wide.bound is Bound.RANGE and span.low >= 0 and span.high >= span.low * MATERIAL


def _hardens(definition: Property, own: Stance, fact: Stance) -> bool:
    """Say whether the page states what the work only calls possible; that a thing *can* happen is hardly firmer."""
    if own.first.kind is Kind.QUANTITY or (definition.capacity and affirms(own)):
        return False
    firm = [claim for claim in own.claims if claim.certainty is Certainty.ASSERTED]
    absolute = any(claim.strength is not Strength.PLAIN for claim in firm)
    likely = all(claim.certainty is Certainty.PROBABLE for claim in fact.claims)
    return bool(firm) and (fact.hedged or (likely and absolute))


def _conditions(group: Group, leaning: Leaning, fact: Stance) -> list[str]:
    """Return the conditions of the fact of which the page says nothing, where a reader would take them away.

    To say that a thing *can* happen is true without them. What a page tells as the result of one study is understood
    under the conditions of that study, so there only those count by which the work tells its own results apart.
    """
    own = leaning.own
    definition = group.domain.properties[own.property_id]
    if definition.capacity and affirms(own):
        return []
    reported = all(claim.attribution is Attribution.REPORTED for claim in own.claims)
    separating = {*definition.separated_by, *definition.also_separated_by}
    return [
        entry.dimension
        for entry in fact.first.scope
        if entry.dimension in separating
        and entry.state is State.STATED
        and not own.scope.get(entry.dimension)
        and (not reported or _told_apart(leaning, entry.dimension))
        and _restricts(group, leaning, entry.dimension, entry.values)
    ]


def _told_apart(leaning: Leaning, dimension: str) -> bool:
    return len({fact.scope[dimension] for fact in leaning.found if fact.scope.get(dimension)}) > 1


def _restricts(group: Group, leaning: Leaning, dimension: str, values: tuple[str, ...]) -> bool:
    """Say whether values of a dimension narrow a claim: people are always meant, and so is what a trial compares with.

    A study in animals has a detector of its own.
    """
    if dimension == SPECIES:
        work = group.works.get(leaning.work)
        design = DESIGNS.get((work.design if work else None) or "")
        return HUMAN not in values and (design is None or design.in_people)
    subject = group.domain.concepts.get(leaning.own.subject)
    return subject is None or subject.scheme not in group.domain.dimensions[dimension].schemes

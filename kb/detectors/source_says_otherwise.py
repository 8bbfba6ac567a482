"""A page cites a work for a statement, and that very work says otherwise.

Where the work is on record as saying both, the page is not held to the other half. What the page leaves out of the
scope it takes from a work that it names, so that does not make the clash merely possible.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kb.clashes import Clash, implied_by
from kb.domain import Domain
from kb.findings import assemble
from kb.groups import Group
from kb.leaning import Leaning, leanings
from kb.model import Claim, Duty, Finding, FindingKind, Kind, Polarity, Strength
from kb.oppositions import affirms, agrees, agrees_in_part, denies, opposed, rankings_apart, values_apart
from kb.scopes import compare_scopes
from kb.stances import Stance, effective_polarity

CODE = "R001"
NAME = "source-says-otherwise"
SUMMARY = "the cited work says otherwise"


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for every question on which a document says other than a work that it cites for it."""
    found = assemble(group, CODE, _clashes(group))
    yield from (finding for finding in found if finding.kind is not FindingKind.EXPLAINED)


def _clashes(group: Group) -> Iterator[Clash]:
    for leaning in leanings(group):
        own = leaning.own.only(_of_the_thing_itself)
        if own is None or own.first.duty is not Duty.NONE:
            continue
        leaning = replace(leaning, own=own)
        facts = leaning.on(*_clashing(group.domain, own.property_id))
        against = [(fact, kind) for fact in facts if (kind := _opposition(group.domain, own, fact))]
        if not against:
            continue
        here = leaning.on(own.property_id)
        if any(agrees(group.domain, own, fact) and _unexplained(group.domain, own, fact) for fact in here):
            continue
        partly = any(agrees_in_part(group.domain, own, fact) and _unexplained(group.domain, own, fact) for fact in here)
        for fact, kind in against:
            yield _clash(group, leaning, fact, kind, partly)


def _clashing(domain: Domain, name: str) -> set[str]:
    """Return the properties on which a fact may go against a claim on ``name``: that one and its opposites."""
    declared = {other.id for other in domain.properties.values() if name in other.opposite_of}
    return {name, *domain.properties[name].opposite_of, *declared}


def _clash(group: Group, leaning: Leaning, fact: Stance, kind: FindingKind, partly: bool) -> Clash:
    own = leaning.own
    name, ranked = own.property_id, own.than is not None
    sides = sorted([own.subject, own.than or ""]) if ranked else [own.object or ""]
    said = "that work says otherwise" + (" and bears it out only in part" if partly else "")
    return Clash(
        own,
        fact,
        kind if leaning.stated and not partly else FindingKind.TENSION,
        (leaning.page, leaning.work, name, *sides),
        name,
        leaning.clause(group, said),
        ignored=implied_by(group, own.subject, own.than, fact.subject, fact.than) if ranked else frozenset(),
        needs_scope=not ranked and not (leaning.stated and _fills_in(group.domain, own, fact)),
    )


def _fills_in(domain: Domain, own: Stance, fact: Stance) -> bool:
    """Say whether all of the scope that is not known to be the same is silence of the page, not of the work."""
    unknown = compare_scopes(domain, domain.properties[own.property_id], own.scope, fact.scope).unknown
    return all(fact.scope.get(name) and not own.scope.get(name) for name in unknown)


def _of_the_thing_itself(claim: Claim) -> bool:
    """Say whether the claim affirms or denies the thing: to deny that it comes first is not to deny it."""
    return claim.strength is not Strength.SUPERLATIVE or effective_polarity(claim) is Polarity.AFFIRMED


def _opposition(domain: Domain, own: Stance, fact: Stance) -> FindingKind | None:
    """Return how a fact of the work would clash with what the page says in one scope; None if it does not."""
    if own.first.kind is not fact.first.kind:
        return None
    if own.first.kind is Kind.STATEMENT:
        return _statements_apart(domain, own, fact)
    if own.property_id != fact.property_id:
        return None
    if own.first.kind is Kind.COMPARISON:
        return rankings_apart(domain, own, fact)
    measured = own.spans and fact.spans and own.object == fact.object and not (own.hedged or fact.hedged)
    if not measured or not values_apart(domain, own, fact):
        return None
    return FindingKind.DISCREPANCY if domain.properties[own.property_id].varies else FindingKind.CONTRADICTION


def _statements_apart(domain: Domain, own: Stance, fact: Stance) -> FindingKind | None:
    if fact.first.duty is not Duty.NONE or not any(map(_of_the_thing_itself, fact.claims)):
        return None
    soft = own.hedged or fact.hedged
    if own.hedged and set(fact.scope) - set(own.scope):
        return None  # what may be so in general may still not be so in the case that the work speaks of
    if own.property_id == fact.property_id and affirms(own) is not affirms(fact):
        denied, affirmed = (fact, own) if affirms(own) else (own, fact)
        if denies(domain, denied, affirmed):
            soft = soft or own.object != fact.object
            return FindingKind.TENSION if soft else FindingKind.CONTRADICTION
    both = affirms(own) and affirms(fact) and not (own.hedged and fact.hedged)
    if both and opposed(domain, own, fact):
        return FindingKind.TENSION if soft else FindingKind.CONTRADICTION
    return None


def _unexplained(domain: Domain, own: Stance, fact: Stance) -> bool:
    """Say whether no scope sets the fact apart from what the page says."""
    definition = domain.properties[own.property_id]
    return not compare_scopes(domain, definition, own.scope, fact.scope).differing

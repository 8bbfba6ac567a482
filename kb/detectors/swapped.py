"""A page gives a figure of the work that it cites, but for another outcome, group, time, comparator or route."""

from __future__ import annotations

from collections.abc import Iterator

from kb.clashes import Clash
from kb.domain import Domain, Property
from kb.findings import assemble
from kb.groups import Group
from kb.leaning import Leaning, leanings
from kb.model import Bound, Finding, FindingKind, Interval, Kind, ScopeState, State, ValueSet
from kb.scopes import compare_dimension, compare_scopes, describe_scope
from kb.stances import Stance
from kb.subjects import comparable, related
from kb.wording import join

CODE = "R003"
NAME = "swapped"
SUMMARY = "a figure of the cited work stands for something else there"

FEW = 2
"""Where more than this differs, that the figures are alike is chance."""


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for every figure of a document that the cited work gives for something else only."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    for leaning in leanings(group):
        own = leaning.own
        if own.first.kind is not Kind.QUANTITY or own.hedged or not (figure := _figure(own)):
            continue
        alike = [fact for fact in leaning.found if _figure(fact) == figure and _exchangeable(group, own, fact)]
        swaps = [(fact, _swaps(group.domain, own, fact)) for fact in alike]
        if any(not differing for _, differing in swaps):
            continue  # the work has the figure for what the page says
        for fact, differing in swaps:
            if len(differing) <= FEW:
                yield _clash(group, leaning, fact, differing)


def _clash(group: Group, leaning: Leaning, fact: Stance, differing: dict[str, str]) -> Clash:
    own = leaning.own
    definition = group.domain.properties[own.property_id]
    said = f"there the figure is given for another {join(list(differing.values()))}"
    return Clash(
        own.told_apart("as cited"),
        fact.told_apart("as found"),
        FindingKind.DISCREPANCY if leaning.stated else FindingKind.TENSION,
        (leaning.page, leaning.work, own.property_id, own.object or "", "|".join(own.position)),
        own.property_id,
        leaning.clause(group, said),
        ignored=frozenset(compare_scopes(group.domain, definition, own.scope, fact.scope).differing),
        needs_scope=False,
    )


def _figure(stance: Stance) -> tuple[object, ...]:
    """Return the printed numbers with their unit, () for open or vague values and classes."""
    value = stance.first.value
    if isinstance(value, ValueSet):
        return (value.any_of, value.unit)
    if isinstance(value, Interval) and value.bound not in (Bound.AT_LEAST, Bound.UP_TO):
        return (value.low, value.high, value.unit)
    return ()


def _exchangeable(group: Group, own: Stance, fact: Stance) -> bool:
    """Say whether a reader could take the one figure for the other: one quantity, or shares of people in one illness.

    Of one thing, or of two kinds of it that differ by what scope knows (a route).
    """
    ours, theirs = (group.domain.properties[stance.property_id] for stance in (own, fact))
    if not comparable(group.domain, ours, own.subject, fact.subject):
        return False
    return ours.id == theirs.id or (ours.denominator is not None and ours.denominator == theirs.denominator)


def _swaps(domain: Domain, own: Stance, fact: Stance) -> dict[str, str]:
    """Return what differs, by name, in words with both sides: ``outcome (response, not remission)``."""
    ours, theirs = domain.properties[own.property_id], domain.properties[fact.property_id]
    found = {}
    if ours.id != theirs.id:
        found["quantity"] = f"quantity ({theirs.label}, not {ours.label})"
    if own.object and fact.object and not related(domain, own.object, fact.object):
        found["case"] = f"case ({domain.label(fact.object)}, not {domain.label(own.object)})"
    for name in sorted(_conditions(ours) & _conditions(theirs)):
        here, there = own.scope.get(name), fact.scope.get(name)
        if here and there and _differs(domain, own, name, here, there):
            words = f"{describe_scope(domain, name, there)}, not {describe_scope(domain, name, here)}"
            found[name] = f"{domain.dimensions[name].label} ({words})"
    return found


def _conditions(definition: Property) -> set[str]:
    """Return the dimensions that set one figure of this quantity apart from another, and the one that says of whom."""
    return {*definition.separated_by, *definition.also_separated_by, definition.denominator or ""} - {""}


def _differs(domain: Domain, own: Stance, name: str, here: tuple[str, ...], there: tuple[str, ...]) -> bool:
    """Say whether the page names another value there, not only a broader one, nor one that its page has throughout."""
    if compare_dimension(domain, domain.dimensions[name], here, there) is not ScopeState.DIFFERS:
        return False
    entry = own.first.scope_of(name)
    assumed = entry is not None and entry.state is State.INHERITED and entry.basis in ("", "page")
    return not assumed and not any(a in domain.ancestors(b) for a in here for b in there)

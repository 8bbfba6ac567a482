"""A clash: two answers that could not stand together in one scope, and what an outcome of comparing them is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kb.groups import Group
from kb.model import FindingKind
from kb.stances import Stance
from kb.subjects import related

POSSIBLE = "one side only calls it possible"
LIKELY = "one side only calls it likely"
"""Clauses of a reason in which the sentence puts the names of those who hedge in place of "one side"."""


@dataclass(frozen=True)
class Clash:
    """Two stances that could not comfortably stand together in one scope; with ``others``, all of them together.

    ``question`` is what both answer; ``kind`` is how they clash if the scope is the same; ``property`` is the
    one whose separating dimensions decide; ``reason`` is one clause for the reader. ``ignored`` are
    dimensions that the compared things themselves differ in, which therefore cannot separate the claims.
    Rankings are made without the scope that single values need: with ``needs_scope`` false an unknown
    dimension does not lower the clash. ``working`` is the arithmetic behind it, a step a line. Of ``one_account`` are
    figures that are told together (a total and its factors): that a source only retells them excuses nothing.
    """

    a: Stance
    b: Stance
    kind: FindingKind
    question: tuple[str, ...]
    property: str
    reason: str
    rests_on: tuple[str, ...] = ()
    ignored: frozenset[str] = frozenset()
    needs_scope: bool = True
    working: tuple[str, ...] = ()
    others: tuple[Stance, ...] = ()
    one_account: bool = False

    @cached_property
    def stances(self) -> tuple[Stance, ...]:
        """All stances that take part."""
        return (self.a, self.b, *self.others)

    @cached_property
    def poles(self) -> frozenset[tuple[str, ...]]:
        """What makes each of the answers one pole."""
        return frozenset(pole_key(stance) for stance in self.stances)

    @cached_property
    def sources(self) -> frozenset[str]:
        """All sources that take part."""
        return frozenset().union(*(stance.sources for stance in self.stances))


@dataclass(frozen=True)
class Outcome:
    """What scope made of clashes: the kind, the dimensions that decide it, and the question they belong to.

    ``within`` is the source that clashes with itself, "" where several sources do.
    """

    kind: FindingKind
    dimensions: tuple[str, ...]
    within: str
    question: tuple[str, ...]
    property: str


def pole_key(stance: Stance) -> tuple[str, ...]:
    """Return what makes an answer one pole: the typed position, and for comparisons its sides in order.

    "A above B" and "B below A" are one pole. The same figure for two products (a drug by two routes) is two.
    """
    if stance.than is None:
        return (stance.property_id, *stance.position, *stance.product)
    sides, relation = [stance.subject, stance.than], stance.position[0]
    if sides[0] > sides[1]:
        sides.reverse()
        relation = {"greater": "less", "less": "greater"}.get(relation, relation)
    return (stance.property_id, *sides, relation, *stance.position[1:])


def fits_purpose(group: Group, item: str | None, scope: Mapping[str, tuple[str, ...]]) -> bool:
    """Say whether what is said of a thing "for ``item``" is said to the end that ``scope`` names.

    An item from the scheme of one of the scope dimensions (an illness, a surface) must fit that scope; an item of
    another kind says nothing about it.
    """
    domain = group.domain
    if item is None or item not in domain.concepts:
        return True
    scheme = domain.concepts[item].scheme
    known = (domain.concepts.get(value) for values in scope.values() for value in values)
    aims = [concept.id for concept in known if concept is not None and concept.scheme == scheme]
    return not aims or any(related(domain, item, aim) for aim in aims)


def implied_by(group: Group, *concepts: str | None) -> frozenset[str]:
    """Return the dimensions that naming any of ``concepts`` implies."""
    return frozenset(d for concept in concepts if concept for d in group.domain.implied(concept))

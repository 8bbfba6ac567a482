"""Comparison groups: the only place that decides which claims are compared with which.

A group holds the claims of one topic about one family of subjects. Inside it, claims that give the same
answer in the same scope form one *stance*, so that the work grows with distinct answers, not with claims.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product

import networkx as nx

from kb.bibliography import Work
from kb.companions import companions, reckoning
from kb.compressing import compress
from kb.counting import WHOLE, Counted
from kb.domain import Domain
from kb.model import (
    Claim,
    Kind,
    Relation,
    Strength,
)
from kb.stances import Stance, stances_of


@dataclass(frozen=True)
class Group:
    """The claims of one topic about one family of subjects, in order of id; ``works`` holds those they cite.

    ``linked_claims`` are those, of this topic and of others, on properties that an axiom of the topic names;
    ``companions`` those of other groups by which figures of this one are reckoned (factors of totals). ``counted``
    says what was left out of all of them. With a ``focus`` only clashes in which one of these claims takes part count.
    """

    topic: str
    family: str
    domain: Domain
    claims: tuple[Claim, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    works: Mapping[str, Work] = field(default_factory=dict)
    linked_claims: tuple[Claim, ...] = ()
    companions: tuple[Claim, ...] = ()
    counted: Counted = WHOLE
    focus: frozenset[str] = frozenset()

    @cached_property
    def stances(self) -> tuple[Stance, ...]:
        """The distinct stances in the group, in order."""
        return tuple(stances_of(self.domain, self.claims, self.counted))

    @cached_property
    def linked(self) -> tuple[Stance, ...]:
        """The stances, of this topic and of others, on the properties that axioms of this topic name."""
        return tuple(stances_of(self.domain, self.linked_claims, self.counted))

    @cached_property
    def figures(self) -> Mapping[str, list[Stance]]:
        """The stances with numbers that arithmetic joins, by property; those of companions too; compressed."""
        joined = (c for c in (*self.claims, *self.companions) if c.property in self.domain.reckoned)
        measured = (c for c in joined if c.kind is Kind.QUANTITY)
        found: dict[str, list[Stance]] = defaultdict(list)
        for stance in stances_of(self.domain, measured, self.counted, compared=False):
            if stance.spans:
                found[stance.property_id].append(stance)
        return {name: compress(stances, self._separating(name)) for name, stances in found.items()}

    def _separating(self, name: str) -> tuple[str, ...]:
        definition = self.domain.properties[name]
        return (*definition.separated_by, *definition.also_separated_by)

    def of(self, kind: Kind) -> dict[tuple[str, str | None], list[Stance]]:
        """Return the stances of one kind of claim by question: property and object; large questions compressed."""
        return self._questions.get(kind, {})

    @cached_property
    def _questions(self) -> dict[Kind, dict[tuple[str, str | None], list[Stance]]]:
        found: dict[Kind, dict[tuple[str, str | None], list[Stance]]] = defaultdict(lambda: defaultdict(list))
        for stance in self.stances:
            found[stance.first.kind][(stance.property_id, stance.object)].append(stance)
            also = self.domain.read_with(self.domain.properties[stance.property_id]) if stance.spans else None
            if also is not None:
                name, axiom = also
                found[stance.first.kind][(name, stance.object)].append(replace(stance, reading=axiom))
        for questions in found.values():
            for (name, item), stances in questions.items():
                questions[(name, item)] = compress(stances, self._separating(name))
        return found


def make_groups(
    domain: Domain,
    claims: Iterable[Claim],
    names: Mapping[str, str] | None = None,
    works: Mapping[str, Work] | None = None,
    counted: Counted = WHOLE,
) -> list[Group]:
    """Return the comparison groups in order of topic and family; cost is linear in the number of claims.

    A comparison belongs to the families of both its sides, because it may clash with what is said of either, and
    with others to one group of rankings where they may run in a circle through several families. A superlative
    also belongs to the group of its purpose, because it excludes whatever else is called the first or best for it.
    """
    claims = list(claims)
    buckets: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    linked: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    families: dict[str, frozenset[str]] = {}
    for claim in claims:
        topic = domain.properties[claim.property].topic
        sides = {claim.subject, claim.than or claim.subject}
        for side in sides:
            if side not in families:
                families[side] = domain.families(side)
        purpose = {claim.object} if claim.object and claim.strength is Strength.SUPERLATIVE else set()
        for family in purpose.union(*(families[side] for side in sides)):
            buckets[(topic, family)].append(claim)
        for other in domain.linked_topics.get(claim.property, ()):
            for family in families[claim.subject]:
                linked[(other, family)].append(claim)
    for (topic, part), circular in _circular(domain, claims, families).items():
        buckets[(topic, f"{part}, ranked")] = circular
    known = reckoning(domain, claims, families)
    return [
        Group(
            topic,
            family,
            domain,
            tuple(sorted(buckets[(topic, family)], key=lambda c: c.id)),
            names or {},
            works or {},
            tuple(sorted(linked[(topic, family)], key=lambda c: c.id)),
            companions(domain, family, buckets[(topic, family)], known),
            counted,
        )
        for topic, family in sorted({*buckets, *linked})
    ]


def _circular(
    domain: Domain, claims: Iterable[Claim], families: Mapping[str, frozenset[str]]
) -> dict[tuple[str, str], list[Claim]]:
    """Return the comparisons that may run in a circle through several families, by topic and first such family.

    Families that rank above one another by any way round form a part; no circle leaves it. Cost is linear.
    """
    ranked: dict[str, list[tuple[Claim, str, str]]] = defaultdict(list)
    for claim in claims:
        if claim.than is None or claim.relation not in (Relation.GREATER, Relation.LESS):
            continue
        pair = (claim.subject, claim.than) if claim.relation is Relation.GREATER else (claim.than, claim.subject)
        for upper, lower in product(families[pair[0]], families[pair[1]]):
            ranked[domain.properties[claim.property].topic].append((claim, upper, lower))
    found: dict[tuple[str, str], dict[str, Claim]] = defaultdict(dict)
    for topic, rankings in ranked.items():
        graph = nx.DiGraph((upper, lower) for _, upper, lower in rankings)
        parts = [part for part in nx.strongly_connected_components(graph) if len(part) > 1]
        where = {family: min(part) for part in parts for family in part}
        for claim, upper, lower in rankings:
            if upper in where and where[upper] == where.get(lower):
                found[(topic, where[upper])][claim.id] = claim
    return {key: list(circular.values()) for key, circular in found.items()}

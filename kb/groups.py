"""Comparison groups: the only place that decides which claims are compared with which.

A group holds the claims of one topic about one family of subjects. Inside it, claims that give the same
answer in the same scope form one *stance*, so that the work grows with distinct answers, not with claims.
"""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import product, zip_longest

import networkx as nx

from kb.bibliography import Work
from kb.companions import companions, reckoning
from kb.counting import WHOLE, Counted, cell_of
from kb.domain import Domain
from kb.model import (
    Attribution,
    Bound,
    Certainty,
    Claim,
    Interval,
    Kind,
    Ordinal,
    Polarity,
    Relation,
    Role,
    Strength,
    Vague,
    ValueSet,
)
from kb.quantities import INFINITY, Span, convert, spans
from kb.scopes import effective_scope

Position = tuple[str, ...]
"""A typed answer in canonical form, without its scope; equal answers are equal tuples."""

ABOUT = Decimal("0.1")

STANCES_COMPARED = 100
LEAST_PER_SUBJECT = 5
"""A question with more stances than the first, and than the second for each subject, is compressed to that many."""


@dataclass(frozen=True)
class Stance:
    """All claims of a group that give one answer to one question about one subject in one scope.

    ``reading`` is the axiom by which a vague number got its span, or a figure stands for another property; "" where
    the figure is taken as printed.
    ``sampled`` is empty, or how many stances and claims the question had before it was condensed or compressed.
    """

    property_id: str
    subject: str
    object: str | None
    than: str | None
    position: Position
    scope: Mapping[str, tuple[str, ...]]
    hedged: bool
    claims: tuple[Claim, ...]
    spans: tuple[Span, ...] = ()
    product: tuple[str, ...] = ()
    reading: str = ""
    sampled: tuple[int, ...] = ()
    counted: Counted = WHOLE

    @cached_property
    def weight(self) -> int:
        """How many claims take the stance, with those that its claims stand for."""
        return self.counted.weight(self.claims)

    @property
    def first(self) -> Claim:
        """The first claim of the stance, standing for all of them."""
        return self.claims[0]

    def only(self, wanted: Callable[[Claim], bool]) -> Stance | None:
        """Return the stance with only those of its claims that are ``wanted``; None if none is."""
        chosen = tuple(claim for claim in self.claims if wanted(claim))
        return replace(self, claims=chosen) if chosen else None

    def told_apart(self, *more: str) -> Stance:
        """Return the stance with ``more`` in its position, for questions whose answer takes that in (how certain)."""
        return replace(self, position=(*self.position, *more))

    @cached_property
    def sources(self) -> frozenset[str]:
        """The sources that take this stance."""
        return frozenset(claim.source for claim in self.claims)


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
        return tuple(_stances(self.domain, self.claims, self.counted))

    @cached_property
    def linked(self) -> tuple[Stance, ...]:
        """The stances, of this topic and of others, on the properties that axioms of this topic name."""
        return tuple(_stances(self.domain, self.linked_claims, self.counted))

    @cached_property
    def figures(self) -> Mapping[str, list[Stance]]:
        """The stances with numbers that arithmetic joins, by property; those of companions too; compressed."""
        joined = (c for c in (*self.claims, *self.companions) if c.property in self.domain.reckoned)
        measured = (c for c in joined if c.kind is Kind.QUANTITY)
        found: dict[str, list[Stance]] = defaultdict(list)
        for stance in _stances(self.domain, measured, self.counted, compared=False):
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


def compress(stances: list[Stance], separating: Sequence[str] = ()) -> list[Stance]:
    """Return the most telling stances of a question, in their order; all of them unless they are very many.

    Pairs of stances are compared, so a question with thousands of them (a tail of continuous values) would cost
    millions of comparisons. The subjects (with than) take turns. Of each are kept the ends: of all its stances, then
    of each class of scopes that are alike in the ``separating`` dimensions, classes with most claims first; then
    what most claims say. The ends are the value that ends lowest and the one that starts highest: where any two
    values share no point, these two share none.
    """
    cells: dict[Hashable, list[Stance]] = defaultdict(list)
    for stance in stances:
        cells[(stance.subject, stance.than)].append(stance)
    limit = max(STANCES_COMPARED, LEAST_PER_SUBJECT * len(cells))
    sampled = _left_out(stances)
    if len(stances) <= limit:
        return [replace(stance, sampled=sampled) for stance in stances] if sampled else stances
    turns = zip_longest(*(_telling(cell, separating) for cell in cells.values()))
    order = [id(stance) for turn in turns for stance in turn if stance is not None]
    kept = set(order[:limit])
    sampled = sampled or (len(stances), sum(stance.weight for stance in stances))
    return [replace(stance, sampled=sampled) for stance in stances if id(stance) in kept]


def _left_out(stances: Iterable[Stance]) -> tuple[int, ...]:
    """Return how many stances and claims a question had before cells of it were condensed; () if none was.

    Of a condensed cell its variants are counted, which also tell apart how sure a source is.
    """
    known: dict[Hashable, tuple[int, int]] = {}
    rest: dict[Hashable, tuple[int, int]] = {}
    for stance in stances:
        cell = cell_of(stance.first)
        if cell in stance.counted.totals:
            known[cell] = stance.counted.totals[cell]
        else:
            before = rest.get(cell, (0, 0))
            rest[cell] = (before[0] + 1, before[1] + stance.weight)
    both = [*known.values(), *rest.values()]
    return (sum(n for n, _ in both), sum(n for _, n in both)) if known else ()


def _telling(cell: list[Stance], separating: Sequence[str]) -> list[Stance]:
    """Return the stances on one subject, the most telling first: ends of all and of each scope class, then the rest."""
    classes: dict[Hashable, list[Stance]] = defaultdict(list)
    for stance in cell:
        classes[(stance.hedged, *(stance.scope.get(name) for name in separating))].append(stance)
    by_support = sorted(classes.values(), key=lambda found: -sum(stance.weight for stance in found))
    firm = [stance for stance in cell if not stance.hedged] or cell
    ends = [stance for found in (firm, *by_support) for stance in _ends(found)]
    return _once([*ends, *sorted(cell, key=lambda stance: -stance.weight)])


def _ends(stances: list[Stance]) -> list[Stance]:
    """Return the lowest, the highest and the most supported value; without numbers the main stance of each answer."""
    by_support = sorted(stances, key=lambda stance: -stance.weight)
    numbers = [stance for stance in by_support if stance.spans]
    if numbers:
        lowest = min(numbers, key=lambda stance: max(span.high for span in stance.spans))
        highest = max(numbers, key=lambda stance: min(span.low for span in stance.spans))
        return _once([lowest, highest, numbers[0]])
    return list({stance.position: stance for stance in reversed(by_support)}.values())[::-1]


def _once(stances: Iterable[Stance]) -> list[Stance]:
    return list({id(stance): stance for stance in stances}.values())


def pairs(
    stances: Sequence[Stance], key: Callable[[Stance], Hashable], alike: Callable[[Stance, Stance], bool]
) -> Iterator[tuple[Stance, Stance]]:
    """Yield every pair of stances that are ``alike``, in order; that is asked once for each pair of keys."""
    cells: dict[Hashable, list[int]] = defaultdict(list)
    for number, stance in enumerate(stances):
        cells[key(stance)].append(number)
    partners: dict[Hashable, list[int]] = {}
    for number, stance in enumerate(stances):
        own = key(stance)
        if own not in partners:
            alike_cells = (found for found in cells.values() if alike(stance, stances[found[0]]))
            partners[own] = sorted(other for found in alike_cells for other in found)
        for other in partners[own][bisect(partners[own], number) :]:
            yield stance, stances[other]


def holds(claim: Claim) -> bool:
    """Say whether the source stands behind the claim: hypotheses are not held by anybody."""
    return claim.attribution is not Attribution.HYPOTHETICAL


def only_evidence(*stances: Stance) -> bool:
    """Say whether no document takes part, only works."""
    return all(claim.role is Role.EVIDENCE for stance in stances for claim in stance.claims)


def effective_polarity(claim: Claim) -> Polarity:
    """Return what the source now holds: a belief told as superseded or denied is turned round."""
    turned = claim.attribution is Attribution.SUPERSEDED or claim.certainty is Certainty.DENIED
    if not turned:
        return claim.polarity
    return Polarity.NEGATED if claim.polarity is Polarity.AFFIRMED else Polarity.AFFIRMED


def is_hedged(claim: Claim) -> bool:
    """Say whether the source only calls the claim possible, or turns an older belief round."""
    return claim.certainty is Certainty.POSSIBLE or claim.attribution is Attribution.SUPERSEDED


def claim_spans(domain: Domain, claim: Claim) -> tuple[Span, ...]:
    """Return the value of a quantity claim in the canonical unit of its property, () without a number.

    A vague number has the span that the domain reads its word as, or none.
    """
    value, target = claim.value, domain.unit_of(claim.property)
    if target is None or value is None or isinstance(value, Ordinal):
        return ()
    unit = domain.units[value.unit]
    if not isinstance(value, Vague):
        return spans(value, unit, target)
    reading = domain.reading_of(value.printed)
    if reading is None or reading.low is None or reading.high is None:
        return ()
    units = domain.units_in(value.printed, unit)
    low = -INFINITY if value.bound is Bound.UP_TO else convert(reading.low, units[0], target)
    return (Span(low, convert(reading.high, units[-1], target)),)


def vague_reading(domain: Domain, claim: Claim) -> str:
    """Return the axiom by which a vague value was read, "" where none was needed."""
    reading = domain.reading_of(claim.value.printed) if isinstance(claim.value, Vague) else None
    return reading.id if reading else ""


def _is_about(claim: Claim) -> bool:
    return isinstance(claim.value, Interval | ValueSet) and claim.value.bound is Bound.ABOUT


def position_of(domain: Domain, claim: Claim) -> Position:
    """Return the typed answer that a claim gives, whatever its scope."""
    return _position(claim, claim_spans(domain, claim))


def _position(claim: Claim, found: tuple[Span, ...]) -> Position:
    if claim.kind is Kind.COMPARISON:
        return (str(claim.relation), effective_polarity(claim))
    if claim.kind is Kind.STATEMENT:
        return (effective_polarity(claim), claim.duty)
    if found and not isinstance(claim.value, Vague):
        return tuple(f"{span.low.normalize():f}..{span.high.normalize():f}" for span in found)
    value = claim.value
    return ("class", value.class_) if isinstance(value, Ordinal) else ("vague", getattr(value, "printed", claim.id))


def _product(domain: Domain, scope: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return what a figure is about, as far as the scope says: one value for each dimension that concepts imply."""
    return tuple("|".join(map(domain.read_as, scope.get(name, ()))) for name in domain.implied_dimensions)


def _stances(domain: Domain, claims: Iterable[Claim], counted: Counted, *, compared: bool = True) -> Iterable[Stance]:
    members: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    details: dict[tuple[object, ...], tuple[tuple[Span, ...], dict[str, tuple[str, ...]]]] = {}
    for claim in claims:
        if not holds(claim) or (compared and not domain.properties[claim.property].compared):
            continue
        if claim.kind is not Kind.STATEMENT and effective_polarity(claim) is Polarity.NEGATED:
            continue  # what a figure or a ranking is not leaves open what it is
        found = claim_spans(domain, claim)
        scope = effective_scope(domain, claim)
        key: tuple[object, ...] = (
            claim.property,
            claim.subject,
            claim.object or "",
            claim.than or "",
            claim.kind.value,
            _position(claim, found),
            is_hedged(claim),
            _is_about(claim),
            tuple(scope.items()),
        )
        members[key].append(claim)
        details[key] = (found, scope)
    for key in sorted(members, key=repr):
        first = members[key][0]
        found, scope = details[key]
        yield Stance(
            property_id=first.property,
            subject=first.subject,
            object=first.object,
            than=first.than,
            position=_position(first, found),
            scope=scope,
            hedged=is_hedged(first),
            claims=tuple(members[key]),
            counted=counted,
            product=_product(domain, scope) if found else (),
            reading=vague_reading(domain, first) if found else "",
            spans=tuple(span.widened(ABOUT) for span in found) if _is_about(first) else found,
        )

"""Stances: what somebody holds, and all claims that give one answer to one question in one scope.

Work grows with distinct answers, not with claims.
"""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from kb.counting import WHOLE, Counted
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
    Role,
    Vague,
    ValueSet,
)
from kb.quantities import INFINITY, Span, convert, spans
from kb.scopes import effective_scope

Position = tuple[str, ...]
"""A typed answer in canonical form, without its scope; equal answers are equal tuples."""

ABOUT = Decimal("0.1")


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


def stances_of(domain: Domain, claims: Iterable[Claim], counted: Counted, *, compared: bool = True) -> Iterable[Stance]:
    """Yield the stances of claims in order; ``compared`` leaves out properties that nobody compares."""
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

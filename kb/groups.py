"""Comparison groups: the only place that decides which claims are compared with which.

A group holds the claims of one topic about one family of subjects. Inside it, claims that give the same
answer in the same scope form one *stance*, so that the work grows with distinct answers, not with claims.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from kb.domain import Domain
from kb.model import Attribution, Certainty, Claim, Interval, Kind, Polarity, ValueSet
from kb.quantities import Span, spans
from kb.scopes import effective_scope

Position = tuple[str, ...]
"""A typed answer in canonical form, without its scope; equal answers are equal tuples."""

ABOUT = Decimal("0.1")


@dataclass(frozen=True)
class Stance:
    """All claims of a group that give one answer to one question about one subject in one scope."""

    property_id: str
    subject: str
    object: str | None
    than: str | None
    position: Position
    scope: Mapping[str, tuple[str, ...]]
    hedged: bool
    claims: tuple[Claim, ...]
    spans: tuple[Span, ...] = ()

    @property
    def first(self) -> Claim:
        """The first claim of the stance, standing for all of them."""
        return self.claims[0]

    @property
    def sources(self) -> frozenset[str]:
        """The sources that take this stance."""
        return frozenset(claim.source for claim in self.claims)


@dataclass(frozen=True)
class Group:
    """The claims of one topic about one family of subjects, in order of id."""

    topic: str
    family: str
    domain: Domain
    claims: tuple[Claim, ...]
    names: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def stances(self) -> tuple[Stance, ...]:
        """The distinct stances in the group, in order."""
        return tuple(_stances(self.domain, self.claims))

    def of(self, kind: Kind) -> dict[tuple[str, str | None], list[Stance]]:
        """Return the stances of one kind of claim by question: property and object."""
        found: dict[tuple[str, str | None], list[Stance]] = defaultdict(list)
        for stance in self.stances:
            if stance.first.kind is kind:
                found[(stance.property_id, stance.object)].append(stance)
        return dict(found)


def make_groups(domain: Domain, claims: Iterable[Claim], names: Mapping[str, str] | None = None) -> list[Group]:
    """Return the comparison groups in order of topic and family; cost is linear in the number of claims.

    A comparison belongs to the families of both its sides, because it may clash with what is said of either.
    """
    buckets: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    families: dict[str, str] = {}
    for claim in claims:
        topic = domain.properties[claim.property].topic
        sides = {claim.subject, claim.than or claim.subject}
        for side in sides:
            if side not in families:
                families[side] = domain.family(side)
        for family in {families[side] for side in sides}:
            buckets[(topic, family)].append(claim)
    return [
        Group(topic, family, domain, tuple(sorted(bucket, key=lambda c: c.id)), names or {})
        for (topic, family), bucket in sorted(buckets.items())
    ]


def holds(claim: Claim) -> bool:
    """Say whether the source stands behind the claim: hypotheses are not held by anybody."""
    return claim.attribution is not Attribution.HYPOTHETICAL


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
    """Return the value of a quantity claim in the canonical unit of its property, () without a number."""
    value = claim.value
    if not isinstance(value, Interval | ValueSet):
        return ()
    target = domain.unit_of(claim.property)
    if target is None:
        return ()
    found = spans(value, domain.units[value.unit], target)
    if value.bound == "about":
        return tuple(span.widened(ABOUT) for span in found)
    return found


def _position(claim: Claim, found: tuple[Span, ...]) -> Position:
    if claim.kind is Kind.COMPARISON:
        return (str(claim.relation), effective_polarity(claim))
    if claim.kind is Kind.STATEMENT:
        return (effective_polarity(claim), claim.duty)
    if found:
        return tuple(f"{span.low.normalize():f}..{span.high.normalize():f}" for span in found)
    value = claim.value
    return ("class", value.class_) if value is not None and hasattr(value, "class_") else ("vague", claim.id)


def _stances(domain: Domain, claims: Iterable[Claim]) -> Iterable[Stance]:
    members: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    details: dict[tuple[object, ...], tuple[tuple[Span, ...], dict[str, tuple[str, ...]]]] = {}
    for claim in claims:
        if not holds(claim):
            continue
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
            spans=found,
        )

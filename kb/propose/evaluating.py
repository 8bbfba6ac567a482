"""Proposals measured against reviewed claims: found, right property, object, subject, bounds, scope, manner, works."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kb.domain import Domain
from kb.model import Claim, Interval, Kind, ScopeValue, ValueSet
from kb.propose.records import Proposal

MEASURES = (
    "place", "property", "object", "subject", "bounds", "polarity", "certainty", "duty", "scope", "citation",
)  # fmt: skip


class Score(NamedTuple):
    """The counts of one document and kind of claim.

    ``place``: a proposal overlaps the claim; the others count the claims whose matched proposal agrees on that
    point, of those that have it: ``of`` gives that number for each.
    """

    document: str
    kind: str
    claims: int
    proposals: int
    agreed: dict[str, int]
    of: dict[str, int]

    @property
    def recall(self) -> float:
        """The share of reviewed claims that were proposed at their place with the right property."""
        return self.agreed["property"] / self.claims if self.claims else 0.0

    @property
    def precision(self) -> float:
        """The share of proposals that are a reviewed claim with the right property."""
        return self.agreed["property"] / self.proposals if self.proposals else 0.0


def evaluate(
    document: str, claims: Iterable[Claim], proposals: Iterable[Proposal], domain: Domain
) -> tuple[Score, ...]:
    """Return the score of each kind of claim on one document; each proposal answers for one claim at most.

    Scope is counted by dimension, over those that separate the property.
    """
    mine = [claim for claim in claims if claim.locator is not None]
    offered = list(proposals)
    return tuple(
        _score(domain, document, kind, [c for c in mine if c.kind is kind], [p for p in offered if p.kind is kind])
        for kind in Kind
    )


def _score(domain: Domain, document: str, kind: Kind, claims: Sequence[Claim], proposals: Sequence[Proposal]) -> Score:
    agreed = dict.fromkeys(MEASURES, 0)
    of = dict.fromkeys(MEASURES, 0)
    by_claim = {claim.id: [p for p in proposals if _overlap(claim, p)] for claim in claims}
    agreed["place"] = sum(bool(found) for found in by_claim.values())
    of["place"] = of["property"] = len(claims)
    for claim, proposed in _pairs(claims, by_claim):
        agreed["property"] += 1
        for name, same in _points(claim, proposed).items():
            of[name] += 1
            agreed[name] += same
        right, asked = _scope(domain, claim, proposed)
        agreed["scope"] += right
        of["scope"] += asked
    return Score(document, kind.value, len(claims), len(proposals), agreed, of)


def _overlap(claim: Claim, proposal: Proposal) -> bool:
    at = claim.locator
    return at is not None and proposal.start < at.end and at.start < proposal.end


def _pairs(claims: Sequence[Claim], by_claim: dict[str, list[Proposal]]) -> list[tuple[Claim, Claim]]:
    """Match claims and proposals of one property one to one, those that agree on most first."""
    rest = {claim.id: claim for claim in claims}
    used: set[str] = set()
    found: list[tuple[Claim, Claim]] = []
    for least in (3, 2, 1, 0):
        for claim in list(rest.values()):
            for proposal in by_claim[claim.id]:
                other = proposal.claim
                if other is None or proposal.id in used or other.property != claim.property:
                    continue
                if _likeness(claim, other) >= least:
                    used.add(proposal.id)
                    found.append((claim, other))
                    del rest[claim.id]
                    break
    return found


def _likeness(claim: Claim, other: Claim) -> int:
    same = (
        claim.object == other.object and claim.than == other.than,
        claim.subject == other.subject,
        _ends(claim) == _ends(other),
    )
    return sum(same)


def _ends(claim: Claim) -> object:
    if isinstance(claim.value, Interval):
        return claim.value.low, claim.value.high, claim.value.unit
    if isinstance(claim.value, ValueSet):
        return claim.value.any_of, claim.value.unit
    return getattr(claim.value, "class_", None)


def _points(claim: Claim, other: Claim) -> dict[str, bool]:
    points = {
        "subject": claim.subject == other.subject,
        "polarity": claim.polarity is other.polarity,
        "certainty": claim.certainty is other.certainty,
        "duty": claim.duty is other.duty,
    }
    if claim.object or other.object:
        points["object"] = claim.object == other.object
    if isinstance(claim.value, Interval | ValueSet):
        points["bounds"] = _ends(claim) == _ends(other)
    if claim.cites or other.cites:
        points["citation"] = {c.work for c in claim.cites} == {c.work for c in other.cites}
    return points


def _scope(domain: Domain, claim: Claim, other: Claim) -> tuple[int, int]:
    """Return in how many separating dimensions the scopes agree, of those that one of them knows."""
    definition = domain.properties[claim.property]
    separating = {*definition.separated_by, *definition.also_separated_by}
    mine, theirs = _known(claim.scope), _known(other.scope)
    asked = separating & (set(mine) | set(theirs))
    return sum(mine.get(name) == theirs.get(name) for name in asked), len(asked)


def _known(scope: Iterable[ScopeValue]) -> dict[str, tuple[str, ...]]:
    return {entry.dimension: tuple(sorted(entry.values)) for entry in scope}


def total(scores: Iterable[Score], document: str = "all") -> tuple[Score, ...]:
    """Return the sums by kind, and over all kinds."""
    given = list(scores)
    kinds = [kind.value for kind in Kind]
    sums = [_sum(document, kind, [s for s in given if s.kind == kind]) for kind in kinds]
    return (*sums, _sum(document, "all", given))


def _sum(document: str, kind: str, scores: Sequence[Score]) -> Score:
    return Score(
        document,
        kind,
        sum(s.claims for s in scores),
        sum(s.proposals for s in scores),
        {name: sum(s.agreed[name] for s in scores) for name in MEASURES},
        {name: sum(s.of[name] for s in scores) for name in MEASURES},
    )

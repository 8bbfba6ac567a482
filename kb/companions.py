"""Companions of a comparison group: figures of other topics or subjects by which figures of the group are reckoned.

A course price is the product of a fee (same topic) and a number of sessions (another topic); a share of patients was
taken of so many people, whose number is recorded of the study.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from kb.domain import Domain
from kb.model import Claim, Role

Reckoning = Mapping[tuple[str, str], list[Claim]]
"""Property and family of the subject → the claims that figures of other groups are reckoned by."""


def reckoning(domain: Domain, claims: Iterable[Claim], families: Mapping[str, frozenset[str]]) -> Reckoning:
    """Return the claims on factors and on counts of people; cost is linear."""
    factors = {factor for item in domain.properties.values() for factor in item.product_of}
    counts = {count for name in domain.properties for count in domain.counts_of(name)}
    found: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.property in factors | counts:
            for family in families[claim.subject]:
                found[(claim.property, family)].append(claim)
    return found


def companions(domain: Domain, family: str, bucket: Iterable[Claim], known: Reckoning) -> tuple[Claim, ...]:
    """Return the claims that a group lacks to reckon its own figures by, in order of id.

    Those are the factors of its totals, and how many people took part in the studies that its shares are taken from.
    """
    bucket = list(bucket)
    wanted: set[tuple[str, str]] = set()
    for claim in bucket:
        wanted.update((factor, family) for factor in domain.factors_of(claim.property))
        wanted.update((count, study) for count in domain.counts_of(claim.property) for study in studies(claim))
    own = {claim.id for claim in bucket}
    found = {claim.id: claim for key in wanted for claim in known.get(key, ()) if claim.id not in own}
    return tuple(found[name] for name in sorted(found))


def studies(claim: Claim) -> tuple[str, ...]:
    """Return the works that a claim of a document takes its figure from, as subjects, but for links that are ours."""
    cited = {f"work:{c.work}" for c in claim.cites if c.work is not None and c.basis != "inferred"}
    return tuple(sorted(cited)) if claim.role is Role.CLAIM else ()

"""The records of one build, found by id, source and topic, and the findings by what takes part in them.

Everything is worked out once and kept, so that a screen looks up what it shows and never walks through all claims.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TypeVar

from kb.bibliography import Work
from kb.build import KnowledgeBase
from kb.model import Claim, Document, FindingKind, Role
from kb.standing import Review, Standing, StandingState

T = TypeVar("T")
KIND_ORDER = tuple(FindingKind)


class Catalogue:
    """The records of a knowledge base by id, source, topic and property; claims in order of place."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb

    @cached_property
    def claims(self) -> dict[str, Claim]:
        """Every claim by id, in order of role, source and place."""
        ordered = sorted(self.kb.claims, key=lambda c: (c.role, c.source, c.locator.start if c.locator else 0, c.id))
        return {claim.id: claim for claim in ordered}

    @cached_property
    def documents(self) -> dict[str, Document]:
        """The documents by id."""
        return {document.id: document for document in self.kb.documents}

    @cached_property
    def works(self) -> dict[str, Work]:
        """The works by key."""
        return {work.key: work for work in self.kb.works}

    @cached_property
    def by_source(self) -> dict[str, list[Claim]]:
        """The claims of each source, in order of place."""
        return _by(self.claims.values(), lambda claim: [claim.source])

    @cached_property
    def by_topic(self) -> dict[str, list[Claim]]:
        """The claims on each topic."""
        properties = self.kb.domain.properties
        return _by(self.claims.values(), lambda claim: [properties[claim.property].topic])

    @cached_property
    def by_property(self) -> dict[str, list[Claim]]:
        """The claims on each property."""
        return _by(self.claims.values(), lambda claim: [claim.property])

    @cached_property
    def citing(self) -> dict[str, list[Claim]]:
        """The claims that cite each work, on whatever basis."""
        return _by(self.claims.values(), lambda c: {link.work for link in c.cites if link.work})

    @cached_property
    def topics(self) -> list[str]:
        """The topics in the order of the vocabulary."""
        return [topic.id for topic in sorted(self.kb.domain.topics.values(), key=lambda t: (t.order, t.id))]

    def topic(self, claim: Claim) -> str:
        """Return the topic of a claim."""
        return self.kb.domain.properties[claim.property].topic

    def is_document(self, source: str) -> bool:
        """Say whether a source is a document rather than a work."""
        return source in self.documents

    @cached_property
    def made(self) -> int:
        """How many claims documents make."""
        return sum(claim.role is Role.CLAIM for claim in self.claims.values())


class Inbox:
    """Findings with where they stand, by id and by what takes part; those that the policy waives are apart."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self.standings = tuple(standing for standing in review.standings if standing.waiver is None)
        self.waived = tuple(standing for standing in review.standings if standing.waiver is not None)

    @cached_property
    def by_claim(self) -> dict[str, list[Standing]]:
        """The findings that each claim takes part in, waived ones left out, most serious first."""
        return _by(self.standings, lambda standing: {member.claim for member in standing.finding.members} - {""})

    @cached_property
    def by_source(self) -> dict[str, list[Standing]]:
        """The findings that each source takes part in, waived ones left out, most serious first."""
        return _by(self.standings, lambda standing: {member.source for member in standing.finding.members})

    @cached_property
    def by_topic(self) -> dict[str, list[Standing]]:
        """The findings on each topic, waived ones left out."""
        return _by(self.standings, lambda standing: [standing.finding.topic])

    @cached_property
    def worst(self) -> dict[str, FindingKind]:
        """The strongest kind of finding that still stands against each claim."""
        return {
            claim: kind
            for claim, found in self.by_claim.items()
            if (kind := strongest(standing for standing in found if standing.remains)) is not None
        }

    @cached_property
    def judged(self) -> int:
        """How many findings have a verdict that applies."""
        return sum(standing.state is StandingState.JUDGED for standing in self.standings)


def strongest(standings: Iterable[Standing]) -> FindingKind | None:
    """Return the strongest kind among findings, None of none."""
    return min((standing.finding.kind for standing in standings), key=KIND_ORDER.index, default=None)


def _by(items: Iterable[T], keys: Callable[[T], Iterable[str]]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for item in items:
        for key in keys(item):
            found[key].append(item)
    return dict(found)
